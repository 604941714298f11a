"""What the article says of a speaker: role and affiliation, why he is in the story, why he is not named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from onrecord.extract.spans import trim
from onrecord.identify.entities import Entity, without_honorifics
from onrecord.identify.names import Named
from onrecord.identify.view import View
from onrecord.languages.en import word_list
from onrecord.model import Span

__all__ = [
    "anonymity",
    "companions",
    "fuller_name",
    "justification",
    "name_of",
    "own_names",
    "plural",
    "span_of",
    "title_of",
    "trimmed",
    "words_of",
]

_DETERMINERS = frozenset(word_list("determiners.txt"))
_PARTITIVES = frozenset(word_list("partitives.txt"))
_PREPOSITIONS = frozenset(word_list("prepositions.txt"))
_TAILS = frozenset({"who", "which", "that", "(", "–", "—", "whose", "whom"})


def span_of(view: View, start: int, end: int) -> Span:
    """The stretch of the text that the words ``[start, end)`` cover."""
    return Span(int(view.words.starts[start]), int(view.words.ends[end - 1]))


def words_of(view: View, span: Span) -> tuple[int, int]:
    """The words ``[first, last)`` that a span covers."""
    starts = view.words.starts
    return int(starts.searchsorted(span.start)), int(starts.searchsorted(span.end))


def trimmed(view: View, start: int, end: int) -> Span:
    """The stretch that the words ``[start, end)`` cover, without marks and blanks at its edges."""
    return Span(*trim(view.words.text, *span_of(view, start, end)))


def name_of(view: View, entity: Entity) -> Span:
    """Where the fullest form of a name stands first, without title; with it where there is but one word ("Mr.
    Valdane")."""

    given = {without_honorifics(m.words)[0] for m in entity.names}
    names = {without_honorifics(m.words) for m in entity.names}

    def fullness(m: Named) -> tuple[int, bool, bool, int]:
        words = without_honorifics(m.words)
        longer = entity.kind == 0 and any(words[0] != g and words[0].startswith(g) for g in given)  # Kenneth, Ken
        # "Brave Helen Lind" is not fuller than "Helen Lind".
        bare = words[1:] if entity.kind == 0 and len(words) > 2 and words[1:] in names else words
        return len(bare), longer, len(words) == len(bare), -m.start

    mention = max(entity.names, key=fullness)
    start, end = mention.start, mention.end
    bare = without_honorifics(mention.words)
    if len(bare) > 1 or entity.kind != 0:
        while len(bare) > 1 and start < end - 1 and view.strings[start] != bare[0]:
            start += 1
        return span_of(view, start, end)
    # One word only: the mention whose title says most, "President Okoro" before "Mr. Okoro" before "Okoro".
    word = {
        m: next(i for i in range(m.start, m.end) if view.strings[i] == without_honorifics(m.words)[0])
        for m in entity.names
    }
    best = max(entity.names, key=lambda m: (_titled(view, word[m]) or (0, 0))[0])
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

    "A handful of voters" are voters; plurals in a list are as many.
    """
    listed = _plurals(view, source)
    if listed:
        return tuple(span for part in listed for span in own_names(view, part))
    group = list(source)
    of = next((k for k, i in enumerate(group[:6]) if view.lower[i] in ("of", ",") and k), 0)
    if view.lower[group[of]] == "of" and of + 1 < len(group) and view.lower[group[of - 1]] in _PARTITIVES:
        group = group[of + 1 :]
    while len(group) > 1 and (
        view.lower[group[0]] in _DETERMINERS
        or not view.strings[group[0]][0].isalpha()
        or _NUMBER.fullmatch(view.lower[group[0]])
        or (view.lower[group[0]] == "of" and len(group) < len(source))
        or view.lower[group[0]] in ("by", "even")
    ):
        group.pop(0)
    kept: list[int] = []
    for i in group:
        if kept and (view.lower[i] in _TAILS or _ends_noun(view, kept, i) or _participle(view, i)):
            break
        kept.append(i)
    while len(kept) > 1 and view.lower[kept[-1]] in ("themselves", "himself", "herself", "itself", "alike"):
        kept.pop()
    if not any(c.isalpha() for i in kept for c in view.strings[i]):
        kept = list(source)
    start, end = trimmed(view, kept[0], kept[-1] + 1)
    return (Span(start, end),) if start < end else ()


_NUMBER = re.compile(r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty-\w+")


def _plurals(view: View, source: Sequence[int]) -> list[list[int]]:
    """The parts of a list of plurals ("nurses, porters and cleaners"); none where it is something else."""
    parts: list[list[int]] = [[]]
    for i in source:
        if view.lower[i] in (",", "and", "&"):
            parts.append([])
        elif view.lower[i] in _PREPOSITIONS or view.lower[i] in _TAILS:
            return []
        else:
            parts[-1].append(i)
    parts = [part for part in parts if part]
    whole = len(parts) > 1 and {"and", "&"}.intersection(view.lower[i] for i in source)
    return parts if whole and all(plural(view.lower[part[-1]]) for part in parts) else []


_PLURALS = frozenset(("people", "men", "women", "children", "staff", "police", "media", "others"))


def plural(word: str) -> bool:
    """Whether a noun in small letters is a plural by its look."""
    return word in _PLURALS or (word.endswith("s") and not word.endswith(("ss", "'s", "’s")) and len(word) > 3)


def fuller_name(view: View, source: Sequence[int], span: Span) -> Span:
    """Where the one noun of ``span`` was called more fully before, with an article or a name; else ``span``.

    "The lawsuit" is the "wrongful death lawsuit" of two paragraphs before, "the poll" the "Nordlys poll", "prosecutors"
    are the "Delling County prosecutors".
    """
    first, head = source[0], span.of(view.words.text).lower()
    bare = plural(head) and view.lower[first] == head
    if not bare and (view.lower[first] not in _POINTING or view.lower[first + 1 : first + 2] != [head]):
        return span
    for at in range(first - 1, 0, -1):
        if view.strings[at] != head:
            continue
        start = at
        while start and at - start < _LONGEST_NAME and _modifies(view, start - 1):
            if bare and not view.strings[start - 1][0].isupper():
                break
            start -= 1
        before = view.lower[start - 1] if start else ""
        while start < at and view.lower[start] in _WEAK:
            start += 1
        if start < at and (view.strings[start][0].isupper() or before in _BEGINNING):
            return span_of(view, start, at + 1)
    return span


_POINTING = frozenset({"the", "this", "that", "these", "those"})
_BEGINNING = frozenset({"a", "an", "the", "another", "'s", "’s", "his", "her", "its", "their"})
_WEAK = frozenset(("new", "recent", "latest", "same", "first", "second", "whole", "entire", "separate", "own", "other"))
_LONGEST_NAME = 7


def _modifies(view: View, at: int) -> bool:
    """Whether a word can stand between a noun and its article: no article, joining word or mark, a hyphen aside."""
    word = view.lower[at]
    if word in _DETERMINERS or word in _BEGINNING or word in _PREPOSITIONS or word in _JOINING:
        return False
    if word.endswith("ing") and view.strings[at][0].islower():
        return False
    return word[0].isalnum() or word in ("-", "–", "/", ".")


_JOINING = frozenset(("and", "or", "but", "as", "is", "are", "was", "were", "been", "be", "said", "has", "had", "have"))


def companions(view: View, source: Sequence[int], named: Sequence[int]) -> Span | None:
    """A group without a name that speaks together with the names in a source: "Okoro and other nurses".

    ``named`` are the words of those names, among the words ``source``.
    """
    joints = [i for i in source if view.lower[i] in ("and", "&") and i > named[0]]
    if not joints:
        return None
    joint = joints[-1]
    tail = [i for i in source if i > joint]
    if not tail or not (joint - 1 in named or view.lower[joint - 1] in (",", ")")):
        return None
    others = view.lower[tail[0]] in ("other", "others", "many", "several", "some")
    if any(i in view.owner for i in tail) and not others:
        return None
    spans = own_names(view, tail)
    if len(spans) != 1:
        return None
    last = spans[0].of(view.words.text).lower().split()[-1]
    led = joint - 1 in named or others or view.lower[tail[0]] in ("his", "her", "their", "its")
    return spans[0] if plural(last) and led else None


def _ends_noun(view: View, kept: Sequence[int], at: int) -> bool:
    """Whether a noun phrase ends before a comma (but not one between adjectives), a dash, "outside" or "inside"."""
    after = view.strings[at + 1] if at + 1 < len(view.strings) else ""
    if view.lower[at] == ",":
        beside = len(kept) == 1 and view.strings[kept[0]][0].islower() and not view.lower[kept[0]].endswith("s")
        return not (beside and after[:1].islower() and after not in _TELLING | _TAILS | _PREPOSITIONS)
    if view.lower[at] == "-":
        return int(view.words.breaks[at]) == 1
    return view.lower[at] in ("outside", "inside") and (after[:1].isupper() or after.lower() in _DETERMINERS)


def _participle(view: View, at: int) -> bool:
    """Whether a word tells what the noun before it did or had done to it: "released by", "living in"."""
    after = view.lower[at + 1] if at + 1 < len(view.lower) else ""
    return (
        (view.lower[at].endswith(("ed", "ing")) or view.lower[at] in _IRREGULAR)
        and view.strings[at][0].islower()
        and (after in _PREPOSITIONS or after in _AFTER_PARTICIPLE or after in _DETERMINERS or at + 1 in view.owner)
    )


_IRREGULAR = frozenset(("made", "held", "given", "taken", "seen", "written", "sent", "shown", "led", "run", "known"))
_AFTER_PARTICIPLE = frozenset(
    ("to", "last", "earlier", "yesterday", "today", "late", "public", "such", "how", "what", "whether")
) | {day + "day" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")}


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
    left, right = trimmed(view, start, end)
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


def anonymity(view: View, start: int, end: int, cue: int | None = None, sources: Sequence[int] = ()) -> Span | None:
    """The words in the paragraph around the source ``[start, end)`` (code points) that say why it is not named; those
    that begin within the source end with it, and none go on over the cue that begins at ``cue``.

    ``sources`` is where all sources begin: the words are said of the last one before them in their sentence, else of
    the first behind them there, else of the last one before them.
    """
    text = view.words.text
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", end)
    for found in _anonymous().finditer(text, left, len(text) if right < 0 else right):
        first, last = found.span()
        if _meant(view, first, left, sources) not in (None, start):
            continue
        if start <= first < end:
            last = min(last, end)
        if cue is not None and first < cue < last:
            last = cue
        return Span(*trim(text, first, last))
    return None


def _meant(view: View, at: int, left: int, sources: Sequence[int]) -> int | None:
    """Where the source begins that the words at ``at`` are said of, in the paragraph from ``left`` on."""
    begin, end = view.sentence(int(view.words.starts.searchsorted(at, side="right")) - 1)
    first, last = int(view.words.starts[begin]), int(view.words.ends[end - 1])
    before = [s for s in sources if left <= s <= at]
    inside = [s for s in before if s >= first] or [s for s in sources if at < s < last][:1] or before
    return inside[-1] if inside else None
