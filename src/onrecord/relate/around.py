"""What is known of two claims from where they stand and from the pairs that were read with them.

The network reads two claims and nothing else. That two speakers dispute each other in one more point, that a third
claim says what the one says and is disputed by the other, that both stand side by side in the text, or that their
documents are of one day, it cannot know. (Deciding about connected things together: Sen et al. 2008.)
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.meaning.pairs import Compared

__all__ = ["ALONE", "AROUND", "Read", "around"]

AROUND = ("days apart", "claims between", "speakers dispute", "speakers agree", "through others")
"""What is known of two claims from what is around them."""
ALONE = (0.0,) * len(AROUND)
"""What is around two claims of which nothing else is known."""
_UNKNOWN = 32
"""So many days two documents count as apart where one has no date: the mean of those that have."""


@dataclass(frozen=True, slots=True)
class Read:
    """Two claims of a ledger, by number, the one that was there first before the other, and what the network says.

    ``days`` are those between the publication of their documents, 0 within one, None where that is not known;
    ``speakers`` are the names of both where they are of one document and have any.
    """

    first: int
    second: int
    compared: Compared
    same_document: bool
    days: int | None = 0
    speakers: frozenset[str] = frozenset()


def around(pairs: Sequence[Read]) -> list[list[float]]:
    """What is around each of the pairs of a document that were read, by the columns of ``AROUND``.

    - days apart: the logarithm of one more than that;
    - claims between: the same of how many claims further the second one stands, in one document;
    - speakers dispute, speakers agree: how probable it is that the same two dispute, or restate, each other in another
      pair of the document, the highest of all;
    - through others: how probable it is that one restates and the other disputes a third claim, summed over all.

    Pairs within the document are told by others within it alone, so that this does not depend on what else is in a
    ledger.
    """
    within, every = _Net([pair for pair in pairs if pair.same_document]), _Net(pairs)
    of_speakers: defaultdict[frozenset[str], list[Read]] = defaultdict(list)
    for pair in pairs:
        if pair.speakers:
            of_speakers[pair.speakers].append(pair)
    rows = []
    for pair in pairs:
        others = [one.compared for one in of_speakers.get(pair.speakers, ()) if one is not pair]
        net = within if pair.same_document else every
        rows.append(
            [
                math.log1p(_UNKNOWN if pair.days is None else pair.days),
                math.log1p(abs(pair.second - pair.first)) if pair.same_document else 0.0,
                max((one.disputes for one in others), default=0.0),
                max((one.restates for one in others), default=0.0),
                net.through(pair),
            ]
        )
    return rows


class _Net:
    """Claims, and what the network says of them two by two."""

    def __init__(self, pairs: Sequence[Read]) -> None:
        self._beside: defaultdict[int, dict[int, Compared]] = defaultdict(dict)
        for pair in pairs:
            self._beside[pair.first][pair.second] = self._beside[pair.second][pair.first] = pair.compared

    def through(self, pair: Read) -> float:
        mine, its = self._beside[pair.first], self._beside[pair.second]
        both = ((mine[third], its[third]) for third in mine.keys() & its.keys())
        return math.fsum(max(a.restates * b.disputes, a.disputes * b.restates) for a, b in both)
