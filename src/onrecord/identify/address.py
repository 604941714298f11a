"""To whom a statement was made, and through whom the document has it."""

from __future__ import annotations

from functools import cache

from onrecord.identify.describe import trimmed
from onrecord.identify.view import Said, View, pronoun
from onrecord.languages.en import word_list
from onrecord.model import Span

__all__ = ["addressee"]

_LONGEST = 10
_SPOKEN_TO = frozenset(("spoke", "speaking", "wrote", "said", "admitted", "complained", "confided"))
_ENDS = frozenset(word_list("address_ends.txt"))


@cache
def _addressing() -> frozenset[str]:
    return frozenset(word_list("addressing.txt"))


def addressee(view: View, said: Said) -> Span | None:
    """The words that say to whom it was said: after "told" and its like, or "to" after another cue."""
    if not said.cue:
        return None
    last = said.cue[-1]
    at = last + 1
    direct = view.lower[last] in _addressing()
    if not direct:
        if view.lower[last] == "to" and len(said.cue) > 1:
            direct = view.lower[said.cue[-2]] in _SPOKEN_TO
        elif at < len(view.lower) and view.lower[at] == "to" and view.lower[last] in _SPOKEN_TO:
            direct, at = True, at + 1
    if not direct:
        return None
    content, source = set(said.content), set(said.source)
    words: list[int] = []
    for i in range(at, min(at + _LONGEST, len(view.lower))):
        if i in source or view.sentences[i] != view.sentences[last] or (words and view.lower[i] in _ENDS):
            break
        if i in content:
            break
        if not words and (view.lower[i] in _ENDS or not view.strings[i][0].isalnum()):
            break
        words.append(i)
    if not words or (len(words) == 1 and pronoun(view.lower[words[0]]) in ("w", "n")):
        return None
    start, end = trimmed(view, words[0], words[-1] + 1)
    return Span(start, end) if start < end else None
