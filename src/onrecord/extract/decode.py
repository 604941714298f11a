"""From scores to attributions: cues by threshold, roles by Viterbi, one owner for every word of content."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONTENT", "SOURCE", "Found", "cues", "softmax", "viterbi"]

OUTSIDE, SOURCE, CONTENT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution as words: ``cue`` half-open, ``source`` and ``content`` as sorted word indices.

    ``evidence`` are the numbers that the score is made of: log-odds of the mean and the highest cue
    probability, log-probability of the role path, log-odds of the content words' and the source words'
    mean probability, whether there is no source, and the log of the content's length in words.
    """

    cue: tuple[int, int]
    source: tuple[int, ...]
    content: tuple[int, ...]
    nested: bool
    evidence: tuple[float, ...]
    score: float = 0.0


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities along the last axis."""
    shifted = np.exp(scores - scores.max(-1, keepdims=True))
    result: NDArray[np.float32] = shifted / shifted.sum(-1, keepdims=True)
    return result


def cues(probabilities: NDArray[np.float32], threshold: float) -> list[tuple[int, int, float, float]]:
    """Cue stretches ``(start, end, mean, highest)`` from B/I/O probabilities ``(words, 3)`` (order O, B, I).

    A stretch is a run of words whose probability of being part of a cue passes ``threshold``; a new one
    starts where a word more likely begins a cue than goes on with one.
    """
    inside = 1.0 - probabilities[:, 0]
    marked = np.flatnonzero(inside >= threshold)
    runs: list[list[int]] = []
    for index in marked.tolist():
        if runs and runs[-1][-1] == index - 1 and probabilities[index, 1] <= probabilities[index, 2]:
            runs[-1].append(index)
        else:
            runs.append([index])
    return [(r[0], r[-1] + 1, float(inside[r].mean()), float(inside[r].max())) for r in runs]


def viterbi(
    scores: NDArray[np.float32], transitions: NDArray[np.float32], lengths: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """The best labelling of each row of ``scores`` ``(rows, words, roles)``, and its log-probability.

    Viterbi (1967) over a linear chain; the log-probability is the path's score less the forward
    algorithm's log partition. Words past a row's length are outside.
    """
    rows, words, roles = scores.shape
    ends = (np.full(rows, words) if lengths is None else lengths) - 1
    every = np.arange(rows)
    # Past a row's length both recursions run on; what they say there is never looked at.
    back = np.zeros((words, rows, roles), dtype=np.int8)
    best = np.empty((words, rows, roles), dtype=np.float64)
    best[0] = scores[:, 0]
    top = scores.max(2)
    scaled = np.exp(scores - top[:, :, None])  # the forward algorithm on probabilities, made to sum to 1 at each step
    steps = np.exp(transitions)
    norms = np.empty((words, rows), dtype=np.float32)
    norms[0] = scaled[:, 0].sum(1)
    alpha = scaled[:, 0] / norms[0][:, None]
    for t in range(1, words):
        paths = best[t - 1][:, :, None] + transitions
        back[t] = paths.argmax(1)
        best[t] = paths.max(1)
        best[t] += scores[:, t]
        alpha = (alpha @ steps) * scaled[:, t]
        norms[t] = alpha.sum(1)
        alpha /= norms[t][:, None]
    partition = (np.log(norms) + top.T).cumsum(0, dtype=np.float64)[ends, every]
    labels = np.zeros((rows, words), dtype=np.int8)
    final = best[ends, every]
    last = final.argmax(1)
    for t in range(words - 1, -1, -1):
        inside = t <= ends
        labels[:, t] = np.where(inside, last, OUTSIDE)
        last = np.where(inside, back[t][every, last], last)
    return labels, (final.max(1) - partition).astype(np.float32)
