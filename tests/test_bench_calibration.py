"""The reliability picture and its figures."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import bench_path  # noqa: F401
import calibration
import common
from bench_path import SHARED, needs_scorer


def test_calibration_error() -> None:
    assert common.expected_calibration_error([0.95] * 20, [1] * 19 + [0]) == pytest.approx(0)
    assert common.expected_calibration_error([0.25, 0.25, 1.0], [1, 1, 0]) == pytest.approx(2 / 3 * 0.75 + 1 / 3)


def test_bins_hold_every_score() -> None:
    bins = calibration.binned([(0.0, False), (0.1, False), (0.999, True), (1.0, True)])
    assert [(b.low, b.count, b.right) for b in bins] == [(0.0, 1, 0), (0.1, 1, 0), (0.9, 2, 1)]


@needs_scorer
def test_judged_is_one_to_one_and_matched_anew_at_each_level() -> None:
    score = common.scorer(SHARED)
    item = {"source": [], "cue": [], "content": [[0, 8]]}
    worse = {"source": [], "cue": [], "content": [[0, 5]]}
    nothing = {"source": [], "cue": [], "content": [[8, 9]]}
    document = calibration.Scored("abcdefgh.", [item], [(item, 0.4), (worse, 0.8), (nothing, 0.9)])
    assert calibration.judged(score, [document]) == [(0.4, True), (0.8, False)]
    assert calibration.judged(score, [document], 0.5) == [(0.8, True)]


def test_picture_is_small_and_works_in_the_dark() -> None:
    bins = calibration.binned([(k / 100, k % 3 > 0) for k in range(100)])
    drawn = calibration.picture(bins, 0.123, 100)
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert len(drawn) < 8000
    assert "prefers-color-scheme: dark" in drawn
    assert "ECE = 0.123" in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_nothing_to_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "gold.jsonl"
    empty.touch()
    assert calibration.main(["--shared", str(tmp_path), "--data", str(empty)]) == 2
    assert "score_attribution.py is not there" in capsys.readouterr().err
