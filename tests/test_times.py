import random
import time
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.model import TimexType
from onrecord.qualify.days import holiday
from onrecord.qualify.times import interval, times

TODAY = "2016-09-13"  # a Tuesday


def found(text, day=TODAY):
    return [(t.span.of(text), t.value) for t in times(text, day)]


ABSOLUTE = [
    ("The mill at Ostvik closed on Sept. 4, 2016.", [("Sept. 4, 2016", "2016-09-04")]),
    ("The mill closed on September 4th 2016.", [("September 4th 2016", "2016-09-04")]),
    ("The mill closed on 4 September 2016.", [("4 September 2016", "2016-09-04")]),
    ("The mill closed on the 4th of September, 2016.", [("the 4th of September, 2016", "2016-09-04")]),
    ("The mill closed on May 23 , 2007 .", [("May 23 , 2007", "2007-05-23")]),
    ("It was dated 09/04/2016.", [("09/04/2016", "2016-09-04")]),
    ("It was dated 24/04/2016.", [("24/04/2016", "2016-04-24")]),
    ("It was dated 2016-09-04.", [("2016-09-04", "2016-09-04")]),
    ("It was dated 04.09.2016.", [("04.09.2016", "2016-09-04")]),
    ("It was sent 2016-09-04T09:42:00+02:00.", [("2016-09-04T09:42:00+02:00", "2016-09-04T09:42")]),
    ("They met on Thursday, Sept. 8, in Ostvik.", [("Thursday, Sept. 8", "2016-09-08")]),
    ("They met on Thurs., Sept. 8.", [("Thurs., Sept. 8", "2016-09-08")]),
    ("They met on the 4th and again on the 12th.", [("the 4th", "2016-09-04"), ("the 12th", "2016-09-12")]),
    ("They will meet on the 4th.", [("the 4th", "2016-10-04")]),
    ("It sank in May 2015.", [("May 2015", "2015-05")]),
    ("It sank in January of 1998.", [("January of 1998", "1998-01")]),
    ("It sank in 1998 and was raised in 2001.", [("1998", "1998"), ("2001", "2001")]),
    ("It sank in nineteen ninety-six.", [("nineteen ninety-six", "1996")]),
    ("By the year two thousand it was gone.", [("the year two thousand", "2000")]),
    ("The town was founded in 1066.", [("1066", "1066")]),
    ("It was a 2012 law, not the 1998 one.", [("2012", "2012"), ("1998", "1998")]),
    ("From 2010 to 2014, and in the years 2010-2014", [(y, y) for y in ("2010", "2014", "2010", "2014")]),
    ("Fares rose in the 1990s.", [("the 1990s", "199")]),
    ("Fares rose in the '90s and the ’60s.", [("the '90s", "199"), ("the ’60s", "196")]),
    ("Fares rose in the nineties.", [("the nineties", "199")]),
    ("It is a 19th century house.", [("19th century", "18")]),
    ("It fell in fiscal 1998 and in FY2015.", [("fiscal 1998", "1998"), ("FY2015", "2015")]),
    ("It fell in the first quarter.", [("the first quarter", "2016-Q1")]),
    ("Its third-quarter loss grew.", [("third-quarter", "2016-Q3")]),
    ("It grew in the fourth quarter of 2014.", [("the fourth quarter of 2014", "2014-Q4")]),
    (
        "It grew in Q3 2014 and in the first half of 2015.",
        [("Q3 2014", "2014-Q3"), ("the first half of 2015", "2015-H1")],
    ),
    (
        "It grew in 1988's fourth quarter and fiscal-year 1990.",
        [("1988's fourth quarter", "1988-Q4"), ("fiscal-year 1990", "1990")],
    ),
    ("It will close by year-end 2018.", [("year-end 2018", "2018")]),
    ("It happened in the summer of 1999.", [("the summer of 1999", "1999-SU")]),
    ("The '98 flood was worse.", []),
    ("It was dated 09-04-2016 and 24-04-2016.", [("09-04-2016", "2016-09-04"), ("24-04-2016", "2016-04-24")]),
    ("They met from Sept. 3-5.", [("Sept. 3", "2016-09-03"), ("5", "2016-09-05")]),
    ("They met on Sept. 3 and 5, 2014.", [("Sept. 3", "2014-09-03"), ("5, 2014", "2014-09-05")]),
    ("They met on Sept. 3 and 12 others left.", [("Sept. 3", "2016-09-03")]),
    ("It was dated Sept.4.", [("Sept.4", "2016-09-04")]),
    ("They met in the week of Sept. 5.", [("the week of Sept. 5", "2016-W36")]),
    ("Fares rose in the 1990's and the late eighties.", [("the 1990's", "199"), ("the late eighties", "198")]),
    (
        "It rose in the first three quarters of 2015.",
        [("the first three quarters", "P9M"), ("2015", "2015")],
    ),
    (
        "They met on the second Tuesday of May, as on the first Monday of each month.",
        [("the second Tuesday of May", "2016-05-10"), ("the first Monday of each month", "XXXX-WXX-1")],
    ),
    ("They met on Sept. 3, 4 and 5.", [("Sept. 3", "2016-09-03"), ("4", "2016-09-04"), ("5", "2016-09-05")]),
    ("On Sept. 3, 9 in 10 of them left.", [("Sept. 3", "2016-09-03")]),
    ("It was dated 2016/09/04.", [("2016/09/04", "2016-09-04")]),
]

WEEKDAYS = [
    ("The ferry sank on Monday, she said.", [("Monday", "2016-09-12")]),
    ("The ferry sank on Tuesday, she said.", [("Tuesday", "2016-09-13")]),
    ("The ferry sank on Wednesday, she said.", [("Wednesday", "2016-09-07")]),
    ("The ferry will sail on Monday.", [("Monday", "2016-09-19")]),
    ("The council plans to meet on Friday.", [("Friday", "2016-09-16")]),
    ("The vote is expected on Friday.", [("Friday", "2016-09-16")]),
    ("Voters go to the polls on Sunday.", [("Sunday", "2016-09-18")]),
    ("They have until Friday to pay.", [("Friday", "2016-09-16")]),
    ("They had all paid by Friday, and none had left.", [("Friday", "2016-09-09")]),
    ("She said Friday that the ferry will sail.", [("Friday", "2016-09-09")]),
    ("After Friday's vote he left.", [("Friday", "2016-09-09")]),
    ("He left last Tuesday.", [("last Tuesday", "2016-09-06")]),
    ("He leaves next Tuesday.", [("next Tuesday", "2016-09-20")]),
    ("He leaves this Friday.", [("this Friday", "2016-09-16")]),
    ("He left on Monday morning.", [("Monday morning", "2016-09-12TMO")]),
    ("He left on Friday night.", [("Friday night", "2016-09-09TNI")]),
    ("He left yesterday afternoon.", [("yesterday afternoon", "2016-09-12TAF")]),
    ("He left early Friday.", [("early Friday", "2016-09-09")]),
    ("It rang on the night of Aug. 3.", [("the night of Aug. 3", "2016-08-03TNI")]),
    (
        "He left this morning; she came last night.",
        [("this morning", "2016-09-13TMO"), ("last night", "2016-09-12TNI")],
    ),
    ("They will all be at Friday's match.", [("Friday", "2016-09-16")]),
    ("Ostvik will play Nordhavn after their match on Monday was put off.", [("Monday", "2016-09-12")]),
    ("The mill will close, said Aune, who drew the plan on Monday.", [("Monday", "2016-09-12")]),
    ("It is due on a still unspecified day, on Friday.", [("Friday", "2016-09-16")]),
    ('"We want it before Friday," said an envoy who came back.', [("Friday", "2016-09-09")]),
    ("We'll sail on Friday.", [("Friday", "2016-09-16")]),
    ("The council holds its vote on Friday.", [("Friday", "2016-09-16")]),
    ("He left on Friday of last week.", [("Friday of last week", "2016-09-09")]),
    (
        "She left at dawn on Friday, he at midday Monday.",
        [("dawn on Friday", "2016-09-09TMO"), ("midday Monday", "2016-09-12TMI")],
    ),
    ("It rang in the early hours of Monday.", [("the early hours of Monday", "2016-09-12TMO")]),
    ("It rang earlier on Monday afternoon.", [("earlier on Monday afternoon", "2016-09-12TAF")]),
    ("This weekend, he said, it rained.", [("This weekend", "2016-W36-WE")]),
    ("It will rain this weekend.", [("this weekend", "2016-W37-WE")]),
]

CLOCK = [
    ("The vote was at 3 p.m. Monday.", [("3 p.m. Monday", "2016-09-12T15:00")]),
    ("The vote was on Monday at 3:30 p.m.", [("Monday at 3:30 p.m.", "2016-09-12T15:30")]),
    ("It struck at 14:30 GMT on Friday.", [("14:30 GMT on Friday", "2016-09-09T14:30")]),
    ("It struck at 0735 GMT.", [("0735 GMT", "2016-09-13T07:35")]),
    ("It struck at noon.", [("noon", "2016-09-13T12:00")]),
    ("At midnight on Sunday it stopped.", [("midnight on Sunday", "2016-09-11T00:00")]),
    (
        "Come at 10 o'clock, or at six in the evening.",
        [("10 o'clock", "2016-09-13T10:00"), ("six in the evening", "2016-09-13T18:00")],
    ),
    ("The score was 14:30.", []),
    ("It struck at 6 pm. Nobody came.", [("6 pm", "2016-09-13T18:00")]),
    ("It struck early (0735 GMT).", [("0735 GMT", "2016-09-13T07:35")]),
    ("It struck at 18:30 local time.", [("18:30 local time", "2016-09-13T18:30")]),
    ("It struck at 9 a.m. EST (1400 GMT).", [("9 a.m. EST (1400 GMT)", "2016-09-13T09:00")]),
    ("It struck at 7 o'clock this morning.", [("7 o'clock this morning", "2016-09-13T07:00")]),
    ("It struck at 11:30 last night.", [("11:30 last night", "2016-09-12T23:30")]),
    ("It struck at 8:00 a.m. Monday morning.", [("8:00 a.m. Monday morning", "2016-09-12T08:00")]),
]

HOLIDAYS = [
    ("They met on Christmas Day.", [("Christmas Day", "2015-12-25")]),
    ("They will meet at Christmas.", [("Christmas", "2016-12-25")]),
    ("The shop shut on New Year's Day.", [("New Year's Day", "2016-01-01")]),
    ("The shop shut on Thanksgiving.", [("Thanksgiving", "2015-11-26")]),
    (
        "It rained on July Fourth and on Independence Day.",
        [("July Fourth", "2016-07-04"), ("Independence Day", "2016-07-04")],
    ),
    ("It rained on Easter Sunday and Good Friday.", [("Easter Sunday", "2016-03-27"), ("Good Friday", "2016-03-25")]),
    ("It rained on Labor Day and Memorial Day.", [("Labor Day", "2016-09-05"), ("Memorial Day", "2016-05-30")]),
    ("It rained on Halloween 2014.", [("Halloween 2014", "2014-10-31")]),
    ("It rained last Valentine's Day.", [("last Valentine's Day", "2016-02-14")]),
    (
        "They raised the chances of a vote before Christmas. Halloween passed.",
        [("Christmas", "2015-12-25"), ("Halloween", "2015-10-31")],
    ),
    ("The Lunar New Year fell on Feb. 8.", [("Lunar New Year", None), ("Feb. 8", "2016-02-08")]),
]

RELATIVE = [
    (
        "today, yesterday and tomorrow",
        [("today", "2016-09-13"), ("yesterday", "2016-09-12"), ("tomorrow", "2016-09-14")],
    ),
    ("He sings tonight.", [("tonight", "2016-09-13TNI")]),
    ("the day before yesterday", [("the day before yesterday", "2016-09-11")]),
    (
        "last week, this week and next week",
        [("last week", "2016-W36"), ("this week", "2016-W37"), ("next week", "2016-W38")],
    ),
    ("last month and next month", [("last month", "2016-08"), ("next month", "2016-10")]),
    ("last year, this year and next year", [("last year", "2015"), ("this year", "2016"), ("next year", "2017")]),
    (
        "last summer, last fall and next spring",
        [("last summer", "2016-SU"), ("last fall", "2015-FA"), ("next spring", "2017-SP")],
    ),
    ("last May and next May", [("last May", "2016-05"), ("next May", "2017-05")]),
    ("It fell in March.", [("March", "2016-03")]),
    ("It fell in November.", [("November", "2015-11")]),
    ("It will open in March.", [("March", "2017-03")]),
    ("It fell in June last year.", [("June last year", "2015-06")]),
    ("It fell on Nov. 25.", [("Nov. 25", "2015-11-25")]),
    ("It expires on Nov. 25.", [("Nov. 25", "2016-11-25")]),
    ("He left two years ago.", [("two years ago", "2014")]),
    ("He left three months ago.", [("three months ago", "2016-06")]),
    ("He left 10 days ago.", [("10 days ago", "2016-09-03")]),
    ("He left a week ago.", [("a week ago", "2016-09-06")]),
    ("He left half a century ago.", [("half a century ago", "1966")]),
    ("He left decades ago.", [("decades ago", "PAST_REF")]),
    ("They met over the weekend.", [("the weekend", "2016-W36-WE")]),
    ("Sales fell from a year earlier.", [("a year earlier", "2015")]),
    (
        "Sales fell in the first quarter from a year earlier.",
        [("the first quarter", "2016-Q1"), ("a year earlier", "2015-Q1")],
    ),
    (
        "First-quarter profit beat the year-earlier quarter.",
        [("First-quarter", "2016-Q1"), ("the year-earlier quarter", "2015-Q1")],
    ),
    ("For the quarter ended June 30 it lost.", [("the quarter", "2016-Q2"), ("June 30", "2016-06-30")]),
    ("Fares are higher than a year ago this month.", [("a year ago this month", "2015-09")]),
    ("He left two weeks ago Monday.", [("two weeks ago Monday", "2016-08-29")]),
    (
        "It will open in late November, or early in March.",
        [("late November", "2016-11"), ("early in March", "2017-03")],
    ),
    (
        "Sales grew in the third quarter from the same quarter of 2014.",
        [("the third quarter", "2016-Q3"), ("the same quarter of 2014", "2014-Q3")],
    ),
    ("They will ask about the Feb. 14 fire.", [("Feb. 14", "2016-02-14")]),
    ("The mayor is facing a vote on Friday.", [("Friday", "2016-09-16")]),
    ("She was elected in October.", [("October", "2015-10")]),
    ("Oil for October delivery fell.", [("October", "2016-10")]),
]

ANCHORED = [
    ("On Aug. 3 the dam broke. The next day, it was dry.", ("The next day", "2016-08-04")),
    ("On Aug. 3 the dam broke. The previous day, it had rained.", ("The previous day", "2016-08-02")),
    ("On Aug. 3 the dam broke. Three days later, the town was empty.", ("Three days later", "2016-08-06")),
    ("On Aug. 3 the dam broke. A day earlier it had held.", ("A day earlier", "2016-08-02")),
    ("In March 2012 he left. The following month he came back.", ("The following month", "2012-04")),
    ("In March 2012 he left. The same month she left.", ("The same month", "2012-03")),
    ("In 2012 he left, and later that year she left.", ("later that year", "2012")),
    ("In March 2012 he left. Two years later she left.", ("Two years later", "2014")),
    ("In March 2012 sales rose from a year earlier.", ("a year earlier", "2011-03")),
    ("On July 4, 2012, he left. The following week she left.", ("The following week", "2012-W28")),
    ("In 2012 he left. The next day she left.", ("The next day", None)),
    ("On Aug. 3 the dam broke, as one had in 1966. The next day, it was dry.", ("The next day", "2016-08-04")),
]

VAGUE = [
    ("He is now mayor.", [("now", "PRESENT_REF")]),
    ("He currently owns it, at its current size.", [("currently", "PRESENT_REF"), ("current", "PRESENT_REF")]),
    ("It was recently sold.", [("recently", "PAST_REF")]),
    ("He will soon be back.", [("soon", "FUTURE_REF")]),
    ("It held in the past. It may not in the future.", [("the past", "PAST_REF"), ("the future", "FUTURE_REF")]),
    ("It has grown in recent years.", [("recent years", "PAST_REF")]),
    ("It will one day be gone.", [("one day", "FUTURE_REF")]),
    ("At the moment, it is his.", [("At the moment", "PRESENT_REF")]),
    ("They fear future floods.", [("future", "FUTURE_REF")]),
    ("One day the ice could come back.", [("One day", "FUTURE_REF")]),
]

DURATIONS = [
    ("It took two weeks.", [("two weeks", "P2W")]),
    ("It took a decade.", [("a decade", "P10Y")]),
    ("It is the five-year plan.", [("five-year", "P5Y")]),
    ("It was a 10-day strike.", [("10-day", "P10D")]),
    ("It took hours.", [("hours", "PTXH")]),
    ("It lasted several months.", [("several months", "PXM")]),
    ("It lasted a few minutes.", [("a few minutes", "PTXM")]),
    ("It took half an hour.", [("half an hour", "PT30M")]),
    ("It took an hour and a half.", [("an hour and a half", "PT1H30M")]),
    ("It took 2 1/2 years.", [("2 1/2 years", "P2Y6M")]),
    ("It took two years and three months.", [("two years and three months", "P2Y3M")]),
    ("It runs 24 hours a day.", [("24 hours", "PT24H")]),
    ("It has grown over the past two years.", [("the past two years", "P2Y")]),
    ("It fell in the last few months.", [("the last few months", "PXM")]),
    ("It lost money in the first nine months.", [("the first nine months", "P9M")]),
    ("It was a weeklong, if not a months-long, fight.", [("weeklong", "P1W"), ("months-long", "PXM")]),
    ("It took twenty-four days.", [("twenty-four days", "P24D")]),
    ("It lasted within a year.", [("a year", "P1Y")]),
    ("It sank an hour and a half later.", [("an hour and a half later", "PT1H30M")]),
    ("It sank two hours before he came.", [("two hours", "PT2H")]),
    ("It sank two days before he came.", [("two days", "P2D")]),
    ("It will pay in two years' time.", [("two years", "P2Y")]),
    ("It took one and a half years.", [("one and a half years", "P1Y6M")]),
    (
        "It took one day, 18 hours, 40 minutes and 10 seconds.",
        [("one day, 18 hours, 40 minutes and 10 seconds", "P1DT18H40M10S")],
    ),
    ("It is open 24 hours a day, seven days a week.", [("24 hours", "PT24H"), ("seven days", "P7D")]),
    ("It is to last two days.", [("two days", "P2D")]),
    ("It rained in the following days.", [("the following days", "PXD")]),
    ("It took 3 hrs, or 15 mins.", [("3 hrs", "PT3H"), ("15 mins", "PT15M")]),
    ("He served two six-year terms.", [("six-year", "P6Y")]),
    (
        "It took one hundred and five days, or three thousand hours.",
        [("one hundred and five days", "P105D"), ("three thousand hours", "PT3000H")],
    ),
    ("It took a year, 68 days or two months.", [("68 days", "P68D"), ("two months", "P2M")]),
]

SETS = [
    ("It opens every Monday.", [("every Monday", "XXXX-WXX-1")]),
    ("It opens on Sundays.", [("Sundays", "XXXX-WXX-7")]),
    ("It sails daily, weekly or annually.", [("daily", "P1D"), ("weekly", "P1W"), ("annually", "P1Y")]),
    ("It sails each year.", [("each year", "P1Y")]),
    ("It sails every two weeks.", [("every two weeks", "P2W")]),
    ("It sails every other week.", [("every other week", "P2W")]),
    ("It sails twice a year.", [("twice a year", "P1Y")]),
    ("They march each July.", [("each July", "XXXX-07")]),
    ("It sells 5,000 boats a year.", [("a year", "P1Y")]),
]

NEGATIVES = [
    "They may leave, and he may march on.",
    "Theresa May said so, and April Jones spoke.",
    "Prices fall; the leaves fall. The second fall hurt.",
    "The water of the spring was cold.",
    "About 2000 people and 1500 troops came.",
    "It cost $1998, or 1,998 pounds, for 1998.5 metres.",
    "The sun sat on the mon.",
    "It is a 3-month-old calf, and she is 15 years old.",
    "The model 737-2000 flew, and so did flight 1989.",
    "It has 1600 words.",
    "The year of the flood is not known.",
    "He came in second. The second man left.",
    'She watched "60 Minutes".',
    "He asked as soon as possible.",
    "A quarter of the town left, or three-quarters of it.",
    "",
    "The Vestland daily reported it, and the local daily Nordlys denied it.",
    "He stayed at the Days Inn and read the Daily Beacon and the Sunday Times.",
    "They reached the quarter-finals; he sailed the Midnight Heron.",
    "She left after Karl Easter's goal.",
    "It had a strong current, and the door soon opened.",
    "May said so.",
    "At the moment he left, it sank. It faces a deeply uncertain future regardless.",
    "She was voted player of the year.",
    "He told the sports daily O Vento that the paper OSTVIK Today was wrong.",
]


@pytest.mark.parametrize(
    ("text", "expected"), [*ABSOLUTE, *WEEKDAYS, *CLOCK, *HOLIDAYS, *RELATIVE, *VAGUE, *DURATIONS, *SETS]
)
def test_values(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), ANCHORED)
def test_anchored(text, expected):
    assert found(text)[-1] == expected


@pytest.mark.parametrize("text", NEGATIVES)
def test_none(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("on Monday", "DATE"),
        ("at 3 p.m.", "TIME"),
        ("on Friday night", "TIME"),
        ("for two weeks", "DURATION"),
        ("every Monday", "SET"),
        ("He is now mayor", "DATE"),
    ],
)
def test_types(text, type_):
    (timex,) = times(text, TODAY)
    assert timex.type is TimexType(type_)


@pytest.mark.parametrize(
    ("text", "value", "modifier"),
    [
        ("in early March", "2016-03", "START"),
        ("in mid-1997", "1997", "MID"),
        ("in the late 1970s", "197", "END"),
        ("at the end of last month", "2016-08", "END"),
        ("the beginning of October 2014", "2014-10", "START"),
        ("for more than two years", "P2Y", "MORE_THAN"),
        ("for less than an hour", "PT1H", "LESS_THAN"),
        ("for about a decade", "P10Y", "APPROX"),
        ("for at least 72 hours", "PT72H", "EQUAL_OR_MORE"),
        ("by year-end", "2016", "END"),
        ("up to 12 months", "P12M", "EQUAL_OR_LESS"),
        ("just over a year", "P1Y", "MORE_THAN"),
        ("just under two years", "P2Y", "LESS_THAN"),
        ("at end of last month", "2016-08", "END"),
        ("since end-March", "2016-03", "END"),
        ("late in 2015", "2015", "END"),
        ("on Monday", "2016-09-12", None),
    ],
)
def test_modifiers(text, value, modifier):
    (timex,) = times(text, TODAY)
    assert (timex.value, timex.modifier) == (value, modifier)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on Monday", "XXXX-WXX-1"),
        ("in May", "XXXX-05"),
        ("on May 4", "XXXX-05-04"),
        ("this summer", "XXXX-SU"),
        ("in the third quarter", "XXXX-Q3"),
        ("on Christmas Day", "XXXX-12-25"),
        ("at 3 p.m.", "XXXX-XX-XXT15:00"),
        ("It is now here", "PRESENT_REF"),
        ("It was recently sold", "PAST_REF"),
        ("It will soon open", "FUTURE_REF"),
        ("yesterday", None),
        ("last year", None),
        ("on Easter Sunday", None),
        ("during Ramadan", None),
        ("two years ago", None),
        ("for two years", "P2Y"),
        ("on Sept. 4, 2016", "2016-09-04"),
    ],
)
@pytest.mark.parametrize("day", [None, "13/09/2016", "soon"])
def test_without_document_date(text, value, day):
    assert [t.value for t in times(text, day)] == [value]


@pytest.mark.parametrize(
    ("text", "day", "value"),
    [
        ("last month", "2016-09", "2016-08"),
        ("last year", "2016-09", "2015"),
        ("in May", "2016-09", "2016-05"),
        ("yesterday", "2016-09", None),
        ("on Monday", "2016-09", "XXXX-WXX-1"),
        ("last year", "2016", "2015"),
        ("last month", "2016", None),
        ("in May", "2016", "XXXX-05"),
        ("yesterday", "2016-09-13T09:42:00+02:00", "2016-09-12"),
        ("yesterday", "2016-03-01", "2016-02-29"),
        ("last week", "2016-01-05", "2015-W53"),
        ("yesterday", "0001-01-01", None),
        ("tomorrow", "9999-12-31", None),
    ],
)
def test_grain_of_document_date(text, day, value):
    assert [t.value for t in times(text, day)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "🛶🛶 The ferry “Ærø” sank on Monday\r\n\r\nin May 2015, he said; it took two\r\nweeks. İstanbul, 14:30 GMT.",
        "𝒜 On Sept.\u00a04, 2016 — last  night",
    ],
)
def test_offsets(text):
    for timex in times(text, TODAY):
        assert timex.span.of(text) == text[timex.span.start : timex.span.end]
        assert times(timex.span.of(text), TODAY)
    assert len(times(text, TODAY)) == (4 if "ferry" in text else 2)


def test_gap_is_within_a_paragraph():
    assert found("It took two\nweeks.") == [("two\nweeks", "P2W")]
    assert found("It took two\r\nweeks.") == [("two\r\nweeks", "P2W")]
    assert found("He chose two.\n\nWeeks of rain came.") == [("Weeks", "PXW")]


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2016-09-13", "2016-09-13", "2016-09-13"),
        ("2016-09-13TMO", "2016-09-13", "2016-09-13"),
        ("2016-09-13T14:30", "2016-09-13", "2016-09-13"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2016", "2016-01-01", "2016-12-31"),
        ("199", "1990-01-01", "1999-12-31"),
        ("19", "1900-01-01", "1999-12-31"),
        ("00", "0001-01-01", "0099-12-31"),
        ("2016-SU", "2016-06-01", "2016-08-31"),
        ("2016-WI", "2016-12-01", "2017-02-28"),
        ("2016-Q3", "2016-07-01", "2016-09-30"),
        ("2016-H1", "2016-01-01", "2016-06-30"),
        ("2016-W37", "2016-09-12", "2016-09-18"),
        ("2016-W37-WE", "2016-09-17", "2016-09-18"),
    ],
)
def test_interval(value, first, last):
    assert interval(value) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "value",
    [
        "P2W",
        "PXM",
        "XXXX-05",
        "XXXX-WXX-1",
        "2016-XX",
        "2016-QX",
        "PAST_REF",
        "2016-13",
        "2016-02-30",
        "2016-W54",
        "",
        "x",
        "9999-WI",
        "0000",
    ],
)
def test_no_interval(value):
    assert interval(value) is None


def test_holidays():
    assert holiday("5-1--1", 2016) == date(2016, 5, 30)
    assert holiday("election", 2016) == date(2016, 11, 8)
    assert holiday("thanksgiving+1", 2016) == date(2016, 11, 25)
    assert holiday("02-30", 2016) is None


WORDS = [
    *(
        "the",
        "a",
        "last",
        "next",
        "this",
        "two",
        "several",
        "days",
        "weeks",
        "years",
        "ago",
        "later",
        "earlier",
        "Monday",
    ),
    *("May", "march", "1998", "2016-09-04", "3", "p.m.", "at", "noon", "early", "mid", "-", ",", ".", "\n", "\r\n\r\n"),
    *(
        "night",
        "of",
        "quarter",
        "first",
        "'90s",
        "past",
        "Christmas",
        "recent",
        "every",
        "fiscal",
        "9/4/16",
        "Sept.",
        "25",
    ),
    *("'s", "will", "said", "from", "to", "half", "an", "hour", "century", "İ", "🛶", "twenty-one", "and", "nineteen"),
    *(
        "ninety-six",
        "Q3",
        "second",
        "fall",
        "season",
        "old",
        "long",
        "before",
        "Election",
        "Day",
        "week",
        "0",
        "1/0",
        "½",
    ),
]


@given(
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=80),
    st.sampled_from([TODAY, "2016", None]),
)
@settings(max_examples=400, deadline=None)
@example("the first day of February 30, 0000", "0001-01-01")
@example("99/99/9999 31/31/00 24:60 1/0 hours 1 1/0 hours", TODAY)
def test_any_text(text, day):
    made = times(text, day)
    at = 0
    for timex in made:
        assert at <= timex.span.start < timex.span.end <= len(text)
        at = timex.span.end
        bounds = interval(timex.value or "")
        if bounds:
            assert bounds[0] <= bounds[1]
            assert timex.type in (TimexType.DATE, TimexType.TIME)
    assert times(text, day) == made


def test_linear_time():
    spent = []
    for size in (2000, 8000):
        text = " ".join(random.Random(size).choices(WORDS, k=size)) + " " * size + "the " * size + "1" * size
        began = time.process_time()
        times(text, TODAY)
        spent.append(time.process_time() - began)
    assert spent[1] < 12 * spent[0] + 0.1


def test_every_day_of_a_year_has_values():
    for step in range(366):
        day = date(2016, 1, 1) + timedelta(days=step)
        text = "On Monday, last week, in May, last summer, on Nov. 25, at Easter and over the weekend it rained."
        made = times(text, day.isoformat())
        assert len(made) == 7
        assert all(interval(t.value or "") and interval(t.value)[0] <= day + timedelta(days=92) for t in made)
