"""Documents with their statements → files: one file a format, and one line for it in ``FORMATS``."""

from __future__ import annotations

from importlib import import_module

from onrecord.errors import UsageError
from onrecord.exports.base import Export, Page

__all__ = ["FORMATS", "Export", "Page", "export_for"]

FORMATS = {
    "text": "onrecord.exports.text",
    "json": "onrecord.exports.json",
    "jsonl": "onrecord.exports.jsonl",
    "csv": "onrecord.exports.csv",
    "html": "onrecord.exports.html",
}
"""The name of each format and the module whose ``EXPORT`` writes it, loaded when it is asked for."""


def export_for(name: str) -> Export:
    """The export of that name.

    Raises:
        UsageError: there is no such format; the message lists those there are.

    >>> export_for("jsonl").suffix
    '.jsonl'
    """
    if name not in FORMATS:
        raise UsageError(f"format {name!r}: there is none of that name (there are {', '.join(sorted(FORMATS))})")
    export: Export = import_module(FORMATS[name]).EXPORT
    return export
