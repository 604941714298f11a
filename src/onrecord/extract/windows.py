"""Turn words into word pieces and pack whole paragraphs into windows that the encoder reads at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from onrecord.errors import ModelError
from onrecord.extract.words import Words

__all__ = ["LONGEST_WORD", "Pieces", "Window", "cut_pieces", "pack"]

# Half of a surrogate pair, from broken JSON: no tokenizer takes it.
_SURROGATE = re.compile("[\ud800-\udfff]")

LONGEST_WORD = 12
"""Word pieces kept of one word; the rest says nothing more about it."""


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


def cut_pieces(words: Words, strings: list[str], tokenizer: Tokenizer) -> Pieces:
    """The word pieces of ``words``, whose strings are ``strings``, without the special ones.

    Raises:
        ModelError: the tokenizer has no piece for a window to begin with.
    """
    if _SURROGATE.search(words.text):
        strings = [_SURROGATE.sub("\ufffd", word) for word in strings]
    start = tokenizer.token_to_id("[CLS]")
    if start is None:
        raise ModelError("the tokenizer has no piece [CLS], with which every window begins")
    encoded = tokenizer.encode(strings, is_pretokenized=True, add_special_tokens=False)
    owners = np.fromiter((-1 if o is None else o for o in encoded.word_ids), dtype=np.int32, count=len(encoded.ids))
    ids = np.array(encoded.ids, dtype=np.int32)
    total = np.bincount(owners, minlength=len(strings)).astype(np.int32) if len(owners) else np.zeros(0, np.int32)
    if len(strings) and (len(owners) == 0 or total.min() == 0 or total.max() > LONGEST_WORD):
        return Pieces(*_repaired(ids, total, len(strings), tokenizer), start)
    first = np.concatenate([[0], np.cumsum(total)[:-1]]).astype(np.int32) if len(total) else total
    return Pieces(ids, first, total, start)


def _repaired(
    ids: NDArray[np.int32], total: NDArray[np.int32], words: int, tokenizer: Tokenizer
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Give a word that the tokenizer dropped (control characters) an unknown piece, and cut endless ones."""
    unknown = tokenizer.token_to_id("[UNK]")
    starts = np.concatenate([[0], np.cumsum(total)[:-1]]) if len(total) else np.zeros(words, np.int64)
    total = total if len(total) else np.zeros(words, np.int32)
    kept: list[NDArray[np.int32]] = []
    for start, count in zip(starts.tolist(), total.tolist(), strict=True):
        kept.append(ids[start : start + min(count, LONGEST_WORD)] if count else np.array([unknown], dtype=np.int32))
    counts = np.array([len(k) for k in kept], dtype=np.int32)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32)
    return np.concatenate(kept), first, counts


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
