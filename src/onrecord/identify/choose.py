"""The trained choice among candidates: a small network over their features, all candidates of a statement at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError
from onrecord.identify.candidates import Candidate, History, Sort, Told, candidates
from onrecord.identify.features import WIDTH, own_features, rows, votes
from onrecord.identify.names import NameKind
from onrecord.identify.view import Said, View
from onrecord.languages.en import word_list

__all__ = ["Choice", "Chosen", "chosen", "shipped", "told"]

_MODELS = Path(__file__).parent.parent / "models" / "identify"
_OWN_TYPES = (1, 2, 3, 4, 5)
"""The source types that a source's own words can have: all but a named person and unknown."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Weights of the network: features to one hidden layer (rectified) to a score for each candidate.

    ``own`` ``(features, types)`` are those of the regression that tells the type of a source by its own words.
    ``temperature`` makes its probabilities calibrated on articles that it was not trained on.
    """

    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    own: NDArray[np.float32]
    temperature: float = 1.0

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probability of each candidate, summing to 1, from their features ``(candidates, WIDTH)``."""
        scores = np.maximum(features @ self.hidden + self.hidden_bias, 0) @ self.out / self.temperature
        shifted = np.exp(scores - scores.max())
        result: NDArray[np.float32] = shifted / shifted.sum()
        return result


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who was chosen for a statement: ``speakers`` with the probability ``score``, and the runner-up with its own."""

    speakers: tuple[Candidate, ...]
    score: float
    second: Candidate | None
    second_score: float
    type: int
    """Number of the source type, in the order of ``SourceType``."""


@cache
def shipped() -> Choice:
    """The weights that come with the package, loaded once.

    Raises:
        ModelError: they are missing or broken.
    """
    try:
        with np.load(_MODELS / "choice.npz", allow_pickle=False) as stored:
            choice = Choice(
                stored["hidden"], stored["hidden_bias"], stored["out"], stored["own"], float(stored["temperature"])
            )
        if choice.hidden.shape[0] != WIDTH:
            raise ValueError(f"made for {choice.hidden.shape[0]} features, not {WIDTH}")
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(
            f"{_MODELS}: the weights for speakers cannot be loaded: {error} (reinstall onrecord)"
        ) from error
    return choice


def chosen(view: View, said: Said, history: History, choice: Choice, parent: Sequence[Candidate] = ()) -> Chosen:
    """The speakers of one statement."""
    voice = _spokesperson(view, said)
    if voice is not None:
        return Chosen((voice,), _BY_RULE, None, 0.0, 1)
    among = candidates(view, said, history, parent)
    types = votes(view, said)
    probabilities = choice.probabilities(rows(view, said, among, history, types))
    probabilities = _as_one(view, said, among, history, probabilities)
    order = np.argsort(-probabilities, kind="stable")
    best = among[int(order[0])]
    second = among[int(order[1])] if len(among) > 1 else None
    speakers = () if best.sort is Sort.NOBODY else together(view, said, best, history)
    return Chosen(
        speakers,
        float(probabilities[order[0]]),
        second,
        float(probabilities[order[1]]) if second else 0.0,
        type_of(view, said, best, types, history, choice),
    )


def _as_one(
    view: View, said: Said, among: list[Candidate], history: History, probabilities: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The probabilities; those of a source's own words and of the same noun said before put together: one name."""
    made = probabilities.copy()
    own = next((k for k, c in enumerate(among) if c.sort is Sort.OWN), None)
    if own is None:
        return made
    for k, candidate in enumerate(among):
        if candidate.sort is Sort.NOUN and history.told[candidate.number].head == view.lower[said.head]:
            first, second = (own, k) if made[own] >= made[k] else (k, own)
            made[first] += made[second]
            made[second] = 0.0
            own = first
    return made


_BY_RULE = 0.95
"""Stands for the probability where a convention of the sourcing study settles who speaks (not a measured figure)."""


def _spokesperson(view: View, said: Said) -> Candidate | None:
    """The one organisation that an unnamed spokesperson speaks for, where no person is named beside."""
    if said.form != "phrase" or view.lower[said.head] not in word_list("spokespeople.txt"):
        return None
    inside = {view.owner[i] for i in said.source if i in view.owner}
    kinds = [view.entities[k].kind for k in inside]
    if kinds != [NameKind.ORGANIZATION]:
        return None
    return Candidate(Sort.ENTITY, inside.pop())


def together(view: View, said: Said, best: Candidate, history: History) -> tuple[Candidate, ...]:
    """The chosen one and those who speak with him: "Okoro and Brandt said", then "they".

    Others are names of the same kind in the source words, joined by nothing but commas, "and" and titles.
    """
    if best.sort is Sort.ENTITY and said.form == "phrase":
        kind = view.entities[best.number].kind
        mine = [i for i in said.source if i in view.owner and view.entities[view.owner[i]].kind is kind]
        order = list(dict.fromkeys(view.owner[i] for i in mine))
        if best.number in order and len(order) > 1 and _listed(view, said, mine):
            return tuple(Candidate(Sort.ENTITY, k) for k in order)
    if said.form == "p" and history.told and best in history.told[-1].speakers:
        return history.told[-1].speakers
    return (best,)


def _listed(view: View, said: Said, named: Sequence[int]) -> bool:
    """Whether "and" or "or" stands before the last name and no possessive or preposition among the names."""
    between = [view.lower[i] for i in range(named[0], named[-1]) if i not in view.owner]
    last = named[-1]
    while last - 1 in view.owner and view.owner[last - 1] == view.owner[named[-1]]:
        last -= 1
    joined = "and" in between or "or" in between or "&" in between
    return joined and not {"'s", "’s", "'", "’", "of", "for", "to", "from", "by", "at", "who"}.intersection(between)


def type_of(
    view: View, said: Said, best: Candidate, types: NDArray[np.float32], history: History, choice: Choice
) -> int:
    """Number of the source type that goes with the chosen candidate."""
    if best.sort is Sort.ENTITY:
        return 0 if view.entities[best.number].kind is NameKind.PERSON else 1
    if best.sort is Sort.NOUN:
        return history.told[best.number].type
    if best.sort is Sort.OWN:
        scores = own_features(view, said, types) @ choice.own
        return max(_OWN_TYPES, key=lambda k: float(scores[k]))
    return 6


def told(view: View, said: Said, made: Chosen) -> Told:
    """A statement with its speakers, for those after it."""
    noun, head = None, ""
    speakers = made.speakers
    if speakers and speakers[0].sort is Sort.OWN:
        noun, head = (said.source[0], said.source[-1] + 1), view.lower[said.head]
    return Told(said, speakers, noun, head, made.type)
