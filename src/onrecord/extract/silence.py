"""Who was asked and gave no answer: "declined to comment", "did not respond to requests"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from onrecord.extract.drafts import Draft
from onrecord.extract.quotes import Quotation
from onrecord.extract.spans import overlap, trim
from onrecord.languages.en import word_list
from onrecord.model import Kind, Span

__all__ = ["silences"]

_SCORE = 0.9
"""Of 85 such phrases in PolNeAR's training articles every fifth was read: all but one in a quotation report a missing
answer."""
_FARTHEST = 160
"""Code points that a subject may take."""


@cache
def _phrases() -> re.Pattern[str]:
    patterns = (line.replace(" ", r"\s+") for line in word_list("non_response.txt"))
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


def silences(drafts: Sequence[Draft], text: str, outer: Sequence[Quotation]) -> list[Draft]:
    """The drafts, those that report no answer marked as such, and one for each such phrase that no draft has.

    A phrase within quotation marks is the quoted person's and is left as it is.
    """
    done = list(drafts)
    for match in _phrases().finditer(text):
        phrase = Span(*match.span())
        if any(overlap(phrase, quotation.span) for quotation in outer):
            continue
        at = next((k for k, d in enumerate(done) if any(overlap(phrase, s) for s in d.cue)), None)
        if at is not None:
            done[at] = replace(done[at], kind=Kind.NON_RESPONSE)
        elif not any(overlap(phrase, s) for d in done for s in d.content):
            source = _subject(text, phrase.start)
            done.append(Draft((source,) if source else (), (), (phrase,), _SCORE, kind=Kind.NON_RESPONSE))
    return done


_BORDER = re.compile(r"[.!?;:][\"”’)]*\s|\n|\b(?:and|but|while|though|although|because|when|after|that|which)\s|[—–]")


_OPENING = re.compile(r"(?:(?:although|though|while)\s|(?:thus|so) far,\s|through an? [\w ]+,\s)", re.IGNORECASE)


def _subject(text: str, end: int) -> Span | None:
    """The words of the clause before a phrase; None where there are none or too many."""
    start = max(0, end - _FARTHEST)
    part = text[start:end]
    borders = [m.end() for m in _BORDER.finditer(part)]
    first = borders[-1] if borders else (0 if start == 0 else len(part))
    a, b = trim(text, start + first, end)
    if opening := _OPENING.match(text, a, b):
        a = opening.end()
    if text[a:b].lower().startswith(("who ", "neither ")):
        return Span(a, b)
    return Span(a, b) if a < b and len(text[a:b].split()) <= 14 else None
