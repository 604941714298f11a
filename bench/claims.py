"""How well disputes are found: those planted in an invented negotiation, and the best-scored ones of real articles.

    python bench/claims.py [--ledger LEDGER [--sheet FILE]]

Without options: the reports of ``examples/guarantees.jsonl`` are recorded and compared, and of the disputes planted in
them (``gold/planted.jsonl``, written before the network was trained) those are counted that are suggested.

With ``--ledger``, a ledger of real articles that ``onrecord relate`` compared: the hundred best-scored disputes of
which at least one article has nothing labelled in ``train``, as somebody who read both sides judged them
(``gold/disputes.jsonl``: offsets in which articles, never the words). ``--sheet`` writes those that nobody has read
yet, for reading.
"""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from common import read_jsonl, run
from onrecord import DocumentError, read_many
from onrecord.exports.attribution import attribution
from onrecord.ledger import Ledger
from onrecord.relate.claims import claim_of
from onrecord.relate.relations import Relations
from onrecord.relate.sides import Kind, Link, Side

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "guarantees.jsonl"
PLANTED, READ = HERE / "gold" / "planted.jsonl", HERE / "gold" / "disputes.jsonl"
LABELS = [HERE.parent / "train" / f"{name}_labels.jsonl" for name in ("claim", "dispute")]
BEST = 100


def planted() -> None:
    """Record and compare the example; print which planted disputes are suggested."""
    with Ledger.open(Path(tempfile.mkdtemp()) / "desk.db") as ledger:
        for document in read_many([str(EXAMPLE)]):
            if not isinstance(document, DocumentError):
                ledger.add(document)
        relations = Relations(ledger)
        relations.update()
        links = list(relations.links([Kind.DISPUTES]))
        stated = {str(d.id): [claim_of(d.text, s).text for s in d.statements] for d in ledger.documents()}
    gold = list(read_jsonl(PLANTED))
    found = recorded = 0
    hit: set[str] = set()
    for row in gold:
        there = all(any(row[side]["words"] in text for text in stated[row[side]["document"]]) for side in "ab")
        mine = [link for link in links if _is(link, row)]
        hit.update(link.id for link in mine)
        recorded += there
        found += bool(mine)
        score = f"{mine[0].score:.2f}" if mine else "not suggested" if there else "a side was not recorded"
        print(f"  {score:24} {row['a']['words']} | {row['b']['words']}")
    print(f"planted disputes: {found} of {len(gold)} found ({recorded} have both sides recorded)")
    print(f"suggested in all: {len(links)}, of which {len(hit)} are planted ones")
    for link in links:
        if link.id not in hit:
            print(f"  {link.score:.2f} " + " | ".join(_words(side) for side in (link.first, link.second)))


def _is(link: Link, row: dict[str, Any]) -> bool:
    """Whether a link is between the statements that a planted dispute names."""

    def has(side: Side, of: dict[str, str]) -> bool:
        assert side.entry is not None
        return str(side.entry.document.id) == of["document"] and of["words"] in _words(side)

    return any(has(a, row["a"]) and has(b, row["b"]) for a, b in ((link.first, link.second), (link.second, link.first)))


def _words(side: Side) -> str:
    assert side.entry is not None and side.statement is not None
    return claim_of(side.entry.document.text, side.statement).text


def unlabelled(ledger: Ledger) -> Iterator[Link]:
    """The disputes of a ledger, the best-scored first, of which one article at least has nothing labelled; two between
    the same two speakers' same words count once."""
    labelled = {row[side]["id"] for file in LABELS for row in read_jsonl(file) for side in "ab"}
    seen: set[frozenset[str]] = set()
    for link in Relations(ledger).links([Kind.DISPUTES]):
        assert link.first.entry is not None and link.second.entry is not None
        texts = frozenset(_words(side) for side in (link.first, link.second))
        if {str(link.first.entry.document.id), str(link.second.entry.document.id)} <= labelled or texts in seen:
            continue
        seen.add(texts)
        yield link


def _key(link: Link) -> dict[str, Any]:
    made: dict[str, Any] = {"score": link.score}
    for name, side in (("a", link.first), ("b", link.second)):
        assert side.entry is not None and side.statement is not None
        content = [list(span) for span in side.statement.content]
        made[name] = {"document": str(side.entry.document.id), "content": content}
    return made


def _sides(row: dict[str, Any]) -> frozenset[str]:
    """Both statements of a row, whichever is first."""
    return frozenset(json.dumps(row[side]) for side in "ab")


def best(where: str, sheet: Path | None) -> None:
    """Print how many of the best-scored disputes are such, as far as they were read."""
    rows = list(read_jsonl(READ)) if READ.exists() else []
    known = {_sides(row): row["right"] for row in rows}
    with Ledger.open(where, read_only=True) as ledger:
        links = list(islice(unlabelled(ledger), BEST))
        right: list[bool | None] = []
        unread: list[str] = []
        for link in links:
            key = _key(link)
            right.append(known.get(_sides(key)))
            if right[-1] is None:
                lines = [json.dumps(key)]
                for side in (link.first, link.second):
                    assert side.entry is not None and side.statement is not None
                    document = side.entry.document
                    head = f"{side.day} {document.title or document.id}: {attribution(document, side.statement)}"
                    lines.append(f"   {head}\n      {_words(side)}")
                unread.append("\n".join(lines))
    if sheet is not None:
        sheet.write_text("\n".join(unread) + "\n", encoding="utf-8")
    print(f"{len(links)} best-scored disputes, {len(links) - len(unread)} of them read")
    for count in (10, 25, 50, 100):
        some = [one for one in right[:count] if one is not None]
        if some and len(some) == min(count, len(links)):
            print(f"  precision at {count}: {sum(some) / len(some):.1%}")


def work(options: Namespace) -> None:
    """Measure."""
    if options.ledger:
        best(options.ledger, options.sheet)
    else:
        planted()


def main() -> None:
    """Entry point."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--ledger")
    parser.add_argument("--sheet", type=Path)
    sys.exit(run(parser, work))


if __name__ == "__main__":
    main()
