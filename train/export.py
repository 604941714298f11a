"""Write a trained model as the ONNX graphs that the package ships.

``python -m train.export --model runs/a/model.pt --encoder DIR --out DIR [--float]`` writes ``encoder.onnx``
(8-bit weights, unless ``--float``), ``roles.onnx``, ``tokenizer.json``, and ``settings.json`` with
defaults that ``train.choose`` then replaces by what is best on the development set.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from train.encoder import from_bert
from train.fit import build, load
from train.network import Extractor, side_layers, word_embeddings

DEFAULTS = {
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
        table = word_embeddings(model.encoder).weight.detach()
        self.scale: Tensor
        self.table: Tensor
        # Eight bits with a scale of its own for each word piece: one scale for all cost half a point of F1.
        self.register_buffer("scale", table.abs().amax(1, keepdim=True) / 127)
        self.register_buffer("table", (table / self.scale.clamp(min=1e-9)).round().to(torch.int8))
        self.shapes, self.breaks = model.shape_embedding, model.break_embedding
        self.encoder = from_bert(model.encoder)
        self.tags = model.tags
        self.side = model.side
        self.side.as_products = True

    def forward(
        self, pieces: Tensor, mask: Tensor, shapes: Tensor, breaks: Tensor, first: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """States ``(batch, words, hidden)``, tag scores ``(batch, words, TAGS)`` and those of ``COLUMNS``."""
        words = self.table[pieces].float() * self.scale[pieces]
        embedded = words + self.shapes(shapes) + self.breaks(breaks)
        every = self.encoder(embedded, ((1.0 - mask) * -1e4)[:, None, None])
        index = first.unsqueeze(-1).expand(-1, -1, embedded.shape[-1])
        states = every[-1].gather(1, index)
        layers = torch.cat([every[k].gather(1, index) for k in side_layers(len(every) - 1)], -1)
        return states, self.tags(states), self.side(layers)


class RolesGraph(nn.Module):
    """Word states and cues to role scores."""

    def __init__(self, model: Extractor) -> None:
        super().__init__()
        self.model = model
        self.model.as_products = True

    def forward(self, states: Tensor, cue_of: Tensor, starts: Tensor, ends: Tensor) -> Tensor:
        """Scores ``(cues, words, ROLES)``."""
        return self.model.role_scores(states, cue_of, starts, ends)


def export(model: Extractor, encoder: Path, out: Path, *, eight_bit: bool = True) -> None:
    """Write all files of a runnable model into ``out``."""
    model.eval()
    out.mkdir(parents=True, exist_ok=True)
    hidden = model.tags.in_features
    ones = torch.ones((2, 7), dtype=torch.long)
    first = torch.arange(5).repeat(2, 1)
    graphs = {
        "encoder": (
            EncoderGraph(model),
            (ones, ones.float(), ones, ones, first),
            {"pieces": "bp", "mask": "bp", "shapes": "bp", "breaks": "bp", "first": "bw"},
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


def _write(graph: nn.Module, inputs: tuple[Tensor, ...], path: Path, ins: dict[str, str], outs: dict[str, str]) -> None:
    """Export by tracing; each letter of a shape names one axis, ``h``, ``t`` and ``r`` are fixed ones."""
    axes = {
        name: {i: letter for i, letter in enumerate(shape) if letter not in "htr"}
        for name, shape in (ins | outs).items()
    }
    torch.onnx.export(
        graph.eval(), inputs, str(path), input_names=list(ins), output_names=list(outs), dynamic_axes=axes,
        opset_version=17, dynamo=False,
    )  # fmt: skip


_TOUCHY = re.compile(r"/(query|key)/")
_BLOCK = 128


def quantise(plain: Path, out: Path) -> None:
    """8-bit weights for the large matrix products.

    Most find one scale for all their activations as they come (dynamic), which is fastest. Attention's queries and keys
    are touchy: theirs have a scale for each block of activations (MatMulNBits). Small products (the heads' last layers,
    the cue's own projection) cost nothing and stay as they are.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
    from onnxruntime.quantization.shape_inference import quant_pre_process

    def products(path: Path) -> list[Any]:
        return [node for node in onnx.load(str(path)).graph.node if node.op_type == "MatMul"]

    with tempfile.TemporaryDirectory() as scratch:
        ready, half = Path(scratch) / "ready.onnx", Path(scratch) / "half.onnx"
        quant_pre_process(str(plain), str(ready))
        shapes = {w.name: w.dims for w in onnx.load(str(ready)).graph.initializer}
        small = [n.name for n in products(ready) if (d := shapes.get(n.input[1])) and not _large(*d)]
        touchy = [
            n.name for n in products(ready) if _TOUCHY.search(n.name) and shapes.get(n.input[1], (0,))[0] >= _BLOCK
        ]
        quantize_dynamic(
            str(ready), str(half), weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"],
            nodes_to_exclude=small + touchy, extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
        left = [node.name for node in products(half) if node.name not in touchy]
        blocks = MatMulNBitsQuantizer(
            onnx.load(str(half)), bits=8, block_size=_BLOCK, is_symmetric=True, accuracy_level=4, nodes_to_exclude=left
        )
        blocks.process()
        blocks.model.save_model_to_file(str(out), False)


def _large(inner: int, outer: int) -> bool:
    """Whether a product is worth eight bits: many columns, and read once a word rather than once a cue."""
    return outer >= 32 and inner != 3 * 384


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", required=True)
    p.add_argument("--encoder", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--float", action="store_true", help="keep 32-bit weights")
    options = p.parse_args()
    model = build(Path(options.encoder))
    load(model, Path(options.model))
    export(model, Path(options.encoder), Path(options.out), eight_bit=not options.float)


if __name__ == "__main__":
    main()
