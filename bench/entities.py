"""Who is who across documents, against the gold of entities, beside two baselines.

    python bench/entities.py --shared SHARED [--own] [--wrong]

Articles of ``bench/gold/entities.jsonl``. Each mention that the gold gives an entity (those of several holders left
out) is looked up in what onrecord made of its article; by default the speakers are onrecord's own (read, aligned with
PolNeAR's attributions by overlap of source and content), with ``--own`` the gold's names within the article stand for
them, which measures the joining alone. A mention for which there is no speaker is an entity of its own. Printed: B³
precision, recall and F1 over mentions, and of the pairs of mentions of two articles that were put together, how many
are wrong; for onrecord, for equal names, for equal last words of names; with and without the two entities that most
pairs belong to.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from common import read_jsonl, run
from onrecord import read_text
from onrecord.ledger.dates import first_day
from onrecord.model import Document, SourceType, Statement
from onrecord.relate.entities import Bearer, joined
from onrecord.relate.persons import plain

PERSONS = (SourceType.NAMED_PERSON, SourceType.UNNAMED_PERSON)
GOLD = Path(__file__).parent / "gold/entities.jsonl"
Spans = Sequence[Sequence[int]]


def overlap(one: Spans, other: Spans) -> float:
    """Shared characters over all characters."""
    a = {at for start, end in one for at in range(start, end)}
    b = {at for start, end in other for at in range(start, end)}
    return len(a & b) / max(1, len(a | b))


def statement_of(mention: dict[str, Any], document: Document) -> Statement | None:
    """The statement that is the gold's attribution: most alike in source and content."""
    best: tuple[float, Statement | None] = (0.3, None)
    for statement in document.statements:
        source, content = overlap(mention["source"], statement.source), overlap(mention["content"], statement.content)
        if source > 0 and content > 0 and (source + content) / 2 > best[0]:
            best = ((source + content) / 2, statement)
    return best[1]


def of_articles(
    gold: list[dict[str, Any]], texts: dict[str, str], days: dict[str, str | None], own: bool
) -> tuple[list[Bearer], list[int | None]]:
    """The speakers of all articles, and for each mention which of them it is."""
    bearers: list[Bearer] = []
    found: list[int | None] = []
    for row in gold:
        document = read_text(texts[row["id"]], id=row["id"])
        mine: dict[tuple[str, bool], int] = {}
        wanted: list[tuple[str, bool, tuple[str, ...]] | None] = []
        for mention in row["mentions"]:
            if own:
                start, end = mention["name"] if mention["entity"] is not None else (0, 0)
                name = document.text[start:end]
                wanted.append((name, mention["kind"] == "person", ()) if name else None)
                continue
            statement = statement_of(mention, document)
            speaker = statement.speakers[0] if statement and len(statement.speakers) == 1 else None
            if speaker is None or speaker.name is None or speaker.type is SourceType.UNNAMED_GROUP:
                wanted.append(None)
            else:
                titles = (speaker.title.of(document.text),) if speaker.title else ()
                wanted.append((speaker.name, speaker.type in PERSONS, titles))
        titles_of: dict[tuple[str, bool], set[str]] = defaultdict(set)
        for one in wanted:
            if one is not None:
                titles_of[one[:2]].update(one[2])
        names = frozenset(plain(name) for name, _ in titles_of)
        for one in wanted:
            if one is None:
                found.append(None)
                continue
            key = one[:2]
            if key not in mine:
                mine[key] = len(bearers)
                beside = names - {plain(key[0])}
                bearers.append(
                    Bearer(row["id"], key[0], key[1], tuple(sorted(titles_of[key])), beside, days[row["id"]])
                )
            found.append(mine[key])
    return bearers, found


def b_cubed(gold: Sequence[int], made: Sequence[int]) -> tuple[float, float]:
    """Precision and recall over mentions (Bagga and Baldwin 1998)."""
    pairs, golds, mades = Counter(zip(gold, made, strict=True)), Counter(gold), Counter(made)
    precision = sum(n * n / mades[m] for (_, m), n in pairs.items()) / len(gold)
    recall = sum(n * n / golds[g] for (g, _), n in pairs.items()) / len(gold)
    return precision, recall


def wrong_pairs(gold: Sequence[int], made: Sequence[int], of: Sequence[str]) -> tuple[int, int]:
    """Pairs of mentions of two articles that were put together: how many, and how many of them wrongly."""

    def across(keys: Sequence[Any]) -> int:
        every, within = Counter(keys), Counter(zip(keys, of, strict=True))
        return sum(n * (n - 1) // 2 for n in every.values()) - sum(n * (n - 1) // 2 for n in within.values())

    total = across(made)
    return total, total - across(list(zip(gold, made, strict=True)))


def work(options: Namespace) -> None:
    """Read, join, score, print."""
    gold = list(read_jsonl(GOLD))
    for row in gold:
        row["mentions"] = [m for m in row["mentions"] if m["entity"] is not None]
    files = (options.shared / f"data/polnear/{split}.jsonl.gz" for split in ("train", "dev"))
    rows = [row for file in files for row in read_jsonl(file)]
    texts, days = {row["id"]: row["text"] for row in rows}, {row["id"]: first_day(row.get("date")) for row in rows}
    bearers, found = of_articles(gold, texts, days, options.own)
    truth = [m["entity"] for row in gold for m in row["mentions"]]
    of = [row["id"] for row in gold for m in row["mentions"]]
    together = joined(bearers)
    group = {k: n for n, members in enumerate(together.groups) for k in members}
    ways: dict[str, Callable[[int], Any]] = {
        "onrecord": lambda k: group[k],
        "equal names": lambda k: (plain(bearers[k].name), bearers[k].person),
        "equal last words": lambda k: (plain(bearers[k].name).split()[-1:], bearers[k].person),
    }
    most = {e for e, _ in Counter(truth).most_common(2)}
    print(
        f"{len(truth):,} mentions, {sum(f is None for f in found):,} without a speaker, {len(together.open)} left open"
    )
    print(f"{'':20}{'B3 P':>7}{'R':>7}{'F1':>7}{'pairs':>9}{'wrong':>7}{'':>7}   without the two most frequent")
    for name, key in ways.items():
        numbers: dict[str, int] = {}
        made = [
            numbers.setdefault(str(key(f)) if f is not None else f"alone {k}", len(numbers))
            for k, f in enumerate(found)
        ]
        line = f"{name:20}"
        for some in (range(len(truth)), [k for k, e in enumerate(truth) if e not in most]):
            mine = [truth[k] for k in some], [made[k] for k in some], [of[k] for k in some]
            precision, recall = b_cubed(*mine[:2])
            total, wrong = wrong_pairs(*mine)
            f1 = 2 * precision * recall / (precision + recall)
            line += f"{100 * precision:7.1f}{100 * recall:7.1f}{100 * f1:7.1f}"
            line += f"{total:9,}{wrong:7,}{wrong / max(1, total):7.2%}"
        print(line)
        if options.wrong and name == "onrecord":
            show(truth, made, found, bearers)


def show(truth: Sequence[int], made: Sequence[int], found: Sequence[int | None], bearers: Sequence[Bearer]) -> None:
    """Names that were put together wrongly."""
    groups: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for k, m in enumerate(made):
        if (at := found[k]) is not None:
            groups[m].add((truth[k], bearers[at].name))
    for names in groups.values():
        if len({e for e, _ in names}) > 1:
            print("   ", sorted(names))


def main() -> None:
    """Entry point."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--own", action="store_true", help="the gold's names within each article instead of onrecord's")
    parser.add_argument("--wrong", action="store_true", help="list what was put together wrongly")
    sys.exit(run(parser, work))


if __name__ == "__main__":
    main()
