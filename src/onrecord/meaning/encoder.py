"""Texts as vectors of what they mean: near each other where two texts say nearly the same, in whatever words.

One ONNX graph is shipped (``models/meaning/encoder.onnx``). Its word pieces are the extractor's, whose tokenizer it
shares. A text's vector depends on nothing else that is encoded with it, so that the same words always have the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from hashlib import sha256
from itertools import groupby, islice
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from onrecord import settings
from onrecord.errors import ModelError
from onrecord.networks import session

__all__ = ["SIZE", "Encoder", "processors", "shipped"]

SIZE = 384
"""How many numbers a vector has."""

_MODELS = Path(__file__).parent.parent / "models"
_LONGEST = 256
"""Word pieces: what comes after them in a text does not count."""
_AT_ONCE = 16
"""So many texts of one length go through the network together: more are no faster."""

_Vectors = NDArray[np.float32]


class Encoder:
    """Turns texts into vectors. Nothing is loaded until the first text comes.

    ``graph`` is an ONNX file with the input ``pieces`` and the output ``meaning``, ``tokenizer`` the file of its word
    pieces.
    """

    def __init__(self, graph: Path, tokenizer: Path) -> None:
        self._graph, self._pieces = graph, tokenizer

    @cached_property
    def version(self) -> str:
        """What tells this encoder's vectors from another's: a hash of its files.

        Raises:
            ModelError: a file is missing.
        """
        try:
            return sha256(self._graph.read_bytes() + self._pieces.read_bytes()).hexdigest()[:16]
        except OSError as error:
            raise self._broken(error) from error

    def vectors(self, texts: Sequence[str]) -> _Vectors:
        """The vectors of texts, ``(texts, SIZE)``, each of length 1.

        Raises:
            ModelError: a file is missing or broken.
            UsageError: ``ONRECORD_THREADS`` is no number.
        """
        made = np.zeros((len(texts), SIZE), np.float32)
        if not texts:
            return made
        tokenizer, network, threads = self._loaded
        pieces = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
        batches = list(_batches(pieces))

        def encoded(batch: list[int]) -> _Vectors:
            (found,) = network.run(None, {"pieces": np.array([pieces[k] for k in batch], np.int64)})
            return np.asarray(found)

        if len(batches) == 1 or threads == 1:
            results: Iterable[_Vectors] = map(encoded, batches)
        else:
            with ThreadPoolExecutor(threads) as pool:
                results = list(pool.map(encoded, batches))
        for batch, result in zip(batches, results, strict=True):
            made[batch] = result
        return made

    @cached_property
    def _loaded(self) -> tuple[Tokenizer, onnxruntime.InferenceSession, int]:
        """The tokenizer, the network, and how many texts or batches of texts are encoded side by side."""
        threads = settings.threads() or processors()
        try:
            tokenizer = Tokenizer.from_file(str(self._pieces))
            tokenizer.no_padding()
            tokenizer.enable_truncation(_LONGEST)
            # texts are short: two use the processors better side by side than one on both
            network = session(self._graph, 1)
        except Exception as error:
            raise self._broken(error) from error
        return tokenizer, network, threads

    def _broken(self, error: Exception) -> ModelError:
        return ModelError(f"{self._graph}: the model of meanings cannot be loaded: {error} (reinstall onrecord)")


def _batches(pieces: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Numbers of texts, those with equally many pieces together, so that nothing is padded."""

    def length(number: int) -> int:
        return len(pieces[number])

    for _, alike in groupby(sorted(range(len(pieces)), key=length), length):
        while batch := list(islice(alike, _AT_ONCE)):
            yield batch


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def shipped() -> Encoder:
    """The encoder that comes with the package."""
    return Encoder(_MODELS / "meaning" / "encoder.onnx", _MODELS / "extract" / "tokenizer.json")
