"""Find each nested statement's parent: the smallest content that holds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord.extract.drafts import Draft
from onrecord.extract.spans import covered, intersect, overlap
from onrecord.model import Kind, Span

__all__ = ["Placed", "place"]

Placed = tuple[Draft, int | None]
"""A draft and the number of its parent in the list that it stands in."""


def place(top: Sequence[Draft], inner: Sequence[Draft], text: str) -> list[Placed]:
    """All top-level drafts, then the nested ones that have a parent, wider ones first.

    A parent's content holds the nested statement's cue and most of its content; what reaches beyond is cut off.
    """
    placed: list[Placed] = [(draft, None) for draft in sorted(top, key=lambda d: (d.start, -d.size))]
    for draft in sorted(_each_once(inner), key=lambda d: (-d.size, d.start)):
        number = _holder(draft, placed, text)
        if number is None:
            continue
        above = placed[number][0].content
        inside = intersect(draft.content, above)
        if inside and covered(above, inside, text)[0] < covered(above, above, text)[1]:
            source = intersect(draft.source, [Span(min(s.start for s in above), max(s.end for s in above))])
            placed.append((replace(draft, content=inside, source=_without_that(source, above, text)), number))
    return placed


def _without_that(source: tuple[Span, ...], above: Sequence[Span], text: str) -> tuple[Span, ...]:
    """The source without the "that" which begins the parent's content ("said *that the islanders* had agreed")."""
    if source and source[0].start == above[0].start and source[0].of(text).lower().startswith("that "):
        return (Span(source[0].start + 5, source[0].end), *source[1:])
    return source


def _each_once(inner: Sequence[Draft]) -> list[Draft]:
    """Drafts without those that share a word of their cue with a better-scored one: the same statement found twice."""
    kept: list[Draft] = []
    for draft in sorted(inner, key=lambda d: (-d.score, d.start)):
        if not any(overlap(a, b) for other in kept for a in draft.cue for b in other.cue):
            kept.append(draft)
    return kept


def _holder(draft: Draft, placed: Sequence[Placed], text: str) -> int | None:
    best: tuple[int, int] | None = None
    for number, (other, _) in enumerate(placed):
        if other.kind is not Kind.STATEMENT or other.post:
            continue
        if not any(s.start <= draft.cue[0].start and draft.cue[-1].end <= s.end for s in other.content):
            continue
        inside, total = covered(draft.content, other.content, text)
        if 2 * inside > total and (best is None or other.size < best[0]):
            best = (other.size, number)
    return best[1] if best else None
