"""Files and folders that have their names only when they are whole, names for a folder's files, words for UTF-8."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp
from typing import Any, BinaryIO, TextIO, cast

from onrecord.errors import UsageError
from onrecord.model import Document

__all__ = ["carried", "slug", "whole_bytes", "whole_file", "whole_folder"]

_LONE = re.compile("[\ud800-\udfff]")


def carried(words: str) -> str:
    """Words as UTF-8 can carry them, with U+FFFD for lone surrogates, so that offsets stay.

    >>> carried("a\\ud800b")
    'a\ufffdb'
    """
    return words if words.isascii() else _LONE.sub("\ufffd", words)


def slug(document: Document, taken: dict[str, int]) -> str:
    """A file name for ``document`` from its id, unlike those ``taken``, which it joins.

    ``taken`` has names in lower case, each with the last number that was put behind it.

    >>> taken = {}
    >>> [slug(Document(id=name, text="x"), taken) for name in ("news/story.html", "story.txt", "../..")]
    ['story', 'story-2', 'document']
    """
    last = re.split(r"[/\\]", str(document.id).split("?")[0].rstrip("/\\"))[-1]
    stem = re.sub(r"\.(html?|txt|md|jsonl?)$", "", last, flags=re.IGNORECASE)
    base = re.sub(r"[^\w.-]+", "-", stem).strip("-._")[:80]
    base = base.encode()[:160].decode(errors="ignore") or "document"  # a file system takes 255 bytes
    count = taken.get(base.casefold(), 0) + 1
    name = base if count == 1 else f"{base}-{count}"
    while name.casefold() in taken:
        count += 1
        name = f"{base}-{count}"
    taken[base.casefold()] = count
    taken.setdefault(name.casefold(), 1)
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
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to write in that gets its name at the end, or leaves no trace; the one at ``path`` may be there, empty.

    Folders above it that are not there are made.

    Raises:
        OSError: ``path`` is no empty folder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = Path(mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part"))
    try:
        yield waiting
        waiting.chmod(_allowed(0o777))
        waiting.replace(path)
    except BaseException:
        shutil.rmtree(waiting, ignore_errors=True)
        raise


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
            Path(out.name).chmod(path.stat().st_mode if path.exists() else _allowed(0o666))
        except BaseException:
            with suppress(OSError):
                Path(out.name).unlink()
            raise
    Path(out.name).replace(path)


def _allowed(rights: int) -> int:
    """The rights that a new file or folder has by the user's umask."""
    mask = os.umask(0)
    os.umask(mask)
    return rights & ~mask
