"""What the article says of a speaker: role and affiliation, why he is in the story, why he is not named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from onrecord.extract.spans import trim
from onrecord.identify.entities import Entity, without_honorifics
from onrecord.identify.view import View
from onrecord.languages.en import word_list
from onrecord.model import Span

__all__ = ["anonymity", "justification", "name_of", "own_names", "span_of", "title_of"]

_DETERMINERS = frozenset(word_list("determiners.txt"))
_PARTITIVES = frozenset(word_list("partitives.txt"))
_PREPOSITIONS = frozenset(word_list("prepositions.txt"))
_TAILS = frozenset({"who", "which", "that", ",", "(", "–", "—", "whose", "whom", "outside", "inside"})


def span_of(view: View, start: int, end: int) -> Span:
    """The stretch of the text that the words ``[start, end)`` cover."""
    return Span(int(view.words.starts[start]), int(view.words.ends[end - 1]))


def name_of(view: View, entity: Entity) -> Span:
    """Where the fullest form of a name stands first, without title; with it where there is but one word ("Mr.
    Valdane")."""
    mention = max(entity.mentions, key=lambda m: (len(without_honorifics(m.words)), -m.start))
    start, end = mention.start, mention.end
    bare = without_honorifics(mention.words)
    if len(bare) > 1 or entity.kind != 0:
        while len(bare) > 1 and start < end - 1 and view.strings[start] != bare[0]:
            start += 1
        return span_of(view, start, end)
    # One word only: the mention whose title says most, "President Okoro" before "Mr. Okoro" before "Okoro".
    word = {
        m: next(i for i in range(m.start, m.end) if view.strings[i] == without_honorifics(m.words)[0])
        for m in entity.mentions
    }
    best = max(entity.mentions, key=lambda m: (_titled(view, word[m]) or (0, 0))[0])
    told = _titled(view, word[best])
    return span_of(view, told[1] if told else word[mention], best.end if told else end)


def _titled(view: View, start: int) -> tuple[int, int] | None:
    """How much the honorific before a name says (2 a role, 1 "Mr."), and where it begins; None where there is none."""
    at = start - 1
    if at > 0 and view.strings[at] == ".":
        at -= 1
    if at < 0 or not view.strings[at][0].isupper() or without_honorifics((view.strings[at], "x")) != ("x",):
        return None
    return (1 if view.lower[at] in _COURTESY else 2), at


def own_names(view: View, source: Sequence[int]) -> tuple[Span, ...]:
    """The source's own noun phrase, without determiner and without what is told of it after a comma or "who".

    "A handful of voters" are voters; two plurals that "and" joins are two.
    """
    group = list(source)
    of = next((k for k, i in enumerate(group[:6]) if view.lower[i] == "of" and k), None)
    if of is not None and of + 1 < len(group) and view.lower[group[of - 1]] in _PARTITIVES:
        group = group[of + 1 :]
    while len(group) > 1 and (
        view.lower[group[0]] in _DETERMINERS
        or not view.strings[group[0]][0].isalpha()
        or (view.lower[group[0]] == "of" and len(group) < len(source))
    ):
        group.pop(0)
    kept: list[int] = []
    for i in group:
        if kept and (view.lower[i] in _TAILS or _participle(view, i)):
            break
        kept.append(i)
    if not any(c.isalpha() for i in kept for c in view.strings[i]):
        kept = list(source)
    halves = [kept]
    joint = next((k for k, i in enumerate(kept) if view.lower[i] == "and" and 0 < k < len(kept) - 1), None)
    if joint is not None and view.lower[kept[joint - 1]].endswith("s") and view.lower[kept[-1]].endswith("s"):
        halves = [kept[:joint], kept[joint + 1 :]]
        if any(view.lower[i] in _PREPOSITIONS for i in kept):
            halves = [kept]
    found = (trim(view.words.text, *span_of(view, half[0], half[-1] + 1)) for half in halves if half)
    return tuple(Span(start, end) for start, end in found if start < end)


def _participle(view: View, at: int) -> bool:
    """Whether a word tells what the noun before it did or had done to it: "released by", "living in"."""
    after = view.lower[at + 1] if at + 1 < len(view.lower) else ""
    return (
        view.lower[at].endswith(("ed", "ing"))
        and view.strings[at][0].islower()
        and (after in _PREPOSITIONS or after in ("the", "a", "an", "to"))
    )


def title_of(view: View, number: int) -> Span | None:
    """The fullest of the stretches that give a person's role, else the honorific that is a role ("Sen.")."""
    titles = view.titles[number]
    text = view.words.text
    if titles:
        start, end = max(titles, key=lambda t: (min(t[1] - t[0], 14), -t[0]))
        if view.lower[start] in ("'s", "’s", "'", "’"):
            start = _owner_before(view, start)
        left, right = trim(text, *span_of(view, start, end))
        return Span(left, right) if left < right else None
    for mention in view.entities[number].mentions:
        at = mention.start
        bare = without_honorifics(mention.words)
        inside = next((i for i in range(mention.start, mention.end) if view.strings[i] == bare[0]), mention.start)
        while at > 0 and _role(view, at - 1):
            at -= 1
        if at < inside and view.strings[at] != ".":
            return Span(*trim(text, *span_of(view, at, inside)))
    return None


def _owner_before(view: View, at: int) -> int:
    """Where the name before a possessive ending begins ("Kestria" of "Kestria's minister"); else the word after it."""
    first = at
    while first > 0 and view.owner.get(first - 1) is not None and view.owner.get(first - 1) == view.owner.get(at - 1):
        first -= 1
    return first if first < at else at + 1


_COURTESY = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "mister", "messrs", "sir", "madame", "mme", "former", "then", "ex"}
)


def _role(view: View, at: int) -> bool:
    word = view.strings[at]
    if word == ".":
        return at > 0 and _role(view, at - 1)
    return word[0].isupper() and without_honorifics((word, "x")) == ("x",) and word.lower() not in _COURTESY


def justification(
    view: View,
    places: Sequence[tuple[int, int]],
    titles: Sequence[tuple[int, int]] = (),
    spoken: frozenset[int] | None = None,
) -> Span | None:
    """Why a source is in the story: what the network marks beside one of its ``places``, else what is told of it there.

    That is the clause after a comma behind a name or title ("who …", "a …") that is not itself the title; else, where
    the sentences that hold statements are given (``spoken``), the first other sentence that names the source.
    """

    def is_title(a: int, b: int) -> bool:
        return any(min(b, d) - max(a, c) > (b - a) // 3 for c, d in titles)

    for start, end in places:
        for a, b in view.reasons:
            beside = abs(a - end) <= 4 or abs(start - b) <= 4 or (start <= a and b <= end)
            same = view.paragraphs[a] == view.paragraphs[min(start, len(view.paragraphs) - 1)]
            if beside and same and b - a > 2 and not is_title(a, b):
                return _trimmed(view, a, b)
    for _, end in (*places[:3], *titles):
        clause = _clause(view, end)
        if clause is not None and not is_title(*clause):
            return _trimmed(view, *clause)
    if spoken is not None:
        return next((s for a, _ in places if (s := _introduction(view, a, spoken)) is not None), None)
    return None


def _trimmed(view: View, start: int, end: int) -> Span | None:
    left, right = trim(view.words.text, *span_of(view, start, end))
    return Span(left, right) if left < right else None


_TELLING = frozenset({"who", "which", "whose", "a", "an", "one"})
_LONGEST_CLAUSE = 40


def _clause(view: View, end: int) -> tuple[int, int] | None:
    """The clause after a name and a comma that tells of it, to the next comma or the sentence's end."""
    if end + 4 >= len(view.lower) or view.lower[end] != "," or view.lower[end + 1] not in _TELLING:
        return None
    last = end + 2
    while last < len(view.lower) and view.sentences[last] == view.sentences[end] and last - end < _LONGEST_CLAUSE:
        if view.lower[last] in (",", ";", "–", "—", "”", '"'):
            break
        last += 1
    if view.lower[last - 1] in (".", "!", "?"):
        last -= 1
    return (end + 1, last) if last - end > 4 else None


def _introduction(view: View, at: int, spoken: frozenset[int]) -> Span | None:
    """The sentence around a word, if it holds no statement and no quotation and is no headline."""
    sentence = int(view.sentences[at])
    if sentence in spoken:
        return None
    first, last = int(view.sentences.searchsorted(sentence)), int(view.sentences.searchsorted(sentence, side="right"))
    if view.quoted[first:last].any() or view.paragraphs[first] == 0 or last - first < 6:
        return None
    return span_of(view, first, last)


@cache
def _anonymous() -> re.Pattern[str]:
    patterns = (line.replace(" ", r"\s+") for line in word_list("anonymity.txt"))
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def anonymity(view: View, start: int, end: int) -> Span | None:
    """The words in the paragraph around ``[start, end)`` (code points) that say why a source is not named."""
    text = view.words.text
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", end)
    found = _anonymous().search(text, left, len(text) if right < 0 else right)
    return Span(*trim(text, *found.span())) if found else None
