"""Claims that mean nearly the same as another, in a ledger of any size, without an index beside it.

The space of meanings is divided into cells once for all (``models/meaning/cells.npy``, by k-means over sentences of
news; ``train.cells``), and each claim is kept in the cell that it lies in. Those near a vector are looked for in the
cells nearest to it (an inverted file: Sivic and Zisserman 2003; Jégou et al. 2011). What is added or removed is so at
once and within the ledger's own transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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

_AT_ONCE = 500
"""So many rows are fetched and compared at once: of many more Python's collector looks through all again and again,
which takes as long as all the rest."""

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


def unpacked(blobs: Sequence[bytes]) -> _Vectors:
    """Kept vectors ``(vectors, SIZE)``, each of length 1 again."""
    vectors, lengths = _kept(blobs)
    made: _Vectors = vectors / lengths[:, None]
    return made


def _kept(blobs: Sequence[bytes]) -> tuple[_Vectors, _Vectors]:
    """Kept vectors ``(vectors, SIZE)`` as they are, and the length of each."""
    vectors = np.frombuffer(b"".join(blobs), np.int8).reshape(-1, SIZE).astype(np.float32)
    return vectors, np.maximum(np.sqrt(np.einsum("ij,ij->i", vectors, vectors)), 1e-9)


def cells_of(vectors: _Vectors) -> list[int]:
    """The cell that each of some vectors ``(vectors, SIZE)`` lies in."""
    return [int(cell) for cell in (vectors @ _cells().T).argmax(1)] if len(vectors) else []


def nearest(
    connection: Connection, vectors: _Vectors, count: int, least: float, cells: int = _LOOKED_THROUGH
) -> list[list[Near]]:
    """For each of some vectors of length 1, ``(vectors, SIZE)``, the claims nearest to it, the likest first.

    They are at least ``least`` alike, and ``count`` at most. So many ``cells`` are looked through for each, and each of
    these once for all; of few claims all.
    """
    table, columns = tables.nearby, select(tables.nearby.c.claim, tables.nearby.c.vector)
    found: list[list[Near]] = [[] for _ in vectors]
    if (connection.execute(select(func.max(tables.claim.c.number))).scalar() or 0) <= _FEW:
        places: dict[int | None, list[int]] = {None: list(range(len(vectors)))}
    else:
        places = defaultdict(list)
        for number, of_cells in enumerate(vectors @ _cells().T):
            for cell in np.argpartition(-of_cells, cells)[:cells].tolist():
                places[cell].append(number)
    for place, mine in places.items():
        rows = connection.execute(columns if place is None else columns.where(table.c.cell == place))
        for number, near in zip(mine, _best(rows.partitions(_AT_ONCE), vectors[mine], count, least), strict=True):
            found[number] += near
    return [_likest(near, count) for near in found]


def nearest_of(connection: Connection, vector: _Vectors, claims: Sequence[int], least: float) -> list[Near]:
    """Of these claims those that are at least so near to a vector of length 1, the likest first."""
    table, claims = tables.nearby, list(claims)
    columns = select(table.c.claim, table.c.vector)
    parts = (connection.execute(columns.where(table.c.claim.in_(some))).all() for some in chunks(claims))
    return _best(parts, vector[None], len(claims), least)[0]


def _best(parts: Iterable[Sequence[Any]], of: _Vectors, count: int, least: float) -> list[list[Near]]:
    """For each of some vectors those rows, claim and vector, that are nearest to it."""
    found: list[list[Near]] = [[] for _ in of]
    for rows in parts:
        if not rows:
            continue
        claims, blobs = zip(*rows, strict=True)
        vectors, lengths = _kept(blobs)
        for mine, alike in zip(found, (of @ vectors.T) / lengths, strict=True):
            kept = np.flatnonzero(alike >= least)
            likest = sorted(kept.tolist(), key=lambda k: (-alike[k], claims[k]))[:count]
            mine += [Near(claims[k], float(alike[k]), vectors[k] / lengths[k]) for k in likest]
    return [_likest(mine, count) for mine in found]


def _likest(near: Iterable[Near], count: int) -> list[Near]:
    return sorted(near, key=lambda one: (-one.alike, one.claim))[:count]


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
