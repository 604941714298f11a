"""Train the extractor: ``python -m train.fit --shared DIR --encoder DIR --out DIR``.

Seeds fix the order of windows and the dropout. A checkpoint is written every few minutes and at each
epoch's end; the same command run again goes on from it.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from train.data import IGNORE, Article, Example, prepare, read_jsonl, training_windows
from train.network import Extractor, Shape, crf_loss

log = logging.getLogger("train")


@dataclass(frozen=True)
class Batch:
    """Padded windows, and all their cues one after the other."""

    pieces: Tensor
    mask: Tensor
    shapes: Tensor
    breaks: Tensor
    first: Tensor
    words: Tensor
    """How many words each window has."""
    cue_tags: Tensor
    nested_tags: Tensor
    role_tags: Tensor
    cue_of: Tensor
    starts: Tensor
    ends: Tensor
    roles: Tensor
    lengths: Tensor
    nested: Tensor

    def to(self, device: str) -> Batch:
        """The same on another device."""
        return Batch(*(getattr(self, each.name).to(device) for each in fields(self)))


def collate(examples: list[Example], rng: random.Random | None = None) -> Batch:
    """One batch. With ``rng``, some cues are shown a word too long or short, as they come at run time."""
    rows, width = len(examples), max(len(e.pieces) for e in examples)
    words = max(len(e.first) for e in examples)
    pieces = np.zeros((rows, width), np.int64)
    mask = np.zeros((rows, width), np.int64)
    shapes = np.zeros((rows, width), np.int64)
    breaks = np.zeros((rows, width), np.int64)
    first = np.zeros((rows, words), np.int64)
    tags = [np.full((rows, words), IGNORE, np.int64) for _ in range(3)]
    cue_of, starts, ends, labels, lengths, nested = [], [], [], [], [], []
    for row, e in enumerate(examples):
        n, w = len(e.pieces), len(e.first)
        pieces[row, :n] = e.pieces
        mask[row, :n] = 1
        shapes[row, 1:n] = np.repeat(e.shapes, e.counts)
        breaks[row, e.first] = e.breaks
        first[row, :w] = e.first
        tags[0][row, :w] = 0
        tags[2][row, :w] = 0
        tags[1][row, :w] = np.where(e.nested_known, 0, IGNORE)
        for a in e.attributions:
            layer = tags[1] if a.nested else tags[0]
            layer[row, a.cue[0] : a.cue[1]] = 2
            layer[row, a.cue[0]] = 1
            if not a.nested:
                for offset, indices in ((1, a.source), (3, a.content)):
                    for before, index in zip((-2, *indices[:-1]), indices, strict=False):
                        tags[2][row, index] = offset + (index == before + 1)
            line = np.zeros(words, np.int64)
            line[list(a.source)] = 1
            line[list(a.content)] = 2
            start, end = a.cue
            if rng is not None and rng.random() < 0.15:
                if end - start > 1 and rng.random() < 0.6:
                    start, end = (start + 1, end) if rng.random() < 0.5 else (start, end - 1)
                elif end < w and not line[end]:
                    end += 1
            cue_of.append(row)
            starts.append(start)
            ends.append(end)
            labels.append(line)
            lengths.append(w)
            nested.append(a.nested)
    as_tensor = torch.from_numpy
    return Batch(
        as_tensor(pieces), as_tensor(mask), as_tensor(shapes), as_tensor(breaks), as_tensor(first),
        torch.tensor([len(e.first) for e in examples]), as_tensor(tags[0]), as_tensor(tags[1]), as_tensor(tags[2]),
        torch.tensor(cue_of), torch.tensor(starts), torch.tensor(ends),
        as_tensor(np.stack(labels)) if labels else torch.zeros((0, words), dtype=torch.long), torch.tensor(lengths),
        torch.tensor(nested, dtype=torch.bool),
    )  # fmt: skip


def states_of(model: Extractor, batch: Batch) -> Tensor:
    """The word states of a batch, with dropout in training."""
    with sixteen_bits(batch.pieces.device.type):
        states = model.states(batch.pieces, batch.mask, (batch.shapes, batch.breaks), batch.first)
    dropped: Tensor = model.dropout(states.float())
    return dropped


TAG_GROUPS = {"cue": (0, 3, 1.0), "nested": (3, 6, 1.0), "span": (6, 11, 0.5)}
"""Which tag scores belong together, and how much their loss counts."""
ROLE_WEIGHT = 0.05


def loss_of(
    model: Extractor, states: Tensor, batch: Batch, nested_weight: float = 1.0
) -> tuple[Tensor, dict[str, float]]:
    """Tag losses plus the role head's CRF loss, each a mean over its words or cues; a nested cue counts as many."""
    tags = model.tags(states)
    parts = {}
    total = torch.zeros((), device=states.device)
    golds = (batch.cue_tags, batch.nested_tags, batch.role_tags)
    for (name, (begin, end, weight)), gold in zip(TAG_GROUPS.items(), golds, strict=True):
        if (gold != IGNORE).any():
            value = functional.cross_entropy(tags[..., begin:end].flatten(0, 1), gold.flatten(), ignore_index=IGNORE)
            parts[name] = value.item()
            total = total + weight * value
    if len(batch.cue_of):
        scores = model.role_scores(states, batch.cue_of, batch.starts, batch.ends)
        value = crf_loss(scores, model.transitions, batch.roles, batch.lengths)
        weights = 1 + (nested_weight - 1) * batch.nested
        value = (value * weights).sum() / weights.sum()
        parts["roles"] = value.item()
        total = total + ROLE_WEIGHT * value
    return total, parts


def sixteen_bits(device: str) -> torch.autocast:
    """Sums in bfloat16 where the device has them; a processor that lacks them would be fifty times slower with them."""
    return torch.autocast(device, torch.bfloat16, enabled=device != "cpu" or torch.cpu._is_avx512_bf16_supported())


def schedule(step: int, total: int, warmup: float = 0.06) -> float:
    """Linear warm-up, then linear decay to zero."""
    rise = max(1, int(total * warmup))
    return min((step + 1) / rise, max(0.0, (total - step) / max(1, total - rise)))


def build(encoder: Path, hidden_dropout: float = 0.1) -> Extractor:
    """The network around the pretrained encoder in ``encoder`` (a Hugging Face folder)."""
    from transformers import AutoModel

    loaded = AutoModel.from_pretrained(
        str(encoder), attn_implementation="eager", attention_probs_dropout_prob=0.0, hidden_dropout_prob=hidden_dropout
    )
    return Extractor(loaded, Shape(hidden=loaded.config.hidden_size))


def load(model: Extractor, path: Path) -> None:
    """Take the weights in ``path``. Heads for later stages that they lack stay as they are: they are trained after the
    rest.

    Raises:
        ValueError: they are another network's.
    """
    lacking = model.load_state_dict(torch.load(path, weights_only=True)["model"], strict=False)
    other = [*lacking.unexpected_keys, *(k for k in lacking.missing_keys if not k.startswith(("side.", "deeds.")))]
    if other:
        raise ValueError(f"{path}: weights of another network (e.g. {other[0]})")


def groups(model: Extractor, rate: float, head_rate: float) -> list[dict[str, Any]]:
    """Parameter groups: the encoder at ``rate``, the new layers at ``head_rate``; no decay on biases and norms."""
    sets: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, value in model.named_parameters():
        if value.requires_grad and not name.startswith("side."):
            plain = value.ndim < 2
            sets.setdefault((name.startswith("encoder."), plain), []).append(value)
    return [
        {"params": values, "base": rate if encoder else head_rate, "weight_decay": 0.0 if plain else 0.01, "lr": 0.0}
        for (encoder, plain), values in sets.items()
    ]


def train(model: Extractor, articles: list[Article], options: argparse.Namespace) -> None:
    """Run all epochs, writing ``checkpoint.pt`` to resume from and ``model.pt`` at the end."""
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    optimiser = torch.optim.AdamW(groups(model, options.rate, options.head_rate), betas=(0.9, 0.98), eps=1e-6)
    done, epoch0, skip = 0, 0, 0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        done, epoch0, skip = saved["done"], saved["epoch"], saved["skip"]
        torch.set_rng_state(saved["rng"])
        log.info("resuming at step %d (epoch %d, batch %d)", done, epoch0, skip)
    first_epoch = batches(articles, options, 0)
    total = options.steps or int(len(first_epoch) * options.epochs)
    last_saved = time.monotonic()
    model.train()

    def save(epoch: int, at: int) -> None:
        state = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "done": done, "epoch": epoch,
                 "skip": at, "rng": torch.get_rng_state()}  # fmt: skip
        torch.save(state, out / "checkpoint.tmp")
        (out / "checkpoint.tmp").replace(checkpoint)

    running: dict[str, float] = {}
    began = time.monotonic()
    epoch = epoch0
    while done < total:
        rng = random.Random(f"{options.seed}-{epoch}-cues")
        for at, examples in enumerate(batches(articles, options, epoch)):
            batch = collate(examples, rng)
            if at < skip:
                continue
            factor = schedule(done, total)
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * factor
            loss, parts = loss_of(model, states_of(model, batch), batch, options.nested_weight)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            done += 1
            for name, value in parts.items():
                running[name] = 0.98 * running.get(name, value) + 0.02 * value
            if done % 50 == 0 or done == total:
                speed = (time.monotonic() - began) / 50
                began = time.monotonic()
                shown = " ".join(f"{k} {v:.4f}" for k, v in running.items())
                log.info("step %d/%d epoch %d %.2f s/step %s", done, total, epoch, speed, shown)
            if time.monotonic() - last_saved > 240:
                save(epoch, at + 1)
                last_saved = time.monotonic()
            if done >= total:
                break
        epoch, skip = epoch + 1, 0
        save(epoch, 0)
    torch.save({"model": model.state_dict(), "options": vars(options)}, out / "model.pt")
    log.info("done: %s", out / "model.pt")


def batches(articles: list[Article], options: argparse.Namespace, epoch: int) -> list[list[Example]]:
    """The batches of one epoch: windows cut anew, shuffled, then grouped by length so that little is padding."""
    rng = random.Random(f"{options.seed}-{epoch}")
    windows = [w for article in articles for w in training_windows(article, options.window, rng, options.vary)]
    rng.shuffle(windows)
    pool = options.batch * 20
    made: list[list[Example]] = []
    for start in range(0, len(windows), pool):
        part = sorted(windows[start : start + pool], key=lambda e: len(e.pieces))
        chunk = [part[i : i + options.batch] for i in range(0, len(part), options.batch)]
        rng.shuffle(chunk)
        made.extend(chunk)
    return made


def alike(items: Sequence[Any], size: int, length: Callable[[Any], int], rng: random.Random) -> list[list[Any]]:
    """Batches of about the same length, shuffled."""
    order = list(items)
    rng.shuffle(order)
    made = []
    for start in range(0, len(order), size * 20):
        part = sorted(order[start : start + size * 20], key=length)
        made += [part[k : k + size] for k in range(0, len(part), size)]
    rng.shuffle(made)
    return made


def parser() -> argparse.ArgumentParser:
    """Command line options."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", nargs="+", required=True, help="JSON Lines files of {id, text, attributions}")
    p.add_argument(
        "--encoder", required=True, help="folder of the pretrained encoder (config, weights, tokenizer.json)"
    )
    p.add_argument("--out", required=True)
    p.add_argument("--start", help="a model.pt to start from instead of fresh heads")
    p.add_argument("--epochs", type=float, default=8)
    p.add_argument("--steps", type=int, default=0, help="stop after this many steps, whatever --epochs says")
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--window", type=int, default=256, help="word pieces a window")
    p.add_argument("--vary", type=float, default=0.0, help="share of articles in short windows, of starts changed")
    p.add_argument("--nested-weight", type=float, default=1.0, help="as how many cues a nested one counts")
    p.add_argument("--rate", type=float, default=3e-4)
    p.add_argument("--head-rate", type=float, default=1e-3)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--limit", type=int, default=0, help="use only the first N articles (to try things out)")
    return p


def main() -> None:
    """Entry point."""
    options = parser().parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = Tokenizer.from_file(str(Path(options.encoder) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    articles = [prepare(row, tokenizer) for path in options.data for row in read_jsonl(Path(path))]
    if options.limit:
        articles = articles[: options.limit]
    model = build(Path(options.encoder))
    if options.start:
        load(model, Path(options.start))
    Path(options.out).mkdir(parents=True, exist_ok=True)
    (Path(options.out) / "options.json").write_text(json.dumps(vars(options), indent=1) + "\n")
    train(model, articles, options)


if __name__ == "__main__":
    main()
