"""What the trained role head gains over linking tagged spans to the nearest cue.

    python bench/linking.py --shared DIR --data DIR/data/polnear/dev.jsonl.gz [--model DIR]

One model, one set of cue scores, three ways from them to statements, the same assembly after all:
  per cue           the role head reads the words once for each cue and fetches its source and content (shipped)
  nearest, given    the tag head's source and content spans (best of O, B/I-source, B/I-content for each word)
                    each go to the cue with the fewest words between
  nearest, shared   contents likewise, but each cue takes its nearest source, so that one serves several cues
Of two equally near ones a source stands before its cue and a content after it. The first way runs with the
thresholds that the model comes with. The others run with several cue thresholds, and for each the one with
the best sum of the three F1 on this very data is shown: to their favour. The tag head's spans are an
auxiliary task of this model; the shared guide has the figures of a tagger trained for nothing else.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common import figures, gold_arguments, read_gold, run, scorer, use_model
from onrecord.extract import decode, tagger
from onrecord.extract.decode import Found
from onrecord.extract.tagger import Tagger
from onrecord.extract.windows import Window, pack
from onrecord.extract.words import Words, cut
from onrecord.model import Span

MEASURES = ("found", "attributed", "strict")
THRESHOLDS = (0.15, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
ROLE_TAGS = 6
"""Where the tag head's scores for O, B-source, I-source, B-content, I-content begin."""

Stretch = tuple[int, int]
Figures = dict[str, dict[str, float]]


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


@dataclass(frozen=True)
class Linked:
    """One attribution of a window: its cue, source and content words, and the cue's mean probability."""

    cue: Stretch
    source: tuple[int, ...]
    content: tuple[int, ...]
    sure: float


def link(tags: NDArray[np.float32], threshold: float, *, shared: bool) -> list[Linked]:
    """The attributions in one window's tag scores; ``shared`` lets each cue take its nearest source."""
    found = decode.cues(decode.softmax(tags[:, :3]), threshold)
    if not found:
        return []
    cues = [(start, end) for start, end, _, _ in found]
    best = tags[:, ROLE_TAGS : ROLE_TAGS + 5].argmax(-1)
    sources: list[list[Stretch]] = [[] for _ in cues]
    contents: list[list[Stretch]] = [[] for _ in cues]
    for span in stretches(best, 3):
        contents[nearest(span, cues, prefer_after=False)].append(span)
    spans = stretches(best, 1)
    if shared and spans:
        sources = [[spans[nearest(cue, spans, prefer_after=False)]] for cue in cues]
    elif not shared:
        for span in spans:
            sources[nearest(span, cues, prefer_after=True)].append(span)

    def words(number: int, runs: list[Stretch]) -> tuple[int, ...]:
        start, end = cues[number]
        return tuple(i for run in runs for i in range(*run) if not start <= i < end)

    linked = (Linked(cues[n], words(n, sources[n]), words(n, contents[n]), found[n][2]) for n in range(len(cues)))
    return [item for item in linked if item.content]


class Nearest(Tagger):
    """A tagger without its role head; the encoder runs once a text, whatever the threshold."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.shared = False
        self._seen: dict[str, tuple[Words, list[tuple[Window, NDArray[np.float32]]]]] = {}

    def tag(self, text: str, spoken: Sequence[Span] = ()) -> tuple[Words, list[Found]]:
        """The same as a tagger's, with spans linked to the nearest cue."""
        if text not in self._seen:
            words = cut(text)
            pieces = self._cutter(words.strings())
            windows = pack(words, pieces, self.settings.window)
            self._seen[text] = words, [(w, self._encode(words, pieces, w)[1]) for w in windows]
        words, read = self._seen[text]
        found = []
        for window, scores in read:
            shift = window.start
            for item in link(scores, self.settings.cue_threshold, shared=self.shared):
                if window.own_start <= item.cue[0] + shift < window.own_end:
                    cue, source, content = (
                        tuple(i + shift for i in part) for part in (item.cue, item.source, item.content)
                    )
                    found.append(Found((cue[0], cue[1]), source, content, False, (), item.sure))
        return words, found


def line(name: str, result: Figures) -> str:
    """One row of the table: precision/recall/F1 of each measure."""
    cells = ("/".join(f"{100 * result[m][k]:.1f}" for k in ("precision", "recall", "f1")) for m in MEASURES)
    return f"{name:28}" + "".join(f"{cell:>18}" for cell in cells)


def total(result: Figures) -> float:
    """What a threshold is chosen by: the sum of the three F1."""
    return sum(result[m]["f1"] for m in MEASURES)


def work(options: Namespace) -> None:
    """Measure and print."""
    score = scorer(options.shared)
    rows = read_gold(score, options.data, options.limit)
    model = use_model(options.model)
    linked = Nearest(options.model or tagger._MODELS)
    per_cue = figures(score, rows, model)
    print(f"{'precision/recall/F1':28}" + "".join(f"{m:>18}" for m in MEASURES))
    print(line("per cue (trained)", per_cue))
    strongest = None
    for shared in (False, True):
        linked.shared = shared
        tried: dict[float, Figures] = {}
        for threshold in THRESHOLDS:
            linked.settings = replace(model.settings, cue_threshold=threshold, min_score=0.0)
            tried[threshold] = figures(score, rows, linked)
        best = max(tried, key=lambda t: total(tried[t]))
        print(line(f"nearest, {'shared' if shared else 'given'} (cues >= {best:.2f})", tried[best]))
        strongest = max(strongest or tried[best], tried[best], key=total)
    assert strongest is not None
    gains = (100 * (per_cue[m]["f1"] - strongest[m]["f1"]) for m in MEASURES)
    print(f"{'gain in F1 over the better':28}" + "".join(f"{gain:>+18.1f}" for gain in gains))


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; returns the exit status."""
    return run(gold_arguments(__doc__), work, argv)


if __name__ == "__main__":
    sys.exit(main())
