"""What is said on a matter: by whom, in order of time, with terms, disputes and reviews; as text, JSON and a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from consoles import Console
from onrecord.errors import UsageError
from onrecord.factchecks import FactCheck, FactChecks
from onrecord.ledger import Ledger, Query
from onrecord.model import OUTLET, Act, Certainty, Commitment, Deed, Document, Occasion, Stance
from onrecord.relate.matter import Matter
from onrecord.relate.relations import Relations
from sample_claims import Reader, article, clashing, says
from tabs import watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = "<script>alert(1)</script>"
CLAIM = "foreign soldiers are still in the valley of the river Sarn after the withdrawal"


def desk() -> list[Document]:
    """Four reports on a withdrawal, and one on something else."""
    first = article(
        "first",
        [
            ("Dario Velt", "said", "the withdrawal from the valley of the Sarn is complete"),
            ("Dario Velt", "said", "the price of bread will not rise before the summer"),
        ],
        "2024-05-03",
        f"Strait Wire {HOSTILE}",
    )
    offer = replace(first.statements[0], deed=Deed(Act.COMMIT, 0.9, conditions=(first.statements[0].content[0],)))
    first = replace(first, statements=(offer, *first.statements[1:]))
    second = article(
        "second", [("Ines Tolbek", "said", CLAIM), ("Velt", "added", "the withdrawal began in March")], "2024-05-04"
    )
    said = replace(second.statements[1], occasion=Occasion(on="2024-05-01"))
    second = replace(second, statements=(second.statements[0], said))
    third = article(
        "third",
        [("Dario Velt", "revealed", "the withdrawal from the valley of the Sarn cost nine million")],
        "2024-05-05",
        "Courier",
    )
    vouched = Commitment(OUTLET, Certainty.CERTAIN, stance=Stance.ENDORSE)
    third = replace(third, statements=(replace(third.statements[0], commitments=(vouched,)),))
    other = article(
        "other", [("Leif Aune", "said", "the choir will sing in the church on Sunday evening")], "2024-05-06"
    )
    return [second, third, first, other]


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    with Ledger.open(where) as opened:
        for document in desk():
            opened.add(document)
        Relations(opened, says(Reader(clashing))).update()
        yield opened


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.chdir(tmp_path)
    with Ledger.open(tmp_path / "onrecord.db") as opened:
        for document in desk():
            opened.add(document)
        Relations(opened, says(Reader(clashing))).update()
        FactChecks(opened).take(
            [
                FactCheck(
                    "r-1",
                    "Foreign soldiers are still in the valley of the river Sarn.",
                    publisher="Plainly",
                    rating="Unproven",
                )
            ],
            "by hand",
        )
    return Console(capfd)


def said(found: Matter) -> dict[str | None, list[str]]:
    """The documents of each party's statements, in their order."""
    return {party.name: [str(position.document.id) for position in party.positions] for party in found.parties}


def test_parties_stand_side_by_side_each_in_order_of_time(ledger: Ledger) -> None:
    found = Relations(ledger).matter("withdrawal valley Sarn")
    assert said(found) == {"Dario Velt": ["second", "first", "third"], "Ines Tolbek": ["second"]}
    velt = found.parties[0]
    assert [(p.day, p.published) for p in velt.positions] == [
        ("2024-05-01", False),
        ("2024-05-03", True),
        ("2024-05-05", True),
    ]
    assert velt.entity is not None and found.parties[1].entity not in (None, velt.entity)
    assert not found.more
    (dispute,) = [link for link in found.disputes if link.first.entry and link.first.entry.document.id == "first"]
    assert dispute.second.speaker == "Ines Tolbek" and dispute.score == 0.9


def test_what_was_rejected_is_no_dispute_and_what_was_confirmed_is_one_still(ledger: Ledger) -> None:
    relations = Relations(ledger)
    before = relations.matter("withdrawal valley Sarn").disputes
    relations.judge(before[0].id, confirmed=False, by="ada", why="another valley")
    after = relations.matter("withdrawal valley Sarn").disputes
    assert {link.id for link in before} - {link.id for link in after} == {before[0].id}
    relations.judge(before[0].id, confirmed=True, by="bo", why="no, the same")
    (link,) = [link for link in relations.matter("withdrawal valley Sarn").disputes if link.id == before[0].id]
    assert link.judgement is not None and link.judgement.by == "bo"


def test_filters_limits_and_words(ledger: Ledger) -> None:
    relations = Relations(ledger)
    assert said(relations.matter("withdrawal", Query(since="2024-05-05"))) == {"Dario Velt": ["third"]}
    assert said(relations.matter("withdrawal", Query(outlet="Courier"))) == {"Dario Velt": ["third"]}
    few = relations.matter("withdrawal valley Sarn", limit=2)
    assert few.more and len(list(few.positions)) == 2
    assert said(relations.matter("choir")) == {"Leif Aune": ["other"]}
    assert said(relations.matter("quantum chromodynamics")) == {}
    for nothing in ("", "  ", "…"):
        with pytest.raises(UsageError, match="no word"):
            relations.matter(nothing)


def test_claims_with_those_who_relay_and_those_who_vouch(ledger: Ledger) -> None:
    found = Relations(ledger).matter("withdrawal valley Sarn")
    claims = {position.statement.id: claim for claim in found.claims for position in claim.positions}
    assert claims["third-0"].vouching == ("Courier",) and claims["second-0"].vouching == ()
    assert len(claims["third-0"].outlets) == 2, "what restates it is one claim with it"


def test_positions_of_one_speaker_under_all_names(ledger: Ledger) -> None:
    relations = Relations(ledger)
    assert said(relations.matter("withdrawal", of="velt")) == {"Dario Velt": ["second", "first", "third"]}
    number = relations.matter("withdrawal", of="Dario Velt").parties[0].entity
    assert said(relations.matter("withdrawal", of=str(number))) == said(relations.matter("withdrawal", of="velt"))
    assert said(relations.matter("choir", of="velt")) == {}
    for name, message in (("Nobody", "nobody of this name"), ("99", "no entity")):
        with pytest.raises(UsageError, match=message):
            relations.matter("withdrawal", of=name)
    ledger.add(
        article("more", [("Mara Velt", "said", "the withdrawal of the savings bank surprised her")], "2024-05-07")
    )
    relations.update()
    with pytest.raises(UsageError, match=r"[23] speakers have this name: .*\(\d+\).*: say which, by number"):
        relations.matter("withdrawal", of="velt")


def test_a_claim_that_was_reviewed_says_by_whom_until_a_person_rejects_it(ledger: Ledger) -> None:
    checks, relations = FactChecks(ledger), Relations(ledger)
    checks.take(
        [
            FactCheck(
                "r-1",
                "Foreign soldiers are still in the valley of the Sarn after the withdrawal.",
                publisher="Plainly",
                rating="Unproven",
            )
        ],
        "by hand",
    )

    def reviews() -> list[Any]:
        found = relations.matter("withdrawal valley Sarn")
        return [
            (p.statement.id, r.match.factcheck.rating, r.judgement and r.judgement.by)
            for p in found.positions
            for r in p.reviews
        ]

    assert ("second-0", "Unproven", None) in reviews()
    relations.judge_review("r-1", "second-0", confirmed=False, by="ada", why="another valley")
    assert not [one for one in reviews() if one[0] == "second-0"]
    relations.judge_review("r-1", "third-0", confirmed=True, by="ada", why="the price is in it")
    assert ("third-0", "Unproven", "ada") in reviews(), "also where nothing is alike"
    checks.remove("r-1")
    assert reviews() == []
    with pytest.raises(UsageError, match="no fact-check"):
        relations.judge_review("r-1", "third-0", confirmed=True, by="ada", why="x")


def test_the_commands_write_text_json_and_a_page(run: Console, tmp_path: Path) -> None:
    text = run("matter", "withdrawal valley Sarn")
    assert text.code == 0
    flat = " ".join(text.out.split())
    assert "4 statements of 2 speakers in 3 documents, 1 May 2024 to 5 May 2024" in flat
    assert flat.index("Dario Velt") < flat.index("said 2024-05-01") < flat.index("published 2024-05-03")
    for words in (
        "condition: the withdrawal from the valley", "as reported by Courier", "the outlet vouches for it in its own words",
        "disputed (suggested, 0.90): Ines Tolbek, as reported by Gazette", "Relayed, and vouched for by no outlet",
        "a similar claim was reviewed by Plainly: Unproven", "one disputes the other, as a program suggests",
    ):  # fmt: skip
        assert words in flat, words
    whole = json.loads(run("matter", "withdrawal valley Sarn", "--format", "json").out)
    first = whole["parties"][0]["positions"][0]
    assert (first["document"], first["day"], first["day_of"], first["vouched"]) == (
        "second",
        "2024-05-01",
        "saying",
        False,
    )
    assert first["attribution"].endswith("as reported by Gazette (paraphrase)")
    reviewed = [r for p in whole["parties"] for s in p["positions"] for r in s["reviews"]]
    assert {(r["factcheck"], r["rating"], r["judgement"]) for r in reviewed} == {("r-1", "Unproven", None)}
    assert {link["kind"] for link in whole["disputes"]} == {"disputes"}
    ids = {s["id"] for p in whole["parties"] for s in p["positions"]}
    assert {id for claim in whole["claims"] for id in claim["statements"]} == ids
    one = json.loads(run("positions", "velt", "withdrawal", "--format", "json").out)
    assert [party["name"] for party in one["parties"]] == ["Dario Velt"]
    assert run("matter", "withdrawal", "--format", "html", "-o", "page.html").code == 0
    assert HOSTILE not in (tmp_path / "page.html").read_text()
    assert run("matter", "…").code == 2 and run("positions", "Nobody", "withdrawal").code == 2
    assert run("factchecks", "reject", "r-1", "second-0", "--by", "ada", "--why", "another valley").code == 0
    assert "reviewed by" not in run("matter", "withdrawal valley Sarn").out
    assert run("factchecks", "confirm", "r-1", "second-0", "--by", "bo", "--why", "the same").code == 0
    assert "confirmed by bo" in " ".join(run("matter", "withdrawal valley Sarn").out.split())


def test_a_ledger_that_was_not_compared_says_so(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Ledger.open(tmp_path / "onrecord.db") as opened:
        opened.add(desk()[0])
    found = Console(capfd)("matter", "withdrawal")
    assert found.code == 0 and "run onrecord relate" in found.err
    assert "Tolbek" in found.out, "what has the words is found without"


@pytest.mark.browser
def test_the_page_in_a_browser(run: Console, tmp_path: Path, browser: Browser) -> None:
    assert run("matter", "withdrawal valley Sarn", "--format", "html", "-o", "page.html").code == 0
    with watched(browser, {}) as (page, asked):
        page.goto((tmp_path / "page.html").as_uri())
        assert len(asked) == 1
        assert page.locator(".party h2").all_inner_texts() == ["DARIO VELT", "INES TOLBEK"]
        boxes = [one.bounding_box() for one in page.locator(".party").all()]
        assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"], (
            "side by side"
        )
        assert page.locator(".pair mark").count() >= 2
        assert any("reviewed by Plainly: Unproven" in note for note in page.locator(".note").all_inner_texts())
