"""Who is let in where marks are given: visitor, guest, ada, mallory, grace, heidi, admin."""

TEACHERS = (303, 303, 403, 403, 200, 404, 200)
TEACHERS_FILL_IN = (303, 303, 403, 403, 422, 404, 422)
TEACHERS_SENT_ON = (303, 303, 403, 403, 303, 404, 303)
NOBODY = (303, 303, 403, 403, 404, 404, 404)
TEACHERS_MISTAKEN = (303, 303, 403, 403, 400, 404, 400)

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /teach/classes/<public_id>/gradebook": TEACHERS,
    "GET /teach/classes/<public_id>/gradebook/export/<kind>": TEACHERS,
    "GET /teach/assignments/<public_id>/marks": TEACHERS,
    "GET /teach/assignments/<public_id>/responses/export/<kind>": TEACHERS,
    "GET /teach/assignments/<public_id>/students/<enrolment>": TEACHERS,
    "GET /teach/assignments/<public_id>/regrades": TEACHERS,
    # Without a version that was asked there is nothing to regrade.
    "GET /teach/assignments/<public_id>/regrades/new": NOBODY,
    "GET /teach/assignments/<public_id>/regrades/<version>/undoing": NOBODY,
    # Without a deck that was asked and retired there is nothing to decide at once.
    "GET /teach/assignments/<public_id>/regrades/decks/<deck>": NOBODY,
    "POST /teach/assignments/<public_id>/regrades/decks/<deck>": NOBODY,
    "POST /teach/assignments/<public_id>/regrades/decks/<deck>/preview": NOBODY,
    "GET /teach/attempts/<public_id>": TEACHERS,
    "GET /teach/attempts/<public_id>/ending": TEACHERS,
    "GET /teach/assignments/<public_id>/ending": TEACHERS,
    "POST /teach/attempts/<public_id>/ending": TEACHERS_SENT_ON,
    "POST /teach/assignments/<public_id>/ending": TEACHERS_SENT_ON,
    "POST /teach/assignments/<public_id>/release": TEACHERS_MISTAKEN,
    "POST /teach/assignments/<public_id>/students/<enrolment>/excusal": TEACHERS_FILL_IN,
    "POST /teach/assignments/<public_id>/students/<enrolment>/excusal/removal": TEACHERS_SENT_ON,
    "POST /teach/assignments/<public_id>/regrades": NOBODY,
    "POST /teach/assignments/<public_id>/regrades/preview": NOBODY,
    "POST /teach/assignments/<public_id>/regrades/<version>/undoing": NOBODY,
    "POST /teach/attempts/<public_id>/items/<position>/override": TEACHERS_FILL_IN,
    "POST /teach/attempts/<public_id>/items/<position>/override/removal": TEACHERS_SENT_ON,
}
"""With ada's submitted attempt; the enrolment is ada's, too."""

PLACES: dict[str, str] = {"export/<kind>": "export/csv", "<version>": "999999", "<deck>": "rivers"}
"""Beside these: <public_id> of the class, the assignment or the attempt, and <enrolment>."""
