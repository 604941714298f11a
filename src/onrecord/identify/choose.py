"""The trained choice among candidates: a small network over their features, all candidates of a statement at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import ModelError
from onrecord.extract.decode import softmax
from onrecord.extract.nouns import noun
from onrecord.identify.candidates import Candidate, History, Sort, Told, candidates
from onrecord.identify.countries import country_of_government
from onrecord.identify.features import OWN_WIDTH, UNNAMED_WIDTH, WIDTH, own_features, rows, unnamed, votes
from onrecord.identify.names import NameKind
from onrecord.identify.sure import SURE_WIDTH
from onrecord.identify.view import Said, View, holders
from onrecord.languages.en import word_list
from onrecord.model import SourceType

__all__ = ["Choice", "Chosen", "chosen", "shipped", "told", "type_of_unnamed"]

_MODELS = Path(__file__).parent.parent / "models" / "identify"
_OWN_TYPES = (1, 2, 3, 4, 5)
"""The source types that a source's own words can have: all but a named person and unknown."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Weights of the network: features to one hidden layer (rectified) to a score for each candidate.

    ``own`` ``(features, types)`` are those of the regression that tells the type of a source by its own words.
    ``temperature`` makes its probabilities calibrated on articles that it was not trained on. ``sure`` are the weights
    that tell how sure the names are (``onrecord.identify.sure``); without any the choice's probability stands for it.
    ``unnamed`` ``(features, types)`` tell the type of a source that nobody is named for; without any rules do.
    """

    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    out: NDArray[np.float32]
    own: NDArray[np.float32]
    temperature: float = 1.0
    sure: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    unnamed: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, len(SourceType)), np.float32))

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
    among: tuple[Candidate, ...] = ()
    """All candidates, where no rule chose, and by ``chances`` how probable each is by itself."""
    chances: tuple[float, ...] = ()


@cache
def shipped() -> Choice:
    """The weights that come with the package, loaded once.

    Raises:
        ModelError: they are missing or broken.
    """
    try:
        with np.load(_MODELS / "choice.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in ("hidden", "hidden_bias", "out", "own", "sure", "unnamed")}
            choice = Choice(**arrays, temperature=float(stored["temperature"]))
        made_for = (len(choice.hidden), len(choice.own), len(choice.sure), len(choice.unnamed))
        if made_for != (WIDTH, OWN_WIDTH, SURE_WIDTH, UNNAMED_WIDTH):
            raise ValueError(f"made for {made_for} features, not {(WIDTH, OWN_WIDTH, SURE_WIDTH, UNNAMED_WIDTH)}")
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(
            f"{_MODELS}: the weights for speakers cannot be loaded: {error} (reinstall onrecord)"
        ) from error
    return choice


def chosen(view: View, said: Said, history: History, choice: Choice, parent: Sequence[Candidate] = ()) -> Chosen:
    """The speakers of one statement."""
    voice = _spokesperson(view, said) or _government(view, said)
    if voice is not None:
        return Chosen((voice,), _BY_RULE, None, 0.0, 1)
    so_called = _so_called(view, said)
    if so_called is not None:
        return Chosen((so_called,), _BY_RULE, None, 0.0, 0)
    pair = _both(view, said, history)
    if pair:
        return Chosen(pair, _BOTH, None, 0.0, 0)
    only = _only_titled(view, said)
    if only is not None:
        return Chosen((only,), _TITLED, None, 0.0, 0)
    among = candidates(view, said, history, parent)
    types = votes(view, said)
    raw = choice.probabilities(rows(view, said, among, history, types))
    probabilities = _as_one(view, said, among, history, raw)
    probabilities = _of_that_office(view, said, among, probabilities)
    probabilities = _of_that_gender(view, said, among, probabilities)
    order = np.argsort(-probabilities, kind="stable").tolist()
    best = among[order[0]]
    speakers = () if best.sort is Sort.NOBODY else together(view, said, best, history)
    # Several who speak together share the probability among them.
    mine = [k for k in order if among[k] in speakers or k == order[0]]
    second = next((k for k in order if k not in mine), None)
    return Chosen(
        tuple(dict.fromkeys(_country(view, c) for c in speakers)),
        float(probabilities[mine].sum()),
        among[second] if second is not None else None,
        float(probabilities[second]) if second is not None else 0.0,
        type_of(view, said, _country(view, best), types, history, choice),
        tuple(among),
        tuple(raw.tolist()),
    )


def type_of_unnamed(
    view: View, said: Said, result: Chosen, history: History, choice: Choice, given: int
) -> tuple[int, NDArray[np.float32]]:
    """The type of a source that nobody is named for, and the numbers that tell it; ``given`` is its type by rule."""
    types = votes(view, said)
    likely = np.zeros(len(SourceType))
    for candidate, chance in zip(result.among, result.chances, strict=True):
        if candidate.sort is Sort.OWN:
            scores = (own_features(view, said, types) @ choice.own)[list(_OWN_TYPES)]
            likely[list(_OWN_TYPES)] += chance * softmax(scores)
        else:
            likely[type_of(view, said, candidate, types, history, choice)] += chance
    if not result.among:
        likely[result.type] = 1.0
    features = unnamed(view, said, likely, types, (result.score, result.second_score), given)
    return (int((features @ choice.unnamed).argmax()) if len(choice.unnamed) else given), features


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


_OFFICES = frozenset(("minister", "secretary"))


def _of_that_office(
    view: View, said: Said, among: list[Candidate], probabilities: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The probabilities without those who hold another office: "the prime minister" is no interior minister."""
    if said.form != "phrase" or view.lower[said.head] not in _OFFICES or said.head - 1 not in said.source:
        return probabilities
    office = view.lower[said.head - 1]
    if office in ("the", "a", "an", "that", "this", "former", "her", "his", "their"):
        return probabilities
    made = probabilities.copy()
    inside = {view.owner.get(i) for i in said.source}
    for k, candidate in enumerate(among):
        if candidate.sort is Sort.ENTITY and candidate.number not in inside:
            held = [view.lower[i - 1] for a, b in view.titles[candidate.number] for i in range(a + 1, b)
                    if view.lower[i] == view.lower[said.head]]  # fmt: skip
            if held and office not in held:
                made[k] = 0.0
    return made / max(float(made.sum()), 1e-6)


@cache
def _gendered() -> dict[str, str]:
    return {line.split()[0]: line.split()[1] for line in word_list("gendered_nouns.txt")}


_OTHER = 0.2
"""Up to this probability of being so a person is not of a gender."""


def _of_that_gender(
    view: View, said: Said, among: list[Candidate], probabilities: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The probabilities without persons of the other gender: "the woman" is nobody who is known as a man."""
    gender = _gendered().get(view.lower[said.head]) if said.form == "phrase" else None
    if gender is None:
        return probabilities
    made = probabilities.copy()
    inside = {view.owner.get(i) for i in said.source}
    for k, candidate in enumerate(among):
        woman = view.gender[candidate.number] if candidate.sort is Sort.ENTITY else None
        if woman is not None and candidate.number not in inside:
            made[k] *= (woman if gender == "f" else 1 - woman) > _OTHER
    return made / max(float(made.sum()), 1e-6)


_BY_RULE = 0.95
"""Stands for the probability where a convention of the sourcing study settles who speaks (not a measured figure)."""


_BOTH = 0.75
"""The same for "the two"."""


_TITLED = 0.98
"""The same for "the judge" where one judge was named: right 49 times of 50 in the labelled articles."""
_SHORT = 3


def _only_titled(view: View, said: Said) -> Candidate | None:
    """The one person named before whose title is the noun of a short "the judge"; no former one."""
    if said.form != "phrase" or len(said.source) > _SHORT or view.lower[said.source[0]] not in ("the", "this"):
        return None
    words = {view.lower[i] for i in said.source} - {"the", "this"}
    head = view.lower[said.head]
    if any(i in view.owner for i in said.source) or words & {"former", "ex", "then"} or noun(head) != "p":
        return None
    found = [k for k in holders(view, head) if view.before(k, said.at)]
    if len(found) != 1:
        return None
    # "The prime minister" is not the interior minister.
    told = {w for a, b in view.titles[found[0]] for w in view.lower[a:b]} | view.roles[found[0]]
    return Candidate(Sort.ENTITY, found[0]) if words <= told else None


def _both(view: View, said: Said, history: History) -> tuple[Candidate, ...]:
    """The two persons whom "the two", "both men" or "the pair" stand for: who spoke together before."""
    words = [view.lower[i] for i in said.source if view.strings[i][0].isalnum()]
    if said.form != "phrase" or len(words) > 3 or any(i in view.owner for i in said.source):
        return ()
    start = 1 if words[:1] in (["the"], ["these"], ["those"]) else 0
    if words[start : start + 1] not in (["two"], ["both"], ["pair"], ["duo"]) or (start == 0 and words[0] != "both"):
        return ()
    for told in reversed(history.told[-_BACK:]):
        if len(told.speakers) == 2 and all(_is_person(view, c) for c in told.speakers):
            return told.speakers
    return ()


_BACK = 5


def _is_person(view: View, candidate: Candidate) -> bool:
    return candidate.sort is Sort.ENTITY and view.entities[candidate.number].kind is NameKind.PERSON


def _spokesperson(view: View, said: Said) -> Candidate | None:
    """The one organisation that an unnamed spokesperson speaks for, where no person is named beside."""
    if said.form != "phrase" or view.lower[said.head] not in word_list("spokespeople.txt"):
        return None
    inside = {view.owner[i] for i in said.source if i in view.owner}
    kinds = [view.entities[k].kind for k in inside]
    if kinds != [NameKind.ORGANIZATION]:
        return None
    return _country(view, Candidate(Sort.ENTITY, inside.pop()))


def _so_called(view: View, said: Said) -> Candidate | None:
    """The person whose nickname the source words tell: "a man who goes by 'Shorty'"; no list of several."""
    inside = {view.owner[i] for i in said.source if i in view.owner}
    persons = [k for k in inside if view.entities[k].kind is NameKind.PERSON]
    told = [k for k in persons for m in view.entities[k].mentions if m.nickname and m.start in said.source]
    return Candidate(Sort.ENTITY, told[0]) if told and len(persons) == 1 else None


def _government(view: View, said: Said) -> Candidate | None:
    """The country, if it is named, of which the source words are the government."""
    if said.form != "phrase" or not view.countries:
        return None
    country = country_of_government([view.strings[i] for i in said.source])
    return Candidate(Sort.ENTITY, view.countries[country]) if country in view.countries else None


def _country(view: View, candidate: Candidate) -> Candidate:
    """The country that a candidate speaks for ("Ankara": Turkey), if that is named; else the candidate."""
    if candidate.sort is not Sort.ENTITY or candidate.number not in view.stands:
        return candidate
    return Candidate(Sort.ENTITY, view.stands[candidate.number])


def together(view: View, said: Said, best: Candidate, history: History) -> tuple[Candidate, ...]:
    """The chosen one and those who speak with him: "Okoro and Brandt said", then "they".

    Others are names of the same kind in the source words, joined by nothing but commas, "and" and titles.
    """
    if best.sort is Sort.ENTITY and said.form == "phrase":
        order = _listed(view, said, view.entities[best.number].kind)
        if best.number in order and len(order) > 1:
            return tuple(Candidate(Sort.ENTITY, k) for k in order)
    if said.form == "p" and history.told and best in history.told[-1].speakers:
        return history.told[-1].speakers
    return (best,)


def _listed(view: View, said: Said, kind: NameKind) -> list[int]:
    """The entities of one kind that the source words list, from the first such name on; one where there is no list.

    Names in what is told of another ("Ann Lee, a minister under Bo Day, and Cy Fox") are none of the list.
    """
    end = said.source[-1] + 1
    at = next((i for i in said.source if i in view.owner and view.entities[view.owner[i]].kind is kind), end)
    found: list[int] = []
    joined = False
    while at < end:
        owner = view.owner[at]
        if owner not in found:
            found.append(owner)
        while at < end and view.owner.get(at) == owner:
            at += 1
        at = _past_place(view, at, end)
        joint = view.lower[at] if at < end else ""
        following = _next_listed(view, at + 1, end, kind) if joint in (",", *_AND) else None
        if following is None and joint == ",":
            # Something is told of the one before, up to the next comma.
            closing = next((i for i in range(at + 1, end) if view.lower[i] == ","), end)
            following = _next_listed(view, closing + 1, end, kind)
            joint = view.lower[closing + 1] if closing + 1 < end else ""
            if joint not in _AND:
                following = None
        if following is None:
            break
        joined = joined or not _AND.isdisjoint(view.lower[at:following])
        at = following
    return found if joined else found[:1]


def _past_place(view: View, at: int, end: int) -> int:
    """The word after "of Delling" or "(D-Delling)" behind a name."""
    if at < end and view.lower[at] == "(":
        return next((i + 1 for i in range(at, end) if view.lower[i] == ")"), end)
    if at + 1 < end and view.lower[at] in ("of", "from") and at + 1 in view.owner:
        place = view.owner[at + 1]
        if view.entities[place].kind is NameKind.PLACE:
            at += 1
            while at < end and view.owner.get(at) == place:
                at += 1
    return at


_AND = frozenset(("and", "or", "&"))
_LONGEST_TITLE = 7


def _next_listed(view: View, at: int, end: int, kind: NameKind) -> int | None:
    """Where the next name of a kind begins, behind "and" and a title and nothing that ties it to something else."""
    for i in range(at, min(end, at + _LONGEST_TITLE)):
        owner = view.owner.get(i)
        if owner is not None and view.entities[owner].kind is kind:
            return i
        if view.lower[i] in _TYING or view.lower[i] in (",", "(", "–", "—"):
            return None
    return None


_TYING = frozenset(word_list("prepositions.txt")) | {"'s", "’s", "'", "’", "who", "whose", "a", "an"}


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
