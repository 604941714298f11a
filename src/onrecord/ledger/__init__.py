"""The ledger: the only code that touches a database. Documents, statements, corrections; nothing is overwritten."""

from __future__ import annotations

from onrecord.ledger.changes import Change, Piece
from onrecord.ledger.corrections import Correction
from onrecord.ledger.entries import Entry, Extraction, Removal
from onrecord.ledger.importing import Imported
from onrecord.ledger.ledger import DEFAULT, Ledger, place
from onrecord.ledger.meanings import Indexed
from onrecord.ledger.query import Query
from onrecord.ledger.recorder import Added, Recorder, Status
from onrecord.ledger.rows import column
from onrecord.ledger.search import RANKED, Hit
from onrecord.ledger.summaries import Counted, Month, SpeakerCount, SpeakerView
from onrecord.ledger.verify import Problem, Verified

__all__ = [
    "DEFAULT",
    "RANKED",
    "Added",
    "Change",
    "Correction",
    "Counted",
    "Entry",
    "Extraction",
    "Hit",
    "Imported",
    "Indexed",
    "Ledger",
    "Month",
    "Piece",
    "Problem",
    "Query",
    "Recorder",
    "Removal",
    "SpeakerCount",
    "SpeakerView",
    "Status",
    "Verified",
    "column",
    "place",
]
