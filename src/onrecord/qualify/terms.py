"""What is offered, promised, refused or asked for: under which conditions, with which exceptions, and whom it binds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from onrecord.identify.describe import trimmed
from onrecord.identify.view import Said, View
from onrecord.languages.en import word_list
from onrecord.model import Act, Span

__all__ = ["HAS_TERMS", "conditional", "terms"]

HAS_TERMS = frozenset((Act.PROPOSE, Act.COMMIT, Act.REFUSE, Act.REQUEST, Act.THREATEN))
"""The acts of which terms are told."""

_SHORTEST = 1
"""An opener and no more than so many words are no condition."""
_ASKING = frozenset(("as", "even", "see", "ask", "asks", "asked", "asking", "know", "wonder", "wonders", "wondered"))
"""Words after which "if" begins no condition."""


@cache
def _openers(name: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases of a list by their first word, the longest first."""
    made: dict[str, list[tuple[str, ...]]] = {}
    for line in word_list(name):
        words = tuple(line.split())
        made.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(phrases, key=len, reverse=True)) for first, phrases in made.items()}


def terms(view: View, said: Said, children: Sequence[Said]) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Conditions and exceptions in a statement's content, as stretches of it.

    What stands in a statement within it (``children``) is that statement's: the conditions of an offer that the
    speaker only reports are the offer's.
    """
    inner = {i for child in children for i in child.content}
    words = [i for i in said.content if i not in inner] or list(said.content)
    return _stretches(view, said, words, "conditions.txt"), _stretches(view, said, words, "exceptions.txt")


def conditional(view: View, said: Said) -> bool:
    """Whether a condition stands in the first sentence of a content: "if", "unless" and their like."""
    sentence = view.sentences[said.content[0]]
    first = [i for i in said.content if view.sentences[i] == sentence]
    found = _stretches(view, said, first, "conditions.txt")
    return any(span.of(view.words.text).lower().split()[0] in _HYPOTHESES for span in found)


_HYPOTHESES = frozenset(("if", "unless", "provided", "assuming"))


def _stretches(view: View, said: Said, words: Sequence[int], name: str) -> tuple[Span, ...]:
    openers = _openers(name)
    lower = view.lower
    made: list[Span] = []
    done = -1
    for place, i in enumerate(words):
        if (
            i < done
            or lower[i] not in openers
            or not any(tuple(lower[i : i + len(phrase)]) == phrase for phrase in openers[lower[i]])
        ):
            continue
        if lower[i] == "if" and (
            (i == said.content[0] and said.cue and view.lower[said.cue[-1]] in _ASKING) or lower[i - 1] in _ASKING
        ):  # "asked if"
            continue
        done = _end(view, words, place)
        if done - i > _SHORTEST:
            made.append(trimmed(view, i, done))
    return tuple(made)


def _end(view: View, words: Sequence[int], place: int) -> int:
    """The word after the clause that begins at ``words[place]``: up to a comma that closes it, or its sentence's end.

    A clause that opens a sentence ends at its comma ("if they sign, we will …"); any other goes on over commas to the
    end of the sentence or to a word that begins another thought.
    """
    first = words[place]
    sentence = view.sentences[first]
    opening = (
        place == 0 or view.sentences[words[place - 1]] != sentence or view.lower[first - 1] in ("that", ",", "“", '"')
    )
    at = first + 1
    last = words[-1]
    inside = set(words)
    while at <= last and at in inside and view.sentences[at] == sentence:
        word = view.lower[at]
        if word in (";", ":", "—", "–", ")", ".", "”", '"') or (word in _clause_ends() and at - first > _SHORTEST):
            break
        if word == ",":
            aside = _past_aside(view, at, last)
            if aside is None and (opening or _closes(view, at)):
                break
            at = aside or at
        at += 1
    return at


def _past_aside(view: View, comma: int, last: int) -> int | None:
    """The comma that ends what is told of somebody behind ``comma`` ("the islanders, who are no party, stop")."""
    if view.lower[comma + 1 : comma + 2] not in (["who"], ["which"]):
        return None
    return next((i for i in range(comma + 1, last) if view.lower[i] == ","), None)


@cache
def _clause_ends() -> frozenset[str]:
    return frozenset(word_list("clause_ends.txt"))


def _closes(view: View, comma: int) -> bool:
    """Whether a comma ends the clause: what follows begins anew."""
    following = view.lower[comma + 1] if comma + 1 < len(view.lower) else ""
    return following in _ANEW


_ANEW = frozenset(
    ("and", "but", "so", "or", "he", "she", "they", "it", "we", "i", "while", "as", "there", "that")
) | frozenset(("will", "would", "might", "may", "could", "should", "must", "can", "then"))
