"""Statements with their speakers: who was chosen, written down with where the document says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from onrecord.extract.reading import Reading
from onrecord.identify.address import addressee, is_outlet
from onrecord.identify.candidates import Candidate, History, Sort
from onrecord.identify.choose import Choice, Chosen, chosen, shipped, told
from onrecord.identify.describe import anonymity, justification, name_of, own_names, span_of, title_of
from onrecord.identify.features import votes
from onrecord.identify.view import Said, View, said_of, view_of
from onrecord.model import Document, Kind, SourceType, Span, Speaker, Statement

__all__ = ["LEAST", "identified"]

LEAST = 0.6
"""The least probability with which a speaker is named; below it both who could be meant are listed."""
LEAST_INFERRED = 0.6
"""The same for statements without source words."""
LEAST_WHOLE = 0.3
"""The same where the source words are nothing but that name."""
LEAST_UNSUPPORTED = 0.85
"""The same for a name chosen for a description that shares no word with the name or its titles."""

_TYPES = tuple(SourceType)
_NAMELESS = (SourceType.ANONYMOUS_SOURCE, SourceType.UNNAMED_PERSON, SourceType.UNKNOWN)


@dataclass(slots=True)
class _Work:
    """What is gathered while the statements of one document are gone through."""

    document: Document
    view: View
    history: History = field(default_factory=History)
    speakers: dict[Candidate, Speaker] = field(default_factory=dict)
    nouns: dict[int, tuple[Speaker, ...]] = field(default_factory=dict)
    spoken: frozenset[int] = frozenset()
    """Sentences in which a statement stands."""


def identified(document: Document, reading: Reading, choice: Choice | None = None) -> Document:
    """The document with its statements' speakers, addressees and relayers.

    ``reading`` is what ``onrecord.extract.read_statements`` gave for the same document.

    Raises:
        ModelError: the weights that come with the package are missing or broken.
    """
    choice = choice or shipped()
    view = view_of(reading.words.text, reading)
    work = _Work(document, view)
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
    work.spoken = frozenset(int(view.sentences[i]) for said, _ in top for i in (*said.cue, *said.content))
    for said, statement in sorted(top, key=lambda pair: pair[0].at):
        result, who = _top(work, said, statement, choice)
        made[statement.id] = result
        _inner(work, children, result, who, choice, made)
    return replace(document, statements=tuple(made[s.id] for s in statements))


def _top(work: _Work, said: Said, statement: Statement, choice: Choice) -> tuple[Statement, tuple[Candidate, ...]]:
    """A statement that the document itself relays, and who was chosen for it."""
    result = chosen(work.view, said, work.history, choice)
    if not _is_sure(work.view, said, result):
        work.history.told.append(told(work.view, said, replace(result, speakers=(), type=6)))
        return _described(work, said, statement, result, _unresolved(work, said)), ()
    speakers = _speakers(work, said, result)
    work.history.told.append(told(work.view, said, result))
    if result.speakers and result.speakers[0].sort is Sort.OWN:
        work.nouns[len(work.history.told) - 1] = speakers
        who: tuple[Candidate, ...] = (Candidate(Sort.NOUN, len(work.history.told) - 1),)
    else:
        who = result.speakers
    return _described(work, said, statement, result, speakers), who


def _inner(
    work: _Work,
    children: dict[str, list[Statement]],
    parent: Statement,
    who: tuple[Candidate, ...],
    choice: Choice,
    made: dict[str, Statement],
) -> None:
    """The statements within a statement. The first person in its quoted words is its own speaker."""
    for child in children.get(parent.id, ()):
        said = said_of(work.view, child, parent=1)
        if said.form == "s" and work.view.quoted[said.at]:
            result = Chosen(who, parent.speaker_score, None, 0.0, _TYPES.index(parent.source_type))
            speakers = parent.speakers
        else:
            result = chosen(work.view, said, work.history, choice, who)
            # Without source words nothing tells whose it is: only statements at the top were learnt from.
            sure = bool(said.source) and _is_sure(work.view, said, result)
            speakers = _speakers(work, said, result) if sure else _unresolved(work, said)
        child = _described(work, said, child, result, speakers)
        relayed = tuple(s for s in parent.speakers if s not in child.speakers)
        made[child.id] = child = replace(child, relayed_by=relayed)
        inner = result.speakers if speakers and result.speakers and result.speakers[0].sort is not Sort.OWN else ()
        _inner(work, children, child, inner, choice, made)


def _described(
    work: _Work, said: Said, statement: Statement, result: Chosen, speakers: tuple[Speaker, ...]
) -> Statement:
    """The statement with everything that is known of who made it."""
    names: tuple[str, ...] = ()
    named = any(s.name for s in speakers) or _is_sure(work.view, said, result)
    if not named and result.speakers and result.second is not None and result.second_score >= 0.1:
        pair = (result.speakers[0], result.second)
        names = tuple(n for c in pair if (n := _candidate_name(work, said, c)))
        names = names if len(set(names)) == 2 else ()
    to = addressee(work.view, said)
    relayed = statement.relayed_by
    if to is not None:
        outlets = [
            Candidate(Sort.ENTITY, k)
            for k in dict.fromkeys(work.view.owner[i] for i in _words_of(work.view, to) if i in work.view.owner)
            if work.view.entities[k].kind == 1
        ]
        through = [_entity(work, c) for c in outlets]
        relayed = tuple(s for s in through if s.name and is_outlet(s.name) and s.name != work.document.outlet)
    return replace(
        statement,
        speakers=speakers,
        speaker_score=round(result.score, 4) if speakers or result.speakers else 0.0,
        inferred=bool(speakers) and not said.source and named,
        candidates=names,
        addressee=(to,) if to else (),
        relayed_by=relayed,
    )


def _is_sure(view: View, said: Said, result: Chosen) -> bool:
    """Whether a choice is sure enough to be named."""
    if not said.source:
        return result.score >= LEAST_INFERRED
    if said.form == "phrase" and result.speakers and result.speakers[0].sort is Sort.ENTITY:
        number = result.speakers[0].number
        head = view.lower[said.head]
        words = [i for i in said.source if view.strings[i][0].isalnum() and view.lower[i] != "the"]
        if all(view.owner.get(i) == number for i in words):
            return result.score >= LEAST_WHOLE
        supported = (
            any(view.owner.get(i) == number for i in said.source)
            or any(head in view.lower[a:b] for a, b in view.titles[number])
            or any(head == word.lower() for m in view.entities[number].mentions for word in m.words)
        )
        if not supported:
            return result.score >= LEAST_UNSUPPORTED
    return result.score >= LEAST


def _unresolved(work: _Work, said: Said) -> tuple[Speaker, ...]:
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
    return (Speaker(None, _TYPES[int(kind.argmax())]),)


def _is_name(view: View, said: Said) -> bool:
    """Whether source words are capitalised as a name is: all of them, and not only because a sentence begins there."""
    words = [i for i in said.source if view.strings[i][0].isalnum() and view.lower[i] not in ("the", "a", "an")]
    if not words or not all(view.strings[i][0].isupper() for i in words):
        return False
    first = view.sentences[words[0]] != view.sentences[words[0] - 1] if words[0] else True
    return len(words) > 1 or not first or (view.strings[words[0]].isupper() and len(view.strings[words[0]]) > 1)


def _words_of(view: View, span: Span) -> range:
    first = int(view.words.starts.searchsorted(span.start))
    return range(first, int(view.words.starts.searchsorted(span.end)))


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
    place = (source[0], source[-1] + 1) if source else (said.at, said.at + 1)
    reason = None
    if kind in (SourceType.ANONYMOUS_SOURCE, SourceType.UNNAMED_PERSON, SourceType.UNNAMED_GROUP) and said.source:
        spot = span_of(view, *place)
        reason = anonymity(view, spot.start, spot.end)
        if reason is not None:
            kind = SourceType.ANONYMOUS_SOURCE
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
    while start > 0 and end - start < 6 and view.sentences[start - 1] == view.sentences[at]:
        word = view.lower[start - 1]
        if not word[0].isalnum() or word in (
            "and",
            "but",
            "for",
            "to",
            "by",
            "with",
            "from",
            "said",
            "is",
            "are",
            "was",
            "were",
        ):
            break
        start -= 1
        if word in ("the", "a", "an", "those", "some", "many", "most"):
            break
    return range(start, end)


def _furnished(document: Document, statement: Statement) -> tuple[Speaker, ...]:
    """The outlet of a note, the author of an embedded post."""
    post = statement.post
    if post is not None:
        return (Speaker(post.author, SourceType.NAMED_PERSON, post.author_span),) if post.author else ()
    return (Speaker(document.outlet, SourceType.NAMED_ORGANIZATION),) if document.outlet else ()
