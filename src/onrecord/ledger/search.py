"""Looking through what a ledger says at present."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, text

from onrecord.errors import UsageError
from onrecord.ledger import tables
from onrecord.ledger.entries import Entry, at, entry_of, heads_of, revisions
from onrecord.ledger.places import NUMBERS
from onrecord.ledger.query import Query, matches, places, ranked, spans_of_terms, terms_of
from onrecord.ledger.rows import statement_of
from onrecord.model import Document, Span, Statement

__all__ = ["RANKED", "SORTS", "Hit", "alike", "checked", "chosen", "count", "search"]

SORTS = ("relevance", "date", "recorded")
RANKED = 2_000
"""So many statements are put in the order of relevance, the latest published."""
_PAGE = 500
"""So many documents are fetched at once."""
_TOGETHER = 50
"""So many hits are fetched at once."""
_NUMBERED = 5_000
"""So many numbers of statements stand in a command."""
_READ = [tables.present.c[name] for name in ("number", "place", "id", "revision", "extraction", "reviewed")]
"""What of a present statement is needed to find the rest."""


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
    ``date`` of publication, the latest first, or by when they were ``recorded``, the latest first. Where more than
    ``RANKED`` statements have the words (and more than ``limit``), only so many of them, the latest published, are
    put in the order of relevance: what is older is left out.

    Raises:
        UsageError: there is no such order.
    """
    checked(sort)
    table, dialect = tables.present, _planned(connection)
    order: list[ColumnElement[Any]]
    if sort == "relevance" and terms_of(query.words):
        found = ranked(query, dialect, max(RANKED, limit)).subquery()
        best = select(found).order_by(found.c.rank, (found.c.place % NUMBERS).desc()).limit(limit).subquery()
        order = [best.c.rank, table.c.number.desc()]
    else:
        wanted, place, number = places(query, dialect)
        best = wanted.order_by((number if sort == "recorded" else place).desc()).limit(limit).subquery()
        order = [table.c.number.desc() if sort == "recorded" else table.c.place.desc()]
    read = select(*_READ).join(best, table.c.number == best.c.place % NUMBERS).order_by(*order)
    yield from _hits(connection, connection.execute(read).all(), query)


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
    numbers, rows = list(likeness), list[Row[Any]]()
    for start in range(0, len(numbers), _NUMBERED):
        some = table.c.number.in_(numbers[start : start + _NUMBERED])
        rows += connection.execute(select(*_READ).where(some)).all()
    order = {number: at for at, number in enumerate(numbers)}
    if sort == "relevance":
        rows = sorted(rows, key=lambda row: order[row.number])
    else:
        rows = sorted(rows, key=lambda row: row.place if sort == "date" else row.number, reverse=True)
    for row, hit in zip(rows, _hits(connection, rows, query), strict=True):
        yield replace(hit, likeness=likeness[row.number])


def count(connection: Connection, query: Query, most: int | None = None) -> int:
    """How many statements a query asks for; ``most`` + 1 where they are more than ``most``."""
    wanted, _, _ = places(query, _planned(connection))
    if most is not None:
        wanted = wanted.limit(most + 1)
    found: int = connection.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
    return found


def chosen(connection: Connection, query: Query) -> Iterator[tuple[Entry, frozenset[str]]]:
    """The documents with statements that a query asks for, in the order added, and these statements' ids."""
    table, together = tables.present, func.aggregate_strings(tables.present.c.id, " ")
    wanted = matches(query, connection.dialect.name, table.c.document, together)
    streamed = connection.execution_options(yield_per=_PAGE)
    for document, ids in streamed.execute(wanted.group_by(table.c.document).order_by(table.c.document)):
        yield entry_of(connection, revisions(connection, document)[-1]), frozenset(ids.split())


def _planned(connection: Connection) -> str:
    """The dialect, after what makes PostgreSQL plan each search for its own words: rare ones want another plan."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    return connection.dialect.name


def _hits(connection: Connection, rows: Sequence[Row[Any]], query: Query) -> Iterator[Hit]:
    """The hits of present statements, in their order."""
    for start in range(0, len(rows), _TOGETHER):
        yield from _read(connection, rows[start : start + _TOGETHER], query)


def _read(connection: Connection, rows: Sequence[Row[Any]], query: Query) -> Iterator[Hit]:
    """The same, all at once."""
    # corrections may have moved what is around a statement: then read the whole document
    whole = {row.revision for row in rows if row.reviewed or row.extraction is None}
    corrected = {revision: entry_of(connection, at(connection, revision)[1]) for revision in whole}
    plain = [row for row in rows if row.revision not in whole]
    heads = heads_of(connection, (row.revision for row in plain)) | corrected
    found = _with_parents(connection, plain)
    for revision, entry in corrected.items():
        found |= {(revision, statement.id): statement for statement in entry.document.statements}
    for row in rows:
        chain = [found[row.revision, row.id]]
        while (parent := chain[0].parent) is not None and (row.revision, parent) in found:
            chain.insert(0, found[row.revision, parent])
        entry, statement = heads[row.revision], chain[-1]
        document = replace(entry.document, statements=tuple(chain))
        yield Hit(replace(entry, document=document), statement, _where(document, statement, query.words))


def _where(document: Document, statement: Statement, words: str) -> tuple[Span, ...]:
    """Where the words that were looked for stand in a content."""
    return tuple(
        Span(span.start + start, span.start + end)
        for span in statement.content
        for start, end in spans_of_terms(span.of(document.text), words)
    )


def _with_parents(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[int, str], Statement]:
    """Statements, and those around them, by revision and id, as they were extracted."""
    table = tables.statement
    revision_of = {row.extraction: row.revision for row in rows}
    found: dict[tuple[int, str], Statement] = {}
    wanted = {(row.extraction, row.id) for row in rows}
    while wanted:
        numbers, ids = ({*values} for values in zip(*wanted, strict=True))
        # an index has them by both; more than what is wanted does no harm
        read = select(table.c.extraction, table.c.body).where(table.c.id.in_(ids), table.c.extraction.in_(numbers))
        above: set[tuple[int, str]] = set()
        for extraction, body in connection.execute(read):
            statement = statement_of(body)
            found[revision_of[extraction], statement.id] = statement
            if statement.parent is not None:
                above.add((extraction, statement.parent))
        wanted = {(number, identity) for number, identity in above if (revision_of[number], identity) not in found}
    return found
