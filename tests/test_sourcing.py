"""The sourcing table: rows, summary, formats and the command."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from onrecord.cli import app
from onrecord.errors import UsageError
from onrecord.exports.sourcing import FORMATS, counts
from onrecord.model import Document, Kind, SourceType, Span, Speaker, Statement
from onrecord.sourcing import Row, rows, summary
from sample_documents import Builder, all_samples, fishing_pact, hostile

TEXT = """The bridge was never inspected, Ilse Brandt said. “Nobody came,” she added.
“Not once in nine years,” said Brandt.
A report blamed the council. The mayor disagreed. Velmar declined to comment."""

BRANDT = Speaker("Ilse Brandt", SourceType.NAMED_PERSON, Span(32, 43))
REPORT = Speaker("report", SourceType.DOCUMENT)
MAYOR = Speaker(None, SourceType.UNNAMED_PERSON)


def bridge() -> Document:
    b = Builder(TEXT)
    b.add("The bridge", "Ilse Brandt", "said", "The bridge was never inspected")
    b.add("“Nobody", "she", "added", "“Nobody came,”")
    b.add("“Not once", "Brandt", "said", "“Not once in nine years,”")
    b.add("A report", "A report", "blamed", "the council")
    b.add("The mayor", "The mayor", "disagreed", "disagreed", score=0.75)
    b.add("Velmar", "Velmar", "declined", "to comment", kind=Kind.NON_RESPONSE)
    speakers = [BRANDT, BRANDT, BRANDT, REPORT, MAYOR, Speaker("Velmar", SourceType.NAMED_ORGANIZATION)]
    made = tuple(replace(s, speakers=(who,)) for s, who in zip(b.statements, speakers, strict=True))
    return Document("bridge", TEXT, title="Bridge", outlet="The Harbour Courier", statements=made)


def test_neighbouring_sentences_of_one_source_are_one_row_and_paragraphs_are_not() -> None:
    document = bridge()
    table = rows(document)
    assert [(row.span.of(TEXT), row.name) for row in table] == [
        ("The bridge was never inspected, Ilse Brandt said. “Nobody came,” she added.", "Ilse Brandt"),
        ("“Not once in nine years,” said Brandt.", "Ilse Brandt"),
        ("A report blamed the council.", "report"),
        ("The mayor disagreed.", None),
    ]


def test_no_answer_and_doubtful_statements_are_no_rows() -> None:
    spans = [row.span.of(TEXT) for row in rows(bridge(), least=0.8)]
    assert not any("mayor" in words or "declined" in words for words in spans)


def test_a_row_lists_its_statements() -> None:
    document = bridge()
    known = {s.id for s in document.statements}
    assert [len(row.statements) for row in rows(document)] == [2, 1, 1, 1]
    assert all(identity in known for row in rows(document) for identity in row.statements)


def test_a_row_tells_why_from_the_sentence_right_before_it() -> None:
    text = """Ilse Brandt, a welder, said the bridge shook. “It hums,” she said.
Brandt crosses it twice a day with her two sons.
“We hold our breath,” Brandt said."""
    b = Builder(text)
    b.add("Ilse", "Ilse Brandt", "said", "the bridge shook")
    b.add("“It", "she", "said", "“It hums,”")
    b.add("“We", "Brandt", "said", "“We hold our breath,”")
    brandt = Speaker("Ilse Brandt", SourceType.NAMED_PERSON, Span(0, 11), justification=Span(13, 21))
    made = tuple(replace(s, speakers=(brandt,)) for s in b.statements)
    table = rows(Document("bridge", text, statements=made))
    assert [row.justification for row in table] == ["a welder", "Brandt crosses it twice a day with her two sons."]


def test_summary() -> None:
    told = summary(rows(bridge()))
    assert (told.rows, told.sources, told.anonymous, told.single_source) == (4, 3, 0, False)
    assert dict(told.by_type)[SourceType.NAMED_PERSON] == 2
    nameless = Row(Span(0, 1), ("a",), SourceType.ANONYMOUS_SOURCE, anonymity_reason="afraid")
    alone = summary([nameless])
    assert (alone.anonymous, alone.reasoned, alone.single_source) == (1, 1, True)
    assert summary([]).single_source is False


def test_documents_without_statements_have_an_empty_table() -> None:
    assert rows(Document("d", "Nothing was said.")) == ()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_every_sample(name: str) -> None:
    out = io.StringIO(newline="")
    FORMATS[name].write([*all_samples(), bridge()], out)
    text = out.getvalue()
    if name == "jsonl":
        tables = [json.loads(line) for line in text.splitlines()]
        assert [len(t["statements"]) for t in tables][-1] == 4
        assert set(tables[-1]["statements"][0]) >= {"statement", "type", "name", "title", "justification"}
        assert tables[-1]["statements"][0]["type"] == "Named Person"
    if name == "csv":
        table = list(csv.DictReader(io.StringIO(text, newline="")))
        last = [row for row in table if row["document"] == "bridge"]
        assert [TEXT[int(r["start"]) : int(r["end"])] for r in last] == [row.span.of(TEXT) for row in rows(bridge())]
    if name == "html":
        assert "<script" not in text and "Ilse Brandt" in text and "default-src 'none'" in text
    if name == "text":
        assert "Ilse Brandt" in text and "\x1b" not in text


def test_a_hostile_article_stays_words_in_the_table() -> None:
    out = io.StringIO()
    FORMATS["html"].write([hostile()], out)
    assert "<script>" not in out.getvalue() and "<img" not in out.getvalue()


def test_counts_are_what_json_has() -> None:
    json.dumps(counts(rows(fishing_pact())))


def invoke(*arguments: str, text: str) -> Result:
    return CliRunner().invoke(app, ["sources", *arguments], input=text)


STORY = """The bridge was never inspected, the engineer Ilse Brandt said on Monday. “Nobody came,” Brandt said.

The council rejected the claim."""


def test_the_command_prints_the_table_and_tells_a_summary() -> None:
    done = invoke("-", "--format", "jsonl", text=STORY)
    assert done.exit_code == 0
    (table,) = map(json.loads, done.stdout.splitlines())
    assert table["statements"][0]["name"] == "Ilse Brandt"
    assert table["statements"][0]["statement"].startswith("The bridge was never inspected")
    assert "sourced statements" in done.stderr


def test_a_single_source_is_warned_of() -> None:
    done = invoke("-", "--format", "csv", text=STORY.split("\n")[0])
    assert "comes from one source" in done.stderr


def test_quiet_and_wrong_use() -> None:
    assert invoke("-", "--quiet", text=STORY).stderr == ""
    with pytest.raises(UsageError):
        CliRunner().invoke(app, ["sources", "nowhere.txt"], catch_exceptions=False, standalone_mode=False)


def test_statements_within_statements_are_their_parent_s() -> None:
    text = "Brandt said the council believes the bridge is safe."
    outer = Statement("a", (Span(12, 51),), source=(Span(0, 6),), cue=(Span(7, 11),), speakers=(BRANDT,))
    inner = Statement("b", (Span(33, 51),), source=(Span(12, 23),), cue=(Span(24, 32),), parent="a", speakers=(REPORT,))
    (row,) = rows(Document("d", text, statements=(outer, inner)))
    assert row.name == "Ilse Brandt"
