"""W3C Web Annotations: a page of a collection, one annotation for each role (content, source, cue) of each statement.

An annotation says of words in a text that they are the content, the source or the cue of a statement; its body says who
makes that statement and who relays it. A role in several pieces is one annotation with a target for each piece.
``onrecord.anchors`` reads the files and tells where the words stand in a text, or that they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import chain as joined
from typing import Any, BinaryIO

from onrecord.exports.attribution import attribution
from onrecord.exports.base import LedgerExport, checked
from onrecord.exports.display import one_line
from onrecord.exports.jsonld import ANNOTATION, RECORD, SCORE, of_record, write_node, write_nodes
from onrecord.exports.names import document_name, name_in, name_of, statement_name, text_name
from onrecord.exports.record import records
from onrecord.ledger import Entry
from onrecord.model import Document, Span, Statement
from onrecord.terms import chain

__all__ = ["EXPORT", "annotated", "passage", "write"]

ROLES = ("content", "source", "cue")
_CONTEXT = [ANNOTATION, {"onrecord": RECORD, "onrecord:score": SCORE}]
_AROUND = 32
"""So many code points before and after a statement belong to its passage at least."""
_BACK = 1000
"""So many code points before a statement its speaker's name is looked for, where the statement does not have it."""
_WHO = ("id", "speaker", "source_type", "source_text", "cue_text")
"""What the body of an annotation says of a statement around its own."""


def passage(document: Document, statement: Statement) -> Span:
    """The stretch of the text that has to be there unchanged for a statement to be there.

    It covers the statement and all that it stands in, back to where each of their speakers is named last before it (at
    most 1,000 code points), 32 code points more on either side, and as many as it takes to stand in the text once.
    """
    text = document.text
    every = (statement, *(chain(document, statement) if statement.parent else ()))
    spans = [span for s in every for span in (*s.content, *s.source, *s.cue)]
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    start = min([start, *_named_before(text, every, start)])
    around = _AROUND
    while True:
        found = Span(max(0, start - around), min(len(text), end + around))
        words = found.of(text)
        if text.find(words, text.find(words) + 1) < 0:
            return found
        around *= 2


def _named_before(text: str, statements: Iterable[Statement], start: int) -> Iterator[int]:
    """Where the speakers whom the statements' own source words do not name are named last before ``start``.

    A name is looked for by its last word, or where that is not there (a person corrected it) by the one before.
    """
    for statement in statements:
        source = " ".join(span.of(text) for span in statement.source)
        for speaker in statement.speakers:
            for word in reversed(speaker.name.split() if speaker.name else []):
                one = re.compile(rf"\b{re.escape(word)}\b")
                if one.search(source):
                    break
                found = [match.start() for match in one.finditer(text, max(0, start - _BACK), start)]
                if found:
                    yield found[-1]
                    break


def annotated(entry: Entry) -> Iterator[dict[str, Any]]:
    """The annotations of one document, in the order of its statements."""
    document = entry.document
    target = {
        "source": document_name(entry),
        "state": {
            "type": "TimeState", "sourceDate": entry.as_of, "cached": text_name(entry.text_sha256),
            "onrecord:text_sha256": entry.text_sha256,
        },
    }  # fmt: skip
    nodes: dict[str, dict[str, Any]] = {}
    for statement, made in zip(document.statements, records(document), strict=True):
        nodes[statement.id] = _node(entry, statement, made, nodes)
        said = one_line(f"{attribution(document, statement)}: {made['content_text']}")
        around, provenance = passage(document, statement), _provenance(entry, statement)
        for role in ROLES:
            spans: tuple[Span, ...] = getattr(statement, role)
            if spans:
                node = nodes[statement.id]
                yield {
                    "id": name_in(entry, "annotation", statement.id, role),
                    "type": "Annotation",
                    "motivation": "classifying",
                    **provenance,
                    "body": [
                        _words("classifying", role),
                        _words("describing", f"{_OF[role]}{said}"),
                        {
                            "type": "SpecificResource", "purpose": "identifying",
                            "source": node if role == "content" else node["id"],
                        },
                    ],
                    "target": [_target(document.text, span, around, target) for span in spans],
                }  # fmt: skip


_OF = {"content": "", "source": "Source of: ", "cue": "Cue of: "}


def _words(purpose: str, words: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "language": "en", "value": words}


def _node(entry: Entry, statement: Statement, made: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The statement as the body has it, within it the statements around it, each with who makes it."""
    node = {"id": statement_name(entry, statement)} | of_record(made)
    if statement.parent is not None:
        above = nodes[statement.parent]
        kept = {name: above[name] for name in ("id", *(f"onrecord:{n}" for n in _WHO), _PARENT) if name in above}
        node[_PARENT] = kept
    return node


_PARENT = "onrecord:parent"


def _target(text: str, span: Span, around: Span, target: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "SpecificResource",
        "source": target["source"],
        "selector": [
            {
                "type": "TextQuoteSelector", "exact": span.of(text),
                "prefix": text[around.start : span.start], "suffix": text[span.end : around.end],
            },
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
        ],
        "state": target["state"],
    }  # fmt: skip


def _provenance(entry: Entry, statement: Statement) -> dict[str, Any]:
    """Who made the annotation and when: the program, persons who corrected or added it; never who speaks."""
    made: dict[str, Any] = {}
    persons = [
        {"id": name_of("person", by), "type": "Person", "name": by}
        for by in dict.fromkeys(review.by for review in statement.reviews)
    ]
    by_hand = any(review.field == "statement" for review in statement.reviews)
    software = None
    if entry.extraction is not None and not by_hand:
        name = entry.extraction.extractor
        software = {"id": name_of("software", name), "type": "Software", "name": name}
    made["creator"] = [*([software] if software else []), *persons]
    times = [review.at for review in statement.reviews]
    if entry.extraction is not None and not by_hand:
        times.insert(0, entry.extraction.at)
    made["created"] = times[0]
    if len(times) > 1:
        made["modified"] = max(times)
    if software:
        made["generator"] = software
    return made


def write(entries: Iterable[Entry], out: BinaryIO) -> None:
    """Write one page with an annotation a line; where there are none, the empty collection.

    The names of page and collection are made from the annotations, so that the same annotations are the same page.
    """
    count, digest = 0, sha256()

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal count
        for entry in checked(entries):
            for made in annotated(entry):
                count += 1
                digest.update(f"{made['id']} {made.get('modified', made['created'])}\n".encode())
                yield made

    def foot() -> dict[str, Any]:
        page = name_of("annotation page", digest.hexdigest())
        return {"id": page, "partOf": _collection(digest.hexdigest(), count) | {"first": page, "last": page}}

    every = counted()
    first = next(every, None)
    if first is None:
        # a page has at least one annotation: this is a collection without a page
        write_node(out, {"@context": _CONTEXT, **_collection(digest.hexdigest(), 0)})
        return
    head = {"@context": _CONTEXT, "type": "AnnotationPage", "startIndex": 0}
    write_nodes(out, head, "items", joined([first], every), foot)


def _collection(digest: str, count: int) -> dict[str, Any]:
    name = name_of("annotation collection", digest)
    return {"id": name, "type": "AnnotationCollection", "label": "Statements, by onrecord", "total": count}


EXPORT = LedgerExport(name="annotations", suffix=".jsonld", write=write)
