"""Train the choice of speakers: ``python -m train.who --shared DIR --labels FILE --models D0 D1 D2 D --out F.npz``.

Reads the labelled articles, each fold with the exported encoder whose side head was trained without it (``--models`` in
the order of the folds, then the one for the articles that no side head was trained on), lists each statement's
candidates as at run time (the statements before it with their labelled speakers), and fits a small network that gives
the right ones the highest probability; then how sure the names are (``train.naming``). Three folds by article give the
figures that it prints and the temperature; the weights are fitted on all. Seeded.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from onrecord.extract.tagger import Tagger
from onrecord.identify.candidates import Candidate, History, Sort, Told, candidates
from onrecord.identify.choose import Choice
from onrecord.identify.features import OWN_WIDTH, WIDTH, own_features, rows, votes
from onrecord.identify.view import Said, View, said, view_of
from train import naming
from train.data import read_jsonl, to_words
from train.naming import Labelled
from train.score import scorer
from train.speakers import FOLDS, KINDS, TYPES, articles, fold_of, reader_of

HIDDEN = 32
OWN = (1, 2, 3, 4, 5)
"""Source types without a name of their own."""


@dataclass(frozen=True)
class Item:
    """One statement's candidates: features, which are right, and what the statement's source looks like."""

    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    form: str
    fold: int
    sorts: tuple[Sort, ...]
    own: NDArray[np.float32] | None = None
    """Features of a source that is spoken for by its own words, and the number of its type."""
    type: int = 6


def owners(view: View, label: dict[str, Any]) -> dict[int, int]:
    """For each entity of the view the labelled one that most of its mentions belong to."""
    at: dict[int, int] = {}
    for number, entity in enumerate(label["entities"]):
        if entity["kind"] in KINDS:
            for span in entity["mentions"]:
                at.update(dict.fromkeys(to_words(view.words, [span]), number))
    made = {}
    for k, entity in enumerate(view.entities):
        seen = [at[i] for m in entity.mentions for i in range(m.start, m.end) if i in at]
        if seen:
            made[k] = max(set(seen), key=seen.count)
    return made


def of_article(view: View, label: dict[str, Any], items: list[dict[str, Any]]) -> list[Item]:
    """The statements of one article."""
    owner = owners(view, label)
    named = set(owner.values())
    statements: list[tuple[Said, list[int]]] = []
    for item, speakers in zip(items, label["speakers"], strict=True):
        source, cue, content = (to_words(view.words, item[role]) for role in ("source", "cue", "content"))
        if source or cue or content:
            statements.append((said(view, source, cue, content), speakers))
    statements.sort(key=lambda pair: pair[0].at)
    history = History()
    by: list[list[int]] = []
    made = []
    for one, speakers in statements:
        types = votes(view, one)
        among = candidates(view, one, history)

        def is_right(c: Candidate, one: Said = one, speakers: list[int] = speakers) -> bool:
            if c.sort is Sort.ENTITY:
                return owner.get(c.number) in speakers
            if c.sort is Sort.NOUN:
                return bool(set(by[c.number]) & set(speakers))
            if c.sort is Sort.OWN:
                return bool(speakers) and not named & set(speakers)
            return not speakers

        right = np.array([is_right(c) for c in among])
        if not right.any():
            right = np.array([c.sort is Sort.NOBODY for c in among])
        sorts = tuple(c.sort for c in among)
        by_own = any(r and s is Sort.OWN for r, s in zip(right, sorts, strict=True))
        kind = TYPES.index(label["entities"][speakers[0]]["type"] or "unknown") if speakers else 6
        own = own_features(view, one, types) if by_own else None
        made.append(Item(rows(view, one, among, history, types), right, one.form, fold_of(label), sorts, own, kind))
        history.told.append(_told(view, one, speakers, label, owner, among, right))
        by.append(speakers)
    return made


def _told(
    view: View, one: Said, speakers: list[int], label: dict[str, Any], owner: dict[int, int],
    among: list[Candidate], right: NDArray[np.bool_],
) -> Told:  # fmt: skip
    """The statement as the ones after it see it, with its labelled speakers."""
    back = {v: k for k, v in reversed(owner.items())}
    who = tuple(Candidate(Sort.ENTITY, back[s]) for s in speakers if s in back)
    kind = TYPES.index(label["entities"][speakers[0]]["type"] or "unknown") if speakers else 6
    if not who and speakers:
        nouns = [c for c, r in zip(among, right, strict=True) if r and c.sort is Sort.NOUN]
        if nouns:
            return Told(one, (nouns[0],), None, "", kind)
        if one.source:
            noun = (one.source[0], one.source[-1] + 1)
            return Told(one, (Candidate(Sort.OWN),), noun, view.lower[one.head], kind)
    return Told(one, who, None, "", kind)


class Net(nn.Module):
    """Features to a score."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(WIDTH, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1, bias=False)
        self.drop = nn.Dropout(0.15)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """A score for each row."""
        scores: torch.Tensor = self.out(self.drop(torch.relu(self.hidden(features)))).squeeze(-1)
        return scores


def fit(items: list[Item], epochs: int, seed: int) -> Net:
    """A network fitted to ``items``: the right candidates together should have all of the probability."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = Net()
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.02)
    size = 32
    steps = epochs * (len(items) // size + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps + 1)
    order = list(items)
    for _ in range(epochs):
        rng.shuffle(order)
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            most = max(len(i.right) for i in batch)
            features = np.zeros((len(batch), most, WIDTH), np.float32)
            right = np.zeros((len(batch), most), bool)
            there = np.zeros((len(batch), most), bool)
            for k, item in enumerate(batch):
                count = len(item.right)
                features[k, :count], right[k, :count], there[k, :count] = item.features, item.right, True
            scores = net(torch.from_numpy(features)).masked_fill(~torch.from_numpy(there), -1e4)
            good = scores.masked_fill(~torch.from_numpy(right), -1e4)
            loss = (scores.logsumexp(1) - good.logsumexp(1)).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


def as_choice(nets: list[Net], temperature: float) -> Choice:
    """Several networks as one: their scores' mean."""
    with torch.no_grad():
        hidden = torch.cat([n.hidden.weight for n in nets]).T.contiguous().numpy()
        bias = torch.cat([n.hidden.bias for n in nets]).numpy()
        out = (torch.cat([n.out.weight[0] for n in nets]) / len(nets)).numpy()
    return Choice(hidden, bias, out, np.zeros((OWN_WIDTH, len(TYPES)), np.float32), temperature)


def own_types(items: list[Item]) -> NDArray[np.float32]:
    """Weights ``(features, types)`` of a softmax regression of source types on sources with no name but their words."""
    mine = [i for i in items if i.own is not None and i.type in OWN]
    torch.manual_seed(0)
    x = torch.from_numpy(np.stack([i.own for i in mine if i.own is not None]))
    y = torch.tensor([i.type for i in mine])
    weights = torch.zeros(OWN_WIDTH, len(TYPES), requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=200)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(x @ weights, y) + 0.002 * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return weights.detach().numpy()


def held_out(
    items: list[Item], epochs: int, seeds: int
) -> tuple[dict[int, Choice], list[tuple[Item, NDArray[np.float32]]]]:
    """For each fold a choice that was fitted without it, and each statement with the probabilities that this gives."""
    choices, made = {}, []
    for fold in range(FOLDS):
        train = [i for i in items if i.fold != fold]
        choices[fold] = as_choice([fit(train, epochs, seed) for seed in range(seeds)], 1.0)
        made += [(i, choices[fold].probabilities(i.features)) for i in items if i.fold == fold]
    return choices, made


def temperature_of(results: list[tuple[Item, NDArray[np.float32]]]) -> float:
    """The temperature at which the right candidates' probabilities are likeliest."""

    def loss(t: float) -> float:
        total = 0.0
        for item, p in results:
            scaled = p ** (1 / t)
            total -= float(np.log(max(1e-9, scaled[item.right].sum() / scaled.sum())))
        return total

    return float(min(np.arange(0.5, 3.05, 0.1), key=loss))


def report(results: list[tuple[Item, NDArray[np.float32]]]) -> None:
    """Accuracy by form, and precision by coverage."""
    for form in ("phrase", "m", "f", "p", "n", "s", "w", "none"):
        mine = [(i, p) for i, p in results if i.form == form]
        if mine:
            good = sum(bool(i.right[p.argmax()]) for i, p in mine)
            print(f"{form:8}{len(mine):6}{100 * good / len(mine):7.1f}")
    sure = sorted(((float(p.max()), bool(i.right[p.argmax()])) for i, p in results), reverse=True)
    for share in (0.5, 0.7, 0.8, 0.9, 1.0):
        part = sure[: int(share * len(sure))]
        rightly = 100 * sum(r for _, r in part) / len(part)
        print(f"the surest {100 * share:3.0f}%: {rightly:.1f} right, from {part[-1][0]:.2f}")


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--labels", type=Path, required=True)
    p.add_argument("--models", type=Path, nargs=FOLDS + 1, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--epochs", type=int, default=20)
    p.add_argument("--seeds", type=int, default=3)
    options = p.parse_args()
    taggers = [Tagger(folder) for folder in options.models]
    read: list[Labelled] = []
    items: list[Item] = []
    for row, label in articles(options.shared, read_jsonl(options.labels)):
        attributions = label.get("attributions") or row["attributions"]
        reading, _ = taggers[reader_of(label)].read(row["text"])
        read.append(Labelled(label, row["text"], attributions, reading))
        items += of_article(view_of(row["text"], reading), label, attributions)
    print(f"{len(read)} articles, {len(items)} statements", flush=True)
    choices, results = held_out(items, options.epochs, options.seeds)
    report(results)
    good = total = 0
    for fold in range(FOLDS):
        weights = own_types([i for i in items if i.fold != fold])
        choices[fold] = replace(choices[fold], own=weights, temperature=temperature_of(results))
        for i in items:
            if i.fold == fold and i.own is not None and i.type in OWN:
                total += 1
                good += max(OWN, key=lambda k, w=weights, i=i: float((i.own @ w)[k])) == i.type  # type: ignore[misc]
    print(f"types of sources by their own words: {100 * good / total:.1f} of {total}", flush=True)
    module = scorer(options.shared, "score_sourcing")
    told, known, _ = naming.proposed(read, choices, module)
    naming.report(told, known)
    for fold in range(FOLDS):
        choices[fold] = replace(choices[fold], sure=naming.regression([t for t in told if t.fold != fold]))
    _, _, unnamed = naming.proposed(read, choices, module)  # whom nobody is named for depends on how sure names are
    naming.report_types(unnamed)
    temperature = temperature_of(results)
    choice = as_choice([fit(items, options.epochs, seed) for seed in range(options.seeds)], temperature)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        options.out,
        hidden=choice.hidden,
        hidden_bias=choice.hidden_bias,
        out=choice.out,
        own=own_types(items),
        temperature=temperature,
        sure=naming.regression(told),
        unnamed=naming.types(unnamed),
    )
    print(f"temperature {temperature:.1f}; {options.out}")


if __name__ == "__main__":
    main()
