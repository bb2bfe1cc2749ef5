"""Other ways to practise: what was missed, the weakest passages, topics in turn, a sprint."""

from collections.abc import Callable
from random import Random
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField
from wtforms.validators import AnyOf, InputRequired

from quizapp.domain.drawing import interleaved
from quizapp.domain.tokens import token
from quizapp.operations.answering import Start
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.starting import KeyForm, begin
from quizapp.web.learn.ways import Ways, ways_for
from quizapp.web.session import viewer

COUNTS = (10, 20, 40)
MINUTES = (1, 3, 5, 10)
USUAL_COUNT, USUAL_MINUTES = 20, 5
MOST_A_MINUTE = 20
"""Questions that a sprint has ready for each of its minutes: more than anyone can read."""


class CountedForm(KeyForm):
    """A start with a number of questions."""

    count = IntegerField(validators=[InputRequired(), AnyOf(COUNTS)])


class SprintForm(KeyForm):
    """A start with a number of minutes."""

    minutes = IntegerField(validators=[InputRequired(), AnyOf(MINUTES)])


def _missed(ways: Ways, form: Any, _random: Random) -> Start:
    return Start(ways.missed, "What you missed", form.start_key.data, count=form.count.data)


def _weakest(ways: Ways, form: Any, _random: Random) -> Start:
    return Start(ways.weak, "Weakest passages", form.start_key.data, count=form.count.data)


def _mixed(ways: Ways, form: Any, random: Random) -> Start:
    return Start(
        interleaved(ways.by_topic, random),
        "Topics in turn",
        form.start_key.data,
        count=form.count.data,
        is_in_order=True,
    )


def _sprint(ways: Ways, form: Any, random: Random) -> Start:
    minutes = form.minutes.data
    return Start(
        interleaved(ways.by_topic, random),
        "Sprint",
        form.start_key.data,
        count=minutes * MOST_A_MINUTE,
        is_in_order=True,
        sprint_seconds=60 * minutes,
    )


WAYS: dict[str, tuple[type[KeyForm], Callable[[Ways, Any, Random], Start]]] = {
    "missed": (CountedForm, _missed),
    "weakest": (CountedForm, _weakest),
    "mixed": (CountedForm, _mixed),
    "sprint": (SprintForm, _sprint),
}


@bp.get("/practise")
def practise() -> ResponseReturnValue:
    return render_template(
        "learn/practise.html",
        ways=ways_for(viewer().account_id, ambient.now()),
        counts=COUNTS,
        minutes=MINUTES,
        usual_count=USUAL_COUNT,
        usual_minutes=USUAL_MINUTES,
        start_key=token(ambient.random(), 128),
    )


@bp.post("/practise/<any(missed, weakest, mixed, sprint):way>/attempts")
def start_way(way: str) -> ResponseReturnValue:
    form_class, make = WAYS[way]
    form = form_class(request.form)
    if not form.validate():
        return redirect(url_for(".practise"), 303)
    start = make(ways_for(viewer().account_id, ambient.now()), form, ambient.random())
    return begin(start) if start.version_ids else redirect(url_for(".practise"), 303)
