"""Choose threshold and calibration of nested statements on labelled contents that were kept out of training.

``python -m train.choose_nested --model DIR --shared DIR --data train.jsonl.gz --labels train/nested_labels.jsonl
[--write]`` uses the labels of the part "choose".
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from onrecord.extract.tagger import Tagger
from onrecord.model import Span
from train.choose import roles
from train.data import read_jsonl
from train.score import scorer


def candidates(
    score: ModuleType, labels: list[dict[str, Any]], texts: dict[str, str], tagger: Tagger
) -> tuple[list[Any], list[int], int]:
    """Evidence of nested candidates in labelled contents, whether each is right, and how many there are to find."""
    evidence: list[Any] = []
    right: list[int] = []
    wanted = 0
    for row in labels:
        text = texts[row["id"]]
        words, found = tagger.tag(text, [Span(*span) for span in row["region"]])
        region = score.letters(text, row["region"])
        gold = [{r: score.letters(text, n[r]) for r in score.ROLES} for n in row["nested"]]
        inner, predicted = [], []
        for f in found:
            letters = {r: score.letters(text, v) for r, v in roles(words, f).items()}
            if f.nested and letters["cue"] & region and letters["content"] & region:
                inner.append(f)
                predicted.append(letters | {"content": letters["content"] & region})
        good = {
            p for g, p in score.match(gold, predicted) if score.iou(gold[g]["content"], predicted[p]["content"]) >= 0.5
        }
        wanted += len(gold)
        evidence.extend(f.evidence for f in inner)
        right.extend(int(p in good) for p in range(len(inner)))
    return evidence, right, wanted


def best_least(probabilities: NDArray[Any], right: NDArray[Any], wanted: int) -> tuple[float, float]:
    """The least score with the best F1, and that F1."""
    best = (0.0, 0.0)
    for least in np.arange(0.1, 0.9, 0.05):
        kept = probabilities >= least
        if kept.any():
            best = max(best, (2 * float(right[kept].sum()) / (float(kept.sum()) + wanted), float(least)))
    return best[1], best[0]


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", required=True)
    p.add_argument("--shared", required=True)
    p.add_argument("--data", required=True)
    p.add_argument("--labels", required=True)
    p.add_argument("--cue-threshold", type=float, default=0.15)
    p.add_argument("--write", action="store_true")
    options = p.parse_args()
    labels = [row for row in read_jsonl(Path(options.labels)) if row["part"] == "choose"]
    ids = {row["id"] for row in labels}
    texts = {r["id"]: r["text"] for r in read_jsonl(Path(options.data)) if r["id"] in ids}
    tagger = Tagger(Path(options.model))
    tagger.settings = replace(tagger.settings, nested_threshold=options.cue_threshold)
    evidence, right, wanted = candidates(scorer(Path(options.shared)), labels, texts, tagger)
    x, y = np.array(evidence), np.array(right)
    model = LogisticRegression(C=0.3, max_iter=1000).fit(x, y)
    least, f1 = best_least(model.predict_proba(x)[:, 1], y, wanted)
    print(f"{len(y)} candidates, {int(y.sum())} right of {wanted} to find; least score {least:.2f} gives F1 {f1:.3f}")
    if options.write:
        path = Path(options.model) / "settings.json"
        values = json.loads(path.read_text(encoding="utf-8"))
        weights = [round(float(w), 5) for w in (*model.coef_[0], model.intercept_[0])]
        values |= {"nested_threshold": options.cue_threshold, "nested_calibration": weights}
        values |= {"nested_min_score": round(least, 3)}
        path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
