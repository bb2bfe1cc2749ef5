"""What someone remembers, when it is due again, and how they want to study."""

from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.db.models.base import Base
from quizapp.db.models.library import Question


class Reminders(StrEnum):
    """How often to tell someone by mail what is due."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class ReviewCard(Base):
    """What a learner remembers of a question, a value of `quizapp.domain.studying`.

    It follows from the responses of practice and review alone and is made from them anew whenever
    there are new ones. `suspended_at` and `buried_until` are the learner's own: a suspended card
    is not asked, a buried one not before that time.
    """

    __tablename__ = "review_card"
    __table_args__ = (Index("ix_review_card_account_id_due_at", "account_id", "due_at"),)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(
        ForeignKey("question.id"), primary_key=True, index=True
    )
    stability: Mapped[float]
    difficulty: Mapped[float]
    due_at: Mapped[datetime]
    last_review_at: Mapped[datetime]
    reps: Mapped[int]
    lapses: Mapped[int]
    last_credit: Mapped[Fraction]
    last_certainty: Mapped[int | None]
    suspended_at: Mapped[datetime | None]
    buried_until: Mapped[datetime | None]

    question: Mapped[Question] = relationship()


class StudySettings(Base):
    """How a learner wants to study; without a row the defaults of `quizapp.domain.studying` hold.

    `zone` is the name of the time zone in which their days begin. `feed_token` makes the address
    of their calendar of due days; `weights` are parameters of the memory model fitted to them.
    Reminders go to the account's address as long as it is the `confirmed_email`.
    """

    __tablename__ = "study_settings"
    __table_args__ = (
        CheckConstraint("retention_percent BETWEEN 80 AND 97", name="retention_percent"),
        CheckConstraint("new_per_day >= 0", name="new_per_day"),
        CheckConstraint("reviews_per_day >= 1", name="reviews_per_day"),
        CheckConstraint("reminders IN ('never', 'daily', 'weekly')", name="reminders"),
    )

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    retention_percent: Mapped[int]
    new_per_day: Mapped[int]
    reviews_per_day: Mapped[int]
    asks_certainty: Mapped[bool]
    exam_on: Mapped[date | None]
    zone: Mapped[str] = mapped_column(String(64))
    weights: Mapped[list[float] | None] = mapped_column(JSON(none_as_null=True))
    reminders: Mapped[str] = mapped_column(String(16), default=Reminders.NEVER)
    reminded_at: Mapped[datetime | None]
    confirmed_email: Mapped[str | None] = mapped_column(String(254))
    feed_token: Mapped[str | None] = mapped_column(String(43), unique=True)


class PassageRead(Base):
    """That a learner has read the note of a passage."""

    __tablename__ = "passage_read"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"), primary_key=True, index=True)
    read_at: Mapped[datetime]
