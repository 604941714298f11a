"""FollowTheMoney: entities as JSON Lines, for OpenAleph, Aleph and whatever reads its model.

A document is an ``Article``; whoever speaks in it by name, or relays, a ``Person``, an ``Organization``, or where the
type is not known a ``LegalEntity``, with a ``Mention`` that ties it to the article; a statement a ``Note``. The model
has nothing for a statement (its "statement" is a value of a property), and a note has no author: so the description
says who is reported to have said it, through whom, by which outlet and in which word ("denied"), before the words
themselves.

One name in two documents is two entities: whether they are one person, a person decides. Groups, papers and those
without a name are no entities; their notes are on the article. ``PublicBody`` is never written, because onrecord does
not know which organizations are public. Texts stay out: they belong to the outlets, and an Aleph has its own.
Values stand as the model cleans them: times in UTC, no control characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from onrecord.exports.attribution import attribution
from onrecord.exports.base import LedgerExport, checked
from onrecord.exports.display import long_interval, one_line, shown_title
from onrecord.exports.names import is_iri, name_in, statement_name
from onrecord.exports.record import dumps, words
from onrecord.ledger import Entry
from onrecord.model import Kind, SourceType, Speaker, Statement

__all__ = ["EXPORT", "entities", "write"]

_SCHEMATA = {
    SourceType.NAMED_PERSON: "Person",
    SourceType.NAMED_ORGANIZATION: "Organization",
    SourceType.UNKNOWN: "LegalEntity",
}
_LANGUAGES = {"en": "eng"}
"""The languages that onrecord reads, by the three letters that the model wants."""
_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_MINUTE = re.compile(r"[^T]*T\d\d:\d\d(?!:)")


def entities(entry: Entry) -> Iterator[dict[str, Any]]:
    """The entities of one document: the article, those who speak in it, its statements."""
    article = _id(name_in(entry, "document"))
    yield _article(entry, article)
    document = entry.document
    schemata = _named(document.statements)
    titles: dict[str, list[str]] = {}
    for speaker in _speakers(document.statements):
        if speaker.name in schemata and speaker.title is not None:
            titles.setdefault(speaker.name, []).append(speaker.title.of(document.text))
    ids = {name: _id(name_in(entry, "speaker", name)) for name in schemata}
    for name, schema in schemata.items():
        position = titles.get(name, []) if schema == "Person" else []
        yield _entity(ids[name], schema, name=name, position=position, proof=article)
        yield _entity(
            _id(name_in(entry, "mention", name)), "Mention",
            document=article, name=name, resolved=ids[name], detectedSchema=schema,
        )  # fmt: skip
    for statement in document.statements:
        about = list(dict.fromkeys(ids[s.name] for s in statement.speakers if s.name in ids))
        yield _note(entry, statement, about or [article], article)


def _article(entry: Entry, article: str) -> dict[str, Any]:
    document = entry.document
    return _entity(
        article, "Article",
        title=document.title,
        fileName=None if document.title else str(document.id),
        author=list(document.authors),
        publisher=document.outlet,
        publishedAt=_date(document.date),
        sourceUrl=document.url if document.url and is_iri(document.url) else None,
        language=_LANGUAGES.get((document.language or "").partition("-")[0].lower()),
        retrievedAt=_date(entry.read_at),
        processingAgent=entry.extraction.extractor if entry.extraction else None,
        processedAt=_date(entry.extraction.at) if entry.extraction else None,
    )  # fmt: skip


def _note(entry: Entry, statement: Statement, about: list[str], article: str) -> dict[str, Any]:
    document, said, cue = entry.document, statement.occasion.on, words(entry.document, statement.cue)
    when = f", said {long_interval(said)}" if said else ""
    how = f" — {cue}" if cue else ""  # without "denied" a denial would read as what it denies
    offsets = ", ".join(f"{span.start}–{span.end}" for span in statement.content)
    published = f", {document.date}" if document.date else ""
    return _entity(
        _id(statement_name(entry, statement)), "Note",
        description=f"{attribution(document, statement)}{when}{how}: {words(document, statement.content)}",
        summary=f"“{shown_title(document)}”{published}, characters {offsets} of the text with SHA-256"
        f" {entry.text_sha256}, onrecord {statement.id}",
        entity=about,
        proof=article,
        publisher=document.outlet,
        sourceUrl=document.url if document.url and is_iri(document.url) else None,
        keywords=[str(value) for value in _kinds(statement) if value],
        retrievedAt=_date(entry.read_at),
        modifiedAt=_date(statement.reviews[-1].at) if statement.reviews else None,
    )  # fmt: skip


def _kinds(statement: Statement) -> Iterator[str | None]:
    yield statement.form
    yield statement.act
    if statement.kind is not Kind.STATEMENT:
        yield statement.kind


def _speakers(statements: Iterable[Statement]) -> Iterator[Speaker]:
    for statement in statements:
        yield from statement.speakers
        yield from statement.relayed_by


def _named(statements: Iterable[Statement]) -> dict[str, str]:
    """The names that are entities, each with the schema of the type that it has most often."""
    types: dict[str, Counter[SourceType]] = {}
    for speaker in _speakers(statements):
        if speaker.name:
            types.setdefault(speaker.name, Counter())[speaker.type] += 1
    found = ((name, counted.most_common(1)[0][0]) for name, counted in types.items())
    return {name: _SCHEMATA[kind] for name, kind in found if kind in _SCHEMATA}


def _entity(id_: str, schema: str, **properties: str | list[str] | None) -> dict[str, Any]:
    """An entity as JSON: each property a list of values, those that are known."""
    made = {}
    for name, value in properties.items():
        values = [value] if isinstance(value, str) else value or []
        cleaned = dict.fromkeys(one_line(one) for one in values)
        if kept := [one for one in cleaned if one]:
            made[name] = kept
    return {"id": id_, "schema": schema, "properties": made}


def _id(name: str) -> str:
    """A name of linked data as the model's ids are: letters, digits and hyphens."""
    return name.removeprefix("urn:uuid:")


def _date(value: str | None) -> str | None:
    """A date or time as the model has it: in UTC, with the precision that is known.

    >>> _date("2024-05"), _date("2024-05-03T00:30:00+02:00"), _date("2024-05-03T09:42")
    ('2024-05', '2024-05-02T22:30:00', '2024-05-03T09:42')
    """
    if value is None or _DAY.fullmatch(value):
        return value
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    shape = "%Y-%m-%dT%H:%M" if _MINUTE.match(value) else "%Y-%m-%dT%H:%M:%S"
    return (at.astimezone(UTC) if at.tzinfo else at).strftime(shape)


def write(entries: Iterable[Entry], out: BinaryIO) -> None:
    """Write one entity a line, a document's own together."""
    for entry in checked(entries):
        for entity in entities(entry):
            out.write(dumps(entity).encode() + b"\n")


EXPORT = LedgerExport(name="ftm", suffix=".ftm.json", write=write)
