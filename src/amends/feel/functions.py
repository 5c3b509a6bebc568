"""The functions of the profile: what each takes, and how it is worked out on known values.

A function whose `on_facts` is false may be used on constants only, where its value is settled when
the policy is loaded. Source: DMN 1.5, 10.3.4 (built-in functions).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from amends.feel import types, values
from amends.feel.values import DECIMAL_128, Months, as_number

Work = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function: the kinds it `takes` under which names, the kind it `gives`, and its `work`.

    `many` says that it takes any number of values of its one kind, or a list of them.
    """

    name: str
    takes: tuple[tuple[str, str], ...]
    gives: str
    work: Work
    many: bool = False
    on_facts: bool = True


class Outside(ValueError):
    """A known value for which the profile has no answer: refused, never answered wrongly."""


def _date(text: str) -> dt.date:
    if (found := values.read_date(text)) is None:
        raise Outside(f'{values.shown(text)} is not a date. Write date("2013-06-01").')
    return found


def _date_of(year: Any, month: Any, day: Any) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        raise Outside("There is no such day in the years 1 to 9999.") from None


def _time(text: str) -> dt.time:
    if (found := values.read_time(text)) is None:
        raise Outside(f'{values.shown(text)} is not a local time. Write time("10:30:00").')
    return found


def _moment(text: str) -> dt.datetime:
    if (found := values.read_moment(text)) is None:
        raise Outside(
            f"{values.shown(text)} is not a local date and time. "
            'Write date and time("2013-06-01T10:30:00").'
        )
    return found


def _duration(text: str) -> Months | dt.timedelta:
    if (found := values.read_duration(text)) is None:
        raise Outside(f'{values.shown(text)} is not a duration. Write duration("P6M").')
    return found


def _rounded(how: str) -> Work:
    def work(number: Any, scale: Any = 0) -> Any:
        if scale != int(scale) or abs(scale) > 30:
            raise Outside("The scale is a whole number from -30 to 30.")
        unit = Decimal(1).scaleb(-int(scale))
        return as_number(Decimal(number).quantize(unit, rounding=how, context=DECIMAL_128))

    return work


def _modulo(dividend: Any, divisor: Any) -> Any:
    if divisor == 0:
        return None
    whole = (Decimal(dividend) / Decimal(divisor)).to_integral_value(ROUND_FLOOR)
    return as_number(DECIMAL_128.subtract(dividend, DECIMAL_128.multiply(divisor, whole)))


def _substring(string: str, start: Any, length: Any = None) -> Any:
    if start != int(start) or start == 0 or (length is not None and length != int(length)):
        return None
    begin = int(start) - 1 if start > 0 else max(len(string) + int(start), 0)
    if length is None:
        return string[begin:]
    return string[begin : begin + int(length)] if length >= 1 else None


def _total(*numbers: Any) -> Any:
    total: Any = 0
    for number in numbers:
        total = DECIMAL_128.add(total, number)
    return as_number(Decimal(total)) if numbers else None


def _least(*numbers: Any) -> Any:
    return min(numbers)


def _greatest(*numbers: Any) -> Any:
    return max(numbers)


_NUMBER = "number"
_STRING = "string"
_TEXTS = (("string", _STRING), ("match", _STRING))

_ALL: Final = (
    Function(name="date", takes=(("from", _STRING),), gives="date", work=_date, on_facts=False),
    Function(
        name="date",
        takes=(("year", _NUMBER), ("month", _NUMBER), ("day", _NUMBER)),
        gives="date",
        work=_date_of,
        on_facts=False,
    ),
    Function(name="time", takes=(("from", _STRING),), gives="time", work=_time, on_facts=False),
    Function(
        name="date and time",
        takes=(("from", _STRING),),
        gives=types.MOMENT,
        work=_moment,
        on_facts=False,
    ),
    Function(
        name="duration",
        takes=(("from", _STRING),),
        gives="duration",
        work=_duration,
        on_facts=False,
    ),
    Function(
        name="years and months duration",
        takes=(("from", "date"), ("to", "date")),
        gives=types.MONTHS,
        work=values.months_between,
    ),
    Function(name="abs", takes=(("n", _NUMBER),), gives=_NUMBER, work=abs),
    Function(name="floor", takes=(("n", _NUMBER),), gives=_NUMBER, work=_rounded(ROUND_FLOOR)),
    Function(name="ceiling", takes=(("n", _NUMBER),), gives=_NUMBER, work=_rounded(ROUND_CEILING)),
    Function(
        name="floor",
        takes=(("n", _NUMBER), ("scale", _NUMBER)),
        gives=_NUMBER,
        work=_rounded(ROUND_FLOOR),
        on_facts=False,
    ),
    Function(
        name="ceiling",
        takes=(("n", _NUMBER), ("scale", _NUMBER)),
        gives=_NUMBER,
        work=_rounded(ROUND_CEILING),
        on_facts=False,
    ),
    Function(
        name="modulo",
        takes=(("dividend", _NUMBER), ("divisor", _NUMBER)),
        gives=_NUMBER,
        work=_modulo,
        on_facts=False,
    ),
    Function(
        name="even",
        takes=(("number", _NUMBER),),
        gives="boolean",
        work=lambda n: n % 2 == 0,
        on_facts=False,
    ),
    Function(
        name="odd",
        takes=(("number", _NUMBER),),
        gives="boolean",
        work=lambda n: n % 2 == 1,
        on_facts=False,
    ),
    Function(name="min", takes=(("list", _NUMBER),), gives=_NUMBER, work=_least, many=True),
    Function(name="max", takes=(("list", _NUMBER),), gives=_NUMBER, work=_greatest, many=True),
    Function(name="sum", takes=(("list", _NUMBER),), gives=_NUMBER, work=_total, many=True),
    Function(name="contains", takes=_TEXTS, gives="boolean", work=lambda s, m: m in s),
    Function(name="starts with", takes=_TEXTS, gives="boolean", work=str.startswith),
    Function(name="ends with", takes=_TEXTS, gives="boolean", work=str.endswith),
    Function(name="lower case", takes=(("string", _STRING),), gives=_STRING, work=str.lower),
    Function(name="upper case", takes=(("string", _STRING),), gives=_STRING, work=str.upper),
    Function(name="string length", takes=(("string", _STRING),), gives=_NUMBER, work=len),
    Function(
        name="substring",
        takes=(("string", _STRING), ("start position", _NUMBER)),
        gives=_STRING,
        work=_substring,
        on_facts=False,
    ),
    Function(
        name="substring",
        takes=(("string", _STRING), ("start position", _NUMBER), ("length", _NUMBER)),
        gives=_STRING,
        work=_substring,
        on_facts=False,
    ),
    Function(
        name="substring before",
        takes=_TEXTS,
        gives=_STRING,
        work=lambda s, m: s.partition(m)[0] if m and m in s else "",
        on_facts=False,
    ),
    Function(
        name="substring after",
        takes=_TEXTS,
        gives=_STRING,
        work=lambda s, m: (s.partition(m)[2] if m else s) if m in s else "",
        on_facts=False,
    ),
)

FUNCTIONS: Final[dict[str, tuple[Function, ...]]] = {
    name: tuple(f for f in _ALL if f.name == name) for name in {f.name for f in _ALL}
}
"""Every function by its name, with its forms."""

SPECIAL: Final = ("not", "count", "list contains")
"""Functions that the checker turns into nodes of their own."""

PROPERTIES: Final[dict[str, dict[str, Callable[[Any], Any]]]] = {
    "date": {
        "year": lambda d: d.year,
        "month": lambda d: d.month,
        "day": lambda d: d.day,
        "weekday": lambda d: d.isoweekday(),
    },
    "time": {
        "hour": lambda t: t.hour,
        "minute": lambda t: t.minute,
        "second": lambda t: t.second,
    },
    types.MONTHS: {
        "years": lambda m: int(m.months / 12),
        "months": lambda m: m.months - 12 * int(m.months / 12),
    },
    types.DAYS: {
        "days": lambda d: int(d / dt.timedelta(days=1)),
        "hours": lambda d: int(d / dt.timedelta(hours=1)) % (24 if d >= dt.timedelta() else -24),
        "minutes": lambda d: (
            int(d / dt.timedelta(minutes=1)) % (60 if d >= dt.timedelta() else -60)
        ),
        "seconds": lambda d: (
            int(d / dt.timedelta(seconds=1)) % (60 if d >= dt.timedelta() else -60)
        ),
    },
}
"""Properties of values that are constants; of a date fact, only year, month and day."""
PROPERTIES[types.MOMENT] = {**PROPERTIES["date"], **PROPERTIES["time"]}

DATE_PARTS: Final = ("year", "month", "day")
"""Properties that a date fact has."""
