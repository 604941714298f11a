"""The table by kind: which kind an attribution is of, and what is counted."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import bench_path
import kinds
from bench_path import SHARED, needs_scorer
from onrecord.extract.quotes import quotations


def spans(text: str, *words: str) -> list[list[int]]:
    return [[at := text.index(w), at + len(w)] for w in words]


def kinds_of(text: str, content: list[str], cue: str = "", source: str = "") -> list[str]:
    gold = {
        "source": spans(text, *([source] if source else [])),
        "cue": spans(text, *([cue] if cue else [])),
        "content": spans(text, *content),
    }
    return kinds.kinds_of(text, gold, [q.span for q in quotations(text) if q.depth == 0])


HEAD = "Storm over the pier\n\n"


@pytest.mark.parametrize(
    ("text", "content", "cue", "source", "expected"),
    [
        (HEAD + "“The pier is safe,” Moen said.", ["“The pier is safe,”"], "said", "Moen", ["direct"]),
        (HEAD + "“The pier is safe,” Moen said.", ["The pier is safe"], "said", "Moen", ["direct"]),
        (HEAD + "Moen called it “safe” for all.", ["it “safe” for all"], "called", "Moen", ["mixed"]),
        (HEAD + "Moen said it was safe.", ["it was safe"], "said", "Moen", ["indirect, say"]),
        (HEAD + "According  to Moen it is safe.", ["it is safe"], "According  to", "Moen", ["indirect, say"]),
        (HEAD + "Moen wants a new pier.", ["a new pier"], "wants", "Moen", ["indirect, other"]),
        (HEAD + "Moen essayed a new pier.", ["a new pier"], "essayed", "Moen", ["indirect, other"]),
        (HEAD + "A new pier, Moen said, is due.", ["A new pier", "is due"], "said", "Moen",
         ["indirect, say", "several spans"]),
        (HEAD + "The pier, it is said, is safe: all of it.", ["is safe", "all of it"], "said", "",
         ["indirect, say", "no source"]),
        ("\n Moen: Pier is safe\n\nThe pier is old.", ["Pier is safe"], ":", "Moen", ["indirect, other", "headline"]),
    ],
)  # fmt: skip
def test_kinds_of(text: str, content: list[str], cue: str, source: str, expected: list[str]) -> None:
    assert kinds_of(text, content, cue, source) == expected


def test_say_verbs_lists_forms_once() -> None:
    lines = [line for line in kinds.SAY_VERBS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    forms = [form for line in lines if not line.startswith('"') for form in line.split()]
    assert len(forms) == len(set(forms)) > 50


TEXT = HEAD + "“The pier is safe,” Moen said. Voss wants a new one. Moen said it costs little."
GOLD = {
    "id": "a",
    "text": TEXT,
    "attributions": [
        {"source": spans(TEXT, "Moen"), "cue": spans(TEXT, "said"), "content": spans(TEXT, "“The pier is safe,”")},
        {"source": spans(TEXT, "Voss"), "cue": spans(TEXT, "wants"), "content": spans(TEXT, "a new one")},
        {"source": [], "cue": [], "content": []},
    ],
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    gold, predicted = tmp_path / "gold.jsonl.gz", tmp_path / "predicted.jsonl"
    with gzip.open(gold, "wt", encoding="utf-8") as out:
        out.write(json.dumps(GOLD) + "\n")
    guess = [
        {"source": spans(TEXT, "Moen"), "cue": [], "content": spans(TEXT, "The pier is safe")},
        {"source": [], "cue": [], "content": spans(TEXT, "a new one")},
        {"source": [], "cue": [], "content": spans(TEXT, "it costs little")},
    ]
    predicted.write_text(json.dumps({"id": "a", "attributions": guess}), encoding="utf-8")
    return gold, predicted


@needs_scorer
def test_table(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    gold, predicted = map(str, files)
    assert kinds.main(["--shared", str(SHARED), "--data", gold, "--json", predicted]) == 0
    table = json.loads(capsys.readouterr().out)
    assert table["all"] == {"n": 2, "found": 1.0, "attributed": 0.5}
    assert table["direct"] == {"n": 1, "found": 1.0, "attributed": 1.0}
    assert table["indirect, other"] == {"n": 1, "found": 1.0, "attributed": 0.0}
    assert table["headline"]["n"] == 0
    assert kinds.main(["--shared", str(SHARED), "--data", gold, predicted]) == 0
    assert "63/58" in capsys.readouterr().out


@needs_scorer
def test_unknown_document(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    gold, predicted = files
    predicted.write_text(json.dumps({"id": "b", "attributions": []}), encoding="utf-8")
    assert kinds.main(["--shared", str(SHARED), "--data", str(gold), str(predicted)]) == 2
    assert "'b'" in capsys.readouterr().err


def test_no_scorer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kinds.main(["--shared", str(tmp_path), "--data", "none.jsonl"]) == 2
    assert "score_attribution.py is not there" in capsys.readouterr().err


def test_scripts_are_described() -> None:
    described = (bench_path.BENCH / "README.md").read_text("utf-8")
    for script in bench_path.BENCH.glob("*.py"):
        assert script.name in described
