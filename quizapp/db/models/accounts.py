"""Who uses the app."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db.models.base import Base


class Role(StrEnum):
    """What an account may do: an admin is an instructor who sees everybody's files and classes."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    ADMIN = "admin"


class Account(Base):
    """Someone who answers. A guest has no name and no password until they sign up.

    `session_key` is what a session cookie holds: changing it ends every session.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("(name IS NULL) = (name_key IS NULL)", name="named"),
        CheckConstraint("name IS NULL OR password_hash IS NOT NULL", name="password"),
        CheckConstraint("role IN ('learner', 'instructor', 'admin')", name="role"),
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
    """A link that signs one account in once. Only a digest of its token is kept.

    It is void from `used_at` on, but was followed only where it has been `opened_at`. Of one that
    somebody else made, `maker` is their name then, and the account was told of it at `told_at`.
    """

    __tablename__ = "sign_in_link"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    maker: Mapped[str | None] = mapped_column(String(80))
    made_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class Throttle(Base):
    """How often something was tried within a window, counted across all workers."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[float] = mapped_column(index=True)
