"""What changed in a document's statements from one revision to the next: a quotation edited after publication."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from onrecord.model import Document, Statement

__all__ = ["Change", "Piece", "changes", "difference"]

_ALIKE = 0.5
"""Two contents with so many words in common (ratio of matching words, 0 to 1) are one statement that was edited."""
_SENTENCE = re.compile(r"\S.*?(?:[.!?][”’\"')]*(?=\s)|$)", re.M)
"""Stretches of a line that end like a sentence."""
_FIELDS = ("speaker", "source_type", "act", "form", "kind")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that two contents share (``kind`` is ``same``), or that one has and the other not (``cut``, ``added``)."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """A statement that is only in the earlier revision, only in the later one, or in both with differences.

    ``pieces`` are the content word by word where it changed; ``fields`` what else differs: name, before, after.
    ``edited`` is False where the sentences that the statement stands in are the same in both texts: then not the
    outlet changed it, the extractor read it otherwise.
    """

    before: Statement | None
    after: Statement | None
    pieces: tuple[Piece, ...] = ()
    fields: tuple[tuple[str, str | None, str | None], ...] = ()
    edited: bool = True


def changes(before: Document, after: Document) -> list[Change]:
    """The statements that are not the same in both, in the order of the later text, what is gone first."""
    old, new = list(before.statements), list(after.statements)
    words_of_old = [_words(before, s) for s in old]
    words_of_new = [_words(after, s) for s in new]
    partner: dict[int, int] = {}
    left = set(range(len(old)))
    for k, words in enumerate(words_of_new):
        same = min((i for i in left if words_of_old[i] == words), key=lambda i: _unlike(old[i], new[k]), default=None)
        if same is not None:
            partner[k] = same
            left.discard(same)
    near = []
    for k, words in enumerate(words_of_new):
        if k not in partner:
            for i in left:
                alike = SequenceMatcher(None, words_of_old[i], words, autojunk=False).ratio()
                if alike >= _ALIKE:
                    near.append((-alike, k, i))
    for _, k, i in sorted(near):
        if k not in partner and i in left:
            partner[k] = i
            left.discard(i)
    was_edited, is_edited = _edited(before.text, after.text)
    found = [Change(old[i], None, edited=was_edited(old[i])) for i in sorted(left)]
    for k, statement in enumerate(new):
        if k not in partner:
            found.append(Change(None, statement, edited=is_edited(statement)))
            continue
        earlier = old[partner[k]]
        pieces = difference(words_of_old[partner[k]], words_of_new[k])
        fields = tuple(
            (name, was, now) for name in _FIELDS if (was := _text(earlier, name)) != (now := _text(statement, name))
        )
        if fields or any(piece.kind != "same" for piece in pieces):
            edited = was_edited(earlier) or is_edited(statement)
            found.append(Change(earlier, statement, tuple(pieces), fields, edited))
    return found


def _edited(before: str, after: str) -> tuple[Callable[[Statement], bool], Callable[[Statement], bool]]:
    """For each of two texts, whether a statement of it touches a sentence that the other text does not have there."""
    old, new = list(_SENTENCE.finditer(before)), list(_SENTENCE.finditer(after))
    blocks = SequenceMatcher(None, [m[0] for m in old], [m[0] for m in new], autojunk=False).get_matching_blocks()

    def telling(matches: list[re.Match[str]], kept: set[int]) -> Callable[[Statement], bool]:
        changed = [m.span() for k, m in enumerate(matches) if k not in kept]

        def is_edited(statement: Statement) -> bool:
            spans = (*statement.source, *statement.cue, *statement.content)
            return any(a < span.end and span.start < b for a, b in changed for span in spans)

        return is_edited

    same_old = {k for a, _, size in blocks for k in range(a, a + size)}
    same_new = {k for _, b, size in blocks for k in range(b, b + size)}
    return telling(old, same_old), telling(new, same_new)


def difference(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    """Two texts word by word.

    >>> [(p.kind, p.words) for p in difference("we will not sign".split(), "we will sign now".split())]
    [('same', 'we will'), ('cut', 'not'), ('same', 'sign'), ('added', 'now')]
    """
    made = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            made.append(Piece("same", " ".join(before[a:b])))
            continue
        if b > a:
            made.append(Piece("cut", " ".join(before[a:b])))
        if d > c:
            made.append(Piece("added", " ".join(after[c:d])))
    return made


def _words(document: Document, statement: Statement) -> list[str]:
    return " … ".join(span.of(document.text) for span in statement.content).split()


def _text(statement: Statement, name: str) -> str | None:
    value = getattr(statement, name)
    return None if value is None else str(value)


def _unlike(one: Statement, other: Statement) -> tuple[int, int]:
    """How much two statements with the same words differ otherwise, and how far apart they stand."""
    differing = sum(_text(one, name) != _text(other, name) for name in _FIELDS)
    return differing, abs(one.content[0].start - other.content[0].start)
