"""Average the weights of several models: ``python -m train.average A.pt:1 C.pt:2 --out MODEL.pt``.

Models that went on from one another lie in one basin, and the mean of their weights is better than
each (Wortsman et al. 2022, "model soups"). The nested layer is taken from the last one named, since
the flat model never trained it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

NESTED = slice(3, 6)
"""Rows of the tag layer that mark nested cues."""


def average(paths: list[Path], weights: list[float]) -> dict[str, torch.Tensor]:
    """The weighted mean of the models' parameters."""
    models = [torch.load(path, weights_only=True)["model"] for path in paths]
    total = sum(weights)
    last = models[-1]
    mean = {
        name: sum(w / total * m[name] for w, m in zip(weights, models, strict=True))
        if value.is_floating_point()
        else value
        for name, value in last.items()
    }
    for name in ("tags.weight", "tags.bias"):
        mean[name][NESTED] = last[name][NESTED]
    return mean


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("models", nargs="+", metavar="MODEL.pt:WEIGHT")
    p.add_argument("--out", required=True)
    options = p.parse_args()
    parts = [part.rsplit(":", 1) for part in options.models]
    torch.save({"model": average([Path(a) for a, _ in parts], [float(b) for _, b in parts])}, options.out)


if __name__ == "__main__":
    main()
