"""The extractor's network in PyTorch: one encoder, three heads.

The **tag head** marks cues (top-level and nested ones apart) and, as an auxiliary task, sources and
contents. The **role head** reads the words once per cue: for cue *k* and word *w* it scores outside,
source and content from the encoder's states of both, their distance, and the words around, and a
linear-chain CRF over the words (Lafferty et al. 2001) makes the best whole labelling. So linking is
not a step of its own: each cue fetches its own source and content, and one source can serve two cues. The
**side head** marks what the next stage needs to say who is speaking (``onrecord.extract.reading.COLUMNS``); it reads
several layers of the encoder and is trained after the rest, which it leaves as it is. The **deed head** makes the word
vectors that the judgement of acts pools, and is trained together with the encoder (``train.joint``).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from onrecord.extract.reading import COLUMNS, DEED
from onrecord.extract.words import BREAKS, SHAPES

TAGS = 11
"""Tag scores a word: outside/B/I of a top-level cue, the same of a nested cue, then outside/B/I-source/B/I-content."""

ROLES = 3
REACH = 160
"""Distances in words between cue and word beyond which all are one."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the network."""

    hidden: int = 384
    pair: int = 128
    kernel: int = 5


def distance_table(reach: int = REACH) -> Tensor:
    """Bucket of each distance -reach..reach: single words near the cue, ever wider steps away from it."""
    d = torch.arange(-reach, reach + 1)
    size = d.abs()
    far = 8 + ((size.clamp(min=8).float() / 8).log() / torch.log(torch.tensor(reach / 8)) * 11).long()
    bucket = torch.where(size < 8, size, far)
    return torch.where(d < 0, bucket, bucket + 20)


DISTANCES = 40


SIDE_LAYERS = 4
"""So many layers of the encoder the side head reads."""


def side_layers(count: int) -> list[int]:
    """Which they are of ``count``: word vectors (0), then the states after a third, two thirds and all.

    >>> side_layers(6)
    [0, 2, 4, 6]
    """
    return [count * k // (SIDE_LAYERS - 1) for k in range(SIDE_LAYERS)]


class Mixed(nn.Module):
    """Several layers' word states mixed, and two convolutions over the words."""

    def __init__(self, hidden: int, width: int, dropout: float, kernel: int = 3) -> None:
        super().__init__()
        self.mix = nn.Linear(hidden * SIDE_LAYERS, width)
        self.conv = nn.Conv1d(width, width, kernel, padding=kernel // 2)
        self.conv2 = nn.Conv1d(width, width, kernel, padding=kernel // 2)
        self.dropout = nn.Dropout(dropout)
        self.as_products = False

    def forward(self, layers: Tensor) -> Tensor:
        """States ``(batch, words, width)`` from layers' states side by side ``(batch, words, hidden * layers)``."""
        states: Tensor = nn.functional.gelu(self.mix(self.dropout(layers)))
        for conv in (self.conv, self.conv2):
            mixed = product(conv, states) if self.as_products else conv(states.transpose(1, 2)).transpose(1, 2)
            states = states + nn.functional.gelu(mixed)
        return states


class Side(Mixed):
    """The side head: one score for each column but the last."""

    def __init__(self, hidden: int, width: int = 256) -> None:
        super().__init__(hidden, width, 0.3)
        self.out = nn.Linear(width, sum(COLUMNS.values()) - DEED)

    def forward(self, layers: Tensor) -> Tensor:
        """Scores ``(batch, words, columns)`` from layers' states side by side ``(batch, words, hidden * layers)``."""
        scores: Tensor = self.out(self.dropout(super().forward(layers)))
        return scores


def side_column(scores: Tensor, name: str) -> Tensor:
    """One of ``COLUMNS`` out of the side head's scores."""
    start = 0
    for other, width in COLUMNS.items():
        if other == name:
            return scores[..., start : start + width]
        start += width
    raise KeyError(name)


class Extractor(nn.Module):
    """Encoder, tag head and role head. ``encoder`` is a Hugging Face BERT or MPNet model."""

    def __init__(self, encoder: nn.Module, shape: Shape) -> None:
        super().__init__()
        self.encoder = encoder
        hidden, pair = shape.hidden, shape.pair
        self.shape_embedding = nn.Embedding(SHAPES, hidden)
        self.break_embedding = nn.Embedding(BREAKS, hidden)
        for table in (self.shape_embedding, self.break_embedding):
            nn.init.normal_(table.weight, std=0.02)
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Linear(hidden, TAGS)
        self.word = nn.Linear(hidden, pair)
        self.word_gate = nn.Linear(hidden, pair)
        self.cue = nn.Linear(3 * hidden, pair)
        self.cue_gate = nn.Linear(3 * hidden, pair)
        self.distance = nn.Embedding(DISTANCES, pair)
        self.norm = nn.LayerNorm(pair)
        self.conv = nn.Conv1d(pair, pair, shape.kernel, padding=shape.kernel // 2)
        self.conv2 = nn.Conv1d(pair, pair, shape.kernel, padding=shape.kernel // 2)
        self.roles = nn.Linear(pair, ROLES)
        self.transitions = nn.Parameter(torch.zeros(ROLES, ROLES))
        self.side = Side(hidden)
        self.deeds = Mixed(hidden, DEED, 0.2)
        self.as_products = False
        """For export: convolutions as matrix products, which run with 8-bit weights."""
        self.buckets: Tensor
        self.register_buffer("buckets", distance_table(), persistent=False)

    def states(self, pieces: Tensor, mask: Tensor, features: tuple[Tensor, Tensor], first: Tensor) -> Tensor:
        """Word states ``(batch, words, hidden)`` from word pieces ``(batch, pieces)``.

        ``features`` are shapes and breaks of each piece (a word's continuation pieces carry its shape
        and break 0); ``first`` is the index of each word's first piece.
        """
        shapes, breaks = features
        embedded = word_embeddings(self.encoder)(pieces)
        embedded = embedded + self.shape_embedding(shapes) + self.break_embedding(breaks)
        states = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        index = first.unsqueeze(-1).expand(-1, -1, states.shape[-1])
        gathered: Tensor = states.gather(1, index)
        return gathered

    def role_scores(self, states: Tensor, cue_of: Tensor, starts: Tensor, ends: Tensor) -> Tensor:
        """Role scores ``(cues, words, ROLES)``.

        ``states`` is ``(batch, words, hidden)``; cue ``k`` covers words ``[starts[k], ends[k])`` of row
        ``cue_of[k]``.
        """
        count = states.shape[1]
        heads = states[cue_of, starts]
        tails = states[cue_of, ends - 1]
        position = torch.arange(count, device=states.device)
        inside = (position >= starts[:, None]) & (position < ends[:, None])
        rows = states[cue_of]
        mean = (rows * inside.unsqueeze(-1)).sum(1) / inside.sum(1, keepdim=True)
        cue = torch.cat([heads, tails, mean], -1)
        gap = torch.where(
            position < starts[:, None],
            position - starts[:, None],
            torch.where(inside, torch.zeros_like(position), position - ends[:, None] + 1),
        ).clamp(-REACH, REACH)
        pair = (
            self.word(states)[cue_of]
            + self.cue(cue)[:, None]
            + self.word_gate(states)[cue_of] * self.cue_gate(cue)[:, None]
            + self.distance(self.buckets[gap + REACH])
        )
        pair = nn.functional.gelu(self.norm(pair))
        for conv in (self.conv, self.conv2):
            mixed = product(conv, pair) if self.as_products else conv(pair.transpose(1, 2)).transpose(1, 2)
            pair = pair + nn.functional.gelu(mixed)
        scores: Tensor = self.roles(self.dropout(pair))
        # a word of the cue itself is outside, known beforehand
        blocked = torch.tensor([0.0, -1e4, -1e4], device=scores.device)
        return scores + inside.unsqueeze(-1) * blocked


def product(conv: nn.Conv1d, states: Tensor) -> Tensor:
    """The convolution of ``states`` ``(batch, words, channels)`` as one matrix product of each word's neighbours."""
    width, words = conv.kernel_size[0], states.shape[1]
    padded = nn.functional.pad(states, (0, 0, width // 2, width // 2))
    neighbours = torch.cat([padded[:, k : k + words] for k in range(width)], -1)
    weight = conv.weight.permute(2, 1, 0).reshape(-1, conv.out_channels)
    assert conv.bias is not None
    return neighbours @ weight + conv.bias


def word_embeddings(encoder: nn.Module) -> nn.Embedding:
    """The table of word-piece vectors of a Hugging Face encoder."""
    table = encoder.get_input_embeddings()  # type: ignore[operator]
    assert isinstance(table, nn.Embedding)
    return table


def crf_loss(scores: Tensor, transitions: Tensor, labels: Tensor, lengths: Tensor) -> Tensor:
    """Negative log likelihood of ``labels`` ``(cues, words)``, one value a cue; words past a length do not count."""
    words = scores.shape[1]
    index = torch.arange(words, device=scores.device)
    valid = index < lengths[:, None]
    gold = (scores.gather(2, labels.unsqueeze(-1)).squeeze(-1) * valid).sum(1)
    steps = transitions[labels[:, :-1], labels[:, 1:]]
    gold = gold + (steps * valid[:, 1:]).sum(1)
    alpha = scores[:, 0]
    for t in range(1, words):
        new = torch.logsumexp(alpha.unsqueeze(2) + transitions, 1) + scores[:, t]
        alpha = torch.where(valid[:, t : t + 1], new, alpha)
    return torch.logsumexp(alpha, 1) - gold
