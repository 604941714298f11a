"""How probable it is that two claims restate, dispute or answer each other, given what the network says and the words.

The network reads two claims without their documents. What else is known goes beside its scores: how alike the contents
are, whether both are of one document, which rare words and names both have, on which side something is denied or
negated, and what is around both (``relate.around``). A logistic regression each (``train.claims``, that of disputes
``train.disputes``), whose weights stand in the network's ``settings.json``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from onrecord.errors import ModelError
from onrecord.factchecks.words import Tokens, tokens_of
from onrecord.meaning.pairs import Compared
from onrecord.relate.around import ALONE, AROUND
from onrecord.relate.wording import negates

__all__ = ["LEANINGS", "NAMES", "WORDS", "Weights", "leaning", "parts_of", "row_of", "shipped_weights", "words_of"]

WORDS = (
    "alike", "same document", "share of first", "share of second", "rarest", "names", "one denied", "one negated",
    "numbers differ",
)  # fmt: skip
"""What the words of two claims tell."""
NAMES = ("none", "related", "answers", "restates", "disputes", *WORDS, *AROUND)
"""What the columns of a row are: what the network says, the words, and what is around both claims."""
LEANINGS = ("strengthens", "weakens")
"""What one claim may do to another, whatever else the two are to each other."""
_SETTINGS = Path(__file__).parent.parent / "models" / "pairs" / "settings.json"
_DENIES = ("deny", "denie", "refut", "reject", "dismiss", "disput", "contradict", "rebut")
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the columns of ``NAMES`` and what is added to their sum."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, row: Sequence[float], odds: float = 0.0) -> float:
        """The probability, 0 to 1; ``odds``, logarithmic, are those that are known already."""
        total = odds + self.bias + sum(weight * value for weight, value in zip(self.weights, row, strict=True))
        return 1 / (1 + math.exp(-total)) if total > 0 else math.exp(total) / (1 + math.exp(total))


def leaning(compared: Compared, one: str, other: str, alike: float) -> Compared:
    """What a claim is to another, with what the words tell of whether the other strengthens or weakens it."""
    row = row_of(compared, words_of(one, other, alike, same_document=False))
    weights, values = shipped_weights(), dict[str, Any]()
    for name in LEANINGS:
        values[name] = weights[name].probability(row, _odds(getattr(compared, name)))
    return replace(compared, **values)


def row_of(compared: Compared, words: Sequence[float], around: Sequence[float] = ALONE) -> list[float]:
    """What is known of two claims, by the columns of ``NAMES``: what the network says, ``words_of`` them, and what is
    ``around`` them."""
    either = max(compared.answers, compared.answered)
    said = (compared.none, compared.related, either, compared.restates, compared.disputes)
    return [*map(_odds, said), *words, *around]


def words_of(one: str, other: str, alike: float, *, same_document: bool) -> list[float]:
    """What the words of two claims tell, by the columns of ``WORDS``.

    The claims are as ``relate.claims`` has them: name and cue, a colon, the content. ``alike`` is the cosine of the
    vectors of their contents.
    """
    (head, content), (other_head, other_content) = parts_of(one), parts_of(other)
    mine, its = tokens_of(content), tokens_of(other_content)
    shared = sorted((value for stem, value in mine.rarities.items() if stem in its.rarities), reverse=True)
    numbers = bool(mine.numbers and its.numbers and mine.numbers != its.numbers)
    return [
        alike,
        float(same_document),
        _share(mine, its),
        _share(its, mine),
        shared[0] if shared else 0.0,
        float(len(mine.names & its.names)),
        float(_denies(head) != _denies(other_head)),
        float(_negated(content) != _negated(other_content)),
        float(numbers),
    ]


def parts_of(text: str) -> tuple[str, str]:
    """The head of a claim, who and with which cue, and its content; without a head, all is content."""
    head, colon, content = text.partition(": ")
    return (head, content) if colon else ("", text)


def _odds(probability: float) -> float:
    """Logarithmic odds; of what is nearly certain, either way, no more than that."""
    kept = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))


def _share(of: Tokens, in_: Tokens) -> float:
    """Which share of the rarity of some words the other claim has too."""
    every = sum(of.rarities.values())
    return sum(value for stem, value in of.rarities.items() if stem in in_.rarities) / every if every else 0.0


def _denies(head: str) -> bool:
    return any(word.startswith(_DENIES) for word in head.lower().split())


def _negated(content: str) -> bool:
    return any(negates(word) or word.endswith("n't") for word in content.lower().replace("’", "'").split())


@cache
def shipped_weights() -> dict[str, Weights]:
    """The weights that come with the package, by what a claim may be to another.

    Raises:
        ModelError: the file is missing or broken, or was trained on other columns.
    """
    try:
        values = json.loads(_SETTINGS.read_text(encoding="utf-8"))["ties"]
        made = {name: Weights(tuple(map(float, one["weights"])), float(one["bias"])) for name, one in values.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{_SETTINGS}: the weights cannot be read: {error} (reinstall onrecord)") from error
    if any(len(one.weights) != len(NAMES) for one in made.values()):
        raise ModelError(f"{_SETTINGS}: the weights are of other columns (train them again, or reinstall onrecord)")
    return made
