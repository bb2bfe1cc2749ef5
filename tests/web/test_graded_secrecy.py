"""Nothing of a graded attempt depends on the keys until its policy says so, not even once it is
answered and submitted. The way of telling is that of `tests.web.test_key_secrecy`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from quizapp.config import Settings
from quizapp.db.models import Class, Deck
from quizapp.domain.graded.policy import Layout, Policy
from quizapp.domain.graded.timing import Window
from tests.support import cast
from tests.support.browsing import choices_in
from tests.support.cast import NOW, Role, sessions
from tests.support.classroom import make_class
from tests.support.graded import EXAM, HOMEWORK, make_assignment, review
from tests.web.test_key_secrecy import Diary, Seen, learner

CLOSES = NOW + timedelta(days=1)
SILENT: dict[str, Policy] = {
    "exam": EXAM,
    "all-on-one-page": replace(EXAM, layout=Layout.ALL, attempts_allowed=2),
    "no-way-back": replace(EXAM, may_go_back=False),
    "certainty": replace(EXAM, certainty_marking=True),
}
TELLING: dict[str, Policy] = {
    "homework": replace(HOMEWORK, attempts_allowed=1),
    "immediate": replace(EXAM, review=review(answered="correctness")),
}


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(
        instance=tmp_path,
        questions=tmp_path,
        database_url="",
        secret_key="a secret that only tests know, long enough",
    )


def prepare(url: str) -> str:
    """A class with an assignment of each policy, on all decks; its join code."""
    with sessions(url) as session:
        grace = cast.register(session, "grace", Role.INSTRUCTOR)
        school_class = make_class(session, grace)
        decks = session.scalars(select(Deck.slug).order_by(Deck.slug).limit(4)).all()
        for name, policy in (SILENT | TELLING).items():
            window = Window(None, None, CLOSES)
            make_assignment(session, school_class, policy, decks, window=window, public_id=name)
        held = replace(HOMEWORK, attempts_allowed=1)
        make_assignment(session, school_class, held, decks, public_id="held", holds_marks=True)
        return session.scalars(select(Class.join_code)).one() or ""


def join(browser: Diary, code: str) -> None:
    browser.post(f"/join/{code}", {"name": "Noor"})


def begin(browser: Diary, name: str) -> str:
    browser.get(f"/assignments/{name}")
    form = {"start_key": f"start-key-{name}", "agreed": "y"}
    response = browser.post(f"/assignments/{name}/attempts", form)
    assert response.status_code == 303, response.text
    return response.location


def take(browser: Diary, name: str) -> str:
    """Answer everything, in every way that there is."""
    attempt = begin(browser, name)
    page = browser.get(attempt)
    for position in range(1, 20):
        page = browser.get(f"{attempt}/{position}")
        if page.status_code != 200:
            break
        offered = choices_in(page)
        send_by_script(browser, attempt, position, len(offered))
        form = {"choice": offered[0][0], "shown": "", "certainty": "3"}
        browser.post(f"{attempt}/{position}/answers", form)
    else:
        pytest.fail("there is no end to it")
    send_all(browser, attempt)
    browser.post(f"{attempt}/1/check", {"choice": "0", "tries": "0"})
    for address in (attempt, f"{attempt}/review", f"{attempt}/clock", f"{attempt}/result"):
        browser.get(address)
    return attempt


def send_by_script(browser: Diary, attempt: str, position: int, places: int) -> None:
    for place in range(places + 1):
        key = f"key-{position}-{place}-of-a-browser"
        entry = {"position": position, "choices": [place], "key": key, "certainty": 3}
        browser.send(f"{attempt}/saves", {"answers": [entry]})


def send_all(browser: Diary, attempt: str) -> None:
    """What an attempt with all questions on one page takes."""
    form = {f"choice-{n}": "0" for n in range(1, 5)} | {f"shown-{n}": "" for n in range(1, 5)}
    browser.post(f"{attempt}/answers", form)


def look_around(browser: Diary, code: str) -> None:
    for address in ("/", "/classes", "/progress", "/account/data", "/mix", "/read/source"):
        browser.get(address)
        browser.get(address, headers={"Accept-Encoding": "gzip"})


def seen_in_both(settings, databases, act: Callable[[Diary, str], None]) -> list[Seen]:
    diaries: list[Seen] = []
    for answers in (1, 2):
        with (
            databases.fresh() as url,
            learner(settings, url, 7, answers) as browser,
        ):
            code = prepare(url)
            join(browser, code)
            act(browser, code)
            diaries.append(browser.seen)
    return diaries


def differences(one: Seen, other: Seen) -> list[str]:
    assert [what for what, *_ in one] == [what for what, *_ in other]
    return [a[0] for a, b in zip(one, other, strict=True) if a != b]


@pytest.mark.slow
def test_an_exam_tells_nothing_of_its_keys_before_it_has_closed(settings, sqlite_databases):
    def sit_all(browser: Diary, code: str) -> None:
        for name in (*SILENT, "held"):
            attempt = take(browser, name)
            browser.post(f"{attempt}/submission")
            for address in (attempt, f"{attempt}/1", f"{attempt}/result", f"/assignments/{name}"):
                browser.get(address)
            look_around(browser, code)

    one, other = seen_in_both(settings, sqlite_databases, sit_all)
    assert len(one) > 150
    assert all(status < 500 for _, status, *_ in one)
    assert differences(one, other) == []


@pytest.mark.slow
def test_work_that_tells_after_submitting_tells_nothing_before(settings, sqlite_databases):
    def answer_only(browser: Diary, code: str) -> None:
        take(browser, "homework")
        look_around(browser, code)

    one, other = seen_in_both(settings, sqlite_databases, answer_only)
    assert differences(one, other) == []


@pytest.mark.slow
def test_work_that_tells_after_an_answer_tells_nothing_before_a_check(settings, sqlite_databases):
    def only_save(browser: Diary, code: str) -> None:
        attempt = begin(browser, "immediate")
        for position in (1, 2):
            browser.get(f"{attempt}/{position}")
            send_by_script(browser, attempt, position, 3)
            browser.post(f"{attempt}/{position}/answers", {"choice": "0", "shown": ""})
        look_around(browser, code)

    one, other = seen_in_both(settings, sqlite_databases, only_save)
    assert differences(one, other) == []


def test_these_tests_would_notice_what_is_told_in_the_end(settings, sqlite_databases):
    def sit_and_wait(browser: Diary, code: str) -> None:
        attempt = take(browser, "exam")
        browser.post(f"{attempt}/submission")
        with time_machine.travel(CLOSES, tick=False):
            browser.get(f"{attempt}/result")

    one, other = seen_in_both(settings, sqlite_databases, sit_and_wait)
    assert [what.rpartition("/")[2] for what in differences(one, other)] == ["result"]


def test_these_tests_would_notice_a_judged_answer(settings, sqlite_databases):
    def check(browser: Diary, code: str) -> None:
        attempt = begin(browser, "immediate")
        for position in range(1, 9):
            browser.post(f"{attempt}/{position}/check", {"choice": "0", "tries": "0"})
            browser.get(f"{attempt}/{position}")

    one, other = seen_in_both(settings, sqlite_databases, check)
    assert differences(one, other) != []
