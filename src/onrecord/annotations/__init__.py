"""Annotations that persons made elsewhere, in brat's standoff format or as JSON Lines, as plain spans and values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from onrecord.annotations.base import Annotated, Annotation
from onrecord.annotations.brat import brat, read_brat
from onrecord.annotations.jsonl import json_lines
from onrecord.errors import DocumentError, UnreadableDocument

__all__ = ["Annotated", "Annotation", "read_annotations", "read_brat"]


def read_annotations(path: Path) -> Iterator[Annotation | DocumentError]:
    """The annotations in a ``.jsonl`` file, a ``.ann`` file beside its ``.txt``, or a folder of these.

    An error takes the place of a file or line that cannot be read.
    """
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix in (".ann", ".jsonl"))
        if not files:
            yield UnreadableDocument(str(path), "there is no .ann and no .jsonl file in this folder")
        for file in files:
            yield from read_annotations(file)
        return
    try:
        if path.suffix == ".ann":
            yield brat(path)
        else:
            yield from json_lines(path)
    except DocumentError as error:
        yield error
    except UnicodeDecodeError as error:
        yield UnreadableDocument(str(path), f"broken UTF-8 at byte {error.start}")
    except OSError as error:
        yield UnreadableDocument(str(path), f"cannot be opened: {error.strerror or error}")
