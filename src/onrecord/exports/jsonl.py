"""JSON Lines: one record a line, in document order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from onrecord.exports.base import Export
from onrecord.exports.record import dumps, records
from onrecord.model import Document

__all__ = ["EXPORT", "write"]


def write(documents: Iterable[Document], out: TextIO) -> None:
    """Write one record a line; a document without statements leaves no line."""
    for document in documents:
        for made in records(document):
            out.write(dumps(made) + "\n")


EXPORT = Export(name="jsonl", suffix=".jsonl", write=write)
