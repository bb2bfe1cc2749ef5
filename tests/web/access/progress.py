"""Who is let in where progress is shown: visitor, guest, ada, mallory, grace, heidi, admin."""

EVERYONE = (200, 200, 200, 200, 200, 200, 200)
SENT_ON = (303, 303, 303, 303, 303, 303, 303)
TEACHERS = (303, 303, 403, 403, 200, 404, 200)

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /progress/calibration": EVERYONE,
    "GET /teach/classes/<public_id>/calibration": TEACHERS,
    "POST /progress/calibration/attempts": SENT_ON,
    "POST /read/<source>/<passage>/reading": SENT_ON,
    "POST /read/<source>/<passage>/reading/removal": SENT_ON,
}
"""Before any answer with a certainty; the class is grace's."""

PLACES: dict[str, str] = {"<source>/<passage>": "notes/p1"}
"""Beside these: <public_id> of the class."""
