"""Create review cards and what belongs to studying."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tables()
    mark_what_cards_do_not_know_yet()


def create_tables() -> None:
    op.create_table(
        "study_settings",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("retention_percent", sa.Integer(), nullable=False),
        sa.Column("new_per_day", sa.Integer(), nullable=False),
        sa.Column("reviews_per_day", sa.Integer(), nullable=False),
        sa.Column("asks_certainty", sa.Boolean(), nullable=False),
        sa.Column("exam_on", sa.Date(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=True),
        sa.Column("reminders", sa.String(length=16), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("feed_token", sa.String(length=43), nullable=True),
        sa.CheckConstraint(
            "reminders IN ('never', 'daily', 'weekly')", name=op.f("ck_study_settings_reminders")
        ),
        sa.CheckConstraint("new_per_day >= 0", name=op.f("ck_study_settings_new_per_day")),
        sa.CheckConstraint(
            "retention_percent BETWEEN 80 AND 97", name=op.f("ck_study_settings_retention_percent")
        ),
        sa.CheckConstraint("reviews_per_day >= 1", name=op.f("ck_study_settings_reviews_per_day")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_study_settings_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_study_settings")),
        sa.UniqueConstraint("feed_token", name=op.f("uq_study_settings_feed_token")),
    )
    op.create_table(
        "passage_read",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_passage_read_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["passage_id"], ["passage.id"], name=op.f("fk_passage_read_passage_id_passage")
        ),
        sa.PrimaryKeyConstraint("account_id", "passage_id", name=op.f("pk_passage_read")),
    )
    op.create_index(
        op.f("ix_passage_read_passage_id"), "passage_read", ["passage_id"], unique=False
    )
    op.create_table(
        "review_card",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_review_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("last_credit", sa.BigInteger(), nullable=False),
        sa.Column("last_certainty", sa.Integer(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("buried_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_review_card_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_review_card_question_id_question")
        ),
        sa.PrimaryKeyConstraint("account_id", "question_id", name=op.f("pk_review_card")),
    )
    op.create_index(
        "ix_review_card_account_id_due_at", "review_card", ["account_id", "due_at"], unique=False
    )
    op.create_index(
        op.f("ix_review_card_question_id"), "review_card", ["question_id"], unique=False
    )


def mark_what_cards_do_not_know_yet() -> None:
    op.add_column(
        "attempt", sa.Column("folded", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.create_index(
        "ix_attempt_unfolded",
        "attempt",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("answered <> folded"),
        postgresql_where=sa.text("answered <> folded"),
    )
    op.add_column(
        "deck", sa.Column("is_offline", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
