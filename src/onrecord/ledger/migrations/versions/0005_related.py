"""What is related across documents: speakers, quotations, copies, and what persons say of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SCORE: sa.types.TypeEngine[float] = sa.Double().with_variant(sa.REAL(), "sqlite")


def _key() -> sa.Column[int]:
    return sa.Column("number", NUMBER, primary_key=True, autoincrement=True)


def _number(name: str, to: str | None = None, *, needed: bool = True) -> sa.Column[int]:
    of = (sa.ForeignKey(f"{to}.number"),) if to else ()
    return sa.Column(name, NUMBER, *of, nullable=not needed)


def _words(name: str, *, needed: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=not needed)


def upgrade() -> None:
    """To this version; the tables are filled by ``onrecord relate``."""

    def table(name: str, *parts: Any, indexed: tuple[str, ...] = (), **how: Any) -> None:
        metadata = sa.MetaData(naming_convention={
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        })  # fmt: skip
        for other in ("document", "entity", "bearer", "saying"):
            if other != name:
                sa.Table(other, metadata, sa.Column("number", NUMBER, primary_key=True))
        made = sa.Table(name, metadata, *parts, sqlite_strict=True, **how)
        made.create(op.get_bind())
        for column in indexed:
            op.create_index(f"ix_{name}_{column}", name, [column])

    table(
        "related",
        sa.Column("document", NUMBER, sa.ForeignKey("document.number"), primary_key=True, autoincrement=False),
        _words("at"),
    )
    table("entity", _key(), _words("name"), _number("person"), _words("reference", needed=False))
    table(
        "bearer",
        _key(),
        _number("document", "document", needed=False),
        _words("reference", needed=False),
        *map(_words, ("sign", "name")),
        _number("person"),
        _words("block"),
        *(_words(name, needed=False) for name in ("head", "tail", "initials")),
        *map(_words, ("titles", "beside")),
        _words("day", needed=False),
        _number("statements"),
        _number("entity", "entity", needed=False),
        indexed=("document", "block", "entity", "sign"),
    )
    for name in ("head", "tail", "initials", "reference"):
        op.create_index(f"ix_bearer_{name}", "bearer", [name, "block"])
    table(
        "doubt",
        *(
            sa.Column(name, NUMBER, sa.ForeignKey(f"{name}.number"), primary_key=True, autoincrement=False)
            for name in ("bearer", "entity")
        ),
        indexed=("entity",),
    )
    table(
        "saying",
        _key(),
        _number("document", "document"),
        *map(_words, ("statement", "sign")),
        _number("bearer", "bearer", needed=False),
        *map(_words, ("forms", "gaps", "brackets")),
        _words("day", needed=False),
        indexed=("document", "statement", "bearer", "sign"),
    )
    for name, of in (("phrase", "saying"), ("shingle", "document")):
        table(
            name,
            sa.Column("hash", NUMBER, primary_key=True, autoincrement=False),
            sa.Column(of, NUMBER, sa.ForeignKey(f"{of}.number"), primary_key=True, autoincrement=False),
            indexed=(of,),
            sqlite_with_rowid=False,
        )
    table(
        "link",
        sa.Column("id", sa.Text(), primary_key=True),
        *(_number(name, "saying") for name in ("first", "second")),
        *map(_number, ("shared", "long", "whole", "serious")),
        _words("differences"),
        indexed=("first", "second"),
    )
    table(
        "copied",
        sa.Column("id", sa.Text(), primary_key=True),
        *(_number(name, "document") for name in ("one", "other")),
        sa.Column("share", SCORE, nullable=False),
        indexed=("one", "other"),
    )
    table(
        "judgement",
        _key(),
        *map(_words, ("link", "kind", "first", "second", "verdict", "person", "at", "why")),
        sa.CheckConstraint("kind IN ('words', 'copy', 'speaker')", "kind"),
        sa.CheckConstraint("verdict IN ('confirmed', 'rejected')", "verdict"),
        sa.CheckConstraint("length(person) > 0", "person"),
        sa.CheckConstraint("length(why) > 0", "why"),
        indexed=("link", "first", "second"),
    )
