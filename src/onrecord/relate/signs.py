"""By what a speaker, a quotation or a text is known after it was read again, and by what a link between two is known.

Signs hold no words: what persons said of a link stays tied to it without them.
"""

from __future__ import annotations

from hashlib import sha256

__all__ = ["link_id", "sign"]

_DIGITS = 24


def sign(kind: str, *parts: str) -> str:
    """The sign of something that these words tell from all others of its kind.

    >>> sign("words", "story", "we sign") == sign("words", "story", "we sign") != sign("words", "story wes", "ign")
    True
    """
    return sha256("\0\0".join((kind, *parts)).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def link_id(kind: str, one: str, other: str) -> str:
    """The id of a link between two signs or names, whichever comes first.

    >>> link_id("copy", "a", "b") == link_id("copy", "b", "a")
    True
    """
    return sign(f"link {kind}", *sorted((one, other)))[:16]
