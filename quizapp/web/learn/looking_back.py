"""What the progress page shows, made of answers and cards."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from random import Random
from typing import NamedTuple

from flask import url_for
from flask_babel import format_date

from quizapp.db.queries.progress import (
    Answered,
    Cited,
    Studied,
    answers_of,
    luck_of_answered,
    questions_begun,
)
from quizapp.db.queries.reviewing import Study, study_of
from quizapp.domain.studying.calendar import Accuracy, accuracy, forecast, streak
from quizapp.domain.studying.calibration import by_level, sentence, week_of
from quizapp.domain.studying.days import study_day
from quizapp.domain.studying.exam import exam_due
from quizapp.domain.studying.mastery import Known, Mastery, mastery
from quizapp.domain.studying.outlook import expected_on
from quizapp.extensions import db
from quizapp.web.learn.calibration import summed
from quizapp.web.learn.mastering import record_from
from quizapp.web.presenting import plain_stem

WEEKS_A_QUARTER = 13
QUARTERS = 4
AHEAD_DAYS = 30
SIZES = (1, 10, 25)
"""Answers from which a day of the calendar is drawn small, middling, large."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A deck or passage: what is known of its questions, None where none was answered yet."""

    name: str
    href: str
    found: Mastery | None
    n: int


@dataclass(frozen=True, slots=True)
class Part:
    """The passages of one source."""

    name: str
    subjects: list[Subject]


class Day(NamedTuple):
    """A day of the calendar: `size` from 0 (nothing) to 3."""

    day: date
    n: int
    right: int
    size: int


@dataclass(frozen=True, slots=True)
class Quarter:
    """Thirteen weeks of days, Mondays first; the days to come are left out."""

    name: str
    weeks: list[list[Day]]


@dataclass(frozen=True, slots=True)
class ExamOutlook:
    """The exam to come: the day, the days until it, and what is expected on it (0 to 1)."""

    day: date
    days: int
    expected: float


@dataclass(frozen=True, slots=True)
class Look:
    """Everything on the page but the list of attempts, days as they are in `zone`; `missed` counts
    the questions on offer that were not right on a later day than an error."""

    zone: tzinfo
    today: date
    overall: Mastery | None
    missed: int
    decks: list[Subject]
    parts: list[Part]
    streak: int
    quarters: list[Quarter]
    studied: list[Day]
    weeks: list[tuple[date, Accuracy]]
    due: dict[date, int]
    exam: ExamOutlook | None
    calibration: str


def look_back(account: int, now: datetime) -> Look:
    """What there is to say to a learner; five statements."""
    study = study_of(db.session(), account)
    answers = answers_of(db.session(), account)
    begun = questions_begun(db.session(), account)
    luck = luck_of_answered(db.session(), account)
    standing = _Standing(study, begun, answers, now)
    zone = study.settings.zone
    days = _days(answers, study)
    return Look(
        zone=zone,
        today=study_day(now, zone),
        overall=standing.of(standing.begun),
        missed=sum(each.is_missed for each in standing.known(standing.begun)),
        decks=standing.decks(),
        parts=standing.parts(),
        streak=streak(days.keys(), study_day(now, zone)),
        quarters=_quarters(days, study_day(now, zone)),
        studied=list(days.values()),
        weeks=list(accuracy((each.day, each.n, each.right) for each in days.values()).items()),
        due=forecast(due_moments(begun, study, now).values(), now, AHEAD_DAYS, zone),
        exam=_exam(standing, study, now),
        calibration=sentence(by_level(summed(answers, luck, zone))),
    )


class _Standing:
    """What a learner knows, by whatever questions are looked at."""

    def __init__(
        self, study: Study, questions: list[Studied], answers: Iterable[Answered], now: datetime
    ) -> None:
        self._study, self._now = study, now
        self.record = record_from(answers, study.settings.zone)
        self.questions = questions
        decks = {each.deck for each in questions if each.card}
        self.begun = [each for each in questions if each.deck in decks]

    def known(self, questions: Iterable[Studied]) -> list[Known]:
        return [self.record.known(q.question_id, q.card, q.luck) for q in questions]

    def of(self, questions: Iterable[Studied]) -> Mastery | None:
        return mastery(self.known(questions), self.record, self._now, self._study.settings)

    def decks(self) -> list[Subject]:
        """The decks that were begun."""
        by_deck: dict[tuple[str, str], list[Studied]] = defaultdict(list)
        for each in self.begun:
            by_deck[each.deck, each.deck_title].append(each)
        return [
            self._subject(title, url_for("learn.deck", slug=slug), questions)
            for (slug, title), questions in by_deck.items()
        ]

    def parts(self) -> list[Part]:
        """The passages of the sources behind them, those not begun among them."""
        by_source: dict[tuple[str, str], dict[Cited, list[Studied]]] = {}
        for each in self.questions:
            for cited in each.passages:
                passages = by_source.setdefault((cited.source_title, cited.source), {})
                passages.setdefault(cited, []).append(each)
        return [
            Part(title, [self._passage(cited, passages[cited]) for cited in _in_order(passages)])
            for (title, _), passages in sorted(by_source.items())
        ]

    def _passage(self, cited: Cited, questions: list[Studied]) -> Subject:
        href = url_for("learn.source", slug=cited.source, _anchor=cited.slug)
        return self._subject(plain_stem(cited.heading), href, questions)

    def _subject(self, name: str, href: str, questions: list[Studied]) -> Subject:
        is_begun = any(each.card for each in questions)
        return Subject(name, href, self.of(questions) if is_begun else None, len(questions))


def _in_order(passages: Iterable[Cited]) -> list[Cited]:
    return sorted(passages, key=lambda cited: cited.position)


def _days(answers: Iterable[Answered], study: Study) -> dict[date, Day]:
    """The days on which something was answered, oldest first."""
    n: Counter[date] = Counter()
    right: Counter[date] = Counter()
    for each in answers:
        day = study_day(each.answered_at, study.settings.zone)
        n[day] += 1
        right[day] += each.is_right
    return {day: Day(day, n[day], right[day], _size(n[day])) for day in sorted(n)}


def _size(n: int) -> int:
    return sum(n >= least for least in SIZES)


def _quarters(days: Mapping[date, Day], today: date) -> list[Quarter]:
    """The last four quarters, from the first in which something was answered."""
    this_week = week_of(today)
    first = min(days, default=today)
    quarters: list[Quarter] = []
    for quarter in reversed(range(QUARTERS)):
        end = this_week - timedelta(weeks=quarter * WEEKS_A_QUARTER)
        mondays = [end - timedelta(weeks=week) for week in reversed(range(WEEKS_A_QUARTER))]
        if first < end + timedelta(weeks=1) or end == this_week:
            weeks = [_week(monday, days, today) for monday in mondays]
            quarters.append(Quarter(_months(mondays[0], min(end, today)), weeks))
    return quarters


def _week(monday: date, days: Mapping[date, Day], today: date) -> list[Day]:
    week = (monday + timedelta(days=n) for n in range(7))
    return [days.get(day, Day(day, 0, 0, 0)) for day in week if day <= today]


def _months(first: date, last: date) -> str:
    start = format_date(first, "MMM" if first.year == last.year else "MMM yyyy")
    return f"{start} – {format_date(last, 'MMM yyyy')}"


def due_moments(questions: Iterable[Studied], study: Study, now: datetime) -> dict[int, datetime]:
    """When the questions that may be asked are due, the exam in view."""
    asked = {each.question_id: each for each in questions if not each.is_suspended}
    cards = {key: each.card for key, each in asked.items() if each.card}
    due = {key: card.due for key, card in cards.items()}
    if study.exam_on:
        due = exam_due(cards, study.exam_on, now, study.reviews_per_day, study.settings)
    return {key: max(moment, asked[key].buried_until or moment) for key, moment in due.items()}


def _exam(standing: _Standing, study: Study, now: datetime) -> ExamOutlook | None:
    """What is expected on the exam day, None without one to come; days as the calendar has them."""
    today = now.astimezone(study.settings.zone).date()
    if study.exam_on is None or study.exam_on < today:
        return None
    same = Random(0)  # noqa: S311  # an estimate, and it should not jump
    share = expected_on(
        study.exam_on,
        standing.known(standing.begun),
        standing.record,
        now,
        study.limits,
        same,
        settings=study.settings,
    )
    return (
        None if share is None else ExamOutlook(study.exam_on, (study.exam_on - today).days, share)
    )
