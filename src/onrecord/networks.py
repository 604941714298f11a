"""Networks as ONNX Runtime runs them: the same scores on every machine, as quick as it can give them.

Products of unsigned by signed bytes overflow in ONNX Runtime's kernels for processors without VNNI, so that a text
would give other records there. It has exact ones to ask for, which are four times slower where the others are exact
too (Intel's with AMX). Which it is shows in one product of the largest numbers (``models/exact/product.onnx``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

from onrecord.errors import ModelError

__all__ = ["session"]

_PRODUCT = Path(__file__).parent / "models" / "exact" / "product.onnx"
_EXACT = ("session.x64quantprecision", "1")
# With ONNX Runtime's fused layer norm (1.32, on processors) the extractor's encoder takes a third longer than with its
# parts.
_SLOWER = ["SkipLayerNormFusion"]


def session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    """The network in a file, with so many threads for each product; 0: as many as there are processors.

    Raises:
        Exception: ONNX Runtime cannot load it.
        ModelError: the product that tells whether products are exact is missing or broken.
    """
    options = _options(threads)
    if not _exact():
        options.add_session_config_entry(*_EXACT)
    return _started(graph, options)


@cache
def _exact() -> bool:
    """Whether products of bytes are exact here without being asked to be."""
    try:
        product = _started(_PRODUCT, _options(1))
        (given,) = product.get_inputs()
        (found,) = product.run(None, {given.name: np.ones(given.shape, np.float32)})
    except Exception as error:
        raise ModelError(f"{_PRODUCT}: it cannot be loaded: {error} (reinstall onrecord)") from error
    return bool(np.allclose(found, 127 * given.shape[1]))


def _options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.enable_mem_pattern = False  # it plans for shapes that come again: no two texts are alike
    return options


def _started(graph: Path, options: onnxruntime.SessionOptions) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        str(graph), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )
