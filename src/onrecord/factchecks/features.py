"""What tells whether a reviewed claim is the one that a text makes: one row of numbers for each candidate.

All of it is measured against the text itself, against English at large, or against the other candidates, never against
how many claims there are: a model that was trained on ten thousand serves six.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from onrecord.factchecks.words import Tokens

__all__ = ["NAMES", "Candidates", "rows"]

_Numbers = NDArray[np.float32]

NAMES = (
    "bm25 beside the best", "bm25 beside its own", "bm25 rank", "bm25 margin",
    "cosine of claim", "cosine of title", "cosine", "cosine of sentence", "cosine rank", "cosine margin", "both ranks",
    "share of claim", "share of text", "share of title", "share of text in both", "words of claim", "words of text",
    "rarest", "second rarest", "rarity", "shared", "pairs", "longest run",
    "names of claim", "names", "numbers", "numbers of claim missing", "numbers of text missing",
    "length of text", "length of claim", "set ratio", "partial ratio",
)  # fmt: skip
"""What the columns are."""

_ANY = 1e-6


@dataclass(frozen=True)
class Candidates:
    """The reviewed claims that a text may make, as both ways of looking found them: ``(candidates,)`` each.

    ``bm25`` and ``own`` (what the text would score against itself), the cosines to claim and title, the largest cosine
    that a single sentence of the text has to the claim. ``alike`` ``(candidates, candidates)``: which claims are as
    good as one, such as one claim that several publishers reviewed.
    """

    claims: Sequence[Tokens]
    titles: Sequence[Tokens]
    bm25: _Numbers
    own: float
    claim: _Numbers
    title: _Numbers
    sentence: _Numbers
    alike: NDArray[np.bool_]


def rows(text: Tokens, found: Candidates) -> _Numbers:
    """The numbers of each candidate, ``(candidates, len(NAMES))``."""
    cosine = np.maximum(np.maximum(found.claim, found.title), found.sentence)
    by_words, by_meaning = _ranks(found.bm25), _ranks(cosine)
    best = max(float(found.bm25.max(initial=0)), _ANY)
    together = 1 / (10 + by_words) + 1 / (10 + by_meaning)
    columns = [
        found.bm25 / best, found.bm25 / max(found.own, _ANY), 1 / by_words, _margins(found.bm25, found.alike) / best,
        found.claim, found.title, cosine, found.sentence, 1 / by_meaning, _margins(cosine, found.alike), together * 5,
    ]  # fmt: skip
    lexical = [_lexical(text, claim, title) for claim, title in zip(found.claims, found.titles, strict=True)]
    made = np.array(lexical, np.float32).reshape(len(found.claims), len(NAMES) - len(columns))
    return np.concatenate([np.stack(columns, axis=1).astype(np.float32), made], axis=1)


def _ranks(scores: _Numbers) -> _Numbers:
    """The place of each among all, from 1."""
    made = np.empty(len(scores), np.float32)
    made[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return made


def _margins(scores: _Numbers, alike: NDArray[np.bool_]) -> _Numbers:
    """How far each stands above (or below) the best of the others, those left out that are as good as it."""
    others = np.where(alike, 0, scores[None, :]).max(axis=1, initial=0)
    made: _Numbers = scores - others.astype(np.float32)
    return made


def _lexical(text: Tokens, claim: Tokens, title: Tokens) -> list[float]:
    """What the words say."""
    of_text, of_claim, of_title = text.rarities, claim.rarities, title.rarities
    both = {**of_title, **of_claim}
    shared = sorted((both[stem] for stem in both if stem in of_text), reverse=True)
    rare = (*shared[:2], 0.0, 0.0)
    names = claim.names | title.names
    common = " ".join(claim.stems)
    mine = " ".join(text.stems)
    return [
        _share(of_claim, of_text), _share(of_text, of_claim), _share(of_title, of_text), _share(of_text, both),
        _part(claim.distinct, text.distinct), _part(text.distinct, claim.distinct | title.distinct),
        rare[0] / 5, rare[1] / 5, math.log1p(sum(shared)) / 3, len(shared) / 10,
        math.log1p(len(text.pairs & (claim.pairs | title.pairs))), _run(text.stems, claim.stems) / 5,
        _part(names, text.distinct), min(len(names), 4) / 4,
        min(len(text.numbers & claim.numbers), 3), min(len(claim.numbers - text.numbers), 3),
        min(len(text.numbers - claim.numbers), 3),
        math.log1p(len(of_text)) / 3, math.log1p(len(of_claim)) / 3,
        fuzz.token_set_ratio(mine, common) / 100, fuzz.partial_ratio(mine, common) / 100,
    ]  # fmt: skip


def _share(of: dict[str, float], in_: dict[str, float]) -> float:
    """Which share of the rarity of some words the other text has too."""
    every = sum(of.values())
    return sum(value for stem, value in of.items() if stem in in_) / every if every else 0.0


def _part(of: frozenset[str], in_: frozenset[str]) -> float:
    return len(of & in_) / len(of) if of else 0.0


def _run(one: Sequence[str], other: Sequence[str]) -> int:
    """The most words that stand in both in a row."""
    best, before = 0, dict[int, int]()
    places: dict[str, list[int]] = {}
    for k, stem in enumerate(other):
        places.setdefault(stem, []).append(k)
    for stem in one:
        now = {k: before.get(k - 1, 0) + 1 for k in places.get(stem, ())}
        best = max([best, *now.values()])
        before = now
    return best
