"""Near-duplicate articles and wire copy: of how many words of one the other has, in the same order.

A count of outlets is a count of independent ones only when copies are known. Candidates are found by MinHash and
locality-sensitive hashing (Broder 1997; datasketch), and then compared by all their shingles.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from datasketch import MinHash, MinHashLSH

from onrecord.relate.persons import plain

__all__ = ["SHARE", "Copy", "copies", "shares", "shingles"]

_WORDS = 5
"""Words of a shingle."""
_PERMUTATIONS = 128
_CANDIDATE = 0.2
"""Texts that share so much of all their shingles are candidates: a report of 400 words within one of 1,500."""
SHARE = 0.5
"""So much of the shorter one stands in the longer one where one of the two is a copy, or both are of a third."""
_FEWEST = 20
"""A text of fewer shingles says too little."""
_FIGURES, _SAME_FIGURES = 4, 0.5
"""Of texts with so many figures half are the same in a copy: the report of another day's prices is none."""
_WORD = re.compile(r"[^\W_]+")
_FIGURE = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class Copy:
    """Two documents, and which share of the shorter one's shingles the longer one has (0 to 1)."""

    one: str
    other: str
    share: float


def shingles(text: str) -> frozenset[int]:
    """The hashes (64 bits) of all runs of five words, without case, accents and marks.

    >>> len(shingles("The pilots will not strike before Friday, their chair said."))
    6
    """
    words = _WORD.findall(plain(text))
    runs = (" ".join(words[k : k + _WORDS]) for k in range(len(words) - _WORDS + 1))
    return frozenset(int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big") for run in runs)


def shares(one: frozenset[int], other: frozenset[int]) -> float:
    """Which share of the smaller set the larger one has."""
    return len(one & other) / max(1, min(len(one), len(other)))


def copies(texts: Iterable[tuple[str, str]], share: float = SHARE) -> Iterator[Copy]:
    """The pairs of copies among texts ``(key, text)``, each with those before it; keys are unlike each other."""
    figures: dict[str, frozenset[str]] = {}
    index = MinHashLSH(threshold=_CANDIDATE, num_perm=_PERMUTATIONS, weights=(0.2, 0.8))
    known: dict[str, frozenset[int]] = {}
    for key, text in texts:
        mine = shingles(text)
        if len(mine) < _FEWEST:
            continue
        told = frozenset(figure.rstrip(".,") for figure in _FIGURE.findall(text))
        made = MinHash(num_perm=_PERMUTATIONS, hashfunc=int, scheme="affine64")
        made.update_batch(mine)
        for candidate in sorted(index.query(made)):
            alike = shares(mine, known[candidate])
            if alike >= share and not _another_day(figures[candidate], told):
                yield Copy(candidate, key, round(alike, 4))
        index.insert(key, made)
        known[key], figures[key] = mine, told


def _another_day(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts of the same words give other figures."""
    fewer = min(len(one), len(other))
    return fewer >= _FIGURES and len(one & other) < _SAME_FIGURES * fewer
