"""Every reader in the registry keeps the same promises; each has a fixture ``fixtures/readers/NAME.*``."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest

from onrecord.errors import DocumentError, TooLarge, UnreadableDocument
from onrecord.model import Document
from onrecord.readers import EXTENSIONS, READERS, Outcome, Reader, Source, read_source
from onrecord.settings import ReadOptions

FIXTURES = Path(__file__).parent / "fixtures" / "readers"

every_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)


def outcomes(reader: Reader, raw: bytes, options: ReadOptions | None = None) -> list[Outcome]:
    return list(reader.read(Source(io.BytesIO(raw), "here"), options or ReadOptions()))


def fixture(reader: Reader) -> Path:
    (path,) = FIXTURES.glob(f"{reader.name}.*")
    return path


@every_reader
def test_a_fixture_gives_english_documents(reader: Reader) -> None:
    found = outcomes(reader, fixture(reader).read_bytes())
    assert found
    for document in found:
        assert isinstance(document, Document)
        assert document.text.strip()
        assert document.language in ("en", None)
        assert document.statements == ()
        assert document.provenance is not None
        assert document.provenance.reader == reader.name
        assert len(document.provenance.raw_sha256 or "") == 64
        for link in document.links:
            assert link.span.of(document.text).strip() == link.span.of(document.text) != ""
    assert any(document.title for document in found if isinstance(document, Document))


@every_reader
def test_a_second_reading_gives_the_same(reader: Reader) -> None:
    raw = fixture(reader).read_bytes()
    assert outcomes(reader, raw) == outcomes(reader, raw)


@every_reader
@pytest.mark.parametrize("raw", [b"", b"  \r\n\t\n ", b"\xef\xbb\xbf"])
def test_nothing_is_an_error_that_is_yielded(reader: Reader, raw: bytes) -> None:
    (error,) = outcomes(reader, raw)
    assert isinstance(error, DocumentError)
    assert error.where.startswith("here")


@every_reader
@pytest.mark.parametrize(
    "raw", [b"%PDF-1.7\n%\xe2\xe3", b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x14\x00", bytes(range(256)) * 4]
)
def test_binary_is_unreadable(reader: Reader, raw: bytes) -> None:
    found = outcomes(reader, raw)
    assert any(isinstance(error, UnreadableDocument) for error in found)
    assert all(isinstance(error, DocumentError) for error in found)


@every_reader
def test_a_document_over_the_limit_is_too_large(reader: Reader) -> None:
    found = outcomes(reader, fixture(reader).read_bytes(), ReadOptions(max_bytes=60))
    assert found
    assert all(isinstance(error, TooLarge) for error in found)


@every_reader
def test_damage_never_raises(reader: Reader) -> None:
    raw = fixture(reader).read_bytes()
    chance = random.Random(5)
    for _ in range(15):
        damaged = bytearray(raw[: chance.randrange(1, len(raw))])
        for _ in range(chance.randrange(12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        for outcome in outcomes(reader, bytes(damaged)):
            assert isinstance(outcome, Document | DocumentError)


@every_reader
def test_the_registry_knows_it(reader: Reader) -> None:
    assert reader.extensions
    assert all(EXTENSIONS[extension] is reader and extension.startswith(".") for extension in reader.extensions)
    assert [other.name for other in READERS].count(reader.name) == 1


@pytest.mark.parametrize("name", ["html", "jsonl", "text"])
def test_sniffing_finds_the_reader(name: str) -> None:
    (path,) = FIXTURES.glob(f"{name}.*")
    outcome, *_ = read_source(Source(io.BytesIO(path.read_bytes()), "stdin"), ReadOptions())
    assert isinstance(outcome, Document)
    assert outcome.provenance is not None
    assert outcome.provenance.reader == name


def test_sniffing_loses_no_byte() -> None:
    text = "The envoy said that it was late. " * 1000
    (document,) = read_source(Source(io.BytesIO(text.encode()), "stdin"), ReadOptions())
    assert isinstance(document, Document)
    assert document.text == text
