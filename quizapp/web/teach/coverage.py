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
from quizapp.web.session import viewer
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
    """A source's passages with their questions; `totals` count each question once."""

    source: Source
    rows: list[Row]
    totals: list[int]

    @property
    def columns(self) -> int:
        """How many of the numbers to show: all but the last where every question has a level."""
        return len(LEVELS) + (self.totals[-1] > 0)


@bp.get("/coverage")
def coverage() -> ResponseReturnValue:
    tested = tested_passages(db.session(), viewer())
    maps = [_map(source, tested) for source in sources_with_passages(db.session())]
    return render_template("teach/coverage.html", maps=maps, levels=LEVELS)


def _map(source: Source, tested: Iterable[Tested]) -> Map:
    own = [each for each in tested if each.source == source.slug]
    rows = [_row(passage, own) for passage in source.passages if not passage.retired_at]
    levels = [level for _, _, level in {(each.deck, each.question, each.level) for each in own}]
    return Map(source, rows, _by_level(levels))


def _row(passage: Passage, tested: Iterable[Tested]) -> Row:
    questions = [each for each in tested if each.passage == passage.slug]
    return Row(passage, questions, _by_level([each.level for each in questions]))


def _by_level(levels: list[int | None]) -> list[int]:
    return [levels.count(level) for level in (*LEVELS, None)]
