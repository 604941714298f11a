"""How statements are scored while models are chosen and measured: the shared scorer, and calibration."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from onrecord.extract import statements
from onrecord.extract.tagger import Tagger
from onrecord.model import Document, Kind, Span, Statement

FOUND = 0.5
"""Content IoU from which on the scorer calls an attribution found."""

Roles = Mapping[str, Sequence[Sequence[int]]]
Row = Mapping[str, Any]
Letters = Mapping[str, frozenset[int]]


def scorer(shared: Path, name: str = "score_attribution") -> ModuleType:
    """A scorer of the shared folder (``score_attribution.py`` unless told) as a module.

    Raises:
        FileNotFoundError: it is not there.
    """
    path = shared / "bench" / f"{name}.py"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: --shared is the folder with bench/ and data/ in it")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def top_level(row: Row, tagger: Tagger) -> list[Statement]:
    """The statements of a row's text that flat gold can be compared with: no nested ones, no notes."""
    made = statements(Document(row["id"], row["text"]), tagger=tagger)
    return [s for s in made if s.parent is None and s.kind is Kind.STATEMENT]


def roles(statement: Statement) -> Roles:
    """A statement as the scorer wants it.

    >>> from onrecord.model import Span
    >>> roles(Statement("s", content=(Span(4, 9),)))["content"]
    (Span(start=4, end=9),)
    """
    return {"source": statement.source, "cue": statement.cue, "content": statement.content}


def agree(module: ModuleType, gold: Sequence[str], names: Sequence[str], person: bool) -> bool:
    """Whether the same people are named, in whatever order; ``module`` is ``score_sourcing.py``."""
    left = list(names)
    for name in gold:
        match = next((other for other in left if module.same_name(name, other, person)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def spans(items: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    """Spans from JSON, without empty ones, in order."""
    return tuple(sorted(Span(start, end) for start, end in items if end > start))


def flat(items: Sequence[dict[str, Any]]) -> list[tuple[int, Statement]]:
    """PolNeAR's attributions as statements, each with its index; those without content are left out."""
    made = []
    for index, item in enumerate(items):
        content, last = [], -1
        for span in spans(item["content"]):
            if span.start >= last:
                content.append(span)
                last = span.end
        if content:
            made.append((index, Statement(str(index), tuple(content), spans(item["source"]), spans(item["cue"]))))
    return made


def letters(score: ModuleType, text: str, items: Iterable[Roles]) -> list[Letters]:
    """Letters and digits of each item's roles, as ``score.match`` takes them; items without content stay, empty."""
    return [{role: score.letters(text, item.get(role) or ()) for role in score.ROLES} for item in items]


def hits(score: ModuleType, gold: Sequence[Letters], predicted: Sequence[Letters]) -> list[tuple[int, int]]:
    """Pairs (gold index, predicted index) of the one-to-one matching that count as found."""
    pairs: list[tuple[int, int]] = score.match(gold, predicted)
    return [(g, p) for g, p in pairs if score.iou(gold[g]["content"], predicted[p]["content"]) >= FOUND]


def f1_of(gold: Sequence[str], got: Sequence[str], value: str) -> float:
    """F1 of one value."""
    right = sum(g == p == value for g, p in zip(gold, got, strict=True))
    return 2 * right / max(1, gold.count(value) + got.count(value))


def figures(score: ModuleType, rows: Iterable[Row], tagger: Tagger) -> dict[str, dict[str, float]]:
    """The scorer's figures for the top-level statements that ``tagger`` leads to."""
    documents = [(row["text"], row["attributions"], [roles(s) for s in top_level(row, tagger)]) for row in rows]
    result: dict[str, dict[str, float]] = score.score(documents)
    return result


def expected_calibration_error(probabilities: ArrayLike, right: ArrayLike, bins: int = 10) -> float:
    """Mean gap between score and share of right ones over equal-width bins, weighted by their sizes (Naeini 2015).

    >>> round(expected_calibration_error([0.9, 0.9, 0.1, 0.1], [1, 1, 0, 0]), 3)
    0.1
    """
    scores, outcome = np.asarray(probabilities, dtype=float), np.asarray(right, dtype=float)
    which = np.minimum((scores * bins).astype(int), bins - 1)
    total = 0.0
    for b in range(bins):
        inside = which == b
        if inside.any():
            total += inside.mean() * abs(scores[inside].mean() - outcome[inside].mean())
    return float(total)
