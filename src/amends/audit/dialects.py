"""Where the engines differ: dates, and the records of a list."""

import datetime as dt
from typing import Final

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect as Glot

from amends.audit.terms import SQL, call, case, cast, is_known, is_null, number, paren, text
from amends.feel import Type

RECORD: Final = "record"
"""The name of the record at hand inside a list."""
_TYPES: Final = {"boolean": "BOOLEAN", "number": "BIGINT", "string": "TEXT", "date": "DATE"}


class Dialect:
    """DuckDB, and what the other engines do as it does."""

    name = "duckdb"

    def print(self, expression: SQL, *, pretty: bool = False) -> str:
        """*expression* as text for this engine.

        It is not copied first, which would take as long as all the rest: sqlglot may leave marks in it.
        """
        return Glot.get_or_raise(self.name).generate(expression, copy=False, pretty=pretty)

    def date(self, day: dt.date) -> SQL:
        """A known date."""
        return cast(text(day.isoformat()), "DATE")

    def part(self, name: str, day: SQL) -> SQL:
        """The year, month or day of a date."""
        return cast(exp.Extract(this=exp.var(name.upper()), expression=day), "INT")

    def days_between(self, end: SQL, start: SQL) -> SQL:
        """Days from *start* to *end*."""
        return cast(exp.Sub(this=paren(end), expression=paren(start)), "BIGINT")

    def add_days(self, day: SQL, days: int) -> SQL:
        """A date moved by a fixed number of days."""
        return exp.Add(this=paren(day), expression=number(days))

    def add_months(self, day: SQL, months: int) -> SQL:
        """A date moved by a fixed number of months, held back to the month's last day."""
        step = exp.Interval(this=text(str(months)), unit=exp.var("MONTH"))
        return cast(exp.Add(this=paren(day), expression=step), "DATE")

    def field(self, name: str, kind: Type) -> SQL:
        """A field of the record at hand."""
        return exp.Dot(this=exp.to_identifier(RECORD), expression=exp.to_identifier(name))

    def absent_field(self, name: str) -> SQL:
        """Whether a field of the record at hand is known to be absent."""
        return self.field(f"{name}_absent", Type(kind="boolean"))

    def unknown(self, kind: Type) -> SQL:
        """A value of *kind* that is not known."""
        return cast(exp.null(), _TYPES[kind.kind])

    def count(self, records: SQL) -> SQL:
        """How many records a list has."""
        return call("LEN", records)

    def any_record(self, records: SQL, test: SQL) -> SQL:
        """Kleene's *or* of *test* over the records of a list."""
        return case(
            [
                (is_null(records), exp.null()),
                (self._some(records, test), exp.true()),
                (self._some(records, is_null(test)), exp.null()),
            ],
            exp.false(),
        )

    def _some(self, records: SQL, test: SQL) -> SQL:
        """Whether *test* is true of some record."""
        each = exp.Lambda(this=test, expressions=[exp.to_identifier(RECORD)], colon=True)
        found = call("LEN", call("list_filter", records, each))
        return exp.GT(this=found, expression=number(0))


class Spark(Dialect):
    """Apache Spark SQL."""

    name = "spark"

    def days_between(self, end: SQL, start: SQL) -> SQL:
        """Days from *start* to *end*."""
        return cast(call("DATEDIFF", end, start), "BIGINT")

    def add_days(self, day: SQL, days: int) -> SQL:
        """A date moved by a fixed number of days."""
        return call("DATE_ADD", day, number(days))

    def add_months(self, day: SQL, months: int) -> SQL:
        """A date moved by a fixed number of months."""
        return call("ADD_MONTHS", day, number(months))

    def count(self, records: SQL) -> SQL:
        """How many records a list has; NULL for a list that is not known."""
        size = call("SIZE", records)
        return case([(is_known(records), size)])

    def any_record(self, records: SQL, test: SQL) -> SQL:
        """Kleene's *or* of *test* over the records of a list: Spark's own EXISTS is three-valued."""
        each = exp.Lambda(this=test, expressions=[exp.to_identifier(RECORD)])
        return call("EXISTS", records, each)


class _Rows(Dialect):
    """Engines that keep lists as JSON, and read them as rows."""

    def _from(self, records: SQL) -> str:
        raise NotImplementedError

    def _some(self, records: SQL, test: SQL) -> SQL:
        # EXISTS, not an aggregate: SQL gives one that names only outer columns to the outer query.
        rows = exp.select("1").from_(self._from(records), dialect=self.name)
        return exp.Exists(this=rows.where(test, copy=False))


class Postgres(_Rows):
    """PostgreSQL, with lists as JSONB."""

    name = "postgres"

    def _from(self, records: SQL) -> str:
        return f"jsonb_array_elements({self.print(records)}) AS {RECORD}(value)"

    def field(self, name: str, kind: Type) -> SQL:
        """A field of the record at hand."""
        value = exp.column("value", RECORD)
        found = exp.JSONExtractScalar(this=value, expression=text(name), only_json_types=True)
        return cast(paren(found), _TYPES[kind.kind])

    def count(self, records: SQL) -> SQL:
        """How many records a list has."""
        return call("jsonb_array_length", records)


class SQLite(_Rows):
    """SQLite, with dates as text and lists as JSON."""

    name = "sqlite"

    def unknown(self, kind: Type) -> SQL:
        """A value that is not known; SQLite's values have no declared kind."""
        return exp.null()

    def _from(self, records: SQL) -> str:
        return f"json_each({self.print(records)}) AS {RECORD}"

    def date(self, day: dt.date) -> SQL:
        """A known date."""
        return text(day.isoformat())

    def part(self, name: str, day: SQL) -> SQL:
        """The year, month or day of a date."""
        start, length = {"year": (1, 4), "month": (6, 2), "day": (9, 2)}[name]
        return cast(call("SUBSTR", day, number(start), number(length)), "INT")

    def days_between(self, end: SQL, start: SQL) -> SQL:
        """Days from *start* to *end*."""
        days = [call("julianday", day) for day in (end, start)]
        return cast(call("ROUND", exp.Sub(this=days[0], expression=days[1])), "BIGINT")

    def add_days(self, day: SQL, days: int) -> SQL:
        """A date moved by a fixed number of days."""
        return _moved(day, f"{days:+d} days")

    def add_months(self, day: SQL, months: int) -> SQL:
        """A date moved by a fixed number of months, held back to the month's last day.

        SQLite's own arithmetic runs on into the next month, so both ends are worked out.
        """
        start, step = "start of month", f"{months:+d} months"
        last = _moved(day, start, step, "+1 month", "-1 day")
        rest = exp.DPipe(
            this=cast(
                exp.Sub(this=call("SUBSTR", day, number(9), number(2)), expression=number(1)),
                "TEXT",
            ),
            expression=text(" days"),
        )
        same = call("date", _moved(day, start, step), rest)
        return call("MIN", last, same)

    def field(self, name: str, kind: Type) -> SQL:
        """A field of the record at hand."""
        path = text(f"$.{name}")
        value = exp.column("value", RECORD)
        return call("json_extract", value, path)

    def count(self, records: SQL) -> SQL:
        """How many records a list has."""
        return call("json_array_length", records)


def _moved(day: SQL, *steps: str) -> SQL:
    words = [text(step) for step in steps]
    return call("date", day, *words)


def position(whole: SQL, match: SQL) -> SQL:
    """Where *match* first stands in *whole*, from 1; 0 where it does not."""
    return exp.StrPosition(this=whole, substr=match)


DIALECTS: Final = {d.name: d for d in (Dialect(), SQLite(), Postgres(), Spark())}
"""Every engine a policy can be printed for, by name."""
