"""PROV-O: what each statement was made from, by which run of which program, and which person corrected it.

Statements, documents and their revisions are entities, readings, extractions and corrections activities, programs and
persons agents. A statement is attributed to whoever made the *record*, never to whoever speaks: who that is, the
record's own properties say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from onrecord.exports.attribution import attribution
from onrecord.exports.base import LedgerExport, checked
from onrecord.exports.jsonld import RECORD, SAID, SCORE, of_record, write_nodes
from onrecord.exports.names import document_name, name_in, name_of, revision_name, statement_name, text_name
from onrecord.exports.record import records
from onrecord.ledger import Entry, Extraction
from onrecord.model import Form, Review, Statement

__all__ = ["EXPORT", "nodes", "write"]

_LINKS = (
    "entity", "hadActivity", "hadPrimarySource", "specializationOf", "used", "wasAssociatedWith",
    "wasAttributedTo", "wasDerivedFrom", "wasGeneratedBy", "wasInformedBy", "wasQuotedFrom", "wasRevisionOf",
)  # fmt: skip
_PLAIN = (
    "Activity", "Agent", "Entity", "Person", "PrimarySource", "Quotation", "Revision", "SoftwareAgent", "value",
    "qualifiedPrimarySource", "qualifiedQuotation", "qualifiedRevision",
)  # fmt: skip
_CONTEXT: dict[str, Any] = {
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "uuid": "urn:uuid:",
    "onrecord": RECORD,
    "id": "@id",
    "type": "@type",
    **{name: f"prov:{name}" for name in _PLAIN},
    **{name: {"@id": f"prov:{name}", "@type": "@id"} for name in _LINKS},
    **{name: {"@id": f"prov:{name}", "@type": "xsd:dateTime"} for name in ("endedAtTime", "generatedAtTime")},
    "isPartOf": {"@id": "dcterms:isPartOf", "@type": "@id"},
    "identifier": "dcterms:identifier",
    "source": "dcterms:source",
    "name": "foaf:name",
    "label": "rdfs:label",
    "comment": "rdfs:comment",
    "onrecord:score": SCORE,
}
_SAID = tuple(name for name in SAID if name != "content_text")
"""What the entity of a statement says; the content is its value."""
_WORDS = ("source", "cue", "content", "addressee")
"""Roles whose words a record has as ``…_text``."""


def nodes(entry: Entry, seen: set[str]) -> Iterator[dict[str, Any]]:
    """Everything about one document and its statements.

    ``seen`` are the names of programs, persons and runs that were described before; those described here join it.
    """
    yield from _document(entry, seen)
    if entry.extraction is not None:
        yield from _extraction(entry, entry.extraction, seen)
        by_id = {s.id: s for s in entry.document.statements}
        for statement, record in zip(entry.document.statements, records(entry.document), strict=True):
            above = by_id[statement.parent] if statement.parent is not None else None
            relays = _relays(entry, statement, above)
            yield from relays
            sources = [*([statement_name(entry, above)] if above else []), *(relay["id"] for relay in relays)]
            label = attribution(entry.document, statement)
            here = {"value": record["content_text"], "label": label, **of_record(record, _SAID), **_from(sources)}
            yield from _statement(entry, entry.extraction, statement, record, here, seen)


def _document(entry: Entry, seen: set[str]) -> Iterator[dict[str, Any]]:
    """The document, its revision, the bytes that it was read from, and the reading."""
    document, found = entry.document, entry.document.provenance
    reading, reader = name_in(entry, "reading", entry.text_sha256, entry.read_at), f"onrecord {entry.version}"
    yield from _software(reader, seen)
    yield from _run(entry.run, seen)
    raw = text_name(found.raw_sha256) if found and found.raw_sha256 else None
    if raw is not None:
        yield {"id": raw, "type": "Entity"}
    yield {"id": document_name(entry), "type": "Entity"}
    about = {"document": str(document.id), "title": document.title, "outlet": document.outlet, "date": document.date}
    about |= {"url": document.url, "text_sha256": entry.text_sha256}
    yield {
        "id": revision_name(entry),
        "type": "Entity",
        "specializationOf": document_name(entry),
        **({"wasDerivedFrom": raw} if raw else {}),
        "wasGeneratedBy": reading,
        "generatedAtTime": entry.read_at,
        "wasAttributedTo": name_of("software", reader),
        "identifier": text_name(entry.text_sha256),
        **of_record(about, about),
    }
    yield {
        "id": reading,
        "type": "Activity",
        "label": f"reading by the {found.reader} reader" if found else "reading",
        **({"source": found.origin} if found else {}),
        **({"used": raw} if raw else {}),
        "endedAtTime": entry.read_at,
        "wasAssociatedWith": name_of("software", reader),
        "isPartOf": name_of("run", entry.run),
    }


def _extraction(entry: Entry, made: Extraction, seen: set[str]) -> Iterator[dict[str, Any]]:
    yield from _software(made.extractor, seen)
    yield from _run(made.run, seen)
    yield {
        "id": _extraction_name(entry, made),
        "type": "Activity",
        "label": "looking for statements",
        "used": revision_name(entry),
        "wasInformedBy": name_in(entry, "reading", entry.text_sha256, entry.read_at),
        "endedAtTime": made.at,
        "wasAssociatedWith": name_of("software", made.extractor),
        "isPartOf": name_of("run", made.run),
    }


def _statement(
    entry: Entry,
    made: Extraction,
    statement: Statement,
    record: dict[str, Any],
    here: dict[str, Any],
    seen: set[str],
) -> Iterator[dict[str, Any]]:
    """The statement as it stands (``here``), before it as the program found it and as each correction left it."""
    name, reviews = statement_name(entry, statement), statement.reviews
    activity, agent = _extraction_name(entry, made), name_of("software", made.extractor)
    by_hand = any(review.field == "statement" for review in reviews)
    if not by_hand:
        found = _as_extracted(record, reviews)
        first = name_in(entry, "extracted", statement.id, made.extractor) if reviews else name
        words = here if not reviews else {"value": found["content_text"], **of_record(found, _SAID)}
        yield _entity(entry, first, Form(found["form"]), (activity, made.at, agent)) | words
    before = None if by_hand else first
    for place, review in enumerate(reviews):
        last = place == len(reviews) - 1
        this = name if last else name_in(entry, "corrected", statement.id, str(place), review.at)
        activity = name_in(entry, "correction", statement.id, str(place), review.at)
        agent = name_of("person", review.by)
        yield from _person(review.by, seen)
        yield _correction(review, activity, agent, before or revision_name(entry))
        form = statement.form if last or before is None else None
        node = _entity(entry, this, form, (activity, review.at, agent))
        if before is not None:
            node |= {"wasRevisionOf": before, "qualifiedRevision": _qualified("Revision", before, activity)}
        yield node | (here if last else _changed(review))
        before = this


def _entity(entry: Entry, name: str, form: Form | None, made: tuple[str, str, str]) -> dict[str, Any]:
    """A statement at one time, with the activity that made it, when, and whose it is.

    With a form, what it was taken from: quoted where it is verbatim, else derived.
    """
    node: dict[str, Any] = {"id": name, "type": "Entity"}
    revision = revision_name(entry)
    if form is Form.VERBATIM:
        node |= {"wasQuotedFrom": revision, "qualifiedQuotation": _qualified("Quotation", revision, made[0])}
    elif form is not None:
        node["wasDerivedFrom"] = revision
    return node | {"wasGeneratedBy": made[0], "generatedAtTime": made[1], "wasAttributedTo": made[2]}


def _qualified(kind: str, entity: str, activity: str | None = None) -> dict[str, Any]:
    """The same relation as a node, for programs that read relations only so."""
    return {"type": kind, "entity": entity} | ({"hadActivity": activity} if activity else {})


def _correction(review: Review, name: str, agent: str, used: str) -> dict[str, Any]:
    """What a person did: which field got which value, and why."""
    value = "not known" if review.value is None else f"“{review.value}”"
    was = ", confirmed" if review.confirms else "" if review.was is None else f", was “{review.was}”"
    return {
        "id": name,
        "type": "Activity",
        "label": f"{review.field}: {value}{was}",
        "comment": review.why,
        "used": used,
        "endedAtTime": review.at,
        "wasAssociatedWith": agent,
    }


def _key(field: str) -> str:
    """The key of a record that has what is corrected under this name."""
    return f"{field}_text" if field in _WORDS else "content_text" if field == "statement" else field


def _as_extracted(record: dict[str, Any], reviews: tuple[Review, ...]) -> dict[str, Any]:
    """The record with what stood there before the first correction of each field."""
    return record | {_key(review.field): review.was for review in reversed(reviews) if review.field != "rejected"}


def _changed(review: Review) -> dict[str, Any]:
    """What a correction before the last one made of its field."""
    key = _key(review.field)
    if key == "content_text":
        return {"value": review.value}
    return of_record({key: review.value}, [name for name in _SAID if name == key])


def _from(sources: list[str]) -> dict[str, Any]:
    """What the document has a statement from: the statement around it, or what others passed on."""
    qualified = [_qualified("PrimarySource", source) for source in sources]
    return {"hadPrimarySource": sources, "qualifiedPrimarySource": qualified} if sources else {}


def _relays(entry: Entry, statement: Statement, above: Statement | None) -> list[dict[str, Any]]:
    """What others passed on, who are not the speakers of the statement around."""
    speakers = {speaker.name for speaker in above.speakers} if above else set()
    return [
        {
            "id": name_in(entry, "relay", statement.id, speaker.name),
            "type": "Entity",
            "label": f"what {speaker.name} passed on",
        }
        for speaker in statement.relayed_by
        if speaker.name and speaker.name not in speakers
    ]


def _software(name: str, seen: set[str]) -> Iterator[dict[str, Any]]:
    yield from _once({"id": name_of("software", name), "type": ["Agent", "SoftwareAgent"], "name": name}, seen)


def _person(name: str, seen: set[str]) -> Iterator[dict[str, Any]]:
    yield from _once({"id": name_of("person", name), "type": ["Agent", "Person"], "name": name}, seen)


def _run(run: str, seen: set[str]) -> Iterator[dict[str, Any]]:
    yield from _once({"id": name_of("run", run), "type": "Activity", "label": "run", "identifier": run}, seen)


def _once(node: dict[str, Any], seen: set[str]) -> Iterator[dict[str, Any]]:
    if node["id"] not in seen:
        seen.add(node["id"])
        yield node


def _extraction_name(entry: Entry, made: Extraction) -> str:
    return name_in(entry, "extraction", entry.text_sha256, made.extractor, made.run)


def write(entries: Iterable[Entry], out: BinaryIO) -> None:
    """Write one graph, an entity, activity or agent a line."""
    seen: set[str] = set()
    write_nodes(out, {"@context": _CONTEXT}, "@graph", (n for entry in checked(entries) for n in nodes(entry, seen)))


EXPORT = LedgerExport(name="prov", suffix=".jsonld", write=write)
