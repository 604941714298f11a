"""Statements under their parents, numbered as a person counts them: 1, 2, 2.1, 2.2, 3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.exports.display import NO_SOURCE, visible
from onrecord.exports.record import words
from onrecord.model import Document, Kind, Statement

__all__ = ["Node", "source_words", "tree", "walk"]


@dataclass(frozen=True, slots=True)
class Node:
    """A statement with its number ("2.1"), its depth (0 at the top) and the statements in it."""

    statement: Statement
    number: str
    depth: int
    children: tuple[Node, ...]


def tree(document: Document) -> tuple[Node, ...]:
    """The top-level statements in document order, the nested ones under them.

    >>> from onrecord.model import Span
    >>> outer, inner = Statement("a", (Span(0, 9),)), Statement("b", (Span(5, 9),), parent="a")
    >>> [node.number for node in walk(tree(Document("d", "x" * 9, statements=(outer, inner))))]
    ['1', '1.1']
    """
    inside: dict[str | None, list[Statement]] = defaultdict(list)
    for statement in document.statements:
        inside[statement.parent].append(statement)

    def nodes(parent: str | None, prefix: str, depth: int) -> tuple[Node, ...]:
        return tuple(
            Node(statement, f"{prefix}{place}", depth, nodes(statement.id, f"{prefix}{place}.", depth + 1))
            for place, statement in enumerate(inside.get(parent, ()), start=1)
        )

    return nodes(None, "", 0)


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node, a parent before its children."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def source_words(document: Document, statement: Statement) -> str:
    """Who speaks, in the words of the document, safe to show.

    Where there are no source words: a post's author, the outlet for its own note, else "source not
    stated"; never nothing.
    """
    said_by = words(document, statement.source)
    if said_by is None and statement.post:
        said_by = statement.post.author
    if said_by is None and statement.kind is Kind.EDITOR_NOTE:
        said_by = document.outlet
    return " ".join(visible(said_by).split()) if said_by else NO_SOURCE
