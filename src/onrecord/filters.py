"""Which statements of a document are shown: those of some acts or forms, with whatever relays them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from onrecord.model import Act, Document, Form

__all__ = ["kept"]


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
    by_id = {s.id: s for s in document.statements}
    wanted: set[str] = set()
    for statement in document.statements:
        deed = statement.deed
        if acts and (deed is None or not {deed.act, deed.second} & set(acts)):
            continue
        if forms and statement.form not in forms:
            continue
        above: str | None = statement.id
        while above is not None and above not in wanted:
            wanted.add(above)
            above = by_id[above].parent
    return replace(document, statements=tuple(s for s in document.statements if s.id in wanted))
