"""Parquet, read back with pyarrow and with DuckDB."""

from __future__ import annotations

import io
import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from consoles import Console, without
from onrecord.exports import parquet
from onrecord.exports.record import records, schema_text
from onrecord.ledger import Entry
from onrecord.model import Document, Span, Statement
from sample_documents import fishing_pact, hostile
from sample_ledgers import entries, fill
from test_exports_ledger import entry_of


@pytest.fixture(scope="module")
def file(full_ledger: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The whole ledger in a file."""
    path = tmp_path_factory.mktemp("parquet") / "full.parquet"
    with path.open("wb") as out:
        parquet.write(entries(full_ledger), out)
    return str(path)


def read(*found: Entry) -> pa.Table:
    out = io.BytesIO()
    parquet.write(found, out)
    return pq.read_table(io.BytesIO(out.getvalue()))


def as_record(value: Any) -> Any:
    """A row's value as a record has it: spans as pairs of numbers."""
    if isinstance(value, dict):
        if value.keys() == {"start", "end"}:
            return [value["start"], value["end"]]
        return {name: as_record(one) for name, one in value.items()}
    return [as_record(one) for one in value] if isinstance(value, list) else value


def carried(value: Any) -> Any:
    """A record's value with U+FFFD for lone surrogates."""
    return json.loads(
        json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def expected(full_ledger: str) -> list[dict[str, Any]]:
    return [
        carried({**made, "document": str(made["document"])})
        for entry in entries(full_ledger) for made in records(entry.document)
    ]  # fmt: skip


def test_every_record_is_the_record_of_json_lines_by_pyarrow(full_ledger: str, file: str) -> None:
    rows, made = pq.read_table(file).to_pylist(), expected(full_ledger)
    assert len(rows) == len(made) == 56
    for row, record in zip(rows, made, strict=True):
        assert {name: as_record(row[name]) for name in record} == record
    assert list(rows[0])[: len(made[0])] == list(made[0]), "in the record's order"


def test_every_record_is_the_record_of_json_lines_by_duckdb(full_ledger: str, file: str) -> None:
    made = expected(full_ledger)
    found = duckdb.sql(f"SELECT * FROM '{file}'")
    names = found.columns
    for values, record in zip(found.fetchall(), made, strict=True):
        row = dict(zip(names, values, strict=True))
        for name in record:
            assert as_record(row[name]) == record[name], name


def test_the_command_writes_the_same_as_json_lines(
    full_ledger: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run = Console(capfd)
    assert run("export", "--ledger", full_ledger, "-f", "parquet", "-o", str(tmp_path / "a.parquet"), "-q").code == 0
    lines = map(json.loads, run("export", "--ledger", full_ledger, "-q").out.rstrip("\n").split("\n"))
    rows = pq.read_table(tmp_path / "a.parquet").to_pylist()
    for row, line in zip(rows, lines, strict=True):
        made = carried({**line, "document": str(line["document"])})
        assert {name: as_record(row[name]) for name in made} == made


def test_columns_have_types_of_their_own(file: str) -> None:
    shape = pq.read_schema(file)
    span = pa.struct([("start", pa.int32()), ("end", pa.int32())])
    for name in ("source", "cue", "content", "quoted", "edits", "addressee"):
        assert shape.field(name).type == pa.list_(span)
    assert shape.field("score").type == pa.float64()
    assert shape.field("translated").type == pa.bool_()
    assert shape.field("revision").type == pa.int32()
    assert shape.field("date").type == pa.string(), "2024-05 has no day"
    for name in ("speaker_detail", "act_detail", "occasion_detail", "post"):
        assert pa.types.is_struct(shape.field(name).type)
    assert not [field.name for field in shape if pa.types.is_null(field.type)]


def test_each_column_says_what_it_is(file: str) -> None:
    shape = pq.read_schema(file)
    bare = [field.name for field in shape if not (field.metadata or {}).get(b"description")]
    assert bare == []
    assert shape.metadata[b"onrecord.record"].decode() == schema_text()
    assert shape.metadata[b"onrecord.version"].decode()[0].isdigit()


def test_the_schema_is_that_of_the_record() -> None:
    """A key or a value that the record gains has to get a column."""
    known = json.loads(schema_text())["properties"]
    names = parquet.schema().names
    assert names[: len(known)] == list(known)

    def within(shape: Any, kind: pa.DataType) -> None:
        properties = shape.get("properties") or shape.get("items", {}).get("properties")
        if properties:
            struct = kind.value_type if pa.types.is_list(kind) else kind
            assert {field.name for field in struct} == set(properties)
            for name, inner in properties.items():
                within(inner, struct.field(name).type)

    for name, shape in known.items():
        within(shape, parquet.schema().field(name).type)


def test_whoever_relays_a_statement_stands_in_its_row() -> None:
    rows = read(entry_of(fishing_pact())).to_pylist()
    ship = next(row for row in rows if row["cue_text"] == "asked for")
    assert [one["source_text"] for one in ship["relays"]] == ["He", "the ministry"]
    assert [one["speaker"] for one in ship["relays"]] == [None, "Norway’s foreign ministry"]
    assert ship["relays"][-1]["id"] == ship["parent"] and ship["outlet"] == "The Harbour Courier"
    assert all(bool(row["relays"]) == (row["parent"] is not None) for row in rows)


def test_provenance(full_ledger: str, file: str) -> None:
    rows = {row["document"]: row for row in pq.read_table(file).to_pylist()}
    copy = rows["copy"]
    assert (copy["key"], copy["origin"], copy["reader"]) == (
        "https://copy.example/pact",
        str(Path.cwd() / "crawl.warc.gz"),
        "warc",
    )
    assert copy["record"] == "urn:uuid:1b1c0f0e-0000-4000-8000-000000000009"
    assert copy["captured"] == "2024-05-03T10:00:00Z" and copy["as_of"].startswith("2024-05-03T10:00:00")
    assert (copy["revision"], copy["revisions"], copy["collection"]) == (1, 1, None)
    assert copy["extractor"].startswith("onrecord") and copy["authors"] == ["Ingrid Falk", "Tunde Bello"]
    by_key = {entry.key: entry for entry in entries(full_ledger)}
    assert by_key["pact"].read_at == rows["pact"]["read_at"] and by_key["pact"].run == rows["pact"]["run"]


def test_what_a_researcher_asks(full_ledger: str, file: str) -> None:
    made = expected(full_ledger)

    def ask(columns: str, more: str = "") -> list[tuple[Any, ...]]:
        return duckdb.sql(f"SELECT {columns} FROM '{file}' {more}").fetchall()

    share = dict(ask("outlet, avg((source_type = 'anonymous_source')::INT)", "GROUP BY outlet"))
    assert share["The Harbour Courier"] == pytest.approx(1 / 23) and share[None] == 0
    assert Counter(dict(ask("act, count(*)", "GROUP BY act"))) == Counter(row["act"] for row in made)
    lengths = ask("content_text, list_sum(list_transform(content, lambda s: s.end - s.start)) AS n", "ORDER BY n DESC")
    assert lengths[0][1] == max(sum(end - start for start, end in row["content"]) for row in made) == len(lengths[0][0])
    assert ask("count(*)", "WHERE len(content) > 1") == [(sum(len(row["content"]) > 1 for row in made),)]
    by = duckdb.sql(f"SELECT r.by, r.field, count(*) FROM (SELECT unnest(reviews) AS r FROM '{file}') GROUP BY ALL")
    reviews = Counter((review["by"], review["field"]) for row in made for review in row["reviews"])
    assert {(person, field): count for person, field, count in by.fetchall()} == reviews and reviews["ada", "act"]
    known = {(row["document"], row["id"]): row["speaker"] for row in made}
    for document, parent, speaker in ask("document, parent, relays[-1].speaker", "WHERE len(relays) > 0"):
        assert speaker == known[document, parent]


def test_nothing_gives_a_file_with_every_column() -> None:
    table = read()
    assert table.num_rows == 0 and table.schema.equals(parquet.schema())
    assert read(entry_of(Document("plain", "The sun rose."))).num_rows == 0


def test_lone_surrogates_keep_their_places() -> None:
    document = hostile()
    rows = read(entry_of(fishing_pact()), entry_of(document)).to_pylist()
    words = rows[-1]["content_text"]
    span = document.statements[-1].content[0]
    assert "\ufffd" in words and "\x00" in words
    assert len(words) == rows[-1]["content"][0]["end"] - rows[-1]["content"][0]["start"] == span.end - span.start
    assert words[:8] == span.of(document.text)[:8]


def test_row_groups_are_compressed_and_of_one_size() -> None:
    text = "One says alpha beta."
    every = tuple(Statement(f"{n:016x}", (Span(9, 19),)) for n in range(1000))
    document = Document("many", text, statements=every)
    out = io.BytesIO()
    parquet.write((entry_of(replace(document, id=n)) for n in range(70)), out)
    found = pq.ParquetFile(io.BytesIO(out.getvalue()))
    sizes = [found.metadata.row_group(n).num_rows for n in range(found.num_row_groups)]
    assert sizes == [32_768, 32_768, 70_000 - 2 * 32_768]
    assert found.metadata.row_group(0).column(1).compression == "ZSTD"


def test_a_pipe_can_be_written_to() -> None:
    reading, writing = os.pipe()
    got: list[bytes] = []
    with os.fdopen(reading, "rb") as incoming:
        thread = threading.Thread(target=lambda: got.append(incoming.read()))
        thread.start()
        with os.fdopen(writing, "wb") as out:
            parquet.write([entry_of(fishing_pact())], out)
        thread.join()
    assert pq.read_table(io.BytesIO(got[0])).num_rows == 23


def test_what_is_not_whole_does_not_look_whole() -> None:
    """Where the stream cannot be taken back, a failure leaves no file that could be read as if all were there."""

    def failing() -> Iterator[Entry]:
        yield from (entry_of(replace(fishing_pact(), id=n)) for n in range(2000))
        raise RuntimeError("no more")

    out = io.BytesIO()
    with pytest.raises(RuntimeError, match="no more"):
        parquet.write(failing(), out)
    assert out.getvalue()
    with pytest.raises(pa.ArrowInvalid):
        pq.read_table(io.BytesIO(out.getvalue()))


def test_without_pyarrow_it_says_what_to_install(tmp_path: Path) -> None:
    fill(tmp_path / "l.db", [fishing_pact()])
    done = without("pyarrow", tmp_path, "export", "-f", "parquet", "-o", "x.parquet", "--ledger", "l.db")
    assert done.code == 2 and "pip install 'onrecord[parquet]'" in done.err
    assert "Traceback" not in done.err and sorted(p.name for p in tmp_path.iterdir()) == ["l.db"]
