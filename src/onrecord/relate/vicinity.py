"""Claims that mean nearly the same as another, in a ledger of any size, without an index beside it.

The space of meanings is divided into cells once for all (``models/meaning/cells.npy``, by k-means over sentences of
news; ``train.cells``), and each claim is kept in the cell that it lies in. Those near a vector are looked for in the
cells nearest to it (an inverted file: Sivic and Zisserman 2003; Jégou et al. 2011). What is added or removed is so at
once and within the ledger's own transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from onrecord.errors import ModelError
from onrecord.ledger import tables
from onrecord.meaning.encoder import SIZE
from onrecord.relate.sql import chunks

__all__ = ["Near", "cells_of", "nearest", "nearest_of", "packed"]

_CELLS = Path(__file__).parent.parent / "models" / "meaning" / "cells.npy"
_LOOKED_THROUGH = 12
"""So many cells: nine of ten claims with a cosine of 0.6 are in them (bench/claims.py)."""

_FEW = 5_000
"""So many claims are all compared."""

_Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Near:
    """A claim, by number, how alike it is, the cosine of the two vectors, and its own, of length 1."""

    claim: int
    alike: float
    vector: _Vectors = field(compare=False, repr=False)


def packed(vector: _Vectors) -> bytes:
    """A vector as it is kept: eight bits a number, the largest as ±127."""
    return np.round(vector * (127 / max(float(np.abs(vector).max()), 1e-9))).astype(np.int8).tobytes()


def cells_of(vectors: _Vectors) -> list[int]:
    """The cell that each of some vectors ``(vectors, SIZE)`` lies in."""
    return [int(cell) for cell in (vectors @ _cells().T).argmax(1)] if len(vectors) else []


def nearest(
    connection: Connection, vector: _Vectors, count: int, least: float, cells: int = _LOOKED_THROUGH
) -> list[Near]:
    """The claims nearest to a vector of length 1, the likest first, at least ``least`` alike; ``count`` at most.

    So many ``cells`` are looked through; of few claims all.
    """
    table, wanted = tables.nearby, select(tables.nearby.c.claim, tables.nearby.c.vector)
    if (connection.execute(select(func.max(tables.claim.c.number))).scalar() or 0) > _FEW:
        some = np.argpartition(-(_cells() @ vector), cells)[:cells].tolist()
        wanted = wanted.where(table.c.cell.in_(some))
    return _best(connection.execute(wanted).all(), vector, count, least)


def nearest_of(connection: Connection, vector: _Vectors, claims: Sequence[int], least: float) -> list[Near]:
    """Of these claims those that are at least so near to a vector of length 1, the likest first."""
    table, rows = tables.nearby, list[Any]()
    for some in chunks(claims):
        rows += connection.execute(select(table.c.claim, table.c.vector).where(table.c.claim.in_(some))).all()
    return _best(rows, vector, len(rows), least)


def _best(rows: Sequence[Any], vector: _Vectors, count: int, least: float) -> list[Near]:
    if not rows:
        return []
    numbers = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    vectors = np.frombuffer(b"".join(row[1] for row in rows), np.int8).reshape(-1, SIZE).astype(np.float32)
    lengths = np.maximum(np.sqrt(np.einsum("ij,ij->i", vectors, vectors)), 1e-9)
    alike = (vectors @ vector) / lengths
    kept = np.flatnonzero(alike >= least)
    order = kept[np.lexsort((numbers[kept], -alike[kept]))][:count]
    return [Near(int(numbers[k]), float(alike[k]), vectors[k] / lengths[k]) for k in order]


@cache
def _cells() -> _Vectors:
    """The middles of the cells ``(cells, SIZE)``, each of length 1.

    Raises:
        ModelError: the file is missing or broken.
    """
    try:
        made = np.load(_CELLS).astype(np.float32)
    except (OSError, ValueError) as error:
        raise ModelError(f"{_CELLS}: the cells of meanings cannot be loaded: {error} (reinstall onrecord)") from error
    lengths: _Vectors = np.linalg.norm(made, axis=1, keepdims=True)
    unit: _Vectors = made / lengths
    return unit
