"""Nothing a learner can reach before answering depends on the answers.

Two apps are made with the same chance and the same clock on banks that differ only in which
choices are the key, in the explanations and in the feedback. The same person does the same things
in both. Whatever comes back has to be the same to the byte: bodies, headers, cookies.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from types import SimpleNamespace

import pytest
import time_machine

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.extensions import db
from tests.support import cast, twins
from tests.support.browsing import Browser, choices_in
from tests.support.cast import NOW, sessions

BANKS, DECKS_IN_A_BANK = 10, 50
Seen = list[tuple[str, int, list[tuple[str, str]], bytes]]


class Diary(Browser):
    """A browser that writes down everything it is sent."""

    def __init__(self, app) -> None:
        super().__init__(app)
        self.seen: Seen = []
        self._token = ""

    def token(self) -> str:
        """The token of the whole session: whoever does not sign in keeps the first."""
        self._token = self._token or super().token()
        return self._token

    def get(self, path, **options):
        return self._note("GET " + path, super().get(path, **options))

    def post(self, path, form=None, **options):
        return self._note("POST " + path, super().post(path, form, **options))

    def send(self, path: str, body: object) -> None:
        """What a script sends."""
        headers = {"X-CSRFToken": self.token()}
        self._note("JSON " + path, self.client.post(path, json=body, headers=headers))

    def _note(self, asked, response):
        self.seen.append((asked, response.status_code, list(response.headers), response.data))
        return response


@contextmanager
def learner(settings: Settings, url: str, seed: int, answers: int) -> Iterator[Diary]:
    """Somebody's browser on an app whose chance and clock are fixed, with a bank of decks."""
    files = {"source.md": twins.source(), **twins.decks(seed, DECKS_IN_A_BANK, answers)}
    with sessions(url) as session:
        report = cast.load(session, files)
        assert report.refused == []
    chance = Random(seed)
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW, tick=False):
        # Only this module's: SQLAlchemy asks for names now and then, when it first needs them.
        patch.setattr("flask_wtf.csrf.os", SimpleNamespace(urandom=Random(seed).randbytes))
        app = create_app(replace(settings, database_url=url), random=chance)
        yield Diary(app)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def look_around_before_answering(browser: Diary) -> None:
    """Everything a learner can do with a bank short of answering."""
    for address in ("/", "/mix", "/read", "/read/source", "/progress", "/nowhere"):
        browser.get(address)
    for number in range(DECKS_IN_A_BANK):
        deck = f"deck-{number}"
        browser.get(f"/decks/{deck}")
        attempt = browser.start(deck, start_key=f"start-key-{number}")
        do_all_but_answer(browser, attempt)
        if number % 5 == 0:
            end_without_an_answer(browser, attempt)
    do_all_but_answer(browser, browser.start("deck-1", "deck-2", start_key="start-key-mix"))
    for address in ("/", "/progress", "/account/data", "/account/deletion"):
        browser.get(address)
        browser.get(address, headers={"Accept-Encoding": "gzip"})


def do_all_but_answer(browser: Diary, attempt: str) -> None:
    """Look at every item, send what is no answer, skip, and look at the results."""
    item = f"{attempt}/items/1"
    while "/items/" in item:
        browser.get(item)
        browser.post(f"{item}/response", {})
        browser.post(f"{item}/response", {"choice": ["0", "99"], "certainty": "7"})
        item = browser.post(f"{item}/skip").location
    browser.get(f"{attempt}/result")


def end_without_an_answer(browser: Diary, attempt: str) -> None:
    """End an attempt, and ask for what only an answer would bring."""
    browser.get(attempt)
    browser.post(f"{attempt}/end")
    browser.get(f"{attempt}/result")
    browser.get(f"{attempt}/items/1")
    browser.post(f"{attempt}/items/1/response", {"choice": "0"})
    browser.post(f"{attempt}/again", {"what": "missed", "start_key": "again-missed"})


def seen_in_both(settings, databases, seed: int, act: Callable[[Diary], None]) -> list[Seen]:
    """What the learners of two banks with the same questions and other answers are sent."""
    diaries: list[Seen] = []
    for answers in (1, 2):
        with databases.fresh() as url, learner(settings, url, seed, answers) as browser:
            act(browser)
            diaries.append(browser.seen)
    return diaries


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(
        instance=tmp_path,
        questions=tmp_path,
        database_url="",
        secret_key="a secret that only tests know, long enough",
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(BANKS))
def test_nothing_before_an_answer_depends_on_the_answers(settings, sqlite_databases, seed):
    one, other = seen_in_both(settings, sqlite_databases, seed, look_around_before_answering)
    assert len(one) > 7 * DECKS_IN_A_BANK
    assert [what for what, *_ in one] == [what for what, *_ in other]
    assert [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]] == []


@pytest.mark.slow
@pytest.mark.postgresql
def test_the_same_holds_on_a_server_database(settings, postgres_databases):
    one, other = seen_in_both(settings, postgres_databases, 100, look_around_before_answering)
    assert one == other


def test_the_banks_of_these_tests_do_differ_in_their_answers_alone():
    one, other = (twins.decks(1, DECKS_IN_A_BANK, answers) for answers in (1, 2))
    assert one.keys() == other.keys()
    assert all(one[name] != other[name] for name in one)

    def what_is_asked(text: str) -> list[str]:
        lines = text.replace("[x]", "[ ]").splitlines()
        return [line for line in lines if not line.lstrip().startswith(">")]

    assert all(what_is_asked(one[name]) == what_is_asked(other[name]) for name in one)


def test_these_tests_would_notice_a_page_that_tells_the_answer(settings, sqlite_databases):
    def answer(browser: Diary) -> None:
        attempt = browser.start("deck-0")
        choice, _ = choices_in(browser.get(f"{attempt}/items/1"))[0]
        browser.post(f"{attempt}/items/1/response", {"choice": choice})
        browser.get(f"{attempt}/items/1")

    one, other = seen_in_both(settings, sqlite_databases, 1, answer)
    assert one[:-1] == other[:-1]
    assert one[-1] != other[-1]


def test_these_tests_would_notice_an_order_that_follows_the_key(
    settings, sqlite_databases, monkeypatch
):
    def key_first(question, _random) -> tuple[int, ...]:
        return tuple(sorted(range(len(question.choices)), key=lambda i: i not in question.keys))

    def look_at_five_questions(browser: Diary) -> None:
        for number in range(5):
            browser.get(
                browser.start(f"deck-{number}", start_key=f"start-key-{number}") + "/items/1"
            )

    monkeypatch.setattr("quizapp.domain.drawing.choice_order", key_first)
    one, other = seen_in_both(settings, sqlite_databases, 1, look_at_five_questions)
    assert one != other
