"""The scorer of nested statements, on invented text."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "bench" / "score_nested.py"
_spec = importlib.util.spec_from_file_location("score_nested", SCRIPT)
assert _spec and _spec.loader
score_nested = importlib.util.module_from_spec(_spec)
sys.modules["score_nested"] = score_nested
_spec.loader.exec_module(score_nested)

FIRST = "Envoy Lindqvist said the islanders believe that Oslo promised to reopen the port. "
SECOND = "Nothing else was caught that day."
TEXT = FIRST + SECOND
KEY = "agencies:a1"


def at(words: str) -> list[list[int]]:
    """The one span of `words` in TEXT."""
    start = TEXT.index(words)
    return [[start, start + len(words)]]


SAID = "the islanders believe that Oslo promised to reopen the port"
BELIEVED = "that Oslo promised to reopen the port"
PROMISED = "to reopen the port"


def gold() -> list[dict[str, Any]]:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    rows = [
        {
            "start": 0,
            "end": len(FIRST) - 1,
            "statements": [
                {"source": at("Envoy Lindqvist"), "cue": at("said"), "content": at(SAID), "parent": None},
                {"source": at("the islanders"), "cue": at("believe"), "content": at(BELIEVED), "parent": 0},
                {"source": at("Oslo"), "cue": at("promised"), "content": at(PROMISED), "parent": 1},
            ],
        },
        {"start": len(FIRST), "end": len(TEXT), "statements": []},
    ]
    return [{"corpus": "agencies", "id": "a1", "sha256": digest, **row} for row in rows]


def record(identity: str, words: str, parent: str | None, **roles: Any) -> dict[str, Any]:
    spans = {"source": [], "cue": [], "content": at(words), **roles}
    return {"document": KEY, "id": identity, "parent": parent, **spans}


def figures(records: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    report = score_nested.score(gold(), {KEY: TEXT}, {KEY: records})
    return {name: tally.figures() for name, tally in report.tallies.items()}


def test_perfect_chain_scores_one_at_every_depth() -> None:
    got = figures([record("s", SAID, None), record("b", BELIEVED, "s"), record("p", PROMISED, "b")])
    assert {name: row["f1"] for name, row in got.items()} == dict.fromkeys(
        [
            f"{measure}{group}"
            for measure in ("nested found", "right parent")
            for group in ("", ", agencies", ", depth 2", ", depth 3+")
        ],
        1.0,
    )


def test_nothing_predicted_is_zero_and_top_level_does_not_count() -> None:
    assert figures([])["nested found"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 2, "predicted": 0}
    assert figures([record("s", SAID, None), record("b", BELIEVED, None)])["nested found"]["predicted"] == 0


def test_wrong_parent_is_found_but_not_right() -> None:
    got = figures([record("s", SAID, None), record("x", SECOND, None), record("b", BELIEVED, "x")])
    assert got["nested found"]["recall"] == 0.5
    assert got["right parent"]["recall"] == 0.0
    missing = figures([record("b", BELIEVED, "nowhere")])
    assert missing["nested found"]["precision"] == 1.0 and missing["right parent"]["precision"] == 0.0


def test_depth_counts_recall_by_gold_and_precision_by_predicted() -> None:
    got = figures([record("s", SAID, None), record("p", PROMISED, "s")])
    assert got["nested found, depth 2"]["precision"] == 1.0  # predicted one deep, which is depth 2
    assert got["nested found, depth 2"]["recall"] == 0.0
    assert got["nested found, depth 3+"]["recall"] == 1.0
    assert got["right parent"]["recall"] == 0.5  # the envoy's content covers most of the islanders'


def test_contents_are_cut_to_the_sentence() -> None:
    beyond = [[at(BELIEVED)[0][0], len(TEXT)]]
    whole = [[at(SAID)[0][0], len(TEXT)]]
    records = [record("s", SAID, None, content=whole), record("b", BELIEVED, "s", content=beyond)]
    report = score_nested.score(gold(), {KEY: TEXT}, {KEY: records})
    assert report.tallies["right parent"].gold_hits == 1
    assert (report.bare_sentences, report.predicted_in_bare) == (1, 1)  # it reaches into the second sentence too


def test_one_to_one_and_only_letters_and_digits() -> None:
    stop = at(PROMISED)[0]
    with_stop = [[stop[0], stop[1] + 1]]
    records = [
        record("s", SAID, None),
        record("b", BELIEVED, "s"),
        record("p", PROMISED, "b", content=with_stop),
        record("q", "reopen the port", "b"),
    ]
    row = figures(records)["nested found"]
    assert (row["recall"], row["predicted"]) == (1.0, 3)
    assert row["precision"] == pytest.approx(2 / 3)


def test_editor_notes_are_left_out_and_bad_spans_are_errors() -> None:
    assert figures([record("b", BELIEVED, "s", kind="editor_note")])["nested found"]["predicted"] == 0
    with pytest.raises(ValueError, match="outside the text"):
        figures([record("b", BELIEVED, "s", content=[[0, 9999]])])


def test_command_line_writes_documents_and_scores(tmp_path: Path) -> None:
    (tmp_path / "data" / "news").mkdir(parents=True)
    with gzip.open(tmp_path / "data" / "news" / "agencies.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(json.dumps({"id": "a1", "text": TEXT}) + "\n")
    labels, documents, predicted = (tmp_path / name for name in ("gold.jsonl", "docs.jsonl", "predicted.jsonl"))
    labels.write_text("".join(json.dumps(row) + "\n" for row in gold()))
    records = [record("s", SAID, None), record("b", BELIEVED, "s"), record("p", PROMISED, "b")]
    predicted.write_text("".join(json.dumps(row) + "\n" for row in records))

    def run(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(SCRIPT), "--shared", str(tmp_path), str(labels), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert run("--docs", documents).returncode == 0
    assert json.loads(documents.read_text()) == {"id": KEY, "text": TEXT}
    assert json.loads(run(predicted, "--json").stdout)["right parent"]["f1"] == 1.0
    assert "right parent, depth 3+" in run(predicted).stdout
    assert run().returncode == 2
    predicted.write_text(json.dumps({**records[0], "document": "agencies:other"}) + "\n")
    assert run(predicted).returncode == 2
