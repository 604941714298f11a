"""Statements → who is speaking: within a document, whom the source words stand for, with type, title and
justification."""

from __future__ import annotations

from onrecord.identify.assemble import identified
from onrecord.identify.view import View, view_of

__all__ = ["View", "identified", "view_of"]
