"""When a statement was made: which time expression around it says so, told by a small trained network."""

from __future__ import annotations

import datetime
import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError
from onrecord.identify.describe import words_of
from onrecord.identify.view import Said, View
from onrecord.model import Timex, TimexType
from onrecord.qualify.days import interval

__all__ = [
    "DAY_WIDTH",
    "RELATIVE",
    "Dating",
    "Placed",
    "day_of",
    "days",
    "iso_of",
    "placed",
    "shipped",
]

_MODELS = Path(__file__).parent.parent / "models" / "qualify"

LEAST = 0.5
"""The least probability with which a time is taken for that of the saying."""


@dataclass(frozen=True, slots=True)
class Dating:
    """Weights of the network: clues ``(candidates, DAY_WIDTH)`` to one hidden layer (rectified) to log-odds."""

    hidden: NDArray[np.float32]
    bias: NDArray[np.float32]
    out: NDArray[np.float32]
    out_bias: float

    def probabilities(self, clues: NDArray[np.float32]) -> NDArray[np.float32]:
        """How probable it is of each candidate that it says when the statement was made."""
        odds = np.maximum(clues @ self.hidden + self.bias, 0) @ self.out + self.out_bias
        made: NDArray[np.float32] = 1 / (1 + np.exp(-odds))
        return made


@cache
def shipped() -> Dating:
    """The weights that come with the package, loaded once.

    Raises:
        ModelError: they are missing or broken.
    """
    try:
        with np.load(_MODELS / "dating.npz", allow_pickle=False) as stored:
            dating = Dating(stored["hidden"], stored["bias"], stored["out"], float(stored["out_bias"]))
        if len(dating.hidden) != DAY_WIDTH:
            raise ValueError(f"made for {len(dating.hidden)} clues, not {DAY_WIDTH}")
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"{_MODELS}: the weights for dates cannot be loaded: {error} (reinstall onrecord)") from error
    return dating


def day_of(candidates: Sequence[tuple[Timex, NDArray[np.float32]]], dating: Dating) -> Timex | None:
    """The time expression that says when a statement was made; None where none surely does."""
    if not candidates:
        return None
    chances = dating.probabilities(np.stack([clues for _, clues in candidates]))
    best = int(chances.argmax())
    return candidates[best][0] if chances[best] >= LEAST else None


RELATIVE = frozenset(("who", "which", "whose", "whom", "where"))
"""Words that begin what is told of somebody or something else."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A time expression that tells a day or the like, and its words ``[first, last)``."""

    timex: Timex
    first: int
    last: int


def placed(view: View, found: Sequence[Timex]) -> list[Placed]:
    """The expressions that could say when something was made, with their words, in order."""
    return [
        Placed(timex, *words_of(view, timex.span))
        for timex in found
        if timex.type in (TimexType.DATE, TimexType.TIME) and _a_day(timex)
    ]


def days(
    view: View, said: Said, cues: Sequence[int], found: Sequence[Placed], date: str | None
) -> list[tuple[Timex, NDArray[np.float32]]]:
    """The time expressions that could say when the statement was made, each with what tells whether it does.

    They stand in the cue's sentence or, in its paragraph, before it; never in the statement's content.
    """
    core = said.cue or said.source
    if not core or not found:
        return []
    low = bisect_left(view.paragraphs, view.paragraphs[core[0]])
    high = view.sentence(core[-1])[1]
    content = set(said.content)
    start = bisect_left(found, low, key=lambda one: one.first)
    end = bisect_left(found, high, key=lambda one: one.first)
    made = [one for one in found[start:end] if one.first not in content]
    return [(one.timex, _clues(view, said, cues, one, len(made), date)) for one in made]


DAY_WIDTH = 56
"""Numbers that tell whether a time is that of the saying."""
_GRAINS = {4: 0, 7: 1, 8: 2, 10: 3}
_OPENERS = {"on": 0, "in": 1, "at": 2, "last": 3, "of": 4, "by": 5, "since": 5, "until": 5, "from": 4, "the": 6}


def _clues(
    view: View, said: Said, cues: Sequence[int], one: Placed, count: int, date: str | None
) -> NDArray[np.float32]:  # fmt: skip
    """What tells whether a time is that of the saying; the last number is always 1."""
    timex, first, last = one.timex, one.first, one.last
    core = said.cue or said.source
    lower = view.lower
    content, source = set(said.content), set(said.source)
    before = last <= core[0]
    inside = first in core
    gap = range(last, core[0]) if before else range(core[-1] + 1, first)
    outside = [i for i in gap if i not in content and i not in source]
    same = bool(view.sentences[first] == view.sentences[core[0]])
    near = _nearest(cues, first, last)
    mine = bool(near is not None and core[0] <= near <= core[-1])
    opening = range(view.sentence(first)[0], first)
    began = same and all(lower[i] in _LEADING or not view.strings[i][0].isalnum() for i in opening)
    crossed = sum(min(first, core[0]) < c < max(last, core[-1]) for c in cues if c not in core)
    value = timex.value or ""
    grain = [0.0] * 5
    grain[_GRAINS.get(len(value), 4)] = 1.0
    opener = [0.0] * 8
    opener[_OPENERS.get(lower[first - 1], 7) if first else 7] = 1.0
    distance = len(outside)
    following = lower[last] if last < len(lower) else ""
    made = [
        float(before and same), float(not before and not inside and same), float(inside), float(not same),
        float(int(view.sentences[core[0]]) - int(view.sentences[first]) == 1),
        *(float(distance == n) for n in (0, 1, 2)), float(3 <= distance <= 5), float(6 <= distance <= 10),
        float(distance > 10), math.log1p(distance) / 3, math.log1p(len(gap)) / 3,
        float(first in source), float(first in source and last == core[0]), float(began), float(mine),
        float(near is None), float(crossed == 0), float(crossed > 1),
        float(any(lower[i] in RELATIVE for i in gap)),
        float(any(lower[i] in RELATIVE for i in range(max(0, first - 6), first))),
        float(sum(lower[i] == "," for i in outside) == 0), float(sum(lower[i] == "," for i in outside) > 1),
        float(any(_verb_like(view, i, said) for i in outside)),
        float(any(lower[i] in ("and", "but", "after", "before", "when", "since", "because") for i in outside)),
        *grain, *opener,
        *_age(value, date),
        float(following in ("'s", "’s")), float(following in ("that", ",", ".", "in", "at", "to", "on")),
        float(count == 1), float(not said.source), float(bool(said.content) and said.content[0] < core[0]),
        float(len(said.cue) > 1), float(view.quoted[first]), float(timex.type is TimexType.TIME),
        float(bool(said.content) and first > said.content[-1]), float(lower[core[-1]] in _SPEAKING),
        1.0,
    ]  # fmt: skip
    return np.array(made, np.float32)


_SPEAKING = frozenset(("said", "told", "announced", "wrote", "tweeted", "added", "to", "released", "published"))


def _nearest(cues: Sequence[int], first: int, last: int) -> int | None:
    """The cue that is nearest to the words ``[first, last)``."""
    at = bisect_left(cues, first)
    return min(cues[max(0, at - 1) : at + 2], key=lambda c: min(abs(c - first), abs(c - last + 1)), default=None)


def _age(value: str, date: str | None) -> list[float]:
    """How long before the document's date a time is: that day, the week before, the year before, earlier, after it."""
    made = [0.0] * 6
    told = interval(value) if value else None
    if told is None or date is None or len(date) < 10:
        made[5] = 1.0
        return made
    lag = (datetime.date.fromisoformat(date[:10]) - told[1]).days
    made[0 if lag in (0, 1) else 1 if 1 < lag <= 8 else 2 if 8 < lag <= 400 else 3 if lag > 400 else 4] = 1.0
    return made


def _a_day(timex: Timex) -> bool:
    """Whether an expression tells a day, a month or the like, if there were a date to count from."""
    if timex.value is None:
        return True
    return interval(timex.value) is not None or timex.value.startswith("XXXX-")


_LEADING = frozenset(
    ("on", "in", "at", "earlier", "late", "early", "by", "since", "and", "but", "then", "also", "only")
)


def _verb_like(view: View, i: int, said: Said) -> bool:
    """Whether a lower-case word outside of the source ends as a finite past verb does."""
    return i not in said.source and view.strings[i][0].islower() and view.lower[i].endswith("ed")


def iso_of(value: str) -> str | None:
    """A TIMEX3 date value as ISO 8601: a day, month or year as it stands, other stretches as ``first/last`` day.

    >>> iso_of("2016-09"), iso_of("2016-W36"), iso_of("2016-09-13TMO"), iso_of("PAST_REF")
    ('2016-09', '2016-09-05/2016-09-11', '2016-09-13', None)
    """
    days = interval(value)
    if days is None:
        return None
    if len(value) in (4, 7) and value.replace("-", "").isdigit():
        return value
    first, last = (d.isoformat() for d in days)
    return first if first == last else f"{first}/{last}"
