"""English: word lists and what is read from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

__all__ = ["fixed_cue", "is_furniture", "word_list"]


@cache
def word_list(name: str) -> tuple[str, ...]:
    """The lines of the data file ``name``, comments left out."""
    lines = files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def _fixed_cues() -> dict[str, tuple[tuple[tuple[str, ...], int], ...]]:
    """For each word of a fixed cue, the cues that it is part of and its place there."""
    found: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for line in word_list("fixed_cues.txt"):
        cue = tuple(line.split())
        for place, word in enumerate(cue):
            found.setdefault(word, []).append((cue, place))
    return {word: tuple(places) for word, places in found.items()}


def fixed_cue(words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """The stretch ``[start, end)`` of words, widened to the fixed cue that it is a part of.

    >>> fixed_cue(["According", "to", "police"], 1, 2)
    (0, 2)
    """
    for index in range(start, end):
        for cue, place in _fixed_cues().get(words[index].lower(), ()):
            first, last = index - place, index - place + len(cue)
            if first >= 0 and tuple(w.lower() for w in words[first:last]) == cue:
                start, end = min(start, first), max(end, last)
    return start, end


@cache
def _furniture() -> re.Pattern[str]:
    beginnings = "|".join(re.escape(b).replace("'", "['’]") for b in word_list("furniture.txt"))
    return re.compile(rf"\s*[>»▶•*|]*\s*(?:{beginnings})\s*(?:[:|>»–—]|- |$)", re.I)


def is_furniture(line: str) -> bool:
    """Whether a line of a page begins as a link, a call or a credit does, not as part of the story.

    >>> is_furniture("Read more: Envoys leave the island"), is_furniture("Read more slowly, he said.")
    (True, False)
    """
    return _furniture().match(line) is not None
