"""The rows in which tallies are kept, changed without losing a count."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Generic, Protocol, Self, TypeVar

from sqlalchemy import JSON, ColumnElement, Connection, and_, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from quizapp.db.models import Base
from quizapp.domain.analysis.kept import poured

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_AT_ONCE = 200


class Tally(Protocol):
    """What all tallies of the analysis can do."""

    @property
    def n(self) -> int: ...
    def merge(self, other: Self, /) -> None: ...
    def as_dict(self) -> dict[str, Any]: ...


K = TypeVar("K", bound=tuple[Any, ...])
T = TypeVar("T", bound=Tally)


@dataclass(frozen=True, slots=True)
class TallyRows(Generic[K, T]):
    """A table of tallies, each in a column `tally` under a key of the columns `places`.

    `new` makes an empty tally, `read` one from what is kept. No row is ever deleted, so that a
    row once seen can be locked.
    """

    table: type[Base]
    places: Sequence[InstrumentedAttribute[Any]]
    new: Callable[[], T]
    read: Callable[[Mapping[str, Any]], T]

    def add(self, connection: Connection, changes: Mapping[K, T]) -> None:
        """Merge the changes into what is kept, within a transaction."""
        keys = sorted(key for key, change in changes.items() if change != self.new())
        self._ensure(connection, keys)
        for some in _portions(keys):
            kept = self._rows(connection, some)
            self._set(connection, {key: poured(kept[key], changes[key].as_dict()) for key in some})

    def replace(self, connection: Connection, tallies: Mapping[K, T]) -> None:
        """Keep these tallies and no others; the table is locked against whoever counts."""
        known: Iterable[K] = [tuple(row) for row in connection.execute(select(*self.places))]  # pyright: ignore[reportAssignmentType]  # the columns of K
        self._ensure(connection, sorted(tallies))
        emptied = {key: self.new() for key in known if key not in tallies}
        for some in _portions([*tallies.items(), *emptied.items()]):
            self._set(connection, {key: tally.as_dict() for key, tally in some})

    def differences(
        self, bind: Session | Connection, counted: Mapping[K, T]
    ) -> Iterator[tuple[K, int, int]]:
        """The keys where what is kept is not what was counted, each with both numbers."""
        statement = select(*self.places, self.table.__table__.c.tally).order_by(*self.places)
        seen: set[K] = set()
        for *place, value in bind.execute(statement):
            key: K = tuple(place)  # pyright: ignore[reportAssignmentType]  # the columns of K
            seen.add(key)
            kept, due = self.read(value), counted.get(key, self.new())
            if kept != due:
                yield key, kept.n, due.n
        for key in sorted(counted.keys() - seen):
            yield key, 0, counted[key].n

    def _ensure(self, connection: Connection, keys: Sequence[K]) -> None:
        """Make the rows that are missing, in one order, before any row is locked: who meets a
        row that another is making waits for them while holding none that they want."""
        empty = self.new().as_dict()
        for some in _portions(keys):
            known = {
                tuple(row) for row in connection.execute(select(*self.places).where(self._at(some)))
            }
            missing = [key for key in some if key not in known]
            if missing:
                rows = [{**self._named(key), "tally": empty} for key in missing]
                insert = _INSERT[connection.dialect.name]
                connection.execute(insert(self.table).values(rows).on_conflict_do_nothing())

    def _rows(self, connection: Connection, keys: Sequence[K]) -> dict[K, dict[str, Any]]:
        """What is kept under these keys, locked in their order."""
        rows = connection.execute(
            select(*self.places, self.table.__table__.c.tally)
            .where(self._at(keys))
            .order_by(*self.places)
            .with_for_update()
        )
        return {tuple(place): value for *place, value in rows}  # pyright: ignore[reportReturnType]  # the columns of K

    def _set(self, connection: Connection, tallies: Mapping[K, dict[str, Any]]) -> None:
        if not tallies:
            return
        names = [f"at_{place.key}" for place in self.places]
        found = (place == bindparam(name) for place, name in zip(self.places, names, strict=True))
        statement = (
            update(self.table).where(*found).values(tally=bindparam("new_tally", type_=JSON()))
        )
        values = [
            {**dict(zip(names, key, strict=True)), "new_tally": tally}
            for key, tally in tallies.items()
        ]
        connection.execute(statement, values)

    def _at(self, keys: Sequence[K]) -> ColumnElement[bool]:
        """Whether a row has one of these keys, which are sorted.

        Keys that differ in the last column alone go together: SQLite looks these up, while it
        would read the whole table for a list of pairs.
        """
        *first, last = self.places
        return or_(
            *(
                and_(
                    *(place == part for place, part in zip(first, beginning, strict=True)),
                    last.in_([key[-1] for key in group]),
                )
                for beginning, group in groupby(keys, key=lambda key: key[:-1])
            )
        )

    def _named(self, key: K) -> dict[str, Any]:
        return {place.key: part for place, part in zip(self.places, key, strict=True)}


P = TypeVar("P")


def _portions(things: Sequence[P]) -> Iterator[list[P]]:
    ahead = iter(things)
    while some := list(islice(ahead, _AT_ONCE)):
        yield some
