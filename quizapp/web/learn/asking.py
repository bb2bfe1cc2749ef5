"""The page that asks a question, put together from parts rendered before.

It is the page learners load most, and laying it out anew costs many times what everything else
about it does (see the first row of `benchmarks/`). So the frame around the question is rendered
once for each kind of viewer and display, a question once with gaps for its choices, and a
request only fills in what is its own.
"""

import re
from dataclasses import dataclass, replace

from flask import current_app, render_template, request, session
from markupsafe import Markup, escape

from quizapp.db.queries.attempts import ItemView
from quizapp.web import display
from quizapp.web.csrf import csrf_token
from quizapp.web.learn.remembering import why
from quizapp.web.learn.sprinting import sprint_clock
from quizapp.web.presenting import Asked, asked, progress_bar

SLOT = re.compile("\0([a-z_0-9]+)\0")
FRAMES = "quizapp.frames"
ASKED = "quizapp.asked"
MOST_KEPT = 4096

TEMPLATE = "learn/question.html"
VALUES = ("item_url", "result_url", "title", "number", "size", "progress", "asked", "why", "sprint")


@dataclass(frozen=True, slots=True)
class Kept:
    """A question laid out: the texts of its choices by position, and its HTML with a gap for the
    text of each choice shown, `places[i]` telling which one comes after `before[i]`."""

    texts: list[Markup]
    before: list[str]
    places: list[int]
    after: str

    def filled(self, order: tuple[int, ...]) -> Markup:
        """The HTML with the choices in this order."""
        filled = [
            text
            for before, place in zip(self.before, self.places, strict=True)
            for text in (before, self.texts[order[place]])
        ]
        return Markup("".join([*filled, self.after]))  # noqa: S704  # a template's output


Frame = list[str]
"""Literal text and names of slots in turn, beginning with text."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that was not taken: what was picked, and what is wrong with it."""

    picked: list[int]
    problem: str


def asking_page(item: ItemView, refused: Refused | None = None) -> str:
    """The page that asks the item's question, with what was wrong about the answer, if any."""
    values = _values(item, refused)
    if refused or session.get("_flashes"):
        problems = [("choice-0", refused.problem)] if refused else []
        asks = {"is_review": item.is_review, "asks_certainty": item.asks_certainty}
        return render_template(TEMPLATE, problem_list=problems, **asks, **values)
    values |= {
        "csrf": csrf_token(),
        "here": values["item_url"],
        "name": escape(item.viewer.name or ""),
    }
    return "".join(values[part] if i % 2 else part for i, part in enumerate(_frame(item)))


def _values(item: ItemView, refused: Refused | None) -> dict[str, str]:
    """What the template shows about this item, as HTML."""
    # Cheaper than asking the router, and the same: this view is what the router led to.
    item_url = escape(request.path.removesuffix("/response"))
    return {
        "item_url": item_url,
        "result_url": item_url.rpartition("/items/")[0] + "/result",
        "title": escape(item.title),
        "number": str(item.position),
        "size": str(item.size),
        "progress": progress_bar(item.marks, item.position),
        "asked": _asked(item, refused),
        "why": why(item, item_url) if item.is_review else Markup(),
        "sprint": sprint_clock(item) if item.sprint_seconds else Markup(),
    }


def _asked(item: ItemView, refused: Refused | None) -> Markup:
    """The stem and its choices, in the order drawn for this item.

    Kept for each version with slots for the texts of the choices: there are too many orders for
    the same one to come up again soon.
    """
    if refused:
        shown = asked(item.version_id, item.order)
        return _render_asked(shown, refused.picked, refused=True)
    kept: dict[int, Kept] = current_app.extensions[ASKED]
    if item.version_id not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[item.version_id] = _keep_asked(item)
    return kept[item.version_id].filled(item.order)


def _keep_asked(item: ItemView) -> Kept:
    shown = asked(item.version_id, tuple(range(len(item.order))))
    gaps = tuple(replace(choice, text=_slot(str(choice.value))) for choice in shown.choices)
    parts = SLOT.split(_render_asked(replace(shown, choices=gaps), [], refused=False))
    return Kept(
        texts=[choice.text for choice in shown.choices],
        before=parts[:-1:2],
        places=[int(name) for name in parts[1::2]],
        after=parts[-1],
    )


def _render_asked(shown: Asked, picked: list[int], *, refused: bool) -> Markup:
    html = render_template("learn/asked.html", asked=shown, picked=picked, refused=refused)
    return Markup(html)  # noqa: S704  # a template's output


def _frame(item: ItemView) -> Frame:
    """The page with slots in place of all that differs between requests alike in this key."""
    frames: dict[tuple[str, bool, display.Display, bool, bool], Frame]
    frames = current_app.extensions[FRAMES]
    known = item.viewer
    key = (known.role, known.is_guest, display.current(), item.is_review, item.asks_certainty)
    if key not in frames:
        slots = {name: _slot(name) for name in VALUES}
        named = None if known.is_guest else _slot("name")
        html = render_template(
            TEMPLATE,
            viewer=replace(known, name=named),
            here=_slot("here"),
            is_review=item.is_review,
            asks_certainty=item.asks_certainty,
            **slots,
        )
        frames[key] = SLOT.split(html.replace(csrf_token(), _slot("csrf")))
    return frames[key]


def _slot(name: str) -> Markup:
    return Markup(f"\0{name}\0")  # noqa: S704  # a placeholder
