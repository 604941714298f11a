"""CSV: one record a row, for spreadsheets and statistics programs.

RFC 4180 in UTF-8 without a byte order mark: commas, ``"`` doubled, rows end in CR LF (with a bare line
feed Python would leave a carriage return within a cell unquoted). Columns are the record's keys in the
record's order. Nothing known is an empty cell; spans, links and posts are JSON in a cell (``[[12, 25]]``),
because spreadsheets take ``12-25`` for a date and ``12:25`` for a time.

Spreadsheets run a cell that begins with ``=``, ``+``, ``-`` or ``@`` (or a tab or line break before
one) as a formula, and an article may say anything. Such a cell gets one apostrophe in front, which
spreadsheets take as "this is text"; so does a cell that begins with apostrophes before one of those
signs, so that ``unguard`` gives the words back exactly. All other words stand byte for byte.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import Any, TextIO

from onrecord.exports.base import Export
from onrecord.exports.record import dumps, record, records
from onrecord.model import Document, Span, Statement

__all__ = ["EXPORT", "cell", "guard", "unguard", "write"]

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_PROBE = Statement(id="probe", content=(Span(0, 1),))
_COLUMNS = list(record(Document(id="probe", text="."), _PROBE))


def guard(words: str) -> str:
    """``words`` such that no spreadsheet runs them (OWASP, "CSV Injection").

    >>> guard("=1+1"), guard("@okafor"), guard("“No,” he said")
    ("'=1+1", "'@okafor", '“No,” he said')
    """
    return "'" + words if _FORMULA.match(words) else words


def unguard(cell: str) -> str:
    """The words that ``guard`` was given.

    >>> unguard("'=1+1"), unguard("'tis true")
    ('=1+1', "'tis true")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def cell(value: Any) -> str | int | float:
    """A value as it stands in a cell: nothing for None, JSON for lists and objects, words guarded."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return dumps(value)
    if isinstance(value, str):
        return guard(value.encode("utf-8", "replace").decode("utf-8"))
    assert isinstance(value, (int, float))
    return value


def write(documents: Iterable[Document], out: TextIO) -> None:
    """Write the heads and one row a record; a lone surrogate, which UTF-8 cannot carry, becomes "?"."""
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    for document in documents:
        for made in records(document):
            rows.writerow([cell(made[column]) for column in _COLUMNS])


EXPORT = Export(name="csv", suffix=".csv", write=write)
