"""Statements with their speakers: who was chosen, written down with where the document says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from onrecord.extract.nouns import noun
from onrecord.identify.address import addressee
from onrecord.identify.candidates import Candidate, History, Sort
from onrecord.identify.choose import Choice, Chosen, chosen, shipped, told, type_of_unnamed
from onrecord.identify.describe import (
    anonymity,
    companions,
    fuller_name,
    justification,
    name_of,
    own_names,
    plural,
    span_of,
    title_of,
    words_of,
)
from onrecord.identify.features import votes
from onrecord.identify.names import is_outlet
from onrecord.identify.sure import naming, probability
from onrecord.identify.view import Said, View, pronoun, said_of
from onrecord.languages.en import word_list
from onrecord.model import Document, Kind, SourceType, Speaker, Statement

__all__ = ["LEAST", "Noted", "identified"]

LEAST = 0.38
"""The least probability of being right with which speakers are named; below it both who could be meant are listed."""

_TYPES = tuple(SourceType)
_NAMELESS = (SourceType.ANONYMOUS_SOURCE, SourceType.UNNAMED_PERSON, SourceType.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Noted:
    """What one statement's speakers were judged by, for training: the numbers of ``naming`` where ``speakers`` with
    names were proposed, those of ``unnamed`` where none is named in the end."""

    naming: NDArray[np.float32] | None = None
    speakers: tuple[Speaker, ...] = ()
    unnamed: NDArray[np.float32] | None = None


Note = Callable[[str, Noted], None]
"""Called with a statement's id."""


@dataclass(slots=True)
class _Work:
    """What is gathered while the statements of one document are gone through."""

    document: Document
    view: View
    choice: Choice
    note: Note | None
    history: History = field(default_factory=History)
    speakers: dict[Candidate, Speaker] = field(default_factory=dict)
    nouns: dict[int, tuple[Speaker, ...]] = field(default_factory=dict)
    spoken: frozenset[int] = frozenset()
    """Sentences in which a statement stands."""
    sources: list[int] = field(default_factory=list)
    """Where the sources of the statements at the top begin, in the text."""
    done: list[tuple[int, Statement, Chosen, tuple[Candidate, ...]]] = field(default_factory=list)
    """The statements at the top so far: the last word of each, the statement, who was chosen for it."""


def identified(document: Document, view: View, choice: Choice | None = None, *, note: Note | None = None) -> Document:
    """The document with its statements' speakers, addressees and relayers.

    ``view`` is made (``view_of``) of what ``onrecord.extract.read_statements`` gave for the same document. ``note`` is
    told of each statement what its speakers were proposed by, for training.

    Raises:
        ModelError: the weights that come with the package are missing or broken.
    """
    work = _Work(document, view, choice or shipped(), note)
    statements = document.statements
    children: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.parent is not None:
            children.setdefault(statement.parent, []).append(statement)
    made: dict[str, Statement] = {}
    # Posts and the outlet's notes are records of the page's own: their words are not in the reading.
    for statement in statements:
        if statement.kind is Kind.EDITOR_NOTE or statement.post is not None:
            made[statement.id] = replace(statement, speakers=_furnished(document, statement))
    top = [(said_of(view, s), s) for s in statements if s.parent is None and s.id not in made]
    work.sources = sorted({s.source[0].start for _, s in top if s.source})
    work.spoken = frozenset(int(view.sentences[i]) for said, _ in top for i in (*said.cue, *said.content))
    for said, statement in sorted(top, key=lambda pair: pair[0].at):
        result, who = _top(work, said, statement)
        made[statement.id] = result
        _inner(work, children, result, who, made)
    return replace(document, statements=tuple(made[s.id] for s in statements))


def _top(work: _Work, said: Said, statement: Statement) -> tuple[Statement, tuple[Candidate, ...]]:
    """A statement that the document itself relays, and who was chosen for it."""
    before = _before(work, said, statement)
    made, result, who = _carried_on(work, said, statement, before) if before else _chosen(work, said, statement)
    work.done.append((max((*said.source, *said.cue, *said.content)), made, result, who))
    return made, who


def _before(work: _Work, said: Said, statement: Statement) -> tuple[Statement, Chosen, tuple[Candidate, ...]] | None:
    """The statement that one goes on from for which the extractor says that it does: in the sentence before it the
    one that ends last."""
    view = work.view
    if not statement.inferred:
        return None
    number = int(view.sentences[said.content[0]])
    beside = [(end, k) for k, (end, *_) in enumerate(work.done) if int(view.sentences[end]) == number - 1]
    if not beside:
        return None
    end, k = max(beside)
    return work.done[k][1:] if view.paragraphs[end] == view.paragraphs[said.content[0]] else None


def _carried_on(
    work: _Work, said: Said, statement: Statement, before: tuple[Statement, Chosen, tuple[Candidate, ...]]
) -> tuple[Statement, Chosen, tuple[Candidate, ...]]:
    """A statement that goes on from the one before it, whose speakers are its own."""
    earlier, result, who = before
    work.history.told.append(told(work.view, said, replace(result, speakers=who)))
    score = round(earlier.speaker_score * statement.score, 4)
    made = replace(
        statement, speakers=earlier.speakers, speaker_score=score, inferred=bool(earlier.speakers),
        candidates=earlier.candidates,
    )  # fmt: skip
    return made, result, who


def _chosen(work: _Work, said: Said, statement: Statement) -> tuple[Statement, Chosen, tuple[Candidate, ...]]:
    """A statement with the speakers that were chosen among all candidates."""
    result = chosen(work.view, said, work.history, work.choice)
    speakers = _speakers(work, said, result)
    score, evidence = _sureness(work, said, result, speakers)
    who: tuple[Candidate, ...] = ()
    if score < LEAST:
        work.history.told.append(told(work.view, said, replace(result, speakers=(), type=6)))
        final = _unresolved(work, said, result)
    else:
        work.history.told.append(told(work.view, said, result))
        _learn_gender(work.view, said, result)
        who = result.speakers
        if who and who[0].sort is Sort.OWN:
            work.nouns[len(work.history.told) - 1] = speakers
            who = (Candidate(Sort.NOUN, len(work.history.told) - 1),)
        final = speakers or _unresolved(work, said, result)
    numbers = None
    if said.source and final and not any(s.name or s.anonymity_reason for s in final):
        given = _TYPES.index(final[0].type)
        kind, numbers = type_of_unnamed(work.view, said, result, work.history, work.choice, given)
        final = (replace(final[0], type=_TYPES[kind]), *final[1:])
    if not result.speakers or result.speakers[0].sort is Sort.OWN:
        final = tuple(replace(one, type=_by_noun(work.view, said, one.type)) for one in final)
    if work.note is not None:
        work.note(statement.id, Noted(evidence, speakers, numbers))
    return _described(work, said, statement, result, final, score), result, who


_PLAIN = 0.9
"""From this probability on a "she" tells the gender of the one it stands for to the statements after it."""


def _learn_gender(view: View, said: Said, result: Chosen) -> None:
    if said.form in ("m", "f") and len(result.speakers) == 1 and result.score >= _PLAIN:
        number = result.speakers[0].number
        if result.speakers[0].sort is Sort.ENTITY and view.gender[number] is not None:
            view.gender[number] = 0.98 if said.form == "f" else 0.02


def _sureness(
    work: _Work, said: Said, result: Chosen, speakers: tuple[Speaker, ...]
) -> tuple[float, NDArray[np.float32] | None]:
    """How probable it is that proposed speakers are the right ones, and the numbers that tell it."""
    if not any(s.name for s in speakers):
        return result.score, None
    features = naming(work.view, said, result, speakers)
    return (probability(work.choice.sure, features) if len(work.choice.sure) else result.score), features


def _inner(
    work: _Work,
    children: dict[str, list[Statement]],
    parent: Statement,
    who: tuple[Candidate, ...],
    made: dict[str, Statement],
) -> None:
    """The statements within a statement. The first person in its quoted words is its own speaker."""
    for child in children.get(parent.id, ()):
        said = said_of(work.view, child, parent=1)
        if said.form == "s" and work.view.quoted[said.at]:
            result = Chosen(who, parent.speaker_score, None, 0.0, _TYPES.index(parent.source_type))
            speakers, score = parent.speakers, parent.speaker_score
        else:
            result = chosen(work.view, said, work.history, work.choice, who)
            speakers = _speakers(work, said, result)
            # Without source words nothing tells whose it is: only statements at the top were learnt from.
            score = _sureness(work, said, result, speakers)[0] if said.source else 0.0
            if score < LEAST or not speakers:
                speakers = _unresolved(work, said, result)
        child = _described(work, said, child, result, speakers, score)
        relayed = tuple(s for s in parent.speakers if s not in child.speakers)
        made[child.id] = child = replace(child, relayed_by=relayed)
        inner = result.speakers if speakers and result.speakers and result.speakers[0].sort is not Sort.OWN else ()
        _inner(work, children, child, inner, made)


def _described(
    work: _Work, said: Said, statement: Statement, result: Chosen, speakers: tuple[Speaker, ...], score: float
) -> Statement:
    """The statement with everything that is known of who made it."""
    names: tuple[str, ...] = ()
    named = any(s.name for s in speakers) or score >= LEAST
    if not named and result.speakers and result.second is not None and result.second_score >= 0.1:
        pair = (result.speakers[0], result.second)
        names = tuple(n for c in pair if (n := _candidate_name(work, said, c)))
        names = names if len(set(names)) == 2 else ()
    to = addressee(work.view, said)
    relayed = statement.relayed_by
    if to is not None:
        outlets = [
            Candidate(Sort.ENTITY, k)
            for k in dict.fromkeys(work.view.owner[i] for i in range(*words_of(work.view, to)) if i in work.view.owner)
            if work.view.entities[k].kind == 1
        ]
        through = [_entity(work, c) for c in outlets]
        relayed = tuple(s for s in through if s.name and is_outlet(s.name) and s.name != work.document.outlet)
    return replace(
        statement,
        speakers=speakers,
        speaker_score=round(score, 4) if speakers or result.speakers else 0.0,
        inferred=bool(speakers) and not said.source and named,
        candidates=names,
        addressee=(to,) if to else (),
        relayed_by=relayed,
    )


def _unresolved(work: _Work, said: Said, result: Chosen) -> tuple[Speaker, ...]:
    """A speaker of whom only the type is known, where source words stand; by his own words where these are a name."""
    if not said.source:
        return ()
    view, kind = work.view, votes(work.view, said)
    if said.form == "phrase" and _is_name(view, said):
        start, end = said.source[0], said.source[-1] + 1
        while view.lower[start] in ("the", "a", "an") and start < end - 1:
            start += 1
        span = span_of(view, start, end)
        return (Speaker(span.of(view.words.text), _TYPES[int(kind[:3].argmax())], span),)
    found = _TYPES[result.type] if result.speakers else _type_alone(view, said, kind)
    return (Speaker(None, _within(view, said, found)),)


_BY_NOUN = {
    "p": SourceType.UNNAMED_PERSON,
    "g": SourceType.UNNAMED_GROUP,
    "d": SourceType.DOCUMENT,
    "o": SourceType.NAMED_ORGANIZATION,
}


def _type_alone(view: View, said: Said, kind: NDArray[np.float32]) -> SourceType:
    """The type of a source that nobody was found for: by its noun, by "he" or "she", else by the words' votes."""
    if said.form == "phrase" and (sort := noun(view.lower[said.head])):
        return _BY_NOUN[sort]
    if said.form in ("m", "f"):
        return SourceType.NAMED_PERSON if kind[0] >= kind[4] else SourceType.UNNAMED_PERSON
    return _TYPES[int(kind.argmax())]


def _by_noun(view: View, said: Said, kind: SourceType) -> SourceType:
    """The type of a source by its own noun where that tells: of those that "poll" and the like are the noun of 96% are
    labelled as documents, of those of "union" and the like 82% as organisations."""
    sort = noun(view.lower[said.head]) if said.form == "phrase" and said.head not in view.owner else None
    if sort == "d" and kind is not SourceType.NAMED_PERSON:
        return SourceType.DOCUMENT
    return SourceType.NAMED_ORGANIZATION if sort == "o" and kind is SourceType.UNNAMED_GROUP else kind


def _within(view: View, said: Said, kind: SourceType) -> SourceType:
    """The type; whoever a source speaks of is no anonymous source of the outlet's."""
    if kind is not SourceType.ANONYMOUS_SOURCE or said.parent is None:
        return kind
    several = said.form == "p" or (said.head >= 0 and plural(view.lower[said.head]))
    return SourceType.UNNAMED_GROUP if several else SourceType.UNNAMED_PERSON


def _is_name(view: View, said: Said) -> bool:
    """Whether source words are capitalised as a name is: all of them, and not only because a sentence begins there."""
    words = [i for i in said.source if view.strings[i][0].isalnum() and view.lower[i] not in ("the", "a", "an")]
    if not words or not all(view.strings[i][0].isupper() for i in words):
        return False
    first = view.sentences[words[0]] != view.sentences[words[0] - 1] if words[0] else True
    return len(words) > 1 or not first or (view.strings[words[0]].isupper() and len(view.strings[words[0]]) > 1)


def _candidate_name(work: _Work, said: Said, candidate: Candidate) -> str | None:
    if candidate.sort is Sort.ENTITY:
        return _entity(work, candidate).name
    if candidate.sort is Sort.NOUN:
        return next((s.name for s in work.nouns.get(candidate.number, ()) if s.name), None)
    if candidate.sort is Sort.OWN:
        return "; ".join(span.of(work.view.words.text) for span in own_names(work.view, said.source)) or None
    return None


def _speakers(work: _Work, said: Said, result: Chosen) -> tuple[Speaker, ...]:
    made: list[Speaker] = []
    for candidate in result.speakers:
        if candidate.sort is Sort.ENTITY:
            made.append(_entity(work, candidate))
        elif candidate.sort is Sort.NOUN:
            made.extend(work.nouns.get(candidate.number, ()))
        elif candidate.sort is Sort.OWN:
            made.extend(_own(work, said, _TYPES[result.type]))
    own = {c.number for c in result.speakers if c.sort is Sort.ENTITY}
    named = [i for i in said.source if work.view.owner.get(i) in own]
    if named and said.form == "phrase" and (group := companions(work.view, said.source, named)):
        made.append(Speaker(group.of(work.view.words.text), SourceType.UNNAMED_GROUP, group))
    return tuple(made)


def _entity(work: _Work, candidate: Candidate) -> Speaker:
    """A named speaker, described once for the whole document."""
    if candidate not in work.speakers:
        view = work.view
        entity = view.entities[candidate.number]
        span = name_of(view, entity)
        person = entity.kind == 0
        places = [(m.start, m.end) for m in entity.mentions]
        work.speakers[candidate] = Speaker(
            span.of(view.words.text),
            SourceType.NAMED_PERSON if person else SourceType.NAMED_ORGANIZATION,
            span,
            title_of(view, candidate.number) if person else None,
            justification(view, places, view.titles[candidate.number], work.spoken if person else None),
        )
    return work.speakers[candidate]


def _own(work: _Work, said: Said, kind: SourceType) -> tuple[Speaker, ...]:
    """Speakers with no name but the source's own words: a group by its noun, a person or a nameless source
    without."""
    view = work.view
    source: Sequence[int] = said.source
    if said.form == "w":
        source = _antecedent(view, said.at)
    spans = own_names(view, source) if source else ()
    if len(spans) == 1 and said.form == "phrase":
        spans = (fuller_name(view, source, spans[0]),)
    spans = tuple(span for span in spans if pronoun(span.of(view.words.text)) is None)
    place = (source[0], source[-1] + 1) if source else (said.at, said.at + 1)
    reason = None
    if kind in (SourceType.ANONYMOUS_SOURCE, SourceType.UNNAMED_PERSON, SourceType.UNNAMED_GROUP) and said.source:
        spot = span_of(view, *place)
        # What a paragraph says of anonymity is said of who speaks in it, not of whom he speaks.
        cue = int(view.words.starts[said.cue[0]]) if said.cue else None
        reason = anonymity(view, spot.start, spot.end, cue, work.sources) if said.parent is None else None
        if reason is not None:
            kind = SourceType.ANONYMOUS_SOURCE
    kind = _within(view, said, kind)
    why = justification(view, [place])
    if kind is SourceType.ANONYMOUS_SOURCE and why is None and len(source) > 3:
        why = span_of(view, *place)
    if not spans or kind in _NAMELESS:
        return (Speaker(None, kind, spans[0] if spans else None, None, why, reason),)
    return tuple(Speaker(span.of(view.words.text), kind, span, None, why, reason) for span in spans)


def _antecedent(view: View, at: int) -> Sequence[int]:
    """The words right before a relative pronoun, back to a border: "the men who", "protesters, who"."""
    end = at
    while end > 0 and view.strings[end - 1] == ",":
        end -= 1
    start = end
    while start > 0 and end - start < _LONGEST_ANTECEDENT and view.sentences[start - 1] == view.sentences[at]:
        word = view.lower[start - 1]
        if not word[0].isalnum() or word in _BORDERS:
            break
        if word.endswith("ing") and view.strings[start - 1][0].islower() and start < end:  # "affecting voters who"
            break
        start -= 1
        if word in ("the", "a", "an", "those", "some", "many", "most"):
            break
    return range(start, end)


_LONGEST_ANTECEDENT = 6
_BORDERS = (frozenset(word_list("prepositions.txt")) - {"of"}) | frozenset(
    ("and", "but", "or", "as", "than", "said", "is", "are", "was", "were", "been", "be", "has", "have", "had", "not")
)


def _furnished(document: Document, statement: Statement) -> tuple[Speaker, ...]:
    """The outlet of a note, the author of an embedded post."""
    post = statement.post
    if post is not None:
        return (Speaker(post.author, SourceType.NAMED_PERSON, post.author_span),) if post.author else ()
    return (Speaker(document.outlet, SourceType.NAMED_ORGANIZATION),) if document.outlet else ()
