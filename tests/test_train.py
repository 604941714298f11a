"""The training commands on a toy: twenty steps, resumed half way, exported, read back."""

import gzip
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest

from onrecord import networks
from onrecord.extract.words import cut

if os.environ.get("CI"):  # a new machine's CI installs PyTorch: a missing one is a failure there
    import torch
    import transformers
else:
    torch = pytest.importorskip("torch", reason="training needs the extra: pip install -e '.[train]'")
    transformers = pytest.importorskip("transformers", reason="training needs the extra: pip install -e '.[train]'")

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from train import export, fit
from train.data import prepare, to_words
from train.network import crf_loss, word_embeddings
from train.paragraphs import paragraph

from onrecord.extract.tagger import Tagger

PEOPLE = ["The mayor of Ostrava Bay", "Ilse Kamara", "Two dockers", "A spokesman for the port"]
CUES = ["said", "denied", "warned", "hopes", "told reporters"]
CLAIMS = ["that the crane had been repaired", "“nobody was hurt”", "the ferry would sail on Monday"]


def article(number: int) -> dict[str, object]:
    text, attributions = "", []
    for k in range(6):
        spans = {}
        for role, choices in (("source", PEOPLE), ("cue", CUES), ("content", CLAIMS)):
            words = choices[(number * 7 + k * 3) % len(choices)]
            spans[role] = [[len(text), len(text) + len(words)]]
            text += words + (" " if role != "content" else ".\n")
        attributions.append(spans)
    first = attributions[0]["content"][0]
    nested = [{"source": [], "cue": [[first[0], first[0] + 4]], "content": [[first[0] + 5, first[1]]]}]
    return {
        "id": str(number),
        "text": text,
        "attributions": attributions,
        "nested": nested if number % 2 else [],
        "nested_known": [first] if number % 2 else [],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy")
    rows = [article(n) for n in range(12)]
    (folder / "toy.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    words = sorted({w.lower() for r in rows for w in cut(str(r["text"])).strings()})
    vocabulary = {w: i for i, w in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words])}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    encoder = folder / "encoder"
    config = transformers.BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    transformers.BertModel(config).save_pretrained(encoder)
    tokenizer.save(str(encoder / "tokenizer.json"))
    return folder


def options(folder: Path, *more: str) -> list[str]:
    return ["--data", str(folder / "toy.jsonl"), "--encoder", str(folder / "encoder"), "--batch", "4", *more]


def train(folder: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> None:
    monkeypatch.setattr("sys.argv", ["fit", *options(folder, *more)])
    fit.main()


def test_twenty_steps_export_and_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train(folder, monkeypatch, "--out", str(folder / "run"), "--steps", "20", "--rate", "1e-3")
    monkeypatch.setattr(
        "sys.argv",
        ["export", "--model", str(folder / "run/model.pt"), "--encoder", str(folder / "encoder"), "--out", str(folder / "out")],
    )  # fmt: skip
    export.main()
    tagger = Tagger(folder / "out")
    text = str(article(3)["text"])
    words, found = tagger.tag(text)
    assert len(words) == len(cut(text))
    for item in found:
        assert 0 <= item.cue[0] < item.cue[1] <= len(words)
        assert 0 <= item.score <= 1


def test_weights_come_back_out_of_the_exported_graphs(folder: Path) -> None:
    from train.recover import recovered

    model = fit.build(folder / "encoder")
    with torch.no_grad():
        for parameter in model.parameters():  # untrained ones are zeros in many places, which the graph keeps once
            parameter.add_(torch.randn_like(parameter) * 0.05)
    export.export(model, folder / "encoder", folder / "graphs", [str(article(1)["text"])])
    state, back = model.state_dict(), recovered(folder / "graphs", folder / "encoder")
    for name, value in state.items():
        if "pooler" not in name and "token_type" not in name:
            # Eight bits a weight: within a two-hundredth of the largest; less exactly where channels were leveled.
            down = ".output.dense" in name and "attention" not in name
            part = 50 if down or any(w in name for w in ("query", "key", "value", "intermediate")) else 200
            assert (value - back[name]).abs().max() <= value.abs().max() / part, name


def test_the_shipped_product_of_the_largest_numbers_is_the_one_that_is_written(tmp_path: Path) -> None:
    export.largest_product(tmp_path / "product.onnx")
    assert (tmp_path / "product.onnx").read_bytes() == networks._PRODUCT.read_bytes()


def test_the_exported_graph_gives_what_the_network_gives(folder: Path) -> None:
    from train.export import EncoderGraph

    torch.manual_seed(3)
    model = fit.build(folder / "encoder").eval()
    tokenizer = Tokenizer.from_file(str(folder / "encoder/tokenizer.json"))
    articles = [prepare(article(n), tokenizer) for n in range(3)]
    examples = [w for a in articles for w in fit.training_windows(a, 64, fit.random.Random(1))]
    batch = fit.collate(examples)
    graph = EncoderGraph(model)
    word_embeddings(model.encoder).weight.data = graph.table.float() * graph.scale  # as eight bits have them
    with torch.no_grad():
        wanted = model.states(batch.pieces, batch.mask, (batch.shapes, batch.breaks), batch.first)
        for leveled in (False, True):
            if leveled:
                export.level(graph.encoder, lambda: graph(batch.pieces, batch.shapes, batch.breaks, batch.first))
            for row, example in enumerate(examples):  # the graph reads one window at a time, without padding
                one = fit.collate([example])
                got, tags, _marks = graph(one.pieces, one.shapes, one.breaks, one.first)
                real = len(example.first)
                assert torch.allclose(got[0], wanted[row, :real], atol=1e-4)
                assert torch.allclose(tags[0], model.tags(wanted[row, :real]), atol=1e-4)


def test_training_goes_on_from_a_checkpoint(folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:  # fmt: skip
    train(folder, monkeypatch, "--out", str(folder / "half"), "--steps", "6")
    with caplog.at_level("INFO"):
        train(folder, monkeypatch, "--out", str(folder / "half"), "--steps", "9")
    assert "resuming at step 6" in caplog.text
    assert torch.load(folder / "half/checkpoint.pt", weights_only=True)["done"] == 9


def test_varied_windows_are_short_and_begin_as_texts_do_or_do_not(folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(folder / "encoder/tokenizer.json"))
    made = prepare(article(1), tokenizer)
    plain = fit.training_windows(made, 80, fit.random.Random(1))
    assert [w.breaks[0] for w in plain] == [4, *[2] * (len(plain) - 1)]
    varied = fit.training_windows(made, 80, fit.random.Random(1), vary=1.0)
    assert len(varied) > len(plain)
    assert [w.breaks[0] for w in varied] == [3, *[4] * (len(varied) - 1)]
    assert made.words.breaks[0] == 4


def test_a_paragraph_becomes_a_text_of_its_own() -> None:
    text = "Skip this.\nThe port said dockers want a vote."
    label = {
        "corpus": "news",
        "id": "7",
        "start": 11,
        "end": len(text),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    said = {"source": [[11, 19]], "cue": [[20, 24]], "content": [[25, 44]], "parent": None}
    want = {"source": [[25, 32]], "cue": [[33, 37]], "content": [[38, 44]], "parent": 0}
    row = paragraph(label | {"statements": [said, want]}, text)
    assert row["text"] == "The port said dockers want a vote."
    assert row["attributions"] == [{"source": [[0, 8]], "cue": [[9, 13]], "content": [[14, 33]]}]
    assert row["nested"] == [{"source": [[14, 21]], "cue": [[22, 26]], "content": [[27, 33]]}]
    assert row["nested_known"] == [[14, 33]]
    with pytest.raises(ValueError, match="news:7"):
        paragraph(label, text + " ")


def test_labels_become_word_indices() -> None:
    words = cut("Oslo's envoy said: “No.”")
    assert to_words(words, [[0, 12]]) == (0, 1, 2)
    assert to_words(words, [[19, 23]]) == (5, 6, 7)
    assert to_words(words, []) == ()


def test_crf_loss_is_the_negative_log_of_the_paths_share() -> None:
    import itertools

    torch.manual_seed(1)
    scores, transitions = torch.randn(1, 4, 3), torch.randn(3, 3)

    def value(path: tuple[int, ...]) -> float:
        steps = sum(transitions[a, b].item() for a, b in itertools.pairwise(path))
        return sum(scores[0, t, r].item() for t, r in enumerate(path)) + steps

    total = torch.tensor([value(p) for p in itertools.product(range(3), repeat=4)]).logsumexp(0)
    path = (0, 2, 2, 1)
    loss = crf_loss(scores, transitions, torch.tensor([path]), torch.tensor([4]))
    assert loss.item() == pytest.approx(total.item() - value(path), abs=1e-4)


def act_label(number: int, at: int) -> dict[str, object]:
    row = article(number)
    text, item = str(row["text"]), row["attributions"][at]  # type: ignore[index]
    spans = {role: item[role] for role in ("source", "cue", "content")}
    act = ["assert", "deny", "warn"][at % 3]
    others = {
        "second": None,
        "certainty": "certain",
        "polarity": "negative" if act == "deny" else "positive",
        "flags": ["future"] if at % 2 else [],
    }
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return {"corpus": "polnear", "id": row["id"], "sha256": sha256, "act": act, **spans, **others}


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    data = tmp_path / "data/polnear"
    data.mkdir(parents=True)
    for name, numbers in (("train", range(8)), ("dev", ())):
        with gzip.open(data / f"{name}.jsonl.gz", "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(article(n) | {"id": str(n)}) + "\n" for n in numbers)
    labels = [act_label(n, at) for n in range(7) for at in range(4)]
    (tmp_path / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in labels), encoding="utf-8")
    others = [{key: act_label(7, at)[key] for key in ("corpus", "id", "source", "cue", "content")} for at in range(3)]
    (tmp_path / "others.jsonl").write_text("".join(json.dumps(row) + "\n" for row in others), encoding="utf-8")
    return tmp_path


def test_a_teacher_judges_statements_with_and_without_labels(
    folder: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from train import teach

    tokenizer = Tokenizer.from_file(str(folder / "encoder/tokenizer.json"))
    tokenizer.add_tokens(["<s>", *(f"[unused{k}]" for k in range(1, 7))])
    encoder = shared / "teacher"
    config = transformers.BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32,
    )  # fmt: skip
    transformers.BertModel(config).save_pretrained(encoder)
    tokenizer.save(str(encoder / "tokenizer.json"))
    files = ["--labels", str(shared / "labels.jsonl"), "--others", str(shared / "others.jsonl")]
    out = shared / "taught.npz"
    rest = [
        "--encoder",
        str(encoder),
        "--out",
        str(out),
        "--epochs",
        "1",
        "--batch",
        "8",
        "--seeds",
        "1",
        "2",
        "--without",
        "4",
    ]
    monkeypatch.setattr("sys.argv", ["teach", "--shared", str(shared), *files, *rest])
    teach.main()
    with np.load(out) as stored:
        assert stored["labelled"].shape == (28, teach.OUTPUTS)
        assert stored["others"].shape == (3, teach.OUTPUTS)


def test_a_statement_is_shown_to_the_teacher_with_its_parts_marked(folder: Path) -> None:
    from train import teach

    tokenizer = Tokenizer.from_file(str(folder / "encoder/tokenizer.json"))
    tokenizer.add_tokens(["<s>", *(f"[unused{k}]" for k in range(1, 7))])
    text = "Ilse Kamara said that the crane had been repaired."
    shown = teach.show(text, {"source": [[0, 11]], "cue": [[12, 16]], "content": [[17, 49]]}, tokenizer)
    pieces = [tokenizer.id_to_token(int(piece)) for piece in shown.pieces]
    begun = ["<s>", "[unused1]", "ilse", "kamara", "[unused2]", "[unused3]", "said", "[unused4]", "[unused5]", "that"]
    assert pieces[:10] == begun
    assert [pieces[at] for at in shown.at] == ["<s>", "[unused5]", "[unused3]"]


def test_acts_and_attributions_are_learnt_together(
    folder: Path, shared: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from train import joint, judge

    from onrecord.qualify import judge as shipped_judge

    start = shared / "start.pt"
    torch.save({"model": fit.build(folder / "encoder").state_dict()}, start)
    rng = np.random.default_rng(1)
    outputs = sum(map(len, shipped_judge.HEADS.values()))
    np.savez(shared / "taught.npz", labelled=rng.normal(size=(28, outputs)), others=rng.normal(size=(3, outputs)))
    out = shared / "joint"

    def run(epochs: int) -> None:
        files = ["--labels", str(shared / "labels.jsonl"), "--data", str(folder / "toy.jsonl"), "--taught",
                 str(shared / "taught.npz"), "--others", str(shared / "others.jsonl")]  # fmt: skip
        rest = ["--encoder", str(folder / "encoder"), "--start", str(start), "--out", str(out), "--without", "4"]
        sizes = ["--epochs", str(epochs), "--batch", "4", "--share", "1", "--cache", str(shared / "cache.pkl")]
        monkeypatch.setattr("sys.argv", ["joint", "--shared", str(shared), *files, *rest, *sizes])
        joint.main()

    with caplog.at_level("INFO"):
        run(1)
        run(2)
    assert "resuming at epoch 1" in caplog.text
    before, after = (torch.load(path, weights_only=True)["model"] for path in (start, out / "model.pt"))
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert {"tags.weight", "roles.weight", "deeds.mix.weight"} <= moved
    assert not any(name.startswith("side.") or "word_embeddings" in name for name in moved)

    monkeypatch.setattr("sys.argv", ["judge", "--model", str(out), "--held", str(out), "--out", str(shared / "judge")])
    judge.main()
    monkeypatch.setattr(shipped_judge, "_MODELS", shared / "judge")
    read = shipped_judge.shipped.__wrapped__()
    assert len(read.names) == len(read.words)
    assert read.flags.shape == (4,)
