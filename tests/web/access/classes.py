"""Joining, classes and who is in them: visitor, guest, ada, mallory, grace, heidi, admin."""

EVERYONE = (200,) * 7
ASKED_TO_FILL_IN = (422,) * 7
WHO_IS_IN_IT = (303, 404, 200, 404, 404, 404, 404)
INSTRUCTORS = (303, 303, 403, 403, 200, 200, 200)
INSTRUCTORS_FILL_IN = (303, 303, 403, 403, 422, 422, 422)
TEACHERS = (303, 303, 403, 403, 200, 404, 200)
TEACHERS_FILL_IN = (303, 303, 403, 403, 422, 404, 422)
TEACHERS_SENT_ON = (303, 303, 403, 403, 303, 404, 303)

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /classes": EVERYONE,
    "GET /classes/<public_id>": WHO_IS_IN_IT,
    "GET /join": EVERYONE,
    # Ada is in it already, and led there.
    "GET /join/<code>": (200, 200, 303, 200, 200, 200, 200),
    "GET /password-reset": EVERYONE,
    "GET /teach/classes": INSTRUCTORS,
    "GET /teach/classes/<public_id>": TEACHERS,
    "GET /teach/classes/<public_id>/archiving": TEACHERS,
    "GET /teach/classes/<public_id>/joining": TEACHERS,
    "GET /teach/classes/<public_id>/settings": TEACHERS,
    "GET /teach/classes/<public_id>/students": TEACHERS,
    "GET /teach/classes/<public_id>/students/<enrolment>": TEACHERS,
    "GET /teach/classes/<public_id>/students/<enrolment>/removal": TEACHERS,
    "GET /teach/classes/<public_id>/teachers/<account>/removal": TEACHERS,
    "POST /account/email": (303, 303, 422, 422, 422, 422, 422),
    "POST /join": ASKED_TO_FILL_IN,
    "POST /join/<code>": ASKED_TO_FILL_IN,
    "POST /password-reset": ASKED_TO_FILL_IN,
    "POST /teach/classes": INSTRUCTORS_FILL_IN,
    "POST /teach/classes/<public_id>/archiving": TEACHERS_SENT_ON,
    "POST /teach/classes/<public_id>/code": TEACHERS_SENT_ON,
    "POST /teach/classes/<public_id>/code/closing": TEACHERS_SENT_ON,
    "POST /teach/classes/<public_id>/restoring": TEACHERS_SENT_ON,
    "POST /teach/classes/<public_id>/settings": TEACHERS_FILL_IN,
    "POST /teach/classes/<public_id>/students/<enrolment>": TEACHERS_FILL_IN,
    "POST /teach/classes/<public_id>/students/<enrolment>/links": TEACHERS,
    "POST /teach/classes/<public_id>/students/<enrolment>/removal": TEACHERS_SENT_ON,
    "POST /teach/classes/<public_id>/students/<enrolment>/return": TEACHERS_SENT_ON,
    "POST /teach/classes/<public_id>/teachers": TEACHERS_FILL_IN,
    # Grace is the only teacher, so that she stays.
    "POST /teach/classes/<public_id>/teachers/<account>/removal": TEACHERS_SENT_ON,
}

PLACES: dict[str, str] = {}
"""Only such as differ from run to run: <public_id> and <code> of grace's class, <enrolment> of
ada in it, <account> of grace."""
