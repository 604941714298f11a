"""By which vector the meaning of a present statement is known, and a mark that changes with the present statements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """To this version; the rows are written by ``ledger.present.rebuild``."""
    op.add_column("present", sa.Column("meaning", NUMBER, server_default="0", nullable=False))
    op.create_index("ix_present_meaning", "present", ["meaning"], unique=False)
    op.create_table(
        "mark",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mark")),
        sqlite_strict=True,
    )
