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
from dataclasses import dataclass, fields
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
_READ = 64
"""So many pairs are read together when nothing is learnt."""


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


@dataclass(frozen=True)
class _Batch:
    pieces: Tensor
    segments: Tensor
    parts: Tensor
    mask: Tensor
    clash: Tensor
    relation: Tensor
    leanings: Tensor
    taught: Tensor
    weight: Tensor


@dataclass(frozen=True)
class _Packed:
    """Pairs as tensors on a device; of what is not known -1 is said.

    ``pieces`` and ``clash`` ``(pieces,)`` have those of all pairs one after the other, of a then of b, without marks;
    ``starts`` ``(pairs,)`` and ``lengths`` ``(pairs, 2)`` say where. ``relation`` ``(pairs,)`` is a number of
    ``RELATIONS``; ``leanings`` ``(pairs, 2)``; ``taught`` ``(pairs, OUTPUTS)``.
    """

    pieces: Tensor
    clash: Tensor
    starts: Tensor
    lengths: Tensor
    marked: Tensor
    relation: Tensor
    leanings: Tensor
    taught: Tensor
    weight: Tensor
    marks: Tensor
    """What stands before a pair, after each claim, and where there is nothing."""

    def to(self, device: str) -> _Packed:
        """The same on another device."""
        return _Packed(*(getattr(self, each.name).to(device) for each in fields(self)))

    def batch(self, numbers: Tensor, turned: Tensor, most: int) -> _Batch:
        """Some pairs, each turned or not; ``most`` word pieces are in the longest."""
        begin, between, nothing = self.marks
        mine, theirs = self.lengths[numbers].unbind(1)
        start = self.starts[numbers]
        first, second = torch.where(turned, theirs, mine)[:, None], torch.where(turned, mine, theirs)[:, None]
        begins = torch.where(turned, start + mine, start)[:, None], torch.where(turned, start, start + mine)[:, None]
        at = torch.arange(most, device=numbers.device)[None]
        in_first, in_second = (at >= 1) & (at <= first), (at >= first + 3) & (at < first + 3 + second)
        place = torch.where(in_first, begins[0] + at - 1, torch.where(in_second, begins[1] + at - first - 3, 0))
        there, mask = in_first | in_second, at < first + second + 4
        pieces = torch.where(there, self.pieces[place], torch.where(at == 0, begin, between)).where(mask, nothing)
        clash = torch.where(there, self.clash[place], torch.where(self.marked[numbers][:, None] & mask, 0.0, -1.0))
        parts = torch.stack([mask & ~in_second, in_second], 1).float()
        back = turned.long()
        taught = self.taught[numbers].gather(1, _ORDER.to(numbers.device)[back])
        taught[:, len(RELATIONS) :].masked_fill_(turned[:, None], -1.0)
        return _Batch(
            pieces, in_second.long(), parts / parts.sum(2, keepdim=True).clamp(min=1), mask.long(), clash,
            _OTHER_WAY.to(numbers.device)[back, self.relation[numbers]], self.leanings[numbers],
            taught, self.weight[numbers],
        )  # fmt: skip


_ORDER = torch.tensor([range(len(OUTPUTS)), [OUTPUTS.index(TURNED.get(name, name)) for name in OUTPUTS]])
"""Which output is which when the claims stand as they are, and when they change places."""
_OTHER_WAY = torch.cat([_ORDER[:, : len(RELATIONS)], torch.full((2, 1), -1)], 1)
"""The same of relations; the last one, which is not known, stays so."""
_AT_ONCE = 20_000


def _packed(pairs: Sequence[Pair], tokenizer: Tokenizer, nothing: int) -> _Packed:
    pieces: list[NDArray[np.int64]] = []
    clash: list[NDArray[np.float32]] = []
    lengths = np.zeros((len(pairs), 2), np.int64)
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE]
        found = tokenizer.encode_batch([(pair.a, pair.b) for pair in some])
        for number, (pair, one) in enumerate(zip(some, found, strict=True), start):
            second = sum(one.type_ids)
            first = len(one.ids) - second - 4
            lengths[number] = first, second
            ids = np.array(one.ids)
            pieces.append(np.concatenate([ids[1 : first + 1], ids[first + 3 : -1]]))
            clash.append(_clash_of(pair, one, first))
    known = [(pair.strengthens, pair.weakens) for pair in pairs]
    unsaid = (-1.0,) * len(OUTPUTS)
    begin, between = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
    marks = torch.tensor([int(begin or 0), int(between or 0), nothing])
    sizes = lengths.sum(1)
    return _Packed(
        torch.from_numpy(np.concatenate(pieces)), torch.from_numpy(np.concatenate(clash)),
        torch.from_numpy(sizes.cumsum() - sizes), torch.from_numpy(lengths),
        torch.tensor([pair.clash is not None for pair in pairs]),
        torch.tensor([-1 if pair.relation is None else RELATIONS.index(pair.relation) for pair in pairs]),
        torch.tensor([[-1.0 if value is None else float(value) for value in each] for each in known]),
        torch.tensor([unsaid if pair.taught is None else pair.taught for pair in pairs]),
        torch.tensor([pair.weight for pair in pairs]), marks,
    )  # fmt: skip


def _clash_of(pair: Pair, found: Encoding, first: int) -> NDArray[np.float32]:
    """Of each word piece of both claims whether it is of words that clash: 1, 0; -1 where nobody marked them."""
    size = len(found.ids) - 4
    marks = np.full(size, -1.0 if pair.clash is None else 0.0, np.float32)
    if pair.clash is not None and any(pair.clash):
        offsets = [*found.offsets[1 : first + 1], *found.offsets[first + 3 : -1]]
        for n, (start, end) in enumerate(offsets):
            marks[n] = any(s < end and start < e for s, e in pair.clash[n >= first])
    return marks


def _loss(model: PairNetwork, batch: _Batch, device: str) -> Tensor:
    with sixteen_bits(device):
        scores, words = model(batch.pieces, batch.segments, batch.parts, batch.mask)
    scores, words = scores.float(), words.float()
    count = len(RELATIONS)
    each = functional.cross_entropy(scores[:, :count], batch.relation, reduction="none", ignore_index=-1)
    said = batch.taught >= 0
    soft = functional.cross_entropy(scores[:, :count], batch.taught[:, :count].clamp(min=0), reduction="none")
    each = each + soft * said[:, 0]
    for wanted in (batch.leanings, batch.taught[:, count:]):
        leaning = functional.binary_cross_entropy_with_logits(scores[:, count:], wanted.clamp(min=0), reduction="none")
        each = each + (leaning * (wanted >= 0)).sum(1)
    marked = functional.binary_cross_entropy_with_logits(words, batch.clash.clamp(min=0), reduction="none")
    made: Tensor = ((each * batch.weight).sum() + 0.05 * (marked * (batch.clash >= 0)).sum()) / len(scores)
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
    packed = _packed(pairs, tokenizer, model.pad)
    sizes = (packed.lengths.sum(1) + 4).tolist()
    packed = packed.to(device)
    for epoch in range(epochs):
        rng = random.Random(seed * 1000 + epoch)
        turned = torch.tensor([pair.turns and rng.random() < 0.5 for pair in pairs], device=device)
        batches = alike(range(len(pairs)), batch, sizes.__getitem__, rng)
        skipped = min(len(batches), max(0, begun - done))
        done += skipped
        for some in batches[skipped:]:
            numbers = torch.tensor(some, device=device)
            made = packed.batch(numbers, turned[numbers], max(sizes[n] for n in some))
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
    if not pairs:
        return Answers(np.zeros((0, len(OUTPUTS)), np.float32), [])
    packed = _packed(pairs, tokenizer, model.pad)
    sizes = (packed.lengths.sum(1) + 4).tolist()
    packed = packed.to(device)
    order = sorted(range(len(pairs)), key=sizes.__getitem__)
    scores = np.zeros((len(pairs), len(OUTPUTS)), np.float32)
    words: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(pairs)
    with torch.no_grad():
        for start in range(0, len(order), _READ):
            some = order[start : start + _READ]
            numbers = torch.tensor(some, device=device)
            batch = packed.batch(numbers, torch.zeros(len(some), dtype=torch.bool, device=device), sizes[some[-1]])
            with sixteen_bits(device):
                found, of_words = model(batch.pieces, batch.segments, batch.parts, batch.mask)
            scores[some] = found.float().cpu().numpy()
            rows = of_words.float().cpu().numpy()
            for row, n in enumerate(some):
                words[n] = rows[row, : sizes[n]]
    return Answers(scores, words)


def outputs(scores: NDArray[np.float32]) -> dict[str, NDArray[np.float64]]:
    """Scores ``(pairs, OUTPUTS)`` as probabilities by name."""
    raw = scores.astype(np.float64)
    relation = np.exp(raw[:, : len(RELATIONS)] - raw[:, : len(RELATIONS)].max(1, keepdims=True))
    relation /= relation.sum(1, keepdims=True)
    found = {name: relation[:, n] for n, name in enumerate(RELATIONS)}
    found |= {n: 1 / (1 + np.exp(-raw[:, OUTPUTS.index(n)])) for n in OUTPUTS[len(RELATIONS) :]}
    return found
