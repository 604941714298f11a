"""What of a statement its meaning is taken from, the key of its vector, and where a ledger's vectors lie.

The vectors themselves, and all that needs the encoder, are in ``ledger.likeness``, which is loaded when it is needed.
"""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from onrecord.ledger.database import is_address
from onrecord.ledger.rows import GAP

__all__ = ["Indexed", "Progress", "file_of", "files_of", "is_there", "key", "told"]

SUFFIX = ".meaning"

Progress = Callable[[int, int], None]
"""Is told how many of how many new wordings are encoded."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index holds: ``vectors``, one for all statements of the same words; how many came and went just now."""

    file: Path
    vectors: int
    added: int
    taken_out: int


def told(content: str) -> str:
    """What is encoded of a content's words, as the column holds them: all of them, in one line.

    With the speaker's name or the title before them, fewer statements were found (bench/meaning.py).

    >>> told("a draft … is  near")
    'a draft is near'
    """
    return " ".join(content.replace(GAP, " ").split())


def key(content: str) -> int:
    """The key of a content's vector: a hash of 63 bits. The same words have the same, in whichever statement.

    >>> key("a draft … is near") == key("a draft is  near")
    True
    """
    return int.from_bytes(sha256(told(content).encode()).digest()[:8], "big") >> 1


def file_of(where: str, folder: str | Path | None = None, environment: Mapping[str, str] | None = None) -> Path:
    """The file with the vectors of the ledger at ``where``.

    It lies in ``folder``, else in ``ONRECORD_INDEX``, else beside the ledger's file; for a ledger in a database server,
    in the user's cache.

    >>> file_of("desk.db", environment={}).name
    'desk.db.meaning'
    """
    environment = os.environ if environment is None else environment
    chosen = folder if folder is not None else environment.get("ONRECORD_INDEX") or None
    if chosen is None and not is_address(where):
        return Path(f"{where}{SUFFIX}")
    name, identity = _identity(where)
    place = Path(chosen) if chosen is not None else _cache(environment) / "onrecord"
    return place / f"{name}-{sha256(identity.encode()).hexdigest()[:16]}{SUFFIX}"


def files_of(where: str, folder: str | Path | None = None) -> list[Path]:
    """All files that this user may have made of a ledger: the one that is meant, and the usual one."""
    return list(dict.fromkeys((file_of(where, folder), file_of(where, environment=_without_choice()))))


def is_there(file: Path) -> bool:
    """Whether there is an index, or somebody has begun to make one."""
    return file.exists() or any(file.parent.glob(f".{glob.escape(file.name)}.*"))


def _without_choice() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "ONRECORD_INDEX"}


def _identity(where: str) -> tuple[str, str]:
    """A ledger's short name, and what tells it from all others: never a password, nor who reads it."""
    if not is_address(where):
        path = Path(where).resolve()
        return path.name, str(path)
    from sqlalchemy.engine import make_url

    address = make_url(where)
    host = address.host or address.query.get("host", "localhost")
    port = address.port or address.query.get("port", 5432)
    database = address.database or "postgres"
    return database, f"{host}:{port}/{database}"


def _cache(environment: Mapping[str, str]) -> Path:
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache")
