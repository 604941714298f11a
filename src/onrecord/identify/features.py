"""What speaks for a candidate: numbers, most of them 0 to 1, that the trained choice weighs."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from onrecord.extract.decode import softmax
from onrecord.extract.nouns import noun
from onrecord.identify.candidates import Candidate, History, Sort, calls, in_name
from onrecord.identify.names import NameKind
from onrecord.identify.view import Said, View, governs, holders, pronoun
from onrecord.languages.en import word_list

__all__ = ["FORMS", "OWN_WIDTH", "WIDTH", "begins", "own_features", "rows", "votes"]

FORMS = ("m", "f", "p", "n", "s", "w", "none", "phrase")
_DETERMINERS = {"the": 0, "that": 0, "this": 0, "those": 0, "these": 0, "a": 1, "an": 1, "one": 1, "another": 1}
_QUANTIFIERS = frozenset(word_list("quantifiers.txt"))
_PREPOSITIONS = frozenset(word_list("prepositions.txt"))


def votes(view: View, said: Said) -> NDArray[np.float32]:
    """Probabilities of the seven source types, by what the words of source, cue and content say together."""
    total = np.zeros(7, np.float32)
    for name in ("source", "cue", "content"):
        group = getattr(said, name)
        if group:
            total += view.reading.column(name)[list(group)].sum(0) / len(group)
    return softmax(total)


OWN_WIDTH = 7 + 5 + 1 + 3 + 4 + 1 + 2
"""Features of a source that is spoken for by its own words."""


def own_features(view: View, said: Said, types: NDArray[np.float32]) -> NDArray[np.float32]:
    """What tells the type of a source without a name of its own: votes, how it begins, number, the names inside it."""
    kinds = [0.0, 0.0, 0.0]
    for i in said.source:
        if i in view.owner:
            kinds[view.entities[view.owner[i]].kind] = 1.0
    head = view.lower[said.head] if said.head >= 0 else ""
    plural = float(head.endswith("s") and not head.endswith("ss"))
    logs = np.log(np.maximum(types, 1e-4)) / 4
    sort_of = noun(head) if said.form == "phrase" else None
    sorts = [float(sort_of == sort) for sort in ("p", "g", "d", "o")]
    hidden = float(_nameless(view, said))
    made = [*logs.tolist(), *begins(view, said), plural, *kinds, *sorts, hidden, float(said.form == "w"), 1.0]
    return np.array(made, np.float32)


UNNAMED_WIDTH = 3 * 7 + 7 + 7 + len(FORMS) + 5 + 4 + 3 + 2 + 1
"""Numbers that ``unnamed`` gives."""


def unnamed(
    view: View,
    said: Said,
    likely: NDArray[np.float64],
    types: NDArray[np.float32],
    sure: tuple[float, float],
    given: int,
) -> NDArray[np.float32]:
    """What tells the type of a source that nobody is named for; the last number is always 1.

    ``likely`` are the seven types by all candidates, ``types`` by the words' votes, ``sure`` the probabilities of the
    first two candidates, ``given`` the type that rules would give.
    """
    likely = likely + 1e-3
    head = view.lower[said.head] if said.head >= 0 else ""
    sort_of = noun(head) if said.form == "phrase" else None
    made = [
        *(np.log(likely) / 4).tolist(),
        *likely.tolist(),
        *(np.log(np.maximum(types, 1e-4)) / 4).tolist(),
        *types.tolist(),
        *(float(kind == given) for kind in range(len(types))),
        *(float(said.form == form) for form in FORMS),
        *begins(view, said),
        *(float(sort_of == sort) for sort in ("p", "g", "d", "o")),
        float(head.endswith("s")),
        float(view.quoted[said.at]),
        float(not said.cue),
        *sure,
        1.0,
    ]
    return np.array(made, np.float32)


def _nameless(view: View, said: Said) -> bool:
    """Whether source words are those that stand for somebody who is kept nameless: "sources", "people close to"."""
    words = " ".join(view.lower[i] for i in said.source)
    return view.lower[said.head] in ("source", "sources") or any(p in words for p in word_list("nameless.txt"))


def rows(
    view: View, said: Said, among: list[Candidate], history: History, types: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The features ``(candidates, WIDTH)`` of all candidates for one statement."""
    shared = _of_statement(view, said, types)
    alike = _alikeness(view, said, among)
    best = max(alike)
    ranks = _ranks(view, said, among)
    called = holders(view, view.lower[said.head]) if said.form == "phrase" else []
    made = []
    for candidate, link, rank in zip(among, alike, ranks, strict=True):
        own = _of_candidate(view, said, candidate, history, types, called)
        made.append([*shared, *own, link, float(link == best and link > -4), rank])
    return np.array(made, dtype=np.float32)


def _of_statement(view: View, said: Said, types: NDArray[np.float32]) -> list[float]:
    form = [float(said.form == f) for f in FORMS]
    head = view.lower[said.head] if said.head >= 0 else ""
    sort_of = noun(head) if said.form == "phrase" else None
    matched = said.form == "phrase" and head in view.worded
    quoted = float(view.quoted[said.at])
    return [
        *form,
        *(types.tolist() if said.source else [0.0] * 7),
        *begins(view, said),
        float(head.endswith("s") and not head.endswith("ss")),
        quoted,
        float(said.parent is not None),
        math.log1p(len(said.source)) / 3,
        *(float(sort_of == sort) for sort in ("p", "g", "d", "o")),
        float(matched),
    ]


def begins(view: View, said: Said) -> list[float]:
    """What a phrase begins with: the, a, a number or share, a possessive pronoun, another small letter."""
    made = [0.0] * 5
    if said.form == "phrase":
        first = view.lower[said.source[0]]
        if first in _DETERMINERS:
            made[_DETERMINERS[first]] = 1.0
        elif first in _QUANTIFIERS or first[:1].isdigit():
            made[2] = 1.0
        elif pronoun(first):
            made[3] = 1.0
        elif view.strings[said.source[0]][0].islower():
            made[4] = 1.0
    return made


def _of_candidate(
    view: View,
    said: Said,
    candidate: Candidate,
    history: History,
    types: NDArray[np.float32],
    called: list[int],
) -> list[float]:
    sort, number = candidate.sort, candidate.number
    kinds = [0.0] * 6
    if sort is Sort.ENTITY:
        kinds[view.entities[number].kind] = 1.0
    else:
        kinds[{Sort.NOUN: 3, Sort.OWN: 4, Sort.NOBODY: 5}[sort]] = 1.0
    return [
        *kinds,
        *_inside(view, said, candidate),
        *_recency(view, said, candidate, history),
        *_spoke(said, view, candidate, history),
        *_agreement(view, said, candidate, history, types, called),
    ]


def _inside(view: View, said: Said, candidate: Candidate) -> list[float]:
    """How a name stands within the source words."""
    made = [0.0] * 9
    if candidate.sort is not Sort.ENTITY or not said.source:
        if candidate.sort is Sort.OWN:
            made[0] = float(any(i in view.owner for i in said.source))
        return made
    mine = [i for i in said.source if view.owner.get(i) == candidate.number]
    if not mine:
        return made
    first, last = mine[0], mine[-1]
    named = [i for i in said.source if i in view.owner]
    after = view.lower[last + 1] if last + 1 < len(view.lower) else ""
    before = view.lower[first - 1] if first > said.source[0] else ""
    return [
        1.0,
        float(last == named[-1]),
        float(first == named[0]),
        float(after in ("'s", "’s", "'", "’") and last + 1 <= said.source[-1]),
        float(
            (before and governs(view, first - 1))
            or before in _PREPOSITIONS
            or (before in ("the", "a") and view.lower[first - 2] in _PREPOSITIONS)
        ),
        float(first == said.source[0]),
        float(last == said.source[-1] or after in (",", "(", "–", "—", "who", "of")),
        float(said.head in mine),
        len(mine) / len(said.source),
    ]


def _recency(view: View, said: Said, candidate: Candidate, history: History) -> list[float]:
    """How long ago the candidate was last named (or spoke, where it has no name)."""
    made = [0.0] * 13
    if candidate.sort is Sort.ENTITY:
        starts = view.starts[candidate.number]
        seen = view.before(candidate.number, said.at)
        made[9] = math.log1p(len(starts)) / 3
        if seen:
            at = starts[seen - 1]
            mention = view.entities[candidate.number].mentions[seen - 1]
            made[11] = float(bool(view.quoted[at]))
            made[12] = float(_leads(view, mention.start))
        else:
            made[6] = 1.0
            made[7] = math.exp(-(starts[0] - said.at) / 40)
            made[10] = float(view.sentences[starts[0]] == view.sentences[said.at])
            return made
    elif candidate.sort is Sort.NOUN:
        item = history.told[candidate.number]
        at, seen = item.said.at, 1
    else:
        return made
    made[0] = math.exp(-(said.at - at) / 20)
    made[1] = math.exp(-(said.at - at) / 100)
    sentences = int(view.sentences[said.at] - view.sentences[at])
    made[2], made[3] = float(sentences == 0), float(sentences == 1)
    paragraphs = view.paragraphs[said.at] - view.paragraphs[at]
    made[4], made[5] = float(paragraphs == 0), float(paragraphs == 1)
    made[8] = math.log1p(seen) / 3
    return made


def _leads(view: View, at: int) -> bool:
    """Whether no other name stands before this one in its sentence."""
    return not any(i in view.owner for i in range(view.sentence(at)[0], at))


def _spoke(said: Said, view: View, candidate: Candidate, history: History) -> list[float]:
    """Whether the candidate made one of the statements before, and how near that was."""
    made = [0.0] * 6
    if candidate.sort not in (Sort.ENTITY, Sort.NOUN) or not history.told:
        return made
    last = history.told[-1]
    if candidate in last.speakers:
        made[0] = 1.0
        made[1] = float(view.paragraphs[last.said.at] == view.paragraphs[said.at])
        made[2] = float(view.sentences[last.said.at] == view.sentences[said.at])
        made[3] = float(view.paragraphs[said.at] - view.paragraphs[last.said.at] == 1)
    elif len(history.told) > 1 and candidate in history.told[-2].speakers:
        made[4] = 1.0
    made[5] = math.log1p(history.statements_of(candidate)) / 3
    return made


def _agreement(
    view: View,
    said: Said,
    candidate: Candidate,
    history: History,
    types: NDArray[np.float32],
    called: list[int],
) -> list[float]:
    """Gender, title, head noun and source type: what candidate and source words have in common."""
    made = [0.0] * 14
    head = view.lower[said.head] if said.head >= 0 else ""
    if candidate.sort is Sort.ENTITY:
        female = view.gender[candidate.number]
        if female is not None:
            if said.form in ("m", "f"):
                made[0] = 2 * (female if said.form == "f" else 1 - female) - 1
            made[7] = float(types[0])
        elif view.entities[candidate.number].kind is not NameKind.PERSON:
            made[7] = float(types[1])
        titles = view.titles[candidate.number]
        if said.form == "phrase":
            mine = {view.lower[i] for i in said.source}
            made[1] = float(candidate.number in called)
            made[13] = float(called == [candidate.number])
            shared = max((len(mine.intersection(view.lower[a:b])) for a, b in titles), default=0)
            made[2] = max(shared, made[1]) / len(mine)
        if said.form == "phrase":
            made[9] = float(in_name(view, candidate.number, head))
            alike = calls(view, candidate.number, head)
            made[10], made[11] = float(alike > 0), float(alike < 0)
        made[12] = len(view.starts[candidate.number]) / view.most[view.entities[candidate.number].kind]
        if said.form == "w":
            made[3] = float(any(view.owner.get(said.at - k) == candidate.number for k in (1, 2)))
        unsure = view.entities[candidate.number].unsure
        if unsure:
            seen = view.before(candidate.number, said.at)
            made[8] = float(seen - 1 in unsure)
    elif candidate.sort is Sort.NOUN:
        item = history.told[candidate.number]
        made[4] = float(item.head == head)
        made[5] = float(types[item.type])
    elif candidate.sort is Sort.OWN:
        made[6] = float(bool(history.nouns(head)))
    return made


def _alikeness(view: View, said: Said, among: list[Candidate]) -> list[float]:
    """How alike the network finds source words and names: the best of a name's last places, less for distance."""
    group = said.source or said.cue or said.content[:1]
    pointing = view.pointing[list(group)].sum(0) / (4 * len(group))
    made = []
    for candidate in among:
        value = -6.0
        if candidate.sort is Sort.ENTITY:
            vectors = _vectors(view, candidate.number)
            mentions = view.entities[candidate.number].mentions
            seen = view.before(candidate.number, said.at)
            for k in range(max(0, seen - 3), min(seen + 1, len(mentions))):
                far = min(abs(mentions[k].start - said.at), 150)
                value = max(value, float(vectors[k] @ pointing) - 0.01 * far)
        made.append(max(-6.0, min(6.0, value)))
    return made


def _vectors(view: View, entity: int) -> NDArray[np.float32]:
    """The mean vector of each of an entity's mentions, made once."""
    found = view.vectors.get(entity)
    if found is None:
        mentions = view.entities[entity].mentions
        found = np.stack([view.named[m.start : m.end].sum(0) / (m.end - m.start) for m in mentions])
        view.vectors[entity] = found
    return found


def _ranks(view: View, said: Said, among: list[Candidate]) -> list[float]:
    """1 for the entity of its kind that was named last before the statement, 1/2 for the one before, and so on."""
    last: dict[int, int] = {}
    for k, candidate in enumerate(among):
        if candidate.sort is Sort.ENTITY and (seen := view.before(candidate.number, said.at)):
            last[k] = view.starts[candidate.number][seen - 1]
    made = [0.0] * len(among)
    for kind in NameKind:
        mine = [k for k in last if view.entities[among[k].number].kind is kind]
        for rank, k in enumerate(sorted(mine, key=lambda k: -last[k])):
            made[k] = 1 / (1 + rank)
    return made


WIDTH = 8 + 7 + 5 + 4 + 5 + 6 + 9 + 13 + 6 + 14 + 3
"""Features of a candidate."""
