"""Statements as claims: what is compared, with what, what ties them, what persons say of it, what goes with a text."""

from __future__ import annotations

import gzip
import json
import math
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from consoles import Console
from onrecord.errors import ModelError, UsageError
from onrecord.ledger import Ledger, tables
from onrecord.meaning.encoder import SIZE, shipped
from onrecord.meaning.pairs import Compared, PairReader
from onrecord.model import Act, Deed, Document, Kind, SourceType, Span, Speaker, Statement
from onrecord.relate import vicinity
from onrecord.relate.around import ALONE, AROUND, Read, around
from onrecord.relate.claims import Tie, Tied, claim_of, claims_of, clash_in, tied, within
from onrecord.relate.claims import compared as shipped_compared
from onrecord.relate.evidence import NAMES, WORDS, row_of, words_of
from onrecord.relate.relations import Relations
from onrecord.relate.sides import Kind as Link
from onrecord.relate.sql import next_number
from onrecord.relate.tying import Tying
from onrecord.relate.worth import Worth, shipped_worth
from sample_claims import WEIGHTS, All, Reader, article, clashing, compared, says

GONE = "the last brigade has left the valley of the river Sarn"
THERE = "foreign soldiers are still in the valley of the river Sarn"
TOLL = "nine people were killed when shells fell on the market of Harsk"


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    with Ledger.open(where) as opened:
        yield opened


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Console:
    monkeypatch.chdir(tmp_path)
    return Console(capfd)


def related(ledger: Ledger, reader: Reader, *documents: Document) -> Relations:
    for document in documents:
        ledger.add(document)
    relations = Relations(ledger, says(reader))
    relations.update()
    return relations


def count(ledger: Ledger, *names: str) -> list[int]:
    with ledger.database.reading() as connection:
        return [connection.execute(select(func.count()).select_from(getattr(tables, n))).scalar_one() for n in names]


def test_a_claim_is_the_name_the_cue_and_the_content_in_one_line() -> None:
    text = "“We will not go,” Ruz,  the\nminister, said, “before the ice closes the strait.”"
    parts = Span(0, 17), Span(text.index("“before"), len(text))
    speaker = Speaker("Anton Ruz", SourceType.NAMED_PERSON)
    made = Statement(
        "s", parts, (Span(18, 21),), (Span(text.index("said"), text.index("said") + 4),), speakers=(speaker,)
    )
    claim = claim_of(text, made)
    assert claim.text == "Anton Ruz said: “We will not go,” “before the ice closes the strait.”"
    assert claim.content == "“We will not go,” “before the ice closes the strait.”"
    assert [
        there.of(text) for there in clash_in(claim, [Span(claim.text.index("will"), claim.text.index("will") + 8)])
    ] == ["will", "not"]
    assert all(here.of(claim.text) == there.of(text) for here, there in claim.places)
    unnamed = claim_of(text, replace(made, speakers=()))
    assert unnamed.text.startswith("Ruz said: "), "the source's words where nobody is named"


def test_only_what_claims_something_is_compared() -> None:
    document = article(
        "a", [("Ruz", "said", GONE), ("Ruz", "said", "so what"), ("Moen", "said", THERE), ("Moen", "said", TOLL)]
    )
    one, short, two, three = document.statements
    kept = (one, short, replace(two, kind=Kind.NON_RESPONSE), replace(three, score=0.3))
    assert [claim.statement.id for claim in claims_of(replace(document, statements=kept))] == ["a-0"]


def test_claims_that_stand_in_each_other_are_not_compared() -> None:
    document = article("a", [("Ruz", "said", GONE), ("Moen", "said", THERE)])
    one, two = document.statements
    inner = Statement("in", (Span(one.content[0].start + 4, one.content[0].end),), parent=one.id)
    claims = claims_of(replace(document, statements=(one, inner, two)))
    same = np.tile(np.eye(1, 384, dtype=np.float32), (3, 1))
    assert within(claims, same) == [(0, 2, 1.0), (1, 2, 1.0)]
    assert within(claims, np.eye(3, 384, dtype=np.float32)) == [], "nor those that have nothing in common"


@pytest.mark.parametrize(
    ("name", "tie", "turned"),
    [
        ("disputes", Tie.DISPUTES, False),
        ("restates", Tie.RESTATES, False),
        ("answers", Tie.ANSWERS, False),
        ("answered", Tie.ANSWERS, True),
    ],
)
def test_the_most_probable_tie_is_shown_from_its_threshold_on(name: str, tie: Tie, turned: bool) -> None:
    def found(value: float) -> Tied | None:
        said = compared(**{name: value})
        row = row_of(said, words_of("Ruz said: a b c", "Moen said: d e f", 0.5, same_document=True))
        return tied(said, {each: weights.probability(row) for each, weights in WEIGHTS.items()})

    assert found(0.2) is None
    sure = found(0.9)
    assert sure is not None and (sure.tie, round(sure.score, 6), sure.turned) == (tie, 0.9, turned)


def test_what_may_be_a_dispute_is_shown_as_no_restatement() -> None:
    sure = {Tie.RESTATES: 0.9, Tie.DISPUTES: 0.1, Tie.ANSWERS: 0.0}
    assert tied(compared(restates=0.7, disputes=0.2), sure) == Tied(Tie.RESTATES, 0.9)
    assert tied(compared(restates=0.7, disputes=0.3), sure) is None
    assert tied(compared(restates=0.7, disputes=0.3), sure | {Tie.DISPUTES: 0.95}) == Tied(Tie.DISPUTES, 0.95)


def test_what_is_around_two_claims() -> None:
    ruz_moen, ruz_tolbek = frozenset(["Ruz", "Moen"]), frozenset(["Ruz", "Tolbek"])
    pairs = [
        Read(1, 2, compared(disputes=0.6, restates=0.1), True, speakers=ruz_moen),
        Read(1, 5, compared(disputes=0.2, restates=0.5), True, speakers=ruz_moen),
        Read(2, 5, compared(disputes=0.8, restates=0.1), True, speakers=ruz_tolbek),
        Read(90, 1, compared(disputes=0.9), False, days=9),
        Read(90, 2, compared(restates=0.5, disputes=0.1), False, days=None),
    ]
    rows = [dict(zip(AROUND, row, strict=True)) for row in around(pairs)]
    assert [round(math.expm1(row["days apart"])) for row in rows] == [0, 0, 0, 9, 32]
    assert [round(math.expm1(row["claims between"])) for row in rows] == [1, 4, 3, 0, 0]
    assert [row["speakers dispute"] for row in rows] == [0.2, 0.6, 0, 0, 0]
    assert [row["speakers agree"] for row in rows] == [0.5, 0.1, 0, 0, 0]
    assert [round(row["through others"], 4) for row in rows] == [0.4, 0.08, 0.3, 0.3, 0.09], (
        "5 says what 1 says, and 2 disputes it; and what another document says tells nothing of this one"
    )
    assert around([pairs[3]]) == [[math.log1p(9), *ALONE[1:]]], "nothing else was read"


@pytest.mark.parametrize(("day", "suggested"), [("2024-05-04", 1), ("2023-05-04", 0), (None, 0)])
def test_what_is_around_two_claims_counts(ledger: Ledger, day: str | None, suggested: int) -> None:
    sharp, at = WEIGHTS["disputes"], NAMES.index("days apart")
    weights = WEIGHTS | {
        "disputes": replace(sharp, weights=tuple(-1.0 if n == at else w for n, w in enumerate(sharp.weights)))
    }
    early, late = article("early", [("Dario Velt", "said", GONE)]), article("late", [("Ines Tolbek", "said", THERE)])
    for document in (early, replace(late, date=day)):
        ledger.add(document)
    reader = Reader(lambda a, b: replace(clashing(a, b), disputes=0.901))
    assert Relations(ledger, Tying(shipped(), reader, weights, All())).update().ties == suggested


def test_what_is_known_of_two_claims_beside_what_the_network_says() -> None:
    one, other = (
        "Anton Ruz denied: that Velmar sold 40 boats",
        "the mayor said: Velmar has sold 12 boats, not rented them out",
    )
    row = dict(zip(NAMES, row_of(compared(related=0.5), words_of(one, other, 0.7, same_document=False)), strict=True))
    assert (row["alike"], row["same document"], row["numbers differ"]) == (0.7, 0, 1)
    assert (row["one denied"], row["one negated"], row["names"]) == (1, 1, 0)
    assert 0 < row["share of second"] < row["share of first"] <= 1
    assert row["related"] > row["disputes"]
    same = dict(zip(NAMES, row_of(compared(related=0.5), words_of(one, one, 1.0, same_document=True)), strict=True))
    assert (same["one denied"], same["share of first"], same["names"]) == (0, 1, 1)


def test_what_ties_claims_is_written_and_shown_with_both_sides(ledger: Ledger) -> None:
    reader = Reader(clashing)
    relations = related(
        ledger, reader,
        article("late", [("Ines Tolbek", "said", THERE), ("Ines Tolbek", "said", TOLL)], "2024-05-09"),
        article("early", [("Dario Velt", "announced", GONE)], "2024-05-03", "Courier"),
    )  # fmt: skip
    assert count(ledger, "claim", "nearby", "tie") == [3, 3, 1]
    (link,) = relations.links([Link.DISPUTES])
    assert [side.entry.document.id for side in (link.first, link.second) if side.entry] == ["early", "late"]
    assert link.score == 0.9 and link.judgement is None and not link.serious
    shown = [[side.spans[k].of(side.entry.document.text) for at in ats for k in range(*at)]  # type: ignore[union-attr]
             for side, ats in ((link.first, [d.first for d in link.differences]), (link.second, [d.second for d in link.differences]))]  # fmt: skip
    assert shown == [["Sarn"], ["Sarn"]]
    assert link.first.entity is not None and link.first.entity[1] == "Dario Velt"
    assert all("Sarn" in a and "Sarn" in b for a, b in reader.asked), (
        "what is about something else is not even compared"
    )


@pytest.mark.parametrize(("inner", "outer"), [(0.905, 0.9), (0.9, 0.905)])
@pytest.mark.parametrize("apart", [False, True])
def test_of_disputes_between_the_same_words_the_surest_one_stands(
    ledger: Ledger, inner: float, outer: float, apart: bool
) -> None:
    def reads(a: str, b: str) -> Compared:
        if ("still" in a) == ("still" in b):
            return compared(related=0.9)
        return compared(disputes=outer if "Ruz" in a or "Ruz" in b else inner)

    told = f"the ministry denies that {GONE}"
    one = article("a", [("Ruz", "said", told), ("Ines Tolbek", "said", THERE)][: 1 if apart else 2])
    start = one.text.index(GONE)
    within_it = Statement(
        "in",
        (Span(start, start + len(GONE)),),
        cue=(Span(start - 12, start - 6),),
        parent=one.statements[0].id,
        score=1.0,
    )
    documents = [replace(one, statements=(one.statements[0], within_it, *one.statements[1:]))]
    if apart:
        documents.append(article("b", [("Ines Tolbek", "said", THERE)]))
    (link,) = related(ledger, Reader(reads), *documents).links([Link.DISPUTES])
    assert link.score > 0.95
    texts = [side.statement.speaker or "" for side in (link.first, link.second) if side.statement is not None]
    assert ("Ruz" in texts) == (outer > inner)


def test_who_replies_stands_second(ledger: Ledger) -> None:
    def replies(a: str, b: str) -> Compared:
        return compared(answered=0.9) if "Velt" in a else compared(answers=0.9)

    relations = related(
        ledger, Reader(replies),
        article("a", [("Dario Velt", "rejected", GONE)], "2024-05-09"), article("b", [("Ines Tolbek", "asked", THERE)], "2024-05-03"),
    )  # fmt: skip
    (link,) = relations.links([Link.ANSWERS])
    assert [side.speaker for side in (link.first, link.second)] == ["Ines Tolbek", "Dario Velt"]


def test_a_person_confirms_and_rejects_and_it_stays_so(ledger: Ledger) -> None:
    early, late = (
        article("early", [("Dario Velt", "said", GONE)]),
        article("late", [("Ines Tolbek", "said", THERE)], "2024-05-04"),
    )
    relations = related(ledger, Reader(clashing), early, late)
    (link,) = relations.queue()
    assert link.kind is Link.DISPUTES
    assert relations.judge(link.id[:6], confirmed=True, by="ada", why="they said so").id == link.id
    assert list(relations.queue()) == []
    (confirmed,) = relations.links([Link.DISPUTES])
    assert confirmed.judgement is not None and confirmed.judgement.by == "ada"
    relations.judge(link.id, confirmed=False, by="bo", why="another valley")
    assert list(relations.links()) == [] and len(list(relations.links(rejected=True))) == 1
    ledger.add(replace(late, title="Another title"))
    assert relations.update().compared == 1
    assert [one.judgement.by for one in relations.links(rejected=True) if one.judgement] == ["bo"], "known again"
    with pytest.raises(UsageError, match="no link"):
        relations.judge("ffffff", confirmed=True, by="ada", why="x")


def test_a_text_that_changes_or_goes_takes_its_ties_along(ledger: Ledger) -> None:
    early, late = (
        article("early", [("Dario Velt", "said", GONE)]),
        article("late", [("Ines Tolbek", "said", THERE)], "2024-05-04"),
    )
    relations = related(ledger, Reader(clashing), early, late)
    (link,) = relations.links([Link.DISPUTES])
    relations.judge(link.id, confirmed=True, by="ada", why="heard it")
    ledger.correct(late.statements[0].id, [("speaker", "Rasmus Holt")], by="ada", why="the tape")
    assert list(relations.links()) == [], "it was compared with another name"
    relations.update()
    assert [one.second.speaker for one in relations.links()] == ["Rasmus Holt"]
    ledger.remove("late", by="desk", reason="court order")
    assert count(ledger, "claim", "nearby", "tie") == [1, 1, 0]
    with ledger.database.reading() as connection:
        assert connection.execute(select(tables.judgement.c.link)).all() in ([], [(link.id,)])
        assert "Tolbek" not in str(connection.execute(select(tables.claim)).all())


def test_of_a_claim_that_many_report_each_is_tied_to_a_few(ledger: Ledger) -> None:
    words = ["harbour", "garden", "market", "school", "station", "museum", "hospital", "library", "theatre"]
    many = [article(f"d{n}", [("Dario Velt", "said", f"{GONE} near the {word}")]) for n, word in enumerate(words)]
    relations = related(ledger, Reader(clashing), *many)
    ties = count(ledger, "tie")[0]
    assert 3 * (len(many) - 3) <= ties <= 3 * len(many)
    assert len(list(relations.links([Link.RESTATES]))) == ties


def test_copies_are_not_compared_claim_by_claim(ledger: Ledger) -> None:
    said = [("Dario Velt", "said", f"{GONE} and will not come back before the {n}th of June") for n in range(20, 30)]
    reader = Reader(clashing)
    related(ledger, reader, article("a", said), article("b", said, outlet="Courier"))
    assert count(ledger, "copied")[0] == 1
    assert all(a.split("the ")[-1] != b.split("the ")[-1] for a, b in reader.asked), "only within each of both"


GOING_ON = "the talks in the village of Orl will go on next week"
HOME = "the delegation has left the village for good and takes the ferry home"
NIGHT = "no bus goes home from the market at night"


@pytest.mark.parametrize(
    ("day", "shared", "read"),
    [("2024-05-03", 2, True), ("2024-05-06", 2, True), ("2024-05-07", 2, False), (None, 2, False), ("2024-05-03", 1, False)],
)  # fmt: skip
def test_reports_of_one_event_are_compared_as_if_they_were_one(
    ledger: Ledger, day: str | None, shared: int, read: bool
) -> None:
    wire = article("wire", [("Velt", "said", GONE), ("Radan", "said", TOLL), ("Costin", "said", GOING_ON)])
    gazette = article(
        "gazette", [("Tolbek", "said", THERE), ("Ruz", "said", TOLL), ("Holt", "said", HOME)][-shared - 1 :]
    )
    for document in (wire, replace(gazette, date=day)):
        ledger.add(document)
    reader = Reader(clashing)
    Relations(ledger, Tying(shipped(), reader, WEIGHTS, All())).update()
    assert any(GOING_ON in a and HOME in b for a, b in reader.asked) is read, "no word of it is the same"
    assert len(reader.asked) == len(set(reader.asked)), "no pair is read twice"


def test_of_several_reports_of_one_event_the_likest_is_compared(ledger: Ledger) -> None:
    said = [("Velt", "said", GONE), ("Radan", "said", TOLL), ("Costin", "said", GOING_ON)]
    again = [
        ("Velt", "said", "its last brigade left the Sarn river valley"),
        ("Radan", "said", "shells killed nine people on the market of Harsk"),
        ("Costin", "said", "the talks go on in the village of Orl a week from now"),
        ("Holt", "said", HOME),
    ]
    few = article("few", [*said[:2], ("Ruz", "said", NIGHT)])
    reader = Reader(clashing)
    related(ledger, reader, few, article("many", said), article("late", again, "2024-05-04"))
    with_home = [a for a, b in reader.asked if HOME in b]
    assert any(GOING_ON in a for a in with_home)
    assert not any(NIGHT in a for a in with_home)


def judging(least: float) -> Worth:
    """Takes every pair for as likely as not."""
    zeros = [np.zeros(shape, np.float32) for shape in ((len(WORDS) + 2 * SIZE, 2), (2,), (2, 3), (3,))]
    return Worth(*zeros, np.zeros(len(WORDS), np.float32), np.ones(len(WORDS), np.float32), least)


@pytest.mark.parametrize(("least", "read"), [(0.4, 1), (0.6, 0)])
def test_a_pair_that_is_not_worth_it_is_not_read(ledger: Ledger, least: float, read: int) -> None:
    for document in (
        article("a", [("Dario Velt", "said", GONE)]),
        article("b", [("Rasmus Holt", "said", GONE.replace("last", "third"))]),
    ):
        ledger.add(document)
    reader = Reader(clashing)
    Relations(ledger, Tying(shipped(), reader, WEIGHTS, judging(least))).update()
    assert len(reader.asked) == read
    assert count(ledger, "claim", "nearby") == [2, 2], "but is there to be compared with what comes"
    assert bool(count(ledger, "tie")[0]) is bool(read)


def test_in_a_short_document_all_pairs_are_read(ledger: Ledger) -> None:
    said = [(f"Speaker {n}", "said", f"{what} {n}") for n, what in enumerate([GONE, THERE, GONE, THERE, TOLL, TOLL])]
    ledger.add(article("a", said))
    ledger.add(article("b", [("Rasmus Holt", "said", GONE)]))
    reader = Reader(clashing)
    Relations(ledger, Tying(shipped(), reader, WEIGHTS, judging(0.6))).update()
    assert reader.asked and len(reader.asked) <= 16
    assert all(a.startswith("Speaker") and b.startswith("Speaker") for a, b in reader.asked), "within it only"


def test_what_is_worth_reading_is_written_and_read_again(tmp_path: Path) -> None:
    vectors = shipped().vectors([GONE, THERE, TOLL, "the school choir sang for two hours"])
    pairs = [(0, 1), (0, 3)]
    words = [words_of(GONE, THERE, 0.8, same_document=False), words_of(GONE, TOLL, 0.1, same_document=False)]
    ones, others = (vectors[[pair[k] for pair in pairs]] for k in (0, 1))
    like, unlike = shipped_worth().chances(words, ones, others)
    assert 0 < unlike < like < 1
    shipped_worth().save(tmp_path / "worth.npz")
    assert np.allclose(Worth.load(tmp_path / "worth.npz").chances(words, ones, others), [like, unlike])
    assert shipped_worth().keeps([], ones[:0], others[:0]) == []
    judge = replace(shipped_worth(), least=float(like + unlike) / 2)
    assert judge.keeps(words, ones, others) == judge.keeps(words, ones, others, 1) == [True, False]
    assert replace(judge, least=1.0).keeps(words, ones, others, 1) == [True, False], "the likeliest, if none is likely"
    assert judge.keeps(words, ones, others, 5) == [True, True]
    np.savez(tmp_path / "other.npz", names=np.array(["alike"]), **{
        name: np.zeros(1) for name in Worth.__dataclass_fields__
    })  # fmt: skip
    (tmp_path / "broken.npz").write_bytes(b"no arrays")
    for name, why in (("other", "other columns"), ("broken", "cannot be loaded"), ("missing", "cannot be loaded")):
        with pytest.raises(ModelError, match=why):
            Worth.load(tmp_path / f"{name}.npz")


def test_the_nearest_claims_are_found_among_few_and_in_the_cells_of_many(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [GONE, THERE, TOLL, "the union of teachers wants smaller classes and longer holidays"]
    related(ledger, Reader(clashing), article("a", [("Dario Velt", "said", text) for text in texts]))
    vector = shipped().vectors([GONE])[0]
    for few, at_once in ((vicinity._FEW, 500), (vicinity._FEW, 1), (0, 500)):
        monkeypatch.setattr(vicinity, "_FEW", few)
        monkeypatch.setattr(vicinity, "_AT_ONCE", at_once)
        with ledger.database.reading() as connection:
            both = shipped().vectors([GONE, TOLL])
            found, of_toll = vicinity.nearest(connection, both, 2, 0.3)
            assert [one.claim for one in found] == [1, 2] and found[0].alike > 0.98 > found[1].alike
            assert of_toll[0].claim == 3 and of_toll[0].alike > 0.98
            assert vicinity.nearest(connection, both, 9, 1.5) == [[], []]
            assert vicinity.nearest(connection, both[:0], 9, 0.3) == []
            assert [one.claim for one in vicinity.nearest_of(connection, vector, [2, 4], 0.3)] == [2]
            assert next_number(connection, tables.claim) == 5


def test_the_shipped_reader_tells_a_contradiction_from_a_repetition_and_marks_the_words() -> None:
    first = "Ines Tolbek said: Kestrian troops are still in the Sarn valley"
    second = "Dario Velt said: Kestrian troops are no longer in the Sarn valley"
    against, alike = shipped_compared([(first, second), (first, first.replace("Ines Tolbek", "Rasmus Holt"))])
    assert against.disputes > against.restates
    assert alike.restates > alike.disputes
    for found in (against, alike):
        every = (found.none, found.related, found.answers, found.answered, found.restates, found.disputes)
        assert abs(sum(every) - 1) < 1e-6
        assert 0 <= found.strengthens <= 1 and 0 <= found.weakens <= 1
    assert shipped_compared([(first, second)])[0] == against, "whatever else is asked"
    for side, text in zip(against.clash, (first, second), strict=True):
        assert all(0 <= span.start < span.end <= len(text) for span in side)


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="reinstall onrecord"):
        PairReader(tmp_path, tmp_path / "tokenizer.json").compare([("a", "b")])
    assert PairReader(tmp_path, tmp_path / "tokenizer.json").compare([]) == []


def test_compare_reads_pairs_names_bad_lines_and_goes_on(tmp_path: Path, run: Console) -> None:
    rows = [{"id": 7, "a": GONE, "b": THERE}, {"id": "x", "a": GONE}, {"id": "y", "a": TOLL, "b": TOLL}]
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "{nothing\n[1]\n")
    found = run("compare", "--pairs", "pairs.jsonl", "--format", "jsonl")
    assert found.code == 3
    assert [line["id"] for line in found.lines] == [7, "y"]
    assert all(
        0 <= line[name] <= 1 for line in found.lines for name in ("strengthens", "weakens", "restates", "disputes")
    )
    assert "pairs.jsonl:2: no b" in found.err and "pairs.jsonl:4: not JSON" in found.err and ":5: a list" in found.err
    text = run("compare", "--pairs", "pairs.jsonl")
    assert "as a program estimates" in text.out and GONE in " ".join(text.out.split())
    for wrong in (
        ["--pairs", "pairs.jsonl", "abc"],
        ["--pairs", "pairs.jsonl", "-f", "html"],
        ["abc"],
        [],
        ["a", "b", "-f", "jsonl"],
        ["--pairs", "nowhere.jsonl"],
    ):
        assert run("compare", *wrong).code in (1, 2), wrong


def test_links_of_claims_in_every_format(tmp_path: Path, run: Console) -> None:
    with Ledger.open(tmp_path / "onrecord.db") as ledger:
        related(
            ledger,
            Reader(clashing),
            article("early", [("Dario Velt", "said", GONE)]),
            article("late", [("Ines Tolbek", "said", THERE)]),
        )
    text = run("links", "--kind", "disputes")
    assert "one disputes the other, as a program suggests: 0.90" in text.out and "<<Sarn>>" in text.out
    assert "as reported by Gazette" in text.out
    (line,) = run("links", "--format", "jsonl").lines
    assert (line["kind"], line["score"], line["changes"]) == ("disputes", 0.9, ["clash"])
    assert line["differences"][0]["first"] == "Sarn"
    assert "disputes" in run("links", "--format", "csv").out
    page = run("links", "--format", "html").out
    assert "<mark>Sarn</mark>" in page and "<del>" not in page
    assert run("links", "--serious", "--format", "jsonl").lines == []
    ids = [line[side]["statement"] for side in ("first", "second")]
    both = run("compare", *ids, "--format", "json").lines[0]
    assert both["same_saying"] is False and 0 <= both["claims"]["disputes"] <= 1
    assert "only what they claim" in run("compare", *ids).out


def test_a_judgement_of_an_older_ledger_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "l.db"
    fixture = Path(__file__).parent / "fixtures" / "ledgers" / "schema-0005.db.gz"
    file.write_bytes(gzip.decompress(fixture.read_bytes()))
    with sqlite3.connect(file) as old:
        old.execute(
            "INSERT INTO judgement VALUES (4, 'l', 'words', 'a', 'b', 'rejected', 'ada', '2024-05-03', 'two speeches')"
        )
    old.close()
    shutil.copy(file, tmp_path / "before.db")
    with Ledger.open(file) as ledger, ledger.database.reading() as connection:
        (row,) = connection.execute(select(tables.judgement)).all()
        assert tuple(row) == (4, "l", "words", "a", "b", "rejected", "ada", "2024-05-03", "two speeches")
        assert connection.execute(select(func.count()).select_from(tables.related)).scalar_one() == 0


def test_acts_are_no_part_of_a_claim(ledger: Ledger) -> None:
    document = article("a", [("Dario Velt", "denied", GONE)])
    acted = replace(document.statements[0], deed=Deed(Act.DENY, 0.9))
    assert claim_of(document.text, acted) == replace(claim_of(document.text, document.statements[0]), statement=acted)
