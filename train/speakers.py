"""Who is named and who speaks in the labelled articles: targets of the side head and of the choice of speakers.

A line of the labels: ``corpus``, ``id``, ``sha256`` of the text, ``entities`` (``kind`` person, organization, place,
document or group; source ``type``; ``gender``; spans of the fullest ``name``, all ``mentions``, the ``title``,
``justification`` and ``anonymity_reason``), ``speakers`` (for each attribution the entities that make it),
``addressees`` and ``relayed`` by attribution; ``attributions`` where the corpus gives none; ``side`` false where no
side head was trained on it. Offsets only, code points.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.extract.words import Words
from train.data import IGNORE, read_jsonl, to_words

TYPES = (
    "named_person", "named_organization", "document", "anonymous_source", "unnamed_person", "unnamed_group", "unknown",
)  # fmt: skip
KINDS = ("person", "organization", "place")
FILES = {"polnear": "polnear/train.jsonl.gz", "agencies": "news/agencies.jsonl.gz", "bbc": "news/bbc.jsonl.gz"}

Group = tuple[int, ...]


@dataclass(frozen=True)
class Vote:
    """A statement's words and the number of its source type."""

    source: Group
    cue: Group
    content: Group
    type: int


@dataclass(frozen=True)
class Link:
    """Source words that name nobody, the names that they could stand for, and which of these they do stand for."""

    pointing: Group
    names: tuple[Group, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True)
class Who:
    """Word labels of one text or window: names, titles, justifications (outside, begin, inside), gender (m, f)."""

    names: NDArray[np.int64]
    titles: NDArray[np.int64]
    justifications: NDArray[np.int64]
    gender: NDArray[np.int64]
    votes: tuple[Vote, ...]
    links: tuple[Link, ...]


def labelled(words: Words, label: dict[str, Any], attributions: Sequence[dict[str, Any]]) -> Who:
    """The labels of one article as word labels."""
    names, titles, reasons = (np.zeros(len(words), np.int64) for _ in range(3))
    gender = np.full(len(words), IGNORE, np.int64)
    mentions: list[tuple[Group, int]] = []
    for number, entity in enumerate(label["entities"]):
        for span in entity["mentions"]:
            group = to_words(words, [span])
            if group and entity["kind"] in KINDS:
                mentions.append((group, number))
                kind = KINDS.index(entity["kind"])
                names[list(group)], names[group[0]] = 2 + 2 * kind, 1 + 2 * kind
                if entity["gender"] is not None and kind == 0:
                    gender[list(group)] = int(entity["gender"] == "f")
        for layer, key in ((titles, "title"), (reasons, "justification")):
            group = to_words(words, [entity[key]]) if entity[key] else ()
            if group:
                layer[list(group)], layer[group[0]] = 2, 1
    votes, links = [], []
    for item, speakers in zip(attributions, label["speakers"], strict=True):
        source, cue, content = (to_words(words, item[role]) for role in ("source", "cue", "content"))
        if not source or not content:
            continue
        kind_of = label["entities"][speakers[0]]["type"] if speakers else None
        votes.append(Vote(source, cue, content, TYPES.index(kind_of or "unknown")))
        inside = set(source)
        if any(number in speakers and inside & set(group) for group, number in mentions):
            continue
        near = [(group, number) for group, number in mentions if not inside & set(group)]
        links.append(Link(source, tuple(g for g, _ in near), tuple(n in speakers for _, n in near)))
    return Who(names, titles, reasons, gender, tuple(votes), tuple(links))


def part(who: Who, start: int, end: int) -> Who:
    """What a window ``[start, end)`` shows of the labels; a link needs a right name in the window."""

    def seen(group: Group) -> bool:
        return start <= group[0] and group[-1] < end

    def moved(group: Group) -> Group:
        return tuple(i - start for i in group if start <= i < end)

    links = []
    for link in who.links:
        if not seen(link.pointing):
            continue
        near = [(moved(g), r) for g, r in zip(link.names, link.right, strict=True) if seen(g)]
        if any(r for _, r in near) and not all(r for _, r in near):
            links.append(Link(moved(link.pointing), tuple(g for g, _ in near), tuple(r for _, r in near)))
    return Who(
        who.names[start:end],
        who.titles[start:end],
        who.justifications[start:end],
        who.gender[start:end],
        tuple(Vote(moved(v.source), moved(v.cue), moved(v.content), v.type) for v in who.votes if seen(v.source)),
        tuple(links),
    )


def articles(shared: Path, labels: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each labelled article with its label.

    Raises:
        ValueError: an article is not there, or has another text than the labelled one.
    """
    wanted = {(label["corpus"], label["id"]): label for label in labels}
    for corpus, name in FILES.items():
        if not any(c == corpus for c, _ in wanted):
            continue
        for row in read_jsonl(shared / "data" / name):
            label = wanted.pop((corpus, row["id"]), None)
            if label is not None:
                if hashlib.sha256(row["text"].encode()).hexdigest() != label["sha256"]:
                    raise ValueError(f"{name}: {row['id']} is not the text that was labelled")
                yield row, label
    if wanted:
        raise ValueError(f"{len(wanted)} labelled articles are not in {shared}, e.g. {next(iter(wanted))[1]}")


FOLDS = 3


def fold_of(label: dict[str, Any]) -> int:
    """The part of the labelled articles that an article belongs to, by its hash.

    The choice of speakers is trained on each part as a side head reads it that was trained on the others: it has to
    see names as they are marked in articles that the network was not trained on.
    """
    return int(label["sha256"], 16) % FOLDS


def reader_of(label: dict[str, Any]) -> int:
    """Which encoder reads an article for the choice of speakers: its fold's, or the last for those kept from all."""
    return fold_of(label) if label.get("side", True) else FOLDS
