"""One saying in several documents: which quotations are of the same words, whole or cut, and which were altered.

Every quotation is compared with those before it that share a run of three words with it; a word that hundreds of
quotations have in such a run tells nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from onrecord.relate.alike import LEAST, Alike, compared
from onrecord.relate.wording import Quoted

__all__ = ["Link", "Saying", "links"]

_RUN = 3
_SHORT = 12
_COMMON = 100
"""A run of words that so many quotations have is looked for no more."""
_ANYBODYS = 9
"""So many shared words, and five long ones, are one saying even where two different persons are said to say it."""
_LONG, _LONG_WORDS = 5, 5


@dataclass(frozen=True, slots=True)
class Saying:
    """A quotation in a document: ``key`` names it, ``document`` the document, ``speaker`` who says it across documents,
    None where that is not known."""

    key: str
    document: str
    speaker: str | None
    quoted: Quoted


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
    runs: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for saying in sayings:
        forms = saying.quoted.forms
        if len(forms) < LEAST:
            continue
        mine = {forms[k : k + _RUN] for k in range(len(forms) - _RUN + 1)}
        shared: Counter[int] = Counter()
        for run in mine:
            if len(runs[run]) <= _COMMON:
                shared.update(runs[run])
        for at, count in sorted(shared.items()):
            other = known[at]
            if other.document == saying.document or count < _needed(other, saying):
                continue
            if (link := _link(other, saying)) is not None:
                yield link
        for run in mine:
            runs[run].append(len(known))
        known.append(saying)


def _needed(one: Saying, other: Saying) -> int:
    """How many runs two quotations share at least if most of the shorter one's words are in the other."""
    shorter = min(len(one.quoted.words), len(other.quoted.words))
    return 2 if shorter < _SHORT else 4


def _link(first: Saying, second: Saying) -> Link | None:
    alike = compared(first.quoted, second.quoted)
    if alike is None:
        return None
    moved = None not in (first.speaker, second.speaker) and first.speaker != second.speaker
    if moved or None in (first.speaker, second.speaker):
        # people say the same short things; a long run of words is one saying
        own = first.quoted.forms[alike.first[0] : alike.first[1]]
        if alike.shared < _ANYBODYS or sum(len(form) >= _LONG for form in own) < _LONG_WORDS or alike.serious:
            return None
    return Link(first.key, second.key, alike, moved)
