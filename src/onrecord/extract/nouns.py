"""What kind of source a noun is: "minister" a person, "poll" a document (``languages/en/source_nouns.txt``)."""

from __future__ import annotations

from functools import cache

from onrecord.languages.en import word_list

__all__ = ["noun"]

_DOERS = ("er", "or", "ist", "ian", "eer", "man", "woman")
_SHORTEST = 5


@cache
def _nouns() -> dict[str, str]:
    pairs = (line.split() for line in word_list("source_nouns.txt"))
    return {pair[0]: pair[1] for pair in pairs}


def noun(head: str) -> str | None:
    """What kind of source a noun is: one person, several, a document, an organisation (see the data file).

    >>> noun("trawlerman"), noun("poll"), noun("blue")
    ('p', 'd', None)
    """
    found = _nouns().get(head)
    if found is None and head.endswith("s"):
        single = noun(head[:-1])
        return "g" if single in ("p", "o") else single
    if found is None and len(head) > _SHORTEST and head.endswith(_DOERS):
        return "p"
    return found
