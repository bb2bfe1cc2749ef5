from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.gradebook import (
    Column,
    Only,
    Records,
    State,
    Student,
    Work,
    credit_range,
    in_order,
    mean,
    only,
    rows,
    standing,
    total,
)
from quizapp.domain.graded.policy import Counting, Policy
from quizapp.domain.graded.timing import Accommodation, Window, terms

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
BEFORE, OPEN, PAST = (
    Window(opens_at=NOW + HOUR),
    Window(opens_at=NOW - HOUR, due_at=NOW + HOUR, closes_at=NOW + HOUR),
    Window(opens_at=NOW - 3 * HOUR, due_at=NOW - 2 * HOUR, closes_at=NOW - HOUR),
)
POLICY = Policy(attempts_allowed=None, pass_mark=HALF)


def done(share, at=NOW - 3 * HOUR, number=1) -> Work:
    return Work(number, at, share)


RUNNING = Work(1, None, None)


def stand(window, *works, policy=POLICY, excused=False, accommodations=()):
    return standing(policy, terms(window, policy, accommodations), works, excused, NOW)


@pytest.mark.parametrize(
    ("window", "works", "state", "counts"),
    [
        (BEFORE, [], State.NOT_OPEN, None),
        (OPEN, [], State.NOT_STARTED, None),
        (OPEN, [RUNNING], State.IN_PROGRESS, None),
        (OPEN, [done(HALF)], State.SUBMITTED, HALF),
        (OPEN, [done(HALF), RUNNING], State.IN_PROGRESS, HALF),
        (PAST, [], State.MISSED, 0),
        (PAST, [RUNNING], State.IN_PROGRESS, None),
        (PAST, [done(THIRD)], State.SUBMITTED, THIRD),
        (PAST, [done(None)], State.SUBMITTED, None),
    ],
)
def test_where_a_student_stands_and_what_counts(window, works, state, counts):
    found = stand(window, *works)
    assert (found.state, found.counts) == (state, counts)


def test_who_is_excused_has_nothing_that_counts():
    assert stand(PAST, excused=True).counts is None
    excused = stand(PAST, done(HALF), excused=True)
    assert (excused.counts, excused.share) == (None, HALF)


def test_an_extended_student_has_not_missed_what_is_open_for_them():
    longer = Accommodation(closes_at=NOW + HOUR)
    found = stand(PAST, accommodations=[longer])
    assert (found.state, found.is_extended) == (State.NOT_STARTED, True)


@pytest.mark.parametrize(("share", "passed"), [(HALF, True), (THIRD, False), (None, None)])
def test_passing_is_about_what_counts(share, passed):
    assert stand(OPEN, done(share)).has_passed is passed


EARLY, LATE = NOW - 3 * HOUR, NOW - HOUR


@pytest.mark.parametrize(
    ("counting", "works", "is_late"),
    [
        (Counting.BEST, [done(HALF, LATE)], True),
        (Counting.BEST, [done(HALF, EARLY), done(HALF, LATE)], False),
        (Counting.BEST, [done(THIRD, EARLY), done(HALF, LATE)], True),
        (Counting.FIRST, [done(HALF, EARLY), done(HALF, LATE)], False),
        (Counting.LAST, [done(HALF, EARLY), done(HALF, LATE)], True),
        (Counting.MEAN, [done(HALF, EARLY), done(HALF, LATE)], True),
        (Counting.MEAN, [done(HALF, EARLY)], False),
        (Counting.BEST, [], False),
    ],
)
def test_late_is_what_counts_when_it_was_handed_in_after_it_was_due(counting, works, is_late):
    policy = replace(POLICY, counting=counting)
    assert stand(PAST, *works, policy=policy).is_late is is_late


def test_the_total_weighs_what_counts():
    assert total([(2, HALF), (1, Fraction(1)), (5, None)]) == Fraction(2, 3)


@pytest.mark.parametrize("weighted", [[], [(1, None)], [(0, HALF)]])
def test_there_is_no_total_where_nothing_counts(weighted):
    assert total(weighted) is None


SHARES = st.fractions(0, 1)


@given(st.lists(st.tuples(st.integers(0, 9), st.none() | SHARES)))
def test_a_total_lies_among_what_counts_and_not_on_what_does_not(weighted):
    found = total(weighted)
    counting = [share for weight, share in weighted if weight and share is not None]
    assert (found is None) == (not counting)
    if found is not None:
        assert min(counting) <= found <= max(counting)
    assert total([*weighted, (7, None), (0, HALF)]) == found


def test_a_mean_says_how_many_are_behind_it():
    assert mean([HALF, None, Fraction(1)]) == (Fraction(3, 4), 2)
    assert mean([None]) == (None, 0)


def test_marks_go_below_nothing_with_certainty_marking_only():
    assert credit_range(Policy()) == (0, 1)
    assert credit_range(Policy(certainty_marking=True)) == (-2, 1)


# The book

ADA, BOB, CHEN = Student(1, 11, "ada"), Student(2, 12, "Bob"), Student(3, 13, "chen")
FIRST = Column(5, "first", "First", POLICY, PAST, 2)
SECOND = Column(6, "second", "Second", POLICY, OPEN, 1)


@pytest.fixture
def book():
    records = Records(
        works={
            (5, 11): [done(HALF)],
            (6, 11): [done(Fraction(1))],
            (5, 12): [done(Fraction(1), NOW - HOUR)],
        },
        accommodations={
            2: [(6, Accommodation(extra_attempts=1)), (None, Accommodation(time_percent=200))],
            3: [(5, Accommodation(closes_at=NOW + HOUR))],
        },
        excused={(5, 1)},
    )
    return rows([FIRST, SECOND], [ADA, BOB, CHEN], records, NOW)


def test_every_student_has_a_standing_in_every_assignment(book):
    states = {row.student.name: [each.state.value for each in row.standings] for row in book}
    assert states == {
        "ada": ["submitted", "submitted"],
        "Bob": ["submitted", "not-started"],
        "chen": ["not-started", "not-started"],
    }
    assert [row.total for row in book] == [1, 1, None]


def test_accommodations_hold_where_they_are_given(book):
    timed = replace(FIRST, policy=replace(POLICY, time_limit=HOUR))
    granted = {2: [(None, Accommodation(time_percent=200))]}
    (row,) = rows([timed, SECOND], [BOB], Records({}, granted, ()), NOW)
    assert [each.is_extended for each in row.standings] == [True, False]
    extended = {row.student.name: [each.is_extended for each in row.standings] for row in book}
    assert extended["chen"] == [True, False]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Only(), ["ada", "Bob", "chen"]),
        (Only(name="B"), ["Bob"]),
        (Only(state="excused"), ["ada"]),
        (Only(state="late"), ["Bob"]),
        (Only(state="extended", place=1), []),
        (Only(state="extended"), ["chen"]),
        (Only(state="submitted", place=1), ["ada"]),
        (Only(state="passed"), ["ada", "Bob"]),
        (Only(state="failed"), []),
        (Only(name="c", state="not-started"), ["chen"]),
    ],
)
def test_students_are_picked_by_name_and_state(book, wanted, names):
    assert [row.student.name for row in only(book, wanted)] == names


@pytest.mark.parametrize(
    ("key", "descending", "names"),
    [
        ("name", False, ["ada", "Bob", "chen"]),
        ("name", True, ["chen", "Bob", "ada"]),
        ("total", False, ["ada", "Bob", "chen"]),
        ("total", True, ["ada", "Bob", "chen"]),
        (0, True, ["Bob", "ada", "chen"]),
        (1, False, ["ada", "Bob", "chen"]),
    ],
)
def test_rows_are_in_order_and_who_has_nothing_comes_last(book, key, descending, names):
    assert [row.student.name for row in in_order(book, key, descending)] == names
