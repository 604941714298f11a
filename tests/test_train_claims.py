"""Training what says what one claim is to another, on a toy: examples, fitting, heads, export, reading back."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest

from onrecord.meaning.pairs import OUTPUTS, PairReader
from onrecord.model import SourceType, Span, Speaker, Statement
from onrecord.relate.claims import claim_of

if os.environ.get("CI"):
    import torch
    import transformers
else:
    torch = pytest.importorskip("torch", reason="training needs the extra: pip install -e '.[train]'")
    transformers = pytest.importorskip("transformers", reason="training needs the extra: pip install -e '.[train]'")

from train import claims
from train.pairs import Pair, build, fit, outputs, predict, tokenizer_of

TEXT = "Ilse Kamara said that the crane was repaired in May. The port denied that it was repaired."
GROUP = {
    "claim": "The crane was repaired.", "same": ["They mended the crane.", "The crane works again."],
    "clash": [["The crane is still broken.", ["was repaired"], ["still broken"]], ["Nobody mended it.", ["repaired"], ["Nobody"]]],
    "answer": "The union laughed.", "related": ["The ferry was painted.", "Another crane fell in 1950."],
}  # fmt: skip


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, rows in (
        ("polnear/train", [{"id": "a", "text": TEXT}]),
        ("polnear/dev", []),
        (
            "claimdiff/strengthen-train",
            [
                {"topic": str(n), "claim_a": "the crane works", "claim_b": f"{n} cranes", "relation": n % 2}
                for n in range(12)
            ],
        ),
        ("claimdiff/weaken-train", [{"topic": str(n), "relation": 1 - n % 2} for n in range(12)]),
    ):
        file = tmp_path / "data" / f"{name}.jsonl.gz"
        file.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(file, "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "groups.jsonl").write_text(json.dumps(GROUP) + "\n")
    one = {"corpus": "polnear", "id": "a", "speaker": [[0, 11]], "cue": [[12, 16]], "content": [[17, 51]]}
    two = {"corpus": "polnear", "id": "a", "speaker": [[53, 61]], "cue": [[62, 68]], "content": [[69, 89]]}
    rows = [
        {"a": one, "b": two, "label": "dispute", "clash": {"a": [[36, 44]], "b": [[62, 68]]}},
        {"a": one, "b": two, "label": "answer", "by": "a"},
        {"a": one, "b": two, "label": "same"},
    ]
    (tmp_path / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_labelled_statements_are_what_is_compared_at_run_time(shared: Path) -> None:
    dispute, answer, same = claims.labelled(shared, shared / "labels.jsonl")
    speaker = Speaker("Ilse Kamara", SourceType.NAMED_PERSON)
    made = claim_of(TEXT, Statement("s", (Span(17, 51),), cue=(Span(12, 16),), speakers=(speaker,)))
    assert dispute.a == made.text == "Ilse Kamara said: that the crane was repaired in May"
    assert dispute.b == "The port denied: that it was repaired"
    assert dispute.clash is not None
    assert [dispute.a[s:e] for s, e in dispute.clash[0]] == ["repaired"]
    assert [dispute.b[s:e] for s, e in dispute.clash[1]] == ["denied"]
    assert (answer.relation, answer.turned().relation, same.relation) == ("answered", "answers", "restates")
    assert dispute.turned().a == dispute.b and dispute.turned().clash == (dispute.clash[1], dispute.clash[0])
    (shared / "labels.jsonl").write_text((shared / "labels.jsonl").read_text().replace('"id": "a"', '"id": "b"'))
    with pytest.raises(ValueError, match="not in the data"):
        list(claims.labelled(shared, shared / "labels.jsonl"))


def test_a_group_gives_pairs_of_every_kind(shared: Path) -> None:
    made = list(claims.invented(shared / "groups.jsonl"))
    assert {pair.relation for pair in made} == {"restates", "disputes", "answers", "related", "none"}
    first = next(pair for pair in made if pair.relation == "disputes" and pair.clash)
    assert first.clash is not None and [first.b[s:e] for s, e in first.clash[1]] == ["still broken"]
    assert len({pair.group for pair in made}) == 1


def test_what_a_rule_makes_of_a_statement() -> None:
    stated = [
        ("g", "Ilse Kamara", "the crane will not be repaired before 12 June, the port thinks"),
        ("h", "Ruz", "nobody is in the harbour of the island today"),
    ]
    made = list(claims.altered(stated, 60))
    assert len(made) == 60 and {pair.relation for pair in made} == {"disputes", "restates", "none"}
    texts = [pair.b for pair in made if pair.relation == "disputes"]
    assert any("will be repaired" in text for text in texts) and any("nobody is not in" in text for text in texts)
    assert any("before 12 June" not in text and "June" in text for text in texts)
    assert all(pair.a != pair.b and pair.weight == 0.5 for pair in made)


def test_it_learns_goes_on_from_a_checkpoint_and_is_the_same_when_shipped(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = shared / "encoder"
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=30522, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    transformers.BertModel(config).save_pretrained(encoder)
    tokenizer = tokenizer_of(claims.TOKENIZER)
    pairs = list(claims.invented(shared / "groups.jsonl"))
    model = build(encoder)
    keep = shared / "kept"
    fit(model, pairs, tokenizer, epochs=40, rate=2e-3, batch=8, keep=keep)
    found = outputs(predict(model, pairs, tokenizer).scores)
    right = [
        max(claims.RELATIONS, key=lambda name, n=n: found[name][n]) == pair.relation for n, pair in enumerate(pairs)
    ]
    assert np.mean(right) > 0.8
    again = build(encoder)
    fit(again, pairs, tokenizer, epochs=40, rate=2e-3, batch=8, keep=keep)
    assert np.allclose(predict(again, pairs, tokenizer).scores, predict(model, pairs, tokenizer).scores), (
        "nothing was left to do"
    )
    claims.with_heads(model, claims.claimdiff(shared))
    torch.save(model.state_dict(), shared / "model.pt")
    for name, file in (("GROUPS", "groups.jsonl"), ("LABELS", "labels.jsonl")):
        monkeypatch.setattr(claims, name, shared / file)
    monkeypatch.setattr(claims.labelled, "__defaults__", (shared / "labels.jsonl",))
    monkeypatch.setattr(claims.random.Random, "sample", lambda self, items, _: list(items))
    arguments = ["claims", "export", "--shared", str(shared), "--encoder", str(encoder), "--model", str(shared / "model.pt"), "--out", str(shared / "shipped")]  # fmt: skip
    monkeypatch.setattr("sys.argv", arguments)
    claims.main()
    reader = PairReader(shared / "shipped", claims.TOKENIZER)
    temperature = json.loads((shared / "shipped/settings.json").read_text())["temperature"]
    for pair in pairs[:6]:
        (shipped,) = reader.compare([(pair.a, pair.b)])
        scores = predict(model, [pair], tokenizer).scores / temperature
        wanted = {name: values[0] for name, values in outputs(scores).items()}
        for name in claims.RELATIONS:
            assert getattr(shipped, name) == pytest.approx(wanted[name], abs=0.12), "but for eight bits"
    assert len(OUTPUTS) == model.out.out_features


def test_pairs_of_which_nothing_is_known_teach_nothing() -> None:
    assert Pair("a", "b").turns and not Pair("a", "b", strengthens=1.0).turns
