"""From scores to attributions: cues by threshold, roles by Viterbi, one owner for every word of content."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONTENT", "SOURCE", "Found", "cues", "softmax", "viterbi"]

OUTSIDE, SOURCE, CONTENT = 0, 1, 2

# The forward algorithm's numbers are made to sum to 1 every so many words: with transitions within ±9 they shrink or
# grow by less than 1e5 a word.
_NORMALISED = 32


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
    every = np.arange(rows)
    ends = (np.full(rows, words) if lengths is None else lengths) - 1
    # Word by word, rows last: one step is a handful of calls over a few numbers, and what can be done for all words at
    # once is. Past a row's length both recursions run on; what they say there is never looked at.
    given = np.ascontiguousarray(scores.transpose(1, 2, 0), dtype=np.float64)
    moves = transitions.astype(np.float64)[:, :, None]
    best = np.empty_like(given)
    best[0] = given[0]
    paths = np.empty((roles, roles, rows))
    top = given.max(1)
    alpha = np.exp(given - top[:, None])  # the forward algorithm on probabilities
    steps = np.exp(transitions.astype(np.float64)).T.copy()
    norms = np.zeros((words, rows))
    reached = np.empty((roles, rows))
    for t in range(1, words):
        np.add(best[t - 1][:, None], moves, out=paths)
        np.maximum.reduce(paths, axis=0, out=best[t])
        best[t] += given[t]
        np.matmul(steps, alpha[t - 1], out=reached)
        alpha[t] *= reached
        if t % _NORMALISED == 0:
            total = alpha[t].sum(0)
            alpha[t] /= total
            norms[t] = np.log(total)
    partition = np.log(alpha.sum(1)[ends, every]) + (norms + top).cumsum(0)[ends, every]
    final = best[ends, :, every]
    # Where each role of a word was best reached from, as an index into the roles and rows of the word before.
    highest, back = best[:-1, 0, None] + moves[0], np.zeros((words - 1, roles, rows), dtype=np.int64)
    for role in range(1, roles):
        other = best[:-1, role, None] + moves[role]
        back[other > highest] = role
        np.maximum(highest, other, out=highest)
    past = np.arange(1, words)[:, None] > ends
    back = np.where(past[:, None], np.arange(roles)[:, None], back) * rows + every
    path = np.empty((words, rows), dtype=np.int64)
    path[-1] = final.argmax(1) * rows + every
    for t in range(words - 1, 0, -1):
        back[t - 1].take(path[t], out=path[t - 1])
    labels = np.where(np.arange(words)[:, None] > ends, OUTSIDE, path // rows).T.astype(np.int8)
    return labels, (final.max(1) - partition).astype(np.float32)
