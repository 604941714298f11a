"""Two claims read together: whether one restates the other, disputes it or answers it, and which words clash.

Two ONNX graphs are shipped (``models/pairs/pairs.onnx``, ``second.onnx``; ``train.claims`` makes them), with
``settings.json`` beside them: the temperature that makes the first one's scores probabilities, and how probable a
dispute must be for it (``second``) that the second one, twice as large, reads the two claims too. Their word pieces are
the extractor's, whose tokenizer they share. Claims that may be the same or a dispute are read once more the other way
round, by the second network if it reads them, by the first one if not; and the mean counts.
What they say of two claims depends on nothing else that is asked with them. A score is no verdict: a person reads both.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from tokenizers.processors import TemplateProcessing

from onrecord import settings
from onrecord.errors import ModelError
from onrecord.meaning.encoder import processors
from onrecord.model import Span
from onrecord.networks import session

__all__ = ["LONGEST", "OUTPUTS", "RELATIONS", "TURNED", "Compared", "PairReader", "pieces_of_pairs", "shipped_pairs"]

RELATIONS = ("none", "related", "answers", "answered", "restates", "disputes")
"""What two claims may be to each other; one of these holds."""
TURNED = {"answers": "answered", "answered": "answers"}
"""What is called otherwise when the two claims change places."""
OUTPUTS = (*RELATIONS, "strengthens", "weakens")
"""What the network says of two claims, in its order; of the last two each may hold or not."""
LONGEST = 160
"""Word pieces of both claims together: of longer ones the ends of the longer are cut."""

_MODELS = Path(__file__).parent.parent / "models"
_TWICE = 0.15
"""Two claims that are the same or a dispute with this probability are read the other way round too."""
_CLASH = 0.5
"""Words of at least this score are said to clash."""

_Scores = NDArray[np.float32]
_Numbers = NDArray[np.int64]
_First = Callable[[Encoding], tuple[_Scores, _Scores, _Scores]]
_Second = Callable[[Encoding, _Scores], tuple[_Scores, _Scores]]


@dataclass(frozen=True, slots=True)
class Compared:
    """What a claim b is to a claim a: probabilities, 0 to 1.

    One of ``restates``, ``disputes``, ``answers`` (b replies to a), ``answered`` (a replies to b), ``related`` (the
    same matter) and ``none`` holds; whether b ``strengthens`` or ``weakens`` a is asked on its own. ``clash`` are the
    words of a and of b that clash, as code points of each, where there are any.
    """

    none: float
    related: float
    answers: float
    answered: float
    restates: float
    disputes: float
    strengthens: float
    weakens: float
    clash: tuple[tuple[Span, ...], tuple[Span, ...]] = ((), ())


class PairReader:
    """Compares claims two by two. Nothing is loaded until the first pair comes.

    ``folder`` holds ``pairs.onnx`` (inputs ``pieces``, ``segments``, ``parts``; outputs ``scores``, ``words``,
    ``embedded``), ``settings.json`` and, where that has ``second``, ``second.onnx`` (inputs ``embedded``, ``parts``;
    outputs ``scores``, ``words``); ``tokenizer`` is the file of their word pieces.
    """

    def __init__(self, folder: Path, tokenizer: Path) -> None:
        self._folder, self._pieces = folder, tokenizer

    def compare(self, pairs: Sequence[tuple[str, str]]) -> list[Compared]:
        """What the second of each two claims is to the first, in their order.

        Raises:
            ModelError: a file is missing or broken.
            UsageError: ``ONRECORD_THREADS`` is no number.
        """
        if not pairs:
            return []
        tokenizer, first, second, (temperature, least), threads = self._loaded
        encoded = tokenizer.encode_batch(list(pairs))

        def one(number: int) -> Compared:
            encoding = encoded[number]
            scores, words, embedded = first(encoding)
            found = _compared(scores, words, encoding, temperature)
            if found.disputes >= least:
                scores, words = second(encoding, embedded)
                turned = _compared(scores, words, encoding, 1.0)
                return replace(_mean(found, turned), clash=turned.clash)
            if max(found.restates, found.disputes) >= _TWICE:
                a, b = pairs[number]
                encoding = tokenizer.encode(b, a)
                return _mean(found, _compared(*first(encoding)[:2], encoding, temperature))
            return found

        numbers = range(len(pairs))
        if threads == 1 or len(pairs) == 1:
            return [one(number) for number in numbers]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, numbers))

    @cached_property
    def _loaded(self) -> tuple[Tokenizer, _First, _Second, tuple[float, float], int]:
        """The tokenizer, both networks, the temperature and from which probability on the second one reads, and how
        many pairs are read side by side."""
        threads = settings.threads() or processors()
        try:
            values = json.loads((self._folder / "settings.json").read_text(encoding="utf-8"))
            temperature, least = float(values["temperature"]), float(values.get("second", math.inf))
            tokenizer = pieces_of_pairs(self._pieces)
            names = ("pairs.onnx", "second.onnx") if "second" in values else ("pairs.onnx",)
            networks = [session(self._folder / name, 1) for name in names]
        except Exception as error:
            raise ModelError(
                f"{self._folder}: the model of pairs cannot be loaded: {error} (reinstall onrecord)"
            ) from error

        def first(encoding: Encoding) -> tuple[_Scores, _Scores, _Scores]:
            segments = np.array(encoding.type_ids, np.int64)
            given = {
                "pieces": np.array([encoding.ids], np.int64),
                "segments": segments[None],
                "parts": _parts(segments),
            }
            scores, words, embedded = networks[0].run(["scores", "words", "embedded"], given)
            return np.asarray(scores)[0], np.asarray(words)[0], np.asarray(embedded)[0]

        def second(encoding: Encoding, embedded: _Scores) -> tuple[_Scores, _Scores]:
            """The scores of the pair turned round, and of its word pieces in the order that they have."""
            order, segments = _turned(np.array(encoding.type_ids, np.int64))
            given = {"embedded": embedded[order][None], "parts": _parts(segments)}
            scores, words = map(np.asarray, networks[1].run(["scores", "words"], given))
            back = np.empty_like(words[0])
            back[order] = words[0]
            return scores[0], back

        return tokenizer, first, second, (temperature, least), threads


def pieces_of_pairs(file: Path) -> Tokenizer:
    """The tokenizer in a file, as two claims are read with it: between them stand two separators, and of the longer one
    the end is cut.

    Raises:
        Exception: the file is missing or broken.
    """
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    marks = [(mark, tokenizer.token_to_id(mark)) for mark in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS]:0 $A:0 [SEP]:0 [SEP]:0 $B:1 [SEP]:0", special_tokens=marks
    )
    return tokenizer


def _parts(segments: _Numbers) -> _Scores:
    """For each claim its word pieces' shares in the mean, ``(1, 2, pieces)``."""
    parts = np.stack([segments == 0, segments == 1]).astype(np.float32)
    parts /= parts.sum(1, keepdims=True)
    return parts[None]


def _turned(segments: _Numbers) -> tuple[_Numbers, _Numbers]:
    """Where the word pieces of a pair that is turned round stood before, and the segments that they have then."""
    other = int(segments.sum())
    one = len(segments) - 4 - other
    order = np.r_[0, one + 3 : one + 3 + other, one + 1, one + 2, 1 : one + 1, len(segments) - 1]
    turned = np.zeros_like(segments)
    turned[other + 3 : other + 3 + one] = 1
    return order, turned


def _compared(scores: _Scores, words: _Scores, encoding: Encoding, temperature: float) -> Compared:
    raw = scores.astype(np.float64)
    relation = np.exp((raw[: len(RELATIONS)] - raw[: len(RELATIONS)].max()) / temperature)
    relation /= relation.sum()
    others = _probability(raw[len(RELATIONS) :])
    values = dict(zip(OUTPUTS, [*map(float, relation), *map(float, others)], strict=True))
    return Compared(**values, clash=(_clashing(words, encoding, 0), _clashing(words, encoding, 1)))


def _mean(one: Compared, turned: Compared) -> Compared:
    """Two claims as read one way and the other: the geometric mean of what each says of the pair."""
    both = {name: math.sqrt(getattr(one, name) * getattr(turned, TURNED.get(name, name))) for name in RELATIONS}
    total = sum(both.values())
    values: dict[str, Any] = {name: value / total for name, value in both.items()}
    return replace(one, **values)


def _clashing(words: _Scores, encoding: Encoding, sequence: int) -> tuple[Span, ...]:
    """The words of one of both claims that clash: whole words, neighbours as one."""
    best: dict[int, tuple[float, Span]] = {}
    for score, mine, word, (start, end) in zip(
        _probability(words.astype(np.float64)), encoding.sequence_ids, encoding.word_ids, encoding.offsets, strict=True
    ):
        if mine == sequence and word is not None:
            before = best.get(word)
            whole = Span(before[1].start, end) if before else Span(start, end)
            best[word] = max(before[0] if before else 0.0, float(score)), whole
    found: list[Span] = []
    last = -2
    for word, (score, span) in sorted(best.items()):
        if score < _CLASH:
            continue
        if word == last + 1:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
        last = word
    return tuple(found)


def _probability(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    made: NDArray[np.float64] = 1 / (1 + np.exp(-scores))
    return made


@cache
def shipped_pairs() -> PairReader:
    """The reader of pairs that comes with the package."""
    return PairReader(_MODELS / "pairs", _MODELS / "extract" / "tokenizer.json")
