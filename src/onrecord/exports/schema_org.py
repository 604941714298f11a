"""schema.org: a statement whose words all stand in quotation marks is a Quotation, any other a Claim.

Never a ClaimReview: that is a verdict, and only a person gives one. A speaker whose name is not known has no node, so
that nobody is invented; ``creditText`` says how the document names whoever speaks, and ``description`` who says it and
everybody who relays it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from onrecord.exports.attribution import attribution, speaks
from onrecord.exports.base import LedgerExport, checked
from onrecord.exports.jsonld import SCHEMA, known, write_nodes
from onrecord.exports.names import is_iri, revision_name, statement_name
from onrecord.exports.record import words
from onrecord.exports.tree import voice
from onrecord.ledger import Entry
from onrecord.model import Document, Form, Kind, Post, SourceType, Span, Speaker, Statement
from onrecord.terms import chain

__all__ = ["EXPORT", "nodes", "write"]

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_TYPES = {
    SourceType.NAMED_PERSON: "Person",
    SourceType.UNNAMED_PERSON: "Person",
    SourceType.NAMED_ORGANIZATION: "Organization",
}


def nodes(entry: Entry) -> Iterator[dict[str, Any]]:
    """The statements of one document, each with the article that it stands in; editor's notes are comments on it.

    That somebody did not answer is no statement in schema.org, and is left out.
    """
    article = _article(entry)
    for statement in entry.document.statements:
        if statement.kind is Kind.EDITOR_NOTE:
            yield _note(entry, statement, article)
        elif statement.kind is Kind.STATEMENT:
            yield _statement(entry, statement, article)


def _statement(entry: Entry, statement: Statement, article: dict[str, Any]) -> dict[str, Any]:
    document, said = entry.document, statement.occasion.on
    around = chain(document, statement) if statement.parent else ()
    speakers = [_agent(document, s) for s in statement.speakers if _is_agent(s)]
    works = [
        {"@type": "CreativeWork", "name": s.name}
        for s in statement.speakers if s.name and s.type is SourceType.DOCUMENT
    ]  # fmt: skip
    within = [{"@id": statement_name(entry, s)} for s in around[-1:] if s.kind is not Kind.NON_RESPONSE]
    post = [_post(statement.post)] if statement.post else []
    relayers = _relayers(document, statement, around)
    own = known(
        id_=statement_name(entry, statement),
        type_="Quotation" if statement.form is Form.VERBATIM else "Claim",
        text=words(document, statement.content),
    )
    common = known(
        creditText=_credit(document, statement),
        description=f"Attributed to: {attribution(document, statement)}.",
        inLanguage=document.language,
        dateCreated=said if said and _DATE.fullmatch(said) else None,
        temporal=said if said and not _DATE.fullmatch(said) else None,
    )
    if statement.form is Form.VERBATIM:
        verified = any(review.field == "speaker" for review in statement.reviews)
        through = [{"@type": "CreativeWork", "provider": relayer} for relayer in relayers]
        return own | known(
            spokenByCharacter=speakers, creator=speakers if verified else None, **common,
            isBasedOn=[*works, *through], isPartOf=[article, *within, *post],
        )  # fmt: skip
    outlet = [_organization(document.outlet)] if document.outlet else []
    return own | known(
        author=speakers, **common, datePublished=document.date, claimInterpreter=[*relayers, *outlet],
        appearance=[article, *post], firstAppearance=post, isBasedOn=works, isPartOf=within,
    )  # fmt: skip


def _note(entry: Entry, statement: Statement, article: dict[str, Any]) -> dict[str, Any]:
    """What the outlet says of its own article."""
    outlet = entry.document.outlet
    return known(
        id_=statement_name(entry, statement),
        type_="Comment",
        text=words(entry.document, statement.content),
        author=_organization(outlet) if outlet else None,
        description=f"Attributed to: {attribution(entry.document, statement)}.",
        about=article,
    )


def _article(entry: Entry) -> dict[str, Any]:
    """The article as it was read: named by its revision, for several may have one address (a front page)."""
    document = entry.document
    url = document.url if document.url and is_iri(document.url) else None
    return known(
        id_=revision_name(entry),
        type_="NewsArticle",
        headline=document.title,
        url=url,
        identifier=[str(document.id), *([document.url] if document.url and not url else [])],
        datePublished=document.date,
        publisher=_organization(document.outlet) if document.outlet else None,
        author=[{"@type": "Person", "name": name} for name in document.authors],
        inLanguage=document.language,
        encoding={"@type": "MediaObject", "encodingFormat": "text/plain", "sha256": entry.text_sha256},
    )


def _organization(name: str) -> dict[str, Any]:
    return {"@type": "Organization", "name": name}


def _credit(document: Document, statement: Statement) -> str | None:
    """How the document names whoever speaks, beside the name where that is known."""
    who = voice(document, statement)
    return speaks(document, statement) if who.known else who.words


def _is_agent(speaker: Speaker) -> bool:
    """Whether a speaker is somebody with a name: groups have only a noun ("islanders"), papers do not speak."""
    nameless = (SourceType.DOCUMENT, SourceType.UNNAMED_GROUP, SourceType.ANONYMOUS_SOURCE)
    return bool(speaker.name) and speaker.type not in nameless


def _agent(document: Document, speaker: Speaker) -> dict[str, Any]:
    """A person or an organization; without a type where that is not known."""
    title = _line(document, speaker.title)
    kind = _TYPES.get(speaker.type)
    return known(
        type_=kind,
        name=speaker.name,
        jobTitle=title if kind == "Person" else None,
        description=title if kind != "Person" else None,
    )


def _relayers(document: Document, statement: Statement, around: tuple[Statement, ...]) -> list[dict[str, Any]]:
    """Those with a name through whom the document has the statement, but the outlet and whoever makes it."""
    every = [speaker for s in (*around, statement) for speaker in s.relayed_by]
    every += [speaker for s in around for speaker in s.speakers]
    own = {speaker.name for speaker in statement.speakers}
    by_name = {speaker.name: speaker for speaker in every if _is_agent(speaker) and speaker.name not in own}
    return [_agent(document, speaker) for speaker in by_name.values()]


def _post(post: Post) -> dict[str, Any]:
    return known(
        type_="SocialMediaPosting",
        url=post.url if post.url and is_iri(post.url) else None,
        author={"name": post.author} if post.author else None,
    )


def _line(document: Document, span: Span | None) -> str | None:
    return " ".join(span.of(document.text).split()) if span else None


def write(entries: Iterable[Entry], out: BinaryIO) -> None:
    """Write one graph, a statement a line, with everything that is said of it."""
    head = {"@context": SCHEMA}
    write_nodes(out, head, "@graph", (node for entry in checked(entries) for node in nodes(entry)))


EXPORT = LedgerExport(name="schema.org", suffix=".jsonld", write=write)
