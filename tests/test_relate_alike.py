"""Two quotations side by side: what is the same, what is honestly cut, what was altered, and how."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.model import Document, Form, Span, Statement
from onrecord.relate.alike import Alike, compared
from onrecord.relate.wording import Quoted, amount, quoted

MAP = "The islanders will not sign this map before the autumn, and forty boats will leave the harbour on Friday."


def said(*stretches: str) -> Quoted:
    text, spans = "He said: ", []
    for stretch in stretches:
        start = len(text)
        text += f"“{stretch}”"
        spans.append(Span(start, len(text)))
        text += " the minister added. "
    statement = Statement("s", tuple(spans), quoted=tuple(spans), form=Form.VERBATIM)
    made = quoted(Document("d", text, statements=(statement,)), statement)
    assert made is not None
    return made


def differences(one: Quoted, other: Quoted) -> list[tuple[str, str, str]]:
    """Kind, words of the first, words of the second."""
    alike = compared(one, other)
    assert alike is not None
    return [
        (str(d.kind), " ".join(one.forms[slice(*d.first)]), " ".join(other.forms[slice(*d.second)]))
        for d in alike.differences
    ]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (MAP.replace("not ", ""), [("negation", "not", "")]),
        (MAP.replace("will leave", "will never leave"), [("negation", "", "never")]),
        (MAP.replace("forty", "fifty"), [("number", "forty", "fifty")]),
        (MAP.replace("before the autumn, ", ""), [("cut", "before the autumn", "")]),
        (MAP.replace("this map", "this shameful map"), [("added", "", "shameful")]),
        (MAP.replace("sign", "accept"), [("substituted", "sign", "accept")]),
        (MAP.replace("this map before the autumn", "before the autumn this map"), [("order", None, None)]),
        (MAP.replace("not sign", "sign").replace("forty", "four"), [("negation", "not", ""), ("number", "forty", "four")]),
    ],
)  # fmt: skip
def test_altered_words(other: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    found = differences(said(MAP), said(other))
    assert [f[0] for f in found] == [e[0] for e in expected]
    for made, wanted in zip(found, expected, strict=True):
        assert wanted[1] is None or made == wanted
    back = differences(said(other), said(MAP))
    turned = {"cut": "added", "added": "cut"}
    assert [f[0] for f in back] == [turned.get(f[0], f[0]) for f in found], "the other way round it is the reverse"


@pytest.mark.parametrize(
    "other",
    [
        [MAP.upper()],
        [MAP.replace(",", " —").rstrip(".") + "!"],
        [MAP.replace("will not", "won’t")],
        [MAP.replace("forty", "40")],
        ["will not sign this map before the autumn"],
        ["The islanders will not sign this map … and forty boats will leave the harbour on Friday."],
        ["The islanders will not sign ... before the autumn, and forty boats will leave"],
        ["The islanders will not sign this map,", "forty boats will leave the harbour on Friday."],
        ["The islanders will not sign [the draft] before the autumn, and forty boats will leave"],
        ["[They] will not sign this map before the autumn, and forty boats will leave"],
    ],
)
def test_honest_quoting_is_no_alteration(other: list[str]) -> None:
    assert differences(said(MAP), said(*other)) == []
    assert differences(said(*other), said(MAP)) == []


def test_a_gap_may_lie_a_little_further_on() -> None:
    whole = said("We are ready to stand up to the company whenever it comes back")
    assert differences(whole, said("We are ready to … the company whenever it comes back")) == []
    assert differences(whole, said("We are ready … to the company whenever it comes back")) == []
    assert differences(whole, said("We are ready to the company whenever it comes back")) == [
        ("cut", "to stand up", "")
    ]


@pytest.mark.parametrize(
    "other",
    [
        "The islanders will not sign any treaty this year, whatever the minister says in the capital.",
        "The harbour will open in spring and the boats will leave on the first day without ice.",
        "Not this map.",
    ],
)
def test_other_sayings_are_none_of_these(other: str) -> None:
    assert compared(said(MAP), said(other)) is None


def test_what_both_have_and_whether_it_is_all() -> None:
    assert compared(said(MAP), said(MAP)) == Alike(19, (0, 19), (0, 19), whole=True)
    alike = compared(said(MAP), said("before the autumn, and forty boats will leave"))
    assert alike is not None and not alike.whole and alike.first == (7, 15) and alike.second == (0, 8)


def test_what_has_no_quoted_words_is_not_compared() -> None:
    plain = Statement("s", (Span(0, 4),))
    assert quoted(Document("d", "they sign it", statements=(plain,)), plain) is None


def test_amounts() -> None:
    assert [amount(words.split()) for words in ("two hundred", "2 million", "1200", "3:30", "a ship", "")] == [
        200.0, 2e6, 1200.0, None, None, None,
    ]  # fmt: skip


WORDS = st.lists(
    st.sampled_from(
        ["we", "will", "not", "sign", "the", "map", "of", "forty", "boats", "never", "40", "they", "…", "[it]"]
    ),
    max_size=14,
)


@given(WORDS, WORDS)
def test_differences_lie_within_what_both_have(one: list[str], other: list[str]) -> None:
    if not any(w.isalnum() for w in one) or not any(w.isalnum() for w in other):
        return
    a, b = said(" ".join(one)), said(" ".join(other))
    alike = compared(a, b)
    if alike is None:
        return
    for d in alike.differences:
        assert alike.first[0] < d.first[0] <= d.first[1] < alike.first[1]
        assert alike.second[0] < d.second[0] <= d.second[1] < alike.second[1]
        assert d.first[0] < d.first[1] or d.second[0] < d.second[1]
    if one == other:
        assert alike.differences == ()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Fifty boats will leave the harbour on Friday.", MAP, [("number", "fifty", "forty")]),
        ("But boats will leave the harbour on Friday.", MAP, []),
        (
            "The boats will leave the harbour on 3",
            "The boats will leave the harbour on 4 May, all of them.",
            [("number", "3", "4")],
        ),
    ],
)
def test_a_number_at_the_border_of_what_both_have_counts(
    one: str, other: str, expected: list[tuple[str, str, str]]
) -> None:
    assert differences(said(one), said(other)) == expected


def test_what_an_outlet_explains_in_parentheses_is_no_difference_and_hides_none() -> None:
    explained = "The islanders (of Velmar) will not sign this map before the autumn."
    assert differences(said(explained), said(MAP)) == []
    assert differences(said(MAP), said(explained.replace("not", "(really)"))) == [("negation", "not", "")]


def test_two_sayings_of_one_pattern_are_not_one_that_was_altered() -> None:
    one, other = (
        "It is the worst thing that has happened to Velmar.",
        "The worst thing that ever happened to the pilots.",
    )
    assert compared(said(one), said(other)) is None
    assert differences(said("The worst thing that has happened to Velmar"), said(one.replace("has", "ever"))) != []


def test_what_stands_in_marks_within_a_quotation_is_not_its_speakers() -> None:
    text = "“The minister says ‘there is no ice in this harbour’ and sleeps on ‘the ice’,” Kamara said."
    whole = Span(0, text.index(" Kamara"))
    statement = Statement("s", (whole,), quoted=(whole,), form=Form.VERBATIM)
    made = quoted(Document("d", text, statements=(statement,)), statement)
    assert made is not None
    assert " ".join(made.forms) == "the minister says and sleeps on the ice" and sorted(made.gaps) == [3]


def test_words_within_the_speakers_own_marks_stay_the_speakers() -> None:
    text = "“Fifty boats will leave whatever the ministry says,” Kamara told a radio station."
    whole, start = Span(0, text.index(" Kamara")), text.index("the ministry")
    outer = Statement("a", (whole,), quoted=(whole,), form=Form.VERBATIM)
    piece = Span(0, start - 1)
    inner = Statement(
        "b", (piece,), source=(Span(start, start + 12),), cue=(Span(start + 13, start + 17),), quoted=(piece,),
        form=Form.VERBATIM, parent="a",
    )  # fmt: skip
    document = Document("d", text, statements=(outer, inner))
    assert quoted(document, inner) is None
    made = quoted(document, outer)
    assert made is not None and " ".join(made.forms) == "fifty boats will leave whatever the ministry says"
