"""What agencies, feeds, archives and offices send: ninjs, NITF, RSS and Atom, WARC, PDF. All of it is invented."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from onrecord import read_many
from onrecord.errors import DocumentError, EmptyDocument, TooLarge, UnreadableDocument, Withheld
from onrecord.model import Document
from onrecord.readers import READERS, Outcome, Source, is_readable, read_source
from onrecord.readers.pdf import paragraphs
from onrecord.readers.warc import Unzipped
from onrecord.settings import ReadOptions

FIXTURES = Path(__file__).parent / "fixtures" / "readers"


def outcomes(raw: bytes, reader: str | None = None, options: ReadOptions | None = None) -> list[Outcome]:
    found = next((r for r in READERS if r.name == reader), None)
    return list(read_source(Source(io.BytesIO(raw), "here"), options or ReadOptions(), found))


def only(raw: bytes, reader: str | None = None) -> Document:
    (document,) = outcomes(raw, reader)
    assert isinstance(document, Document), document
    return document


def fixture(name: str) -> bytes:
    (path,) = FIXTURES.glob(f"{name}.*")
    return path.read_bytes()


@pytest.mark.parametrize("name", ["pdf", "warc", "nitf", "feed", "ninjs"])
def test_the_first_bytes_tell_the_format(name: str) -> None:
    found = outcomes(fixture(name))
    assert {d.provenance.reader for d in found if isinstance(d, Document) and d.provenance} == {name}


# ninjs


def item(**more: object) -> dict[str, object]:
    body = "The mayor of Port Skarn denied that the quay had been sold.\n\n“Not one stone of it,” he said on Friday."
    return {"uri": "urn:wire:1", "headline": "Quay not sold", "body_text": body} | more


def test_ninjs_gives_what_the_agency_says_of_its_item() -> None:
    document = only(fixture("ninjs"))
    assert (document.id, document.outlet, document.authors) == (
        "urn:northernwire:20240503:18", "Northern Wire", ("Jonas Lind",),
    )  # fmt: skip
    assert document.date == "2024-05-03T11:00:00+02:00"
    assert document.text.startswith("Mayor denies that the quay was sold\n\nThe mayor of Port Skarn denied")
    (link,) = document.links
    assert (link.span.of(document.text), link.url) == ("Velmar Metals", "https://velmar.example/")


@pytest.mark.parametrize("status", ["withheld", "canceled", "Canceled"])
@pytest.mark.parametrize("key", ["pubstatus", "pubStatus"])
def test_withheld_and_cancelled_items_are_not_read(status: str, key: str) -> None:
    (error,) = outcomes(json.dumps(item(**{key: status})).encode(), "ninjs")
    assert isinstance(error, Withheld)
    assert status.lower() in error.what


@pytest.mark.parametrize("wrap", [lambda i: i, lambda i: {"items": i}, lambda i: {"_items": i}])
def test_several_items_are_several_documents_and_a_bad_one_stops_none(wrap: object) -> None:
    items = [item(), item(uri="urn:wire:2", body_text=None), item(uri="urn:wire:3")]
    first, bad, third = outcomes(json.dumps(wrap(items)).encode(), "ninjs")  # type: ignore[operator]
    assert isinstance(first, Document)
    assert isinstance(third, Document)
    assert (first.id, third.id) == ("urn:wire:1", "urn:wire:3")
    assert isinstance(bad, UnreadableDocument)
    assert "here:2" in str(bad)


def test_ninjs_2_has_lists_of_headlines_and_bodies() -> None:
    value = {
        "uri": "urn:wire:2",
        "headlines": [{"role": "short", "value": "Quay"}, {"role": "main", "value": "Quay <not> sold"}],
        "bodies": [
            {"role": "caption", "contentType": "text/plain", "value": "The quay."},
            {"role": "main", "contentType": "text/html", "value": "<p>The mayor said the quay had not been sold.</p>"},
        ],
    }
    document = only(json.dumps(value).encode())
    assert document.text == "Quay <not> sold\n\nThe mayor said the quay had not been sold."


# NITF


def test_nitf_gives_headline_paragraphs_and_note() -> None:
    document = only(fixture("nitf"))
    assert (document.id, document.outlet, document.date) == ("nw-20240503-17", "Northern Wire", "2024-05-03T09:42:00Z")
    assert document.authors == ("Amina Okafor",)
    assert document.text.split("\n\n")[2] == "“There was never a text,” she told reporters. The islanders denied it."
    assert "Trawlers in port" not in document.text
    (note,) = document.notes
    assert note.of(document.text).startswith("Correction:")


@pytest.mark.parametrize("status", ["withheld", "embargoed", "canceled"])
def test_nitf_that_may_not_be_used_is_not_read(status: str) -> None:
    raw = fixture("nitf").replace(b'"usable"', f'"{status}"'.encode())
    (error,) = outcomes(raw, "nitf")
    assert isinstance(error, Withheld)


def test_nitf_resolves_no_entity() -> None:
    raw = b'<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]><nitf><body><p>The mayor said: &x; no.</p></body></nitf>'
    for outcome in outcomes(raw, "nitf"):
        assert isinstance(outcome, DocumentError) or "root:" not in outcome.text


# Feeds


def test_items_of_a_feed_are_documents() -> None:
    first, second = outcomes(fixture("feed"))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.id, first.url, first.outlet) == ("gazette-1001", "https://gazette.example/ferry", "Skarn Gazette")
    assert (first.date, second.date) == ("2024-05-03T09:42Z", "2024-05-04T18:00+02:00")
    assert "A ferry in port" not in first.text
    assert first.links[0].url == "https://gazette.example/union"
    assert second.text.startswith("Dam at Hollin is safe, ministry says\n\nThe dam above Hollin")


def test_atom_is_read_too() -> None:
    raw = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Skarn Gazette</title><entry><id>tag:1</id><title>Ferries</title>'
        '<link href="https://gazette.example/1"/><updated>2024-05-03T09:00:00Z</updated><content type="html">'
        "&lt;p&gt;The crews said they would strike on Monday.&lt;/p&gt;</content></entry></feed>"
    )
    document = only(raw.encode())
    assert (document.id, document.text) == ("tag:1", "Ferries\n\nThe crews said they would strike on Monday.")


def test_a_teaser_is_not_the_article() -> None:
    raw = (
        '<rss version="2.0"><channel><title>Skarn Gazette</title><item><title>Ferries</title><guid>1</guid>'
        "<link>https://gazette.example/1</link><description>The crews are angry.</description></item></channel></rss>"
    )
    (error,) = outcomes(raw.encode())
    assert isinstance(error, EmptyDocument)
    assert "https://gazette.example/1" in str(error)


def test_the_same_guid_twice_is_an_error() -> None:
    raw = fixture("feed").replace(b"<guid>https://gazette.example/dam</guid>", b"<guid>gazette-1001</guid>")
    first, second = outcomes(raw)
    assert isinstance(first, Document)
    assert isinstance(second, UnreadableDocument)


# WARC


def test_pages_of_an_archive_are_documents() -> None:
    bridge, school = outcomes(fixture("warc"))
    assert isinstance(bridge, Document)
    assert isinstance(school, Document)
    assert bridge.id == "urn:uuid:00000000-0000-4000-8000-000000000001"
    assert (bridge.url, bridge.date) == ("https://gazette.example/bridge", "2024-05-04")
    assert school.title == "School roof to be mended"


def members(raw: bytes) -> list[bytes]:
    return [gzip.compress(b"WARC/1.0\r\n" + part) for part in raw.split(b"WARC/1.0\r\n")[1:]]


def test_a_gzipped_archive_gives_the_same() -> None:
    raw = fixture("warc")
    zipped = outcomes(b"".join(members(raw)), "warc")
    assert [d.text for d in zipped if isinstance(d, Document)] == [
        d.text for d in outcomes(raw) if isinstance(d, Document)
    ]


@pytest.mark.parametrize("cut", [3, 40, 400])
def test_what_stands_before_the_break_of_an_archive_is_read(cut: int) -> None:
    first, *others = outcomes(b"".join(members(fixture("warc")))[:-cut], "warc")
    assert isinstance(first, Document)
    assert isinstance(others[-1], UnreadableDocument)
    assert "breaks off" in others[-1].what


def test_an_archive_that_breaks_off_in_a_page_says_so() -> None:
    first, *others = outcomes(fixture("warc")[:-300], "warc")
    assert isinstance(first, Document)
    assert isinstance(others[-1], UnreadableDocument)


def test_a_page_that_expands_a_thousandfold_is_never_held() -> None:
    import tracemalloc

    page = b"<html><body>" + b"<p>" + b" " * 40_000_000
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:9>\r\nWARC-Target-URI: https://x.example/\r\n"
    head += b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % len(http)
    raw = gzip.compress(head + http + b"\r\n\r\n") + b"".join(members(fixture("warc")))
    tracemalloc.start()
    bomb, *others = outcomes(raw, "warc", ReadOptions(max_bytes=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(bomb, TooLarge)
    assert len([d for d in others if isinstance(d, Document)]) == 2
    assert peak < 10_000_000


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_unzipping_gives_the_bytes_of_all_members(size: int) -> None:
    raw = gzip.compress(b"first") + gzip.compress(b"") + gzip.compress(b"second" * 1000)
    stream = Unzipped(io.BytesIO(raw))
    parts = []
    while data := stream.read(size):
        parts.append(data)
    assert b"".join(parts) == b"first" + b"second" * 1000
    assert not stream.broken


# PDF


def test_lines_of_a_pdf_become_paragraphs() -> None:
    document = only(fixture("pdf"))
    first, second, *_ = document.text.split("\n\n")
    assert first == document.title == "Statement on the harbour dues"
    assert "planned for the fishing fleet." in second


def test_heads_and_feet_of_pages_are_left_out() -> None:
    line = "The dues of the pier stay as they are, said the board of the harbour"
    pages = [["Harbour Board", line, f"at its meeting number {n}.", f"{n}"] for n in range(1, 5)]
    assert paragraphs(pages) == [f"{line} at its meeting number {n}." for n in range(1, 5)]


def test_a_scan_says_what_to_do() -> None:
    import re

    raw = re.sub(rb"BT .*? ET", lambda m: b" " * len(m.group()), fixture("pdf"), flags=re.S)
    (error,) = outcomes(raw, "pdf")
    assert isinstance(error, EmptyDocument)
    assert "scan" in error.what
    assert "ocrmypdf" in str(error)


def test_a_locked_pdf_says_so() -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(fixture("pdf"))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    (error,) = outcomes(out.getvalue(), "pdf")
    assert isinstance(error, UnreadableDocument)
    assert "password" in error.what


# Files


def test_a_folder_of_all_of_them_is_read(tmp_path: Path) -> None:
    names = {"story.xml": "nitf", "feed.xml": "feed", "item.json": "ninjs", "a.pdf": "pdf", "crawl.warc": "warc"}
    for name, kind in names.items():
        (tmp_path / name).write_bytes(fixture(kind))
    (tmp_path / "crawl.warc.gz").write_bytes(b"".join(members(fixture("warc"))))
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    found = list(read_many([tmp_path], extract=False))
    assert all(isinstance(outcome, Document) for outcome in found), found
    readers = [d.provenance.reader for d in found if isinstance(d, Document) and d.provenance]
    assert sorted(readers) == sorted(["nitf", "feed", "feed", "ninjs", "pdf", "warc", "warc", "warc", "warc"])


@pytest.mark.parametrize(
    ("name", "known"), [("a.warc.gz", True), ("a.gz", False), ("a.JSON", True), ("a", False), ("v1.2.nitf", True)]
)
def test_extensions_that_documents_have(name: str, known: bool) -> None:
    assert is_readable(name) is known
