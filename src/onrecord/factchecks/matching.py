"""Which reviewed claims texts make: found by words (BM25) and by meaning (vectors), then ranked.

A match is a suggestion: that a similar claim was reviewed, and by whom; what the text says may still be something else.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import bm25s
import numpy as np
from numpy.typing import NDArray

from onrecord.factchecks import ranker as rankers
from onrecord.factchecks.factcheck import FactCheck
from onrecord.factchecks.features import Candidates, rows
from onrecord.factchecks.ranker import Ranker, Second
from onrecord.factchecks.stance import ClaimStance, stance
from onrecord.factchecks.words import Tokens, readable, tokens_of
from onrecord.meaning import encoder as encoders
from onrecord.meaning.encoder import SIZE, Encoder

__all__ = ["SHORT", "Found", "Match", "Reviewed", "vectors"]

SHORT = 5
"""A text with fewer content words is never surely a claim that was reviewed."""

_EACH = 25
"""So many candidates are taken from each way of looking."""
_CLOSER = 10
"""So many of them are given the second look."""
_AT_ONCE = 64
"""So many texts are compared with all claims together."""
_ALIKE = 0.85
"""Claims with this cosine are as good as one: they are no reason to doubt each other."""
_SENTENCES = 8
_SHOWN = 8
"""So many shared words are named."""
_DENIED = 0.5
"""What a match is worth where the text denies what the claim asserts: never more than half."""

_Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Match:
    """A reviewed claim that is similar to what a text says.

    ``score`` (0 to 1) is the probability that the text is about that claim; where its ``stance`` is ``denies``, half of
    it. ``sure``: of such matches 95 of 100 are right; all others are suggestions, and so is every denial and every
    match of a text with fewer than ``SHORT`` content words. ``why`` are words that both have, the rarest first.
    """

    factcheck: FactCheck
    score: float
    sure: bool
    stance: ClaimStance
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates of a text: their places in the collection, their numbers (``features.rows``), and both scores by
    which they were found."""

    text: Tokens
    places: NDArray[np.intp]
    rows: _Vectors
    bm25: _Vectors
    cosine: _Vectors


def vectors(texts: Sequence[str | None], encoder: Encoder | None = None) -> _Vectors:
    """What texts mean, ``(texts, SIZE)``; all zero where there is none.

    Raises:
        ModelError: the encoder is missing or broken.
    """
    there = [k for k, text in enumerate(texts) if text]
    made = np.zeros((len(texts), SIZE), np.float32)
    if there:
        made[there] = (encoder or encoders.shipped()).vectors([readable(texts[k] or "") for k in there])
    return made


class Reviewed:
    """A collection of fact-checks, ready to be matched with texts.

    ``claims`` and ``titles`` are their vectors, ``(fact-checks, SIZE)`` (``vectors`` makes them). ``second`` looks
    closer at the best candidates.
    """

    def __init__(
        self,
        checks: Sequence[FactCheck],
        claims: _Vectors,
        titles: _Vectors,
        *,
        ranker: Ranker | None = None,
        second: Second | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        self.checks = checks
        self._claims = [tokens_of(check.claim) for check in checks]
        self._titles = [tokens_of(check.title or "") for check in checks]
        self._of_claims, self._of_titles = claims, titles
        self._ranker, self._second, self._encoder = ranker, second, encoder
        words = [[*claim.stems, *title.stems] for claim, title in zip(self._claims, self._titles, strict=True)]
        self._index = bm25s.BM25(k1=0.9, b=0.4)
        if any(words):
            self._index.index(words, show_progress=False)
        self._having = Counter(stem for each in words for stem in set(each))

    def match(self, texts: Sequence[str], *, limit: int = 5, least: float | None = None) -> list[list[Match]]:
        """For each text, in their order, the reviewed claims that it may make: at most ``limit``, the best first.

        ``least`` is the least score; None: the trained one, from which on a candidate is worth being looked at.

        Raises:
            ModelError: the encoder or the ranker is missing or broken.
        """
        ranker = self._ranker or rankers.shipped()
        least = ranker.least if least is None else least
        made: list[list[Match]] = []
        for text, found in zip(texts, self.find(texts), strict=True):
            chances = ranker.chances(found.rows)
            order = np.argsort(-chances, kind="stable")
            if self._second is not None and len(order):
                near = order[:_CLOSER]
                claims = [self.checks[place].claim for place in found.places[near]]
                chances[near] = self._second.chances(text, claims, found.rows[near], chances[near])
                chances[order[_CLOSER:]] = np.minimum(chances[order[_CLOSER:]], chances[near].min())
                order = np.argsort(-chances, kind="stable")
            short = len(found.text.distinct) < SHORT
            matches = []
            for k in order:
                if chances[k] < least:
                    break
                match = self._match(found.text, int(found.places[k]), float(chances[k]))
                matches.append(replace(match, sure=match.sure and not short and match.score >= ranker.sure))
            kept = sorted((match for match in matches if match.score >= least), key=lambda match: -match.score)
            made.append(kept[:limit])
        return made

    def find(self, texts: Sequence[str]) -> Iterator[Found]:
        """The candidates of each text, in their order; none where it shares neither words nor meaning."""
        for start in range(0, len(texts), _AT_ONCE):
            yield from self._find([tokens_of(text) for text in texts[start : start + _AT_ONCE]])

    def _find(self, texts: Sequence[Tokens]) -> Iterator[Found]:
        parts, owners = list[str](), list[int]()
        for number, text in enumerate(texts):
            whole = " ".join(token.shown for token in text.every)
            mine = [" ".join(token.shown for token in sentence) for sentence in text.sentences[:_SENTENCES]]
            for part in [whole, *(mine if len(mine) > 1 else ())]:
                parts.append(part)
                owners.append(number)
        meant = vectors(parts, self._encoder)
        owned = np.array(owners)
        firsts = [owners.index(number) for number in range(len(texts))]
        claims: _Vectors = meant @ self._of_claims.T
        titles: _Vectors = meant[firsts] @ self._of_titles.T
        for number, text in enumerate(texts):
            yield self._candidates(text, claims[owned == number], titles[number])

    def _candidates(self, text: Tokens, claims: _Vectors, titles: _Vectors) -> Found:
        """``claims`` are the cosines of the text and of its sentences to each claim, ``titles`` of the text to each
        title."""
        none = np.zeros(0, np.intp)
        if not self.checks or not text.distinct:
            empty = np.zeros(0, np.float32)
            nobody = Candidates([], [], empty, 0.0, empty, empty, empty, np.zeros((0, 0), bool))
            return Found(text, none, rows(text, nobody), empty, empty)
        known = sorted(stem for stem in text.distinct if stem in self._having)
        scores = self._index.get_scores(known) if known else np.zeros(len(self.checks))
        bm25 = np.asarray(scores, np.float32)
        cosine = np.maximum(claims.max(axis=0), titles)
        places = np.union1d(_best(bm25), _best(cosine))
        found = Candidates(
            [self._claims[k] for k in places], [self._titles[k] for k in places], bm25[places],
            sum(self._rarity(stem) for stem in text.distinct), claims[0, places], titles[places],
            claims[:, places].max(axis=0), self._of_claims[places] @ self._of_claims[places].T >= _ALIKE,
        )  # fmt: skip
        return Found(text, places, rows(text, found), bm25[places], cosine[places])

    def _rarity(self, stem: str) -> float:
        """How much a word counts in this collection (Lucene's inverse document frequency)."""
        having = self._having[stem]
        return math.log1p((len(self.checks) - having + 0.5) / (having + 0.5))

    def _match(self, text: Tokens, place: int, chance: float) -> Match:
        check, claim, title = self.checks[place], self._claims[place], self._titles[place]
        said = stance(text, claim)
        asserts = said is ClaimStance.ASSERTS
        both = {**title.rarities, **claim.rarities}
        shown = {token.stem: token.shown for token in reversed(text.every) if token.content and token.stem in both}
        why = sorted(shown, key=lambda stem: (-both[stem], stem))[:_SHOWN]
        score = round(chance if asserts else chance * _DENIED, 4)
        return Match(check, score, asserts, said, tuple(shown[stem] for stem in why))


def _best(scores: _Vectors) -> NDArray[np.intp]:
    """The places of the largest scores above nothing; of equal ones the first."""
    if len(scores) > 4 * _EACH:
        some = np.argpartition(-scores, _EACH)[: _EACH * 2]
        some = np.flatnonzero(scores >= scores[some[:_EACH]].min())
    else:
        some = np.arange(len(scores))
    some = some[np.argsort(-scores[some], kind="stable")][:_EACH]
    return some[scores[some] > 0]
