"""Train the ranker of fact-checks: ``python -m train.factchecks --shared DIR --out FILE.npz``.

Of the pairs of *That is a Known Lie* (Shaar et al., ACL 2020: tweets, each with the claim that Snopes reviewed) 60% are
for training, 20% for choosing, 20% for measuring, split by the claim with a fixed seed (``split``); this uses the
first only. A logistic regression tells the tweet's claim from the other candidates (``onrecord.factchecks``). Each
tweet is looked up in all claims, and in random parts of a thousand, a hundred and a dozen, with its claim among them
and without; so are statements of PolNeAR's training articles, hardly any of which was reviewed. So the ranker also
knows texts that make no reviewed claim, and small collections. The thresholds come from folds of the training tweets:
nothing that judged a tweet was fitted to it. Seeded.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from onrecord.factchecks.factcheck import FactCheck
from onrecord.factchecks.matching import SHORT, Found, Reviewed, vectors
from onrecord.factchecks.ranker import Ranker
from onrecord.factchecks.stance import ClaimStance, stance
from onrecord.factchecks.words import tokens_of
from train.data import read_jsonl

__all__ = ["Pair", "collection", "pairs", "split"]

FOLDS = 5
SMALL = (1000, 100, 12)
PRECISION = 0.95
NEWS = 1200
"""So many statements in the news are looked up too."""
GIVEN = 0.01
"""So much of MAP@5 is given for showing less that is wrong."""
STRENGTH = 1.0
SEED = 7

_Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Pair:
    """A tweet and the claim that it makes (its ``key``)."""

    text: str
    claim: str


def key(claim: str) -> str:
    """What tells a claim from another: its letters and figures. Some claims stand there twice, with other marks."""
    return "".join(character for character in claim.lower() if character.isalnum())


def _rows(file: Path) -> list[dict[str, str]]:
    with gzip.open(file) as raw:
        return list(csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""), delimiter="\t"))


def collection(shared: Path) -> list[FactCheck]:
    """The reviewed claims, each with its title."""
    found = _rows(shared / "data/known_lie/snopes/verified-claims.tsv.gz")
    return [FactCheck(str(n), row["fact"], row["title"]) for n, row in enumerate(found)]


def pairs(shared: Path) -> list[Pair]:
    """The tweets with their claims."""
    found = _rows(shared / "data/known_lie/snopes/fact-checking/tweet-veclaim-pairs.tsv.gz")
    return [Pair(row["claim"], key(row["fact"])) for row in found]


def news(shared: Path, part: str, count: int) -> list[Pair]:
    """Statements in the news (PolNeAR ``train`` or ``dev``), hardly any of which was reviewed: they have no claim."""
    rng = random.Random(SEED)
    rows = list(read_jsonl(shared / f"data/polnear/{part}.jsonl.gz"))
    every = []
    for row in rows:
        for item in rng.sample(row["attributions"], min(2, len(row["attributions"]))):
            if content := item["content"]:
                every.append(Pair(row["text"][content[0][0] : content[-1][1]], ""))
    return rng.sample(every, min(count, len(every)))


def split(every: Sequence[Pair]) -> dict[str, list[Pair]]:
    """The pairs for training, choosing and measuring; all tweets of a claim are in one part."""
    claims = sorted({pair.claim for pair in every})
    random.Random(SEED).shuffle(claims)
    place = {claim: number / len(claims) for number, claim in enumerate(claims)}
    parts: dict[str, list[Pair]] = {"train": [], "dev": [], "test": []}
    for pair in every:
        at = place[pair.claim]
        parts["train" if at < 0.6 else "dev" if at < 0.8 else "test"].append(pair)
    return parts


@dataclass(frozen=True)
class Looked:
    """What a tweet found in a collection: which candidates are right, and whether the claim was there to be found."""

    pair: Pair
    found: Found
    right: NDArray[np.bool_]
    there: bool
    whole: bool
    sayable: NDArray[np.bool_]
    """Candidates that may be sure: the text is long enough and denies nothing of them."""


def looked(checks: Sequence[FactCheck], mine: Sequence[Pair], others: Sequence[Pair]) -> Iterator[Looked]:
    """Each tweet in the whole collection and in parts of it, with its claim and without; the others in the whole."""
    rng = random.Random(SEED)
    of_claims, of_titles = (vectors([getattr(check, name) for check in checks]) for name in ("claim", "title"))
    keys = [key(check.claim) for check in checks]
    places: dict[str, list[int]] = {}
    for number in range(len(checks)):
        places.setdefault(keys[number], []).append(number)

    def among(some: Sequence[int], asked: Sequence[Pair], *, whole: bool = False) -> Iterator[Looked]:
        part = Reviewed([checks[n] for n in some], of_claims[list(some)], of_titles[list(some)])
        there = {keys[n] for n in some}
        for pair, found in zip(asked, part.find([pair.text for pair in asked]), strict=True):
            claims = [checks[some[n]].claim for n in found.places]
            short = len(found.text.distinct) < SHORT
            fine = [not short and stance(found.text, tokens_of(claim)) is ClaimStance.ASSERTS for claim in claims]
            right = np.array([keys[some[n]] == pair.claim for n in found.places], bool)
            yield Looked(pair, found, right, pair.claim in there, whole, np.array(fine, bool))

    yield from among(range(len(checks)), [*mine, *others], whole=True)
    claims = sorted({pair.claim for pair in mine})
    # without the claims of a quarter of the tweets, four times: what is left is all but complete
    for quarter in range(4):
        gone = set(claims[quarter::4])
        left = [n for n in range(len(checks)) if keys[n] not in gone]
        yield from among(left, [pair for pair in mine if pair.claim in gone], whole=True)
    for size in SMALL:
        step = max(1, size // 6)
        for start in range(0, len(mine), 2 * step):
            having, lacking = mine[start : start + step], mine[start + step : start + 2 * step]
            without = {pair.claim for pair in lacking}
            kept = {place for pair in having for place in places[pair.claim]}
            drawn = {n for n in rng.sample(range(len(checks)), size) if keys[n] not in without}
            yield from among(sorted(kept | drawn), [*having, *lacking])


def fit(mine: Sequence[Looked], least: float = 0.0, sure: float = 1.0) -> Ranker:
    """A ranker fitted to ``mine``; tweets in small collections count a quarter."""
    rows = np.concatenate([one.found.rows for one in mine])
    right = np.concatenate([one.right for one in mine])
    weight = np.concatenate([np.full(len(one.right), 1.0 if one.whole else 0.25) for one in mine])
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread < 1e-6] = 1
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit((rows - mean) / spread, right, sample_weight=weight)
    weights = model.coef_[0].astype(np.float32)
    return Ranker(weights, float(model.intercept_[0]), mean.astype(np.float32), spread.astype(np.float32), least, sure)


def folded(mine: Sequence[Looked]) -> list[_Numbers]:
    """The probabilities of the candidates of each, from a ranker that was fitted without its claim."""
    claims = sorted({one.pair.claim or one.pair.text for one in mine})
    random.Random(SEED).shuffle(claims)
    fold = {claim: number % FOLDS for number, claim in enumerate(claims)}
    folds = [fold[one.pair.claim or one.pair.text] for one in mine]
    made: list[_Numbers] = [np.zeros(0, np.float32)] * len(mine)
    for held in range(FOLDS):
        ranker = fit([one for one, at in zip(mine, folds, strict=True) if at != held])
        for number, one in enumerate(mine):
            if folds[number] == held:
                made[number] = ranker.chances(one.found.rows)
    return made


def thresholds(mine: Sequence[Looked], chances: Sequence[_Numbers]) -> tuple[float, float]:
    """The score from which on a candidate is shown, and the one from which on a match is sure.

    Both from all claims together, where half of the tweets have no claim, nor has the news: the first is the largest
    with which MAP@5 falls by no more than ``GIVEN``, the second the least with which ``PRECISION`` of the best matches
    are right.
    """
    whole = [(one, chance) for one, chance in zip(mine, chances, strict=True) if one.whole]
    best = list[tuple[float, bool]]()
    for one, chance in whole:
        fine = np.flatnonzero(one.sayable)
        if len(fine):
            first = fine[chance[fine].argmax()]
            best.append((float(chance[first]), bool(one.right[first])))
    best.sort(reverse=True)
    right, sure = 0, 1.0
    for count, (chance_, good) in enumerate(best, start=1):
        right += good
        if right >= PRECISION * count:
            sure = chance_
    there = [(one, chance) for one, chance in whole if one.there]
    full = sum(average_precision(ranked(one, chance)) for one, chance in there)
    least = 0.0
    for step in range(1, 500):
        shown = sum(average_precision(ranked(one, chance, step / 1000)) for one, chance in there)
        if full - shown > GIVEN * len(there):
            break
        least = step / 1000
    return least, sure


def ranked(one: Looked, chance: _Numbers, least: float = 0.0) -> list[bool]:
    """Which of the candidates are right, the best first, those below the least score left out."""
    return [bool(one.right[k]) for k in np.argsort(-chance, kind="stable") if chance[k] >= least]


def average_precision(right: Sequence[bool], most: int = 5) -> float:
    """1 by the place of the right one among the first ``most``, 0 where it is not among them."""
    return next((1 / place for place, good in enumerate(right[:most], start=1) if good), 0.0)


def report(mine: Sequence[Looked], chances: Sequence[_Numbers]) -> str:
    """MAP@5 and P@1 of those that were looked up in the whole collection with their claim in it."""
    scored = [ranked(one, chance) for one, chance in zip(mine, chances, strict=True) if one.whole and one.there]
    first = sum(bool(right and right[0]) for right in scored) / len(scored)
    return f"MAP@5 {sum(map(average_precision, scored)) / len(scored):.4f}, P@1 {first:.4f}, n {len(scored)}"


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    options = p.parse_args()
    checks, parts = collection(options.shared), split(pairs(options.shared))
    mine = list(looked(checks, parts["train"], news(options.shared, "train", NEWS)))
    chances = folded(mine)
    least, sure = thresholds(mine, chances)
    print(f"folds of train: {report(mine, chances)}; shown from {least:.4f}, sure from {sure:.4f}", flush=True)
    ranker = fit(mine, least, sure)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    ranker.save(options.out)


if __name__ == "__main__":
    main()
