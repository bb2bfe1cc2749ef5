"""Any deck on paper, for those who teach: also one that is met in assignments only."""

from flask import render_template
from flask.typing import ResponseReturnValue

from quizapp.web.printing import printing_of
from quizapp.web.teach import bp
from quizapp.web.teach.file_doors import seen_deck_or_404


@bp.get("/decks/<slug>/sheet")
def sheet(slug: str) -> ResponseReturnValue:
    deck = seen_deck_or_404(slug)
    printing = printing_of(deck.id)
    return render_template("teach/sheet.html", deck=deck, printing=printing), printing.status
