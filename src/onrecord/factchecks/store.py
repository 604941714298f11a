"""The fact-checks of a ledger as its table keeps them, with the vectors by which they are found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, delete, func, insert, select

from onrecord.factchecks.factcheck import FactCheck
from onrecord.factchecks.matching import vectors
from onrecord.ledger import tables
from onrecord.ledger.identity import now
from onrecord.meaning.encoder import SIZE, Encoder

__all__ = ["every", "known", "packed", "remove", "stale", "state", "unpacked", "write"]

_Vectors = NDArray[np.float32]
_FIELDS = ("id", "claim", "title", "url", "publisher", "rating", "date", "claimant", "claimed_on")
_BYTES = 2 * SIZE * 2
"""Two vectors of 16-bit numbers."""


def packed(claims: _Vectors, titles: _Vectors) -> list[bytes]:
    """The vectors of claims and their titles, ``(fact-checks, SIZE)`` each, as the table keeps them."""
    both = np.stack([claims, titles], axis=1).astype("<f2")
    return [one.tobytes() for one in both]


def unpacked(kept: Sequence[bytes]) -> tuple[_Vectors, _Vectors]:
    """The vectors of claims and of titles, ``(fact-checks, SIZE)`` each."""
    both = np.frombuffer(b"".join(kept), "<f2").reshape(-1, 2, SIZE).astype(np.float32)
    return np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1])


def known(connection: Connection, ids: Sequence[str], version: str) -> dict[str, tuple[FactCheck, bytes | None]]:
    """Those with these ids, with their vectors where they are of this version of the encoder."""
    table = tables.factcheck
    found = connection.execute(select(table).where(table.c.id.in_(list(ids))))
    return {row.id: (_check(row), row.vectors if _is_fresh(row, version) else None) for row in found}


def write(connection: Connection, checks: Sequence[tuple[FactCheck, bytes]], origin: str, version: str) -> None:
    """Write fact-checks with their vectors; those that have one of these ids are replaced."""
    table = tables.factcheck
    connection.execute(delete(table).where(table.c.id.in_([check.id for check, _ in checks])))
    at = now()
    rows = [
        {name: getattr(check, name) for name in _FIELDS}
        | {"appearances": json.dumps(check.appearances), "origin": origin, "read_at": at, "encoder": version}
        | {"vectors": kept}
        for check, kept in checks
    ]
    if rows:
        connection.execute(insert(table), rows)


def remove(connection: Connection, id: str) -> bool:
    """Take one out; whether there was one."""
    table = tables.factcheck
    return bool(connection.execute(delete(table).where(table.c.id == id)).rowcount)


def every(connection: Connection, encoder: Encoder) -> tuple[list[FactCheck], _Vectors, _Vectors]:
    """All of them in the order of their ids, with the vectors of claims and titles; those that another version of the
    encoder made are made anew, but not written."""
    rows = connection.execute(select(tables.factcheck).order_by(tables.factcheck.c.id)).all()
    checks = [_check(row) for row in rows]
    fresh = [_is_fresh(row, encoder.version) for row in rows]
    none = bytes(_BYTES)
    claims, titles = unpacked([row.vectors if good else none for row, good in zip(rows, fresh, strict=True)])
    old = [k for k, good in enumerate(fresh) if not good]
    if old:
        claims[old] = vectors([checks[k].claim for k in old], encoder)
        titles[old] = vectors([checks[k].title for k in old], encoder)
    return checks, claims, titles


def stale(connection: Connection, version: str, limit: int) -> list[tuple[FactCheck, str]]:
    """Some whose vectors another version of the encoder made, each with its origin."""
    table = tables.factcheck
    found = connection.execute(select(table).where(table.c.encoder != version).order_by(table.c.id).limit(limit))
    return [(_check(row), row.origin) for row in found]


def state(connection: Connection) -> tuple[int, str | None]:
    """What tells one state of the collection from the next: how many there are, and when the last one came."""
    table = tables.factcheck
    count, last = connection.execute(select(func.count(), func.max(table.c.read_at))).one()
    return count, last


def _is_fresh(row: Row[Any], version: str) -> bool:
    return bool(row.encoder == version and len(row.vectors) == _BYTES)


def _check(row: Row[Any]) -> FactCheck:
    found = {name: getattr(row, name) for name in _FIELDS}
    return FactCheck(**found, appearances=tuple(json.loads(row.appearances)))
