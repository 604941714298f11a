"""Training what says what one claim is to another, on a toy: examples, fitting, heads, export, reading back."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest

from onrecord import read_many
from onrecord.errors import ModelError
from onrecord.ledger import Ledger
from onrecord.meaning.pairs import OUTPUTS, TURNED, PairReader, pieces_of_pairs
from onrecord.model import SourceType, Span, Speaker, Statement
from onrecord.relate.claims import claim_of
from onrecord.relate.evidence import NAMES

if os.environ.get("CI"):
    import torch
    import transformers
else:
    torch = pytest.importorskip("torch", reason="training needs the extra: pip install -e '.[train]'")
    transformers = pytest.importorskip("transformers", reason="training needs the extra: pip install -e '.[train]'")

from train import claims, pool
from train import pairs as pairs_of
from train.network import word_embeddings
from train.pairs import Pair, build, fit, outputs, predict
from train.recover import recovered_pairs

TEXT = "Ilse Kamara said that the crane was repaired in May. The port denied that it was repaired."
GROUP = {
    "claim": "The crane was repaired.", "same": ["They mended the crane.", "The crane works again."],
    "clash": [["The crane is still broken.", ["was repaired"], ["still broken"]], ["Nobody mended it.", ["repaired"], ["Nobody"]]],
    "answer": "The union laughed.", "related": ["The ferry was painted.", "Another crane fell in 1950."],
}  # fmt: skip

PAIRS = [
    {"a": "Ilse Kamara wants: the crane repaired", "b": "The port has refused: to repair it", "label": "dispute", "clash": [["wants"], ["has refused"]]},
    {"a": "The union scoffed at: the plan", "b": "Ruz proposed: a plan for the crane", "label": "answer", "by": "a"},
]  # fmt: skip


PLAIN = [
    {"p": ["The crane works", "The crane is in order", "They can use the crane"],
     "n": ["The crane is broken", "Nothing moves the crane", "The crane does not work"],
     "o": ["The crane is new", "Another crane is broken", "The crane needs no paint"]},
    {"p": ["It rained", "Rain fell", "The day was wet"], "n": ["It was dry", "No drop fell", "The sun shone all day"],
     "o": ["It rains in May", "The drops were cold", "They sold umbrellas"]},
]  # fmt: skip
HEADS = [
    {"a": f"{who} said: that it rained", "b": "Ruz denied: it", "label": "related"}
    for who in ("Ilse Kamara", "the port", "Ober")
]
SIDES = [
    {side: [f"Ruz {number} said: {text}" for number, text in enumerate(row[side])] for side in "pno"} for row in PLAIN
]

SCENES = [
    {
        "s": SIDES[0]["p"][:2] + SIDES[0]["n"][:2] + ["Ruz asked: why"],
        "d": [[0, 2], [3, 1]],
        "r": [[1, 0]],
        "a": [[4, 2], [0, 4]],
    }
]


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
    for name, rows in (("pairs", [*PAIRS, *HEADS]), ("plain", PLAIN), ("sides", SIDES), ("scenes", SCENES)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setattr(claims.invented_pairs, "__defaults__", (tmp_path / "pairs.jsonl",))
    monkeypatch.setattr(claims.plain, "__defaults__", (tmp_path / "plain.jsonl", tmp_path / "pairs.jsonl", 5))
    monkeypatch.setattr(claims.sides, "__defaults__", (tmp_path / "sides.jsonl", 6))
    monkeypatch.setattr(claims.scenes, "__defaults__", (tmp_path / "scenes.jsonl",))
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
    assert (answer.relation, same.relation) == ("answered", "restates")
    (shared / "labels.jsonl").write_text((shared / "labels.jsonl").read_text().replace('"id": "a"', '"id": "b"'))
    with pytest.raises(ValueError, match="not in the data"):
        list(claims.labelled(shared, shared / "labels.jsonl"))


def test_a_pair_with_one_document_in_the_fold_left_out_is_neither_learnt_nor_measured(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = next(str(n) for n in range(99) if claims.fold_of(str(n)) == 0)
    there = next(str(n) for n in range(99) if claims.fold_of(str(n)) == 1)
    with gzip.open(shared / "data/polnear/train.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps({"id": name, "text": TEXT}) + "\n" for name in (here, there))
    first = json.loads((shared / "labels.jsonl").read_text().splitlines()[2])
    rows = [
        {**first, "label": label, "a": {**first["a"], "id": one}, "b": {**first["b"], "id": other}}
        for label, one, other in (
            ("same", here, here), ("related", here, there), ("related", there, here), ("none", there, there),
        )
    ]  # fmt: skip
    (shared / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setattr(claims, "LABELS", shared / "labels.jsonl")
    pairs = list(claims.labelled(shared, shared / "labels.jsonl"))
    measured, same = claims.inside(pairs, 0)
    assert ([pair.relation for pair in measured], same) == (["restates"], [True])
    assert [pair.relation for pair in claims.outside(pairs, 0)] == ["none"]
    assert len(claims.outside(pairs, None)) == 4
    assert claims.inside(pairs, None)[1] == [True, False, False, True]


def test_a_group_gives_pairs_of_every_kind(shared: Path) -> None:
    made = list(claims.invented(shared / "groups.jsonl"))
    assert {pair.relation for pair in made} == {"restates", "disputes", "answers", "related", "none"}
    first = next(pair for pair in made if pair.relation == "disputes" and pair.clash)
    assert first.clash is not None and [first.b[s:e] for s, e in first.clash[1]] == ["still broken"]
    assert len({pair.group for pair in made}) == 1


def test_invented_pairs_are_what_they_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in PAIRS))
    dispute, answer = claims.invented_pairs(tmp_path / "pairs.jsonl")
    assert dispute.relation == "disputes" and answer.relation == "answered" and answer.clash == ((), ())
    assert dispute.clash is not None and [dispute.b[s:e] for s, e in dispute.clash[1]] == ["has refused"]


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


def encoder_of(folder: Path, kind: str) -> Path:
    """A small encoder with random weights, as Hugging Face writes it; MPNet's word pieces in an order of its own."""
    torch.manual_seed(1)
    sizes = {"hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 2, "intermediate_size": 64}
    tokenizer = json.loads(claims.TOKENIZER.read_text(encoding="utf-8"))
    if kind == "mpnet":
        vocabulary = tokenizer["model"]["vocab"]
        words = ["<s>", "<pad>", "</s>", "<unk>", *sorted(vocabulary), "<mask>"]
        tokenizer["model"]["vocab"] = {word: number for number, word in enumerate(words)}
        config = transformers.MPNetConfig(vocab_size=len(words), **sizes)
        transformers.MPNetModel(config).save_pretrained(folder)
    else:
        config = transformers.BertConfig(vocab_size=30522, **sizes)
        transformers.BertModel(config).save_pretrained(folder)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("kind", "layers"), [("bert", ()), ("mpnet", (0, 3))])
def test_it_learns_goes_on_from_a_checkpoint_and_is_the_same_when_shipped(
    shared: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    layers: tuple[int, ...],
) -> None:
    encoder = encoder_of(shared / "encoder", kind)
    tokenizer = pieces_of_pairs(claims.TOKENIZER)
    pairs = list(claims.invented(shared / "groups.jsonl"))
    model = build(encoder, layers=layers)
    keep = shared / "kept"
    fit(model, pairs, tokenizer, epochs=60, rate=2e-3, batch=8, keep=keep)
    found = outputs(predict(model, pairs, tokenizer).scores)
    right = [
        max(claims.RELATIONS, key=lambda name, n=n: found[name][n]) == pair.relation for n, pair in enumerate(pairs)
    ]
    assert np.mean(right) > 0.8
    again = build(encoder, layers=layers)
    fit(again, pairs, tokenizer, epochs=60, rate=2e-3, batch=8, keep=keep)
    assert np.allclose(predict(again, pairs, tokenizer).scores, predict(model, pairs, tokenizer).scores), (
        "nothing was left to do"
    )
    torch.save(model.state_dict(), shared / "model.pt")
    for name, file in (("GROUPS", "groups.jsonl"), ("LABELS", "labels.jsonl")):
        monkeypatch.setattr(claims, name, shared / file)
    monkeypatch.setattr(claims.labelled, "__defaults__", (shared / "labels.jsonl",))
    monkeypatch.setattr(
        claims.random.Random, "sample", lambda self, items, count: list(items)[: 2 if count == 2 else None]
    )
    run(monkeypatch, "ship", shared, encoder, "--model", "model.pt", "--out", "shipped", "--layers", *map(str, layers))
    assert "two sides: disputes 9 of " in capsys.readouterr().out, "as it is shipped, on those left out"
    reader = PairReader(shared / "shipped", claims.TOKENIZER)
    settings = json.loads((shared / "shipped/settings.json").read_text())
    assert set(settings["ties"]) == {"restates", "disputes", "answers", "strengthens", "weakens"}
    assert {len(one["weights"]) for one in settings["ties"].values()} == {len(NAMES)}
    compared = 0
    for pair in pairs:
        (shipped,) = reader.compare([(pair.a, pair.b)])
        both = predict(model, [pair, Pair(pair.b, pair.a)], tokenizer).scores / settings["temperature"]
        one, turned = ({name: values[n] for name, values in outputs(both).items()} for n in (0, 1))
        if abs(max(one["restates"], one["disputes"]) - 0.15) < 0.05:
            continue
        wanted = {name: one[name] for name in claims.RELATIONS}
        if max(one["restates"], one["disputes"]) >= 0.15:
            means = {
                n: (one[n] * turned[{"answers": "answered", "answered": "answers"}.get(n, n)]) ** 0.5 for n in wanted
            }
            wanted = {name: value / sum(means.values()) for name, value in means.items()}
        for name in claims.RELATIONS:
            assert getattr(shipped, name) == pytest.approx(wanted[name], abs=0.12), "but for eight bits"
        compared += 1
    assert compared >= 6
    if kind == "mpnet":
        back = build(encoder, layers=layers)
        back.load_state_dict(recovered_pairs(shared / "shipped", encoder, layers))
        apart = predict(back, pairs, tokenizer).scores - predict(model, pairs, tokenizer).scores
        assert np.abs(apart[:, : len(claims.RELATIONS)]).mean() < 0.05, "but for eight bits"
    assert len(OUTPUTS) == model.out.out_features


def test_what_may_be_a_dispute_a_second_network_reads_the_other_way_round(shared: Path) -> None:
    encoder = encoder_of(shared / "encoder", "mpnet")
    tokenizer = pieces_of_pairs(claims.TOKENIZER)
    pairs = list(claims.invented(shared / "groups.jsonl"))
    model = build(encoder, layers=(0, 3))
    fit(model, pairs, tokenizer, epochs=40, rate=2e-3, batch=8)
    second = build(encoder)
    torch.save(model.state_dict(), shared / "first.pt")
    claims.take_words(second, shared / "first.pt")
    fit(second, pairs, tokenizer, epochs=40, rate=2e-3, batch=8, seed=3)
    table = word_embeddings(model.encoder).weight
    assert torch.equal(word_embeddings(second.encoder).weight, table), "it has the first one's word pieces"
    folder = shared / "both"
    folder.mkdir()
    claims.export(model, pairs, folder / "pairs.onnx")
    claims.export_second(second, pairs, folder / "second.onnx")
    (folder / "settings.json").write_text('{"temperature": 1.5, "second": 0.1}')
    reader, read = PairReader(folder, claims.TOKENIZER), 0
    for pair in pairs:
        (shipped,) = reader.compare([(pair.a, pair.b)])
        first = outputs(predict(model, [pair], tokenizer).scores / 1.5)
        if first["disputes"][0] < 0.15:
            continue
        again = outputs(predict(second, [Pair(pair.b, pair.a)], tokenizer).scores)
        means = {name: (first[name][0] * again[TURNED.get(name, name)][0]) ** 0.5 for name in claims.RELATIONS}
        for name, value in means.items():
            assert getattr(shipped, name) == pytest.approx(value / sum(means.values()), abs=0.12), "but for eight bits"
        assert all(pair.a[span.start : span.end].strip() for span in shipped.clash[0])
        read += 1
    assert read >= 4
    back = build(encoder)
    back.load_state_dict(recovered_pairs(folder, encoder, second=True))
    apart = predict(back, pairs, tokenizer).scores - predict(second, pairs, tokenizer).scores
    assert np.abs(apart[:, : len(claims.RELATIONS)]).mean() < 0.05, "but for eight bits"
    (folder / "second.onnx").unlink()
    with pytest.raises(ModelError, match=r"second\.onnx"):
        PairReader(folder, claims.TOKENIZER).compare([(pairs[0].a, pairs[0].b)])


def run(monkeypatch: pytest.MonkeyPatch, what: str, shared: Path, encoder: Path, *options: str) -> None:
    files = {"model.pt", "shipped", "pool.jsonl", "taught.jsonl", "less.pt", "again.pt", "tuned.pt"}
    given = [str(shared / option) if option in files else option for option in options]
    monkeypatch.setattr("sys.argv", ["claims", what, "--shared", str(shared), "--encoder", str(encoder), *given])
    claims.main()


def test_plain_claims_are_told_restated_disputed_and_denied(tmp_path: Path) -> None:
    (tmp_path / "plain.jsonl").write_text("".join(json.dumps(row) + "\n" for row in PLAIN))
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in HEADS))
    made = list(claims.plain(tmp_path / "plain.jsonl", tmp_path / "pairs.jsonl"))
    assert {pair.relation for pair in made} == {"restates", "disputes", "related", "none"}
    assert all("Ruz" not in pair.a + pair.b for pair in made)  # who denies lends no neutral cue
    works, broken = (row.lower() for row in (PLAIN[0]["p"][0], PLAIN[0]["n"][0]))
    both = [pair for pair in made if works in pair.a.lower() and broken in pair.b.lower()]
    assert both and all(pair.relation == "disputes" or "den" in pair.b or "disput" in pair.b for pair in both)
    denied = [pair for pair in made if "denied: that" in pair.b]
    for pair in denied:
        claim = pair.b.partition(": that ")[2].lower()
        assert claim in [text.lower() for row in PLAIN for text in row["p"]]
        same = any(text.lower() in pair.a.lower() for row in PLAIN for text in row["p"])
        assert pair.relation == ("disputes" if same else "restates")
    assert denied


def test_statements_of_two_sides_dispute_each_other_and_not_themselves(tmp_path: Path) -> None:
    (tmp_path / "sides.jsonl").write_text("".join(json.dumps(row) + "\n" for row in SIDES))
    made = list(claims.sides(tmp_path / "sides.jsonl"))
    side = {text: (number, name) for number, row in enumerate(SIDES) for name in "pno" for text in row[name]}
    for pair in made:
        (group, one), (other_group, other) = side[pair.a], side[pair.b]
        if group != other_group:
            assert pair.relation == "none"
        elif "o" in (one, other):
            assert pair.relation == "related"
        else:
            assert pair.relation == ("restates" if one == other else "disputes")
    assert {pair.relation for pair in made} == {"restates", "disputes", "related", "none"}


def test_all_statements_of_a_report_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "scenes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in SCENES))
    made = list(claims.scenes(tmp_path / "scenes.jsonl"))
    said = SCENES[0]["s"]
    place = {text: number for number, text in enumerate(said)}
    found = {(place[pair.a], place[pair.b]): pair.relation for pair in made}
    assert len(made) == len(found) == 10
    told = {both: relation for both, relation in found.items() if relation != "related"}
    assert told == {(0, 2): "disputes", (1, 3): "disputes", (0, 1): "restates", (2, 4): "answers", (0, 4): "answered"}
    assert all((pair.weight < 1) == (pair.relation == "related") for pair in made), "those that nobody marked"
    assert {pair.group for pair in made} == {said[0]}


def test_what_a_teacher_said_is_kept_without_the_words(shared: Path) -> None:
    rows = [json.loads(line) for line in (shared / "labels.jsonl").read_text().splitlines()][:1]
    taught = shared / "taught.jsonl.gz"
    with gzip.open(taught, "wt", encoding="utf-8") as out:
        out.write(json.dumps({side: rows[0][side] for side in "ab"} | {"taught": [0, 0.2, 0, 0, 0, 0.8]}) + "\n")
    (pair,) = claims.pooled(taught, None, shared)
    (labelled, *_) = claims.labelled(shared, shared / "labels.jsonl")
    assert (pair.a, pair.b, pair.group, pair.relation) == (labelled.a, labelled.b, "a", None)
    assert pair.taught == (0, 0.2, 0, 0, 0, 0.8, -1, -1)
    assert claims.pooled(taught, claims.fold_of("a"), shared) == []


def test_a_smaller_one_learns_from_what_a_larger_one_says_of_pairs_that_nobody_labelled(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = encoder_of(shared / "encoder", "mpnet")
    for name, file in (("GROUPS", "groups.jsonl"), ("LABELS", "labels.jsonl")):
        monkeypatch.setattr(claims, name, shared / file)
    monkeypatch.setattr(claims.labelled, "__defaults__", (shared / "labels.jsonl",))
    monkeypatch.setattr(claims.invented, "__defaults__", (shared / "groups.jsonl", 4))
    few = ("--altered", "8", "--first", "1", "--second", "1")
    run(monkeypatch, "fit", shared, encoder, "--out", "model.pt", *few)
    with Ledger.open(shared / "desk.db") as ledger:
        for name in ("one", "two"):
            ledger.add(next(iter(read_many([str(written(shared / f"{name}.txt"))]))))
    monkeypatch.setattr("sys.argv", ["pool", "--ledger", str(shared / "desk.db"), "--out", str(shared / "pool.jsonl")])
    pool.main()
    rows = [json.loads(line) for line in (shared / "pool.jsonl").read_text().splitlines()]
    assert rows and all(row["a"] != row["b"] for row in rows)
    run(monkeypatch, "teach", shared, encoder, "--model", "model.pt", "--pool", "pool.jsonl", "--out", "taught.jsonl")
    said = claims.pooled(shared / "taught.jsonl", None, shared)
    assert [(pair.a, pair.b) for pair in said[: len(rows)]] == [(row["a"], row["b"]) for row in rows]
    assert {SCENES[0]["s"][4], PAIRS[0]["b"]} <= {pair.b for pair in said[len(rows) :]}, "and of invented ones"
    for pair in said:
        assert pair.taught is not None and sum(pair.taught[:6]) == pytest.approx(1, abs=1e-3)
    run(
        monkeypatch, "fit", shared, encoder, "--taught", "taught.jsonl", "--start", "model.pt", "--layers", "0", "2",
        "--out", "less.pt", *few,
    )  # fmt: skip
    less = build(encoder, shared / "less.pt", (0, 2))
    assert less.encoder.config.num_hidden_layers == 2
    run(
        monkeypatch, "fit", shared, encoder, "--taught", "taught.jsonl", "--start", "less.pt", "--layers", "0", "2",
        "--out", "again.pt", *few,
    )  # fmt: skip
    once, twice = (torch.load(shared / name, weights_only=True) for name in ("less.pt", "again.pt"))
    assert once.keys() == twice.keys() and not torch.equal(once["out.weight"], twice["out.weight"]), "it went on"
    run(
        monkeypatch, "tune", shared, encoder, "--start", "less.pt", "--layers", "0", "2", "--hold", "1",
        "--out", "tuned.pt", "--rate", "1e-3", "--others", "1", "--hard", "1", "--without", "0",
        "--taught", "taught.jsonl", "--of-taught", "4", "4",
    )  # fmt: skip
    before, after = (torch.load(shared / name, weights_only=True) for name in ("less.pt", "tuned.pt"))
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert {"out.weight", "mix.weight", "encoder.encoder.layer.1.output.dense.weight"} <= moved
    held = ("encoder.embeddings.", "encoder.encoder.layer.0.", "encoder.encoder.relative_attention_bias.")
    assert not [name for name in moved if name.startswith(held)]


def test_the_mean_of_two_networks_stands_between_them(shared: Path) -> None:
    encoder = encoder_of(shared / "encoder", "mpnet")
    one, other = build(encoder), build(encoder)
    torch.save(other.state_dict(), shared / "other.pt")
    before, there = one.out.weight.detach().clone(), other.out.weight.detach()
    claims.mean(one, shared / "other.pt", 0.25)
    assert torch.allclose(one.out.weight, 0.75 * before + 0.25 * there) and not torch.allclose(before, there)


def written(file: Path) -> Path:
    file.write_text(
        f"The minister said that the ferry sank on Monday ({file.stem}). The owner denied that the ferry had sunk.\n\n"
        "The minister added that nobody was hurt when the ferry sank. Ilse Kamara said that three people were hurt.\n"
    )
    return file


def test_a_pair_that_changes_places_while_it_is_learnt_is_the_pair_of_both_the_other_way_round() -> None:
    tokenizer = pieces_of_pairs(claims.TOKENIZER)
    clash: claims.Clash = (((4, 9),), ((0, 3), (10, 20)))
    said = (0.1, 0.2, 0.3, 0.05, 0.25, 0.1)
    one, other = "the crane was repaired in May", "no crane was ever repaired, said the port's own engineers"
    ones = [
        Pair(one, other, relation="answers", clash=clash, weight=0.5),
        Pair(one, other, taught=(*said, -1.0, -1.0)),
        Pair(" ".join([one] * 40), other, relation="disputes", clash=((), ())),
        Pair("", ""),
    ]
    others = [
        Pair(other, one, relation="answered", clash=(clash[1], clash[0]), weight=0.5),
        Pair(other, one, taught=(0.1, 0.2, 0.05, 0.3, 0.25, 0.1, -1.0, -1.0)),
        Pair(other, " ".join([one] * 40), relation="disputes", clash=((), ())),
        Pair("", ""),
    ]
    numbers = torch.arange(len(ones))
    turned = pairs_of._packed(ones, tokenizer, 0).batch(numbers, torch.ones(len(ones), dtype=torch.bool), 160)
    plain = pairs_of._packed(others, tokenizer, 0).batch(numbers, torch.zeros(len(ones), dtype=torch.bool), 160)
    for name in ("pieces", "segments", "parts", "mask", "clash", "relation", "taught", "weight"):
        assert torch.equal(getattr(turned, name), getattr(plain, name)), name
    found = tokenizer.encode(other, one)
    assert turned.pieces[1, : len(found.ids)].tolist() == found.ids, "as it is read at run time"
    assert turned.segments[1, : len(found.ids)].tolist() == found.type_ids
    assert (plain.clash[1] == -1).all() and plain.clash[0].max() == 1 and (plain.clash[2][plain.mask[2] > 0] == 0).all()
    leaning = pairs_of._packed([Pair(one, other, taught=(*said, 0.4, 0.6))], tokenizer, 0)
    kept, lost = (
        leaning.batch(numbers[:1], torch.tensor([back]), 160).taught[0, 6:].tolist() for back in (False, True)
    )
    assert kept == pytest.approx([0.4, 0.6]) and lost == [-1, -1], "what b does to a says nothing of what a does to b"


def test_pairs_of_which_nothing_is_known_teach_nothing() -> None:
    assert Pair("a", "b").turns and not Pair("a", "b", strengthens=1.0).turns
