"""What every module here does with tables: many values in one command, the next number, many rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, insert, select

__all__ = ["chunks", "next_number", "write"]

_AT_ONCE = 500
"""Values that one command looks for."""
_Item = TypeVar("_Item")


def chunks(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """As many of the items as a command looks for, again and again."""
    whole = list(items)
    for start in range(0, len(whole), _AT_ONCE):
        yield whole[start : start + _AT_ONCE]


def next_number(connection: Connection, table: Table) -> int:
    """The number of the next row; whoever writes does so alone."""
    return int(connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()) + 1


def write(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows, if there are any."""
    if some := list(rows):
        connection.execute(insert(table), some)
