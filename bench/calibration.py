"""Whether `score` means what it says: reliability picture, expected calibration error, precision by --min-score.

    python bench/calibration.py --shared DIR --data DIR/data/polnear/dev.jsonl.gz [--out docs/img/calibration.svg]

A top-level statement is right where its content has IoU >= 0.5 with that of a gold attribution under the
scorer's one-to-one matching. The error (ECE, Naeini 2015) is over ten bins of equal width. The shipped
calibration was fitted on dev, so on dev this is how well it fits; train/choose.py prints the error in
cross-validation, and --data takes other gold (the out-of-domain articles of bench/ood_gold.py).
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from common import (
    Roles,
    Row,
    Unusable,
    expected_calibration_error,
    gold_arguments,
    hits,
    letters,
    read_gold,
    roles,
    run,
    scorer,
    top_level,
    use_model,
)

BINS = 10
LEVELS = (0.0, 0.5, 0.7, 0.9)
OUT = Path(__file__).resolve().parents[1] / "docs" / "img" / "calibration.svg"


@dataclass(frozen=True)
class Scored:
    """A document's gold and what was found in it, with scores."""

    text: str
    gold: Sequence[Roles]
    predicted: Sequence[tuple[Roles, float]]


@dataclass(frozen=True)
class Bin:
    """Statements whose score lies in ``[low, high)``: how many, their mean score, the share of right ones."""

    low: float
    high: float
    count: int
    score: float
    right: float


def judged(score: ModuleType, documents: Sequence[Scored], least: float = 0.0) -> list[tuple[float, bool]]:
    """Score of each statement with ``least`` or more, and whether it is right among those."""
    found: list[tuple[float, bool]] = []
    for document in documents:
        kept = [(item, sure) for item, sure in document.predicted if sure >= least]
        gold = [g for g in letters(score, document.text, document.gold) if g["content"]]
        predicted = letters(score, document.text, [item for item, _ in kept])
        right = {p for _, p in hits(score, gold, predicted)}
        found.extend((sure, number in right) for number, (_, sure) in enumerate(kept) if predicted[number]["content"])
    return found


def binned(pairs: Sequence[tuple[float, bool]], count: int = BINS) -> list[Bin]:
    """The bins that hold something.

    >>> binned([(0.91, True), (0.95, False)])
    [Bin(low=0.9, high=1.0, count=2, score=0.9299999999999999, right=0.5)]
    """
    inside: list[list[tuple[float, bool]]] = [[] for _ in range(count)]
    for pair in pairs:
        inside[min(int(pair[0] * count), count - 1)].append(pair)
    return [
        Bin(k / count, (k + 1) / count, len(i), sum(s for s, _ in i) / len(i), sum(r for _, r in i) / len(i))
        for k, i in enumerate(inside)
        if i
    ]


STYLE = """
svg { font: 13px system-ui, sans-serif }
.page { fill: #ffffff } text { fill: #1f2328 } .soft { fill: #59636e }
.grid { stroke: #d1d9e0 } .ideal { stroke: #59636e; stroke-dasharray: 5 4 }
.bar { fill: #9ec5f4 } .dot { fill: #0b57a4 } .many { fill: #b9c2cc }
@media (prefers-color-scheme: dark) {
  .page { fill: #0d1117 } text { fill: #e6edf3 } .soft { fill: #9198a1 }
  .grid { stroke: #30363d } .ideal { stroke: #9198a1 }
  .bar { fill: #1f4b80 } .dot { fill: #79b8ff } .many { fill: #4a525c }
}
""".strip()

LEFT, TOP, SIDE, STRIP = 62, 62, 300, 60
"""Pixels: margins of the plot, its width and height, the height of the counts below it."""


def picture(bins: Sequence[Bin], error: float, total: int) -> str:
    """The reliability picture as SVG: share of right ones by score, and below it how many there are."""
    width, height = LEFT + SIDE + 24, TOP + SIDE + STRIP + 74
    base, floor = TOP + SIDE, TOP + SIDE + 20 + STRIP
    step = SIDE / BINS

    def x(value: float) -> float:
        return round(LEFT + value * SIDE, 1)

    def y(value: float) -> float:
        return round(base - value * SIDE, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="t d">',
        '<title id="t">Reliability of the score</title>',
        f'<desc id="d">Share of right statements by score, {total} statements, expected calibration error '
        f"{error:.3f}. " + "; ".join(f"score {b.score:.2f}: {b.right:.2f} of {b.count}" for b in bins) + "</desc>",
        f'<style>{STYLE}</style><rect class="page" width="{width}" height="{height}"/>',
        f'<text x="{LEFT}" y="24" font-weight="600">Share of right statements by score</text>'
        f'<text class="soft" x="{LEFT}" y="43">n = {total:,}, ECE = {error:.3f}</text>',
    ]
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        parts.append(f'<path class="grid" fill="none" d="M{x(0)} {y(tick)}H{x(1)}"/>')
        parts.append(f'<text class="soft" x="{LEFT - 8}" y="{y(tick) + 4}" text-anchor="end">{tick:.1f}</text>')
        parts.append(f'<text class="soft" x="{x(tick)}" y="{floor + 18}" text-anchor="middle">{tick:.1f}</text>')
    most = max((b.count for b in bins), default=1)
    for b in bins:
        tall = round(b.count / most * (STRIP - 16), 1)
        left, wide = x(b.low) + 1, f'width="{step - 2:g}"'
        parts.append(
            f'<rect class="bar" x="{left:g}" y="{y(b.right)}" {wide} height="{base - y(b.right):g}"/>'
            f'<rect class="many" x="{left:g}" y="{floor - tall:g}" {wide} height="{tall:g}"/>'
            f'<text class="soft" font-size="10" x="{left + step / 2 - 1:g}" y="{floor - tall - 3:g}" '
            f'text-anchor="middle">{b.count}</text>'
        )
    parts.append(f'<path class="ideal" fill="none" d="M{x(0)} {y(0)}L{x(1)} {y(1)}"/>')
    parts.extend(f'<circle class="dot" cx="{x(b.score)}" cy="{y(b.right)}" r="4.5"/>' for b in bins)
    middle = TOP + SIDE / 2
    parts.append(f'<text x="{LEFT + SIDE / 2:g}" y="{floor + 40}" text-anchor="middle">score</text>')
    parts.append(
        f'<text x="18" y="{middle:g}" text-anchor="middle" transform="rotate(-90 18 {middle:g})">share that is right'
        "</text></svg>"
    )
    return "\n".join(parts) + "\n"


def scored(rows: Sequence[Row], options: Namespace) -> list[Scored]:
    """What the model finds in each row, with its scores."""
    model = use_model(options.model)
    return [
        Scored(row["text"], row["attributions"], [(roles(s), s.score) for s in top_level(row, model)]) for row in rows
    ]


def work(options: Namespace) -> None:
    """Measure, print, draw."""
    score = scorer(options.shared)
    documents = scored(read_gold(score, options.data, options.limit), options)
    gold = sum(len(d.gold) for d in documents)
    pairs = judged(score, documents)
    if not pairs:
        raise Unusable(f"{options.data}: nothing was found in it")
    error = expected_calibration_error([s for s, _ in pairs], [r for _, r in pairs], BINS)
    print(f"{len(pairs)} statements, ECE {error:.3f}")
    print(f"{'score':>9}{'n':>7}{'mean score':>12}{'right':>8}")
    bins = binned(pairs)
    for b in bins:
        print(f"{b.low:5.1f}-{b.high:.1f}{b.count:7}{100 * b.score:12.1f}{100 * b.right:8.1f}")
    print(f"{'min-score':>9}{'n':>7}{'precision':>12}{'recall':>8}")
    for least in LEVELS:
        kept = judged(score, documents, least)
        right = sum(r for _, r in kept)
        print(f"{least:9.1f}{len(kept):7}{100 * right / max(1, len(kept)):12.1f}{100 * right / max(1, gold):8.1f}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(picture(bins, error, len(pairs)), encoding="utf-8")
    print(f"picture: {options.out}")


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = gold_arguments(__doc__)
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE.svg", help="default: docs/img/calibration.svg")
    return run(parser, work, argv)


if __name__ == "__main__":
    sys.exit(main())
