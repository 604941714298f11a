"""Where and by which way a statement was made: phrases around its cue, never those of its content."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from onrecord.identify.describe import trimmed, words_of
from onrecord.identify.names import NameKind, is_outlet
from onrecord.identify.view import Said, View
from onrecord.languages.en import word_list
from onrecord.model import Span
from onrecord.qualify.dating import RELATIVE

__all__ = ["Around", "around", "place_and_channel"]

_LONGEST = 14
"""Words that tell of a place or a channel are no more than this."""
_NEAR = 4
"""Before the cue such words begin the sentence, so many words in at most."""
_BEHIND = 12
"""Behind the cue they begin within so many words."""


@dataclass(frozen=True, slots=True)
class Around:
    """The words of a statement's own sentence that are not of its content, nor nearer to another statement's cue;
    ``first`` is the sentence's first word."""

    free: tuple[int, ...]
    first: int


def around(view: View, said: Said, cues: Sequence[int]) -> Around:
    """The words in which the occasion of a statement stands; ``cues`` are the first words of all cues in order."""
    core = said.cue or said.source or said.content
    low, high = view.sentence(core[0])
    content = set(said.content)
    others = [c for c in cues[bisect_left(cues, low) : bisect_left(cues, high)] if c not in core]
    left = max((c + 1 for c in others if c < core[0]), default=low)
    right = min((c for c in others if c > core[-1]), default=high)
    return Around(tuple(i for i in range(left, right) if i not in content), low)


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(word_list(name))


def place_and_channel(
    view: View, said: Said, where: Around, dates: set[int], addressee: Sequence[Span]
) -> tuple[Span | None, Span | None]:
    """The words for the place or occasion of the saying, and for the way by which it was said.

    ``dates`` are the words of time expressions, which belong to neither.
    """
    at = channel = None
    for first, last in _phrases(view, said, where, dates):
        sort = _sort(view, first, last)
        if sort == "channel" and channel is None:
            channel = trimmed(view, first, last)
        elif sort == "at" and at is None:
            at = trimmed(view, first, last)
    if addressee and at is None:
        first, last = words_of(view, addressee[0])  # "told the forum"
        if not _set("occasions.txt").isdisjoint(view.lower[first:last]):
            at = addressee[0]
    following = said.cue[-1] + 1 if said.cue else -1
    if at is None and 0 < following < len(view.lower) and view.lower[following] == "here":
        at = trimmed(view, following, following + 1)
    return at, channel or _told(view, said, addressee)


def _phrases(view: View, said: Said, where: Around, dates: set[int]) -> list[tuple[int, int]]:
    """Prepositional phrases around the cue, as words ``[first, last)``."""
    own = set(said.source).union(said.cue[:1])
    free = {i for i in where.free if i not in own}
    openers = _set("occasion_openers.txt")
    content = set(said.content)
    made = []
    done = -1
    for i in where.free:
        if i < done or i not in free or view.lower[i] not in openers or i in dates or i + 1 in dates:
            continue
        if _attached(view, said, where, content, i):
            done = _end(view, i, free, dates)
            if done > i + 1:
                made.append((i, done))
    return made


def _end(view: View, first: int, free: set[int], dates: set[int]) -> int:
    """The word after the phrase that begins at ``first``."""
    lower, ends = view.lower, _set("occasion_ends.txt")
    end = first + 1
    while end in free and end - first < _LONGEST and lower[end] not in ends:
        if lower[end] == "," and not _place_goes_on(view, end, free):
            break
        dated = end in dates and lower[end - 1] not in _DETERMINING
        if end > first + 1 and (dated or (lower[end] in _BEFORE_DATES and end + 1 in dates)):
            break
        if lower[end] in ("during", "while", "after", "before"):
            break
        if lower[end] in ("in", "at", "on") and _sort(view, first, end) and _sort(view, end, end + 5):
            break  # another of its own: "in a speech | at the port"
        end += 1
    return end


_DETERMINING = frozenset(("a", "an", "the", "his", "her", "their", "its", "'s", "’s"))
_BEFORE_DATES = frozenset(("on", "in", "at", "last", "earlier", "late", "early", "this"))


def _place_goes_on(view: View, comma: int, free: set[int]) -> bool:
    """Whether a place goes on behind a comma: "in Dayton, Ohio"."""
    if comma + 1 not in free or comma - 1 not in view.owner or comma + 1 not in view.owner:
        return False
    return view.entities[view.owner[comma + 1]].kind is NameKind.PLACE


def _attached(view: View, said: Said, where: Around, content: set[int], i: int) -> bool:
    """Whether a phrase that begins at ``i`` tells of the saying: it opens the sentence or stands beside the cue."""
    core = said.cue or said.source
    if not core or i in said.cue:
        return bool(core)
    if i < core[0]:
        if said.source and i == said.source[-1] + 1:  # "teachers in Nablus said"
            return False
        between: Sequence[int] = range(where.first, i)
        return len(between) <= _NEAR and not any(view.lower[k] in RELATIVE for k in between)
    between = [k for k in range(core[-1] + 1, i) if k not in content]
    return len(between) <= _BEHIND and not any(view.lower[k] in RELATIVE for k in between)


_AFTER_HEAD = frozenset(("of", "in", "at", "on", "with", "to", "for", "about", "from", "by"))


def _sort(view: View, first: int, last: int) -> str | None:
    """ "channel" or "at" where a phrase names a channel, or an occasion or place, by its nouns and names."""
    words = view.lower[first + 1 : last]
    if view.lower[first] == "while":
        return "at" if words and words[0].endswith("ing") else None
    head = next((k for k, word in enumerate(words) if word in _AFTER_HEAD), len(words))
    if not _set("channels.txt").isdisjoint(words[:head]):
        return "channel"
    if not _set("occasions.txt").isdisjoint(words[:head]):
        return "at"
    for k in range(first + 1, min(last, first + 1 + max(head, 1))):
        if k not in view.owner:
            continue
        entity = view.entities[view.owner[k]]
        if entity.kind is NameKind.PLACE and view.lower[first] in ("in", "at", "from", "outside", "inside"):
            return "at"
        if entity.kind is NameKind.ORGANIZATION:
            if is_outlet(" ".join(view.strings[k : view.name_end(k)])):
                return "channel"
            return "at" if view.lower[first] in ("in", "at") else None
    return None


def _told(view: View, said: Said, addressee: Sequence[Span]) -> Span | None:
    """ "told Reuters", "told reporters": an addressee by whom it comes to the public; else a cue that names the way."""
    if addressee:
        first, last = words_of(view, addressee[0])
        names = {view.owner[i] for i in range(first, last) if i in view.owner}
        outlet = any(is_outlet(" ".join(view.entities[k].fullest.words)) for k in names)
        if outlet or not _set("press.txt").isdisjoint(view.lower[first:last]):
            told = next((i for i in said.cue if view.lower[i] in ("told", "tell", "tells", "telling")), first)
            return trimmed(view, min(told, first), last)
    way = next((i for i in said.cue if view.lower[i] in _set("channel_verbs.txt")), None)
    return trimmed(view, way, way + 1) if way is not None else None
