from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest
from sqlalchemy import func, select

from quizapp.db.models import Attempt, Choice, Item, Question, QuestionVersion, Response
from quizapp.db.queries.attempts import attempts_of, item_of
from quizapp.operations.answering import (
    Answer,
    NothingToAnswer,
    Outcome,
    Start,
    end_attempt,
    skip_item,
    start_practice,
    submit_response,
)
from quizapp.operations.tallies import wrong_tallies
from tests.support import cast
from tests.support.cast import NOW, answer, begin, item_at, question_of, sessions

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def ada(session):
    """Somebody who answers; the bank is loaded."""
    cast.load(session)
    return cast.guest(session, "ada")


def attempt_named(session, public_id: str) -> Attempt:
    session.expire_all()
    return session.scalars(select(Attempt).where(Attempt.public_id == public_id)).one()


def position_of(session, person, attempt: str, slug: str) -> int:
    """Where in the attempt a question is asked."""
    size = attempt_named(session, attempt).size
    return next(
        position
        for position in range(1, size + 1)
        if question_of(session, item_at(session, person, attempt, position)).slug == slug
    )


def tallies(session, slug: str) -> tuple[int, Fraction, list[int]]:
    """How often a question was answered, its credit, and how often each choice was chosen."""
    session.expire_all()
    version = session.scalars(
        select(QuestionVersion).join(Question).where(Question.slug == slug)
    ).one()
    return version.responses, version.credit, [choice.chosen for choice in version.choices]


# Starting


def test_an_attempt_asks_every_question_of_its_decks_once(session, ada):
    attempt = attempt_named(session, begin(session, ada, "rivers", "seas"))
    assert (attempt.size, attempt.marks, attempt.answered) == (5, "-----", 0)
    assert [item.position for item in attempt.items] == [1, 2, 3, 4, 5]
    assert len({item.version_id for item in attempt.items}) == 5
    assert attempt.started_at == NOW
    assert attempt.ended_at is None


def test_an_attempt_can_be_shorter_than_its_decks_but_not_longer(session, ada):
    short = begin(session, ada, count=2, start_key="short-key")
    long = begin(session, ada, count=100, start_key="long-key-")
    assert attempt_named(session, short).size == 2
    assert attempt_named(session, long).size == 4


def test_each_item_keeps_an_order_of_all_its_choices(session, ada):
    public_id = begin(session, ada)
    for position in range(1, 5):
        item = item_at(session, ada, public_id, position)
        assert sorted(item.order) == list(range(len(question_of(session, item).choices)))


def test_an_attempt_without_questions_is_refused(session, ada):
    with pytest.raises(NothingToAnswer):
        start_practice(session, ada.account_id, Start([], "Nothing", "start-key"), Random(1), NOW)
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_starting_twice_with_one_key_finds_the_first_attempt(session, ada):
    first = begin(session, ada, seed=1)
    assert begin(session, ada, seed=2) == first
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_two_people_may_come_with_the_same_start_key(session, ada):
    other = cast.guest(session, "other")
    assert begin(session, ada) != begin(session, other)


def test_many_starts_at_once_with_one_key_begin_one_attempt(database_url):
    with sessions(database_url) as session:
        cast.load(session)
        ada = cast.guest(session)

    def start(seed: int) -> str:
        with sessions(database_url) as session:
            return begin(session, ada, seed=seed)

    with ThreadPoolExecutor(8) as pool:
        begun = set(pool.map(start, range(8)))
    with sessions(database_url) as session:
        assert session.scalars(select(Attempt.public_id)).all() == [*begun]
        assert session.scalar(select(func.count()).select_from(Item)) == 4


# Answering


@pytest.mark.parametrize(
    ("slug", "chosen", "credit", "mark"),
    [
        ("beginning", {0}, Fraction(1), "r"),
        ("beginning", {2}, Fraction(0), "w"),
        ("belongings", {0, 1}, Fraction(1), "r"),
        ("belongings", {1}, Fraction(1, 2), "p"),
        ("belongings", {0, 1, 3}, Fraction(1, 2), "p"),
        ("belongings", {0, 1, 2, 3}, Fraction(0), "w"),
    ],
)
def test_an_answer_earns_credit_and_leaves_its_mark(session, ada, slug, chosen, credit, mark):
    public_id = begin(session, ada)
    position = position_of(session, ada, public_id, slug)
    outcome = answer(session, ada, public_id, position, frozenset(chosen), 3, LATER)
    assert outcome is Outcome.TAKEN
    attempt = attempt_named(session, public_id)
    assert (attempt.answered, attempt.credit) == (1, credit)
    assert attempt.marks == "----"[: position - 1] + mark + "----"[position:]
    given = item_at(session, ada, public_id, position).given
    assert given is not None
    assert (given.chosen, given.certainty, given.credit) == (chosen, 3, credit)
    response = session.scalars(select(Response)).one()
    assert response.answered_at == LATER


def test_an_answer_is_counted_for_its_question_and_each_chosen_choice(session, ada):
    public_id = begin(session, ada)
    position = position_of(session, ada, public_id, "belongings")
    answer(session, ada, public_id, position, frozenset({1, 3}))
    assert tallies(session, "belongings") == (1, Fraction(0), [0, 1, 0, 1])
    assert tallies(session, "beginning") == (0, Fraction(0), [0, 0, 0])


def test_how_long_and_how_sure_need_not_be_said(session, ada):
    public_id = begin(session, ada)
    answer(session, ada, public_id, 1)
    response = session.scalars(select(Response)).one()
    assert (response.certainty, response.elapsed_ms) == (None, None)


def test_the_first_answer_stands(session, ada):
    public_id = begin(session, ada)
    position = position_of(session, ada, public_id, "beginning")
    answer(session, ada, public_id, position, frozenset({1}), 1)
    again = answer(session, ada, public_id, position, frozenset({0}), 3)
    assert again is Outcome.ALREADY_ANSWERED
    given = item_at(session, ada, public_id, position).given
    assert given is not None
    assert (given.chosen, given.certainty) == ({1}, 1)
    assert tallies(session, "beginning") == (1, Fraction(0), [0, 1, 0])
    assert attempt_named(session, public_id).answered == 1


def test_the_last_answer_ends_the_attempt_and_none_before_it(session, ada):
    public_id = begin(session, ada)
    for position in (2, 4, 1):
        answer(session, ada, public_id, position)
        assert attempt_named(session, public_id).ended_at is None
    answer(session, ada, public_id, 3, now=LATER)
    attempt = attempt_named(session, public_id)
    assert (attempt.ended_at, attempt.answered, attempt.credit) == (LATER, 4, 4)


def test_an_answer_after_the_end_is_not_counted(session, ada):
    public_id = begin(session, ada)
    end_attempt(session, attempt_named(session, public_id).id, NOW)
    assert answer(session, ada, public_id, 1, now=LATER) is Outcome.ATTEMPT_OVER
    assert session.scalar(select(func.count()).select_from(Response)) == 0
    assert attempt_named(session, public_id).ended_at == NOW


def test_repeating_an_answer_after_the_end_says_that_it_was_given(session, ada):
    public_id = begin(session, ada)
    answer(session, ada, public_id, 1)
    end_attempt(session, attempt_named(session, public_id).id, NOW)
    assert answer(session, ada, public_id, 1) is Outcome.ALREADY_ANSWERED


def test_ending_twice_ends_once(session, ada):
    public_id = begin(session, ada)
    end_attempt(session, attempt_named(session, public_id).id, NOW)
    end_attempt(session, attempt_named(session, public_id).id, LATER)
    assert attempt_named(session, public_id).ended_at == NOW


def test_an_answer_to_an_attempt_deleted_meanwhile_is_not_kept(session, ada):
    item = item_at(session, ada, begin(session, ada), 1)
    question = question_of(session, item)
    session.delete(session.get_one(Attempt, item.attempt_id))
    session.commit()
    outcome = submit_response(session, item, question, Answer(question.keys), NOW)
    assert outcome is not Outcome.TAKEN
    assert wrong_tallies(session) == []


@pytest.mark.parametrize("same", [True, False], ids=["the same answer", "different answers"])
def test_of_32_answers_at_once_one_is_kept_and_counted(database_url, same):
    with sessions(database_url) as session:
        cast.load(session)
        ada = cast.guest(session)
        public_id = begin(session, ada, "seas")
        item = item_at(session, ada, public_id, 1)
        question = question_of(session, item)

    def send(number: int) -> Outcome:
        chosen = frozenset({0 if same else number % 2})
        with sessions(database_url) as session:
            return submit_response(session, item, question, Answer(chosen), NOW)

    with ThreadPoolExecutor(32) as pool:
        outcomes = list(pool.map(send, range(32)))
    assert sorted(outcomes, key=lambda o: o.value) == [
        Outcome.TAKEN,
        *[Outcome.ALREADY_ANSWERED] * 31,
    ]
    with sessions(database_url) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 1
        assert session.scalar(select(func.sum(Choice.chosen))) == 1
        assert wrong_tallies(session) == []


def test_answers_of_many_people_at_once_are_all_counted(database_url):
    with sessions(database_url) as session:
        cast.load(session)
        people = [cast.guest(session, f"guest {n}") for n in range(8)]
        attempts = [begin(session, person) for person in people]

    def answer_all(number: int) -> None:
        with sessions(database_url) as session:
            for position in Random(number).sample(range(1, 5), 4):
                taken = answer(session, people[number], attempts[number], position)
                assert taken is Outcome.TAKEN

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer_all, range(8)))
    with sessions(database_url) as session:
        assert wrong_tallies(session) == []
        assert tallies(session, "belongings") == (8, Fraction(8), [8, 8, 0, 0])


@pytest.mark.parametrize("seed", range(3))
def test_after_any_sequence_of_acts_all_tallies_agree_with_the_answers(session, ada, seed):
    random = Random(seed)
    people = [ada, cast.guest(session, "one"), cast.guest(session, "two")]
    attempts = [
        (person, begin(session, person, "rivers", "seas", start_key=f"key {n}"))
        for person in people
        for n in range(2)
    ]
    for _ in range(60):
        person, public_id = random.choice(attempts)
        item = item_at(session, person, public_id, random.randint(1, 5))
        match random.choices(["answer", "skip", "end"], [10, 3, 1])[0]:
            case "skip":
                skip_item(session, item)
            case "end":
                end_attempt(session, item.attempt_id, NOW)
            case _:
                places = range(len(question_of(session, item).choices))
                chosen = frozenset(random.sample(places, random.randint(1, len(places))))
                answer(session, person, public_id, item.position, chosen)
    assert wrong_tallies(session) == []
    for person, public_id in attempts:
        attempt = attempt_named(session, public_id)
        items = [item_at(session, person, public_id, n) for n in range(1, 6)]
        given = [item.given for item in items if item.given]
        assert attempt.answered == len(given)
        assert attempt.credit == sum((g.credit for g in given), Fraction(0))
        assert [mark in "rpw" for mark in attempt.marks] == [bool(i.given) for i in items]


# Skipping


def test_skipping_is_no_answer_and_costs_nothing(session, ada):
    public_id = begin(session, ada)
    skip_item(session, item_at(session, ada, public_id, 2))
    attempt = attempt_named(session, public_id)
    assert (attempt.marks, attempt.answered, attempt.credit) == ("-s--", 0, 0)
    assert attempts_of(session, ada.account_id, 10) == []


def test_a_skipped_item_can_still_be_answered(session, ada):
    public_id = begin(session, ada)
    skip_item(session, item_at(session, ada, public_id, 2))
    assert answer(session, ada, public_id, 2) is Outcome.TAKEN
    assert attempt_named(session, public_id).marks == "-r--"


def test_skipping_what_is_answered_changes_nothing(session, ada):
    public_id = begin(session, ada)
    answer(session, ada, public_id, 2)
    skip_item(session, item_at(session, ada, public_id, 2))
    assert attempt_named(session, public_id).marks == "-r--"


def test_skipping_after_the_end_changes_nothing(session, ada):
    public_id = begin(session, ada)
    end_attempt(session, attempt_named(session, public_id).id, NOW)
    skip_item(session, item_at(session, ada, public_id, 2))
    assert attempt_named(session, public_id).marks == "----"


# Whose it is


def test_an_item_is_found_by_its_owner_alone(session, ada):
    mallory = cast.guest(session, "mallory")
    public_id = begin(session, ada)
    assert item_of(session.connection(), mallory.session_key, public_id, 1) is None
    assert item_of(session.connection(), ada.session_key, public_id, 0) is None
    assert item_of(session.connection(), ada.session_key, public_id, 5) is None
