"""Training how probable a dispute is, on a toy: articles are recorded and compared, and what is known is weighed."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from onrecord import read_many
from onrecord.meaning.pairs import Compared
from onrecord.model import Document
from onrecord.relate.claims import claims_of
from onrecord.relate.evidence import NAMES
from sample_claims import Reader, compared

if os.environ.get("CI"):
    import torch  # noqa: F401
else:
    pytest.importorskip("torch", reason="training needs the extra: pip install -e '.[train]'")

from train import disputes

PLACES = ("Harsk", "Velmar", "Sarn", "Orl", "Tessin", "Brack", "Ostby", "Lunde", "Marrow", "Quill", "Denby", "Astor")


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    file = tmp_path / "data/news/agencies.jsonl.gz"
    file.parent.mkdir(parents=True)
    with gzip.open(file, "wt", encoding="utf-8") as out:
        for number, place in enumerate(PLACES):
            verb = "has sunk in" if number % 2 else "has left"
            text = (
                f"The ferry to {place} {verb} the harbour of the town, Anton Ruz said on Monday.\n\n"
                f"The ferry to {place} is still in the harbour of the town, Ines Tolbek said on Tuesday.\n"
            )
            out.write(json.dumps({"id": place, "text": text, "date": "2024-05-03"}) + "\n")
    return tmp_path


@pytest.fixture
def labels(shared: Path, tmp_path: Path) -> list[dict[str, Any]]:
    plain = tmp_path / "plain.jsonl"
    plain.write_bytes(gzip.decompress((shared / "data/news/agencies.jsonl.gz").read_bytes()))
    rows = []
    for number, document in enumerate(read_many([str(plain)])):
        assert isinstance(document, Document)
        one, other = claims_of(document)
        sides = [
            {"corpus": "agencies", "id": document.id, "content": [[s.start, s.end] for s in claim.statement.content]}
            for claim in (other, one)
        ]
        rows.append({"a": sides[0], "b": sides[1], "right": number % 2 == 0})
    return rows


def says(a: str, b: str) -> Compared:
    return compared(disputes=0.7, related=0.3) if "left" in a + b else compared(disputes=0.2, related=0.8)


def test_what_is_known_of_labelled_pairs_is_weighed(
    shared: Path, labels: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = Reader(says)
    monkeypatch.setattr(disputes, "shipped_pairs", lambda: reader)
    monkeypatch.setattr(disputes, "fold_of", lambda id: int(id == "Astor"))  # a network learnt from that one
    stranger = {"corpus": "agencies", "id": "Harsk", "content": [[0, 4]]}
    listed, out, ledger = shared / "labels.jsonl", shared / "settings.json", shared / "articles.db"
    listed.write_text("".join(json.dumps(row) + "\n" for row in [*labels, {**labels[0], "a": stranger}]))
    others = {"temperature": 1.4, "ties": {"answers": {"weights": [0.0] * len(NAMES), "bias": 1.0}}}
    out.write_text(json.dumps(others))
    arguments = ["--shared", str(shared), "--ledger", str(ledger), "--labels", str(listed), "--out", str(out)]
    monkeypatch.setattr("sys.argv", ["disputes", *arguments])
    disputes.main()
    printed = capsys.readouterr().out
    assert "11 of 12 labelled pairs are compared and dated, 6 are disputes" in printed
    assert "all: average precision 1.000" in printed
    settings = json.loads(out.read_text())
    made = dict(zip(NAMES, settings["ties"].pop("disputes")["weights"], strict=True))
    assert settings == others, "nothing else is changed"
    assert made["disputes"] > 0 and {name for name in made if made[name]} <= set(disputes.COLUMNS)
    asked = len(reader.asked)
    disputes.main()
    assert len(reader.asked) == 2 * asked, "the ledger is compared in a copy, so that it can be compared again"


def test_articles_that_are_not_there_are_named(shared: Path, labels: list[dict[str, Any]]) -> None:
    labels[0]["a"]["id"] = "Nowhere"
    with pytest.raises(ValueError, match=r"1 labelled articles are not in the data, e.g. .*Nowhere"):
        disputes.record(shared, labels, shared / "articles.db")
    assert not (shared / "articles.db").exists()
