"""Item analysis as instructors see it, on a class whose figures were worked out by hand."""

import csv
import re
from html import unescape
from io import StringIO

import pytest
from sqlalchemy import event, select, update

from quizapp.db.models import (
    Account,
    Attempt,
    FileState,
    Origin,
    Question,
    QuestionFile,
    QuestionVersion,
    Role,
)
from quizapp.db.transactions import writing
from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.regrading import Ruling
from quizapp.extensions import db
from quizapp.operations import marking, regrading
from quizapp.operations.regrading import Plan
from tests.support import bank, cast
from tests.support.browsing import Browser
from tests.support.cast import NOW
from tests.support.classroom import enrol, make_class
from tests.support.handed_in import assign, hand_in
from tests.web.access import analysis as access

RIGHT, WRONG = {"beginning": {0}, "movement": {1}}, {"beginning": {1}, "movement": {0}}
RIVERS = "geo/rivers.md"


@pytest.fixture
def school_class(session, people):
    return make_class(session, people.grace)


@pytest.fixture
def midterm(session, school_class):
    return assign(session, school_class, policy=Policy(attempts_allowed=None))


@pytest.fixture
def twenty(session, school_class, midterm):
    """Of 20 students, 8 get both questions right, 2 only the first, 2 only the second, 8 none."""
    answers = [
        *[RIGHT] * 8,
        *[{**WRONG, "beginning": {0}}] * 2,
        *[{**WRONG, "movement": {1}}] * 2,
        *[WRONG] * 8,
    ]
    students = [cast.guest(session, f"student {n}") for n in range(20)]
    for student, given in zip(students, answers, strict=True):
        enrol(session, school_class, student)
        hand_in(session, midterm, student, given)
    return students


@pytest.fixture
def grace(app, people) -> Browser:
    return Browser(app, people.grace)


@pytest.fixture
def address(midterm) -> str:
    return f"/teach/assignments/{midterm.public_id}/analysis"


def words(page) -> str:
    """What a page says, in one line."""
    text = re.sub(r"<[^>]+>", " ", page.text)
    return re.sub(r"\s+", " ", unescape(text)).replace("\u00a0", " ")


def version_of(session, slug: str) -> int:
    return session.scalars(
        select(QuestionVersion.id)
        .join(Question)
        .where(Question.slug == slug, QuestionVersion.is_current)
    ).one()


def test_the_figures_of_a_class_are_those_worked_out_by_hand(grace, twenty, address):
    page = words(grace.get(address))
    assert "20 attempts" in page
    # Scores: 8 of 0, 4 of 1/2, 8 of 1. Their variance is 2 * 8 / 4 / 19, its root 0.4588.
    assert "Mean 50 % (standard deviation 46 points), 95 % interval 29 to 71 %." in page
    # Items vary by 5/19 each, sums by 16/19: 2 * (1 - 10/16) = 0.75.
    assert "(Cronbach’s alpha) 0.75, 95 % interval 0.37 to 0.90: fine for comparing groups" in page
    # 0.4588 * sqrt(1 - 0.75) of two marks.
    assert "standard error of measurement is 0.5 of 2 marks" in page
    # Both questions: 10 of 20 right, Wilson; correlation (8 * 8 - 2 * 2) / 100, Fisher.
    assert len(re.findall(r"Facility 50 % 30 to 70 %", page)) == 2
    assert len(re.findall(r"Item-rest r 0\.60 0\.21 to 0\.82", page)) == 2
    assert "Discrimination index 60 % 21 to 82 %" in page
    assert "Discriminative efficiency 60 %" in page
    assert "0 –9 per cent: 8" in page
    assert "50 –59 per cent: 4" in page
    assert "90 –100 per cent: 8" in page
    assert "No question stands out beyond chance." in page
    assert "Median time 20 s 20 to 20 s" in page


def test_choices_are_counted_by_thirds_and_the_key_is_named(grace, twenty, address):
    page = words(grace.get(address))
    # Lower third: the 8 without a right answer; then the 4 with one; then the 8 with both.
    assert "A (key) 50 % B 50 % C 0 %" in page
    assert "A key At its spring 10 (50 %) 30 to 70 % 0 (0 %) 2 (50 %) 8 (100 %)" in page
    assert "Attempts 20 8 4 8" in page


def test_too_few_answers_give_words_in_place_of_figures(
    grace, session, school_class, midterm, address
):
    for n in range(4):
        student = cast.guest(session, f"student {n}")
        enrol(session, school_class, student)
        hand_in(session, midterm, student, RIGHT)
    page = words(grace.get(address))
    assert "Mean and spread of the scores: too few answers (n = 4)." in page
    assert "Reliability (Cronbach’s alpha): not given, too few answers (n = 4)." in page
    assert "Facility too few answers (n = 4)" in page
    assert "Item-rest r too few answers (n = 4)" in page


def test_before_anybody_submits_the_pages_say_so(grace, midterm, school_class, address):
    for place in (
        address,
        f"/teach/classes/{school_class.public_id}/analysis",
        "/teach/decks/rivers/analysis",
        "/teach/decks/rivers/questions/beginning/analysis",
    ):
        page = grace.get(place)
        assert page.status_code == 200
        assert "Nothing to analyse yet" in page.text


def test_first_attempts_are_shown_unless_all_are_asked_for(
    grace, session, midterm, twenty, address
):
    hand_in(session, midterm, twenty[0], WRONG, number=2)
    assert "20 attempts" in words(grace.get(address))
    every = grace.get(f"{address}?attempts=all")
    assert "21 attempts" in words(every)
    assert re.search(r'<a href="[^"]+" aria-current="true">All submitted attempts</a>', every.text)


def test_a_question_that_strong_students_miss_is_on_top_with_the_way_to_mend_it(
    grace, session, school_class, midterm, address
):
    others = {"belongings": {0, 1}, "riddle": {0}}
    for n in range(40):
        student = cast.guest(session, f"student {n}")
        enrol(session, school_class, student)
        is_strong = n % 2 == 0
        given = (
            {"movement": {1}, "beginning": {1}, **others}
            if is_strong
            else {"movement": {0}, "beginning": {0}, "belongings": {2}, "riddle": {1}}
        )
        hand_in(session, midterm, student, given)
    page = grace.get(address)
    text = words(page)
    assert "Strong students miss it more often than weak ones" in text
    assert "One question deserves a look." in text
    stems = re.findall(r'class="stem-link" href="[^"]+">([^<]+)<', page.text)
    assert stems[0] == "Where does a river begin?"
    version = version_of(session, "beginning")
    regrade = f"/teach/assignments/{midterm.public_id}/regrades/new?version={version}"
    assert f'href="{regrade}"' in page.text
    assert grace.get(regrade).status_code == 200
    ordered = grace.get(f"{address}?order=author")
    assert re.findall(r'class="stem-link" href="[^"]+">([^<]+)<', ordered.text)[1].startswith(
        "Which of these"
    )


def test_versions_with_the_same_keys_are_counted_together(
    app, grace, session, school_class, midterm, twenty, address
):
    typo = bank.RIVERS.replace("Where does a river begin?", "Where do rivers begin?")
    cast.load(session, {**bank.FILES, RIVERS: typo})
    student = cast.guest(session, "one more")
    enrol(session, school_class, student)
    hand_in(session, midterm, student, RIGHT)
    page = words(grace.get(address))
    assert "21 attempts" in page
    assert "(Cronbach’s alpha) 0." in page
    assert "Versions counted together" in page
    detail = words(grace.get("/teach/decks/rivers/questions/beginning/analysis"))
    assert "Where do rivers begin? 21 answers" in detail


def test_versions_with_other_keys_are_counted_apart(grace, session, school_class, midterm, twenty):
    new_key = bank.RIVERS.replace("- [x] At its spring", "- [ ] At its spring").replace(
        "- [ ] At its mouth", "- [x] At its mouth"
    )
    cast.load(session, {**bank.FILES, RIVERS: new_key})
    student = cast.guest(session, "one more")
    enrol(session, school_class, student)
    hand_in(session, midterm, student, RIGHT)
    page = words(grace.get("/teach/decks/rivers/questions/beginning/analysis"))
    assert "The key has changed" in page
    assert "20 answers · an earlier version" in page
    assert "1 answer " in page


def test_a_regraded_question_says_so_and_shows_the_keys_in_force(
    grace, session, people, midterm, twenty, address
):
    version, policy = version_of(session, "beginning"), Policy.from_dict(midterm.policy)
    plan = Plan(midterm.id, version, Ruling.REGRADE, frozenset({1}))
    digest = regrading.preview(session, policy, plan).digest
    regrading.apply(session, people.grace.account_id, plan, "wrong key", digest, NOW)
    page = words(grace.get(address))
    assert "answers graded anew by a regrade" in page
    assert "A 50 % B (key) 50 % C 0 %" in page
    assert "Item-rest r −0.60 −0.82 to −0.21" in page


def test_an_ignored_question_is_named_apart(grace, session, people, midterm, twenty, address):
    version, policy = version_of(session, "beginning"), Policy.from_dict(midterm.policy)
    plan = Plan(midterm.id, version, Ruling.IGNORE)
    digest = regrading.preview(session, policy, plan).digest
    regrading.apply(session, people.grace.account_id, plan, "not taught", digest, NOW)
    page = words(grace.get(address))
    assert "Left out of the marks" in page
    assert "not given, needs two questions" in page


def test_the_class_page_lists_its_assignments_and_all_questions(grace, school_class, twenty):
    page = words(grace.get(f"/teach/classes/{school_class.public_id}/analysis"))
    assert "Midterm 20 50 % 29 to 71 % 46 %" in page
    assert "Questions of all assignments" in page


def test_certainty_shows_who_was_certain_and_wrong(grace, session, school_class, midterm, address):
    for n in range(10):
        student = cast.guest(session, f"student {n}")
        enrol(session, school_class, student)
        hand_in(session, midterm, student, RIGHT if n < 4 else WRONG, certainty=3)
    page = words(grace.get(address))
    assert "Confidently wrong 60 % 31 to 83 %" in page
    assert "certain: 4 of 10 right" in page


def test_skipped_and_unseen_are_told_apart_from_wrong(
    grace, session, school_class, midterm, address
):
    for n in range(10):
        student = cast.guest(session, f"student {n}")
        enrol(session, school_class, student)
        given = {"beginning": {0}, "movement": None, "riddle": None}
        attempt = hand_in(session, midterm, student, given, at=None)
        with writing(session) as connection:
            values = {"marks": "as-", "ended_at": NOW}
            connection.execute(update(Attempt).where(Attempt.id == attempt).values(values))
            marking.settle(connection, [attempt])
    page = words(grace.get(address))
    assert "0 answers, 10 skipped" in page
    assert "0 answers, 10 never saw it" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_all_figures_can_be_taken_away(grace, twenty, address, kind):
    response = grace.get(f"{address}/export/{kind}")
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    if kind == "csv":
        first, *rows = list(csv.DictReader(StringIO(response.text.lstrip("\ufeff"))))
        assert first["Question"] == "rivers/beginning"
        assert len(rows) == 1
        assert float(first["Facility"]) == 0.5
        assert float(first["Facility, low"]) == pytest.approx(0.299298)
        assert float(first["Item-rest r"]) == pytest.approx(0.6)
        assert float(first["Item-rest r, high"]) == pytest.approx(0.8238, abs=1e-4)
        assert first["Keys"] == "A"
        assert first["A: chosen"] == "10"
        assert first["B: lower"] == "8"


def test_a_formula_in_a_stem_is_only_text_in_a_file(grace, session, twenty, address):
    session.execute(update(QuestionVersion).values(stem="=1+1"))
    session.commit()
    assert '"\'=1+1"' in grace.get(f"{address}/export/csv").text


def test_a_page_takes_as_many_statements_however_much_was_answered(
    app, grace, session, school_class, midterm, twenty, address
):
    counts = []
    for n in range(2):
        for place in (
            address,
            f"/teach/classes/{school_class.public_id}/analysis",
            "/teach/decks/rivers/analysis",
            "/teach/decks/rivers/questions/beginning/analysis",
        ):
            with told(app) as statements:
                assert grace.get(place).status_code == 200
            counts.append(len(statements))
        student = cast.guest(session, f"one more {n}")
        enrol(session, school_class, student)
        hand_in(session, midterm, student, {**RIGHT, "belongings": {0, 1}, "riddle": {0}})
    assert counts[:4] == counts[4:]
    assert max(counts) <= 6


class told:  # noqa: N801  # reads as a word of the test
    """The statements that an app sends in a block."""

    def __init__(self, app) -> None:
        self.app, self.statements = app, []

    def __enter__(self) -> list[str]:
        with self.app.app_context():
            self.engine = db.engine
        event.listen(self.engine, "before_cursor_execute", self.note)
        return self.statements

    def __exit__(self, *_error) -> None:
        event.remove(self.engine, "before_cursor_execute", self.note)

    def note(self, _connection, _cursor, statement, *_rest) -> None:
        self.statements.append(statement)


def test_many_questions_are_cut_and_can_all_be_shown(grace, session, twenty, address, monkeypatch):
    monkeypatch.setattr("quizapp.web.teach.analysis.A_PAGE", 1)
    page = grace.get(address)
    assert page.text.count('class="stem-link"') == 1
    assert "Show all 2 questions" in page.text
    assert grace.get(f"{address}?show=all").text.count('class="stem-link"') == 2


def test_questions_can_be_put_in_order_by_a_figure(grace, session, midterm, twenty, address):
    session.execute(update(Question).where(Question.slug == "beginning").values(position=99))
    session.commit()
    extra = cast.guest(session, "one more")
    hand_in(session, midterm, extra, {**WRONG, "movement": {1}})

    def stems(order: str) -> list[str]:
        page = grace.get(f"{address}?order={order}").text
        return re.findall(r'class="stem-link" href="[^"]+">([^<]+)<', page)

    assert stems("author") == ["What moves a river?", "Where does a river begin?"]
    assert stems("facility") == ["Where does a river begin?", "What moves a river?"]


def test_what_an_address_asks_for_and_is_not_understood_counts_as_the_default(
    grace, twenty, address
):
    page = grace.get(f"{address}?order=nonsense&attempts=&show=1")
    assert page.status_code == 200
    assert 'aria-current="true">Worst first' in page.text


def test_a_deck_that_is_not_shared_is_nobody_elses_to_analyse(app, session, people, twenty):
    heidi = cast.register(session, "heidi", Role.INSTRUCTOR)
    file = session.scalars(select(QuestionFile).where(QuestionFile.name == RIVERS)).one()
    file.origin, file.owner_id, file.is_shared = Origin.UPLOAD, people.grace.account_id, False
    session.commit()
    assert file.state == FileState.LIVE
    for place in (
        "/teach/decks/rivers/analysis",
        "/teach/decks/rivers/analysis/export/csv",
        "/teach/decks/rivers/questions/beginning/analysis",
    ):
        assert Browser(app, heidi).get(place).status_code == 404
        assert Browser(app, people.grace).get(place).status_code == 200


def test_who_is_let_in(app, session, people, school_class, midterm, twenty):
    enrol(session, school_class, people.ada)
    heidi = cast.register(session, "heidi", Role.INSTRUCTOR)
    admin = cast.register(session, "admin", Role.INSTRUCTOR)
    session.get_one(Account, admin.account_id).role = Role.ADMIN
    session.commit()
    guest = cast.guest(session)
    visitors = [None, guest, people.ada, people.mallory, people.grace, heidi, admin]
    for route, answers in access.ROUTES.items():
        path = route.removeprefix("GET ")
        for name, value in access.PLACES.items():
            path = path.replace(name, value)
        public_id = midterm.public_id if "assignments" in path else school_class.public_id
        path = path.replace("<public_id>", public_id)
        got = tuple(Browser(app, person).get(path).status_code for person in visitors)
        assert got == answers, route


def test_no_page_names_a_student(grace, session, school_class, midterm, twenty, address):
    student = cast.register(session, "zoe")
    enrol(session, school_class, student, "Zoe Zebra")
    hand_in(session, midterm, student, WRONG)
    for place in (address, "/teach/decks/rivers/analysis"):
        assert "Zoe" not in grace.get(place).text
