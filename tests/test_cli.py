from __future__ import annotations

import csv
import io
import json
import logging
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import consoles
import onrecord.pipeline
from onrecord.errors import EmptyDocument, ModelError, TooLarge, UsageError
from onrecord.exports.files import slug, whole_file, whole_folder
from onrecord.model import Document
from sample_documents import all_samples, crossing, fishing_pact

BAD = EmptyDocument("b.txt", "there is no text", "is it the right file?")


class Console(consoles.Console):
    """Runs the command line in this process, with a pipeline that gives what it is told to."""

    def __init__(self, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(capfd)
        self.results: list[Any] = [fishing_pact()]
        self.calls: list[dict[str, Any]] = []
        monkeypatch.setattr(onrecord.pipeline, "read_many", self._read_many)

    def _read_many(self, sources: Iterable[str], **options: Any) -> Iterator[Any]:
        self.calls.append({"sources": list(sources), **options})
        for result in self.results:
            if isinstance(result, BaseException) and not isinstance(result, EmptyDocument | TooLarge):
                raise result
            yield result


@pytest.fixture
def run(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Console:
    here = tmp_path_factory.mktemp("here")
    monkeypatch.chdir(here)
    for name in ("x", "a", "folder", "pact.html"):
        (here / name).touch()
    monkeypatch.setenv("COLUMNS", "100")
    for name in [name for name in os.environ if name.startswith("ONRECORD_")]:
        monkeypatch.delenv(name)
    return Console(capfd, monkeypatch)


def test_text_is_the_default(run: Console) -> None:
    done = run("read", "pact.html")
    assert done.code == 0 and done.err == ""
    assert "3.1 The islanders — had agreed to" in done.out


def test_data_formats(run: Console) -> None:
    run.results = [fishing_pact(), crossing()]
    lines = run("read", "x", "-f", "jsonl", "-q").out.splitlines()
    assert len(lines) == 26 and json.loads(lines[0])["source_text"] == "Oslo"
    documents = [json.loads(line) for line in run("read", "x", "--format", "json").out.splitlines()]
    assert [len(one["statements"]) for one in documents] == [23, 3]
    assert len(list(csv.DictReader(io.StringIO(run("read", "x", "--format", "csv").out)))) == 26
    assert run("read", "x", "--format", "html").out.startswith("<!DOCTYPE html>")


def test_options_reach_the_pipeline(run: Console) -> None:
    done = run(
        "read", "a", "b/", "-", "--min-score", "0.9", "--no-nested", "--language", "en", "--max-size", "1.5M",
        "--allow-private",
    )  # fmt: skip
    assert done.code == 0
    (call,) = run.calls
    assert call["sources"] == ["a", "b/", "-"]
    assert (call["options"].language, call["options"].max_bytes, call["options"].allow_private) == ("en", 1500000, True)
    assert (call["extract_options"].nested, call["extract_options"].min_score) == (False, 0.9)


def test_the_environment_stands_where_the_call_says_nothing(run: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MAX_BYTES", "77")
    run("read", "a")
    assert run.calls[0]["options"].max_bytes == 77
    run("read", "a", "--max-size", "88")
    assert run.calls[1]["options"].max_bytes == 88


def test_skipped_documents_are_told_and_counted(run: Console) -> None:
    run.results = [BAD, fishing_pact(), TooLarge("c.txt", "12 MB is over the limit of 10 MB"), BAD]
    done = run("read", "folder", "--format", "jsonl")
    assert done.code == 3
    assert len(done.out.splitlines()) == 23
    assert done.err.splitlines() == [
        "onrecord: b.txt: there is no text (is it the right file?)",
        "onrecord: c.txt: 12 MB is over the limit of 10 MB",
        "onrecord: b.txt: there is no text (is it the right file?)",
        "onrecord: 1 document, 23 statements; 3 skipped: 2 empty, 1 too large",
    ]
    assert len(run("read", "folder", "--quiet").err.splitlines()) == 3


def test_counts_of_several_documents(run: Console) -> None:
    run.results = all_samples()
    assert run("read", "x").err == "onrecord: 4 documents, 28 statements\n"
    assert run("read", "x", "-q").err == ""


def test_warnings_are_lines(run: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def warns(*_: Any, **__: Any) -> Iterator[Document]:
        logging.getLogger("onrecord.readers.jsonl").warning("%s: the date is\nodd \x1b[1m", "x.jsonl:3")
        yield crossing()

    monkeypatch.setattr(onrecord.pipeline, "read_many", warns)
    assert run("read", "x").err == "onrecord: warning: x.jsonl:3: the date is odd ␛[1m\n"
    assert run("read", "x", "--quiet").err == ""


@pytest.mark.parametrize(
    "arguments, line",
    [
        (["read"], "onrecord: read: Missing argument 'SOURCES...' (try 'onrecord read --help')"),
        (["read", "x", "--min-score", "2"], "onrecord: read: Invalid value for '--min-score'"),
        (["read", "x", "--max-size", "big"], "onrecord: read: Invalid value for '--max-size': 'big' is no size"),
        (["read", "x", "--max-size", "0"], "onrecord: read: Invalid value for '--max-size': '0' is no size"),
        (["read", "x", "--format", "pdf"], "onrecord: read: Invalid value for '-f' / '--format': 'pdf' is not one of"),
        (["read", "x", "--language", "xx"], "onrecord: language 'xx' is not read"),
        (["red"], "onrecord: No such command 'red'"),
        (["--what"], "onrecord: No such option"),
    ],
)
def test_wrong_use_is_one_line_and_2(run: Console, arguments: list[str], line: str) -> None:
    done = run(*arguments)
    assert done.code == 2 and done.out == ""
    assert done.err.startswith(line) and done.err.count("\n") == 1


@pytest.mark.parametrize("error, code", [(ModelError("weights: missing"), 1), (UsageError("x: not there"), 2)])
def test_errors_of_the_run_have_no_traceback(run: Console, error: Exception, code: int) -> None:
    run.results = [crossing(), error]
    done = run("read", "x", "--format", "jsonl")
    assert done.code == code and done.err == f"onrecord: {error}\n"


def test_ctrl_c_is_clean(run: Console, tmp_path: Path) -> None:
    run.results = [crossing(), KeyboardInterrupt()]
    done = run("read", "x", "-f", "jsonl", "-o", str(tmp_path / "out.jsonl"))
    assert done.code == 130
    assert done.err.strip() == "onrecord: interrupted"
    assert list(tmp_path.iterdir()) == []


def test_output_to_a_file(run: Console, tmp_path: Path) -> None:
    file = tmp_path / "out.html"
    done = run("read", "x", "-f", "html", "-o", str(file))
    assert (done.code, done.out, done.err) == (0, "", "")
    assert file.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert [one.name for one in tmp_path.iterdir()] == ["out.html"]


def test_a_failed_run_leaves_the_old_file(run: Console, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("old")
    run.results = [fishing_pact(), ModelError("weights: missing")]
    assert run("read", "x", "-f", "jsonl", "-o", str(file)).code == 1
    assert file.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_folder_that_is_not_there(run: Console, tmp_path: Path) -> None:
    done = run("read", "x", "-o", str(tmp_path / "no" / "out.txt"))
    assert done.code == 2 and "there is no folder" in done.err


@pytest.mark.skipif(os.name != "posix" or not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line(run: Console) -> None:
    done = run("read", "x", "-o", "/dev/full")
    assert done.code == 1 and "No space left" in done.err and done.err.count("\n") == 1


def test_output_to_a_folder_with_an_index(run: Console, tmp_path: Path) -> None:
    run.results = all_samples()
    folder = tmp_path / "pages"
    assert run("read", "x", "-f", "html", "-o", f"{folder}/", "-q").code == 0
    names = sorted(one.name for one in folder.iterdir())
    assert names == ["7.html", "index.html", "pact.html", "plain.html", "x.html"]
    index = (folder / "index.html").read_text("utf-8")
    assert 'href="pact.html">Oslo: Fishing pact' in index and "23 statements" in index
    assert run("read", "x", "-f", "jsonl", "-o", str(folder), "-q").code == 0
    assert (folder / "pact.jsonl").exists() and not (folder / "index.jsonl").exists()


def test_file_names_stay_in_the_folder_and_apart() -> None:
    taken = {"index": 1}
    ids = [
        "a/b.html", "c\\B.txt", "https://x.example/news/b?y=/../z", "..", ".hidden", "index.html", 12, "Ⅻ é", "b-4", "b",
    ]  # fmt: skip
    names = [slug(Document(id=one, text="x"), taken) for one in ids]
    assert names == ["b", "B-2", "b-3", "document", "hidden", "index-2", "12", "Ⅻ-é", "b-4", "b-5"]
    assert len(slug(Document(id="漢" * 300, text="x"), taken).encode()) <= 160
    for _ in range(20_000):  # an archive has many pages of one name
        name = slug(Document(id="a/b", text="x"), taken)
    assert name == "b-20005"


def test_whole_files_and_folders_have_ordinary_rights(tmp_path: Path) -> None:
    file, folder = tmp_path / "out", tmp_path / "new/folder"
    mask = os.umask(0o022)
    try:
        with whole_file(file) as out:
            out.write("x")
        with whole_folder(folder) as waiting:
            (waiting / "a").write_text("x")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755 and [f.name for f in folder.iterdir()] == ["a"]


def test_a_whole_folder_is_there_at_the_end_or_leaves_no_trace(tmp_path: Path) -> None:
    (empty := tmp_path / "empty").mkdir()
    for folder in (empty, tmp_path / "new"):
        before = sorted(tmp_path.iterdir())
        with pytest.raises(KeyboardInterrupt), whole_folder(folder) as waiting:
            (waiting / "part").mkdir()
            assert not folder.exists() or not list(folder.iterdir())
            raise KeyboardInterrupt
        assert sorted(tmp_path.iterdir()) == before
        with whole_folder(folder) as waiting:
            (waiting / "part").mkdir()
        assert [f.name for f in folder.iterdir()] == ["part"]
    with pytest.raises(OSError), whole_folder(empty) as waiting:
        (waiting / "other").mkdir()
    assert [f.name for f in empty.iterdir()] == ["part"] and len(list(tmp_path.iterdir())) == 2


# In a process of its own

ENDLESS = """
import sys, itertools
sys.path.insert(0, {tests!r})
import onrecord.pipeline
from sample_documents import fishing_pact
def read_many(*_, **__):
    for _ in itertools.count():
        yield fishing_pact()
onrecord.pipeline.read_many = read_many
from onrecord.cli import main
main()
"""


def endless(*arguments: str) -> subprocess.Popen[str]:
    script = ENDLESS.format(tests=str(Path(__file__).parent))
    command = [sys.executable, "-c", script, *arguments]
    # a shell's background job ignores interrupts, and so would the programs that it starts
    heard = (lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) if os.name == "posix" else None
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heard)


@pytest.mark.parametrize("format_", ["text", "json", "jsonl", "csv"])
def test_a_reader_that_has_had_enough(format_: str) -> None:
    process = endless("read", __file__, "--format", format_)
    assert process.stdout and process.stderr
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=30) == 0
    assert process.stderr.read() == ""
    process.stderr.close()


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_an_interrupt_from_outside(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    process = endless("read", __file__, "--format", "jsonl", "-o", str(file))
    for _ in range(300):
        if list(tmp_path.iterdir()):
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.strip() == "onrecord: interrupted"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["read", "--help"]])
def test_help_and_version_load_nothing_heavy(arguments: list[str]) -> None:
    """The 0.3 s that they may take are measured in bench/; here, that nothing is loaded that takes long."""
    code = (
        "import sys\nfrom onrecord.cli import main\n"
        "try: main()\n"
        "finally: print(sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout
    for heavy in ["numpy", "onnxruntime", "trafilatura", "lxml", "jinja2", "rich", "httpx", "tokenizers"]:
        assert f"'{heavy}'" not in done.stderr


def test_python_m_onrecord() -> None:
    done = subprocess.run([sys.executable, "-m", "onrecord", "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("onrecord ")


def test_a_path_that_is_not_there_is_wrong_use_unless_others_are(run: Console) -> None:
    done = run("read", "gone.txt", "gone.html")
    assert (done.code, done.out, done.err) == (2, "", "onrecord: gone.txt: there is no such file\n")
    assert run.calls == []
    assert run("read", "gone.txt", "x", "-q").code == 0
    assert run("read", "https://news.example/a", "-q").code == 0
