"""onrecord turns news into an auditable ledger of attributed statements: who said what, in whose words.

>>> from onrecord import Span
>>> Span(0, 4).of("Oslo denies it")
'Oslo'

Everything public is imported from here, and loaded when it is first used, so that importing onrecord
costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.errors import (
        DocumentError,
        EmptyDocument,
        FetchError,
        LedgerBusy,
        LedgerError,
        ModelError,
        OnrecordError,
        Removed,
        RunError,
        TooLarge,
        UnreadableDocument,
        UsageError,
        Withheld,
        WrongLanguage,
    )
    from onrecord.exports.record import record
    from onrecord.extract import ExtractOptions
    from onrecord.ledger import Ledger, Query
    from onrecord.model import (
        Act,
        Certainty,
        Commitment,
        Deed,
        Document,
        Flag,
        Form,
        Kind,
        Link,
        Occasion,
        Polarity,
        Post,
        Provenance,
        Review,
        SourceType,
        Span,
        Speaker,
        Stance,
        Statement,
        Strength,
        Timex,
        TimexType,
    )
    from onrecord.pipeline import read, read_many, read_text
    from onrecord.relate.relations import Relations
    from onrecord.settings import ReadOptions

    __version__: str

__all__ = [
    "Act",
    "Certainty",
    "Commitment",
    "Deed",
    "Document",
    "DocumentError",
    "EmptyDocument",
    "ExtractOptions",
    "FetchError",
    "Flag",
    "Form",
    "Kind",
    "Ledger",
    "LedgerBusy",
    "LedgerError",
    "Link",
    "ModelError",
    "Occasion",
    "OnrecordError",
    "Polarity",
    "Post",
    "Provenance",
    "Query",
    "ReadOptions",
    "Relations",
    "Removed",
    "Review",
    "RunError",
    "SourceType",
    "Span",
    "Speaker",
    "Stance",
    "Statement",
    "Strength",
    "Timex",
    "TimexType",
    "TooLarge",
    "UnreadableDocument",
    "UsageError",
    "Withheld",
    "WrongLanguage",
    "__version__",
    "read",
    "read_many",
    "read_text",
    "record",
]

_HOMES = {
    "onrecord.errors": (
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
    ),
    "onrecord.exports.record": ("record",),
    "onrecord.extract": ("ExtractOptions",),
    "onrecord.ledger": ("Ledger", "Query"),
    "onrecord.model": (
        "Act",
        "Certainty",
        "Commitment",
        "Deed",
        "Document",
        "Flag",
        "Form",
        "Kind",
        "Link",
        "Occasion",
        "Polarity",
        "Post",
        "Provenance",
        "Review",
        "SourceType",
        "Span",
        "Speaker",
        "Stance",
        "Statement",
        "Strength",
        "Timex",
        "TimexType",
    ),
    "onrecord.pipeline": ("read", "read_many", "read_text"),
    "onrecord.relate.relations": ("Relations",),
    "onrecord.settings": ("ReadOptions",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("onrecord")
    elif name in _HOME_OF:
        value = getattr(import_module(_HOME_OF[name]), name)
    else:
        raise AttributeError(f"module 'onrecord' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
