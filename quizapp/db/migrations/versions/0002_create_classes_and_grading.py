"""Create classes, assignments, grading, uploads and the audit list; let attempts be graded."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL AND deadline IS NOT NULL")


def upgrade() -> None:
    widen_roles()
    create_tables()
    tell_uploads_from_the_folder()
    let_attempts_be_graded()


def widen_roles() -> None:
    with op.batch_alter_table("account") as table:
        table.drop_constraint(op.f("ck_account_role"), type_="check")
        table.create_check_constraint(
            op.f("ck_account_role"), "role IN ('learner', 'instructor', 'admin')"
        )


def create_tables() -> None:
    op.create_table(
        "class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("join_code", sa.String(length=16), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class")),
        sa.UniqueConstraint("join_code", name=op.f("uq_class_join_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_class_public_id")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("pools", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("holds_back", sa.Boolean(), nullable=False),
        sa.Column("holds_marks", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_assignment_weight")),
        sa.ForeignKeyConstraint(
            ["class_id"], ["class.id"], name=op.f("fk_assignment_class_id_class")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_public_id")),
    )
    op.create_index(op.f("ix_assignment_class_id"), "assignment", ["class_id"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["account.id"],
            name=op.f("fk_audit_event_actor_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["class.id"], name=op.f("fk_audit_event_class_id_class")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_class_id_id", "audit_event", ["class_id", "id"], unique=False)
    op.create_index(
        "ix_audit_event_subject_subject_id", "audit_event", ["subject", "subject_id"], unique=False
    )
    op.create_table(
        "class_teacher",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_class_teacher_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["class.id"],
            name=op.f("fk_class_teacher_class_id_class"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("class_id", "account_id", name=op.f("pk_class_teacher")),
    )
    op.create_index(
        op.f("ix_class_teacher_account_id"), "class_teacher", ["account_id"], unique=False
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_enrolment_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["class.id"], name=op.f("fk_enrolment_class_id_class")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint(
            "class_id", "account_id", name=op.f("uq_enrolment_class_id_account_id")
        ),
    )
    op.create_index(op.f("ix_enrolment_account_id"), "enrolment", ["account_id"], unique=False)
    op.create_table(
        "accommodation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("time_percent", sa.Integer(), nullable=False),
        sa.Column("is_untimed", sa.Boolean(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("extra_attempts >= 0", name=op.f("ck_accommodation_extra_attempts")),
        sa.CheckConstraint(
            "time_percent BETWEEN 100 AND 1000", name=op.f("ck_accommodation_time_percent")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_accommodation_assignment_id_assignment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_accommodation_enrolment_id_enrolment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodation")),
        sa.UniqueConstraint(
            "enrolment_id",
            "assignment_id",
            name=op.f("uq_accommodation_enrolment_id_assignment_id"),
        ),
    )
    op.create_index(
        op.f("ix_accommodation_assignment_id"), "accommodation", ["assignment_id"], unique=False
    )
    op.create_index(
        "uq_accommodation_everywhere",
        "accommodation",
        ["enrolment_id"],
        unique=True,
        sqlite_where=sa.text("assignment_id IS NULL"),
        postgresql_where=sa.text("assignment_id IS NULL"),
    )
    op.create_table(
        "assignment_tally",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_assignment_tally_assignment_id_assignment"),
        ),
        sa.PrimaryKeyConstraint("assignment_id", "is_first", name=op.f("pk_assignment_tally")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("base_digest", sa.String(length=64), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["question_file.id"], name=op.f("fk_draft_file_id_question_file")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_draft_owner_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("public_id", name=op.f("uq_draft_public_id")),
    )
    op.create_index(op.f("ix_draft_owner_id"), "draft", ["owner_id"], unique=False)
    op.create_table(
        "excusal",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_excusal_assignment_id_assignment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_excusal_decided_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_excusal_enrolment_id_enrolment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("assignment_id", "enrolment_id", name=op.f("pk_excusal")),
    )
    op.create_index(op.f("ix_excusal_enrolment_id"), "excusal", ["enrolment_id"], unique=False)
    op.create_table(
        "file_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["account.id"],
            name=op.f("fk_file_version_author_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["question_file.id"], name=op.f("fk_file_version_file_id_question_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_version")),
        sa.UniqueConstraint("file_id", "number", name=op.f("uq_file_version_file_id_number")),
    )
    op.create_table(
        "assignment_deck",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("deck_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_assignment_deck_assignment_id_assignment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["deck_id"], ["deck.id"], name=op.f("fk_assignment_deck_deck_id_deck")
        ),
        sa.PrimaryKeyConstraint("assignment_id", "deck_id", name=op.f("pk_assignment_deck")),
    )
    op.create_index(
        op.f("ix_assignment_deck_deck_id"), "assignment_deck", ["deck_id"], unique=False
    )
    op.create_table(
        "item_tally",
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "scope IN ('assignment', 'class', 'everything')", name=op.f("ck_item_tally_scope")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["question_version.id"],
            name=op.f("fk_item_tally_version_id_question_version"),
        ),
        sa.PrimaryKeyConstraint(
            "scope", "scope_id", "is_first", "version_id", name=op.f("pk_item_tally")
        ),
    )
    op.create_index(op.f("ix_item_tally_version_id"), "item_tally", ["version_id"], unique=False)
    op.create_table(
        "regrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ruling", sa.String(length=16), nullable=False),
        sa.Column("keys", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(ruling = 'regrade') = (keys IS NOT NULL)", name=op.f("ck_regrade_keys")
        ),
        sa.CheckConstraint(
            "ruling IN ('keep', 'regrade', 'full', 'ignore')", name=op.f("ck_regrade_ruling")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_regrade_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_regrade_decided_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"],
            ["account.id"],
            name=op.f("fk_regrade_undone_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["question_version.id"],
            name=op.f("fk_regrade_version_id_question_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
    )
    op.create_index(
        "uq_regrade_active",
        "regrade",
        ["assignment_id", "version_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "override",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_override_decided_by_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_override_item_id_item"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_override")),
    )
    op.create_table(
        "saved_answer",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.String(length=12), nullable=False),
        sa.Column("certainty", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('kept', 'superseded', 'late', 'settled')",
            name=op.f("ck_saved_answer_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["attempt.id"],
            name=op.f("fk_saved_answer_attempt_id_attempt"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_saved_answer_item_id_item"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attempt_id", "key", name=op.f("pk_saved_answer")),
    )
    op.create_index(op.f("ix_saved_answer_item_id"), "saved_answer", ["item_id"], unique=False)


def tell_uploads_from_the_folder() -> None:
    with op.batch_alter_table("question_file") as table:
        table.add_column(
            sa.Column("origin", sa.String(length=16), server_default="folder", nullable=False)
        )
        table.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("is_shared", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        table.drop_constraint(op.f("uq_question_file_name"), type_="unique")
        table.create_unique_constraint(op.f("uq_question_file_origin_name"), ["origin", "name"])
        table.create_check_constraint(
            op.f("ck_question_file_origin"), "origin IN ('folder', 'upload')"
        )
        table.create_foreign_key(
            op.f("fk_question_file_owner_id_account"),
            "account",
            ["owner_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.add_column(
        "deck",
        sa.Column("is_for_practice", sa.Boolean(), server_default=sa.true(), nullable=False),
    )


def let_attempts_be_graded() -> None:
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("assignment_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("number", sa.Integer(), nullable=True))
        table.add_column(sa.Column("deadline", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("ended_by", sa.String(length=16), nullable=True))
        table.add_column(sa.Column("worth", sa.Integer(), nullable=True))
        table.drop_constraint(op.f("ck_attempt_mode"), type_="check")
        table.create_check_constraint(
            op.f("ck_attempt_mode"), "mode IN ('practice', 'review', 'graded', 'preview')"
        )
        table.create_check_constraint(
            op.f("ck_attempt_assignment"),
            "(mode IN ('graded', 'preview')) = (assignment_id IS NOT NULL)",
        )
        table.create_check_constraint(
            op.f("ck_attempt_number"), "(mode = 'graded') = (number IS NOT NULL)"
        )
        table.create_check_constraint(
            op.f("ck_attempt_ended_by"), "ended_by IN ('learner', 'time', 'teacher')"
        )
        table.create_unique_constraint(
            op.f("uq_attempt_assignment_id_account_id_number"),
            ["assignment_id", "account_id", "number"],
        )
        table.create_foreign_key(
            op.f("fk_attempt_assignment_id_assignment"), "assignment", ["assignment_id"], ["id"]
        )
    op.create_index(
        "ix_attempt_deadline",
        "attempt",
        ["deadline"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.add_column("item", sa.Column("credit", sa.BigInteger(), nullable=True))
    one = sa.text("1")
    op.add_column("item", sa.Column("worth", sa.Integer(), server_default=one, nullable=False))
    op.add_column("response", sa.Column("tries", sa.Integer(), server_default=one, nullable=False))
