"""What the encoder says of a text's words: kept for the stages after extraction, so that the text is read once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.extract.words import Words

__all__ = ["COLUMNS", "DEED", "LINK", "Reading"]

LINK = 32
"""Length of the two vectors by which words that point at somebody are compared with names."""

DEED = 128
"""Length of the vector by which the words of a statement tell what is done by saying it."""

COLUMNS = {
    "name": 7,
    "title": 3,
    "justification": 3,
    "gender": 2,
    "source": 7,
    "cue": 7,
    "content": 7,
    "pointing": LINK,
    "named": LINK,
    "deed": DEED,
}
"""The columns of ``Reading.marks`` in their order, with their widths. ``name``: outside, then begin and inside of a
person, an organisation, a place; ``title`` and ``justification``: outside, begin, inside; ``gender``: m, f;
``source``, ``cue`` and ``content``: the seven source types, which a statement's words vote on; ``deed``: no scores but
what ``onrecord.qualify`` judges acts by."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a text and, for each, the scores (log-odds, not normalised) of ``COLUMNS``: ``(words, columns)``."""

    words: Words
    marks: NDArray[np.float32]

    def column(self, name: str) -> NDArray[np.float32]:
        """One of ``COLUMNS``, ``(words, width)``."""
        start = 0
        for other, width in COLUMNS.items():
            if other == name:
                return self.marks[:, start : start + width]
            start += width
        raise KeyError(name)
