"""Fit how probable a dispute is: ``python -m train.disputes --shared DIR --ledger FILE [--out SETTINGS.json]``.

``dispute_labels.jsonl`` are the pairs of statements that a network took for disputes with a probability of 0.08 and
more, in articles of which it had learnt nothing: all of them, each read. So they are what is found when articles are
compared, in the proportions in which it is found. Their articles are recorded in a ledger, unless it is there, and
compared in a copy of it as ``onrecord relate`` does; what is known of each labelled pair (``relate.evidence``) is
weighed, unless it is of two articles of which one has no date: it tells nothing of days; or of one from which a network
has learnt since (``train.claims.fold_of``: the first fold is left out). Prints how good that is, in folds of the pairs
by article.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection

from onrecord import Document, DocumentError, read_many
from onrecord.ledger import Ledger
from onrecord.meaning.encoder import shipped
from onrecord.meaning.pairs import Compared, PairReader, shipped_pairs
from onrecord.relate.claims import claims_of
from onrecord.relate.evidence import NAMES, row_of
from onrecord.relate.relations import Relations
from onrecord.relate.tying import Tying, sign_of
from train.claims import SHIPPED, articles, fold_of, weighed
from train.data import read_jsonl

LABELS = Path(__file__).parent / "dispute_labels.jsonl"
COLUMNS = ("disputes", "one denied", "days apart", "claims between", "speakers dispute", "speakers agree",
           "through others")  # fmt: skip
"""What is weighed; nothing else that was tried told more (docs/decisions.md)."""
_STRENGTH = 0.5
_SAME = 0.5
"""A statement is a labelled one where so much of the longer content of both is in both."""

Spans = list[list[int]]


@dataclass(frozen=True)
class Found:
    """A pair that was compared: both documents' ids and contents, what is known of it, by ``NAMES``, and whether that
    has the days between both documents."""

    documents: tuple[str, str]
    contents: tuple[Spans, Spans]
    row: list[float]
    dated: bool


class _Noting(Tying):
    """Compares claims, and notes what is known of all pairs that are read instead of tying any."""

    def __init__(self, reader: PairReader) -> None:
        super().__init__(shipped(), reader)
        self.found: list[Found] = []
        self._known: dict[str, tuple[str, Spans]] = {}

    def document(self, connection: Connection, number: int, name: str, document: Document) -> None:
        for claim in claims_of(document):
            content = [[span.start, span.end] for span in claim.statement.content]
            self._known[sign_of(name, claim)] = str(document.id), content
        super().document(connection, number, name, document)

    def _ties(self, places: Any, pairs: Sequence[Any], said: Sequence[Compared]) -> list[dict[str, Any]]:
        for pair, compared, beside in zip(pairs, said, self.around(pairs, said), strict=True):
            (one, mine), (other, its) = (self._known[sign] for sign in pair.signs)
            row = row_of(compared, pair.words, beside)
            self.found.append(Found((one, other), (mine, its), row, pair.days is not None))
        return []


def compared(file: Path, reader: PairReader) -> list[Found]:
    """All pairs that are read when the articles of a ledger, none of which was compared yet, are."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy.db"
        shutil.copyfile(file, copy)
        noting = _Noting(reader)
        with Ledger.open(copy) as ledger:
            Relations(ledger, noting).update(lambda done, of: print(f"\rcompared {done} of {of}", end="", flush=True))
    print()
    return noting.found


def record(shared: Path, labels: Sequence[dict[str, Any]], file: Path) -> None:
    """Record the labelled articles, with all their statements, in a new ledger.

    Raises:
        ValueError: an article is not in the data.
    """
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "articles.jsonl"
        with listed.open("w", encoding="utf-8") as out:
            for (_, id), article in articles(shared, labels):
                out.write(json.dumps({"id": id, "text": article["text"], "date": article.get("date")}) + "\n")
        part = Path(scratch) / "part.db"
        with Ledger.open(part) as ledger:
            for document in read_many([str(listed)]):
                if isinstance(document, DocumentError):
                    raise document
                ledger.add(document)
        shutil.move(part, file)


def matched(labels: Sequence[dict[str, Any]], found: Sequence[Found]) -> Iterator[tuple[Found, bool, str]]:
    """The labelled pairs that were compared and are dated, each with whether it is a dispute, and the article of its
    later claim."""
    of: defaultdict[frozenset[str], list[Found]] = defaultdict(list)
    for one in found:
        of[frozenset(one.documents)].append(one)
    for label in labels:
        ids, spans = [label[side]["id"] for side in "ab"], [label[side]["content"] for side in "ab"]
        near = [(_alike(one, ids, spans), number, one) for number, one in enumerate(of[frozenset(ids)])]
        best = max(near, default=None)  # the numbers are all different, so no pair is compared with another
        if best is not None and best[0] >= _SAME and best[2].dated:
            yield best[2], bool(label["right"]), best[2].documents[1]


def _alike(found: Found, ids: Sequence[str], spans: Sequence[Spans]) -> float:
    """How much of both contents a pair shares with a labelled one, either way round; the lesser of the two, 0 to 1."""
    ways = [0.0]
    for a, b in ((0, 1), (1, 0)):
        if (ids[a], ids[b]) == found.documents:
            ways.append(min(_shared(found.contents[0], spans[a]), _shared(found.contents[1], spans[b])))
    return max(ways)


def _shared(one: Spans, other: Spans) -> float:
    both = sum(max(0, min(e, f) - max(s, b)) for s, e in one for b, f in other)
    return both / max(sum(e - s for s, e in side) for side in (one, other))


def main() -> None:
    """Entry point."""
    from sklearn.metrics import average_precision_score

    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--ledger", type=Path, required=True, help="of the labelled articles; made where there is none")
    p.add_argument("--labels", type=Path, default=LABELS)
    p.add_argument("--out", type=Path, default=SHIPPED / "settings.json", help="settings to write the weights into")
    options = p.parse_args()
    labels = [row for row in read_jsonl(options.labels) if not any(fold_of(row[side]["id"]) for side in "ab")]
    if not options.ledger.exists():
        record(options.shared, labels, options.ledger)
    pairs = list(matched(labels, compared(options.ledger, shipped_pairs())))
    rows, right = np.array([found.row for found, _, _ in pairs]), np.array([is_one for _, is_one, _ in pairs])
    made, said = weighed(rows, right, [article for _, _, article in pairs], COLUMNS, _STRENGTH)
    print(f"{len(pairs)} of {len(labels)} labelled pairs are compared and dated, {right.sum()} are disputes")
    for name, scores in (("the network alone", rows[:, NAMES.index("disputes")]), ("all", said)):
        order = np.argsort(-scores, kind="stable")
        best = ", ".join(f"{right[order[:count]].sum()} of {count}" for count in (25, 50, 100, 150))
        print(f"{name}: average precision {average_precision_score(right, scores):.3f}; right of the best: {best}")
    for least in (0.4, 0.5, 0.6, 0.7, 0.8):
        if (chosen := said >= least).any():
            print(f"   from {least}: {chosen.sum()}, precision {right[chosen].mean():.2f}")
    for name, weight in zip(NAMES, made["weights"], strict=True):
        if weight:
            print(f"   {name}: {weight:+.2f}")
    settings = json.loads(options.out.read_text(encoding="utf-8"))
    settings["ties"]["disputes"] = made
    options.out.write_text(json.dumps(settings) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
