"""What was found across documents, as far as the ledger itself has to know of it: what goes when a document goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, or_, select

from onrecord.ledger import tables

__all__ = ["changed", "forget", "forget_judgements"]


def changed(connection: Connection, documents: Iterable[int]) -> None:
    """Note that documents changed, so that they are compared anew."""
    connection.execute(delete(tables.related).where(tables.related.c.document.in_(list(documents))))


def forget(connection: Connection, documents: Collection[int]) -> set[str]:
    """Take out what was found in documents: their speakers, quotations, copies and all links of these.

    Returns the blocks of the speakers that they had.
    """
    mine = list(documents)
    saying, bearer, link, copied = tables.saying, tables.bearer, tables.link, tables.copied
    sayings = select(saying.c.number).where(saying.c.document.in_(mine))
    bearers = select(bearer.c.number).where(bearer.c.document.in_(mine))
    blocks = set(connection.execute(select(bearer.c.block).where(bearer.c.document.in_(mine)).distinct()).scalars())
    connection.execute(delete(link).where(or_(link.c.first.in_(sayings), link.c.second.in_(sayings))))
    connection.execute(delete(tables.phrase).where(tables.phrase.c.saying.in_(sayings)))
    connection.execute(delete(saying).where(saying.c.document.in_(mine)))
    connection.execute(delete(tables.doubt).where(tables.doubt.c.bearer.in_(bearers)))
    connection.execute(delete(bearer).where(bearer.c.document.in_(mine)))
    connection.execute(delete(tables.shingle).where(tables.shingle.c.document.in_(mine)))
    connection.execute(delete(copied).where(or_(copied.c.one.in_(mine), copied.c.other.in_(mine))))
    changed(connection, mine)
    return blocks


def forget_judgements(connection: Connection, document: int) -> None:
    """Take out what persons said of links of a document that is taken out."""
    judgement = tables.judgement
    for table in (tables.saying, tables.bearer):
        signs = select(table.c.sign).where(table.c.document == document)
        connection.execute(delete(judgement).where(or_(judgement.c.first.in_(signs), judgement.c.second.in_(signs))))
