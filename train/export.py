"""Write a trained model as the ONNX graphs that the package ships.

``python -m train.export --model runs/a/model.pt --encoder DIR --out DIR [--float]`` writes ``encoder.onnx``
(8-bit weights, unless ``--float``), ``roles.onnx``, ``tokenizer.json``, and ``settings.json`` with
defaults that ``train.choose`` then replaces by what is best on the development set.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import torch
from torch import Tensor, nn

from train.encoder import from_bert
from train.fit import build
from train.network import Extractor, word_embeddings

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
    """Word pieces and features to word states and tag scores."""

    def __init__(self, model: Extractor) -> None:
        super().__init__()
        self.words = word_embeddings(model.encoder)
        self.shapes, self.breaks = model.shape_embedding, model.break_embedding
        self.encoder = from_bert(model.encoder)
        self.tags = model.tags

    def forward(
        self, pieces: Tensor, mask: Tensor, shapes: Tensor, breaks: Tensor, first: Tensor
    ) -> tuple[Tensor, Tensor]:
        """States ``(batch, words, hidden)`` and tag scores ``(batch, words, TAGS)``."""
        embedded = self.words(pieces) + self.shapes(shapes) + self.breaks(breaks)
        states = self.encoder(embedded, ((1.0 - mask) * -1e4)[:, None, None])
        states = states.gather(1, first.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
        return states, self.tags(states)


class RolesGraph(nn.Module):
    """Word states and cues to role scores."""

    def __init__(self, model: Extractor) -> None:
        super().__init__()
        self.model = model

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
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "encoder.onnx"
        _write(
            EncoderGraph(model),
            (ones, ones.float(), ones, ones, first),
            plain,
            {"pieces": "bp", "mask": "bp", "shapes": "bp", "breaks": "bp", "first": "bw"},
            {"states": "bwh", "tags": "bwt"},
        )
        if eight_bit:
            quantise(plain, out / "encoder.onnx")
        else:
            shutil.copy(plain, out / "encoder.onnx")
    _write(
        RolesGraph(model),
        (torch.randn(2, 5, hidden), torch.tensor([0, 1, 1]), torch.tensor([0, 1, 2]), torch.tensor([1, 2, 4])),
        out / "roles.onnx",
        {"states": "bwh", "cue_of": "c", "starts": "c", "ends": "c"},
        {"scores": "cwr"},
    )
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


def quantise(plain: Path, out: Path) -> None:
    """8-bit weights for matrix products and embeddings, 8-bit activations found as they come (dynamic)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with tempfile.TemporaryDirectory() as scratch:
        ready = Path(scratch) / "ready.onnx"
        quant_pre_process(str(plain), str(ready))
        quantize_dynamic(
            str(ready), str(out), weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm", "Gather"], extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", required=True)
    p.add_argument("--encoder", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--float", action="store_true", help="keep 32-bit weights")
    options = p.parse_args()
    model = build(Path(options.encoder))
    saved = torch.load(options.model, weights_only=True)
    model.load_state_dict(saved["model"])
    export(model, Path(options.encoder), Path(options.out), eight_bit=not options.float)


if __name__ == "__main__":
    main()
