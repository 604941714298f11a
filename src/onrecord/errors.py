"""The errors of onrecord, by what the caller does next.

``DocumentError``: skip this document and go on. ``RunError``: stop the run. ``UsageError``: fix the
call. Each message says what is wrong, where, and what to do.
"""

from __future__ import annotations

__all__ = [
    "DocumentError",
    "EmptyDocument",
    "FetchError",
    "LedgerBusy",
    "LedgerError",
    "ModelError",
    "OnrecordError",
    "Removed",
    "RunError",
    "TooLarge",
    "UnreadableDocument",
    "UsageError",
    "Withheld",
    "WrongLanguage",
]


class OnrecordError(Exception):
    """The root of all errors that onrecord raises on purpose."""


class DocumentError(OnrecordError):
    """This document cannot be read; the others of the run are not touched.

    ``where`` is a path, a URL or ``file:line``.
    """

    def __init__(self, where: str, what: str, hint: str = "") -> None:
        self.where, self.what, self.hint = where, what, hint
        super().__init__(f"{where}: {what}" + (f" ({hint})" if hint else ""))

    def __reduce__(self) -> tuple[type[DocumentError], tuple[str, str, str]]:
        # as it goes from one process to another
        return type(self), (self.where, self.what, self.hint)


class EmptyDocument(DocumentError):
    """There is no text in the document."""


class TooLarge(DocumentError):
    """The document is over the size limit."""


class UnreadableDocument(DocumentError):
    """The bytes are not what they should be: binary, broken JSON, an unknown encoding."""


class WrongLanguage(DocumentError):
    """The document is in a language that onrecord does not read."""


class Withheld(DocumentError):
    """The agency that sent the item has withheld, embargoed or cancelled it."""


class Removed(DocumentError):
    """The document was taken out of the ledger and is not recorded again."""


class FetchError(DocumentError):
    """A URL could not be fetched, or may not be."""


class RunError(OnrecordError):
    """The run cannot go on."""


class ModelError(RunError):
    """The shipped weights are missing or broken."""


class LedgerError(RunError):
    """The ledger cannot be opened, read or written; what was recorded before is still there."""


class LedgerBusy(LedgerError):
    """Somebody else is writing to the ledger and does not let go."""


class UsageError(OnrecordError):
    """The call is wrong: an unknown option value, a path that is not there."""
