"""Names in a text: where persons, organisations and places are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onrecord.extract.decode import softmax
from onrecord.extract.reading import Reading
from onrecord.identify.nicknames import Called, called
from onrecord.languages.en import word_list

__all__ = ["NameKind", "Named", "honorifics", "is_outlet", "named", "stretches"]


class NameKind(IntEnum):
    """What a name is the name of."""

    PERSON = 0
    ORGANIZATION = 1
    PLACE = 2


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the text as words ``[start, end)``; ``female`` is the probability that a person so named is a woman.

    ``nickname`` says that the text says here what somebody is called, ``of`` at which word the name begins of the
    person who is, if he has another.
    """

    start: int
    end: int
    kind: NameKind
    words: tuple[str, ...]
    female: float = 0.5
    nickname: bool = False
    of: int | None = None


_FUNCTION = frozenset(word_list("determiners.txt")) | frozenset(word_list("prepositions.txt"))
_JOINS = frozenset({"of", "for", "the", "and", "de", "la", "al", "von", "van", "&", "-", "’", "'", "."})


@cache
def honorifics() -> dict[str, str | None]:
    """What stands before names, with the gender where it tells one."""
    pairs = (line.split() for line in word_list("honorifics.txt"))
    return {pair[0]: pair[1] if len(pair) > 1 else None for pair in pairs}


@cache
def _outlets() -> frozenset[str]:
    return frozenset(word_list("outlets.txt"))


def is_outlet(name: str) -> bool:
    """Whether an organisation's name is that of a news outlet or agency, by its last words.

    >>> is_outlet("The Skarn Gazette"), is_outlet("Velmar Metals")
    (True, False)
    """
    words = name.lower().split()
    return any(" ".join(words[-k:]) in _outlets() for k in (1, 2)) if words else False


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

    A name's kind is what all its occurrences say together: the network sees a window at a time, the reader the whole
    article.
    """
    labels = reading.column("name").argmax(1)
    chances = softmax(reading.column("name"))
    likely = chances[:, 1::2] + chances[:, 2::2]  # for each word, person, organisation, place
    women = softmax(reading.column("gender"))[:, 1]
    votes: dict[tuple[str, ...], list[int]] = {}
    spans: list[tuple[int, int, tuple[str, ...]]] = []
    stretched = _stretched(_joined(labels, strings, reading), strings, reading, likely)
    nicknames = _nicknames(stretched, strings, reading)
    inside = {i for name in nicknames for i in range(name.start, name.end)}
    stretched = [each for each in stretched if inside.isdisjoint(range(*each[:2]))]
    for name in nicknames:
        words = tuple(strings[name.start : name.end])
        votes.setdefault(words, [0, 0, 0])[NameKind.PERSON] += 1
        spans.append((name.start, name.end, words))
    for start, end, kind in _bridged(stretched, strings):
        start, end = _trimmed(strings, start, end)
        if start < end:
            words = tuple(strings[start:end])
            votes.setdefault(words, [0, 0, 0])[kind] += 1
            spans.append((start, end, words))
    spans += _again(strings, votes, {i for start, end, _ in spans for i in range(start, end)})
    spans = _first_and_last(sorted(spans), votes, reading)
    organisations = [words for words, v in votes.items() if len(words) > 2 and v[1] == max(v)]
    surnames = {words[-1].casefold() for words, v in votes.items() if len(words) > 1 and v[0] == max(v)}
    kinds = _kinds(spans, strings, likely)
    said_to_be = {name.start: name.of for name in nicknames}
    persons = {tuple(strings[name.start : name.end]) for name in nicknames}
    made: list[Named] = []
    for start, end, words in spans:
        kind = NameKind(int(np.argmax(kinds[words])))
        if words in persons or (len(words) == 1 and words[0].casefold() in surnames):
            kind = NameKind.PERSON
        if kind is NameKind.PLACE and any(abbreviates(words, whole) for whole in organisations):
            kind = NameKind.ORGANIZATION
        female = float(women[start:end].mean())
        made.append(Named(start, end, kind, words, female, start in said_to_be, said_to_be.get(start)))
    return made


def _nicknames(found: list[tuple[int, int, NameKind]], strings: list[str], reading: Reading) -> list[Called]:
    """What people are said to be called, but for what neither the words before nor the network take for a person."""
    ends = {end: start for start, end, kind in found if kind is NameKind.PERSON}
    others = {i for start, end, kind in found if kind is not NameKind.PERSON for i in range(start, end)}
    every = called(reading.words, strings, ends)
    return [name for name in every if name.person or others.isdisjoint(range(name.start, name.end))]


def _kinds(
    spans: list[tuple[int, int, tuple[str, ...]]], strings: list[str], likely: NDArray[np.float32]
) -> dict[tuple[str, ...], NDArray[np.float32]]:
    """For each name how much speaks for a person, an organisation, a place: what its occurrences together say."""
    made: dict[tuple[str, ...], NDArray[np.float32]] = {}
    states: set[tuple[str, ...]] = set()
    titled: set[tuple[str, ...]] = set()
    for start, end, words in spans:
        made.setdefault(words, np.zeros(3, np.float32))
        made[words] += likely[start:end].mean(0)
        after = [w.lower() for w in strings[end : end + 4]]
        if after[:1] in (["'s"], ["’s"]) and not _STATES.isdisjoint(after[1:]):
            states.add(words)
        before = start - 2 if start > 1 and strings[start - 1] == "." else start - 1
        if before >= 0 and strings[before].lower() in honorifics():
            titled.add(words)
    known = {word for words, of in made.items() if len(words) > 1 and of.argmax() == NameKind.PERSON for word in words}
    alone = {words for words in made if len(words) == 1 and words[0] not in known} - titled
    for words in alone & states:  # "Kestria's foreign minister": of a name that stands alone, no person's
        if made[words].argmax() == NameKind.PERSON:
            made[words][NameKind.PLACE] += made[words].sum()
    for (_, end, words), (start, _, other) in pairwise(spans):  # "Kestria and Orvaland"
        if strings[end:start] == ["and"] and {words, other} <= alone:
            kinds = {int(made[words].argmax()): words, int(made[other].argmax()): other}
            if kinds.keys() == {NameKind.PERSON, NameKind.PLACE}:
                made[kinds[NameKind.PERSON]][NameKind.PLACE] += made[kinds[NameKind.PERSON]].sum()
    return made


_STATES = frozenset(word_list("state_nouns.txt"))


def _first_and_last(
    spans: list[tuple[int, int, tuple[str, ...]]], votes: dict[tuple[str, ...], list[int]], reading: Reading
) -> list[tuple[int, int, tuple[str, ...]]]:
    """The names; two persons' single words side by side are one name where the second stands alone elsewhere too.

    "Mara | Singh": the first was marked here, the last only where "Ms. Singh" stands.
    """
    made: list[tuple[int, int, tuple[str, ...]]] = []
    for start, end, words in spans:
        if made and made[-1][1] == start and reading.words.breaks[start] == 1:
            first, _, before = made[-1]
            both = [votes[w] for w in (before, words)]
            if len(before) == len(words) == 1 and before != words and all(v[0] and v[0] == max(v) for v in both):
                whole = before + words
                votes.setdefault(whole, [0, 0, 0])[NameKind.PERSON] += 1
                made[-1] = (first, end, whole)
                continue
        made.append((start, end, words))
    return made


def abbreviates(short: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether a name is another's initials, joining words left out.

    >>> abbreviates(("C.F.L", "."), ("Coastal", "Fishers", "League")), abbreviates(("Oslo",), ("Ose", "Lo"))
    (True, False)
    """
    plain = "".join(short).replace(".", "")
    return len(plain) > 1 and plain.isupper() and plain == "".join(w[0] for w in whole if w not in _JOINS)


_QUOTES = frozenset("\"“”‘’'")


def _joined(labels: NDArray[np.int64], strings: list[str], reading: Reading) -> list[tuple[int, int, NameKind]]:
    """The marked stretches in order, those that a space or an initial's stop parts as one: "Ann | Lee", "J. | Lee".

    What is made of a place and something else is the other ("Tamm | Lind" is a person).
    """
    found = [
        (a, b, kind)
        for kind in NameKind
        for whole in stretches(labels, 1 + 2 * kind, 2 + 2 * kind)
        for a, b in _lines(whole, reading)
    ]
    made: list[tuple[int, int, NameKind]] = []
    for start, end, kind in sorted(found):
        last = made[-1][1] if made else -1
        initial = last == start - 1 and strings[last] == "." and len(strings[last - 1]) == 1
        nickname = made and last == start - 1 and strings[last] in _QUOTES and made[-1][2] == kind == NameKind.PERSON
        if (reading.words.breaks[start] == 1 and (last == start or initial)) or nickname:
            first, _, before = made[-1]
            lettered = before is NameKind.PERSON and _initial(strings, start)
            if before == kind or before is NameKind.PLACE or lettered:
                made[-1] = (first, end, NameKind.PERSON if lettered else kind)
                continue
        made.append((start, end, kind))
    return made


def _lines(whole: tuple[int, int], reading: Reading) -> list[tuple[int, int]]:
    """A stretch cut where an empty line stands in it."""
    cuts = [i for i in range(whole[0] + 1, whole[1]) if reading.words.breaks[i] >= _EMPTY_LINE]
    return list(pairwise((whole[0], *cuts, whole[1])))


_EMPTY_LINE = 3
_WEAK = 0.12
"""Beside a marked word this probability is enough for a capitalised one to belong to the name."""


def _stretched(
    found: list[tuple[int, int, NameKind]], strings: list[str], reading: Reading, likely: NDArray[np.float32]
) -> list[tuple[int, int, NameKind]]:
    """The stretches with the capitalised words beside them that the network half takes for a part of the name."""
    breaks = reading.words.breaks
    taken = {i for start, end, _ in found for i in range(start, end)}
    made = []
    for start, end, kind in found:

        def fits(i: int, kind: NameKind = kind) -> bool:
            return i not in taken and strings[i][0].isupper() and float(likely[i, kind]) >= _WEAK

        # A person's name is missed at its beginning ("Adaeze | Okafor"); in headlines every word is capitalised.
        if kind is not NameKind.PERSON or end - start == 1:
            while start > 0 and breaks[start] == 1 and fits(start - 1) and not _headline(strings, reading, start):
                start -= 1
        if kind is not NameKind.PERSON:
            if kind is NameKind.ORGANIZATION:
                start = _with_joined(strings, start, taken)
            while end < len(strings) and breaks[end] == 1 and fits(end) and not _headline(strings, reading, end):
                end += 1
        elif _initial_at_end(strings, end) and end + 1 not in taken:  # "Maya D | . Lind"
            end += 2
        taken.update(range(start, end))
        made.append((start, end, kind))
    return made


def _with_joined(strings: list[str], start: int, taken: set[int]) -> int:
    """Where an organisation's name begins, with a word that "and" joins: "the Dockers' and | Trawlermen's Union"."""
    at = start - 1
    if at < 2 or strings[at] not in ("and", "&"):
        return start
    at -= 1
    while strings[at] in ("'", "’", "'s", "’s") and at > 1:
        at -= 1
    named = strings[at][0].isupper() and at not in taken and strings[at - 1].lower() in ("the", "a", "an", "'s", "’s")
    return at if named else start


def _initial(strings: list[str], at: int) -> bool:
    """Whether an initial and its stop stand before a word."""
    return at > 1 and strings[at - 1] == "." and len(strings[at - 2]) == 1 and strings[at - 2].isupper()


def _initial_at_end(strings: list[str], end: int) -> bool:
    """Whether a name that ends before the word ``end`` lacks what follows its last initial."""
    letter = strings[end - 1]
    return (
        len(letter) == 1
        and letter.isupper()
        and strings[end : end + 1] == ["."]
        and end + 1 < len(strings)
        and strings[end + 1][0].isupper()
        and len(strings[end + 1]) > 1
    )


_OF_A_PLACE = frozenset(
    ("republic", "kingdom", "state", "city", "government", "university", "bank", "commonwealth", "town", "county")
)


def _bridged(found: list[tuple[int, int, NameKind]], strings: list[str]) -> list[tuple[int, int, NameKind]]:
    """The stretches; two organisations joined by "and" or "&" are one where these words stand so twice or more.

    So are "Republic" and what it is the republic of.
    """
    made: list[tuple[int, int, NameKind]] = []
    lines = " ".join(strings)
    for start, end, kind in found:
        if made and kind is NameKind.ORGANIZATION and made[-1][2] is kind and made[-1][1] == start - 1:
            whole = " ".join(strings[made[-1][0] : end])
            if strings[start - 1].lower() in ("and", "&") and lines.count(whole) > 1:
                made[-1] = (made[-1][0], end, kind)
                continue
        owners = made and strings[made[-1][1] : start] in (["'", "and"], ["’", "and"], ["'s", "and"], ["’s", "and"])
        if owners and kind is NameKind.ORGANIZATION and made[-1][2] is kind:  # "Dockers' and Trawlermen's Union"
            made[-1] = (made[-1][0], end, kind)
            continue
        if made and made[-1][1] == start - 1 and strings[start - 1] == "of" and kind is NameKind.PLACE:
            before = strings[made[-1][1] - 1]
            if before.lower() in _OF_A_PLACE and before[0].isupper() and made[-1][2] is not NameKind.PERSON:
                made[-1] = (made[-1][0], end, made[-1][2])
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
    """Without marks, joining words and possessive endings at the edges, and without words in small letters in front
    ("federal"); nothing where no capital or digit is left."""
    while start < end and (
        not strings[start][0].isalnum()
        or strings[start].lower() in _JOINS
        or strings[start].lower() in _FUNCTION
        or (strings[start].islower() and len(strings[start]) > 3 and any(w[0].isupper() for w in strings[start:end]))
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
    found: list[tuple[int, int, tuple[str, ...]]] = []
    last = {words[-1].upper(): words[-1:] for words, v in votes.items() if len(words) > 1 and v[0] == max(v)}
    for index, word in enumerate(strings):
        if index in taken:
            continue
        if word in last and word not in firsts and len(word) > 2 and strings[index + 1 : index + 2] == [":"]:
            votes.setdefault((word,), [1, 0, 0])  # "LIND: No." in a transcript
            found.append((index, index + 1, (word,)))
            taken.add(index)
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
