"""Near-duplicate articles and wire copy, and what only looks like it."""

from __future__ import annotations

from onrecord.relate.copies import copies, shingled

WIRE = (
    "SELLA - Fishermen in the strait will be allowed to land their catch again from Monday, the harbour board said on "
    "Friday, after a week in which forty boats had lain idle. The board's chair, Ilse Kamara, said that the ice had "
    "gone and that the quay had been found safe. The union of pilots welcomed the decision but asked who would pay for "
    "the days that were lost."
)
OTHER = (
    "The harbour board of Sella has elected a new chair. Anton Ruz, a lawyer who has sat on the board for nine years, "
    "won by two votes against Ilse Kamara. He said that he would look again at the fees that boats pay, and that no "
    "quay would be sold while he was in office. Kamara congratulated him and left the room."
)


def found(*texts: str) -> list[tuple[str, str]]:
    return [(c.one, c.other) for c in copies((str(n), text) for n, text in enumerate(texts))]


def test_wire_copy_is_found_whatever_stands_around_it() -> None:
    edited = WIRE.replace("SELLA - ", "").replace("said on Friday", "announced on Friday").replace("forty", "40")
    within = OTHER + "\n\n" + WIRE + "\n\nAlso today: " + OTHER[::-1]
    assert found(WIRE, OTHER, edited, within) == [("0", "2"), ("0", "3"), ("1", "3"), ("2", "3")]
    assert found(WIRE, WIRE.upper().replace(",", " ;")) == [("0", "1")]


def test_another_report_on_the_same_people_is_no_copy() -> None:
    assert found(WIRE, OTHER) == []


def test_the_same_words_with_other_figures_are_another_days_report() -> None:
    def prices(day: str, *figures: str) -> str:
        told = "The {} index of the Sella exchange rose {} points to close at {} on {}, with {} shares traded, {} more"
        return (
            told.format("main", *figures[:2], day, *figures[2:4])
            + " than the day before. Dealers said that buyers had been waiting for the figures of the harbour board, and"
            " that most of them had bought early, before the rate was known to everybody else in the market."
        )

    monday, tuesday = (
        prices("Monday", "4.1", "812.5", "91,200", "310"),
        prices("Tuesday", "3.7", "816.2", "88,950", "120"),
    )
    one, other = shingled(monday).hashes, shingled(tuesday).hashes
    assert len(one & other) > 0.5 * len(one)
    assert found(monday, tuesday) == []
    assert found(monday, monday.replace("Dealers said", "Brokers said")) == [("0", "1")]


def test_too_short_a_text_says_nothing() -> None:
    assert found("The quay is safe.", "The quay is safe.", "", WIRE) == []
