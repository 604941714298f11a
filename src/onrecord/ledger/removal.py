"""Taking a document out (a takedown): its words go, a tombstone stays, and it is not recorded again."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, text, update

from onrecord.errors import UsageError
from onrecord.ledger import relations, tables
from onrecord.ledger.entries import Removal
from onrecord.ledger.identity import now
from onrecord.ledger.present import touch

__all__ = ["lift", "removal_of", "remove"]


def remove(connection: Connection, document: int, by: str, reason: str) -> None:
    """Delete all revisions, statements and corrections of a document, and leave a tombstone with the reason.

    Raises:
        UsageError: the reason or the name is empty, or the document was removed before.
    """
    if not reason.strip() or not by.strip():
        raise UsageError("--reason or --by is empty: the tombstone says who removed the document, and why")
    if removal_of(connection, document):
        raise UsageError("the document was removed before")
    touch(connection)
    relations.forget_wholly(connection, document)
    connection.execute(delete(tables.present).where(tables.present.c.document == document))
    if connection.dialect.name == "sqlite":  # the index of words forgets only when it is merged
        connection.execute(text("INSERT INTO present_words(present_words) VALUES ('optimize')"))
    mine = select(tables.revision.c.number).where(tables.revision.c.document == document)
    found = select(tables.extraction.c.number).where(tables.extraction.c.revision.in_(mine))
    for table, column, which in (
        (tables.attachment, tables.attachment.c.extraction, found),
        (tables.statement, tables.statement.c.extraction, found),
        (tables.extraction, tables.extraction.c.revision, mine),
    ):
        connection.execute(delete(table).where(column.in_(which)))
    connection.execute(delete(tables.correction).where(tables.correction.c.document == document))
    connection.execute(delete(tables.revision).where(tables.revision.c.document == document))
    connection.execute(insert(tables.removal).values(document=document, at=now(), person=by, reason=reason))


def removal_of(connection: Connection, document: int) -> Removal | None:
    """The tombstone of a document that is out, if it is."""
    table = tables.removal
    row = connection.execute(
        select(table).where(table.c.document == document, table.c.lifted_at.is_(None))
    ).first()  # fmt: skip
    return Removal(row.person, row.at, row.reason) if row else None


def lift(connection: Connection, document: int) -> None:
    """Let a document that was removed be recorded again; that it was removed stays on record.

    Raises:
        UsageError: it was not removed.
    """
    table = tables.removal
    if removal_of(connection, document) is None:
        raise UsageError("the document was not removed")
    connection.execute(
        update(table).where(table.c.document == document, table.c.lifted_at.is_(None)).values(lifted_at=now())
    )
