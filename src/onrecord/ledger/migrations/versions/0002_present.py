"""What the ledger says at present, to look through: a table that follows from the others, and its index of words."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SCORE: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
WORDS: sa.types.TypeEngine[Any] = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")

COLUMNS = ("content", "speaker", "outlet")


def upgrade() -> None:
    """To this version; the rows are written by ``ledger.present.rebuild``."""
    op.create_table(
        "present",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("document", NUMBER, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.Column("extraction", NUMBER, nullable=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("score", SCORE, nullable=False),
        sa.Column("start", NUMBER, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("source_title", sa.Text(), nullable=True),
        sa.Column("act", sa.Text(), nullable=True),
        sa.Column("second_act", sa.Text(), nullable=True),
        sa.Column("said_from", sa.Text(), nullable=True),
        sa.Column("said_until", sa.Text(), nullable=True),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("published_from", sa.Text(), nullable=True),
        sa.Column("published_until", sa.Text(), nullable=True),
        sa.Column("reviewed", NUMBER, nullable=False),
        sa.Column("words_of_content", WORDS, nullable=True),
        sa.Column("words_of_speaker", WORDS, nullable=True),
        sa.Column("words_of_outlet", WORDS, nullable=True),
        sa.ForeignKeyConstraint(["document"], ["document.number"], name=op.f("fk_present_document")),
        sa.ForeignKeyConstraint(["extraction"], ["extraction.number"], name=op.f("fk_present_extraction")),
        sa.ForeignKeyConstraint(["revision"], ["revision.number"], name=op.f("fk_present_revision")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_present")),
        sa.UniqueConstraint("document", "id", name=op.f("uq_present_document_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_present_act", "present", ["act"], unique=False)
    op.create_index("ix_present_published_from", "present", ["published_from"], unique=False)
    op.create_index("ix_present_said_from", "present", ["said_from"], unique=False)
    op.create_index("ix_present_speaker", "present", ["speaker"], unique=False)
    if op.get_context().dialect.name == "sqlite":
        names = ", ".join(COLUMNS)
        new, old = (", ".join(f"{row}.{name}" for name in COLUMNS) for row in ("new", "old"))
        op.execute(
            f"CREATE VIRTUAL TABLE present_words USING fts5({names}, content='present', content_rowid='number',"
            " tokenize='unicode61 remove_diacritics 2')"
        )
        op.execute(
            "CREATE TRIGGER present_added AFTER INSERT ON present BEGIN"
            f" INSERT INTO present_words(rowid, {names}) VALUES (new.number, {new}); END"
        )
        op.execute(
            "CREATE TRIGGER present_removed AFTER DELETE ON present BEGIN"
            f" INSERT INTO present_words(present_words, rowid, {names}) VALUES ('delete', old.number, {old}); END"
        )
    else:
        for name in COLUMNS:
            op.create_index(f"ix_present_words_of_{name}", "present", [f"words_of_{name}"], postgresql_using="gin")
