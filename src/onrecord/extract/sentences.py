"""Sentences of a text, as ranges of its words."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from onrecord.extract.words import Words
from onrecord.languages.en import word_list

__all__ = ["sentence_numbers"]

_ENDS = frozenset(".!?…")
_CLOSERS = frozenset("\"'”’)]»")
_OPENERS = frozenset("\"'“‘([«–—-")


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(word_list("abbreviations.txt"))


def sentence_numbers(words: Words, strings: list[str]) -> NDArray[np.int32]:
    """The number of each word's sentence, counted through the text.

    A sentence ends with its paragraph, or at a full stop, exclamation or question mark (closing marks included)
    before a word that begins with a capital letter, a digit or an opening mark. Initials and abbreviations end none.

    >>> from onrecord.extract.words import cut
    >>> words = cut('Mr. Okoro left. “Why?” he said. "I stay."')
    >>> sentence_numbers(words, words.strings()).tolist()
    [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]
    """
    count = len(words)
    numbers = np.zeros(count, np.int32)
    paragraphs = words.paragraphs.tolist()
    breaks = words.breaks.tolist()
    number, ended = 0, False
    for i in range(count):
        word = strings[i]
        if i:
            if paragraphs[i] != paragraphs[i - 1]:
                number, ended = number + 1, False
            elif ended and not (word[0] in _CLOSERS and breaks[i] == 0):
                if word[0].isupper() or word[0].isdigit() or (word[0] in _OPENERS):
                    number += 1
                ended = False
        numbers[i] = number
        if word in _ENDS and i:
            before = strings[i - 1]
            short = word == "." and breaks[i] == 0 and (before in _abbreviations() or _initial(before))
            ended = ended or not short
        elif not (word in _CLOSERS and ended):
            ended = False
    return numbers


def _initial(word: str) -> bool:
    """Whether a word before a full stop is an initial or a dotted abbreviation ("J", "U.S")."""
    return (len(word) == 1 and word.isupper()) or ("." in word and all(len(part) <= 2 for part in word.split(".")))
