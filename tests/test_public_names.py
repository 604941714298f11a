from __future__ import annotations

import subprocess
import sys

import onrecord
import onrecord.model

NAMES = [
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


def test_the_public_names_are_these() -> None:
    assert onrecord.__all__ == NAMES
    assert sorted(onrecord.__all__) == onrecord.__all__


def test_every_public_name_is_there() -> None:
    for name in NAMES:
        assert getattr(onrecord, name) is not None
    assert onrecord.Document is onrecord.model.Document
    assert set(NAMES) <= set(dir(onrecord))


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(onrecord, "raed")


def test_importing_loads_nothing_heavy() -> None:
    heavy = ["numpy", "onnxruntime", "trafilatura", "lxml", "jinja2", "rich", "httpx", "tokenizers", "sqlalchemy"]
    code = f"import sys, onrecord, onrecord.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
