"""How a saying went from one document to the next: of all pairs of its quotations those that tell it.

Of n quotations with the same words there are n² pairs. What a reader wants is each quotation beside the first one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Pair", "path"]

Moment = tuple[str, int]
"""When a quotation was published, and its number."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A link between two quotations; ``altered`` says that words or the speaker differ, ``whole`` that neither has
    more quoted words than the other."""

    id: str
    earlier: Moment
    later: Moment
    altered: bool
    whole: bool


def path(pairs: Iterable[Pair]) -> set[str]:
    """The ids of the links that tell how each saying went on.

    A quotation that has the very words of an earlier one is tied to the first of these: whatever was altered in it,
    was so there. Any other is tied to the first whose words it alters, and to the first whose words it has in part.

    >>> first, second, third = ("2024-05-01", 1), ("2024-05-02", 2), ("2024-05-03", 3)
    >>> sorted(path([
    ...     Pair("a", first, second, altered=True, whole=True),
    ...     Pair("b", first, third, altered=False, whole=True),
    ...     Pair("c", second, third, altered=True, whole=True),
    ... ]))
    ['a', 'b']
    """
    best: dict[Moment, dict[str, Pair]] = {}
    for pair in pairs:
        kind = "altered" if pair.altered else "same" if pair.whole else "part"
        mine = best.setdefault(pair.later, {})
        if kind not in mine or pair.earlier < mine[kind].earlier:
            mine[kind] = pair
    kept: set[str] = set()
    for mine in best.values():
        chosen = [mine["same"]] if "same" in mine else list(mine.values())
        kept.update(pair.id for pair in chosen)
    return kept
