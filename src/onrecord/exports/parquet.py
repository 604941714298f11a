"""Parquet: one record a row, for pandas, polars, DuckDB, R and Spark, with the ledger's provenance in each row.

Columns are the record's keys in the record's order, in types of their own: numbers, booleans, lists and structs, never
JSON in a string. A span ``[start, end]`` is a struct ``{start, end}``: a list of two numbers would not say which is
which, and a struct can be asked for by name in every engine (``content[1].start`` in DuckDB, ``.struct.field`` in
polars). Dates stay words, because a date type would invent the day of "2024-05". ``document`` is text, also where the
record has a number. Then come authors and language, ``relays`` (the statements around this one, the outermost first:
through whom the outlet has it) and what the ledger knows of where the document came from.

Row groups of 32,768 records are compressed with zstd; no more than one is in memory. A lone surrogate, which UTF-8
cannot carry, becomes U+FFFD, one for one, so that offsets stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any, BinaryIO

from onrecord.errors import UsageError
from onrecord.exports.base import LedgerExport, checked
from onrecord.exports.files import carried
from onrecord.exports.provenance import provenance
from onrecord.exports.record import records, schema_text, words
from onrecord.ledger import Entry
from onrecord.model import Statement
from onrecord.terms import chain

__all__ = ["EXPORT", "rows", "schema", "write"]

_GROUP = 32_768
_BATCH = 1024
"""So many records are Python objects at once."""

_MORE = {
    "url": "The document's address.",
    "authors": "The document's authors.",
    "language": "The document's language, as far as its format says so.",
    "relays": "The statements that this one stands in, the outermost first: through whom the outlet has it.",
    "key": "What tells the document in the ledger: an id that its author gave, an address, a path.",
    "collection": "The part of the ledger in which the key is its own.",
    "origin": "Where the document came from: a path or an address.",
    "reader": "Which of onrecord's readers read it.",
    "raw_sha256": "SHA-256 of the bytes that were read.",
    "captured": "When this version was taken or issued, where its format says so.",
    "record": "What the format calls it, as a web archive's record.",
    "read_at": "When it was read (UTC).",
    "as_of": "When the document was as it is here (UTC).",
    "version": "Which onrecord read it.",
    "run": "In which run.",
    "revision": "Which of the document's revisions this is, counted from 1.",
    "revisions": "How many revisions there are.",
    "extractor": "Which program found the statements.",
    "extracted_at": "When it found them (UTC).",
    "extraction_run": "In which run it found them.",
}


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError("format parquet: needs pyarrow, which is not here: pip install 'onrecord[parquet]'") from None
    return pyarrow


def schema() -> Any:
    """The ``pyarrow.Schema`` of the rows; each column says what it is in ``description``.

    Raises:
        UsageError: pyarrow is not installed.
    """
    pa = _pyarrow()
    word, yes, real, whole = pa.string(), pa.bool_(), pa.float64(), pa.int32()

    def struct(**fields: Any) -> Any:
        return pa.struct(list(fields.items()))

    span = struct(start=whole, end=whole)
    spans, several = pa.list_(span), pa.list_(word)
    speaker = struct(name=word, type=word, mention=span, title=span, justification=span, anonymity_reason=span)
    relay = struct(id=word, speaker=word, source_type=word, source_text=word, cue_text=word, relayed_by=word)
    types = {
        "score": real, "translated": yes, "revision": whole, "revisions": whole, "authors": several,
        **dict.fromkeys(("source", "cue", "content", "quoted", "edits", "addressee"), spans),
        "speaker_detail": struct(score=real, inferred=yes, candidates=several, speakers=pa.list_(speaker)),
        "act_detail": struct(
            score=real, words=spans, second=word, strength=word, target=span, target_name=word, conditions=spans,
            exceptions=spans, binds=span, binds_text=word,
        ),
        "commitments": pa.list_(
            struct(holder=word, certainty=word, polarity=word, flags=several, stance=word, words=span)
        ),
        "occasion_detail": struct(said_on=span, said_at=span, channel=span),
        "times": pa.list_(struct(start=whole, end=whole, type=word, value=word, mod=word)),
        "reviews": pa.list_(struct(field=word, value=word, was=word, by=word, at=word, why=word)),
        "links": pa.list_(struct(span=span, url=word)),
        "post": struct(span=span, author=word, url=word, author_span=span, platform=word),
        "relays": pa.list_(relay),
    }  # fmt: skip
    described = json.loads(schema_text())
    texts = {name: _description(described, known) for name, known in described["properties"].items()} | _MORE
    fields = [pa.field(name, types.get(name, word), metadata={"description": text}) for name, text in texts.items()]
    return pa.schema(fields, {"onrecord.version": version("onrecord"), "onrecord.record": schema_text()})


def _description(described: dict[str, Any], known: dict[str, Any]) -> str:
    if "description" in known or "$ref" not in known:
        return str(known.get("description", ""))
    return str(described["$defs"][known["$ref"].rpartition("/")[2]]["description"])


def rows(entry: Entry) -> Iterator[dict[str, Any]]:
    """The rows of a document's statements, made of what JSON has, with spans as ``{"start", "end"}``."""
    document = entry.document
    shared = {"authors": list(document.authors), "language": document.language}
    known = provenance(entry)
    for statement, made in zip(document.statements, records(document), strict=True):
        above = chain(document, statement) if statement.parent else ()
        relays = [_relay(entry, s) for s in above]
        row = {**made, "document": str(made["document"]), **shared, "relays": relays, **known}
        yield {name: _shaped(value) for name, value in row.items()}


def _relay(entry: Entry, statement: Statement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "speaker": statement.speaker,
        "source_type": str(statement.source_type),
        "source_text": words(entry.document, statement.source),
        "cue_text": words(entry.document, statement.cue),
        "relayed_by": "; ".join(s.name for s in statement.relayed_by if s.name) or None,
    }


def _shaped(value: Any) -> Any:
    """A record's value with its spans as structs: they are all there is of lists of numbers."""
    if isinstance(value, list):
        if value and isinstance(value[0], int):
            return {"start": value[0], "end": value[1]}
        return [_shaped(one) for one in value]
    if isinstance(value, dict):
        return {name: _shaped(one) for name, one in value.items()}
    return value


def _carried(value: Any) -> Any:
    """A value with all of its words as UTF-8 can carry them."""
    if isinstance(value, str):
        return carried(value)
    if isinstance(value, list):
        return [_carried(one) for one in value]
    if isinstance(value, dict):
        return {name: _carried(one) for name, one in value.items()}
    return value


class _Stream:
    """Where bytes go until something fails: a file that is not whole must not get the end that makes it look whole."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.failed = self.closed = False

    def write(self, data: bytes) -> int:
        return len(data) if self.failed else self._out.write(data)

    def flush(self) -> None:
        self._out.flush()


def write(entries: Iterable[Entry], out: BinaryIO) -> None:
    """Write the records of all documents.

    Raises:
        UsageError: pyarrow is not installed.
    """
    pa = _pyarrow()
    shape, stream = schema(), _Stream(out)
    writer = pa.parquet.ParquetWriter(pa.PythonFile(stream, mode="w"), shape, compression="zstd")
    waiting: list[dict[str, Any]] = []
    batches: list[Any] = []

    def batch() -> Any:
        try:
            return pa.RecordBatch.from_pylist(waiting, shape)
        except UnicodeEncodeError:
            return pa.RecordBatch.from_pylist([_carried(row) for row in waiting], shape)

    try:
        for entry in checked(entries):
            for row in rows(entry):
                waiting.append(row)
                if len(waiting) == _BATCH:
                    batches.append(batch())
                    waiting.clear()
                if len(batches) * _BATCH == _GROUP:
                    writer.write_table(pa.Table.from_batches(batches), row_group_size=_GROUP)
                    batches.clear()
        if waiting:
            batches.append(batch())
        if batches:
            writer.write_table(pa.Table.from_batches(batches), row_group_size=_GROUP)
    except BaseException:
        stream.failed = True
        raise
    finally:
        writer.close()


EXPORT = LedgerExport(name="parquet", suffix=".parquet", write=write)
