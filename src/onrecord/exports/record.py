"""The record of one statement: the stable form that every export and every user of the data shares.

Its JSON Schema is ``record.schema.json`` beside this file, printed by ``onrecord schema``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import Any, TextIO

from onrecord.model import Commitment, Deed, Document, Post, Span, Speaker, Statement, Timex

__all__ = ["dumps", "record", "records", "schema_text", "timex", "words", "write_lines", "write_list"]

GAP = " … "
"""What stands between the parts of discontinuous words."""


def words(document: Document, spans: Sequence[Span]) -> str | None:
    """The words under ``spans``, parts joined by " … "; None where there are none."""
    return GAP.join(span.of(document.text) for span in spans) if spans else None


def record(document: Document, statement: Statement) -> dict[str, Any]:
    """The record of ``statement``, made of what JSON has; spans are ``[start, end]`` in code points.

    >>> from onrecord.model import Document, Span, Statement
    >>> oslo = Document(id="a", text="Oslo denies it")
    >>> made = record(oslo, Statement(id="s1", source=(Span(0, 4),), cue=(Span(5, 11),), content=(Span(12, 14),)))
    >>> made["source"], made["source_text"], made["content_text"]
    ([[0, 4]], 'Oslo', 'it')
    """
    return _record(document, statement, document.sha256)


def records(document: Document) -> Iterator[dict[str, Any]]:
    """The records of all statements of ``document``, in document order, a parent before its children."""
    sha256 = document.sha256 if document.statements else ""
    for statement in document.statements:
        yield _record(document, statement, sha256)


def _record(document: Document, statement: Statement, sha256: str) -> dict[str, Any]:
    return {
        "document": document.id,
        "id": statement.id,
        "parent": statement.parent,
        "kind": str(statement.kind),
        "form": str(statement.form),
        "score": round(statement.score, 4),
        "source": _pairs(statement.source),
        "source_text": words(document, statement.source),
        "cue": _pairs(statement.cue),
        "cue_text": words(document, statement.cue),
        "content": _pairs(statement.content),
        "content_text": words(document, statement.content),
        "quoted": _pairs(statement.quoted),
        "edits": _pairs(statement.edits),
        "translated": statement.translated,
        "speaker": statement.speaker,
        "source_type": str(statement.source_type),
        "source_title": _first(document, statement, "title"),
        "justification": _first(document, statement, "justification"),
        "anonymity_reason": _first(document, statement, "anonymity_reason"),
        "relayed_by": "; ".join(s.name for s in statement.relayed_by if s.name) or None,
        "addressee": _pairs(statement.addressee),
        "addressee_text": words(document, statement.addressee),
        "speaker_detail": {
            "score": round(statement.speaker_score, 4),
            "inferred": statement.inferred,
            "candidates": list(statement.candidates),
            "speakers": [_speaker(speaker) for speaker in statement.speakers],
        },
        "act": str(statement.act) if statement.act else None,
        "target": _line(document, statement.deed.target) if statement.deed else None,
        "certainty": str(statement.commitments[0].certainty) if statement.commitments else None,
        "polarity": str(statement.commitments[0].polarity) if statement.commitments else None,
        "cue_stance": str(statement.cue_stance),
        "said_on": statement.occasion.on,
        "said_at": _line(document, statement.occasion.at),
        "channel": _line(document, statement.occasion.channel),
        "act_detail": _deed(document, statement.deed) if statement.deed else None,
        "commitments": [_commitment(commitment) for commitment in statement.commitments],
        "occasion_detail": {
            "said_on": _place(statement.occasion.on_words),
            "said_at": _place(statement.occasion.at),
            "channel": _place(statement.occasion.channel),
        },
        "times": [timex(found) for found in statement.times],
        "reviews": [asdict(review) for review in statement.reviews],
        "links": [{"span": list(link.span), "url": link.url} for link in statement.links],
        "post": _post(statement.post),
        "title": document.title,
        "outlet": document.outlet,
        "date": document.date,
        "url": document.url,
        "text_sha256": sha256,
    }


def _first(document: Document, statement: Statement, name: str) -> str | None:
    """The words of what is known by ``name`` of the first speaker of whom it is known, on one line."""
    spans = (getattr(speaker, name) for speaker in statement.speakers)
    return _line(document, next((s for s in spans if s is not None), None))


def _line(document: Document, span: Span | None) -> str | None:
    """The words under a span on one line; None without one."""
    return " ".join(span.of(document.text).split()) if span else None


def _place(span: Span | None) -> list[int] | None:
    return list(span) if span else None


def _deed(document: Document, deed: Deed) -> dict[str, Any]:
    return {
        "score": deed.score,
        "words": _pairs(deed.words),
        "second": str(deed.second) if deed.second else None,
        "strength": str(deed.strength) if deed.strength else None,
        "target": _place(deed.target),
        "target_name": deed.target_name,
        "conditions": _pairs(deed.conditions),
        "exceptions": _pairs(deed.exceptions),
        "binds": _place(deed.binds),
        "binds_text": _line(document, deed.binds),
    }


def _commitment(commitment: Commitment) -> dict[str, Any]:
    return {
        "holder": commitment.holder,
        "certainty": str(commitment.certainty),
        "polarity": str(commitment.polarity) if commitment.polarity else None,
        "flags": [str(flag) for flag in commitment.flags],
        "stance": str(commitment.stance),
        "words": _place(commitment.words),
    }


def timex(found: Timex) -> dict[str, Any]:
    """A time expression as TIMEX3 has it: ``start``, ``end``, ``type``, ``value``, ``mod``."""
    return {
        "start": found.span.start,
        "end": found.span.end,
        "type": str(found.type),
        "value": found.value,
        "mod": found.modifier,
    }


def _speaker(speaker: Speaker) -> dict[str, Any]:
    named = ("mention", "title", "justification", "anonymity_reason")
    spans = {name: _place(getattr(speaker, name)) for name in named}
    return {"name": speaker.name, "type": str(speaker.type), **spans}


def _pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _post(post: Post | None) -> dict[str, Any] | None:
    if post is None:
        return None
    return {
        "span": list(post.span),
        "author": post.author,
        "url": post.url,
        "author_span": list(post.author_span) if post.author_span else None,
        "platform": post.platform,
    }


def dumps(value: Any) -> str:
    """``value`` as one line of JSON that UTF-8 can carry.

    Words stay readable; only a line with lone surrogates (they come from broken JSON input, and UTF-8
    has no bytes for them) is written with escapes, so that nothing is lost.
    """
    line = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return line if not _has_surrogate(line) else json.dumps(value, separators=(", ", ": "))


def write_lines(objects: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    """Write one object a line; how many there were."""
    count = 0
    for one in objects:
        out.write(dumps(one) + "\n")
        count += 1
    return count


def write_list(objects: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    """Write one list of objects; how many there were."""
    made = list(objects)
    out.write(dumps(made) + "\n")
    return len(made)


def _has_surrogate(line: str) -> bool:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def schema_text() -> str:
    """The JSON Schema (draft 2020-12) of a record, as it is printed."""
    return files("onrecord.exports").joinpath("record.schema.json").read_text("utf-8")
