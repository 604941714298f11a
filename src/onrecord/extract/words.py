"""Cut a text into words: the units that the tagger labels and the borders that spans may have.

A word is a run of letters and digits with its inner hyphens, dots and apostrophes ("ex-minister",
"U.S", "don't"), a possessive or contracted ending ("'s" of "Oslo's", "'re" of "they're"), or one other
visible character. Spans that start and end at words never cut one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["BREAKS", "SHAPES", "Words", "cut"]

_WORD = re.compile(r"\w+(?:[-‑.'’]\w+)*|[^\w\s]")
_ENDING = re.compile(r"['’](?:s|re|ve|ll|d|m)$", re.IGNORECASE)
# A hyphenated run can be long ("and/or" chains, base64); past this it is cut, so that one word is never a window.
_LONGEST = 60
_LINE_ENDS = ("\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85")

SHAPES = 6
"""Letter cases told apart: no letters, lower, Capitalised, CAPITALS, miXed, digits."""

BREAKS = 5
"""What stands before a word: nothing, white space, a line end, an empty line, the start of the text."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, as parallel arrays of length ``len(words)``.

    ``starts`` and ``ends`` are code-point offsets, half-open. ``shapes`` and ``breaks`` are the small
    integer features of ``SHAPES`` and ``BREAKS``. ``paragraphs`` counts the line ends passed so far.
    """

    text: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    shapes: NDArray[np.int8]
    breaks: NDArray[np.int8]
    paragraphs: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.starts)

    def strings(self) -> list[str]:
        """The words themselves, in order."""
        text = self.text
        return [text[s:e] for s, e in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]


def _shape(word: str) -> int:
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    if word[0].isupper():
        return 2 if word[1:].islower() else 4
    if any(c.isalpha() for c in word):
        return 4
    return 5 if word[0].isdigit() else 0


def cut(text: str) -> Words:
    """The words of ``text``.

    >>> cut("Oslo's ex-envoy said: “No.”").strings()
    ['Oslo', "'s", 'ex-envoy', 'said', ':', '“', 'No', '.', '”']
    >>> cut("They're sure they don't").strings()
    ['They', "'re", 'sure', 'they', "don't"]
    """
    bounds: list[tuple[int, int]] = []
    for found in _WORD.finditer(text):
        start, end = found.span()
        if end - start > 2 and (ending := _ENDING.search(text, start, end)):
            bounds.append((start, ending.start()))
            start = ending.start()
        while end - start > _LONGEST:
            bounds.append((start, start + _LONGEST))
            start += _LONGEST
        bounds.append((start, end))
    shapes, breaks, paragraphs = [], [], []
    before, paragraph = 0, 0
    for number, (start, end) in enumerate(bounds):
        gap = text[before:start]
        # Nearly all gaps are nothing or a blank.
        ends = 0 if gap in ("", " ") else len(gap.splitlines()) - (not gap.endswith(_LINE_ENDS))
        if number == 0:
            kind = 4
        elif ends > 0:
            kind = 3 if ends > 1 else 2
            paragraph += 1
        else:
            kind = 1 if gap else 0
        shapes.append(_shape(text[start:end]))
        breaks.append(kind)
        paragraphs.append(paragraph)
        before = end
    edges = np.array(bounds, dtype=np.int32).reshape(-1, 2)
    return Words(
        text,
        edges[:, 0].copy(),
        edges[:, 1].copy(),
        np.array(shapes, dtype=np.int8),
        np.array(breaks, dtype=np.int8),
        np.array(paragraphs, dtype=np.int32),
    )
