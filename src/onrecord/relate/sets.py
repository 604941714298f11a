"""Things that are put together two by two, and which of them are one by that."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

__all__ = ["Sets"]

_Item = TypeVar("_Item", bound=Hashable)


class Sets(Generic[_Item]):
    """Disjoint sets (Tarjan 1975): each item is alone until it is joined to another.

    >>> sets = Sets("abcd")
    >>> sets.join("a", "b")
    >>> sets.join("c", "b")
    >>> sets.of("a") == sets.of("c") != sets.of("d")
    True
    """

    def __init__(self, items: Iterable[_Item]) -> None:
        self._owner = {item: item for item in items}

    def of(self, item: _Item) -> _Item:
        """The one that stands for all that an item is joined to."""
        owner = self._owner
        while owner[item] != item:
            owner[item] = owner[owner[item]]
            item = owner[item]
        return item

    def join(self, one: _Item, other: _Item) -> None:
        """Put two, and all that they are joined to, together; the second one's stands for them."""
        self._owner[self.of(one)] = self.of(other)
