"""Train the judgement of acts: ``python -m train.judge --shared D --labels F --encoder DIR --start IN.pt --out DIR``.

Reads the labelled articles once with the trained network and keeps, for each labelled statement, the words around it as
the layers see them (``--cache``: in this file, for the next time). Fits the deed head, which makes a vector of each
word, together with the small network that judges a statement by its pooled vectors and its words
(``onrecord.qualify``): act, the speaker's certainty and polarity, flags. The rest of the network stays as it is.
Folds by article give the figures that it prints and the temperature. Writes ``model.pt`` (for ``train.export``),
``judge.npz`` and ``words.json``. Seeded.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from tokenizers import Tokenizer
from torch import Tensor, nn

from onrecord.extract.decode import softmax
from onrecord.extract.reading import DEED
from onrecord.extract.tagger import Tagger, shipped
from onrecord.extract.windows import pack
from onrecord.identify import view_of
from onrecord.identify.view import said_of
from onrecord.model import Act, Certainty, Flag, Polarity
from onrecord.qualify.features import POOLED, Told, names, roles_of, told
from onrecord.qualify.judge import HEADS, polarity_clues
from train.acts import articles, statements
from train.data import example, prepare, read_jsonl
from train.fit import build, collate, load
from train.network import Extractor, Mixed
from train.score import f1_of
from train.side import layers_of

HIDDEN = 64
FOLDS = 5
LEAST = 2
"""A word that so many labelled statements have gets a row of its own."""
REACH = 70
"""So many words on both sides of its cue are kept of a long statement."""
MARGIN = 3
"""So many words before and after a statement are kept."""


@dataclass(frozen=True)
class Item:
    """A labelled statement: the layers of the words around it, its roles among them, its words, its article's fold;
    ``entry`` is the act of its cue in the lexicon."""

    layers: NDArray[np.float16]
    roles: tuple[tuple[int, ...], ...]
    told: Told
    entry: str | None
    label: dict[str, Any]
    fold: int


def key(label: dict[str, Any]) -> str:
    """A label's statement, the same in every version of the file."""
    return json.dumps([label["sha256"], label["cue"], label["content"]])


def items(
    shared: Path, labels: Sequence[dict[str, Any]], model: Extractor, tokenizer: Tokenizer, window: int,
    known: dict[str, Item], reader: Tagger,
) -> list[Item]:  # fmt: skip
    """The labelled statements; those in ``known`` are taken from there, the others added to it."""
    lacking = [label for label in labels if key(label) not in known]
    with torch.no_grad():
        for row, mine in articles(shared, lacking):
            text = row["text"]
            article = prepare({"id": row["id"], "text": text, "attributions": []}, tokenizer)
            cuts = list(pack(article.words, article.pieces, window))
            seen: dict[int, NDArray[np.float16]] = {}
            view = view_of(text, reader.read(text)[0])
            for made, label in zip(statements(text, mine), mine, strict=True):
                said = said_of(view, made)
                core = (said.cue or said.content or said.source)[0]
                place, cut = next((n, c) for n, c in enumerate(cuts) if c.own_start <= core < c.own_end)
                if place not in seen:
                    batch = collate([example(article, cut)])
                    layers = layers_of(model, (batch.pieces, batch.mask, batch.shapes, batch.breaks, batch.first))
                    seen[place] = layers[0].numpy().astype(np.float16)
                roles = roles_of(said)
                every = [i for role in roles for i in role]
                low = max(cut.start, min(every) - MARGIN, core - REACH)
                high = min(cut.end, max(every) + MARGIN + 1, core + REACH)
                one = told(view, said, made.form)
                known[key(label)] = Item(
                    seen[place][low - cut.start : high - cut.start].copy(),
                    tuple(tuple(i - low for i in role if low <= i < high) for role in roles),
                    one,
                    str(one.entry.act) if one.entry else None,
                    {},
                    int(label["sha256"], 16) % FOLDS,
                )
    found = []
    for label in labels:
        item = known[key(label)]
        found.append(Item(item.layers, item.roles, item.told, item.entry, label, item.fold))
    return found


class Net(nn.Module):
    """The deed head and the judge: layers of words, and rows of words, to the heads' scores."""

    def __init__(self, hidden: int, rows: int) -> None:
        super().__init__()
        self.deeds = Mixed(hidden, DEED, 0.2)
        self.rows = nn.Embedding(rows + 1, HIDDEN, padding_idx=rows)
        with torch.no_grad():
            self.rows.weight.normal_(std=0.03)[rows] = 0
        self.dense = nn.Linear(POOLED * DEED, HIDDEN)
        self.out = nn.Linear(HIDDEN, sum(map(len, HEADS.values())))
        self.drop = nn.Dropout(0.4)

    def forward(self, layers: Tensor, roles: Tensor, rows: Tensor) -> Tensor:
        """Scores ``(batch, outputs)`` of layers ``(batch, words, …)``, roles ``(roles, batch, words)`` and rows."""
        vectors = nn.functional.dropout(self.deeds(layers), 0.2, self.training)
        pooled = [(vectors * role.unsqueeze(-1)).sum(1) / role.sum(1, keepdim=True).clamp(min=1) for role in roles]
        for role in roles[:2]:
            highest = vectors.masked_fill(role.unsqueeze(-1) == 0, -1e4).amax(1)
            pooled.append(highest * (role.sum(1, keepdim=True) > 0))
        hidden = self.dense(torch.cat(pooled, 1)) + self.words(rows)
        scores: Tensor = self.out(self.drop(torch.relu(hidden)))
        return scores

    def words(self, rows: Tensor) -> Tensor:
        """What a statement's words add; in training a share of them is left out."""
        nothing = self.rows.num_embeddings - 1
        known = (rows != nothing).sum(1, keepdim=True).clamp(min=1)
        if self.training:
            rows = rows.masked_fill(torch.rand(rows.shape) < 0.3, nothing)
        made: Tensor = self.rows(rows).sum(1) / known.sqrt()
        return made


def vocabulary(mine: Sequence[Item]) -> dict[str, int]:
    """Rows of the words that enough statements have."""
    counts = Counter(name for item in mine for name in names(item.told))
    return {name: row for row, name in enumerate(sorted(n for n, c in counts.items() if c >= LEAST))}


def batch_of(mine: Sequence[Item], known: dict[str, int]) -> tuple[Tensor, Tensor, Tensor]:
    """Layers, roles and rows of some statements, filled up."""
    most = max(len(i.layers) for i in mine)
    layers = np.zeros((len(mine), most, mine[0].layers.shape[1]), np.float32)
    roles = np.zeros((len(mine[0].roles), len(mine), most), np.float32)
    ids = [[known[name] for name in names(item.told) if name in known] for item in mine]
    rows = np.full((len(mine), max(1, *map(len, ids))), len(known))
    for k, item in enumerate(mine):
        layers[k, : len(item.layers)] = item.layers
        for r, role in enumerate(item.roles):
            roles[r, k, list(role)] = 1
        rows[k, : len(ids[k])] = ids[k]
    return torch.from_numpy(layers), torch.from_numpy(roles), torch.from_numpy(rows)


def targets(mine: Sequence[Item]) -> dict[str, Tensor]:
    """The right outputs of each head."""
    return {
        "act": torch.tensor([list(Act).index(Act(i.label["act"])) for i in mine]),
        "second": torch.tensor([list(Act).index(Act(i.label["second"] or i.label["act"])) for i in mine]),
        "certainty": torch.tensor([list(Certainty).index(Certainty(i.label["certainty"])) for i in mine]),
        "polarity": torch.tensor([list(Polarity).index(Polarity(i.label["polarity"])) for i in mine]),
        "flags": torch.tensor([[float(f in i.label["flags"]) for f in Flag] for i in mine]),
    }


def loss_of(scores: Tensor, right: dict[str, Tensor]) -> Tensor:
    """The heads' losses added up; a second act has a share of the first's."""
    act, certainty, polarity, flags = torch.split(scores, [len(v) for v in HEADS.values()], dim=1)
    entropy = nn.functional.cross_entropy
    acts = 0.9 * entropy(act, right["act"], label_smoothing=0.05) + 0.1 * entropy(act, right["second"])
    others = entropy(certainty, right["certainty"]) + entropy(polarity, right["polarity"])
    flagged = nn.functional.binary_cross_entropy_with_logits(flags, right["flags"])
    return acts + 0.4 * others + 0.5 * flagged


def fit(mine: Sequence[Item], known: dict[str, int], epochs: int, seed: int) -> Net:
    """A network fitted to ``mine``."""
    torch.manual_seed(seed)
    right = targets(mine)
    net = Net(mine[0].layers.shape[1] // 4, len(known))
    dense = [p for name, p in net.named_parameters() if name != "rows.weight"]
    optimiser = torch.optim.AdamW(
        [
            {"params": dense, "weight_decay": 0.05, "lr": 1e-3},
            {"params": [net.rows.weight], "weight_decay": 0.01, "lr": 3e-3},
        ]
    )
    size = 32
    steps = epochs * (len(mine) // size + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [1e-3, 3e-3], total_steps=steps + 1)
    for _ in range(epochs):
        net.train()
        # statements of about the same length together, which saves filling up
        order = torch.randperm(len(mine)).numpy()
        pools = [sorted(order[k : k + 640], key=lambda i: len(mine[i].layers)) for k in range(0, len(order), 640)]
        batches = [pool[k : k + size] for pool in pools for k in range(0, len(pool), size)]
        for place in torch.randperm(len(batches)).tolist():
            some = batches[place]
            loss = loss_of(net(*batch_of([mine[i] for i in some], known)), {n: v[some] for n, v in right.items()})
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return net.eval()


def scored(net: Net, mine: Sequence[Item], known: dict[str, int]) -> NDArray[np.float32]:
    """Scores ``(statements, outputs)``."""
    with torch.no_grad():
        parts = [net(*batch_of(mine[k : k + 64], known)).numpy() for k in range(0, len(mine), 64)]
    return np.concatenate(parts)


def temperature_of(scores: NDArray[np.float32], right: NDArray[np.int64]) -> float:
    """The temperature at which the right acts are likeliest."""

    def loss(t: float) -> float:
        logs = scores / t - (scores / t).max(1, keepdims=True)
        logs = logs - np.log(np.exp(logs).sum(1, keepdims=True))
        return -float(logs[np.arange(len(right)), right].mean())

    return float(min(np.arange(0.4, 3.05, 0.05), key=loss))


def report(mine: Sequence[Item], scores: NDArray[np.float32]) -> None:
    """Accuracy and macro F1 of each head, beside the cue's entry alone for the act."""
    borders = np.cumsum([0, *(len(values) for values in HEADS.values())]).tolist()
    for (name, values), (a, b) in zip(HEADS.items(), pairwise(borders), strict=True):
        if name == "flags":
            for k, flag in enumerate(Flag):
                gold = [str(flag in i.label["flags"]) for i in mine]
                got = [str(bool(s > 0)) for s in scores[:, a + k]]
                print(f"{flag:14}{100 * f1_of(gold, got, 'True'):6.1f} F1, {gold.count('True')} of them")
            continue
        line(name, [i.label[name] for i in mine], [str(values[k]) for k in scores[:, a:b].argmax(1)])
    line("cue alone", [i.label["act"] for i in mine], [i.entry or "assert" for i in mine])


def line(name: str, gold: Sequence[str], got: Sequence[str]) -> None:
    """Accuracy, macro F1, and the F1 of each value."""
    accuracy = sum(g == p for g, p in zip(gold, got, strict=True)) / len(gold)
    each = {value: f1_of(gold, got, value) for value in sorted(set(gold))}
    told = " ".join(f"{value} {100 * f1:.0f}" for value, f1 in each.items())
    print(f"{name:14}{100 * accuracy:6.1f} right, macro F1 {100 * sum(each.values()) / len(each):.1f} ({told})")


def polarity_of(mine: Sequence[Item], scores: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Weights of the regression of polarity, fitted to what networks said of statements that they had not seen; F1 of
    negative in cross-validation is printed."""
    acts = softmax(scores[:, : len(Act)] / temperature)
    start = len(Act) + len(Certainty)
    odds = scores[:, start : start + len(Polarity)]
    clues = np.stack([polarity_clues(a, o, i.told) for a, o, i in zip(acts, odds, mine, strict=True)])
    negative = np.array([i.label["polarity"] == Polarity.NEGATIVE for i in mine])
    model = LogisticRegression(C=1.0, max_iter=3000, fit_intercept=False, class_weight={False: 1.0, True: 1.3})
    groups = [int(i.label["sha256"], 16) // FOLDS % FOLDS for i in mine]
    guessed = cross_val_predict(model, clues, negative, groups=groups, cv=GroupKFold(FOLDS))
    both = int((guessed & negative).sum())
    print(f"polarity by regression: F1 of negative {200 * both / int(guessed.sum() + negative.sum()):.1f}")
    return np.asarray(model.fit(clues, negative).coef_[0], np.float32)


def write(net: Net, known: dict[str, int], temperature: float, polarity: NDArray[np.float32], model: Extractor,
          out: Path) -> None:  # fmt: skip
    """The trained weights: the deed head in ``model.pt``, the judge's beside it."""
    out.mkdir(parents=True, exist_ok=True)
    model.deeds = net.deeds
    torch.save({"model": model.state_dict()}, out / "model.pt")
    arrays = {
        "words": net.rows.weight[:-1],
        "dense": net.dense.weight.T,
        "bias": net.dense.bias,
        "out": net.out.weight.T,
        "out_bias": net.out.bias,
    }
    half: dict[str, Any] = {name: value.detach().numpy().astype(np.float16) for name, value in arrays.items()}
    np.savez_compressed(out / "judge.npz", temperature=temperature, polarity=polarity, **half)
    (out / "words.json").write_text(json.dumps(list(known), ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--labels", type=Path, required=True)
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--start", type=Path, required=True, help="the trained network's model.pt")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--model", type=Path, help="the extractor's exported model (default: the shipped one)")
    p.add_argument("--cache", type=Path)
    p.add_argument("--folds", type=int, default=FOLDS, help="judge only so many of the folds")
    p.add_argument("--epochs", type=int, default=10)
    p.add_argument("--window", type=int, default=256)
    options = p.parse_args()
    tokenizer = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    model = build(options.encoder)
    load(model, options.start)
    model.eval()
    known: dict[str, Item] = {}
    if options.cache and options.cache.exists():
        known = pickle.loads(options.cache.read_bytes())
    labels = list(read_jsonl(options.labels))
    reader = Tagger(options.model) if options.model else shipped()
    mine = items(options.shared, labels, model, tokenizer, options.window, known, reader)
    if options.cache:
        options.cache.write_bytes(pickle.dumps(known))
    print(f"{len(mine)} statements", flush=True)
    judged: list[Item] = []
    scores = []
    for fold in range(options.folds):
        train, held = [i for i in mine if i.fold != fold], [i for i in mine if i.fold == fold]
        words = vocabulary(train)
        scores.append(scored(fit(train, words, options.epochs, fold), held, words))
        judged += held
    every = np.concatenate(scores)
    report(judged, every)
    temperature = temperature_of(every[:, : len(Act)], targets(judged)["act"].numpy())
    polarity = polarity_of(judged, every, temperature)
    words = vocabulary(mine)
    write(fit(mine, words, options.epochs, 0), words, temperature, polarity, model, options.out)
    print(f"temperature {temperature:.2f}, {len(words)} words; {options.out}")


if __name__ == "__main__":
    main()
