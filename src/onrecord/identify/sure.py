"""How sure it is that the named speakers are the right ones: what the choice gave, and how the names were come by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from onrecord.extract.nouns import noun
from onrecord.identify.candidates import Sort, calls, in_name
from onrecord.identify.features import FORMS, begins
from onrecord.identify.view import Said, View, titled
from onrecord.model import SourceType, Speaker

if TYPE_CHECKING:
    from onrecord.identify.choose import Chosen

__all__ = ["SURE_WIDTH", "naming", "probability"]

_TYPES = tuple(SourceType)
SURE_WIDTH = 3 + 4 + 7 + 8 + 5 + 4 + 4 + 4 + 4 + 6 + 19
"""Numbers that ``naming`` gives."""


def naming(view: View, said: Said, result: Chosen, speakers: Sequence[Speaker]) -> NDArray[np.float32]:
    """What tells whether proposed speakers are right: numbers, most of them 0 to 1, the last always 1."""
    best = result.speakers[0] if result.speakers else None
    entity = best.number if best is not None and best.sort is Sort.ENTITY else None
    inside = entity is not None and any(view.owner.get(i) == entity for i in said.source)
    p = min(max(result.score, 0.003), 0.997)
    how = [
        float(inside),
        float(entity is not None and not inside),
        float(best is not None and best.sort is Sort.NOUN),
        float(best is not None and best.sort is Sort.OWN),
    ]
    kinds = [float(bool(speakers) and speakers[0].type is kind) for kind in _TYPES]
    name = (speakers[0].name or "") if speakers else ""
    length = len(name.split())
    own = how[3]
    head = view.lower[said.head] if said.head >= 0 else ""
    among = {view.lower[i] for i in said.source}
    odds = math.log(p / (1 - p)) / 4
    forms = [float(said.form == form) for form in FORMS]
    first = begins(view, said)
    made = [
        odds,
        p,
        result.second_score,
        *how,
        *kinds,
        *forms,
        *first,
        *(own * float(noun(head) == sort) for sort in ("p", "g", "d", "o")),
        own * float(length == 1),
        own * float(length == 1) * first[0],
        math.log1p(length),
        float(len(speakers) > 1),
        *_support(view, said, entity, head, inside),
        *_known(view, said, entity),
        float("and" in among and len(speakers) == 1),
        float(name[:1].isupper()),
        math.log1p(len(said.source)) / 3,
        float(view.quoted[said.at]),
        float(said.parent is not None),
        *(odds * value for value in (*how, *kinds, *forms)),  # what the choice's odds mean depends on these
        1.0,
    ]
    return np.array(made, np.float32)


def _support(view: View, said: Said, entity: int | None, head: str, inside: bool) -> list[float]:
    """What a description has in common with the name that it is taken for."""
    if entity is None or inside or said.form != "phrase":
        return [0.0] * 4
    alike = calls(view, entity, head)
    return [
        float(titled(view, entity, head)),
        float(in_name(view, entity, head)),
        float(alike > 0),
        float(alike < 0),
    ]


def _known(view: View, said: Said, entity: int | None) -> list[float]:
    """How well the article knows a name."""
    if entity is None:
        return [0.0] * 4
    found = view.entities[entity]
    seen = view.before(entity, said.at)
    return [
        float(len(found.fullest.words) == 1),
        float(seen - 1 in found.unsure or seen in found.unsure),
        math.log1p(len(found.mentions)) / 3,
        float(found.kind) / 2,
    ]


def probability(weights: NDArray[np.float32], features: NDArray[np.float32]) -> float:
    """The probability that the names are right: logistic regression."""
    return float(1 / (1 + np.exp(-float(weights @ features))))
