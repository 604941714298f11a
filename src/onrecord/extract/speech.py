"""Quotations and statements: quotations that go on, that nobody claims, and cues inside somebody's quoted speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord.extract.drafts import Draft
from onrecord.extract.quotes import Quotation
from onrecord.extract.spans import covered, overlap
from onrecord.model import Span

__all__ = ["Speech", "carried_on", "in_speech", "speeches", "unclaimed", "uncut"]

_SHORTEST = 5
"""Words of the shortest quotation that counts as speech; shorter ones may be titles, names and scare quotes."""

_UNCLAIMED_SCORE = 0.5

Speech = tuple[Span, ...]
"""One quotation: its stretch, or its stretches where it goes on over paragraphs."""


def speeches(outer: Sequence[Quotation]) -> list[Speech]:
    """Outer quotations, those that go on in the next paragraph as one; one that is merely left open is none."""
    found: list[Speech] = []
    open_run: list[Span] = []
    for quotation in outer:
        open_run.append(quotation.span)
        if quotation.continues:
            continue
        if quotation.closed or len(open_run) > 1:
            found.append(tuple(open_run))
        open_run = []
    return found


def carried_on(drafts: Sequence[Draft], spoken: Sequence[Speech]) -> list[Draft]:
    """Give a statement the rest of its quotation where that goes on, opened again, in the next paragraphs."""
    claimed = [span for d in drafts for span in d.content]
    done = []
    for draft in drafts:
        content = list(draft.content)
        for speech in spoken:
            at = next((k for k, span in enumerate(speech) if overlap(span, content[-1])), None)
            if at is None:
                continue
            for later in speech[at + 1 :]:
                if any(overlap(later, span) for span in claimed):
                    break
                content.append(later)
            break
        done.append(replace(draft, content=tuple(content)))
    return done


_MOST = 0.5
"""A content that has so much of a quotation has all of it."""


def uncut(drafts: Sequence[Draft], outer: Sequence[Quotation], text: str) -> list[Draft]:
    """The drafts; where a content has the greater part of a quotation and nobody else the rest, it has all of it.

    Half a quotation would be a misquotation.
    """
    taken = [span for d in drafts for span in (*d.source, *d.cue, *d.content)]
    done = []
    for draft in drafts:
        content = list(draft.content)
        for quotation in outer:
            whole = quotation.span
            mine = [k for k, span in enumerate(content) if overlap(span, whole)]
            if not quotation.closed or not mine or any(not _within(content[k], whole) for k in mine):
                continue
            inside, total = covered([whole], [content[k] for k in mine], text)
            others = sum(overlap(span, whole) for span in taken)
            if _MOST * total < inside < total and others == len(mine):
                content[mine[0] : mine[-1] + 1] = [whole]
        done.append(replace(draft, content=tuple(content)))
    return done


def _within(span: Span, whole: Span) -> bool:
    return whole.start <= span.start and span.end <= whole.end


def in_speech(draft: Draft, spoken: Sequence[Speech], text: str) -> bool:
    """Whether cue and content stand in one quotation: then it is the quoted speaker's, not the outlet's.

    "“They told us the mill was safe.”" reports on its own paragraph what the quoted person says that they told.
    """
    if not draft.cue:
        return False
    first, last = draft.cue[0].start, draft.cue[-1].end
    for speech in spoken:
        if any(s.start < first and last < s.end for s in speech):
            inside, total = covered(draft.content, speech, text)
            return inside == total and sum(len(s.of(text).split()) for s in speech) >= _SHORTEST
    return False


def unclaimed(text: str, spoken: Sequence[Speech], claimed: Sequence[Span]) -> list[Draft]:
    """Quotations of some length that no statement holds: somebody's words, the speaker not stated here."""
    lone = []
    for speech in spoken:
        inside, total = covered(speech, claimed, text)
        if sum(len(s.of(text).split()) for s in speech) >= _SHORTEST and inside <= 0.2 * total:
            lone.append(Draft((), (), speech, _UNCLAIMED_SCORE))
    return lone
