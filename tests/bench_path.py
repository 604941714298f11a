"""Lets tests import the scripts of bench/, which are no package, and finds the shared folder."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BENCH = ROOT / "bench"
SHARED = ROOT.parent / "shared"

sys.path[:0] = [str(BENCH), str(ROOT)]

needs_scorer = pytest.mark.skipif(
    not (SHARED / "bench" / "score_attribution.py").is_file(), reason="the shared scorer is not beside this checkout"
)
