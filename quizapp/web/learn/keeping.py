"""A deck as a browser keeps it: rendered, with keys and notes."""

from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from quizapp.db.models import Deck
from quizapp.db.queries.offline import passages_of_versions, versions_to_keep
from quizapp.db.queries.versions import CitedPassage, questions_of_versions
from quizapp.domain.drawing import free_and_last
from quizapp.domain.questions import Question
from quizapp.extensions import db
from quizapp.web.presenting import block, inline

SALT = "offline question"


def kept_deck(deck: Deck) -> dict[str, Any]:
    """All that asking, grading and explaining its questions takes."""
    slugs = versions_to_keep(db.session(), deck.id)
    questions = questions_of_versions(db.session(), list(slugs))
    cited = passages_of_versions(db.session(), list(slugs))
    passages = {p.slug: _passage(p) for found in cited.values() for p in found}
    return {
        "slug": deck.slug,
        "title": deck.title,
        "passages": passages,
        "questions": [
            {
                "name": f"{deck.slug}/{slug}",
                "version": signed(version),
                "passages": [p.slug for p in cited.get(version, [])],
                **_question(questions[version]),
            }
            for version, slug in slugs.items()
        ],
    }


def signed(version_id: int) -> str:
    """What a browser calls a version by. Signed, so that only what was given out can be named:
    whoever could guess at versions might learn which key is right from what is taken."""
    return str(_signer().dumps(version_id))


def version_signed(name: object) -> int | None:
    """The version behind such a name, None where we gave none such out."""
    try:
        return int(_signer().loads(name)) if isinstance(name, str) else None
    except BadSignature:
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)


def _question(question: Question) -> dict[str, Any]:
    stem, _, context = question.stem.partition("\n\n")
    free, last = free_and_last(question)
    return {
        "stem": inline(stem),
        "context": block(context) if context else "",
        "choices": [
            {"text": inline(c.text), "is_key": c.is_key, "feedback": block(c.feedback)}
            for c in question.choices
        ],
        "free": free,
        "last": last,
        "explanation": block(question.explanation),
        "as_of": question.as_of.isoformat() if question.as_of else None,
    }


def _passage(passage: CitedPassage) -> dict[str, Any]:
    source = passage.source
    return {
        "ordinal": passage.slug.replace("p", ""),
        "heading": inline(passage.heading),
        "note": block(passage.note),
        "article": source.title,
        "url": source.url,
    }
