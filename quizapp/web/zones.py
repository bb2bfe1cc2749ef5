"""Times as people enter and read them: in their own zone, kept in UTC.

The server knows no browser's zone until a form says it; then it is remembered in the session.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from flask import session
from flask_babel import format_datetime
from wtforms import DateTimeLocalField, Form, SelectField

from quizapp.web.options import option

KEY = "zone"
UTC_NAME = "UTC"
FORM = "%Y-%m-%dT%H:%M"
"""How browsers write a time without a zone."""


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every zone by the name of a place, and UTC."""
    return frozenset({UTC_NAME, *filter(_is_place, available_timezones())})


@lru_cache(maxsize=1)
def zone_choices() -> tuple[Any, ...]:
    """The zones for a select, UTC first, by part of the world with the names of their places."""
    named = ((name, *name.split("/", 1)) for name in sorted(zone_names() - {UTC_NAME}))
    places = (option(name, place.replace("_", " "), group=region) for name, region, place in named)
    return (option(UTC_NAME, group="Everywhere"), *places)


def _is_place(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Clock:
    """Moments in the zone of this `name`."""

    name: str = UTC_NAME

    def to_utc(self, local: datetime, before: datetime | None = None) -> datetime:
        """The moment at which clocks there show this time.

        Where clocks go back the time comes twice: the first of the two is taken, or the moment
        it was `before` if that shows the same. Where they go forward a time is left out: it is
        taken as the old offset has it, so that 02:30 is half an hour after 02:00.
        """
        if before is not None and self.to_local(before) == local:
            return before
        return local.replace(tzinfo=_zone(self.name), fold=0).astimezone(UTC)

    def to_local(self, moment: datetime) -> datetime:
        """What clocks there show at a moment, without a zone and to the minute."""
        shown = moment.astimezone(_zone(self.name))
        return shown.replace(tzinfo=None, fold=0, second=0, microsecond=0)

    def words(self, moment: datetime) -> str:
        """A moment as these clocks show it: "12 March 2026, 11:00"."""
        return format_datetime(self.to_local(moment), "d MMMM yyyy, HH:mm", rebase=False)


def clock() -> Clock:
    """The clock of the zone that this session last entered times in, else of UTC."""
    name = session.get(KEY, UTC_NAME)
    return Clock(name if name in zone_names() else UTC_NAME)


def marked(moment: datetime) -> str:
    """A moment within a sentence, for `pieces` to find."""
    return f"\N{LEFT WHITE SQUARE BRACKET}{moment.isoformat()}\N{RIGHT WHITE SQUARE BRACKET}"


_MARKED = re.compile("\N{LEFT WHITE SQUARE BRACKET}(.+?)\N{RIGHT WHITE SQUARE BRACKET}")


def pieces(sentence: str) -> list[str | datetime]:
    """Text and moments of a sentence with `marked` moments, in turn, so that a page can write
    the moments in the reader's zone."""
    parts = _MARKED.split(sentence)
    return [datetime.fromisoformat(part) if i % 2 else part for i, part in enumerate(parts)]


class LocalMoment(DateTimeLocalField):
    """A time in the zone of the form, perhaps none. `before` is the moment kept so far."""

    before: datetime | None = None

    def __init__(self, label: str = "", **bound: Any) -> None:
        super().__init__(label, format=[FORM, f"{FORM}:%S", "%Y-%m-%d %H:%M"], **bound)

    @property
    def utc(self) -> str:
        """The moment kept so far for scripts, which write it in the browser's zone."""
        return self.before.isoformat() if self.before else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(value.strip() for value in valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Give a date and a time, such as 2026-03-12 11:00.") from error
        if self.data and not 2000 <= self.data.year <= 2999:
            self.data = None
            raise ValueError("Give a year between 2000 and 2999.")


class ZonedForm(Form):
    """A form whose times are in the zone that it names."""

    zone = SelectField("Time zone of these dates")

    def offer_zones(self) -> None:
        """Let a zone be chosen; a form that was not sent has the one remembered."""
        self.zone.choices = list(zone_choices())
        if self.zone.data is None:
            self.zone.data = clock().name

    @property
    def clock(self) -> Clock:
        """The clock of the zone chosen. Call after validation."""
        chosen = self.zone.data
        return Clock(chosen if chosen in zone_names() else UTC_NAME)

    def remember_zone(self) -> None:
        """Show times in this zone from now on."""
        if session.get(KEY) != self.clock.name:
            session[KEY] = self.clock.name

    def put(self, field: LocalMoment, moment: datetime | None) -> None:
        """Show a moment that is kept."""
        field.before = moment
        field.data = self.clock.to_local(moment) if moment else None

    def moment(self, field: LocalMoment) -> datetime | None:
        """The moment entered, in UTC. Call after validation."""
        return self.clock.to_utc(field.data, field.before) if field.data else None
