"""Document → statements: source, cue and content spans, quoted stretches, form, nesting."""

from __future__ import annotations

from onrecord.extract.assemble import ExtractOptions, read_statements, statement_at, statements

__all__ = ["ExtractOptions", "read_statements", "statement_at", "statements"]
