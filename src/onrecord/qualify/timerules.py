"""The kinds of time expressions as patterns for lower-case English text.

A space stands for a gap between words, ``~`` for a gap or a hyphen, ``@name`` for a fragment: one of ``FRAGMENTS``, or
one that is made of a word list. The order of ``RULES`` counts: at one place of a text the first kind that is read there
is taken.
"""

from __future__ import annotations

__all__ = ["FRAGMENTS", "RULES"]

FRAGMENTS = {
    "month": r"(?:@long_month\b|@short_month(?:\.|\b(?= \d)))",
    "any_month": r"(?:@long_month\b|@short_month(?:\.|\b))",
    "day": r"(?:(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d)|@ordinal\b)",
    "digits": r"(?:(?:1\d|20)\d\d(?![\d%]|[.,]\d))",
    "short_year": r"['’]\d\d(?![\ds])",
    "spelled": r"(?:(?:nineteen|twenty) (?:@tens(?:~@ones)?|@teens|oh~@ones)"
    r"|two thousand(?:(?: and)? (?:@teens|@ones))?)\b",
    "year": r"(?:@digits|@short_year|@spelled)",
    "weekday": r"(?:@long_day|@short_day\.?(?=,? (?:@month|@day @any_month)))",
    "of_year": r"(?:(?:,| ,)? (?:of )?(?P<year>@year)"
    r"| (?:of )?(?P<of>(?:last|this|next|that|the (?:same|following|previous|next)) year))",
    "named_day": r"(?:(?:(?:early |late |earlier |later )(?:on )?|last |next |this )?"
    r"(?:@weekday(?:,? @month @day(?:,? @digits)?)?"
    r"|@month @day(?:,? @digits)?|@day @any_month(?:,? @digits)?|today|yesterday|tomorrow))\b",
    "clock": r"(?:(?P<hour>\d\d?|@number)(?:[:.](?P<minute>[0-5]\d))?(?:(?: ?|-)(?P<half>[ap](?:\.m\b\.?|m\b))"
    r"| o['’]clock(?: in the (?P<clock_part>@part)| at (?P<at_night>night))?\b| in the (?P<hour_part>@part)\b)"
    r"|(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)(?::[0-5]\d)?(?![\d:])|(?P<named>noon|midnight)\b"
    r"|(?P<military>(?:[01]\d|2[0-3])[0-5]\d)(?= (?:gmt|utc|hours)\b))",
    "zone_name": r"(?:gmt|utc|[ecp][sd]?t|m[sd]t|[bcj]st|cest|hkt|aest|hours|eastern"
    r"|(?:local|eastern|central|mountain|pacific|beijing|hong kong|london|moscow|new york|paris|tokyo"
    r"|greenwich mean|british summer|(?:eastern|central|mountain|pacific) (?:standard|daylight)) time)",
    "zone": r"(?:(?:,| ,)? ?(?P<zone>\(@zone_name\)|@zone_name\b))",
    "also": r"(?: \(\d{1,2}:?\d\d(?: ?[ap]\.?m\.?)? @zone_name\))",
    "small": r"(?:@tens(?:~@ones)?|@teens|@ones)",
    "numeral": r"(?:@small(?:~@large(?:~(?:and )?@small)?){0,2}|@large)",
    "amount": r"(?:\d{1,9}(?:,\d{3})*(?:\.\d{1,9})?(?: \d/\d|½)?"
    r"|an? quarter(?: of an?|(?=~century))"
    r"|an? (?:couple(?: of)?|few|dozen|hundred|number of|handful of)|half an?|one and a half|couple of|@vague_amount"
    r"|@numeral(?: and a half|-and-a-half)?|an?)\b",
    "seen": r"(?P<rel>(?:this |the )?(?:last|next|past|coming|previous|following|same)|this|that|every|each)",
    "placed": r"(?:last|past|next|previous|prior|coming|following|preceding|current|latest|same|corresponding"
    r"|comparable|like|present|upcoming|full|final|new)",
}

RULES = {
    "iso": r"(?P<day>\d{4}(?:-\d\d-|/\d\d/)\d\d)"
    r"(?:(?:t| )(?P<clock>\d\d:\d\d)(?::\d\d)?(?:\.\d{1,9})?(?:z|[+-]\d\d:?\d\d)?)?"
    r"(?![\d-])",
    "slash": r"(?P<first>\d\d?)/(?P<second>\d\d?)/(?P<year>\d{4}|\d\d)(?![\d/])"
    r"|(?P<dashed>\d\d?)-(?P<second_dashed>\d\d?)-(?P<dashed_year>(?:19|20)\d\d)(?![\d-])"
    r"|(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<full_year>\d{4})(?![\d.]\d)",
    "clock": r"(?:(?P<mod>@modifier) )?@clock@zone?@also?"
    r"(?:(?:,| on| ,)? (?P<when>@named_day)(?: @part\b)?|,? (?P<tonight>tonight|(?:this|last) @part)\b)?",
    "day_clock": r"(?P<when>@named_day)(?:,| at| ,| around| about)+ @clock@zone?@also?",
    "part": r"(?:(?P<when>@named_day) (?:in the )?(?P<part>@part)"
    r"|(?:the )?(?P<part_of>@part)(?: of| on)? (?P<of_day>@named_day))(?P<plural>s)?\b",
    "this_part": r"(?:(?P<mod>early|late|earlier|later) )?(?P<rel>this|last|that|the (?:next|same|following|previous)"
    r"|every|each) (?P<part>@part)\b|(?:early|mid|late)~(?P<bare>@part)\b",
    "month_day": r"(?:(?P<mod>@modifier) )?(?:(?:this )?(?:last |next |coming )?@weekday(?:,| ,)? (?:the )?)?"
    r"(?:(?P<rel>last|next|this) )?(?P<month>@month)(?: |(?<=\.))(?:the )?(?P<day>@day)(?! (?:percent|per)\b)"
    r"(?:(?: ?, ?| (?:of )?)(?P<year>@digits|@short_year)| (?:of )?(?P<of>last|this|next) year)?\b",
    "day_month": r"(?:(?P<mod>@modifier) )?(?:@weekday(?:,| ,)? )?(?:the )?(?P<day>@day)(?: of)? "
    r"(?P<month>@any_month)@of_year?",
    "range_day": r"(?P<day>(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d))(?:,? (?P<year>@digits))?\b",
    "week_of": r"the week (?:of|beginning|starting|ending|ended) (?P<when>@named_day)",
    "ordinal_day": r"the (?P<day>(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th))\b",
    "holiday": r"(?:(?P<mod>@place) )?(?:(?P<rel>last|next|this) )?(?P<holiday>@holiday)\b"
    r"(?: (?P<week>week(?:end)?)\b)?(?:(?:,| of| in)? (?P<year>@digits))?",
    "nth_weekday": r"the (?P<nth>first|second|third|fourth|last) (?P<weekday>@long_day) (?:of|in) "
    r"(?:(?P<month>@long_month)@of_year?|(?:the|each|every) month)\b",
    "weekday": r"(?:(?P<mod>early|late|earlier|later) (?:on )?)?(?:@seen )?(?P<weekday>@weekday)"
    r"(?:(?P<plural>s)\b|\b(?: (?:of )?(?P<week>last|this|next) week\b)?)",
    "month": r"(?:(?P<mod>@place)~(?:in |the )?|(?P<end>end)-)?(?:@seen )?(?P<month>@month)@of_year?",
    "year_ago": r"(?:the )?(?:year[- ](?:ago|earlier)|(?:prior|previous)-year)"
    r"(?: (?:fiscal )?(?:(?P<nth>@ordinal)[- ])?(?P<unit>quarter|period|half|month|(?:nine|six|three) months)\b)?",
    "quarter": r"(?:(?P<mod>@place) (?:the )?)?(?:(?P<rel>last|this|next) year['’]s |the (?!\w+-\w))?(?:fiscal[- ])?"
    r"(?:(?P<nth>@ordinal|last|final|latter|[1-4](?:st|nd|rd|th))[- ](?:fiscal )?(?P<kind>quarter|half|period)"
    r"(?P<plural>s)?|(?P<code>[qh][1-4]))\b(?!-[a-z])"
    r"(?:,? (?:of |in )?(?:(?:fiscal |calendar |the year )?(?P<year>@digits)"
    r"|(?P<of>last|this|next|the) (?:fiscal )?year\b(?!['’])|(?:the )?(?P<decade>(?:19|20)?['’]?\d0s)))?",
    "year_quarter": r"(?:the )?(?P<year>@digits)(?:['’]s)? (?:(?P<nth>@ordinal)[- ])?quarter\b",
    "season": r"(?:(?P<mod>@place)~(?:in )?(?:the )?)?(?:(?:@seen|the) )?(?P<season>@season)\b@of_year?",
    "seasons": r"(?:the )?(?:past|last) (?:few|@number|\d\d?) (?P<season>@season)s\b",
    "decade": r"(?:(?:the )?(?P<mod>@place)~(?P<the>the )?|(?P<article>the )?)"
    r"(?:(?P<digits>1[5-9]\d|20\d)0(?:s|(?P<apostrophe>['’])s)|(?P<short>['’]?[1-9])0s|(?P<word>@decade))\b",
    "century": r"(?:(?:the )?(?P<mod>@place)~(?:the )?|the )?(?P<nth>@ordinal|\d\d?(?:st|nd|rd|th))~centur(?:y|ies)\b",
    "year": r"(?:(?P<mod>@modifier)~(?:in |the )?|(?P<end>end)-)?"
    r"(?P<pre>(?:the )?(?:fiscal|calendar|financial)(?:~year)? |the year |fy ?|the (?=\d{4} (?:fiscal|calendar) year))?"
    r"(?P<year>@digits|@spelled|(?<=fiscal\x20)['’]\d\d)(?: (?:fiscal|calendar) year\b)?(?P<beyond> and beyond\b)?",
    "unit_end": r"(?:the )?(?P<unit>year|month|quarter|week)(?:~|['’]s )end\b(?: (?P<year>@digits))?"
    r"|yearend\b|mid-?(?P<middle>year|month|week)\b",
    "deictic": r"(?:(?P<mod>early|late|earlier|later) )?"
    r"(?P<word>today|yesterday|tomorrow|tonight|overnight|the day (?:before yesterday|after tomorrow))\b",
    "each": r"(?:every|each)(?: (?P<number>other|second|third|@number|\d{1,3}|few))? (?P<unit>@unit)\b",
    "rate": r"(?:(?:once|twice|(?:@number|\d{1,3}) times) (?:a|an|per|each|every)|per) (?P<unit>@single)\b"
    r"(?! (?:ago|earlier|later|before|after|from|and|or|long|old)\b)",
    "span": r"(?:(?P<mod>@modifier) (?!the |those ))?(?:(?P<det>(?:these |those |the (?:very )?)?(?P<rel>@placed|first)"
    r"|the(?! [\w½]+-)|these|those|another|an additional|an extra) )?(?P<number>@amount)"
    r"(?:(?:~(?:to|or) |[-–])(?P<more>@amount))?(?:~@filler)?~(?P<unit>@unit)\b"
    r"(?P<rest>(?:(?:,? and|,)? (?:\d{1,3}|@number) (?:months|days|minutes|hours|seconds)\b){1,4}|,? and a half\b)?"
    r"(?:(?:,| ,)?~(?P<way>@way|long|time|old)\b(?: (?P<from>this (?:week|month)|today|@weekday)\b)?)?",
    "spans": r"(?:(?P<mod>@modifier) (?!the ))?"
    r"(?:(?P<rel>(?:the )?(?:past|last|next|latest|coming|recent|following|previous"
    r"|preceding|ensuing)|another|an additional) )?(?P<unit>@plural)\b"
    r"(?: (?:or|and) (?P<more>@plural)\b)?(?:~(?P<way>@way|ahead|long|old)\b)?",
    "unit": r"(?:(?P<mod>@place) (?:in |this )?)?"
    r"(?P<rel>(?:the |this |its |that (?=same|very)|these )?(?:very )?@placed|this|that|the) "
    r"(?:(?:full|fiscal|calendar|trading|business|financial|entire|whole) ){0,3}(?P<unit>@single|weekend|period)"
    r"(?P<report>-(?:ago|earlier)\b)?\b(?! of the week)"
    r"(?P<back>,? (?:(?:of |in )?(?:last year|the (?:previous|prior|preceding) year|(?P<year>@digits))"
    r"|(?:a|one) year (?:ago|earlier|before))\b)?"
    r"(?:~(?P<way>before|earlier|after|later)\b)?(?: or so\b)?(?!-\w)",
    "unit_long": r"(?P<unit>@unit)-?long\b",
    "vague": r"(?P<word>@vague)\b",
    "set": r"(?P<word>@set)\b",
}
