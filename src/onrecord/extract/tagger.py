"""The neural part: windows of word pieces through the encoder, cues, and each cue's source and content.

Two ONNX graphs are shipped: ``encoder.onnx`` (word states and tag scores) and ``roles.onnx`` (scores of
every word's role for every cue). ``settings.json`` beside them holds what was chosen on the development
set: thresholds, the CRF's transitions, the calibration of the score.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from onrecord import settings
from onrecord.errors import ModelError
from onrecord.extract import decode
from onrecord.extract.decode import Found
from onrecord.extract.reading import COLUMNS, Reading
from onrecord.extract.windows import Cutter, Pieces, Window, pack
from onrecord.extract.words import Words, cut
from onrecord.languages.en import fixed_cue
from onrecord.model import Span
from onrecord.networks import session

__all__ = ["Tagger", "shipped"]

_MODELS = Path(__file__).parent.parent / "models" / "extract"
_CUES_AT_ONCE = 64
# Of these so many go through the network at once, nearly as long as each other: more are slower, for the cache's sake.
_CUES_A_RUN = 12


@dataclass(frozen=True, slots=True)
class Settings:
    """What a model was trained with and what was chosen on the development set."""

    window: int
    cue_threshold: float
    nested_threshold: float
    transitions: tuple[tuple[float, ...], ...]
    calibration: tuple[float, ...]
    nested_calibration: tuple[float, ...]
    min_score: float
    nested_min_score: float


@dataclass(frozen=True, slots=True)
class _Read:
    """A window and what the encoder says of its words."""

    window: Window
    states: NDArray[np.float32]
    tags: NDArray[np.float32]
    marks: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue, as words of the document, with the mean and the highest probability of its words."""

    part: _Read
    start: int
    end: int
    mean: float
    highest: float


class Tagger:
    """Finds attributions in texts.

    ``folder`` holds ``encoder.onnx``, ``roles.onnx``, ``tokenizer.json`` and ``settings.json``.

    Raises:
        ModelError: a file is missing or broken.
        UsageError: ``ONRECORD_THREADS`` is no number.
    """

    def __init__(self, folder: Path) -> None:
        threads = settings.threads()
        try:
            values = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
            self.settings = Settings(**{k: _frozen(v) for k, v in values.items() if k in Settings.__dataclass_fields__})
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.no_truncation()
            self._tokenizer.no_padding()
            self._cutter = Cutter(self._tokenizer)
            self._encoder, self._roles = (session(folder / f"{name}.onnx", threads) for name in ("encoder", "roles"))
        except Exception as error:
            raise ModelError(
                f"{folder}: the extractor's model cannot be loaded: {error} (reinstall onrecord)"
            ) from error
        self._transitions = np.array(self.settings.transitions, dtype=np.float32)

    def tag(self, text: str, spoken: Sequence[Span] = ()) -> tuple[Words, list[Found]]:
        """The words of ``text`` and all attributions found in them, in order of their cues.

        Nested ones are looked for in the contents of the others and in the quoted stretches ``spoken``.
        """
        reading, found = self.read(text, spoken)
        return reading.words, found

    def read(self, text: str, spoken: Sequence[Span] = ()) -> tuple[Reading, list[Found]]:
        """The same, with what the encoder says of each word besides."""
        chosen = self.settings
        words = cut(text)
        strings = words.strings()
        pieces = self._cutter(strings)
        read = [_Read(w, *self._encode(words, pieces, w)) for w in pack(words, pieces, chosen.window)]
        found = list(self._fetch(words, self._marked(strings, read, 0, chosen.cue_threshold), nested=False))
        if chosen.nested_threshold < 1:
            inside = np.zeros(len(words), dtype=bool)
            for item in found:
                if item.score >= chosen.min_score:
                    inside[list(item.content)] = True
            for start, end in spoken:
                inside[np.searchsorted(words.starts, start) : np.searchsorted(words.starts, end)] = True
            marked = [
                m for m in self._marked(strings, read, 3, chosen.nested_threshold) if inside[m.start : m.end].all()
            ]
            found.extend(self._fetch(words, marked, nested=True))
        found.sort(key=lambda f: (f.cue, f.nested))
        marks = np.zeros((len(words), sum(COLUMNS.values())), np.float32)
        for part in read:
            window = part.window
            marks[window.own_start : window.own_end] = part.marks[
                window.own_start - window.start : window.own_end - window.start
            ]
        return Reading(words, marks), found

    def _encode(
        self, words: Words, pieces: Pieces, window: Window
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Word states ``(words, hidden)``, tag scores ``(words, tags)`` and side scores of one window.

        Windows are read one by one: on one core batches are no faster, and need padding.
        """
        a, b = window.start, window.end
        at = int(pieces.first[a])
        first = pieces.first[a:b] - at + 1  # the piece before them is the window's start
        count = int(pieces.count[a:b].sum())
        shapes, breaks = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
        shapes[1:] = np.repeat(words.shapes[a:b], pieces.count[a:b])
        breaks[first] = words.breaks[a:b]
        feed: dict[str, NDArray[Any]] = {
            "pieces": np.concatenate([[pieces.start], pieces.ids[at : at + count]]).astype(np.int64),
            "shapes": shapes,
            "breaks": breaks,
            "first": first.astype(np.int64),
        }
        states, tags, marks = self._encoder.run(None, {name: value[None] for name, value in feed.items()})
        return np.asarray(states)[0], np.asarray(tags)[0], np.asarray(marks)[0]

    def _marked(self, strings: list[str], read: list[_Read], left: int, threshold: float) -> list[_Cue]:
        """The cues of all windows; three tag scores from ``left`` on say outside, begin, inside."""
        marked: dict[tuple[int, int], _Cue] = {}
        for part in read:
            probabilities = decode.softmax(part.tags[:, left : left + 3])
            shift = part.window.start
            for start, end, mean, highest in decode.cues(probabilities, threshold):
                if not part.window.own_start <= start + shift < part.window.own_end:
                    continue
                first, last = fixed_cue(strings, start + shift, end + shift)
                first, last = max(first, shift), min(last, part.window.end)
                cue = _Cue(part, first, last, mean, highest)
                if (first, last) not in marked or marked[first, last].mean < mean:
                    marked[first, last] = cue
        return list(marked.values())

    def _fetch(self, words: Words, marked: list[_Cue], *, nested: bool) -> Iterator[Found]:
        """Source and content of each cue, looked for in its paragraph and the ones beside it."""
        reach = [_around(words, cue) for cue in marked]
        order = sorted(range(len(marked)), key=lambda k: (reach[k][1] - reach[k][0], reach[k]))
        for begin in range(0, len(order), _CUES_AT_ONCE):
            chunk = order[begin : begin + _CUES_AT_ONCE]
            lengths = np.array([reach[k][1] - reach[k][0] for k in chunk])
            scores = np.zeros((len(chunk), lengths.max(), len(self._transitions)), np.float32)
            for first in range(0, len(chunk), _CUES_A_RUN):
                some = chunk[first : first + _CUES_A_RUN]
                got = self._roles_of([marked[k] for k in some], [reach[k] for k in some])
                scores[first : first + len(some), : got.shape[1]] = got
            labels, confidence = decode.viterbi(scores, self._transitions, lengths)
            probabilities = decode.softmax(scores)
            for n, k in enumerate(chunk):
                item = self._found(marked[k], reach[k][0], labels[n], probabilities[n], float(confidence[n]), nested)
                if item is not None:
                    yield item

    def _roles_of(self, marked: list[_Cue], reach: list[tuple[int, int]]) -> NDArray[np.float32]:
        """Role scores ``(cues, words, roles)`` of the words in reach of each cue."""
        # Cues of one window with the same words around them share a row of states.
        keys = [(cue.part.window.start, *words) for cue, words in zip(marked, reach, strict=True)]
        parts = {key: cue.part for key, cue in zip(keys, marked, strict=True)}
        rows = {key: row for row, key in enumerate(parts)}
        longest = max(high - low for low, high in reach)
        states = np.zeros((len(parts), longest, marked[0].part.states.shape[1]), np.float32)
        for (shift, low, high), part in parts.items():
            states[rows[shift, low, high], : high - low] = part.states[low - shift : high - shift]
        low_of = np.array([low for low, _ in reach])
        feed = {
            "states": states,
            "cue_of": np.array([rows[key] for key in keys]),
            "starts": np.array([cue.start for cue in marked]) - low_of,
            "ends": np.array([cue.end for cue in marked]) - low_of,
        }
        return np.asarray(self._roles.run(None, feed)[0])

    def _found(
        self,
        cue: _Cue,
        low: int,
        labels: NDArray[np.int8],
        probabilities: NDArray[np.float32],
        confidence: float,
        nested: bool,
    ) -> Found | None:
        """One cue's attribution and its score; None where it fetched no content."""
        source = np.flatnonzero(labels == decode.SOURCE)
        content = np.flatnonzero(labels == decode.CONTENT)
        if not len(content):
            return None
        sure = float(probabilities[content, decode.CONTENT].mean())
        evidence = (
            _log_odds(cue.mean),
            _log_odds(cue.highest),
            confidence,
            _log_odds(sure),
            _log_odds(float(probabilities[source, decode.SOURCE].mean())) if len(source) else 0.0,
            float(len(source) == 0),
            float(np.log(len(content))),
        )
        weights = self.settings.nested_calibration if nested else self.settings.calibration
        return Found(
            (cue.start, cue.end),
            tuple((source + low).tolist()),
            tuple((content + low).tolist()),
            nested,
            evidence,
            calibrated(evidence, weights) if weights else cue.mean * sure,
        )


def _around(words: Words, cue: _Cue) -> tuple[int, int]:
    """The words of the cue's paragraph and of the paragraphs before and after it, within its window."""
    window = cue.part.window
    paragraph = int(words.paragraphs[cue.start])
    low = int(np.searchsorted(words.paragraphs, paragraph - 1, side="left"))
    high = int(np.searchsorted(words.paragraphs, paragraph + 1, side="right"))
    return max(low, window.start), min(high, window.end)


def _log_odds(p: float) -> float:
    """Log-odds of a probability, kept within ±6."""
    p = min(max(p, 0.0025), 0.9975)
    return float(np.log(p / (1 - p)))


def calibrated(evidence: tuple[float, ...], weights: tuple[float, ...]) -> float:
    """Probability that an attribution is right: logistic regression, the bias last in ``weights``."""
    total = sum(e * w for e, w in zip(evidence, weights, strict=False)) + weights[-1]
    return float(1 / (1 + np.exp(-total)))


def _frozen(value: Any) -> Any:
    """Lists as tuples, so that settings are immutable."""
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


@cache
def shipped() -> Tagger:
    """The tagger with the weights that come with the package, loaded once."""
    return Tagger(_MODELS)
