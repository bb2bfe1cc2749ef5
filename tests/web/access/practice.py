"""Practice, progress, accounts, and what teachers see of questions; see test_access.py."""

# Visitor, guest, ada, mallory, grace, heidi, admin. The attempt is ada's, and forms are sent empty,
# so 422 means: let in, and asked to fill in something.
EVERYONE = (200,) * 7
ASKED_TO_FILL_IN = (422,) * 7
SENT_ON = (303,) * 7
GONE = (410,) * 7
ADA_ALONE = (404, 404, 200, 404, 404, 404, 404)
WITH_A_NAME = (303, 303, 200, 200, 200, 200, 200)
WITH_AN_ACCOUNT = (303, 200, 200, 200, 200, 200, 200)
INSTRUCTORS = (303, 303, 403, 403, 200, 200, 200)

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /": EVERYONE,
    "GET /account": WITH_A_NAME,
    "GET /account/data": WITH_AN_ACCOUNT,
    "GET /account/deletion": WITH_AN_ACCOUNT,
    "GET /attempts": SENT_ON,
    "GET /attempts/<public_id>": (404, 404, 303, 404, 404, 404, 404),
    "GET /attempts/<public_id>/items/<position>": ADA_ALONE,
    "GET /attempts/<public_id>/result": ADA_ALONE,
    "GET /decks/<slug>": EVERYONE,
    "GET /favicon.ico": EVERYONE,
    "GET /healthz": EVERYONE,
    "GET /links/<link>": GONE,
    "GET /mix": EVERYONE,
    "GET /progress": EVERYONE,
    "GET /read": SENT_ON,
    "GET /read/<slug>": EVERYONE,
    "GET /sign-in": EVERYONE,
    "GET /sign-up": EVERYONE,
    "GET /static/<digest>/<name>": EVERYONE,
    "GET /teach": (303, 303, 403, 403, 303, 303, 303),
    "GET /teach/coverage": INSTRUCTORS,
    "GET /teach/decks/<deck>/questions/<slug>": INSTRUCTORS,
    "GET /teach/decks/<slug>": INSTRUCTORS,
    "GET /teach/library": INSTRUCTORS,
    "POST /account/deletion": (303, 303, 422, 422, 422, 422, 422),
    "POST /account/password": (303, 303, 422, 422, 422, 422, 422),
    "POST /attempts": ASKED_TO_FILL_IN,
    "POST /attempts/<public_id>/again": (404, 404, 303, 404, 404, 404, 404),
    "POST /attempts/<public_id>/end": (404, 404, 303, 404, 404, 404, 404),
    "POST /attempts/<public_id>/items/<position>/response": (404, 404, 422, 404, 404, 404, 404),
    "POST /attempts/<public_id>/items/<position>/skip": (404, 404, 303, 404, 404, 404, 404),
    "POST /display": SENT_ON,
    "POST /links/<link>": GONE,
    "POST /read/<source>/<passage>/attempts": SENT_ON,
    "POST /sign-in": ASKED_TO_FILL_IN,
    "POST /sign-out": SENT_ON,
    "POST /sign-up": ASKED_TO_FILL_IN,
}

PLACES: dict[str, str] = {
    "/<deck>/questions/<slug>": "/rivers/questions/beginning",
    "/decks/<slug>": "/decks/rivers",
    "<source>/<passage>": "notes/p1",
    "/read/<slug>": "/read/notes",
    "<digest>/<name>": "0/css/app.css",
    "<link>": "no-such-link",
    "<position>": "1",
}
