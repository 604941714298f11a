"""What the ledger says at present, kept ready for looking: the last revisions' statements, as persons corrected them.

The rows follow from the others: they are written anew in the transaction that changes a document, and ``rebuild``
makes them all again.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, literal_column

from onrecord.ledger import tables
from onrecord.ledger.dates import first_day, last_day
from onrecord.ledger.entries import Entry, entry_of, numbers, revisions
from onrecord.ledger.query import tokens
from onrecord.ledger.rows import column, words
from onrecord.model import Statement

__all__ = ["rebuild", "refresh", "rows_of"]

LOOKED = ("content", "speaker", "outlet")
"""Columns whose words can be looked for."""


def refresh(connection: Connection, document: int) -> None:
    """Write the present statements of a document anew; none where it was removed."""
    table = tables.present
    connection.execute(delete(table).where(table.c.document == document))
    rows = rows_of(connection, document)
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table), rows)
        return
    looked = {
        f"words_of_{name}": func.to_tsvector(literal_column("'simple'"), bindparam(f"tokens_{name}")) for name in LOOKED
    }
    with_words = [row | {f"tokens_{name}": tokens(row[name]) for name in LOOKED} for row in rows]
    connection.execute(insert(table).values(looked), with_words)


def rows_of(connection: Connection, document: int) -> list[dict[str, Any]]:
    """The rows that a document has to have."""
    every = revisions(connection, document)
    if not every:
        return []
    entry = entry_of(connection, every[-1])
    reviewed = any(statement.reviews for statement in (*entry.document.statements, *entry.rejected))
    return [_row(entry, document, statement, reviewed) for statement in entry.document.statements]


def rebuild(connection: Connection) -> None:
    """Write the present statements of all documents anew."""
    connection.execute(delete(tables.present))
    after = 0
    while found := numbers(connection, after):
        for number in found:
            refresh(connection, number)
        after = found[-1]


def _row(entry: Entry, document: int, statement: Statement, reviewed: bool) -> dict[str, Any]:
    text, on = entry.document.text, statement.occasion.on
    titles = (speaker.title for speaker in statement.speakers if speaker.title is not None)
    title = next(titles, None)
    published = entry.document.date
    return {
        "document": document,
        "revision": entry.revision,
        "extraction": entry.extraction.number if entry.extraction else None,
        "id": statement.id,
        "parent": statement.parent,
        "kind": str(statement.kind),
        "form": str(statement.form),
        "score": statement.score,
        "start": statement.content[0].start,
        "content": words(text, statement.content),
        "speaker": column(statement.speaker),
        "source_type": str(statement.source_type),
        "source_title": column(" ".join(title.of(text).split())) if title is not None else None,
        "act": str(statement.act) if statement.act else None,
        "second_act": str(statement.deed.second) if statement.deed and statement.deed.second else None,
        "said_from": first_day(on),
        "said_until": last_day(on),
        "outlet": column(entry.document.outlet),
        "published_from": first_day(published),
        "published_until": last_day(published),
        "reviewed": int(reviewed),
    }
