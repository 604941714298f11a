"""Turn words into word pieces and pack whole paragraphs into windows that the encoder reads at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from onrecord.errors import ModelError
from onrecord.extract.words import Words

__all__ = ["LONGEST_WORD", "Cutter", "Pieces", "Window", "pack"]

# Half of a surrogate pair, from broken JSON: no tokenizer takes it.
_SURROGATE = re.compile("[\ud800-\udfff]")

LONGEST_WORD = 12
"""Word pieces kept of one word; the rest says nothing more about it."""

# Words whose pieces are kept in memory (some 10 MB); 84 articles have 9,700 different ones.
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Pieces:
    """Word pieces of a text: ``ids`` and, for each word, its first piece and how many it has.

    ``start`` is the piece that every window begins with (``[CLS]``): the encoder is blind to what stands first.
    """

    ids: NDArray[np.int32]
    first: NDArray[np.int32]
    count: NDArray[np.int32]
    start: int


@dataclass(frozen=True, slots=True)
class Window:
    """Words ``[start, end)`` read at once; what is found there counts for cues in ``[own_start, own_end)``."""

    start: int
    end: int
    own_start: int
    own_end: int


class Cutter:
    """Cuts words into word pieces, and remembers those of the words it met: most words are met again and again.

    Raises:
        ModelError: the tokenizer has no piece for a window to begin with.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        start, unknown = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[UNK]")
        if start is None or unknown is None:
            raise ModelError("the tokenizer has no piece [CLS], with which every window begins, or no [UNK]")
        self._start, self._unknown = start, unknown
        self._known: dict[str, list[int]] = {}

    def __call__(self, strings: list[str]) -> Pieces:
        """The word pieces of ``strings``, a text's words, without the special ones."""
        known = self._known
        new = [word for word in dict.fromkeys(strings) if word not in known]
        if len(known) + len(new) > _REMEMBERED:
            known = self._known = {}
            new = list(dict.fromkeys(strings))
        known.update(zip(new, self._cut(new), strict=True))
        cut = [known[word] for word in strings]
        count = np.fromiter(map(len, cut), dtype=np.int32, count=len(cut))
        ids = np.fromiter(chain.from_iterable(cut), dtype=np.int32, count=int(count.sum()))
        return Pieces(ids, (count.cumsum() - count).astype(np.int32), count, self._start)

    def _cut(self, new: list[str]) -> list[list[int]]:
        """The pieces of each word; of one that the tokenizer drops (control characters) the unknown piece."""
        whole = [_SURROGATE.sub("\ufffd", word) for word in new]
        encoded = self._tokenizer.encode(whole, is_pretokenized=True, add_special_tokens=False)
        cut: list[list[int]] = [[] for _ in new]
        for piece, owner in zip(encoded.ids, encoded.word_ids, strict=True):
            if owner is not None:
                cut[owner].append(piece)
        return [pieces[:LONGEST_WORD] or [self._unknown] for pieces in cut]


def pack(words: Words, pieces: Pieces, size: int) -> list[Window]:
    """Windows of at most ``size`` pieces: whole paragraphs, a paragraph that is too long in overlapping parts."""
    count = len(words)
    if count == 0:
        return []
    ends = np.cumsum(pieces.count)
    offset = np.concatenate([[0], ends])
    borders = [0, *(np.flatnonzero(np.diff(words.paragraphs)) + 1).tolist(), count]
    windows: list[Window] = []
    start = 0
    for left, right in pairwise(borders):
        if offset[right] - offset[start] <= size:
            continue
        if left > start:
            windows.append(Window(start, left, start, left))
            start = left
        if offset[right] - offset[left] > size:
            windows.extend(_cut_long(words, offset, left, right, size))
            start = right
    if start < count:
        windows.append(Window(start, count, start, count))
    return windows


def _cut_long(words: Words, offset: NDArray[np.int64], left: int, right: int, size: int) -> list[Window]:
    """Overlapping windows over one long paragraph; a cue belongs to the window that shows most around it."""
    margin = size // 4
    windows: list[Window] = []
    start, own = left, left
    while True:
        end = int(np.searchsorted(offset, offset[start] + size, side="right")) - 1
        end = min(max(end, start + 1), right)
        if end == right:
            windows.append(Window(start, right, own, right))
            return windows
        own_end = max(int(np.searchsorted(offset, offset[end] - margin)), own + 1)
        windows.append(Window(start, end, own, own_end))
        own = own_end
        start = max(int(np.searchsorted(offset, offset[own] - margin)), start + 1)
