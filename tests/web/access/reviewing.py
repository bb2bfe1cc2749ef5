"""Who may review what: the attempt is ada's."""

VISITOR_SIGNS_IN = (303, 200, 200, 200, 200, 200, 200)
SENT_ON = (303, 303, 303, 303, 303, 303, 303)
ADA_ALONE = (404, 404, 303, 404, 404, 404, 404)

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /review": (200, 200, 200, 200, 200, 200, 200),
    "GET /review/set-aside": VISITOR_SIGNS_IN,
    "GET /review/settings": VISITOR_SIGNS_IN,
    "POST /attempts/<public_id>/items/<position>/bury": ADA_ALONE,
    "POST /attempts/<public_id>/items/<position>/resume": ADA_ALONE,
    "POST /attempts/<public_id>/items/<position>/suspend": ADA_ALONE,
    "POST /attempts/<public_id>/items/<position>/undo": ADA_ALONE,
    "POST /review/set-aside/<deck>/<slug>/resume": (303, 404, 404, 404, 404, 404, 404),
    "POST /review/settings": (303, 422, 422, 422, 422, 422, 422),
    "POST /reviews": SENT_ON,
}

PLACES: dict[str, str] = {"<deck>/<slug>/resume": "rivers/beginning/resume"}
