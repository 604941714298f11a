"""Statements with how and when they were made: what was judged of each, and where the document says so."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from onrecord.identify.describe import span_of, words_of
from onrecord.identify.view import Said, View, said_of
from onrecord.model import (
    OUTLET,
    SPEAKER,
    UNKNOWN,
    Act,
    Certainty,
    Commitment,
    Deed,
    Document,
    Flag,
    Kind,
    Occasion,
    Span,
    Speaker,
    Stance,
    Statement,
    Strength,
    Timex,
    TimexType,
)
from onrecord.qualify import dating
from onrecord.qualify.dating import Dating, Placed, day_of, days, iso_of, placed
from onrecord.qualify.features import Told, told
from onrecord.qualify.judge import Judge, Judged, shipped
from onrecord.qualify.occasions import around, place_and_channel
from onrecord.qualify.stances import stance
from onrecord.qualify.targets import name_of_target, target
from onrecord.qualify.terms import HAS_TERMS, conditional, terms
from onrecord.qualify.times import times

__all__ = ["qualified"]


@dataclass(slots=True)
class _Work:
    """What is looked up for all statements of one document."""

    document: Document
    view: View
    dating: Dating
    found: tuple[Timex, ...]
    placed: list[Placed]
    dates: set[int]
    cues: list[int]
    by_id: dict[str, Statement]
    children: dict[str | None, list[Said]]
    speakers: tuple[Speaker, ...]


def qualified(document: Document, view: View, judge: Judge | None = None, dates: Dating | None = None) -> Document:
    """The document with its statements' acts, commitments, occasions and the times in their contents.

    ``view`` is the one that their speakers were found with.

    Raises:
        ModelError: the weights that come with the package are missing or broken.
    """
    statements = [s for s in document.statements if s.kind is Kind.STATEMENT and s.post is None]
    if not statements:
        return document
    said = {s.id: _said(view, s) for s in statements}
    found = times(view.words.text, document.date)
    children: dict[str | None, list[Said]] = {}
    for statement in statements:
        children.setdefault(statement.parent, []).append(said[statement.id])
    speakers = dict.fromkeys(one for s in statements for one in s.speakers if one.mention and one.name)
    work = _Work(
        document,
        view,
        dates or dating.shipped(),
        found,
        placed(view, found),
        {i for t in found if t.type is not TimexType.DURATION for i in range(*words_of(view, t.span))},
        sorted({one.cue[0] for one in said.values() if one.cue}),
        {s.id: s for s in document.statements},
        children,
        tuple(speakers),
    )
    as_told = {s.id: told(view, said[s.id], s.form) for s in statements}
    judged = dict(zip(as_told, (judge or shipped()).judge(list(as_told.values())), strict=True))
    made = {
        s.id: _one(work, s, work.by_id.get(s.parent or ""), said[s.id], as_told[s.id], judged[s.id]) for s in statements
    }
    return replace(document, statements=tuple(made.get(s.id, s) for s in document.statements))


def _said(view: View, statement: Statement) -> Said:
    """A statement's roles, as the stage before has asked for them."""
    return said_of(view, statement, None if statement.parent is None else 1)


def _one(
    work: _Work, statement: Statement, parent: Statement | None, said: Said, as_told: Told, judged: Judged
) -> Statement:
    """One statement with all that is judged of it."""
    view = work.view
    # What stands outside of the statement around it tells of that one.
    found = work.placed
    if parent is not None:
        found = [one for one in found if any(a <= one.timex.span.start < b for a, b in parent.content)]
    day = day_of(days(view, said, work.cues, found, work.document.date), work.dating)
    where = around(view, said, work.cues)
    if parent is not None:
        outer = set(_said(view, parent).content)
        where = replace(where, free=tuple(i for i in where.free if i in outer))
    at, channel = place_and_channel(view, said, where, work.dates, statement.addressee)
    iso = iso_of(day.value) if day is not None and day.value else None
    return replace(
        statement,
        deed=_deed(work, statement, said, as_told, judged),
        commitments=_commitments(work, statement, parent, said, as_told, judged),
        occasion=Occasion(iso, day.span if day else None, at, channel),
        times=_times_in(work, statement),
    )


def _times_in(work: _Work, statement: Statement) -> tuple[Timex, ...]:
    """The time expressions in a statement's content."""
    made: list[Timex] = []
    for start, end in statement.content:
        at = bisect_left(work.found, start, key=lambda t: t.span.start)
        while at < len(work.found) and work.found[at].span.end <= end:
            made.append(work.found[at])
            at += 1
    return tuple(made)


def _deed(work: _Work, statement: Statement, said: Said, as_told: Told, judged: Judged) -> Deed:
    view, act = work.view, judged.act
    entry = as_told.entry
    aim = target(view, said, act, entry, statement.addressee, statement.speakers)
    conditions: tuple[Span, ...] = ()
    exceptions: tuple[Span, ...] = ()
    if act in HAS_TERMS:
        conditions, exceptions = terms(view, said, work.children.get(statement.id, ()))
    strength = None
    if act is Act.REQUEST:
        strength = entry.strength if entry is not None and entry.strength else Strength.ASK
    return Deed(
        act,
        round(judged.score, 4),
        _deciding(work, said, as_told, judged),
        judged.second,
        strength,
        aim,
        name_of_target(view, aim, work.speakers) if aim is not None else None,
        conditions,
        exceptions,
        _bound(statement, aim, act),
    )


def _deciding(work: _Work, said: Said, as_told: Told, judged: Judged) -> tuple[Span, ...]:
    """The words that decided an act: the cue where it is that act by itself, else what spoke most for it."""
    view, place = work.view, as_told.place
    if place and as_told.entry is not None and as_told.entry.act is judged.act:
        return (span_of(view, place[0], place[-1] + 1),)
    for name in judged.evidence:
        kind, _, words = name.partition(":")
        among = {"w": said.content, "b": said.content, "s": said.content, "c": said.cue, "cc": said.cue}.get(kind)
        wanted = words.split(" ")
        if among is None or not any(word[0].isalnum() for word in wanted):
            continue
        at = next((i for i in among if view.lower[i : i + len(wanted)] == wanted), None)
        if at is not None:
            return (span_of(view, at, at + len(wanted)),)
    return (span_of(view, said.cue[0], said.cue[-1] + 1),) if said.cue else ()


def _bound(statement: Statement, aim: Span | None, act: Act) -> Span | None:
    """Whom terms bind: by a promise, refusal or threat the speaker, by a request whom it is put to."""
    if act in (Act.COMMIT, Act.REFUSE, Act.THREATEN):
        return statement.source[0] if statement.source else None
    return aim if act is Act.REQUEST else None


def _commitments(
    work: _Work, statement: Statement, parent: Statement | None, said: Said, as_told: Told, judged: Judged
) -> tuple[Commitment, ...]:
    """Who vouches for a statement: its speaker, whoever relays it, and the outlet.

    The word for the saying is the relayer's: of a statement within another the outer one's speaker's, at the top the
    outlet's, whether the outer speaker has a name or not. Nobody but the speaker vouches for anything unless a word
    does so.
    """
    value, words = stance(work.view, said, as_told.entry, as_told.place)
    sure = Certainty.CERTAIN if value is Stance.ENDORSE else Certainty.UNCOMMITTED
    flags = {*judged.flags, *([Flag.CONDITIONAL] if conditional(work.view, said) else [])}
    made = [Commitment(SPEAKER, judged.certainty, judged.polarity, tuple(f for f in Flag if f in flags))]
    if parent is None:
        made += [Commitment(s.name, Certainty.UNCOMMITTED) for s in statement.relayed_by if s.name]
        return (*made, Commitment(OUTLET, sure, None, (), value, words))
    made.append(Commitment(_relayer(work, parent), sure, None, (), value, words))
    above = work.by_id.get(parent.parent or "")
    while above is not None:
        made.append(Commitment(_relayer(work, above), Certainty.UNCOMMITTED))
        above = work.by_id.get(above.parent or "")
    return (*made, Commitment(OUTLET, Certainty.UNCOMMITTED))


def _relayer(work: _Work, statement: Statement) -> str:
    """Who makes the statement around another: by name, else by the source's words."""
    source = " ".join(" ".join(span.of(work.view.words.text) for span in statement.source).split())
    return statement.speaker or source or UNKNOWN
