"""Where the data goes: standard output, one file, or a folder with one file a document.

A file stands under its name only when it is whole: it is written beside it and then renamed.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from onrecord.errors import UsageError
from onrecord.exports import Export, LedgerExport, Page
from onrecord.exports.display import shown_title, visible
from onrecord.exports.files import slug, whole_bytes, whole_file
from onrecord.model import Document

if TYPE_CHECKING:
    from onrecord.ledger import Entry

__all__ = ["destination", "is_folder", "write", "write_ledger"]


def is_folder(path: str) -> bool:
    """Whether ``path`` names a folder: there is one, or it ends with a slash."""
    return path.endswith(("/", os.sep)) or Path(path).is_dir()


def write(export: Export, documents: Iterable[Document], output: str | None) -> None:
    """Write ``documents`` to ``output``, or to standard output where it is None or "-".

    Raises:
        UsageError: the folder to write a file in is not there.
    """
    if output is None or output == "-":
        _prepare(export.name)
        export.write(documents, sys.stdout)
        sys.stdout.flush()
    elif is_folder(output):
        _write_folder(export, documents, Path(output))
    else:
        with whole_file(Path(output)) as out:
            export.write(documents, out)


@contextmanager
def destination(output: str | None, format_: str) -> Iterator[TextIO]:
    """Where one file's data goes: ``output``, whole or not at all, or standard output where it is None or "-".

    Raises:
        UsageError: it is a folder, or its folder is not there.
    """
    if output is not None and output != "-":
        if is_folder(output):
            raise UsageError(f"{output}: is a folder: give the name of a file")
        with whole_file(Path(output)) as out:
            yield out
        return
    _prepare(format_)
    yield sys.stdout
    sys.stdout.flush()


def _prepare(format_: str) -> None:
    """Have standard output take what is written: what is for programs byte for byte, what is for persons as it can."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        errors = "replace" if format_ == "text" else "strict"
        sys.stdout.reconfigure(encoding=None if format_ == "text" else "utf-8", errors=errors, newline="")


def write_ledger(export: LedgerExport, entries: Iterable[Entry], output: str | None) -> None:
    """Write a ledger's documents to ``output``, or to standard output where it is None or "-".

    Raises:
        UsageError: the format wants a folder, or a file, or the folder to write a file in is not there.
    """
    if export.write_folder is not None:
        if output is None or not is_folder(output):
            raise UsageError(f"format {export.name}: writes many files: give a folder (-o {export.name}/)")
        Path(output).mkdir(parents=True, exist_ok=True)
        export.write_folder(entries, Path(output))
        return
    assert export.write is not None
    if output is None or output == "-":
        export.write(entries, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    elif is_folder(output):
        raise UsageError(
            f"format {export.name}: is one file: give its name (-o {output.rstrip('/')}/ledger{export.suffix})"
        )
    else:
        with whole_bytes(Path(output)) as out:
            export.write(entries, out)


def _write_folder(export: Export, documents: Iterable[Document], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pages: list[Page] = []
    taken: dict[str, int] = {"index": 1} if export.index else {}
    for document in documents:
        name = slug(document, taken) + export.suffix
        with whole_file(folder / name) as out:
            export.write([document], out)
        if export.index:
            outlet = visible(document.outlet) if document.outlet else None
            pages.append(Page(name, shown_title(document), outlet, document.date, len(document.statements)))
    if export.index and pages:
        with whole_file(folder / f"index{export.suffix}") as out:
            export.index(pages, out)
