"""Networks give the same scores everywhere: products of bytes are asked to be exact where they would overflow."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnxruntime
import pytest

from onrecord import networks
from onrecord.errors import ModelError
from onrecord.meaning.pairs import PairReader, shipped_pairs

MODELS = Path(networks.__file__).parent / "models"
PAIR = ("Ruz said: the last boat has left the harbour", "Moen denied: that any boat had left")


def test_asked_to_be_exact_or_exact_anyway_a_network_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    here = shipped_pairs().compare([PAIR])
    monkeypatch.setattr(networks, "_exact", lambda: False)
    asked = PairReader(MODELS / "pairs", MODELS / "extract" / "tokenizer.json").compare([PAIR])
    assert asked == here


@pytest.mark.parametrize(("largest", "exact"), [(127 * 64, True), ((2**15 - 1) / 255 * 32, False)])
def test_whether_products_are_exact_shows_in_the_largest_one(
    monkeypatch: pytest.MonkeyPatch, largest: float, exact: bool
) -> None:
    class Overflowing:
        """What a processor makes of the largest product: each two places end at sixteen bits, or nothing ends."""

        def get_inputs(self) -> list[SimpleNamespace]:
            return [SimpleNamespace(name="given", shape=[8, 64])]

        def run(self, _: None, given: dict[str, np.ndarray]) -> list[np.ndarray]:
            return [np.full((len(given["given"]), 64), largest, np.float32)]

    monkeypatch.setattr(networks, "_started", lambda graph, options: Overflowing())
    assert networks._exact.__wrapped__() is exact


def test_the_exact_product_is_what_it_should_be() -> None:
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry(*networks._EXACT)
    product = onnxruntime.InferenceSession(str(networks._PRODUCT), options)
    (given,) = product.get_inputs()
    (found,) = product.run(None, {given.name: np.ones(given.shape, np.float32)})
    assert np.allclose(found, 127 * given.shape[1])


def test_without_the_product_the_model_is_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(networks, "_PRODUCT", tmp_path / "product.onnx")
    networks._exact.cache_clear()
    with pytest.raises(ModelError, match=r"product\.onnx.*reinstall onrecord"):
        networks.session(MODELS / "meaning" / "encoder.onnx", 1)
    monkeypatch.undo()
    assert networks.session(MODELS / "meaning" / "encoder.onnx", 1).get_inputs()
