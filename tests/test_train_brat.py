import pytest
from train.brat import read_pair

from onrecord.errors import UnreadableDocument

TEXT = "The dock, Ilse Kamara said, is safe."
ANNOTATIONS = (
    "T1\tSource 10 21\tIlse Kamara\nT2\tCue 22 26\tsaid\nT3\tContent 0 8;28 35\tThe dock is safe\n"
    "E1\tCue:T2 Source:T1 Content:T3\n#1\tAnnotatorNotes E1\tsure\n"
)


def test_an_attribution_with_discontinuous_content() -> None:
    row = read_pair(TEXT, ANNOTATIONS, "one")
    assert row["attributions"] == [{"source": [[10, 21]], "cue": [[22, 26]], "content": [[0, 8], [28, 35]]}]


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        ("T1\tSource x 21\tIlse", "one:1: not a text-bound"),
        ("T1\tSource 10 99\tIlse", "one:1: a span lies outside"),
        ("T1\tCue 22 26\tsaid\nE1\tCue:T1 Content:T9", "one:2: T9 is not defined"),
    ],
)
def test_broken_lines_say_where(annotations: str, message: str) -> None:
    with pytest.raises(UnreadableDocument, match=message):
        read_pair(TEXT, annotations, "one")
