"""What a relayer's word for the saying does: it vouches for the content, keeps it at arm's length, or neither."""

from __future__ import annotations

from functools import cache

from onrecord.identify.describe import span_of
from onrecord.identify.view import Said, View
from onrecord.languages.en import word_list
from onrecord.model import Span, Stance
from onrecord.qualify.cues import CueWord

__all__ = ["stance"]

_BESIDE = 3
"""An adverb so many words from the cue goes with it."""


@cache
def _words() -> dict[str, list[tuple[tuple[str, ...], Stance]]]:
    """The phrases of ``stance_words.txt`` by their first word."""
    made: dict[str, list[tuple[tuple[str, ...], Stance]]] = {}
    for line in word_list("stance_words.txt"):
        *phrase, value = line.split()
        made.setdefault(phrase[0], []).append((tuple(phrase), Stance(value)))
    return made


@cache
def _unreal() -> frozenset[str]:
    return frozenset(word_list("unreal.txt"))


def stance(view: View, said: Said, entry: CueWord | None, place: tuple[int, ...]) -> tuple[Stance, Span | None]:
    """The stance of whoever relays the statement, and the word that shows it.

    ``entry`` is the cue's in the lexicon and ``place`` its words. An adverb beside the cue goes before the cue itself.
    """
    if not said.cue:
        return Stance.NEUTRAL, None
    content = set(said.content)
    low, high = max(0, said.cue[0] - _BESIDE), min(len(view.lower), said.cue[-1] + 1 + _BESIDE)
    sentence = view.sentences[said.cue[0]]
    for i in range(low, high):
        for phrase, value in _words().get(view.lower[i], ()):
            end = i + len(phrase)
            if (
                tuple(view.lower[i:end]) != phrase
                or view.sentences[i] != sentence
                or not content.isdisjoint(range(i, end))
            ):
                continue
            return value, span_of(view, i, end)
    if entry is None or entry.stance is Stance.NEUTRAL or not place:
        return Stance.NEUTRAL, None
    before = [
        view.lower[i] for i in range(max(0, place[0] - _BESIDE), place[0]) if i not in content and i not in said.source
    ]
    if entry.stance is Stance.ENDORSE and (not _unreal().isdisjoint(before) or _asked(view, said, place)):
        return Stance.NEUTRAL, None
    return entry.stance, span_of(view, place[0], place[-1] + 1)


def _asked(view: View, said: Said, place: tuple[int, ...]) -> bool:
    """Whether the cue leaves open what is: "know whether"; or names no fact: "known for"."""
    following = view.lower[place[-1] + 1] if place[-1] + 1 < len(view.lower) else ""
    return view.lower[said.content[0]] in ("whether", "if") or following in ("whether", "if", "for", "as")
