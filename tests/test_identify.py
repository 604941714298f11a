"""Who is speaking: the pieces, and whole articles (invented) with the weights that come with the package."""

from __future__ import annotations

import pytest

from onrecord import SourceType, read_text
from onrecord.extract import read_statements
from onrecord.extract.sentences import sentence_numbers
from onrecord.extract.words import cut
from onrecord.identify import identified, view_of
from onrecord.identify.describe import fuller_name, name_of, own_names
from onrecord.identify.entities import entities, gender_before, without_honorifics
from onrecord.identify.names import Named, NameKind, is_outlet, stretches
from onrecord.identify.nicknames import called
from onrecord.model import Document, Span, Statement


def said(document: Document, words: str) -> Statement:
    """The statement whose content has ``words``; the innermost where several do."""
    found = [s for s in document.statements if any(words in span.of(document.text) for span in s.content)]
    assert found, f"no statement holds {words!r}"
    return found[-1]


# The pieces


@pytest.mark.parametrize(
    "text, count",
    [
        ("Mr. Okoro met Dr. J. R. Lind at 5 p.m. on Friday. They left.", 2),
        ("“Why?” he asked. “Because.”", 2),
        ("She works for the U.S. embassy. He does not.", 2),
        ("He said … nothing. Nothing at all!", 2),
        ("One line\nanother line", 2),
        ("Velmar Inc. said no.", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    words = cut(text)
    assert len(set(sentence_numbers(words, words.strings()).tolist())) == count


def names(*spans: tuple[int, int], text: list[str], kind: NameKind = NameKind.PERSON) -> list[Named]:
    return [Named(a, b, kind, tuple(text[a:b])) for a, b in spans]


def grouped(text: str, *spans: tuple[int, int], kind: NameKind = NameKind.PERSON) -> list[list[tuple[int, int]]]:
    words = text.split()
    return [[(m.start, m.end) for m in e.mentions] for e in entities(names(*spans, text=words, kind=kind), words)]


def test_short_forms_join_the_full_name() -> None:
    text = "Yulia Petrenko spoke ; Petrenko left ; Yulia stayed"
    assert grouped(text, (0, 2), (4, 5), (7, 8)) == [[(0, 2), (4, 5), (7, 8)]]


def test_two_people_of_one_surname_are_two() -> None:
    text = "Ann Lind and Bo Lind met ; Ms Lind spoke ; Mr Lind left"
    women = [Named(0, 2, NameKind.PERSON, ("Ann", "Lind"), 0.95), Named(3, 5, NameKind.PERSON, ("Bo", "Lind"), 0.05)]
    short = names((8, 9), (12, 13), text=text.split())
    made = entities([*women, *short], text.split())
    assert [[(m.start, m.end) for m in e.mentions] for e in made] == [[(0, 2), (8, 9)], [(3, 5), (12, 13)]]
    assert not any(e.unsure for e in made)


def test_a_surname_that_two_people_have_is_marked_as_unsure() -> None:
    made = entities(
        names(
            (0, 2), (3, 5), (7, 8), text=(words := ["Ann", "Lind", "and", "Bo", "Lind", "met", ".", "Lind", "spoke"])
        ),
        words,
    )
    assert [len(e.mentions) for e in made] == [2, 1]  # who is named in full first
    assert made[0].unsure == {1: 1}


@pytest.mark.parametrize(
    "text, first, second, one",
    [
        ("Ken Tarrant wrote ; Kenneth Tarrant signed", (0, 2), (4, 6), True),
        ("Bill Rook wrote ; William Rook signed", (0, 2), (4, 6), True),
        ("Ann Rook wrote ; Will Rook signed", (0, 2), (4, 6), False),
        ("Sean O’Rourke wrote ; O'Rourke signed", (0, 2), (4, 5), True),
    ],
)
def test_short_first_names_and_apostrophes(
    text: str, first: tuple[int, int], second: tuple[int, int], one: bool
) -> None:
    assert (len(grouped(text, first, second)) == 1) == one


@pytest.mark.parametrize(
    "text, long, short, one",
    [
        ("Port Sella Daily Gazette printed it ; the Daily Gazette regrets", (0, 4), (8, 10), True),
        ("Trade Counsel of the Island Council spoke ; the Island Council met", (0, 6), (9, 11), False),
        ("The Committee on Fisheries met ; the Committee rose", (1, 4), (7, 8), True),
    ],
)
def test_organisations_by_the_end_of_their_names(
    text: str, long: tuple[int, int], short: tuple[int, int], one: bool
) -> None:
    assert (len(grouped(text, long, short, kind=NameKind.ORGANIZATION)) == 1) == one


def own(text: str, source: str) -> list[str]:
    """What a source is called by its own words."""
    document = Document("d", text)
    view = view_of(text, read_statements(document)[1])
    start = text.rindex(source)
    words = [i for i in range(len(view.strings)) if start <= view.words.starts[i] < start + len(source)]
    return [fuller_name(view, words, span).of(text) for span in own_names(view, words)]


@pytest.mark.parametrize(
    "source, names",
    [
        ("a handful of the older voters", ["older voters"]),
        ("Nurses, porters and two cleaners", ["Nurses", "porters", "cleaners"]),
        ("Aides and outside advisers to the mayor", ["Aides and outside advisers to the mayor"]),
        ("The angry, badly typed letter", ["angry, badly typed letter"]),
        ("a survey released Friday", ["survey"]),
        ("The traders themselves", ["traders"]),
        ("protesters, many of them students,", ["protesters"]),
    ],
)
def test_a_group_is_called_by_its_own_noun(source: str, names: list[str]) -> None:
    assert own(f"{source} said the bridge would not hold.", source) == names


def test_a_document_is_called_by_what_it_was_called_before() -> None:
    text = "The family filed a wrongful death lawsuit in May. Lawyers read it. The lawsuit says the siren was broken."
    assert own(text, "The lawsuit") == ["wrongful death lawsuit"]
    text = "They met Tamm County prosecutors in May. On Friday prosecutors said that the case was closed."
    assert own(text, "prosecutors") == ["Tamm County prosecutors"]


def speakers_of(text: str, words: str) -> list[str | None]:
    return [s.name for s in said(read_text(text), words).speakers]


@pytest.mark.parametrize(
    "source, names",
    [
        ("Helen Okafor and other doctors", ["Helen Okafor", "doctors"]),
        ("Helen Okafor of Denmark and Viktor Salo of Norway", ["Helen Okafor", "Viktor Salo"]),
        ("Helen Okafor, who trained under Petra Lind, and Viktor Salo", ["Helen Okafor", "Viktor Salo"]),
        ("Helen Okafor, a lawyer and activist,", ["Helen Okafor"]),
        ("Helen Okafor, a judge under Governors Petra Lind and Viktor Salo,", ["Helen Okafor"]),
    ],
)
def test_who_speaks_together(source: str, names: list[str]) -> None:
    text = f"The ward has nine beds and no nurse. On Monday {source} said that the ward could close by Easter."
    at = text.index(source)
    end = at + len(source)
    marked = Statement("s", (Span(end + 6, len(text) - 1),), (Span(at, end),), (Span(end + 1, end + 5),))
    document = Document("d", text, statements=(marked,))
    (statement,) = identified(document, view_of(document.text, read_statements(document)[1])).statements
    assert [s.name for s in statement.speakers] == names


@pytest.mark.parametrize(
    "text, words, speaker",
    [
        ("Sen. Petra Moor met the miners on Monday. The senator said the shaft would close.", "shaft would", "Petra Moor"),
        (
            "The Delling Post printed the list on Monday. The newspaper said the names had been checked.",
            "names had been", "Delling Post",
        ),
        (
            "The Coastal Fishers League (C.F.L.) met in Tamm. The C.F.L. said the quota was too low.",
            "quota was", "Coastal Fishers League",
        ),
    ],
)  # fmt: skip
def test_what_a_name_can_be_called(text: str, words: str, speaker: str) -> None:
    assert speakers_of(text, words) == [speaker]


def test_another_office_is_another_person() -> None:
    document = read_text(
        "Norway's interior minister, Ivar Berg, spoke first. A diplomat said the prime minister feared a defeat."
    )
    for statement in document.statements:
        if any("prime" in span.of(document.text) for span in statement.source):
            assert statement.speaker is None and statement.source_type is not SourceType.ANONYMOUS_SOURCE


def test_she_tells_who_can_be_he() -> None:
    document = read_text(
        "The trade minister, Helen Okafor, spoke first. “We have a text,” she said.\n\n"
        "The fishers' envoy, Leif Aune, was not convinced. “Nobody has asked us,” he said."
    )
    assert said(document, "We have a text").speaker == "Helen Okafor"
    assert said(document, "Nobody has asked us").speaker == "Leif Aune"


def test_names_end_with_their_paragraph() -> None:
    text = "By Mirela Anders and Joost Berg\n\nOSLO, 14 March — The port of Bergen was shut, Ivar Lund said."
    view = view_of(text, read_statements(Document("d", text))[1])
    assert not any("\n" in name_of(view, entity).of(text) for entity in view.entities)


def test_a_prefix_makes_no_fuller_name() -> None:
    text = "“Brave Helen Lind” is on every wall. Helen Lind said on Monday that she would stay. She has her reasons."
    view = view_of(text, read_statements(Document("d", text))[1])
    assert [name_of(view, entity).of(text) for entity in view.entities] == ["Helen Lind"]


def test_abbreviations_and_shortened_organisations() -> None:
    text = "World Food Programme ( WFP ) and Velmar Metals ; Velmar"
    assert grouped(text, (0, 3), (4, 5), (7, 9), (10, 11), kind=NameKind.ORGANIZATION) == [
        [(0, 3), (4, 5)],
        [(7, 9), (10, 11)],
    ]


def test_honorifics() -> None:
    assert without_honorifics(("Sen", ".", "Ann", "Lee")) == ("Ann", "Lee")
    assert without_honorifics(("Dr",)) == ("Dr",)
    assert gender_before(["said", "Mrs", ".", "Lee"], 3) == "f"
    assert gender_before(["said", "Lee"], 1) is None


def test_stretches_and_outlets() -> None:
    assert stretches([1, 2, 0, 2, 1], 1, 2) == [(0, 2), (3, 4), (4, 5)]
    assert is_outlet("Harbour Gazette") and not is_outlet("Gazette of Deeds")


# Whole articles

TALKS = """Envoy says talks are close

DELLING — Talks on the fishing pact could end this week, Kestria's trade minister, Helen Okafor, told reporters in Delling on Tuesday.

“We have a text,” she said. “What we lack is a signature.”

The minister added that the islanders had accepted two of the three clauses. Leif Aune, who heads the Coastal Fishers' League, was less hopeful. “Nobody has asked us,” Aune said.

A spokesman for Velmar Metals said the company would wait. The company hopes to reopen its cannery in May.

Protesters outside the hall called for a vote. They said the draft had been kept from them.

According to a poll by Nordlys Research, 61 percent of islanders want quotas cut."""


@pytest.fixture(scope="module")
def talks() -> Document:
    return read_text(TALKS, outlet="The Harbour Courier")


@pytest.mark.parametrize(
    "words, speaker, kind",
    [
        ("could end this week", "Helen Okafor", SourceType.NAMED_PERSON),
        ("We have a text", "Helen Okafor", SourceType.NAMED_PERSON),
        ("had accepted two", "Helen Okafor", SourceType.NAMED_PERSON),
        ("Nobody has asked us", "Leif Aune", SourceType.NAMED_PERSON),
        ("the company would wait", "Velmar Metals", SourceType.NAMED_ORGANIZATION),
        ("a vote", "Protesters", SourceType.UNNAMED_GROUP),
        ("the draft had been kept", "Protesters", SourceType.UNNAMED_GROUP),
        ("want quotas cut", "poll by Nordlys Research", SourceType.DOCUMENT),
    ],
)
def test_speakers_of_an_article(talks: Document, words: str, speaker: str, kind: SourceType) -> None:
    statement = next(
        s for s in talks.statements if s.parent is None and any(words in c.of(talks.text) for c in s.content)
    )
    assert (statement.speaker, statement.source_type) == (speaker, kind)


def test_title_and_addressee(talks: Document) -> None:
    statement = said(talks, "could end this week")
    (speaker,) = statement.speakers
    assert speaker.mention is not None and speaker.mention.of(talks.text) == "Helen Okafor"
    assert speaker.title is not None and speaker.title.of(talks.text) == "Kestria's trade minister"
    assert [span.of(talks.text) for span in statement.addressee] == ["reporters"]


def test_spans_of_speakers_are_slices(talks: Document) -> None:
    for statement in talks.statements:
        for speaker in statement.speakers:
            if speaker.mention is not None:
                assert speaker.mention.of(talks.text) == speaker.name


def test_first_person_in_a_quotation_is_the_quoted_speaker() -> None:
    document = read_text("“I believe that the dam was unsafe,” the engineer Ilse Brandt said on Monday.")
    inner = [s for s in document.statements if s.parent is not None]
    assert inner and inner[0].speaker == "Ilse Brandt"


def test_an_anonymous_source_with_its_reason() -> None:
    document = read_text(
        "TAMM — The bank hid losses for years, according to two people familiar with its books, who spoke on condition "
        "of anonymity because they were not authorized to discuss the matter.\n\nThe bank declined to comment."
    )
    statement = said(document, "hid losses")
    (speaker,) = statement.speakers
    assert speaker.type is SourceType.ANONYMOUS_SOURCE and speaker.name is None
    assert speaker.anonymity_reason is not None
    assert "not authorized to discuss" in speaker.anonymity_reason.of(document.text)


@pytest.mark.parametrize(
    "sentence, source",
    [
        ("Velmar Metals declined to comment.", "Velmar Metals"),
        ("The ministry did not immediately respond to a request for comment.", "The ministry"),
        ("Aune could not be reached for comment.", "Aune"),
        ("The plant shut in May, and a lawyer for Okoro did not return calls.", "a lawyer for Okoro"),
        ("Although the mayor refused to be interviewed, the clerk talked.", "the mayor"),
    ],
)
def test_no_answer_is_a_record_of_its_own_kind(sentence: str, source: str) -> None:
    document = read_text(f"The cannery will close. {sentence}")
    silent = [s for s in document.statements if s.kind == "non_response"]
    assert [" ".join(span.of(document.text) for span in s.source) for s in silent] == [source]


def test_an_answer_is_not_taken_for_silence() -> None:
    document = read_text("The mayor responded to requests for comment within an hour. She said the plan was dead.")
    assert not [s for s in document.statements if s.kind == "non_response"]


def test_a_quoted_refusal_is_the_speaker_s_own_words() -> None:
    document = read_text("“We declined to comment because nobody asked,” said the harbour master, Jens Lie.")
    assert not [s for s in document.statements if s.kind == "non_response"]


@pytest.mark.parametrize("words", ["The lawyer representing Helen Lind", "Aides to Helen Lind"])
def test_whose_people_speak_is_not_who_speaks(words: str) -> None:
    document = read_text(f"HOLLIN — {words} said on Monday that the ruling was wrong.")
    assert said(document, "the ruling was wrong").speaker != "Helen Lind"


def test_nobody_is_named_where_nobody_is_known() -> None:
    document = read_text(
        "Somebody had painted the wall at night. “They will never take this harbour from us”, it read."
    )
    for statement in document.statements:
        assert statement.source_type is not SourceType.NAMED_PERSON


def test_the_reason_for_anonymity_ends_with_the_source_words() -> None:
    document = read_text(
        "Two officials, who spoke on condition of anonymity because they were not authorised to discuss the talks,"
        " said the deal was close."
    )
    (speaker,) = said(document, "the deal was close").speakers
    assert speaker.anonymity_reason is not None
    assert speaker.anonymity_reason.of(document.text).endswith("to discuss the talks")


@pytest.mark.parametrize(
    "words, name",
    [
        ("Ankara", "Turkey"),
        ("The Turkish government", "Turkey"),
        ("A spokesman for the Turkish government", "Turkey"),
        ("Washington", "United States"),
        ("The U.S. government", "United States"),
        ("Athens", "Athens"),  # Greece is not named
    ],
)
def test_capitals_and_governments_speak_for_a_country_that_is_named(words: str, name: str) -> None:
    document = read_text(
        "Talks on the strait\n\nTurkey and the United States will meet in Ankara on Friday.\n\n"
        f"{words} said on Monday that the survey ships would stay in port."
    )
    statement = said(document, "survey ships")
    assert (statement.speaker, statement.source_type) == (name, SourceType.NAMED_ORGANIZATION)


def test_people_in_a_capital_are_not_the_country() -> None:
    document = read_text("Turkey closed the strait.\n\nOfficials in Ankara said that the survey ships had left.")
    assert said(document, "survey ships").speaker != "Turkey"


@pytest.mark.parametrize(
    "words, name",
    [
        ("A dockworker who goes by “Shorty”", "Shorty"),
        ("Another man, known only as Big Al,", "Big Al"),
        ("A nurse who gave her name only as Mina", "Mina"),
        ("The driver, who identified himself as Orlo Venn,", "Orlo Venn"),
        ("Robert Hale, better known as “Red Bob”,", "Robert Hale"),
    ],
)
def test_people_are_named_by_what_they_go_by(words: str, name: str) -> None:
    document = read_text(f"PORT SKARN — {words} said on Monday that the cranes had stood still for weeks.")
    statement = said(document, "cranes")
    assert (statement.speaker, statement.source_type) == (name, SourceType.NAMED_PERSON)


def test_a_nickname_stands_for_the_name_later_on() -> None:
    document = read_text(
        "Robert Hale, better known as “Red Bob”, said the union would fight.\n\n“We will win,” Red Bob said."
    )
    assert said(document, "We will win").speaker == "Robert Hale"


@pytest.mark.parametrize(
    "text, found",
    [
        ("the river known as the Skarn rose", []),
        ("a trader known as Orlo said", [("Orlo", None, True)]),
        ("Ann Lind, who goes by Annie, said", [("Annie", 0, True)]),
        ("he goes by the name of “Long John” and", [("Long John", None, False)]),
        ("she goes by bus to work", []),
    ],
)
def test_names_that_people_go_by(text: str, found: list[tuple[str, int | None, bool]]) -> None:
    words = cut(text)
    strings = words.strings()
    got = called(words, strings, {2: 0} if text.startswith("Ann Lind") else {})
    assert [(" ".join(strings[c.start : c.end]), c.of, c.person) for c in got] == found


@pytest.mark.parametrize(
    "first, second",
    [
        (
            "According to the harbour master, Ada Okafor, talks would resume on Monday.",
            "In addition, the fleet would leave in May",
        ),
        ("The harbour master, Ada Okafor, said the dam would be shut.", "The villages below would be cleared first"),
    ],
)
def test_a_sentence_that_goes_on_reporting_is_carried_on(first: str, second: str) -> None:
    document = read_text(f"{first} {second}. The port has four cranes.")
    before, after = document.statements
    assert after.content[0].of(document.text) == second
    assert (after.source, after.cue) == ((), ())
    assert before.speaker == after.speaker == "Ada Okafor"
    assert (before.inferred, after.inferred) == (False, True)
    assert 0 < after.speaker_score < before.speaker_score
    outlet = after.commitments[-1]
    assert (outlet.holder, outlet.certainty) == ("outlet", "uncommitted")


def test_figures_after_figures_of_a_poll_are_the_poll_s() -> None:
    document = read_text(
        "Half of the 400 voters back the pact, a poll showed on Monday. Another 30% have no view. It rained in Skarn."
    )
    before, after = [s for s in document.statements if s.parent is None]
    assert after.content[0].of(document.text) == "Another 30% have no view"
    assert before.speakers == after.speakers
    assert after.inferred


@pytest.mark.parametrize(
    "second",
    [
        "In addition, the fleet left on Friday.",  # the outlet's own
        "“Nobody would leave”, a sign read.",  # a quotation
        "Would the fleet leave the port today?",
    ],
)
def test_nothing_is_carried_on_where_the_text_does_not_tell(second: str) -> None:
    document = read_text(f"The harbour master, Ada Okafor, said the port would be shut. {second}")
    assert not [s for s in document.statements if s.inferred]


def test_nothing_is_carried_on_into_the_next_paragraph() -> None:
    document = read_text("Ada Okafor said the port would be shut.\n\nThe villages below would be cleared first.")
    assert len(document.statements) == 1


def test_anonymity_is_of_the_source_that_it_is_said_of() -> None:
    document = read_text(
        "Protesters said they would stay. Two officials, who spoke on condition of anonymity because they were not"
        " allowed to brief the press, said the police would move in."
    )
    assert said(document, "they would stay").source_type is SourceType.UNNAMED_GROUP
    assert said(document, "the police would move in").source_type is SourceType.ANONYMOUS_SOURCE


@pytest.mark.parametrize("noun", ["woman", "widow"])
def test_a_woman_is_nobody_who_is_known_as_a_man(noun: str) -> None:
    document = read_text(
        f"Skarn singer sued\n\nSinger Tomas Weil has been sued by a {noun} over a fall at a concert. Mr. Weil was not hurt.\n\n"
        f"The {noun} said she was pushed. A spokesman for Mr. Weil denied it."
    )
    assert said(document, "she was pushed").speaker != "Tomas Weil"
