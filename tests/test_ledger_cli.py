"""The commands of the ledger, from the command line, with the real extractor on short texts."""

from __future__ import annotations

import gzip
import json
import os
import re
import stat
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from consoles import Console, Done
from onrecord.ledger import Ledger

STORY = (
    "Pilots to go on with talks\n\n“The pilots will not strike before Friday,” the union's chair, Ilse Kamara, said. "
    "The port denied that wages had been cut.\n"
)
WIRE = "The mayor of Sella said on Monday that the quay was safe. “Nobody will drown here,” Anton Ruz told reporters.\n"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Console:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in [name for name in os.environ if name.startswith("ONRECORD_")]:
        monkeypatch.delenv(name)
    news = tmp_path / "news"
    news.mkdir()
    (news / "story.txt").write_text(STORY, encoding="utf-8")
    (news / "wires.jsonl").write_text(json.dumps({"id": "w1", "text": WIRE, "title": "Quay"}) + "\n", encoding="utf-8")
    return Console(capfd)


def add(run: Console, *sources: str) -> Done:
    return run("add", *sources, "--workers", "1")


def first_id(run: Console, words: str) -> str:
    with Ledger.open(read_only=True) as ledger:
        for document in ledger.documents():
            for statement in document.statements:
                if words in statement.content[0].of(document.text):
                    return statement.id
    raise AssertionError(f"nobody says {words}")


def test_add_tells_what_became_of_all(run: Console) -> None:
    Path("news/empty.txt").write_text(" ")
    Path("news/noise.txt").write_bytes(b"\x00\x01\x02" * 50)
    done = add(run, "news")
    assert done.code == 3 and done.out == ""
    assert done.err.splitlines()[-1].startswith("onrecord: 2 added (")
    assert done.err.splitlines()[-1].endswith("; 2 skipped: 1 empty, 1 unreadable")
    again = add(run, "news", "-q")
    assert again.code == 3 and len(again.err.splitlines()) == 2, "quiet: only what was skipped"
    Path("news/story.txt").write_text(STORY.replace("not strike", "strike"), encoding="utf-8")
    done = add(run, "news/*.txt", "news/**/*.jsonl")
    assert done.err.splitlines()[-1].startswith("onrecord: 1 revised, 1 unchanged (")
    assert Path("onrecord.db").exists() and not Path("onrecord.db-wal").exists()


def test_add_by_workers_gives_the_same(run: Console) -> None:
    add(run, "news")
    assert run("add", "news", "--workers", "2", "--ledger", "other.db").code == 0
    with Ledger.open("onrecord.db") as one, Ledger.open("other.db") as other:
        assert list(one.documents()) == list(other.documents())


def test_add_reads_archives_and_feeds(run: Console) -> None:
    body = f"<html><head><title>Quay</title></head><body><article><h1>Quay</h1><p>{WIRE}</p><p>{STORY}</p></article>"
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://courier.example/quay\r\n"
        "WARC-Date: 2016-09-13T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1b1c0f0e-0000-4000-8000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    ).encode()
    Path("crawl.warc.gz").write_bytes(gzip.compress(head + http + b"\r\n\r\n"))
    assert add(run, "crawl.warc.gz").code == 0
    assert "1 unchanged" in add(run, "crawl.warc.gz").err
    shown = run("show", first_id(run, "Nobody will drown"), "-f", "json").lines[0]
    provenance = shown["provenance"]
    assert isinstance(provenance, dict)
    assert (provenance["key"], provenance["captured"]) == ("https://courier.example/quay", "2016-09-13T10:00:00Z")
    assert provenance["record"] == "urn:uuid:1b1c0f0e-0000-4000-8000-000000000001" and provenance["reader"] == "warc"


def test_show_a_statement(run: Console) -> None:
    add(run, "news")
    identity = first_id(run, "The pilots will not strike")
    done = run("show", identity[:8])
    assert done.code == 0 and done.err == ""
    for words in (
        "Ilse Kamara", "will not strike before Friday", "Context", "the words that were recorded are those of the stored",
        "the stored text has it", "news/story.txt", "revision 1 of 1", "To cite", identity, "as reported by an outlet",
    ):  # fmt: skip
        assert words in " ".join(done.out.split()), words
    (made,) = run("show", identity.upper(), "--format", "json").lines
    proof, text = made["proof"], Path("news/story.txt").read_text(encoding="utf-8")
    assert isinstance(proof, dict)
    assert proof["same"] is True and proof["text_same"] is True
    for piece in proof["slices"]:
        assert text[piece["start"] : piece["end"]] == piece["words"]
    cited = str(made["citation"])
    assert str(proof["text_sha256"]) in cited
    assert cited.startswith(
        "Ilse Kamara, as reported by an outlet that is not stated (verbatim) — said: “The pilots will"
    )
    assert "date not stated" in cited and "found by a program (score 0." in cited
    run("correct", identity, "act=deny", "--by", "ada", "--why", "the tape")
    (made,) = run("show", identity, "--format", "json").lines
    assert str(made["citation"]).endswith("corrected by ada.")


def test_show_of_a_nested_statement_names_who_relays_it(run: Console) -> None:
    Path("nested.txt").write_text(
        "The trade minister, Adaeze Okafor, said that the islanders had agreed to open the harbour.", encoding="utf-8"
    )
    add(run, "nested.txt")
    out = run("show", first_id(run, "open the harbour")).out
    with Ledger.open() as ledger:
        inner = [s for s in ledger.document("nested.txt").document.statements if s.parent]
    assert inner, "the extractor finds the promise within"
    out = run("show", inner[0].id).out
    assert "Adaeze Okafor" in out.split("Context")[0]
    assert "according to Adaeze Okafor" in " ".join(out.split("To cite")[1].split())


def test_show_a_document_in_every_format(run: Console) -> None:
    add(run, "news")
    text = run("show", "news/story.txt").out
    assert first_id(run, "The pilots will")[:8] in text
    assert len(run("show", "w1", "-f", "jsonl").lines) >= 2
    assert run("show", "w1", "-f", "json").lines[0]["title"] == "Quay"
    assert run("show", "w1", "-f", "html", "-o", "w1.html").code == 0
    assert "Who says what" in Path("w1.html").read_text(encoding="utf-8")


def test_show_revisions(run: Console) -> None:
    add(run, "news")
    Path("news/story.txt").write_text(STORY.replace("will not strike", "may strike"), encoding="utf-8")
    add(run, "news")
    out = run("show", "news/story.txt", "--revisions").out
    assert "Revision 2 of 2" in out and "[-will not-]" in out and "{+may+}" in out
    first, second = run("show", "news/story.txt", "--revisions", "-f", "json").lines
    assert first["changes"] == [] and second["revision"] == 2
    changes = second["changes"]
    assert isinstance(changes, list)
    (edited,) = [change for change in changes if change["edited"]]
    assert {"kind": "added", "words": "may"} in edited["words"]
    assert "may strike" in edited["after"]["content_text"]


def test_what_is_not_there_is_wrong_use(run: Console) -> None:
    assert (done := run("show", "x")).code == 2 and "onrecord.db: there is no ledger" in done.err
    add(run, "news")
    for arguments, message in (
        (("show", "nothing"), "neither a document nor a statement"),
        (("show", "abcd"), "neither a document nor a statement"),
        (("show", "nothing", "--revisions"), "no such document"),
        (("show", "w1", "--revisions", "-f", "html"), "text or json"),
        (("remove", "nothing", "--by", "a", "--reason", "b"), "no such document"),
        (("remove", "w1"), "give --reason and --by"),
        (("correct", "w1", "act=deny", "--by", "a", "--why", "b"), "no statement whose id begins so"),
        (("correct", "w1", "--by", "a", "--why", "b"), "FIELD=VALUE"),
        (("correct", "w1", "act", "--by", "a", "--why", "b"), "FIELD=VALUE"),
        (("correct", "9", "--withdraw", "--by", "a", "--why", "b"), "none of that number"),
        (("reread", "nothing"), "no such document"),
        (("add", "none.txt"), "no such file"),
        (("add", "news", "--ledger", "none/l.db"), "no folder"),
        (("backup", "onrecord.db"), "is there already"),
        (("corrections", "nothing"), "no such document"),
    ):
        done = run(*arguments)
        assert done.code == 2 and message in done.err and done.out == "", arguments
        assert len(done.err.splitlines()) == 1


def test_correct_and_corrections(run: Console) -> None:
    add(run, "news")
    identity = first_id(run, "wages had been cut")
    assert (
        run("correct", identity[:10], "speaker=Port of Sella", "act=deny", "--by", "ada", "--why", "the paper").code
        == 0
    )
    shown = run("show", identity).out
    assert "Port of Sella" in shown and "(ada, " in shown
    assert run("correct", identity, "act=deny", "--by", "bo", "--why", "heard it").code == 0
    shown = " ".join(run("show", identity).out.split())
    assert "act: “deny”, confirmed (bo, " in shown and "corrected by ada, checked by bo." in shown
    again = run("correct", identity, "act=deny", "--by", "bo", "--why", "once more")
    assert again.code == 2 and "act=deny: bo said so before" in again.err
    (first, *_) = run("corrections", "-f", "jsonl").lines
    assert (first["field"], first["value"], first["by"], first["why"]) == (
        "speaker",
        "Port of Sella",
        "ada",
        "the paper",
    )
    assert run("correct", "1", "--withdraw", "--by", "bo", "--why", "no").code == 0
    assert "Port of Sella" not in run("show", identity).out
    assert "withdrawn" in run("corrections").out
    assert run("corrections", "--waiting").out == ""
    page = run("show", "news/story.txt", "-f", "jsonl").lines
    assert all("reviews" in record for record in page)


def test_verify_says_what_does_not_hold(run: Console) -> None:
    import sqlite3

    add(run, "news")
    done = run("verify")
    assert done.code == 0 and done.out == "" and "all hold" in done.err
    raw = sqlite3.connect("onrecord.db")
    with raw:
        raw.execute("UPDATE statement SET content = 'other words' WHERE number = 1")
    raw.close()
    done = run("verify")
    assert done.code == 1 and "not the slice" in done.out and "1 problem" in done.err


def test_backup_and_remove(run: Console) -> None:
    add(run, "news")
    assert run("backup", "copy.db").code == 0
    assert run("verify", "--ledger", "copy.db").code == 0
    assert run("remove", "w1", "--by", "desk", "--reason", "court order").code == 0
    done = add(run, "news")
    assert done.code == 3 and "was removed from the ledger" in done.err and "court order" in done.err
    assert run("remove", "w1", "--lift").code == 0
    assert "1 revised, 1 unchanged" in add(run, "news").err


def test_reread_with_another_extractor(run: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    add(run, "news")
    assert "nothing recorded" in run("reread", "--workers", "1").err
    monkeypatch.setattr("onrecord.pipeline.extractor_version", lambda: "onrecord 99")
    assert run("reread", "w1", "--workers", "1").err.startswith("onrecord: 1 extracted")
    assert run("reread", "--workers", "2").err.startswith("onrecord: 1 extracted")
    assert "nothing recorded" in run("reread", "--workers", "1").err
    assert "onrecord 99" in run("show", first_id(run, "Nobody will drown")).out


def test_records_that_a_person_edited_come_back_as_corrections(run: Console) -> None:
    add(run, "news")
    records = run("show", "w1", "-f", "jsonl").lines
    records[0]["speaker"] = "Mayor Ruz"
    records[0]["cue"] = []
    Path("edited.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    done = run("import-annotations", "edited.jsonl", "--by", "ada", "--why", "checked")
    assert done.code == 0 and "1 corrected, 0 added" in done.err
    back = run("show", "w1", "-f", "jsonl").lines
    assert back[0]["speaker"] == "Mayor Ruz" and back[0]["cue"] == []
    assert "0 corrected, 0 added" in run("import-annotations", "edited.jsonl", "--by", "ada", "--why", "checked").err


def test_a_record_that_is_rejected_stays_so_when_it_comes_again(run: Console) -> None:
    add(run, "news")
    records = run("show", "w1", "-f", "jsonl").lines
    Path("edited.jsonl").write_text(json.dumps(records[0] | {"rejected": True}) + "\n", encoding="utf-8")
    for told in ("1 corrected, 0 added", "0 corrected, 0 added"):
        assert told in run("import-annotations", "edited.jsonl", "--by", "ada", "--why", "a pun").err
        assert records[0]["id"] not in [r["id"] for r in run("show", "w1", "-f", "jsonl").lines]
    Path("edited.jsonl").write_text(json.dumps(records[0]) + "\n", encoding="utf-8")
    run("import-annotations", "edited.jsonl", "--by", "bo", "--why", "no pun")
    assert records[0]["id"] in [r["id"] for r in run("show", "w1", "-f", "jsonl").lines]


def test_brat_annotations_correct_and_add(run: Console) -> None:
    Path("news/story.txt").write_text("The port denied it.\nRain fell, Ilse Kamara thought aloud.\n", encoding="utf-8")
    add(run, "news")
    Path("brat").mkdir()
    Path("brat/a.txt").write_bytes(Path("news/story.txt").read_bytes())
    Path("brat/a.ann").write_text(
        "T1\tSource 0 8\tThe port\nT2\tCue 9 15\tdenied\nT3\tContent 16 18\tit\n"
        "T4\tSource 31 42\tIlse Kamara\nT5\tCue 43 56\tthought aloud\nT6\tContent 20 29\tRain fell\n"
        "E1\tAttribution:T2 Source:T1 Content:T3\nE2\tAttribution:T5 Source:T4 Content:T6\n",
        encoding="utf-8",
    )
    Path("brat/b.ann").write_text("T1\tSource 0 8\tThe port\n")
    Path("brat/c.jsonl").write_text('{"id": "c", "text": "Unknown.", "attributions": []}\n{"id": 3}\nno\n')
    done = run("import-annotations", "brat", "--by", "ada", "--why", "second reading", "--complete")
    assert done.code == 3, done.err
    assert "b.txt is not beside it" in done.err and "no document with this text" in done.err
    assert (
        "neither a document" in done.err
        and "not JSON" in done.err
        and done.err.rstrip().endswith("4 skipped: 4 unreadable")
    )
    found = run("show", "news/story.txt", "-f", "jsonl").lines
    assert [(r["source_text"], r["cue_text"], r["content_text"]) for r in found] == [
        ("The port", "denied", "it"),
        ("Ilse Kamara", "thought aloud", "Rain fell"),
    ]
    again = run("import-annotations", "brat/a.ann", "--by", "ada", "--why", "second reading")
    assert "0 corrected, 0 added, 2 as they were" in again.err


def test_a_ledger_in_the_environment(run: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_LEDGER", "desk.db")
    add(run, "news", "--collection", "wires")
    assert Path("desk.db").exists() and run("show", "w1", "--collection", "wires").code == 0
    assert run("show", "w1", "--collection", "other").code == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_ledger_that_may_only_be_read(run: Console, tmp_path: Path) -> None:
    add(run, "news")
    Path("onrecord.db").chmod(stat.S_IRUSR)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert run("verify").code == 0
        done = add(run, "news")
        assert done.code == 1 and "may only be read" in done.err
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_export_and_list(run: Console) -> None:
    add(run, "news")
    every = run("export").lines
    assert {r["document"] for r in every} == {"news/story.txt", "w1"}
    identity = str(every[0]["id"])
    run("correct", identity, "rejected=yes", "--by", "ada", "--why", "no")
    assert identity not in [r["id"] for r in run("export", "--format", "jsonl").lines]
    assert {r["document"] for r in run("export", "w1").lines} == {"w1"}
    assert run("export", "nothing").code == 2
    assert run("export", "-f", "csv", "-o", "all.csv").code == 0 and Path("all.csv").stat().st_size
    assert run("export", "-f", "html", "-o", "pages/").code == 0 and Path("pages/index.html").exists()
    listed = run("list", "-f", "jsonl").lines
    assert [(d["id"], d["revisions"]) for d in listed] == [("news/story.txt", 1), ("w1", 1)]
    out = run("list").out
    assert "w1" in out and "Quay" in out and "revision 1 of 1" in out


def test_export_what_filters_let_through(run: Console) -> None:
    add(run, "news")
    every = run("export").lines
    denied = run("export", "--act", "deny").lines
    assert denied and len(denied) < len(every)
    assert {r["act"] for r in denied if r["parent"] is None} == {"deny"}
    assert {r["document"] for r in run("export", "--query", "quay").lines} == {"w1"}
    assert [d["id"] for d in run("export", "--speaker", "ruz", "-f", "json").lines] == ["w1"]
    assert run("export", "--speaker", "nobody", "-o", "none.jsonl").code == 0
    assert Path("none.jsonl").read_text() == ""
    done = run("export", "w1", "--query", "quay")
    assert done.code == 2 and "not both" in done.err
    assert run("export", "-q").err == ""


def test_corrections_show_on_the_page_and_in_the_terminal(run: Console) -> None:
    add(run, "news")
    run("correct", first_id(run, "The pilots"), "speaker=Bo Ek", "--by", "ada <b>", "--why", "the tape")
    assert "speaker: “Bo Ek”, was “Ilse Kamara” (ada <b>, " in " ".join(run("show", "news/story.txt").out.split())
    page = run("show", "news/story.txt", "-f", "html").out
    assert "<dt>Corrected</dt><dd>speaker: “Bo Ek”, was “Ilse Kamara” (ada &lt;b&gt;, " in page


class Courier(BaseHTTPRequestHandler):
    words = "will not strike"

    def do_GET(self) -> None:
        head, talk = STORY.split("\n\n")
        words = f"<h1>{head}</h1><p>{talk.replace('will not strike', self.words)}</p><p>{WIRE}</p><p>{WIRE}</p>"
        body = f"<html><head><title>{head}</title></head><body><article>{words}</article></body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


def test_a_page_that_is_edited_is_a_revision(run: Console) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Courier)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/story"
    try:
        assert "1 added" in add(run, url, "--allow-private").err
        assert "1 unchanged" in add(run, url + "#top", "--allow-private").err
        Courier.words = "may strike"
        assert "1 revised" in add(run, url, "--allow-private").err
    finally:
        Courier.words = "will not strike"
        server.shutdown()
        server.server_close()
    assert "[-will not-] {+may+}" in " ".join(run("show", url, "--revisions").out.split())


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal")
def test_a_terminal_sees_how_far_it_is(run: Console, tmp_path: Path) -> None:
    import pty
    import subprocess
    import sys

    rows = [{"id": n, "text": f"{STORY} {n}"} for n in range(60)]
    Path("many.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "onrecord", "add", "many.jsonl", "--workers", "1"]
    running = subprocess.Popen(command, stderr=theirs, stdout=subprocess.DEVNULL, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(mine, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(mine)
    assert running.wait() == 0
    assert re.search(rb"\d+ documents, [\d.]+/s", seen) and re.search(rb"0:00:\d\d", seen)
    assert b"60 added" in seen


def test_search_in_every_format(run: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    add(run, "news")
    done = run("search", "strike before -drown")
    assert done.code == 0 and done.err == "onrecord: 1 statement\n"
    out = " ".join(done.out.split())
    for words in (
        "Ilse Kamara",
        "Pilots to go on",
        "will not strike before Friday",
        "as reported by an outlet",
        "SHA-256",
    ):
        assert words in out, words
    (hit,) = run("search", "strike", "--speaker", "kamara", "-f", "jsonl").lines
    assert hit["speaker"] == "Ilse Kamara" and hit["chain"] == []
    text = Path("news/story.txt").read_text(encoding="utf-8")
    found = hit["found"]
    assert isinstance(found, list) and [text[a:b] for a, b in found] == ["strike"]
    (same,) = json.loads(run("search", "strike", "-f", "json").out)
    assert same == hit
    assert len(run("search", "strike", "-f", "csv").out.splitlines()) == 2
    assert run("search", "--act", "deny").err.startswith("onrecord: 1 statement")
    assert run("search", "zebra").err == "onrecord: 0 statements\n"
    assert "1 of " in run("search", "--limit", "1", "--min-score", "0.1").err
    monkeypatch.setattr("onrecord.cli.ledger.search.COUNTED", 1)
    assert run("search", "--limit", "1").err == "onrecord: 1 of more than 1 statements\n"
    assert run("search", "--limit", "2").err == "onrecord: 2 of more than 2 statements\n"
    assert "The first 1 of more than 1 statements." in run("search", "--limit", "1", "-f", "html").out
    assert "The first 2 of more than 2 statements." in run("search", "--limit", "2", "-f", "html").out
    assert re.search(r">[3-9] statements\.<", run("search", "--limit", "30", "-f", "html").out)
    assert re.fullmatch(r"onrecord: [3-9] statements\n", run("search", "--limit", "30").err)
    monkeypatch.setattr("onrecord.ledger.RANKED", 1)
    told = "onrecord: 1 of more than 1 statements, the best of the latest 1\n"
    assert run("search", "w*", "--limit", "1").err == told
    assert run("search", "w*", "--limit", "1", "--sort", "date").err == told.partition(",")[0] + "\n"
    for wrong, message in (
        (("--since", "soon"), "write a day"),
        (("-strike",), "no such option"),
        (("--", "-strike"), "no word to look for"),
        (("--act", "sing"), "is none"),
    ):
        done = run("search", *wrong)
        assert done.code == 2 and message in done.err.lower(), wrong


def test_who_speaks_and_when(run: Console) -> None:
    for number, day in enumerate(("2024-05-06", "2024-05-07", "2024-06-11")):
        words = f"Ilse Kamara, the union's chair, said on Monday that ship {number} was safe. The port denied it."
        row = {"id": number, "text": words, "date": day, "outlet": "=Courier" if number else "Gazette"}
        with Path("dated.jsonl").open("a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")
    add(run, "dated.jsonl")
    rows = run("speakers", "-f", "jsonl").lines
    assert {"speaker": "Ilse Kamara", "statements": 3, "documents": 3, "outlets": 2}.items() <= rows[0].items()
    assert (rows[0]["first"], rows[0]["last"]) == ("2024-05-06", "2024-06-11")
    assert "Ilse Kamara" in run("speakers").out and "named_person" in run("speakers").out
    assert json.loads(run("speakers", "--until", "2024-05-06", "-f", "json").out)[0]["statements"] == 1
    said = run("timeline", "-f", "jsonl").lines
    assert [(r["said"], r["statements"]) for r in said] == [("2024-05-06", 2), ("2024-06-10", 1)]
    assert [r["said"] for r in run("timeline", "--by", "month", "-f", "jsonl").lines] == ["2024-05", "2024-06"]
    assert "2024-05-06  2  ██████" in run("timeline").out
    assert run("timeline", "zebra").out == "no statement has a day\n"
    months = run("stats", "-f", "jsonl").lines
    assert [(m["outlet"], m["month"], m["documents"]) for m in months] == [
        ("=Courier", "2024-05", 1), ("=Courier", "2024-06", 1), ("Gazette", "2024-05", 1),
    ]  # fmt: skip
    assert months[0]["source_types"] and months[0]["anonymous_share"] == 0
    assert "'=Courier" in run("stats", "-f", "csv").out, "no spreadsheet runs it"
    out = run("stats").out
    assert "Gazette · 2024-05 · 1 documents" in out and "acts: " in out
    assert run("speakers", "zebra").out == "nothing\n"


def test_one_speaker(run: Console) -> None:
    add(run, "news")
    out = run("speaker", "kamara").out
    assert out.startswith("Ilse Kamara\n") and "titles: union's chair" in out and "will not strike" in out
    made = json.loads(run("speaker", "Ilse Kamara", "-f", "json").out)
    assert made["speaker"] == "Ilse Kamara" and len(made["statements"]) == made["source_types"][0]["statements"]
    assert [r["speaker"] for r in run("speaker", "kamara", "-f", "jsonl").lines] == ["Ilse Kamara"] * len(
        made["statements"]
    )
    done = run("speaker", "zebra")
    assert done.code == 2 and "nobody of this name" in done.err
    Path("two.txt").write_text("Anna Kamara said the ship was safe. She said it again, and Anna Kamara smiled.\n")
    add(run, "two.txt")
    done = run("speaker", "kamara")
    assert done.code == 2 and "Anna Kamara, Ilse Kamara" in done.err.replace(
        "Ilse Kamara, Anna Kamara", "Anna Kamara, Ilse Kamara"
    )
