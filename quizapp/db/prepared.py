"""Statements compiled once and handed straight to the driver, for the two busiest pages.

A Core statement costs some 40 us to execute on SQLite, of which the driver needs 5: the rest
looks up caches, listeners and result types. Where `benchmarks/` shows that this counts, a
statement is wrapped in `Prepared`; everywhere else it is executed plainly.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

Converters = Mapping[str, Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class _ForDriver:
    """SQL with what goes to its places: `fixed` by name, the rest given and perhaps converted."""

    sql: str
    order: list[str] | None
    fixed: dict[str, Any]
    given: list[tuple[str, Callable[[Any], Any] | None]]

    def arguments(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver wants them: by place or by name, converted by type."""
        named = dict(self.fixed)
        for name, convert in self.given:
            named[name] = values[name] if convert is None else convert(values[name])
        return named if self.order is None else [named[name] for name in self.order]


class Prepared:
    """A statement without expanding parameters. Rows come back as the driver makes them: columns
    that need a result type belong into a plain statement."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._by_dialect: dict[str, _ForDriver] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Execute in the connection's transaction and return the driver's cursor.

        Values that the statement does not use are left aside. Raises the driver's own errors.
        """
        dialect = connection.dialect
        prepared = self._by_dialect.get(dialect.name)
        if prepared is None:
            prepared = self._by_dialect[dialect.name] = self._prepare(connection)
        driver: Any = connection.connection.dbapi_connection
        return driver.execute(prepared.sql, prepared.arguments(values))

    def _prepare(self, connection: Connection) -> _ForDriver:
        compiled = self._statement.compile(dialect=connection.dialect)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("only queries and changes of rows can be prepared")
        converters = cast("Converters", compiled._bind_processors)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # there is no other door
        return _ForDriver(
            sql=str(compiled),
            order=list(compiled.positiontup) if compiled.positiontup is not None else None,
            fixed={name: value for name, value in compiled.params.items() if value is not None},
            given=[(n, converters.get(n)) for n, value in compiled.params.items() if value is None],
        )
