"""English: word lists and what is read from them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

__all__ = ["is_furniture", "word_list"]


@cache
def word_list(name: str) -> tuple[str, ...]:
    """The lines of the data file ``name``, comments left out."""
    lines = files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def _furniture() -> re.Pattern[str]:
    beginnings = "|".join(re.escape(b).replace("'", "['’]") for b in word_list("furniture.txt"))
    return re.compile(rf"\s*[>»▶•*|]*\s*(?:{beginnings})\s*(?:[:|>»–—]|- |$)", re.I)


def is_furniture(line: str) -> bool:
    """Whether a line of a page begins as a link, a call or a credit does, not as part of the story.

    >>> is_furniture("Read more: Envoys leave the island"), is_furniture("Read more slowly, he said.")
    (True, False)
    """
    return _furniture().match(line) is not None
