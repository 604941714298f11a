"""Statements → how and when they were made: act, commitment, time, place, channel, terms."""

from __future__ import annotations

from onrecord.qualify.assemble import qualified
from onrecord.qualify.times import times

__all__ = ["qualified", "times"]
