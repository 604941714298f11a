"""Write a trained model as the ONNX graphs that the package ships.

``python -m train.export --model runs/a/model.pt --encoder DIR --out DIR [--float] [--texts DIR]`` writes
``encoder.onnx`` (8-bit weights, unless ``--float``), ``roles.onnx``, ``tokenizer.json``, and ``settings.json`` with
defaults that ``train.choose`` then replaces by what is best on the development set.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from train.data import prepare, training_windows
from train.encoder import eight_bits, from_bert, level
from train.fit import build, collate, load
from train.network import Extractor, side_layers, word_embeddings

EXAMPLES = Path(__file__).parent.parent / "examples"
DEFAULTS: dict[str, Any] = {
    "window": 256,
    "cue_threshold": 0.4,
    "nested_threshold": 2.0,
    "calibration": [],
    "nested_calibration": [],
    "min_score": 0.0,
    "nested_min_score": 0.0,
}


class EncoderGraph(nn.Module):
    """Word pieces and features to word states, tag scores and side scores."""

    def __init__(self, model: Extractor) -> None:
        super().__init__()
        self.scale: Tensor
        self.table: Tensor
        table, scale = eight_bits(word_embeddings(model.encoder).weight.detach())
        self.register_buffer("scale", scale)
        self.register_buffer("table", table)
        self.shapes, self.breaks = model.shape_embedding, model.break_embedding
        self.encoder = from_bert(model.encoder)
        self.tags = model.tags
        self.side, self.deeds = model.side, model.deeds
        self.side.as_products = self.deeds.as_products = True

    def forward(self, pieces: Tensor, shapes: Tensor, breaks: Tensor, first: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """States ``(batch, words, hidden)``, tag scores ``(batch, words, TAGS)`` and those of ``COLUMNS``."""
        words = self.table[pieces].float() * self.scale[pieces]
        embedded = words + self.shapes(shapes) + self.breaks(breaks)
        index = first.unsqueeze(-1).expand(-1, -1, embedded.shape[-1])
        every = self.encoder(embedded, index)
        states = every[-1]
        below = [every[k].gather(1, index) for k in side_layers(len(every) - 1)[:-1]]
        layers = torch.cat([*below, states], -1)
        return states, self.tags(states), torch.cat([self.side(layers), self.deeds(layers)], -1)


class RolesGraph(nn.Module):
    """Word states and cues to role scores."""

    def __init__(self, model: Extractor) -> None:
        super().__init__()
        self.model = model
        self.model.as_products = True

    def forward(self, states: Tensor, cue_of: Tensor, starts: Tensor, ends: Tensor) -> Tensor:
        """Scores ``(cues, words, ROLES)``."""
        return self.model.role_scores(states, cue_of, starts, ends)


def export(model: Extractor, encoder: Path, out: Path, texts: Sequence[str], *, eight_bit: bool = True) -> None:
    """Write all files of a runnable model into ``out``; ``texts`` show what its states are like."""
    model.eval()
    out.mkdir(parents=True, exist_ok=True)
    hidden = model.tags.in_features
    ones = torch.ones((2, 7), dtype=torch.long)
    first = torch.arange(5).repeat(2, 1)
    reading = EncoderGraph(model)
    feeds = list(_feeds(texts, Tokenizer.from_file(str(encoder / "tokenizer.json"))))
    level(reading.encoder, lambda: [reading(*feed) for feed in feeds])
    graphs = {
        "encoder": (
            reading,
            (ones, ones, ones, first),
            {"pieces": "bp", "shapes": "bp", "breaks": "bp", "first": "bw"},
            {"states": "bwh", "tags": "bwt", "marks": "bwt"},
        ),
        "roles": (
            RolesGraph(model),
            (torch.randn(2, 5, hidden), torch.tensor([0, 1, 1]), torch.tensor([0, 1, 2]), torch.tensor([1, 2, 4])),
            {"states": "bwh", "cue_of": "c", "starts": "c", "ends": "c"},
            {"scores": "cwr"},
        ),
    }
    with tempfile.TemporaryDirectory() as scratch:
        for name, graph in graphs.items():
            plain = Path(scratch) / f"{name}.onnx"
            _write(*graph[:2], plain, *graph[2:])
            if eight_bit:
                quantise(plain, out / plain.name)
            else:
                shutil.copy(plain, out / plain.name)
    tokenizer = json.loads((encoder / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    (out / "tokenizer.json").write_text(
        json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    settings = DEFAULTS | {"transitions": model.transitions.detach().tolist()}
    (out / "settings.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


def _feeds(texts: Sequence[str], tokenizer: Tokenizer) -> Iterator[tuple[Tensor, ...]]:
    """What the encoder reads of ``texts``: pieces, shapes, breaks and first pieces of each window."""
    for number, text in enumerate(texts):
        article = prepare({"id": str(number), "text": text, "attributions": []}, tokenizer)
        for window in training_windows(article, int(DEFAULTS["window"]), random.Random(0)):
            batch = collate([window])
            yield batch.pieces, batch.shapes, batch.breaks, batch.first


def _write(graph: nn.Module, inputs: tuple[Tensor, ...], path: Path, ins: dict[str, str], outs: dict[str, str]) -> None:
    """Export by tracing; each letter of a shape names one axis, ``h``, ``t`` and ``r`` are fixed ones."""
    axes = {
        name: {i: letter for i, letter in enumerate(shape) if letter not in "htr"}
        for name, shape in (ins | outs).items()
    }
    torch.onnx.export(
        graph.eval(), inputs, str(path), input_names=list(ins), output_names=list(outs), dynamic_axes=axes,
        opset_version=17, dynamo=False, custom_opsets={"com.microsoft": 1},
    )  # fmt: skip


def quantise(plain: Path, out: Path) -> None:
    """8-bit weights for the large matrix products, which find one scale for all their activations as they come.

    Small products (the heads' last layers, the cue's own projection) cost nothing and stay as they are.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with tempfile.TemporaryDirectory() as scratch:
        ready = Path(scratch) / "ready.onnx"
        quant_pre_process(str(plain), str(ready))
        graph = onnx.load(str(ready)).graph
        shapes = {w.name: w.dims for w in graph.initializer}
        small = []
        for node in graph.node:
            if node.op_type in ("MatMul", "Gemm") and (sizes := shapes.get(node.input[1])):
                turned = any(a.name == "transB" and a.i for a in node.attribute)
                if not _large(*(reversed(sizes) if turned else sizes)):
                    small += [node.name, f"{node.name}_MatMul"]
        quantize_dynamic(
            str(ready), str(out), weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"],
            nodes_to_exclude=small, extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip


def _large(inner: int, outer: int) -> bool:
    """Whether a product is worth eight bits: many columns, and read once a word rather than once a cue."""
    return outer >= 32 and inner != 3 * 384


def largest_product(out: Path) -> None:
    """Write the product of the largest numbers in eight bits that there are, of floating-point ones and a weight of
    127 in each place: where products overflow it is not 127 times the sum (``onrecord.networks``)."""
    import onnx
    from onnx import TensorProto, helper

    rows, inner, outer = 8, 64, 64
    weights = [
        helper.make_tensor("weight", TensorProto.INT8, (inner, outer), [127] * inner * outer),
        helper.make_tensor("scale", TensorProto.FLOAT, (1,), [1.0]),
        helper.make_tensor("zero", TensorProto.INT8, (1,), [0]),
    ]
    node = helper.make_node(
        "DynamicQuantizeMatMul", ["given", "weight", "scale", "zero"], ["product"], domain="com.microsoft"
    )
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, (rows, columns))
        for name, columns in (("given", inner), ("product", outer))
    ]
    graph = helper.make_graph([node], "product", ends[:1], ends[1:], weights)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="onrecord")
    onnx.save(model, str(out))


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", required=True)
    p.add_argument("--encoder", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--texts", default=str(EXAMPLES), help="folder of .txt files that show what states are like")
    p.add_argument("--float", action="store_true", help="keep 32-bit weights")
    options = p.parse_args()
    model = build(Path(options.encoder))
    load(model, Path(options.model))
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(options.texts).glob("*.txt"))]
    if not texts:
        p.error(f"{options.texts}: holds no .txt file")
    export(model, Path(options.encoder), Path(options.out), texts, eight_bit=not options.float)


if __name__ == "__main__":
    main()
