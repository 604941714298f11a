"""Choose thresholds and fit the score's calibration on the development set.

``python -m train.choose --model DIR --shared DIR --data dev.jsonl.gz [--write]`` runs the model in ``DIR`` with a
low threshold, says of each attribution whether it is right (content IoU of 0.5 or more with a gold one that no
better one took), fits a logistic regression of that on the evidence, and looks for the least score at which the six F1
figures of the scorer together are best. ``--write`` puts the result into ``settings.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from onrecord.extract.decode import Found
from onrecord.extract.drafts import one_owner
from onrecord.extract.spans import to_spans
from onrecord.extract.tagger import Tagger, calibrated
from onrecord.extract.words import Words
from onrecord.model import Span
from train.data import read_jsonl
from train.score import expected_calibration_error, figures, scorer


class Replay(Tagger):
    """A tagger that gives again what was found before, with other settings: the network runs once."""

    def __init__(self, base: Tagger, texts: list[str]) -> None:
        self.settings = base.settings
        self.base = base
        self.kept: dict[str, tuple[Words, list[Found]]] = {t: base.tag(t) for t in texts}

    def tag(self, text: str, spoken: Sequence[Span] = ()) -> tuple[Words, list[Found]]:
        """What was found before, scored with the settings of now."""
        words, found = self.kept[text]
        top, inner = self.settings.calibration, self.settings.nested_calibration
        again = []
        for f in found:
            weights = inner if f.nested else top
            again.append(replace(f, score=calibrated(f.evidence, weights)) if weights else f)
        return words, again


def roles(words: Words, found: Found) -> dict[str, Any]:
    """An attribution as the scorer wants it."""
    return {
        "source": to_spans(found.source, words),
        "cue": to_spans(range(*found.cue), words),
        "content": to_spans(found.content, words),
    }


def labels(score: ModuleType, rows: list[dict[str, Any]], tagger: Replay) -> tuple[list[Any], list[int], list[int]]:
    """Evidence of each top-level attribution, whether it is right, and its document's number."""
    evidence, right, group = [], [], []
    for number, row in enumerate(rows):
        words, found = tagger.tag(row["text"])
        top = one_owner([f for f in found if not f.nested])
        text = row["text"]
        gold = [{r: score.letters(text, a[r]) for r in score.ROLES} for a in row["attributions"]]
        predicted = [{r: score.letters(text, v) for r, v in roles(words, f).items()} for f in top]
        good = {
            p for g, p in score.match(gold, predicted) if score.iou(gold[g]["content"], predicted[p]["content"]) >= 0.5
        }
        for p, f in enumerate(top):
            evidence.append(f.evidence)
            right.append(int(p in good))
            group.append(number)
    return evidence, right, group


def regression() -> LogisticRegression:
    """The calibration's model."""
    return LogisticRegression(C=1.0, max_iter=1000)


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--model", required=True)
    p.add_argument("--shared", required=True)
    p.add_argument("--data", required=True)
    p.add_argument("--cue-threshold", type=float, default=0.15)
    p.add_argument("--limit", type=int, default=0)
    p.add_argument("--write", action="store_true")
    options = p.parse_args()
    score = scorer(Path(options.shared))
    rows = list(read_jsonl(Path(options.data)))[: options.limit or None]
    base = Tagger(Path(options.model))
    base.settings = replace(base.settings, cue_threshold=options.cue_threshold)
    tagger = Replay(base, [r["text"] for r in rows])
    # First over all candidates: that orders them. Then over those that keep their content, which are what is shown.
    evidence, right, group = labels(score, rows, tagger)
    first = regression().fit(np.array(evidence), np.array(right))
    tagger.settings = replace(base.settings, calibration=(*map(float, first.coef_[0]), float(first.intercept_[0])))
    evidence, right, group = labels(score, rows, tagger)
    x, y = np.array(evidence), np.array(right)
    held_out = np.zeros(len(y))
    for fit, test in GroupKFold(5).split(x, y, group):
        held_out[test] = regression().fit(x[fit], y[fit]).predict_proba(x[test])[:, 1]
    print(
        f"{len(y)} candidates, {y.mean():.3f} right; "
        f"ECE in cross-validation {expected_calibration_error(held_out, y):.3f}"
    )
    model = regression().fit(x, y)
    weights = (*(round(float(w), 5) for w in model.coef_[0]), round(float(model.intercept_[0]), 5))
    best = (-1.0, 0.0)
    for least in [*np.arange(0.2, 0.7, 0.05)]:
        tagger.settings = replace(base.settings, calibration=weights, min_score=float(least))
        result = figures(score, rows, tagger)
        line = " ".join(
            f"{k} {100 * v['precision']:.1f}/{100 * v['recall']:.1f}/{100 * v['f1']:.1f}" for k, v in result.items()
        )
        print(f"min_score {least:.2f}  {line}", flush=True)
        total = sum(figure["f1"] for figure in result.values())
        best = max(best, (total, float(least)))
    print(f"best min_score {best[1]:.2f}")
    if options.write:
        path = Path(options.model) / "settings.json"
        values = json.loads(path.read_text(encoding="utf-8"))
        values |= {"calibration": list(weights), "min_score": round(best[1], 3), "cue_threshold": options.cue_threshold}
        path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
