"""From words back to the text: spans of code points that a reader would have marked by hand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from onrecord.extract.quotes import Quotation
from onrecord.extract.words import Words
from onrecord.model import Span

__all__ = ["covered", "intersect", "overlap", "runs", "to_spans", "trim", "with_marks"]

_EDGE_LEFT = frozenset(" \t\n\r,.;:!?–—-…)]}\xa0”»")
_EDGE_RIGHT = frozenset(" \t\n\r,;:–—-([{\xa0“«„‘")


def runs(indices: Sequence[int], words: Words) -> list[tuple[int, int]]:
    """Maximal stretches ``[start, end)`` of word indices.

    A stretch reaches over words without letters or digits (a comma, a dash, a closing mark) that stand
    between two of its words in one paragraph, and never over a paragraph's end.
    """
    text = words.text
    found: list[tuple[int, int]] = []
    for index in indices:
        if found:
            start, end = found[-1]
            between = range(end, index)
            one_paragraph = words.paragraphs[end - 1] == words.paragraphs[index]
            if one_paragraph and (
                index == end
                or (
                    len(between) <= 3
                    and not any(c.isalnum() for c in text[int(words.starts[end]) : int(words.ends[index - 1])])
                )
            ):
                found[-1] = (start, index + 1)
                continue
        found.append((index, index + 1))
    return found


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without white space and punctuation that belongs to the sentence around it."""
    while start < end and text[start] in _EDGE_LEFT:
        start += 1
    while end > start and text[end - 1] in _EDGE_RIGHT:
        end -= 1
    return start, end


def to_spans(indices: Sequence[int], words: Words) -> tuple[Span, ...]:
    """Spans of the text for word indices: marks of quotation come in whole, stretches without letters go."""
    text = words.text
    found: list[Span] = []
    for first, last in runs(indices, words):
        start, end = trim(text, int(words.starts[first]), int(words.ends[last - 1]))
        if not any(c.isalnum() for c in text[start:end]):
            continue
        found.append(Span(start, end))
    return tuple(found)


def with_marks(text: str, spans: Sequence[Span], quotations: Sequence[Quotation]) -> tuple[Span, ...]:
    """The spans, each with the quotation marks just outside it that belong to a quotation inside it."""
    starts = {q.span.start: q for q in quotations}
    ends = {q.span.end: q for q in quotations}
    done: list[Span] = []
    for span in spans:
        start, end = span
        before = start - 1
        if before in starts and not text[before].isspace():
            start = before
        elif before - 1 in starts and text[before - 1 : start] in ("``", "''"):
            start = before - 1
        for reach in (end + 1, end + 2, end + 3):
            if reach in ends and not any(c.isalnum() for c in text[end:reach]) and ends[reach].span.start >= start:
                end = reach
                break
        # a mark whose partner lies outside the span belongs to the sentence, not to the content
        done.append(_without_stray(text, start, end, starts, ends))
    merged: list[Span] = []
    for span in done:
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return tuple(merged)


def _without_stray(text: str, start: int, end: int, starts: dict[int, Quotation], ends: dict[int, Quotation]) -> Span:
    opened = starts.get(end - 1)
    if opened is not None and end - 1 > start:
        start, end = trim(text, start, end - 1)
    closed = ends.get(start + 1)
    if closed is not None and closed.span.start < start and start + 1 < end:
        start, end = trim(text, start + 1, end)
    return Span(start, end)


def overlap(a: Span, b: Span) -> bool:
    """Whether two spans share a character."""
    return a.start < b.end and b.start < a.end


def covered(spans: Sequence[Span], others: Sequence[Span], text: str) -> tuple[int, int]:
    """How many letters and digits of ``spans`` lie in ``others``, and how many ``spans`` have."""
    return sum(_letters(text, s) for s in intersect(spans, others)), sum(_letters(text, s) for s in spans)


def intersect(a: Sequence[Span], b: Sequence[Span]) -> tuple[Span, ...]:
    """The stretches that lie in both; ``b`` may overlap itself."""
    merged: list[Span] = []
    for span in sorted(b):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    cut: list[Span] = []
    for start, end in a:
        at = bisect_right(merged, start, key=_end)
        while at < len(merged) and merged[at].start < end:
            cut.append(Span(max(start, merged[at].start), min(end, merged[at].end)))
            at += 1
    return tuple(sorted(s for s in cut if s.start < s.end))


def _end(span: Span) -> int:
    return span.end


def _letters(text: str, span: Span) -> int:
    return sum(map(str.isalnum, span.of(text)))
