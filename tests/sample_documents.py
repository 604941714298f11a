"""Documents made by hand, with the statements an extractor should find: what the exports are tested with."""

from __future__ import annotations

from dataclasses import replace

from onrecord.model import Document, Form, Kind, Link, Post, SourceType, Span, Speaker, Statement

TITLE = "Oslo: Fishing pact is “weeks, not months” away"
STORY = f"""{TITLE}
The island of Sandvær is ready to reopen its northern grounds to foreign trawlers in June, according to the Nigerian trade minister, Adaeze Okafor, who led three days of talks in Bergen. The islanders, she said, had agreed to “open the ice edge to eight vessels” if Lagos paid for a patrol ship.
“We did not come here to empty anybody’s sea,” Okafor told reporters on Friday. “We came to share it.”
Norway’s foreign ministry confirmed that a draft existed but declined to comment on its contents. “There is a text. There is no treaty,” a spokesperson said.
A ceasefire in the licence dispute, according to two officials briefed on the talks, is within reach.
Not everyone is pleased. The Coastal Fishers’ League called for a vote on Sandvær before anything is signed, and its chair, Leif Aune, dismissed the patrol ship as “a bribe with an engine”. He believes that the ministry is claiming the island council had asked for the ship, which the council denies.
“Nobody asked us anything. [The minister] flew over in a helicopter, waved, and left …”
A poll by Nordlys Research shows that 61 per cent of islanders want quotas cut, not sold.
The pact would be a disaster for cod, Sandvær’s mayor wrote on Telegram: Our children will read about this fish.
Okafor insisted that scientists at the Marine Institute had warned her government that the stock would collapse without a patrol. Speaking through an interpreter, the harbour master said the ice had “never been so thin”.
Correction: An earlier version of this article misstated the number of vessels."""


class Builder:
    """Finds words in a text, each after the one before, and collects statements."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.statements: list[Statement] = []

    def span(self, words: str, after: int = 0) -> Span:
        start = self.text.index(words, after)
        return Span(start, start + len(words))

    def spans(self, words: str, after: int) -> tuple[Span, ...]:
        found: list[Span] = []
        for part in filter(None, words.split(" || ")):
            found.append(self.span(part, found[-1].end if found else after))
        return tuple(found)

    def add(
        self, near: str, source: str, cue: str, content: str, form: Form = Form.PARAPHRASE,
        parent: Statement | None = None, quoted: str = "", score: float = 0.93, kind: Kind = Kind.STATEMENT,
        edits: str = "", translated: bool = False, post: Post | None = None, links: tuple[Link, ...] = (),
    ) -> Statement:  # fmt: skip
        at = self.text.index(near)
        statement = Statement(
            id=f"{len(self.statements) + 1:02d}f3c9", source=self.spans(source, at), cue=self.spans(cue, at),
            content=self.spans(content, at), form=form, parent=parent.id if parent else None,
            quoted=self.spans(quoted or (content if form is Form.VERBATIM else ""), at), score=score, kind=kind,
            edits=self.spans(edits, at), translated=translated, post=post, links=links,
        )  # fmt: skip
        self.statements.append(statement)
        return statement


def fishing_pact() -> Document:
    """An invented article: every form and kind, nesting three deep, discontinuous content, a post, links."""
    b = Builder(STORY)
    b.add("Oslo", "Oslo", ":", "Fishing pact is “weeks, not months” away", Form.PARTIAL, quoted="“weeks, not months”")
    b.add(
        "The island",
        "the Nigerian trade minister, Adaeze Okafor",
        "according to",
        "The island of Sandvær is ready to reopen its northern grounds to foreign trawlers in June",
        score=0.981234567,
    )
    she = b.add(
        "The islanders",
        "she",
        "said",
        "The islanders || had agreed to “open the ice edge to eight vessels” if Lagos paid for a patrol ship",
        Form.PARTIAL,
        quoted="“open the ice edge to eight vessels”",
        score=0.91,
    )
    b.add(
        "The islanders",
        "The islanders",
        "had agreed to",
        "“open the ice edge to eight vessels” if Lagos paid for a patrol ship",
        Form.PARTIAL,
        she,
        quoted="“open the ice edge to eight vessels”",
        score=0.774,
    )
    b.add(
        "“We did",
        "Okafor",
        "told",
        "“We did not come here to empty anybody’s sea,” || “We came to share it.”",
        Form.VERBATIM,
        score=0.996,
    )
    poll = b.span("A poll by Nordlys Research")
    b.add("Norway’s", "Norway’s foreign ministry", "confirmed", "a draft existed", score=0.94)
    b.add("Norway’s", "Norway’s foreign ministry", "declined to comment", "on its contents", kind=Kind.NON_RESPONSE)
    b.add("“There is", "a spokesperson", "said", "“There is a text. There is no treaty,”", Form.VERBATIM, score=0.99)
    b.add(
        "A ceasefire",
        "two officials briefed on the talks",
        "according to",
        "A ceasefire in the licence dispute || is within reach",
        score=0.88,
    )
    b.add(
        "The Coastal",
        "The Coastal Fishers’ League",
        "called for",
        "a vote on Sandvær before anything is signed",
        score=0.83,
    )
    b.add(
        "its chair",
        "its chair, Leif Aune",
        "dismissed || as",
        "the patrol ship || “a bribe with an engine”",
        Form.PARTIAL,
        quoted="“a bribe with an engine”",
        score=0.8,
    )
    he = b.add(
        "He believes",
        "He",
        "believes",
        "that the ministry is claiming the island council had asked for the ship",
        score=0.71,
    )
    ministry = b.add(
        "the ministry is",
        "the ministry",
        "claiming",
        "the island council had asked for the ship",
        parent=he,
        score=0.69,
    )
    b.add("the island council", "the island council", "asked for", "the ship", parent=ministry, score=0.55)
    b.add("which the council", "the council", "denies", "which", score=0.42)
    b.add(
        "“Nobody",
        "",
        "",
        "“Nobody asked us anything. [The minister] flew over in a helicopter, waved, and left …”",
        Form.VERBATIM,
        edits="[The minister] || …",
        score=0.64,
    )
    b.add(
        "A poll",
        "A poll by Nordlys Research",
        "shows",
        "61 per cent of islanders want quotas cut, not sold",
        score=0.9,
        links=(Link(poll, "https://example.org/polls/sandvaer?wave=3&lang=en"),),
    )
    tweet = b.span("Our children will read about this fish.")
    b.add("The pact would", "Sandvær’s mayor", "wrote", "The pact would be a disaster for cod", score=0.86)
    b.add(
        "Our children",
        "",
        "",
        "Our children will read about this fish.",
        Form.VERBATIM,
        post=Post(tweet, "Mayor of Sandvær", "https://t.me/sandvaer/41", None, "telegram"),
        score=0.97,
    )
    okafor = b.add(
        "Okafor insisted",
        "Okafor",
        "insisted",
        "that scientists at the Marine Institute had warned her government that the stock would collapse"
        " without a patrol",
        score=0.95,
    )
    b.add(
        "scientists at",
        "scientists at the Marine Institute",
        "had warned",
        "that the stock would collapse without a patrol",
        parent=okafor,
        score=0.9,
    )
    b.add(
        "the harbour master",
        "the harbour master",
        "said",
        "the ice had “never been so thin”",
        Form.PARTIAL,
        quoted="“never been so thin”",
        translated=True,
        score=0.92,
    )
    b.add(
        "Correction:",
        "",
        "Correction",
        "An earlier version of this article misstated the number of vessels.",
        kind=Kind.EDITOR_NOTE,
        score=0.99,
    )
    statements = _identified(b)
    return Document(
        id="pact", text=STORY, title=TITLE, outlet="The Harbour Courier", date="2024-05-03T09:42:00+02:00",
        url="https://courier.example/world/fishing-pact", authors=("Ingrid Falk", "Tunde Bello"), language="en",
        links=(Link(poll, "https://example.org/polls/sandvaer?wave=3&lang=en"),), statements=statements,
    )  # fmt: skip


def _identified(b: Builder) -> tuple[Statement, ...]:
    """The statements of the invented article with their speakers; "He" may be one of two."""
    person, organisation, group = SourceType.NAMED_PERSON, SourceType.NAMED_ORGANIZATION, SourceType.UNNAMED_GROUP
    okafor = Speaker(
        "Adaeze Okafor", person, b.span("Adaeze Okafor"), b.span("Nigerian trade minister"),
        b.span("who led three days of talks in Bergen"),
    )  # fmt: skip
    ministry = Speaker("Norway’s foreign ministry", organisation, b.span("Norway’s foreign ministry"))
    nameless = Speaker(None, SourceType.ANONYMOUS_SOURCE, b.span("two officials briefed on the talks"))
    speakers = {
        "the Nigerian trade minister, Adaeze Okafor": okafor, "she": okafor, "Okafor": okafor,
        "Norway’s foreign ministry": ministry, "a spokesperson": ministry, "the ministry": ministry,
        "two officials briefed on the talks": nameless,
        "The islanders": Speaker("islanders", group, b.span("islanders")),
        "The Coastal Fishers’ League": Speaker("Coastal Fishers’ League", organisation, b.span("Coastal Fishers’ League")),
        "its chair, Leif Aune": Speaker("Leif Aune", person, b.span("Leif Aune"), b.span("chair")),
        "the island council": Speaker("island council", organisation, b.span("island council")),
        "the council": Speaker("island council", organisation, b.span("island council")),
        "A poll by Nordlys Research": Speaker("poll by Nordlys Research", SourceType.DOCUMENT, b.span("poll by Nordlys Research")),
        "Sandvær’s mayor": Speaker(None, SourceType.UNNAMED_PERSON, b.span("Sandvær’s mayor")),
        "scientists at the Marine Institute": Speaker("scientists at the Marine Institute", group),
        "the harbour master": Speaker(None, SourceType.UNNAMED_PERSON),
        "Oslo": Speaker("Oslo", organisation, b.span("Oslo")),
    }  # fmt: skip
    made = []
    for s in b.statements:
        words = " ".join(span.of(b.text) for span in s.source)
        if words in speakers:
            s = replace(s, speakers=(speakers[words],), speaker_score=0.9)
        elif words == "He":
            s = replace(s, speaker_score=0.45, candidates=("Leif Aune", "Sandvær’s mayor"))
        made.append(s)
    return tuple(made)


HOSTILE = (
    "</title><script>window.hit=1</script> <img src=x onerror=window.hit=2>\n"
    'Mayor "O\'Neil" & <b>co</b> said: "<script>window.hit=3</script>"\n'
    "A spy wrote \u202eeil a si siht\u202c and \x1b[31mred\x1b]0;owned\x07 \x00 \ud800 {{ 7*7 }} &amp; [red]x[/red]"
)


def hostile() -> Document:
    """An article that attacks whatever shows it: markup, quotes, bidi overrides, controls, lone surrogates."""
    b = Builder(HOSTILE)
    b.add("Mayor", "Mayor \"O'Neil\" & <b>co</b>", "said", '"<script>window.hit=3</script>"', Form.VERBATIM,
          links=(Link(Span(72, 77), "javascript:window.hit=4"),))  # fmt: skip
    b.add("A spy", "A spy", "wrote", HOSTILE[HOSTILE.index("\u202e") :])
    return Document(
        id='../../"<x>', text=HOSTILE, title="</title><script>window.hit=5</script>", outlet='<i>"Out"</i>',
        date="2024", url="javascript:window.hit=6", authors=("<u>A</u>",), language='en"><script>',
        links=(Link(Span(72, 77), "javascript:window.hit=4"),), statements=tuple(b.statements),
    )  # fmt: skip


def crossing() -> Document:
    """Two top-level statements whose contents cross, a source in another's content, shared borders."""
    text = "One says alpha beta gamma delta."
    return Document(
        id=7, text=text,
        statements=(
            Statement("a", (Span(9, 25),), source=(Span(0, 3),), cue=(Span(4, 8),)),
            Statement("b", (Span(20, 31),), source=(Span(15, 19),)),
            Statement("c", (Span(9, 25),), source=(Span(9, 14),), parent="a"),
        ),
    )  # fmt: skip


def plain() -> Document:
    """Nothing known but the text, and nothing said in it."""
    return Document(id="plain", text="The sun rose over the harbour.")


def all_samples() -> list[Document]:
    return [fishing_pact(), hostile(), crossing(), plain()]
