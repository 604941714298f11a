"""What the reader page shows, made ready for the templates: all words safe to show, all numbers as words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from onrecord.exports.display import NO_SOURCE, long_date, marks, particulars, shown_title, visible
from onrecord.exports.html.segments import Segment, segments
from onrecord.exports.record import words
from onrecord.exports.tree import Node, source_words, tree, walk
from onrecord.model import Document, Form, Span, Statement

__all__ = ["HUES", "Address", "DocumentView", "SourceView", "StatementView", "Words", "href", "view"]

HUES = 8
"""So many colours the page has; after them the underlines change (see page.css)."""


@dataclass(frozen=True, slots=True)
class Address:
    """A URL: the words of it, and ``href`` where it may be followed."""

    words: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """A role's words and where they stand, such as "said" and "113–117"; None where there are none."""

    text: str | None
    where: str


@dataclass(slots=True)
class StatementView:
    """One statement: ``key`` and ``ref`` are the ids of its entry in the list and of its mark in the text."""

    key: str
    ref: str
    number: str
    said_by: str
    stated: bool
    hue: str
    source: Words
    cue: Words
    content: Words
    form: str
    marks: str
    score: str
    chain: list[str]
    addresses: list[Address]
    children: list[StatementView] = field(default_factory=list)
    parent: StatementView | None = None


@dataclass(slots=True)
class SourceView:
    """A source by its words, the statements that the document itself gives it, and those inside others'."""

    name: str
    stated: bool
    hue: str
    own: list[StatementView] = field(default_factory=list)
    nested: list[StatementView] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many statements are this source's."""
        return len(self.own) + len(self.nested)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document for the page. ``rows`` are its paragraphs, the headline not among them where it is one."""

    document: Document
    key: str
    language: str
    title: str
    headline: list[Segment]
    rows: list[list[Segment]]
    outlet: str | None
    date: str | None
    authors: str
    address: Address | None
    statements: list[StatementView]
    top: list[StatementView]
    sources: list[SourceView]
    forms: list[tuple[str, int]]


def href(url: str) -> str | None:
    """``url`` where a page may link to it (http, https, mailto), else None.

    >>> href("javascript:alert(1)"), href("https://example.org/a")
    (None, 'https://example.org/a')
    """
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return None
    return url if scheme in ("http", "https", "mailto") and visible(url) == url else None


def view(document: Document, key: str) -> DocumentView:
    """``document`` for the page; ``key`` sets its ids apart from those of other documents on it."""
    nodes = list(walk(tree(document)))
    hues = _hues(document, nodes)
    made: dict[str, StatementView] = {}
    for place, node in enumerate(nodes):
        parent = made.get(node.statement.parent or "")
        shown = _statement(document, node, f"{key}-{place + 1}", hues, parent)
        made[node.statement.id] = shown
        if parent:
            parent.children.append(shown)
    statements = list(made.values())
    rows = list(segments(document, nodes))
    headline = rows.pop(0) if rows and _is_headline(document, rows[0]) else []
    counted = Counter(node.statement.form for node in nodes)
    return DocumentView(
        document=document,
        key=key,
        language=re.sub(r"[^A-Za-z0-9-]", "", document.language or "") or "en",
        title=shown_title(document),
        headline=headline,
        rows=rows,
        outlet=visible(document.outlet) if document.outlet else None,
        date=long_date(document.date) if document.date else None,
        authors=", ".join(visible(author) for author in document.authors),
        address=_address(document.url) if document.url else None,
        statements=statements,
        top=[shown for shown in statements if shown.parent is None],
        sources=_sources(statements),
        forms=[(str(form), counted[form]) for form in Form if counted[form]],
    )


def _statement(
    document: Document, node: Node, key: str, hues: dict[str, str], parent: StatementView | None
) -> StatementView:
    statement = node.statement
    said_by = source_words(document, statement)
    chain = parent.chain if parent else [particulars(document)[0]]
    return StatementView(
        key=f"s{key}",
        ref=f"r{key}",
        number=node.number,
        said_by=said_by,
        stated=said_by != NO_SOURCE,
        hue=hues[_name(said_by)],
        source=_words(document, statement.source),
        cue=_words(document, statement.cue),
        content=_words(document, statement.content),
        form=str(statement.form),
        marks=", ".join(marks(statement)),
        score=f"{statement.score:.2f}",
        chain=[*chain, said_by],
        addresses=[_address(url) for url in _urls(statement)],
        parent=parent,
    )


def _sources(statements: list[StatementView]) -> list[SourceView]:
    """The sources in the order of their first statement, the unknown one last."""
    found: dict[str, SourceView] = {}
    for shown in statements:
        source = found.setdefault(_name(shown.said_by), SourceView(shown.said_by, shown.stated, shown.hue))
        (source.nested if shown.parent else source.own).append(shown)
    return sorted(found.values(), key=lambda source: not source.stated)


def _hues(document: Document, nodes: list[Node]) -> dict[str, str]:
    """A class for each source by its words, "h0 u0" upwards in order of appearance; "hx" for the unknown."""
    names = dict.fromkeys(source_words(document, node.statement) for node in nodes)
    found: dict[str, str] = {}
    for said_by in names:
        if said_by == NO_SOURCE:
            found[_name(said_by)] = "hx"
        elif _name(said_by) not in found:
            place = sum(name != "hx" for name in found.values())
            found[_name(said_by)] = f"h{place % HUES} u{place // HUES % 3}"
    return found


def _name(said_by: str) -> str:
    """What makes two source's words the same: not case, not an article in front."""
    return re.sub(r"^(the|an?) ", "", said_by.casefold())


def _words(document: Document, spans: tuple[Span, ...]) -> Words:
    text = words(document, spans)
    return Words(
        " ".join(visible(text).split()) if text else None,
        ", ".join(f"{span.start}–{span.end}" for span in spans),
    )


def _urls(statement: Statement) -> list[str]:
    urls = [link.url for link in statement.links]
    if statement.post and statement.post.url:
        urls.append(statement.post.url)
    return list(dict.fromkeys(urls))


def _address(url: str) -> Address:
    return Address(visible(url), href(url))


def _is_headline(document: Document, row: list[Segment]) -> bool:
    text = document.text[row[0].span.start : row[-1].span.end]
    return bool(document.title) and " ".join(text.split()) == " ".join((document.title or "").split())
