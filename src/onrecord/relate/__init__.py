"""Across documents: who is who, copies, the same words, altered words."""

from __future__ import annotations
