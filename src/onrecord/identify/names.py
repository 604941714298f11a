"""Names in a text: where persons, organisations and places are named."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onrecord.extract.decode import softmax
from onrecord.extract.reading import Reading
from onrecord.languages.en import word_list

__all__ = ["NameKind", "Named", "named", "stretches"]


class NameKind(IntEnum):
    """What a name is the name of."""

    PERSON = 0
    ORGANIZATION = 1
    PLACE = 2


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the text as words ``[start, end)``; ``female`` is the probability that a person so named is a woman."""

    start: int
    end: int
    kind: NameKind
    words: tuple[str, ...]
    female: float = 0.5


_FUNCTION = frozenset(word_list("determiners.txt")) | frozenset(word_list("prepositions.txt"))
_JOINS = frozenset({"of", "for", "the", "and", "de", "la", "al", "von", "van", "&", "-", "’", "'", "."})


def stretches(labels: ArrayLike, begin: int, inside: int) -> list[tuple[int, int]]:
    """Stretches ``[start, end)`` of the labels ``begin`` and ``inside``; an ``inside`` after anything else begins one.

    >>> stretches([0, 1, 2, 1, 0, 2], 1, 2)
    [(1, 3), (3, 4), (5, 6)]
    """
    given = np.asarray(labels)
    found: list[tuple[int, int]] = []
    for index in np.flatnonzero((given == begin) | (given == inside)).tolist():
        if given[index] == inside and found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found


def named(reading: Reading, strings: list[str]) -> list[Named]:
    """The names of the text in order. Where a name is marked once, the same words elsewhere are marked alike.

    A name's kind is what most of its occurrences are marked as: the network sees a window at a time, the reader the
    whole article.
    """
    labels = reading.column("name").argmax(1)
    women = softmax(reading.column("gender"))[:, 1]
    votes: dict[tuple[str, ...], list[int]] = {}
    spans: list[tuple[int, int, tuple[str, ...]]] = []
    stretched = _stretched(_joined(labels, strings, reading), strings, reading)
    for start, end, kind in _bridged(stretched, strings):
        start, end = _trimmed(strings, start, end)
        if start < end:
            words = tuple(strings[start:end])
            votes.setdefault(words, [0, 0, 0])[kind] += 1
            spans.append((start, end, words))
    spans += _again(strings, votes, {i for start, end, _ in spans for i in range(start, end)})
    spans.sort()
    surnames = {words[-1].casefold() for words, v in votes.items() if len(words) > 1 and v[0] == max(v)}
    made: list[Named] = []
    for start, end, words in spans:
        kind = NameKind(int(np.argmax(votes[words])))
        if len(words) == 1 and words[0].casefold() in surnames:
            kind = NameKind.PERSON
        made.append(Named(start, end, kind, words, float(women[start:end].mean())))
    return made


_QUOTES = frozenset("\"“”‘’'")


def _joined(labels: NDArray[np.int64], strings: list[str], reading: Reading) -> list[tuple[int, int, NameKind]]:
    """The marked stretches in order, those that a space or an initial's stop parts as one: "Ann | Lee", "J. | Lee".

    What is made of a place and something else is the other ("Tamm | Lind" is a person).
    """
    found = [(a, b, kind) for kind in NameKind for a, b in stretches(labels, 1 + 2 * kind, 2 + 2 * kind)]
    made: list[tuple[int, int, NameKind]] = []
    for start, end, kind in sorted(found):
        last = made[-1][1] if made else -1
        initial = last == start - 1 and strings[last] == "." and len(strings[last - 1]) == 1
        nickname = made and last == start - 1 and strings[last] in _QUOTES and made[-1][2] == kind == NameKind.PERSON
        if (reading.words.breaks[start] == 1 and (last == start or initial)) or nickname:
            first, _, before = made[-1]
            if before == kind or before is NameKind.PLACE:
                made[-1] = (first, end, kind)
                continue
        made.append((start, end, kind))
    return made


_WEAK = 0.12
"""Beside a marked word this probability is enough for a capitalised one to belong to the name."""


def _stretched(
    found: list[tuple[int, int, NameKind]], strings: list[str], reading: Reading
) -> list[tuple[int, int, NameKind]]:
    """The stretches with the capitalised words beside them that the network half takes for a part of the name."""
    chances = softmax(reading.column("name"))
    breaks = reading.words.breaks
    taken = {i for start, end, _ in found for i in range(start, end)}
    made = []
    for start, end, kind in found:
        likely = chances[:, 1 + 2 * kind] + chances[:, 2 + 2 * kind]

        def fits(i: int, likely: NDArray[np.float32] = likely) -> bool:
            return i not in taken and strings[i][0].isupper() and float(likely[i]) >= _WEAK

        # A person's name is missed at its beginning ("Adaeze | Okafor"); in headlines every word is capitalised.
        if kind is not NameKind.PERSON or end - start == 1:
            while start > 0 and breaks[start] == 1 and fits(start - 1) and not _headline(strings, reading, start):
                start -= 1
        if kind is not NameKind.PERSON:
            while end < len(strings) and breaks[end] == 1 and fits(end) and not _headline(strings, reading, end):
                end += 1
        taken.update(range(start, end))
        made.append((start, end, kind))
    return made


def _bridged(found: list[tuple[int, int, NameKind]], strings: list[str]) -> list[tuple[int, int, NameKind]]:
    """The stretches; two organisations joined by "and" or "&" are one where these words stand so twice or more."""
    made: list[tuple[int, int, NameKind]] = []
    lines = " ".join(strings)
    for start, end, kind in found:
        if made and kind is NameKind.ORGANIZATION and made[-1][2] is kind and made[-1][1] == start - 1:
            whole = " ".join(strings[made[-1][0] : end])
            if strings[start - 1].lower() in ("and", "&") and lines.count(whole) > 1:
                made[-1] = (made[-1][0], end, kind)
                continue
        made.append((start, end, kind))
    return made


def _headline(strings: list[str], reading: Reading, at: int) -> bool:
    """Whether most long words around are capitalised, as in headlines."""
    paragraphs = reading.words.paragraphs
    near = [i for i in range(max(0, at - 12), min(len(strings), at + 12)) if paragraphs[i] == paragraphs[at]]
    long = [strings[i] for i in near if len(strings[i]) > 3 and strings[i].isalpha()]
    return 2 * sum(word[0].isupper() for word in long) > len(long)


def _trimmed(strings: list[str], start: int, end: int) -> tuple[int, int]:
    """Without marks, joining words and possessive endings at the edges; nothing where no capital or digit is left."""
    while start < end and (
        not strings[start][0].isalnum() or strings[start].lower() in _JOINS or strings[start].lower() in _FUNCTION
    ):
        start += 1
    while end > start and (
        (
            not strings[end - 1][0].isalnum()
            and not (strings[end - 1] == "." and end - start > 1 and _dotted(strings[end - 2]))
        )
        or strings[end - 1] in _JOINS - {"."}
    ):
        end -= 1
    if not any(c.isupper() or c.isdigit() for word in strings[start:end] for c in word):
        return start, start
    return start, end


def _dotted(word: str) -> bool:
    return word in ("Jr", "Sr", "Inc", "Co", "Corp", "Ltd") or ("." in word and word[-1:].isupper())


def _again(
    strings: list[str], votes: dict[tuple[str, ...], list[int]], taken: set[int]
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Other places where the same capitalised words stand unmarked; longer names first."""
    firsts: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted(votes, key=len, reverse=True):
        if all(w[0].isupper() or not w[0].isalpha() or w in _JOINS for w in words) and len("".join(words)) > 2:
            firsts.setdefault(words[0], []).append(words)
    found = []
    for index, word in enumerate(strings):
        if index in taken:
            continue
        for words in firsts.get(word, ()):
            end = index + len(words)
            if tuple(strings[index:end]) == words and not taken.intersection(range(index, end)):
                votes_of = votes[words]
                if sum(votes_of) > 1 or len(words) > 1:
                    found.append((index, end, words))
                    taken.update(range(index, end))
                break
    return found
