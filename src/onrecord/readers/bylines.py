"""Bylines: who wrote it, as a tuple of names."""

from __future__ import annotations

import re

__all__ = ["names_of"]

_BY = re.compile(r"^(?:(?:written|reported|story|words)\s+)?by\s*:?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*;\s*|\s*[,&]?\s+and\s+|\s*&\s*", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-ZÀ-Þ][\w.'’-]*\s+){1,3}(?:(?:de|del|van|von|der|bin|al|el|la|le)\s+)*[A-ZÀ-Þ][\w.'’-]*")
_ROLE = re.compile(
    r"\b(?:correspondent|editor|reporter|writer|staff|bureau|producer|news|agency|press|columnist|analyst|"
    r"desk|team|chief|political|business|reuters|post|times)\b",
    re.IGNORECASE,
)


def names_of(value: object) -> tuple[str, ...]:
    """The names in a byline: a text, a list of texts, or schema.org objects with a ``name``.

    A comma separates names only where every part looks like a name, so that a role is not taken for a
    person.

    >>> names_of("By Amina Okafor, Jonas Lind and Li Wei")
    ('Amina Okafor', 'Jonas Lind', 'Li Wei')
    >>> names_of("Amina Okafor, Chief Political Correspondent")
    ('Amina Okafor, Chief Political Correspondent',)
    """
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        return tuple(dict.fromkeys(name for item in value for name in names_of(item)))
    if not isinstance(value, str) or not value.strip() or value.strip().startswith(("http://", "https://")):
        return ()
    parts = [part for part in _BETWEEN.split(_BY.sub("", " ".join(value.split()))) if part]
    names: list[str] = []
    for part in parts:
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        named = all(_NAME.fullmatch(piece) and not _ROLE.search(piece) for piece in pieces)
        names.extend(pieces if named else [part.strip(" ,")])
    return tuple(dict.fromkeys(names))
