"""What can be set for a run, with its defaults and its environment variables (``ONRECORD_…``).

A value given in the call wins over the environment, the environment wins over the default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from onrecord.errors import UsageError

__all__ = ["LANGUAGES", "ReadOptions", "threads"]

LANGUAGES = ("en",)

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How documents are read and fetched.

    ``max_bytes`` is the limit a document, in bytes as they come (a JSON Lines record is a document).
    ``language`` insists on a language and switches its detection off. ``encoding`` insists on a
    character encoding. ``timeout`` is in seconds: for one fetch as a whole, redirects included.
    ``allow_private`` lets a URL lead to private and loopback addresses.

    >>> ReadOptions(max_bytes=2_000_000).max_bytes
    2000000

    Raises:
        UsageError: a value is out of range, or a language or an encoding is unknown.
    """

    max_bytes: int = 10_000_000
    language: str | None = None
    encoding: str | None = None
    timeout: float = 20.0
    max_redirects: int = 5
    allow_private: bool = False

    def __post_init__(self) -> None:
        if self.max_bytes < 1:
            raise UsageError(f"max_bytes is {self.max_bytes}: give at least 1")
        if not self.timeout > 0:
            raise UsageError(f"timeout is {self.timeout}: give a number of seconds above 0")
        if self.max_redirects < 0:
            raise UsageError(f"max_redirects is {self.max_redirects}: give 0 or more")
        if self.language is not None and self.language not in LANGUAGES:
            raise UsageError(f"language {self.language!r} is not read (there is: {', '.join(LANGUAGES)})")
        if self.encoding is not None:
            try:
                "".encode(self.encoding)
            except LookupError:
                raise UsageError(f"encoding {self.encoding!r} is unknown (try utf-8 or windows-1252)") from None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> ReadOptions:
        """The defaults, overridden by ``ONRECORD_MAX_BYTES``, ``ONRECORD_TIMEOUT`` and so on.

        >>> ReadOptions.from_environment({"ONRECORD_TIMEOUT": "5", "ONRECORD_ALLOW_PRIVATE": "yes"}).timeout
        5.0

        Raises:
            UsageError: a variable's value cannot be used.
        """
        environment = os.environ if environment is None else environment
        options = cls()
        found: dict[str, Any] = {}
        for item in fields(cls):
            variable = f"ONRECORD_{item.name.upper()}"
            if variable in environment:
                found[item.name] = _parsed(variable, environment[variable], getattr(options, item.name))
        return replace(options, **found)


def threads(environment: Mapping[str, str] | None = None) -> int:
    """How many processor threads a model may use, from ``ONRECORD_THREADS``; 0, the default, is one a core.

    >>> threads({"ONRECORD_THREADS": "2"})
    2

    Raises:
        UsageError: the value is no whole number of 0 or more.
    """
    environment = os.environ if environment is None else environment
    text = environment.get("ONRECORD_THREADS", "").strip()
    if text and not text.isdecimal():
        raise UsageError(f"ONRECORD_THREADS is {text!r}: give a whole number, 0 for one thread a core")
    return int(text or 0)


def _parsed(variable: str, value: str, default: object) -> object:
    """``value`` as the type of ``default``; an empty text stands for the default."""
    text = value.strip()
    if isinstance(default, bool):
        if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        raise UsageError(f"{variable} is {value!r}: give yes or no")
    if not text:
        return default
    if isinstance(default, int | float):
        try:
            return type(default)(text)
        except ValueError:
            raise UsageError(f"{variable} is {value!r}: give a number") from None
    return text
