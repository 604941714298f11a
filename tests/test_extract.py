"""The whole extractor, with the shipped weights, on sentences written for it and on any text at all."""

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import ModelError, UsageError
from onrecord.extract import ExtractOptions, statements
from onrecord.extract.drafts import Draft
from onrecord.extract.quotes import quotations
from onrecord.extract.speech import uncut
from onrecord.extract.tagger import Tagger
from onrecord.model import Document, Form, Kind, Post, Span, Statement

DEV = Path(__file__).parents[2] / "shared" / "data" / "polnear" / "dev.jsonl.gz"


def read(text: str, **more: object) -> tuple[Document, tuple[Statement, ...]]:
    document = Document("d", text, **more)  # type: ignore[arg-type]
    return document, statements(document)


def words(text: str, spans: tuple[Span, ...]) -> str:
    return " … ".join(span.of(text) for span in spans)


def check(text: str, made: tuple[Statement, ...]) -> None:
    """Every span lies in the text, has no white space at its ends, and a parent comes before its children."""
    seen: dict[str, Statement] = {}
    for s in made:
        assert s.id not in seen
        for span in (*s.source, *s.cue, *s.content, *s.quoted):
            part = text[span.start : span.end]
            assert part == span.of(text) != ""
            assert part == part.strip()
        assert any(c.isalnum() for span in s.content for c in span.of(text))
        if s.parent is not None:
            above = seen[s.parent]
            assert all(any(p.start <= c.start and c.end <= p.end for p in above.content) for c in s.content)
        seen[s.id] = s


@pytest.mark.parametrize(
    ("text", "source", "cue", "content", "form"),
    [
        (
            "“The quarry will close in May,” the mayor of Tessel, Ines Holm, said on Friday.",
            "the mayor of Tessel, Ines Holm", "said", "“The quarry will close in May,”", Form.VERBATIM,
        ),
        (
            "The harbour board denied that the pilots had been told to stay ashore.",
            "The harbour board", "denied", "that the pilots had been told to stay ashore", Form.PARAPHRASE,
        ),
        (
            "The figures came out on Monday. According to the customs union, the two ferries carried no cargo at all in March.",
            "the customs union", "According to", "the two ferries carried no cargo at all in March", Form.PARAPHRASE,
        ),
        (
            "According to the harbour master, the swing bridge has been closed since Tuesday.",
            "the harbour master", "According to", "the swing bridge has been closed since Tuesday", Form.PARAPHRASE,
        ),
        (
            "They're convinced that the night ferry will sail.",
            "They", "'re convinced", "that the night ferry will sail", Form.PARAPHRASE,
        ),
    ],
)  # fmt: skip
def test_plain_statements(text: str, source: str, cue: str, content: str, form: Form) -> None:
    _, made = read(text)
    top = [s for s in made if s.parent is None]
    assert [(words(text, s.source), words(text, s.content), s.form) for s in top] == [(source, content, form)]
    assert cue in words(text, top[0].cue)


def test_discontinuous_content_is_one_record() -> None:
    text = "“We counted them twice,” the warden said, “and the number was the same.”"
    _, made = read(text)
    assert len(made) == 1
    assert words(text, made[0].content) == "“We counted them twice,” … “and the number was the same.”"


def test_a_statement_within_a_statement_has_its_parent() -> None:
    text = "The envoy said that the islanders had promised to open the harbour before the winter."
    _, made = read(text)
    assert [s.parent for s in made] == [None, made[0].id]
    assert words(text, made[1].source) == "the islanders"
    assert [s.parent for s in statements(Document("d", text), ExtractOptions(nested=False))] == [None]


def test_a_long_quotation_that_nobody_claims_has_no_source() -> None:
    text = "The hall was full by seven.\n\n“Nobody on this street has been asked about the tram, and nobody will be.”\n\nIt rained."
    _, made = read(text)
    assert [(s.source, s.cue, s.form) for s in made] == [((), (), Form.VERBATIM)]


def test_one_quotation_over_three_paragraphs_is_one_statement() -> None:
    text = "“First the wells went dry.\n\n“Then the trucks stopped coming to us.\n\n“Now they send us bills for water we never had.”"
    _, made = read(text)
    top = [s for s in made if s.parent is None]
    assert [len(s.content) for s in top] == [3]


def test_posts_and_notes_are_records_of_their_own() -> None:
    body = "The council met on Monday.\n\nThe gate stays shut until they pay.\n— Dock 9 (@dock9)\n\nCorrection: the gate is in Varn."
    post, author, note = (Span(body.index(w), body.index(w) + len(w)) for w in (
        "The gate stays shut until they pay.", "Dock 9 (@dock9)", "Correction: the gate is in Varn.",
    ))  # fmt: skip
    embedded = Post(post, "Dock 9 (@dock9)", "https://example.org/1", author, "twitter")
    _, made = read(body, posts=(embedded,), notes=(note,))
    assert [(s.kind, s.form, s.content, s.source) for s in made] == [
        (Kind.STATEMENT, Form.VERBATIM, (post,), (author,)),
        (Kind.EDITOR_NOTE, Form.PARAPHRASE, (note,), ()),
    ]


def test_links_to_other_stories_are_no_statements() -> None:
    _, made = read(
        "The mill closed.\n\nRead more: Owner says the mill ‘was never safe’ for its workers\n\nIt was raining."
    )
    assert made == ()


def test_edits_and_translation_are_marked() -> None:
    text = "“We warned [the board] … and they laughed,” Ms. Roe said in Turkish."
    _, (made, *_) = read(text)
    assert [s.of(text) for s in made.edits] == ["[the board]", "…"]
    assert made.translated


def test_a_second_run_gives_the_same_ids() -> None:
    text = "The port said it was open. The union said it was not."
    first, second = (read(text)[1] for _ in range(2))
    assert first == second
    assert len({s.id for s in first}) == len(first) == 2


def test_a_broken_model_says_where_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=re.escape(str(tmp_path)) + ".*reinstall"):
        Tagger(tmp_path)


def test_a_wrong_number_of_threads_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("two", "-1", "1.5"):
        monkeypatch.setenv("ONRECORD_THREADS", wrong)
        with pytest.raises(UsageError, match=f"ONRECORD_THREADS is '{wrong}'"):
            Tagger(tmp_path)


PIECES = [
    "said", "the minister", "“", "”", '"', "'", "’", "«", "»", " ", "  ", "\n", "\r\n", "\r", "\t", "\xa0", "\u2028", "👩\u200d🚀",
    "e\u0301", "İstanbul", "ﬁn", "\u200b", "\x00", "\ud800", "according to", ", ", ". ", "[sic]", "…", "Read more:", "漢字", "it denied",
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=200))
def test_spans_are_slices_whatever_the_text(text: str) -> None:
    check(text, read(text)[1])


@pytest.mark.skipif(not DEV.exists(), reason=f"the PolNeAR articles are not here: {DEV}")
def test_spans_are_slices_on_real_articles_in_odd_dress() -> None:
    with gzip.open(DEV, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for number, row in enumerate(rows):
        text = row["text"]
        if number % 4 == 1:
            text = text.replace("\n", "\r\n").replace(" ", "\xa0", 40)
        elif number % 4 == 2:
            text = "👩\u200d🚀\t" + text.replace("e", "e\u0301")
        check(text, read(text)[1])


@pytest.mark.parametrize(
    ("part", "others", "wanted"),
    [
        ("and nobody will be asked", (), "“Nobody asked us, and nobody will be asked.”"),
        ("asked", (), "asked"),  # not the greater part
        ("and nobody will be asked", ("Nobody asked us",), "and nobody will be asked"),  # the rest is another's
    ],
)
def test_a_quotation_is_not_cut(part: str, others: tuple[str, ...], wanted: str) -> None:
    text = "The chair left. “Nobody asked us, and nobody will be asked.”"

    def draft(words: str) -> Draft:
        return Draft((), (), (Span(text.index(words), text.index(words) + len(words)),), 1.0)

    made, *_ = uncut([draft(words) for words in (part, *others)], quotations(text), text)
    assert [span.of(text) for span in made.content] == [wanted]
