"""Who could be meant: for each statement the few entities, nouns and ways out among which one is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache

from onrecord.identify.names import NameKind, is_outlet
from onrecord.identify.view import Said, View, governs, holders
from onrecord.languages.en import word_list

__all__ = ["Candidate", "History", "Sort", "Told", "calls", "candidates", "in_name"]


class Sort(IntEnum):
    """What a candidate is: a named entity, a noun that spoke before, the source's own words, or nobody who is known."""

    ENTITY = 0
    NOUN = 1
    OWN = 2
    NOBODY = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible speaker: ``number`` counts ``View.entities`` for an entity, ``History.told`` for a noun."""

    sort: Sort
    number: int = -1


@dataclass(frozen=True, slots=True)
class Told:
    """A statement that has its speakers, as the ones after it see it. ``noun`` is where a noun stands that it has as
    speaker."""

    said: Said
    speakers: tuple[Candidate, ...]
    noun: tuple[int, int] | None = None
    head: str = ""
    type: int = 6


@dataclass(slots=True)
class History:
    """The statements so far, in order, and who made them."""

    told: list[Told] = field(default_factory=list)
    counted: int = 0
    """So many of them are in ``counts``."""
    counts: Counter[Candidate] = field(default_factory=Counter)

    def statements_of(self, candidate: Candidate) -> int:
        """How many of the statements so far a candidate has made."""
        for item in self.told[self.counted :]:
            self.counts.update(set(item.speakers))
        self.counted = len(self.told)
        return self.counts[candidate]

    def last(self, count: int) -> Iterable[Candidate]:
        """Speakers of the last statements, the latest first, each once."""
        seen: list[Candidate] = []
        for item in reversed(self.told):
            for speaker in item.speakers:
                if speaker not in seen and speaker.sort in (Sort.ENTITY, Sort.NOUN):
                    seen.append(speaker)
            if len(seen) >= count:
                break
        return seen[:count]

    def nouns(self, head: str | None = None) -> list[int]:
        """Numbers of the statements that a noun was first the speaker of, the latest first."""
        found = [k for k, item in enumerate(self.told) if item.noun and (head is None or item.head == head)]
        return found[::-1]


_LIKELY = {
    "m": (6, 0, 0),
    "f": (6, 0, 0),
    "p": (4, 4, 2),
    "n": (1, 4, 3),
    "s": (4, 2, 0),
    "w": (3, 2, 1),
    "none": (4, 3, 1),
    "phrase": (5, 4, 2),
}
"""How many persons, organisations and places are considered for each form of source, the last named first."""


def candidates(view: View, said: Said, history: History, parent: Sequence[Candidate] = ()) -> list[Candidate]:
    """The candidates for one statement; ``parent`` are the speakers of the statement around it."""
    inside = list(dict.fromkeys(view.owner[i] for i in said.source if i in view.owner))
    found = [Candidate(Sort.ENTITY, k) for k in inside if not _spoken_for(view, said, k)]
    if said.form == "phrase" and inside:
        return [*found, Candidate(Sort.OWN), Candidate(Sort.NOBODY)]
    found += [*parent, *history.last(3)]
    counts = _LIKELY[said.form]
    found += [Candidate(Sort.ENTITY, k) for k in _recent(view, said.at, counts)]
    if said.form in ("phrase", "w"):
        found.append(Candidate(Sort.OWN))
        head = view.lower[said.head]
        found += [Candidate(Sort.ENTITY, k) for k in holders(view, head)[:3]]
        found += [Candidate(Sort.ENTITY, k) for k in view.worded.get(head, ())[:2]]
        every = range(len(view.entities)) if _sorts(head) else ()
        alike = [k for k in every if calls(view, k, head) > 0 and view.before(k, said.at)]
        alike.sort(key=lambda k: -view.starts[k][view.before(k, said.at) - 1])
        found += [Candidate(Sort.ENTITY, k) for k in alike[:2]]
        found += [Candidate(Sort.NOUN, k) for k in history.nouns(head)[:2]]
    if said.form in ("p", "n", "m", "f", "none"):
        found += [Candidate(Sort.NOUN, k) for k in history.nouns()[:2]]
    found.append(Candidate(Sort.NOBODY))
    return list(dict.fromkeys(c for c in found if c.sort is not Sort.OWN or said.form in ("phrase", "w")))


def _spoken_for(view: View, said: Said, entity: int) -> bool:
    """Whether a person only tells whose people speak: "aides to Okoro", "the lawyer representing Okoro"."""
    if view.entities[entity].kind is not NameKind.PERSON or view.owner.get(said.head) == entity:
        return False
    mine = [i for i in said.source if view.owner.get(i) == entity and view.owner.get(i - 1) != entity]
    return all(i - 1 in said.source and (view.lower[i - 1] in ("for", "to") or governs(view, i - 1)) for i in mine)


def _recent(view: View, at: int, counts: tuple[int, int, int]) -> list[int]:
    """The entities that were named last before the word ``at``, and the person named next."""
    last: list[tuple[int, int]] = []
    following: tuple[int, int] | None = None
    for k, entity in enumerate(view.entities):
        seen = view.before(k, at)
        if seen:
            last.append((view.starts[k][seen - 1], k))
        elif entity.kind is NameKind.PERSON and (following is None or view.starts[k][0] < following[0]):
            following = (view.starts[k][0], k)
    last.sort(reverse=True)
    left = list(counts)
    found = []
    for _, k in last:
        kind = view.entities[k].kind
        if left[kind]:
            left[kind] -= 1
            found.append(k)
    return found + ([following[1]] if following and counts[0] else [])


def in_name(view: View, entity: int, head: str) -> bool:
    """Whether the head noun is a word of an organisation's or a place's name ("the agency" of "Energy Agency")."""
    return entity in view.worded.get(head, ())


@cache
def _organisations() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Nouns for a sort of organisation, and the words of names that show the sort."""
    halves = (line.split("|") for line in word_list("organisations.txt"))
    return tuple((frozenset(nouns.split()), frozenset(words.split())) for nouns, words in halves)


@cache
def _sorts(head: str) -> tuple[frozenset[str], ...]:
    return tuple(words for nouns, words in _organisations() if head in nouns)


def calls(view: View, entity: int, head: str) -> int:
    """1 where a noun is the sort that a name shows ("the newspaper": "Delling Post"), -1 where not, 0 if unknown."""
    sorts = _sorts(head)
    if not sorts:
        return 0
    found = view.entities[entity]
    if found.kind is NameKind.PERSON:
        return -1
    shown = _shown(found.fullest.words, found.kind)
    if any(not shown.isdisjoint(words) for words in sorts):
        return 1
    # "Velmar" can be a company; the "Delling Post" cannot be a bank.
    return -1 if any(not shown.isdisjoint(words) for _, words in _organisations()) else 0


@cache
def _shown(name: tuple[str, ...], kind: NameKind) -> frozenset[str]:
    """The words of a name in small letters, and what else shows its sort."""
    words = {word.lower() for word in name}
    if kind is NameKind.PLACE:
        words.add("place")
    elif is_outlet(" ".join(name)):
        words.add("outlet")
    return frozenset(words)
