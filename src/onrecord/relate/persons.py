"""Names of persons as they are compared across documents: given names, family name, suffix; and whether two may be
one person's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from rapidfuzz.distance import Levenshtein

from onrecord.identify.entities import short_for
from onrecord.identify.names import honorifics
from onrecord.identify.view import first_names

__all__ = ["LONG", "Fit", "PersonName", "fit", "person_name", "plain"]

_SUFFIXES = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
_PARTICLES = frozenset((
    *("al", "ben", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la"),
    *("le", "ten", "ter", "van", "vander", "von", "zu"),
))  # fmt: skip
_APOSTROPHES = str.maketrans("", "", "'’`")
_QUOTED = re.compile(r"[\"“‘(][^\"”’)]*[\"”’)]")
LONG = 5
"""Of a family name of more letters one may differ in another spelling."""
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^[jyi]u", "u"), ("ph", "f"), ("ck|q|k", "c"), ("kh|gh", "h"), ("tz|ts", "z"), ("w", "v"), ("[yj]", "i"),
        ("ie|ei|ii", "i"), (r"(.)\1", r"\1"), ("(?<=.)h$", ""), ("(?<=[^aeiou])e$", ""),
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name: given names and initials in order, family name, suffix; folded to small letters without accents.

    ``given`` is empty where the document has the family name alone. ``gender`` is ``m`` or ``f`` where what stands
    before it or the first name tells; ``honorific`` is what stands before it, where that is a role ("senator").
    """

    given: tuple[str, ...]
    family: str
    suffix: str | None = None
    gender: str | None = None
    honorific: str | None = None


class Fit(IntEnum):
    """How well two names go together: not at all; one says less (an initial, no first name); another form or spelling
    of the same name; the same name."""

    NONE = 0
    OPEN = 1
    VARIANT = 2
    SAME = 3


def plain(words: str) -> str:
    """Words in small letters without accents and apostrophes.

    >>> plain("Zoë O’Brien-Łąk")
    'zoe obrien-łak'
    """
    if not words.isascii():
        words = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return words.translate(_APOSTROPHES).casefold()


@cache
def person_name(name: str) -> PersonName | None:
    """The parts of a name; None where it has none.

    >>> person_name("Sen. Robert “Bob” van der Berg, Jr.")
    PersonName(given=('robert',), family='van der berg', suffix='jr', gender='m', honorific='sen')
    >>> person_name("J.D. Okafor").given, person_name("Mrs. Petrenko").gender
    (('j', 'd'), 'f')
    """
    words = [w for w in re.split(r"[\s,]+", plain(_QUOTED.sub(" ", name))) if w.strip(".-")]
    suffix = None
    while len(words) > 1 and words[-1].strip(".") in _SUFFIXES:
        suffix = _SUFFIXES[words.pop().strip(".")]
    before: list[str] = []
    while len(words) > 1 and words[0].strip(".") in honorifics():
        before.append(words.pop(0).strip("."))
    if not words:
        return None
    at = len(words) - 1
    while at > 1 and words[at - 1].strip(".") in _PARTICLES:
        at -= 1
    given = [part for word in words[:at] for part in (word.split(".") if "." in word.strip(".") else [word.strip(".")])]
    kept = tuple(part for part in given if part)
    told = next((gender for word in before if (gender := honorifics()[word])), None)
    gender = told or (first_names().get(kept[0]) if kept else None)
    role = next((word for word in before if not honorifics()[word]), None)
    return PersonName(kept, " ".join(words[at:]), suffix, gender, role)


def fit(one: PersonName, other: PersonName) -> Fit:
    """Whether two names may be one person's, and how surely the names alone say so.

    >>> fit(person_name("Yulia Petrenko"), person_name("Julia Petrenko")).name
    'VARIANT'
    >>> fit(person_name("John Smith"), person_name("Jane Smith")).name
    'NONE'
    >>> fit(person_name("J. Smith"), person_name("John Smith")).name
    'OPEN'
    >>> fit(person_name("Dan Lind Jr."), person_name("Dan Lind")).name
    'NONE'
    """
    if one.suffix != other.suffix and one.given and other.given:
        return Fit.NONE
    if one.family != other.family:
        return Fit.VARIANT if _misspelt(one, other) else Fit.NONE
    if not one.given or not other.given:
        return Fit.NONE if None not in (one.gender, other.gender) and one.gender != other.gender else Fit.OPEN
    first = _first(one.given[0], other.given[0])
    if first is Fit.NONE and one.given[0] != other.given[0]:
        # "H. Ross Perot" and "Ross Perot": a person may go by the second name
        seconds = [_first(a, b) for a, b in ((one.given[-1], other.given[0]), (one.given[0], other.given[-1]))]
        first = min(max(seconds), Fit.VARIANT) if len(one.given) != len(other.given) else Fit.NONE
        return first
    middles = one.given[1:], other.given[1:]
    if all(middles):
        return min(first, _first(middles[0][0], middles[1][0]))
    return first


def _first(a: str, b: str) -> Fit:
    if a == b:
        return Fit.SAME if len(a) > 1 else Fit.OPEN
    if len(a) == 1 or len(b) == 1:
        return Fit.OPEN if a[0] == b[0] else Fit.NONE
    if short_for(a, b) or short_for(b, a):
        return Fit.VARIANT
    return Fit.VARIANT if _sound(a) == _sound(b) else Fit.NONE


@cache
def _sound(name: str) -> str:
    """A first name as it sounds: spellings that stand for one sound are one.

    >>> _sound("yulia") == _sound("julia"), _sound("sergey") == _sound("sergei"), _sound("ivana") == _sound("ivanka")
    (True, True, False)
    """
    for pattern, sound in _SOUNDS:
        name = pattern.sub(sound, name)
    return name


def _misspelt(one: PersonName, other: PersonName) -> bool:
    """Whether two family names are two spellings of one: nearly the same, of persons of the same first name."""
    return (
        bool(one.given)
        and one.given == other.given
        and min(len(one.family), len(other.family)) > LONG
        and Levenshtein.distance(one.family, other.family) <= 1
    )
