"""Alembic's entry: runs migrations on the connection that `quizapp.db.migrate` opened."""

from alembic import context
from sqlalchemy import Connection

from quizapp.db.models import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    context.run_migrations()


run(context.config.attributes["connection"])
