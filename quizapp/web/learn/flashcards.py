"""A deck as flashcards: the question, then the key and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.db.queries.practice import live_versions, passages_by_version
from quizapp.db.queries.versions import CitedPassage, questions_of_versions
from quizapp.extensions import db
from quizapp.web.learn import bp
from quizapp.web.learn.doors import practised_deck
from quizapp.web.presenting import Asked, asked_question, inline


@dataclass(frozen=True, slots=True)
class Flashcard:
    """A question as it is asked, in the author's order, its keys, and where it is drawn from."""

    asked: Asked
    keys: list[Markup]
    explanation: str
    passages: Sequence[CitedPassage]


@bp.get("/decks/<slug>/flashcards")
def flashcards(slug: str) -> ResponseReturnValue:
    deck = practised_deck(slug)
    return render_template("learn/flashcards.html", deck=deck, cards=_cards(deck.id))


def _cards(deck_id: int) -> list[Flashcard]:
    versions = list(live_versions(db.session(), deck_id).values())
    questions = questions_of_versions(db.session(), versions)
    passages = passages_by_version(db.session(), versions)
    return [
        Flashcard(
            asked=asked_question(question, tuple(range(len(question.choices)))),
            keys=[inline(question.choices[i].text) for i in sorted(question.keys)],
            explanation=question.explanation,
            passages=passages.get(version, ()),
        )
        for version, question in ((version, questions[version]) for version in versions)
    ]
