"""PolNeAR (or a user's own annotations) as labelled windows of words.

A document becomes words and word pieces exactly as at run time (``onrecord.extract.words`` and
``windows``). Its attributions become word ranges: one cue, a source, and content per attribution.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from onrecord.extract.windows import Cutter, Pieces, Window, pack
from onrecord.extract.words import Words, cut

IGNORE = -100
OUTSIDE, SOURCE, CONTENT = 0, 1, 2
EMPTY_LINE, TEXT_START = 3, 4
"""Two of the breaks of ``onrecord.extract.words``."""


@dataclass(frozen=True)
class Attribution:
    """One attribution as word indices. ``cue`` is half-open; ``nested`` marks one inside another's content."""

    cue: tuple[int, int]
    source: tuple[int, ...]
    content: tuple[int, ...]
    nested: bool = False


@dataclass(frozen=True)
class Article:
    """A document ready for training."""

    id: str
    words: Words
    pieces: Pieces
    attributions: tuple[Attribution, ...]
    nested_known: NDArray[np.bool_]
    """Words of which it is known whether they belong to a nested cue."""


@dataclass
class Example:
    """One window: word pieces (the first is the window's start), word features and attributions.

    ``first`` counts pieces, the attributions count words, both from the window's start.
    """

    pieces: NDArray[np.int32]
    first: NDArray[np.int32]
    shapes: NDArray[np.int8]
    breaks: NDArray[np.int8]
    counts: NDArray[np.int32]
    nested_known: NDArray[np.bool_]
    attributions: list[Attribution] = field(default_factory=list)


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def to_words(words: Words, spans: Iterable[list[int]]) -> tuple[int, ...]:
    """Indices of the words that ``spans`` (code points, half-open) touch with a letter or digit."""
    text = words.text
    found: list[int] = []
    for start, end in spans:
        left = int(np.searchsorted(words.ends, start, side="right"))
        right = int(np.searchsorted(words.starts, end, side="left"))
        for index in range(left, right):
            a, b = max(start, int(words.starts[index])), min(end, int(words.ends[index]))
            whole = text[int(words.starts[index]) : int(words.ends[index])]
            # half a word or more: a border inside a word (one in four hundred) goes where most of it is
            if 2 * sum(c.isalnum() for c in text[a:b]) >= max(1, sum(c.isalnum() for c in whole)) or (
                b > a and not any(c.isalnum() for c in whole)
            ):
                found.append(index)
    return tuple(sorted(set(found)))


def prepare(row: dict[str, Any], tokenizer: Tokenizer) -> Article:
    """An article from one row ``{"id", "text", "attributions"}``.

    Optional: ``nested``, attributions inside contents, and ``nested_known``, the spans in which all nested
    ones are given: the nested layer learns from those alone, since nothing outside a content is nested.
    """
    words = cut(row["text"])
    attributions = []
    for flag, items in ((False, row["attributions"]), (True, row.get("nested", ()))):
        for item in items:
            cue = to_words(words, item["cue"])
            content = to_words(words, item["content"])
            if not cue or not content:
                continue
            source = tuple(i for i in to_words(words, item["source"]) if not cue[0] <= i <= cue[-1])
            content = tuple(i for i in content if not cue[0] <= i <= cue[-1] and i not in source)
            if content:
                is_nested = flag or item.get("parent") is not None
                attributions.append(Attribution((cue[0], cue[-1] + 1), source, content, is_nested))
    known = np.zeros(len(words), dtype=bool)
    known[list(to_words(words, row.get("nested_known", ())))] = True
    return Article(str(row["id"]), words, Cutter(tokenizer)(words.strings()), tuple(attributions), known)


def example(article: Article, window: Window) -> Example:
    """The part of ``article`` that ``window`` shows."""
    a, b = window.start, window.end
    pieces = article.pieces
    first = pieces.first[a:b]
    end = int(first[-1] + pieces.count[b - 1])
    kept = []
    for item in article.attributions:
        if a <= item.cue[0] and item.cue[1] <= b:
            kept.append(
                Attribution(
                    (item.cue[0] - a, item.cue[1] - a),
                    tuple(i - a for i in item.source if a <= i < b),
                    tuple(i - a for i in item.content if a <= i < b),
                    item.nested,
                )
            )
    return Example(
        np.concatenate([[pieces.start], pieces.ids[int(first[0]) : end]]).astype(np.int32),
        first - first[0] + 1,
        article.words.shapes[a:b],
        article.words.breaks[a:b],
        pieces.count[a:b],
        article.nested_known[a:b],
        kept,
    )


def training_windows(article: Article, size: int, rng: random.Random, vary: float = 0.0) -> list[Example]:
    """Windows over the whole article that start at another paragraph each time, so that no border is learnt.

    ``vary`` is the share of articles cut into short windows of a paragraph or two, as short texts have them. The
    same share of windows begins as if the text did (in PolNeAR only headlines do), or as if it did not.
    """
    words, pieces = article.words, article.pieces
    if not len(words):
        return []
    least, most = (size * 3 // 8, size * 3 // 5) if rng.random() < vary else (size * 3 // 5, size)
    made = [example(article, window) for window in pack(words, pieces, rng.randint(least, most))]
    for item in made:
        if rng.random() < vary:
            item.breaks = item.breaks.copy()
            item.breaks[0] = TEXT_START if item.breaks[0] != TEXT_START else EMPTY_LINE
    return made
