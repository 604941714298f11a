"""What the ledger says at present, kept ready for looking: the last revisions' statements, as persons corrected them.

The rows follow from the others: they are written anew in the transaction that changes a document, and ``rebuild``
makes them all again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, literal_column, select, text, update

from onrecord.ledger import relations, tables
from onrecord.ledger.dates import first_day, last_day
from onrecord.ledger.entries import entry_of, numbers, revisions
from onrecord.ledger.meanings import key
from onrecord.ledger.places import NUMBERS, YEAR, place_of
from onrecord.ledger.query import tokens, trait
from onrecord.ledger.rows import column, words
from onrecord.model import Document, Statement

__all__ = ["Fresh", "mark", "rebuild", "refresh", "refresh_all", "rows_of", "touch", "traits_of", "upgraded"]

_SINCE = "0004"
"""The schema that has present statements as they are."""
LOOKED = ("content", "speaker", "outlet")
"""Columns whose words can be looked for."""

_INDEXED = text(
    "INSERT INTO present_words(rowid, content, speaker, outlet, traits)"
    " SELECT place, content, speaker, outlet, traits FROM present_looked WHERE number > :after ORDER BY place"
)
"""Puts rows into SQLite's index of words, in the order in which it is written the quickest."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A revision's extraction, by their numbers, and the document with its statements."""

    revision: int
    extraction: int | None
    document: Document


def refresh(connection: Connection, document: int) -> None:
    """Write the present statements of a document anew; none where it was removed."""
    refresh_all(connection, {document: None})


def refresh_all(connection: Connection, changed: Mapping[int, Fresh | None]) -> None:
    """Write the present statements of documents, by their numbers, anew: together, which is quicker.

    With a document may come an extraction that was just written: what it holds need not be read back where nobody
    corrected it.
    """
    table = tables.present
    touch(connection)
    relations.changed(connection, changed)
    connection.execute(delete(table).where(table.c.document.in_(list(changed))))
    whole = _whole(connection, changed)
    rows: list[dict[str, Any]] = []
    for document, fresh in changed.items():
        if fresh is not None and document in whole:
            rows += _rows(document, fresh, reviewed=False)
        else:
            rows += rows_of(connection, document)
    if not rows:
        return
    # whoever writes does so alone: no other takes these numbers
    after = connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()
    for number, row in enumerate(rows, after + 1):
        row |= {"number": number, "place": place_of(row["published_from"], number)}
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table), rows)
        connection.execute(_INDEXED, {"after": after})
        return
    simple: ColumnElement[Any] = literal_column("'simple'")
    looked = {f"words_of_{name}": func.to_tsvector(simple, bindparam(f"tokens_{name}")) for name in LOOKED}
    looked["words_of_traits"] = func.strip(func.to_tsvector(simple, bindparam("traits")))
    with_words = [
        row | {f"tokens_{name}": tokens(row[name]) for name in LOOKED} | {"traits": traits_of(row)} for row in rows
    ]
    connection.execute(insert(table).values(looked), with_words)


def _whole(connection: Connection, changed: Mapping[int, Fresh | None]) -> set[int]:
    """The documents whose extraction is all that there is to say: of the last revision, and uncorrected."""
    said, revision = tables.correction, tables.revision
    corrected = select(said.c.document).where(said.c.document.in_(list(changed))).distinct()
    last: dict[int, int] = {}
    for document, number in connection.execute(
        select(revision.c.document, revision.c.number).where(revision.c.document.in_(list(changed)))
        .order_by(revision.c.as_of, revision.c.number)
    ):  # fmt: skip
        last[document] = number
    whole = {document for document, fresh in changed.items() if fresh and last.get(document) == fresh.revision}
    return whole - set(connection.execute(corrected).scalars())


def traits_of(row: Mapping[str, Any]) -> str:
    """The traits of a row, as the migration has them for SQLite."""
    fields = {"act": "act", "second_act": "act", "form": "form", "source_type": "type", "kind": "kind"}
    made = [trait(field, row[name]) for name, field in fields.items()]
    return " ".join([*made, trait("said", "known" if row["said_from"] or row["said_until"] else None)])


def rows_of(connection: Connection, document: int) -> list[dict[str, Any]]:
    """The rows that a document has to have."""
    every = revisions(connection, document)
    if not every:
        return []
    entry = entry_of(connection, every[-1])
    reviewed = any(statement.reviews for statement in (*entry.document.statements, *entry.rejected))
    number = entry.extraction.number if entry.extraction else None
    return _rows(document, Fresh(entry.revision, number, entry.document), reviewed=reviewed)


def _rows(document: int, found: Fresh, *, reviewed: bool) -> list[dict[str, Any]]:
    return [_row(document, found, statement, reviewed) for statement in found.document.statements]


def mark(connection: Connection) -> str | None:
    """What tells this state of the present statements from all others; None where there never was one."""
    table = tables.mark
    found: str | None = connection.execute(select(table.c.value).where(table.c.name == "present")).scalar_one_or_none()
    return found


def touch(connection: Connection) -> None:
    """Note that the present statements are about to change."""
    table, value = tables.mark, token_hex(8)
    if not connection.execute(update(table).where(table.c.name == "present").values(value=value)).rowcount:
        connection.execute(insert(table).values(name="present", value=value))


def rebuild(connection: Connection) -> None:
    """Write the present statements of all documents anew."""
    touch(connection)
    connection.execute(delete(tables.present))
    after = 0
    while found := numbers(connection, after):
        refresh_all(connection, dict.fromkeys(found))
        after = found[-1]


def upgraded(connection: Connection, schema: str) -> None:
    """Write the present statements of all documents anew where a ledger's schema had them otherwise."""
    if schema < _SINCE:
        rebuild(connection)


def _row(document: int, found: Fresh, statement: Statement, reviewed: bool) -> dict[str, Any]:
    text, on = found.document.text, statement.occasion.on
    titles = (speaker.title for speaker in statement.speakers if speaker.title is not None)
    title = next(titles, None)
    published = first_day(found.document.date), last_day(found.document.date)
    if all(published) and place_of(published[1]) - place_of(published[0]) >= YEAR * NUMBERS:
        published = None, None  # more than a year says nothing about when
    content = words(text, statement.content)
    return {
        "document": document,
        "revision": found.revision,
        "extraction": found.extraction,
        "id": statement.id,
        "parent": statement.parent,
        "kind": str(statement.kind),
        "form": str(statement.form),
        "score": statement.score,
        "start": statement.content[0].start,
        "content": content,
        "meaning": key(content or ""),
        "speaker": column(statement.speaker),
        "source_type": str(statement.source_type),
        "source_title": column(" ".join(title.of(text).split())) if title is not None else None,
        "act": str(statement.act) if statement.act else None,
        "second_act": str(statement.deed.second) if statement.deed and statement.deed.second else None,
        "said_from": first_day(on),
        "said_until": last_day(on),
        "outlet": column(found.document.outlet),
        "published_from": published[0],
        "published_until": published[1],
        "reviewed": int(reviewed),
    }
