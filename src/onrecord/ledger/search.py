"""Looking through what a ledger says at present."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from onrecord.errors import UsageError
from onrecord.ledger import tables
from onrecord.ledger.entries import Entry, at, entry_of, head_of, revisions
from onrecord.ledger.query import Query, matches, spans_of_terms
from onrecord.ledger.rows import statement_of
from onrecord.model import Span, Statement

__all__ = ["SORTS", "Hit", "alike", "checked", "chosen", "count", "search"]

SORTS = ("relevance", "date", "recorded")
_PAGE = 500
"""So many documents are fetched at once."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement that was looked for, with its document and the statements around it.

    ``entry.document.statements`` are the statement and those that it stands in, the outermost first. ``found`` is where
    the words that were looked for stand, as spans of the text. ``likeness`` is how like the content is to what was
    looked for by its meaning (the cosine of two vectors, up to 1).
    """

    entry: Entry
    statement: Statement
    found: tuple[Span, ...]
    likeness: float | None = None


def search(connection: Connection, query: Query, limit: int, sort: str) -> Iterator[Hit]:
    """The first ``limit`` statements that a query asks for.

    ``sort``: by ``relevance`` (how often and how rarely the words stand, best first; without words as ``date``), by
    ``date`` of publication, the latest first, or by when they were ``recorded``, the latest first.

    Raises:
        UsageError: there is no such order.
    """
    table = tables.present
    checked(sort)
    wanted, rank = matches(query, connection.dialect.name, table)
    if sort == "relevance" and rank is not None:
        wanted = wanted.order_by(rank)
    elif sort != "recorded":
        wanted = wanted.order_by(table.c.published_from.desc().nulls_last())
    wanted = wanted.order_by(table.c.number.desc()).limit(limit)
    for row in connection.execute(wanted).all():
        yield _hit(connection, row, query)


def checked(sort: str) -> None:
    """Whether there is such an order.

    Raises:
        UsageError: there is none.
    """
    if sort not in SORTS:
        raise UsageError(f"sort {sort!r}: there is none of that name (there are {', '.join(SORTS)})")


def alike(connection: Connection, query: Query, found: Sequence[tuple[int, float]], sort: str) -> Iterator[Hit]:
    """The statements with these numbers, each with its likeness: in their order, or ``sort`` as in ``search``."""
    table, likeness = tables.present, dict(found)
    rows = connection.execute(select(table).where(table.c.number.in_(likeness))).all()
    place = {number: at for at, number in enumerate(likeness)}
    if sort == "relevance":
        rows = sorted(rows, key=lambda row: place[row.number])
    else:
        rows = sorted(rows, key=lambda row: row.number, reverse=True)
        if sort == "date":
            rows = sorted(rows, key=lambda row: row.published_from or "", reverse=True)
    for row in rows:
        yield replace(_hit(connection, row, query), likeness=likeness[row.number])


def count(connection: Connection, query: Query) -> int:
    """How many statements a query asks for."""
    wanted, _ = matches(query, connection.dialect.name, func.count())
    found: int = connection.execute(wanted).scalar_one()
    return found


def chosen(connection: Connection, query: Query) -> Iterator[tuple[Entry, frozenset[str]]]:
    """The documents with statements that a query asks for, in the order added, and these statements' ids."""
    table, together = tables.present, func.aggregate_strings(tables.present.c.id, " ")
    wanted, _ = matches(query, connection.dialect.name, table.c.document, together)
    streamed = connection.execution_options(yield_per=_PAGE)
    for document, ids in streamed.execute(wanted.group_by(table.c.document).order_by(table.c.document)):
        yield entry_of(connection, revisions(connection, document)[-1]), frozenset(ids.split())


def _hit(connection: Connection, row: Row[Any], query: Query) -> Hit:
    if row.reviewed or row.extraction is None:
        # corrections may have moved what is around it: read the whole document
        entry = entry_of(connection, at(connection, row.revision)[1])
        by_id = {s.id: s for s in entry.document.statements}
        chain = [by_id[row.id]]
        while (parent := chain[0].parent) is not None and parent in by_id:
            chain.insert(0, by_id[parent])
    else:
        entry = head_of(connection, at(connection, row.revision)[1])
        chain = _chain(connection, row.extraction, row.id, row.parent)
    document = replace(entry.document, statements=tuple(chain))
    statement, found = chain[-1], []
    for span in statement.content:
        words = spans_of_terms(span.of(document.text), query.words)
        found += [Span(span.start + start, span.start + end) for start, end in words]
    return Hit(replace(entry, document=document), statement, tuple(found))


def _chain(connection: Connection, extraction: int, identity: str, parent: str | None) -> list[Statement]:
    """A statement and those around it, the outermost first; its parent may be another than it was found with."""
    table = tables.statement
    chain: list[Statement] = []
    wanted: str | None = identity
    while wanted is not None:
        body = connection.execute(
            select(table.c.body).where(and_(table.c.extraction == extraction, table.c.id == wanted))
        ).scalar_one()
        statement = statement_of(body)
        if wanted == identity and statement.parent != parent:
            statement = replace(statement, parent=parent)
        chain.insert(0, statement)
        wanted = statement.parent
    return chain
