"""Which passages and levels the questions on offer test."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from quizapp.db.models import Passage, Source
from quizapp.db.queries.decks import sources_with_passages
from quizapp.db.queries.library import Tested, tested_passages
from quizapp.domain.coverage import LEVELS
from quizapp.extensions import db
from quizapp.web.teach import bp


@dataclass(frozen=True, slots=True)
class Row:
    """A passage and the questions drawn from it; `numbers` has one an entry of LEVELS, then one
    for questions without a level."""

    passage: Passage
    questions: list[Tested]
    numbers: list[int]


@dataclass(frozen=True, slots=True)
class Map:
    """A source's passages with their questions."""

    source: Source
    rows: list[Row]


@bp.get("/coverage")
def coverage() -> ResponseReturnValue:
    tested = tested_passages(db.session())
    maps = [_map(source, tested) for source in sources_with_passages(db.session())]
    return render_template("teach/coverage.html", maps=maps, levels=LEVELS)


def _map(source: Source, tested: Iterable[Tested]) -> Map:
    own = [each for each in tested if each.source == source.slug]
    return Map(source, [_row(p, own) for p in source.passages if not p.retired_at])


def _row(passage: Passage, tested: Iterable[Tested]) -> Row:
    questions = [each for each in tested if each.passage == passage.slug]
    levels = [each.level for each in questions]
    return Row(passage, questions, [levels.count(level) for level in (*LEVELS, None)])
