"""Near-duplicate articles and wire copy: how many words of one the other has, in the same order.

A count of outlets is a count of independent ones only when copies are known. Candidates are found by a sample of their
shingles, those whose hash is divisible by 16 (Manber 1994; Broder 1997), and then compared by all of them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import TypeVar

from onrecord.relate.hashing import hashes
from onrecord.relate.persons import plain

__all__ = ["COMMON", "SHARE", "Copy", "Shingled", "copies", "likely", "share", "shingled"]

_Key = TypeVar("_Key", int, str)

_WORDS = 5
"""Words of a shingle."""
_SAMPLED = 16
"""One in so many shingles is kept to be found by, and of a short text the sixteen lowest."""
_LEAST_SAMPLED = 16
COMMON = 100
"""A shingle that so many texts have ("all rights reserved") tells nothing."""
_HITS, _LIKELY = 2, 0.3
"""So many kept shingles, and by them so much of the shorter one, make a candidate."""
_MOST = 20
"""So many candidates, the likest, are compared."""
SHARE = 0.5
"""So much of the shorter one stands in the longer one where one of the two is a copy, or both are of a third."""
_FEWEST = 20
"""A text of fewer shingles says too little."""
_FIGURES, _SAME_FIGURES = 4, 0.5
"""Of texts with so many figures half are the same in a copy: the report of another day's prices is none."""
_WORD = re.compile(r"[^\W_]+")
_FIGURE = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class Shingled:
    """The hashes (64 bits, signed) of all runs of five words of a text, without case and marks; its figures."""

    hashes: frozenset[int]
    figures: frozenset[str]

    @property
    def sample(self) -> frozenset[int]:
        """The hashes that it is found by."""
        few = nsmallest(_LEAST_SAMPLED, self.hashes)
        return frozenset((*few, *(value for value in self.hashes if value % _SAMPLED == 0)))

    @property
    def tells(self) -> bool:
        """Whether the text is long enough to be somebody's copy."""
        return len(self.hashes) >= _FEWEST


@dataclass(frozen=True, slots=True)
class Copy:
    """Two documents, and which share of the shorter one's shingles the longer one has (0 to 1)."""

    one: str
    other: str
    share: float


def shingled(text: str) -> Shingled:
    """A text as it is compared.

    >>> made = shingled("The 40 pilots will not strike before Friday, their chair said.")
    >>> len(made.hashes), sorted(made.figures), made.tells
    (7, ['40'], False)
    """
    words = _WORD.findall(plain(text))
    figures = (figure.rstrip(".,") for figure in _FIGURE.findall(text))
    return Shingled(hashes(words, _WORDS), frozenset(figures))


def likely(new: Shingled, hits: Mapping[_Key, int], kept: Mapping[_Key, int]) -> list[_Key]:
    """Which earlier texts the new one may be a copy of, the likest first.

    ``hits`` is how many of the shingles that an earlier text is found by the new one has, ``kept`` how many there are.
    """
    alike = {key: min(1.0, max(n / kept[key], n * _SAMPLED / len(new.hashes))) for key, n in hits.items() if n >= _HITS}
    return sorted((key for key, value in alike.items() if value >= _LIKELY), key=lambda k: (-alike[k], k))[:_MOST]


def share(one: Shingled, other: Shingled) -> float | None:
    """Which share of the shorter one the longer one has (0 to 1), where that makes a copy; else None."""
    part = len(one.hashes & other.hashes) / max(1, min(len(one.hashes), len(other.hashes)))
    return part if part >= SHARE and not _another_day(one.figures, other.figures) else None


def copies(texts: Iterable[tuple[str, str]]) -> Iterator[Copy]:
    """The pairs of copies among texts ``(key, text)``, each with those before it; keys are unlike each other."""
    index: dict[int, list[str]] = defaultdict(list)
    known: dict[str, Shingled] = {}
    kept: dict[str, int] = {}
    for key, text in texts:
        new = shingled(text)
        if not new.tells:
            continue
        hits = Counter(other for value in new.hashes for other in index.get(value, ()))
        for other in likely(new, hits, kept):
            if (part := share(known[other], new)) is not None:
                yield Copy(other, key, round(part, 4))
        sample = [value for value in new.sample if len(index[value]) < COMMON]
        for value in sample:
            index[value].append(key)
        known[key], kept[key] = new, len(sample)


def _another_day(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts of the same words give other figures."""
    fewer = min(len(one), len(other))
    return fewer >= _FIGURES and len(one & other) < _SAME_FIGURES * fewer
