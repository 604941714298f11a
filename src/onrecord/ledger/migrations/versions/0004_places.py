"""Present statements in the order of publication, and one index for words and for what is filtered by."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS: sa.types.TypeEngine[Any] = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")

COLUMNS = ("content", "speaker", "outlet", "traits")
TRAITS = {"act": "act", "second_act": "act", "form": "form", "source_type": "type", "kind": "kind"}
"""Columns that are filtered by, and what their traits begin with (``ledger.query.trait``)."""


def upgrade() -> None:
    """To this version; the rows are written by ``ledger.present.rebuild``.

    SQLite's index of words wants its rows in the order of their ids, which are places, and the table wants its own in
    the order of their numbers: whoever inserts into ``present`` inserts into ``present_words`` too.
    """
    sqlite = op.get_context().dialect.name == "sqlite"
    if sqlite:
        for what in ("TRIGGER present_added", "TRIGGER present_removed", "TABLE present_words"):
            op.execute(f"DROP {what}")
    else:
        for name in COLUMNS[:3]:
            op.drop_index(f"ix_present_words_of_{name}", "present")
    op.execute("DELETE FROM present")
    op.drop_index("ix_present_act", "present")
    op.drop_index("ix_present_published_from", "present")
    op.add_column("present", sa.Column("place", NUMBER, nullable=False, server_default="0"))
    op.add_column("present", sa.Column("words_of_traits", WORDS, nullable=True))
    op.create_index("ix_present_place", "present", ["place"], unique=True)
    if not sqlite:
        words = [f"words_of_{name}" for name in COLUMNS]
        # what waits to be put into the index is read through by every search: half a megabyte at most
        waiting = {"fastupdate": "on", "gin_pending_list_limit": "512"}
        op.create_index("ix_present_words", "present", words, postgresql_using="gin", postgresql_with=waiting)
        return

    def traits(row: str) -> str:
        made = [f"'{begin}' || replace(coalesce({row}{name}, 'none'), '_', '')" for name, begin in TRAITS.items()]
        said = f"CASE WHEN coalesce({row}said_from, {row}said_until) IS NULL THEN 'saidnone' ELSE 'saidknown' END"
        return " || ' ' || ".join([*made, said])

    def values(row: str) -> str:
        return ", ".join([f"{row}place", *(f"{row}{name}" for name in COLUMNS[:3]), traits(row)])

    names = ", ".join(COLUMNS)
    op.execute(f"CREATE VIEW present_looked(number, place, {names}) AS SELECT number, {values('')} FROM present")
    op.execute(
        f"CREATE VIRTUAL TABLE present_words USING fts5({names}, content='present_looked', content_rowid='place',"
        " tokenize='unicode61 remove_diacritics 2', prefix='3')"
    )
    op.execute(
        "CREATE TRIGGER present_removed AFTER DELETE ON present BEGIN"
        f" INSERT INTO present_words(present_words, rowid, {names}) VALUES ('delete', {values('old.')}); END"
    )
