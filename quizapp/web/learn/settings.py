"""How a learner wants to study."""

from datetime import date, datetime
from random import Random
from typing import Any, Self

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, Form, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from quizapp.db.queries.reviewing import Study, cards_of, study_of
from quizapp.domain.studying.cost import cost_of_retention, in_words
from quizapp.domain.studying.days import study_day
from quizapp.domain.studying.scheduling import Card
from quizapp.extensions import db
from quizapp.operations.reviewing import take_in
from quizapp.operations.studying import Wishes, save_wishes
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.session import known_viewer
from quizapp.web.zones import UTC_NAME, zone_choices, zone_names

RETENTIONS = (80, 82, 85, 90, 95, 97)
"""What is offered, in per cent."""

COST_DAYS = 30
FARTHEST_EXAM_DAYS = 3 * 365
MOST_NEW, MOST_REVIEWS = 100, 500
HOW_MANY_NEW = f"Give a number of new questions from 0 to {MOST_NEW}."
HOW_MANY_REVIEWS = f"Give a number of reviews from 1 to {MOST_REVIEWS}."
WHICH_DAY = "Give a day, such as 2027-03-12, or leave it empty."


class NumberField(IntegerField):
    """A whole number, asked for in the words of its range."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            ranges = (v for v in self.validators if isinstance(v, NumberRange))
            raise ValueError(next(ranges).message) from error


class DayField(DateField):
    """A day or none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(WHICH_DAY) from error


class StudyForm(Form):
    """What can be chosen; the retentions are offered with what each costs."""

    retention = RadioField(
        "How much do you want to remember?",
        coerce=int,
        validators=[InputRequired("Choose how much you want to remember.")],
    )
    reviews_per_day = NumberField(
        "Reviews a day, at most",
        validators=[
            InputRequired(HOW_MANY_REVIEWS),
            NumberRange(1, MOST_REVIEWS, HOW_MANY_REVIEWS),
        ],
    )
    new_per_day = NumberField(
        "New questions a day, at most",
        validators=[InputRequired(HOW_MANY_NEW), NumberRange(0, MOST_NEW, HOW_MANY_NEW)],
    )
    exam_on = DayField("Exam on", validators=[Optional()])
    asks_certainty = BooleanField("Ask me how sure I am")
    zone = SelectField("My time zone")

    def validate_exam_on(self, field: DayField) -> None:
        """Refuse a day that is over or that nobody plans for."""
        today = study_day(ambient.now())
        if field.data and not -1 <= (field.data - today).days <= FARTHEST_EXAM_DAYS:
            raise ValidationError("Give a day from today to three years on, or leave it empty.")

    @classmethod
    def of(cls, study: Study, costs: dict[int, str], sent: MultiDict[str, str] | None) -> Self:
        """The form as it was sent, or as it stands."""
        form = cls(
            sent,
            data={
                "retention": study.retention_percent,
                "reviews_per_day": study.reviews_per_day,
                "new_per_day": study.new_per_day,
                "exam_on": _to_come(study.exam_on, ambient.now()),
                "asks_certainty": study.asks_certainty,
                "zone": study.zone if study.zone in zone_names() else UTC_NAME,
            },
        )
        form.zone.choices = zone_choices()
        form.retention.choices = list(costs.items())
        return form

    @property
    def wishes(self) -> Wishes:
        """What was chosen. Call after validation."""
        return Wishes(
            retention_percent=self.retention.data,
            new_per_day=self.new_per_day.data or 0,
            reviews_per_day=self.reviews_per_day.data or 1,
            asks_certainty=self.asks_certainty.data,
            exam_on=self.exam_on.data,
            zone=self.zone.data,
        )


def _to_come(day: date | None, now: datetime) -> date | None:
    """The day unless it is over."""
    return day if day and day >= study_day(now) else None


@bp.get("/review/settings")
def study_settings() -> ResponseReturnValue:
    study, costs = _standing(known_viewer().account_id)
    return render_template(
        "learn/study_settings.html", form=StudyForm.of(study, costs, None), study=study
    )


@bp.post("/review/settings")
def save_study_settings() -> ResponseReturnValue:
    account = known_viewer().account_id
    study, costs = _standing(account)
    form = StudyForm.of(study, costs, request.form)
    if not form.validate():
        return render_template("learn/study_settings.html", form=form, study=study), 422
    save_wishes(db.session(), account, form.wishes, ambient.now())
    flash("Your settings are saved. They hold from now on.", "success")
    return redirect(url_for(".study_settings"), 303)


def _standing(account: int) -> tuple[Study, dict[int, str]]:
    """What is set, and what each retention on offer would cost this learner, in words."""
    now = ambient.now()
    take_in(db.session(), account, now)
    study = study_of(db.session(), account)
    cards = list(cards_of(db.session(), account).values())
    offered = sorted({*RETENTIONS, study.retention_percent})
    if not cards:
        return study, dict.fromkeys(offered, "")
    costs = {percent: _cost(cards, percent, study, now) for percent in offered}
    return study, costs


def _cost(cards: list[Card], percent: int, study: Study, now: datetime) -> str:
    """What remembering so much would cost, in words; the same each time it is asked."""
    same = Random(0)  # noqa: S311  # an estimate, and it should not jump
    return in_words(cost_of_retention(cards, percent / 100, COST_DAYS, now, same, study.settings))
