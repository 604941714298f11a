"""The gold sentences load, mean what their markup says, and cover every case of the extractor."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

GOLD = Path(__file__).parent / "gold"
sys.path.insert(0, str(GOLD))

from parse import Case, load, parse  # noqa: E402

CASES = GOLD / "cases.txt"
SLUGS = [
    "said-before", "said-between", "said-after", "according-to", "inverted", "participle", "nominal",
    "nosay-request", "nosay-verdict", "nosay-commitment", "nosay-stance", "nosay-evidence",
    "nosay-dense", "mind", "document", "headline", "quotation-alone", "multi-paragraph",
    "nested-quotes", "marks-single", "marks-double", "marks-curly", "marks-guillemets",
    "marks-mismatched", "marks-missing", "apostrophes", "scare-quotes", "described-as-quote", "edits",
    "several-sources", "several-cues", "discontinuous", "none", "nested", "nested-deep",
]  # fmt: skip


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return load(CASES)


def words(case: Case, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [case.text[start:end] for start, end in spans]


def test_nested_spans_and_parent() -> None:
    (case,) = parse(
        "# case: demo | two levels\n"
        "{s1:The envoy} {k1:said} {c1:{s2:the islanders} {k2:had agreed} {c2:to leave}}.\n"
        "@parent 2=1\n"
    )
    outer, inner = case.statements
    assert (case.case, case.note) == ("demo", "two levels")
    assert case.text == "The envoy said the islanders had agreed to leave."
    assert words(case, outer.content) == ["the islanders had agreed to leave"]
    assert words(case, inner.source) == ["the islanders"]
    assert (outer.parent, inner.parent) == (None, 0)


def test_shared_discontinuous_and_missing_roles() -> None:
    (case,) = parse(
        "# case: demo | roles\n"
        "{c1:“No,”} {k1:said} {s1,2:Rook}, {k2:adding} {c2:that}. {c1:“Not 👍 yet.”}\n"
        "\n"
        "{c3:“Never.”}\n"
    )
    first, second, third = case.statements
    assert case.text == "“No,” said Rook, adding that. “Not 👍 yet.”\n\n“Never.”"
    assert words(case, first.content) == ["“No,”", "“Not 👍 yet.”"]
    assert first.source == second.source
    assert (third.source, third.cue) == ((), ())
    assert words(case, third.content) == ["“Never.”"]


@pytest.mark.parametrize(
    ("line", "passage", "problem"),
    [
        (2, "{s1:Rook} {k1:said} {c1:no.", "not closed"),
        (2, "{s1:Rook} said} {c1:no}.", "closes nothing"),
        (2, "{x1:Rook} said.", "malformed span"),
        (2, "{c1:}", "empty content span"),
        (1, "{s1:Rook} {k1:said}.", "has no content"),
        (1, "{c2:No.}", "are not 1, 2, 3"),
        (1, "{c1:a {c1:b}}", "overlap"),
        (1, "{c1:No.}\n@parent 2=1", "no such statement"),
        (1, "{c1:No.} {c2:Yes.}\n@parent 2=1", "not inside"),
        (1, "{c1:{c2:No.}}\n@parent 2=1 1=2", "circle"),
        (3, "{c1:{c2:No.}}\n@parent 2", "malformed directive"),
        (2, "@none\nNo.\n@none", "inside a passage"),
        (1, "No statement here.", "@none"),
        (1, "{c1:No.}\n@none", "@none"),
        (1, "\n@none", "no passage"),
    ],
)
def test_malformed_markup_names_the_line(line: int, passage: str, problem: str) -> None:
    with pytest.raises(ValueError, match=rf"^demo\.txt:{line}: .*{re.escape(problem)}"):
        parse(f"# case: demo | broken\n{passage}", "demo.txt")


@pytest.mark.parametrize(("markup", "line"), [("No header.", 1), ("# case: Bad Slug\nx", 1)])
def test_header_is_required(markup: str, line: int) -> None:
    with pytest.raises(ValueError, match=rf":{line}: a block begins with"):
        parse(markup)


def test_shipped_file_is_large_enough(cases: list[Case]) -> None:
    statements = [s for case in cases for s in case.statements]
    assert len(statements) >= 190
    assert sum(s.parent is not None for s in statements) >= 40
    nosay = sum(len(case.statements) for case in cases if case.case.startswith("nosay-"))
    assert nosay / len(statements) >= 0.3


def test_shipped_file_covers_every_case(cases: list[Case]) -> None:
    assert {case.case for case in cases} == set(SLUGS)
    for slug in SLUGS:
        assert sum(case.case == slug for case in cases) >= 2, slug


def test_shipped_file_reaches_four_levels(cases: list[Case]) -> None:
    def depth(case: Case, index: int) -> int:
        parent = case.statements[index].parent
        return 1 if parent is None else 1 + depth(case, parent)

    assert max(depth(case, i) for case in cases for i in range(len(case.statements))) >= 4


def test_texts_are_the_markup_without_its_marks(cases: list[Case]) -> None:
    body = re.sub(r"(?m)^(---|# .*|@none|@parent .*)$", "", CASES.read_text(encoding="utf-8"))
    plain = re.sub(r"\{[skc][\d,]+:|\}", "", body)
    assert [line for line in plain.split("\n") if line] == [
        line for case in cases for line in case.text.split("\n") if line
    ]


def test_spans_are_tight_and_notes_unique(cases: list[Case]) -> None:
    for case in cases:
        for statement in case.statements:
            for text in words(case, statement.source + statement.cue + statement.content):
                assert text == text.strip(), (case.note, text)
    texts = [case.text for case in cases]
    assert len(set(texts)) == len(texts)
