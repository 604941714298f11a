"""The network that says what one claim is to another: two claims read together, several answers.

``train.claims`` prepares the examples and fits it. It is one encoder (BERT, the two claims as its two segments) and two
heads: one over both claims' mean states, for what the pair is (``onrecord.meaning.pairs.OUTPUTS``), one over each word
piece, for the words that clash.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from onrecord.meaning.pairs import LONGEST, OUTPUTS, RELATIONS
from train.fit import alike, schedule

__all__ = ["Answers", "Pair", "PairNetwork", "build", "fit", "outputs", "predict"]

log = logging.getLogger("train")

_CHECKPOINT_EVERY = 240.0


@dataclass(frozen=True)
class Pair:
    """Two claims and what is known of them.

    ``relation`` is one of ``RELATIONS`` (b to a); ``strengthens`` and ``weakens`` (does b strengthen, weaken a) are
    None where nobody said. ``clash`` are the words of both that clash, as offsets; None where nobody marked them. Of
    one ``group`` are pairs that must not be divided.
    """

    a: str
    b: str
    group: str = ""
    relation: str | None = None
    strengthens: float | None = None
    weakens: float | None = None
    clash: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] | None = None
    weight: float = 1.0

    def turned(self) -> Pair:
        """The same, the other way round."""
        clash = None if self.clash is None else (self.clash[1], self.clash[0])
        turned = {"answers": "answered", "answered": "answers"}
        relation = turned.get(self.relation, self.relation) if self.relation is not None else None
        return Pair(self.b, self.a, self.group, relation, clash=clash, weight=self.weight)

    @property
    def turns(self) -> bool:
        """Whether it can be turned: nothing is known of it that holds in one direction only."""
        return self.strengthens is None and self.weakens is None


@dataclass(frozen=True)
class Answers:
    """What the network says of pairs: scores ``(pairs, OUTPUTS)`` and of each word piece ``(pieces,)``."""

    scores: NDArray[np.float32]
    words: list[NDArray[np.float32]]


class PairNetwork(nn.Module):
    """Encoder and heads; ``encoder`` is a Hugging Face model."""

    def __init__(self, encoder: nn.Module, hidden: int, *, segments: bool = True) -> None:
        super().__init__()
        self.encoder, self.segments = encoder, segments
        self.mix = nn.Linear(3 * hidden, hidden)
        self.out = nn.Linear(hidden, len(OUTPUTS))
        self.words = nn.Linear(hidden, 1)
        self.drop = nn.Dropout(0.1)

    def forward(self, pieces: Tensor, segments: Tensor, parts: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Scores ``(batch, OUTPUTS)`` and of pieces ``(batch, pieces)``.

        ``parts`` ``(batch, 2, pieces)`` has for each claim its pieces' shares in the mean; ``mask`` is 1 for a piece.
        """
        given = {"token_type_ids": segments} if self.segments else {}
        states = self.encoder(input_ids=pieces, attention_mask=mask, **given).last_hidden_state
        return heads(self, states, parts, self.drop)


def heads(model: Any, states: Tensor, parts: Tensor, drop: nn.Module) -> tuple[Tensor, Tensor]:
    """What the heads make of states ``(batch, pieces, hidden)``."""
    means = parts @ states
    one, other = means[:, 0], means[:, 1]
    mixed = functional.gelu(model.mix(drop(torch.cat([states[:, 0], (one - other).abs(), one * other], -1))))
    return model.out(drop(mixed)), model.words(drop(states)).squeeze(-1)


def build(encoder: Path, start: Path | None = None) -> PairNetwork:
    """A network on a pretrained encoder's folder, or as it was saved in ``start``."""
    from transformers import AutoModel

    bert = AutoModel.from_pretrained(str(encoder), add_pooling_layer=False)
    model = PairNetwork(bert, bert.config.hidden_size, segments=getattr(bert.config, "type_vocab_size", 0) > 1)
    if start is not None:
        model.load_state_dict(torch.load(start, map_location="cpu", weights_only=True))
    return model


@dataclass
class _Batch:
    pieces: Tensor
    segments: Tensor
    parts: Tensor
    mask: Tensor
    clash: Tensor
    pairs: list[Pair]


def _encode(pair: Pair, tokenizer: Tokenizer) -> tuple[list[int], list[int], list[float]]:
    """Pieces, their segments, and for each whether it is of words that clash (1, 0; -1 unknown)."""
    found = tokenizer.encode(pair.a, pair.b)
    marks: list[float] = []
    for sequence, (start, end) in zip(found.sequence_ids, found.offsets, strict=True):
        if pair.clash is None:
            marks.append(-1.0)
        elif sequence is None:
            marks.append(0.0)
        else:
            marks.append(float(any(s < end and start < e for s, e in pair.clash[sequence])))
    return found.ids, found.type_ids, marks


def _collate(pairs: Sequence[Pair], tokenizer: Tokenizer, pad: int) -> _Batch:
    made = [_encode(pair, tokenizer) for pair in pairs]
    most = max(len(ids) for ids, _, _ in made)
    pieces = torch.full((len(made), most), pad)
    segments = torch.zeros((len(made), most), dtype=torch.long)
    mask = torch.zeros((len(made), most), dtype=torch.long)
    parts = torch.zeros((len(made), 2, most))
    clash = torch.full((len(made), most), -1.0)
    for row, (ids, kinds, marks) in enumerate(made):
        size = len(ids)
        pieces[row, :size], segments[row, :size] = torch.tensor(ids), torch.tensor(kinds)
        mask[row, :size], clash[row, :size] = 1, torch.tensor(marks)
        for k in (0, 1):
            mine = segments[row, :size] == k
            parts[row, k, :size] = mine / mine.sum().clamp(min=1)
    return _Batch(pieces, segments, parts, mask, clash, list(pairs))


def _loss(model: PairNetwork, batch: _Batch, device: str) -> Tensor:
    with torch.autocast(device, torch.bfloat16):
        scores, words = model(*(x.to(device) for x in (batch.pieces, batch.segments, batch.parts, batch.mask)))
    scores, words = scores.float(), words.float()
    weights = torch.tensor([pair.weight for pair in batch.pairs], device=device)
    total = scores.new_zeros(())
    known = [n for n, pair in enumerate(batch.pairs) if pair.relation is not None]
    if known:
        right = torch.tensor([RELATIONS.index(str(batch.pairs[n].relation)) for n in known], device=device)
        each = functional.cross_entropy(scores[known, : len(RELATIONS)], right, reduction="none")
        total = total + (each * weights[known]).sum()
    for name in OUTPUTS[len(RELATIONS) :]:
        known = [n for n, pair in enumerate(batch.pairs) if getattr(pair, name) is not None]
        if known:
            wanted = torch.tensor([float(getattr(batch.pairs[n], name)) for n in known], device=device)
            each = functional.binary_cross_entropy_with_logits(
                scores[known, OUTPUTS.index(name)], wanted, reduction="none"
            )
            total = total + (each * weights[known]).sum()
    clash = batch.clash.to(device)
    there = clash >= 0
    if bool(there.any()):
        each = functional.binary_cross_entropy_with_logits(words[there], clash[there], reduction="sum")
        total = total + 0.05 * each
    made: Tensor = total / len(batch.pairs)
    return made


def fit(
    model: PairNetwork, pairs: Sequence[Pair], tokenizer: Tokenizer, *, epochs: int, rate: float, batch: int = 32,
    seed: int = 1, device: str = "cpu", keep: Path | None = None, pad: int = 0,
) -> None:  # fmt: skip
    """Fit the whole network; its heads at ten times the rate. Each epoch turns half of what can be turned.

    ``keep`` is a file of checkpoints: a second call with the same values goes on from it.
    """
    own = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    groups = [
        {"params": list(model.encoder.parameters()), "base": rate, "weight_decay": 0.01, "lr": 0.0},
        {"params": own, "base": 10 * rate, "weight_decay": 0.01, "lr": 0.0},
    ]
    model.to(device)
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6)
    total = epochs * (-(-len(pairs) // batch))
    done, running, kept = 0, 0.0, time.monotonic()
    begun = 0
    if keep is not None and keep.exists():
        state = torch.load(keep, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        begun = state["done"]
    model.train()
    for epoch in range(epochs):
        rng = random.Random(seed * 1000 + epoch)
        shown = [pair.turned() if pair.turns and rng.random() < 0.5 else pair for pair in pairs]
        for some in alike(shown, batch, lambda pair: len(pair.a) + len(pair.b), rng):
            done += 1
            if done <= begun:
                continue
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * schedule(done, total)
            loss = _loss(model, _collate(some, tokenizer, pad), device)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            running = 0.98 * (running or loss.item()) + 0.02 * loss.item()
            if keep is not None and time.monotonic() - kept > _CHECKPOINT_EVERY:
                _keep(model, optimiser, done, keep)
                kept = time.monotonic()
                log.info("step %d of %d: loss %.4f", done, total, running)
        log.info("epoch %d: loss %.4f", epoch, running)
    if keep is not None:
        _keep(model, optimiser, total, keep)


def _keep(model: nn.Module, optimiser: torch.optim.Optimizer, done: int, keep: Path) -> None:
    part = keep.with_suffix(".part")
    torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "done": done}, part)
    part.replace(keep)


def predict(
    model: PairNetwork, pairs: Sequence[Pair], tokenizer: Tokenizer, *, device: str = "cpu", pad: int = 0
) -> Answers:
    """What the network says of pairs."""
    model.eval().to(device)
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].a) + len(pairs[n].b))
    scores = np.zeros((len(pairs), len(OUTPUTS)), np.float32)
    words: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(pairs)
    with torch.no_grad():
        for start in range(0, len(order), 64):
            some = order[start : start + 64]
            batch = _collate([pairs[n] for n in some], tokenizer, pad)
            with torch.autocast(device, torch.bfloat16):
                found, of_words = model(
                    *(x.to(device) for x in (batch.pieces, batch.segments, batch.parts, batch.mask))
                )
            scores[some] = found.float().cpu().numpy()
            for row, n in enumerate(some):
                words[n] = of_words[row, : int(batch.mask[row].sum())].float().cpu().numpy()
    return Answers(scores, words)


def outputs(scores: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    """Scores ``(pairs, OUTPUTS)`` as probabilities by name."""
    raw = scores.astype(np.float64)
    relation = np.exp(raw[:, : len(RELATIONS)] - raw[:, : len(RELATIONS)].max(1, keepdims=True))
    relation /= relation.sum(1, keepdims=True)
    found = {name: relation[:, n] for n, name in enumerate(RELATIONS)}
    found |= {n: 1 / (1 + np.exp(-raw[:, OUTPUTS.index(n)])) for n in OUTPUTS[len(RELATIONS) :]}
    return found


def tokenizer_of(file: Path) -> Tokenizer:
    """The tokenizer of pairs, as it is used at run time."""
    made = Tokenizer.from_file(str(file))
    made.no_padding()
    made.enable_truncation(LONGEST)
    return made
