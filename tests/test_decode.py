import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from onrecord.extract.decode import Found, cues, viterbi
from onrecord.extract.drafts import one_owner


@given(st.integers(1, 5), st.integers(0, 2**31 - 1))
def test_viterbi_finds_the_best_of_all_paths(words: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(1, words, 3)).astype(np.float32)
    transitions = rng.normal(size=(3, 3)).astype(np.float32)

    def value(path: tuple[int, ...]) -> float:
        steps = sum(transitions[a, b] for a, b in itertools.pairwise(path))
        return float(sum(scores[0, t, r] for t, r in enumerate(path)) + steps)

    paths = {path: value(path) for path in itertools.product(range(3), repeat=words)}
    best = max(paths, key=paths.__getitem__)
    labels, confidence = viterbi(scores, transitions)
    assert tuple(labels[0]) == best
    partition = np.log(sum(np.exp(v) for v in paths.values()))
    assert abs(confidence[0] - (paths[best] - partition)) < 1e-3


def test_words_past_a_row_are_outside_and_do_not_count() -> None:
    scores = np.full((2, 4, 3), 0.0, np.float32)
    scores[:, :, 2] = 5
    labels, confidence = viterbi(scores, np.zeros((3, 3), np.float32), np.array([4, 2]))
    assert labels.tolist() == [[2, 2, 2, 2], [2, 2, 0, 0]]
    assert confidence[1] > confidence[0]


def test_cues_split_where_a_new_one_begins() -> None:
    outside, begin, inside = [0.9, 0.1, 0.0], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]
    rows = np.array([outside, begin, inside, begin, outside, begin], np.float32)
    assert [c[:2] for c in cues(rows, 0.5)] == [(1, 3), (3, 4), (5, 6)]


def found(cue: int, content: range, score: float) -> Found:
    return Found((cue, cue + 1), (), tuple(content), False, (), score)


def test_each_word_of_content_has_one_owner() -> None:
    kept = one_owner([found(0, range(2, 10), 0.9), found(11, range(7, 20), 0.8), found(1, range(3, 9), 0.5)])
    assert [f.content for f in kept] == [tuple(range(2, 10)), tuple(range(10, 20))]
