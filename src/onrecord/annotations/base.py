"""What a person annotated, as plain spans and values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord.model import Span

__all__ = ["ROLES", "Annotated", "Annotation", "sha256_of"]

ROLES = ("source", "cue", "content")


@dataclass(frozen=True, slots=True)
class Annotated:
    """One statement as a person sees it; ``id`` is its record's where that is known, ``values`` what else is said."""

    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    id: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Annotation:
    """What was annotated in one text, which its SHA-256 tells; ``where`` is the file (and line) for messages.

    ``document`` is the id of the document where that is known: several may have one text. ``whole`` says whether all
    that was annotated in the text is here, or one record of it.
    """

    where: str
    text_sha256: str
    items: tuple[Annotated, ...]
    document: str | None = None
    whole: bool = True


def sha256_of(text: str) -> str:
    """SHA-256 of a text as a document has it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
