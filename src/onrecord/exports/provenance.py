"""How the ledger came by a document and its statements."""

from __future__ import annotations

from typing import Any

from onrecord.ledger import Entry

__all__ = ["provenance"]


def provenance(entry: Entry) -> dict[str, Any]:
    """Where a document came from, who read it and when, and what found its statements; made of what JSON has.

    ``revision`` counts from 1 to ``revisions``; times are UTC in ISO 8601.
    """
    read, made = entry.document.provenance, entry.extraction
    return {
        "key": entry.key,
        "collection": entry.collection or None,
        "origin": read.origin if read else None,
        "reader": read.reader if read else None,
        "raw_sha256": read.raw_sha256 if read else None,
        "captured": read.captured if read else None,
        "record": read.record if read else None,
        "read_at": entry.read_at,
        "as_of": entry.as_of,
        "version": entry.version,
        "run": entry.run,
        "revision": entry.place,
        "revisions": entry.of,
        "extractor": made.extractor if made else None,
        "extracted_at": made.at if made else None,
        "extraction_run": made.run if made else None,
    }
