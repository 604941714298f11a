"""Which pairs of claims are worth being read together, told from what is known of them without reading.

Of the pairs whose contents mean nearly the same most are nothing that is shown, and the network that reads both claims
(``meaning.pairs``) is slow. A small one sees the vectors of both contents and what the words tell
(``relate.evidence``), and says how probable it is that the other would find a tie; less probable pairs are not read. It
learned from the other's own answers (``train.worth``), as the first of several stages does (Nogueira et al. 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError
from onrecord.meaning.encoder import SIZE
from onrecord.relate.evidence import WORDS

__all__ = ["Worth", "inputs", "shipped_worth"]

_MODEL = Path(__file__).parent.parent / "models" / "pairs" / "worth.npz"
_PRODUCTS, _DIFFERENCES = 8.0, 4.0
"""Vectors of length 1 have small numbers: their products and differences are made about as large as the rest."""

_Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Worth:
    """Two layers as plain numbers: ``first`` ``(inputs, hidden)``, ``second`` ``(hidden, kinds)``, each with what is
    added; ``mean`` and ``spread`` are those of the columns of ``evidence.WORDS``. From ``least`` on a pair is read."""

    first: _Numbers
    first_bias: _Numbers
    second: _Numbers
    second_bias: _Numbers
    mean: _Numbers
    spread: _Numbers
    least: float

    def chances(self, words: Sequence[Sequence[float]], ones: _Numbers, others: _Numbers) -> _Numbers:
        """How probable the likeliest tie of each pair is, ``(pairs,)``, 0 to 1.

        ``words`` are ``evidence.words_of`` them; ``ones`` and ``others`` ``(pairs, SIZE)`` the vectors of both
        contents, of length 1.
        """
        known = (np.asarray(words, np.float32).reshape(-1, len(WORDS)) - self.mean) / self.spread
        hidden = np.maximum(inputs(known, ones, others) @ self.first + self.first_bias, 0)
        odds = np.clip((hidden @ self.second + self.second_bias).max(1), -30, 30)
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)

    def keeps(self, words: Sequence[Sequence[float]], ones: _Numbers, others: _Numbers, fewest: int = 0) -> list[bool]:
        """Of each pair whether it is worth reading, or among the ``fewest`` that are most so; see ``chances``."""
        if not len(words):
            return []
        chances = self.chances(words, ones, others)
        kept = chances >= self.least
        kept[np.argsort(-chances, kind="stable")[:fewest]] = True
        return [bool(one) for one in kept]

    def save(self, file: Path) -> None:
        """Write it as arrays of half precision."""
        parts: dict[str, Any] = {
            name: np.asarray(getattr(self, name), np.float16) for name in self.__dataclass_fields__
        }
        np.savez_compressed(file, names=np.array(WORDS), **parts)

    @classmethod
    def load(cls, file: Path) -> Worth:
        """What ``save`` wrote.

        Raises:
            ModelError: it is missing or broken, or was trained on other columns.
        """
        try:
            with np.load(file, allow_pickle=False) as found:
                names = tuple(str(name) for name in found["names"])
                parts = {name: found[name].astype(np.float32) for name in cls.__dataclass_fields__}
        except Exception as error:
            raise ModelError(f"{file}: what is worth reading cannot be loaded: {error} (reinstall onrecord)") from error
        if names != WORDS or parts["first"].shape[0] != len(WORDS) + 2 * SIZE:
            raise ModelError(f"{file}: it was trained on other columns (train it again, or reinstall onrecord)")
        return cls(**(parts | {"least": float(parts["least"])}))


def inputs(known: _Numbers, ones: _Numbers, others: _Numbers) -> _Numbers:
    """What the first layer reads, ``(pairs, columns + 2 SIZE)``: the columns, products, differences."""
    return np.concatenate([known, _PRODUCTS * ones * others, _DIFFERENCES * np.abs(ones - others)], 1)


@cache
def shipped_worth() -> Worth:
    """What comes with the package."""
    return Worth.load(_MODEL)
