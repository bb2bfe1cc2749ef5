"""What an editor sees beside the text: what the check finds, what would change, the questions as
students will see them."""

from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from quizapp.db.models import Draft
from quizapp.domain.questions import Deck, Question, Source
from quizapp.domain.uploading import edited
from quizapp.extensions import db
from quizapp.operations.drafts import stamp
from quizapp.operations.uploads import Examination, examine
from quizapp.web.presenting import Asked, SettledChoice, asked_question, block, settled
from quizapp.web.session import viewer
from quizapp.web.teach.file_forms import DraftForm

MOST_SHOWN = 100
"""The most questions that are shown as students see them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A question of a draft: as it is asked, its choices after the answer, and its line."""

    question: Question
    asked: Asked
    choices: list[SettledChoice]
    explanation: Markup


@dataclass(frozen=True, slots=True)
class Preview:
    """What is beside the text. `base` is the live version that the editor has seen, and `other`
    the text that the draft was saved with meanwhile, None where it was not."""

    draft: Draft
    seen: str
    base: str
    examined: Examination
    other: str | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the live file changed since this draft was begun or last compared with it."""
        return (self.examined.live or "") != self.base

    @property
    def may_write_ids(self) -> bool:
        """Whether questions lack ids that can be written in."""
        return any(finding.rule == "missing-id" for finding in self.examined.errors)

    @property
    def deck(self) -> Deck | None:
        """The deck, where the file is one and not refused."""
        document = self.examined.document
        return document if isinstance(document, Deck) else None

    @property
    def source(self) -> Source | None:
        """The source, where the file is one and not refused."""
        document = self.examined.document
        return document if isinstance(document, Source) else None

    @property
    def questions(self) -> list[Shown]:
        """The first questions of the deck."""
        return [_shown(each) for each in self.deck.questions[:MOST_SHOWN]] if self.deck else []


def preview_of(draft: Draft, form: DraftForm, other: str | None = None) -> Preview:
    """The preview of what an editor holds, which may not be what the draft was saved with."""
    content = edited(draft.content, form.text.data or "")
    name = draft.file.name if draft.file else form.name.data or draft.name
    examined = examine(db.session(), viewer(), draft.file, name, content)
    return Preview(draft, stamp(draft), form.base.data or "", examined, other)


def render_preview(preview: Preview) -> str:
    """The preview alone, for a script to put in place of the one before."""
    return render_template("teach/draft_preview.html", preview=preview)


def _shown(question: Question) -> Shown:
    order = tuple(range(len(question.choices)))
    return Shown(
        question,
        asked_question(question, order),
        settled(question, order, question.keys),
        block(question.explanation),
    )
