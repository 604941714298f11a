"""The reader page: its segments and its HTML; test_page_browser.py opens it."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.exports.base import Page as Row
from onrecord.exports.display import visible
from onrecord.exports.html import write, write_index
from onrecord.exports.html.segments import paragraphs, segments
from onrecord.exports.html.view import HUES, href, view
from onrecord.exports.tree import tree, walk
from onrecord.model import Document, Link, Span, Statement
from sample_documents import all_samples, crossing, fishing_pact, hostile, plain


def page(*documents: Document) -> str:
    out = io.StringIO()
    write(documents, out)
    return out.getvalue()


class Outline(HTMLParser):
    """What a browser would see: elements with their attributes, the text of the article's paragraphs."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.paragraphs: list[str] = []
        self._within: list[str] = []
        self._body = self._ref = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if attributes.get("class") == "body":
            self._body = True
        if tag == "p" and self._body:
            self.paragraphs.append("")
        if tag == "a" and "ref" in (attributes.get("class") or "").split():
            self._ref = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._ref = False
        if tag == "div":
            self._body = False

    def handle_data(self, data: str) -> None:
        if self._body and self.paragraphs and not self._ref:
            self.paragraphs[-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


# Segments


@pytest.mark.parametrize(
    "text, expected",
    [
        ("One.\nTwo.\n\nThree.", ["One.\nTwo.", "Three."]),
        ("One.\nTwo.", ["One.", "Two."]),
        ("x" * 120 + "\ny\n\nz", ["x" * 120, "y", "z"]),
        ("\n\n One. \r\n\r\n\tTwo.\r\n", ["One.", "Two."]),
        ("   \n ", []),
        ("", []),
    ],
)
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in paragraphs(text)] == expected


def test_crossing_statements_are_cut_at_every_border() -> None:
    document = crossing()
    (row,) = segments(document, list(walk(tree(document))))
    found = [(one.span.of(document.text), one.contents, one.sources, one.cues) for one in row]
    # 0 is statement a, 1 the one within it, 2 the one that crosses both
    assert found == [
        ("One", (), (0,), ()),
        (" ", (), (), ()),
        ("says", (), (), (0,)),
        (" ", (), (), ()),
        ("alpha", (0, 1), (1,), ()),
        (" ", (0, 1), (), ()),
        ("beta", (0, 1), (2,), ()),
        (" ", (0, 1), (), ()),
        ("gamma", (0, 2, 1), (), ()),
        (" delta", (2,), (), ()),
        (".", (), (), ()),
    ]
    assert [one.ends for one in row if one.ends] == [(1, 0), (2,)]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.text(alphabet=st.sampled_from("ab \n\té🙂\r\u0301\u00a0<&“"), min_size=1, max_size=60))
    offset = st.integers(0, len(text))

    def spans(least: int) -> tuple[Span, ...]:
        edges = sorted(set(draw(st.lists(offset, min_size=2 * least, max_size=6))))
        return tuple(Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))

    statements: list[Statement] = []
    for place in range(draw(st.integers(0, 5))):
        content = spans(1) or (Span(0, len(text)),)
        parent = draw(st.sampled_from([None, *(one.id for one in statements)]))
        quoted = spans(0)
        statements.append(Statement(str(place), content, spans(0), spans(0), quoted, parent=parent))
    links = tuple(Link(span, "https://example.org/") for span in spans(0))
    return Document("x", text, links=links, statements=tuple(statements))


@settings(max_examples=200, deadline=None)
@given(documents())
def test_segments_keep_every_word_and_know_their_statements(document: Document) -> None:
    nodes = list(walk(tree(document)))
    rows = list(segments(document, nodes))
    for block, row in zip(paragraphs(document.text), rows, strict=True):
        assert "".join(one.span.of(document.text) for one in row) == block.of(document.text)
    for one in (one for row in rows for one in row):
        for index, node in enumerate(nodes):
            inside = any(span.start <= one.span.start and one.span.end <= span.end for span in node.statement.content)
            assert (index in one.contents) == inside
    shown = page(document)
    texts = [" ".join(visible(block.of(document.text)).split()) for block in paragraphs(document.text)]
    assert [" ".join(text.split()) for text in Outline(shown).paragraphs] == texts


# The page as HTML


def test_the_article_reads_as_it_stands() -> None:
    document = fishing_pact()
    lines = document.text.split("\n")
    outline = Outline(page(document))
    assert [text.strip() for text in outline.paragraphs] == lines[1:]
    assert len(outline.all("h1")) == 1


def test_every_statement_is_in_the_text_and_in_the_list_with_source_and_relayer() -> None:
    shown = view(fishing_pact(), "d1")
    html = page(fishing_pact())
    ids = [attributes["id"] for _, attributes in Outline(html).elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for one in shown.statements:
        assert one.key in ids and one.ref in ids
        assert one.chain[0] == "The Harbour Courier" and one.chain[-1] == one.said_by
    nested = next(one for one in shown.statements if one.number == "11.1.1")
    assert nested.chain == [
        "The Harbour Courier",
        "speaker not known",
        "Norway’s foreign ministry",
        "the island council",
    ]
    assert nested.parent and nested.parent.parent and nested.parent.parent.number == "11"


def test_one_speaker_has_one_colour_and_the_unknown_comes_last() -> None:
    shown = view(fishing_pact(), "d1")
    mine = [one for one in shown.statements if one.said_by == "Adaeze Okafor"]
    assert len({one.hue for one in mine}) == 1 and {one.who.words for one in mine} > {"she", "Okafor"}
    hues = [source.hue for source in shown.sources]
    assert len(set(hues)) == len(hues) > HUES
    assert hues[-1] == "hx" and not shown.sources[-1].stated
    assert sum(source.count for source in shown.sources) == len(shown.statements)


def test_inner_links_lead_somewhere() -> None:
    outline = Outline(page(*all_samples()))
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for attributes in outline.all("a"):
        target = attributes["href"] or ""
        assert not target.startswith("#") or target[1:] in ids


def test_links_of_the_article_are_kept() -> None:
    targets = [attributes["href"] for attributes in Outline(page(fishing_pact())).all("a")]
    assert "https://example.org/polls/sandvaer?wave=3&lang=en" in targets
    assert "https://t.me/sandvaer/41" in targets


@pytest.mark.parametrize(
    "url", ["javascript:1", " javascript:1", "data:text/html,x", "//x", "http://[", "java\tscript:"]
)
def test_other_addresses_are_not_links(url: str) -> None:
    assert href(url) is None


def test_nothing_is_loaded_from_outside() -> None:
    html = page(*all_samples())
    outline = Outline(html)
    assert not [tag for tag, _ in outline.elements if tag in ("link", "img", "iframe", "object", "form", "base")]
    assert not [one for _, one in outline.elements if "src" in one or any(name.startswith("on") for name in one)]
    assert "url(" not in html and "@import" not in html
    assert "default-src 'none'" in html


def test_a_hostile_article_stays_words() -> None:
    html = page(hostile())
    outline = Outline(html)
    assert len(outline.all("script")) == 1 and len(outline.all("title")) == 1
    assert not [tag for tag, _ in outline.elements if tag in ("img", "u")]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
    assert not [one for one in outline.all("a") if (one["href"] or "").startswith("javascript")]
    assert "{{ 7*7 }}" in html and "⟨U+202E⟩" in html and "&amp;amp;" in html
    assert [one["lang"] for one in outline.all("article")] == ["enscript"]


def test_several_documents_have_a_list_of_contents() -> None:
    html = page(fishing_pact(), crossing(), plain())
    assert html.count("<article") == 3
    assert '<nav class="contents"' in html and '<nav class="contents"' not in page(plain())
    assert "No statements found." in html


def test_index() -> None:
    out = io.StringIO()
    write_index([Row("a b.html", "<Title>", None, "2024-05-03", 1), Row("c.html", "Two", "Out", None, 2)], out)
    html = out.getvalue()
    assert 'href="a%20b.html">&lt;Title&gt;</a>' in html and "outlet not stated" in html
    assert "3 May 2024 · 1 statement<" in html and "2 statements<" in html
