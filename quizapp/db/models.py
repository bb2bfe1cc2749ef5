"""The tables. Races are settled here, by unique and check constraints.

Classes are mapped with plain SQLAlchemy; `quizapp.extensions.db` binds them to the app.
"""

from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from quizapp.db.types import Credit, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The one declarative base; constraints get the same names on both databases."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime(),
        date: Date(),
        Fraction: Credit(),
        dict[str, Any]: JSON(),
        list[dict[str, Any]]: JSON(),
    }


class Role(StrEnum):
    """What an account may do."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"


class FileState(StrEnum):
    """Where a question file stands: LIVE serves learners as it is; REFUSED has errors, and
    what it last said without errors (if ever) stays live; GONE is no longer in the folder."""

    LIVE = "live"
    REFUSED = "refused"
    GONE = "gone"


class Account(Base):
    """Someone who answers. A guest has no name and no password until they sign up.

    `session_key` is what a session cookie holds: changing it ends every session.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("(name IS NULL) = (name_key IS NULL)", name="named"),
        CheckConstraint("name IS NULL OR password_hash IS NOT NULL", name="password"),
        CheckConstraint("role IN ('learner', 'instructor')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_key: Mapped[str] = mapped_column(String(43), unique=True)
    name: Mapped[str | None] = mapped_column(String(80))
    name_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16), default=Role.LEARNER)
    created_at: Mapped[datetime]


class SignInLink(Base):
    """A link that signs one account in once. Only a digest of its token is kept."""

    __tablename__ = "sign_in_link"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(Base):
    """How often something was tried within a window, counted across all workers."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[float] = mapped_column(index=True)


class QuestionFile(Base):
    """A file of the question folder as it was last read, with what the check found."""

    __tablename__ = "question_file"
    __table_args__ = (CheckConstraint("state IN ('live', 'refused', 'gone')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(400), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    findings: Mapped[list[dict[str, Any]]]
    read_at: Mapped[datetime]
    live_at: Mapped[datetime | None]


class Source(Base):
    """What questions are drawn from."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("question_file.id"))
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(400))
    author: Mapped[str] = mapped_column(String(400))
    published: Mapped[date | None]
    publisher: Mapped[str] = mapped_column(String(400))
    url: Mapped[str] = mapped_column(String(2000))
    retired_at: Mapped[datetime | None]

    passages: Mapped[list["Passage"]] = relationship(
        order_by="Passage.position", back_populates="source"
    )


class Passage(Base):
    """A numbered part of a source with our note (Markdown)."""

    __tablename__ = "passage"
    __table_args__ = (UniqueConstraint("source_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    slug: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]
    heading: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    retired_at: Mapped[datetime | None]

    source: Mapped[Source] = relationship(back_populates="passages")


class Deck(Base):
    """A question file as learners meet it."""

    __tablename__ = "deck"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("question_file.id"), index=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(400))
    topic: Mapped[str] = mapped_column(String(400))
    summary: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(35))
    position: Mapped[int]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    retired_at: Mapped[datetime | None]

    source: Mapped[Source | None] = relationship()
    file: Mapped[QuestionFile] = relationship()


class Question(Base):
    """A question through all its versions. `line` is where it stands in its file, from 1."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("deck_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id"))
    slug: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]
    line: Mapped[int]
    retired_at: Mapped[datetime | None]

    deck: Mapped[Deck] = relationship()


class QuestionVersion(Base):
    """What a question said at one time; never changed once written, but for its tallies.

    The version with `is_current` is the one served now. `responses` and `credit` are tallies of
    all its responses, kept in the answering transaction.
    """

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "content_hash"),
        CheckConstraint("responses >= 0", name="responses"),
        Index(
            "uq_question_version_current",
            "question_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    is_current: Mapped[bool]
    stem: Mapped[str] = mapped_column(Text)
    explanation: Mapped[str] = mapped_column(Text)
    level: Mapped[int | None]
    shuffle: Mapped[bool]
    as_of: Mapped[date | None]
    created_at: Mapped[datetime]
    responses: Mapped[int] = mapped_column(default=0)
    credit: Mapped[Fraction] = mapped_column(default=Fraction(0))

    question: Mapped[Question] = relationship()
    choices: Mapped[list["Choice"]] = relationship(order_by="Choice.position")
    passages: Mapped[list[Passage]] = relationship(
        secondary="version_passage", order_by=Passage.position
    )


class Choice(Base):
    """A choice of one version; `chosen` tallies how many responses picked it."""

    __tablename__ = "choice"
    __table_args__ = (CheckConstraint("chosen >= 0", name="chosen"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    is_key: Mapped[bool]
    feedback: Mapped[str] = mapped_column(Text)
    chosen: Mapped[int] = mapped_column(default=0)


class VersionPassage(Base):
    """Which passages a version is drawn from."""

    __tablename__ = "version_passage"

    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), primary_key=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"), primary_key=True, index=True)


class Attempt(Base):
    """One run through a drawn list of questions.

    `start_key` comes with the start form, so that a double click starts one attempt.
    `marks` has one character an item (see `quizapp.domain.marks`), so that a page about one
    item reads one row; `marks`, `answered` and `credit` are kept in the answering transaction.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("account_id", "start_key"),
        CheckConstraint("mode IN ('practice')", name="mode"),
        CheckConstraint("answered BETWEEN 0 AND size", name="answered"),
        CheckConstraint("length(marks) = size", name="marks"),
        Index("ix_attempt_account_id_started_at", "account_id", "started_at"),
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

    deck: Mapped[Deck | None] = relationship()
    items: Mapped[list["Item"]] = relationship(order_by="Item.position", passive_deletes=True)


class Item(Base):
    """A question at a position (from 1) of an attempt, with the order its choices are shown in.

    `choice_order` holds positions of choices, first shown first, as letters: a is choice 0.
    """

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    position: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    choice_order: Mapped[str] = mapped_column(String(12))

    version: Mapped[QuestionVersion] = relationship()
    response: Mapped["Response | None"] = relationship(passive_deletes=True)


class Response(Base):
    """The one answer to an item. `chosen` holds positions of choices as letters, sorted."""

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
