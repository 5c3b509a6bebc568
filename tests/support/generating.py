"""Generated policies and generated cases with missing facts, from a seeded random source."""

import calendar
import datetime as dt
import random
from collections.abc import Callable
from typing import Any, Final

from amends.feel import FeelError, compile_text
from amends.feel.conditions import Condition
from amends.feel.values import add_months
from amends.policy.classes import raised_node, tests_in
from amends.policy.facts import Catalogue, FactKind, catalogue
from amends.policy.rules import Authority, Policy, Rule, Ruleset, ruleset

DAY: Final = dt.date(2013, 6, 1)
BOOLEANS: Final = (
    "flags.hate",
    "flags.knife",
    "offender.agrees",
    "evidence.sufficient",
    "offence.serious",
)
CHOICES: Final = ("admission.form", "offence.mode_of_trial", "flags.relationship", "offence.group")
WHOLES: Final = (
    "offender.age",
    "gravity.score",
    "gravity.aggravating",
    "earlier.community_resolutions",
)
DATES: Final = ("offence.date", "decision.date", "resolution.last_action_due")
LISTS: Final = ("victims", "earlier_disposals")
NULLABLE: Final = ("gravity.score", "resolution.last_action_due", "offence.code", "offence.group")
CODE_VALUES: Final = ("8N", "105A", "008/06", "46", "19C", "8n", "46 b_1-x.2")
CODES_NO_CASE_HAS: Final = ("", "O'Brien", "a\\\\b", "100%", "_", "é", "-- 8N")
DAYS: Final = (
    *(DAY + dt.timedelta(days=n) for n in (-400, -31, -30, -1, 0, 1, 28, 29, 200, 333)),
    *map(dt.date.fromisoformat, ("2012-02-28", "2012-02-29", "2012-03-01", "2013-02-28")),
    *map(dt.date.fromisoformat, ("2013-01-31", "2013-03-31", "2012-12-31", "2013-04-30")),
    *map(dt.date.fromisoformat, ("2016-02-29", "1900-01-01", "2199-12-31", "2000-02-29")),
)
"""Days near each other, and those where calendars go wrong: ends of months, leap days, ends of time."""
MOVES: Final = tuple(
    (day, months, add_months(day, months))
    for day in DAYS
    for months in (-24, -12, -1, 1, 2, 13, 48)
)
HELD_BACK: Final = tuple(move for move in MOVES if move[2] and move[2].day != move[0].day)
"""Moves that end on the last day of a shorter month."""
SIGNS: Final = ("<", "<=", ">", ">=", "=", "!=")
LEVELS: Final = (
    Authority.OFFICER,
    Authority.SERGEANT,
    Authority.INSPECTOR,
    Authority.SUPERINTENDENT,
    Authority.NOBODY,
)

MOST_TESTS: Final = 5
"""Tests in a rule: a class table has up to six classes for each, all of them multiplied."""

Maker = Callable[[], str]


def last_of_month(day: dt.date) -> bool:
    """Whether *day* is the last of its month."""
    return day.day == calendar.monthrange(day.year, day.month)[1]


class Conditions:
    """Makes conditions as text: any operator of the profile that facts may meet.

    Inside `some` and `every` the record at hand is `x`, and `self.record` names its list.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.known: Catalogue = catalogue()
        self.declared = self.known.declarations()
        self.record: str | None = None

    def one(self, *makers: Maker) -> str:
        """What one of *makers*, drawn at random, makes."""
        return self.random.choice(makers)()

    def pick(self, *texts: object) -> str:
        """One of *texts*."""
        return str(self.random.choice(texts))

    def sign(self) -> str:
        return self.random.choice(SIGNS)

    def maybe(self, share: float) -> bool:
        return self.random.random() < share

    # --- conditions ---------------------------------------------------------------------------

    def condition(self, depth: int = 2) -> str:
        """A condition that nests conditions up to *depth* deep."""
        kind = self.pick("and", "or", "not", "if", "eq", "test", "test", "test", "test")
        if depth == 0 or kind == "test":
            return self.test()
        one, two = self.condition(depth - 1), self.condition(depth - 1)
        if kind == "not":
            return f"not({one})"
        if kind == "if":
            return f"if {one} then {two} else {self.condition(depth - 1)}"
        if kind == "eq":
            return self.same(one, two)
        return f"({one}) {kind} ({two})"

    def same(self, one: str, two: str) -> str:
        """Two conditions that must say the same, or must not; often both may be null."""
        if self.maybe(0.5):
            one = self.nullable_test()
        if self.maybe(0.4):
            two = self.pick("true", "false", self.nullable_test())
        return f"({one}) {self.pick('=', '!=')} ({two})"

    def test(self) -> str:
        """One test of facts, or of the record at hand."""
        if self.record is None and self.maybe(0.12):
            return self.quantified()
        if self.record is not None and self.maybe(0.6):
            return self.field_test()
        if self.record is None and self.maybe(0.02):
            return self.pick("true", "false", "null")
        makers = (self.boolean, self.choice, self.whole, self.whole, self.date, self.code)
        return self.one(*makers, self.null, self.length, self.sum)

    def plain(self) -> str:
        """A test that holds no other."""
        return self.one(self.boolean, self.whole, self.choice, self.nullable_test)

    def nullable_test(self) -> str:
        """A test that says null of a fact that is known to be absent."""
        if self.record == "victims" and self.maybe(0.5):
            return f"x.age {self.pick('<', '<=', '>', '>=')} {self.random.randint(0, 60)}"
        forms = (
            f"gravity.score {self.pick('<', '<=', '>', '>=')} {self.pick(2, 3, 3.5)}",
            f"resolution.last_action_due {self.pick('<', '<=', '>', '>=')} {self.constant_day()}",
            f'starts with(offence.code, "{self.pick("8", "1", "46")}")',
            "gravity.score + 1 >= offender.age * 0.1",
        )
        return self.random.choice(forms)

    def quantified(self) -> str:
        of = self.pick(*LISTS)
        if self.maybe(0.2):
            return f"count({of}) {self.sign()} {self.random.randint(0, 3)}"
        if self.maybe(0.1):
            return f"{self.pick('some', 'every')} n in [1, 2, 18] satisfies offender.age > n"
        self.record = of
        inner = self.condition(1)
        self.record = None
        return f"({self.pick('some', 'every')} x in {of} satisfies {inner})"

    def field_test(self) -> str:
        kind = self.random.choice(self.known[self.record or ""].fields)
        name = f"x.{kind.name}"
        if kind.type == "boolean":
            return name
        if kind.type == "choice":
            return self.chosen(name, kind.values or ())
        if kind.type == "whole":
            return self.pick(self.compared(name), f"{name} {self.sign()} {self.number(1)}")
        if kind.type == "date":
            return f"{name} {self.sign()} {self.pick(self.day(1), self.constant_day())}"
        return self.coded(name)

    def boolean(self) -> str:
        name = self.pick(*BOOLEANS)
        forms = (name, name, f"{name} = false", f"{name} != true", f"{name} in (false, true)")
        return self.pick(*forms, f"{name} = {self.pick(*BOOLEANS)}")

    def choice(self) -> str:
        name = self.pick(*CHOICES)
        return self.chosen(name, self.known[name].values or ())

    def chosen(self, name: str, values: tuple[str, ...]) -> str:
        some = [f'"{v}"' for v in self.random.sample(values, min(2, len(values)))]
        other = f'(if {self.boolean()} then {name} else "none")'
        return self.pick(
            f"{name} = {some[0]}",
            f"{name} != {some[0]}",
            f"{name} in ({', '.join(some)})",
            f"list contains([{', '.join(some)}], {name})",
            f"{some[0]} = {name}",
            f"{other} = {some[0]}",
        )

    def null(self) -> str:
        """Whether something is known to be absent."""
        forms = [*NULLABLE, "gravity.score + 1", "max(gravity.score, offender.age)"]
        forms += ["upper case(offence.code)", self.day(1), self.number(1), self.months()]
        forms += ["(if flags.hate then gravity.score else null)"]
        if self.record == "victims":
            forms += ["x.age", "x.age - 1", "max(x.age, offender.age)"]
        return f"({self.pick(*forms)}) {self.pick('=', '!=')} null"

    # --- numbers ------------------------------------------------------------------------------

    def whole(self) -> str:
        return self.compared(self.whole_name())

    def whole_name(self) -> str:
        if self.record == "victims" and self.maybe(0.4):
            return "x.age"
        return self.pick(*WHOLES)

    def compared(self, name: str) -> str:
        number = self.pick(0, 1, 2, 3, 4, 5, 10, 18, 21, 2.5, 17.999999999, "2 ** 3", "36 / 4 - 1")
        forms = (
            f"{name} {self.sign()} {number}",
            f"{name} {self.sign()} {number}",
            f"{number} {self.sign()} {name}",
            f"{name} between 2 and 17",
            f"{name} in [2..18)",
            f"{name} in (1, 3, 20)",
            f"{name} in (< 3, > 17)",
            f"{name} in ([1..2], (3..10], > 17.5)",
            f"{name} in [1, 2, [18..20]]",
            f"list contains([0, 3, 18], {name})",
        )
        return self.random.choice(forms)

    def sum(self) -> str:
        """A test of numbers worked out from facts."""
        number = self.pick(0, 1, 3, 7.25, -2, 18, -0.5, 40)
        one = self.number(2)
        return self.pick(
            f"{one} {self.sign()} {number}",
            f"{one} {self.sign()} {self.number(1)}",
            f"{one} between {self.number(1)} and 30",
            f"{one} in (1, 2.5, 3, 17)",
            f"{one} in [0.5..{self.whole_name()}]",
        )

    def number(self, depth: int) -> str:
        """A number worked out from facts."""
        if depth == 0 or self.maybe(0.25):
            return self.one(self.whole_name, self.whole_name, self.counted)
        a, b = self.number(depth - 1), self.number(depth - 1)
        forms = (
            f"({a} {self.pick('+', '-')} {self.pick(b, 0.25, 3)})",
            f"({a} {self.pick('+', '-')} {b} * 0.1)",
            f"{a} * {self.pick(2, 0.5, -1.5, 0.001, 10_000_000)}",
            f"({self.whole_name()} * {self.whole_name()})",
            f"-{a}",
            f"abs({a} - {self.pick(3, 18, b)})",
            f"floor({a} * {self.pick(1.5, -0.25, 0.333)})",
            f"ceiling({a} * {self.pick(-0.25, 1.1, 0.5)})",
            f"{self.pick('min', 'max', 'sum')}({a}, {b}, {self.pick(4, 2.5)})",
            f"{self.pick('min', 'max', 'sum')}([{a}, {b}])",
            f"(if {self.boolean()} then {a} else {b})",
            f"(if {self.plain()} then {a} else null)",
            f"(if {self.boolean()} then (if {self.whole()} then {a} else 2.5) else {b})",
        )
        return self.random.choice(forms)

    def counted(self) -> str:
        part = self.pick("year", "month", "day")
        of = self.pick("victims", "earlier_disposals")
        return self.pick(
            f"count({of})", f"({self.day(1)}).{part}", f"string length({self.string(1)})"
        )

    # --- dates and lengths of time ------------------------------------------------------------

    def constant_day(self) -> str:
        return f'date("{self.random.choice(DAYS)}")'

    def day_name(self) -> str:
        if self.record == "earlier_disposals" and self.maybe(0.4):
            return "x.date"
        return self.pick(*DATES)

    def step(self) -> str:
        """A fixed length of time by which a date may be moved."""
        draw = self.random
        months = draw.choice((1, 1, 2, 6, 11, 12, 13, 24, 48, 2400))
        return self.pick(f'duration("P{draw.randint(0, 400)}D")', f'duration("P{months}M")')

    def day(self, depth: int) -> str:
        """A date worked out from facts."""
        if depth == 0 or self.maybe(0.3):
            return self.day_name()
        one = self.day(depth - 1)
        forms = (
            f"({one} {self.pick('+', '-')} {self.step()})",
            f"({one} {self.pick('+', '-')} {self.step()})",
            f"({self.step()} + {one})",
            f"(if {self.boolean()} then {one} else {self.pick(self.day_name(), 'null')})",
            f"(if {self.plain()} then {one} else {self.constant_day()})",
        )
        return self.random.choice(forms)

    def date(self) -> str:
        name, other = self.day_name(), self.day(2)
        forms = (
            f"{name} {self.sign()} {self.constant_day()}",
            f"{name} {self.sign()} {self.constant_day()}",
            f"{name} {self.sign()} {other}",
            f"{other} {self.sign()} {self.constant_day()}",
            f"{name} between {self.constant_day()} and {other}",
            f"{name} in [{other}..{self.day_name()}]",
            f'{name} in (date("2012-02-29")..date("2013-06-01")]',
            f"{name} in ({self.constant_day()}, {self.constant_day()})",
            f"{name}.{self.pick('year', 'month', 'day')} {self.sign()} {self.pick(1, 2, 29, 2013)}",
            self.moved(name),
            self.moved(name),
        )
        return self.random.choice(forms)

    def moved(self, name: str) -> str:
        """A date moved to, or so many months from, where some case's date is moved to."""
        _, months, end = self.random.choice(HELD_BACK if self.maybe(0.7) else MOVES)
        step = f'duration("{"-" if months < 0 else ""}P{abs(months)}M")'
        between = f'years and months duration({name}, date("{end}"))'
        return self.pick(
            f'{name} + {step} {self.sign()} date("{end}")', f"{between} {self.sign()} {step}"
        )

    def months(self) -> str:
        first, second = self.day(1), self.pick(self.day_name(), self.constant_day())
        return f"years and months duration({self.pick(f'{first}, {second}', f'{second}, {first}')})"

    def length(self) -> str:
        """A test of the time between two dates."""
        draw = self.random
        days = f"({self.day_name()} - {self.day(1)})"
        limit = self.pick(
            f'duration("P{draw.randint(0, 60)}D")', 'duration("PT36H")', '-duration("P31D")'
        )
        other = f'duration("P{draw.randint(0, 14)}M")'
        return self.pick(
            f"{days} {self.sign()} {limit}",
            f'{days} in (duration("P0D"), duration("P1D"), {limit})',
            f'{days} in [duration("-P1D")..duration("P29D"))',
            f"(if {self.boolean()} then {days} else {limit}) {self.sign()} {limit}",
            f"{self.months()} {self.sign()} {other}",
            f'{self.months()} between duration("-P1M") and {other}',
            f"(if {self.boolean()} then {self.months()} else {other}) {self.sign()} {other}",
        )

    # --- text ---------------------------------------------------------------------------------

    def string(self, depth: int) -> str:
        """Text worked out from facts."""
        name = "offence.code"
        if self.record == "earlier_disposals" and self.maybe(0.5):
            name = "x.offence_code"
        if depth == 0 or self.maybe(0.4):
            return self.pick(name, name, name, "admission.form")
        return self.pick(
            f"{self.pick('upper case', 'lower case')}({self.string(depth - 1)})",
            f'(if {self.boolean()} then {self.string(depth - 1)} else "{self.code_value()}")',
        )

    def code_value(self) -> str:
        return self.pick(*CODE_VALUES, *CODE_VALUES, *CODES_NO_CASE_HAS)

    def code(self) -> str:
        return self.coded(self.pick("offence.code", self.string(1)))

    def coded(self, name: str) -> str:
        value, other = self.code_value(), self.code_value()
        if not name.startswith(("offence", "x.")):
            return f'{name} = "{value}"'  # an admission's form has no such value; refused if plain
        part = self.pick(value[:1], value[-1:], value[1:2], "8", "4", "n")
        part = "" if part == "\\" else part
        forms = (
            f'{name} = "{value}"',
            f'{name} != "{value}"',
            f'{name} in ("{value}", "{other}")',
            f'list contains(["{value}", "46", null], {name})',
            f'starts with({name}, "{part}")',
            f'ends with({name}, "{part}")',
            f'contains({name}, "{part}")',
            f'contains("{value} 46 8N", {name})',
            f"starts with({name}, offence.code)",
            f"string length({name}) {self.sign()} {self.pick(2, 3, 4, 2.5)}",
            f'lower case({name}) = "{value.lower()}"',
        )
        return self.random.choice(forms)


class Generator(Conditions):
    """Makes conditions, rules and cases; the same seed makes the same."""

    # --- rules --------------------------------------------------------------------------------

    def accepted(self, depth: int) -> Condition:
        """A condition that the profile accepts."""
        while True:
            try:
                return compile_text(self.condition(depth), self.declared, kind="boolean")
            except FeelError:
                self.record = None  # such as a fact that can never be null, compared with null

    def rule(self, number: int, depth: int | None = None) -> Rule:
        """A rule that may have a condition on when it applies, and records to be made."""
        records = [n.removeprefix("recorded.") for n in self.known if n.startswith("recorded.")]
        while True:
            when = self.accepted(self.random.choice((0, 1, 1, 2)) if depth is None else depth)
            applies = self.accepted(1) if self.maybe(0.3) else None
            wanted = tuple(self.random.sample(records, self.random.choice((0, 0, 1, 2))))
            allow = self.random.choice(LEVELS)
            rule = rule_of(number, when, allow, applies=applies, record=wanted)
            if len(set(tests_in(raised_node(rule)))) <= MOST_TESTS:
                return rule

    def ruleset(self, most: int = 8, depth: int | None = None) -> Ruleset:
        """A set of up to *most* rules, free for an officer or for somebody above."""
        rules = tuple(self.rule(n, depth) for n in range(self.random.randint(1, most)))
        free = self.random.choice((Authority.OFFICER,) * 5 + (Authority.SERGEANT,))
        return ruleset(policy_of(rules, free))

    # --- cases --------------------------------------------------------------------------------

    def cases(self, count: int, missing: float | None = None) -> list[dict[str, Any]]:
        """Cases with facts missing, or known to be absent, at random."""
        return [self.case(missing) for _ in range(count)]

    def case(self, missing: float | None = None) -> dict[str, Any]:
        share = self.random.choice((0.0, 0.15, 0.5, 0.9)) if missing is None else missing
        found: dict[str, Any] = {}
        for name, kind in self.known.items():
            if self.random.random() >= share:
                found[name] = self.value(kind, share)
        return found

    def value(self, kind: FactKind, share: float = 0.0) -> Any:
        draw = self.random
        if kind.absent and draw.random() < 0.2:
            return None
        if kind.type == "boolean":
            return draw.random() < 0.5
        if kind.type == "choice":
            return draw.choice(kind.values or ())
        if kind.type == "whole":
            low, high = kind.least or 0, kind.greatest or 0
            return draw.choice((low, low + 1, min(high, 3), min(high, 18), draw.randint(low, high)))
        if kind.type == "date":
            near = DAY + dt.timedelta(days=draw.randint(-800, 800))
            return draw.choice((*DAYS, near, near, near))
        if kind.type == "list":
            return tuple(self.record_of(kind, share) for _ in range(draw.choice((0, 1, 1, 2, 3))))
        return draw.choice(CODE_VALUES)

    def record_of(self, kind: FactKind, share: float) -> dict[str, Any]:
        return {f.name: self.value(f) for f in kind.fields if self.random.random() >= share}


def rule_of(number: int, when: Condition, allow: Authority, **more: Any) -> Rule:
    """Rule number *number*, with nothing to say but its condition."""
    words = {"ask": "generated", "clause": "generated", "because": "generated", "source": "none"}
    return Rule(
        id=f"G-{number}",
        when=when,
        allow=allow,
        confidence="illustrative",
        policy="generated",
        **words,
        **more,
    )


def policy_of(rules: tuple[Rule, ...], otherwise: Authority = Authority.OFFICER) -> Policy:
    """A policy of *rules*, in force for ever."""
    return Policy(
        id="generated",
        series="generated",
        title="Generated",
        owner="nobody",
        scope="national",
        layer="guidance",
        status="published",
        starts=dt.date(2000, 1, 1),
        ends=None,
        known_from=dt.date(2000, 1, 1),
        dates="",
        otherwise=otherwise,
        source="none",
        confidence="illustrative",
        note="",
        rules=rules,
        digest="0" * 64,
    )
