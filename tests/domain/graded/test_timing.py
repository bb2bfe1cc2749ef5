from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.graded.policy import Policy
from quizapp.domain.graded.timing import (
    Accommodation,
    Phase,
    Terms,
    Window,
    closed_for_everyone_at,
    deadline,
    gives_more,
    limit_in_words,
    terms,
)

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
EXAM = Policy(time_limit=30 * MINUTE)
NO_WINDOW = Window()

moments = st.integers(-10_000, 10_000).map(lambda minutes: MONDAY + minutes * MINUTE)
maybe_moments = st.none() | moments
windows = st.builds(Window, maybe_moments, maybe_moments, maybe_moments)
policies = st.builds(
    Policy,
    time_limit=st.none() | st.integers(1, 2_000).map(lambda n: n * MINUTE),
    attempts_allowed=st.none() | st.integers(1, 100),
)
accommodations = st.builds(
    Accommodation,
    time_percent=st.integers(100, 1000),
    is_untimed=st.booleans(),
    extra_attempts=st.integers(0, 10),
    due_at=maybe_moments,
    closes_at=maybe_moments,
)
several = st.lists(accommodations, max_size=4)


def is_no_less(one, other) -> bool:
    """Whether a limit allows all that another does; None is no limit."""
    return one is None or (other is not None and one >= other)


def allows_all_of(more: Terms, less: Terms, start: datetime) -> bool:
    return all(
        is_no_less(one, other)
        for one, other in [
            (more.due_at, less.due_at),
            (more.closes_at, less.closes_at),
            (more.time_limit, less.time_limit),
            (more.attempts_allowed, less.attempts_allowed),
            (deadline(more, start), deadline(less, start)),
        ]
    )


@given(windows, policies, several, moments)
def test_no_combination_of_accommodations_shortens_anything(window, policy, given_, start):
    assert allows_all_of(terms(window, policy, given_), terms(window, policy, ()), start)


@given(windows, policies, several, accommodations, moments)
def test_one_accommodation_more_never_shortens_anything(window, policy, given_, added, start):
    before, after = terms(window, policy, given_), terms(window, policy, [*given_, added])
    assert allows_all_of(after, before, start)


@given(windows, policies, several, accommodations, moments, st.data())
def test_extending_an_accommodation_never_shortens_anything(
    window, policy, others, one, start, data
):
    longer = Accommodation(
        time_percent=data.draw(st.integers(one.time_percent, 1000)),
        is_untimed=one.is_untimed or data.draw(st.booleans()),
        extra_attempts=data.draw(st.integers(one.extra_attempts, 10)),
        due_at=data.draw(moments) if one.due_at is None else one.due_at + HOUR,
        closes_at=data.draw(moments) if one.closes_at is None else one.closes_at + HOUR,
    )
    before, after = terms(window, policy, [*others, one]), terms(window, policy, [*others, longer])
    assert allows_all_of(after, before, start)


@given(windows, policies, st.lists(accommodations, max_size=3))
def test_accommodations_may_come_in_any_order_and_twice(window, policy, given_):
    expected = terms(window, policy, given_)
    assert all(terms(window, policy, order) == expected for order in permutations(given_))
    assert terms(window, policy, [*given_, *given_]) == expected


@given(windows, policies)
def test_without_accommodations_the_terms_are_everyones(window, policy):
    same = terms(window, policy, ())
    assert (same.opens_at, same.due_at, same.closes_at) == (
        window.opens_at,
        window.due_at,
        window.closes_at,
    )
    assert (same.time_limit, same.attempts_allowed) == (policy.time_limit, policy.attempts_allowed)
    assert not same.is_extended
    assert not terms(window, policy, [Accommodation()]).is_extended


@given(windows, policies, several, moments)
def test_nobody_works_beyond_the_close(window, policy, given_, start):
    own = terms(window, policy, given_)
    end = deadline(own, start)
    assert own.closes_at is None or end is None or end <= own.closes_at
    assert own.time_limit is None or end is None or end <= start + own.time_limit


def test_the_deadline_is_the_limit_or_the_close():
    window = Window(closes_at=MONDAY + HOUR)
    own = terms(window, EXAM, ())
    assert deadline(own, MONDAY) == MONDAY + 30 * MINUTE
    assert deadline(own, MONDAY + 50 * MINUTE) == MONDAY + HOUR
    assert deadline(terms(window, Policy(), ()), MONDAY) == MONDAY + HOUR
    assert deadline(terms(NO_WINDOW, Policy(), ()), MONDAY) is None


def test_more_time_moves_due_and_close_by_what_the_limit_grows():
    window = Window(MONDAY, MONDAY + HOUR, MONDAY + 2 * HOUR)
    own = terms(window, EXAM, [Accommodation(time_percent=150)])
    assert own.time_limit == 45 * MINUTE
    assert own.opens_at == MONDAY
    assert own.due_at == MONDAY + HOUR + 15 * MINUTE
    assert own.closes_at == MONDAY + 2 * HOUR + 15 * MINUTE


def test_no_time_limit_moves_the_close_like_ten_times_the_time():
    window = Window(closes_at=MONDAY)
    own = terms(window, EXAM, [Accommodation(is_untimed=True, time_percent=200)])
    assert own.time_limit is None
    assert own.closes_at == MONDAY + 9 * 30 * MINUTE


def test_more_time_moves_nothing_where_there_is_no_limit():
    own = terms(Window(closes_at=MONDAY), Policy(), [Accommodation(time_percent=300)])
    assert own.closes_at == MONDAY
    assert not own.is_extended


def test_of_several_accommodations_the_most_generous_counts_and_nothing_is_added_up():
    for_class = Accommodation(time_percent=150, extra_attempts=2)
    for_this = Accommodation(time_percent=125, extra_attempts=1, closes_at=MONDAY + 24 * HOUR)
    own = terms(Window(closes_at=MONDAY), EXAM, [for_class, for_this])
    assert own.time_limit == 45 * MINUTE
    assert own.attempts_allowed == 3
    assert own.closes_at == MONDAY + 24 * HOUR


def test_a_later_due_date_keeps_the_work_open_until_then():
    window = Window(due_at=MONDAY, closes_at=MONDAY + HOUR)
    own = terms(window, Policy(), [Accommodation(due_at=MONDAY + 24 * HOUR)])
    assert own.due_at == own.closes_at == MONDAY + 24 * HOUR
    assert own.is_extended


def test_an_earlier_date_changes_nothing():
    window = Window(due_at=MONDAY, closes_at=MONDAY + HOUR)
    earlier = Accommodation(due_at=MONDAY - HOUR, closes_at=MONDAY - HOUR)
    assert terms(window, Policy(), [earlier]) == terms(window, Policy(), ())


def test_a_date_for_what_has_none_sets_none():
    own = terms(NO_WINDOW, Policy(), [Accommodation(due_at=MONDAY, closes_at=MONDAY)])
    assert own.due_at is None
    assert own.closes_at is None


@pytest.mark.parametrize(
    "accommodation",
    [
        Accommodation(time_percent=110),
        Accommodation(is_untimed=True),
        Accommodation(extra_attempts=1),
        Accommodation(due_at=MONDAY + HOUR),
        Accommodation(closes_at=MONDAY + HOUR),
    ],
)
def test_whatever_differs_from_everyones_is_an_extension(accommodation):
    assert terms(Window(None, MONDAY, MONDAY), EXAM, [accommodation]).is_extended


def test_work_is_late_after_it_was_due_not_when_it_is_due():
    own = terms(Window(due_at=MONDAY), Policy(), ())
    assert not own.is_late(MONDAY)
    assert own.is_late(MONDAY + timedelta(microseconds=1))
    assert not terms(NO_WINDOW, Policy(), ()).is_late(MONDAY)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (MONDAY - MINUTE, Phase.NOT_YET),
        (MONDAY, Phase.OPEN),
        (MONDAY + HOUR - MINUTE, Phase.OPEN),
        (MONDAY + HOUR, Phase.CLOSED),
    ],
)
def test_work_is_open_from_its_opening_until_just_before_its_close(now, phase):
    assert terms(Window(MONDAY, None, MONDAY + HOUR), Policy(), ()).phase(now) is phase


def test_work_without_a_window_is_always_open():
    assert terms(NO_WINDOW, Policy(), ()).phase(MONDAY) is Phase.OPEN


@pytest.mark.parametrize(
    ("minutes", "accommodation", "words"),
    [
        (90, Accommodation(), "90 min"),
        (None, Accommodation(), "no time limit"),
        (None, Accommodation(time_percent=200), "no time limit"),
        (30, Accommodation(time_percent=200), "60 min (extended from 30)"),
        (30, Accommodation(is_untimed=True), "no time limit (extended from 30 min)"),
        (25, Accommodation(time_percent=150), "37 min 30 s (extended from 25 min)"),
        (1, Accommodation(time_percent=101), "1 min 1 s (extended from 1 min)"),
        (120, Accommodation(), "120 min"),
        (150, Accommodation(), "2 h 30 min"),
        (75, Accommodation(time_percent=200), "2 h 30 min (extended from 75 min)"),
        (180, Accommodation(time_percent=200), "6 h (extended from 3 h)"),
        (48 * 60, Accommodation(), "48 h"),
        (49 * 60 + 5, Accommodation(), "2 days 1 h 5 min"),
        (30 * 24 * 60, Accommodation(), "30 days"),
    ],
)
def test_the_limit_is_said_as_people_say_it(minutes, accommodation, words):
    policy = Policy(time_limit=None if minutes is None else minutes * MINUTE)
    assert limit_in_words(terms(NO_WINDOW, policy, [accommodation])) == words


@pytest.mark.parametrize(
    ("granted", "gives"),
    [
        (Accommodation(), False),
        (Accommodation(closes_at=MONDAY + 3 * HOUR), True),
        (Accommodation(closes_at=MONDAY + HOUR), False),
        (Accommodation(due_at=MONDAY + 3 * HOUR), True),
        (Accommodation(extra_attempts=1), False),
        (Accommodation(time_percent=200), False),
        (Accommodation(time_percent=1000), True),
    ],
)
def test_more_is_given_to_who_can_answer_later_than_before(granted, gives):
    window = Window(closes_at=MONDAY)
    before, after = terms(window, EXAM, []), terms(window, EXAM, [granted])
    assert gives_more(before, after, MONDAY + 2 * HOUR) is gives


def test_more_attempts_are_more_while_work_is_open():
    before, after = (terms(NO_WINDOW, EXAM, [Accommodation(extra_attempts=n)]) for n in (0, 1))
    assert gives_more(before, after, MONDAY)
    assert not gives_more(before, before, MONDAY)


@given(windows, policies, st.lists(several, max_size=4))
def test_it_is_closed_for_everyone_when_the_last_students_time_is_over(window, policy, students):
    closes = [terms(window, policy, own).closes_at for own in [[], *students]]
    everyone = closed_for_everyone_at(window, policy, [one for own in students for one in own])
    if everyone is None:
        assert None in closes
    else:
        assert everyone in closes
        assert all(is_no_less(everyone, one) for one in closes)


def test_a_window_in_order_has_no_problems():
    assert Window(MONDAY, MONDAY + HOUR, MONDAY + HOUR).problems() == ()
    assert NO_WINDOW.problems() == ()
    assert Window(closes_at=MONDAY).problems() == ()


@pytest.mark.parametrize(
    ("window", "field"),
    [
        (Window(opens_at=MONDAY, due_at=MONDAY), "due_at"),
        (Window(opens_at=MONDAY, closes_at=MONDAY), "closes_at"),
        (Window(due_at=MONDAY, closes_at=MONDAY - MINUTE), "closes_at"),
    ],
)
def test_times_out_of_order_are_told_at_the_later_one(window, field):
    assert [problem.field for problem in window.problems()] == [field]


@pytest.mark.parametrize(
    ("accommodation", "fields"),
    [
        (Accommodation(), []),
        (Accommodation(time_percent=1000, extra_attempts=100), []),
        (Accommodation(time_percent=99), ["time_percent"]),
        (Accommodation(time_percent=1001), ["time_percent"]),
        (Accommodation(extra_attempts=-1), ["extra_attempts"]),
        (Accommodation(extra_attempts=101), ["extra_attempts"]),
    ],
)
def test_an_accommodation_within_bounds_has_no_problems(accommodation, fields):
    assert [problem.field for problem in accommodation.problems()] == fields
