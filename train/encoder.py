"""A plain BERT encoder for export: the same sums as the trained one, in a form that exports to a small graph."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch._C import OptionalType
from torch.nn import functional
from torch.onnx import symbolic_helper


class _Attention(torch.autograd.Function):
    """Attention as one operator of ONNX Runtime's, which never writes all weights out (Dao et al. 2022)."""

    @staticmethod
    def symbolic(g: Any, query: Any, key: Any, value: Any, bias: Any, heads: int) -> Any:
        given = [query, key, value]
        if not symbolic_helper._is_none(bias):
            absent = g.op("prim::Constant")
            absent.setType(OptionalType.ofTensor())
            given += [absent, absent, bias]
        attended = g.op("com.microsoft::MultiHeadAttention", *given, num_heads_i=heads)
        return attended.setType(query.type())

    @staticmethod
    def forward(_: Any, query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None, heads: int) -> Tensor:
        def split(x: Tensor) -> Tensor:
            return x.view(*x.shape[:2], heads, -1).transpose(1, 2)

        attended = functional.scaled_dot_product_attention(split(query), split(key), split(value), attn_mask=bias)
        return attended.transpose(1, 2).flatten(2)


def _attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None, heads: int) -> Tensor:
    mixed: Tensor = _Attention.apply(query, key, value, bias, heads)  # type: ignore[no-untyped-call]
    return mixed


class Layer(nn.Module):
    """One BERT layer (Devlin et al. 2019): self-attention and feed-forward, each with residual and norm after.

    ``bias`` ``(1, heads, pieces, pieces)`` is added to how much a piece attends to another, where there is one.
    ``attend_scale``, ``up_scale`` and ``down_scale`` multiply what goes into these products; see ``level``.
    """

    def __init__(self, hidden: int, inner: int, heads: int, eps: float = 1e-12) -> None:
        super().__init__()
        self.heads = heads
        self.attend = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, eps=eps)
        self.up, self.down = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.norm = nn.LayerNorm(hidden, eps=eps)
        self.attend_scale: Tensor
        self.up_scale: Tensor
        self.down_scale: Tensor
        self.register_buffer("attend_scale", torch.ones(hidden))
        self.register_buffer("up_scale", torch.ones(hidden))
        self.register_buffer("down_scale", torch.ones(inner))

    def forward(self, states: Tensor, kept: Tensor | None, bias: Tensor | None = None) -> Tensor:
        """States ``(batch, pieces, hidden)``: of all pieces, or of those that ``kept`` names as ``gather`` takes it."""
        query, key, value = self.attend(states * self.attend_scale).split(states.shape[-1], -1)
        if kept is not None:
            states, query = states.gather(1, kept), query.gather(1, kept)
        states = self.attention_norm(states + self.out(_attention(query, key, value, bias, self.heads)))
        inner = functional.gelu(self.up(states * self.up_scale))
        normed: Tensor = self.norm(states + self.down(inner * self.down_scale))
        return normed


class Encoder(nn.Module):
    """Position and type embeddings plus the layers; word embeddings are looked up by the caller.

    With ``relative`` a piece attends to another also by how far apart the two are, up to ``positions`` (MPNet, Song et
    al. 2020).
    """

    def __init__(
        self, hidden: int, inner: int, heads: int, layers: int, positions: int, *, eps: float = 1e-12,
        relative: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.position = nn.Embedding(positions, hidden)
        self.segment = nn.Embedding(2, hidden)
        self.norm = nn.LayerNorm(hidden, eps=eps)
        self.layers = nn.ModuleList(Layer(hidden, inner, heads, eps) for _ in range(layers))
        self.relative: Tensor | None
        self.register_buffer("relative", torch.zeros(2 * positions - 1, heads) if relative else None)

    def forward(self, embedded: Tensor, kept: Tensor | None) -> list[Tensor]:
        """States ``(batch, pieces, hidden)`` before the first layer and after each; the last only of ``kept``."""
        positions = torch.arange(embedded.shape[1], device=embedded.device)
        every = [self.norm(embedded + self.position(positions) + self.segment.weight[0])]
        bias = None
        if self.relative is not None:
            apart = positions[None, :] - positions[:, None] + (len(self.relative) // 2)
            bias = self.relative[apart].permute(2, 0, 1)[None]
        for layer in self.layers:
            every.append(layer(every[-1], kept if len(every) == len(self.layers) else None, bias))
        return every


LEVEL = 0.8
"""How much of a channel's size goes from the states into the weights: 0 nothing, 1 all."""


def level(encoder: Encoder, run: Callable[[], object]) -> None:
    """Make the channels that ``attend``, ``up`` and ``down`` read alike in size, and their weights unlike.

    A few channels are ten times as large as the rest, and eight bits with one scale for all would leave little to
    those. Each is divided by a factor, and its weights multiplied, so that the product stays what it was (SmoothQuant,
    Xiao et al. 2023). ``run`` lets the encoder read some text, from which the sizes are taken.
    """
    largest: dict[nn.Module, Tensor] = {}

    def note(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        size = inputs[0].abs().flatten(0, -2).amax(0)
        largest[module] = torch.maximum(largest.get(module, size), size)

    products = [(layer, name) for layer in encoder.layers for name in ("attend", "up", "down")]
    hooks = [getattr(layer, name).register_forward_pre_hook(note) for layer, name in products]
    with torch.no_grad():
        run()
        for layer, name in products:
            linear = getattr(layer, name)
            weights = linear.weight.abs().amax(0).clamp(min=1e-3)
            factor = largest[linear].clamp(min=1e-3) ** LEVEL / weights ** (1 - LEVEL)
            factor = factor / factor.log().mean().exp()
            getattr(layer, f"{name}_scale").copy_(1 / factor)
            linear.weight.mul_(factor)
    for hook in hooks:
        hook.remove()


def eight_bits(table: Tensor) -> tuple[Tensor, Tensor]:
    """A table of embeddings in eight bits, and what each row is to be multiplied with.

    A scale of its own for each word piece: one scale for all cost half a point of F1.
    """
    scale = table.abs().amax(1, keepdim=True) / 127
    return (table / scale.clamp(min=1e-9)).round().to(torch.int8), scale


def from_bert(bert: nn.Module) -> Encoder:
    """The same encoder with the weights of a Hugging Face ``BertModel`` or ``MPNetModel``."""
    config: Any = bert.config
    mpnet, weights = config.model_type == "mpnet", bert.state_dict()
    names = mpnet_names(config.num_hidden_layers) if mpnet else bert_names(config.num_hidden_layers)
    ours = {name: torch.cat([weights[t] for t in theirs]) for name, theirs in names.items()}
    if mpnet:
        ours["position.weight"] = ours["position.weight"][config.pad_token_id + 1 :]
        ours["segment.weight"] = torch.zeros(2, config.hidden_size)
        bias = weights["encoder.relative_attention_bias.weight"]
        ours["relative"] = bias[buckets_of(len(bias), len(ours["position.weight"]))]
    encoder = Encoder(
        config.hidden_size,
        config.intermediate_size,
        config.num_attention_heads,
        config.num_hidden_layers,
        len(ours["position.weight"]),
        eps=config.layer_norm_eps,
        relative=mpnet,
    )
    encoder.load_state_dict(ours, strict=False)
    return encoder


def buckets_of(buckets: int, positions: int) -> Tensor:
    """The bucket of each distance from ``1 - positions`` to ``positions - 1``.

    The near ones have a bucket each, the farther ones up to 128 share some, in logarithmic steps (Raffel et al. 2020).
    """
    apart = torch.arange(1 - positions, positions)
    half = buckets // 2
    near, far = half // 2, apart.abs().clamp(min=1).float()
    steps = near + (torch.log(far / near) / math.log(128 / near) * (half - near)).long()
    return torch.where(apart.abs() < near, apart.abs(), steps.clamp(max=half - 1)) + half * (apart > 0)


def bert_names(layers: int) -> dict[str, list[str]]:
    """For each parameter of an ``Encoder`` the names in a Hugging Face ``BertModel`` of those that it consists of."""
    inside = {
        "attend": ["attention.self.query", "attention.self.key", "attention.self.value"],
        "out": ["attention.output.dense"],
        "attention_norm": ["attention.output.LayerNorm"],
    }
    return {"segment.weight": ["embeddings.token_type_embeddings.weight"], **_names(layers, inside)}


def mpnet_names(layers: int) -> dict[str, list[str]]:
    """For each parameter of an ``Encoder`` the names in a Hugging Face ``MPNetModel`` of those that it consists of."""
    inside = {
        "attend": ["attention.attn.q", "attention.attn.k", "attention.attn.v"],
        "out": ["attention.attn.o"],
        "attention_norm": ["attention.LayerNorm"],
    }
    return _names(layers, inside)


def _names(layers: int, inside: dict[str, list[str]]) -> dict[str, list[str]]:
    names = {
        "position.weight": ["embeddings.position_embeddings.weight"],
        "norm.weight": ["embeddings.LayerNorm.weight"],
        "norm.bias": ["embeddings.LayerNorm.bias"],
    }
    both = {"up": ["intermediate.dense"], "down": ["output.dense"], "norm": ["output.LayerNorm"]}
    for layer in range(layers):
        for ours, theirs in (inside | both).items():
            for part in ("weight", "bias"):
                names[f"layers.{layer}.{ours}.{part}"] = [f"encoder.layer.{layer}.{t}.{part}" for t in theirs]
    return names
