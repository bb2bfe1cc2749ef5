"""Taking graded work: visitor, guest, ada, mallory, grace, heidi, admin; see test_access.py."""

# The assignment is of grace's class, the attempt at it is ada's and open. Heidi, grace and admin
# are in no class, and who teaches an assignment previews it with an attempt of their own.
WHO_IS_IN_THE_CLASS = (303, 404, 200, 404, 404, 404, 404)
STARTS_BY_THEM = (303, 404, 422, 404, 404, 404, 404)
ADA_SEES = (303, 404, 200, 404, 404, 404, 404)
ADA_IS_SENT_ON = (303, 404, 303, 404, 404, 404, 404)
# An exam judges nothing before it is submitted.
NOT_IN_AN_EXAM = (303, 404, 404, 404, 404, 404, 404)
# Scripts are not sent to sign in.
SCRIPTS_OF_ADA = (404, 404, 200, 404, 404, 404, 404)
SCRIPTS_OF_ADA_SEND_NOTHING = (404, 404, 422, 404, 404, 404, 404)

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /assignments/<public_id>": WHO_IS_IN_THE_CLASS,
    "GET /assignments/<public_id>/attempts": (303,) * 7,
    "GET /graded/<public_id>": ADA_IS_SENT_ON,
    "GET /graded/<public_id>/<position>": ADA_SEES,
    "GET /graded/<public_id>/clock": SCRIPTS_OF_ADA,
    # Not yet submitted, so ada is sent back to the questions.
    "GET /graded/<public_id>/result": ADA_IS_SENT_ON,
    "GET /graded/<public_id>/review": ADA_SEES,
    "POST /assignments/<public_id>/attempts": STARTS_BY_THEM,
    "POST /assignments/<public_id>/preview": (303, 404, 404, 404, 303, 404, 303),
    "POST /graded/<public_id>/<position>/answers": ADA_IS_SENT_ON,
    "POST /graded/<public_id>/<position>/check": NOT_IN_AN_EXAM,
    "POST /graded/<public_id>/answers": ADA_IS_SENT_ON,
    "POST /graded/<public_id>/saves": SCRIPTS_OF_ADA_SEND_NOTHING,
    "POST /graded/<public_id>/submission": ADA_IS_SENT_ON,
}

PLACES: dict[str, str] = {
    "/assignments/<public_id>": "/assignments/rivers-exam",
    "/graded/<public_id>": "/graded/adas-attempt",
}
"""The public ids that `tests.support.graded.for_access` gives to what it makes."""
