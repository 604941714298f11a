"""Documents with their statements → files: one file a format, and one line for it in ``FORMATS``."""

from __future__ import annotations

from importlib import import_module

from onrecord.errors import UsageError
from onrecord.exports.base import Export, LedgerExport, Page

__all__ = ["FORMATS", "LEDGER_FORMATS", "Export", "LedgerExport", "Page", "export_for", "ledger_export_for"]

FORMATS = {
    "text": "onrecord.exports.text",
    "json": "onrecord.exports.json",
    "jsonl": "onrecord.exports.jsonl",
    "csv": "onrecord.exports.csv",
    "html": "onrecord.exports.html",
}
"""The name of each format and the module whose ``EXPORT`` writes it, loaded when it is asked for."""

LEDGER_FORMATS = {
    "parquet": "onrecord.exports.parquet",
    "annotations": "onrecord.exports.web_annotations",
    "schema.org": "onrecord.exports.schema_org",
    "prov": "onrecord.exports.prov",
    "brat": "onrecord.exports.brat",
    "ftm": "onrecord.exports.ftm",
}
"""The same for the formats that only a ledger's documents are written in, because they need their provenance."""


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


def ledger_export_for(name: str) -> LedgerExport:
    """The export of that name, of those that only a ledger's documents are written in.

    Raises:
        UsageError: there is no such format.
    """
    if name not in LEDGER_FORMATS:
        raise UsageError(f"format {name!r}: there is none of that name (there are {', '.join(sorted(LEDGER_FORMATS))})")
    export: LedgerExport = import_module(LEDGER_FORMATS[name]).EXPORT
    return export
