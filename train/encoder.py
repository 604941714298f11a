"""A plain BERT encoder for export: the same sums as the trained one, in a form that exports to a small graph."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


class Layer(nn.Module):
    """One BERT layer (Devlin et al. 2019): self-attention and feed-forward, each with residual and norm after."""

    def __init__(self, hidden: int, inner: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(hidden, hidden) for _ in range(3))
        self.out = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.up, self.down = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """States ``(batch, pieces, hidden)``; ``bias`` is 0 where a piece may be attended, very negative elsewhere."""
        batch, pieces, hidden = states.shape

        def split(x: Tensor) -> Tensor:
            return x.view(batch, pieces, self.heads, hidden // self.heads).transpose(1, 2)

        scale = (hidden // self.heads) ** -0.5
        query, key, value = split(self.query(states)), split(self.key(states)), split(self.value(states))
        weights = (query @ key.transpose(-1, -2) * scale + bias).softmax(-1)
        mixed = (weights @ value).transpose(1, 2).reshape(batch, pieces, hidden)
        states = self.attention_norm(states + self.out(mixed))
        normed: Tensor = self.norm(states + self.down(functional.gelu(self.up(states))))
        return normed


class Encoder(nn.Module):
    """Position and type embeddings plus the layers; word embeddings are looked up by the caller."""

    def __init__(self, hidden: int, inner: int, heads: int, layers: int, positions: int) -> None:
        super().__init__()
        self.position = nn.Embedding(positions, hidden)
        self.segment = nn.Embedding(2, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(hidden, inner, heads) for _ in range(layers))

    def forward(self, embedded: Tensor, bias: Tensor) -> list[Tensor]:
        """States ``(batch, pieces, hidden)`` before the first layer and after each, of embeddings of that shape."""
        positions = torch.arange(embedded.shape[1], device=embedded.device)
        states = self.norm(embedded + self.position(positions) + self.segment.weight[0])
        every = [states]
        for layer in self.layers:
            every.append(layer(every[-1], bias))
        return every


def from_bert(bert: nn.Module) -> Encoder:
    """The same encoder with the weights of a Hugging Face ``BertModel``."""
    config: Any = bert.config
    encoder = Encoder(
        config.hidden_size,
        config.intermediate_size,
        config.num_attention_heads,
        config.num_hidden_layers,
        config.max_position_embeddings,
    )
    weights = bert.state_dict()
    names = bert_names(config.num_hidden_layers)
    encoder.load_state_dict({ours: weights[theirs] for ours, theirs in names.items()})
    return encoder


def bert_names(layers: int) -> dict[str, str]:
    """The name in a Hugging Face ``BertModel`` of each parameter of an ``Encoder``."""
    names = {
        "position.weight": "embeddings.position_embeddings.weight",
        "segment.weight": "embeddings.token_type_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
    }
    inside = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "attention_norm": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm": "output.LayerNorm",
    }
    for layer in range(layers):
        for ours, theirs in inside.items():
            for part in ("weight", "bias"):
                names[f"layers.{layer}.{ours}.{part}"] = f"encoder.layer.{layer}.{theirs}.{part}"
    return names
