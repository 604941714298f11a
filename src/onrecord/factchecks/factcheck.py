"""A review of a claim by somebody who checks facts, as its publisher gives it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FactCheck"]


@dataclass(frozen=True, slots=True)
class FactCheck:
    """What was claimed, who reviewed it, and what they call it. What is not given is None.

    ``rating`` is in the publisher's words, ``date`` the day of the review in ISO 8601. ``claimant`` is who made the
    claim, ``claimed_on`` when, ``appearances`` where: addresses or words, the first place first. ``id`` is as imported,
    or made of the address and the claim.
    """

    id: str
    claim: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    rating: str | None = None
    date: str | None = None
    claimant: str | None = None
    claimed_on: str | None = None
    appearances: tuple[str, ...] = ()
