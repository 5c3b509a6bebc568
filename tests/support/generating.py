"""Generated policies and generated cases with missing facts, from a seeded random source."""

import datetime as dt
import random
from typing import Any

from amends.feel import FeelError, compile_text
from amends.policy.facts import Catalogue, catalogue
from amends.policy.rules import Authority, Policy, Rule, Ruleset, ruleset

DAY = dt.date(2013, 6, 1)
BOOLEANS = ("flags.hate", "flags.knife", "offender.agrees", "evidence.sufficient", "offence.serious")
CHOICES = ("admission.form", "offence.mode_of_trial", "flags.relationship", "offence.group")
WHOLES = ("offender.age", "gravity.score", "gravity.aggravating", "earlier.community_resolutions")
DATES = ("offence.date", "decision.date", "resolution.last_action_due")
CODES = ("offence.code",)
LISTS = ("victims", "earlier_disposals")
CODE_VALUES = ("8N", "105A", "008/06", "46", "19C")
LEVELS = (
    Authority.OFFICER,
    Authority.SERGEANT,
    Authority.INSPECTOR,
    Authority.SUPERINTENDENT,
    Authority.NOBODY,
)


class Generator:
    """Makes conditions, rules and cases; the same seed makes the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.known: Catalogue = catalogue()
        self.declared = self.known.declarations()

    # --- conditions -----------------------------------------------------------

    def condition(self, depth: int = 2, record: str | None = None) -> str:
        """A condition as text: any operator of the profile that facts may meet."""
        pick = self.random
        kind = pick.choice(("and", "or", "not", "if", "eq", "test", "test", "test", "test"))
        if depth == 0 or kind == "test":
            return self.test(record)
        one, two = self.condition(depth - 1, record), self.condition(depth - 1, record)
        if kind == "not":
            return f"not({one})"
        if kind == "if":
            return f"if {one} then {two} else {self.test(record)}"
        if kind == "eq":
            return f"({one}) = ({two})"
        return f"({one}) {kind} ({two})"

    def test(self, record: str | None) -> str:
        """One test of facts, or of a field of the record at hand."""
        pick = self.random
        if record is None and pick.random() < 0.12:
            return self.quantified()
        if record is not None and pick.random() < 0.75:
            return self.field_test(record)
        kinds = (self.boolean, self.choice, self.whole, self.whole, self.date, self.code)
        return pick.choice(kinds)()

    def quantified(self) -> str:
        of = self.random.choice(LISTS)
        if self.random.random() < 0.2:
            return f"count({of}) {self.sign()} {self.random.randint(0, 3)}"
        kind = self.random.choice(("some", "every"))
        return f"({kind} x in {of} satisfies {self.condition(1, of)})"

    def field_test(self, of: str) -> str:
        kind = self.random.choice(self.known[of].fields)
        name = f"x.{kind.name}"
        if kind.type == "boolean":
            return name
        if kind.type == "choice":
            return self.chosen(name, kind.values or ())
        if kind.type == "whole":
            return self.compared(name)
        if kind.type == "date":
            return f"{name} {self.sign()} {self.constant_day()}"
        return f'{name} = "{self.random.choice(CODE_VALUES)}"'

    def boolean(self) -> str:
        name = self.random.choice(BOOLEANS)
        return self.random.choice((name, f"{name} = false", f"{name} != true"))

    def choice(self) -> str:
        name = self.random.choice(CHOICES)
        return self.chosen(name, self.known[name].values or ())

    def chosen(self, name: str, values: tuple[str, ...]) -> str:
        some = [f'"{v}"' for v in self.random.sample(values, min(2, len(values)))]
        forms = (f"{name} = {some[0]}", f"{name} != {some[0]}", f"{name} in ({', '.join(some)})")
        return self.random.choice(forms)

    def whole(self) -> str:
        name, other = self.random.sample(WHOLES, 2)
        forms = [
            self.compared(name),
            self.compared(name),
            f"{name} {self.sign()} {other}",
            f"{name} + {other} {self.sign()} {self.random.randint(0, 40)}",
            f"abs({name} - 3) {self.sign()} {self.random.randint(0, 9)}",
            f"max({name}, {other}) {self.sign()} {self.random.randint(0, 20)}",
            f"min({name}, {other}, 4) {self.sign()} {self.random.randint(0, 5)}",
            f"sum({name}, {other}) {self.sign()} {self.random.randint(0, 30)}",
            f"floor({name} * 1.5) {self.sign()} {self.random.randint(0, 30)}",
            f"ceiling({name} * -0.25) {self.sign()} {self.random.randint(-9, 3)}",
            f"(if {self.boolean()} then {name} else {other}) {self.sign()} 3",
            f"-{name} * 2 - {other} {self.sign()} {self.random.randint(-60, 3)}",
        ]
        return self.random.choice(forms)

    def compared(self, name: str) -> str:
        number = self.random.choice((0, 1, 2, 3, 4, 5, 10, 18, 21, 2.5))
        forms = [
            f"{name} {self.sign()} {number}",
            f"{name} between 2 and 17",
            f"{name} in [2..18)",
            f"{name} in (1, 3, 20)",
            f"{name} in (< 3, > 17)",
        ]
        return self.random.choice(forms)

    def sign(self) -> str:
        return self.random.choice(("<", "<=", ">", ">=", "=", "!="))

    def constant_day(self) -> str:
        day = DAY + dt.timedelta(days=self.random.choice((-400, -31, -1, 0, 1, 29, 200)))
        return f'date("{day}")'

    def date(self) -> str:
        name, other = self.random.sample(DATES, 2)
        forms = [
            f"{name} {self.sign()} {self.constant_day()}",
            f"{name} {self.sign()} {self.constant_day()}",
            f"{name} {self.sign()} {other}",
            f'{name} + duration("P{self.random.randint(1, 30)}M") {self.sign()} {other}',
            f'{name} - duration("P{self.random.randint(1, 3)}Y") {self.sign()} {self.constant_day()}',
            f'{name} + duration("P{self.random.randint(1, 90)}D") {self.sign()} {other}',
            f'{name} - {other} {self.sign()} duration("P{self.random.randint(0, 60)}D")',
            f"years and months duration({other}, {name}) {self.sign()} "
            f'duration("P{self.random.randint(0, 14)}M")',
            f"{name}.{self.random.choice(('year', 'month', 'day'))} {self.sign()} "
            f"{self.random.choice((1, 6, 28, 2013))}",
        ]
        return self.random.choice(forms)

    def code(self) -> str:
        value = self.random.choice(CODE_VALUES)
        forms = [
            f'offence.code = "{value}"',
            f'offence.code in ("{value}", "46")',
            f'starts with(offence.code, "{value[:1]}")',
            f'ends with(offence.code, "{value[-1]}")',
            f'contains(upper case(offence.code), "{value[1]}")',
            f"string length(offence.code) {self.sign()} 3",
            f'lower case(offence.code) = "{value.lower()}"',
            "offence.code = null",
            "gravity.score = null",
            "resolution.last_action_due != null",
        ]
        return self.random.choice(forms)

    # --- rules and cases ------------------------------------------------------

    def rule(self, number: int, depth: int = 2) -> Rule:
        """A rule whose conditions the profile accepts."""
        while True:
            try:
                when = compile_text(self.condition(depth), self.declared, kind="boolean")
                applies = None
                if self.random.random() < 0.3:
                    applies = compile_text(self.condition(1), self.declared, kind="boolean")
            except FeelError:
                continue  # such as a fact that can never be null
            break
        records = [n.removeprefix("recorded.") for n in self.known if n.startswith("recorded.")]
        return Rule(
            id=f"G-{number}",
            ask="generated",
            when=when,
            applies=applies,
            allow=self.random.choice(LEVELS),
            record=tuple(self.random.sample(records, self.random.choice((0, 0, 1, 2)))),
            clause="generated",
            because="generated",
            source="none",
            confidence="illustrative",
            policy="generated",
        )

    def ruleset(self, most: int = 8, depth: int = 2) -> Ruleset:
        """A set of up to *most* rules."""
        rules = tuple(self.rule(n, depth) for n in range(self.random.randint(1, most)))
        return ruleset(policy_of(rules))

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

    def value(self, kind: Any, share: float = 0.0) -> Any:
        pick = self.random
        if kind.absent and pick.random() < 0.2:
            return None
        if kind.type == "boolean":
            return pick.random() < 0.5
        if kind.type == "choice":
            return pick.choice(kind.values)
        if kind.type == "whole":
            low, high = kind.least, kind.greatest
            return pick.choice((low, low + 1, min(high, 3), min(high, 18), pick.randint(low, high)))
        if kind.type == "date":
            return DAY + dt.timedelta(days=pick.choice((-400, -31, -30, -1, 0, 1, 28, 29, 200, 333)))
        if kind.type == "list":
            return tuple(self.record(kind, share) for _ in range(pick.choice((0, 1, 1, 2, 3))))
        return pick.choice(CODE_VALUES)

    def record(self, kind: Any, share: float) -> dict[str, Any]:
        return {f.name: self.value(f) for f in kind.fields if self.random.random() >= share}


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
