from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from onrecord.cli import app
from onrecord.exports.json import document_object
from onrecord.exports.record import record, records
from onrecord.model import Document
from sample_documents import all_samples, fishing_pact, plain

SPANS = "spans"
# Pinned: users' programs read these. A new key is added here, in record.schema.json and in the changelog.
PINNED = {
    "document": ["string", "integer"],
    "id": "string",
    "parent": ["string", "null"],
    "kind": ["statement", "editor_note", "non_response"],
    "form": ["verbatim", "partial", "paraphrase"],
    "score": "number",
    "source": SPANS,
    "source_text": "words",
    "cue": SPANS,
    "cue_text": "words",
    "content": SPANS,
    "content_text": "string",
    "quoted": SPANS,
    "edits": SPANS,
    "translated": "boolean",
    "speaker": ["string", "null"],
    "source_type": [
        "named_person",
        "named_organization",
        "document",
        "anonymous_source",
        "unnamed_person",
        "unnamed_group",
        "unknown",
    ],
    "source_title": ["string", "null"],
    "justification": ["string", "null"],
    "anonymity_reason": ["string", "null"],
    "relayed_by": ["string", "null"],
    "addressee": SPANS,
    "addressee_text": "words",
    "speaker_detail": "object",
    "act": [
        "assert",
        "deny",
        "admit",
        "accuse",
        "criticise",
        "support",
        "express",
        "request",
        "propose",
        "commit",
        "refuse",
        "threaten",
        "warn",
        "declare",
        "think",
        None,
    ],
    "target": ["string", "null"],
    "certainty": ["certain", "probable", "possible", "uncommitted", None],
    "polarity": ["positive", "negative", None],
    "cue_stance": ["endorse", "neutral", "distance"],
    "said_on": ["string", "null"],
    "said_at": ["string", "null"],
    "channel": ["string", "null"],
    "act_detail": ["object", "null"],
    "commitments": "array",
    "occasion_detail": "object",
    "times": "array",
    "reviews": "array",
    "links": "array",
    "post": ["object", "null"],
    "title": ["string", "null"],
    "outlet": ["string", "null"],
    "date": ["string", "null"],
    "url": ["string", "null"],
    "text_sha256": "string",
}


def printed_schema() -> dict[str, Any]:
    done = CliRunner().invoke(app, ["schema"])
    assert done.exit_code == 0
    schema: dict[str, Any] = json.loads(done.stdout)
    return schema


def test_the_schema_is_pinned() -> None:
    schema = printed_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    shapes = {
        key: rule.get("type") or rule.get("enum") or rule["$ref"].removeprefix("#/$defs/")
        for key, rule in schema["properties"].items()
    }
    assert shapes == PINNED
    assert list(shapes) == list(PINNED) == schema["required"]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("document", all_samples(), ids=lambda document: str(document.id)[:5])
def test_records_follow_the_schema(document: Document) -> None:
    validator = jsonschema.Draft202012Validator(printed_schema())
    for made in records(document):
        validator.validate(made)
        assert list(made) == list(PINNED)
        assert json.loads(json.dumps(made)) == made


def test_a_wrong_record_does_not_follow_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(printed_schema())
    document = fishing_pact()
    good = record(document, document.statements[0])
    for wrong in ({"content": []}, {"score": 1.2}, {"form": "quote"}, {"source": [[3]]}, {"new": 1}, {"date": "May"}):
        assert not validator.is_valid(good | wrong), wrong


def test_words_are_the_slices() -> None:
    document = fishing_pact()
    for made in records(document):
        for role in ("source", "cue", "content"):
            slices = [document.text[start:end] for start, end in made[role]]
            assert made[f"{role}_text"] == (" … ".join(slices) if slices else None)


def test_a_document_object_has_its_text_and_records() -> None:
    made = document_object(fishing_pact())
    assert made["text"] == fishing_pact().text
    assert {one["text_sha256"] for one in made["statements"]} == {made["sha256"]}
    assert document_object(plain())["statements"] == []
