"""Fact-checks, and the texts that come near to them: for the terminal, as JSON, JSON Lines and CSV.

Whose rating it is always stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, TextIO

from rich.text import Text

from onrecord.exports.display import long_date, one_line, visible
from onrecord.exports.record import dumps
from onrecord.exports.tables import write_table
from onrecord.exports.text import console_of
from onrecord.exports.wrapped import put
from onrecord.factchecks import ClaimStance, FactCheck, Match

__all__ = ["COLUMNS", "match_object", "reviewed", "write_factchecks", "write_matches"]

COLUMNS = ("id", "claim", "title", "url", "publisher", "rating", "date", "claimant", "claimed_on", "appearances")
"""What is listed of a fact-check; as CSV it can be imported again."""

Matched = tuple[str | int, str, Sequence[Match]]
"""The id of a text, the text, and its matches."""


def write_factchecks(checks: Iterable[FactCheck], format_: str, out: TextIO) -> int:
    """Write fact-checks, ``text``, ``json``, ``jsonl`` or ``csv``; how many."""
    count = 0

    def counting() -> Iterable[FactCheck]:
        nonlocal count
        for check in checks:
            count += 1
            yield check

    if format_ != "text":
        lists = format_ in ("json", "jsonl")
        rows = (
            asdict(c) | {"appearances": list(c.appearances) if lists else "; ".join(c.appearances)} for c in counting()
        )
        write_table(rows, COLUMNS, format_, out)
        return count
    console = console_of(out)
    for check in counting():
        put(console, Text(visible(check.id), style="bold"))
        put(console, Text(f"“{one_line(check.claim)}”"), 2)
        by = f"{check.claimant or 'claimant not stated'}{f', {check.claimed_on}' if check.claimed_on else ''}"
        put(console, Text(f"claimed by: {one_line(by)}", style="dim"), 2, hang=2)
        put(console, Text(f"reviewed by {_review(check)}", style="dim"), 2, hang=2)
    return count


def write_matches(texts: Iterable[Matched], format_: str, out: TextIO) -> int:
    """Write texts with their matches, ``text`` or ``jsonl``; how many of them have any."""
    console = console_of(out)
    having = 0
    for id, text, matches in texts:
        having += bool(matches)
        if format_ == "jsonl":
            out.write(dumps({"id": id, "matches": [match_object(match) for match in matches]}) + "\n")
            continue
        put(console, Text(visible(str(id)), style="bold"))
        put(console, Text(one_line(text)), 2)
        if not matches:
            put(console, Text("no similar claim was reviewed", style="dim"), 2)
        for match in matches:
            put(console, Text(reviewed(match)), 2, hang=4)
            put(console, Text(f"“{one_line(match.factcheck.claim)}”"), 4)
            if match.factcheck.url:
                put(console, Text(one_line(match.factcheck.url)), 4)
            kind = "probable" if match.sure else "a suggestion"
            both = f"; both have: {', '.join(one_line(word) for word in match.why)}" if match.why else ""
            put(console, Text(f"{kind} ({match.score:.2f}){both}", style="dim"), 4, hang=2)
    return having


def match_object(match: Match) -> dict[str, Any]:
    """A match as JSON: ``factcheck`` is the id as imported; what is not known is null."""
    check = match.factcheck
    return {
        "factcheck": check.id, "score": match.score, "sure": match.sure, "stance": str(match.stance),
        "claim": check.claim, "title": check.title, "publisher": check.publisher, "rating": check.rating,
        "date": check.date, "url": check.url, "why": list(match.why),
    }  # fmt: skip


def reviewed(match: Match) -> str:
    """Who reviewed the claim and how they call it, in one line that rates nothing itself."""
    start = "a similar claim was reviewed by " if match.stance is ClaimStance.ASSERTS else (
        "this seems to deny a claim that was reviewed by "
    )  # fmt: skip
    return f"{start}{_review(match.factcheck, link=False)}"


def _review(check: FactCheck, *, link: bool = True) -> str:
    parts = [f"{check.publisher or 'somebody not named'}: {check.rating or 'no rating given'}"]
    if check.date:
        parts.append(long_date(check.date))
    if link and check.url:
        parts.append(check.url)
    return one_line(" · ".join(parts))
