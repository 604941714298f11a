"""What the measurements share: scoring as in training, the model that is measured, gold files, one-line errors."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for train.score, wherever a script is called from

from train.acts import articles, statements
from train.data import read_jsonl
from train.score import (
    FOUND,
    Roles,
    Row,
    agree,
    expected_calibration_error,
    f1_of,
    figures,
    flat,
    hits,
    letters,
    roles,
    scorer,
    top_level,
)

from onrecord.errors import OnrecordError
from onrecord.extract import tagger

__all__ = [
    "FOUND",
    "Roles",
    "Row",
    "Unusable",
    "agree",
    "arguments",
    "articles",
    "expected_calibration_error",
    "f1_of",
    "figures",
    "flat",
    "gold_arguments",
    "hits",
    "letters",
    "read_gold",
    "read_jsonl",
    "roles",
    "run",
    "scorer",
    "statements",
    "top_level",
    "use_model",
]


class Unusable(ValueError):
    """What was given cannot be measured; the message says why."""


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


def use_model(folder: Path | None) -> tagger.Tagger:
    """The tagger in ``folder``, which from now on counts as the shipped one; without a folder the shipped one."""
    if folder is not None:
        tagger._MODELS = folder
        tagger.shipped.cache_clear()
    return tagger.shipped()


def arguments(description: str | None) -> ArgumentParser:
    """A parser whose help shows the script's docstring as it stands, with ``--model``."""
    parser = ArgumentParser(description=description, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, metavar="DIR", help="the extractor's model (default: the shipped one)")
    return parser


def gold_arguments(description: str | None) -> ArgumentParser:
    """The same with ``--shared``, ``--data`` and ``--limit``."""
    parser = arguments(description)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR", help="the folder with bench/ and data/")
    parser.add_argument("--data", type=Path, required=True, metavar="GOLD.jsonl", help='{"id", "text", "attributions"}')
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="only the first N articles")
    return parser


def run(parser: ArgumentParser, work: Callable[[Namespace], None], argv: Sequence[str] | None = None) -> int:
    """Parse, work, and return the exit status: 2 with one line on standard error where the input is unusable."""
    options = parser.parse_args(argv)
    try:
        work(options)
    except (OSError, EOFError, ValueError, OnrecordError) as error:
        print(f"{Path(parser.prog).stem}: {error}", file=sys.stderr)
        return 2
    return 0
