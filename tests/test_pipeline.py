"""The whole way: files, folders, standard input, texts in memory; statements are added, errors are yielded."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from onrecord import pipeline
from onrecord.errors import (
    DocumentError,
    EmptyDocument,
    FetchError,
    OnrecordError,
    TooLarge,
    UnreadableDocument,
    UsageError,
    WrongLanguage,
)
from onrecord.model import Document, Span, Statement
from onrecord.pipeline import read, read_many, read_text
from onrecord.settings import ReadOptions

STORY = "Fishing pact is dead, Oslo says\n\nThe minister said that the pact was dead.\n"
PAGES = Path(__file__).parent / "fixtures" / "pages"


@pytest.fixture(autouse=True)
def extractor(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """A stand-in: the first five characters are a statement. Gives the arguments that it was called with."""
    calls: list[tuple[Any, ...]] = []

    def read_statements(*given: Any) -> tuple[tuple[Statement, ...], Any]:
        calls.append(given)
        return (Statement("s1", (Span(0, 5),)),), SimpleNamespace(words=SimpleNamespace(text=STORY))

    module, identify, qualify = (ModuleType(f"onrecord.{name}") for name in ("extract", "identify", "qualify"))
    module.read_statements = read_statements  # type: ignore[attr-defined]
    identify.view_of = lambda _text, reading: reading  # type: ignore[attr-defined]
    identify.identified = qualify.qualified = lambda document, _view: document  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "onrecord.extract", module)
    monkeypatch.setitem(sys.modules, "onrecord.identify", identify)
    monkeypatch.setitem(sys.modules, "onrecord.qualify", qualify)
    return calls


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.txt").write_text(STORY)
    (tmp_path / "a.jsonl").write_text('{"id": 1, "text": "He said so."}\n{"id": 2}\n{"id": 3, "text": "He left."}\n')
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / ".hidden.txt").write_text(STORY)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "c.txt").write_text(STORY)
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "c.MD").write_text(STORY)
    (tmp_path / "deep" / "empty.html").write_text("")
    return tmp_path


def test_one_file(folder: Path) -> None:
    document = read(folder / "b.txt")
    assert document.id == str(folder / "b.txt")
    assert document.text == STORY
    assert document.title == "Fishing pact is dead, Oslo says"
    assert [statement.id for statement in document.statements] == ["s1"]
    assert read(str(folder / "b.txt")) == document


def test_a_path_keeps_the_form_it_was_given_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert read("b.txt").id == "b.txt"
    assert read("./b.txt").id == "./b.txt"


def test_extraction_can_be_left_out_and_its_options_are_handed_on(
    folder: Path, extractor: list[tuple[Any, ...]]
) -> None:
    assert read(folder / "b.txt", extract=False).statements == ()
    assert extractor == []
    options: Any = SimpleNamespace(nested=False)
    document = read(folder / "b.txt", extract_options=options)
    assert [given[1:] for given in extractor] == [(options,)]
    assert extractor[0][0].id == document.id
    read(folder / "b.txt")
    assert extractor[-1][1] is None


def test_what_read_raises(folder: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file"):
        read(folder / "none.txt")
    with pytest.raises(UsageError, match="this is a folder"):
        read(folder)
    with pytest.raises(UsageError, match="several documents"):
        read(folder / "a.jsonl")
    with pytest.raises(UnreadableDocument, match="a PNG picture"):
        read(folder / "picture.png")
    with pytest.raises(EmptyDocument):
        read(folder / "deep" / "empty.html")
    with pytest.raises(TooLarge, match="more than 10 bytes"):
        read(folder / "b.txt", options=ReadOptions(max_bytes=10))
    with pytest.raises(FetchError, match="only http and https"):
        read("ftp://a.example/story")


def test_a_folder_in_order_without_hidden_files_and_with_errors_in_place(folder: Path) -> None:
    found = list(read_many([folder]))
    names = [o.where if isinstance(o, DocumentError) else o.id for o in found]
    assert names == [
        1,
        f"{folder}/a.jsonl:2",
        3,
        f"{folder}/b.txt",
        f"{folder}/deep/empty.html",
        f"{folder}/deep/er/c.MD",
    ]
    assert [isinstance(o, DocumentError) for o in found] == [False, True, False, False, True, False]
    assert all(document.statements for document in found if isinstance(document, Document))


def test_one_bad_source_never_stops_the_others(folder: Path) -> None:
    (folder / "german.txt").write_text(
        "Der Minister sagte am Dienstag, die Verhandlungen mit den Inseln seien gescheitert."
    )
    sources = ["none.txt", "german.txt", "gopher://x", "nul\0", "http://127.0.0.1:9/", "b.txt", "b.txt"]
    found = list(read_many([s if "://" in s else str(folder / s) for s in sources]))
    assert [type(o) for o in found] == [
        UnreadableDocument,
        WrongLanguage,
        FetchError,
        UnreadableDocument,
        FetchError,
        Document,
        Document,
    ]
    assert "there is no such file" in str(found[0])


def test_a_folder_with_nothing_to_read(tmp_path: Path) -> None:
    (error,) = read_many([tmp_path])
    assert isinstance(error, EmptyDocument)
    assert ".jsonl" in str(error)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(folder: Path) -> None:
    (folder / "b.txt").chmod(0)
    (error,) = read_many([folder / "b.txt"])
    assert "Permission denied" in str(error)


def test_an_unknown_extension_is_sniffed(folder: Path) -> None:
    (folder / "story.aspx").write_bytes((PAGES / "wire.html").read_bytes())
    assert read(folder / "story.aspx").outlet == "Northwire"
    (folder / "story").write_text(STORY)
    assert read(folder / "story").text == STORY
    (folder / "story.json").write_text('{\n "id": 1,\n "text": "He said so."\n}')
    with pytest.raises(UnreadableDocument, match="not JSON Lines"):
        read(folder / "story.json")


@pytest.mark.parametrize("name", ["wire.html", "table.html"])
def test_standard_input_is_sniffed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_stdin", lambda: io.BytesIO((PAGES / name).read_bytes()))
    document = read("-")
    assert document.id == "stdin"
    assert document.provenance is not None
    assert document.provenance.reader == "html"


def test_json_lines_stream_from_standard_input() -> None:
    """The first record comes out before the second was sent."""
    program = (
        "import sys\nfrom onrecord.pipeline import read_many\n"
        "for document in read_many(['-'], extract=False):\n    print(document.id, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        filler = b" " * 20_000
        process.stdin.write(b'{"id": 1, "text": "The envoy said that it was so."}' + filler + b"\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"1\n"
        process.stdin.write(b'{"id": 2, "text": "He left."}\n')
        process.stdin.close()
        assert process.stdout.read() == b"2\n"


def test_a_text_in_memory() -> None:
    document = read_text(
        "The envoy said so.", id=7, title="T", outlet="O", date="Nov. 21, 2023", url="https://a.example"
    )
    assert (document.id, document.title, document.outlet, document.date) == (7, "T", "O", "2023-11-21")
    assert document.statements
    assert read_text("The envoy said so.", extract=False).statements == ()
    with pytest.raises(UsageError, match="03/04/2024"):
        read_text("The envoy said so.", date="03/04/2024")
    with pytest.raises(EmptyDocument):
        read_text(" \n")


def test_the_environment_counts_unless_options_are_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_MAX_BYTES", "10")
    with pytest.raises(TooLarge):
        read(folder / "b.txt")
    assert read(folder / "b.txt", options=ReadOptions()).text == STORY
    monkeypatch.setenv("ONRECORD_MAX_BYTES", "ten")
    with pytest.raises(OnrecordError, match="ONRECORD_MAX_BYTES"):
        read(folder / "b.txt")


@pytest.mark.parametrize("module", ["onrecord.pipeline", "onrecord.settings", "onrecord.readers"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    program = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"trafilatura", "lxml", "httpx", "py3langid", "charset_normalizer", "dateutil", "numpy", "onnxruntime"}
    assert heavy & set(loaded) == set()
