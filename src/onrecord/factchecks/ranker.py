"""The trained judgement whether a text makes a reviewed claim: a logistic regression, as plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError
from onrecord.factchecks.features import NAMES

__all__ = ["Ranker", "Second", "shipped"]

_MODEL = Path(__file__).parent.parent / "models" / "factchecks" / "ranker.npz"

_Numbers = NDArray[np.float32]


class Second(Protocol):
    """A closer and slower look at the best candidates, such as a network that reads both texts together."""

    def chances(self, text: str, claims: Sequence[str], rows: _Numbers, chances: _Numbers) -> _Numbers:
        """The probabilities that stand in the place of the ranker's, ``(candidates,)``, from these and its rows."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights of the columns of ``features.NAMES``, each by what it is on average and how far it strays.

    ``sure`` is the probability from which on 95 of 100 best matches of the training texts are right where half of the
    texts make no claim of the collection, ``least`` the one from which on a candidate is worth being shown.
    """

    weights: _Numbers
    bias: float
    mean: _Numbers
    spread: _Numbers
    least: float
    sure: float

    def chances(self, rows: _Numbers) -> _Numbers:
        """The probability that each candidate is the claim that the text makes, ``(candidates,)``."""
        odds = ((rows - self.mean) / self.spread) @ self.weights + self.bias
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)

    def save(self, file: Path) -> None:
        """Write it as arrays."""
        parts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        np.savez(file, names=np.array(NAMES), **parts)

    @classmethod
    def load(cls, file: Path) -> Ranker:
        """What ``save`` wrote.

        Raises:
            ModelError: it is missing or broken, or was trained on other columns.
        """
        try:
            with np.load(file) as found:
                names = tuple(str(name) for name in found["names"])
                weights, mean, spread = (found[name].astype(np.float32) for name in ("weights", "mean", "spread"))
                bias, least, sure = (float(found[name]) for name in ("bias", "least", "sure"))
        except Exception as error:
            raise ModelError(f"{file}: the ranker cannot be loaded: {error} (reinstall onrecord)") from error
        if names != NAMES:
            raise ModelError(f"{file}: the ranker was trained on other columns (train it again, or reinstall onrecord)")
        return cls(weights, bias, mean, spread, least, sure)


@cache
def shipped() -> Ranker:
    """The ranker that comes with the package."""
    return Ranker.load(_MODEL)
