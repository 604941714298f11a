"""Linked data as JSON-LD 1.1: a document written node by node, words that RDF can carry, contexts without a network.

The contexts of the Web Annotation model and of schema.org are named in the files by their own addresses. What of them
the files use is shipped beside this module (``contexts/``), so that nobody has to fetch them:

>>> context("http://www.w3.org/ns/anno.jsonld")["@context"]["exact"]
'oa:exact'
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, BinaryIO

from onrecord.errors import UsageError

__all__ = [
    "ANNOTATION",
    "RECORD",
    "SAID",
    "SCHEMA",
    "SCORE",
    "context",
    "known",
    "of_record",
    "offline",
    "write_node",
    "write_nodes",
]

ANNOTATION = "http://www.w3.org/ns/anno.jsonld"
SCHEMA = "https://schema.org"
RECORD = "urn:onrecord:record:1#/properties/"
"""Before a key of a record: the name of that property in the record's JSON Schema (its ``$id`` and a JSON pointer)."""

SAID = (
    "id", "kind", "form", "translated", "speaker", "source_type", "source_title", "source_text", "cue_text",
    "content_text", "addressee_text", "relayed_by", "act", "target", "certainty", "polarity", "cue_stance", "said_on",
    "said_at", "channel", "score", "outlet",
)  # fmt: skip
"""What of a statement's record is said of it in linked data."""
SCORE = {"@id": f"{RECORD}score", "@type": "xsd:double"}
"""How a score is read, in a context: 1.0 would be taken for a whole number."""

_SHIPPED = {"www.w3.org/ns/anno.jsonld": "annotation.jsonld", "schema.org": "schema.jsonld"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def context(address: str) -> dict[str, Any]:
    """The context that is published at ``address``, as far as the exports use it.

    Raises:
        UsageError: no file of onrecord names it.
    """
    name = re.sub(r"^https?://", "", address).rstrip("/")
    if name not in _SHIPPED:
        raise UsageError(f"context {address}: is not shipped (there are {ANNOTATION}, {SCHEMA})")
    made: dict[str, Any] = json.loads(_shipped(name))
    return made


@cache
def _shipped(name: str) -> str:
    return files("onrecord.exports").joinpath("contexts", _SHIPPED[name]).read_text("utf-8")


def offline(document: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON-LD document with its contexts written out, for tools that would fetch them.

    Raises:
        UsageError: it names a context that is not shipped.

    >>> offline({"@context": "https://schema.org", "@type": "Claim"})["@context"]["@vocab"]
    'http://schema.org/'
    """
    named = document["@context"]
    if isinstance(named, list):
        return {**document, "@context": [_written_out(one) for one in named]}
    return {**document, "@context": _written_out(named)}


def _written_out(named: Any) -> Any:
    return context(named)["@context"] if isinstance(named, str) else named


def known(**values: Any) -> dict[str, Any]:
    """The values that are known: without None, empty words and empty lists; ``id_`` and ``type_`` are JSON-LD's.

    >>> known(id_="urn:a", type_="Claim", text="No", author=[])
    {'@id': 'urn:a', '@type': 'Claim', 'text': 'No'}
    """
    keys = {"id_": "@id", "type_": "@type"}
    return {keys.get(name, name): value for name, value in values.items() if value not in (None, "", [], ())}


def of_record(record: Mapping[str, Any], names: Iterable[str] = SAID) -> dict[str, Any]:
    """What is known under these keys of a record, in the terms of ``RECORD``.

    >>> of_record({"act": "deny", "speaker": None, "translated": False}, ("act", "speaker", "translated"))
    {'onrecord:act': 'deny'}
    """
    return {f"onrecord:{name}": record[name] for name in names if record.get(name) not in (None, "", False)}


def write_nodes(
    out: BinaryIO,
    head: Mapping[str, Any],
    name: str,
    nodes: Iterable[Mapping[str, Any]],
    foot: Callable[[], Mapping[str, Any]] = dict,
) -> None:
    """Write one JSON object: the members of ``head``, then ``name`` with the nodes, one a line, then ``foot``'s.

    A node is written before the next is asked for; ``foot`` is called behind the last one. A lone surrogate, which is
    no character that UTF-8 or RDF has, becomes U+FFFD: as many code points as before.
    """
    out.write(b"{")
    for key, value in head.items():
        out.write(_json(key) + b": " + _json(value) + b",\n")
    out.write(_json(name) + b": [")
    between = b"\n"
    for node in nodes:
        out.write(between + _json(node))
        between = b",\n"
    out.write(b"\n]")
    for key, value in foot().items():
        out.write(b",\n" + _json(key) + b": " + _json(value))
    out.write(b"}\n")


def write_node(out: BinaryIO, node: Mapping[str, Any]) -> None:
    """Write one JSON object that has no list of nodes."""
    out.write(_json(node) + b"\n")


def _json(value: Any) -> bytes:
    line = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return _SURROGATE.sub("\ufffd", line).encode("utf-8")
