"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SCORE: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "document",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("collection", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_document")),
        sa.UniqueConstraint("collection", "key", name=op.f("uq_document_collection_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text(), nullable=True),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sqlite_strict=True,
    )
    op.create_table(
        "removal",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("document", NUMBER, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.Text(), nullable=True),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_removal_reason")),
        sa.ForeignKeyConstraint(["document"], ["document.number"], name=op.f("fk_removal_document")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_removal")),
        sqlite_strict=True,
    )
    op.create_index("ix_removal_document", "removal", ["document"], unique=False)
    op.create_table(
        "revision",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("document", NUMBER, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("read_at", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("raw_sha256", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("reader", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_revision_content_sha256")),
        sa.CheckConstraint("length(raw_sha256) = 64", name=op.f("ck_revision_raw_sha256")),
        sa.CheckConstraint("length(text_sha256) = 64", name=op.f("ck_revision_text_sha256")),
        sa.ForeignKeyConstraint(["document"], ["document.number"], name=op.f("fk_revision_document")),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_revision_run")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_revision")),
        sqlite_strict=True,
    )
    op.create_index("ix_revision_document_as_of", "revision", ["document", "as_of"], unique=False)
    op.create_index("ix_revision_origin", "revision", ["origin"], unique=False)
    op.create_index("ix_revision_text_sha256", "revision", ["text_sha256"], unique=False)
    op.create_table(
        "correction",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("document", NUMBER, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("length(person) > 0", name=op.f("ck_correction_person")),
        sa.CheckConstraint("length(why) > 0", name=op.f("ck_correction_why")),
        sa.ForeignKeyConstraint(["document"], ["document.number"], name=op.f("fk_correction_document")),
        sa.ForeignKeyConstraint(["revision"], ["revision.number"], name=op.f("fk_correction_revision")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_correction")),
        sqlite_strict=True,
    )
    op.create_index("ix_correction_document", "correction", ["document"], unique=False)
    op.create_table(
        "extraction",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("statements", NUMBER, nullable=False),
        sa.Column("statements_sha256", sa.Text(), nullable=False),
        sa.CheckConstraint("length(statements_sha256) = 64", name=op.f("ck_extraction_statements_sha256")),
        sa.ForeignKeyConstraint(["revision"], ["revision.number"], name=op.f("fk_extraction_revision")),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_extraction_run")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_extraction")),
        sa.UniqueConstraint("revision", "extractor", name=op.f("uq_extraction_revision_extractor")),
        sqlite_strict=True,
    )
    op.create_table(
        "statement",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("extraction", NUMBER, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("score", SCORE, nullable=False),
        sa.Column("start", NUMBER, nullable=False),
        sa.Column("stop", NUMBER, nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("cue", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=True),
        sa.Column("said_on", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("form IN ('verbatim', 'partial', 'paraphrase')", name=op.f("ck_statement_form")),
        sa.CheckConstraint("kind IN ('statement', 'editor_note', 'non_response')", name=op.f("ck_statement_kind")),
        sa.CheckConstraint("0 <= start AND start < stop", name=op.f("ck_statement_offsets")),
        sa.CheckConstraint("parent <> id", name=op.f("ck_statement_parent")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_statement_score")),
        sa.ForeignKeyConstraint(["extraction"], ["extraction.number"], name=op.f("fk_statement_extraction")),
        sa.ForeignKeyConstraint(
            ["parent", "extraction"],
            ["statement.id", "statement.extraction"],
            name=op.f("fk_statement_parent_extraction"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_statement")),
        sa.UniqueConstraint("id", "extraction", name=op.f("uq_statement_id_extraction")),
        sqlite_strict=True,
    )
    op.create_index("ix_statement_extraction", "statement", ["extraction"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("correction", NUMBER, nullable=False),
        sa.Column("extraction", NUMBER, nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("shift", NUMBER, server_default="0", nullable=False),
        sa.CheckConstraint(
            "(how IN ('same', 'moved')) = (statement IS NOT NULL)", name=op.f("ck_attachment_statement")
        ),
        sa.CheckConstraint("how IN ('same', 'moved', 'added', 'waiting')", name=op.f("ck_attachment_how")),
        sa.ForeignKeyConstraint(["correction"], ["correction.number"], name=op.f("fk_attachment_correction")),
        sa.ForeignKeyConstraint(["extraction"], ["extraction.number"], name=op.f("fk_attachment_extraction")),
        sa.ForeignKeyConstraint(
            ["statement", "extraction"],
            ["statement.id", "statement.extraction"],
            name=op.f("fk_attachment_statement_extraction"),
        ),
        sa.PrimaryKeyConstraint("correction", "extraction", name=op.f("pk_attachment")),
        sqlite_strict=True,
    )
    op.create_index("ix_attachment_extraction", "attachment", ["extraction"], unique=False)
