"""Plain text, Markdown, encodings, languages."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import DocumentError, EmptyDocument, UnreadableDocument, UsageError, WrongLanguage
from onrecord.model import Document
from onrecord.readers import Outcome, Source, markdown, text
from onrecord.readers.decode import decode
from onrecord.readers.language import language_of
from onrecord.readers.text import headline_of
from onrecord.settings import ReadOptions

STORY = "The minister said on Tuesday that the talks “are over”.\r\n\r\n\tHe left the café – it’s closed now.\u00a0\n"


def read(raw: bytes, **options: object) -> Outcome:
    (outcome,) = text.READER.read(Source(io.BytesIO(raw), "story.txt"), ReadOptions(**options))  # type: ignore[arg-type]
    return outcome


def good(raw: bytes, **options: object) -> Document:
    outcome = read(raw, **options)
    assert isinstance(outcome, Document), outcome
    return outcome


def bad(raw: bytes, **options: object) -> DocumentError:
    outcome = read(raw, **options)
    assert isinstance(outcome, DocumentError), outcome
    return outcome


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"], ids=str
)
def test_the_text_is_the_input_unchanged_in_every_encoding(encoding: str) -> None:
    assert good(STORY.encode(encoding)).text == STORY


@pytest.mark.parametrize(
    ("sentence", "encoding"),
    [
        ("He’ll go, he said.", "cp1252"),
        ("Café owner José said the naïve plan was “fine”.", "cp1252"),
        ("The levy is £5m, said Søren Dahl of Tromsø.", "latin-1"),
        (
            "The minister said “we will not sign” on Tuesday – it was ‘a provocation’. Oslo’s harbour is shut.",
            "mac_roman",
        ),
    ],
)
def test_old_encodings_are_told_apart(sentence: str, encoding: str) -> None:
    assert good(sentence.encode(encoding)).text == sentence


def test_an_encoding_can_be_insisted_on() -> None:
    assert good("The price is 5 €, he said".encode("iso8859-15"), encoding="iso8859-15").text.endswith("€, he said")
    assert "not ascii at byte 3" in str(bad("caf\u00e9".encode(), encoding="ascii"))
    with pytest.raises(UsageError, match="encoding 'klingon' is unknown"):
        ReadOptions(encoding="klingon")


def test_broken_utf8_says_where() -> None:
    error = bad(("“Yes,” she said. “No,” he said. " * 5).encode()[:-9] + b"\xe2\x80 and so on")
    assert isinstance(error, UnreadableDocument)
    assert "broken UTF-8 at byte" in error.what


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), min_size=1))
def test_utf8_survives_byte_by_byte(words: str) -> None:
    source = Source(io.BytesIO(), "x")
    assert decode(("said: " + words).encode(), source, ReadOptions()) == "said: " + words


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"%PDF-1.4\n1 0 obj", "a PDF file"),
        (b"PK\x03\x04" + b"\x00" * 30, "a ZIP file or an Office document"),
        (b"\x1f\x8b\x08\x00abc", "gzip-compressed"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"MZ\x90\x00\x03\x00", "a program"),
        (b"He said\x00\x00\x01 so", "NUL bytes"),
        (b"He \x01\x02\x03\x04\x05\x06 said", "control characters"),
    ],
)
def test_binary_junk_is_named(raw: bytes, what: str) -> None:
    error = bad(raw)
    assert isinstance(error, UnreadableDocument)
    assert what in str(error)


def test_text_that_begins_like_a_program_is_text() -> None:
    assert good(b"MZ officials said that the port was closed. RIFF raff, he said.").text.startswith("MZ")
    assert good(b"RIFF raff, said the minister, and the envoys left the room.").text.startswith("RIFF")


def test_empty_and_blank() -> None:
    assert isinstance(bad(b""), EmptyDocument)
    assert isinstance(bad(" \n\u00a0\n".encode()), EmptyDocument)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Oslo: Fishing pact is dead\n\nHe said so.", "Oslo: Fishing pact is dead"),
        ("\n\n  Will the ferry sail?  \r\n \r\nNobody knows, he said.", "Will the ferry sail?"),
        ("‘A disgrace’: skippers turn on council\n\nThey said so.", "‘A disgrace’: skippers turn on council"),
        ("The minister said so on Tuesday.\n\nHe left.", None),
        ("By Amina Okafor\n\nThe minister left.", None),
        ("Headline without a blank line\nThe minister left.", None),
        ("Only a headline", None),
        ("LAGOS —\n\nThe minister left.", None),
        ("word " * 60 + "\n\nThe minister left.", None),
        ("Oslo\n\nThe minister left.", None),
    ],
)
def test_the_first_line_is_the_title_where_it_looks_like_one(words: str, title: str | None) -> None:
    assert headline_of(words) == title
    assert good(words.encode()).text == words


def test_markdown_keeps_its_text_and_gives_title_and_links() -> None:
    raw = '# The pact is dead #\n\nHe cited [a *secret* report](https://a.example/r_1 "R") and ![x](https://a.example/p).\n'
    (document,) = markdown.READER.read(Source(io.BytesIO(raw.encode()), "a.md"), ReadOptions())
    assert isinstance(document, Document)
    assert document.text == raw
    assert document.title == "The pact is dead"
    assert [(link.span.of(raw), link.url) for link in document.links] == [
        ("a *secret* report", "https://a.example/r_1")
    ]


ENGLISH = "The minister said that the talks with the islanders had failed, but he would not say who was to blame."
GERMAN = "Der Minister sagte am Dienstag, die Verhandlungen mit den Inseln seien gescheitert, nannte aber keinen Grund."
FRENCH = "Le ministre a déclaré mardi que les négociations avec les îles avaient échoué, sans en donner la raison."
NORWEGIAN = (
    "Ministeren sa tirsdag at forhandlingene med øyene hadde brutt sammen, men ville ikke si hvem som hadde skylden."
)
RUSSIAN = (
    "Министр заявил во вторник, что переговоры с островами провалились, но причину не назвал никому из журналистов."
)


@pytest.mark.parametrize("words", [GERMAN, FRENCH, NORWEGIAN, RUSSIAN])
def test_other_languages_are_refused_unless_english_is_insisted_on(words: str) -> None:
    error = bad(words.encode())
    assert isinstance(error, WrongLanguage)
    assert "another language than English" in str(error)
    assert good(words.encode(), language="en").language == "en"


@pytest.mark.parametrize(
    "words",
    [
        ENGLISH,
        "Oslo denies it",
        "“Nein!”",
        "Fischer: Schluss mit dem Pakt",
        "Okafor: ‘Nwosu, Adeyemi lied’",
        "Results: Lind 3-1 Dahl, Solvang 2-2 Isbister, Goudie 0-1 Tulloch, Kamara 4-2 Osei, Finch 1-1 Mbeki, Firth 2-0 Lamb",
        ENGLISH + " “" + GERMAN + "” " + ENGLISH,
    ],
)
def test_short_and_mixed_texts_are_not_refused(words: str) -> None:
    assert language_of(words) in ("en", None)
    good(words.encode())


def test_only_languages_that_are_read_can_be_insisted_on() -> None:
    with pytest.raises(UsageError, match="language 'de' is not read"):
        ReadOptions(language="de")


def test_options_from_the_environment() -> None:
    given = {
        "ONRECORD_MAX_BYTES": "500",
        "ONRECORD_TIMEOUT": "2.5",
        "ONRECORD_ALLOW_PRIVATE": "1",
        "ONRECORD_LANGUAGE": "",
    }
    assert ReadOptions.from_environment(given) == ReadOptions(max_bytes=500, timeout=2.5, allow_private=True)
    for name, value in {
        "ONRECORD_MAX_BYTES": "many",
        "ONRECORD_ALLOW_PRIVATE": "perhaps",
        "ONRECORD_TIMEOUT": "-1",
    }.items():
        with pytest.raises(UsageError):
            ReadOptions.from_environment({name: value})
