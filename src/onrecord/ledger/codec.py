"""Dataclasses of the model ↔ compact JSON: what is as by default is left out, spans are ``[start, end]``.

The JSON is ASCII, so that both databases take it whatever the words hold (NUL, lone surrogates).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from cattrs import Converter
from cattrs.errors import BaseValidationError
from cattrs.strategies import configure_union_passthrough

from onrecord.model import Document, Span, Statement

__all__ = ["document_from", "document_json", "plain", "statement_from", "statement_json"]


def _converter() -> Converter:
    converter = Converter(omit_if_default=True, detailed_validation=False)
    configure_union_passthrough(str | int | float | bool | None, converter)
    converter.register_unstructure_hook(Span, list)
    converter.register_structure_hook(Span, lambda value, _: Span(*value))
    return converter


_CONVERTER = _converter()


def statement_json(statement: Statement) -> str:
    """One line of JSON without what reviews say: these are kept as corrections.

    >>> from onrecord.model import Form, Span
    >>> statement_json(Statement("s1", (Span(0, 4),), form=Form.VERBATIM))
    '{"id":"s1","content":[[0,4]],"form":"verbatim"}'
    """
    return plain(_CONVERTER.unstructure(replace(statement, reviews=())))


def statement_from(text: str) -> Statement:
    """The statement that ``statement_json`` wrote.

    Raises:
        ValueError: it is no such JSON.
    """
    made: Statement = _structured(text, Statement)
    return made


def document_json(document: Document) -> str:
    """All that is known about a document but its text and its statements."""
    return plain(_CONVERTER.unstructure(replace(document, text="", links=(), posts=(), notes=(), statements=())) | {
        name: _CONVERTER.unstructure(getattr(document, name)) for name in ("links", "posts", "notes")
        if getattr(document, name)
    })  # fmt: skip


def document_from(text: str, words: str) -> Document:
    """The document that ``document_json`` wrote, with its text.

    Raises:
        ValueError: it is no such JSON, or points outside the text.
    """
    made: Document = _structured(text, Document, {"text": words})
    return made


def plain(value: Any) -> str:
    """``value`` as ASCII JSON without blanks."""
    return json.dumps(value, separators=(",", ":"))


def _structured(text: str, kind: type, more: dict[str, Any] | None = None) -> Any:
    try:
        return _CONVERTER.structure(json.loads(text) | (more or {}), kind)
    except (TypeError, KeyError, AttributeError, BaseValidationError) as error:
        raise ValueError(f"cannot be read as a {kind.__name__.lower()}: {error!r}") from None
