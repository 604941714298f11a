"""What the measurements share: the scorer, the model that is measured, statements as the scorer wants them."""

from __future__ import annotations

import importlib.util
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from onrecord.errors import OnrecordError
from onrecord.extract import ExtractOptions, statements, tagger
from onrecord.extract.tagger import Tagger
from onrecord.model import Document, Kind, Statement

FOUND = 0.5
"""Content IoU from which on the scorer calls an attribution found."""

Roles = Mapping[str, Sequence[Sequence[int]]]
Row = Mapping[str, Any]
Letters = Mapping[str, frozenset[int]]


class Unusable(ValueError):
    """What was given cannot be measured; the message says why."""


def scorer(shared: Path) -> ModuleType:
    """``score_attribution.py`` of the shared folder as a module.

    Raises:
        Unusable: it is not there.
    """
    path = shared / "bench" / "score_attribution.py"
    if not path.is_file():
        raise Unusable(f"{path} is not there: give the shared folder, the one with bench/ and data/, as --shared")
    spec = importlib.util.spec_from_file_location("score_attribution", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_gold(score: ModuleType, path: Path, limit: int = 0) -> list[dict[str, Any]]:
    """Rows ``{"id", "text", "attributions"}`` of a file, gzipped or not; the first ``limit`` unless that is 0.

    Raises:
        Unusable: there is none, or one lacks a key.
    """
    rows: list[dict[str, Any]] = list(score.read(str(path)).values())[: limit or None]
    if not rows:
        raise Unusable(f"{path}: holds no document")
    for row in rows:
        if lacking := {"id", "text", "attributions"} - row.keys():
            raise Unusable(f"{path}: document {row.get('id')!r} has no {' and no '.join(sorted(lacking))}")
    return rows


def use_model(folder: Path | None) -> Tagger:
    """The tagger in ``folder``, which from now on counts as the shipped one; without a folder the shipped one."""
    if folder is not None:
        tagger._MODELS = folder
        tagger.shipped.cache_clear()
    return tagger.shipped()


def top_level(row: Row, model: Tagger, options: ExtractOptions | None = None) -> list[Statement]:
    """The statements of a row's text that the flat gold can be compared with: no nested ones, no notes."""
    made = statements(Document(row["id"], row["text"]), options, tagger=model)
    return [s for s in made if s.parent is None and s.kind is Kind.STATEMENT]


def roles(statement: Statement) -> Roles:
    """A statement as the scorer wants it.

    >>> from onrecord.model import Span
    >>> roles(Statement("s", content=(Span(4, 9),)))["content"]
    (Span(start=4, end=9),)
    """
    return {"source": statement.source, "cue": statement.cue, "content": statement.content}


def letters(score: ModuleType, text: str, items: Iterable[Roles]) -> list[Letters]:
    """Letters and digits of each item's roles, as ``score.match`` takes them; items without content stay, empty."""
    return [{role: score.letters(text, item.get(role) or ()) for role in score.ROLES} for item in items]


def hits(score: ModuleType, gold: Sequence[Letters], predicted: Sequence[Letters]) -> list[tuple[int, int]]:
    """Pairs (gold index, predicted index) of the one-to-one matching that count as found."""
    pairs: list[tuple[int, int]] = score.match(gold, predicted)
    return [(g, p) for g, p in pairs if score.iou(gold[g]["content"], predicted[p]["content"]) >= FOUND]


def figures(score: ModuleType, rows: Iterable[Row], model: Tagger) -> dict[str, dict[str, float]]:
    """The scorer's figures for the top-level statements that ``model`` finds."""
    documents = [(row["text"], row["attributions"], [roles(s) for s in top_level(row, model)]) for row in rows]
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


def arguments(description: str | None) -> ArgumentParser:
    """A parser whose help shows the script's docstring as it stands, with ``--model``."""
    parser = ArgumentParser(description=description, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, metavar="DIR", help="the extractor's model (default: the shipped one)")
    return parser


def run(parser: ArgumentParser, work: Callable[[Namespace], None], argv: Sequence[str] | None = None) -> int:
    """Parse, work, and return the exit status: 2 with one line on standard error where the input is unusable."""
    options = parser.parse_args(argv)
    try:
        work(options)
    except (OSError, EOFError, ValueError, OnrecordError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0
