"""Fact-checks: reviews of claims by those who check facts, and which of them a text comes near to.

A match is a suggestion that somebody else reviewed a similar claim, with their rating in their words; onrecord itself
rates nothing.
"""

from onrecord.factchecks.collection import FactChecks, Taken
from onrecord.factchecks.factcheck import FactCheck
from onrecord.factchecks.matching import Match
from onrecord.factchecks.stance import ClaimStance

__all__ = ["ClaimStance", "FactCheck", "FactChecks", "Match", "Taken"]
