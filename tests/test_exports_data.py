from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.exports import export_for
from onrecord.exports.csv import guard, unguard
from onrecord.exports.record import dumps, records
from onrecord.model import Document, Span, Statement
from sample_documents import all_samples, fishing_pact, hostile


def written(name: str, *documents: Document) -> str:
    out = io.StringIO(newline="")
    export_for(name).write(documents, out)
    return out.getvalue()


def test_jsonl_is_one_record_a_line() -> None:
    lines = written("jsonl", *all_samples()).splitlines()
    assert [json.loads(line) for line in lines] == [made for one in all_samples() for made in records(one)]


def test_json_is_one_object_a_document() -> None:
    objects = [json.loads(line) for line in written("json", *all_samples()).split("\n") if line]
    assert [made["id"] for made in objects] == [one.id for one in all_samples()]
    assert [made["text"] for made in objects] == [one.text for one in all_samples()]
    alone = json.loads(written("json", fishing_pact()))
    assert set(alone) == {
        "id", "title", "outlet", "date", "url", "authors", "language", "text", "sha256", "statements"
    }  # fmt: skip
    assert alone["authors"] == ["Ingrid Falk", "Tunde Bello"]


def test_discontinuous_content_stays_one_record() -> None:
    made = next(made for made in records(fishing_pact()) if len(made["content"]) == 2)
    assert made["content_text"].startswith("The islanders … had agreed")


def test_ids_are_echoed_unchanged() -> None:
    assert [json.loads(line)["id"] for line in written("json", *all_samples()).splitlines()][2] == 7


def test_lone_surrogates_are_escaped_not_lost() -> None:
    line = dumps({"a": "\ud800“é"})
    assert json.loads(line.encode("utf-8")) == {"a": "\ud800“é"}
    assert dumps({"a": "“é"}) == '{"a": "“é"}'


@given(st.text())
def test_dumps_goes_round(text: str) -> None:
    assert json.loads(dumps([text]).encode("utf-8")) == [text]
    assert "\n" not in dumps([text])


def test_csv_rows_are_the_records() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", *all_samples()), newline="")))
    made = [made for one in all_samples() for made in records(one)]
    assert [row["id"] for row in rows] == [one["id"] for one in made]
    for row, one in zip(rows, made, strict=True):
        for role in ("source", "cue", "content", "quoted", "links"):
            assert json.loads(row[role]) == one[role]
        words = one["content_text"].encode("utf-8", "replace").decode()
        assert unguard(row["content_text"]) == words
        assert row["parent"] == (one["parent"] or "")
        assert row["translated"] in ("true", "false")


@pytest.mark.parametrize("words", ["=HYPERLINK(1)", "+49 30", "-5 degrees", "@okafor", "\tx", "\r=1", "\n=1", "＝1"])
def test_formulas_are_guarded(words: str) -> None:
    document = Document(id=words, text=words, statements=(Statement("s", (Span(0, len(words)),)),))
    row = next(csv.DictReader(io.StringIO(written("csv", document), newline="")))
    assert row["content_text"] == row["document"] == "'" + words


@pytest.mark.parametrize("words", ["“No,” she said", "'tis true", "a = b", '"quoted", twice', "", "two\nlines"])
def test_other_words_stand_byte_for_byte(words: str) -> None:
    assert guard(words) == words == unguard(words)


@given(st.text(alphabet=st.sampled_from("'=+-@a\t\n\r \"“")))
def test_guard_goes_round(words: str) -> None:
    assert unguard(guard(words)) == words
    assert not guard(words).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_hostile_article_stays_data() -> None:
    text = hostile().text
    assert json.loads(written("json", hostile()))["text"] == text
