"""Train what tells which pairs of claims are worth being read: ``python -m train.worth --pool POOL [--out FILE.npz]``.

The pool is what ``train.pool`` wrote of articles that may be trained on. The shipped network of pairs reads all of it
(its answers are kept beside the pool, so that a second call goes on), and two layers learn from its answers what the
vectors of both contents and the words tell of them (``onrecord.relate.worth``). On a fifth of the articles, kept apart,
the threshold is chosen from which on ``--share`` of the pairs are read, and it is printed how many of the ties that are
shown would still be found; with ``--measure POOL`` that is printed of another pool, too, and nothing is chosen on it.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from onrecord.ledger.meanings import told
from onrecord.meaning.encoder import SIZE, shipped
from onrecord.meaning.pairs import RELATIONS, Compared, shipped_pairs
from onrecord.relate.claims import Tie, chances_of, tied
from onrecord.relate.evidence import WORDS, parts_of, shipped_weights, words_of
from onrecord.relate.worth import Worth, inputs
from train.data import read_jsonl

SHIPPED = Path(__file__).parent.parent / "src/onrecord/models/pairs/worth.npz"
HIDDEN, EPOCHS, BATCH, RATE = 64, 10, 128, 1e-3
KINDS = 3
"""What is told apart: restated, disputed, answered."""
_AT_ONCE = 500
_LEAST_SPREAD = 1e-3

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Pool:
    """Pairs of claims and what the network said of them.

    ``said`` ``(pairs, RELATIONS)`` are its probabilities, ``words`` ``(pairs, WORDS)`` what the words tell, ``vectors``
    those of all contents, ``ends`` ``(pairs, 2)`` which two of them a pair has, ``of`` in which document each first
    claim stands, ``tied`` what is shown of a pair.
    """

    said: Numbers
    words: Numbers
    vectors: Numbers
    ends: NDArray[np.int64]
    of: list[str]
    tied: list[Tie | None]

    def sides(self, some: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
        """The vectors of both contents of some pairs."""
        return self.vectors[self.ends[some, 0]], self.vectors[self.ends[some, 1]]

    def wanted(self) -> Numbers:
        """The probabilities of each kind of tie, ``(pairs, KINDS)``."""
        at = {name: n for n, name in enumerate(RELATIONS)}
        answers = np.maximum(self.said[:, at["answers"]], self.said[:, at["answered"]])
        return np.stack([self.said[:, at["restates"]], self.said[:, at["disputes"]], answers], 1)


def answers(file: Path, rows: list[dict[str, Any]]) -> Numbers:
    """What the shipped network says of the pairs of a pool, ``(pairs, RELATIONS)``; kept beside it."""
    kept = file.with_suffix(".said.npy")
    said: Numbers = np.load(kept) if kept.exists() else np.zeros((0, len(RELATIONS)), np.float32)
    for start in range(len(said), len(rows), _AT_ONCE):
        found = shipped_pairs().compare([(row["a"], row["b"]) for row in rows[start : start + _AT_ONCE]])
        more = np.array([[getattr(one, name) for name in RELATIONS] for one in found], np.float32)
        said = np.concatenate([said, more])
        np.save(kept, said)
    return said


def pool(file: Path) -> Pool:
    """A pool of pairs, read by the shipped network."""
    rows = list(read_jsonl(file))
    said = answers(file, rows)
    contents = [[told(parts_of(row[side])[1]) for side in "ab"] for row in rows]
    every = sorted({text for both in contents for text in both})
    place = {text: n for n, text in enumerate(every)}
    vectors = shipped().vectors(every)
    ends = np.array([[place[text] for text in both] for both in contents])
    alike = (vectors[ends[:, 0]] * vectors[ends[:, 1]]).sum(1)
    words = [
        words_of(row["a"], row["b"], float(cosine), same_document=row["of"][0] == row["of"][1])
        for row, cosine in zip(rows, alike, strict=True)
    ]
    shown: list[Tie | None] = []
    for probabilities, mine in zip(said, words, strict=True):
        values: dict[str, Any] = dict(zip(RELATIONS, map(float, probabilities), strict=True))
        compared = Compared(**values, strengthens=0.0, weakens=0.0)
        found = tied(compared, chances_of(compared, mine, shipped_weights()))
        shown.append(None if found is None else found.tie)
    return Pool(said, np.array(words, np.float32), vectors, ends, [row["of"][0] for row in rows], shown)


def fitted(made: Pool, some: NDArray[np.int64], seed: int = 1) -> Worth:
    """Two layers that learned what the network said of some pairs; the threshold is not chosen yet."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    mean, spread = made.words[some].mean(0), made.words[some].std(0)
    spread[spread < _LEAST_SPREAD] = 1
    wanted = made.wanted()
    model = nn.Sequential(
        nn.Dropout(0.1), nn.Linear(len(WORDS) + 2 * SIZE, HIDDEN), nn.ReLU(), nn.Dropout(0.2), nn.Linear(HIDDEN, KINDS)
    )
    optimiser = torch.optim.AdamW(model.parameters(), RATE, weight_decay=0.01)
    numbers = some.tolist()
    for epoch in range(EPOCHS):
        order.shuffle(numbers)
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        for start in range(0, len(numbers), BATCH):
            mine = np.array(numbers[start : start + BATCH])
            read = inputs((made.words[mine] - mean) / spread, *made.sides(mine))
            loss = functional.binary_cross_entropy_with_logits(
                model(torch.from_numpy(read)), torch.from_numpy(wanted[mine])
            )
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            optimiser.zero_grad()
    layers = [layer for layer in model if isinstance(layer, nn.Linear)]
    first, first_bias, second, second_bias = (
        part.detach().numpy().T for layer in layers for part in (layer.weight, layer.bias)
    )
    return Worth(first, first_bias, second, second_bias, mean, spread, 0.0)


def report(worth: Worth, made: Pool, some: NDArray[np.int64], name: str) -> None:
    """Print which share of the pairs is read, and which of the ties is still found."""
    kept = np.array(worth.keeps(made.words[some].tolist(), *made.sides(some)))
    line = [f"{name}: {kept.mean():.1%} of {len(some):,} pairs are read"]
    for tie in Tie:
        mine = np.array([made.tied[n] is tie for n in some])
        if mine.any():
            line.append(f"{tie}: {int(kept[mine].sum())} of {int(mine.sum())} found")
    print("; ".join(line))


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pool", type=Path, required=True)
    p.add_argument("--measure", type=Path)
    p.add_argument("--share", type=float, default=0.33)
    p.add_argument("--out", type=Path, default=SHIPPED)
    options = p.parse_args()
    made = pool(options.pool)
    apart = np.array([int(hashlib.sha256(name.encode()).hexdigest(), 16) % 5 == 0 for name in made.of])
    learned, chosen = np.flatnonzero(~apart), np.flatnonzero(apart)
    worth = fitted(made, learned)
    chances = worth.chances(made.words[chosen].tolist(), *made.sides(chosen))
    worth = replace(worth, least=float(np.quantile(chances, 1 - options.share)))
    worth.save(options.out)
    worth = Worth.load(options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e3:.0f} kB, read from {worth.least:.3f} on")
    report(worth, made, chosen, "kept apart")
    if options.measure:
        other = pool(options.measure)
        report(worth, other, np.arange(len(other.of)), options.measure.stem)


if __name__ == "__main__":
    main()
