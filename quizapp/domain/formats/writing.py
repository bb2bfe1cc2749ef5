"""Writing a deck in the native format."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from quizapp.domain.formats import attributes
from quizapp.domain.questions import LAST, Choice, Deck, Question

# What YAML and an author both read as the same text without quotes.
_PLAIN = re.compile(r"[^\W_](?:[\w ,.()/+'’-]*[\w.)])?")


def deck_text(deck: Deck) -> str:
    """A deck as the text of a question file."""
    return "\n".join([*_front_matter(deck), *map(_question, deck.questions)])


def unnumbered(deck: Deck) -> Deck:
    """The deck with all line numbers at 0."""
    return replace(deck, questions=tuple(map(_unnumbered_question, deck.questions)))


def _unnumbered_question(question: Question) -> Question:
    choices = tuple(replace(choice, line=0) for choice in question.choices)
    return replace(question, choices=choices, line=0)


def _front_matter(deck: Deck) -> Iterator[str]:
    values = {
        "title": deck.title,
        "topic": deck.topic,
        "summary": deck.summary,
        "source": deck.source,
        "language": "" if deck.language == "en" else deck.language,
        "order": "" if deck.order == LAST else str(deck.order),
    }
    yield "---"
    for name, value in values.items():
        if value:
            plain = _PLAIN.fullmatch(value)
            yield f"{name}: {value if plain else json.dumps(value, ensure_ascii=False)}"
    yield "---\n"


def _question(question: Question) -> str:
    asked, _, context = question.stem.partition("\n\n")
    choices = "\n".join(map(_choice, question.choices))
    explanation = _quote(question.explanation)
    parts = [f"## {asked} {_attributes(question)}", context, choices, explanation]
    return "\n\n".join(part for part in parts if part) + "\n"


def _attributes(question: Question) -> str:
    values = {
        attributes.ID: question.slug,
        "source": ",".join(question.passages),
        "level": str(question.level or ""),
        "as_of": question.as_of.isoformat() if question.as_of else "",
        "shuffle": "" if question.shuffle else "false",
        "waive": "; ".join(f"{waiver.rule}: {waiver.reason}" for waiver in question.waivers),
    }
    return attributes.written({name: value for name, value in values.items() if value})


def _choice(choice: Choice) -> str:
    box = "[x]" if choice.is_key else "[ ]"
    return _indented(f"- {box} {choice.text}\n{_quote(choice.feedback)}".rstrip("\n"))


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def _quote(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n")) if text else ""
