"""What was asked for, in words: the query and filters that a page rests on."""

from __future__ import annotations

from onrecord.exports.display import long_date, visible
from onrecord.ledger import Query

__all__ = ["asked"]


def asked(query: Query) -> list[tuple[str, str]]:
    """What a query asks for as pairs of a label and words, safe to show; nothing where it asks for everything.

    >>> asked(Query("ceasefire -draft", speaker="Okafor", since="2024-05"))
    [('words', 'ceasefire -draft'), ('speaker', 'Okafor'), ('published since', 'May 2024')]
    """
    pairs: list[tuple[str, str | None]] = [
        ("words", query.words),
        ("speaker", query.speaker_name or query.speaker),
        ("outlet", query.outlet),
        *((label, long_date(day) if day else None) for label, day in (
            ("published since", query.since), ("published until", query.until),
            ("said since", query.said_since), ("said until", query.said_until),
        )),
        *((label, ", ".join(str(value).replace("_", " ") for value in values)) for label, values in (
            ("act", query.acts), ("form", query.forms), ("source", query.source_types), ("kind", query.kinds),
        )),
        ("score from", f"{query.min_score:g}" if query.min_score else None),
        ("collection", query.collection),
    ]  # fmt: skip
    return [(label, visible(words).strip()) for label, words in pairs if words and words.strip()]
