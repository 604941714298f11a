"""Beginnings of articles under headlines of the world's other newspapers.

``python -m train.headed --shared DIR --out FILE`` takes the first paragraphs of each PolNeAR training article, with
their attributions, and puts another headline above them: "Claim: ministry", "Claim - police", "Claim, says union",
"Ankara: Claim", "Study: Claim", and headlines with a colon or a dash that attribute nothing ("Live: …", "…: what we
know", "… - but …"). PolNeAR's own are American, one line in forty, and have the source first. Claims are short
contents of the same article or headlines of the BBC; the source words are lists in this file. Seeded.
"""

from __future__ import annotations

import argparse
import hashlib
import html
import json
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

from onrecord.extract.words import cut
from train.data import read_jsonl

Row = dict[str, Any]
Item = dict[str, list[list[int]]]
GOLD = Path(__file__).parent.parent / "bench/gold"
ROLES = ("source", "cue", "content")

SOURCES = """
ministry; police; inquiry; study; report; poll; survey; officials; union; minister; court; prosecutors; UN;
watchdog; experts; scientists; aide; agency; envoy; army; council; lawyer; auditor; regulator; opposition; state
media; rights group; doctors; researchers; prime minister; president; central bank; foreign ministry; defence
ministry; state TV; newspaper; witnesses; residents; charity; aid agencies; Red Cross; mayor; governor; coroner;
judge; think tank; source; sources; EU; NATO; IMF; WHO; health officials; police chief; finance minister; foreign
minister; spokesman; spokeswoman; bishops; teachers; employers; farmers; analysts; economists; committee;
commission; leaked memo; memo; audit; lawsuit; indictment; court papers; documents; letter; census; monitor;
monitors; former aide; ex-minister; defence chief; navy; air force; coastguard; airline; company; operator; chief
executive; founder; coach; widow; family; neighbours; lawyers; defence; prosecution; inspector; ombudsman;
negotiator; mediators; rebels; government; cabinet; MPs; senator; lawmaker; lawmakers; US official; Western
diplomats; UN envoy; rights office; statistics office; met office; tribunal
"""
PLACES = """
Ankara; Athens; Baghdad; Beijing; Berlin; Bern; Brasilia; Brussels; Bucharest; Budapest; Cairo; Canberra; Caracas;
Damascus; Delhi; Dhaka; Dublin; Geneva; Hanoi; Harare; Havana; Islamabad; Jakarta; Jerusalem; Kabul; Khartoum; Kiev;
Lima; Lisbon; London; Madrid; Manila; Minsk; Moscow; Nairobi; Oslo; Ottawa; Paris; Prague; Pretoria; Pyongyang;
Riyadh; Rome; Seoul; Sofia; Stockholm; Taipei; Tehran; Tokyo; Tripoli; Tunis; Vienna; Warsaw; Washington; Turkey;
Greece; Iraq; China; Germany; Brazil; Romania; Egypt; Australia; Syria; India; Ireland; Israel; Cuba; Pakistan;
Indonesia; Iran; Afghanistan; Sudan; Ukraine; Peru; Spain; Belarus; Russia; Kenya; Norway; Canada; France; Poland;
Japan; Sweden; Serbia; Georgia; Libya; Hungary; Italy; Mexico; Chile; Nigeria; Ghana; Kosovo; Taiwan; Denmark;
Finland; Iceland; Vatican
"""
LABELS = """
Live; Analysis; Profile; Video; Explainer; Timeline; Obituary; Review; Factbox; In pictures; Key points; Quiz;
Results; Opinion; Comment; Gallery; Background; In brief; Diary; Special report; Podcast; Interview; The Latest;
Preview; Match report
"""
TAILS = """
what we know; what you need to know; a timeline; in numbers; key dates; who is who; as it happened; full text; five
questions; what next; how it unfolded; the main points; where things stand; a brief history; your questions
answered; at a glance; the story so far
"""
_MARKS = (": ", ": ", ": ", " – ", " - ", " — ")
_TURNS = ("but", "and", "at last", "again", "for now")
_SMALL = re.compile(r"\b(?:the|a|an)\s+", re.IGNORECASE)


def fingerprint(text: str) -> str:
    """SHA-256 of a text, as gold files give it."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def measured() -> frozenset[str]:
    """The fingerprints of all documents that something is measured on."""
    return frozenset(row["sha256"] for path in GOLD.glob("*.jsonl") for row in read_jsonl(path))


def listed(words: str) -> list[str]:
    """The entries of one of the lists above."""
    return [part.strip() for part in words.replace("\n", " ").split(";")]


def beginning(row: Row, most: int) -> tuple[str, list[Item], str]:
    """An article's first paragraphs without its headline, of about ``most`` characters; their attributions; the
    headline."""
    text = row["text"]
    head = text.split("\n", 1)[0]
    start = len(head) + len(text[len(head) :]) - len(text[len(head) :].lstrip())
    end = text.find("\n", start + most)
    end = len(text) if end < 0 else end
    kept = [
        {role: [[a - start, b - start] for a, b in item[role]] for role in ROLES}
        for item in row["attributions"]
        if all(start <= a and b <= end for role in ROLES for a, b in item[role])
    ]
    return text[start:end].rstrip(), kept, head


def claims(row: Row) -> list[str]:
    """Short contents of an article, unquoted and in one piece, that could be a headline."""
    found = []
    for item in row["attributions"]:
        if len(item["content"]) != 1:
            continue
        text = row["text"][slice(*item["content"][0])].strip(" .,;:")
        text = re.sub(r"^that ", "", text)
        words = text.split()
        if (
            5 <= len(words) <= 14
            and not re.search(r"[\"“”\n:–—]", text)
            and re.match(r"[A-Z]|the |a |an |most |many ", text)
        ):
            found.append(text[0].upper() + text[1:])
    return found


def clipped(text: str, rng: random.Random) -> str:
    """A clause as headlines have it: without most articles, and in quotation marks now and then."""
    if rng.random() < 0.6:
        text = _SMALL.sub("", text)
        text = text[0].upper() + text[1:]
    if rng.random() < 0.12:
        marks = rng.choice(["‘’", "''", "“”", '""'])
        text = marks[0] + text + marks[1]
    elif rng.random() < 0.1 and len(words := text.split()) > 5:
        at = rng.randint(1, len(words) - 3)
        words[at], words[at + 2] = "‘" + words[at], words[at + 2] + "’"
        text = " ".join(words)
    return text


def last(claim: str, source: str, rng: random.Random) -> tuple[str, Item]:
    """ "Claim: source", "Claim – source" or "Claim, says source"."""
    if rng.random() < 0.2:
        verb = (
            rng.choice(["says", "say", "warns", "warn", "claims"])
            if source.endswith("s")
            else rng.choice(["says", "warns"])
        )
        text = f"{claim}, {verb} {source}"
        cue = [len(claim) + 2, len(claim) + 2 + len(verb)]
    else:
        mark = rng.choice(_MARKS)
        text = claim + mark + source
        at = len(claim) + len(mark) - len(mark.lstrip())
        cue = [at, at + 1]
    return text, {"source": [[len(text) - len(source), len(text)]], "cue": [cue], "content": [[0, len(claim)]]}


def first(claim: str, source: str, rng: random.Random) -> tuple[str, Item]:
    """ "Source: claim"."""
    text = f"{source}: {claim}"
    end = len(source)
    return text, {"source": [[0, end]], "cue": [[end, end + 1]], "content": [[end + 2, len(text)]]}


def nothing(event: str, rng: random.Random) -> str:
    """A headline with a colon or a dash in which nobody says anything."""
    words = event.split()
    subject = " ".join(words[: rng.randint(2, 3)])
    kind = rng.randrange(7)
    if kind == 0:
        return f"{rng.choice(listed(LABELS))}: {event}"
    if kind == 1:
        return f"{subject}: {rng.choice(listed(TAILS))}"
    if kind == 2:
        return f"{' '.join(words[:-2])} - {rng.choice(_TURNS)} {' '.join(words[-2:])}"
    if kind == 3:
        return f"{rng.choice(listed(PLACES))}: {event}"
    if kind == 4:
        return f"{words[0]} {rng.randint(0, 4)}-{rng.randint(0, 4)} {words[-1]}: {event[0].lower() + event[1:]}"
    return event


def headed(row: Row, events: list[str], names: list[str], rng: random.Random) -> Row:
    """One article's beginning under a made headline."""
    body, items, _ = beginning(row, rng.randint(200, 900))
    own = claims(row)
    claim = clipped(rng.choice(own), rng) if own and rng.random() < 0.6 else clipped(rng.choice(events), rng)
    kind = rng.random()
    sources = listed(SOURCES)
    titled = rng.random() < 0.1
    made: Item | None = None
    if kind < 0.42:
        source = rng.choice(sources if rng.random() < 0.65 else names if rng.random() < 0.75 else listed(PLACES))
        text, made = last(claim, source.title() if titled else source, rng)
    elif kind < 0.57 and own:
        text, made = first(clipped(rng.choice(own), rng), rng.choice(listed(PLACES)), rng)
    elif kind < 0.74:
        source = rng.choice(sources) if rng.random() < 0.7 else rng.choice(names)
        text, made = first(claim, source[0].upper() + source[1:], rng)
    else:
        text = nothing(rng.choice(events), rng)
    if rng.random() < 0.2:
        text += "."
    gap = text + rng.choice(["\n\n", "\n\n", "\n"])
    shift = len(gap)
    moved = [{role: [[a + shift, b + shift] for a, b in item[role]] for role in ROLES} for item in items]
    return {"id": f"{row['id']}#headed", "text": gap + body, "attributions": ([made] if made else []) + moved}


def short_names(rows: list[Row]) -> list[str]:
    """Surnames, names and firms: the one- and two-word capitalised sources of the articles."""
    found = {row["text"][a:b] for row in rows for item in row["attributions"] for a, b in item["source"][:1]}
    pattern = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?")
    dull = {
        "He",
        "She",
        "They",
        "It",
        "We",
        "I",
        "You",
        "Who",
        "The",
        "That",
        "This",
        "Some",
        "Many",
        "Most",
        "Others",
        "Both",
    }
    return sorted(name for name in found if pattern.fullmatch(name) and not dull & set(name.split()))


def main() -> None:
    """Entry point."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--times", type=int, default=1, help="headlines an article")
    p.add_argument("--seed", type=int, default=1)
    options = p.parse_args()
    rng = random.Random(f"headed {options.seed}")
    rows = list(read_jsonl(options.shared / "data/polnear/train.jsonl.gz"))
    news = [
        r for r in read_jsonl(options.shared / "data/news/bbc.jsonl.gz") if fingerprint(r["text"]) not in measured()
    ]
    lines = [html.unescape(row["text"].split("\n", 1)[0].strip()) for row in news]
    events = sorted({line for line in lines if 4 <= len(line.split()) <= 9 and not re.search(r"[:'‘\"–-]", line)})
    names = short_names(rows)
    made = [headed(row, events, names, rng) for row in rows for _ in range(options.times)]
    made = [row for row in made if len(cut(row["text"])) > 20]
    with options.out.open("w", encoding="utf-8") as out:
        for row in made:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{len(made)} beginnings, {len(events)} events, {len(names)} names")


if __name__ == "__main__":
    main()
