"""The order of publication as one number, so that a search can go through it from the latest on and stop early."""

from __future__ import annotations

from datetime import date

__all__ = ["NUMBERS", "YEAR", "place_of"]

NUMBERS = 2**32
"""So many statements at most, of all days together, have places of their own."""
YEAR = 366
"""The date of a document covers so many days at most: one that is less exact counts as not known."""


def place_of(day: str | None, number: int = 0) -> int:
    """The place of a statement by the day it was published and by its number: by day, then as recorded.

    What has no day stands before all that has one. The first place of a day is that of the number 0.

    >>> place_of("0001-01-02", 7) == 2 * NUMBERS + 7, place_of(None, 7)
    (True, 7)
    """
    return (date.fromisoformat(day).toordinal() if day else 0) * NUMBERS + number
