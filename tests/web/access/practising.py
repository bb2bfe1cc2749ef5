"""Who may practise in other ways, and be told what is due; see test_access.py."""

EVERYONE = (200,) * 7
SENT_ON = (303,) * 7
GONE = (410,) * 7
NOBODY = (404,) * 7
INSTRUCTORS = (303, 303, 403, 403, 200, 200, 200)
WITH_AN_ACCOUNT = (303, 200, 200, 200, 200, 200, 200)

ROUTES: dict[str, tuple[int, ...]] = {
    "GET /decks/<slug>/flashcards": EVERYONE,
    "GET /decks/<slug>/sheet": EVERYONE,
    "GET /feed/<feed_token>.ics": NOBODY,
    "GET /practise": EVERYONE,
    "GET /reminders/confirmation/<signed>": GONE,
    "GET /reminders/stop/<signed>": GONE,
    "GET /review/reminders": WITH_AN_ACCOUNT,
    "GET /teach/decks/<slug>/sheet": INSTRUCTORS,
    "POST /practise/<way>/attempts": SENT_ON,
    "POST /reminders/confirmation/<signed>": GONE,
    "POST /reminders/stop/<signed>": GONE,
    "POST /review/reminders": (303, 422, 422, 422, 422, 422, 422),
    "POST /review/reminders/feed": SENT_ON,
    "POST /review/reminders/feed/removal": SENT_ON,
}

PLACES: dict[str, str] = {
    "<feed_token>": "no-such-token",
    "<signed>": "no-such-link",
    "<way>": "mixed",
}
