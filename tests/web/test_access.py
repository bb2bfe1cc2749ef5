"""Who may ask for what: every route, every method, five people."""

import pytest

from tests.support import cast
from tests.support.browsing import Browser
from tests.support.cast import sessions

VISITOR, GUEST, ADA, MALLORY, GRACE = range(5)

# What a visitor, a guest, ada, mallory and grace are answered. The attempt is ada's, and the
# forms are sent empty, so 422 means: let in, and asked to fill in something.
EVERYONE = (200, 200, 200, 200, 200)
ADA_ALONE = (404, 404, 200, 404, 404)
ASKED_TO_FILL_IN = (422, 422, 422, 422, 422)
SENT_ON = (303, 303, 303, 303, 303)
WITH_A_NAME = (303, 303, 200, 200, 200)
WITH_AN_ACCOUNT = (303, 200, 200, 200, 200)
INSTRUCTORS = (303, 303, 403, 403, 200)

MATRIX = {
    "GET /": EVERYONE,
    "GET /account": WITH_A_NAME,
    "GET /account/data": WITH_AN_ACCOUNT,
    "GET /account/deletion": WITH_AN_ACCOUNT,
    "GET /attempts": SENT_ON,
    "GET /attempts/<public_id>": (404, 404, 303, 404, 404),
    "GET /attempts/<public_id>/items/<position>": ADA_ALONE,
    "GET /attempts/<public_id>/result": ADA_ALONE,
    "GET /decks/<slug>": EVERYONE,
    "GET /favicon.ico": EVERYONE,
    "GET /healthz": EVERYONE,
    "GET /links/<link>": (410, 410, 410, 410, 410),
    "GET /mix": EVERYONE,
    "GET /progress": EVERYONE,
    "GET /read": SENT_ON,
    "GET /read/<slug>": EVERYONE,
    "GET /sign-in": EVERYONE,
    "GET /sign-up": EVERYONE,
    "GET /static/<digest>/<name>": EVERYONE,
    "GET /teach": (303, 303, 403, 403, 303),
    "GET /teach/coverage": INSTRUCTORS,
    "GET /teach/decks/<deck>/questions/<slug>": INSTRUCTORS,
    "GET /teach/decks/<slug>": INSTRUCTORS,
    "GET /teach/library": INSTRUCTORS,
    "POST /account/deletion": (303, 303, 422, 422, 422),
    "POST /account/password": (303, 303, 422, 422, 422),
    "POST /attempts": ASKED_TO_FILL_IN,
    "POST /attempts/<public_id>/again": (404, 404, 303, 404, 404),
    "POST /attempts/<public_id>/end": (404, 404, 303, 404, 404),
    "POST /attempts/<public_id>/items/<position>/response": (404, 404, 422, 404, 404),
    "POST /attempts/<public_id>/items/<position>/skip": (404, 404, 303, 404, 404),
    "POST /display": SENT_ON,
    "POST /links/<link>": (410, 410, 410, 410, 410),
    "POST /read/<source>/<passage>/attempts": SENT_ON,
    "POST /sign-in": ASKED_TO_FILL_IN,
    "POST /sign-out": SENT_ON,
    "POST /sign-up": ASKED_TO_FILL_IN,
}

PLACES = {
    "/<deck>/questions/<slug>": "/rivers/questions/beginning",
    "/decks/<slug>": "/decks/rivers",
    "<source>/<passage>": "notes/p1",
    "/read/<slug>": "/read/notes",
    "<digest>/<name>": "0/css/app.css",
    "<link>": "no-such-link",
    "<position>": "1",
}

WRITES = [route for route in MATRIX if route.startswith("POST")]
ONLY_WRITES = [route for route in WRITES if route.replace("POST", "GET") not in MATRIX]


def address_of(route: str, attempt: str) -> str:
    """The route's address with all places filled in."""
    address = route.split()[1]
    for place, value in {**PLACES, "<public_id>": attempt}.items():
        address = address.replace(place, value)
    return address


def routes_of(app) -> dict[str, tuple[str, str]]:
    """Every method and address the app answers, by how the matrix writes it."""
    found = {}
    for rule in app.url_map.iter_rules():
        parts = [data if dynamic is False else f"<{data}>" for dynamic, data in rule._trace]  # noqa: SLF001  # the rule in parts
        address = "".join(parts).lstrip("|")
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            found[f"{method} {address}"] = (method, address)
    return found


@pytest.fixture
def everybody(app, people, database_url):
    """The five browsers, and the place of ada's attempt."""
    with sessions(database_url) as session:
        guest = cast.guest(session)
        attempt = cast.begin(session, people.ada)
    persons = [None, guest, people.ada, people.mallory, people.grace]
    return [Browser(app, person) for person in persons], attempt


def test_every_route_has_a_line_in_the_matrix(app):
    assert sorted(routes_of(app)) == sorted(MATRIX)


@pytest.mark.parametrize("route", MATRIX)
def test_everyone_gets_what_is_theirs(everybody, route):
    browsers, attempt = everybody
    address = address_of(route, attempt)
    ask = Browser.post if route in WRITES else Browser.get
    assert tuple(ask(browser, address).status_code for browser in browsers) == MATRIX[route]


@pytest.mark.parametrize("route", WRITES)
def test_no_form_is_taken_without_the_token_of_its_own_session(app, everybody, route):
    browsers, attempt = everybody
    for form in ({}, {"csrf_token": ""}, {"csrf_token": Browser(app).token()}):
        for browser in browsers:
            response = browser.client.post(address_of(route, attempt), data=form)
            assert response.status_code == 400
            assert "That form had gone stale" in response.text


@pytest.mark.parametrize("route", ONLY_WRITES)
def test_what_writes_cannot_be_asked_for_by_a_link(everybody, route):
    browsers, attempt = everybody
    response = browsers[ADA].get(address_of(route, attempt))
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_refused_with_a_page(everybody, method):
    browsers, attempt = everybody
    response = browsers[ADA].client.open(f"/attempts/{attempt}", method=method)
    assert response.status_code in {400, 405}
    assert "<h1" in response.text


def test_what_is_for_accounts_leads_to_signing_in_and_back(everybody):
    browsers, _ = everybody
    response = browsers[VISITOR].get("/teach/library?x=1")
    assert response.location == "/sign-in?next=/teach/library?x%3D1"


def test_the_attempt_of_another_is_told_apart_from_none_by_nothing(everybody):
    browsers, attempt = everybody
    page = browsers[MALLORY].get(f"/attempts/{attempt}").text
    nobodys = "x" * len(attempt)
    assert page.replace(attempt, nobodys) == browsers[MALLORY].get(f"/attempts/{nobodys}").text
