"""One saying in several documents: repeated, altered, given to another speaker."""

from __future__ import annotations

from onrecord.relate.sayings import Link, Saying, links
from test_relate_alike import MAP, said

LONG = "Nobody on this island has ever been asked whether the harbour should belong to the company or to the people"


def linked(*sayings: tuple[str, str | None, str]) -> list[Link]:
    """Links between sayings ``(document, speaker, words)``."""
    return list(links(Saying(f"{n}", d, speaker, said(words)) for n, (d, speaker, words) in enumerate(sayings)))


def test_the_same_words_whole_or_cut_are_linked_to_all_before_them() -> None:
    found = linked(
        ("a", "okafor", MAP),
        ("b", "okafor", MAP.upper()),
        ("c", "okafor", "sign this map before the autumn, and forty"),
    )
    assert [(k.first, k.second, k.altered) for k in found] == [("0", "1", False), ("0", "2", False), ("1", "2", False)]
    assert [k.alike.whole for k in found] == [True, False, False]


def test_altered_words_of_one_speaker() -> None:
    (found,) = linked(("a", "okafor", MAP), ("b", "okafor", MAP.replace("not ", "")))
    assert found.altered and found.serious and not found.moved


def test_a_long_saying_given_to_another_speaker() -> None:
    (found,) = linked(("a", "okafor", LONG), ("b", "roemer", LONG))
    assert found.moved and found.altered and found.serious
    assert linked(("a", "okafor", "We will see what they do."), ("b", "roemer", "We will see what they do.")) == []
    assert linked(("a", "okafor", MAP), ("b", "roemer", MAP.replace("not ", ""))) == [], "two people who disagree"


def test_where_a_speaker_is_not_known_nothing_has_moved() -> None:
    (found,) = linked(("a", None, LONG), ("b", "roemer", LONG))
    assert not found.moved and not found.altered


def test_a_document_is_not_linked_to_itself() -> None:
    assert linked(("a", "okafor", MAP), ("a", "okafor", MAP)) == []


def test_an_organisation_and_whoever_speaks_for_it_are_one_voice() -> None:
    sayings = [Saying("0", "a", "harbour board", said(LONG), person=False), Saying("1", "b", "kamara", said(LONG))]
    (found,) = links(sayings)
    assert not found.moved and not found.altered
