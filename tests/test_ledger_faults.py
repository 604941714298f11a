"""What must not happen to a ledger: kill -9, a full disk, corrupt inputs, a medium that may only be read."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.errors import LedgerError
from onrecord.exports.record import dumps, records
from onrecord.ledger import Ledger
from onrecord.model import Document
from test_ledger import everything, story

HERE = Path(__file__).parent
WHO = ("The harbour master", "Ilse Kamara", "A spokesman for the port", "Anton Ruz, the mayor of Sella,", "The union")
CUE = ("said", "denied", "told reporters", "warned", "insisted", "promised")
WHAT = ("that the quay was safe", "that wages had been cut", "that nobody would strike before Friday",
        "that two ships had been sent back", "that the island would pay")  # fmt: skip


def news(folder: Path, count: int) -> Path:
    """Invented articles, each with an id of its own, as JSON Lines."""
    rng = random.Random(7)
    file = folder / "docs.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number in range(count):
            said = [f"{rng.choice(WHO)} {rng.choice(CUE)} {rng.choice(WHAT)}." for _ in range(rng.randint(2, 8))]
            text = f"Report {number} from the port.\n" + " ".join([*said, f"“No {number},” she added."])
            out.write(json.dumps({"id": f"n{number}", "text": text, "date": "2024-05-03"}) + "\n")
    return file


def exported(where: str) -> list[str]:
    with Ledger.open(where, read_only=True) as ledger:
        (*_, account) = ledger.verify()
        assert not account.problems, account.problems
        return [dumps(record) for document in ledger.documents() for record in records(document)]


def add(file: Path, where: str, workers: int = 2) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "onrecord", "add", str(file), "--ledger", where, "--workers", str(workers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def test_killed_at_any_time_and_resumed_it_records_the_same(tmp_path: Path) -> None:
    """Kills from outside, at times spread over the whole run: start-up, workers that load, extraction, writing."""
    file, rng = news(tmp_path, 24), random.Random(11)
    began = time.monotonic()
    assert add(file, str(tmp_path / "whole.db")).wait() == 0
    length = time.monotonic() - began
    expected = exported(str(tmp_path / "whole.db"))
    kills = unfinished = 0
    number = 0
    while kills < 26:
        number += 1
        where = str(tmp_path / f"{number}.db")
        for _ in range(3):
            running = add(file, where)
            try:
                running.wait((kills % 13 + rng.random()) / 13 * length)
            except subprocess.TimeoutExpired:
                running.send_signal(signal.SIGKILL)
                kills += 1
                unfinished += running.wait() == -signal.SIGKILL
            running.communicate()
        assert add(file, where).wait() == 0
        assert exported(where) == expected
    assert unfinished >= 15


def killed_within(places: str, file: Path, times: int) -> None:
    command = [sys.executable, str(HERE / "kill_points.py"), places, str(file), "5", str(times)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["differs"] == [] and told["killed"] == times and told["records"] > 20
    assert {"commit begins", "commit done", "INSERT", "SELECT"} <= set(told["in"]), told["in"]


def test_killed_within_the_database_it_records_the_same(tmp_path: Path) -> None:
    killed_within(str(tmp_path / "{n}.db"), news(tmp_path, 16), 36)


@pytest.mark.postgres
def test_killed_within_postgresql_it_records_the_same(server: str, tmp_path: Path) -> None:
    import psycopg

    names = [f"killed_{os.getpid()}_{n}" for n in range(15)]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
    killed_within(f"{server}/killed_{os.getpid()}_{{n}}", news(tmp_path, 16), 14)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_ctrl_c_keeps_what_is_whole(tmp_path: Path) -> None:
    file, where = news(tmp_path, 400), str(tmp_path / "l.db")
    running = add(file, where)
    for _ in range(300):
        time.sleep(0.1)
        if Path(where).exists() and _documents(where):
            break
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: the workers get it too
    _, err = running.communicate(timeout=30)
    assert running.returncode == 130 and err.strip() == "onrecord: interrupted"
    kept = _documents(where)
    assert 0 < kept < 400
    assert exported(where)


def _documents(where: str) -> int:
    try:
        with Ledger.open(where, read_only=True) as ledger:
            return sum(1 for _ in ledger.entries())
    except LedgerError:
        return 0


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, two megabytes large."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or os.geteuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small file system can only be mounted by root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk(small: Path, tmp_path: Path) -> None:
    file, where = news(tmp_path, 60), str(small / "l.db")
    filler = small / "filler"
    filler.write_bytes(b"x" * 1_450_000)
    running = add(file, where)
    _, err = running.communicate(timeout=120)
    assert running.returncode == 1 and len(err.splitlines()) == 1, err
    assert "full" in err and "what was recorded" in err.lower()
    filler.unlink()
    running = add(file, where)
    _, err = running.communicate(timeout=120)
    assert running.returncode == 0, err
    assert add(file, str(tmp_path / "whole.db")).wait() == 0
    assert exported(where) == exported(str(tmp_path / "whole.db"))


def test_a_full_disk_leaves_no_half_backup(small: Path, tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger:
        for number in range(200):
            ledger.add(story(id=number))
        (small / "filler").write_bytes(b"x" * 1_800_000)
        with pytest.raises(LedgerError, match="full"):
            ledger.backup(small / "copy.db")
        assert [p.name for p in small.iterdir()] == ["filler"]


def test_a_medium_that_may_only_be_read(small: Path) -> None:
    where = str(small / "l.db")
    with Ledger.open(where) as ledger:
        ledger.add(story())
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    with Ledger.open(where, read_only=True) as ledger:
        assert [d.id for d in ledger.documents()] == ["story"]
        (*_, account) = ledger.verify()
        assert not account.problems
    with pytest.raises(LedgerError, match=r"may only be read|cannot be opened"), Ledger.open(where) as ledger:
        ledger.add(story(id="other"))


def archive(*pages: str, host: str = "courier.example") -> bytes:
    """A web archive of pages, a gzip member each."""
    made = b""
    for number, words in enumerate(pages):
        body = f"<html><head><title>T</title></head><body><article><h1>T</h1><p>{words}</p></article></body></html>"
        http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://{host}/{number}\r\n"
            "WARC-Date: 2016-09-13T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1b1c0f0e-0000-4000-8000-{number:012d}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        ).encode()
        made += gzip.compress(head + http + b"\r\n\r\n")
    return made


def test_corrupt_inputs_among_good_ones_cost_only_themselves(tmp_path: Path) -> None:
    words = (
        "The port denied on Monday that wages had been cut. “We will pay,” Ilse Kamara told reporters in Sella. " * 6
    )
    folder = tmp_path / "in"
    folder.mkdir()
    news(folder, 5)
    (folder / "a-good.txt").write_text(words)
    (folder / "b-broken.jsonl").write_bytes(
        b'{"id": 1, "text": "' + words.encode() + b'"}\n{"id": 2, "te\n\xff\xfe\n[]\n'
    )
    (folder / "c-noise.pdf").write_bytes(b"%PDF-1.4\n" + os.urandom(500))
    whole = archive(words, words + "More.", words + "Yet more.")
    (folder / "d-cut.warc.gz").write_bytes(whole[:-60])
    (folder / "e-bomb.warc.gz").write_bytes(archive(words + "Before.", "x" * 30_000_000, host="gazette.example"))
    (folder / "f-noise.html").write_bytes(b"\x00\x01" * 300)
    (folder / "g-empty.xml").write_text("")
    (folder / "h-good.txt").write_text(words + "The end.")
    where = str(tmp_path / "l.db")
    running = add(folder, where)
    _, err = running.communicate()
    assert running.returncode == 3, err
    assert ": 11 added" in err and "9 skipped" in err, err
    with Ledger.open(where) as ledger:
        ids = [str(d.id) for d in ledger.documents()]
        before = everything(ledger)
    assert str(folder / "a-good.txt") in ids and str(folder / "h-good.txt") in ids and "n4" in ids
    running = add(folder, where)
    _, err = running.communicate()
    assert running.returncode == 3 and "11 unchanged" in err
    with Ledger.open(where) as ledger:
        assert everything(ledger) == before


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_line_of_a_gigabyte_is_skipped_and_not_held(tmp_path: Path) -> None:
    """The line is as long as the limit a hundred times over; what counts is that memory stays where it is."""
    file = tmp_path / "long.jsonl"
    with file.open("wb") as out:
        out.write(b'{"id": "a", "text": "The port denied it on Monday, Ilse Kamara said."}\n{"id": "b", "text": "')
        out.seek(1_000_000_000, os.SEEK_CUR)  # a hole: takes no room on the disk
        out.write(b'"}\n{"id": "c", "text": "The mayor said the quay was safe for everybody."}\n')
    code = (
        "import re, sys; from onrecord.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1], file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "add", str(file), "--ledger", str(tmp_path / "l.db"), "--workers", "1"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 3, done.stderr
    assert "long.jsonl:2: more than 10,000,000 bytes" in done.stderr and "2 added" in done.stderr
    assert int(done.stderr.splitlines()[-1]) < 400_000, "kilobytes at the most"


def test_a_document_removed_in_the_middle_of_a_run_stays_out(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.db") as ledger, Ledger.open(tmp_path / "l.db") as other:
        ledger.add(story())
        edited = Document("story", "The port denied it. Twice.")
        with ledger.recorder("test") as recorder:
            assert not recorder.unchanged(edited)
            recorder.add(edited)
            other.remove("story", by="desk", reason="court order")
            (became,) = recorder.flush()
        assert "court order" in str(became)
        assert list(ledger.documents()) == []
