"""Who is who across documents: names that are one person's, and those that are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.relate.entities import Bearer, joined, organisation_key
from onrecord.relate.persons import Fit, fit, person_name


def fits(one: str, other: str) -> Fit:
    a, b = person_name(one), person_name(other)
    assert a is not None and b is not None
    assert fit(a, b) == fit(b, a)
    return fit(a, b)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Adaeze Okafor", "Dr. Adaeze Okafor", Fit.SAME),
        ("Yulia Petrenko", "Julia Petrenko", Fit.VARIANT),
        ("Robert Hale", "Bob Hale", Fit.VARIANT),
        ("Robert J. Hale", "Robert Hale", Fit.SAME),
        ("Robert J. Hale", "Robert K. Hale", Fit.NONE),
        ("R. Hale", "Robert Hale", Fit.OPEN),
        ("Hale", "Robert Hale", Fit.OPEN),
        ("H. Tomas Lind", "Tomas Lind", Fit.VARIANT),
        ("Robert Hale", "Ruth Hale", Fit.NONE),
        ("Dan Lind Jr.", "Dan Lind", Fit.NONE),
        ("Zoë Lindqvíst", "Zoe Lindqvist", Fit.SAME),
        ("Marta Lindqvist", "Marta Lindquist", Fit.VARIANT),
        ("Marta Lindqvist", "Ruth Lindquist", Fit.NONE),
        ("Jan van der Berg", "Jan Berg", Fit.NONE),
    ],
)
def test_names_that_may_be_one_persons(one: str, other: str, expected: Fit) -> None:
    assert fits(one, other) is expected


def person(document: str, name: str, title: str = "", beside: tuple[str, ...] = ()) -> Bearer:
    return Bearer(document, name, True, (title,) if title else (), frozenset(beside))


def together(*bearers: Bearer) -> list[set[str]]:
    """The groups, each as "document name"."""
    made = joined(bearers)
    assert sorted(k for group in made.groups for k in group) == list(range(len(bearers))), "everybody once"
    return [{f"{bearers[k].document} {bearers[k].name}" for k in group} for group in made.groups]


def test_one_person_under_several_names() -> None:
    assert together(
        person("a", "Yulia Petrenko", "finance chief"),
        person("b", "Petrenko", "the finance chief"),
        person("c", "Julia Petrenko"),
    ) == [{"a Yulia Petrenko", "b Petrenko", "c Julia Petrenko"}]


def test_two_people_of_one_name_are_two_where_their_titles_say_so() -> None:
    found = together(
        person("a", "John Smith", "a harbour pilot", ("ruth hale",)),
        person("b", "John Smith", "professor of law", ("ada moen",)),
        person("c", "John Smith", "the pilot", ("bo ek",)),
    )
    assert found == [{"a John Smith", "c John Smith"}, {"b John Smith"}]


def test_those_who_speak_beside_are_evidence() -> None:
    found = together(
        person("a", "Ada Moen", "trade minister", ("bo ek",)), person("b", "Ada Moen", "party leader", ("bo ek",))
    )
    assert len(found) == 1


def test_a_family_name_alone_goes_to_one_or_to_none() -> None:
    bearers = [person("a", "Robert Hale"), person("b", "Ruth Hale"), person("c", "Hale")]
    made = joined(bearers)
    assert made.groups == ((0,), (1,), (2,)) and made.open == ((2, (0, 1)),)
    said = [person("a", "Robert Hale", "mayor"), person("b", "Ruth Hale", "surgeon"), person("c", "Hale", "the mayor")]
    assert joined(said).groups == ((0, 2), (1,)) and joined(said).open == ()
    famous = [*(person(f"d{n}", "Ruth Hale") for n in range(40)), person("e", "Robert Hale"), person("f", "Hale")]
    assert joined(famous).groups[0] == (*range(40), 41)


def test_a_form_that_fits_two_is_joined_with_none() -> None:
    found = together(person("a", "Robert Hale"), person("b", "Robin Hale"), person("c", "Rob Hale"))
    assert len(found) == 3


def test_a_person_is_no_organisation() -> None:
    assert joined([person("a", "Velmar"), Bearer("b", "Velmar", False)]).groups == ((0,), (1,))


def test_organisations() -> None:
    names = ["Velmar Metals Co.", "The Velmar Metals", "Coastal Fishers League", "CFL", "Skarn Wire", "Skarn"]
    assert joined([Bearer(str(n), name, False) for n, name in enumerate(names)]).groups == ((0, 1), (2, 3), (4,), (5,))
    rivals = ["Coastal Fishers League", "Central Football League", "CFL"]
    assert len(joined([Bearer(str(n), name, False) for n, name in enumerate(rivals)]).groups) == 3
    assert organisation_key("Ankara") == organisation_key("Turkey")


NAMES = st.sampled_from(
    ["Ada Moen", "A. Moen", "Moen", "Adam Moen", "Ada Moen Jr.", "Bo Moen", "Ada B. Moen", "Ek", ""]
)


@given(st.lists(NAMES, max_size=9))
def test_everybody_is_in_one_group_and_no_group_holds_names_that_exclude_each_other(names: list[str]) -> None:
    bearers = [person(str(n), name) for n, name in enumerate(names)]
    made = joined(bearers)
    assert sorted(k for group in made.groups for k in group) == list(range(len(names)))
    for group in made.groups:
        parsed = [p for k in group if (p := person_name(names[k])) is not None]
        assert all(fit(a, b) for a in parsed for b in parsed)


def test_a_title_that_one_stray_document_gives_somebody_decides_nothing() -> None:
    okafors = [person(d, "Adaeze Okafor", "president") for d in "abc"]
    others = [
        person(d, "Ben Okafor", t, ("lind",)) for d, t in (("d", "dockworker"), ("e", "dockworker"), ("f", "president"))
    ]
    found = together(*okafors, *others, person("g", "President Okafor"))
    assert {"a Adaeze Okafor", "b Adaeze Okafor", "c Adaeze Okafor", "g President Okafor"} in found


def test_days_say_a_little_for_it_and_much_against_it() -> None:
    def on(day: str | None, document: str, name: str, *beside: str) -> Bearer:
        return Bearer(document, name, True, (), frozenset(beside), day)

    old = [on("1951-03-01", "a", "Ilse Kamara"), on("2024-05-03", "b", "Kamara")]
    assert together(*old) == [{"a Ilse Kamara"}, {"b Kamara"}], "seventy years apart"
    assert together(old[0], on(None, "b", "Kamara")) == [{"a Ilse Kamara", "b Kamara"}]
    two = [on("2024-05-02", "a", "Ilse Kamara", "lind"), on("2010-05-02", "b", "Jan Kamara", "aune")]
    assert len(together(*two, on("2024-05-03", "c", "Kamara"))) == 3, "a day alone does not decide between two"
