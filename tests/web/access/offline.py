"""What is taken along for studying offline, and what comes back; see test_access.py."""

EVERYONE = (200,) * 7

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /decks/<slug>/offline": EVERYONE,
    "GET /manifest.webmanifest": EVERYONE,
    "GET /offline": EVERYONE,
    "GET /offline/account": EVERYONE,
    "GET /offline/reviews": EVERYONE,
    "GET /service-worker.js": EVERYONE,
    "POST /offline/account": EVERYONE,
    "POST /teach/decks/<slug>/offline": (303, 303, 403, 403, 303, 303, 303),
    "POST /offline/answers": (401, 422, 422, 422, 422, 422, 422),
}

PLACES: dict[str, str] = {}
