"""Labelled acts, commitments and occasions: offsets in ``act_labels.jsonl``, texts in the corpora."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from onrecord.extract.form import form_of, quoted_in
from onrecord.extract.quotes import Quotation, quotations
from onrecord.model import Span, Statement
from train.data import read_jsonl

__all__ = ["FILES", "articles", "statements"]

FILES = {
    "polnear": ("polnear/train.jsonl.gz", "polnear/dev.jsonl.gz"),
    "agencies": ("news/agencies.jsonl.gz",),
    "bbc": ("news/bbc.jsonl.gz",),
    "markkula": ("markkula/dev.jsonl.gz",),
}
"""Where each corpus's texts are, under ``data/`` of the shared folder."""


def articles(shared: Path, labels: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each labelled article, ``{"id", "text", "date", …}``, with its labels in order of their contents.

    Raises:
        ValueError: a labelled article is not in the data, or not the text that was labelled.
    """
    wanted: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for label in labels:
        wanted[label["corpus"]][str(label["id"])].append(label)
    for corpus, by_id in sorted(wanted.items()):
        for name in FILES[corpus]:
            for row in read_jsonl(shared / "data" / name):
                mine = by_id.pop(str(row["id"]), None)
                if mine is None:
                    continue
                if hashlib.sha256(row["text"].encode()).hexdigest() != mine[0]["sha256"]:
                    raise ValueError(f"{corpus} {row['id']}: not the text that was labelled")
                yield row, sorted(mine, key=lambda label: label["content"])
        if by_id:
            first = next(iter(by_id))
            raise ValueError(f"{corpus}: {len(by_id)} labelled articles are not in the data, e.g. {first!r}")


def statements(text: str, labels: Sequence[dict[str, Any]]) -> list[Statement]:
    """The labelled statements of an article, numbered in their order."""
    outer = [q for q in quotations(text) if q.depth == 0]
    return [_statement(number, label, outer, text) for number, label in enumerate(labels)]


def _statement(number: int, label: dict[str, Any], outer: Sequence[Quotation], text: str) -> Statement:
    """A label's source, cue and content as a statement; ``outer`` are the text's outer quotations."""
    source, cue, content = (tuple(Span(*span) for span in label[role]) for role in ("source", "cue", "content"))
    quoted = quoted_in(content, outer)
    return Statement(str(number), content, source, cue, quoted, form_of(content, quoted, text))
