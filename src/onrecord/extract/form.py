"""In whose words a statement stands: quoted stretches, form, the outlet's edits, translation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.extract.quotes import Quotation
from onrecord.extract.spans import covered
from onrecord.model import Form, Span

__all__ = ["edits", "form_of", "is_translated", "quoted_in"]

_EDIT = re.compile(r"\[[^\[\]\n]{1,200}\]|\(sic\)|(?<![.…])(?:…|\.{3,4}|\. \. \.(?: \.)?)(?!\.)", re.I)
_TRANSLATED = re.compile(
    r"\b(?:through|via) an? (?:\w+ )?(?:interpreter|translator)\b"
    r"|\b(?:translated|translation) (?:from|of|by|into)\b|\baccording to an? (?:\w+ )?translation\b"
    r"|\b(?:said|says|saying|wrote|writes|told|spoke|speaking|tweeted|posted|added|asked|shouted|chanted)\b"
    r"[^.“”\"\n]{0,40}?\bin (?!English\b)(?:broken )?"
    r"(?:[A-Z][a-z]+(?:ese|ish|ic|ian|ean|ench|eek|ari|ali|urdu|indi|rdu|utch|erman|ussian|ebrew|hai|amil|agalog|wahili|ashto))\b"
)


def quoted_in(content: Sequence[Span], outer: Sequence[Quotation]) -> tuple[Span, ...]:
    """The quoted stretches, marks included, cut to the content that they stand in."""
    found = []
    for quotation in outer:
        for start, end in content:
            a, b = max(start, quotation.span.start), min(end, quotation.span.end)
            if a < b:
                found.append(Span(a, b))
    return tuple(sorted(found))


def form_of(content: Sequence[Span], quoted: Sequence[Span], text: str) -> Form:
    """Verbatim where every letter and digit of the content stands in quotation marks, partial where some do.

    >>> form_of([Span(0, 8)], [Span(0, 4)], "“No” way")
    <Form.PARTIAL: 'partial'>
    """
    inside, total = covered(content, quoted, text)
    if inside == 0:
        return Form.PARAPHRASE
    return Form.VERBATIM if inside == total else Form.PARTIAL


def edits(quoted: Sequence[Span], text: str) -> tuple[Span, ...]:
    """The outlet's marks of editing inside quotations: [bracketed words], [sic], ellipses."""
    return tuple(Span(*m.span()) for start, end in quoted for m in _EDIT.finditer(text, start, end))


def is_translated(cue: Sequence[Span], content: Sequence[Span], text: str) -> bool:
    """Whether the sentence around the cue says that the words were spoken in another language."""
    if not cue:
        return False
    left, right = cue[0].start, cue[-1].end
    before = max(text.rfind(mark, 0, left) for mark in (". ", "\n", "? ", "! ", ".” ", '." '))
    stops = [at for mark in (". ", "\n", "? ", "! ") if (at := text.find(mark, right)) >= 0]
    sentence_end = min(stops, default=len(text))
    outside = []
    at = max(before, 0)
    for start, end in content:
        if start >= sentence_end:
            break
        outside.append(text[at : max(at, start)])
        at = max(at, end)
    outside.append(text[at:sentence_end] if at < sentence_end else "")
    return _TRANSLATED.search(" ".join(outside)) is not None
