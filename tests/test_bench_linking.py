"""Linking to the nearest cue, on tag scores made by hand."""

from __future__ import annotations

import numpy as np
import pytest

import bench_path  # noqa: F401
import linking

TAGS = {"o": (0, 6), "k": (1, 6), "s": (0, 7), "S": (0, 8), "c": (0, 9), "C": (0, 10)}
"""The best tag of each sort: k begins a cue, s and c begin a source and a content, S and C go on with one."""


def tags(row: str) -> np.ndarray:
    scores = np.zeros((len(row), 11), np.float32)
    for index, letter in enumerate(row):
        cue, role = TAGS[letter]
        scores[index, [cue, role]] = 9
    return scores


@pytest.mark.parametrize(
    ("row", "shared", "expected"),
    [
        ("sSkcCCo", False, [((2, 3), (0, 1), (3, 4, 5))]),
        # inverted: content, cue, source
        ("cCCks", False, [((3, 4), (4,), (0, 1, 2))]),
        # discontinuous: both parts go to the one cue
        ("cCskcC", False, [((3, 4), (2,), (0, 1, 4, 5))]),
        # one source, two cues: given to one, or taken by both
        ("skcokco", False, [((1, 2), (0,), (2,)), ((4, 5), (), (5,))]),
        ("skcokco", True, [((1, 2), (0,), (2,)), ((4, 5), (0,), (5,))]),
        # as near to either side: a content goes to the cue before it, a source to the one after
        ("skCks", False, [((1, 2), (0,), (2,))]),
        ("ckskc", False, [((1, 2), (), (0,)), ((3, 4), (2,), (4,))]),
        # a cue without content is no attribution; without a cue there is nothing
        ("sko", True, []),
        ("scC", False, []),
    ],
)
def test_link(row: str, shared: bool, expected: list[tuple[object, ...]]) -> None:
    found = linking.link(tags(row), 0.5, shared=shared)
    assert [(item.cue, item.source, item.content) for item in found] == expected
    assert all(item.sure > 0.9 for item in found)


def test_stretches_begin_anew_at_a_begin_tag() -> None:
    assert linking.stretches(np.array([3, 4, 3, 0, 4, 1]), 3) == [(0, 2), (2, 3), (4, 5)]
