"""ClaimReview (schema.org) as publishers really write it, to fact-checks: nothing is guessed, nothing lost unsaid.

Names may have a prefix or the whole address of schema.org, values may be words, objects, lists of either, or point at
another node of the same document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import unescape
from typing import Any

from onrecord.errors import UnreadableDocument
from onrecord.factchecks.factcheck import FactCheck
from onrecord.readers.dates import iso_date

__all__ = ["Nodes", "factcheck_of", "is_review", "made_id", "reviews", "row_factcheck", "tidy"]

_SCHEMA = ("", "schema:", "http://schema.org/", "https://schema.org/")
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_DIGITS = 16


def tidy(words: str) -> str:
    """Words without markup, with single blanks, and with U+FFFD for what a database cannot hold.

    >>> tidy("The dam <b>broke</b>\\n &amp; nobody knew")
    'The dam broke & nobody knew'
    """
    return " ".join(_UNKEPT.sub("\ufffd", unescape(_MARKUP.sub("", words))).split())


def made_id(url: str | None, claim: str) -> str:
    """The id of a review that has none: the same whenever its address (or its publisher) and its claim are the same."""
    return sha256(f"{url or ''}\0{claim}".encode()).hexdigest()[:_DIGITS]


class Nodes:
    """The objects of a document that have an ``@id``, so that one that only points at another is that one."""

    def __init__(self, value: Any) -> None:
        self._nodes: dict[str, Mapping[str, Any]] = {}
        waiting = [value]
        while waiting:
            one = waiting.pop()
            if isinstance(one, list):
                waiting.extend(one)
            elif isinstance(one, dict):
                name = one.get("@id")
                if isinstance(name, str) and len(one) > len(self._nodes.get(name, ())) and len(one) > 1:
                    self._nodes[name] = one
                waiting.extend(one.values())

    def whole(self, value: Any) -> Any:
        """The object that ``value`` points at; else itself."""
        if isinstance(value, dict) and value.keys() <= {"@id", "@type"}:
            return self._nodes.get(str(value.get("@id")), value)
        return value

    def get(self, node: Mapping[str, Any], *names: str) -> Any:
        """The first of some properties that is there, under whichever of its names."""
        for name in names:
            for prefix in _SCHEMA:
                value = node.get(prefix + name)
                if value not in (None, "", [], {}):
                    return self.whole(value)
        return None

    def words(self, value: Any, *names: str) -> str | None:
        """The words of a value: itself, or those that an object has under the first of ``names``; of a list the
        first that has any."""
        for one in value if isinstance(value, list) else [value]:
            one = self.whole(one)
            if isinstance(one, dict):
                one = one["@value"] if "@value" in one else self.words(self.get(one, *names), *names) if names else None
            if isinstance(one, int | float) and not isinstance(one, bool):
                one = f"{one:g}" if isinstance(one, float) else str(one)
            if isinstance(one, str) and (found := tidy(one)):
                return found
        return None

    def every(self, value: Any, *names: str) -> tuple[str, ...]:
        """The words of each value of a list."""
        found = (self.words(one, *names) for one in (value if isinstance(value, list) else [value]))
        return tuple(dict.fromkeys(words for words in found if words))


def is_review(node: Mapping[str, Any]) -> bool:
    """Whether an object is a ClaimReview: by its type, or because it says what was reviewed."""
    types = node.get("@type", node.get("type"))
    called = {str(name) for name in (types if isinstance(types, list) else [types])}
    named = any(prefix + "ClaimReview" in called for prefix in _SCHEMA)
    return named or any(prefix + "claimReviewed" in node for prefix in _SCHEMA)


def reviews(value: Any) -> Iterator[Mapping[str, Any]]:
    """The ClaimReview objects in a JSON value, however deep, in their order."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, dict):
            if is_review(one):
                yield one
            else:
                waiting.extend(reversed(list(one.values())))


def factcheck_of(node: Mapping[str, Any], nodes: Nodes, where: str) -> FactCheck:
    """The fact-check of a ClaimReview.

    Raises:
        UnreadableDocument: it does not say which claim was reviewed.
    """
    item = nodes.get(node, "itemReviewed")
    items = [nodes.whole(one) for one in (item if isinstance(item, list) else [item])]
    reviewed = next((one for one in items if isinstance(one, dict)), {})
    claim = nodes.words(nodes.get(node, "claimReviewed")) or nodes.words(nodes.get(reviewed, "text"))
    if claim is None:
        there = ", ".join(sorted(str(name) for name in node)[:8])
        raise UnreadableDocument(where, "a ClaimReview without claimReviewed", f"its keys are: {there}")
    url = nodes.words(nodes.get(node, "url", "mainEntityOfPage"), "url", "@id")
    publisher = "; ".join(nodes.every(nodes.get(node, "author", "publisher"), "name", "legalName", "url")) or None
    given = nodes.words(node.get("id", nodes.get(node, "identifier")), "value", "name") or _address(node.get("@id"))
    first = nodes.every(nodes.get(reviewed, "firstAppearance"), "url", "name", "@id")
    others = nodes.every(nodes.get(reviewed, "appearance"), "url", "name", "@id")
    return FactCheck(
        id=given or made_id(url or publisher, claim),
        claim=claim,
        title=nodes.words(nodes.get(node, "name", "headline")),
        url=url,
        publisher=publisher,
        rating=_rating(nodes.get(node, "reviewRating"), nodes),
        date=_date(nodes.get(node, "datePublished", "dateModified", "dateCreated"), nodes),
        claimant="; ".join(nodes.every(nodes.get(reviewed, "author", "creator"), "name", "url")) or None,
        claimed_on=_date(nodes.get(reviewed, "datePublished", "dateCreated"), nodes),
        appearances=tuple(dict.fromkeys(first + others)),
    )


def row_factcheck(row: Mapping[str, Any], where: str) -> FactCheck:
    """The fact-check of a row with the names of ``onrecord factchecks list``: id and claim, the others may be empty.

    Raises:
        UnreadableDocument: it has no id or no claim.
    """
    nodes = Nodes(None)
    found = {name: nodes.words(row.get(name)) for name in _NAMES}
    id, claim = found.pop("id"), found.pop("claim")
    if id is None or claim is None:
        lacking = " and no ".join(name for name, value in (("id", id), ("claim", claim)) if value is None)
        raise UnreadableDocument(where, f"the row has no {lacking}")
    dates = {name: iso_date(found.pop(name)) for name in ("date", "claimed_on")}
    places = row.get("appearances")
    every = places.split("; ") if isinstance(places, str) else places
    return FactCheck(id, claim, **found, **dates, appearances=nodes.every(every) if every else ())


_NAMES = ("id", "claim", "title", "url", "publisher", "rating", "date", "claimant", "claimed_on")


def _rating(value: Any, nodes: Nodes) -> str | None:
    """What the publisher calls the claim: in words where there are any, else the figure and the scale's end."""
    for one in value if isinstance(value, list) else [value]:
        one = nodes.whole(one)
        if not isinstance(one, dict):
            if found := nodes.words(one):
                return found
            continue
        if found := nodes.words(nodes.get(one, "alternateName", "name")):
            return found
        figure, best = (nodes.words(nodes.get(one, name)) for name in ("ratingValue", "bestRating"))
        if figure is not None:
            return f"{figure} of {best}" if best is not None else figure
        if found := nodes.words(nodes.get(one, "ratingExplanation", "description")):
            return found
    return None


def _date(value: Any, nodes: Nodes) -> str | None:
    return iso_date(nodes.words(value))


def _address(name: Any) -> str | None:
    """An ``@id`` that names the review anywhere; "#review" and "_:b0" only do so in their own document."""
    return name if isinstance(name, str) and "://" in name else None
