"""Documents and statements as rows of the ledger's tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from onrecord.ledger.codec import document_from, document_json, statement_from, statement_json
from onrecord.model import Document, Span, Statement

__all__ = ["column", "document_of", "revision_row", "statement_of", "statement_rows", "statements_sha256", "words"]

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
GAP = " … "


def column(words: str | None) -> str | None:
    """Words as a text column holds them, with U+FFFD for NUL and for lone surrogates.

    >>> column("a\\0b")
    'a\ufffdb'
    """
    return None if words is None else _UNSTORABLE.sub("\ufffd", words)


def words(text: str, spans: Sequence[Span]) -> str | None:
    """The words under spans as the statement's columns hold them."""
    return column(GAP.join(span.of(text) for span in spans)) if spans else None


def revision_row(document: Document) -> dict[str, Any]:
    """The columns of a revision that are the document's own."""
    provenance = document.provenance
    return {
        "text": document.text.encode("utf-8", "surrogatepass"),
        "text_sha256": document.sha256,
        "raw_sha256": provenance.raw_sha256 if provenance else None,
        "origin": column(provenance.origin) if provenance else None,
        "reader": provenance.reader if provenance else None,
        "title": column(document.title),
        "outlet": column(document.outlet),
        "date": document.date,
        "url": column(document.url),
        "body": document_json(document),
    }


def document_of(body: str, text: bytes) -> Document:
    """The document of a revision, without statements.

    Raises:
        ValueError: the row is damaged.
    """
    return document_from(body, text.decode("utf-8", "surrogatepass"))


def statement_rows(document: Document, extraction: int) -> list[dict[str, Any]]:
    """The rows of a document's statements, a parent before its children."""
    return [_statement_row(document.text, statement, extraction) for statement in document.statements]


def _statement_row(text: str, statement: Statement, extraction: int) -> dict[str, Any]:
    return {
        "extraction": extraction,
        "id": statement.id,
        "parent": statement.parent,
        "kind": str(statement.kind),
        "form": str(statement.form),
        "score": statement.score,
        "start": statement.content[0].start,
        "stop": statement.content[-1].end,
        "source": words(text, statement.source),
        "cue": words(text, statement.cue),
        "content": words(text, statement.content),
        "speaker": column(statement.speaker),
        "source_type": str(statement.source_type),
        "act": str(statement.act) if statement.act else None,
        "said_on": statement.occasion.on,
        "body": statement_json(statement),
    }


def statement_of(body: str) -> Statement:
    """The statement of a row.

    Raises:
        ValueError: the row is damaged.
    """
    return statement_from(body)


def statements_sha256(bodies: Sequence[str]) -> str:
    """SHA-256 of statements' bodies, one a line."""
    return sha256("".join(body + "\n" for body in bodies).encode()).hexdigest()
