"""Two quotations side by side: the same words, a cut of them, or words that were altered on the way.

What differs is given word by word. Case, punctuation and contractions are no difference; neither is what a cut leaves
out at an end, at an ellipsis or between two quoted stretches, nor what the outlet puts in brackets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from onrecord.relate.wording import Quoted, amount, negates

__all__ = ["Alike", "Change", "Difference", "compared"]


class Change(StrEnum):
    """What happened to words on their way from one quotation to another."""

    CUT = "cut"
    ADDED = "added"
    SUBSTITUTED = "substituted"
    ORDER = "order"
    NEGATION = "negation"
    NUMBER = "number"
    SPEAKER = "speaker"
    CLASH = "clash"
    """Words of two claims that cannot both be right."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of the first quotation ``[start, end)`` and those that the second has in their place, by number."""

    kind: Change
    first: tuple[int, int]
    second: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two quotations of one saying: how many words they share, where these lie, and what differs between them.

    ``whole`` says that neither has quoted words beyond those of the other.
    """

    shared: int
    first: tuple[int, int]
    second: tuple[int, int]
    whole: bool
    differences: tuple[Difference, ...] = ()

    @property
    def serious(self) -> bool:
        """Whether a negation or a number differs."""
        return any(d.kind in (Change.NEGATION, Change.NUMBER) for d in self.differences)


LEAST = 5
"""So many words must be shared."""
_ALIKE = 0.6
"""So many of the words between the first and the last shared one are shared, in the shorter one of the two."""
_PATTERN = 12
"""Fewer shared words with others between them, behind or before which both go on with other words, are a pattern of
two sayings ("the worst thing that ever happened to …")."""
_CUT = 12
"""So many words in a row may be missing without a sign before it counts as two sayings."""


def compared(one: Quoted, other: Quoted) -> Alike | None:
    """What two quotations share and how they differ; None where they are not of one saying.

    The words that they share lie between the first and the last stretch that both have.
    """
    a, b = one.forms, other.forms
    blocks = _aligned(one, other)
    if not blocks:
        return None
    shared = sum(size for _, _, size in blocks)
    first = (blocks[0][0], blocks[-1][0] + blocks[-1][2])
    second = (blocks[0][1], blocks[-1][1] + blocks[-1][2])
    differences = tuple(_differences(one, other, blocks))
    for at_end in (False, True):
        if (edge := _figure_beside(one, other, blocks, at_end=at_end)) is not None:
            differences = (*differences, edge) if at_end else (edge, *differences)
            first, second = _with(first, edge.first), _with(second, edge.second)
    missing = sum((d.first[1] - d.first[0]) + (d.second[1] - d.second[0]) for d in differences)
    if shared < LEAST or shared < _ALIKE * min(len(a), len(b)) or shared < missing:
        return None
    if differences and shared < _PATTERN and _part(one, other, first, second):
        return None
    whole = first == (0, len(a)) and second == (0, len(b))
    return Alike(shared, first, second, whole, differences)


def _part(one: Quoted, other: Quoted, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether both quotations go on with other words before, or behind, what they share, and neither says that it
    leaves words out there."""
    before = first[0] > 0 and second[0] > 0 and first[0] not in one.gaps and second[0] not in other.gaps
    ends = len(one.forms), len(other.forms)
    behind = first[1] < ends[0] and second[1] < ends[1] and first[1] not in one.gaps and second[1] not in other.gaps
    return before or behind


def _figure_beside(
    one: Quoted, other: Quoted, blocks: Sequence[tuple[int, int, int]], *, at_end: bool
) -> Difference | None:
    """Two different numbers just before, or behind, all that two quotations share: "Fifty boats", "and forty boats".

    Other words there are what one of them leaves out.
    """
    a, b, size = blocks[-1] if at_end else blocks[0]
    i, j = (a + size, b + size) if at_end else (a - 1, b - 1)
    if not (0 <= i < len(one.forms) and 0 <= j < len(other.forms)):
        return None
    border = (i, j) if at_end else (a, b)
    if border[0] in one.gaps or border[1] in other.gaps:
        return None
    numbers = amount(one.forms[i : i + 1]), amount(other.forms[j : j + 1])
    if None in numbers or numbers[0] == numbers[1]:
        return None
    return Difference(Change.NUMBER, (i, i + 1), (j, j + 1))


def _with(stretch: tuple[int, int], more: tuple[int, int]) -> tuple[int, int]:
    return min(stretch[0], more[0]), max(stretch[1], more[1])


def _aligned(one: Quoted, other: Quoted) -> list[tuple[int, int, int]]:
    """The stretches that both have, ``(start, start, length)``, as far as they lie together around the longest."""
    blocks = [
        (m.a, m.b, m.size)
        for m in SequenceMatcher(None, one.forms, other.forms, autojunk=False).get_matching_blocks()
        if m.size
    ]
    if not blocks:
        return []
    longest = max(range(len(blocks)), key=lambda k: blocks[k][2])
    first = last = longest
    while first and _together(one, other, blocks[first - 1], blocks[first]):
        first -= 1
    while last + 1 < len(blocks) and _together(one, other, blocks[last], blocks[last + 1]):
        last += 1
    kept = blocks[first : last + 1]
    # a word or two far out, behind words that differ, is chance, unless both quotations begin or end with it
    ends = len(one.forms), len(other.forms)
    while len(kept) > 1 and _chance(kept[0], _gap(kept[0], kept[1]), kept[0][:2] == (0, 0)):
        kept.pop(0)
    while len(kept) > 1 and _chance(
        kept[-1], _gap(kept[-2], kept[-1]), (kept[-1][0] + kept[-1][2], kept[-1][1] + kept[-1][2]) == ends
    ):
        kept.pop()
    return kept


def _chance(block: tuple[int, int, int], gap: int, anchored: bool) -> bool:
    """Whether a stretch at the border of those that both have may be there by chance."""
    return 2 * block[2] < gap if anchored else block[2] <= gap


def _gap(before: tuple[int, int, int], after: tuple[int, int, int]) -> int:
    return max(after[0] - before[0], after[1] - before[1]) - before[2]


def _together(one: Quoted, other: Quoted, before: tuple[int, int, int], after: tuple[int, int, int]) -> bool:
    """Whether two stretches that both have lie so near that they belong to one saying."""
    ends = before[0] + before[2], before[1] + before[2]
    if _honest(one, ends[0], after[0]) or _honest(other, ends[1], after[1]):
        return True
    return _gap(before, after) <= _CUT


def _honest(quotation: Quoted, start: int, end: int) -> bool:
    """Whether the quotation itself says that words may be missing there."""
    return any(start <= gap <= end for gap in quotation.gaps)


def _differences(one: Quoted, other: Quoted, blocks: Sequence[tuple[int, int, int]]) -> list[Difference]:
    found = []
    for before, after in pairwise(blocks):
        first, second = (before[0] + before[2], after[0]), (before[1] + before[2], after[1])
        if first[0] == first[1] and _left_out(one, first[0], other.forms, second):
            continue  # the first one says that it leaves out what the second has
        if second[0] == second[1] and _left_out(other, second[0], one.forms, first):
            continue
        if any(start <= k <= end for q, (start, end) in ((one, first), (other, second)) for k in q.brackets):
            continue
        kind = _kind(one.forms[first[0] : first[1]], other.forms[second[0] : second[1]])
        if kind is not None:
            found.append(Difference(kind, first, second))
    return _moved(one, other, found)


def _left_out(quotation: Quoted, at: int, words: Sequence[str], missing: tuple[int, int]) -> bool:
    """Whether a quotation says that it leaves out, at this place, what is missing from these words.

    Where the words around what is missing are alike ("to stand up to"), it may as well be missing a little further on.
    """
    start, end = missing
    if at in quotation.gaps:
        return True
    for step in range(1, end - start + 1):
        later = end + step <= len(words) and words[start : start + step] == words[end : end + step]
        earlier = start >= step and words[start - step : start] == words[end - step : end]
        if (later and at + step in quotation.gaps) or (earlier and at - step in quotation.gaps):
            return True
    return False


def _kind(a: Sequence[str], b: Sequence[str]) -> Change | None:
    """What a difference is; None where both say the same in another spelling."""
    numbers = amount(a), amount(b)
    if None not in numbers:
        return None if numbers[0] == numbers[1] else Change.NUMBER
    if sum(map(negates, a)) % 2 != sum(map(negates, b)) % 2:
        return Change.NEGATION
    if _numbers(a) != _numbers(b) and a and b:
        return Change.NUMBER
    if not b:
        return Change.CUT
    if not a:
        return Change.ADDED
    return Change.ORDER if Counter(a) == Counter(b) else Change.SUBSTITUTED


def _numbers(forms: Sequence[str]) -> list[float]:
    return sorted(value for form in forms if (value := amount([form])) is not None)


def _moved(one: Quoted, other: Quoted, found: list[Difference]) -> list[Difference]:
    """Words that are cut in one place and added in another are words in another order; so are those that two
    differences with what lies between them have alike."""
    found = _turned(one, other, found)
    made: list[Difference] = []
    waiting = list(found)
    while waiting:
        this = waiting.pop(0)
        mate = next((that for that in waiting if _swapped(one, other, this, that)), None)
        if mate is None:
            made.append(this)
            continue
        waiting.remove(mate)
        first = (min(this.first[0], mate.first[0]), max(this.first[1], mate.first[1]))
        second = (min(this.second[0], mate.second[0]), max(this.second[1], mate.second[1]))
        made.append(Difference(Change.ORDER, first, second))
    return made


def _turned(one: Quoted, other: Quoted, found: list[Difference]) -> list[Difference]:
    made: list[Difference] = []
    for this in found:
        if made:
            first, second = (made[-1].first[0], this.first[1]), (made[-1].second[0], this.second[1])
            if Counter(one.forms[slice(*first)]) == Counter(other.forms[slice(*second)]):
                made[-1] = Difference(Change.ORDER, first, second)
                continue
        made.append(this)
    return made


def _swapped(one: Quoted, other: Quoted, this: Difference, that: Difference) -> bool:
    a = one.forms[this.first[0] : this.first[1]], other.forms[this.second[0] : this.second[1]]
    b = one.forms[that.first[0] : that.first[1]], other.forms[that.second[0] : that.second[1]]
    return (a[0] == b[1] and not a[1] and not b[0]) or (a[1] == b[0] and not a[0] and not b[1])
