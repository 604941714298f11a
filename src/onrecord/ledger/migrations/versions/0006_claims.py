"""What ties claims: statements as they are compared, where their meanings lie, what two probably are; fact-checks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SCORE: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
CONVENTION = {
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
KINDS = "kind IN ('words', 'copy', 'speaker', 'claims', 'review')"


def _key() -> sa.Column[int]:
    return sa.Column("number", NUMBER, primary_key=True, autoincrement=True)


def _number(name: str, to: str) -> sa.Column[int]:
    return sa.Column(name, NUMBER, sa.ForeignKey(f"{to}.number"), nullable=False)


def _words(name: str, *, needed: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=not needed)


def upgrade() -> None:
    """To this version; the tables are filled by ``onrecord relate``, which compares every document once more."""

    def table(name: str, *parts: Any, indexed: tuple[str, ...] = (), **how: Any) -> None:
        metadata = sa.MetaData(naming_convention=CONVENTION)
        for other in ("document", "claim"):
            if other != name:
                sa.Table(other, metadata, sa.Column("number", NUMBER, primary_key=True))
        sa.Table(name, metadata, *parts, sqlite_strict=True, **how).create(op.get_bind())
        for column in indexed:
            op.create_index(f"ix_{name}_{column}", name, [column])

    table(
        "claim",
        _key(),
        _number("document", "document"),
        *map(_words, ("statement", "sign", "words")),
        indexed=("document", "statement", "sign"),
    )
    table(
        "nearby",
        sa.Column("cell", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("claim", NUMBER, sa.ForeignKey("claim.number"), primary_key=True, autoincrement=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        indexed=("claim",),
        sqlite_with_rowid=False,
    )
    table(
        "tie",
        sa.Column("id", sa.Text(), primary_key=True),
        _words("kind"),
        *(_number(name, "claim") for name in ("first", "second")),
        sa.Column("score", SCORE, nullable=False),
        _words("clash"),
        sa.CheckConstraint("kind IN ('restates', 'disputes', 'answers')", "kind"),
        sa.CheckConstraint("score BETWEEN 0 AND 1", "score"),
        indexed=("first", "second"),
    )
    table(
        "factcheck",
        sa.Column("id", sa.Text(), primary_key=True),
        _words("claim"),
        *(
            _words(name, needed=False)
            for name in ("title", "url", "publisher", "rating", "date", "claimant", "claimed_on")
        ),
        *map(_words, ("appearances", "origin", "read_at", "encoder")),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        indexed=("date",),
    )
    _judge_more()
    op.execute("DELETE FROM related")


def _judge_more() -> None:
    """Persons may judge links of two more kinds."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_judgement_kind"), "judgement", type_="check")
        op.create_check_constraint(op.f("ck_judgement_kind"), "judgement", KINDS)
        return
    # SQLite changes no constraint: the table is written anew
    columns = ("link", "kind", "first", "second", "verdict", "person", "at", "why")
    metadata = sa.MetaData(naming_convention=CONVENTION)
    op.execute("ALTER TABLE judgement RENAME TO judgement_before")
    for column in ("link", "first", "second"):
        op.drop_index(f"ix_judgement_{column}", "judgement_before")
    sa.Table(
        "judgement",
        metadata,
        _key(),
        *map(_words, columns),
        sa.CheckConstraint(KINDS, "kind"),
        sa.CheckConstraint("verdict IN ('confirmed', 'rejected')", "verdict"),
        sa.CheckConstraint("length(person) > 0", "person"),
        sa.CheckConstraint("length(why) > 0", "why"),
        sqlite_strict=True,
    ).create(op.get_bind())
    names = ", ".join(f'"{column}"' for column in ("number", *columns))
    op.execute(f"INSERT INTO judgement ({names}) SELECT {names} FROM judgement_before")
    op.drop_table("judgement_before")
    for column in ("link", "first", "second"):
        op.create_index(f"ix_judgement_{column}", "judgement", [column])
