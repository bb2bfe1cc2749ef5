"""Create what reminders by mail and sprints need."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "study_settings", sa.Column("confirmed_email", sa.String(length=254), nullable=True)
    )
    op.add_column("attempt", sa.Column("sprint_seconds", sa.Integer(), nullable=True))
