"""Which statements of a document are shown: those of some acts or forms, with whatever relays them."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from dataclasses import replace

from onrecord.model import Act, Document, Form, Statement

__all__ = ["kept", "with_parents"]


def kept(document: Document, acts: Collection[Act] = (), forms: Collection[Form] = ()) -> Document:
    """The document with the statements of these acts and forms; an empty collection asks for none in particular.

    A statement within another keeps the one around it, whatever that is: none is shown without who relays it. An act
    counts as a statement's when it is its first or its second.

    >>> from onrecord.model import Deed, Span, Statement
    >>> said = [Statement("a", (Span(0, 1),), deed=Deed(Act.DENY, 1.0)), Statement("b", (Span(2, 3),))]
    >>> [s.id for s in kept(Document("d", "x y", statements=tuple(said)), acts=[Act.DENY]).statements]
    ['a']
    """
    if not acts and not forms:
        return document
    wanted: set[str] = set()
    for statement in document.statements:
        deed = statement.deed
        if acts and (deed is None or not {deed.act, deed.second} & set(acts)):
            continue
        if forms and statement.form not in forms:
            continue
        wanted.add(statement.id)
    return replace(document, statements=with_parents(document.statements, wanted))


def with_parents(statements: Sequence[Statement], ids: Set[str]) -> tuple[Statement, ...]:
    """The statements with these ids and all that they stand in."""
    kept = set(ids)
    for statement in reversed(statements):  # a parent stands before its children
        if statement.id in kept and statement.parent is not None:
            kept.add(statement.parent)
    return tuple(s for s in statements if s.id in kept)
