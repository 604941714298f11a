"""Whom or what an act is aimed at: who is accused, criticised, praised, asked, threatened or refused."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from onrecord.identify.describe import trimmed, words_of
from onrecord.identify.view import Said, View, pronoun
from onrecord.languages.en import word_list
from onrecord.model import Act, Span, Speaker
from onrecord.qualify.cues import CueWord

__all__ = ["HAS_TARGET", "name_of_target", "target"]

HAS_TARGET = frozenset((Act.ACCUSE, Act.CRITICISE, Act.SUPPORT, Act.REQUEST, Act.THREATEN, Act.EXPRESS))
"""The acts that are aimed at somebody or something."""

_LONGEST = 9
_LOOK = 40
"""So many words of the content are searched for a name."""


def target(
    view: View, said: Said, act: Act, entry: CueWord | None, addressee: Sequence[Span], speakers: Sequence[Speaker]
) -> Span | None:
    """The words for the target; None where the act has none or nothing names it.

    A request is aimed at whom it is put to. After a cue that is the act itself ("accused", "praised") the target comes
    first; otherwise it is the first name in the content that is not the speaker's, else what the content begins with.
    """
    if act not in HAS_TARGET:
        return None
    if act is Act.REQUEST and addressee:
        return addressee[0]
    content = said.content
    if entry is not None and entry.act is act:
        after = list(range(said.cue[-1] + 1, content[0])) if said.cue and said.cue[-1] < content[0] else []
        # "accused the ministry of …": what follows "of" is the charge.
        ends = _ends() | {"of"} if act is Act.ACCUSE else _ends()
        phrase = _phrase(view, after, ends) or _phrase(view, content, ends)
        if phrase is not None and pronoun(phrase.of(view.words.text)) not in ("s",):
            return phrase
    own = {s.mention for s in speakers if s.mention}
    mine = {view.owner.get(words_of(view, m)[0]) for m in own}
    for i in content[:_LOOK]:
        owner = view.owner.get(i)
        if owner is not None and owner not in mine and (i - 1 not in content or view.owner.get(i - 1) != owner):
            return trimmed(view, i, view.name_end(i))
    if act not in _SUBJECT:
        return None
    phrase = _phrase(view, content, _ends())
    first = phrase.of(view.words.text).split()[0].lower() if phrase else ""
    return None if pronoun(first) or first in _NO_SUBJECT else phrase


_SUBJECT = frozenset((Act.ACCUSE, Act.CRITICISE, Act.SUPPORT))
"""Of these acts the content's subject is what they are aimed at more often than not."""
_NO_SUBJECT = frozenset(
    ("there", "what", "why", "how", "when", "where", "if", "look", "well", "yes", "no", "today", "now")
)


@cache
def _ends() -> frozenset[str]:
    return frozenset(word_list("noun_ends.txt"))


def _phrase(view: View, words: Sequence[int], ends: frozenset[str]) -> Span | None:
    """The noun phrase that ``words`` begin with, past marks and "that"; None where they begin with something else."""
    at = 0
    while at < len(words) and (not view.strings[words[at]][0].isalnum() or view.lower[words[at]] == "that"):
        at += 1
    if at >= len(words):
        return None
    first = words[at]
    last = first
    while at < len(words) and words[at] == last and last - first < _LONGEST and view.lower[last] not in ends:
        if last > first and _finite(view, last):
            break
        last += 1
        at += 1
    if last == first:
        return None
    return trimmed(view, first, last)


def _finite(view: View, i: int) -> bool:
    """Whether a word in small letters looks like a verb that ends a subject: "-ed", or "-s" after a plural or name."""
    return view.strings[i][0].islower() and view.lower[i].endswith("ed") and view.lower[i - 1] not in ("the", "a", "an")


def name_of_target(view: View, span: Span, speakers: Sequence[Speaker]) -> str | None:
    """The name of the speaker of the document whom a target's words name; None where it is nobody that speaks."""
    first, last = words_of(view, span)
    inside = {view.owner[i] for i in range(first, last) if i in view.owner}
    for speaker in speakers:
        if speaker.name is None or speaker.mention is None:
            continue
        owner = view.owner.get(words_of(view, speaker.mention)[0])
        if owner is not None and owner in inside:
            return speaker.name
    return None
