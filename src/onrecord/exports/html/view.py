"""What the reader page shows, made ready for the templates: all words safe to show, all numbers as words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from onrecord.exports.display import (
    corrected,
    long_date,
    long_interval,
    manner,
    marks,
    one_line,
    particulars,
    shown_title,
    visible,
)
from onrecord.exports.html.segments import Segment, segments
from onrecord.exports.record import words
from onrecord.exports.tree import Node, Voice, tree, voice, walk
from onrecord.model import OUTLET, SPEAKER, Document, Form, Span, Statement

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
    """One statement: ``key`` and ``ref`` are the ids of its entry in the list and of its mark in the text.

    ``id`` and ``speaker`` are the record's.
    """

    id: str
    speaker: str | None
    key: str
    ref: str
    number: str
    who: Voice
    hue: str
    about: list[tuple[str, Words]]
    source: Words
    cue: Words
    content: Words
    form: str
    marks: str
    manner: str
    score: str
    chain: list[str]
    addresses: list[Address]
    reviews: list[str] = field(default_factory=list)
    children: list[StatementView] = field(default_factory=list)
    parent: StatementView | None = None

    @property
    def said_by(self) -> str:
        """Who makes the statement, for the reader: a name, or the source's words."""
        return self.who.name

    @property
    def stated(self) -> bool:
        """Whether it is known who makes the statement."""
        return self.who.known


@dataclass(slots=True)
class SourceView:
    """A speaker, the statements that the document itself gives him, and those inside others'."""

    name: str
    speaker: str | None
    stated: bool
    hue: str
    about: str = ""
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
    who = voice(document, statement)
    chain = parent.chain if parent else [particulars(document)[0]]
    return StatementView(
        id=statement.id,
        speaker=statement.speaker,
        key=f"s{key}",
        ref=f"r{key}",
        number=node.number,
        who=who,
        hue=hues[who.key],
        about=[*_about(document, statement), *_how(document, statement)],
        source=_words(document, statement.source),
        cue=_words(document, statement.cue),
        content=_words(document, statement.content),
        form=str(statement.form),
        marks=", ".join(marks(statement)),
        manner=" · ".join(manner(document, statement)),
        score=f"{statement.score:.2f}",
        chain=[*chain, who.name],
        addresses=[_address(url) for url in _urls(statement)],
        reviews=corrected(statement),
        parent=parent,
    )


def _about(document: Document, statement: Statement) -> list[tuple[str, Words]]:
    """What else the record says of the speaker, label and words."""
    found: list[tuple[str, Words]] = []
    for speaker in statement.speakers:
        for label, span in (
            ("Title", speaker.title),
            ("Why this source", speaker.justification),
            ("Why not named", speaker.anonymity_reason),
        ):
            if span is not None:
                found.append((label, _words(document, (span,))))
    if statement.addressee:
        found.append(("Said to", _words(document, statement.addressee)))
    relayed = "; ".join(s.name for s in statement.relayed_by if s.name)
    if relayed:
        found.append(("Relayed by", Words(one_line(relayed), "")))
    return found


def _how(document: Document, statement: Statement) -> list[tuple[str, Words]]:
    """What the record says of how and when it was said, label and words."""
    found: list[tuple[str, Words]] = []
    deed, occasion = statement.deed, statement.occasion
    if deed is not None:
        second = f", also {deed.second}" if deed.second else ""
        strength = f" ({deed.strength})" if deed.strength else ""
        found.append(("Act", Words(f"{deed.act}{strength}{second}", f"score {deed.score:.2f}")))
        for label, spans in (
            ("Decided by", deed.words),
            ("Target", (deed.target,) if deed.target else ()),
            ("Condition", deed.conditions),
            ("Exception", deed.exceptions),
            ("Binds", (deed.binds,) if deed.binds else ()),
        ):
            if spans:
                found.append((label, _words(document, spans)))
    for commitment in statement.commitments:
        parts = [str(commitment.certainty), *([str(commitment.polarity)] if commitment.polarity else [])]
        parts += [str(flag) for flag in commitment.flags]
        holder = visible(commitment.holder)
        holder = holder.capitalize() if holder in (SPEAKER, OUTLET) else holder
        where = _words(document, (commitment.words,)) if commitment.words else Words(None, "")
        word = f" (“{where.text}”)" if where.text else ""
        found.append((f"{holder}’s commitment", Words(", ".join(parts) + word, where.where)))
    if occasion.on_words is not None:
        where = _words(document, (occasion.on_words,))
        when = f"{long_interval(occasion.on)} (“{where.text}”)" if occasion.on else f"“{where.text}”"
        found.append(("Said on", Words(when, where.where)))
    for label, span in (("Said at", occasion.at), ("Channel", occasion.channel)):
        if span is not None:
            found.append((label, _words(document, (span,))))
    return found


def _sources(statements: list[StatementView]) -> list[SourceView]:
    """The speakers in the order of their first statement, the unknown one last."""
    found: dict[str, SourceView] = {}
    for shown in statements:
        who = shown.who
        source = found.setdefault(who.key, SourceView(who.name, shown.speaker, who.known, shown.hue, who.about))
        (source.nested if shown.parent else source.own).append(shown)
    return sorted(found.values(), key=lambda source: not source.stated)


def _hues(document: Document, nodes: list[Node]) -> dict[str, str]:
    """A class for each speaker, "h0 u0" upwards in order of appearance; "hx" for the unknown."""
    found: dict[str, str] = {}
    for who in (voice(document, node.statement) for node in nodes):
        if not who.known:
            found[who.key] = "hx"
        elif who.key not in found:
            place = sum(name != "hx" for name in found.values())
            found[who.key] = f"h{place % HUES} u{place // HUES % 3}"
    return found


def _words(document: Document, spans: tuple[Span, ...]) -> Words:
    text = words(document, spans)
    return Words(
        one_line(text) if text else None,
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
