"""Statements under their parents, numbered as a person counts them: 1, 2, 2.1, 2.2, 3."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.exports.display import NO_SOURCE, UNKNOWN, one_line
from onrecord.exports.record import words
from onrecord.model import Document, Kind, SourceType, Statement

__all__ = ["Node", "Voice", "source_words", "tree", "voice", "walk"]


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
    return one_line(said_by) if said_by else NO_SOURCE


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, as it is shown. ``name`` is the speaker's, or that none is known; ``key`` is alike for one speaker.

    ``words`` are the source's words where they differ from the name; ``type`` and ``title`` what is known of the
    speaker.
    """

    name: str
    key: str
    known: bool
    words: str | None = None
    type: str | None = None
    title: str | None = None
    doubt: str | None = None

    @property
    def spelt_out(self) -> bool:
        """Whether the source's words hold the whole name: "Ann Lee, who …"."""
        return self.known and self.words is not None and self.name in self.words

    @property
    def about(self) -> str:
        """Title and type on one line: "trade minister, named person"."""
        return ", ".join(part for part in (self.title, self.type) if part)


_NAMELESS = (SourceType.ANONYMOUS_SOURCE, SourceType.UNNAMED_PERSON)


def voice(document: Document, statement: Statement) -> Voice:
    """Who speaks: by name where that is known, by the source's own words where the speaker has none.

    >>> from onrecord.model import Span
    >>> voice(Document("d", "He denies it"), Statement("a", (Span(10, 12),), source=(Span(0, 2),)))
    Voice(name='speaker not known', key='', known=False, words='He', type=None, title=None, doubt=None)
    """
    said_by = source_words(document, statement)
    stated = said_by if said_by != NO_SOURCE else None
    kind = str(statement.source_type).replace("_", " ")
    if statement.speaker:
        name = one_line(statement.speaker)
        title = next((s.title.of(document.text) for s in statement.speakers if s.title), None)
        same = stated is not None and re.sub(r"^(the|an?) ", "", stated.casefold()) == name.casefold()
        shown = stated if same and stated else name
        return Voice(shown, name, True, None if same else stated, kind, one_line(title) if title else None)
    if statement.source_type in _NAMELESS and stated and not statement.candidates:
        return Voice(stated, f"{kind}: {stated.casefold()}", True, None, kind)
    if statement.post or statement.kind is Kind.EDITOR_NOTE:
        return Voice(stated or UNKNOWN, stated or "", stated is not None)
    doubt = " or ".join(map(one_line, statement.candidates)) or None
    return Voice(UNKNOWN, "", False, stated, doubt=doubt)
