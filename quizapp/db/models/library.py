"""Question files and what they say."""

from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.db.models.accounts import Account
from quizapp.db.models.base import Base


class FileState(StrEnum):
    """Where a question file stands: LIVE serves learners as it is; REFUSED has errors, and
    what it last said without errors (if ever) stays live; GONE was taken out of the folder, or
    is an upload that was retired."""

    LIVE = "live"
    REFUSED = "refused"
    GONE = "gone"


class Origin(StrEnum):
    """Where a question file comes from: the question FOLDER on disk, or an UPLOAD."""

    FOLDER = "folder"
    UPLOAD = "upload"


class QuestionFile(Base):
    """A question file as it was last read, with what the check found.

    An upload belongs to its `owner` and is seen by other instructors when it `is_shared`; a file
    of the folder belongs to nobody and is seen by all.
    """

    __tablename__ = "question_file"
    __table_args__ = (
        UniqueConstraint("origin", "name"),
        CheckConstraint("state IN ('live', 'refused', 'gone')", name="state"),
        CheckConstraint("origin IN ('folder', 'upload')", name="origin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(
        String(16), default=Origin.FOLDER, server_default=Origin.FOLDER
    )
    name: Mapped[str] = mapped_column(String(400))
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    findings: Mapped[list[dict[str, Any]]]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    is_shared: Mapped[bool] = mapped_column(default=True, server_default=true())
    read_at: Mapped[datetime]
    live_at: Mapped[datetime | None]

    owner: Mapped[Account | None] = relationship()
    versions: Mapped[list["FileVersion"]] = relationship(order_by="FileVersion.number.desc()")


class FileVersion(Base):
    """What a question file said, byte for byte, each time it went live; numbered from 1."""

    __tablename__ = "file_version"
    __table_args__ = (UniqueConstraint("file_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("question_file.id"))
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    live_at: Mapped[datetime]

    author: Mapped[Account | None] = relationship()


class Draft(Base):
    """A question file that someone is working on; nothing in it is served.

    `base_digest` is what the live file said when the draft was begun, None for a new file: who
    publishes over a file that changed meanwhile is asked first.
    """

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("question_file.id"))
    name: Mapped[str] = mapped_column(String(400))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    base_digest: Mapped[str | None] = mapped_column(String(64))
    updated_at: Mapped[datetime]

    file: Mapped[QuestionFile | None] = relationship()
    owner: Mapped[Account] = relationship()


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
    """A question file as learners meet it.

    One that is not `is_for_practice` is met in assignments only, so that its keys stay secret.
    Learners may take one that `is_offline` along, keys and all, to practise without a network.
    """

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
    is_for_practice: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_offline: Mapped[bool] = mapped_column(default=True, server_default=true())
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
    the responses given in practice and review, kept in the answering transaction; what is graded
    is counted in `ItemTally`.
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
    """A choice of one version; `chosen` tallies how many of those responses picked it."""

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
