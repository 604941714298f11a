"""What was found across documents, as far as the ledger itself has to know of it: what goes when a document goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, or_, select, update

from onrecord.ledger import tables

__all__ = ["changed", "forget", "forget_wholly"]


def changed(connection: Connection, documents: Iterable[int]) -> None:
    """Note that documents changed, so that they are compared anew."""
    connection.execute(delete(tables.related).where(tables.related.c.document.in_(list(documents))))


def forget(connection: Connection, documents: Collection[int]) -> set[str]:
    """Take out what was found in documents: their speakers, quotations, claims, copies and all links of these.

    Returns the blocks of the speakers that they had.
    """
    mine = list(documents)
    saying, bearer, link, copied = tables.saying, tables.bearer, tables.link, tables.copied
    sayings = select(saying.c.number).where(saying.c.document.in_(mine))
    bearers = select(bearer.c.number).where(bearer.c.document.in_(mine))
    blocks = set(connection.execute(select(bearer.c.block).where(bearer.c.document.in_(mine)).distinct()).scalars())
    claims = select(tables.claim.c.number).where(tables.claim.c.document.in_(mine))
    tie = tables.tie
    connection.execute(delete(tie).where(or_(tie.c.first.in_(claims), tie.c.second.in_(claims))))
    connection.execute(delete(tables.nearby).where(tables.nearby.c.claim.in_(claims)))
    connection.execute(delete(tables.claim).where(tables.claim.c.document.in_(mine)))
    connection.execute(delete(link).where(or_(link.c.first.in_(sayings), link.c.second.in_(sayings))))
    connection.execute(delete(tables.phrase).where(tables.phrase.c.saying.in_(sayings)))
    connection.execute(delete(saying).where(saying.c.document.in_(mine)))
    connection.execute(delete(tables.doubt).where(tables.doubt.c.bearer.in_(bearers)))
    connection.execute(delete(bearer).where(bearer.c.document.in_(mine)))
    connection.execute(delete(tables.shingle).where(tables.shingle.c.document.in_(mine)))
    connection.execute(delete(copied).where(or_(copied.c.one.in_(mine), copied.c.other.in_(mine))))
    changed(connection, mine)
    return blocks


def forget_wholly(connection: Connection, document: int) -> None:
    """Take out what was found in a document that is taken out, what persons said of it, and names that only it has."""
    bearer, entity, judgement = tables.bearer, tables.entity, tables.judgement
    for table in (tables.saying, tables.claim, bearer):
        signs = select(table.c.sign).where(table.c.document == document)
        connection.execute(delete(judgement).where(or_(judgement.c.first.in_(signs), judgement.c.second.in_(signs))))
    mine = select(bearer.c.entity).where(bearer.c.document == document, bearer.c.entity.is_not(None)).distinct()
    entities = list(connection.execute(mine).scalars())
    forget(connection, [document])
    for number in entities:
        names = set(connection.execute(select(bearer.c.name).where(bearer.c.entity == number)).scalars())
        if not names:
            connection.execute(delete(tables.doubt).where(tables.doubt.c.entity == number))
            connection.execute(delete(entity).where(entity.c.number == number))
        else:
            other = update(entity).where(entity.c.number == number, entity.c.name.not_in(names))
            connection.execute(other.values(name=max(names, key=lambda name: (len(name), name))))
