"""Ledgers with what a ledger can hold: persons' corrections, one text in two documents, every kind of line end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from onrecord.extract import statement_at
from onrecord.ledger import Entry, Ledger
from onrecord.model import Act, Deed, Document, Occasion, Provenance, SourceType, Span, Speaker, Statement
from sample_documents import Builder, all_samples, fishing_pact

LINES = (
    "Quay closed\r\n\r\n“We saw the crack,” Ilse Kamara said.\r\n“We told the port.\u2028Twice,” she\tadded.\r\n"
    "The harbour band – ten\u0085men strong 🎺 – “will play on”, its leader told Radio Sella.\n\n\n=SUM(A1) was on the sign, @kamara wrote.\r"
)


def every_line_end() -> Document:
    """A text with CRLF, a bare CR, line separators, tabs and a character beyond 16 bits; contents over several lines."""
    b = Builder(LINES)
    person = SourceType.NAMED_PERSON
    kamara = Speaker("Ilse Kamara", person, b.span("Ilse Kamara"))
    b.add("“We saw", "Ilse Kamara", "said", "“We saw the crack,”")
    b.add("“We told", "she", "\tadded", "“We told the port.\u2028Twice,”")
    b.add("The harbour", "its leader", "told", "The harbour band – ten\u0085men strong 🎺 – “will play on”")
    b.add("=SUM", "@kamara", "wrote", "=SUM(A1) was on the sign")
    b.add("“We saw", "", "", "“We saw the crack,” Ilse Kamara said.\r\n“We told the port.\u2028Twice,” she\tadded.\r\n")
    first, second, third, *rest = (replace(s, id=f"e{s.id}") for s in b.statements)
    made = (
        replace(first, speakers=(kamara,), deed=Deed(Act.ASSERT, 0.9), occasion=Occasion("2024-05-02/2024-05-03")),
        replace(second, speakers=(kamara,), inferred=True),
        replace(third, relayed_by=(Speaker("Radio Sella", SourceType.NAMED_ORGANIZATION),)),
        *rest,
    )
    return Document(
        "=lines.txt", LINES, title="-Quay; closed\n", outlet="+Sella Post", date="2024-05-03T00:30:00+02:00",
        url="@sella", language="en-GB", authors=("=Bo",), statements=made,
    )  # fmt: skip


def shared_contents() -> Document:
    """Two statements of one content by two speakers, one of the two within the other."""
    text = "The mayor said the council had agreed that the quay was safe."
    outer = statement_at(Document("d", text), [Span(15, 60)], [Span(0, 9)], [Span(10, 14)])
    inner = statement_at(Document("d", text), [Span(15, 60)], [Span(15, 26)], [Span(27, 37)], {outer.id})
    return Document("shared", text, statements=(outer, replace(inner, parent=outer.id)))


def documents() -> list[Document]:
    """The hand-made documents, with one text under two ids, and a document that was read from a web archive."""
    pact = fishing_pact()
    captured = Provenance(
        "crawl.warc.gz", "warc", "ab" * 32, "2024-05-03T10:00:00Z", "urn:uuid:1b1c0f0e-0000-4000-8000-000000000009"
    )
    copied = replace(pact, id="copy", outlet="The Evening Copy", url="https://copy.example/pact", provenance=captured)
    return [*all_samples(), every_line_end(), shared_contents(), copied]


def fill(where: str | Path, made: Iterable[Document] | None = None, *, statements: bool = True) -> None:
    """Record documents in a ledger."""
    with Ledger.open(where) as ledger:
        for document in documents() if made is None else made:
            ledger.add(document if statements else replace(document, statements=()))


def correct(where: str | Path) -> None:
    """Correct in a ledger of these documents what persons correct: fields, spans, what is none, what is missing."""
    with Ledger.open(where) as ledger:
        pact = ledger.document("pact").document
        by = {"by": "ada", "why": "the tape"}
        first, second, third = pact.statements[:3]
        ledger.correct(first.id, [("rejected", "yes")], **by)
        ledger.correct(second.id, [("speaker", "Adaeze N. Okafor"), ("act", "commit"), ("said_on", "2024-05")], **by)
        ledger.correct(third.id, [("cue", ""), ("kind", "non_response"), ("content", "12-40,50-60")], **by)
        again = statement_at(pact, second.content, (Span(0, 4),), (), {s.id for s in pact.statements})
        ledger.add_statement("pact", again, **by)


def entries(where: str | Path) -> Iterator[Entry]:
    """What a ledger has."""
    with Ledger.open(where, read_only=True) as ledger:
        yield from ledger.entries()


def told(statement: Statement) -> tuple[object, ...]:
    """What of a statement an annotation can tell."""
    spans = (statement.content, statement.source, statement.cue)
    return (*spans, statement.kind, statement.form, statement.act, statement.source_type)
