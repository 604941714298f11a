"""Who offers, promises and refuses what in a document, party by party, with the conditions and exceptions."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.model import Act, Document, Statement

__all__ = ["ACTS", "Party", "chain", "parties"]

ACTS = frozenset((Act.PROPOSE, Act.COMMIT, Act.REFUSE))
"""What makes terms: offers, commitments, refusals."""


@dataclass(frozen=True, slots=True)
class Party:
    """A speaker, by name, and its offers, commitments and refusals in document order; ``name`` is None where the
    speaker is not known."""

    name: str | None
    statements: tuple[Statement, ...]


def parties(document: Document) -> tuple[Party, ...]:
    """The parties in the order of their first terms, the unknown one last.

    >>> from onrecord.model import Deed, Span, Speaker
    >>> offer = Statement("a", (Span(0, 1),), deed=Deed(Act.PROPOSE, 0.9), speakers=(Speaker("Kestria"),))
    >>> [(party.name, len(party.statements)) for party in parties(Document("d", "x", statements=(offer,)))]
    [('Kestria', 1)]
    """
    found: dict[str | None, list[Statement]] = {}
    for statement in document.statements:
        if statement.act in ACTS:
            found.setdefault(statement.speaker, []).append(statement)
    ordered = sorted(found.items(), key=lambda item: item[0] is None)
    return tuple(Party(name, tuple(statements)) for name, statements in ordered)


def chain(document: Document, statement: Statement) -> tuple[Statement, ...]:
    """The statements through which the document has this one, the outermost first; empty at the top."""
    by_id = {s.id: s for s in document.statements}
    made: list[Statement] = []
    above = statement.parent
    while above is not None:
        made.insert(0, by_id[above])
        above = by_id[above].parent
    return tuple(made)
