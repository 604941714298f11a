"""A larger network that judges acts, to teach the shipped one: ``python -m train.teach --shared DIR --labels FILE
--others FILE --encoder DIR --out FILE``.

The teacher reads one statement at a time, its source, cue and content marked in the text around it, with a pretrained
encoder five times the size (``--encoder``: all-mpnet-base-v2, a Hugging Face folder). It is fitted to the labelled
statements but those of fold ``--without``, and then says of every statement, and of those in ``--others`` (JSON Lines
of ``{"corpus", "id", "source", "cue", "content"}``, offsets into the corpora: what onrecord finds there), how likely
each act is. ``train.joint --taught`` trains on that (knowledge distillation, Hinton et al. 2015).
"""

from __future__ import annotations

import argparse
import logging
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from onrecord.qualify.judge import HEADS
from train.acts import FILES, articles
from train.data import read_jsonl
from train.fit import alike, schedule, sixteen_bits
from train.judge import FOLDS, Right, loss_of, right_of

log = logging.getLogger("train")

ROLES = ("source", "cue", "content")
OUTPUTS = sum(map(len, HEADS.values()))
LEFT, RIGHT, GAP, PART = 40, 24, 40, 90
"""So many pieces are kept of the text before and after a statement, of that between its parts, of each part."""


@dataclass(frozen=True)
class Shown:
    """A statement as pieces with marks around its parts; ``at`` are the places of the start, of the first mark of its
    content, and of that of its cue (else its source, else the start)."""

    pieces: NDArray[np.uint16]
    at: tuple[int, int, int]


def show(text: str, statement: dict[str, Any], tokenizer: Tokenizer) -> Shown:
    """A statement ``{"source", "cue", "content"}`` of ``text`` as the teacher reads it."""
    marks = {role: [tokenizer.token_to_id(f"[unused{2 * k + n}]") for n in (1, 2)] for k, role in enumerate(ROLES)}
    parts = sorted((start, end, role) for role in ROLES for start, end in statement[role])

    def pieces(start: int, end: int) -> list[int]:
        found: list[int] = tokenizer.encode(text[start:end], add_special_tokens=False).ids
        return found

    def cut(ids: list[int], most: int) -> list[int]:
        return ids if len(ids) <= most else ids[: most - most // 4] + ids[-(most // 4) :]

    made = [tokenizer.token_to_id("<s>")]
    first: dict[str, int] = {}
    at = max(0, parts[0][0] - 6 * LEFT)
    for number, (start, end, role) in enumerate(parts):
        between = pieces(at, start) if at < start else []
        made += cut(between, GAP) if number else between[-LEFT:]
        first.setdefault(role, len(made))
        made += [marks[role][0], *cut(pieces(max(at, start), end), PART), marks[role][1]]
        at = max(at, end)
    made += pieces(at, at + 6 * RIGHT)[:RIGHT]
    made = made[:500]
    content, cue = (n if n < len(made) else 0 for n in (first["content"], first.get("cue", first.get("source", 0))))
    return Shown(np.array(made, np.uint16), (0, content, cue))


def texts(shared: Path, wanted: Iterable[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """The texts of the articles that statements stand in, by corpus and id."""
    needed = {(item["corpus"], str(item["id"])) for item in wanted}
    found = {}
    for corpus in {corpus for corpus, _ in needed}:
        for name in FILES[corpus]:
            for row in read_jsonl(shared / "data" / name):
                if (corpus, str(row["id"])) in needed:
                    found[corpus, str(row["id"])] = row["text"]
    return found


class Teacher(nn.Module):
    """The encoder, and two layers over its states at three places."""

    def __init__(self, encoder: nn.Module, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.hidden = nn.Linear(3 * hidden, hidden)
        self.out = nn.Linear(hidden, OUTPUTS)
        self.drop = nn.Dropout(0.1)

    def forward(self, pieces: Tensor, mask: Tensor, at: Tensor) -> Tensor:
        """Scores ``(batch, outputs)`` of pieces and mask ``(batch, pieces)`` and places ``(batch, 3)``."""
        states = self.encoder(input_ids=pieces, attention_mask=mask).last_hidden_state
        chosen = states.gather(1, at.unsqueeze(-1).expand(-1, -1, states.shape[-1])).flatten(1)
        scores: Tensor = self.out(self.drop(torch.nn.functional.gelu(self.hidden(self.drop(chosen)))))
        return scores


def scores_of(model: Teacher, items: Sequence[Shown], device: str) -> Tensor:
    """Scores of some statements."""
    most = max(len(item.pieces) for item in items)
    pieces = np.ones((len(items), most), np.int64)  # 1 is <pad>
    mask = np.zeros((len(items), most), np.int64)
    for row, item in enumerate(items):
        pieces[row, : len(item.pieces)] = item.pieces
        mask[row, : len(item.pieces)] = 1
    at = torch.tensor([item.at for item in items], device=device)
    with sixteen_bits(device):
        scores: Tensor = model(torch.from_numpy(pieces).to(device), torch.from_numpy(mask).to(device), at)
    return scores.float()


def fit(model: Teacher, items: Sequence[Shown], right: Sequence[Right], options: argparse.Namespace) -> None:
    """Fit the whole network; the pretrained layers at ``rate``, its own at ten times that."""
    own = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    groups = [
        {"params": list(model.encoder.parameters()), "base": options.rate, "weight_decay": 0.01, "lr": 0.0},
        {"params": own, "base": 10 * options.rate, "weight_decay": 0.01, "lr": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6)
    rng = random.Random(options.seed)
    total = options.epochs * (-(-len(items) // options.batch))
    done, running = 0, 0.0
    model.train()
    for epoch in range(options.epochs):
        batches = alike(range(len(items)), options.batch, lambda i: len(items[i].pieces), rng)
        for batch in batches:
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * schedule(done, total)
            loss = loss_of(scores_of(model, [items[i] for i in batch], options.device), [right[i] for i in batch])
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            done += 1
            running = 0.98 * (running or loss.item()) + 0.02 * loss.item()
        log.info("teacher, epoch %d: loss %.4f", epoch, running)


def predict(model: Teacher, items: Sequence[Shown], device: str) -> NDArray[np.float32]:
    """Scores ``(statements, outputs)``."""
    model.eval()
    order = sorted(range(len(items)), key=lambda i: len(items[i].pieces))
    made = np.zeros((len(items), OUTPUTS), np.float32)
    with torch.no_grad():
        for k in range(0, len(order), 256):
            some = order[k : k + 256]
            made[some] = scores_of(model, [items[i] for i in some], device).cpu().numpy()
    return made


def taught(
    model: Teacher, labelled: Sequence[Shown], right: Sequence[Right], folds: Sequence[int], options: argparse.Namespace
) -> NDArray[np.float32]:
    """Fit the teacher to the statements of the other folds; its scores of all."""
    mine = [k for k, fold in enumerate(folds) if fold != options.without]
    fit(model, [labelled[k] for k in mine], [right[k] for k in mine], options)
    scores = predict(model, labelled, options.device)
    held = [k for k, fold in enumerate(folds) if fold == options.without]
    acts = len(HEADS["act"])
    for name, some in (("fitted to", mine), ("held out", held)):
        hits = [int(scores[k, :acts].argmax()) == right[k].act for k in some]
        log.info("teacher, %s: %.1f of %d acts right", name, 100 * float(np.mean(hits)), len(hits))
    return scores


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--labels", type=Path, required=True)
    p.add_argument("--others", type=Path, required=True)
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--without", type=int, choices=range(FOLDS), default=0, metavar="K")
    p.add_argument("--epochs", type=int, default=4)
    p.add_argument("--batch", type=int, default=48)
    p.add_argument("--rate", type=float, default=4e-5)
    p.add_argument(
        "--seeds", type=int, nargs="+", default=[1, 2, 3], help="one teacher each; their scores' mean counts"
    )
    p.add_argument("--device", default="cpu")
    options = p.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    from transformers import AutoModel

    tokenizer = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    ordered = [(row, label) for row, mine in articles(options.shared, read_jsonl(options.labels)) for label in mine]
    others = list(read_jsonl(options.others))
    stories = texts(options.shared, others)
    labelled = [show(row["text"], label, tokenizer) for row, label in ordered]
    right = [right_of(label) for _, label in ordered]
    folds = [int(label["sha256"], 16) % FOLDS for _, label in ordered]
    unlabelled = [show(stories[o["corpus"], str(o["id"])], o, tokenizer) for o in others]
    sums = []
    for seed in options.seeds:
        torch.manual_seed(seed)
        encoder = AutoModel.from_pretrained(str(options.encoder))
        model = Teacher(encoder, encoder.config.hidden_size).to(options.device)
        scores = taught(model, labelled, right, folds, argparse.Namespace(**vars(options), seed=seed))
        sums.append((scores, predict(model, unlabelled, options.device)))
    made = {
        name: np.mean(each, 0).astype(np.float16)
        for name, each in zip(("labelled", "others"), zip(*sums, strict=True), strict=True)
    }
    np.savez_compressed(options.out, **made)


if __name__ == "__main__":
    main()
