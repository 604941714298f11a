"""Many documents at once: extraction in worker processes of this machine."""

from __future__ import annotations

from onrecord.batch.recording import again, record
from onrecord.batch.workers import Workers, usual_number

__all__ = ["Workers", "again", "record", "usual_number"]
