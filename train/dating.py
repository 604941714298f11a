"""Train the choice of dates: ``python -m train.dating --shared DIR --labels FILE --out FILE.npz``.

Lists, for each labelled statement, the time expressions that could say when it was made (``onrecord.qualify.dating``)
and fits a small network that tells whether they do. Folds by article give the figures that it prints: how often the
date given is the labelled one, by recall. Seeded.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from onrecord.extract.tagger import Tagger, shipped
from onrecord.identify import view_of
from onrecord.identify.view import said_of
from onrecord.qualify.dating import Dating, days, iso_of, placed
from onrecord.qualify.times import times
from train.acts import articles, statements
from train.data import read_jsonl, to_words

FOLDS = 5
HIDDEN = 24
EPOCHS = 120


@dataclass(frozen=True)
class Item:
    """A statement: its candidates' clues, which of them are its date, their values in ISO 8601, the labelled value."""

    clues: list[NDArray[np.float32]]
    right: list[bool]
    values: list[str | None]
    gold: str | None
    fold: int


def items(shared: Path, labels: Sequence[dict[str, Any]], tagger: Tagger) -> list[Item]:
    """The labelled statements with their candidates."""
    made = []
    for row, mine in articles(shared, labels):
        text = row["text"]
        view = view_of(text, tagger.read(text)[0])
        found = placed(view, times(text, row.get("date")))
        said = [said_of(view, one) for one in statements(text, mine)]
        cues = {c.cue[0] for c in said if c.cue}
        cues |= {words[0] for a in row.get("attributions", ()) if (words := to_words(view.words, a["cue"]))}
        for one, label in zip(said, mine, strict=True):
            on = label["said_on"]
            span: list[int] | None = on["words"] if on else None
            candidates = days(view, one, sorted(cues), found, row.get("date"))
            made.append(
                Item(
                    [clues for _, clues in candidates],
                    [span is not None and t.span.start < span[1] and span[0] < t.span.end for t, _ in candidates],
                    [iso_of(t.value) if t.value else None for t, _ in candidates],
                    on["value"] if on else None,
                    int(label["sha256"], 16) % FOLDS,
                )
            )
    return made


def fit(mine: Sequence[Item]) -> Dating:
    """A network fitted to ``mine``."""
    clues = np.stack([c for item in mine for c in item.clues])
    right = np.array([r for item in mine for r in item.right])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = MLPClassifier((HIDDEN,), alpha=1.0, max_iter=EPOCHS, random_state=0).fit(clues, right)
    hidden, out = (np.asarray(w, np.float32) for w in model.coefs_)
    bias, out_bias = (np.asarray(b, np.float32) for b in model.intercepts_)
    return Dating(hidden, bias, out[:, 0], float(out_bias[0]))


def report(mine: Sequence[Item]) -> None:
    """Precision by recall, each statement judged by a network that was fitted without its fold."""
    scored = []
    for fold in range(FOLDS):
        dating = fit([i for i in mine if i.fold != fold])
        for item in mine:
            if item.fold == fold and item.clues:
                chances = dating.probabilities(np.stack(item.clues))
                best = int(chances.argmax())
                if item.values[best] is not None:
                    scored.append((float(chances[best]), item.values[best] == item.gold))
    dated = sum(item.gold is not None for item in mine)
    scored.sort(reverse=True)
    right = 0
    wanted = iter((0.3, 0.4, 0.5, 0.6, 0.7, 0.8))
    mark = next(wanted)
    for count, (chance, good) in enumerate(scored, start=1):
        right += good
        if right >= mark * dated:
            print(f"recall {100 * mark:.0f}: precision {100 * right / count:.1f}, from {chance:.2f}")
            mark = next(wanted, 2.0)


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--labels", type=Path, required=True)
    p.add_argument("--model", type=Path, help="the extractor's exported model (default: the shipped one)")
    p.add_argument("--out", type=Path, required=True)
    options = p.parse_args()
    tagger = Tagger(options.model) if options.model else shipped()
    mine = items(options.shared, list(read_jsonl(options.labels)), tagger)
    print(f"{len(mine)} statements, {sum(i.gold is not None for i in mine)} with a date", flush=True)
    report(mine)
    dating = fit(mine)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(options.out, hidden=dating.hidden, bias=dating.bias, out=dating.out, out_bias=dating.out_bias)


if __name__ == "__main__":
    main()
