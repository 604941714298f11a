"""Counts over what a ledger says at present: who speaks, how often and where, what they do, when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from onrecord.errors import UsageError
from onrecord.ledger import tables
from onrecord.ledger.dates import period
from onrecord.ledger.query import Query, matches
from onrecord.ledger.search import Hit
from onrecord.model import Act, Form, SourceType

__all__ = [
    "Counted",
    "Month",
    "SpeakerCount",
    "SpeakerView",
    "counted_by",
    "months",
    "speaker_named",
    "speakers",
    "timeline",
]

_FEW = 1000
"""Of so many speakers it is quicker to find out first who they are."""
_NAMED = 10_000
"""So many names stand in a command; a database takes only so many values in one."""


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """A speaker by name, with how many statements in how many documents and outlets, and the days of these.

    ``source_type`` is the one that most of the statements have.
    One name within one document is one speaker; whether one name in two documents is one person is not decided here.
    """

    speaker: str
    source_type: str
    statements: int
    documents: int
    outlets: int
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A value, how many statements have it, and the first and last day of the documents that do."""

    value: str | None
    statements: int
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class SpeakerView:
    """What the ledger has of one speaker: titles with their days, outlets, acts, and the statements by date."""

    name: str
    titles: list[Counted]
    source_types: list[Counted]
    outlets: list[Counted]
    acts: list[Counted]
    hits: Iterable[Hit]


@dataclass(frozen=True, slots=True)
class Month:
    """The statements of an outlet in a month (``2024-05``; None where the date is not known to the month)."""

    outlet: str | None
    month: str | None
    documents: int
    statements: int
    anonymous: int
    forms: dict[str, int]
    source_types: dict[str, int]
    acts: dict[str, int]


def speakers(connection: Connection, query: Query, limit: int) -> list[SpeakerCount]:
    """Those who speak most in what a query asks for, by name."""
    table, dialect = tables.present, connection.dialect.name
    wanted = matches(
        query, dialect, table.c.speaker, func.count(), func.count(table.c.document.distinct()),
        func.count(table.c.outlet.distinct()), func.min(table.c.published_from), func.max(table.c.published_until),
    ).where(table.c.speaker.is_not(None)).group_by(table.c.speaker)  # fmt: skip
    most_first = (func.count().desc(), table.c.speaker)
    if query == Query() and limit <= _FEW:
        # over everything an index alone tells who they are
        who = select(table.c.speaker).where(table.c.speaker.is_not(None)).group_by(table.c.speaker)
        wanted = wanted.where(table.c.speaker.in_(who.order_by(*most_first).limit(limit)))
    rows = connection.execute(wanted.order_by(*most_first).limit(limit)).all()
    types = matches(query, dialect, table.c.speaker, table.c.source_type)
    few = len(rows) <= _NAMED
    types = types.where(table.c.speaker.in_([row[0] for row in rows]) if few else table.c.speaker.is_not(None))
    types = types.group_by(table.c.speaker, table.c.source_type)
    # the most frequent comes last, and stays
    most: dict[str, str] = {
        row[0]: row[1] for row in connection.execute(types.order_by(func.count(), table.c.source_type.desc()))
    }
    return [SpeakerCount(row[0], most[row[0]], *row[1:]) for row in rows]


def speaker_named(connection: Connection, name: str) -> str:
    """The one speaker of this name, or whose name has these words.

    Raises:
        UsageError: there is none, or there are several.
    """
    table = tables.present
    same = select(table.c.speaker).where(table.c.speaker == name).limit(1)
    if connection.execute(same).first() is not None:
        return name
    found = speakers(connection, Query(speaker=name), 10)
    exact = [one.speaker for one in found if one.speaker.casefold() == name.casefold()]
    if len(exact) == 1 or len(found) == 1:
        return exact[0] if exact else found[0].speaker
    if not found:
        raise UsageError(f"{name}: nobody of this name speaks (onrecord speakers lists who does)")
    raise UsageError(f"{name}: may be {', '.join(one.speaker for one in found)}: write more of the name")


def counted_by(connection: Connection, query: Query, name: str) -> list[Counted]:
    """What a query asks for by the values of a column (``source_title``, ``outlet``, ``act``, …), most first."""
    table = tables.present
    column = table.c[name]
    wanted = matches(
        query, connection.dialect.name,
        column, func.count(), func.min(table.c.published_from), func.max(table.c.published_until),
    )  # fmt: skip
    wanted = wanted.group_by(column).order_by(func.count().desc(), column)
    return [Counted(*row) for row in connection.execute(wanted)]


def timeline(connection: Connection, query: Query, by: str) -> list[Counted]:
    """How many statements were said on each ``day``, ``month`` or ``year``, by time.

    What is known less exactly than that has an entry of its own: a month, a year, or an interval of days.
    """
    table = tables.present
    wanted = matches(
        query, connection.dialect.name,
        table.c.said_from, table.c.said_until, func.count(), func.min(table.c.published_from),
        func.max(table.c.published_until),
    )  # fmt: skip
    wanted = wanted.where(table.c.said_from.is_not(None)).group_by(table.c.said_from, table.c.said_until)
    found: dict[str, Counted] = {}
    for said_from, said_until, statements, first, last in connection.execute(
        wanted.order_by(table.c.said_from, table.c.said_until)
    ):
        when = period(said_from, said_until, by)
        before = found.get(when, Counted(when, 0))
        days = [day for day in (before.first, first) if day], [day for day in (before.last, last) if day]
        found[when] = Counted(
            when, before.statements + statements, min(days[0], default=None), max(days[1], default=None)
        )
    return list(found.values())


def months(connection: Connection, query: Query) -> list[Month]:
    """Counts by outlet and month of publication, of whole statements: what stands in another is left out."""
    table = tables.present
    values = [("form", Form), ("source_type", SourceType), ("act", Act)]
    named = [(name, str(value)) for name, kind in values for value in sorted(kind)]
    # a document has one outlet and one month: by document first, which an index has in order
    sums = [func.sum(case((table.c[name] == value, 1), else_=0)).label(f"{name}_{value}") for name, value in named]
    every = matches(
        query, connection.dialect.name, func.min(table.c.outlet).label("outlet"),
        func.min(table.c.published_from).label("first"), func.min(table.c.published_until).label("last"),
        func.count().label("statements"), *sums,
    ).where(table.c.parent.is_(None)).group_by(table.c.document).subquery()  # fmt: skip
    same = func.substr(every.c.first, 1, 7) == func.substr(every.c.last, 1, 7)
    month: ColumnElement[Any] = case((same, func.substr(every.c.first, 1, 7)), else_=None)
    wanted = select(
        every.c.outlet, month.label("month"), func.count(), func.sum(every.c.statements),
        *(func.sum(every.c[made.name]) for made in sums),
    ).group_by(every.c.outlet, month).order_by(every.c.outlet, month)  # fmt: skip
    found = []
    for outlet, when, documents, statements, *counts in connection.execute(wanted):
        by: dict[str, dict[str, int]] = {name: {} for name, _ in values}
        for (name, value), count in zip(named, counts, strict=True):
            if count:
                by[name][value] = int(count)
        hidden = by["source_type"].get(SourceType.ANONYMOUS_SOURCE, 0)
        found.append(Month(outlet, when, documents, int(statements), hidden, by["form"], by["source_type"], by["act"]))
    return found
