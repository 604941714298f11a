"""Train the side head: ``python -m train.side --shared DIR --labels FILE --encoder DIR --start IN.pt --out OUT.pt``.

Reads the labelled articles (with ``--without K`` all but those of fold K) once with the trained network, keeps the
states of the layers that the side head reads, and fits the head to them. The rest of the network stays as it is.
Seeded.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from onrecord.extract.windows import pack
from train.data import IGNORE, example, prepare, read_jsonl
from train.fit import build, collate, load
from train.network import Extractor, Side, side_column, side_layers, word_embeddings
from train.speakers import FOLDS, Group, Who, articles, fold_of, labelled, part

WEIGHTS = {"names": 1.0, "titles": 1.0, "reasons": 0.5, "gender": 0.3, "types": 0.7, "links": 0.4}
"""How much each loss counts."""


@dataclass(frozen=True)
class Shown:
    """One window: its words' states in the layers that are read, and its labels."""

    layers: NDArray[np.float16]
    who: Who


def layers_of(model: Extractor, batch: tuple[Tensor, Tensor, Tensor, Tensor, Tensor]) -> Tensor:
    """The layers' word states side by side ``(batch, words, hidden * layers)``."""
    pieces, mask, shapes, breaks, first = batch
    embedded = word_embeddings(model.encoder)(pieces) + model.shape_embedding(shapes) + model.break_embedding(breaks)
    every = model.encoder(inputs_embeds=embedded, attention_mask=mask, output_hidden_states=True).hidden_states
    index = first.unsqueeze(-1).expand(-1, -1, embedded.shape[-1])
    return torch.cat([every[k].gather(1, index) for k in side_layers(len(every) - 1)], -1)


def shown(
    model: Extractor, shared: Path, labels: Iterable[dict[str, Any]], tokenizer: Tokenizer, window: int
) -> list[Shown]:
    """All windows of the labelled articles, cut in two ways so that no border is learnt."""
    made = []
    with torch.no_grad():
        for row, label in articles(shared, labels):
            items = label.get("attributions") or row["attributions"]
            article = prepare({"id": row["id"], "text": row["text"], "attributions": []}, tokenizer)
            who = labelled(article.words, label, items)
            for size in (window, window * 5 // 8):
                for cut in pack(article.words, article.pieces, size):
                    b = collate([example(article, cut)])
                    states = layers_of(model, (b.pieces, b.mask, b.shapes, b.breaks, b.first))[0]
                    made.append(Shown(states.numpy().astype(np.float16), part(who, cut.start, cut.end)))
    return made


def losses(side: Side, batch: Sequence[Shown]) -> dict[str, Tensor]:
    """The losses over some windows, each a mean."""
    most = max(len(item.layers) for item in batch)
    layers = np.zeros((len(batch), most, batch[0].layers.shape[1]), np.float32)
    for row, item in enumerate(batch):
        layers[row, : len(item.layers)] = item.layers
    scores = side(torch.from_numpy(layers))
    found: dict[str, Tensor] = {}

    def tagged(name: str, column: str, gold: list[NDArray[np.int64]]) -> None:
        labels = np.full((len(batch), most), IGNORE, np.int64)
        for row, values in enumerate(gold):
            labels[row, : len(values)] = values
        if (labels != IGNORE).any():
            found[name] = functional.cross_entropy(
                side_column(scores, column).flatten(0, 1), torch.from_numpy(labels).flatten(), ignore_index=IGNORE
            )

    tagged("names", "name", [item.who.names for item in batch])
    tagged("titles", "title", [item.who.titles for item in batch])
    tagged("reasons", "justification", [item.who.justifications for item in batch])
    tagged("gender", "gender", [item.who.gender for item in batch])
    parts = {name: side_column(scores, name) for name in ("source", "cue", "content", "pointing", "named")}

    def pooled(name: str, group: Group, row: int) -> Tensor:
        mean: Tensor = parts[name][row, list(group)].mean(0) if group else parts[name].new_zeros(parts[name].shape[-1])
        return mean

    votes, types, links = [], [], []
    for row, item in enumerate(batch):
        for vote in item.who.votes:
            voices = [pooled(name, getattr(vote, name), row) for name in ("source", "cue", "content")]
            votes.append(torch.stack(voices).sum(0))
            types.append(vote.type)
        for link in item.who.links:
            names = torch.stack([pooled("named", group, row) for group in link.names])
            alike = names @ pooled("pointing", link.pointing, row) / 4
            far = torch.tensor([abs(group[0] - link.pointing[0]) for group in link.names]).clamp(max=150)
            alike = alike - 0.01 * far
            links.append(alike.logsumexp(0) - alike[torch.tensor(link.right)].logsumexp(0))
    if votes:
        found["types"] = functional.cross_entropy(torch.stack(votes), torch.tensor(types))
    if links:
        found["links"] = torch.stack(links).mean()
    return found


def fit(side: Side, windows: list[Shown], epochs: int, rate: float, seed: int, batch: int = 16) -> None:
    """Fit the head to the windows."""
    rng = random.Random(seed)
    optimiser = torch.optim.AdamW(side.parameters(), lr=rate, weight_decay=0.02)
    steps = epochs * (len(windows) // batch + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 1)
    order = list(windows)
    side.train()
    for epoch in range(epochs):
        rng.shuffle(order)
        running: dict[str, float] = {}
        for start in range(0, len(order), batch):
            found = losses(side, order[start : start + batch])
            loss = torch.stack([WEIGHTS[name] * value for name, value in found.items()]).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(side.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            for name, value in found.items():
                running[name] = 0.95 * running.get(name, value.item()) + 0.05 * value.item()
        print(f"epoch {epoch + 1}: " + " ".join(f"{name} {value:.4f}" for name, value in running.items()), flush=True)
    side.eval()


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--labels", type=Path, required=True)
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--start", type=Path, required=True, help="the trained network's model.pt")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--without", type=int, choices=range(FOLDS), metavar="K", help="leave out the articles of this fold")
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--rate", type=float, default=1.5e-3)
    p.add_argument("--window", type=int, default=256)
    p.add_argument("--seed", type=int, default=1)
    options = p.parse_args()
    torch.manual_seed(options.seed)
    tokenizer = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    model = build(options.encoder)
    load(model, options.start)
    model.eval()
    labels = [la for la in read_jsonl(options.labels) if la.get("side", True) and fold_of(la) != options.without]
    windows = shown(model, options.shared, labels, tokenizer, options.window)
    print(f"{len(windows)} windows", flush=True)
    model.side = Side(model.tags.in_features)
    fit(model.side, windows, options.epochs, options.rate, options.seed)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": model.state_dict(), "options": {k: str(v) for k, v in vars(options).items()}}, options.out)


if __name__ == "__main__":
    main()
