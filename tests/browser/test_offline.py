"""Studying without a network in a browser: a server that is really gone, a tab that is killed."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from quizapp.db.engine import make_engine
from quizapp.db.models import Account, Assignment, Attempt, Deck, Item, Response
from quizapp.db.queries.reviewing import TAKEN_BACK, cards_of, responses_of
from quizapp.db.queries.versions import questions_of_versions
from quizapp.domain.studying.answers import answer_to
from quizapp.domain.studying.scheduling import rebuild
from quizapp.operations.reviewing import take_in
from tests.browser.people import sign_in, sign_up, start
from tests.browser.test_accessibility import LOOKS, WIDTHS, _violations
from tests.browser.test_graded import Hall, begin, hall  # noqa: F401  # a fixture
from tests.support.server import Server

NAMES = (f"Traveller {number}" for number in count(1))
DECKS = ("article-4", "why-there")
SOON_MS = 20_000
"""Time for a second try, on a machine that is busy."""

SAVED = "Saved. Nothing waits to be sent."
ALL_THAT_IS_KEPT = """() => new Promise((resolve) => {
  indexedDB.open("quizapp-offline").onsuccess = ({ target: { result: database } }) => {
    const stores = ["decks", "sessions"].map((name) =>
      database.transaction(name).objectStore(name).getAll());
    const told = () => {
      if (stores.some((store) => store.readyState !== "done")) return;
      database.close();
      resolve(JSON.stringify(stores.map(({ result }) => result)));
    };
    for (const store of stores) store.onsuccess = told;
  };
})"""
VERDICT = re.compile("^(Right|Partly right|Not quite)$")


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def engine(server: Server) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{server.log.parent / 'quizapp.sqlite3'}")
    yield engine
    engine.dispose()


def keep(page: Page, deck: str) -> None:
    page.goto(f"/decks/{deck}")
    page.get_by_role("button", name="Keep for offline").click()
    expect(page.get_by_text("This deck is kept in this browser.")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready")


def go_offline(context: BrowserContext) -> None:
    context.set_offline(True)


def sync(page: Page) -> Any:
    return page.locator(".sync [role=status]")


def answer_one(page: Page, *, certainty: str | None = "fairly") -> None:
    """Pick the first choice (all where several are right) and check it."""
    page.locator(".choice").first.click()
    if certainty:
        page.get_by_text(certainty, exact=True).click()
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_role("heading", level=1, name=VERDICT)).to_be_visible()


def go_on(page: Page) -> None:
    page.locator("[data-next]").click()
    expect(page.locator("[data-next]")).to_be_hidden()


def account_of(engine: Engine, name: str) -> int:
    with Session(engine) as session:
        return session.scalars(select(Account.id).where(Account.name == name)).one()


def answers_of(engine: Engine, account_id: int) -> list[tuple[str, int, str, datetime]]:
    """Mode, position, choices and time of each answer, in the order of the attempt's items."""
    with Session(engine) as session:
        rows = session.execute(
            select(Attempt.mode, Item.position, Response.chosen, Response.answered_at)
            .join(Item, Item.attempt_id == Attempt.id)
            .join(Response, Response.item_id == Item.id)
            .where(Attempt.account_id == account_id)
            .order_by(Attempt.id, Item.position)
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]


def study(page: Page, engine: Engine, name: str) -> int:
    """Sign up, answer two decks, and let ten days pass: the account."""
    sign_up(page, name)
    for deck in DECKS:
        start(page, deck)
        while "/items/" in page.url:
            answer_one(page, certainty=None)
            page.get_by_role("link", name=re.compile("Next question|See the result")).click()
            expect(page.get_by_role("heading", level=1, name=VERDICT)).to_be_hidden()
    account_id = account_of(engine, name)
    with Session(engine) as session:
        own = select(Attempt.id).where(Attempt.account_id == account_id)
        items = select(Item.id).where(Item.attempt_id.in_(own))
        for response in session.scalars(select(Response).where(Response.item_id.in_(items))):
            response.answered_at -= timedelta(days=10)
        session.execute(update(Attempt).where(Attempt.id.in_(own)).values(folded=TAKEN_BACK))
        session.commit()
    return account_id


def test_twenty_reviews_offline_a_killed_tab_and_all_arrive_once_with_their_cards(
    page: Page, engine: Engine
) -> None:
    name = next(NAMES)
    account_id = study(page, engine, name)
    before = answers_of(engine, account_id)
    for deck in DECKS:
        keep(page, deck)
    context = page.context
    go_offline(context)
    page.goto("/offline")
    page.get_by_role("button", name="Review 20 now").click()
    began = datetime.now(UTC)
    for number in range(1, 21):
        expect(page).to_have_title(re.compile(f"^Question {number} of 20 · Review"))
        answer_one(page)
        expect(sync(page)).to_contain_text(f"Waiting to send ({number})")
        if number < 20:
            go_on(page)
    page.close(run_before_unload=False)
    assert answers_of(engine, account_id) == before

    context.set_offline(False)
    tab = context.new_page()
    tab.goto("/")
    expect(tab.locator(".waiting")).to_be_hidden()
    tab.goto("/offline")
    expect(sync(tab)).to_have_text(SAVED)
    arrived = answers_of(engine, account_id)[len(before) :]
    assert [(mode, position) for mode, position, *_ in arrived] == [
        ("review", position) for position in range(1, 21)
    ]
    given = [at for *_, at in arrived]
    assert given == sorted(given)
    assert began - timedelta(seconds=2) < given[0]
    assert given[-1] < datetime.now(UTC)
    tab.goto("/review")
    with Session(engine) as session:
        take_in(session, account_id, datetime.now(UTC))
        assert cards_of(session, account_id) == _cards_by_hand(session, account_id)
        reps = [card.reps for card in cards_of(session, account_id).values()]
    assert sorted(reps) == [1] * (len(before) - 20) + [2] * 20


def _cards_by_hand(session: Session, account_id: int) -> dict[int, Any]:
    """The cards that the answers make, one after the other."""
    pasts = responses_of(session, account_id)
    asked = questions_of_versions(session, {past.version_id for past in pasts})
    stories: dict[int, list[Any]] = {}
    for past in sorted(pasts, key=lambda past: past.answered_at):
        answer = answer_to(asked[past.version_id], past.credit, past.certainty, past.elapsed_ms)
        stories.setdefault(past.question_id, []).append((past.answered_at, answer))
    return {question: rebuild(story) for question, story in stories.items()}


def test_practice_goes_on_after_a_reload_and_is_sent_when_the_network_is_back(
    page: Page, engine: Engine
) -> None:
    name = next(NAMES)
    sign_up(page, name)
    keep(page, "walk")
    go_offline(page.context)
    page.goto("/decks/walk")
    expect(page.get_by_role("heading", name="Kept for offline")).to_be_visible()
    page.get_by_role("button", name="Practise A short walk").click()
    answer_one(page, certainty="certain")
    go_on(page)
    page.get_by_role("button", name="Skip").click()
    page.reload()
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_title(re.compile(r"^Question [23] of 3"))
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=VERDICT)).to_be_focused()
    expect(sync(page)).to_contain_text("Waiting to send (2)")
    page.context.set_offline(False)
    expect(sync(page)).to_have_text(SAVED, timeout=SOON_MS)
    assert len(answers_of(engine, account_of(engine, name))) == 2


def test_a_server_that_is_away_and_two_tabs_lose_and_double_nothing(
    page: Page, engine: Engine
) -> None:
    name = next(NAMES)
    sign_up(page, name)
    keep(page, "walk")
    page.context.route("**/offline/answers", lambda route: route.abort())
    page.goto("/offline")
    page.get_by_role("button", name="Practise A short walk").click()
    answer_one(page)
    expect(sync(page)).to_contain_text("Waiting to send (1)")
    other = page.context.new_page()
    other.goto("/")
    expect(other.locator(".waiting")).to_have_text("Waiting to send (1)")
    page.context.unroute("**/offline/answers")
    for tab in (page, other):
        tab.evaluate("dispatchEvent(new Event('online'))")
    expect(other.locator(".waiting")).to_be_hidden(timeout=SOON_MS)
    expect(sync(page)).to_have_text(SAVED, timeout=SOON_MS)
    assert len(answers_of(engine, account_of(engine, name))) == 1


def test_who_is_signed_out_elsewhere_keeps_what_waits_until_they_sign_in(
    page: Page, engine: Engine
) -> None:
    name = next(NAMES)
    sign_up(page, name)
    keep(page, "walk")
    go_offline(page.context)
    page.goto("/offline")
    page.get_by_role("button", name="Practise A short walk").click()
    answer_one(page)
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(sync(page)).to_contain_text("You are signed out here.", timeout=SOON_MS)
    page.goto("/")
    expect(page.locator(".waiting")).to_have_text("Waiting to send (1)")
    sign_in(page, name)
    page.goto("/offline")
    expect(sync(page)).to_have_text(SAVED, timeout=SOON_MS)
    assert len(answers_of(engine, account_of(engine, name))) == 1


def test_a_server_that_comes_back_without_a_sign_is_tried_again(page: Page, engine: Engine) -> None:
    name = next(NAMES)
    sign_up(page, name)
    keep(page, "walk")
    page.context.route("**/offline/answers", lambda route: route.fulfill(status=503))
    page.goto("/offline")
    page.get_by_role("button", name="Practise A short walk").click()
    answer_one(page)
    expect(sync(page)).to_contain_text("The server does not answer just now.")
    page.context.unroute("**/offline/answers")
    expect(sync(page)).to_have_text(SAVED, timeout=SOON_MS)
    assert len(answers_of(engine, account_of(engine, name))) == 1


def test_an_answer_that_is_refused_is_told_of_and_holds_nothing_up(
    page: Page, engine: Engine
) -> None:
    name = next(NAMES)
    sign_up(page, name)
    keep(page, "walk")
    page.goto("/offline")
    expect(sync(page)).to_have_text(SAVED)
    go_offline(page.context)
    page.evaluate(SPOIL_DECK)
    page.reload()
    page.get_by_role("button", name="Practise A short walk").click()
    for _ in range(3):
        answer_one(page)
        go_on(page)
    page.context.set_offline(False)
    told = page.get_by_text("1 answer was not taken: its question is not known here.")
    expect(told).to_be_visible(timeout=SOON_MS)
    page.get_by_role("button", name="Understood").click()
    expect(told).to_be_hidden()
    assert len(answers_of(engine, account_of(engine, name))) == 2


SPOIL_DECK = """() => new Promise((resolve) => {
    const request = indexedDB.open("quizapp-offline");
    request.onsuccess = () => {
        const work = request.result.transaction("decks", "readwrite");
        const decks = work.objectStore("decks");
        decks.getAll().onsuccess = ({ target }) => {
            const [deck] = target.result;
            deck.questions[1].version = "spoilt";
            decks.put(deck);
        };
        work.oncomplete = () => {
            request.result.close();
            resolve();
        };
    };
})"""


def test_a_deck_whose_offline_use_was_switched_off_is_removed(page: Page, engine: Engine) -> None:
    sign_up(page, next(NAMES))
    keep(page, "january-2022")
    _allow_offline(engine, "january-2022", is_offline=False)
    page.goto("/offline")
    expect(page.get_by_role("heading", name="Nothing is kept here yet")).to_be_visible()
    _allow_offline(engine, "january-2022", is_offline=True)


def _allow_offline(engine: Engine, slug: str, *, is_offline: bool) -> None:
    with Session(engine) as session:
        session.execute(update(Deck).where(Deck.slug == slug).values(is_offline=is_offline))
        session.commit()


def test_a_deck_that_graded_work_keeps_back_is_let_go_and_comes_again(
    page: Page,
    engine: Engine,
    hall: Hall,  # noqa: F811  # the fixture
) -> None:
    keep(page, "walk")
    page.goto("/offline")
    page.get_by_role("button", name="Practise A short walk").click()
    expect(page.locator(".choice").first).to_be_visible()
    assert "Yes, the mill" in kept_here(page)
    address = hall.give(holds_back=True)
    elsewhere = page.context.new_page()
    with elsewhere.expect_response("**/offline/account"):
        elsewhere.goto("/classes")
    deadline = datetime.now(UTC) + timedelta(milliseconds=SOON_MS)
    while "Yes, the mill" in kept_here(elsewhere) and datetime.now(UTC) < deadline:
        elsewhere.wait_for_timeout(100)
    assert "Yes, the mill" not in kept_here(elsewhere)
    page.locator(".choice").first.click()
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_text("In use for a graded assignment")).to_be_visible()
    expect(sync(page)).to_have_text(SAVED)
    with Session(engine) as session:
        public_id = address.rpartition("/")[2]
        over = update(Assignment).where(Assignment.public_id == public_id)
        session.execute(over.values(closes_at=datetime.now(UTC) - timedelta(minutes=1)))
        session.commit()
    page.goto("/offline")
    page.get_by_role("button", name="Practise A short walk").click()
    expect(page.locator(".choice").first).to_be_visible()


def kept_here(page: Page) -> str:
    """All that the browser keeps for offline use, as one text."""
    return str(page.evaluate(ALL_THAT_IS_KEPT))


def test_who_begins_a_deck_in_another_tab_loses_no_answer_of_the_first(
    page: Page, engine: Engine
) -> None:
    sign_up(page, name := next(NAMES))
    keep(page, "walk")
    page.goto("/offline")
    expect(sync(page)).to_have_text(SAVED)
    go_offline(page.context)
    page.get_by_role("button", name="Practise A short walk").click()
    answer_one(page)
    other = page.context.new_page()
    other.goto("/offline")
    other.get_by_role("button", name="Practise A short walk").click()
    expect(other.locator(".choice").first).to_be_visible()
    for _ in range(2):
        go_on(page)
        answer_one(page)
    expect(sync(page)).to_contain_text("Waiting to send (3).")
    page.context.set_offline(False)
    page.goto("/offline")
    expect(sync(page)).to_have_text(SAVED, timeout=SOON_MS)
    assert len(answers_of(engine, account_of(engine, name))) == 3


def test_a_new_release_of_the_worker_removes_what_the_old_one_kept(page: Page) -> None:
    page.goto("/")
    page.evaluate("async () => (await caches.open('shell-of-an-old-release')).add('/favicon.ico')")
    keep(page, "walk")
    expect_one = "async () => (await caches.keys()).length === 1"
    page.wait_for_function(expect_one)


def kept_in(page: Page) -> dict[str, Any]:
    """What the browser keeps of this site."""
    return page.evaluate(
        """async () => ({
            caches: (await Promise.all((await caches.keys()).map(async (name) =>
                (await (await caches.open(name)).keys()).map((r) => new URL(r.url).pathname)
            ))).flat(),
            databases: (await indexedDB.databases()).length,
            workers: (await navigator.serviceWorker.getRegistrations()).length,
            local: Object.keys(localStorage),
        })"""
    )


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Sign out").click()


def test_signing_out_tells_of_what_waits_and_then_clears_everything(page: Page) -> None:
    sign_up(page, next(NAMES))
    keep(page, "walk")
    page.context.route("**/offline/answers", lambda route: route.abort())
    page.goto("/offline")
    page.get_by_role("button", name="Practise A short walk").click()
    answer_one(page)
    sign_out(page)
    expect(page.get_by_text("1 answer has not reached the server yet.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    found = kept_in(page)
    assert (found["caches"], found["databases"], found["workers"]) == ([], 0, 0)
    assert "offline" not in found["local"]


def test_where_no_script_gets_to_it_signing_out_clears_everything_too(page: Page) -> None:
    sign_up(page, next(NAMES))
    keep(page, "walk")
    page.goto("/account")
    page.locator("form[action='/sign-out']").evaluate("form => form.submit()")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    found = kept_in(page)
    assert (found["caches"], found["databases"], found["workers"]) == ([], 0, 0)


def test_another_account_sees_nothing_of_what_was_kept(page: Page) -> None:
    first, second = next(NAMES), next(NAMES)
    sign_up(page, second)
    sign_out(page)
    sign_up(page, first)
    keep(page, "walk")
    page.context.clear_cookies()
    sign_in(page, second)
    page.goto("/offline")
    expect(page.get_by_role("heading", name="Nothing is kept here yet")).to_be_visible()
    assert (
        page.evaluate(
            """() => new Promise((resolve) => {
            const request = indexedDB.open("quizapp-offline");
            request.onsuccess = () => {
                const all = request.result.transaction("decks").objectStore("decks").getAll();
                all.onsuccess = () => resolve(all.result.length);
            };
        })"""
        )
        == 0
    )


def test_nothing_of_an_exam_is_ever_kept(page: Page, exam: str) -> None:
    keep(page, "article-4")
    begin(page, exam)
    expect(page).to_have_url(re.compile(r"/graded/"))
    page.locator(".choice").first.click()
    expect(page.locator("[data-saved]")).to_have_text(re.compile("^Saved"))
    page.reload()
    cached = kept_in(page)["caches"]
    assert "/offline" in cached
    assert [p for p in cached if p != "/offline" and not p.startswith("/static/")] == []
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()


@pytest.fixture
def exam(page: Page, hall: Hall) -> str:  # noqa: F811  # the fixture
    """The address of an exam for who is on the page."""
    address = hall.give()
    page.goto(f"/join/{hall.code}")
    page.get_by_label("Your name in this class").fill(next(NAMES))
    page.get_by_role("button", name=re.compile("^Join")).click()
    expect(page).to_have_url(re.compile("/classes/"))
    return address


# Every state as axe judges it


def _kept(page: Page) -> None:
    keep(page, "walk")
    page.goto("/offline")
    expect(page.get_by_role("heading", name="Kept for offline")).to_be_visible()
    expect(sync(page)).to_have_text(SAVED)


def _asked(page: Page) -> None:
    _kept(page)
    go_offline(page.context)
    page.get_by_role("button", name="Practise A short walk").click()


def _problem(page: Page) -> None:
    _asked(page)
    page.get_by_role("button", name="Check answer").click()
    expect(page.get_by_role("alert")).to_be_focused()


def _explained(page: Page) -> None:
    _asked(page)
    answer_one(page)
    expect(sync(page)).to_contain_text("Waiting to send (1)")


def _begun(page: Page) -> None:
    _explained(page)
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def _result(page: Page) -> None:
    _asked(page)
    for _ in range(3):
        answer_one(page)
        go_on(page)
    expect(page).to_have_title(re.compile("^Result"))


def _line(page: Page) -> None:
    _explained(page)
    page.context.route("**/offline/answers", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto("/")
    expect(page.locator(".waiting")).to_be_visible()


STATES: dict[str, Callable[[Page], Any]] = {
    "nothing kept": lambda page: page.goto("/offline"),
    "deck kept": lambda page: keep(page, "walk"),
    "list": _kept,
    "asking": _asked,
    "problem": _problem,
    "explained": _explained,
    "begun": _begun,
    "result": _result,
    "line": _line,
}


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(page: Page, state: str) -> None:
    STATES[state](page)
    page.evaluate(AXE_SCRIPT)
    found = [_violations(page, width, look) for width in WIDTHS for look in LOOKS]
    assert not any(found), "\n".join(found)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_where_the_browser_may_keep_nothing_that_is_said_and_the_rest_works(page: Page) -> None:
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto("/offline")
    expect(page.get_by_role("heading", name="This browser cannot keep decks here")).to_be_visible()
    start(page)
    page.goto("/decks/walk")
    expect(page.get_by_role("button", name="Start practice")).to_be_visible()
    expect(page.get_by_role("button", name="Keep for offline")).to_be_hidden()


def test_the_page_says_what_it_takes_where_there_are_no_scripts(
    new_context: Callable[..., BrowserContext], base_url: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/offline")
    expect(page.get_by_role("heading", name="Studying offline takes JavaScript")).to_be_visible()
    page.goto("/decks/walk")
    expect(page.get_by_role("button", name="Keep for offline")).to_be_hidden()
