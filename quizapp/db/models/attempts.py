"""Attempts, what they ask and what was answered."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.db.models.accounts import Account
from quizapp.db.models.base import Base
from quizapp.db.models.classes import Assignment
from quizapp.db.models.library import Deck, QuestionVersion


class Mode(StrEnum):
    """What an attempt is for: PRACTICE is untimed and explains each answer at once, REVIEW asks
    what is due again, GRADED counts in a class, PREVIEW is how a teacher tries an assignment."""

    PRACTICE = "practice"
    REVIEW = "review"
    GRADED = "graded"
    PREVIEW = "preview"


class EndedBy(StrEnum):
    """Who ended a graded attempt: the learner, the deadline, or someone who teaches."""

    LEARNER = "learner"
    TIME = "time"
    TEACHER = "teacher"


class Attempt(Base):
    """One run through a drawn list of questions.

    A graded one is the learner's `number`th (from 1) at its assignment; no answer is taken after
    `deadline`. Its `credit` is out of `worth` marks, both set when it is submitted (`ended_at`).

    `start_key` comes with the start form, so that a double click starts one attempt.
    `marks` has one character an item (see `quizapp.domain.marks`), so that a page about one
    item reads one row; `marks`, `answered` and `credit` are kept in the answering transaction.
    Where `folded` differs from `answered`, the learner's review cards are not up to date with it.
    In a sprint, answers count that were given within `sprint_seconds` of its start.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("account_id", "start_key"),
        UniqueConstraint("assignment_id", "account_id", "number"),
        CheckConstraint("mode IN ('practice', 'review', 'graded', 'preview')", name="mode"),
        CheckConstraint(
            "(mode IN ('graded', 'preview')) = (assignment_id IS NOT NULL)", name="assignment"
        ),
        CheckConstraint("(mode = 'graded') = (number IS NOT NULL)", name="number"),
        CheckConstraint("ended_by IN ('learner', 'time', 'teacher')", name="ended_by"),
        CheckConstraint("answered BETWEEN 0 AND size", name="answered"),
        CheckConstraint("length(marks) = size", name="marks"),
        Index("ix_attempt_account_id_started_at", "account_id", "started_at"),
        Index(
            "ix_attempt_deadline",
            "deadline",
            sqlite_where=text("ended_at IS NULL AND deadline IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND deadline IS NOT NULL"),
        ),
        Index(
            "ix_attempt_unfolded",
            "account_id",
            sqlite_where=text("answered <> folded"),
            postgresql_where=text("answered <> folded"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    start_key: Mapped[str] = mapped_column(String(64))
    mode: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(400))
    deck_id: Mapped[int | None] = mapped_column(ForeignKey("deck.id"))
    size: Mapped[int]
    marks: Mapped[str] = mapped_column(Text)
    answered: Mapped[int] = mapped_column(default=0)
    credit: Mapped[Fraction] = mapped_column(default=Fraction(0))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    number: Mapped[int | None]
    deadline: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(16))
    worth: Mapped[int | None]
    folded: Mapped[int] = mapped_column(server_default=text("0"))
    sprint_seconds: Mapped[int | None]

    account: Mapped[Account] = relationship()
    deck: Mapped[Deck | None] = relationship()
    assignment: Mapped[Assignment | None] = relationship()
    items: Mapped[list["Item"]] = relationship(order_by="Item.position", passive_deletes=True)


class Item(Base):
    """A question at a position (from 1) of an attempt, with the order its choices are shown in.

    `credit` out of `worth` (1, or 0 where the question is left out) is what counts in a submitted
    graded attempt, after regrades and overrides; None before. `choice_order` holds positions of
    choices, first shown first, as letters: a is choice 0.
    """

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    position: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    choice_order: Mapped[str] = mapped_column(String(12))
    credit: Mapped[Fraction | None]
    worth: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    version: Mapped[QuestionVersion] = relationship()
    response: Mapped["Response | None"] = relationship(passive_deletes=True)


class Response(Base):
    """The one answer to an item. `chosen` holds positions of choices as letters, sorted.

    `credit` is what it earned when it was given. In a graded attempt the answer saved last stands
    until the attempt is submitted; `tries` counts those that were checked.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("certainty IS NULL OR certainty BETWEEN 1 AND 3", name="certainty"),
    )

    item_id: Mapped[int] = mapped_column(
        ForeignKey("item.id", ondelete="CASCADE"), primary_key=True
    )
    chosen: Mapped[str] = mapped_column(String(12))
    certainty: Mapped[int | None]
    credit: Mapped[Fraction]
    answered_at: Mapped[datetime]
    elapsed_ms: Mapped[int | None]
    tries: Mapped[int] = mapped_column(server_default=text("1"))


class SavedAnswer(Base):
    """Every answer that a browser sent in a graded attempt, with what became of it.

    `key` is made by the browser, so that a repeated sending has the outcome of the first.
    `made_at` is when the learner chose, as far as the server can tell; the one made last stands.
    """

    __tablename__ = "saved_answer"
    __table_args__ = (
        CheckConstraint("outcome IN ('kept', 'superseded', 'late', 'settled')", name="outcome"),
    )

    attempt_id: Mapped[int] = mapped_column(
        ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"), index=True)
    chosen: Mapped[str] = mapped_column(String(12))
    certainty: Mapped[int | None]
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))
