"""The article as this stage looks at it: words, sentences, names, entities and the statements' source words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from onrecord.extract.decode import softmax
from onrecord.extract.nouns import noun
from onrecord.extract.quotes import quotations
from onrecord.extract.reading import Reading
from onrecord.extract.sentences import sentence_numbers
from onrecord.extract.words import Words
from onrecord.identify.countries import country_of_city, country_of_government, country_of_name
from onrecord.identify.entities import Entity, entities, gender_before, without_honorifics
from onrecord.identify.names import NameKind, named, stretches
from onrecord.languages.en import word_list
from onrecord.model import Span, Statement

__all__ = ["Said", "View", "first_names", "governs", "holders", "pronoun", "said_of", "titled", "view_of"]


@cache
def _pronouns() -> dict[str, str]:
    pairs = (line.split() for line in word_list("pronouns.txt"))
    return {pair[0]: pair[1] for pair in pairs}


def pronoun(word: str) -> str | None:
    """Whom a pronoun can stand for (see ``languages/en/pronouns.txt``); None for any other word.

    >>> pronoun("She"), pronoun("Oslo")
    ('f', None)
    """
    return _pronouns().get(word.lower())


@dataclass(frozen=True, slots=True)
class Said:
    """A statement's roles as sorted word indices. ``at`` is where it is said: its source, else its cue, else its
    content.

    ``form`` is the sort of its source words: a pronoun's kind, "none" or "phrase". ``head`` is the word that a phrase
    is about ("spokesman" of "a spokesman for the ministry").
    """

    source: tuple[int, ...]
    cue: tuple[int, ...]
    content: tuple[int, ...]
    at: int
    form: str
    head: int
    parent: int | None = None


@dataclass(slots=True)
class View:
    """What is looked up again and again, computed once for each article."""

    reading: Reading
    words: Words
    strings: list[str]
    lower: list[str]
    sentences: NDArray[np.int32]
    paragraphs: list[int]
    quoted: NDArray[np.bool_]
    entities: list[Entity]
    starts: list[list[int]] = field(default_factory=list)
    """For each entity, where its mentions begin."""
    owner: dict[int, int] = field(default_factory=dict)
    """For each word of a name, the number of its entity."""
    most: dict[NameKind, int] = field(default_factory=dict)
    """For each kind of name, how often the one is named that is named most."""
    titles: list[list[tuple[int, int]]] = field(default_factory=list)
    """For each entity, the stretches that give its role, as words."""
    roles: list[frozenset[str]] = field(default_factory=list)
    """For each entity, what the titles before its names say it is: "senator" for "Sen. Lind"."""
    reasons: list[tuple[int, int]] = field(default_factory=list)
    """The stretches that the network takes for reasons why a source is in the story."""
    gender: list[float | None] = field(default_factory=list)
    """For each entity, the probability that it is a woman; None where it is no person."""
    pointing: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    vectors: dict[int, NDArray[np.float32]] = field(default_factory=dict)
    """For each entity that was asked for, the vectors of its mentions."""
    named: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    deeds: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    holders: dict[str, list[int]] = field(default_factory=dict)
    """For each word of a title, the entities that have it."""
    worded: dict[str, list[int]] = field(default_factory=dict)
    """For each word of an organisation's or a place's name but the first, the entities that have it."""
    roles_of: dict[tuple[tuple[Span, ...], tuple[Span, ...], tuple[Span, ...], int | None], Said] = field(
        default_factory=dict
    )
    """What ``said_of`` has given."""
    countries: dict[str, int] = field(default_factory=dict)
    """The countries that are named, by their first name in the list, and which entity each is."""
    stands: dict[int, int] = field(default_factory=dict)
    """Entities that speak for a country that is named too: its capital, its government."""
    sentence_starts: list[int] = field(default_factory=list)
    """The first word of each sentence, and after the last the count of words."""

    def name_end(self, word: int) -> int:
        """The word after the name that ``word`` is of."""
        owner = self.owner[word]
        while self.owner.get(word) == owner:
            word += 1
        return word

    def sentence(self, word: int) -> tuple[int, int]:
        """The words ``[first, last)`` of the sentence that a word stands in."""
        number = int(self.sentences[word])
        return self.sentence_starts[number], self.sentence_starts[number + 1]

    def before(self, entity: int, at: int) -> int:
        """How many mentions of ``entity`` begin before the word ``at``."""
        return bisect_right(self.starts[entity], at - 1)


def view_of(text: str, reading: Reading) -> View:
    """The view of a text that has been read."""
    words = reading.words
    strings = words.strings()
    found = entities(named(reading, strings), strings)
    quoted = np.zeros(len(words), dtype=bool)
    for mark in quotations(text):
        if mark.depth == 0:
            quoted[np.searchsorted(words.starts, mark.span.start) : np.searchsorted(words.starts, mark.span.end)] = True
    view = View(
        reading,
        words,
        strings,
        [s.lower() for s in strings],
        sentence_numbers(words, strings),
        words.paragraphs.tolist(),
        quoted,
        found,
        starts=[[m.start for m in e.mentions] for e in found],
        owner={i: k for k, e in enumerate(found) for m in e.mentions for i in range(m.start, m.end)},
        most={kind: max((len(e.mentions) for e in found if e.kind is kind), default=1) for kind in NameKind},
        pointing=reading.column("pointing"),
        named=reading.column("named"),
        deeds=reading.column("deed"),
    )
    count = int(view.sentences[-1]) + 1 if len(view.sentences) else 0
    view.sentence_starts = np.searchsorted(view.sentences, np.arange(count + 1)).tolist()
    view.titles = _titles(view)
    view.roles = [_roles(view, e) for e in found]
    for k, entity in enumerate(found):
        for word in {word for a, b in view.titles[k] for word in view.lower[a:b]} | view.roles[k]:
            view.holders.setdefault(word, []).append(k)
        if entity.kind is not NameKind.PERSON:
            for word in {word.lower() for word in entity.fullest.words[1:]}:
                view.worded.setdefault(word, []).append(k)
    view.countries, view.stands = _countries(found, strings)
    view.reasons = _marked(reading, "justification", REASON)
    view.gender = [_gender(view, e) for e in found]
    return view


def _countries(found: Sequence[Entity], strings: Sequence[str]) -> tuple[dict[str, int], dict[int, int]]:
    """The named countries, and for each entity that speaks for one of them which entity that country is."""
    named: dict[str, int] = {}
    for k, entity in enumerate(found):
        country = country_of_name(entity.fullest.words) if entity.kind is not NameKind.PERSON else None
        if country is not None:
            named.setdefault(country, k)
    speaks: dict[int, int] = {}
    for k, entity in enumerate(found) if named else ():
        words = entity.fullest.words
        country = country_of_city(words) or country_of_government(words)
        # "Washington" alone is taken for a person's name now and then; beside "Mr." or a first name it is one.
        bare = len(words) == 1 and not any(gender_before(strings, m.start) for m in entity.mentions)
        if (entity.kind is not NameKind.PERSON or bare) and country in named and named[country] != k:
            speaks[k] = named[country]
    return named, speaks


@cache
def _nouns_of_titles() -> dict[str, frozenset[str]]:
    return {line.split()[0]: frozenset(line.split()) for line in word_list("roles.txt")}


def _roles(view: View, entity: Entity) -> frozenset[str]:
    if entity.kind is not NameKind.PERSON:
        return frozenset()
    found: set[str] = set()
    for mention in entity.mentions:
        before = [i for i in range(max(0, mention.start - 2), mention.start + 1) if view.strings[i] != "."]
        for i in before[-2:]:
            if view.strings[i][0].isupper() and view.sentences[i] == view.sentences[mention.start]:
                found |= _nouns_of_titles().get(view.lower[i], frozenset())
    return frozenset(found)


def titled(view: View, entity: int, noun: str) -> bool:
    """Whether a noun stands in a person's titles, or says what the title before the name does."""
    return entity in view.holders.get(noun, ())


def holders(view: View, noun: str) -> list[int]:
    """The persons who are so titled."""
    return view.holders.get(noun, [])


def _gender(view: View, entity: Entity) -> float | None:
    if entity.kind is not NameKind.PERSON:
        return None
    told = [g for m in entity.mentions if (g := gender_before(view.strings, m.start))]
    if told:
        return 0.02 if told.count("m") >= told.count("f") else 0.98
    for mention in entity.mentions:
        bare = without_honorifics(mention.words)
        if len(bare) > 1 and (gender := first_names().get(bare[0].lower())):
            return 0.05 if gender == "m" else 0.95
    return entity.female


@cache
def first_names() -> dict[str, str]:
    """First names that tell the gender."""
    return {line.split()[0]: line.split()[1] for line in word_list("first_names.txt")}


_LINKS = frozenset({",", "the", "a", "an", "is", "was", "(", "–", "—", "-", "his", "her", "their", "then", "now"})


TITLE, REASON = 0.25, 0.35
"""Probabilities from which on a word is part of a title, or of a reason why a source is in the story."""


def _marked(reading: Reading, column: str, least: float) -> list[tuple[int, int]]:
    """Stretches of words whose probability of being in ``column`` is ``least`` or more."""
    inside = 1 - softmax(reading.column(column))[:, 0] >= least
    return stretches(inside.astype(np.int8), 1, 1)


def _whole(view: View, start: int, end: int) -> tuple[int, int]:
    """A title with the whole of the names at its edges, without joining words at its end."""
    while end > start and view.lower[end - 1] in ("and", "or", "the", "a", "an", ",", "of"):
        end -= 1
    if start >= end:
        return start, start
    owner = view.owner
    if start in owner and view.entities[owner[start]].kind is not NameKind.PERSON:
        while start - 1 in owner and owner[start - 1] == owner[start]:
            start -= 1
    if end - 1 in owner and view.entities[owner[end - 1]].kind is not NameKind.PERSON:
        while end in owner and owner[end] == owner[end - 1]:
            end += 1
    return start, end


def _titles(view: View) -> list[list[tuple[int, int]]]:
    """The title stretches beside each person's mentions: right before, or after a comma or "is"."""
    made: list[list[tuple[int, int]]] = [[] for _ in view.entities]
    marked = _marked(view.reading, "title", TITLE)
    begins = {m.start: k for k, e in enumerate(view.entities) if e.kind is NameKind.PERSON for m in e.mentions}
    ends = {m.end: k for k, e in enumerate(view.entities) if e.kind is NameKind.PERSON for m in e.mentions}
    for start, end in marked:
        if view.paragraphs[start] != view.paragraphs[end - 1]:
            continue
        start, end = _whole(view, start, end)
        if start >= end:
            continue
        owner = None
        # "The lawyer representing Okoro" says nothing of what Okoro is.
        tied = view.lower[end - 1] in _PREPOSITIONS or view.lower[end - 1].endswith("ing")
        for gap in () if tied else (0, 1, 2):
            if end + gap in begins and all(w in _LINKS or w == "." for w in view.lower[end : end + gap]):
                owner = begins[end + gap]
                break
        if owner is None:
            for gap in (0, 1, 2, 3):
                if start - gap in ends and all(w in _LINKS for w in view.lower[start - gap : start]):
                    owner = ends[start - gap]
                    break
        # "Lind's" is not what Lind is.
        if owner is not None and not all(view.owner.get(i) == owner or not _tells(view, i) for i in range(start, end)):
            made[owner].append((start, end))
    return made


def _tells(view: View, at: int) -> bool:
    """Whether a word says anything: no mark, no possessive ending."""
    return view.strings[at][0].isalnum()


_PREPOSITIONS = frozenset(word_list("prepositions.txt"))
_HEAD_ENDS = _PREPOSITIONS | frozenset(
    ("who", "which", "that", "whose", ",", "(", "–", "—", "-", "not", "as", "and", "or")
)


def said_of(view: View, statement: Statement, parent: int | None = None) -> Said:
    """The roles of a statement as words of the view; kept, as several stages ask for them."""
    key = (statement.source, statement.cue, statement.content, parent)
    if key not in view.roles_of:
        source, cue, content = (_indices(view.words, spans) for spans in key[:3])
        view.roles_of[key] = said(view, source, cue, content, parent)
    return view.roles_of[key]


def said(
    view: View, source: tuple[int, ...], cue: tuple[int, ...], content: tuple[int, ...], parent: int | None = None
) -> Said:
    """A statement of word indices."""
    form, head = "none", -1
    if source:
        inner = [i for i in source if view.strings[i][0].isalnum()] or list(source)
        kind = pronoun(view.strings[inner[0]]) if len(inner) == 1 else None
        form = kind or "phrase"
        head = _head(view, source)
    at = (source or cue or content)[0]
    return Said(source, cue, content, at, form, head, parent)


def _head(view: View, source: Sequence[int]) -> int:
    last = source[0]
    for count, i in enumerate(source):
        word = view.lower[i]
        if word in ("'s", "’s", "'", "’") and i + 1 in source:
            continue
        if count and word in _HEAD_ENDS and view.owner.get(i) is None:
            break
        if count > 1 and (governs(view, i) or _told_of(view, last, i)):
            break
        if word[0].isalnum():
            last = i
    return last


def _told_of(view: View, last: int, at: int) -> bool:
    """Whether a participle tells what the noun right before it does: "representing" of "a union representing crews"."""
    return last == at - 1 and _participle(view.strings[at]) and noun(view.lower[last]) is not None


def governs(view: View, at: int) -> bool:
    """Whether a word is a participle with a name as its object: "representing" of "the lawyer representing Okoro"."""
    return _participle(view.strings[at]) and at + 1 in view.owner


def _participle(word: str) -> bool:
    return word[0].islower() and word.endswith("ing") and len(word) > 4


def _indices(words: Words, spans: Sequence[Span]) -> tuple[int, ...]:
    found: list[int] = []
    for start, end in spans:
        left = int(np.searchsorted(words.ends, start, side="right"))
        right = int(np.searchsorted(words.starts, end, side="left"))
        found.extend(range(left, right))
    return tuple(found)
