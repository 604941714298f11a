"""One speaker across documents: which speakers of several documents are one person or organisation.

A false join is worse than a missed one: names that fit several are joined with none and wait for a person.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from onrecord.identify.countries import country_of_city, country_of_name
from onrecord.languages.en import word_list
from onrecord.relate.persons import LONG, Fit, PersonName, fit, person_name, plain
from onrecord.relate.sets import Sets

__all__ = ["Bearer", "Joined", "block_of", "initials_of", "joined", "organisation_key", "shortened", "spelt_alike"]


@dataclass(frozen=True, slots=True)
class Bearer:
    """A speaker of one document: the fullest name there, whether a person's, titles, the others who speak there, and
    the day of publication (ISO 8601)."""

    document: str
    name: str
    person: bool
    titles: tuple[str, ...] = ()
    beside: frozenset[str] = frozenset()
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Speakers that are one, and those that may be one of several: pairs of a speaker and the groups it may belong to.

    All are numbers of bearers; ``groups`` has every bearer once.
    """

    groups: tuple[tuple[int, ...], ...]
    open: tuple[tuple[int, tuple[int, ...]], ...] = ()


_ENDINGS = frozenset(["inc", "corp", "corporation", "co", "company", "ltd", "llc", "plc", "lp", "group"])
_SAYS_NOTHING = frozenset(word_list("prepositions.txt")) | frozenset(
    ["the", "a", "an", "and", "former", "senior", "chief", "deputy", "his", "her"]
)
_NEEDED = 1.0
"""So much has to speak for it that a family name alone is an entity's."""
_AGAINST = -0.5
"""Where no more speaks against it, those of one short name are one."""
_USUAL = 0.4
"""So many of an entity's titled mentions have a title that tells it from others; fewer are chance."""
_NEAR, _FAR = 14, 14_600
"""Days between two mentions: one as near says a little for it, none within forty years much against it."""
_FAMOUS = 20
"""An entity in so many times as many documents as all others of the family name is meant where it stands alone."""


def joined(bearers: Sequence[Bearer]) -> Joined:
    """Which of the speakers are one.

    Persons of the same family name are told apart by first names, initials, suffixes and titles. Those with a first
    name come first; a family name alone, or an initial, then goes to the one entity that it fits, or to none.
    """
    persons = {k: name for k, b in enumerate(bearers) if b.person and (name := person_name(b.name)) is not None}
    blocks: dict[str, list[int]] = defaultdict(list)
    for k, name in persons.items():
        blocks[name.family].append(k)
    groups: list[list[int]] = []
    waiting: list[tuple[int, tuple[int, ...]]] = []
    merged = _with_variants(blocks, persons)
    for block in merged:
        found, unsure = _block(block, bearers, persons)
        waiting += [(k, tuple(groups_[0] for groups_ in of)) for k, of in unsure]
        groups += found
    others: dict[str, list[int]] = defaultdict(list)
    for k, bearer in enumerate(bearers):
        if k not in persons:
            others[organisation_key(bearer.name)].append(k)
    groups += _with_initials(others, bearers)
    return Joined(tuple(tuple(sorted(g)) for g in sorted(groups, key=min)), tuple(waiting))


def _with_variants(blocks: dict[str, list[int]], names: dict[int, PersonName]) -> list[list[int]]:
    """The blocks of family names; those that are two spellings of one are one block."""
    owner = {family: family for family in blocks}
    by_first: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name in set(names.values()):
        if name.given:
            by_first[name.given].add(name.family)
    for given, families in by_first.items():
        for a, b in combinations(sorted(families), 2):
            if fit(PersonName(given, a), PersonName(given, b)):
                few, many = sorted((a, b), key=lambda f: (len(blocks[f]), f))
                owner[few] = owner[many]
    made: dict[str, list[int]] = defaultdict(list)
    for family, members in blocks.items():
        while owner[family] != family:
            family = owner[family]
        made[family] += members
    return [sorted(members) for members in made.values()]


def _block(
    block: Sequence[int], bearers: Sequence[Bearer], names: dict[int, PersonName]
) -> tuple[list[list[int]], list[tuple[int, list[list[int]]]]]:
    """The entities of one family name, and the bearers that fit several."""
    full = [k for k in block if names[k].given and len(names[k].given[0]) > 1]
    groups = _of_same_name(full, bearers, names)
    groups = _with_forms(groups, names)
    unsure: list[tuple[int, list[list[int]]]] = []
    known = [list(group) for group in groups]
    profiles = [_Profile([bearers[k] for k in group]) for group in known]
    forms = [_forms(group, names) for group in known]
    rest: dict[tuple[tuple[str, ...], str, str | None], list[tuple[list[int], _Profile]]] = defaultdict(list)
    whole = set(full)
    fitting_of: dict[PersonName, list[int]] = {}
    for k in block:
        if k in whole:
            continue
        if names[k] not in fitting_of:
            fitting_of[names[k]] = [n for n, few in enumerate(forms) if any(fit(names[k], names[m]) for m in few)]
        fitting = fitting_of[names[k]]
        chosen = _meant(bearers[k], [profiles[n] for n in fitting])
        if chosen is not None:
            groups[fitting[chosen]].append(k)
            continue
        if len(fitting) > 1:
            unsure.append((k, [known[n] for n in fitting]))
        # those that say as little are one where nothing speaks against it and no fuller name is there
        alike = rest[_parts(names[k])]
        mate = next((pair for pair in alike if not fitting and pair[1].evidence(bearers[k]) > _AGAINST), None)
        if mate is not None:
            mate[0].append(k)
            mate[1].add(bearers[k])
        else:
            alike.append(([k], _Profile([bearers[k]])))
    return groups + [group for alike in rest.values() for group, _ in alike], unsure


def _of_same_name(full: Sequence[int], bearers: Sequence[Bearer], names: dict[int, PersonName]) -> list[list[int]]:
    """Bearers of one full name, put together unless their titles say that they are several persons.

    Those whose titles or companions agree are one; a group that nothing ties to the largest one stays apart where both
    have titles, unless the largest is that much more frequent that its titles cannot all be known.
    """
    by_name: dict[tuple[tuple[str, ...], str, str | None], list[int]] = defaultdict(list)
    for k in full:
        by_name[_parts(names[k])].append(k)
    groups: list[list[int]] = []
    for members in by_name.values():
        tied = sorted(_tied(members, bearers), key=lambda g: (-len(g), g))
        largest, *others = tied
        apart = [
            g for g in others
            if _titled(g, bearers) and _titled(largest, bearers) and len(largest) < _FAMOUS * len(g)
        ]  # fmt: skip
        doubtful = bool(apart) and len(largest) < _FAMOUS * sum(map(len, apart))
        main = list(largest)
        groups.append(main)
        for group in others:
            if group in apart or (doubtful and not _titled(group, bearers)):
                groups.append(group)
            else:
                main += group
    return groups


def _tied(members: Sequence[int], bearers: Sequence[Bearer]) -> list[list[int]]:
    """The groups of bearers that title words or companions tie to each other."""
    sets = Sets(members)
    first: dict[tuple[str, str], int] = {}
    for k in members:
        signs = [("title", word) for word in _title_words(_titles(bearers[k]))]
        for sign in (*signs, *(("beside", name) for name in bearers[k].beside)):
            sets.join(k, first.setdefault(sign, k))
    made: dict[int, list[int]] = defaultdict(list)
    for k in members:
        made[sets.of(k)].append(k)
    return list(made.values())


def _titled(group: Sequence[int], bearers: Sequence[Bearer]) -> bool:
    return any(_title_words(_titles(bearers[k])) for k in group)


def _with_forms(groups: list[list[int]], names: dict[int, PersonName]) -> list[list[int]]:
    """Groups whose names are forms of one name ("Robert", "Bob", "Robert J."), where each fits no other."""
    made = [list(group) for group in groups]
    while True:
        fits = {
            (a, b)
            for a, b in combinations(range(len(made)), 2)
            if all(
                fit(names[i], names[j]) >= Fit.VARIANT for i in _forms(made[a], names) for j in _forms(made[b], names)
            )
            and _parts(names[made[a][0]]) != _parts(names[made[b][0]])
        }
        count = Counter(n for pair in fits for n in pair)
        pair = next(((a, b) for a, b in sorted(fits) if count[a] == 1 and count[b] == 1), None)
        if pair is None:
            triple = _clique(fits)
            if triple is None:
                return made
            pair = triple
        made[pair[0]] += made.pop(pair[1])


def _parts(name: PersonName) -> tuple[tuple[str, ...], str, str | None]:
    return name.given, name.family, name.suffix


def _forms(group: Sequence[int], names: dict[int, PersonName]) -> list[int]:
    """One bearer for each form of the name."""
    return list({_parts(names[k]): k for k in group}.values())


def _clique(fits: set[tuple[int, int]]) -> tuple[int, int] | None:
    """Two that fit each other, where whatever fits one of them fits the other too."""
    near: dict[int, set[int]] = defaultdict(set)
    for a, b in fits:
        near[a].add(b)
        near[b].add(a)
    return next(((a, b) for a, b in sorted(fits) if near[a] - {b} == near[b] - {a}), None)


class _Profile:
    """What is known of the bearers of a group: their documents, days, titles, and who speaks beside them."""

    def __init__(self, bearers: Iterable[Bearer]) -> None:
        self.documents: set[str] = set()
        self._titles: Counter[str] = Counter()
        self._titled = 0
        self._beside: set[str] = set()
        self._days: list[int] = []
        for bearer in bearers:
            self.add(bearer)

    def add(self, bearer: Bearer) -> None:
        """Take one more in."""
        words = _title_words(_titles(bearer))
        self.documents.add(bearer.document)
        self._titles.update(words)
        self._titled += bool(words)
        self._beside |= bearer.beside
        if (day := _ordinal(bearer.day)) is not None:
            insort(self._days, day)

    def evidence(self, bearer: Bearer) -> float:
        """What titles, those who speak beside and days say for it that a speaker belongs to the group.

        A title that only a few of its bearers have says nothing for it.
        """
        mine = _title_words(_titles(bearer))
        score = 0.0
        if mine and self._titled:
            most = max(self._titles[word] for word in mine)
            score += -0.75 if not most else float(most >= _USUAL * self._titled)
        score += 0.5 if not bearer.beside.isdisjoint(self._beside) else 0.0
        apart = self._apart(_ordinal(bearer.day))
        if apart is not None:
            score += 0.25 if apart <= _NEAR else -1.0 if apart > _FAR else 0.0
        return score

    def _apart(self, day: int | None) -> int | None:
        """How many days the nearest mention is away; None where that is not known."""
        if day is None or not self._days:
            return None
        at = bisect_left(self._days, day)
        return min(abs(day - near) for near in self._days[max(0, at - 1) : at + 1])


def _ordinal(day: str | None) -> int | None:
    return date.fromisoformat(day).toordinal() if day is not None else None


def _meant(bearer: Bearer, profiles: Sequence[_Profile]) -> int | None:
    """Which of the entities that a short name fits it is; None where that is not sure."""
    if not profiles:
        return None
    sizes = [len(profile.documents) for profile in profiles]
    points = []
    for n, profile in enumerate(profiles):
        others = sum(sizes) - sizes[n]
        score = 1.0 if len(profiles) == 1 else 0.0
        score += 1.0 if sizes[n] >= _FAMOUS * max(others, 1) / (1 if others else _FAMOUS) and len(profiles) > 1 else 0.0
        points.append(score + profile.evidence(bearer))
    best = max(range(len(points)), key=points.__getitem__)
    second = max((p for n, p in enumerate(points) if n != best), default=-1.0)
    return best if points[best] >= _NEEDED and points[best] - second >= 1.0 else None


def _titles(bearer: Bearer) -> tuple[str, ...]:
    """The titles, with what stands before the name."""
    name = person_name(bearer.name) if bearer.person else None
    return (*bearer.titles, name.honorific) if name and name.honorific else bearer.titles


def _title_words(titles: Iterable[str]) -> frozenset[str]:
    words = (word for title in titles for word in re.findall(r"[^\W_]{3,}", plain(title)))
    return frozenset(word.removesuffix("s") for word in words if word not in _SAYS_NOTHING)


def organisation_key(name: str) -> str:
    """The name of an organisation as it is compared: without article, legal form and marks; countries by one name.

    >>> organisation_key("The Velmar Metals Co."), organisation_key("the U.S."), organisation_key("Ankara")
    ('velmar metals', 'united states', 'turkey')
    """
    words = [w.strip('.,;:“”"()') for w in plain(name).split()]
    words = [w for w in words if w]
    country = country_of_name(name.split()) or country_of_city(name.split())
    if country is not None:
        return country
    if len(words) > 1 and words[0] == "the":
        words.pop(0)
    while len(words) > 1 and words[-1] in _ENDINGS:
        words.pop()
    return " ".join(words).replace(".", "")


def block_of(bearer: Bearer) -> tuple[str, str | None, str | None]:
    """The block of a bearer: only those of one block may be one.

    And the beginning and the end of a long family name, with the given names: of two spellings of one name, which
    differ in a letter, one of them is the same, and their blocks belong together.

    >>> block_of(Bearer("a", "Marta Lindqvist", True))
    ('person lindqvist', 'marta lin', 'marta ist')
    >>> block_of(Bearer("a", "the Velmar Metals Co.", False))
    ('other velmar metals', None, None)
    """
    name = person_name(bearer.name) if bearer.person else None
    if name is None:
        return f"other {organisation_key(bearer.name)}", None, None
    given = " ".join(name.given)
    long = given and len(name.family) > LONG
    return (
        f"person {name.family}",
        f"{given} {name.family[:3]}" if long else None,
        f"{given} {name.family[-3:]}" if long else None,
    )


def spelt_alike(one: str, other: str) -> bool:
    """Whether two blocks' family names are one, or two spellings of one.

    >>> spelt_alike("person lindqvist", "person lindquist"), spelt_alike("person lindqvist", "person lindgren")
    (True, False)
    """
    return one == other or Levenshtein.distance(one, other, score_cutoff=1) <= 1


def initials_of(bearer: Bearer) -> str | None:
    """The initials that an organisation may be called by.

    >>> initials_of(Bearer("a", "the Sella Harbour Board", False)), initials_of(Bearer("a", "Velmar Metals", False))
    ('shb', None)
    """
    return None if bearer.person and person_name(bearer.name) else _initials(organisation_key(bearer.name))


def shortened(bearer: Bearer) -> str | None:
    """The initials that a name consists of.

    >>> shortened(Bearer("a", "the S.H.B.", False)), shortened(Bearer("a", "Velmar", False))
    ('shb', None)
    """
    if bearer.person and person_name(bearer.name):
        return None
    key = organisation_key(bearer.name)
    short = bearer.name.replace(".", "").removeprefix("the ").removeprefix("The ")
    return key if short.isupper() and 3 <= len(key) <= 6 else None


def _initials(key: str) -> str | None:
    words = [w for w in key.split() if w not in _SAYS_NOTHING and w != "of"]
    return "".join(w[0] for w in words) if len(words) > 2 else None


def _with_initials(keys: dict[str, list[int]], bearers: Sequence[Bearer]) -> list[list[int]]:
    """Organisations by their keys; an abbreviation goes to the one organisation whose initials it is."""
    by_initials: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        if initials := _initials(key):
            by_initials[initials].append(key)
    made = {key: list(members) for key, members in keys.items()}
    for key in list(keys):
        owners = by_initials.get(key, [])
        short = any(shortened(bearers[k]) for k in keys[key])
        if short and len(owners) == 1 and owners[0] in made and owners[0] != key:
            made[owners[0]] += made.pop(key)
    return list(made.values())
