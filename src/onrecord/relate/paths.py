"""How a saying went from one document to the next: of all pairs of its quotations those that tell it.

Of n quotations with the same words there are n² pairs. What a reader wants is each quotation beside the first one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Pair", "path"]

Moment = tuple[str, int]
"""When a quotation was published, and its number."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A link between two quotations; ``altered`` says that words or the speaker differ, ``whole`` that neither has
    more quoted words than the other, ``rejected`` that a person said that it is none."""

    id: str
    earlier: Moment
    later: Moment
    altered: bool
    whole: bool
    rejected: bool = False


def path(pairs: Iterable[Pair]) -> set[str]:
    """The ids of the links that tell how each saying went on.

    A quotation that has the very words of an earlier one is tied to the first of these: whatever was altered in it,
    was so there. Any other is tied to the first whose words it alters, and to the first whose words it has in part.
    What a person rejected is left out, and so are other pairs of that quotation with the saying that it was said not
    to be of.

    >>> first, second, third = ("2024-05-01", 1), ("2024-05-02", 2), ("2024-05-03", 3)
    >>> sorted(path([
    ...     Pair("a", first, second, altered=True, whole=True),
    ...     Pair("b", first, third, altered=False, whole=True),
    ...     Pair("c", second, third, altered=True, whole=True),
    ... ]))
    ['a', 'b']
    """
    by_later: dict[Moment, list[Pair]] = defaultdict(list)
    tied: set[tuple[Moment, Moment]] = set()
    for pair in pairs:
        by_later[pair.later].append(pair)
        if not pair.rejected:
            tied.add((pair.earlier, pair.later))
    kept: set[str] = set()
    for mine in by_later.values():
        refused = [pair.earlier for pair in mine if pair.rejected]
        best: dict[str, Pair] = {}
        for pair in sorted(mine, key=lambda pair: pair.earlier):
            kind = "altered" if pair.altered else "same" if pair.whole else "part"
            if kind in best or pair.rejected:
                continue
            if pair.altered and any((min(a, pair.earlier), max(a, pair.earlier)) in tied for a in refused):
                continue
            best[kind] = pair
        kept.update(pair.id for pair in ([best["same"]] if "same" in best else best.values()))
    return kept
