"""A document's text cut into paragraphs, and these into segments within which nothing changes.

Spans of statements nest, cross and share borders, which no tree of elements can show. So the text is
cut at every border, and each piece knows all that holds for it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onrecord.exports.tree import Node
from onrecord.model import Document, Span

__all__ = ["Segment", "paragraphs", "segments"]

_WRAPPED = 100
"""A text with blank lines whose lines are no longer than this, in characters, is taken for hard-wrapped."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text and what it is: indices into the nodes, outer statements before inner ones.

    ``quoted`` holds the statements for which these are quoted words, ``link`` an index into the
    document's links, ``ends`` the statements whose content ends here.
    """

    span: Span
    contents: tuple[int, ...] = ()
    sources: tuple[int, ...] = ()
    cues: tuple[int, ...] = ()
    quoted: tuple[int, ...] = ()
    link: int | None = None
    ends: tuple[int, ...] = ()


def paragraphs(text: str) -> list[Span]:
    """The paragraphs of ``text``, white space around them left out.

    Every line is one, unless the text is hard-wrapped with blank lines between its paragraphs.

    >>> [span.of("One.\\nTwo.") for span in paragraphs("One.\\nTwo.")]
    ['One.', 'Two.']
    """
    blank = re.search(r"\S[^\S\n]*\n[^\S\n]*\n", text)
    wrapped = bool(blank) and all(len(line) <= _WRAPPED for line in text.split("\n"))
    breaks = r"\n[^\S\n]*\n\s*" if wrapped else r"\n\s*"
    found, start = [], 0
    for match in [*re.finditer(breaks, text), None]:
        end = match.start() if match else len(text)
        words = text[start:end]
        left, right = len(words) - len(words.lstrip()), len(words.rstrip())
        if left < right:
            found.append(Span(start + left, start + right))
        start = match.end() if match else end
    return found


def segments(document: Document, nodes: Sequence[Node]) -> Iterator[list[Segment]]:
    """The segments of each paragraph, in order; their words together are the paragraph's words."""
    blocks = paragraphs(document.text)
    starts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    ends: dict[int, list[tuple[str, int]]] = defaultdict(list)

    def mark(role: str, index: int, spans: Sequence[Span]) -> None:
        for span in spans:
            starts[span.start].append((role, index))
            ends[span.end].append((role, index))

    for index, node in enumerate(nodes):
        mark("content", index, node.statement.content)
        mark("source", index, node.statement.source)
        mark("cue", index, node.statement.cue)
        mark("quoted", index, node.statement.quoted)
    for index, link in enumerate(document.links):
        mark("link", index, (link.span,))
    borders = sorted({*starts, *ends})
    closing = _closing(blocks, nodes)
    active: set[tuple[str, int]] = set()
    passed = 0
    for block in blocks:
        row = []
        at = block.start
        while passed < len(borders) and borders[passed] <= at:
            _step(active, starts[borders[passed]], ends[borders[passed]])
            passed += 1
        while at < block.end:
            to = min(borders[passed], block.end) if passed < len(borders) else block.end
            row.append(_segment(Span(at, to), active, nodes, closing.get(to, ())))
            at = to
            while passed < len(borders) and borders[passed] <= at:
                _step(active, starts[borders[passed]], ends[borders[passed]])
                passed += 1
        yield row


def _step(active: set[tuple[str, int]], starting: list[tuple[str, int]], ending: list[tuple[str, int]]) -> None:
    active.difference_update(ending)
    active.update(starting)


def _segment(span: Span, active: set[tuple[str, int]], nodes: Sequence[Node], closing: Sequence[int]) -> Segment:
    def of(role: str) -> tuple[int, ...]:
        indices = (index for kind, index in active if kind == role)
        return tuple(sorted(indices, key=lambda index: (nodes[index].depth, index)))

    links = [index for kind, index in active if kind == "link"]
    return Segment(
        span,
        contents=of("content"),
        sources=of("source"),
        cues=of("cue"),
        quoted=of("quoted"),
        link=max(links) if links else None,
        ends=tuple(closing),
    )


def _closing(blocks: Sequence[Span], nodes: Sequence[Node]) -> dict[int, list[int]]:
    """Where each statement's content ends on the page: an offset within a paragraph, inner ones first."""
    first = [block.start for block in blocks]
    found: dict[int, list[int]] = defaultdict(list)
    for index in sorted(range(len(nodes)), key=lambda index: (-nodes[index].depth, index)):
        end = nodes[index].statement.content[-1].end
        place = bisect_left(first, end) - 1
        if place >= 0:
            found[min(end, blocks[place].end)].append(index)
    return found
