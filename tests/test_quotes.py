import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.extract.quotes import quotations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We sail at dawn,” she said.", ["“We sail at dawn,”"]),
        ('"We sail at dawn," she said. "Not before."', ['"We sail at dawn,"', '"Not before."']),
        ("'We sail at dawn,' she said.", ["'We sail at dawn,'"]),
        ("‘We won’t sail,’ she said.", ["‘We won’t sail,’"]),
        ("«We sail», the pilot said.", ["«We sail»"]),
        ("„We sail”, the pilot said.", ["„We sail”"]),
        ("``We sail,'' the pilot said.", ["``We sail,''"]),
        ("''We sail today,'' the pilot said.", ["''We sail today,''"]),
        # marks that do not match
        ('“We sail at dawn," she said.', ['“We sail at dawn,"']),
        ('"We sail at dawn,” she said.', ['"We sail at dawn,”']),
        # inner quotations come after the outer one
        ("“He said ‘never’ twice,” she said.", ["“He said ‘never’ twice,”", "‘never’"]),
        ("'He said \"never\" twice,' she said.", ["'He said \"never\" twice,'", '"never"']),
        # apostrophes are not marks
        ("The voters' trust and the boys' coach", []),
        ("rock 'n' roll in the '90s and the ’60s", []),
        ("He didn't, they don’t, it’s Oslo's", []),
        ("“The islanders’ boats,” he said of the islanders’ boats.", ["“The islanders’ boats,”"]),
        ("'The ministers' cars are gone,' he said.", ["'The ministers' cars are gone,'"]),
        # brackets and dashes around
        ("the (“frozen”) line – “a wall” – stays", ["“frozen”", "“a wall”"]),
        # a stray mark stays in its paragraph
        ('He paid 6" for it.\n\n“Yes,” she said.', ["“Yes,”"]),
        ("A stray ” mark.\n\n“Yes,” she said.", ["“Yes,”"]),
        ("She said: “It is over.\n\nThe talks ended.", ["“It is over."]),
        # opened again: the first one lost its closing mark
        ("said “I am here, “You are there,” said Bo.", ["“I am here,", "“You are there,”"]),
        ("", []),
        ('"', []),
    ],
)
def test_stretches(text: str, expected: list[str]) -> None:
    assert [q.span.of(text) for q in quotations(text)] == expected


def test_a_quotation_over_three_paragraphs_continues_twice() -> None:
    text = "“First part.\n\n“Second part.\n\n“Third part,” she said.\n\nAfter."
    found = quotations(text)
    assert [(q.closed, q.continues) for q in found] == [(False, True), (False, True), (True, False)]


def test_inner_words_leave_the_marks_out() -> None:
    text = "``We sail,'' he said: “No"
    assert [q.inner(text).of(text) for q in quotations(text)] == ["We sail,", "No"]


@given(st.text(alphabet=st.sampled_from(list("ab .,\n\r\t“”\"'‘’«»„–(")), max_size=80))
def test_spans_are_in_the_text_and_nest(text: str) -> None:
    found = quotations(text)
    for q in found:
        assert 0 <= q.span.start < q.span.end <= len(text)
        assert not {"\n", "\r"} & set(q.span.of(text))
    outer = [q for q in found if q.depth == 0]
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(outer))
