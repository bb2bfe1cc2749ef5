"""The study notes: reading them, and what of them is known."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from quizapp.db.models import Passage, Source
from quizapp.db.queries.decks import passage_on_offer, source_on_offer, sources_on_offer
from quizapp.db.queries.held import decks_held_back
from quizapp.db.queries.progress import Studied, answers_of, questions_on_source
from quizapp.db.queries.reading import passages_read, read_by_source
from quizapp.db.queries.reviewing import study_of
from quizapp.domain.studying.mastery import Record, mastery
from quizapp.domain.studying.scheduling import Settings
from quizapp.domain.tokens import token
from quizapp.extensions import db
from quizapp.operations.reading import mark_read, mark_unread
from quizapp.operations.reviewing import take_in
from quizapp.web import ambient
from quizapp.web.learn import bp
from quizapp.web.learn.mastering import record_from
from quizapp.web.session import known_viewer, viewer, viewer_or_new_guest

WEAK = 0.7
"""Chance of answering a passage's questions rightly now below which it is called weak."""


@dataclass(frozen=True, slots=True)
class Note:
    """A passage as the page shows it: how many questions there are on it, how many of them were
    answered, how many of those not rightly the last time, how many rightly but on the day of an
    error, and the chance of answering those rightly now (0 to 1, None where there are none)."""

    passage: Passage
    questions: int
    seen: int
    missed: int
    repeated: int
    share: float | None
    is_read: bool

    @property
    def is_weak(self) -> bool:
        """Whether half of what was answered was missed the last time, or much is fading."""
        return self.share is not None and (2 * self.missed >= self.seen or self.share < WEAK)

    @property
    def flag(self) -> str:
        """What stands beside its heading in the list of passages."""
        if self.is_weak:
            return "weak"
        left = self.questions - self.seen
        return f"{left} to answer" if left else ""

    @property
    def standing(self) -> str:
        """How many of its questions were answered, in words."""
        if not self.seen:
            words = "%(num)d question, not answered yet", "%(num)d questions, none answered yet"
            return ngettext(*words, self.questions)
        if self.seen == self.questions:
            return ngettext("Question answered", "All %(num)d questions answered", self.questions)
        return f"{self.seen} of {self.questions} questions answered"


@bp.get("/read")
def sources() -> ResponseReturnValue:
    found = sources_on_offer(db.session())
    if len(found) == 1:
        return redirect(url_for(".source", slug=found[0].slug), 303)
    account = viewer().account_id
    read = read_by_source(db.session(), account) if account else {}
    return render_template("learn/sources.html", sources=found, read=read)


@bp.get("/read/<slug>")
def source(slug: str) -> ResponseReturnValue:
    account, now = viewer().account_id, ambient.now()
    take_in(db.session(), account, now)
    found = source_on_offer(db.session(), slug) or abort(404)
    notes = _notes(found, account, now)
    return render_template(
        "learn/read.html",
        source=found,
        notes=notes,
        read=sum(note.is_read for note in notes),
        start_key=token(ambient.random(), 128),
    )


@bp.post("/read/<source>/<passage>/reading")
def read_passage(source: str, passage: str) -> ResponseReturnValue:
    found = passage_on_offer(db.session(), source, passage) or abort(404)
    passage_id, account = found.id, viewer_or_new_guest().account_id
    mark_read(db.session(), account, passage_id, ambient.now())
    return redirect(url_for(".source", slug=source, _anchor=passage), 303)


@bp.post("/read/<source>/<passage>/reading/removal")
def unread_passage(source: str, passage: str) -> ResponseReturnValue:
    found = passage_on_offer(db.session(), source, passage) or abort(404)
    mark_unread(db.session(), known_viewer().account_id, found.id)
    return redirect(url_for(".source", slug=source, _anchor=passage), 303)


def _notes(source: Source, account: int, now: datetime) -> list[Note]:
    """The passages with how the account stands in them; for a visitor (0) with their questions."""
    on_passage: dict[int, list[Studied]] = defaultdict(list)
    held = decks_held_back(db.session(), now)
    for question in questions_on_source(db.session(), account, source.id, held):
        for cited in question.passages:
            on_passage[cited.passage_id].append(question)
    settings = study_of(db.session(), account).settings
    record = record_from(answers_of(db.session(), account) if account else [], settings.zone)
    read = passages_read(db.session(), account, source.id) if account else set()
    return [
        _note(passage, on_passage[passage.id], record, passage.id in read, now, settings)
        for passage in source.passages
        if not passage.retired_at
    ]


def _note(
    passage: Passage,
    questions: list[Studied],
    record: Record,
    is_read: bool,
    now: datetime,
    settings: Settings,
) -> Note:
    seen = [record.known(each.question_id, each.card, each.luck) for each in questions if each.card]
    found = mastery(seen, record, now, settings)
    missed = sum(each.card.last_credit < 1 for each in seen if each.card)
    repeated = sum(each.card.last_credit == 1 for each in seen if each.card and each.is_missed)
    share = found.share if found else None
    return Note(passage, len(questions), len(seen), missed, repeated, share, is_read)
