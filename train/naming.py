"""How sure speakers' names are, and the type of those that nobody is named for: the last step of ``train.who``.

Names go wrong in ways that the choice among candidates does not know: a name is cut, "the poll" was called more fully
before, one of two holders is missing. So the whole stage runs over the labelled articles, each with a choice that was
trained without it, and a logistic regression learns from what was proposed whether the names agree with the label's.
Another learns from the same run which source type those have whom nobody is named for.
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
from onrecord.identify import identified, view_of
from onrecord.identify.assemble import Noted
from onrecord.identify.choose import Choice
from onrecord.model import Document
from train.score import agree, flat
from train.speakers import FOLDS, TYPES, fold_of

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


@dataclass(frozen=True)
class Unnamed:
    """A source that nobody was named for, as numbers, the type that was given, and the number of the right one."""

    features: NDArray[np.float32]
    given: int
    type: int
    fold: int


def proposed(
    articles: Iterable[Labelled], choices: Mapping[int, Choice], module: ModuleType
) -> tuple[list[Told], int, list[Unnamed]]:
    """All statements for which names were proposed; how many hard ones have a speaker whom the article names; and those
    that nobody was named for.

    ``choices`` are those that each fold was held out of, ``module`` is ``score_sourcing.py``.
    """
    told: list[Told] = []
    unnamed: list[Unnamed] = []
    known = 0
    for article in articles:
        fold = fold_of(article.label)
        pairs = flat(article.items)
        notes: dict[str, Noted] = {}
        document = Document(article.label["id"], article.text, statements=tuple(s for _, s in pairs))
        made = identified(document, view_of(article.text, article.reading), choices[fold], note=notes.__setitem__)
        for (index, _), statement in zip(pairs, made.statements, strict=True):
            gold, person, hard = _gold(article, index)
            known += bool(gold) and hard
            noted = notes.get(statement.id, Noted())
            if noted.naming is not None:
                right = agree(module, gold, [s.name for s in noted.speakers if s.name], person)
                told.append(Told(noted.naming, right, bool(gold), hard, fold))
            if noted.unnamed is not None:
                speakers = article.label["speakers"][index]
                kind = (article.label["entities"][speakers[0]]["type"] if speakers else None) or "unknown"
                given = TYPES.index(statement.source_type)
                unnamed.append(Unnamed(noted.unnamed, given, TYPES.index(kind), fold))
    return told, known, unnamed


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


def types(unnamed: list[Unnamed]) -> NDArray[np.float32]:
    """Weights ``(features, types)`` of the softmax regression of source types."""
    model = LogisticRegression(C=0.1, max_iter=3000, fit_intercept=False)
    model.fit(np.stack([u.features for u in unnamed]), [u.type for u in unnamed])
    made = np.full((len(unnamed[0].features), len(TYPES)), 0.0, np.float32)
    made[-1] = -1e3  # a type that never occurs
    made[:, model.classes_] = model.coef_.T
    return made


def report_types(unnamed: list[Unnamed]) -> None:
    """How often the type is right, by rule and by a regression that was fitted without the statement's fold."""
    right = 0
    for fold in range(FOLDS):
        weights = types([u for u in unnamed if u.fold != fold])
        right += sum(int((u.features @ weights).argmax()) == u.type for u in unnamed if u.fold == fold)
    ruled = sum(u.given == u.type for u in unnamed)
    count = len(unnamed) / 100
    print(f"type where nobody is named: {right / count:.1f} of {len(unnamed)} ({ruled / count:.1f} by rule)")


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
