"""What a person may correct of a statement, how a value is read, and the statement as corrected.

A value is stored as JSON: words, or spans ``[[start, end], …]`` into the text that the person had before him.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from onrecord.errors import UsageError
from onrecord.ledger.codec import statement_from
from onrecord.model import (
    SPEAKER,
    Act,
    Certainty,
    Commitment,
    Deed,
    Form,
    Kind,
    Occasion,
    Polarity,
    Review,
    SourceType,
    Span,
    Speaker,
    Statement,
)

__all__ = [
    "ADDED",
    "FIELDS",
    "REJECTED",
    "WITHDRAWN",
    "Field",
    "Word",
    "corrected",
    "is_rejected",
    "is_span_field",
    "parsed",
    "shifted",
    "statement_with",
    "value_of",
]

ADDED, REJECTED, WITHDRAWN = "statement", "rejected", "withdrawn"
"""Fields that are no part of a statement: a person added it, says that it is none, takes an earlier word back."""

_OFFSETS = re.compile(r"\d+-\d+(?:,\d+-\d+)*")
_DAY = r"\d{4}(?:-(?:\d\d(?:-\d\d)?|W\d\d))?"
_SAID_ON = re.compile(rf"{_DAY}(?:/{_DAY})?")


@dataclass(frozen=True)
class Field:
    """A field that can be corrected: how its value is read, what it is now, and the statement with another."""

    values: type[StrEnum] | None
    spans: int
    """How many spans it takes: 0 for words, 1, or 2 for any number."""
    get: Callable[[Statement], Any]
    put: Callable[[Statement, Any], Statement]


def _speakers(statement: Statement, value: str | None) -> Statement:
    """Names stand for the speakers; their types stay, or are learnt from a correction of the type."""
    names = [name.strip() for name in (value or "").split(";") if name.strip()]
    before = statement.speakers
    made = []
    for place, name in enumerate(names or [None]):
        same = next((s for s in before if s.name == name), None)
        old = same or (before[place] if place < len(before) else Speaker(None))
        made.append(old if same else Speaker(name, old.type))
    speakers = tuple(made) if names or before else ()
    return replace(statement, speakers=speakers, speaker_score=1.0 if names else 0.0, candidates=())


def _first_speaker(name: str) -> Field:
    """A stretch of the document on the first speaker."""

    def put(statement: Statement, value: tuple[Span, ...]) -> Statement:
        first, rest = (statement.speakers or (Speaker(None),))[0], statement.speakers[1:]
        changed: Any = {name: value[0] if value else None}
        return replace(statement, speakers=(replace(first, **changed), *rest))

    def get(statement: Statement) -> tuple[Span, ...]:
        span = next((s for speaker in statement.speakers if (s := getattr(speaker, name)) is not None), None)
        return (span,) if span else ()

    return Field(None, 1, get, put)


def _type(statement: Statement, value: str) -> Statement:
    kind = SourceType(value)
    return replace(statement, speakers=tuple(replace(s, type=kind) for s in statement.speakers or (Speaker(None),)))


def _relayers(statement: Statement, value: str | None) -> Statement:
    names = [name.strip() for name in (value or "").split(";") if name.strip()]
    known = {s.name: s for s in statement.relayed_by}
    return replace(statement, relayed_by=tuple(known.get(name) or Speaker(name) for name in names))


def _act(statement: Statement, value: str | None) -> Statement:
    if value is None:
        return replace(statement, deed=None)
    deed = statement.deed or Deed(Act(value), 1.0)
    return replace(statement, deed=replace(deed, act=Act(value), score=1.0))


def _target(statement: Statement, value: tuple[Span, ...]) -> Statement:
    deed = statement.deed or Deed(Act.ASSERT, 0.0)
    return replace(statement, deed=replace(deed, target=value[0] if value else None, target_name=None))


def _committed(statement: Statement, **changed: Any) -> Statement:
    """The speaker's own commitment, the first, with something changed."""
    rest = statement.commitments[1:]
    own = statement.commitments[0] if statement.commitments else Commitment(SPEAKER, Certainty.CERTAIN)
    return replace(statement, commitments=(replace(own, **changed), *rest))


def _own(name: str) -> Callable[[Statement], str | None]:
    return lambda s: _text(getattr(s.commitments[0], name)) if s.commitments else None


def _occasion(name: str) -> Field:
    def put(statement: Statement, value: tuple[Span, ...]) -> Statement:
        changed: Any = {name: value[0] if value else None}
        return replace(statement, occasion=replace(statement.occasion, **changed))

    def get(statement: Statement) -> tuple[Span, ...]:
        span = getattr(statement.occasion, name)
        return (span,) if span else ()

    return Field(None, 1, get, put)


def _said_on(statement: Statement, value: str | None) -> Statement:
    old = statement.occasion
    return replace(statement, occasion=Occasion(value, None, old.at, old.channel))


def _role(name: str) -> Field:
    def put(statement: Statement, value: tuple[Span, ...]) -> Statement:
        changed: Any = {name: value}
        return replace(statement, **changed)

    return Field(None, 2, lambda s: getattr(s, name), put)


def _text(value: StrEnum | str | None) -> str | None:
    return None if value is None else str(value)


FIELDS: dict[str, Field] = {
    "speaker": Field(None, 0, lambda s: s.speaker, _speakers),
    "source_type": Field(SourceType, 0, lambda s: str(s.source_type), _type),
    "source_title": _first_speaker("title"),
    "justification": _first_speaker("justification"),
    "anonymity_reason": _first_speaker("anonymity_reason"),
    "relayed_by": Field(None, 0, lambda s: "; ".join(r.name for r in s.relayed_by if r.name) or None, _relayers),
    "kind": Field(Kind, 0, lambda s: str(s.kind), lambda s, v: replace(s, kind=Kind(v))),
    "form": Field(Form, 0, lambda s: str(s.form), lambda s, v: replace(s, form=Form(v))),
    "source": _role("source"),
    "cue": _role("cue"),
    "content": _role("content"),
    "quoted": _role("quoted"),
    "addressee": _role("addressee"),
    "act": Field(Act, 0, lambda s: _text(s.act), _act),
    "target": Field(None, 1, lambda s: (s.deed.target,) if s.deed and s.deed.target else (), _target),
    "certainty": Field(Certainty, 0, _own("certainty"), lambda s, v: _committed(s, certainty=Certainty(v))),
    "polarity": Field(
        Polarity, 0, _own("polarity"), lambda s, v: _committed(s, polarity=None if v is None else Polarity(v))
    ),
    "said_on": Field(None, 0, lambda s: s.occasion.on, _said_on),
    "said_at": _occasion("at"),
    "channel": _occasion("channel"),
}
"""The fields of a record that a person may correct, by their names there."""

_NEEDED = ("source_type", "kind", "form", "content", "certainty")


def is_span_field(name: str) -> bool:
    """Whether a field's value is a place in the text."""
    return name in FIELDS and FIELDS[name].spans > 0


def parsed(text: str, statement: Statement, name: str, value: str) -> str | None:
    """The value that a person wrote for a field of a statement in ``text``, as JSON; None for "not known" (empty).

    A place in the text is written as offsets (``12-25`` or ``12-25,30-41``) or as its words, of which the place
    nearest to the statement counts.

    Raises:
        UsageError: there is no such field, or it cannot have this value.
    """
    if name == REJECTED:
        if value.lower() not in ("yes", "no", "true", "false"):
            raise UsageError(f"rejected={value}: say yes or no")
        return "true" if value.lower() in ("yes", "true") else "false"
    if name not in FIELDS:
        raise UsageError(f"{name}: there is no such field (there are {', '.join((*FIELDS, REJECTED))})")
    field, value = FIELDS[name], value.strip()
    if not value:
        if name in _NEEDED:
            raise UsageError(f"{name}: cannot be empty")
        return None
    if field.values is not None:
        if value.lower() not in list(field.values):
            raise UsageError(f"{name}={value}: there is no such value (there are {', '.join(field.values)})")
        return json.dumps(value.lower())
    if field.spans:
        return json.dumps([list(span) for span in _spans(text, statement, name, value)])
    if name == "said_on" and not _SAID_ON.fullmatch(value):
        raise UsageError(
            f"said_on={value}: write a day, month, year or interval as 2024-05-03, 2024-05 or 2024-05/2024-06"
        )
    return json.dumps(value)


def _spans(text: str, statement: Statement, name: str, value: str) -> list[Span]:
    if _OFFSETS.fullmatch(value):
        spans = [Span(*map(int, part.split("-"))) for part in value.split(",")]
        end = 0
        for span in spans:
            if not end <= span.start < span.end <= len(text):
                raise UsageError(
                    f"{name}={value}: offsets rise, do not overlap and lie within the text's {len(text)} characters"
                )
            end = span.end
    else:
        at, found = statement.content[0].start, []
        place = text.find(value)
        while place >= 0:
            found.append(place)
            place = text.find(value, place + 1)
        if not found:
            raise UsageError(f"{name}={value}: these words do not stand in the text (offsets are written 12-25)")
        start = min(found, key=lambda k: abs(k - at))
        spans = [Span(start, start + len(value))]
    if FIELDS[name].spans == 1 and len(spans) > 1:
        raise UsageError(f"{name}={value}: this field has one place in the text")
    return spans


def value_of(statement: Statement, name: str) -> str | None:
    """What a field is now, as JSON, None where nothing is known.

    >>> value_of(Statement("s", (Span(0, 2),)), "content"), value_of(Statement("s", (Span(0, 2),)), "speaker")
    ('[[0, 2]]', None)
    """
    value = FIELDS[name].get(statement)
    if value is None or value == ():
        return None
    return json.dumps([list(span) for span in value] if FIELDS[name].spans else value)


def shifted(name: str, value: str | None, shift: int) -> str | None:
    """A stored value whose places lie so much further on.

    >>> shifted("cue", "[[3, 7]]", 10)
    '[[13, 17]]'
    """
    if not shift or value is None or not is_span_field(name):
        return value
    return json.dumps([[start + shift, end + shift] for start, end in json.loads(value)])


def _shown(text: str, value: str | None) -> str | None:
    """A stored value as words."""
    if value is None:
        return None
    found = json.loads(value)
    if isinstance(found, list):
        return " … ".join(text[start:end] for start, end in found)
    return str(found) if not isinstance(found, bool) else ("yes" if found else "no")


@dataclass(frozen=True, slots=True)
class Word:
    """One correction as it applies to a statement: spans are those of the present text."""

    number: int
    field: str
    value: str | None
    by: str
    at: str
    why: str


def corrected(text: str, statement: Statement | None, corrections: Iterable[Word]) -> Statement:
    """The statement as persons corrected it, the last word of each field standing, with all reviews.

    ``statement`` is None for one that a person added: the first correction is its body.

    Raises:
        ValueError: a correction cannot be applied: the row is damaged.
    """
    said: Sequence[Word] = tuple(corrections)
    withdrawn = {int(json.loads(w.value)) for w in said if w.field == WITHDRAWN and w.value}
    reviews: list[Review] = []
    for word in said:
        if word.number in withdrawn or word.field == WITHDRAWN:
            continue
        before: str | None = None
        if word.field == ADDED:
            statement = _added(statement, statement_from(word.value or "{}"))
            now: str | None = " … ".join(span.of(text) for span in statement.content)
        elif statement is None:
            raise ValueError(f"correction {word.number}: its statement is not there")
        else:
            now = _shown(text, word.value)
            if word.field != REJECTED:
                before = _shown(text, value_of(statement, word.field))
                statement = statement_with(statement, word.field, word.value)
        reviews.append(Review(word.field, now, before, word.by, word.at, word.why))
    if statement is None:
        raise ValueError("a person's statement was withdrawn")
    return replace(statement, reviews=tuple(reviews))


def _added(statement: Statement | None, added: Statement) -> Statement:
    """A statement that a person added; where a newer extractor finds it too, with the person's spans."""
    if statement is None:
        return added
    roles = {name: getattr(added, name) for name in ("source", "cue", "content", "quoted", "form")}
    return replace(statement, **roles)


def statement_with(statement: Statement, name: str, value: str | None) -> Statement:
    """The statement with a value (JSON) of a field; with the one that it has, that value is sure and all else stays.

    Raises:
        ValueError: it cannot have this value.
    """
    if value == value_of(statement, name):
        return _sure(statement, name)
    field = FIELDS[name]
    read: Any = json.loads(value) if value is not None else None
    return field.put(statement, tuple(Span(*pair) for pair in read or ()) if field.spans else read)


def _sure(statement: Statement, name: str) -> Statement:
    """The statement with a field as it is, of which a person says that it is right."""
    if name == "speaker":
        return replace(statement, speaker_score=1.0 if statement.speaker else 0.0, candidates=())
    if name == "act" and statement.deed is not None:
        return replace(statement, deed=replace(statement.deed, score=1.0))
    return statement


def is_rejected(statement: Statement) -> bool:
    """Whether a person says that this is no statement."""
    last = next((r for r in reversed(statement.reviews) if r.field == REJECTED), None)
    return last is not None and last.value == "yes"
