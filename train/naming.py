"""How sure speakers' names are: the last step of ``train.who``.

Names go wrong in ways that the choice among candidates does not know: a name is cut, "the poll" was called more fully
before, one of two holders is missing. So the whole stage runs over the labelled articles, each with a choice that was
trained without it, and a logistic regression learns from what was proposed whether the names agree with the label's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from onrecord.extract.reading import Reading
from onrecord.identify import identified
from onrecord.identify.choose import Choice
from onrecord.model import Document, Speaker
from train.score import agree, flat
from train.speakers import FOLDS, fold_of

NAMELESS = ("unnamed_person", "anonymous_source", "unknown")


@dataclass(frozen=True)
class Labelled:
    """A labelled article as it was read: its label, text, attributions and what the encoder says of its words."""

    label: dict[str, Any]
    text: str
    items: list[dict[str, Any]]
    reading: Reading


@dataclass(frozen=True)
class Told:
    """Names proposed for a statement, as numbers, and whether they are right; ``hard``: not the person named last."""

    features: NDArray[np.float32]
    right: bool
    known: bool
    hard: bool
    fold: int


def proposed(articles: Iterable[Labelled], choices: Mapping[int, Choice], module: ModuleType) -> tuple[list[Told], int]:
    """All statements for which names were proposed; and how many hard ones have a speaker whom the article names.

    ``choices`` are those that each fold was held out of, ``module`` is ``score_sourcing.py``.
    """
    made: list[Told] = []
    known = 0
    for article in articles:
        fold = fold_of(article.label)
        pairs = flat(article.items)
        notes: dict[str, tuple[NDArray[np.float32], tuple[Speaker, ...]]] = {}
        document = Document(article.label["id"], article.text, statements=tuple(s for _, s in pairs))

        def note(
            identity: str, features: NDArray[np.float32], speakers: tuple[Speaker, ...],
            notes: dict[str, tuple[NDArray[np.float32], tuple[Speaker, ...]]] = notes,
        ) -> None:  # fmt: skip
            notes[identity] = (features, speakers)

        identified(document, article.reading, choices[fold], note=note)
        for index, statement in pairs:
            gold, person, hard = _gold(article, index)
            known += bool(gold) and hard
            if statement.id in notes:
                features, speakers = notes[statement.id]
                right = agree(module, gold, [s.name for s in speakers if s.name], person)
                made.append(Told(features, right, bool(gold), hard, fold))
    return made, known


def _gold(article: Labelled, index: int) -> tuple[list[str], bool, bool]:
    """The labelled names of a statement's speakers, whether the first is a person, and whether it is a hard one."""
    entities = article.label["entities"]
    speakers = article.label["speakers"][index]
    item = article.items[index]
    names = [
        article.text[slice(*entities[s]["name"])]
        for s in speakers
        if entities[s]["name"] and entities[s]["type"] not in NAMELESS
    ]
    person = bool(speakers) and entities[speakers[0]]["type"] == "named_person"
    at = min(start for start, _ in item["source"] or item["cue"] or item["content"])
    before = [
        (end, number)
        for number, entity in enumerate(entities)
        if entity["kind"] == "person"
        for _, end in entity["mentions"]
        if end <= at
    ]
    return names, person, not before or max(before)[1] not in speakers


def regression(told: list[Told]) -> NDArray[np.float32]:
    """Weights of the logistic regression of right names."""
    model = LogisticRegression(C=0.3, max_iter=2000, fit_intercept=False)
    model.fit(np.stack([t.features for t in told]), [t.right for t in told])
    return np.asarray(model.coef_[0], np.float32)


def report(told: list[Told], known: int) -> None:
    """Precision by coverage of the hard statements, each judged by a regression that was fitted without its fold."""
    scored = []
    for fold in range(FOLDS):
        weights = regression([t for t in told if t.fold != fold])
        scored += [(float(t.features @ weights), t) for t in told if t.fold == fold and t.hard]
    scored.sort(key=lambda pair: -pair[0])
    print("hard ones: precision at coverage, from which probability")
    for coverage in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9):
        right = covered = 0
        for count, (score, one) in enumerate(scored, start=1):
            right, covered = right + one.right, covered + one.known
            if covered >= coverage * known:
                print(f"  {100 * right / count:.1f} at {100 * coverage:.0f}, from {1 / (1 + np.exp(-score)):.2f}")
                break
