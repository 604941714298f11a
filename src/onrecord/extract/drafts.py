"""Drafts: statements before they have ids, made of what the tagger found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from onrecord.extract.decode import Found
from onrecord.extract.quotes import Quotation
from onrecord.extract.spans import to_spans, with_marks
from onrecord.extract.words import Words
from onrecord.model import Kind, Post, Span

__all__ = ["Draft", "draft_of", "one_owner"]

_SOURCE_GAP = 15


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before it has an id, a parent and a form."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    score: float
    nested: bool = False
    kind: Kind = Kind.STATEMENT
    post: Post | None = None
    follows: bool = False
    """Whether it goes on from the statement in the sentence before, without a source or a cue of its own."""

    @property
    def size(self) -> int:
        """Length of the content in code points."""
        return sum(s.end - s.start for s in self.content)

    @property
    def start(self) -> int:
        """Where the first of its words stands."""
        return min(s.start for s in (*self.source, *self.cue, *self.content))


def one_owner(found: Sequence[Found]) -> list[Found]:
    """Give every word of content to the best-scored attribution that claims it.

    What loses more than half of its content is dropped: it was the same statement found twice.
    """
    taken: set[int] = set()
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: (-f.score, f.cue)):
        left = [i for i in item.content if i not in taken]
        if 2 * len(left) <= len(item.content):
            continue
        taken.update(left)
        kept.append(replace(item, content=tuple(left)))
    return sorted(kept, key=lambda f: f.cue)


def draft_of(found: Found, words: Words, marks: Sequence[Quotation]) -> Draft | None:
    """The draft of an attribution; None where no letter of content is left."""
    content = with_marks(words.text, to_spans(_beside(found, words, marks), words), marks)
    if not content:
        return None
    return Draft(_source(found, words), to_spans(range(*found.cue), words) or _bare(found, words), content, found.score)


def _beside(found: Found, words: Words, marks: Sequence[Quotation]) -> list[int]:
    """The words of content in the cue's paragraph, and those of other paragraphs that are quoted.

    Unquoted words of another paragraph count only where there are none beside the cue ("The letter says:").
    """
    own = words.paragraphs[found.cue[0]]
    content = np.array(found.content)
    near = words.paragraphs[content] == own
    if near.all() or not near.any():
        return list(found.content)
    quoted = np.zeros(len(content), dtype=bool)
    for mark in marks:
        quoted |= (words.starts[content] >= mark.span.start) & (words.ends[content] <= mark.span.end)
    return [int(i) for i in content[near | quoted]]


def _source(found: Found, words: Words) -> tuple[Span, ...]:
    """The source as one phrase in one paragraph.

    Of PolNeAR's sources one in two thousand has two parts. Parts a few letters apart are joined, of parts
    further apart the longest stays; of words in two paragraphs those nearer the cue.
    """
    if not found.source:
        return ()
    near = min(found.source, key=lambda i: min(abs(i - found.cue[0]), abs(i - found.cue[1])))
    paragraph = words.paragraphs[near]
    joined: list[Span] = []
    for span in to_spans([i for i in found.source if words.paragraphs[i] == paragraph], words):
        if joined and span.start - joined[-1].end <= _SOURCE_GAP:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return (max(joined, key=lambda s: s.end - s.start),) if joined else ()


def _bare(found: Found, words: Words) -> tuple[Span, ...]:
    """A cue that is a mark alone (the colon of a headline)."""
    return (Span(int(words.starts[found.cue[0]]), int(words.ends[found.cue[1] - 1])),)
