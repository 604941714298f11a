"""Corrections find their statements again in another extraction: by the same id, by offsets, by words, or they wait."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from onrecord.ledger import tables
from onrecord.ledger.fields import ADDED, is_span_field
from onrecord.model import Document, Span, Statement

__all__ = ["attach", "attach_all", "overlap", "spans_of", "text_of"]

_ALIKE = 0.5
"""Contents are of one statement where they share so much of what both cover."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a correction belongs in an extraction."""

    how: str
    statement: str | None = None
    shift: int = 0


_WAITING = _Place("waiting")


def overlap(one: Sequence[Span], other: Sequence[Span]) -> float:
    """How much of what two lists of spans cover they share, 0 to 1 (Jaccard, in code points).

    >>> overlap([Span(0, 4)], [Span(2, 6)])
    0.3333333333333333
    """
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
    length = sum(s.end - s.start for s in (*one, *other))
    return shared / (length - shared) if length > shared else 1.0


def attach_all(connection: Connection, document: int, extraction: int, found: Document) -> int:
    """Attach every correction of a document to the statements of a new extraction; how many have to wait."""
    table = tables.correction
    numbers = connection.execute(
        select(table.c.number).where(table.c.document == document).order_by(table.c.number)
    ).scalars()
    return sum(attach(connection, number, extraction, found) for number in numbers.all())


def attach(connection: Connection, correction: int, extraction: int, found: Document, *, seen: bool = False) -> bool:
    """Attach a correction to a statement of an extraction, or else let it wait, and say so.

    ``found`` has the revision's text and the extraction's own statements. ``seen`` says that the person had these
    before him: a statement that he adds is none of them, however near it stands.
    """
    table = tables.correction
    row = connection.execute(select(table).where(table.c.number == correction)).one()
    before = text_of(connection, row.revision)
    place = _beside(connection, row, extraction)
    if place is None and seen and row.field == ADDED and all(s.id != row.statement for s in found.statements):
        place = _Place("added")
    if place is None:
        place = _place(row.statement, spans_of(row.content), row.field, before, found)
    if is_span_field(row.field) and not _holds(row.value, place.shift, before, found.text):
        place = _WAITING
    connection.execute(insert(tables.attachment).values(
        correction=correction, extraction=extraction, statement=place.statement, how=place.how, shift=place.shift
    ))  # fmt: skip
    return place.how == "waiting"


def _beside(connection: Connection, row: Row[Any], extraction: int) -> _Place | None:
    """Where other corrections of the same statement belong in this extraction."""
    table, tied = tables.correction, tables.attachment
    other = connection.execute(
        select(tied).join(table, table.c.number == tied.c.correction)
        .where(tied.c.extraction == extraction, table.c.revision == row.revision, table.c.statement == row.statement)
        .where(tied.c.how != "waiting").limit(1)
    ).first()  # fmt: skip
    return _Place(other.how, other.statement, other.shift) if other else None


def _place(identity: str, content: Sequence[Span], field: str, before: str, found: Document) -> _Place:
    if before == found.text:
        if any(s.id == identity for s in found.statements):
            return _Place("same", identity)
        near = _nearest(content, found.statements)
        if near is not None:
            return _Place("moved", near.id)
        return _Place("added") if field == ADDED else _WAITING
    words = _words(before, content)
    same = [s for s in found.statements if _words(found.text, s.content) == words]
    if len(same) != 1 or len(same[0].content) != len(content):
        return _WAITING
    return _Place("moved", same[0].id, same[0].content[0].start - content[0].start)


def _nearest(content: Sequence[Span], statements: Sequence[Statement]) -> Statement | None:
    """The one statement whose content is nearly this; None where there is none, or two are as near."""
    near = sorted(((overlap(content, s.content), k) for k, s in enumerate(statements)), reverse=True)
    if not near or near[0][0] < _ALIKE or (len(near) > 1 and near[1][0] == near[0][0]):
        return None
    return statements[near[0][1]]


def _words(text: str, spans: Sequence[Span]) -> list[str]:
    return " … ".join(span.of(text) for span in spans).split()


def _holds(value: str | None, shift: int, before: str, after: str) -> bool:
    """Whether the words of a place stand in the other text too, so far from where they stood."""
    moved = ((s, Span(s.start + shift, s.end + shift)) for s in spans_of(value))
    return all(then.start >= 0 and now.of(before) == then.of(after) for now, then in moved)


def text_of(connection: Connection, revision: int) -> str:
    """The text of a revision."""
    raw = connection.execute(select(tables.revision.c.text).where(tables.revision.c.number == revision)).scalar_one()
    return bytes(raw).decode("utf-8", "surrogatepass")


def spans_of(value: str | None) -> tuple[Span, ...]:
    """Spans from their JSON."""
    return tuple(Span(*pair) for pair in json.loads(value)) if value is not None else ()
