"""The trained judgement of act and commitment: a small network over a statement's words and the encoder's states."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError
from onrecord.extract.decode import softmax
from onrecord.model import Act, Certainty, Flag, Polarity
from onrecord.qualify.features import NEGATED, Told, beginning

__all__ = ["HEADS", "Judge", "Judged", "act_chances", "entry_place", "polarity_clues", "shipped"]

_MODELS = Path(__file__).parent.parent / "models" / "qualify"

_ACTS, _CERTAINTIES, _POLARITIES, _FLAGS = tuple(Act), tuple(Certainty), tuple(Polarity), tuple(Flag)
HEADS = {"act": _ACTS, "certainty": _CERTAINTIES, "polarity": _POLARITIES, "flags": _FLAGS}
"""What the network tells, in the order of its outputs. Of ``flags`` each may hold, of the others one does."""

_WORDS = 12
"""So many words are named as what decided."""
_NOT_SECOND = 0.2
"""From this probability on an act beside the likeliest is the second one."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a statement does, with the act's probability, and how far its speaker vouches for it."""

    act: Act
    score: float
    second: Act | None
    certainty: Certainty
    polarity: Polarity
    flags: tuple[Flag, ...]
    evidence: tuple[str, ...] = ()
    """Names (``onrecord.qualify.features``) of the words that speak most for the act, the strongest first; none where
    the cue is that act by itself."""


def polarity_clues(
    chances: NDArray[np.float32], polarity: NDArray[np.float32], negated: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What tells whether a statement is negative: the acts' probabilities, the network's odds, ``Told.negated``."""
    return np.concatenate([chances, [(polarity[1] - polarity[0]) / 4], negated]).astype(np.float32)


def act_chances(
    acts: NDArray[np.float32], entries: NDArray[np.int64], temperature: float, lexicon: float
) -> NDArray[np.float32]:
    """Probabilities of the acts ``(statements, acts)`` from the network's scores; ``entries`` are the places of the
    acts of the cues' entries, -1 for none."""
    odds = acts / np.float32(temperature)
    has = np.flatnonzero(entries >= 0)
    odds[has, entries[has]] += np.float32(lexicon)
    return softmax(odds)


def entry_place(told: Told) -> int:
    """The place of the act of the cue's entry among all acts; -1 where the cue has none."""
    return _ACTS.index(told.entry.act) if told.entry is not None else -1


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of words of contents, of pairs of them, of words of the beginning, and of all other names."""

    word: dict[str, int]
    pair: dict[tuple[str, ...], int]
    early: dict[str, int]
    other: dict[str, int]

    @staticmethod
    def of(names: Sequence[str]) -> Rows:
        """The rows of names, in their order."""
        made = Rows({}, {}, {}, {})
        for row, name in enumerate(names):
            kind, words = name[:2], name[2:]
            if kind == "w:":
                made.word[words] = row
            elif kind == "b:":
                made.pair[tuple(words.split(" "))] = row
            elif kind == "s:":
                made.early[words] = row
            else:
                made.other[name] = row
        return made

    def known(self, told: Told) -> list[int]:
        """The rows of a statement, each once."""
        words = dict.fromkeys(told.content)
        found = [self.word[w] for w in words if w in self.word]
        found += [self.pair[p] for p in dict.fromkeys(pairwise(told.content)) if p in self.pair]
        found += [self.early[w] for w in dict.fromkeys(beginning(told)) if w in self.early]
        found += [self.other[name] for name in told.others if name in self.other]
        return found


@dataclass(frozen=True, slots=True)
class Judge:
    """Weights of the network: rows of words and states ``(features, hidden)`` to one hidden layer to all heads.

    ``names`` are those of the rows of ``words`` (``onrecord.qualify.features.names``), which ``rows`` finds.
    ``temperature`` makes the acts' probabilities calibrated; ``lexicon`` is what the act of the cue's entry has for it
    beyond what the network says, in log-odds. ``flags`` are the scores above which each flag holds.
    ``polarity`` are the weights of a regression from what the
    network says and from the negations that the statement has (``polarity_clues``) to the log-odds that it is
    negative.
    """

    names: tuple[str, ...]
    rows: Rows
    words: NDArray[np.float32]
    dense: NDArray[np.float32]
    bias: NDArray[np.float32]
    out: NDArray[np.float32]
    out_bias: NDArray[np.float32]
    polarity: NDArray[np.float32]
    flags: NDArray[np.float32]
    temperature: float = 1.0
    lexicon: float = 0.0

    def _hidden(self, told: Sequence[Told], known: Sequence[list[int]]) -> NDArray[np.float32]:
        """The hidden layer ``(statements, hidden)``, rectified; ``known`` are the rows of each one's words."""
        # a row at a time: for all at once BLAS wakes its threads, which costs far more than the product
        made = np.stack([t.dense @ self.dense for t in told]) + self.bias
        for k, rows in enumerate(known):
            if rows:
                made[k] += self.words[rows].sum(0) / math.sqrt(len(rows))
        rectified: NDArray[np.float32] = np.maximum(made, 0)
        return rectified

    def judge(self, told: Sequence[Told]) -> list[Judged]:
        """The judgement of each statement."""
        if not told:
            return []
        made = []
        at = np.cumsum([0, *(len(values) for values in HEADS.values())]).tolist()
        known = [self.rows.known(one) for one in told]
        hidden = self._hidden(told, known)
        scores = hidden @ self.out + self.out_bias
        entries = np.array([entry_place(one) for one in told])
        every = act_chances(scores[:, : len(_ACTS)], entries, self.temperature, self.lexicon)
        for one, rows, units, chances, row in zip(told, known, hidden, every, scores, strict=True):
            _, certainty, polarity, flags = (row[a:b] for a, b in pairwise(at))
            negative = float(polarity_clues(chances, polarity, one.negated) @ self.polarity) > 0
            order = np.argsort(-chances, kind="stable").tolist()
            by_cue = one.entry is not None and one.entry.act is _ACTS[order[0]]
            made.append(
                Judged(
                    _ACTS[order[0]],
                    float(chances[order[0]]),
                    _ACTS[order[1]] if chances[order[1]] >= _NOT_SECOND else None,
                    _CERTAINTIES[int(certainty.argmax())],
                    _POLARITIES[int(negative)],
                    tuple(flag for flag, holds in zip(_FLAGS, flags > self.flags, strict=True) if holds),
                    () if by_cue else self._evidence(rows, units, order[0], order[1]),
                )
            )
        return made

    def _evidence(self, rows: list[int], units: NDArray[np.float32], act: int, other: int) -> tuple[str, ...]:
        """The words that speak most for an act rather than for the next one, the strongest first."""
        if not rows:
            return ()
        weights = self.words[rows] @ ((self.out[:, act] - self.out[:, other]) * (units > 0))
        return tuple(
            self.names[rows[k]] for k in np.argsort(-weights, kind="stable")[:_WORDS].tolist() if weights[k] > 0
        )


@cache
def shipped() -> Judge:
    """The weights that come with the package, loaded once.

    Raises:
        ModelError: they are missing or broken.
    """
    try:
        with np.load(_MODELS / "judge.npz", allow_pickle=False) as stored:
            names = ("words", "dense", "bias", "out", "out_bias", "polarity", "flags")
            arrays = {name: stored[name].astype(np.float32) for name in names}
            temperature, lexicon = float(stored["temperature"]), float(stored["lexicon"])
        known = json.loads((_MODELS / "words.json").read_text(encoding="utf-8"))
        if len(known) != len(arrays["words"]):
            raise ValueError(f"{len(known)} words for {len(arrays['words'])} rows")
        if len(arrays["polarity"]) != len(_ACTS) + 1 + NEGATED:
            raise ValueError(f"made for {len(arrays['polarity'])} clues of polarity, not {len(_ACTS) + 1 + NEGATED}")
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"{_MODELS}: the weights for acts cannot be loaded: {error} (reinstall onrecord)") from error
    return Judge(tuple(known), Rows.of(known), **arrays, temperature=temperature, lexicon=lexicon)
