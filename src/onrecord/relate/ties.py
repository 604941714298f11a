"""What ties claims, as it is shown and judged: restated, disputed, answered.

The tables have what a program suggests. A tie whose claim is no longer there, or has other words, is not shown.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from onrecord.ledger import tables
from onrecord.ledger.entries import Entry
from onrecord.ledger.rows import column
from onrecord.model import Span, Statement
from onrecord.relate.alike import Change, Difference
from onrecord.relate.claims import claim_of
from onrecord.relate.sides import Kind, Link, Loader, Side, judgement_of
from onrecord.relate.sql import chunks

__all__ = ["KINDS", "claim_side", "signs_of", "ties", "ties_of", "ties_with"]

KINDS = (Kind.RESTATES, Kind.DISPUTES, Kind.ANSWERS)
"""The kinds of links between claims."""


def ties(connection: Connection, kinds: Collection[Kind], loaded: Loader) -> Iterator[Link]:
    """The ties of some kinds, the most probable first."""
    wanted = [str(kind) for kind in KINDS if kind in kinds]
    rows = connection.execute(
        _ties().where(tables.tie.c.kind.in_(wanted)).order_by(tables.tie.c.score.desc(), tables.tie.c.id)
    )
    yield from _links(connection, rows, loaded)


def ties_with(connection: Connection, prefix: str, loaded: Loader) -> Iterator[Link]:
    """The ties whose ids begin so; three at most."""
    rows = connection.execute(_ties().where(tables.tie.c.id.startswith(prefix, autoescape=True)).limit(3))
    yield from _links(connection, rows.all(), loaded)


def ties_of(connection: Connection, claims: Collection[int], loaded: Loader) -> Iterator[Link]:
    """The ties that one of these claims has part in, by number, each once; the most probable first."""
    found: dict[str, Any] = {}
    for some in chunks(claims):
        tied = or_(tables.tie.c.first.in_(some), tables.tie.c.second.in_(some))
        found |= {row.id: row for row in connection.execute(_ties().where(tied))}
    yield from _links(connection, sorted(found.values(), key=lambda row: (-row.score, row.id)), loaded)


def signs_of(connection: Connection, tie: str) -> tuple[str, str]:
    """The signs of the two claims of a tie, by its id."""
    row = connection.execute(_ties().where(tables.tie.c.id == tie)).one()
    return row.first_sign, row.second_sign


def claim_side(entry: Entry, statement: Statement, entity: tuple[int, str] | None = None) -> Side:
    """A statement as one side of a link: the words of its cue and of its content, in the order of the text."""
    spans = sorted(there for _, there in claim_of(entry.document.text, statement).places)
    return Side(entry, statement, tuple(spans), statement.speaker, entity)


def _ties() -> Select[Any]:
    """Ties, with what both of their claims are."""
    first, second = (tables.claim.alias(name) for name in ("first_claim", "second_claim"))
    parts = [
        table.c[name].label(f"{side}_{name}")
        for side, table in (("first", first), ("second", second))
        for name in ("document", "statement", "sign", "words")
    ]
    joined = tables.tie.join(first, first.c.number == tables.tie.c.first)
    return select(tables.tie, *parts).select_from(joined.join(second, second.c.number == tables.tie.c.second))


def _links(connection: Connection, rows: Iterable[Any], loaded: Loader) -> Iterator[Link]:
    for row in rows:
        if (link := _link(connection, row, loaded)) is not None:
            yield link


def _link(connection: Connection, row: Any, loaded: Loader) -> Link | None:
    sides = []
    for name in ("first", "second"):
        found = loaded.statement(getattr(row, f"{name}_document"), getattr(row, f"{name}_statement"))
        if found is None:
            return None
        entry, statement = found
        if column(claim_of(entry.document.text, statement).text) != getattr(row, f"{name}_words"):
            return None  # corrected since, or read anew
        entity = loaded.entity(getattr(row, f"{name}_document"), statement.speaker)
        sides.append(claim_side(entry, statement, entity))
    clash = [[Span(*span) for span in spans] for spans in json.loads(row.clash)]
    kind = Kind(row.kind)
    if kind is not Kind.ANSWERS and _after(sides[0], sides[1]):
        sides.reverse()
        clash.reverse()
    differences = _differences(sides[0], sides[1], clash)
    said = judgement_of(connection, row.id)
    return Link(row.id, kind, sides[0], sides[1], differences=differences, judgement=said, score=row.score)


def _after(one: Side, other: Side) -> bool:
    """Whether a side comes after another: it was published later, or stands later in the text."""

    def moment(side: Side) -> tuple[str, int]:
        return side.day or "9", side.spans[0].start

    same = one.entry is not None and other.entry is not None and one.entry.revision == other.entry.revision
    return moment(one) > moment(other) if same or one.day != other.day else False


def _differences(first: Side, second: Side, clash: list[list[Span]]) -> tuple[Difference, ...]:
    """The words that clash, as numbers of the sides' words: those that stand side by side together."""
    of_first, of_second = (_runs(side, spans) for side, spans in zip((first, second), clash, strict=True))
    made = [Difference(Change.CLASH, at, (0, 0)) for at in of_first]
    made += [Difference(Change.CLASH, (0, 0), at) for at in of_second]
    if len(of_first) == len(of_second) == 1:
        made = [Difference(Change.CLASH, of_first[0], of_second[0])]
    return tuple(made)


def _runs(side: Side, spans: Collection[Span]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for number, span in enumerate(side.spans):
        if span in spans:
            if found and found[-1][1] == number:
                found[-1] = (found[-1][0], number + 1)
            else:
                found.append((number, number + 1))
    return found
