"""Classes, who is in them, and what they are given to do."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.db.models.accounts import Account
from quizapp.db.models.base import Base


class Class(Base):
    """A group that is taught together. Who knows its `join_code` can join, while it has one."""

    __tablename__ = "class"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    join_code: Mapped[str | None] = mapped_column(String(16), unique=True)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class ClassTeacher(Base):
    """Who teaches a class."""

    __tablename__ = "class_teacher"

    class_id: Mapped[int] = mapped_column(
        ForeignKey("class.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    account: Mapped[Account] = relationship()


class Enrolment(Base):
    """Someone in a class, under the `name` the class knows them by. Who was removed may not come
    back by the code; their work is kept."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("class_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("class.id"))
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    joined_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
    school_class: Mapped[Class] = relationship()


class Assignment(Base):
    """Graded work for a class.

    `policy` and `pools` are values of `quizapp.domain.graded`, which writes and reads them; the
    three dates are its window. Learners see it from `published_at` on. Where it `holds_back`, its
    decks are out of practice until it is closed for everyone; where it `holds_marks`, learners
    see no marks before `released_at`. `weight` is its part of the total, in whole numbers.
    """

    __tablename__ = "assignment"
    __table_args__ = (CheckConstraint("weight >= 0", name="weight"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("class.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    instructions: Mapped[str] = mapped_column(Text)
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    policy: Mapped[dict[str, Any]]
    pools: Mapped[list[dict[str, Any]]]
    weight: Mapped[int] = mapped_column(default=1)
    holds_back: Mapped[bool] = mapped_column(default=False)
    holds_marks: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    school_class: Mapped[Class] = relationship()


class AssignmentDeck(Base):
    """Which decks an assignment draws from, kept with its pools."""

    __tablename__ = "assignment_deck"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True
    )
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id"), primary_key=True, index=True)


class Accommodation(Base):
    """What one student is granted, for one assignment or (without one) for all of the class."""

    __tablename__ = "accommodation"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "assignment_id"),
        CheckConstraint("time_percent BETWEEN 100 AND 1000", name="time_percent"),
        CheckConstraint("extra_attempts >= 0", name="extra_attempts"),
        Index(
            "uq_accommodation_everywhere",
            "enrolment_id",
            unique=True,
            sqlite_where=text("assignment_id IS NULL"),
            postgresql_where=text("assignment_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    assignment_id: Mapped[int | None] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), index=True
    )
    time_percent: Mapped[int] = mapped_column(default=100)
    is_untimed: Mapped[bool] = mapped_column(default=False)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]


class Excusal(Base):
    """A student need not do an assignment: it counts neither for nor against them."""

    __tablename__ = "excusal"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True
    )
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    comment: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime]
