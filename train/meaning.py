"""The encoder of meanings: a sentence encoder as the ONNX graph that the package ships, in eight bits.

``python -m train.meaning --encoder DIR --shared DIR [--out DIR]`` writes ``encoder.onnx`` and prints how far it agrees
with the same encoder in 32 bits, on sentences of news that were not used to choose its scales: the cosine of the two
vectors, and how many of each sentence's ten nearest among the others are the same. Nothing is trained. ``--encoder`` is
the folder with all-MiniLM-L6-v2, ``--float FILE`` keeps the 32-bit graph too.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from onrecord.meaning.encoder import Encoder
from train.data import read_jsonl
from train.encoder import eight_bits, from_bert, level
from train.network import word_embeddings

SHIPPED = Path(__file__).parent.parent / "src/onrecord/models/meaning"
NEWS = ("bbc", "agencies")
CHOOSE, MEASURE = 500, 2000
"""So many sentences to take the scales from, and so many others to measure on."""
NEAREST = 10
_END = re.compile(r"(?<=[.!?])\s+|\n+")


class MeaningGraph(nn.Module):
    """Word pieces ``(batch, pieces)`` to vectors ``(batch, hidden)`` of length 1: the mean of the last states."""

    def __init__(self, bert: nn.Module, *, eight_bit: bool) -> None:
        super().__init__()
        table = word_embeddings(bert).weight.detach()
        self.scale: Tensor
        self.table: Tensor
        self.eight_bit = eight_bit
        if eight_bit:
            table, scale = eight_bits(table)
            self.register_buffer("scale", scale)
        self.register_buffer("table", table)
        self.encoder = from_bert(bert)

    def forward(self, pieces: Tensor) -> Tensor:
        """Vectors ``(batch, hidden)``; all rows have equally many pieces."""
        words = self.table[pieces]
        if self.eight_bit:
            words = words.float() * self.scale[pieces]
        every = torch.arange(pieces.shape[1], device=pieces.device)[None, :, None]
        states = self.encoder(words, every.expand(pieces.shape[0], -1, words.shape[-1]))[-1]
        mean = states.mean(1)
        meaning: Tensor = mean / mean.norm(dim=1, keepdim=True).clamp(min=1e-9)
        return meaning


def sentences(shared: Path, count: int, seed: int) -> list[str]:
    """So many different sentences of the news, drawn at random."""
    found: set[str] = set()
    for name in NEWS:
        for row in read_jsonl(shared / "data" / "news" / f"{name}.jsonl.gz"):
            found.update(part.strip() for part in _END.split(row["text"]) if 20 <= len(part.strip()) <= 400)
    return random.Random(seed).sample(sorted(found), count)


def write(graph: nn.Module, path: Path) -> None:
    """Export by tracing."""
    torch.onnx.export(
        graph.eval(), (torch.ones((2, 7), dtype=torch.long),), str(path), input_names=["pieces"],
        output_names=["meaning"], dynamic_axes={"pieces": {0: "texts", 1: "pieces"}, "meaning": {0: "texts"}},
        opset_version=17, dynamo=False, custom_opsets={"com.microsoft": 1},
    )  # fmt: skip


def quantise(plain: Path, out: Path, feeds: Sequence[NDArray[np.int64]]) -> None:
    """8-bit matrix products, the scales of their activations fixed once for all.

    Scales that are found anew for each run (as the extractor's are) would make a text's vector depend on the texts that
    are encoded with it.
    """
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Feeds(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self.left: Iterator[NDArray[np.int64]] = iter(feeds)

        def get_next(self) -> dict[str, Any] | None:
            feed = next(self.left, None)
            return None if feed is None else {"pieces": feed}

    with tempfile.TemporaryDirectory() as scratch:
        ready = Path(scratch) / "ready.onnx"
        quant_pre_process(str(plain), str(ready))
        quantize_static(
            str(ready), str(out), Feeds(), quant_format=QuantFormat.QDQ, op_types_to_quantize=["MatMul"],
            per_channel=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True, "OpTypesToExcludeOutputQuantization": ["MatMul"]},
        )  # fmt: skip


def agreement(one: NDArray[np.float32], other: NDArray[np.float32]) -> str:
    """How alike two encoders' vectors ``(texts, size)`` of the same texts are, in words."""
    cosines = (one * other).sum(1)
    near = [_nearest(vectors) for vectors in (one, other)]
    same = np.mean([len(set(a) & set(b)) / NEAREST for a, b in zip(*near, strict=True)])
    tops = np.mean([a[0] == b[0] for a, b in zip(*near, strict=True)])
    return (
        f"cosine: mean {cosines.mean():.4f}, 1st percentile {np.percentile(cosines, 1):.4f}, least {cosines.min():.4f}"
        f"\nof the {NEAREST} nearest of {len(one):,} sentences the same: {same:.1%}; the same one nearest: {tops:.1%}"
    )


def _nearest(vectors: NDArray[np.float32]) -> list[list[int]]:
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -2)
    near: list[list[int]] = np.argsort(-likeness, 1)[:, :NEAREST].tolist()
    return near


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--out", type=Path, default=SHIPPED)
    p.add_argument("--float", type=Path, metavar="FILE", help="keep the 32-bit graph here")
    options = p.parse_args()
    from transformers import AutoModel

    bert = AutoModel.from_pretrained(str(options.encoder), attn_implementation="eager").eval()
    words = options.encoder / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(words))
    tokenizer.no_padding()
    drawn = sentences(options.shared, CHOOSE + MEASURE, 1)
    chosen, others = drawn[:CHOOSE], drawn[CHOOSE:]
    feeds = [np.array([tokenizer.encode(sentence).ids]) for sentence in chosen]
    options.out.mkdir(parents=True, exist_ok=True)
    out = options.out / "encoder.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        plain, exact = Path(scratch) / "plain.onnx", options.float or Path(scratch) / "float.onnx"
        write(MeaningGraph(bert, eight_bit=False), exact)
        graph = MeaningGraph(bert, eight_bit=True).eval()
        level(graph.encoder, lambda: [graph(torch.from_numpy(feed)) for feed in feeds])
        write(graph, plain)
        quantise(plain, out, feeds)
        print(f"{out}: {out.stat().st_size / 1e6:.1f} MB (32 bits: {exact.stat().st_size / 1e6:.1f} MB)")
        print(agreement(Encoder(out, words).vectors(others), Encoder(exact, words).vectors(others)))


if __name__ == "__main__":
    main()
