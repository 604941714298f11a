"""JSON Lines: records, ids, dates, and a bad line that does not stop the others."""

from __future__ import annotations

import io
import json
import logging

import pytest

from onrecord.errors import DocumentError, EmptyDocument, TooLarge, UnreadableDocument
from onrecord.model import Document
from onrecord.readers import Outcome, Source, jsonl
from onrecord.readers.bylines import names_of
from onrecord.readers.dates import iso_date
from onrecord.settings import ReadOptions

TEXT = "The envoy said that the bridge is shut."


def read(*lines: object, options: ReadOptions | None = None, end: str = "\n") -> list[Outcome]:
    raw = end.join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return list(jsonl.READER.read(Source(io.BytesIO(raw.encode()), "news.jsonl"), options or ReadOptions()))


def one(record: object) -> Document:
    (outcome,) = read(record)
    assert isinstance(outcome, Document), outcome
    return outcome


def test_keys_by_either_name_and_others_ignored() -> None:
    first = one(
        {"id": 1, "text": TEXT, "title": "T", "outlet": "O", "url": "https://a.example/1", "authors": "A Lind", "x": {}}
    )
    other = one(
        {"id": 1, "text": TEXT, "headline": "T", "publisher": "O", "url": "https://a.example/1", "authors": ["A Lind"]}
    )
    assert (first.title, first.outlet, first.url, first.authors) == ("T", "O", "https://a.example/1", ("A Lind",))
    assert (other.title, other.outlet, other.authors) == ("T", "O", ("A Lind",))


@pytest.mark.parametrize("identifier", [7, 0, "7", "silver/AFP_1", "", -3, 2**70])
def test_ids_come_back_unchanged(identifier: str | int) -> None:
    document = one({"id": identifier, "text": TEXT})
    assert document.id == identifier
    assert type(document.id) is type(identifier)


def test_a_missing_id_is_file_and_line() -> None:
    assert [d.id for d in read({"text": TEXT}, "", {"text": TEXT}) if isinstance(d, Document)] == [
        "news.jsonl:1",
        "news.jsonl:3",
    ]


def test_the_text_is_unchanged() -> None:
    text = "“Yes,”\r\n\tshe said.\u2028 \U0001f600 e\u0301\u00a0 "
    assert one({"text": text}).text == text


def test_one_bad_line_never_stops_the_rest() -> None:
    found = read(
        {"id": 1, "text": TEXT},
        '{"id": 2, "text": "half a',
        "[1, 2]",
        {"id": 4},
        {"id": 5, "text": 17},
        {"id": 6, "text": "  "},
        {"id": 1, "text": TEXT},
        {"id": [8], "text": TEXT},
        '{"id": 9, "text": "a \\ud83d b"}',
        "[" * 100_000,
        {"id": 11, "text": TEXT},
    )
    assert [outcome.id for outcome in found if isinstance(outcome, Document)] == [1, 11]
    errors = [outcome for outcome in found if isinstance(outcome, DocumentError)]
    assert [error.where for error in errors] == [f"news.jsonl:{line}" for line in range(2, 11)]
    said = [error.what for error in errors]
    for number, words in enumerate(
        [
            "not JSON",
            "a list, not an object",
            "has no text",
            "a text that is a int",
            "there is no text",
            "already used in line 1",
        ]
    ):
        assert words in said[number]
    assert isinstance(errors[4], EmptyDocument)
    assert "half a character" in said[7]


def test_bad_bytes_in_a_line() -> None:
    raw = b'{"text": "caf\xe9 owners said so"}\n{"text": "The cafe owners said so."}\n'
    first, second = jsonl.READER.read(Source(io.BytesIO(raw), "f"), ReadOptions())
    assert isinstance(first, UnreadableDocument)
    assert "f:1: broken UTF-8 at byte 13" in str(first)
    assert isinstance(second, Document)


def test_a_byte_order_mark_and_windows_line_ends() -> None:
    found = read("\ufeff" + json.dumps({"id": 1, "text": TEXT}), {"id": 2, "text": TEXT}, end="\r\n")
    assert [outcome.id for outcome in found if isinstance(outcome, Document)] == [1, 2]


class Endless(io.RawIOBase):
    """One short record, then a line of 60 MB, then a short record; never more than asked for at a time."""

    def __init__(self) -> None:
        self.largest = 0
        self.parts = [
            b'{"id": 1, "text": "The envoy said so."}\n',
            *[b"x" * 65536] * 900,
            b'\n{"id": 2, "text": "He left."}\n',
        ]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self.parts:
            return 0
        part = self.parts.pop(0)
        if len(part) > len(buffer):
            self.parts.insert(0, part[len(buffer) :])
            part = part[: len(buffer)]
        buffer[: len(part)] = part
        return len(part)


def test_an_overlong_line_is_skipped_without_being_held() -> None:
    import tracemalloc

    stream = io.BufferedReader(Endless())
    tracemalloc.start()
    found = list(jsonl.READER.read(Source(stream, "f"), ReadOptions(max_bytes=100_000)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(outcome) for outcome in found] == [Document, TooLarge, Document]
    assert str(found[1]).startswith("f:2: more than 100,000 bytes")
    assert peak < 5_000_000


@pytest.mark.parametrize("extra", [-1, 0, 1, 2])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_limit_is_exact(extra: int, end: str) -> None:
    line = json.dumps({"id": 1, "text": TEXT})
    found = read(line, line.replace("1", "2", 1), options=ReadOptions(max_bytes=len(line) + extra), end=end)
    assert [type(outcome) for outcome in found] == ([TooLarge] * 2 if extra < 0 else [Document] * 2)


def test_a_pretty_printed_file_is_one_clear_error() -> None:
    (error,) = read(*json.dumps([{"id": 1, "text": TEXT}], indent=1).splitlines())
    assert isinstance(error, UnreadableDocument)
    assert "not JSON Lines" in str(error)
    assert "jq" in error.hint


def test_an_unreadable_date_warns_and_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "onrecord"):
        document = one({"id": 1, "text": TEXT, "date": "the other day"})
    assert document.date is None
    assert "news.jsonl:1: the date 'the other day' cannot be read" in caplog.text


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Nov. 21, 2023", "2023-11-21"),
        ("November 21, 2023", "2023-11-21"),
        ("21 November 2023", "2023-11-21"),
        ("21st Nov 2023", "2023-11-21"),
        ("Tuesday, 21 November 2023", "2023-11-21"),
        ("2023-11-21", "2023-11-21"),
        ("1998-12-05T09:42", "1998-12-05T09:42"),
        ("1998-12-05 09:42:10", "1998-12-05T09:42:10"),
        ("2024-05", "2024-05"),
        ("May 2024", "2024-05"),
        ("2024", "2024"),
        (2024, "2024"),
        ("20240503", "2024-05-03"),
        (20240503, "2024-05-03"),
        ("2024-05-03T10:00:00.000Z", "2024-05-03T10:00:00Z"),
        ("2024-05-03T10:00:00+0200", "2024-05-03T10:00:00+02:00"),
        ("2024-05-03T10:00-05", "2024-05-03T10:00-05:00"),
        ("Fri, 03 May 2024 10:00:00 GMT", "2024-05-03T10:00Z"),
        ("May 3, 2024 at 9:14 p.m. EDT", "2024-05-03T21:14-04:00"),
        ("Published 3 May 2024", "2024-05-03"),
        ("13/05/2024", "2024-05-13"),
        ("05/05/2024", "2024-05-05"),
        ("12/25/2024", "2024-12-25"),
        (1700000000, "2023-11-14T22:13:20Z"),
        (1700000000000, "2023-11-14T22:13:20Z"),
        ("03/04/2024", None),
        ("Nov 21", None),
        ("Tuesday", None),
        ("yesterday", None),
        ("2024-13-01", None),
        ("2024-02-30", None),
        ("2024-05-03T25:00", None),
        ("", None),
        ("5", None),
        (True, None),
        (None, None),
        ({"year": 2024}, None),
        ("x" * 5000, None),
    ],
)
def test_dates_keep_their_precision(written: object, iso: str | None) -> None:
    assert iso_date(written) == iso


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Amina Okafor and Jonas Lind", ("Amina Okafor", "Jonas Lind")),
        ("Amina Okafor, Jonas Lind, Li Wei", ("Amina Okafor", "Jonas Lind", "Li Wei")),
        ("Amina Okafor, Jonas Lind, and Li Wei", ("Amina Okafor", "Jonas Lind", "Li Wei")),
        ("Amina Okafor; Jonas Lind", ("Amina Okafor", "Jonas Lind")),
        ("Amina Okafor, Chief Political Correspondent", ("Amina Okafor, Chief Political Correspondent",)),
        ("Maria van der Berg", ("Maria van der Berg",)),
        ("Sandra Sanderson", ("Sandra Sanderson",)),
        (["Amina Okafor", {"@type": "Person", "name": "Jonas Lind"}, "Amina Okafor"], ("Amina Okafor", "Jonas Lind")),
        ("https://facebook.example/someone", ()),
        ("", ()),
        (None, ()),
        (12, ()),
    ],
)
def test_bylines(byline: object, names: tuple[str, ...]) -> None:
    assert names_of(byline) == names


def test_an_empty_file_says_so() -> None:
    (error,) = read("", "", "")
    assert "no record" in str(error)
