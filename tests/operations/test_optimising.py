"""Parameters fitted to learners; the fit itself is that of a package and not ours to test."""

from datetime import UTC, datetime, timedelta

import fsrs
import pytest

from quizapp.db.queries.reviewing import study_of
from quizapp.operations import optimising
from quizapp.operations.reviewing import rebuild_cards, take_in
from quizapp.operations.studying import note_zone
from tests.support import cast
from tests.support.cast import NOW, answer, begin

FITTED = [*fsrs.Scheduler().parameters]
FITTED[2] = 7.5


@pytest.fixture
def learners(session):
    """Two who have answered the rivers twice."""
    cast.load(session)
    both = [cast.guest(session, "ada"), cast.guest(session, "mallory")]
    for person in both:
        for day in (0, 9):
            now = NOW + timedelta(days=day)
            attempt = begin(session, person, start_key=f"start-key-{day}", now=now)
            for position in range(1, 5):
                answer(session, person, attempt, position, certainty=2, now=now)
        take_in(session, person.account_id, NOW)
    return [person.account_id for person in both]


def test_what_was_fitted_is_kept_for_each_and_schedules_their_cards(session, learners, monkeypatch):
    monkeypatch.setattr(optimising, "ENOUGH", 8)
    seen: list[fsrs.ReviewLog] = []

    def fit(logs):
        seen.extend(logs)
        return FITTED

    assert optimising.optimise(session, learners, fit, NOW) == 16
    assert len({log.card_id for log in seen}) == 8
    assert {log.rating for log in seen} == {fsrs.Rating.Good}
    assert {log.review_datetime.date() for log in seen} == {
        NOW.date(),
        (NOW + timedelta(days=9)).date(),
    }
    for account_id in learners:
        assert study_of(session, account_id).weights == tuple(FITTED)
        assert rebuild_cards(session, account_id, NOW) == (4, 0)


def test_a_day_is_a_day_when_the_clocks_change(session, monkeypatch):
    cast.load(session)
    ada = cast.guest(session, "ada")
    note_zone(session, ada.account_id, "Europe/Rome", NOW)
    for day in (28, 29):  # of March 2026, when clocks there go forward
        now = datetime(2026, 3, day, 10, tzinfo=UTC)
        attempt = begin(session, ada, start_key=f"start-key-{day}", now=now)
        for position in range(1, 5):
            answer(session, ada, attempt, position, now=now)
    monkeypatch.setattr(optimising, "ENOUGH", 4)
    seen: list[fsrs.ReviewLog] = []
    optimising.optimise(session, [ada.account_id], lambda logs: seen.extend(logs) or FITTED, NOW)
    moments = sorted({log.review_datetime for log in seen})
    assert moments[1] - moments[0] == timedelta(days=1)


def test_answers_that_say_nothing_of_forgetting_are_not_enough(session, learners):
    with pytest.raises(optimising.TooFewAnswers) as found:  # the first of each question is none
        optimising.optimise(session, learners, lambda _logs: FITTED, NOW)
    assert found.value.count == 8


def test_too_few_answers_change_nothing(session, learners):
    with pytest.raises(optimising.TooFewAnswers):
        optimising.optimise(session, learners, lambda _logs: FITTED, NOW)
    assert study_of(session, learners[0]).weights is None
