"""The network that says what one claim is to another: two claims read together, several answers.

``train.claims`` prepares the examples and fits it. It is one encoder (BERT, the two claims as its two segments) and two
heads: one over both claims' mean states, for what the pair is (``onrecord.meaning.pairs.OUTPUTS``), one over each word
piece, for the words that clash.
"""

from __future__ import annotations

import logging
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from onrecord.meaning.pairs import OUTPUTS, RELATIONS, TURNED
from train.fit import alike, schedule, sixteen_bits

__all__ = ["TOKENIZER", "Answers", "Pair", "PairNetwork", "build", "fit", "hold", "keep_layers", "outputs", "predict"]

log = logging.getLogger("train")

TOKENIZER = Path(__file__).parent.parent / "src/onrecord/models/extract/tokenizer.json"
_CHECKPOINT_EVERY = 240.0
_AHEAD = 6


@dataclass(frozen=True)
class Pair:
    """Two claims and what is known of them.

    ``relation`` is one of ``RELATIONS`` (b to a); ``strengthens`` and ``weakens`` (does b strengthen, weaken a) are
    None where nobody said. ``clash`` are the words of both that clash, as offsets; None where nobody marked them. Of
    one ``group`` are pairs that must not be divided. ``taught`` is what another network said of the pair, a probability
    for each of ``OUTPUTS``; those that it did not say are below 0.
    """

    a: str
    b: str
    group: str = ""
    relation: str | None = None
    strengthens: float | None = None
    weakens: float | None = None
    clash: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] | None = None
    weight: float = 1.0
    taught: tuple[float, ...] | None = None

    def turned(self) -> Pair:
        """The same, the other way round."""
        clash = None if self.clash is None else (self.clash[1], self.clash[0])
        relation = TURNED.get(self.relation, self.relation) if self.relation is not None else None
        taught = None
        if self.taught is not None:
            said = dict(zip(OUTPUTS, self.taught, strict=True)) | dict.fromkeys(OUTPUTS[len(RELATIONS) :], -1.0)
            taught = tuple(said[TURNED.get(name, name)] for name in OUTPUTS)
        return Pair(self.b, self.a, self.group, relation, clash=clash, weight=self.weight, taught=taught)

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
        self.pad = int(getattr(getattr(encoder, "config", None), "pad_token_id", None) or 0)
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


def build(encoder: Path, start: Path | None = None, layers: Sequence[int] = ()) -> PairNetwork:
    """A network on a pretrained encoder's folder, with all of its layers or some, or as it was saved in ``start``.

    Its word pieces are those of the shipped tokenizer (``TOKENIZER``), in whatever order the folder has its own.
    """
    from transformers import AutoModel

    bert = AutoModel.from_pretrained(str(encoder), add_pooling_layer=False)
    words = bert.embeddings.word_embeddings
    words.weight.data = words.weight.data[_order(encoder / "tokenizer.json")]
    model = PairNetwork(bert, bert.config.hidden_size, segments=getattr(bert.config, "type_vocab_size", 0) > 1)
    keep_layers(model, layers)
    if start is not None:
        model.load_state_dict(torch.load(start, map_location="cpu", weights_only=True))
    return model


def keep_layers(model: PairNetwork, layers: Sequence[int]) -> None:
    """Leave only these layers of the encoder; of none given, all."""
    if layers:
        encoder: Any = model.encoder
        encoder.encoder.layer = nn.ModuleList(encoder.encoder.layer[number] for number in layers)
        encoder.config.num_hidden_layers = len(layers)


def hold(model: PairNetwork, layers: int) -> None:
    """Keep what the encoder embeds with, and so many of its lower layers, as they are when the rest is fitted."""
    encoder: Any = model.encoder
    shared = [encoder.encoder.relative_attention_bias] if hasattr(encoder.encoder, "relative_attention_bias") else []
    for part in (encoder.embeddings, *encoder.encoder.layer[:layers], *shared):
        part.requires_grad_(False)


def _order(own: Path) -> list[int]:
    """For each word piece of the shipped tokenizer its place in that of a pretrained encoder."""
    theirs = Tokenizer.from_file(str(own)).get_vocab()
    names = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[MASK]": "<mask>"}
    ours = sorted(Tokenizer.from_file(str(TOKENIZER)).get_vocab().items(), key=lambda item: item[1])
    return [theirs[names.get(piece, piece) if "<s>" in theirs else piece] for piece, _ in ours]


@dataclass
class _Batch:
    pieces: Tensor
    segments: Tensor
    parts: Tensor
    mask: Tensor
    clash: Tensor
    pairs: list[Pair]


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A pair's word pieces, to which claim each belongs, and whether it is of words that clash (1, 0; -1 unknown)."""

    ids: NDArray[np.int64]
    sides: NDArray[np.int64]
    clash: NDArray[np.float32]


def _encoded(pair: Pair, found: Encoding) -> _Encoded:
    size = len(found.ids)
    sides = found.type_ids if any(found.type_ids) else [side or 0 for side in found.sequence_ids]
    marks = np.full(size, -1.0 if pair.clash is None else 0.0, np.float32)
    if pair.clash is not None and any(pair.clash):
        for n, (sequence, (start, end)) in enumerate(zip(found.sequence_ids, found.offsets, strict=True)):
            if sequence is not None:
                marks[n] = any(s < end and start < e for s, e in pair.clash[sequence])
    return _Encoded(np.array(found.ids), np.array(sides), marks)


def _collate(pairs: Sequence[Pair], tokenizer: Tokenizer, pad: int) -> _Batch:
    found = tokenizer.encode_batch([(pair.a, pair.b) for pair in pairs])
    made = [_encoded(pair, one) for pair, one in zip(pairs, found, strict=True)]
    most = max(len(one.ids) for one in made)
    pieces, segments, mask = (np.full((len(made), most), value) for value in (pad, 0, 0))
    parts = np.zeros((len(made), 2, most), np.float32)
    clash = np.full((len(made), most), -1.0, np.float32)
    for row, one in enumerate(made):
        size = len(one.ids)
        pieces[row, :size], segments[row, :size], mask[row, :size] = one.ids, one.sides, 1
        clash[row, :size] = one.clash
        for k in (0, 1):
            mine = one.sides == k
            parts[row, k, :size] = mine / max(int(mine.sum()), 1)
    tensors = [torch.from_numpy(made) for made in (pieces, segments, parts, mask, clash)]
    return _Batch(tensors[0], tensors[1], tensors[2], tensors[3], tensors[4], list(pairs))


def _ahead(batches: Sequence[Sequence[Pair]], tokenizer: Tokenizer, pad: int) -> Iterator[_Batch]:
    """The batches, each made while those before it are used."""
    with ThreadPoolExecutor(2) as pool:
        waiting: deque[Future[_Batch]] = deque()
        for some in batches:
            waiting.append(pool.submit(_collate, some, tokenizer, pad))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _loss(model: PairNetwork, batch: _Batch, device: str) -> Tensor:
    with sixteen_bits(device):
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
    known = [n for n, pair in enumerate(batch.pairs) if pair.taught is not None]
    if known:
        wanted = torch.tensor([batch.pairs[n].taught for n in known], device=device)
        count = len(RELATIONS)
        each = functional.cross_entropy(scores[known, :count], wanted[:, :count], reduction="none")
        total = total + (each * weights[known]).sum()
        said = wanted[:, count:] >= 0
        each = functional.binary_cross_entropy_with_logits(
            scores[known, count:], wanted[:, count:].clamp(min=0), reduction="none"
        )
        total = total + (each * said * weights[known, None]).sum()
    if bool((batch.clash >= 0).any()):
        clash = batch.clash.to(device)
        each = functional.binary_cross_entropy_with_logits(words, clash.clamp(min=0), reduction="none")
        total = total + 0.05 * (each * (clash >= 0)).sum()
    made: Tensor = total / len(batch.pairs)
    return made


def fit(
    model: PairNetwork, pairs: Sequence[Pair], tokenizer: Tokenizer, *, epochs: int, rate: float, batch: int = 32,
    seed: int = 1, device: str = "cpu", keep: Path | None = None,
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
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)
    total = epochs * (-(-len(pairs) // batch))
    running: Tensor | float = 0.0
    done, kept = 0, time.monotonic()
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
        batches = alike(shown, batch, lambda pair: len(pair.a) + len(pair.b), rng)
        skipped = min(len(batches), max(0, begun - done))
        done += skipped
        for made in _ahead(batches[skipped:], tokenizer, model.pad):
            done += 1
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * schedule(done, total)
            loss = _loss(model, made, device)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            running = running.lerp(loss.detach(), 0.02) if isinstance(running, Tensor) else loss.detach()
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


def predict(model: PairNetwork, pairs: Sequence[Pair], tokenizer: Tokenizer, *, device: str = "cpu") -> Answers:
    """What the network says of pairs."""
    model.eval().to(device)
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].a) + len(pairs[n].b))
    scores = np.zeros((len(pairs), len(OUTPUTS)), np.float32)
    words: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(pairs)
    parts = [order[start : start + 64] for start in range(0, len(order), 64)]
    with torch.no_grad():
        made = _ahead([[pairs[n] for n in some] for some in parts], tokenizer, model.pad)
        for some, batch in zip(parts, made, strict=True):
            with sixteen_bits(device):
                found, of_words = model(
                    *(x.to(device) for x in (batch.pieces, batch.segments, batch.parts, batch.mask))
                )
            scores[some] = found.float().cpu().numpy()
            lengths, rows = batch.mask.sum(1).tolist(), of_words.float().cpu().numpy()
            for row, n in enumerate(some):
                words[n] = rows[row, : int(lengths[row])]
    return Answers(scores, words)


def outputs(scores: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    """Scores ``(pairs, OUTPUTS)`` as probabilities by name."""
    raw = scores.astype(np.float64)
    relation = np.exp(raw[:, : len(RELATIONS)] - raw[:, : len(RELATIONS)].max(1, keepdims=True))
    relation /= relation.sum(1, keepdims=True)
    found = {name: relation[:, n] for n, name in enumerate(RELATIONS)}
    found |= {n: 1 / (1 + np.exp(-raw[:, OUTPUTS.index(n)])) for n in OUTPUTS[len(RELATIONS) :]}
    return found
