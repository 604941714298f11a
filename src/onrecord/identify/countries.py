"""Countries by their names, the cities that stand for them, and what is theirs (``languages/en/countries.txt``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from onrecord.languages.en import word_list

__all__ = ["country_of_city", "country_of_government", "country_of_name"]

_GOVERNMENT = ("government", "state")


def country_of_name(words: Iterable[str]) -> str | None:
    """The country that is so called, by its first name in the list.

    >>> country_of_name(["the", "U.S", "."]), country_of_name(["Ankara"])
    ('united states', None)
    """
    return _by_name().get(_plain(words))


def country_of_city(words: Iterable[str]) -> str | None:
    """The country that a city stands for ("Ankara said").

    >>> country_of_city(["Ankara"])
    'turkey'
    """
    return _by_city().get(_plain(words))


def country_of_government(words: Sequence[str]) -> str | None:
    """The country whose government it is: "Turkish government", "Turkey's government", "government of Turkey".

    >>> country_of_government(["the", "Turkish", "government"]), country_of_government(["Turkish", "officials"])
    ('turkey', None)
    """
    plain = [word.lower() for word in words if word[0].isalnum() and word.lower() not in ("the", "'s", "’s")]
    if len(plain) > 1 and plain[-1] in _GOVERNMENT:
        owner = plain[:-1]
        return _by_adjective().get(_plain(owner)) or country_of_name(owner)
    if len(plain) > 2 and plain[:2] == ["government", "of"]:
        return country_of_name(plain[2:])
    return None


def _plain(words: Iterable[str]) -> str:
    """A name in small letters, without "the" and dots."""
    kept = [word.lower().replace(".", "").replace("’", "'") for word in words]
    return " ".join(word for word in kept if word not in ("", "the"))


@cache
def _listed() -> tuple[tuple[list[str], list[str], list[str]], ...]:
    made = []
    for line in word_list("countries.txt"):
        names, cities, adjectives = ([_plain(word.split()) for word in part.split(",")] for part in line.split("|"))
        made.append((names, cities, adjectives))
    return tuple(made)


@cache
def _by_name() -> dict[str, str]:
    return {name: names[0] for names, _, _ in _listed() for name in names}


@cache
def _by_city() -> dict[str, str]:
    """A city's country, the first that has it in the list ("Moscow" is Russia's)."""
    found: dict[str, str] = {}
    for names, cities, _ in _listed():
        for city in cities:
            found.setdefault(city, names[0])
    return found


@cache
def _by_adjective() -> dict[str, str]:
    return {word: names[0] for names, _, adjectives in _listed() for word in adjectives}
