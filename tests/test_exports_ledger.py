"""What every format that only a ledger is written in has to keep, whoever wrote it."""

from __future__ import annotations

import gc
import io
import json
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consoles import Console
from onrecord.cli.output import write_ledger
from onrecord.errors import LedgerError, UsageError
from onrecord.exports import FORMATS, LEDGER_FORMATS, LedgerExport, ledger_export_for
from onrecord.ledger import Entry
from onrecord.ledger.entries import Extraction
from onrecord.model import Document
from sample_documents import crossing, fishing_pact
from sample_ledgers import entries

MANY = 3000


@pytest.fixture(params=sorted(LEDGER_FORMATS))
def export(request: pytest.FixtureRequest) -> LedgerExport:
    return ledger_export_for(request.param)


def entry_of(document: Document) -> Entry:
    """A document as a ledger would have it."""
    key = str(document.id).encode("utf-8", "replace").decode()
    at = "2024-05-03T10:00:00.000000Z"
    return Entry(
        document, "", key, 1, 1, 1, at, at, document.sha256, "0.1.0", "run", Extraction(1, "onrecord 0.1.0", "run", at)
    )


def written(export: LedgerExport, found: Iterator[Entry], folder: Path) -> dict[str, bytes]:
    """What an export writes: the files by name."""
    if export.write is not None:
        out = io.BytesIO()
        export.write(found, out)
        return {export.suffix: out.getvalue()}
    folder.mkdir()
    assert export.write_folder is not None
    export.write_folder(found, folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_name_suffix_and_one_way_to_write(export: LedgerExport) -> None:
    (way,) = filter(None, (export.write, export.write_folder))
    assert LEDGER_FORMATS[export.name] == way.__module__
    assert export.suffix.startswith(".") and export.name not in FORMATS


def test_everything_is_written_in_utf_8(export: LedgerExport, full_ledger: str, tmp_path: Path) -> None:
    files = written(export, entries(full_ledger), tmp_path / "out")
    assert files
    for name, data in files.items():
        assert data or name == "plain.ann", name
        if export.name != "parquet":
            data.decode("utf-8")


def test_nothing_at_all_can_be_written(export: LedgerExport, tmp_path: Path) -> None:
    written(export, iter(()), tmp_path / "out")


def test_the_same_twice(export: LedgerExport, full_ledger: str, tmp_path: Path) -> None:
    once = written(export, entries(full_ledger), tmp_path / "a")
    assert written(export, entries(full_ledger), tmp_path / "b") == once


def test_no_words_without_who_relays_them(export: LedgerExport, tmp_path: Path) -> None:
    """Outlet, speaker and contents are all there."""
    (data,) = [
        data for name, data in written(export, iter([entry_of(fishing_pact())]), tmp_path / "out").items()
        if name.endswith(export.suffix)
    ]  # fmt: skip
    if export.name == "parquet":
        pq = pytest.importorskip("pyarrow.parquet")
        data = json.dumps(pq.read_table(io.BytesIO(data)).to_pylist(), ensure_ascii=False).encode()
    words = data.decode()
    for told in ("The Harbour Courier", "Adaeze Okafor", "Leif Aune", "a vote on Sandvær before anything is signed"):
        assert told in words, told


def test_a_text_that_is_not_the_one_recorded_is_told(export: LedgerExport, tmp_path: Path) -> None:
    damaged = replace(entry_of(fishing_pact()), text_sha256="0" * 64)
    with pytest.raises(LedgerError, match="onrecord verify"):
        written(export, iter([damaged]), tmp_path / "out")


class Title(str):
    """A title whose end can be seen."""


def test_documents_are_taken_one_at_a_time_and_let_go(export: LedgerExport, tmp_path: Path) -> None:
    """A ledger may be larger than memory; Parquet holds the rows of a batch, the others nothing."""
    alive: list[weakref.ref[Title]] = []
    most = 0

    def many() -> Iterator[Entry]:
        nonlocal most
        document = crossing()
        for number in range(MANY):
            most = max(most, sum(one() is not None for one in alive[-1500:]))
            title = Title(f"Title {number}")
            alive.append(weakref.ref(title))
            yield entry_of(replace(document, id=number, title=title))
            del title

    written(export, many(), tmp_path / "out")
    gc.collect()
    assert len(alive) == MANY
    assert most <= (400 if export.name == "parquet" else 3), most
    assert not any(one() for one in alive)


def test_what_is_done_is_written_before_the_next_is_asked_for(export: LedgerExport, tmp_path: Path) -> None:
    """Parquet, which is written in groups of rows, after so many of them."""
    out, sizes = io.BytesIO(), []
    folder = tmp_path / "out"
    folder.mkdir()
    few = 3 if export.name != "parquet" else 13_000

    def some() -> Iterator[Entry]:
        for number in range(few):
            sizes.append(out.tell() if export.write else len(list(folder.iterdir())))
            yield entry_of(replace(crossing(), id=number))

    if export.write is not None:
        export.write(some(), out)
    else:
        assert export.write_folder is not None
        export.write_folder(some(), folder)
    assert sizes == sorted(sizes)
    if export.name != "parquet":
        assert len(set(sizes)) == few
    else:
        assert len(set(sizes)) == 2, "before and after the first group"


def failing(after: int) -> Iterator[Entry]:
    for number in range(after):
        yield entry_of(replace(fishing_pact(), id=number))
    raise RuntimeError("the disk went away")


@pytest.mark.parametrize("after", [0, 2])
def test_a_failure_midway_leaves_no_half_file(export: LedgerExport, after: int, tmp_path: Path) -> None:
    output = tmp_path / ("out" if export.write_folder else f"out{export.suffix}")
    with pytest.raises(RuntimeError, match="disk"):
        write_ledger(export, failing(after), str(output) + ("/" if export.write_folder else ""))
    if export.write is not None:
        assert list(tmp_path.iterdir()) == []
        output.write_bytes(b"before")
        with pytest.raises(RuntimeError, match="disk"):
            write_ledger(export, failing(after), str(output))
        assert output.read_bytes() == b"before" and list(tmp_path.iterdir()) == [output]
        return
    left = sorted(file.name for file in output.iterdir())
    whole = written(export, (entry_of(replace(fishing_pact(), id=n)) for n in range(after)), tmp_path / "whole")
    assert left == sorted(whole)
    assert {name: (output / name).read_bytes() for name in left} == whole


def test_a_failure_in_the_midst_of_a_document_leaves_no_part_of_it(export: LedgerExport, tmp_path: Path) -> None:
    """The second document cannot be written: its text is not the one that was recorded."""
    found = [entry_of(replace(fishing_pact(), id="one")), replace(entry_of(fishing_pact()), text_sha256="1" * 64)]
    output = tmp_path / "out"
    with pytest.raises(LedgerError):
        write_ledger(export, found, f"{output}/" if export.write_folder else str(output))
    if export.write is not None:
        assert list(tmp_path.iterdir()) == []
    else:
        assert not any("pact" in file.name or file.name.startswith(".") for file in output.iterdir())


def test_from_the_command_line(
    export: LedgerExport,
    full_ledger: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    run = Console(capfd)
    output = "out/" if export.write_folder else f"out{export.suffix}"
    done = run("export", "--ledger", full_ledger, "-f", export.name, "-o", output)
    assert (done.code, done.out) == (0, "") and "7 documents" in done.err
    assert Path(output).stat().st_size
    wrong = run(
        "export", "--ledger", full_ledger, "-f", export.name, "-o", "out.file" if export.write_folder else "out/"
    )
    if export.write_folder:
        assert wrong.code == 2 and "give a folder" in wrong.err
    nothing = run("export", "nothing", "--ledger", full_ledger, "-f", export.name, "-o", output.replace("out", "none"))
    assert nothing.code == 2 and "no such document" in nothing.err
    some = run(
        "export", "--speaker", "Aune", "--ledger", full_ledger, "-f", export.name, "-o", output.replace("out", "some")
    )
    assert some.code == 0 and "2 documents, 2 statements" in some.err


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"annotations, brat, ftm, parquet, prov, schema\.org"):
        ledger_export_for("pdf")
