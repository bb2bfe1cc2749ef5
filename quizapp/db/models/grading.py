"""What people decided about marks, and the tallies of what was graded."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.db.models.base import Base
from quizapp.db.models.library import QuestionVersion


class Override(Base):
    """What a person decided that an item of a submitted graded attempt earns, and why."""

    __tablename__ = "override"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("item.id", ondelete="CASCADE"), primary_key=True
    )
    credit: Mapped[Fraction]
    comment: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime]


class Regrade(Base):
    """A decision about a version of a question in one assignment: how its answers count.

    `keys` are positions of choices as letters where the answers are graded anew. One that was
    undone stays as history.
    """

    __tablename__ = "regrade"
    __table_args__ = (
        CheckConstraint("ruling IN ('keep', 'regrade', 'full', 'ignore')", name="ruling"),
        CheckConstraint("(ruling = 'regrade') = (keys IS NOT NULL)", name="keys"),
        Index(
            "uq_regrade_active",
            "assignment_id",
            "version_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    ruling: Mapped[str] = mapped_column(String(16))
    keys: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None]

    version: Mapped[QuestionVersion] = relationship()


class Scope(StrEnum):
    """What a tally is about: one ASSIGNMENT, one CLASS, or EVERYTHING (with id 0)."""

    ASSIGNMENT = "assignment"
    CLASS = "class"
    EVERYTHING = "everything"


class ItemTally(Base):
    """How a version of a question was answered in submitted graded attempts of a scope.

    Of first attempts where `is_first`, else of all. `tally` is a value of
    `quizapp.domain.analysis`, kept in the transaction that submits or regrades.
    """

    __tablename__ = "item_tally"
    __table_args__ = (
        CheckConstraint("scope IN ('assignment', 'class', 'everything')", name="scope"),
    )

    scope: Mapped[str] = mapped_column(String(16), primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True)
    is_first: Mapped[bool] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("question_version.id"), primary_key=True, index=True
    )
    tally: Mapped[dict[str, Any]]


class AssignmentTally(Base):
    """How the submitted graded attempts of one assignment came out as wholes; see `ItemTally`."""

    __tablename__ = "assignment_tally"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    is_first: Mapped[bool] = mapped_column(primary_key=True)
    tally: Mapped[dict[str, Any]]
