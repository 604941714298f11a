"""How and when it was said: the pieces, whole articles (invented) with the weights of the package, filters, commands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from onrecord import Act, Document, Form, Polarity, Span, Stance, Statement, read_text
from onrecord.cli import app
from onrecord.exports.display import long_interval, manner
from onrecord.exports.record import record
from onrecord.extract import read_statements
from onrecord.filters import kept
from onrecord.identify import identified, view_of
from onrecord.identify.view import said_of
from onrecord.model import Certainty, Commitment, Deed, Occasion
from onrecord.qualify import qualified
from onrecord.qualify.cues import cue_words, of_cue
from onrecord.qualify.dating import iso_of
from onrecord.qualify.stances import stance
from onrecord.qualify.terms import terms
from onrecord.terms import chain, parties

TALKS = """Harbour talks end without a deal

Kestria's trade minister, Helen Okafor, offered on Monday to open two ports if the fleet left the strait. "We will not sign under threat," she told reporters in Delling.

The Delling Post revealed that the fleet had stayed. Admiral Bo Lind denied that any ship had crossed the line. He accused the ministry of hiding the charts.

The fishers' union claimed that the catch had doubled. It urged the council to publish the figures.
"""


@pytest.fixture(scope="module")
def talks() -> Document:
    return read_text(TALKS, id="talks", date="2024-05-08", outlet="The Harbour Courier")


def said(document: Document, words: str) -> Statement:
    """The outermost statement whose content has ``words``."""
    return next(s for s in document.statements if any(words in span.of(document.text) for span in s.content))


def text_of(document: Document, span: Span | None) -> str | None:
    return span.of(document.text) if span else None


# The pieces


def test_the_lexicon_has_acts_and_stances_for_all_forms_of_a_cue() -> None:
    known = cue_words()
    for form in ("deny", "denies", "denied", "denying"):
        assert known[(form,)].act is Act.DENY
    assert known[("claimed",)].stance is Stance.DISTANCE
    assert known[("pointed", "out")].stance is Stance.ENDORSE
    assert known[("claim",)].noun is False


@pytest.mark.parametrize(
    "words, entry",
    [
        ("refused to say", "refuse"),
        ("said", "say"),
        ("has pointed out", "point out"),
        ("was quoted as saying", "say"),
        ("the chair", None),
    ],
)
def test_the_entry_of_a_cue(words: str, entry: str | None) -> None:
    found = of_cue(words.split())
    assert (found[0].word if found else None) == entry


@pytest.mark.parametrize(
    "value, iso",
    [
        ("2016-09-13", "2016-09-13"),
        ("2016-09", "2016-09"),
        ("2016", "2016"),
        ("2016-W36", "2016-09-05/2016-09-11"),
        ("2016-09-13T14:30", "2016-09-13"),
        ("2016-Q3", "2016-07-01/2016-09-30"),
        ("PAST_REF", None),
        ("XXXX-WXX-1", None),
    ],
)
def test_a_date_of_saying_is_a_day_a_month_a_year_or_an_interval(value: str, iso: str | None) -> None:
    assert iso_of(value) == iso


def staged(text: str, cue: str, content: str, source: str = "") -> tuple[Document, Statement]:
    """A text with one statement, by its words."""

    def span(words: str) -> tuple[Span, ...]:
        start = text.index(words)
        return (Span(start, start + len(words)),)

    statement = Statement("s", span(content), span(source) if source else (), span(cue))
    return Document("d", text, date="2024-05-08", statements=(statement,)), statement


def stance_of(text: str, cue: str, content: str, source: str) -> tuple[Stance, str | None]:
    document, statement = staged(text, cue, content, source)
    view = view_of(text, read_statements(document)[1])
    one = said_of(view, statement)
    found = of_cue([view.lower[i] for i in one.cue])
    place = one.cue[slice(*found[1])] if found else ()
    value, words = stance(view, one, found[0] if found else None, place)
    return value, text_of(document, words)


@pytest.mark.parametrize(
    "text, cue, content, source, value",
    [
        ("The clerk said the pier was shut.", "said", "the pier was shut", "The clerk", (Stance.NEUTRAL, None)),
        (
            "The clerk revealed the pier was shut.",
            "revealed",
            "the pier was shut",
            "The clerk",
            (Stance.ENDORSE, "revealed"),
        ),
        ("The clerk did not reveal who shut it.", "reveal", "who shut it", "The clerk", (Stance.NEUTRAL, None)),
        (
            "The clerk could confirm the pier was shut.",
            "confirm",
            "the pier was shut",
            "The clerk",
            (Stance.NEUTRAL, None),
        ),
        (
            "The clerk claimed the pier was shut.",
            "claimed",
            "the pier was shut",
            "The clerk",
            (Stance.DISTANCE, "claimed"),
        ),
        (
            "The clerk falsely said the pier was shut.",
            "said",
            "the pier was shut",
            "The clerk",
            (Stance.DISTANCE, "falsely"),
        ),
        ("Brandt knows whether it was shut.", "knows", "whether it was shut", "Brandt", (Stance.NEUTRAL, None)),
    ],
)
def test_a_word_commits_whoever_relays_and_nothing_else_does(
    text: str, cue: str, content: str, source: str, value: tuple[Stance, str | None]
) -> None:
    assert stance_of(text, cue, content, source) == value


@pytest.mark.parametrize(
    "content, conditions, exceptions",
    [
        ("it would open two ports if the fleet left the strait", ["if the fleet left the strait"], []),
        ("if the fleet left, it would open two ports", ["if the fleet left"], []),
        ("it will not sell unless every owner consents", ["unless every owner consents"], []),
        ("it would bar all ships except for vessels under ten metres", [], ["except for vessels under ten metres"]),
        (
            "it would free seven men if the islanders, who are no party to the talks, stopped escorting trawlers",
            ["if the islanders, who are no party to the talks, stopped escorting trawlers"],
            [],
        ),
        ("it would recognise no line drawn without its consent", ["without its consent"], []),
        ("it would open two ports", [], []),
    ],
)
def test_conditions_and_exceptions_are_stretches_of_the_content(
    content: str, conditions: list[str], exceptions: list[str]
) -> None:
    document, statement = staged(f"The island said {content}.", "said", content, "The island")
    view = view_of(document.text, read_statements(document)[1])
    found = terms(view, said_of(view, statement), ())
    assert [[span.of(document.text) for span in spans] for spans in found] == [conditions, exceptions]


# Whole articles


def test_every_statement_has_an_act_and_the_words_that_decided_it(talks: Document) -> None:
    assert talks.statements
    for statement in talks.statements:
        assert statement.deed is not None
        assert 0 < statement.deed.score <= 1
        for span in statement.deed.words:
            assert span.of(talks.text)


def test_a_denial_is_negative_and_an_accusation_has_its_target(talks: Document) -> None:
    denial = said(talks, "any ship had crossed")
    assert denial.act is Act.DENY
    assert denial.commitments[0].polarity is Polarity.NEGATIVE
    charge = said(talks, "hiding the charts")
    assert charge.act is Act.ACCUSE
    assert charge.deed is not None and text_of(talks, charge.deed.target) == "the ministry"


def test_the_outlet_is_uncommitted_unless_a_word_commits_it(talks: Document) -> None:
    for statement in talks.statements:
        outlet = statement.commitments[-1]
        assert outlet.holder == "outlet"
        if outlet.words is None:
            assert outlet.certainty is Certainty.UNCOMMITTED and outlet.stance is Stance.NEUTRAL
    revealed = said(talks, "the fleet had stayed").commitments[-1]
    assert (revealed.certainty, text_of(talks, revealed.words)) == (Certainty.CERTAIN, "revealed")
    claimed = said(talks, "the catch had doubled").commitments[-1]
    assert (claimed.certainty, text_of(talks, claimed.words)) == (Certainty.UNCOMMITTED, "claimed")


def test_when_and_by_which_way_it_was_said(talks: Document) -> None:
    opened = said(talks, "open two ports")
    assert (opened.occasion.on, text_of(talks, opened.occasion.on_words)) == ("2024-05-06", "Monday")
    threat = said(talks, "We will not sign")
    assert text_of(talks, threat.occasion.channel) == "told reporters"
    assert text_of(talks, threat.occasion.at) == "in Delling"


@pytest.mark.parametrize(
    ("text", "place", "channel"),
    [
        (
            "“The quay is safe,” the port's director, Ilse Kamara, said while touring the harbour on Monday.",
            "while touring the harbour",
            None,
        ),
        ("Okafor told reporters in Geneva that the draft had been accepted.", "in Geneva", "told reporters"),
        ("In a tweet, the mayor, Anton Ruz, said that the bridge would open on Friday.", None, "In a tweet"),
        ("The bank had no plans to leave the island, its chair, Marta Lind, told Reuters.", None, "told Reuters"),
        (
            "The pilots' union rejected the offer, its chair, Leif Aune, said at a press conference in Velmar.",
            "in Velmar",
            "at a press conference",
        ),
    ],
)
def test_place_and_channel(text: str, place: str | None, channel: str | None) -> None:
    found = next(s.occasion for s in read_text(text).statements if s.parent is None)
    assert (found.at and found.at.of(text), found.channel and found.channel.of(text)) == (place, channel)


def test_a_time_inside_the_content_is_not_when_it_was_said() -> None:
    text = "The clerk said that in March 2019 the pier had been shut for a week."
    (statement, *_) = read_text(text, date="2024-05-08").statements
    assert statement.occasion.on is None
    assert [t.value for t in statement.times] == ["2019-03", "P1W"]


def test_without_a_date_relative_words_stay_words() -> None:
    (statement, *_) = read_text("The clerk said on Monday that the pier had been shut for good.").statements
    assert statement.occasion.on is None


def test_a_nested_statement_s_word_is_the_outer_speaker_s(talks: Document) -> None:
    text = "Ilse Brandt said that the mayor had admitted that the bridge was never inspected."
    document = read_text(text)
    inner = [s for s in document.statements if s.parent is not None]
    assert inner, "no statement within the statement"
    holders = {c.holder: c for c in inner[0].commitments}
    assert holders["outlet"].certainty is Certainty.UNCOMMITTED
    assert holders["Ilse Brandt"].stance is Stance.ENDORSE


def test_the_outlet_does_not_vouch_for_what_a_nameless_source_relays() -> None:
    text = "A senior diplomat said that the mayor had admitted that the bridge was never inspected."
    document = read_text(text)
    inner = next(s for s in document.statements if s.parent is not None)
    holders = {c.holder: c for c in inner.commitments}
    assert holders["outlet"].certainty is Certainty.UNCOMMITTED and holders["outlet"].words is None
    assert holders["A senior diplomat"].stance is Stance.ENDORSE


def test_qualifying_again_changes_nothing(talks: Document) -> None:
    found, reading = read_statements(talks)
    view = view_of(talks.text, reading)
    named = identified(replace(talks, statements=found), view)
    once = qualified(named, view)
    assert qualified(once, view) == once


# Showing


def test_marks_are_few_and_say_whose_word_commits() -> None:
    text = "Oslo admitted it"
    statement = Statement(
        "s",
        (Span(14, 16),),
        deed=Deed(Act.ADMIT, 0.8),
        commitments=(
            Commitment("speaker", Certainty.POSSIBLE, Polarity.NEGATIVE),
            Commitment("outlet", Certainty.CERTAIN, None, (), Stance.ENDORSE, Span(5, 13)),
        ),
        occasion=Occasion("2024-05-06/2024-05-12"),
    )
    document = Document("d", text, statements=(statement,))
    assert manner(document, statement) == [
        "admit", "possible", "not so", "outlet vouches: “admitted”", "said 6 May 2024 to 12 May 2024",
    ]  # fmt: skip
    assert long_interval("2024-05") == "May 2024"
    unsure = replace(statement, deed=Deed(Act.ADMIT, 0.4))
    assert manner(document, unsure)[0] == "admit?"


def test_the_record_says_it_in_plain_values(talks: Document) -> None:
    made = record(talks, said(talks, "hiding the charts"))
    assert (made["act"], made["target"], made["certainty"], made["polarity"]) == (
        "accuse",
        "the ministry",
        "certain",
        "positive",
    )
    assert made["act_detail"]["words"] and made["commitments"][0]["holder"] == "speaker"


def test_filters_keep_what_relays_a_statement() -> None:
    outer = Statement("a", (Span(0, 9),), deed=Deed(Act.ASSERT, 1.0))
    inner = Statement("b", (Span(4, 9),), parent="a", deed=Deed(Act.DENY, 1.0), form=Form.VERBATIM)
    other = Statement("c", (Span(0, 2),), deed=Deed(Act.ASSERT, 1.0, second=Act.WARN))
    document = Document("d", "x" * 9, statements=(outer, inner, other))
    assert [s.id for s in kept(document, [Act.DENY]).statements] == ["a", "b"]
    assert [s.id for s in kept(document, [Act.WARN]).statements] == ["c"]
    assert [s.id for s in kept(document, [], [Form.VERBATIM]).statements] == ["a", "b"]
    assert [s.id for s in kept(document, [Act.DENY], [Form.PARTIAL]).statements] == []
    assert kept(document) is document


def test_parties_with_their_terms() -> None:
    outer = Statement("a", (Span(0, 9),), deed=Deed(Act.ASSERT, 1.0))
    offer = Statement("b", (Span(4, 9),), parent="a", deed=Deed(Act.PROPOSE, 1.0))
    document = Document("d", "x" * 9, statements=(outer, offer))
    assert [(p.name, [s.id for s in p.statements]) for p in parties(document)] == [(None, ["b"])]
    assert [s.id for s in chain(document, offer)] == ["a"]


# Commands


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "talks.jsonl"
    path.write_text(json.dumps({"id": "talks", "text": TALKS, "date": "2024-05-08"}) + "\n", encoding="utf-8")
    return path


def test_read_filters_by_act_and_form(story: Path) -> None:
    done = CliRunner().invoke(app, ["read", str(story), "--format", "jsonl", "--no-nested", "--act", "deny,accuse"])
    assert done.exit_code == 0
    assert {json.loads(line)["act"] for line in done.stdout.splitlines()} == {"deny", "accuse"}
    done = CliRunner().invoke(app, ["read", str(story), "--format", "jsonl", "--no-nested", "--form", "verbatim"])
    assert {json.loads(line)["form"] for line in done.stdout.splitlines()} == {"verbatim"}


def test_an_act_that_is_none_is_wrong_use(story: Path) -> None:
    done = CliRunner().invoke(app, ["read", str(story), "--act", "shout"])
    assert done.exit_code == 2 and "'shout' is none (there are assert," in done.output


def test_times_lists_expressions_with_values(story: Path) -> None:
    done = CliRunner().invoke(app, ["times", str(story), "--format", "jsonl"])
    assert done.exit_code == 0
    (row,) = map(json.loads, done.stdout.splitlines())
    assert row["id"] == "talks"
    assert [(TALKS[t["start"] : t["end"]], t["type"], t["value"]) for t in row["timex"]] == [
        ("Monday", "DATE", "2024-05-06")
    ]
    shown = CliRunner().invoke(app, ["times", str(story)])
    assert shown.exit_code == 0 and "2024-05-06" in shown.stdout


def test_terms_lists_offers_by_party(story: Path) -> None:
    done = CliRunner().invoke(app, ["terms", str(story), "--format", "jsonl"])
    assert done.exit_code == 0
    made = [json.loads(line) for line in done.stdout.splitlines()]
    offers = [m for m in made if m["conditions"]]
    assert offers and offers[0]["party"] == "Helen Okafor"
    assert offers[0]["conditions"][0]["text"] == "if the fleet left the strait"
    shown = CliRunner().invoke(app, ["terms", str(story)])
    assert shown.exit_code == 0 and "condition: if the fleet left the strait" in shown.stdout
