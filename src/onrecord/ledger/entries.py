"""What a ledger holds, read back: documents at a revision with their statements as persons corrected them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from onrecord.errors import LedgerError
from onrecord.ledger import tables
from onrecord.ledger.fields import ADDED, WITHDRAWN, Word, corrected, is_rejected, shifted
from onrecord.ledger.identity import called
from onrecord.ledger.rows import column, document_of, statement_of
from onrecord.model import Document, Statement

__all__ = [
    "Entry",
    "Extraction",
    "Removal",
    "at",
    "entries",
    "entry_of",
    "extracted",
    "extraction_with",
    "find_document",
    "find_statements",
    "head_of",
    "heads_of",
    "newest_extraction",
    "numbers",
    "recorded_words",
    "revisions",
    "unread",
]


@dataclass(frozen=True, slots=True)
class Extraction:
    """Which program found a revision's statements, in which run, and when (UTC)."""

    number: int
    extractor: str
    run: str
    at: str


@dataclass(frozen=True, slots=True)
class Removal:
    """The tombstone of a document: who took it out, when (UTC) and why."""

    by: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the ledger has it, at one revision.

    ``document`` has the statements of the newest extraction, as persons corrected them; those that a person rejected
    are in ``rejected``. ``place`` counts the document's revisions from 1 to ``of`` by ``as_of``, the time when it was
    as it is here; ``read_at`` is when it was read, ``text_sha256`` the hash that was written down then, ``version`` the
    onrecord that read it, ``run`` the run.
    """

    document: Document
    collection: str
    key: str
    revision: int
    place: int
    of: int
    as_of: str
    read_at: str
    text_sha256: str
    version: str
    run: str
    extraction: Extraction | None
    rejected: tuple[Statement, ...] = ()


def find_document(connection: Connection, name: str, collection: str | None = None) -> list[int]:
    """The numbers of the documents with this id, address or path; of several collections where none is given."""
    table = tables.document
    names = [column(n) for n in (name, *called(name))]
    wanted = select(table.c.number).where(table.c.key.in_(names)).order_by(table.c.number)
    if collection is not None:
        wanted = wanted.where(table.c.collection == collection)
    found = list(connection.execute(wanted).scalars())
    if found:
        return found
    # what a page is called otherwise: the path or the capture that it was read from, the id of a feed's item
    origin = select(tables.revision.c.document).where(tables.revision.c.origin.in_(names))
    if collection is not None:
        origin = origin.join(table).where(table.c.collection == collection)
    return sorted(set(connection.execute(origin).scalars()))


def numbers(connection: Connection, after: int = 0, limit: int = 500, collection: str | None = None) -> list[int]:
    """The numbers of documents in their order, from one on; those that were removed are left out."""
    table = tables.document
    wanted = select(table.c.number).where(table.c.number > after)
    if collection is not None:
        wanted = wanted.where(table.c.collection == collection)
    wanted = wanted.where(select(tables.revision.c.number).where(tables.revision.c.document == table.c.number).exists())
    return list(connection.execute(wanted.order_by(table.c.number).limit(limit)).scalars())


def entries(connection: Connection, collection: str | None = None) -> Iterator[Entry]:
    """Every document at its last revision, in the order in which they were added."""
    after = 0
    while found := numbers(connection, after, collection=collection):
        for number in found:
            last = revisions(connection, number)[-1]
            yield entry_of(connection, last)
        after = found[-1]


def recorded_words(connection: Connection, entry: Entry, identity: str) -> str | None:
    """The words of a statement's content as its extraction wrote them down."""
    table = tables.statement
    if entry.extraction is None:
        return None
    return connection.execute(
        select(table.c.content).where(table.c.extraction == entry.extraction.number, table.c.id == identity)
    ).scalar_one_or_none()


def unread(
    connection: Connection, extractor: str, document: int | None, collection: str | None, after: int, limit: int = 100
) -> list[tuple[int, Document]]:
    """Revisions, from one number on, in which this extractor has not looked for statements, without statements."""
    table, made, own = tables.revision, tables.extraction, tables.document
    read = select(made.c.number).where(made.c.revision == table.c.number, made.c.extractor == extractor).exists()
    wanted = select(table.c.number, table.c.body, table.c.text).where(table.c.number > after, ~read)
    if document is not None:
        wanted = wanted.where(table.c.document == document)
    if collection is not None:
        wanted = wanted.join(own, own.c.number == table.c.document).where(own.c.collection == collection)
    rows = connection.execute(wanted.order_by(table.c.number).limit(limit)).all()
    return [(row.number, document_of(row.body, row.text)) for row in rows]


def revisions(connection: Connection, document: int) -> list[tuple[int, int, int]]:
    """A document's revisions by time: number, place among them (from 1), how many there are."""
    table = tables.revision
    found = connection.execute(
        select(table.c.number).where(table.c.document == document).order_by(table.c.as_of, table.c.number)
    ).scalars().all()  # fmt: skip
    return [(number, place, len(found)) for place, number in enumerate(found, 1)]


def at(connection: Connection, revision: int) -> tuple[int, tuple[int, int, int]]:
    """The document of a revision, and the revision's place in it as ``revisions`` gives it."""
    document = connection.execute(
        select(tables.revision.c.document).where(tables.revision.c.number == revision)
    ).scalar_one()
    return document, next(place for place in revisions(connection, document) if place[0] == revision)


def extraction_with(connection: Connection, revision: int, identity: str) -> int | None:
    """The newest extraction of a revision in which a statement of this id was found."""
    made, table = tables.extraction, tables.statement
    return connection.execute(
        select(made.c.number).join(table, table.c.extraction == made.c.number)
        .where(made.c.revision == revision, table.c.id == identity).order_by(made.c.number.desc()).limit(1)
    ).scalar_one_or_none()  # fmt: skip


def newest_extraction(connection: Connection, revision: int) -> int | None:
    """The last extraction of a revision: the one that counts."""
    made = tables.extraction
    return connection.execute(
        select(made.c.number).where(made.c.revision == revision).order_by(made.c.number.desc()).limit(1)
    ).scalar_one_or_none()


def heads_of(connection: Connection, revisions: Iterable[int]) -> dict[int, Entry]:
    """Revisions by their numbers, each with its newest extraction but without statements.

    Raises:
        LedgerError: a row is damaged.
    """
    wanted = sorted(set(revisions))
    table, own, made = tables.revision, tables.document, tables.extraction
    rows = connection.execute(
        select(table, own.c.key, own.c.collection).join(own, own.c.number == table.c.document)
        .where(table.c.number.in_(wanted))
    ).all()  # fmt: skip
    order: dict[int, list[int]] = {}
    for document, number in connection.execute(
        select(table.c.document, table.c.number).where(table.c.document.in_(sorted({row.document for row in rows})))
        .order_by(table.c.as_of, table.c.number)
    ):  # fmt: skip
        order.setdefault(document, []).append(number)
    newest = {
        row.revision: Extraction(row.number, row.extractor, row.run, row.at)
        for row in connection.execute(select(made).where(made.c.revision.in_(wanted)).order_by(made.c.number))
    }
    places = {
        row.number: (row.number, order[row.document].index(row.number) + 1, len(order[row.document])) for row in rows
    }
    return {row.number: _head(row, places[row.number], newest.get(row.number)) for row in rows}


def head_of(connection: Connection, at: tuple[int, int, int], extraction: int | None = None) -> Entry:
    """One revision with its newest extraction, or the one given, but without statements.

    Raises:
        LedgerError: a row is damaged.
    """
    table, own = tables.revision, tables.document
    row = connection.execute(
        select(table, own.c.key, own.c.collection).join(own, own.c.number == table.c.document)
        .where(table.c.number == at[0])
    ).one()  # fmt: skip
    made = tables.extraction
    number = extraction if extraction is not None else newest_extraction(connection, row.number)
    newest = connection.execute(select(made).where(made.c.number == number)).first()
    return _head(row, at, Extraction(newest.number, newest.extractor, newest.run, newest.at) if newest else None)


def _head(row: Row[Any], at: tuple[int, int, int], extraction: Extraction | None) -> Entry:
    try:
        document = document_of(row.body, row.text)
    except ValueError as error:
        raise _damaged(row.key, error) from None
    return Entry(
        document=document, collection=row.collection, key=row.key, revision=row.number, place=at[1], of=at[2],
        as_of=row.as_of, read_at=row.read_at, text_sha256=row.text_sha256, version=row.version, run=row.run,
        extraction=extraction,
    )  # fmt: skip


def entry_of(connection: Connection, at: tuple[int, int, int], extraction: int | None = None) -> Entry:
    """One revision with the statements of its newest extraction, or of the one given.

    Raises:
        LedgerError: a row is damaged.
    """
    entry = head_of(connection, at, extraction)
    if entry.extraction is None:
        return entry
    try:
        statements = _statements(connection, entry.document.text, entry.extraction.number)
        document = replace(entry.document, statements=tuple(_kept(statements)))
    except ValueError as error:
        raise _damaged(entry.key, error) from None
    return replace(entry, document=document, rejected=tuple(s for s in statements if is_rejected(s)))


def _damaged(key: str, error: ValueError) -> LedgerError:
    return LedgerError(f"document {key}: its row is damaged ({error}): see onrecord verify")


def find_statements(connection: Connection, prefix: str) -> list[tuple[int, str]]:
    """Revisions and ids of the statements whose id begins so, in extractions of any age and those persons added."""
    table, made, said = tables.statement, tables.extraction, tables.correction
    begin = and_(table.c.id >= prefix, table.c.id < prefix + "g")
    found = connection.execute(
        select(made.c.revision, table.c.id).join(made, made.c.number == table.c.extraction).where(begin).limit(1000)
    ).all()
    added = connection.execute(
        select(said.c.revision, said.c.statement)
        .where(said.c.field == ADDED, said.c.statement >= prefix, said.c.statement < prefix + "g").limit(1000)
    ).all()  # fmt: skip
    return sorted({(int(revision), str(identity)) for revision, identity in (*found, *added)})


def extracted(connection: Connection, extraction: int) -> list[Statement]:
    """The statements as the extractor found them.

    Raises:
        ValueError: a row is damaged.
    """
    table = tables.statement
    bodies = select(table.c.body).where(table.c.extraction == extraction).order_by(table.c.number)
    return [statement_of(body) for body in connection.execute(bodies).scalars()]


def _statements(connection: Connection, text: str, extraction: int) -> list[Statement]:
    found = extracted(connection, extraction)
    words = _words(connection, extraction)
    if not words:
        return found
    made = []
    for statement in found:
        said = words.pop((statement.id, False), None)
        made.append(corrected(text, statement, said) if said else statement)
    by_persons = [said for (_, added), said in words.items() if added and not _withdrawn(said)]
    return _in_order(made, [corrected(text, None, said) for said in by_persons])


def _withdrawn(said: list[Word]) -> bool:
    """Whether the statement that a person added was taken back."""
    numbers = {str(w.number) for w in said if w.field == ADDED}
    return numbers <= {w.value for w in said if w.field == WITHDRAWN}


def _words(connection: Connection, extraction: int) -> dict[tuple[str, bool], list[Word]]:
    """The corrections that are attached to an extraction, by statement, and whether a person added that."""
    said, tied = tables.correction, tables.attachment
    rows = connection.execute(
        select(said, tied.c.statement.label("target"), tied.c.how, tied.c.shift)
        .join(tied, tied.c.correction == said.c.number)
        .where(tied.c.extraction == extraction, tied.c.how != "waiting").order_by(said.c.number)
    )  # fmt: skip
    found: dict[tuple[str, bool], list[Word]] = {}
    for row in rows:
        key = (row.statement, True) if row.how == "added" else (row.target, False)
        found.setdefault(key, []).append(_word(row))
    return found


def _word(row: Row[Any]) -> Word:
    return Word(row.number, row.field, shifted(row.field, row.value, row.shift), row.person, row.at, row.why)


def _in_order(statements: list[Statement], added: list[Statement]) -> list[Statement]:
    """Statements with those that persons added where their contents stand, never within another's children."""
    made = list(statements)
    for statement in added:
        later = (k for k, s in enumerate(made) if s.parent is None and s.content[0] > statement.content[0])
        made.insert(next(later, len(made)), statement)
    return made


def _kept(statements: list[Statement]) -> Iterator[Statement]:
    """Those that nobody rejected; what stood within a rejected one belongs to the one around it."""
    above: dict[str, str | None] = {}
    for statement in statements:
        parent = statement.parent
        while parent is not None and parent in above:
            parent = above[parent]
        if is_rejected(statement):
            above[statement.id] = parent
        else:
            yield statement if parent == statement.parent else replace(statement, parent=parent)
