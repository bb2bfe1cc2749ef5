"""Who sees which questions work: visitor, guest, ada, mallory, grace, heidi, admin."""

TEACHERS = (303, 303, 403, 403, 200, 404, 200)
INSTRUCTORS = (303, 303, 403, 403, 200, 200, 200)

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /teach/assignments/<public_id>/analysis": TEACHERS,
    "GET /teach/assignments/<public_id>/analysis/export/<kind>": TEACHERS,
    "GET /teach/classes/<public_id>/analysis": TEACHERS,
    "GET /teach/classes/<public_id>/analysis/export/<kind>": TEACHERS,
    # Of a deck of the folder, which every instructor sees; the figures name nobody.
    "GET /teach/decks/<slug>/analysis": INSTRUCTORS,
    "GET /teach/decks/<slug>/analysis/export/<kind>": INSTRUCTORS,
    "GET /teach/decks/<deck>/questions/<slug>/analysis": INSTRUCTORS,
}

PLACES: dict[str, str] = {
    "/<deck>/questions/<slug>": "/rivers/questions/beginning",
    "/decks/<slug>": "/decks/rivers",
    "export/<kind>": "export/csv",
}
