"""The neural part: windows of word pieces through the encoder, cues, and each cue's source and content.

Two ONNX graphs are shipped: ``encoder.onnx`` (word states and tag scores) and ``roles.onnx`` (scores of
every word's role for every cue). ``settings.json`` beside them holds what was chosen on the development
set: thresholds, the CRF's transitions, the calibration of the score.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from onrecord.errors import ModelError
from onrecord.extract import decode
from onrecord.extract.decode import Found
from onrecord.extract.windows import Pieces, Window, cut_pieces, pack
from onrecord.extract.words import Words, cut

__all__ = ["Tagger", "shipped"]

_MODELS = Path(__file__).parent.parent / "models" / "extract"
_CUES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Settings:
    """What a model was trained with and what was chosen on the development set."""

    window: int
    context: int
    batch: int
    cue_threshold: float
    nested_threshold: float
    transitions: tuple[tuple[float, ...], ...]
    calibration: tuple[float, ...]
    nested_calibration: tuple[float, ...]
    min_score: float
    nested_min_score: float


class Tagger:
    """Finds attributions in texts.

    ``folder`` holds ``encoder.onnx``, ``roles.onnx``, ``tokenizer.json`` and ``settings.json``.

    Raises:
        ModelError: a file is missing or broken.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        try:
            values = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
            self.settings = Settings(**{k: _frozen(v) for k, v in values.items() if k in Settings.__dataclass_fields__})
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.no_truncation()
            self._tokenizer.no_padding()
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads or int(os.environ.get("ONRECORD_THREADS", "0"))
            options.log_severity_level = 3
            self._encoder, self._roles = (
                onnxruntime.InferenceSession(str(folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])
                for name in ("encoder", "roles")
            )
        except Exception as error:
            raise ModelError(
                f"{folder}: the extractor's model cannot be loaded: {error} (reinstall onrecord)"
            ) from error
        self._transitions = np.array(self.settings.transitions, dtype=np.float32)

    def tag(self, text: str) -> tuple[Words, list[Found]]:
        """The words of ``text`` and all attributions found in them, in order of their cues."""
        words = cut(text)
        pieces = cut_pieces(words, self._tokenizer)
        windows = pack(words, pieces, self.settings.window, self.settings.context)
        found: list[Found] = []
        for batch in _batches(windows, pieces, self.settings.batch):
            states, tags = self._encode(words, pieces, batch)
            found.extend(self._decode(batch, states, tags))
        found.sort(key=lambda f: (f.cue, f.nested))
        return words, found

    def _encode(
        self, words: Words, pieces: Pieces, batch: list[Window]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rows = len(batch)
        counts = [int(pieces.count[w.start : w.end].sum()) for w in batch]
        width, length = max(counts), max(w.end - w.start for w in batch)
        ids = np.zeros((rows, width), np.int64)
        mask = np.zeros((rows, width), np.float32)
        shapes = np.zeros((rows, width), np.int64)
        breaks = np.zeros((rows, width), np.int64)
        first = np.zeros((rows, length), np.int64)
        for row, (window, count) in enumerate(zip(batch, counts, strict=True)):
            a, b = window.start, window.end
            at = int(pieces.first[a])
            starts = pieces.first[a:b] - at
            ids[row, :count] = pieces.ids[at : at + count]
            mask[row, :count] = 1
            shapes[row, :count] = np.repeat(words.shapes[a:b], pieces.count[a:b])
            breaks[row, starts] = words.breaks[a:b]
            first[row, : b - a] = starts
        states, tags = self._encoder.run(
            None, {"pieces": ids, "mask": mask, "shapes": shapes, "breaks": breaks, "first": first}
        )
        return states, tags

    def _decode(self, batch: list[Window], states: NDArray[np.float32], tags: NDArray[np.float32]) -> Iterator[Found]:
        """Cues of a batch, then the roles of all of them at once."""
        settings = self.settings
        marked: list[tuple[int, bool, tuple[int, int, float, float]]] = []
        for nested, left, threshold in ((False, 0, settings.cue_threshold), (True, 3, settings.nested_threshold)):
            if threshold > 1:
                continue
            probabilities = decode.softmax(tags[..., left : left + 3])
            for row, window in enumerate(batch):
                for cue in decode.cues(probabilities[row, : window.end - window.start], threshold):
                    if window.own_start <= cue[0] + window.start < window.own_end:
                        marked.append((row, nested, cue))
        for begin in range(0, len(marked), _CUES_AT_ONCE):
            yield from self._fetch(batch, states, marked[begin : begin + _CUES_AT_ONCE])

    def _fetch(
        self,
        batch: list[Window],
        states: NDArray[np.float32],
        marked: list[tuple[int, bool, tuple[int, int, float, float]]],
    ) -> Iterator[Found]:
        """Source and content of each marked cue."""
        rows = np.array([m[0] for m in marked], dtype=np.int64)
        starts = np.array([m[2][0] for m in marked], dtype=np.int64)
        ends = np.array([m[2][1] for m in marked], dtype=np.int64)
        (scores,) = self._roles.run(None, {"states": states, "cue_of": rows, "starts": starts, "ends": ends})
        lengths = np.array([batch[m[0]].end - batch[m[0]].start for m in marked])
        labels, confidence = decode.viterbi(scores, self._transitions, lengths)
        probabilities = decode.softmax(scores)
        for k, (row, nested, (start, end, mean, highest)) in enumerate(marked):
            shift = batch[row].start
            source = np.flatnonzero(labels[k] == decode.SOURCE)
            content = np.flatnonzero(labels[k] == decode.CONTENT)
            if not len(content):
                continue
            sure = float(probabilities[k, content, decode.CONTENT].mean())
            source_sure = float(probabilities[k, source, decode.SOURCE].mean()) if len(source) else 0.0
            evidence = (
                _log_odds(mean),
                _log_odds(highest),
                float(confidence[k]),
                _log_odds(sure),
                _log_odds(source_sure) if len(source) else 0.0,
                float(len(source) == 0),
                float(np.log(len(content))),
            )
            weights = self.settings.nested_calibration if nested else self.settings.calibration
            yield Found(
                (start + shift, end + shift),
                tuple((source + shift).tolist()),
                tuple((content + shift).tolist()),
                nested,
                evidence,
                calibrated(evidence, weights) if weights else mean * sure,
            )


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


def _batches(windows: list[Window], pieces: Pieces, size: int) -> Iterator[list[Window]]:
    """Windows grouped by length, so that little of a batch is padding."""
    ordered = sorted(windows, key=lambda w: int(pieces.count[w.start : w.end].sum()))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


@cache
def shipped() -> Tagger:
    """The tagger with the weights that come with the package, loaded once."""
    return Tagger(_MODELS)
