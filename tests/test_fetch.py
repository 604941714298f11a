"""Fetching, against a real server on this machine: limits, redirects, types, and addresses that are refused."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from onrecord.errors import DocumentError, FetchError, TooLarge, UnreadableDocument, WrongLanguage
from onrecord.model import Document
from onrecord.pipeline import read, read_many
from onrecord.readers.fetch import fetch, is_public
from onrecord.settings import ReadOptions

PAGE = (Path(__file__).parent / "fixtures" / "readers" / "html.html").read_bytes()
TEXT = "The envoy said that the bridge is shut – “for good”."
OPTIONS = ReadOptions(allow_private=True, timeout=5)


class News(BaseHTTPRequestHandler):
    """What the server has; every request's headers are kept."""

    seen: list[dict[str, str]] = []  # noqa: RUF012

    def do_GET(self) -> None:
        News.seen.append({name.lower(): value for name, value in self.headers.items()})
        getattr(
            self, "do_" + self.path.partition("?")[0].strip("/").replace(".", "_").replace("-", "_"), self.do_missing
        )()

    def answer(
        self, body: bytes, kind: str | None = "text/html; charset=utf-8", status: int = 200, **headers: str
    ) -> None:
        self.send_response(status)
        if kind is not None:
            self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_story(self) -> None:
        self.answer(PAGE)

    def do_story_txt(self) -> None:
        self.answer(TEXT.encode("cp1252"), "text/plain; charset=ISO-8859-1")

    def do_untold(self) -> None:
        self.answer(PAGE, None)

    def do_news_jsonl(self) -> None:
        self.answer(b'{"id": 1, "text": "The envoy said so."}\n{"id": 2, "text": "He left."}\n', "text/plain")

    def do_zipped(self) -> None:
        self.answer(gzip.compress(PAGE), Content_Encoding="gzip")

    def do_bomb(self) -> None:
        self.answer(gzip.compress(b" " * 3_000_000), Content_Encoding="gzip")

    def do_photo(self) -> None:
        self.answer(b"\x89PNG", "image/png")

    def do_liar(self) -> None:
        self.answer(b"%PDF-1.7 \x00\x00", "text/html")

    def do_german(self) -> None:
        self.answer(
            b"Der Minister sagte am Dienstag, die Verhandlungen mit den Inseln seien gescheitert.", "text/plain"
        )

    def do_hop(self) -> None:
        self.answer(b"", status=302, Location="/story")

    def do_loop(self) -> None:
        self.answer(b"", status=301, Location="/loop")

    def do_to_file(self) -> None:
        self.answer(b"", status=302, Location="file:///etc/passwd")

    def do_to_link_local(self) -> None:
        self.answer(b"", status=302, Location="http://169.254.169.254/latest/meta-data/")

    def do_to_nowhere(self) -> None:
        self.answer(b"", status=302, Location="http://[::1")

    def do_gone(self) -> None:
        self.answer(b"<p>Gone</p>", status=410)

    def do_missing(self) -> None:
        self.answer(b"<p>Not found</p>", status=404)

    def do_big(self) -> None:
        self.answer(b"<p>" + b"x" * 2_000_000)

    def do_big_untold(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            for _ in range(10_000):
                self.wfile.write(b"x" * 10_000)
        except OSError:
            pass

    def do_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def do_silent(self) -> None:
        time.sleep(1.5)

    def do_broken(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b"<p>The envoy")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), News) as found:
        found.daemon_threads = True
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{found.server_address[1]}"
        found.shutdown()


def refused(url: str, options: ReadOptions = OPTIONS) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        fetch(url, options)
    return caught.value


def test_a_page_is_read_under_its_final_url(server: str) -> None:
    document = read(f"{server}/hop", options=OPTIONS, extract=False)
    assert document.id == f"{server}/story"
    assert document.title == "Harbour levy will “ruin us”, skippers tell council"
    assert document.provenance is not None
    assert document.provenance.origin == f"{server}/story"


def test_the_request_names_onrecord_and_the_host(server: str) -> None:
    fetch(f"{server}/story", OPTIONS)
    assert News.seen[-1]["user-agent"].startswith("onrecord/")
    assert News.seen[-1]["host"] == server.removeprefix("http://")
    local = server.replace("127.0.0.1", "localhost")
    fetch(f"{local}/story", OPTIONS)
    assert News.seen[-1]["host"] == local.removeprefix("http://")
    assert "cookie" not in News.seen[-1]


def test_text_with_the_declared_charset(server: str) -> None:
    document = read(f"{server}/story.txt", options=OPTIONS, extract=False)
    assert document.text == TEXT


@pytest.mark.parametrize("path", ["untold", "zipped"])
def test_no_type_is_sniffed_and_gzip_is_unpacked(server: str, path: str) -> None:
    assert read(f"{server}/{path}", options=OPTIONS, extract=False).outlet == "The Skerry Herald"


def test_json_lines_by_the_ending_of_the_address(server: str) -> None:
    found = list(read_many([f"{server}/news.jsonl?day=3"], options=OPTIONS, extract=False))
    assert [document.id for document in found if isinstance(document, Document)] == [1, 2]


@pytest.mark.parametrize("path", ["big", "big-untold", "bomb"])
def test_a_body_over_the_limit(server: str, path: str) -> None:
    error = refused(f"{server}/{path}", ReadOptions(allow_private=True, max_bytes=500_000))
    assert isinstance(error, TooLarge)
    assert "500,000 bytes" in error.what


@pytest.mark.parametrize("path", ["drip", "silent"])
def test_slow_answers_are_given_up(server: str, path: str) -> None:
    begun = time.monotonic()
    error = refused(f"{server}/{path}", ReadOptions(allow_private=True, timeout=0.4))
    assert isinstance(error, FetchError)
    assert "within 0.4 seconds" in error.what
    assert time.monotonic() - begun < 1.3


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("photo", UnreadableDocument, "the server sends image/png"),
        ("gone", FetchError, "answered 410 Gone"),
        ("missing", FetchError, "answered 404 Not Found"),
        ("loop", FetchError, "more than 5 redirects"),
        ("to-file", FetchError, "only http and https URLs with a host are fetched, where it redirects to (file:"),
        ("to-nowhere", FetchError, "Invalid URL in location"),
        ("broken", FetchError, "broke off"),
    ],
)
def test_what_cannot_be_had(server: str, path: str, kind: type[DocumentError], words: str) -> None:
    error = refused(f"{server}/{path}")
    assert isinstance(error, kind)
    assert words in str(error)
    assert error.where == f"{server}/{path}"


def test_no_redirects_at_all(server: str) -> None:
    assert "more than 0 redirects" in str(refused(f"{server}/hop", ReadOptions(allow_private=True, max_redirects=0)))


def test_errors_of_the_readers_come_through(server: str) -> None:
    liar, german = read_many([f"{server}/liar", f"{server}/german"], options=OPTIONS, extract=False)
    assert isinstance(liar, UnreadableDocument)
    assert isinstance(german, WrongLanguage)


def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = refused(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert isinstance(error, FetchError)
    assert "no connection" in error.what


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0.0.0.0",
        "localhost",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_private_addresses_are_refused(host: str) -> None:
    error = refused(f"http://{host}:9/", ReadOptions(timeout=2))
    assert isinstance(error, FetchError)
    assert "no public address" in error.what or "is not found" in error.what
    if host[0] in "1[" and host != "127.1":
        assert "no public address" in error.what
        assert "--allow-private" in error.hint


def test_a_redirect_to_a_private_address_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # the server stands for a public one; where it sends us is checked all the same
    monkeypatch.setattr("onrecord.readers.fetch.is_public", lambda address: address == "127.0.0.1")
    error = refused(f"{server}/to-link-local", ReadOptions(timeout=2))
    assert "169.254.169.254, which is no public address" in str(error)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: object, **__: object) -> list[tuple[Any, ...]]:
        return [(2, 1, 6, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert "10.0.0.1" in str(refused("http://news.example/", ReadOptions(timeout=2)))


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_checked(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    port = int(server.rpartition(":")[2])
    real = socket.getaddrinfo

    def resolve(host: Any, *args: Any, **kwargs: Any) -> list[tuple[Any, ...]]:
        if host == "news.example":
            asked.append(host)
            if len(asked) > 1:
                raise AssertionError("resolved a second time")
            return [(2, 1, 6, "", ("127.0.0.1", port))]
        return list(real(host, *args, **kwargs))

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr("onrecord.readers.fetch.is_public", lambda address: True)
    fetched = fetch(f"http://news.example:{port}/story", ReadOptions(timeout=5))
    assert fetched.source.where == f"http://news.example:{port}/story"
    assert News.seen[-1]["host"] == f"news.example:{port}"
    assert asked == ["news.example"]


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "http://", "http:///x", "http://user:secret@a.example/", "http://[::1", "http://a b/"]
)
def test_addresses_that_are_none(url: str) -> None:
    assert isinstance(refused(url), FetchError)


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("2606:2800:220:1::1", True), ("::ffff:93.184.216.34", True), ("2002:5db8:d822::", True)]
    + [
        (private, False)
        for private in ("192.0.2.1", "198.18.0.1", "240.0.0.1", "2001:db8::1", "fec0::1", "fe80::1%eth0")
    ],
)
def test_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public
