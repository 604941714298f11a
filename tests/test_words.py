import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import BertPreTokenizer

from onrecord.extract import windows
from onrecord.extract.windows import LONGEST_WORD, Cutter, pack
from onrecord.extract.words import cut

ODD = st.text(alphabet=st.sampled_from(list("aB9 é\u0301👩\u200d🚀\r\n\t\xa0\u2028\u200b'’-.“\x00漢")), max_size=120)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the 24-year-old ex-minister's aide", ["the", "24-year-old", "ex-minister", "'s", "aide"]),
        ("U.S. don't O’Hara’s $1.5m", ["U.S", ".", "don't", "O’Hara", "’s", "$", "1.5m"]),
        ("They’re sure I'd've won", ["They", "’re", "sure", "I'd", "'ve", "won"]),
        ("“No,” she said…", ["“", "No", ",", "”", "she", "said", "…"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert cut(text).strings() == words


def test_features() -> None:
    words = cut("OSLO Says no\nTo 3 iPhones\n\nEnd.")
    assert words.shapes.tolist() == [3, 2, 1, 2, 5, 4, 2, 0]
    assert words.breaks.tolist() == [4, 1, 1, 2, 1, 1, 3, 0]
    assert words.paragraphs.tolist() == [0, 0, 0, 1, 1, 1, 2, 2]


def tokenizer() -> Tokenizer:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789“”.,-'’\""
    vocabulary = ["[UNK]", "[CLS]", *letters, *(f"##{c}" for c in letters)]
    made = Tokenizer(WordPiece({w: i for i, w in enumerate(vocabulary)}, unk_token="[UNK]"))
    made.pre_tokenizer = BertPreTokenizer()
    return made


@given(ODD)
def test_words_cover_all_that_is_visible(text: str) -> None:
    words = cut(text)
    covered = {i for s, e in zip(words.starts, words.ends, strict=True) for i in range(s, e)}
    assert all(i in covered or text[i].isspace() for i in range(len(text)))
    assert all(a <= b for a, b in zip(words.ends[:-1], words.starts[1:], strict=True))


@given(ODD, st.integers(16, 64))
def test_every_word_belongs_to_one_window_that_fits(text: str, size: int) -> None:
    words = cut(text)
    pieces = Cutter(tokenizer())(words.strings())
    windows = pack(words, pieces, size)
    owned = [i for w in windows for i in range(w.own_start, w.own_end)]
    assert owned == list(range(len(words)))
    for w in windows:
        assert w.start <= w.own_start < w.own_end <= w.end
        assert pieces.count[w.start : w.end].sum() <= size
    assert len(pieces.first) == len(words)
    if len(words):
        assert pieces.count.min() >= 1
        assert pieces.count.max() <= LONGEST_WORD


def test_a_paragraph_longer_than_a_window_is_cut_with_overlap() -> None:
    words = cut("a " * 200)
    windows = pack(words, Cutter(tokenizer())(words.strings()), 64)
    assert all(b.start < a.end for a, b in itertools.pairwise(windows))


@given(st.lists(ODD, max_size=4))
def test_pieces_of_a_word_are_the_same_whether_it_was_met_before_or_not(texts: list[str]) -> None:
    remembering = Cutter(tokenizer())
    for text in [*texts, *texts]:
        strings = cut(text).strings()
        met, fresh = remembering(strings), Cutter(tokenizer())(strings)
        assert met.ids.tolist() == fresh.ids.tolist()
        assert met.first.tolist() == fresh.first.tolist()
        assert met.count.tolist() == fresh.count.tolist()


def test_words_met_are_forgotten_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_REMEMBERED", 3)
    cutter = Cutter(tokenizer())
    for strings in (["a", "b"], ["b", "cd", "e"], ["a", "b", "cd", "e"]):
        assert cutter(strings).count.tolist() == [len(word) for word in strings]
    assert len(cutter._known) == 4
