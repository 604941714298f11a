"""What the speed measurement is made of; it is not run here, because nothing is timed in tests."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest

import bench_path  # noqa: F401
import common
import narrative
import speed
from onrecord import Document, Span, Statement


def test_articles_come_without_their_gold(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as out:
        for name in "ab":
            out.write(json.dumps({"id": name, "text": "two words", "publisher": "P", "attributions": [1]}) + "\n\n")
    articles = speed.read_articles(path)
    assert articles == [{"id": name, "text": "two words", "publisher": "P"} for name in "ab"]
    assert speed.read_articles(path, 1) == articles[:1]
    many = list(speed.repeated(articles, 5))
    assert len({a["id"] for a in many}) == 5
    assert speed.write(tmp_path / "in.jsonl", many) == 10
    assert len((tmp_path / "in.jsonl").read_text("utf-8").splitlines()) == 5


def test_no_articles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "none.jsonl").touch()
    assert speed.main(["--data", str(tmp_path / "none.jsonl"), "--only", "throughput"]) == 2
    assert "holds no article" in capsys.readouterr().err


def test_a_failed_worker_says_why(tmp_path: Path) -> None:
    with pytest.raises(common.Unusable, match=r"No such file|FileNotFoundError|cannot be loaded"):
        speed.worker(sys.executable, "onrecord", tmp_path / "none.jsonl", "--model", tmp_path)


def test_installed_size_leaves_pip_out(tmp_path: Path) -> None:
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    for name, size in (("onrecord/models/a", 500), ("pip/b", 70), ("pip-24.0.dist-info/c", 7), ("six.py", 9)):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(b"x" * size)
    assert speed.installed(tmp_path) == {"onrecord": 500, "six.py": 9}
    with pytest.raises(common.Unusable, match="no environment"):
        speed.installed(site)


def test_false_statements_by_words() -> None:
    top = Statement("s", content=(Span(0, 3),), score=0.6)
    inner = Statement("t", content=(Span(0, 3),), score=0.9, parent="s")
    documents = [Document("a", "one " * 100, statements=(top, inner)), Document("b", "two " * 100)]
    assert narrative.rates(documents, 0.0) == (2, 10.0, 1)
    assert narrative.rates(documents, 0.7) == (1, 5.0, 1)
    assert narrative.shown(documents[0], top) == "  0.60 [] <> one (a)"
