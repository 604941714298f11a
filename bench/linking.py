"""What the trained role head gains over linking each tagged span to its nearest cue.

    bench/linking.py --shared DIR --data DIR/data/polnear/dev.jsonl.gz [--model DIR]

One model, one set of cue scores, two ways from them to statements, the same assembly after both:
  per cue   the role head reads the words once for each cue and fetches its source and content (shipped)
  nearest   the tag head's source and content spans (best of O, B/I-source, B/I-content for each word) go to
            the cue with the fewest words between; of two equally near ones a source takes the cue after it
            and a content the one before it
The first runs with the thresholds that the model comes with. The second is run with several cue
thresholds, and the one with the best sum of the three F1 on this very data is shown: to its favour.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common import figures, gold_arguments, read_gold, run, scorer, use_model
from onrecord.extract import decode, tagger
from onrecord.extract.decode import Found
from onrecord.extract.tagger import Tagger
from onrecord.extract.windows import Pieces, Window
from onrecord.extract.words import Words

MEASURES = ("found", "attributed", "strict")
THRESHOLDS = (0.15, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
ROLE_TAGS = 6
"""Where the tag head's scores for O, B-source, I-source, B-content, I-content begin."""

Stretch = tuple[int, int]


def stretches(tags: NDArray[np.int64], begin: int) -> list[Stretch]:
    """Runs ``[start, end)`` of the role whose B tag is ``begin`` and whose I tag is the next number.

    >>> stretches(np.array([0, 1, 2, 1, 0, 2]), 1)
    [(1, 3), (3, 4), (5, 6)]
    """
    runs: list[Stretch] = []
    for index in np.flatnonzero((tags == begin) | (tags == begin + 1)).tolist():
        if runs and runs[-1][1] == index and tags[index] != begin:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def nearest(span: Stretch, cues: Sequence[Stretch], *, prefer_after: bool) -> int:
    """The number of the cue with the fewest words between it and ``span``.

    >>> nearest((4, 6), [(0, 2), (8, 9)], prefer_after=True)
    1
    """

    def distance(number: int) -> tuple[int, bool]:
        start, end = cues[number]
        return max(start - span[1], span[0] - end, 0), (start >= span[1]) != prefer_after

    return min(range(len(cues)), key=distance)


def link(tags: NDArray[np.float32], threshold: float) -> list[tuple[Stretch, list[int], list[int], float]]:
    """Cue, source words, content words and mean cue probability of each attribution in one window's tag scores."""
    found = decode.cues(decode.softmax(tags[:, :3]), threshold)
    if not found:
        return []
    cues = [(start, end) for start, end, _, _ in found]
    best = tags[:, ROLE_TAGS : ROLE_TAGS + 5].argmax(-1)
    words: list[tuple[list[int], list[int]]] = [([], []) for _ in cues]
    for role, begin in enumerate((1, 3)):
        for span in stretches(best, begin):
            number = nearest(span, cues, prefer_after=role == 0)
            start, end = cues[number]
            words[number][role].extend(i for i in range(*span) if not start <= i < end)
    return [(cues[n], *words[n], found[n][2]) for n in range(len(cues)) if words[n][1]]


class Nearest(Tagger):
    """A tagger without its role head; the encoder runs once a window, whatever the threshold."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._seen: dict[tuple[str, tuple[Window, ...]], NDArray[np.float32]] = {}

    def _encode(
        self, words: Words, pieces: Pieces, batch: list[Window]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        key = words.text, tuple(batch)
        if key not in self._seen:
            self._seen[key] = super()._encode(words, pieces, batch)[1]
        return np.zeros(0, np.float32), self._seen[key]

    def _decode(self, batch: list[Window], states: NDArray[np.float32], tags: NDArray[np.float32]) -> Iterator[Found]:
        for window, scores in zip(batch, tags, strict=True):
            shift = window.start
            for cue, source, content, sure in link(scores[: window.end - shift], self.settings.cue_threshold):
                if window.own_start <= cue[0] + shift < window.own_end:
                    yield Found(
                        (cue[0] + shift, cue[1] + shift),
                        tuple(i + shift for i in source),
                        tuple(i + shift for i in content),
                        False,
                        (),
                        sure,
                    )


def line(name: str, result: dict[str, dict[str, float]]) -> str:
    """One row of the table: precision/recall/F1 of each measure."""
    cells = ("/".join(f"{100 * result[m][k]:.1f}" for k in ("precision", "recall", "f1")) for m in MEASURES)
    return f"{name:24}" + "".join(f"{cell:>18}" for cell in cells)


def work(options: Namespace) -> None:
    """Measure and print."""
    score = scorer(options.shared)
    rows = read_gold(score, options.data, options.limit)
    shipped = use_model(options.model)
    linked = Nearest(options.model or tagger._MODELS)
    per_cue = figures(score, rows, shipped)
    best: tuple[float, float, dict[str, dict[str, float]]] | None = None
    for threshold in THRESHOLDS:
        linked.settings = replace(shipped.settings, cue_threshold=threshold, min_score=0.0)
        result = figures(score, rows, linked)
        total = sum(result[m]["f1"] for m in MEASURES)
        best = max(best or (total, threshold, result), (total, threshold, result), key=lambda b: b[0])
    assert best is not None
    print(f"{'precision/recall/F1':24}" + "".join(f"{m:>18}" for m in MEASURES))
    print(line("per cue (trained)", per_cue))
    print(line(f"nearest (cues >= {best[1]:.2f})", best[2]))
    gains = (100 * (per_cue[m]["f1"] - best[2][m]["f1"]) for m in MEASURES)
    print(f"{'gain in F1':24}" + "".join(f"{gain:>+18.1f}" for gain in gains))


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    return run(gold_arguments(__doc__), work, argv)


if __name__ == "__main__":
    sys.exit(main())
