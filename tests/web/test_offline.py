"""What browsers take along for studying without a network, and what they bring back."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from quizapp.db.models import Account, Attempt, Deck, Item, QuestionVersion, Response, Role
from quizapp.domain.graded.timing import Window
from quizapp.operations.tallies import wrong_tallies
from tests.support import cast, graded
from tests.support.cast import NOW, PASSWORD, sessions
from tests.support.classroom import make_class
from tests.support.library import upload
from tests.web.test_practice import answer_all

KEY = "offline-0123456789abcdef"
MINUTE_MS = 60_000
DAY = timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada(browser_of, people):
    return browser_of(people.ada)


@pytest.fixture
def mallory(browser_of, people):
    return browser_of(people.mallory)


def kept(browser, deck="rivers"):
    """The deck as a browser keeps it."""
    return browser.get(f"/decks/{deck}/offline").json


def tag_of(browser):
    return browser.get("/offline/account").json["tag"]


def session_on(deck, key=KEY, mode="practice", **more):
    """A session that asks a kept deck's questions, choices in the authors' order."""
    items = [
        {"version": q["version"], "order": list(range(len(q["choices"])))}
        for q in deck["questions"]
    ]
    return {"key": key, "mode": mode, "age_ms": 10 * MINUTE_MS, "items": items, **more}


def answers_to(deck, session=KEY, *, right=True):
    """An answer to each question, a minute apart, the first five minutes ago."""
    return [
        {
            "key": f"answer-{position}",
            "session": session,
            "position": position,
            "places": [i for i, c in enumerate(question["choices"]) if c["is_key"]]
            if right
            else [next(i for i, c in enumerate(question["choices"]) if not c["is_key"])],
            "certainty": 2,
            "elapsed_ms": 4000,
            "age_ms": (6 - position) * MINUTE_MS,
        }
        for position, question in enumerate(deck["questions"], start=1)
    ]


def send(browser, answers, *plans, tag=None, **more):
    """Send a batch with a token that is good: the response."""
    body = {"tag": tag or tag_of(browser), "sessions": list(plans), "answers": answers, **more}
    token = browser.get("/offline/account").json["token"]
    headers = {"X-CSRFToken": token, "Referer": "http://localhost/offline"}
    return browser.client.post(
        "/offline/answers", json=body, headers=headers, base_url="http://localhost"
    )


def rows(url, statement):
    with sessions(url) as session:
        return session.execute(statement).all()


def change(url, statement):
    with sessions(url) as session:
        session.execute(statement)
        session.commit()


# What is taken along


def test_a_kept_deck_has_all_that_asking_and_explaining_takes(visitor):
    deck = kept(visitor)
    assert (deck["slug"], deck["title"]) == ("rivers", "All about rivers")
    first = deck["questions"][0]
    assert first["stem"] == "Where does a river begin?"
    assert [c["is_key"] for c in first["choices"]] == [True, False, False]
    assert "FEEDBACK-MOUTH" in first["choices"][1]["feedback"]
    assert "EXPLANATION-BEGINNING" in first["explanation"]
    assert first["passages"] == ["p1"]
    assert "<em>spring note</em>" in deck["passages"]["p1"]["note"]
    still = next(q for q in deck["questions"] if q["name"] == "rivers/movement")
    assert (still["free"], still["last"]) == ([], [0, 1, 2])


def test_no_database_id_can_be_read_as_a_number(visitor):
    assert all(isinstance(q["version"], str) for q in kept(visitor)["questions"])
    assert not re.search(r'"(id|account_id|deck_id)":', json.dumps(kept(visitor)))


@pytest.mark.parametrize("column", ["is_offline", "is_for_practice"])
def test_a_deck_that_is_not_to_leave_the_site_does_not(visitor, database_url, column):
    change(database_url, update(Deck).where(Deck.slug == "rivers").values({column: False}))
    assert visitor.get("/decks/rivers/offline").status_code == 404
    assert "Keep for offline" not in visitor.get("/decks/rivers").text


def test_a_deck_that_graded_work_keeps_back_stays_here(visitor, people, database_url):
    with sessions(database_url) as session:
        school_class = make_class(session, people.grace)
        window = Window(None, None, datetime.now(UTC) + DAY)
        graded.make_assignment(session, school_class, window=window, holds_back=True)
    assert visitor.get("/decks/rivers/offline").status_code == 404
    assert visitor.get("/decks/seas/offline").status_code == 200


def test_a_browser_is_told_which_decks_it_may_keep_still(visitor, people, database_url):
    account = visitor.get("/offline/account").json
    assert ("rivers" in account["offered"], account["kept_back"]) == (True, [])
    with sessions(database_url) as session:
        school_class = make_class(session, people.grace)
        window = Window(None, None, datetime.now(UTC) + DAY)
        graded.make_assignment(session, school_class, window=window, holds_back=True)
    account = visitor.get("/offline/account").json
    assert account["kept_back"] == ["rivers"]
    assert "rivers" not in account["offered"]
    assert "seas" in account["offered"]


@pytest.mark.parametrize("column", ["is_offline", "is_for_practice"])
def test_of_a_deck_that_is_not_to_be_kept_a_browser_is_told_nothing(visitor, database_url, column):
    change(database_url, update(Deck).where(Deck.slug == "rivers").values({column: False}))
    account = visitor.get("/offline/account").json
    assert "rivers" not in account["offered"] + account["kept_back"]


def test_the_page_of_a_deck_offers_to_keep_it(visitor):
    assert 'data-keep="rivers"' in visitor.get("/decks/rivers").text


def test_what_is_due_is_told_for_the_coming_days(visitor, clock):
    answer_all(visitor, visitor.start())
    today = visitor.get("/offline/reviews?deck=rivers").json
    assert len(today["days"]) == 7
    assert today["days"][0]["questions"] == []
    clock.move_to(NOW + timedelta(days=40))
    later = visitor.get("/offline/reviews?deck=rivers").json
    names = {each["name"] for each in later["days"][0]["questions"]}
    assert names == {q["name"] for q in kept(visitor)["questions"]}
    assert visitor.get("/offline/reviews?deck=lakes").json["days"][0]["questions"] == []
    assert visitor.get("/offline/reviews").json["asks_certainty"] is True


def test_a_visitor_has_nothing_due(visitor):
    days = visitor.get("/offline/reviews?deck=rivers").json["days"]
    assert [day["questions"] for day in days] == [[]] * 7


# Whose it is


def test_a_tag_tells_accounts_apart_and_stays(ada, mallory, visitor):
    assert tag_of(visitor) is None
    assert tag_of(ada) == tag_of(ada)
    assert tag_of(ada) != tag_of(mallory)


def test_a_visitor_who_keeps_a_deck_becomes_a_guest_once(visitor, database_url):
    assert visitor.post("/offline/account").json["tag"]
    tag = tag_of(visitor)
    assert visitor.post("/offline/account", {"role": "admin", "id": "1"}).json["tag"] == tag
    assert [row[0] for row in rows(database_url, select(Account.role))] == ["learner"]


def test_the_page_that_browsers_keep_is_the_same_for_everybody(ada, mallory):
    pages = [
        re.sub(r'value="[\w.-]{40,}"', "", browser.get("/offline").text)
        for browser in (ada, mallory)
    ]
    assert pages[0] == pages[1]
    assert "ada" not in pages[0]


# What comes back


def test_answers_arrive_as_an_attempt_like_any_other(clock, ada, database_url):
    clock.move_to(NOW + DAY)
    deck = kept(ada)
    sent = send(ada, answers_to(deck), session_on(deck))
    assert sent.json == {"outcomes": {f"answer-{n}": "kept" for n in range(1, 5)}, "refused": {}}
    (attempt,) = rows(
        database_url,
        select(
            Attempt.public_id,
            Attempt.title,
            Attempt.mode,
            Attempt.marks,
            Attempt.started_at,
            Attempt.ended_at,
        ),
    )
    assert attempt[1:] == (
        "All about rivers",
        "practice",
        "rrrr",
        NOW + DAY - timedelta(minutes=10),
        NOW + DAY - timedelta(minutes=2),
    )
    assert ada.get(f"/attempts/{attempt.public_id}/result").status_code == 200


def test_sending_again_changes_nothing(ada, database_url):
    deck = kept(ada)
    for outcome in ("kept", "already", "already"):
        sent = send(ada, answers_to(deck), session_on(deck))
        assert set(sent.json["outcomes"].values()) == {outcome}
    assert rows(database_url, select(func.count(Response.item_id))) == [(4,)]
    with sessions(database_url) as session:
        assert wrong_tallies(session) == []


def test_the_server_grades_whatever_the_browser_says(ada, database_url):
    deck = kept(ada)
    forged = [
        {**each, "credit": 1, "is_key": True, "mark": "r", "account_id": 1, "answered_at": "2030"}
        for each in answers_to(deck, right=False)
    ]
    plan = session_on(deck, account_id=1, role="admin", marks="rrrr", credit=4)
    send(ada, forged, plan, account_id=1)
    assert {row[0] for row in rows(database_url, select(Response.credit))} == {0}


def test_what_is_not_known_or_makes_no_sense_is_refused_in_words_and_the_rest_goes_on(ada):
    deck = kept(ada)
    plan = session_on(deck)
    plan["items"][1]["version"] = "forged.name"
    answers = answers_to(deck)
    answers[2]["places"] = [7]
    answers.append({**answers[0], "key": "answer-77", "session": "offline-of-nobody"})
    sent = send(ada, answers, plan).json
    assert sent["outcomes"] == {
        "answer-1": "kept",
        "answer-2": "unknown",
        "answer-3": "unfit",
        "answer-4": "kept",
        "answer-77": "unfit",
    }
    assert sent["refused"]["answer-2"] == "its question is not known here"


@pytest.mark.parametrize(
    "body",
    [None, [], "x", {}, {"answers": 1, "sessions": []}, {"answers": [], "sessions": [1] * 501}],
)
def test_what_is_no_list_of_answers_is_refused(ada, body):
    headers = {"X-CSRFToken": ada.get("/offline/account").json["token"]}
    sent = ada.client.post("/offline/answers", json=body, headers=headers)
    assert sent.status_code == 422


def test_answers_of_one_account_are_not_taken_for_another(ada, mallory, database_url):
    deck = kept(ada)
    assert send(mallory, answers_to(deck), session_on(deck), tag=tag_of(ada)).status_code == 409
    assert rows(database_url, select(Attempt.id)) == []


def test_who_is_signed_out_is_told_so_and_nothing_is_taken(visitor, ada, database_url):
    deck = kept(ada)
    assert send(visitor, answers_to(deck), session_on(deck), tag=tag_of(ada)).status_code == 401
    assert rows(database_url, select(Attempt.id)) == []


def test_a_stale_token_is_refused_so_that_the_browser_asks_for_another(ada):
    headers = {"X-CSRFToken": "stale"}
    sent = ada.client.post("/offline/answers", json={}, headers=headers)
    assert sent.status_code == 400


def test_an_answer_to_a_version_that_was_changed_since_is_graded_by_that_version(ada, database_url):
    deck = kept(ada)
    change(
        database_url,
        update(QuestionVersion)
        .where(QuestionVersion.stem == "Where does a river begin?")
        .values(is_current=False),
    )
    sent = send(ada, answers_to(deck), session_on(deck))
    assert set(sent.json["outcomes"].values()) == {"kept"}
    assert len(rows(database_url, select(Item.id))) == 4


# Who decides


def test_an_instructor_switches_offline_use_of_a_deck_off_and_on(browser_of, people, visitor):
    grace = browser_of(people.grace)
    assert "Switch offline use off" in grace.get("/teach/decks/rivers").text
    grace.post("/teach/decks/rivers/offline", {"offline": "no", "is_for_practice": ""})
    assert visitor.get("/decks/rivers/offline").status_code == 404
    assert visitor.get("/decks/rivers").status_code == 200
    assert "offline use: no" in grace.get("/teach/audit").text
    grace.post("/teach/decks/rivers/offline", {"offline": "yes"})
    assert visitor.get("/decks/rivers/offline").status_code == 200


def test_an_upload_of_another_is_not_theirs_to_decide_about(browser_of, people, database_url):
    with sessions(database_url) as session:
        heidi = cast.register(session, "heidi", Role.INSTRUCTOR)
        upload(session, people.grace)
    browser = browser_of(heidi)
    assert browser.post("/teach/decks/lakes/offline", {"offline": "no"}).status_code == 404
    assert "Switch offline use off" not in browser.get("/teach/decks/lakes").text
    assert rows(database_url, select(Deck.slug).where(~Deck.is_offline)) == []


# Leaving


LEAVING = [("/sign-out", {}), ("/account/deletion", {"password": PASSWORD})]


@pytest.mark.parametrize(("address", "form"), LEAVING)
def test_leaving_clears_a_browser_that_keeps_something(ada, address, form):
    ada.client.set_cookie("keeps", "1")
    assert ada.post(address, form).headers["Clear-Site-Data"] == '"storage"'
    assert ada.client.get_cookie("keeps") is None


@pytest.mark.parametrize(("address", "form"), LEAVING)
def test_leaving_lets_another_browser_keep_its_ways(ada, address, form):
    assert "Clear-Site-Data" not in ada.post(address, form).headers


# The app


def test_the_worker_is_one_plain_script_from_our_origin_that_names_the_release(visitor, app):
    worker = visitor.get("/service-worker.js")
    assert worker.mimetype == "text/javascript"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]
    assert not re.search(r"^(import|export) ", worker.text, re.MULTILINE)
    about = worker.text.partition("\n")[0].removeprefix("const ABOUT = ").removesuffix(";")
    shell = json.loads(about)["shell"]
    assert shell[0] == "/offline"
    for address in shell:
        assert visitor.get(address).status_code == 200
    assert not [a for a in shell if re.match("/(graded|assignments|teach|account)", a)]


def test_every_file_that_the_offline_page_asks_for_is_in_the_shell(visitor):
    shell = visitor.get("/service-worker.js").text.partition("\n")[0]
    asked = re.findall(
        r'(?:src|href)="(/static/[^"]+\.(?:js|css|svg))"', visitor.get("/offline").text
    )
    assert len(asked) == 3
    assert [address for address in asked if f'"{address}"' not in shell] == []


def test_the_manifest_makes_the_site_installable(visitor):
    manifest = visitor.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert {icon["sizes"] for icon in manifest.json["icons"]} == {"192x192", "512x512"}
    assert "maskable" in {icon["purpose"] for icon in manifest.json["icons"]}
    for icon in manifest.json["icons"]:
        assert visitor.get(icon["src"]).mimetype == "image/png"
    assert '<link rel="manifest" href="/manifest.webmanifest">' in visitor.get("/").text
