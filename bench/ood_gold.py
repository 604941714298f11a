#!/usr/bin/env python3
"""Put the out-of-domain gold together with the corpora that it was labelled on.

    ood_gold.py --shared DIR --out DIR

The repository holds offsets and hashes only (bench/gold/ood.jsonl, bench/gold/narrative.jsonl);
the texts are read from DIR/data/news/<corpus>.jsonl.gz and every hash and offset is checked.
Written, one JSON object a line:

  ood-gold.jsonl            {"id", "text", "attributions"}: top-level ones, for score_attribution.py
  ood-docs.jsonl            {"id", "text"}: the same documents for `onrecord read`
  ood-<corpus>-gold.jsonl, ood-<corpus>-docs.jsonl   the two for one corpus alone (agencies, bbc)
  narrative-docs.jsonl      {"id", "text"}: stretches that attribute nothing to anybody; whatever is
                            found in them is false. The id is <document>#<start>-<end>

Nested attributions ("parent" is not null) are checked like the others and left out. Exit status 2
where a file is missing or does not fit; nothing is written then.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GOLD = Path(__file__).parent / "gold"
ROLES = ("source", "cue", "content")


class Mismatch(ValueError):
    """The gold does not fit the corpora at hand."""


@dataclass(frozen=True)
class Document:
    """One annotated article; spans are code points into `text`."""

    corpus: str
    id: str
    text: str
    top_level: list[dict[str, list[list[int]]]]
    nested: int


def rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of a JSON Lines file with where it stands ("ood.jsonl, line 3")."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                where = f"{path.name}, line {number}"
                try:
                    yield where, json.loads(line)
                except json.JSONDecodeError as error:
                    raise Mismatch(f"{where}: not JSON: {error}") from None


class Corpora:
    """The texts of data/news, each file read when first asked for."""

    def __init__(self, shared: Path) -> None:
        self._folder = shared / "data" / "news"
        self._texts: dict[str, dict[str, str]] = {}

    def text(self, row: dict[str, Any], where: str) -> str:
        """The text that a gold row is about.

        Raises:
            Mismatch: the corpus lacks the document, or its text is not the one that was labelled.
        """
        corpus, document, expected = row["corpus"], row["id"], row["sha256"]
        path = self._folder / f"{corpus}.jsonl.gz"
        if corpus not in self._texts:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                self._texts[corpus] = {d["id"]: d["text"] for d in map(json.loads, lines)}
        text = self._texts[corpus].get(document)
        if text is None:
            raise Mismatch(f"{where}: {path} has no document {document!r}")
        found = hashlib.sha256(text.encode()).hexdigest()
        if found != expected:
            raise Mismatch(
                f"{where}: the text of {document!r} in {path} is not the one that was labelled "
                f"(SHA-256 {found[:12]}…, labelled {expected[:12]}…); use the corpus file that the "
                "gold was made from"
            )
        return text


def check_span(start: int, end: int, text: str, where: str) -> None:
    """Refuse a span that is empty, lies outside the text, or has white space at an edge."""
    if not 0 <= start < end <= len(text):
        raise Mismatch(f"{where}: span [{start}, {end}) in a text of {len(text)} characters")
    if text[start].isspace() or text[end - 1].isspace():
        raise Mismatch(f"{where}: span [{start}, {end}) begins or ends with white space")


def check_attribution(index: int, gold: list[dict[str, Any]], text: str, where: str) -> None:
    """Refuse an attribution without content or cue, with a bad span, or with a wrong parent."""
    attribution = gold[index]
    where = f"{where}, attribution {index}"
    for role in ROLES:
        for start, end in attribution[role]:
            check_span(start, end, text, where)
    if not attribution["content"] or not attribution["cue"]:
        raise Mismatch(f"{where}: no content or no cue")
    parent = attribution["parent"]
    if parent is None:
        return
    if not 0 <= parent < index:
        raise Mismatch(f"{where}: parent {parent} does not stand before it")
    around = gold[parent]["content"]
    for start, end in attribution["content"]:
        if not any(first <= start and end <= last for first, last in around):
            raise Mismatch(f"{where}: content [{start}, {end}) lies outside that of its parent")


def articles(corpora: Corpora, path: Path) -> list[Document]:
    """The annotated articles of `path`, checked."""
    found: list[Document] = []
    for where, row in rows(path):
        text, gold = corpora.text(row, where), row["attributions"]
        for index in range(len(gold)):
            check_attribution(index, gold, text, where)
        top = [{role: a[role] for role in ROLES} for a in gold if a["parent"] is None]
        found.append(Document(row["corpus"], row["id"], text, top, len(gold) - len(top)))
    return found


def narrative(corpora: Corpora, path: Path) -> list[dict[str, str]]:
    """The stretches of `path` as documents of their own, checked."""
    found = []
    for where, row in rows(path):
        text, start, end = corpora.text(row, where), row["start"], row["end"]
        check_span(start, end, text, where)
        found.append({"id": f"{row['id']}#{start}-{end}", "text": text[start:end]})
    return found


def write(path: Path, objects: list[dict[str, Any]]) -> None:
    """One JSON object a line."""
    lines = "".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects)
    path.write_text(lines, encoding="utf-8")


def write_pair(out: Path, name: str, documents: list[Document]) -> None:
    """<name>-gold.jsonl and <name>-docs.jsonl."""
    gold = [{"id": d.id, "text": d.text, "attributions": d.top_level} for d in documents]
    write(out / f"{name}-gold.jsonl", gold)
    write(out / f"{name}-docs.jsonl", [{"id": d.id, "text": d.text} for d in documents])


def words(texts: list[str]) -> int:
    """Number of words between white space."""
    return sum(len(text.split()) for text in texts)


def main() -> int:
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--gold", type=Path, default=GOLD, metavar="DIR", help="default: bench/gold")
    options = parser.parse_args()
    try:
        corpora = Corpora(options.shared)
        documents = articles(corpora, options.gold / "ood.jsonl")
        stretches = narrative(corpora, options.gold / "narrative.jsonl")
        options.out.mkdir(parents=True, exist_ok=True)
        write_pair(options.out, "ood", documents)
        by_corpus: dict[str, list[Document]] = {}
        for document in documents:
            by_corpus.setdefault(document.corpus, []).append(document)
        for corpus, members in by_corpus.items():
            write_pair(options.out, f"ood-{corpus}", members)
        write(options.out / "narrative-docs.jsonl", stretches)
    except (OSError, EOFError, ValueError) as error:
        print(f"ood_gold: {error}", file=sys.stderr)
        return 2
    except KeyError as error:
        print(f"ood_gold: a row of the gold lacks the key {error}", file=sys.stderr)
        return 2
    for corpus, members in by_corpus.items():
        top, inner = sum(len(d.top_level) for d in members), sum(d.nested for d in members)
        total = words([d.text for d in members])
        print(f"{corpus}: {len(members)} articles, {total} words, {top} top-level, {inner} nested")
    print(f"narrative: {len(stretches)} stretches, {words([s['text'] for s in stretches])} words")
    return 0


if __name__ == "__main__":
    sys.exit(main())
