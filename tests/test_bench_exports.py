from __future__ import annotations

from pathlib import Path

import pytest

import bench_path  # noqa: F401
import exports
from sample_documents import fishing_pact
from sample_ledgers import fill


def test_every_format_is_measured_in_a_process_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = str(tmp_path / "sample.db")
    fill(sample, [fishing_pact()])
    parser_options = ["--sample", sample, "--statements", "46", "--formats", "jsonl,brat"]
    assert exports.main(parser_options) == 0
    head, _, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("46 statements in 2 documents, a ledger of ")
    assert [row.split()[0] for row in rows] == ["jsonl", "brat"]
    assert all(float(number.replace(",", "")) >= 0 for row in rows for number in row.split()[1:])
    assert all(float(row.split()[3]) > 20 for row in rows), "megabytes of memory"


def test_a_large_ledger_is_taken_as_it_is(full_ledger: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exports.main(["--ledger", full_ledger, "--formats", "ftm"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split()[0] == "ftm"


def test_what_cannot_be_measured_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        exports.main(["--ledger", "x.db", "--formats", "pdf"])
    assert "there is no format pdf (there are text, json," in capsys.readouterr().err
    assert exports.main(["--ledger", str(tmp_path / "none.db"), "--formats", "csv"]) == 2
    fill(tmp_path / "l.db", [])
    assert exports.main(["--sample", str(tmp_path / "l.db")]) == 2
    assert "has no statements" in capsys.readouterr().err
