"""What the ledger says at present, kept ready for looking: the last revisions' statements, as persons corrected them.

The rows follow from the others: they are written anew in the transaction that changes a document, and ``rebuild``
makes them all again.
"""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, literal_column, select, update

from onrecord.ledger import tables
from onrecord.ledger.dates import first_day, last_day
from onrecord.ledger.entries import entry_of, numbers, revisions
from onrecord.ledger.meanings import key
from onrecord.ledger.query import tokens
from onrecord.ledger.rows import column, words
from onrecord.model import Document, Statement

__all__ = ["Fresh", "mark", "rebuild", "refresh", "rows_of", "touch"]

LOOKED = ("content", "speaker", "outlet")
"""Columns whose words can be looked for."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A revision's extraction, by their numbers, and the document with its statements."""

    revision: int
    extraction: int | None
    document: Document


def refresh(connection: Connection, document: int, fresh: Fresh | None = None) -> None:
    """Write the present statements of a document anew; none where it was removed.

    ``fresh`` is an extraction that was just written: what it holds need not be read back where nobody corrected it.
    """
    table = tables.present
    touch(connection)
    connection.execute(delete(table).where(table.c.document == document))
    if fresh is not None and _is_all(connection, document, fresh):
        rows = _rows(document, fresh, reviewed=False)
    else:
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


def _is_all(connection: Connection, document: int, fresh: Fresh) -> bool:
    """Whether an extraction is all that there is to say: of the last revision, and uncorrected."""
    said = select(tables.correction.c.number).where(tables.correction.c.document == document).limit(1)
    if connection.execute(said).first() is not None:
        return False
    return revisions(connection, document)[-1][0] == fresh.revision


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
        for number in found:
            refresh(connection, number)
        after = found[-1]


def _row(document: int, found: Fresh, statement: Statement, reviewed: bool) -> dict[str, Any]:
    text, on = found.document.text, statement.occasion.on
    titles = (speaker.title for speaker in statement.speakers if speaker.title is not None)
    title = next(titles, None)
    published = found.document.date
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
        "published_from": first_day(published),
        "published_until": last_day(published),
        "reviewed": int(reviewed),
    }
