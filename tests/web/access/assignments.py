"""Setting graded work and granting more time; see tests/web/test_access.py."""

# In the order: visitor, guest, ada, mallory, grace, heidi, admin.
SEEN_BY_TEACHERS = (303, 303, 403, 403, 200, 404, 200)
FILLED_IN_BY_TEACHERS = (303, 303, 403, 403, 422, 404, 422)
DONE_BY_TEACHERS = (303, 303, 403, 403, 303, 404, 303)
NOBODYS = (303, 303, 403, 403, 404, 404, 404)

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /teach/assignments/<public_id>": SEEN_BY_TEACHERS,
    "GET /teach/assignments/<public_id>/archiving": SEEN_BY_TEACHERS,
    "GET /teach/assignments/<public_id>/copies": SEEN_BY_TEACHERS,
    "GET /teach/assignments/<public_id>/deletion": SEEN_BY_TEACHERS,
    "GET /teach/assignments/<public_id>/settings": SEEN_BY_TEACHERS,
    "GET /teach/classes/<public_id>/accommodations": SEEN_BY_TEACHERS,
    "GET /teach/classes/<public_id>/accommodations/<accommodation>/removal": NOBODYS,
    "GET /teach/classes/<public_id>/assignments/new": SEEN_BY_TEACHERS,
    "POST /teach/assignments/<public_id>/archiving": DONE_BY_TEACHERS,
    "POST /teach/assignments/<public_id>/copies": FILLED_IN_BY_TEACHERS,
    # Ada has begun it, so that it stays.
    "POST /teach/assignments/<public_id>/deletion": DONE_BY_TEACHERS,
    "POST /teach/assignments/<public_id>/outlook": SEEN_BY_TEACHERS,
    "POST /teach/assignments/<public_id>/publishing": DONE_BY_TEACHERS,
    "POST /teach/assignments/<public_id>/restoring": DONE_BY_TEACHERS,
    "POST /teach/assignments/<public_id>/settings": FILLED_IN_BY_TEACHERS,
    "POST /teach/assignments/<public_id>/withdrawing": DONE_BY_TEACHERS,
    "POST /teach/classes/<public_id>/accommodations": FILLED_IN_BY_TEACHERS,
    "POST /teach/classes/<public_id>/accommodations/<accommodation>/removal": NOBODYS,
    "POST /teach/classes/<public_id>/assignments/new": FILLED_IN_BY_TEACHERS,
    "POST /teach/classes/<public_id>/assignments/outlook": SEEN_BY_TEACHERS,
}

PLACES: dict[str, str] = {"<accommodation>": "999"}
