"""Runs of words as numbers, by which texts and quotations with the same words are found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np

__all__ = ["hashes"]

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Odd, with no pattern in its bits: 2^64 over the golden ratio (Knuth 1973)."""


def hashes(words: Sequence[str], length: int) -> frozenset[int]:
    """The hashes (64 bits, signed) of all runs of so many words.

    A run's is the polynomial over its words' hashes (Karp and Rabin 1987), which are the same on every machine.

    >>> one, other = hashes("we will sign no map".split(), 3), hashes("they will sign no map".split(), 3)
    >>> len(one), len(one & other)
    (3, 2)
    """
    count = len(words) - length + 1
    if count < 1:
        return frozenset()
    single = np.fromiter(map(_of_word, words), dtype=np.uint64, count=len(words))
    made = np.zeros(count, dtype=np.uint64)
    for k in range(length):
        made *= _FACTOR
        made += single[k : k + count]
    return frozenset(made.view(np.int64).tolist())


@lru_cache(maxsize=100_000)
def _of_word(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
