"""The judgement of acts as a network, and its last steps: ``python -m train.judge --model DIR --held DIR --out DIR``.

A statement's words as the deed head sees them, pooled by role, and rows of its words go through one hidden layer to the
act, the speaker's certainty and polarity, and flags (``onrecord.qualify``). ``train.joint`` fits it together with the
encoder. What is left is done here: the temperature of the acts' probabilities, how much the cue's entry in the lexicon
counts beside the network, the scores from which on flags hold, and the regression of polarity, fitted to what a network
said of labelled articles that it was not trained on (``--held``, a run of ``train.joint --without``). Writes
``judge.npz`` and ``words.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from onrecord.extract.reading import DEED
from onrecord.model import Act, Certainty, Flag, Polarity
from onrecord.qualify.features import NEGATED, POOLED
from onrecord.qualify.judge import HEADS, act_chances, polarity_clues
from train.score import f1_of

__all__ = ["FOLDS", "Deed", "Judging", "Net", "Right", "figures", "learnt", "loss_of", "right_of"]

HIDDEN = 64
FOLDS = 5


@dataclass(frozen=True)
class Right:
    """What is right of a statement: places in the lists of values; for each flag, whether it holds."""

    act: int
    second: int
    certainty: int
    polarity: int
    flags: tuple[float, ...]


def right_of(label: dict[str, Any]) -> Right:
    """A label's values."""
    return Right(
        list(Act).index(Act(label["act"])),
        list(Act).index(Act(label["second"] or label["act"])),
        list(Certainty).index(Certainty(label["certainty"])),
        list(Polarity).index(Polarity(label["polarity"])),
        tuple(float(flag in label["flags"]) for flag in Flag),
    )


@dataclass(frozen=True)
class Deed:
    """A statement: the words of its roles, the rows of its words; ``right`` is what was labelled, ``soft``
    ``(outputs,)`` a teacher's scores, each None where there are none. ``entry`` is the place of the act of its cue in
    the lexicon (-1: it has none), ``negated`` what its negations are (``Told.negated``)."""

    roles: tuple[tuple[int, ...], ...]
    rows: NDArray[np.int32]
    right: Right | None
    entry: int = -1
    negated: NDArray[np.float32] = field(default_factory=lambda: np.zeros(NEGATED, np.float32))
    soft: NDArray[np.float16] | None = None


@dataclass(frozen=True)
class Judging:
    """Statements filled up: ``roles`` ``(roles, statements, words)`` of ones and zeros, ``rows`` ``(statements, most)``
    with ``none`` where there are no more."""

    roles: Tensor
    rows: Tensor

    @staticmethod
    def of(deeds: Sequence[Deed], words: int, none: int) -> Judging:
        """Those of ``deeds``, whose windows have up to ``words`` words."""
        roles = np.zeros((len(deeds[0].roles), len(deeds), words), np.float32)
        rows = np.full((len(deeds), max(1, *(len(d.rows) for d in deeds))), none)
        for k, deed in enumerate(deeds):
            for r, role in enumerate(deed.roles):
                roles[r, k, list(role)] = 1
            rows[k, : len(deed.rows)] = deed.rows
        return Judging(torch.from_numpy(roles), torch.from_numpy(rows))


class Net(nn.Module):
    """The judge: vectors of words, pooled by role, and rows of words, to the heads' scores."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = nn.Embedding(rows + 1, HIDDEN, padding_idx=rows)
        with torch.no_grad():
            self.rows.weight.normal_(std=0.03)[rows] = 0
        self.dense = nn.Linear(POOLED * DEED, HIDDEN)
        self.out = nn.Linear(HIDDEN, sum(map(len, HEADS.values())))
        self.drop = nn.Dropout(0.4)

    @property
    def none(self) -> int:
        """The row that says nothing."""
        return self.rows.num_embeddings - 1

    def forward(self, vectors: Tensor, judging: Judging) -> Tensor:
        """Scores ``(statements, outputs)`` of vectors ``(statements, words, DEED)``."""
        pooled = [
            (vectors * role.unsqueeze(-1)).sum(1) / role.sum(1, keepdim=True).clamp(min=1) for role in judging.roles
        ]
        for role in judging.roles[:2]:
            highest = vectors.masked_fill(role.unsqueeze(-1) == 0, -1e4).amax(1)
            pooled.append(highest * (role.sum(1, keepdim=True) > 0))
        hidden = self.dense(torch.cat(pooled, 1)) + self.words(judging.rows)
        scores: Tensor = self.out(self.drop(torch.relu(hidden)))
        return scores

    def words(self, rows: Tensor) -> Tensor:
        """What a statement's words add; in training a share of them is left out."""
        known = (rows != self.none).sum(1, keepdim=True).clamp(min=1)
        if self.training:
            rows = rows.masked_fill(torch.rand(rows.shape, device=rows.device) < 0.3, self.none)
        made: Tensor = self.rows(rows).sum(1) / known.sqrt()
        return made


def loss_of(scores: Tensor, right: Sequence[Right]) -> Tensor:
    """The heads' losses added up; a second act has a share of the first's."""

    def places(name: str) -> Tensor:
        return torch.tensor([getattr(r, name) for r in right], device=scores.device)

    act, certainty, polarity, flags = torch.split(scores, [len(v) for v in HEADS.values()], dim=1)
    entropy = nn.functional.cross_entropy
    acts = 0.9 * entropy(act, places("act"), label_smoothing=0.05) + 0.1 * entropy(act, places("second"))
    others = entropy(certainty, places("certainty")) + entropy(polarity, places("polarity"))
    flagged = nn.functional.binary_cross_entropy_with_logits(flags, places("flags"))
    return acts + 0.4 * others + 0.5 * flagged


def taught_loss(scores: Tensor, soft: Tensor) -> Tensor:
    """The same against a teacher's scores ``(statements, outputs)``."""
    sizes = [len(values) for values in HEADS.values()]
    entropy = nn.functional.cross_entropy
    act, certainty, polarity, flags = torch.split(scores, sizes, dim=1)
    act_of, certainty_of, polarity_of, flags_of = torch.split(soft, sizes, dim=1)
    others = entropy(certainty, certainty_of.softmax(1)) + entropy(polarity, polarity_of.softmax(1))
    flagged = nn.functional.binary_cross_entropy_with_logits(flags, flags_of.sigmoid())
    return entropy(act, act_of.softmax(1)) + 0.4 * others + 0.5 * flagged


def learnt(scores: Tensor, deeds: Sequence[Deed]) -> Tensor:
    """The loss over statements: of those that are labelled, of those that a teacher judged, of some both."""
    total = torch.zeros((), device=scores.device)
    labelled = [k for k, deed in enumerate(deeds) if deed.right is not None]
    if labelled:
        total = total + len(labelled) * loss_of(scores[labelled], [r for d in deeds if (r := d.right) is not None])
    soft = {k: deed.soft for k, deed in enumerate(deeds) if deed.soft is not None}
    if soft:
        taught = torch.from_numpy(np.stack(list(soft.values())).astype(np.float32)).to(scores.device)
        total = total + len(soft) * taught_loss(scores[list(soft)], taught)
    return total / (len(labelled) + len(soft))


def figures(scores: NDArray[np.float32], deeds: Sequence[Deed]) -> list[str]:
    """Accuracy, macro F1 and F1 of each value for each head, beside the cue's entry alone for the act."""
    made = []
    rights = [r for d in deeds if (r := d.right) is not None]
    borders = np.cumsum([0, *(len(values) for values in HEADS.values())]).tolist()
    for (name, values), (a, b) in zip(HEADS.items(), pairwise(borders), strict=True):
        if name == "flags":
            for k, flag in enumerate(Flag):
                gold = [str(bool(r.flags[k])) for r in rights]
                got = [str(bool(s > 0)) for s in scores[:, a + k]]
                made.append(f"{flag:14}{100 * f1_of(gold, got, 'True'):6.1f} F1, {gold.count('True')} of them")
            continue
        gold = [str(values[getattr(r, name)]) for r in rights]
        made.append(_line(name, gold, [str(values[k]) for k in scores[:, a:b].argmax(1)]))
    acts = list(Act)
    gold = [str(acts[r.act]) for r in rights]
    made.append(_line("cue alone", gold, [str(acts[d.entry]) if d.entry >= 0 else "assert" for d in deeds]))
    return made


def _line(name: str, gold: Sequence[str], got: Sequence[str]) -> str:
    """Accuracy, macro F1, and the F1 of each value."""
    accuracy = sum(g == p for g, p in zip(gold, got, strict=True)) / len(gold)
    each = {value: f1_of(gold, got, value) for value in sorted(set(gold))}
    told = " ".join(f"{value} {100 * f1:.0f}" for value, f1 in each.items())
    return f"{name:14}{100 * accuracy:6.1f} right, macro F1 {100 * sum(each.values()) / len(each):.1f} ({told})"


def calibrated(
    scores: NDArray[np.float32], entries: NDArray[np.int64], right: NDArray[np.int64]
) -> tuple[float, float]:
    """The temperature, and what the act of the cue's entry has for it beyond the scores, at which the right acts are
    likeliest."""

    def loss(temperature: float, lexicon: float) -> float:
        chances = act_chances(scores[:, : len(Act)], entries, temperature, lexicon)
        return -float(np.log(chances[np.arange(len(right)), right] + 1e-9).mean())

    grid = ((t, b) for t in np.arange(0.6, 2.05, 0.05) for b in np.arange(0.0, 1.05, 0.05))
    temperature, lexicon = min(grid, key=lambda pair: loss(*pair))
    for name, bonus in (("without", 0.0), ("with", lexicon)):
        hits = act_chances(scores[:, : len(Act)], entries, temperature, bonus).argmax(1) == right
        print(f"acts {name} the cue's entry: {100 * hits.mean():.1f} right")
    return float(temperature), float(lexicon)


def polarity_of(
    acts: NDArray[np.float32], scores: NDArray[np.float32], negated: NDArray[np.float32], right: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Weights of the regression of polarity; F1 of negative in cross-validation is printed."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import KFold, cross_val_predict

    start = len(Act) + len(Certainty)
    odds = scores[:, start : start + len(Polarity)]
    clues = np.stack([polarity_clues(a, o, n) for a, o, n in zip(acts, odds, negated, strict=True)])
    negative = right == list(Polarity).index(Polarity.NEGATIVE)
    model = LogisticRegression(C=1.0, max_iter=3000, fit_intercept=False, class_weight={False: 1.0, True: 1.3})
    # the statements of an article follow one another
    guessed = cross_val_predict(model, clues, negative, cv=KFold(FOLDS))
    both = int((guessed & negative).sum())
    print(f"polarity by regression: F1 of negative {200 * both / int(guessed.sum() + negative.sum()):.1f}")
    return np.asarray(model.fit(clues, negative).coef_[0], np.float32)


def flags_of(scores: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """The score above which each flag holds: where precision and, half as much, recall are highest (F0.5); one that is
    wrong more often than right is never told."""
    chosen = []
    for k, flag in enumerate(Flag):
        gold = right[:, k] > 0
        best = (0.0, 0.0, 0.0, float("inf"))
        for least in np.arange(-4, 2, 0.1):
            got = scores[:, k] > least
            both = int((got & gold).sum())
            if 2 * both > int(got.sum()):
                precision, recall = both / int(got.sum()), both / int(gold.sum())
                together = 1.25 * precision * recall / (0.25 * precision + recall)
                best = max(best, (together, precision, recall, float(least)))
        print(f"{flag}: from {best[3]:.1f} on, precision {100 * best[1]:.1f}, recall {100 * best[2]:.1f}")
        chosen.append(best[3])
    return np.array(chosen, np.float32)


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", type=Path, required=True, help="a run of train.joint")
    p.add_argument("--held", type=Path, required=True, help="another one, without a fold")
    p.add_argument("--out", type=Path, required=True)
    options = p.parse_args()
    with np.load(options.held / "held.npz") as stored:
        held = {name: stored[name] for name in stored.files}
    temperature, lexicon = calibrated(held["scores"], held["entry"], held["act"])
    acts = act_chances(held["scores"][:, : len(Act)], held["entry"], temperature, lexicon)
    polarity = polarity_of(acts, held["scores"], held["negated"], held["polarity"])
    start = sum(len(values) for name, values in HEADS.items() if name != "flags")
    flags = flags_of(held["scores"][:, start:], held["flags"])
    state = torch.load(options.model / "judge.pt", weights_only=True)
    arrays = {
        "words": state["rows.weight"][:-1],
        "dense": state["dense.weight"].T,
        "bias": state["dense.bias"],
        "out": state["out.weight"].T,
        "out_bias": state["out.bias"],
    }
    half: dict[str, Any] = {name: value.numpy().astype(np.float16) for name, value in arrays.items()}
    options.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        options.out / "judge.npz", temperature=temperature, lexicon=lexicon, polarity=polarity, flags=flags, **half
    )
    known = json.loads((options.model / "words.json").read_text(encoding="utf-8"))
    (options.out / "words.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
    print(f"temperature {temperature:.2f}, for the cue's entry {lexicon:.2f}, {len(known)} words; {options.out}")


if __name__ == "__main__":
    main()
