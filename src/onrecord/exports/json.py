"""JSON: one object a document, each on a line of its own, with its text and its records.

One document is therefore one valid JSON file, and many are a stream that is read line by line: the
shape of an object does not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TextIO

from onrecord.exports.base import Export
from onrecord.exports.record import dumps, records
from onrecord.model import Document

__all__ = ["EXPORT", "document_object", "write"]


def document_object(document: Document) -> dict[str, Any]:
    """``document`` made of what JSON has, its statements as records."""
    return {
        "id": document.id,
        "title": document.title,
        "outlet": document.outlet,
        "date": document.date,
        "url": document.url,
        "authors": list(document.authors),
        "language": document.language,
        "text": document.text,
        "sha256": document.sha256,
        "statements": list(records(document)),
    }


def write(documents: Iterable[Document], out: TextIO) -> None:
    """Write one object a line, documents without statements too."""
    for document in documents:
        out.write(dumps(document_object(document)) + "\n")


EXPORT = Export(name="json", suffix=".json", write=write)
