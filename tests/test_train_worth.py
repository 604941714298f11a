"""Training what tells which pairs are worth reading, on a toy: it learns what a reader says, and asks it once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from onrecord.meaning.pairs import Compared
from onrecord.relate.worth import Worth
from sample_claims import Reader, compared

if os.environ.get("CI"):
    import torch  # noqa: F401
else:
    pytest.importorskip("torch", reason="training needs the extra: pip install -e '.[train]'")

from train import worth

WHO = ("The mayor", "Ines Tolbek", "Dario Velt", "A spokesman", "The union")
WHAT = (
    "the ferry sank near the pier", "the bridge will be closed in June", "nobody was hurt in the fire",
    "the school needs more teachers", "wages rose by a tenth", "the river is clean again",
)  # fmt: skip


def test_it_learns_what_the_reader_says_and_asks_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def says(a: str, b: str) -> Compared:
        return compared(restates=0.95, related=0.05) if a.split(": ")[1] == b.split(": ")[1] else compared(none=1.0)

    reader = Reader(says)
    monkeypatch.setattr(worth, "shipped_pairs", lambda: reader)
    monkeypatch.setattr(worth, "EPOCHS", 40)
    monkeypatch.setattr(worth, "_AT_ONCE", 64)
    texts = [f"{who} said: {what}" for who in WHO for what in WHAT]
    rows = [
        {"a": a, "b": b, "of": [f"article {n}", f"article {(n * 7 + k) % 30}"]}
        for n, a in enumerate(texts) for k, b in enumerate(texts) if n < k and (n + k) % 2 == 0
    ]  # fmt: skip
    pool = tmp_path / "pool.jsonl"
    pool.write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "worth.npz"
    monkeypatch.setattr(
        "sys.argv", ["worth", "--pool", str(pool), "--measure", str(pool), "--share", "0.4", "--out", str(out)]
    )
    worth.main()
    assert reader.asked == [(row["a"], row["b"]) for row in rows]
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 3 and f"of {len(rows)} pairs are read" in printed[2]
    made, told = worth.pool(pool), Worth.load(out)
    chances = told.chances(made.words.tolist(), *made.sides(np.arange(len(rows))))
    same = np.array([row["a"].split(": ")[1] == row["b"].split(": ")[1] for row in rows])
    assert [tie is not None for tie in made.tied] == same.tolist()
    assert chances[same].min() > chances[~same].max()
    assert len(reader.asked) == len(rows), "what it said stands beside the pool"
