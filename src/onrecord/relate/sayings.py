"""One saying in several documents: which quotations are of the same words, whole or cut, and which were altered.

Every quotation is compared with those before it that share a run of three words with it; a word that hundreds of
quotations have in such a run tells nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from onrecord.relate.alike import LEAST, Alike, compared
from onrecord.relate.hashing import hashes
from onrecord.relate.wording import Quoted

__all__ = ["COMMON", "Link", "Saying", "links", "long_words", "needed", "runs", "tells"]

_RUN = 3
_SHORT = 12
COMMON = 100
"""A run of words that so many quotations have is looked for no more."""
_ANYBODYS = 9
"""So many shared words, and five long ones, are one saying even where two different persons are said to say it."""
_LONG, _LONG_WORDS = 5, 5
_FORMULA = 20
"""Fewer shared words with others between them ("two states side by side in peace and security") are a formula."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A quotation in a document: ``key`` names it, ``document`` the document, ``speaker`` who says it across documents,
    None where that is not known; ``person`` says that it is a person."""

    key: str
    document: str
    speaker: str | None
    quoted: Quoted
    person: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """Two quotations of one saying, by their keys. ``moved`` says that they are given to two different speakers."""

    first: str
    second: str
    alike: Alike
    moved: bool

    @property
    def altered(self) -> bool:
        """Whether words differ, or the speaker."""
        return bool(self.alike.differences) or self.moved

    @property
    def serious(self) -> bool:
        """Whether a negation, a number or the speaker differs."""
        return self.moved or self.alike.serious


def links(sayings: Iterable[Saying]) -> Iterator[Link]:
    """The links of each quotation to those of other documents before it."""
    known: list[Saying] = []
    found_by: dict[int, list[int]] = defaultdict(list)
    for saying in sayings:
        mine = runs(saying.quoted)
        shared: Counter[int] = Counter()
        for run in mine:
            if len(found_by[run]) <= COMMON:
                shared.update(found_by[run])
        for at, count in sorted(shared.items()):
            other = known[at]
            if other.document == saying.document or count < needed(other.quoted, saying.quoted):
                continue
            if (link := _link(other, saying)) is not None:
                yield link
        for run in mine:
            found_by[run].append(len(known))
        known.append(saying)


def runs(quoted: Quoted) -> frozenset[int]:
    """The hashes (64 bits, signed) of all runs of three words of a quotation; of one of fewer than five words none.

    >>> len(runs(Quoted(("we", "will", "sign", "no", "map")))), len(runs(Quoted(("we", "will", "sign"))))
    (3, 0)
    """
    forms = quoted.forms
    if len(forms) < LEAST:
        return frozenset()
    return hashes(forms, _RUN)


def needed(one: Quoted, other: Quoted) -> int:
    """How many runs two quotations share at least if most of the shorter one's words are in the other."""
    return 2 if min(len(one.forms), len(other.forms)) < _SHORT else 4


def long_words(quoted: Quoted, alike: Alike) -> int:
    """How many long words the first of two quotations has between the first and the last word that both share."""
    return sum(len(form) >= _LONG for form in quoted.forms[alike.first[0] : alike.first[1]])


def tells(
    shared: int, long: int, one: str | int | None, other: str | int | None, *, altered: bool, serious: bool
) -> bool:
    """Whether two quotations are of one saying, given what they share and their speakers (None: not known).

    People say the same short things; where the speaker is not the same one a long run of words is one saying, if no
    negation and no number differs, and other words only in a very long one.
    """
    if one is not None and one == other:
        return True
    return shared >= (_FORMULA if altered else _ANYBODYS) and long >= _LONG_WORDS and not serious


def _link(first: Saying, second: Saying) -> Link | None:
    alike = compared(first.quoted, second.quoted)
    if alike is None:
        return None
    long = long_words(first.quoted, alike)
    speakers = first.speaker, second.speaker
    if not tells(alike.shared, long, *speakers, altered=bool(alike.differences), serious=alike.serious):
        return None
    # an organisation and whoever speaks for it are one voice, and organisations have many names
    moved = None not in speakers and speakers[0] != speakers[1] and first.person and second.person
    return Link(first.key, second.key, alike, moved)
