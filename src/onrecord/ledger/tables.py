"""The tables of a ledger, one schema for SQLite and PostgreSQL; ``migrations/`` makes them and brings old ones here.

Nothing is overwritten: a changed text is a further revision, a newer extractor a further extraction, what a person
says a correction of its own. Times are UTC in ISO 8601. Texts are UTF-8 bytes, so that both databases keep any
character; columns that people search by hold the same words with U+FFFD for what a column cannot hold.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeEngine

__all__ = [
    "METADATA",
    "attachment",
    "bearer",
    "claim",
    "copied",
    "correction",
    "document",
    "doubt",
    "entity",
    "extraction",
    "factcheck",
    "judgement",
    "link",
    "mark",
    "nearby",
    "phrase",
    "present",
    "related",
    "removal",
    "revision",
    "run",
    "saying",
    "shingle",
    "statement",
    "tie",
]

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
SCORE: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")

WORDS: TypeEngine[Any] = Text().with_variant(TSVECTOR(), "postgresql")


def _table(name: str, *parts: Any, **how: Any) -> Table:
    return Table(name, METADATA, *parts, sqlite_strict=True, **how)


def _number() -> Column[int]:
    return Column("number", NUMBER, primary_key=True, autoincrement=True)


def _sha256(name: str, *, needed: bool = True) -> tuple[Column[str], CheckConstraint]:
    """A column for a SHA-256 in hexadecimal."""
    return Column(name, Text, nullable=not needed), CheckConstraint(f"length({name}) = 64", name)


run = _table(
    "run",
    Column("id", Text, primary_key=True),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("command", Text, nullable=False),
    Column("version", Text, nullable=False),
)
"""One call that wrote to the ledger. ``finished_at`` stays empty where it was interrupted."""

document = _table(
    "document",
    _number(),
    Column("collection", Text, nullable=False, server_default=""),
    Column("key", Text, nullable=False),
    UniqueConstraint("collection", "key"),
)
"""A document through all its revisions: ``key`` is its id, its address or its path (``ledger.identity``)."""

revision = _table(
    "revision",
    _number(),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False),
    Column("run", Text, ForeignKey("run.id"), nullable=False),
    Column("read_at", Text, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("text", LargeBinary, nullable=False),
    *_sha256("text_sha256"),
    *_sha256("content_sha256"),
    *_sha256("raw_sha256", needed=False),
    Column("origin", Text),
    Column("reader", Text),
    Column("version", Text, nullable=False),
    Column("title", Text),
    Column("outlet", Text),
    Column("date", Text),
    Column("url", Text),
    Column("body", Text, nullable=False),
    Index("ix_revision_document_as_of", "document", "as_of"),
    Index("ix_revision_text_sha256", "text_sha256"),
    Index("ix_revision_origin", "origin"),
)
"""What a document was at a time: its text and all that is known about it (``body``).

``as_of`` is when the format says it was captured, else when it was read; ``version`` the onrecord that read it;
``content_sha256`` is of what tells one revision from the next.
"""

extraction = _table(
    "extraction",
    _number(),
    Column("revision", NUMBER, ForeignKey("revision.number"), nullable=False),
    Column("run", Text, ForeignKey("run.id"), nullable=False),
    Column("at", Text, nullable=False),
    Column("extractor", Text, nullable=False),
    Column("statements", NUMBER, nullable=False),
    *_sha256("statements_sha256"),
    UniqueConstraint("revision", "extractor"),
)
"""The statements that one extractor found in one revision; the last one counts, the earlier ones are history.

``statements_sha256`` is of their bodies, one a line, in their order.
"""

statement = _table(
    "statement",
    _number(),
    Column("extraction", NUMBER, ForeignKey("extraction.number"), nullable=False),
    Column("id", Text, nullable=False),
    Column("parent", Text),
    Column("kind", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("score", SCORE, nullable=False),
    Column("start", NUMBER, nullable=False),
    Column("stop", NUMBER, nullable=False),
    Column("source", Text),
    Column("cue", Text),
    Column("content", Text, nullable=False),
    Column("speaker", Text),
    Column("source_type", Text, nullable=False),
    Column("act", Text),
    Column("said_on", Text),
    Column("body", Text, nullable=False),
    UniqueConstraint("id", "extraction"),
    ForeignKeyConstraint(["parent", "extraction"], ["statement.id", "statement.extraction"]),
    CheckConstraint("kind IN ('statement', 'editor_note', 'non_response')", "kind"),
    CheckConstraint("form IN ('verbatim', 'partial', 'paraphrase')", "form"),
    CheckConstraint("score BETWEEN 0 AND 1", "score"),
    CheckConstraint("0 <= start AND start < stop", "offsets"),
    CheckConstraint("parent <> id", "parent"),
    Index("ix_statement_extraction", "extraction"),
)
"""One statement as it was extracted: ``body`` is the whole of it, the other columns are what people look for.

``start`` and ``stop`` are the first and last offset of the content; ``source``, ``cue`` and ``content`` the words
that stood there when it was recorded.
"""

correction = _table(
    "correction",
    _number(),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False),
    Column("revision", NUMBER, ForeignKey("revision.number"), nullable=False),
    Column("statement", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text),
    Column("was", Text),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("why", Text, nullable=False),
    CheckConstraint("length(person) > 0", "person"),
    CheckConstraint("length(why) > 0", "why"),
    Index("ix_correction_document", "document"),
)
"""What a person says of one field of a statement (JSON in ``value``), with the content's offsets in that revision.

The last one of a field counts. ``field`` may be ``statement``: the person added it, ``value`` is its body;
``withdrawn``: an earlier correction, of the field that ``value`` names, no longer counts.
"""

attachment = _table(
    "attachment",
    Column("correction", NUMBER, ForeignKey("correction.number"), primary_key=True),
    Column("extraction", NUMBER, ForeignKey("extraction.number"), primary_key=True),
    Column("statement", Text),
    Column("how", Text, nullable=False),
    Column("shift", NUMBER, nullable=False, server_default="0"),
    ForeignKeyConstraint(["statement", "extraction"], ["statement.id", "statement.extraction"]),
    CheckConstraint("how IN ('same', 'moved', 'added', 'waiting')", "how"),
    CheckConstraint("(how IN ('same', 'moved')) = (statement IS NOT NULL)", "statement"),
    Index("ix_attachment_extraction", "extraction"),
)
"""Which statement of an extraction a correction is of; none where it waits for a person (the queue).

``shift`` is how far the words stand from where they stood in the revision that the correction was made on.
"""

removal = _table(
    "removal",
    _number(),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False),
    Column("at", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("lifted_at", Text),
    CheckConstraint("length(reason) > 0", "reason"),
    Index("ix_removal_document", "document"),
)
"""The tombstone of a document whose text, statements and corrections were taken out."""

present = _table(
    "present",
    _number(),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False),
    Column("revision", NUMBER, ForeignKey("revision.number"), nullable=False),
    Column("extraction", NUMBER, ForeignKey("extraction.number")),
    Column("id", Text, nullable=False),
    Column("parent", Text),
    Column("kind", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("score", SCORE, nullable=False),
    Column("start", NUMBER, nullable=False),
    Column("content", Text, nullable=False),
    Column("speaker", Text),
    Column("source_type", Text, nullable=False),
    Column("source_title", Text),
    Column("act", Text),
    Column("second_act", Text),
    Column("said_from", Text),
    Column("said_until", Text),
    Column("outlet", Text),
    Column("published_from", Text),
    Column("published_until", Text),
    Column("reviewed", NUMBER, nullable=False),
    Column("meaning", NUMBER, nullable=False, server_default="0"),
    Column("place", NUMBER, nullable=False, server_default="0"),
    *(Column(f"words_of_{name}", WORDS) for name in ("content", "speaker", "outlet", "traits")),
    UniqueConstraint("document", "id"),
    Index("ix_present_place", "place", unique=True),
    Index("ix_present_speaker", "speaker"),
    Index("ix_present_said_from", "said_from"),
    Index("ix_present_meaning", "meaning"),
)
"""The statements of each document's last revision as persons corrected them: what is looked through.

All of it follows from the other tables (``ledger.present``). Days are the first and the last that a date covers;
``place`` is by the day of publication (``ledger.places``). Words are looked for without case, accents and stemming,
and with them traits, which are what is filtered by: in SQLite in ``present_words`` (FTS5), in PostgreSQL in the
``words_of_…`` columns, which are empty in SQLite. The migration makes what is one database's own. ``meaning`` is the
key of the vector that says what the content means (``ledger.meanings``).
"""

mark = _table("mark", Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""Values that tell one state from another: that named ``present`` is another after each change of that table."""

related = _table(
    "related",
    Column("document", NUMBER, ForeignKey("document.number"), primary_key=True),
    Column("at", Text, nullable=False),
)
"""Documents whose last revision was compared with the others (``onrecord.relate``); one that changes is taken out."""

entity = _table(
    "entity",
    _number(),
    Column("name", Text, nullable=False),
    Column("person", NUMBER, nullable=False),
    Column("reference", Text),
)
"""A person or an organisation across documents, by the fullest name; ``reference`` is its id in an imported list."""

bearer = _table(
    "bearer",
    _number(),
    Column("document", NUMBER, ForeignKey("document.number")),
    Column("reference", Text),
    Column("sign", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("person", NUMBER, nullable=False),
    Column("block", Text, nullable=False),
    Column("head", Text),
    Column("tail", Text),
    Column("initials", Text),
    Column("titles", Text, nullable=False),
    Column("beside", Text, nullable=False),
    Column("day", Text),
    Column("statements", NUMBER, nullable=False),
    Column("entity", NUMBER, ForeignKey("entity.number")),
    *(Index(f"ix_bearer_{name}", name) for name in ("document", "block", "entity", "sign")),
    *(Index(f"ix_bearer_{name}", name, "block") for name in ("head", "tail", "initials", "reference")),
)
"""A speaker of one document, or a name of an imported list, and the entity that it is; none yet where that is to be
found. ``sign`` is the same after the document was read again. Those of one ``block`` may be one; so may those that
share the ``head`` or the ``tail`` of a name, or whose name is the ``initials`` of another."""

doubt = _table(
    "doubt",
    Column("bearer", NUMBER, ForeignKey("bearer.number"), primary_key=True),
    Column("entity", NUMBER, ForeignKey("entity.number"), primary_key=True),
    Index("ix_doubt_entity", "entity"),
)
"""Entities that a speaker may be, which a person has to decide."""

saying = _table(
    "saying",
    _number(),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False),
    Column("statement", Text, nullable=False),
    Column("sign", Text, nullable=False),
    Column("bearer", NUMBER, ForeignKey("bearer.number")),
    Column("forms", Text, nullable=False),
    Column("gaps", Text, nullable=False),
    Column("brackets", Text, nullable=False),
    Column("day", Text),
    *(Index(f"ix_saying_{name}", name) for name in ("document", "statement", "bearer", "sign")),
)
"""The quoted words of a statement as they are compared (``relate.wording``), and the first day of publication."""

phrase = _table(
    "phrase",
    Column("hash", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
    Column("saying", NUMBER, ForeignKey("saying.number"), primary_key=True),
    Index("ix_phrase_saying", "saying"),
    sqlite_with_rowid=False,
)
"""Runs of words by which quotations are found (``relate.sayings``)."""

link = _table(
    "link",
    Column("id", Text, primary_key=True),
    Column("first", NUMBER, ForeignKey("saying.number"), nullable=False),
    Column("second", NUMBER, ForeignKey("saying.number"), nullable=False),
    Column("shared", NUMBER, nullable=False),
    Column("long", NUMBER, nullable=False),
    Column("whole", NUMBER, nullable=False),
    Column("serious", NUMBER, nullable=False),
    Column("differences", Text, nullable=False),
    Index("ix_link_first", "first"),
    Index("ix_link_second", "second"),
)
"""Two quotations whose words are alike (``relate.alike``); what that makes them depends on who is said to say them."""

shingle = _table(
    "shingle",
    Column("hash", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
    Column("document", NUMBER, ForeignKey("document.number"), primary_key=True),
    Index("ix_shingle_document", "document"),
    sqlite_with_rowid=False,
)
"""A sample of the runs of words of a text, by which its copies are found (``relate.copies``)."""

copied = _table(
    "copied",
    Column("id", Text, primary_key=True),
    Column("one", NUMBER, ForeignKey("document.number"), nullable=False),
    Column("other", NUMBER, ForeignKey("document.number"), nullable=False),
    Column("share", SCORE, nullable=False),
    Index("ix_copied_one", "one"),
    Index("ix_copied_other", "other"),
)
"""Two documents of which one is the other's copy, or both are of a third."""

claim = _table(
    "claim",
    _number(),
    Column("document", NUMBER, ForeignKey("document.number"), nullable=False),
    Column("statement", Text, nullable=False),
    Column("sign", Text, nullable=False),
    Column("words", Text, nullable=False),
    *(Index(f"ix_claim_{name}", name) for name in ("document", "statement", "sign")),
)
"""A statement as it is compared with others (``relate.claims``): ``words`` has who says it, how and what."""

nearby = _table(
    "nearby",
    Column("cell", NUMBER, primary_key=True, autoincrement=False),
    Column("claim", NUMBER, ForeignKey("claim.number"), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Index("ix_nearby_claim", "claim"),
    sqlite_with_rowid=False,
)
"""Claims by the cell of meanings that their contents lie in (``relate.vicinity``), with their vectors, eight bits a
number."""

tie = _table(
    "tie",
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("first", NUMBER, ForeignKey("claim.number"), nullable=False),
    Column("second", NUMBER, ForeignKey("claim.number"), nullable=False),
    Column("score", SCORE, nullable=False),
    Column("clash", Text, nullable=False),
    CheckConstraint("kind IN ('restates', 'disputes', 'answers')", "kind"),
    CheckConstraint("score BETWEEN 0 AND 1", "score"),
    Index("ix_tie_first", "first"),
    Index("ix_tie_second", "second"),
)
"""What two claims probably are to each other; ``clash`` are the offsets of the words that clash, in both documents."""

judgement = _table(
    "judgement",
    _number(),
    Column("link", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("first", Text, nullable=False),
    Column("second", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("why", Text, nullable=False),
    CheckConstraint("kind IN ('words', 'copy', 'speaker', 'claims', 'review')", "kind"),
    CheckConstraint("verdict IN ('confirmed', 'rejected')", "verdict"),
    CheckConstraint("length(person) > 0", "person"),
    CheckConstraint("length(why) > 0", "why"),
    *(Index(f"ix_judgement_{name}", name) for name in ("link", "first", "second")),
)
"""What a person says of a link between two quotations, texts, speakers or claims, or a claim and a fact-check, which
``first`` and ``second`` are signs of.

The last one of a link counts.
"""

factcheck = _table(
    "factcheck",
    Column("id", Text, primary_key=True),
    Column("claim", Text, nullable=False),
    Column("title", Text),
    Column("url", Text),
    Column("publisher", Text),
    Column("rating", Text),
    Column("date", Text),
    Column("claimant", Text),
    Column("claimed_on", Text),
    Column("appearances", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("read_at", Text, nullable=False),
    Column("encoder", Text, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    Index("ix_factcheck_date", "date"),
)
"""An imported review of a claim, in its publisher's words (``onrecord.factchecks``); ``appearances`` are JSON.

``origin`` is the file that it was imported from. ``vectors`` are what claim and title mean, 16 bits a number, from the
encoder of that version (``meaning.encoder``).
"""
