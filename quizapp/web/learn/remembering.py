"""What review adds to the pages of a question: why it is asked, and when it will be next."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template
from flask_babel import format_date, ngettext
from markupsafe import Markup

from quizapp.db.queries.attempts import Given, ItemView
from quizapp.db.queries.reviewing import Study, memory_of
from quizapp.domain.questions import Question
from quizapp.domain.studying import reasons
from quizapp.domain.studying.answers import answer_to
from quizapp.domain.studying.days import study_day
from quizapp.domain.studying.exam import exam_due
from quizapp.domain.studying.scheduling import Card
from quizapp.extensions import db
from quizapp.operations.review_sessions import UNDO_WITHIN
from quizapp.web import ambient


@dataclass(frozen=True, slots=True)
class Recall:
    """What a feedback page says of the question's future: the day in words, such as "4 December
    (in 9 days)", the day of the exam where it comes back in the week before, and what the learner
    may do about it."""

    next_on: str
    exam_on: date | None
    is_suspended: bool
    is_buried: bool
    can_undo: bool


def why(item: ItemView, item_url: str) -> Markup:
    """Why a review asks this question, as a part of its page."""
    memory = memory_of(db.session(), item.viewer.account_id, item.item_id)
    settings = memory.study.settings
    reason = reasons.why(memory.card, ambient.now(), settings) if memory.card else None
    html = render_template(
        "learn/why.html", memory=memory, sentence=reasons.sentence(reason), item_url=item_url
    )
    return Markup(html)  # noqa: S704  # a template's output


def recall(item: ItemView, question: Question, given: Given) -> Recall | None:
    """What becomes of the question after this answer; None where it was just taken back."""
    memory = memory_of(db.session(), item.viewer.account_id, item.item_id)
    answered, now = memory.answered, ambient.now()
    if answered is None:
        return None
    answer = answer_to(question, given.credit, given.certainty, answered.elapsed_ms)
    card = memory.card_after(answer)
    zone = memory.study.settings.zone
    return Recall(
        next_on=in_words(study_day(card.due, zone), now.astimezone(zone).date()),
        exam_on=_exam_before(card, memory.study, now),
        is_suspended=memory.is_suspended,
        is_buried=bool(memory.buried_until and memory.buried_until > now),
        can_undo=answered.is_newest and now - answered.at <= UNDO_WITHIN,
    )


def _exam_before(card: Card, study: Study, now: datetime) -> date | None:
    """The day of the exam that brings a card back in the week before it, None where none does.

    On which day of that week depends on all other cards, and is planned afresh each day.
    """
    if study.exam_on is None:
        return None
    plan = exam_due({0: card}, study.exam_on, now, study.reviews_per_day, study.settings)
    return study.exam_on if plan[0] < card.due else None


def in_words(day: date, today: date) -> str:
    """A day to come: "4 December (in 9 days)", with its year where it is another one.

    Days as the calendar has them: before four in the morning the next study day is today.
    """
    shown = format_date(day, "d MMMM" if day.year == today.year else "d MMMM yyyy")
    days = (day - today).days
    if days <= 1:
        return f"{shown} ({'tomorrow' if days == 1 else 'today'})"
    return f"{shown} ({ngettext('in %(num)d day', 'in %(num)d days', days)})"
