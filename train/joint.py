"""Train the encoder on attributions and on what is done by saying them, together.

``python -m train.joint --shared DIR --labels FILE --data FILES --encoder DIR --start IN.pt --out DIR`` goes on with the
trained network. Each step has some windows with attributions and some with statements whose acts are labelled, or
judged by a teacher (``--others`` and ``--taught``, see ``train.teach``); the acts' loss goes through the judge
(``train.judge``) and the deed head into the encoder. So that attributions are not unlearnt meanwhile, what the network
says of them at the start is learnt too (``--keep``; Li & Hoiem 2016). With ``--without K`` the labels of one fold are
held out: on them the acts' temperature and the regression of polarity are fitted. ``--cache`` keeps the prepared
articles. Word-piece vectors stay as they are. Seeded; runs on ``--device cuda`` too.
"""

from __future__ import annotations

import argparse
import copy
import json
import logging
import pickle
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from onrecord.extract.windows import Window, pack
from train.acts import articles, statements
from train.data import Article, Example, example, prepare, read_jsonl, to_words, training_windows
from train.fit import (
    ROLE_WEIGHT,
    TAG_GROUPS,
    Batch,
    alike,
    build,
    collate,
    load,
    loss_of,
    schedule,
    sixteen_bits,
    states_of,
)
from train.judge import FOLDS, Deed, Judging, Net, figures, learnt, right_of
from train.network import Extractor
from train.side import layers_of
from train.teach import texts

log = logging.getLogger("train")

LEAST = 3
"""A word that so many labelled statements have gets a row of its own."""


@dataclass(frozen=True)
class Spoken:
    """An article with statements that are labelled or judged by a teacher; ``fold`` is None where none is labelled."""

    article: Article
    deeds: tuple[Deed, ...]
    fold: int | None


@dataclass(frozen=True)
class Material:
    """All that is trained on. ``names`` are those of the rows of words."""

    attributed: list[Article]
    spoken: list[Spoken]
    names: list[str]


def labelled(shared: Path, labels: Path, tokenizer: Tokenizer) -> tuple[list[Spoken], list[str]]:
    """The articles with labels, and the names of rows; read with the shipped model for the words that statements are
    known by."""
    from onrecord.extract.tagger import shipped
    from onrecord.identify import view_of
    from onrecord.identify.view import said_of
    from onrecord.qualify.features import Told, names, roles_of, told
    from onrecord.qualify.judge import entry_place

    reader = shipped()
    found: list[tuple[Article, list[tuple[tuple[tuple[int, ...], ...], Told, dict[str, Any]]]]] = []
    for row, mine in articles(shared, read_jsonl(labels)):
        text = row["text"]
        view = view_of(text, reader.read(text)[0])
        said = [(said_of(view, made), made.form) for made in statements(text, mine)]
        told_of = [(roles_of(one), told(view, one, form)) for one, form in said]
        article = prepare({"id": row["id"], "text": text, "attributions": []}, tokenizer)
        found.append((article, [(*pair, label) for pair, label in zip(told_of, mine, strict=True)]))
    counts = Counter(name for _, deeds in found for _, one, _ in deeds for name in names(one))
    kept = sorted(name for name, count in counts.items() if count >= LEAST)
    rows = {name: row for row, name in enumerate(kept)}

    def deed(roles: tuple[tuple[int, ...], ...], one: Told, label: dict[str, Any]) -> Deed:
        known = np.array([rows[name] for name in names(one) if name in rows], np.int32)
        return Deed(roles, known, right_of(label), entry_place(one), one.negated)

    made = [
        Spoken(article, tuple(deed(*each) for each in deeds), int(deeds[0][2]["sha256"], 16) % FOLDS)
        for article, deeds in found
    ]
    return made, kept


def judged_alone(shared: Path, others: Path, scores: NDArray[np.float16], tokenizer: Tokenizer) -> list[Spoken]:
    """The articles with statements that only the teacher judged; their words have no rows."""
    from onrecord.identify.view import Said
    from onrecord.qualify.features import roles_of

    listed = list(read_jsonl(others))
    stories = texts(shared, listed)
    by_article: dict[tuple[str, str], list[tuple[dict[str, Any], NDArray[np.float16]]]] = defaultdict(list)
    for item, soft in zip(listed, scores, strict=True):
        by_article[item["corpus"], str(item["id"])].append((item, soft))
    made = []
    for key, mine in by_article.items():
        article = prepare({"id": key[1], "text": stories[key], "attributions": []}, tokenizer)
        deeds = []
        for item, soft in mine:
            source, cue, content = (to_words(article.words, item[role]) for role in ("source", "cue", "content"))
            if content:
                roles = roles_of(Said(source, cue, content, content[0], "none", -1))
                deeds.append(Deed(roles, np.zeros(0, np.int32), None, soft=soft))
        made.append(Spoken(article, tuple(deeds), None))
    return made


def with_teacher(mine: Sequence[Spoken], scores: NDArray[np.float16]) -> list[Spoken]:
    """The labelled statements with the teacher's scores, which are in the same order."""
    left = iter(scores)
    made = [replace(item, deeds=tuple(replace(deed, soft=next(left)) for deed in item.deeds)) for item in mine]
    if next(left, None) is not None:
        raise ValueError("the teacher judged more statements than are labelled: made with another file of labels?")
    return made


Shown = tuple[Example, list[Deed]]
"""A window and the statements in it, their words counted from its start."""


def shown(item: Spoken, windows: Sequence[Window]) -> list[Shown]:
    """The windows that own the core of a statement, with those statements."""
    made = []
    for window in windows:
        inside = []
        for deed in item.deeds:
            core = (deed.roles[0] or deed.roles[1] or deed.roles[3])[0]
            if window.own_start <= core < window.own_end:
                roles = tuple(
                    tuple(i - window.start for i in role if window.start <= i < window.end) for role in deed.roles
                )
                inside.append(replace(deed, roles=roles))
        if inside:
            made.append((example(item.article, window), inside))
    return made


def judged(model: Extractor, net: Net, batch: Sequence[Shown], device: str) -> Tensor:
    """The judge's scores ``(statements, outputs)`` of all statements of some windows."""
    b = collate([window for window, _ in batch]).to(device)
    with sixteen_bits(device):
        layers = layers_of(model, (b.pieces, b.mask, b.shapes, b.breaks, b.first))
    vectors = functional.dropout(model.deeds(layers.float()), 0.2, net.training)
    every = [(row, deed) for row, (_, deeds) in enumerate(batch) for deed in deeds]
    judging = Judging.of([deed for _, deed in every], vectors.shape[1], net.none)
    owners = torch.tensor([row for row, _ in every], device=device)
    scores: Tensor = net(vectors[owners], Judging(judging.roles.to(device), judging.rows.to(device)))
    return scores


def kept_loss(model: Extractor, states: Tensor, old: Extractor, batch: Batch) -> Tensor:
    """How far the network is from what ``old`` says of a batch's tags and of its cues' roles."""
    with torch.no_grad():
        states_then = states_of(old, batch)
        tags_then = old.tags(states_then)
    tags = model.tags(states)
    real = torch.arange(tags.shape[1], device=tags.device) < batch.words.unsqueeze(1)
    total = torch.zeros((), device=tags.device)
    for begin, end, weight in TAG_GROUPS.values():
        now, then = tags[..., begin:end][real], tags_then[..., begin:end][real]
        total = total + weight * functional.cross_entropy(now, then.softmax(-1))
    if len(batch.cue_of):
        cues = (batch.cue_of, batch.starts, batch.ends)
        with torch.no_grad():
            then = old.role_scores(states_then, *cues).softmax(-1)
        now = model.role_scores(states, *cues).log_softmax(-1)
        inside = torch.arange(now.shape[1], device=now.device) < batch.lengths.unsqueeze(1)
        far = -(then * now).sum(-1) * inside
        total = total + ROLE_WEIGHT * far.sum(1).mean()
    return total


def act_batches(mine: Sequence[Spoken], size: int, rng: random.Random) -> list[list[Shown]]:
    """The windows with statements, cut anew, in batches."""
    every = []
    for item in mine:
        every += shown(item, pack(item.article.words, item.article.pieces, rng.randint(150, 256)))
    return alike(every, size, lambda each: len(each[0].pieces), rng)


def attribution_batches(mine: Sequence[Article], count: int, size: int, rng: random.Random) -> list[list[Example]]:
    """So many batches of windows with attributions."""
    made: list[list[Example]] = []
    while len(made) < count:
        windows: list[Example] = []
        for article in rng.sample(mine, len(mine)):
            windows += training_windows(article, 256, rng, 0.2)
            if len(windows) >= size * (count - len(made)):
                break
        made += alike(windows, size, lambda each: len(each.pieces), rng)
    return made[:count]


def groups(model: Extractor, net: Net, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Parameter groups: encoder, the extractor's heads, deed head and judge, rows of words."""
    made: dict[tuple[float, float], list[Tensor]] = {}
    for name, value in [*model.named_parameters(), *net.named_parameters()]:
        if name.startswith("side.") or "word_embeddings" in name:
            value.requires_grad = False
            continue
        judge = name.startswith(("deeds.", "rows.", "dense.", "out."))
        rate = options.judge_rate if judge else options.rate if name.startswith("encoder.") else options.head_rate
        rate *= 3 if name.startswith("rows.") else 1
        made.setdefault((rate, 0.0 if value.ndim < 2 else 0.01), []).append(value)
    return [
        {"params": values, "base": rate, "weight_decay": decay, "lr": 0.0} for (rate, decay), values in made.items()
    ]


def train(model: Extractor, net: Net, data: Material, options: argparse.Namespace) -> None:
    """Run all epochs. An epoch has each window with labelled acts once, a share of the others, and as many with
    attributions."""
    device = options.device
    mine = [item for item in data.spoken if item.fold is not None and item.fold != options.without]
    held = [item for item in data.spoken if item.fold is not None and item.fold == options.without]
    others = [item for item in data.spoken if item.fold is None]
    optimiser = torch.optim.AdamW(groups(model, net, options), betas=(0.9, 0.98), eps=1e-6)
    weights = [p for g in optimiser.param_groups for p in g["params"]]
    old = copy.deepcopy(model).eval()
    checkpoint = options.out / "checkpoint.pt"
    done, begun = 0, 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        net.load_state_dict(saved["net"])
        optimiser.load_state_dict(saved["optimiser"])
        done, begun = saved["done"], saved["epoch"]
        log.info("resuming at epoch %d", begun)
    model.train()
    net.train()
    running: dict[str, float] = {}
    for epoch in range(begun, options.epochs):
        rng = random.Random(f"{options.seed}-{epoch}")
        torch.manual_seed(options.seed * 1000 + epoch)
        some = rng.sample(others, int(options.share * len(others)))
        acts = act_batches(mine + some, options.batch, rng)
        plain = attribution_batches(data.attributed, len(acts), options.batch, rng)
        # what is left to do at this epoch's count of steps, which differs a little from one to the next
        total = done + (options.epochs - epoch) * len(acts)
        began = time.monotonic()
        for deeds, windows in zip(acts, plain, strict=True):
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * schedule(done, total)
            batch = collate(windows, rng).to(device)
            states = states_of(model, batch)
            gold, parts = loss_of(model, states, batch, 2.0)
            kept = kept_loss(model, states, old, batch)
            acted = learnt(judged(model, net, deeds, device), [deed for _, inside in deeds for deed in inside])
            loss = options.attributions * gold + options.keep * kept + options.acts * acted
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            done += 1
            for name, number in (parts | {"kept": kept.item(), "acts": acted.item()}).items():
                running[name] = 0.98 * running.get(name, number) + 0.02 * number
        told = " ".join(f"{k} {v:.4f}" for k, v in running.items())
        log.info("epoch %d, step %d/%d, %.0f s: %s", epoch, done, total, time.monotonic() - began, told)
        state = {"model": model.state_dict(), "net": net.state_dict(), "optimiser": optimiser.state_dict(),
                 "done": done, "epoch": epoch + 1}  # fmt: skip
        torch.save(state, options.out / "checkpoint.tmp")
        (options.out / "checkpoint.tmp").replace(checkpoint)
        if held:
            log.info("held out: %s", figures(*predictions(model, net, held, device))[0])


def predictions(
    model: Extractor, net: Net, held: Sequence[Spoken], device: str
) -> tuple[NDArray[np.float32], list[Deed]]:
    """Scores of the statements of some articles, and those statements."""
    model.eval()
    net.eval()
    every = [each for item in held for each in shown(item, pack(item.article.words, item.article.pieces, 256))]
    with torch.no_grad():
        parts = [judged(model, net, every[k : k + 32], device).float().cpu().numpy() for k in range(0, len(every), 32)]
    model.train()
    net.train()
    return np.concatenate(parts), [deed for _, inside in every for deed in inside]


def write(model: Extractor, net: Net, data: Material, options: argparse.Namespace) -> None:
    """The weights, and of a run without a fold what it says of that."""
    held = [item for item in data.spoken if item.fold is not None and item.fold == options.without]
    if held:
        scores, deeds = predictions(model, net, held, options.device)
        log.info("\n".join(figures(scores, deeds)))
        act, polarity, flags = (np.array([getattr(d.right, n) for d in deeds]) for n in ("act", "polarity", "flags"))
        negated = np.stack([d.negated for d in deeds])
        np.savez_compressed(
            options.out / "held.npz",
            scores=scores,
            negated=negated,
            act=act,
            polarity=polarity,
            flags=flags,
            entry=np.array([d.entry for d in deeds]),
        )
    torch.save({"model": model.cpu().state_dict()}, options.out / "model.pt")
    torch.save(net.cpu().state_dict(), options.out / "judge.pt")
    (options.out / "words.json").write_text(json.dumps(data.names, ensure_ascii=False), encoding="utf-8")


def material(options: argparse.Namespace, tokenizer: Tokenizer) -> Material:
    """Read everything."""
    attributed = [prepare(row, tokenizer) for path in options.data for row in read_jsonl(path)]
    spoken, names = labelled(options.shared, options.labels, tokenizer)
    if options.taught:
        with np.load(options.taught) as stored:
            spoken = with_teacher(spoken, stored["labelled"])
            spoken += judged_alone(options.shared, options.others, stored["others"], tokenizer)
    return Material(attributed, spoken, names)


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--labels", type=Path, required=True)
    p.add_argument("--data", type=Path, nargs="+", required=True, help="as for train.fit")
    p.add_argument("--taught", type=Path, help="what train.teach wrote")
    p.add_argument("--others", type=Path, help="the --others of train.teach")
    p.add_argument("--cache", type=Path, help="keep all that is read in this file, and read it from there")
    p.add_argument("--encoder", type=Path, required=True)
    p.add_argument("--start", type=Path, required=True, help="the trained network's model.pt")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--without", type=int, choices=range(FOLDS), metavar="K", help="hold the labels of this fold out")
    p.add_argument("--epochs", type=int, default=6)
    p.add_argument("--batch", type=int, default=64, help="windows of either kind a step")
    p.add_argument("--share", type=float, default=0.33, help="share of the articles without labels in each epoch")
    p.add_argument("--rate", type=float, default=6e-4, help="of the encoder")
    p.add_argument("--head-rate", type=float, default=2e-4, help="of the heads for attributions")
    p.add_argument("--judge-rate", type=float, default=2e-3, help="of the deed head and the judge")
    p.add_argument("--acts", type=float, default=1.0, help="how much the acts' loss counts")
    p.add_argument("--attributions", type=float, default=0.3, help="how much the loss of labelled attributions counts")
    p.add_argument("--keep", type=float, default=2.0, help="how much counts what the network said at the start")
    p.add_argument("--device", default="cpu")
    p.add_argument("--seed", type=int, default=1)
    options = p.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.cache and options.cache.exists():
        data: Material = pickle.loads(options.cache.read_bytes())
    else:
        tokenizer = Tokenizer.from_file(str(options.encoder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        data = material(options, tokenizer)
        if options.cache:
            options.cache.write_bytes(pickle.dumps(data))
    log.info("%d articles with attributions, %d statements, %d words", len(data.attributed),
             sum(len(item.deeds) for item in data.spoken), len(data.names))  # fmt: skip
    model = build(options.encoder)
    load(model, options.start)
    net = Net(len(data.names))
    train(model.to(options.device), net.to(options.device), data, options)
    write(model, net, data, options)


if __name__ == "__main__":
    main()
