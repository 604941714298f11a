"""Where the data goes: standard output, one file, or a folder with one file a document.

A file stands under its name only when it is whole: it is written beside it and then renamed.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

from onrecord.errors import UsageError
from onrecord.exports import Export, LedgerExport, Page
from onrecord.exports.display import shown_title, visible
from onrecord.model import Document

if TYPE_CHECKING:
    from onrecord.ledger import Entry

__all__ = ["is_folder", "slug", "whole_bytes", "whole_file", "write", "write_ledger"]


def is_folder(path: str) -> bool:
    """Whether ``path`` names a folder: there is one, or it ends with a slash."""
    return path.endswith(("/", os.sep)) or Path(path).is_dir()


def write(export: Export, documents: Iterable[Document], output: str | None) -> None:
    """Write ``documents`` to ``output``, or to standard output where it is None or "-".

    Raises:
        UsageError: the folder to write a file in is not there.
    """
    if output is None or output == "-":
        if isinstance(sys.stdout, io.TextIOWrapper):
            errors = "replace" if export.name == "text" else "strict"
            sys.stdout.reconfigure(encoding=None if export.name == "text" else "utf-8", errors=errors, newline="")
        export.write(documents, sys.stdout)
        sys.stdout.flush()
    elif is_folder(output):
        _write_folder(export, documents, Path(output))
    else:
        with whole_file(Path(output)) as out:
            export.write(documents, out)


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
    taken: set[str] = {"index"} if export.index else set()
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


def slug(document: Document, taken: set[str]) -> str:
    """A file name for ``document`` from its id, unlike those ``taken``, which it joins.

    >>> taken = set()
    >>> [slug(Document(id=name, text="x"), taken) for name in ("news/story.html", "story.txt", "../..")]
    ['story', 'story-2', 'document']
    """
    last = re.split(r"[/\\]", str(document.id).split("?")[0].rstrip("/\\"))[-1]
    stem = re.sub(r"\.(html?|txt|md|jsonl?)$", "", last, flags=re.IGNORECASE)
    base = re.sub(r"[^\w.-]+", "-", stem).strip("-._")[:80] or "document"
    name, count = base, 1
    while name.casefold() in taken:
        count += 1
        name = f"{base}-{count}"
    taken.add(name.casefold())
    return name


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A file to write in UTF-8 that gets its name at the end, or leaves no trace.

    Raises:
        UsageError: its folder is not there.
    """
    with _whole(path, mode="w", encoding="utf-8", newline="") as out:
        yield out


@contextmanager
def whole_bytes(path: Path) -> Iterator[BinaryIO]:
    """The same for bytes.

    Raises:
        UsageError: its folder is not there.
    """
    with _whole(path, mode="wb") as out:
        yield cast(BinaryIO, out)


@contextmanager
def _whole(path: Path, **how: Any) -> Iterator[Any]:
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent} (make it first)")
    if path.exists() and not path.is_file():  # /dev/stdout, a named pipe
        with path.open(**how) as device:
            yield device
        return
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False, **how) as out:
        try:
            yield out
            out.flush()
            mask = os.umask(0)
            os.umask(mask)
            Path(out.name).chmod(path.stat().st_mode if path.exists() else 0o666 & ~mask)
        except BaseException:
            with suppress(OSError):
                Path(out.name).unlink()
            raise
    Path(out.name).replace(path)
