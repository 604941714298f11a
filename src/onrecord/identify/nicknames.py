"""What people are called: "a man who goes by 'Shorty'", "Robert Hale, better known as Red Bob"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from onrecord.extract.nouns import noun
from onrecord.extract.words import Words
from onrecord.languages.en import word_list

__all__ = ["Called", "called"]

_OPENING, _CLOSING = frozenset("\"“‘'"), frozenset("\"”’'")
_JOINING = frozenset(("the", "of", "de", "la", "el", "bin", "al", "-"))
_LONGEST = 4
_BACK = 4


@cache
def _before() -> re.Pattern[str]:
    lines = word_list("naming.txt")
    sure = "|".join(line for line in lines if not line.startswith("? "))
    maybe = "|".join(line[2:] for line in lines if line.startswith("? "))
    return re.compile(rf"\b(?:{sure}|(?P<maybe>{maybe}))(?=[\s,]*[\"“‘']?\w)".replace(" ", r"\s+"))


@dataclass(frozen=True, slots=True)
class Called:
    """A name ``[start, end)``, in words, that the text says somebody goes by.

    ``of`` is the word at which the name begins of the person who does, None where that has no other name.
    ``person`` is whether the words before are a person's: "the firm goes by Velmar" is said of something else.
    """

    start: int
    end: int
    of: int | None
    person: bool


def called(words: Words, strings: Sequence[str], ends: Mapping[int, int]) -> list[Called]:
    """The names that somebody is said to go by. ``ends`` has for each end of a person's name its start."""
    text = words.text.lower()
    if len(text) != len(words.text):  # a letter whose small form is two: the offsets would be wrong
        return []
    made = []
    for found in _before().finditer(text):
        at = int(words.starts.searchsorted(found.start()))
        start, end = _name(strings, int(words.starts.searchsorted(found.end())))
        if start == end:
            continue
        owner = _owner(strings, at, ends)
        person = owner is not None or _of_a_person(strings, at)
        if person or not found["maybe"]:
            made.append(Called(start, end, owner, person))
    return made


def _name(strings: Sequence[str], at: int) -> tuple[int, int]:
    """The name that begins at a word, or behind the quotation mark there: capitalised words, or all that is quoted."""
    if at < len(strings) and strings[at] == ",":
        at += 1
    if at < len(strings) and strings[at] in _OPENING:
        at += 1
        end = next((i for i in range(at, min(at + _LONGEST + 1, len(strings))) if strings[i] in _CLOSING), at)
        end -= strings[end - 1] in (",", ".")
        return (at, end) if any(word[0].isupper() for word in strings[at:end]) else (at, at)
    end = at
    while end < len(strings) and end - at < _LONGEST and strings[end][0].isupper():
        end += 1
        joined = end + 1 < len(strings) and strings[end].lower() in _JOINING and strings[end + 1][0].isupper()
        end += joined
    return at, end


def _owner(strings: Sequence[str], at: int, ends: Mapping[int, int]) -> int | None:
    """Where the name begins of whom the words at ``at`` speak: right before, but for a comma, "who", "is"."""
    for end in range(at, max(at - 4, 0), -1):
        if end in ends:
            return ends[end]
        if strings[end - 1].lower() not in (",", "(", "who", "is", "was", "also", "–", "—"):
            return None
    return None


def _of_a_person(strings: Sequence[str], at: int) -> bool:
    return any(noun(strings[i].lower()) == "p" for i in range(max(0, at - _BACK), at))
