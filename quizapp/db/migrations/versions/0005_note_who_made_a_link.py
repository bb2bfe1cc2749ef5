"""Note who made a sign-in link, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in_link", sa.Column("maker", sa.String(length=80), nullable=True))
    for name in ("made_at", "opened_at", "told_at"):
        moment = sa.Column(name, sa.DateTime(timezone=True), nullable=True)
        op.add_column("sign_in_link", moment)
