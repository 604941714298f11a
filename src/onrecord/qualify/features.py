"""What tells the act and the commitment: the encoder's vectors of cue and content, and the words themselves."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onrecord.extract.reading import DEED
from onrecord.identify.view import Said, View
from onrecord.languages.en import word_list
from onrecord.model import Act, Form
from onrecord.qualify.cues import CueWord, cue_words, of_cue

__all__ = ["NEGATED", "POOLED", "Told", "beginning", "names", "negates", "roles_of", "told"]

_BEGINNING = 12
"""So many words of a content are its beginning, which has its main clause more often than not."""
_AFTER = 3
"""So many words after a cue outside of the content are looked at: "called it a", "asked the senator"."""
_LONGEST = 60
"""Of a content so many words are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A statement as it is judged: ``dense`` ``(POOLED * DEED,)`` its roles' vectors pooled; ``content`` the content's
    words in small letters, ``others`` names of what else tells of it (``names`` gives all); ``negated`` ``(NEGATED,)``
    what tells whether its main proposition is negated. ``entry`` is the cue's in the lexicon, ``place`` its words."""

    dense: NDArray[np.float32]
    content: tuple[str, ...]
    others: tuple[str, ...]
    negated: NDArray[np.float32]
    entry: CueWord | None
    place: tuple[int, ...]


def told(view: View, said: Said, form: Form) -> Told:
    """The statement as it is judged."""
    lower = view.lower
    cue = [lower[i] for i in said.cue]
    found = of_cue(cue)
    entry, place = found if found else (None, (0, 0))
    every = [lower[i] for i in said.content]
    negated = [k for k, word in enumerate(every) if negates(word)]
    negated_cue = any(negates(word) for word in cue)
    content = tuple(every[:_LONGEST])
    others = _of_cue(view, said, cue, entry)
    others += [f"1:{content[0]}", f"2:{' '.join(content[:2])}", f"form:{form}"]
    others += [f"none:{role}" for role in ("source", "cue") if not getattr(said, role)]
    if lower[said.content[-1]] in ("?", "!"):
        others.append(f"end:{lower[said.content[-1]]}")
    if said.cue and said.content[0] < said.cue[0]:
        others.append("content first")
    known = cue_words()
    others += [f"in:{known[w,].act}" for w in content if (w,) in known]
    others += _negations([k for k in negated if k < _LONGEST], negated_cue)
    return Told(
        _dense(view, said),
        content,
        tuple(dict.fromkeys(others)),
        _negation(view, said, entry, every, negated, negated_cue),
        entry,
        tuple(said.cue[slice(*place)]),
    )


def beginning(told: Told) -> tuple[str, ...]:
    """The first words of a content, which are looked at apart."""
    return told.content[:_BEGINNING]


def names(told: Told) -> tuple[str, ...]:
    """All that a statement is known by, each once: "w:" and a word of its content, "b:" and two that follow one
    another, "s:" and one of the beginning, and the others."""
    made = dict.fromkeys(f"w:{word}" for word in told.content)
    made.update(dict.fromkeys(f"b:{a} {b}" for a, b in pairwise(told.content)))
    made.update(dict.fromkeys(f"s:{word}" for word in beginning(told)))
    return (*made, *told.others)


_EARLY = (3, 7, 12, 20)
"""Borders between places of a negation in a content, in words."""


def _negations(found: Sequence[int], cue: bool) -> list[str]:
    """Where the first negation of a content stands, whether there are more, and whether the cue is negated."""
    made = [f"neg:{sum(found[0] >= border for border in _EARLY)}"] if found else []
    if len(found) > 1:
        made.append("neg:more")
    if cue:
        made.append("neg:cue")
    return made


_ACTS = tuple(Act)
_NO_ACT = [False] * len(_ACTS)
NEGATED = 19 + len(_ACTS) + 1
"""Numbers of ``Told.negated``."""
_CLAUSE_ENDS = frozenset(
    (",", ";", "because", "but", "if", "when", "while", "who", "which", "that", "although", "though", "unless", "to")
)
_SUBORDINATE = frozenset(("if", "when", "because", "while", "although", "as", "since"))


@cache
def _auxiliaries() -> frozenset[str]:
    return frozenset(word_list("auxiliaries.txt"))


def _negation(
    view: View, said: Said, entry: CueWord | None, content: list[str], negated: list[int], negated_cue: bool
) -> NDArray[np.float32]:
    """What tells whether a statement's main proposition is negated: negations of the first sentence and of its first
    clause, and what the cue is; the last number is always 1. ``negated`` are the places of negations in ``content``."""
    words = content[: bisect_left(said.content, view.sentence(said.content[0])[1])]
    end = next((k for k, word in enumerate(words) if k > 2 and word in _CLAUSE_ENDS), len(words))
    clause = words[:end]
    all_of = [k for k in negated if k < len(words)]
    of_clause = [k for k in all_of if k < end]
    first = all_of[0] if all_of else 0
    after_auxiliary = any(
        clause[k].endswith(("n't", "n’t")) or (k and clause[k - 1] in _auxiliaries()) for k in of_clause
    )
    made = [
        bool(all_of),
        bool(of_clause),
        after_auxiliary,
        (of_clause[0] if of_clause else 30) / 10,
        (all_of[0] if all_of else 60) / 20,
        len(all_of),
        negated_cue,
        words[0] in _SUBORDINATE,
        "only" in words[first : first + 3] and bool(all_of),
        0 in all_of,
        "not" in clause,
        "no" in clause,
        "never" in clause,
        "without" in clause,
        len(words) / 20,
        not said.source,
        bool(said.cue) and view.lower[said.cue[-1]] == "not",
        bool(of_clause) and len(of_clause) > 1,
        entry is None,
        *(_NO_ACT if entry is None else [entry.act is act for act in _ACTS]),
        1.0,
    ]
    return np.array(made, np.float32)


def negates(word: str) -> bool:
    """Whether a word in small letters negates.

    >>> negates("didn't"), negates("never"), negates("lacks")
    (True, True, False)
    """
    return word.endswith(("n't", "n’t")) or word in _negating()


@cache
def _negating() -> frozenset[str]:
    return frozenset(word_list("negations.txt"))


def _of_cue(view: View, said: Said, cue: Sequence[str], entry: CueWord | None) -> list[str]:
    lower = view.lower
    made = [f"c:{w}" for w in cue] + [f"cc:{a} {b}" for a, b in pairwise(cue)]
    if entry is not None:
        made += [f"e:{entry.word}", f"act:{entry.act}", f"noun:{entry.noun}"]
    if said.cue:
        role = set(said.content) | set(said.source)
        after = [i for i in range(said.cue[-1] + 1, min(said.cue[-1] + 1 + _AFTER, len(lower))) if i not in role]
        made += [f"a:{lower[i]}" for i in after]
        if said.cue[0] > 0 and said.cue[0] - 1 not in role:
            made.append(f"p:{lower[said.cue[0] - 1]}")
    if said.source:
        made.append(f"h:{lower[said.head]}")
    return made


def roles_of(said: Said) -> tuple[tuple[int, ...], ...]:
    """The words whose vectors are pooled: cue, content, the content's beginning, source."""
    return said.cue, said.content[:_LONGEST], said.content[:_BEGINNING], said.source


POOLED = 6
"""Vectors that are pooled: the means of all four roles, the highest values of cue and content."""


def _dense(view: View, said: Said) -> NDArray[np.float32]:
    vectors = view.deeds
    none = np.zeros(DEED, np.float32)
    groups = [list(group) for group in roles_of(said)]
    rows = [vectors[group] for group in groups]
    means = [row.sum(0) / len(row) if len(row) else none for row in rows]
    highest = [row.max(0) if len(row) else none for row in rows[:2]]
    return np.concatenate([*means, *highest])
