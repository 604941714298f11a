"""Reviews of claims: read as they are published, imported once, matched with what texts say, and never as a verdict."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update

from consoles import Console
from onrecord.errors import DocumentError, ModelError, UsageError
from onrecord.factchecks import ClaimStance, FactCheck, FactChecks, Taken, store
from onrecord.factchecks.claimreview import made_id
from onrecord.factchecks.features import NAMES
from onrecord.factchecks.matching import SHORT, Reviewed, vectors
from onrecord.factchecks.ranker import Ranker, shipped
from onrecord.factchecks.reading import read, single
from onrecord.factchecks.stance import stance
from onrecord.factchecks.words import content_words, tokens_of
from onrecord.ledger import Ledger, tables

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "factchecks.csv"

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://straitfacts.example/7",
    "claimReviewed": "The Kestrel dam was blown up by the state's own engineers in June.",
    "name": "Who broke the dam?",
    "author": {"@type": "Organization", "name": "Strait Facts", "url": "https://straitfacts.example"},
    "datePublished": "2024-06-09T10:30:00Z",
    "reviewRating": {"@type": "Rating", "ratingValue": 1, "bestRating": 5, "alternateName": "Not supported"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Orla Vance"},
        "datePublished": "2024-06-05",
        "firstAppearance": {"@type": "CreativeWork", "url": "https://post.example/1"},
        "appearance": [{"@type": "CreativeWork", "url": "https://post.example/2"}, "https://post.example/3"],
    },
}
MADE = made_id("https://straitfacts.example/7", "The Kestrel dam was blown up by the state's own engineers in June.")
WHOLE = FactCheck(
    MADE,
    "The Kestrel dam was blown up by the state's own engineers in June.",
    "Who broke the dam?",
    "https://straitfacts.example/7",
    "Strait Facts",
    "Not supported",
    "2024-06-09T10:30:00Z",
    "Orla Vance",
    "2024-06-05",
    ("https://post.example/1", "https://post.example/2", "https://post.example/3"),
)


def with_(**changes: Any) -> dict[str, Any]:
    """The review with some properties changed; those that are None are left out."""
    return {name: value for name, value in (REVIEW | changes).items() if value is not None}


def read_text(folder: Path, text: str, name: str = "reviews.json") -> tuple[list[FactCheck], list[str]]:
    """What a file with this text holds: its fact-checks, and its errors without the folder's name."""
    file = folder / name
    file.write_text(text, "utf-8")
    items = list(read(file))
    errors = [str(item).replace(f"{folder}/", "") for item in items if isinstance(item, DocumentError)]
    return [item for item in items if isinstance(item, FactCheck)], errors


def read_one(folder: Path, value: Any) -> FactCheck:
    checks, errors = read_text(folder, json.dumps(value))
    assert errors == [] and len(checks) == 1
    return checks[0]


def page(*scripts: str) -> str:
    body = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return f"<!doctype html><html><head><title>Facts</title>{body}</head><body><p>Text</p></body></html>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("one.json", json.dumps(REVIEW, indent=1)),
        ("list.json", json.dumps([REVIEW])),
        ("lines.jsonl", json.dumps(REVIEW) + "\n"),
        ("graph.json", json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, REVIEW]})),
        ("page.html", page('{"@type": "Organization", "name": "x"}', json.dumps(REVIEW))),
        ("nested.html", page(json.dumps({"@type": "Article", "review": [REVIEW]}))),
        ("mixed.html", page(json.dumps([{"@type": "Organization"}, REVIEW]))),
        ("comment.html", page(f"<!-- {json.dumps(REVIEW)} -->")),
        ("cdata.html", page(f"//<![CDATA[\n{json.dumps(REVIEW)};\n//]]>")),
        ("entities.html", page(json.dumps(REVIEW).replace('"', "&quot;"))),
        ("typed.json", json.dumps(with_(**{"@type": ["Review", "http://schema.org/ClaimReview"]}))),
        ("scripts.txt", f'<script type="application/ld+json">{json.dumps(REVIEW)}</script>\n'),
        ("marked.json", "\ufeff" + json.dumps(REVIEW)),
        (
            "feed.json",
            json.dumps(
                {
                    "@context": "http://schema.org",
                    "@type": "DataFeed",
                    "dataFeedElement": [
                        {
                            "@type": "DataFeedItem",
                            "dateCreated": "2024-06-10",
                            "item": [REVIEW],
                            "url": "https://x.example",
                        }
                    ],
                }
            ),
        ),
    ],
)
def test_the_layouts_in_which_reviews_are_published(tmp_path: Path, name: str, text: str) -> None:
    assert read_text(tmp_path, text, name) == ([WHOLE], [])


def test_a_compressed_file(tmp_path: Path) -> None:
    file = tmp_path / "reviews.json.gz"
    file.write_bytes(gzip.compress(json.dumps(REVIEW).encode()))
    assert list(read(file)) == [WHOLE]


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"reviewRating": "Pants on fire"}, "rating", "Pants on fire"),
        ({"reviewRating": {"ratingValue": "2", "bestRating": "6"}}, "rating", "2 of 6"),
        ({"reviewRating": {"ratingValue": 2.5}}, "rating", "2.5"),
        ({"reviewRating": {"name": "Half <b>true</b>"}}, "rating", "Half true"),
        ({"reviewRating": [{"@type": "Rating"}, {"alternateName": "Mixed"}]}, "rating", "Mixed"),
        ({"reviewRating": {"alternateName": {"@value": "Falsch", "@language": "de"}}}, "rating", "Falsch"),
        ({"reviewRating": None}, "rating", None),
        ({"author": "Strait Facts"}, "publisher", "Strait Facts"),
        ({"author": [{"name": "Ada"}, {"name": "Bo"}]}, "publisher", "Ada; Bo"),
        ({"author": None}, "publisher", None),
        ({"author": None, "publisher": {"name": "Strait Facts"}}, "publisher", "Strait Facts"),
        ({"author": {"@type": "Organization", "url": "https://a.example"}}, "publisher", "https://a.example"),
        ({"datePublished": "June 9, 2024"}, "date", "2024-06-09"),
        ({"datePublished": "soon"}, "date", None),
        ({"datePublished": None}, "date", None),
        ({"itemReviewed": None}, "claimant", None),
        ({"itemReviewed": "a post"}, "claimant", None),
        ({"itemReviewed": [{"author": "Orla"}]}, "claimant", "Orla"),
        ({"itemReviewed": {"author": [{"name": "A"}, "B"]}}, "claimant", "A; B"),
        ({"itemReviewed": {"appearance": "https://p.example"}}, "appearances", ("https://p.example",)),
        ({"url": ["https://a.example/1", "https://a.example/2"]}, "url", "https://a.example/1"),
        ({"url": None, "mainEntityOfPage": {"@id": "https://a.example/3"}}, "url", "https://a.example/3"),
        ({"name": None}, "title", None),
        ({"claimReviewed": "The dam &amp; the mill\n broke"}, "claim", "The dam & the mill broke"),
        ({"claimReviewed": None, "itemReviewed": {"text": "The dam broke"}}, "claim", "The dam broke"),
        ({"claimReviewed": "a\x00b\ud800"}, "claim", "a\ufffdb\ufffd"),
        ({"id": 12}, "id", "12"),
        ({"identifier": {"@type": "PropertyValue", "value": "r-9"}}, "id", "r-9"),
        ({"@id": "https://a.example/r#1"}, "id", "https://a.example/r#1"),
        ({"@id": "#review"}, "id", MADE),
    ],
)
def test_what_publishers_write(tmp_path: Path, changes: dict[str, Any], field: str, expected: object) -> None:
    assert getattr(read_one(tmp_path, with_(**changes)), field) == expected


def test_a_value_that_points_at_another_object(tmp_path: Path) -> None:
    organization = {"@type": "Organization", "@id": "#desk", "name": "Strait Facts"}
    graph = {"@graph": [with_(author={"@id": "#desk"}), organization]}
    assert read_one(tmp_path, graph).publisher == "Strait Facts"
    prefixed = {"@type": "schema:ClaimReview", "schema:claimReviewed": "x y", "schema:author": {"schema:name": "Z"}}
    assert read_one(tmp_path, prefixed).publisher == "Z"


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        (
            "a.json",
            json.dumps([REVIEW, with_(claimReviewed=None)]),
            "a.json, item 2: a ClaimReview without claimReviewed",
        ),
        ("a.json", json.dumps([REVIEW, {"@type": "Article"}]), "a.json, item 2: no ClaimReview in it"),
        (
            "a.json",
            json.dumps({"dataFeedElement": [{"item": [REVIEW]}, {"item": None}]}),
            "a.json, item 2: no ClaimReview in it",
        ),
        ("a.jsonl", json.dumps(REVIEW) + "\n{oops\n", "a.jsonl:2: not JSON"),
        ("a.jsonl", json.dumps(REVIEW) + '\n{"id": "x", "claim": " "}\n', "a.jsonl:2: the row has no claim"),
        ("a.html", page(json.dumps(REVIEW), '{"@type": "ClaimReview", '), "a.html, script 2: not JSON"),
        ("a.csv", "id,claim\n1,The dam broke\n2,\n", "a.csv:3: the row has no claim"),
        ("a.csv", "id,claim\n1,The dam broke\n,\n ,The mill broke\n", "a.csv:4: the row has no id"),
        ("a.csv", 'id,claim\n1,"The dam\nbroke"\n2,The mill, it broke\n', "a.csv:4: the row has 3 fields"),
    ],
)
def test_a_bad_item_is_named_and_the_others_go_on(tmp_path: Path, name: str, text: str, error: str) -> None:
    checks, errors = read_text(tmp_path, text, name)
    assert len(checks) == 1
    assert len(errors) == 1 and errors[0].startswith(error)


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("a.html", page('{"@type": "Article"}'), "a.html: no ClaimReview as JSON-LD in it"),
        ("a.json", '{"@type": "Article"}', "a.json: no ClaimReview in it"),
        ("a.json", "{broken", "a.json: not JSON"),
        ("a.json", "[]", "a.json: there is no item in it"),
        ("a.csv", "claim,url\nx,y\n", "a.csv:1: the first line names no column id"),
        ("a.csv", "\n\n", "a.csv: the file is empty"),
    ],
)
def test_a_file_without_any_says_so(tmp_path: Path, name: str, text: str, error: str) -> None:
    checks, errors = read_text(tmp_path, text, name)
    assert checks == []
    assert len(errors) == 1 and errors[0].startswith(error)


def test_tables_with_other_dividers_and_heads(tmp_path: Path) -> None:
    text = "ID;Claim;Rating;Date\nr-1;The dam, the mill and the bridge broke;False;2024-06-09\n"
    checks, errors = read_text(tmp_path, text, "a.csv")
    assert errors == []
    assert checks == [FactCheck("r-1", "The dam, the mill and the bridge broke", rating="False", date="2024-06-09")]


def test_one_review_given_twice_is_one_and_what_is_left_out_is_named() -> None:
    later = FactCheck(
        **{name: getattr(WHOLE, name) for name in WHOLE.__slots__} | {"rating": "True", "date": "2024-07-01"}
    )
    kept = list(single([WHOLE, WHOLE, later]))
    assert kept[-1] == later and len(kept) == 2
    assert isinstance(kept[0], DocumentError) and "given twice" in str(kept[0])
    rows = list(single([FactCheck("1", "The dam broke"), FactCheck("1", "The mill broke")]))
    assert rows[-1] == FactCheck("1", "The dam broke") and "id '1' was used before" in str(rows[0])
    one, other = (FactCheck("https://a.example/page", claim, url="https://a.example/page") for claim in ("A b", "C d"))
    assert [check.claim for check in single([one, other]) if isinstance(check, FactCheck)] == ["A b", "C d"]


# in a ledger


@pytest.fixture
def ledger(where: str) -> Iterator[Ledger]:
    with Ledger.open(where) as opened:
        yield opened


def example() -> list[FactCheck]:
    return [item for item in single(read(EXAMPLE)) if isinstance(item, FactCheck)]


def test_imported_again_nothing_is_doubled_and_what_changed_is_replaced(ledger: Ledger) -> None:
    checks = FactChecks(ledger)
    assert checks.take(example(), "a.csv") == Taken(new=6)
    assert checks.take(example(), "a.csv") == Taken(same=6)
    assert list(checks) == sorted(example(), key=lambda check: check.id) and len(checks) == 6
    first = next(check for check in example() if check.id == "sf-103")
    for changed in (
        FactCheck(first.id, first.claim, first.title, first.url, first.publisher, "Corrected", first.date),
        FactCheck(first.id, "Sixty boats will leave the harbour.", first.title),
    ):
        assert checks.take([changed], "b.csv") == Taken(changed=1)
        assert [check for check in checks if check.id == first.id] == [changed]
    (found,) = checks.match(["Sixty boats, he says, will leave the harbour on Friday morning."])
    assert found[0].factcheck.id == "sf-103"
    checks.remove("sf-103")
    assert len(checks) == 5
    (found,) = checks.match(["Sixty boats, he says, will leave the harbour on Friday morning."])
    assert "sf-103" not in [match.factcheck.id for match in found]
    with pytest.raises(UsageError, match="no fact-check with this id"):
        checks.remove("sf-103")


def test_all_of_a_review_comes_back_from_the_ledger(ledger: Ledger) -> None:
    checks = FactChecks(ledger)
    checks.take([WHOLE], "page.html")
    assert list(checks) == [WHOLE]
    with ledger.database.reading() as connection:
        row = connection.execute(select(tables.factcheck)).one()
    assert (row.origin, len(row.vectors), len(row.encoder)) == ("page.html", 2 * 2 * 384, 16)
    claims, titles = store.unpacked([row.vectors])
    assert np.allclose(claims, vectors([WHOLE.claim]), atol=1e-3) and np.allclose(
        titles, vectors([WHOLE.title]), atol=1e-3
    )


def test_vectors_of_an_older_encoder_are_made_anew(ledger: Ledger) -> None:
    checks = FactChecks(ledger)
    checks.take(example(), "a.csv")
    before = checks.match([TEXTS[0]])
    with ledger.database.writing() as connection:
        old = {"encoder": "older", "vectors": b"\0" * 8, "read_at": "2030-01-01T00:00:00Z"}
        connection.execute(update(tables.factcheck).values(**old))
    assert [m.factcheck.id for m in checks.match([TEXTS[0]])[0]] == [m.factcheck.id for m in before[0]]
    checks.take([], "a.csv")
    with ledger.database.reading() as connection:
        rows = connection.execute(select(tables.factcheck.c.encoder, tables.factcheck.c.vectors)).all()
    assert {row.encoder for row in rows} != {"older"} and {len(row.vectors) for row in rows} == {2 * 2 * 384}


# matching

TEXTS = [
    "Nobody on these islands has ever been asked whether the northern grounds should be closed to everybody else.",
    "We will not sign this sea map before the autumn, the islands' negotiator says.",
    "The islands are going to sign the sea map before the autumn, people in the harbour say.",
    "The orchestra of Lower Brandt plays two new symphonies in its spring season.",
]


def test_matches_come_in_the_order_of_the_texts_the_best_first(ledger: Ledger) -> None:
    checks = FactChecks(ledger)
    checks.take(example(), "a.csv")
    found = checks.match(TEXTS)
    assert [match.factcheck.id for match in found[0]][:1] == ["sf-101"]
    assert [match.factcheck.id for match in found[2]][:1] == ["sf-102"]
    assert found[2][0].stance is ClaimStance.ASSERTS
    assert found[3] == [], "nothing similar was reviewed"
    for matches in found:
        assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)
        assert all(0 <= m.score <= 1 for m in matches)
    assert {"northern", "grounds", "asked"} <= set(found[0][0].why)
    assert [len(m) for m in checks.match(TEXTS, limit=1)] == [1, 1, 1, 0]
    assert all(m.score >= 0.6 for matches in checks.match(TEXTS, least=0.6) for m in matches)
    assert checks.match([]) == []
    assert checks.match([TEXTS[2]])[0] == found[2], "alone or with others"


def test_a_denial_is_no_match_to_the_claim_as_asserted(ledger: Ledger) -> None:
    checks = FactChecks(ledger)
    checks.take(example(), "a.csv")
    (found,) = checks.match([TEXTS[1]])
    (denied,) = [match for match in found if match.factcheck.id == "sf-102"]
    assert denied.stance is ClaimStance.DENIES and not denied.sure and denied.score <= 0.5


def test_a_short_text_is_never_sure(ledger: Ledger) -> None:
    checks = FactChecks(ledger)
    claim = "The Kestrel dam was blown up by the state's own engineers in June."
    checks.take([WHOLE, *example()], "a.csv")
    (long,), (short,) = checks.match([claim, "Kestrel dam blown up"], least=0.0, limit=1)
    assert content_words(claim) >= SHORT > content_words("Kestrel dam blown up")
    assert long.factcheck == short.factcheck == WHOLE
    assert long.sure and not short.sure


def test_an_empty_collection_and_texts_without_words(ledger: Ledger) -> None:
    checks = FactChecks(ledger)
    assert checks.match(["The dam broke."]) == [[]]
    checks.take([FactCheck("1", "…"), FactCheck("2", "the")], "a.csv")
    assert checks.match(["!!!", "", "The dam of Kestrel broke on Friday."]) == [[], [], []]


def test_a_second_look_takes_the_place_of_the_first() -> None:
    class Turned:
        def chances(self, text: str, claims: list[str], rows: Any, chances: Any) -> Any:
            assert rows.shape == (len(claims), len(NAMES)) and text == TEXTS[0]
            return np.array([0.99 if "patrol" in claim else 0.01 for claim in claims], np.float32)

    checks = example()
    of_claims, of_titles = vectors([c.claim for c in checks]), vectors([c.title for c in checks])
    (found,) = Reviewed(checks, of_claims, of_titles, second=Turned()).match([TEXTS[0]], least=0.4)
    assert [match.factcheck.id for match in found] == ["pl-18"]


def test_a_ranker_of_other_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ranker.npz"
    shipped().save(file)
    assert Ranker.load(file).sure == shipped().sure
    with np.load(file) as found:
        parts = dict(found) | {"names": np.array(["other"])}
    np.savez(file, **parts)
    with pytest.raises(ModelError, match="trained on other columns"):
        Ranker.load(file)
    with pytest.raises(ModelError, match="cannot be loaded"):
        Ranker.load(tmp_path / "none.npz")


PAIRS = [json.loads(line) for line in (ROOT / "bench/gold/denied.jsonl").read_text("utf-8").splitlines()]


def test_of_fifty_denials_none_asserts() -> None:
    assert len(PAIRS) == 50
    denied = [
        p["denied"] for p in PAIRS if stance(tokens_of(p["denied"]), tokens_of(p["claim"])) is ClaimStance.ASSERTS
    ]
    asserted = [stance(tokens_of(p["asserted"]), tokens_of(p["claim"])) is ClaimStance.ASSERTS for p in PAIRS]
    assert denied == []
    assert sum(asserted) >= 45


@pytest.mark.parametrize(
    ("text", "claim", "expected"),
    [
        ("The mill did not burn.", "The mill of Senn burned.", "denies"),
        ("The mill did burn.", "The mill of Senn did not burn.", "denies"),
        ("The mill of Senn didn't burn.", "The mill of Senn did not burn.", "asserts"),
        ("It is no hoax: the mill of Senn burned.", "The mill of Senn burned.", "asserts"),
        ("The mill of Senn burned. I cannot believe it.", "The mill of Senn burned.", "asserts"),
        ("The mill of Senn burned, didn't it?", "The mill of Senn burned.", "asserts"),
        ("Did the mill of Senn burn? No.", "The mill of Senn burned.", "denies"),
        ("Not only the mill of Senn burned.", "The mill of Senn burned.", "asserts"),
        ("The post that the mill of Senn burned is a hoax.", "The mill of Senn burned.", "denies"),
        ("The post that the mill of Senn burned is a hoax.", "The mill of Senn burned: a hoax.", "asserts"),
        ("Visitors are not allowed to smoke in Senn.", "Visitors are forbidden to smoke in Senn.", "asserts"),
        ("The plant does not prevent malaria.", "The plant prevents malaria.", "denies"),
        ("The bank of Senn is solvent.", "The bank of Senn is insolvent.", "denies"),
        ("The bank of Senn is not solvent.", "The bank of Senn is insolvent.", "asserts"),
        ("Ruz refused a coalition with the Grain Party.", "Ruz agreed to a coalition with the Grain Party.", "denies"),
        ("It was a heater rather than a thief that burned the mill.", "A thief burned the mill.", "denies"),
        ("Mr. Blaine never sold the mill.", "Blaine sold the mill.", "denies"),
    ],
)
def test_stances(text: str, claim: str, expected: str) -> None:
    assert str(stance(tokens_of(text), tokens_of(claim))) == expected


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("The U.S. Army isn't in #EastVelmar pic.example.com/abc", ("us.", "army", "east", "velmar")),
        ("US soldiers told us", ("us.", "soldier", "told")),
        ("Ten 1,200-tonne boats’ crews", ("ten", "1200", "tonn", "boat", "crew")),
        ("Señor Ruz studies, he studied", ("senor", "ruz", "study", "study")),
    ],
)
def test_words(text: str, stems: tuple[str, ...]) -> None:
    assert tokens_of(text).stems == stems


# the command line


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Console:
    return Console(capfd)


def texts_file(folder: Path, *rows: object) -> str:
    file = folder / "texts.jsonl"
    file.write_text(
        "".join(json.dumps(row) + "\n" if not isinstance(row, str) else row + "\n" for row in rows), "utf-8"
    )
    return str(file)


def test_import_list_match_remove(call: Console, where: str, tmp_path: Path) -> None:
    done = call("factchecks", "import", str(EXAMPLE), "--ledger", where)
    assert (done.code, done.out) == (0, "")
    assert "6 new fact-checks, 0 changed, 0 as before" in done.err
    assert (
        "0 new fact-checks, 0 changed, 6 as before" in call("factchecks", "import", str(EXAMPLE), "--ledger", where).err
    )

    listed = call("factchecks", "list", "--format", "jsonl", "--ledger", where)
    assert [row["id"] for row in listed.lines] == sorted(check.id for check in example())
    assert listed.lines[0]["claimant"] is None and listed.lines[0]["appearances"] == []
    rows = list(csv.DictReader(io.StringIO(call("factchecks", "list", "--format", "csv", "--ledger", where).out)))
    assert [row["rating"] for row in rows if row["id"] == "sf-103"] == ["Misquoted"]
    assert "reviewed by Plainly: Old picture · 7 May 2024" in call("factchecks", "list", "--ledger", where).out

    file = texts_file(tmp_path, *({"id": n, "text": text} for n, text in enumerate(TEXTS)))
    done = call("factchecks", "match", file, "--format", "jsonl", "--ledger", where)
    assert done.code == 0
    assert [row["id"] for row in done.lines] == [0, 1, 2, 3]
    first = done.lines[0]["matches"][0]
    assert list(first) == [
        "factcheck", "score", "sure", "stance", "claim", "title", "publisher", "rating", "date", "url", "why"
    ]  # fmt: skip
    assert (first["factcheck"], first["publisher"], first["stance"]) == ("sf-101", "Strait Facts", "asserts")
    assert done.lines[3]["matches"] == []

    out = " ".join(call("factchecks", "match", file, "--ledger", where).out.split())
    assert "a similar claim was reviewed by Strait Facts: Misleading: there was a vote in 2009" in out
    assert "https://straitfacts.example/101" in out
    assert "this seems to deny a claim that was reviewed by Strait Facts: False: a “not” was lost" in out
    assert "no similar claim was reviewed" in out

    assert call("factchecks", "remove", "pl-19", "--ledger", where).code == 0
    assert call("factchecks", "remove", "pl-19", "--ledger", where).code == 2
    assert len(call("factchecks", "list", "--format", "jsonl", "--ledger", where).lines) == 5


def test_bad_items_and_lines_are_named_and_skipped(call: Console, tmp_path: Path) -> None:
    where = str(tmp_path / "desk.db")
    file = tmp_path / "reviews.csv"
    file.write_text("id,claim,rating\n1,The Kestrel dam broke on Friday,False\n2,,True\n", "utf-8")
    done = call("factchecks", "import", str(file), str(tmp_path / "none.csv"), "--ledger", where)
    assert done.code == 3
    assert "reviews.csv:3: the row has no claim" in done.err and "none.csv: No such file" in done.err
    assert "1 new fact-check, 0 changed, 0 as before; 2 items skipped" in done.err
    assert [row["id"] for row in call("factchecks", "list", "--format", "jsonl", "--ledger", where).lines] == ["1"]

    texts = texts_file(
        tmp_path, {"id": "b", "text": "They say the Kestrel dam broke on Friday."}, "{oops", {"text": "x"},
        {"id": "c", "text": 3}, {"id": "d"}, "[]", {"id": "a", "text": "Nothing of the kind happened elsewhere."},
    )  # fmt: skip
    done = call("factchecks", "match", texts, "--format", "jsonl", "--ledger", where)
    assert done.code == 3
    assert [row["id"] for row in done.lines] == ["b", "a"]
    assert done.lines[0]["matches"][0]["factcheck"] == "1"
    assert re.findall(r"texts\.jsonl:(\d)", done.err) == ["2", "3", "4", "5", "6"]


def test_a_ledger_without_fact_checks_says_what_to_do(call: Console, tmp_path: Path) -> None:
    where = str(tmp_path / "desk.db")
    Ledger.open(where).close()
    done = call(
        "factchecks", "match", texts_file(tmp_path, {"id": 1, "text": "x"}), "--format", "jsonl", "--ledger", where
    )
    assert done.lines == [{"id": 1, "matches": []}]
    assert "the ledger has no fact-checks" in done.err


def test_no_claim_is_in_two_parts_of_the_split() -> None:
    pytest.importorskip("sklearn", reason="training needs the extra: pip install -e '.[train]'")
    from train.factchecks import Pair, average_precision, key, split

    every = [Pair(f"tweet {n}", key(f"The “dam” {n % 70} broke.")) for n in range(200)]
    parts = split(every)
    claims = [{pair.claim for pair in part} for part in parts.values()]
    assert [len(mine) for mine in claims] == [42, 14, 14]
    assert sum(map(len, parts.values())) == 200 and len(set.union(*claims)) == 70
    assert key("The “dam” 3 broke.") == key("the 'dam' 3 broke")
    assert [average_precision([False, True]), average_precision([False] * 5 + [True])] == [0.5, 0.0]
