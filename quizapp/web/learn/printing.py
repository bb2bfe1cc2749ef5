"""A deck for practice on paper."""

from flask import render_template
from flask.typing import ResponseReturnValue

from quizapp.web.learn import bp
from quizapp.web.learn.doors import practised_deck
from quizapp.web.printing import printing_of


@bp.get("/decks/<slug>/sheet")
def sheet(slug: str) -> ResponseReturnValue:
    deck = practised_deck(slug)
    printing = printing_of(deck.id)
    return render_template("learn/sheet.html", deck=deck, printing=printing), printing.status
