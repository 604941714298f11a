"""HTML pages in the manner of real outlets: what is article, what is furniture, and what stands where."""

from __future__ import annotations

import io
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import DocumentError, EmptyDocument, WrongLanguage
from onrecord.model import Document
from onrecord.readers import Outcome, Source, html
from onrecord.readers.page.blocks import clean
from onrecord.readers.page.furniture import is_note
from onrecord.settings import ReadOptions

# No control characters: HTML has its own rules for them.
ANY = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"])
PAGES = Path(__file__).parent / "fixtures" / "pages"


def outcome(raw: bytes | str, url: str | None = None, charset: str | None = None) -> Outcome:
    raw = raw.encode() if isinstance(raw, str) else raw
    (found,) = html.READER.read(Source(io.BytesIO(raw), "page.html", url, charset), ReadOptions())
    return found


def page(raw: bytes | str, url: str | None = None, charset: str | None = None) -> Document:
    found = outcome(raw, url, charset)
    assert isinstance(found, Document), found
    return found


def fixture(name: str) -> Document:
    return page((PAGES / f"{name}.html").read_bytes())


def paragraphs(document: Document) -> list[str]:
    return document.text.split("\n\n")


def links(document: Document) -> list[tuple[str, str]]:
    return [(link.span.of(document.text), link.url) for link in document.links]


def notes(document: Document) -> list[str]:
    return [span.of(document.text) for span in document.notes]


def article(*body: str, head: str = "", before: str = "", after: str = "") -> str:
    """A plain page with an article long enough for nobody to doubt that it is one."""
    filler = (
        "<p>The council met on Monday to talk about the harbour, the ferry and the price of diesel, as it does "
        "every month, and it heard from four skippers, a lawyer and the harbourmaster.</p>"
        "<p>Nobody in the room could say when the new levy would begin, though several had read the paper that "
        "was sent round in March, and some had brought it with them.</p>"
    )
    return (
        f"<!DOCTYPE html><html lang=en><head><title>Levy</title>{head}</head><body>{before}<article>"
        f"<h1>Council meets on the levy</h1>{filler}{''.join(body)}{filler.replace('Monday', 'Tuesday').replace('March', 'May')}"
        f"</article>{after}</body></html>"
    )


def test_wordpress() -> None:
    document = page((PAGES.parent / "readers" / "html.html").read_bytes())
    assert document.title == "Harbour levy will “ruin us”, skippers tell council"
    assert document.outlet == "The Skerry Herald"
    assert document.date == "2024-05-14T17:20:05+01:00"
    assert document.url == "https://skerryherald.example/2024/05/harbour-levy/"
    assert document.authors == ("Maeve Tulloch",)
    assert document.language == "en"
    assert paragraphs(document) == [
        "Harbour levy will “ruin us”, skippers tell council",
        "Skippers have warned Skerry Council that a new harbour levy “will ruin us by the autumn”, after a report put the "
        "cost at £4,100 a boat.",
        "The council’s finance convener, Ingrid Isbister, said the levy was “regrettable but necessary”.",
        "“No.”",
        "That was the answer of the skippers’ chairman, Tam Goudie, when asked whether his members would pay.",
        "We asked for a meeting in March. Nobody called back. The fleet stays in port on Friday.",
        "— Skerry Skippers (@skerryskippers) May 13, 2024",
        "Mr Goudie told the Herald that two boats had already been put up for sale.",
        "The Scottish Government declined to comment. Its adviser Søren Dahl had called the levy “premature” in November.",
        "Editor’s note: This article was amended on 15 May to correct the cost of the levy.",
    ]
    assert links(document) == [
        ("a report", "https://skerrycouncil.example/papers/levy-report.pdf"),
        ("Søren Dahl", "https://skerryherald.example/2023/11/profile-dahl/"),
    ]
    (post,) = document.posts
    assert post.span.of(document.text).startswith("We asked for a meeting")
    assert (post.author, post.platform) == ("Skerry Skippers (@skerryskippers)", "twitter")
    assert post.url == "https://twitter.com/skerryskippers/status/1790000000000000001"
    assert post.author_span is not None
    assert post.author_span.of(document.text) == post.author
    assert notes(document) == ["Editor’s note: This article was amended on 15 May to correct the cost of the levy."]


def test_broadsheet_built_by_scripts() -> None:
    document = fixture("broadsheet")
    assert document.title == "Trade Talks Collapse Over Fish, Finance Minister Says"
    assert (document.outlet, document.date) == ("The Meridian Times", "2023-11-21T09:42:00Z")
    assert document.authors == ("Li Wei", "Jonas Lind")
    assert paragraphs(document) == [
        "Trade Talks Collapse Over Fish, Finance Minister Says",
        "A week of meetings in Lagos ended without a deal. Each side said the other had walked out.",
        "LAGOS — Trade talks between Nigeria and Norway collapsed on Monday, Finance Minister Amina Okafor said, blaming “a "
        "quota nobody can fish.”",
        "“We came with an offer,” Ms. Okafor told reporters outside the ministry. “They came with a map,” she added, “and "
        "the map was wrong.”",
        "Norway’s chief negotiator denied that his side had left the room first, and said the offer “never reached the table.”",
        "‘A Matter of Pride’",
        "Analysts see little room. According to a study by the Nordic Fisheries Institute, a compromise would cost each side "
        "about $40 million a year.",
        "The table was empty because the chairs were gone.",
        "Ask them who took the chairs.",
        "— Erik Solvang (@solvang.bsky.social) November 20, 2023 at 9:14 PM",
        "The European Commission, asked whether it would mediate, did not respond.",
        "Both ministries pledged to “keep the line open.”",
        "A correction was made on Nov. 22, 2023:",
        "An earlier version of this article misstated the year of the last accord. It was 2009, not 2011.",
    ]
    assert ("the map", "https://ministry.example/map") in links(document)
    assert (
        "a study by the Nordic Fisheries Institute",
        "https://www.meridiantimes.example/2023/reports/nordic.html",
    ) in links(document)
    (post,) = document.posts
    assert post.span.of(document.text) == "\n\n".join(paragraphs(document)[7:9])
    assert (post.author, post.platform) == ("Erik Solvang (@solvang.bsky.social)", "bluesky")
    assert notes(document) == ["\n\n".join(paragraphs(document)[-2:])]


def test_wire() -> None:
    document = fixture("wire")
    assert document.title == "Central bank holds rates, warns of 'second winter'"
    assert (document.outlet, document.date, document.authors) == ("Northwire", "2024-02-01T11:05:00Z", ("Ruth Kamara",))
    assert len(paragraphs(document)) == 11
    assert paragraphs(document)[3].startswith("FREEPORT, Feb 1 (Northwire) - The Central Bank")
    assert paragraphs(document)[-1] == "Bonds fell after the statement. The lumer lost 0.4% against the dollar."
    for furniture in (
        "Read more",
        "IMF says",
        "Advertisement",
        "Reporting by",
        "Standards",
        "union says",
        "delayed",
        "Updated",
    ):
        assert furniture not in document.text
    assert links(document) == [("minutes", "https://cbl.example/minutes/2024-02")]
    (post,) = document.posts
    assert post.span.of(document.text) == (
        "The bank is independent. I have not called the governor.\nI will not call the governor."
    )
    assert (post.author, post.url) == ("Prime Minister of Lumeria", "https://t.me/lumeria_pm/812")


def test_table_layout_of_the_nineties_in_windows_1252() -> None:
    document = fixture("table")
    assert (document.title, document.outlet, document.date) == (
        "Judge rejects dam appeal",
        "The Valley Courier",
        "1998-12-05",
    )
    assert [words[:24] for words in paragraphs(document)] == [
        "Judge rejects dam appeal",
        "A county judge on Friday",
        "Judge Ellen Ward said th",
        "“It’s a sad day,” said T",
        "The ruling is posted her",
        "State officials could no",
    ]
    assert "René Dubois, on the courthouse steps – he promised" in document.text
    assert links(document) == [("posted here", "/docs/ward-ruling.html")]
    raw = (PAGES / "table.html").read_bytes()
    based = page(raw, url="http://courier.example/1998/12/05/dam.html")
    assert links(based) == [("posted here", "http://courier.example/docs/ward-ruling.html")]


def test_live_blog() -> None:
    document = fixture("liveblog")
    assert document.title == "Lumeria election live: polls close as parties trade accusations"
    assert document.date == "2024-06-09T05:00:00+02:00"
    assert paragraphs(document)[2:] == [
        "Turnout highest since 1994, says commission",
        "The electoral commission said turnout had reached 71% by 8pm, the highest since 1994.",
        "Its chair, Ola Danjuma, called the day “long, loud and clean”.",
        "71 per cent. Thank you, Lumeria.",
        "— Ola Danjuma (@danjuma_ola) June 9, 2024",
        "Ruling party alleges fraud in the north",
        "The ruling party has alleged fraud in two northern districts. “Boxes were opened,” its spokesman claimed, without "
        "giving evidence.",
        "The opposition dismissed the allegation as “sore losing, in advance”.",
        "Polls close in an hour",
        "Observers from the Union say that queues are long in the capital. They have asked for more time.",
    ]
    assert [post.author for post in document.posts] == ["Ola Danjuma (@danjuma_ola)"]


def test_a_page_that_needs_scripts_gives_the_text_of_its_json_ld() -> None:
    document = fixture("script")
    assert document.text == (
        "Ferry is safe, minister insists\n\nThe ferry is safe, transport minister Hal Rennie insisted on Monday.\n\n"
        "Unions have said that they will not sail in it. “Not with those doors,” said their convener, Jo Lamb."
    )
    assert (document.outlet, document.date, document.authors) == ("Isle Today", "2024-03", ("Una Firth",))


def test_a_teaser_gives_way_to_the_article_in_json_ld() -> None:
    body = (
        "<p>The levy is &pound;4,100 a boat, Ms Isbister said.</p><p>"
        + "It was late, and nobody in the room would pay. " * 9
    )
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Levy", "articleBody": "{body}"}}</script>'
    teaser = f"<html><head>{head}</head><body><article><h1>Levy</h1><p>The levy is here. Subscribe to read on.</p></article></body>"
    assert paragraphs(page(teaser))[:2] == ["Levy", "The levy is £4,100 a boat, Ms Isbister said."]
    assert len(paragraphs(page(article(head=head)))) == 5


def test_a_page_without_text_says_what_to_do() -> None:
    error = outcome(
        "<html><head><title>News</title></head><body><div id=root></div><script>go()</script></body></html>"
    )
    assert isinstance(error, EmptyDocument)
    assert "JavaScript" in error.hint


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>Read more: Ferry row deepens</p>",
        "<p><b>READ MORE:</b> <a href=/x>Minister denies ferry claim</a></p>",
        "<p>Related: <a href=/x>Minister denies ferry claim</a></p>",
        "<p>See also: Minister denies ferry claim</p>",
        "<p><a href=/x>Also read: Minister denies ferry claim</a></p>",
        "<p>WATCH: <a href=/x>Minister denies ferry claim</a></p>",
        "<p><em><a href=/x>Minister denies ferry claim</a></em></p>",
        "<p>Advertisement</p>",
        "<p>Sign up to First Thing, our daily e-mail, said to be the best in the isles.</p>",
        "<figure><img src=x><figcaption>Skippers said they would not pay.</figcaption></figure>",
        "<div class='image-caption'>Skippers said they would not pay.</div>",
        "<p class='wp-caption-text'>Skippers said they would not pay.</p>",
        "<p>Photo: Femi Bello/Skerry Pictures</p>",
        "<p>(Reporting by Ruth Kamara; Editing by Dora Finch)</p>",
        "<p>Ruth Kamara contributed reporting from Lagos.</p>",
        "<p>Published 14 May 2024 17:20</p>",
        "<p>3 min read</p>",
        "<p>By Maeve Tulloch</p>",
        "<p style='display:none'>The minister said that this is hidden.</p>",
        "<span class='visually-hidden'>The minister said that this is hidden.</span>",
        "<aside class='pullquote'><p>“It was a fine boat”</p></aside>",
        "<script>document.write('the minister said')</script><style>p{}</style><noscript>He said so.</noscript>",
        "<form><p>Tell us what you think</p><input name=a><button>Send it, he said</button></form>",
    ],
)
def test_furniture_is_no_text_of_the_body(furniture: str) -> None:
    assert page(article(furniture)).text == page(article()).text


@pytest.mark.parametrize(
    "words",
    [
        "“No.”",
        "By then the boats had left the harbour, she said.",
        "By Tuesday evening Ms Isbister had changed her mind.",
        "Watch the water, the harbourmaster told them.",
        "More on that later, he said.",
        "Related costs would be borne by the council, according to Ms Isbister.",
        "Related: that was the word he used of the two cases, and he used it four times before the judge stopped him, saying that "
        "the court had heard enough of it, and that it would hear the rest of it in writing, if there were any rest to be heard.",
        "Photographs of the boat were shown to the court.",
        "Follow-up talks are planned, the ministry said.",
        "Share prices fell after the minister’s statement.",
        "Print was dead, the publisher declared.",
        "Correction of the budget is overdue, the convener said.",
        "This article of the treaty was never applied, he said.",
        "Share this burden, the minister urged.",
        "Sign up for the levy and sink, Mr Goudie told the skippers.",
        "Copyright is theft, the skipper shouted: “All of it.”",
    ],
)
def test_sentences_that_look_like_furniture_stay(words: str) -> None:
    document = page(article(f"<p>{words}</p>"))
    assert words in paragraphs(document)
    assert document.notes == ()


def test_links_have_exact_places_through_emphasis_quotes_entities_and_breaks() -> None:
    body = (
        "<p>He cited <a href='../r?a=1&amp;b=2'> the  <em>first\n report</em> </a>(“x”), &ldquo;<a href=//b.example/x>b&nbsp;c</a>&rdquo;,"
        "<br>said <q>so</q> \U0001f600 <a href='https://c.example'>it</a>; <a href='#top'>top</a>, <a href='javascript:x()'>js</a>, "
        "<a href='mailto:a@b.example'>mail</a>, <a>none</a>.<sup><a href=#fn>[1]</a></sup></p>"
    )
    document = page(article(body), url="https://a.example/news/2024/story.html")
    assert "He cited the first report (“x”), “b c”,\nsaid “so” \U0001f600 it; top, js, mail, none." in paragraphs(
        document
    )
    assert links(document) == [
        ("the first report", "https://a.example/news/r?a=1&b=2"),
        ("b c", "https://b.example/x"),
        ("it", "https://c.example"),
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(ANY, max_size=30), st.text(ANY, min_size=1, max_size=20), st.text(ANY, max_size=30)),
        max_size=6,
    )
)
def test_every_link_is_the_slice_of_the_text(pieces: list[tuple[str, str, str]]) -> None:
    """Whatever stands around a link, its span covers its words as the text has them."""
    body, expected = "", []
    for number, (before, label, after) in enumerate(pieces):
        body += f"<p>He said {escape(before)} <a href='https://a.example/{number}'>{escape(label)}</a> {escape(after)} and left it.</p>"
        if clean(label):
            expected.append((clean(label), f"https://a.example/{number}"))
    document = page(article(body))
    assert [(words.replace("\n", " "), url) for words, url in links(document)] == expected


def test_a_base_element_counts() -> None:
    document = page(
        article("<p>He read <a href=r.pdf>a report</a> aloud.</p>", head="<base href='https://b.example/docs/'>")
    )
    assert links(document) == [("a report", "https://b.example/docs/r.pdf")]


POSTS = {
    "x with dashes as text": (
        "<blockquote class='twitter-tweet'><p>We left.</p>— Tam Goudie (@tam) <a href='https://x.com/tam/status/12?s=20'>May 3, "
        "2024</a></blockquote>",
        ("We left.", "Tam Goudie (@tam)", "https://x.com/tam/status/12", "twitter", True),
    ),
    "no class, only the link": (
        "<blockquote><p>We left.</p>&mdash; Tam Goudie (@tam) <a href='https://twitter.com/tam/status/12'>3 May 2024</a></blockquote>",
        ("We left.", "Tam Goudie (@tam)", "https://twitter.com/tam/status/12", "twitter", True),
    ),
    "instagram with its caption": (
        "<blockquote class='instagram-media' data-instgrm-captioned data-instgrm-permalink='https://www.instagram.com/p/AbC_1/?utm=x'>"
        "<div><a href='https://www.instagram.com/p/AbC_1/?utm=x'>View this post on Instagram</a></div>"
        "<p><a href='https://www.instagram.com/p/AbC_1/'>The boat is ours again.</a></p>"
        "<p>A post shared by <a href='https://www.instagram.com/tam/'>Tam Goudie</a> (@tam.g) on <time>May 3, 2024 at 1:00pm PDT</time>"
        "</p></blockquote>",
        ("The boat is ours again.", "Tam Goudie (@tam.g)", "https://www.instagram.com/p/AbC_1/", "instagram", True),
    ),
    "facebook": (
        "<div class='fb-post' data-href='https://www.facebook.com/skerry/posts/99'><blockquote cite='https://www.facebook.com/skerry/"
        "posts/99' class='fb-xfbml-parse-ignore'><p>The slip is closed.</p>Posted by <a href='https://facebook.com/skerry'>Skerry Council"
        "</a> on&nbsp;<a href='https://www.facebook.com/skerry/posts/99'>Friday, May 3, 2024</a></blockquote></div>",
        ("The slip is closed.", "Skerry Council", "https://www.facebook.com/skerry/posts/99", "facebook", True),
    ),
    "tiktok": (
        "<blockquote class='tiktok-embed' cite='https://www.tiktok.com/@tam/video/77' data-video-id='77'><section>"
        "<a title='@tam' href='https://www.tiktok.com/@tam?refer=embed'>@tam</a><p>They towed it at night.</p>"
        "<a href='https://www.tiktok.com/music/x'>♬ original sound - tam</a></section></blockquote>",
        ("They towed it at night.", "@tam", "https://www.tiktok.com/@tam/video/77", "tiktok", False),
    ),
    "truth social, in an aside of its own": (
        "<aside class='social-embed'><blockquote class='truthsocial-embed' cite='https://truthsocial.com/@tam/posts/55'>"
        "<p>SAD!</p></blockquote></aside>",
        ("SAD!", "@tam", "https://truthsocial.com/@tam/posts/55", "truthsocial", False),
    ),
    "mastodon": (
        "<blockquote cite='https://mast.example/@tam/111222333'><p>Gone.</p>— Tam Goudie <a href='https://mast.example/@tam/111222333'>"
        "2024-05-03</a></blockquote>",
        ("Gone.", "Tam Goudie", "https://mast.example/@tam/111222333", "mastodon", True),
    ),
}


@pytest.mark.parametrize("name", POSTS)
def test_embedded_posts(name: str) -> None:
    markup, (words, author, url, platform, shown) = POSTS[name]
    document = page(article(f"<p>Then this came.</p><div class='embed'>{markup}</div>"))
    (post,) = document.posts
    assert post.span.of(document.text) == words
    assert (post.author, post.url, post.platform) == (author, url, platform)
    assert (post.author_span is not None) == shown
    if post.author_span is not None:
        assert post.author_span.of(document.text) == author
    at = paragraphs(document).index(words)
    assert paragraphs(document)[at - 1] == "Then this came."
    assert "Instagram\n" not in document.text
    assert "original sound" not in document.text


def test_a_post_without_words_is_left_out() -> None:
    empty = "<blockquote class='text-post-media' cite='https://www.threads.net/@tam/post/C1'><a href='#'>View on Threads</a></blockquote>"
    assert page(article(empty)).posts == ()
    assert page(article(empty)).text == page(article()).text


def test_a_quotation_of_the_article_is_no_post() -> None:
    document = page(article("<blockquote><p>We will not sign, and we will not pay, the letter says.</p></blockquote>"))
    assert document.posts == ()
    assert "We will not sign, and we will not pay, the letter says." in paragraphs(document)


def test_posts_outside_the_article_are_left_out() -> None:
    sidebar = "<aside class=sidebar><h2>Our tweets</h2>" + POSTS["x with dashes as text"][0] + "</aside>"
    assert page(article(after=sidebar)).posts == ()


@pytest.mark.parametrize(
    "words",
    [
        "Correction: An earlier version of this article misstated Ms Isbister’s age.",
        "CORRECTION (May 15, 2024): The levy is £4,100.",
        "Editor’s note: The Herald’s owner is a skipper.",
        "This article was amended on 15 May 2024 to correct a name.",
        "This story has been updated to include a response from the council.",
        "An earlier version of this story misspelled Mr Goudie’s name.",
        "• This article was amended on 15 May 2024. The levy is £4,100.",
        "Clarification: The council has not yet voted.",
    ],
)
def test_notes_of_the_outlet(words: str) -> None:
    assert is_note(words)
    assert notes(page(article(f"<p><em>{words}</em></p>"))) == [words]
    below = article().replace("</article>", f"<div class='article-correction'><p>{words}</p></div></article>")
    assert notes(page(below)) == [words]


def test_the_headline_is_the_first_paragraph_and_stands_once() -> None:
    document = page(article(head="<meta property='og:title' content='Council meets on the levy | Skerry Herald'>"))
    assert document.title == paragraphs(document)[0] == "Council meets on the levy"
    assert document.text.count("Council meets on the levy") == 1


def test_links_after_a_headline_line_in_the_same_block_keep_their_place() -> None:
    markup = (
        "<html><head><title>Dam opens | Courier</title></head><body><h1>Dam opens</h1><div><b>Dam opens</b><br>The engineer, in "
        "<a href='https://a.example/r'>a report</a>, said that the water would be let out over three weeks, and no sooner.</div></body>"
    )
    document = page(markup)
    assert document.text.count("Dam opens") == 1
    assert links(document) == [("a report", "https://a.example/r")]


def test_dates_without_metadata_are_not_guessed() -> None:
    assert (
        page(
            article("<p>The last levy, of 3 May 1998, was a failure, he said.</p>", after="<footer>© 2021</footer>")
        ).date
        is None
    )


def test_what_the_server_declares_decides_the_encoding() -> None:
    raw = article("<p>Żółć is a word, he said.</p>").encode("cp1250")
    assert "Żółć is a word, he said." in page(raw, charset="windows-1250").text


def test_another_language_is_refused() -> None:
    german = (
        "<p>Der Minister sagte am Dienstag, die Verhandlungen seien gescheitert, nannte aber keinen Grund dafür.</p>"
    )
    error = outcome(
        f"<html lang=de><body><article><h1>Pakt ist tot</h1>{german * 1}{german.replace('Dienstag', 'Freitag')}</article></body>"
    )
    assert isinstance(error, WrongLanguage)


@pytest.mark.parametrize(
    "raw",
    [
        "<p>The envoy said so.",
        "<?xml version='1.0' encoding='utf-8'?><html><body><p>The envoy said so.</p></body></html>",
        "<html><body>The envoy said so.<br><br>He left.</body></html>",
        "<div>" * 3000 + "The envoy said so.",
        "<html><body><article><p>The envoy &#1;&#xfffe; said so.</p></article></body></html>",
        "<pre>HEADLINE\n\nThe envoy\nsaid so.\n\nHe left.</pre>",
        "<html><body><p>The envoy\U000f0000\ue000 said so.</p></body></html>",
    ],
)
def test_strange_markup(raw: str) -> None:
    found = outcome(raw)
    assert isinstance(found, Document | DocumentError)
    if "<div><div>" not in raw:
        assert isinstance(found, Document)
        assert "The envoy said so." in found.text.replace("\n", " ")
