"""CSV from a ledger, read back with Python and with DuckDB: no cell runs as a formula, no word is changed."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from consoles import Console
from onrecord.exports.csv import unguard
from onrecord.exports.record import records
from onrecord.model import Document, Form, Link, Occasion, Post, Review, SourceType, Span, Speaker, Statement
from sample_ledgers import correct, documents, entries, fill

SIGNS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", "'=", "''+")
CARELESS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula."""


def hostile_everywhere(sign: str) -> Document:
    """A document whose every word field begins like a formula."""
    words = f'{sign}HYPERLINK("https://evil.example","x") said, "so"'
    whole = (Span(0, len(words)),)
    speaker = Speaker(words, SourceType.NAMED_PERSON, whole[0], whole[0], whole[0], whole[0])
    statement = Statement(
        "f" * 8, whole, whole, whole, form=Form.PARTIAL, speakers=(speaker,), relayed_by=(Speaker(words),),
        addressee=whole, occasion=Occasion(None, whole[0], whole[0], whole[0]), links=(Link(whole[0], words),),
        post=Post(whole[0], words, words, whole[0], words),
    )  # fmt: skip
    return Document(words, words, title=words, outlet=words, url=words, authors=(words,), statements=(statement,))


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Console:
    monkeypatch.chdir(tmp_path)
    return Console(capfd)


def export(run: Console) -> list[dict[str, str]]:
    assert run("export", "-f", "csv", "-o", "all.csv", "-q", "--ledger", "l.db").code == 0
    return list(csv.DictReader(io.StringIO(Path("all.csv").read_bytes().decode("utf-8"), newline="")))


def as_cell(value: Any) -> str:
    """What stands in a cell, without its guard."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def agrees(cell: str, value: Any) -> bool:
    if isinstance(value, list | dict):
        return bool(json.loads(cell) == value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(cell) == value
    return unguard(cell) == as_cell(value)


@pytest.mark.parametrize("sign", SIGNS, ids=repr)
def test_no_cell_runs_as_a_formula(run: Console, sign: str) -> None:
    document = hostile_everywhere(sign)
    fill("l.db", [document])
    (row,) = export(run)
    (made,) = records(next(entries("l.db")).document)
    words = {
        name for name, value in made.items() if isinstance(value, str) and value.strip("'").startswith(sign.strip("'"))
    }
    assert words >= {"document", "source_text", "content_text", "cue_text", "speaker", "title", "outlet", "url"}
    assert words >= {"relayed_by", "addressee_text"}
    for name, cell in row.items():
        assert not cell.startswith(CARELESS), name
        assert agrees(cell, made[name]), name
    assert all(row[name] == "'" + made[name] for name in words)


def test_corrections_by_persons_are_guarded_too(run: Console) -> None:
    fill("l.db", [next(d for d in documents() if d.id == "pact")])
    run("correct", "02f3c9", "speaker==cmd|' /C calc'!A0", "--by", "@ada", "--why", "+1", "--ledger", "l.db")
    row = next(row for row in export(run) if row["id"] == "02f3c9")
    assert row["speaker"] == "'=cmd|' /C calc'!A0"
    assert json.loads(row["reviews"])[0]["by"] == "@ada" and row["reviews"].startswith("[")


def test_words_are_byte_for_byte_by_python(run: Console) -> None:
    fill("l.db")
    correct("l.db")
    rows, made = export(run), [made for entry in entries("l.db") for made in records(entry.document)]
    assert len(rows) == len(made) == 56
    for row, one in zip(rows, made, strict=True):
        assert list(row) == list(one)
        for name, value in one.items():
            assert agrees(row[name], value), name


def test_words_are_byte_for_byte_by_duckdb(run: Console) -> None:
    fill("l.db")
    correct("l.db")
    rows = export(run)
    found = duckdb.sql("SELECT * FROM read_csv('all.csv', header = true, all_varchar = true, nullstr = '\\N')")
    assert found.columns == list(rows[0])
    assert [dict(zip(found.columns, values, strict=True)) for values in found.fetchall()] == rows


def test_reviews_of_one_line_end_stay_in_their_cell(run: Console) -> None:
    """Rows end in CR LF; whatever ends a line within a cell is quoted."""
    text = "a\rb\nc\r\nd\u2028e\u0085f"
    review = Review("speaker", "x", None, "a\rb", "2024", 'said "no",\nsaid he')
    statement = Statement("aa", (Span(0, len(text)),), reviews=(review,))
    fill("l.db", [replace(Document("d", text), statements=(statement,))])
    (row,) = export(run)
    assert row["content_text"] == text
