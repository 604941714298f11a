"""Weights to go on training from, out of the graphs that the package ships.

``python -m train.recover --encoder DIR --out model.pt [--model FOLDER]`` turns ``encoder.onnx`` and ``roles.onnx`` back
into the network's 32-bit parameters, exact up to the rounding of their eight bits, so that whoever has the package
can fine-tune its weights: nothing else of their training has to be kept. ``DIR`` is the pretrained encoder that
they started from (its configuration is needed, not its weights). With ``--layers 0 2 …``, as the network was fitted, it
is ``pairs.onnx`` that is turned back, into the parameters of ``train.pairs``; with ``--second`` it is ``second.onnx``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from train.encoder import bert_names, buckets_of, mpnet_names
from train.fit import build
from train.network import Extractor
from train.pairs import build as build_pairs

SHIPPED = Path(__file__).parent.parent / "src/onrecord/models/extract"
PAIRS = SHIPPED.parent / "pairs"
_PRODUCT = re.compile(r"/([\w./]+)/(?:MatMul|Gemm)")


class Graph:
    """One ONNX file: its constants by name, its matrix products by the module that they came from."""

    def __init__(self, path: Path) -> None:
        import onnx
        from onnx.numpy_helper import to_array

        graph = onnx.load(str(path)).graph
        self.constants = {c.name: torch.from_numpy(np.array(to_array(c))) for c in graph.initializer}
        self.nodes = {node.name: node for node in graph.node}
        self.products = {
            match[1].replace("/", "."): node.name
            for node in graph.node
            if node.op_type in ("MatMul", "MatMulInteger") and (match := _PRODUCT.match(node.name))
        }

    def linear(self, module: str) -> Tensor:
        """The weight ``(out, in)`` of the linear layer that was called ``module``."""
        return self.product(self.products[module])

    def product(self, name: str) -> Tensor:
        """The weight ``(out, in)`` of the matrix product called ``name``, whatever it is stored as."""
        node = self.nodes[name]
        stored = self.constants[node.input[1]]
        if node.op_type == "MatMul":
            return stored.T.float()
        scale = self.constants[node.input[1].removesuffix("_quantized") + "_scale"]
        return ((stored.float() - self.constants[node.input[3]].float()) * scale).T


def recovered(folder: Path, encoder: Path) -> dict[str, Tensor]:
    """The state of a ``train.network.Extractor`` whose exported graphs lie in ``folder``."""
    model = build(encoder)
    state = model.state_dict()
    config: Any = model.encoder.config
    layers: int = config.num_hidden_layers
    reading, roles = Graph(folder / "encoder.onnx"), Graph(folder / "roles.onnx")
    constants = reading.constants
    found: dict[str, Tensor] = {
        "encoder.embeddings.word_embeddings.weight": constants["table"].float() * constants["scale"],
        "shape_embedding.weight": constants["shapes.weight"],
        "break_embedding.weight": constants["breaks.weight"],
        "transitions": torch.tensor(json.loads((folder / "settings.json").read_text())["transitions"]),
    }
    for name in ("tags", "side.mix", "side.out", "deeds.mix"):
        found[f"{name}.weight"], found[f"{name}.bias"] = reading.linear(name), constants[f"{name}.bias"]
    for ours, theirs in bert_names(layers).items():
        whole = _of_encoder(reading, ours)
        names = [f"encoder.{name}" for name in theirs]
        found |= dict(zip(names, whole.chunk(len(names)) if len(names) > 1 else [whole], strict=True))
    segment = "encoder.embeddings.token_type_embeddings.weight"
    found[segment] = found[segment].expand_as(state[segment])
    for name in ("word", "word_gate", "cue", "cue_gate", "roles"):
        found[f"{name}.weight"] = roles.linear(name)
        found[f"{name}.bias"] = roles.constants[f"model.{name}.bias"]
    for name in ("distance.weight", "norm.weight", "norm.bias", "conv.bias", "conv2.bias"):
        found[name] = roles.constants[f"model.{name}"]
    for name in ("side.conv.bias", "side.conv2.bias", "deeds.conv.bias", "deeds.conv2.bias"):
        found[name] = constants[name]
    of_side, of_deeds = ("side.conv", "side.conv2"), ("deeds.conv", "deeds.conv2")
    for graph, convs, within in (
        (roles, ("conv", "conv2"), ""), (reading, of_side, "/side"), (reading, of_deeds, "/deeds")
    ):  # fmt: skip
        # Convolutions became nameless products, one after the other in the graph.
        bare = [node for node in graph.nodes if re.fullmatch(rf"{within}/MatMul(_\d+)?(_quant)?", node)]
        for name, product in zip(convs, bare, strict=True):
            out, width, kernel = state[f"{name}.weight"].shape
            found[f"{name}.weight"] = graph.product(product).reshape(out, kernel, width).transpose(1, 2)
    missing = {k for k in state if k not in found and not k.startswith("encoder.pooler")}
    if missing:
        raise SystemExit(f"{folder}: no weights for {', '.join(sorted(missing))} (another network than this one?)")
    return state | {name: value.reshape(state[name].shape).contiguous() for name, value in found.items()}


def recovered_pairs(
    folder: Path, encoder: Path, layers: Sequence[int] = (), *, second: bool = False
) -> dict[str, Tensor]:
    """The state of a ``train.pairs.PairNetwork`` of these layers of an MPNet, or all, whose exported graph is in
    ``folder``; ``second``: of the one that reads what may be a dispute."""
    model = build_pairs(encoder, layers=layers)
    state = model.state_dict()
    first = Graph(folder / "pairs.onnx").constants
    graph = Graph(folder / ("second.onnx" if second else "pairs.onnx"))
    found = {"encoder.embeddings.word_embeddings.weight": first["table"].float() * first["scale"]}
    encoding: Any = model.encoder
    for name in ("mix", "out", "words"):
        found[f"{name}.weight"], found[f"{name}.bias"] = graph.linear(name), graph.constants[f"{name}.bias"]
    for ours, theirs in mpnet_names(encoding.config.num_hidden_layers).items():
        whole = _of_encoder(graph, ours)
        names = [f"encoder.{name}" for name in theirs]
        found |= dict(zip(names, whole.chunk(len(names)) if len(names) > 1 else [whole], strict=True))
    position = "encoder.embeddings.position_embeddings.weight"
    found[position] = torch.cat([state[position][: len(state[position]) - len(found[position])], found[position]])
    buckets = "encoder.encoder.relative_attention_bias.weight"
    relative = graph.constants["encoder.relative"]
    found[buckets] = torch.zeros_like(state[buckets])
    found[buckets][buckets_of(len(state[buckets]), (len(relative) + 1) // 2)] = relative
    missing = {name for name in state if name not in found and not name.endswith("position_ids")}
    if missing:
        raise SystemExit(f"{folder}: no weights for {', '.join(sorted(missing))} (another network than this one?)")
    return state | {name: value.reshape(state[name].shape).contiguous() for name, value in found.items()}


def _of_encoder(graph: Graph, ours: str) -> Tensor:
    """The parameter ``ours`` of ``train.encoder.Encoder`` before ``level``; of the segment vectors the one in use."""
    module, _, part = ours.rpartition(".")
    if part == "weight" and f"encoder.{module}" in graph.products:
        scale = graph.constants.get(f"encoder.{module}_scale")
        weight = graph.linear(f"encoder.{module}")
        return weight if scale is None else weight * scale
    if ours == "segment.weight":
        return graph.constants[next(i for i in graph.nodes["/encoder/Add_1"].input if i in graph.constants)]
    return graph.constants[f"encoder.{ours}"]


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", help="folder with the graphs (the shipped ones unless told)")
    p.add_argument("--layers", type=int, nargs="+", help="recover the network of pairs, which has these of its encoder")
    p.add_argument("--second", action="store_true", help="recover the second network of pairs, of all layers")
    p.add_argument("--encoder", required=True)
    p.add_argument("--out", required=True)
    options = p.parse_args()
    Path(options.out).parent.mkdir(parents=True, exist_ok=True)
    if options.layers or options.second:
        folder = Path(options.model or PAIRS)
        state = recovered_pairs(folder, Path(options.encoder), options.layers or (), second=options.second)
        torch.save(state, options.out)
        print(f"{options.out}: from {folder}")
        return
    options.model = options.model or str(SHIPPED)
    model: Extractor = build(Path(options.encoder))
    model.load_state_dict(recovered(Path(options.model), Path(options.encoder)))
    torch.save({"model": model.state_dict(), "options": vars(options)}, options.out)
    print(f"{options.out}: {sum(v.numel() for v in model.state_dict().values()):,} numbers from {options.model}")


if __name__ == "__main__":
    main()
