"""The entity gold is well formed, fits the corpora where these are at hand, and its articles are drawn as described."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from bench_path import BENCH, SHARED

sys.path.insert(0, str(BENCH / "gold"))

import sample_entities as sampler

WHY = {"unnamed", "several", "document", "unclear"}


def gold() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (BENCH / "gold" / "entities.jsonl").read_text("utf-8").splitlines()]


def corpus() -> dict[str, dict[str, Any]]:
    found = {}
    for split in ("train", "dev"):
        with gzip.open(SHARED / f"data/polnear/{split}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found |= {article["id"]: {**article, "split": split} for article in map(json.loads, lines)}
    return found


needs_corpus = pytest.mark.skipif(
    not (SHARED / "data" / "polnear" / "dev.jsonl.gz").is_file(), reason="the corpora are not beside this checkout"
)


def test_every_line_has_offsets_and_a_whole_label() -> None:
    documents = gold()
    assert len({d["id"] for d in documents}) == len(documents) >= 60
    assert sum(m["entity"] is not None for d in documents for m in d["mentions"]) >= 600
    for document in documents:
        assert set(document) == {"id", "split", "sha256", "mentions"}
        indices = [m["index"] for m in document["mentions"]]
        assert indices == sorted(set(indices))
        for mention in document["mentions"]:
            named = mention["entity"] is not None
            assert set(mention) == {"index", "source", "content", "entity"} | (
                {"name", "kind", "sure"} if named else {"why"}
            )
            spans = [*mention["source"], *mention["content"], *([mention["name"]] if named else [])]
            assert mention["source"] and all(0 <= start < end for start, end in spans)
            assert named or mention["why"] in WHY


def test_an_entity_has_one_kind_and_one_name_a_document() -> None:
    kinds: dict[int, set[str]] = defaultdict(set)
    names: dict[tuple[str, int], set[tuple[int, int]]] = defaultdict(set)
    first_seen = []
    for document in gold():
        for mention in document["mentions"]:
            if mention["entity"] is not None:
                kinds[mention["entity"]].add(mention["kind"])
                names[document["id"], mention["entity"]].add(tuple(mention["name"]))
                first_seen.append(mention["entity"])
    assert list(dict.fromkeys(first_seen)) == list(range(1, len(kinds) + 1))
    assert all(len(kind) == 1 for kind in kinds.values())
    assert {kind for of_one in kinds.values() for kind in of_one} == {"person", "organisation", "other"}
    assert all(len(name) == 1 for name in names.values())


def test_no_name_is_two_entities_in_a_document() -> None:
    for document in gold():
        of_name: dict[tuple[int, int], set[int]] = defaultdict(set)
        for mention in document["mentions"]:
            if mention["entity"] is not None:
                of_name[tuple(mention["name"])].add(mention["entity"])
        assert all(len(entities) == 1 for entities in of_name.values())


@needs_corpus
def test_it_fits_the_corpora_and_leaves_no_attribution_with_a_source_out() -> None:
    articles = corpus()
    for document in gold():
        article = articles[document["id"]]
        text = article["text"]
        assert document["split"] == article["split"]
        assert document["sha256"] == hashlib.sha256(text.encode()).hexdigest()
        attributions = article["attributions"]
        assert [m["index"] for m in document["mentions"]] == [i for i, a in enumerate(attributions) if a["source"]]
        for mention in document["mentions"]:
            assert {role: mention[role] for role in ("source", "content")} == {
                role: attributions[mention["index"]][role] for role in ("source", "content")
            }
            if mention["entity"] is not None:
                start, end = mention["name"]
                words = text[start:end]
                assert end <= len(text) and words == words.strip() and words[0].isalnum()


@needs_corpus
def test_the_draw_is_the_one_that_was_labelled() -> None:
    articles = sampler.load(SHARED)
    drawn = [articles[index]["id"] for index, _, _ in sampler.draw(articles, len(gold()))]
    assert drawn == [document["id"] for document in gold()]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("former Mayor Ada B. Voss", [("Ada", "B", "Voss")]),
        ("Voss", []),
        ("the Harbour Authority’s Nils Moen", [("Harbour", "Authority"), ("Nils", "Moen")]),
        ("Nils Moen, Jr., of the K.T.A.", [("Nils", "Moen"), ("KTA",)]),
        ("he", []),
    ],
)
def test_names_in(source: str, expected: list[tuple[str, ...]]) -> None:
    assert sampler.names_in(source) == expected


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (("Ada", "Voss"), ("Ada", "B", "Voss"), True),
        (("Dan", "Moen"), ("Daniel", "Moen"), True),
        (("Katrine", "Moen"), ("Catrine", "Moen"), True),
        (("Ada", "Voss"), ("Nils", "Voss"), False),
    ],
)
def test_same_name(left: tuple[str, ...], right: tuple[str, ...], same: bool) -> None:
    assert sampler.same_name(left, right) is same
    assert sampler.same_name(right, left) is same


def article(number: int, *sources: str) -> dict[str, Any]:
    text, attributions = "Storm over the pier.\n\n", []
    for source in sources:
        start = len(text)
        text += f"{source} said the pier is safe. "
        end = start + len(source)
        attributions.append(
            {"source": [[start, end]], "cue": [[end + 1, end + 5]], "content": [[end + 6, len(text) - 2]]}
        )
    return {"id": f"a{number}", "publisher": "p", "date": "2031-05-04", "text": text, "attributions": attributions}


ARTICLES = [
    article(0, "Ada Voss", "Voss", "Nils Moen"),
    article(1, "Karl Voss", "the Ports Review Board"),
    article(2, "Ada B. Voss", "the PRB", "Nils Moen"),
    article(3, "Ines Lind"),
]


def test_kinds_of_keys() -> None:
    kinds = sampler.kinds_of_keys(ARTICLES)
    assert set(kinds["several"]) == {"Voss"}
    assert set(kinds["variant"]) == {"Voss"}
    assert set(kinds["organisation"]) == {"PRB"}
    assert kinds["few"] == {"Nils Moen": [(("Nils", "Moen"), 0), (("Nils", "Moen"), 2)]}
    assert kinds["frequent"] == {}


def test_draw_takes_other_names_first_stops_and_never_takes_an_article_twice() -> None:
    drawn = sampler.draw(ARTICLES, 10)
    assert sorted(index for index, _, _ in drawn) == [0, 1, 2]
    assert [why for _, why, _ in drawn][:2] == ["several", "several"]
    assert 1 in [index for index, _, _ in drawn[:2]]
    assert sampler.draw(ARTICLES, 2) == drawn[:2]


def test_the_sheet_marks_sources_and_lists_the_attributions() -> None:
    shared = article(4, "Ada Voss")
    shared["attributions"].append({**shared["attributions"][0], "content": []})
    sheet = sampler.sheet(shared)
    assert "{0,1:Ada Voss} said the pier is safe." in sheet
    assert sheet.endswith("0\tAda Voss\tsaid\tthe pier is safe\n1\tAda Voss\tsaid\t-\n")


def test_sheets_are_not_written_into_the_repository(tmp_path: Path) -> None:
    out = BENCH / "gold" / "sheets"
    command = [sys.executable, str(BENCH / "gold" / "sample_entities.py"), "--shared", str(tmp_path), "--out", str(out)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "lies in the repository" in run.stderr
    assert not out.exists()
