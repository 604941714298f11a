"""The cells of meanings in which claims are looked for: ``python -m train.cells --shared DIR [--out FILE]``.

Sentences of news are encoded with the shipped encoder and divided by k-means (Lloyd 1982) into ``CELLS`` parts, whose
middles are written, in eight bits a number. Prints how many of a sentence's nearest others lie in the cells that
``relate.vicinity`` looks through, among sentences that were not used to find the cells.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from onrecord.meaning.encoder import shipped
from train.meaning import sentences

CELLS = 1024
SHIPPED = Path(__file__).parent.parent / "src/onrecord/models/meaning/cells.npy"
FIND, MEASURE = 50_000, 12_000
"""So many sentences to find the cells with, and so many others to measure on."""
ASKED = 1000


def middles(vectors: NDArray[np.float32], seed: int = 1) -> NDArray[np.int8]:
    """The middles of cells ``(CELLS, SIZE)`` that divide vectors, the largest number of each as ±127."""
    from sklearn.cluster import MiniBatchKMeans

    found = MiniBatchKMeans(CELLS, batch_size=8192, n_init=1, max_iter=40, random_state=seed).fit(vectors)
    centres = found.cluster_centers_
    made: NDArray[np.int8] = np.round(centres * (127 / np.abs(centres).max(1, keepdims=True))).astype(np.int8)
    return made


def found(vectors: NDArray[np.float32], cells: NDArray[np.int8], least: float, looked: int) -> float:
    """How many of the vectors that are at least so alike lie in so many cells nearest to the one that asks (0 to 1)."""
    unit = cells / np.linalg.norm(cells.astype(np.float32), axis=1, keepdims=True)
    to_cells = vectors @ unit.T
    cell = to_cells.argmax(1)
    hits = total = 0
    for number in range(ASKED):
        alike = vectors @ vectors[number]
        alike[number] = 0
        near = cell[alike >= least]
        hits += int(np.isin(near, np.argpartition(-to_cells[number], looked)[:looked]).sum())
        total += len(near)
    return hits / max(1, total)


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--out", type=Path, default=SHIPPED)
    options = p.parse_args()
    drawn = sentences(options.shared, FIND + MEASURE, 2)
    vectors = shipped().vectors(drawn)
    cells = middles(vectors[:FIND])
    np.save(options.out, cells)
    print(f"{options.out}: {options.out.stat().st_size / 1e3:.0f} kB")
    for least in (0.5, 0.6, 0.7):
        shares = [f"{looked} cells {found(vectors[FIND:], cells, least, looked):.1%}" for looked in (4, 8, 12, 16, 32)]
        print(f"cosine from {least} on: " + ", ".join(shares))


if __name__ == "__main__":
    main()
