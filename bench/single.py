"""One decision with its full explanation: ours against zen-engine with its trace, on the same cases."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import peer_zen

from amends.policy.deciding import decide
from amends.policy.facts import catalogue
from amends.policy.rules import Ruleset


@dataclass(frozen=True)
class Single:
    """Median microseconds of one decision, over all cases: ours, and zen-engine's."""

    ours: float
    zen: float
    agree: int
    cases: int


def sample(rules: Ruleset, count: int, missing: float) -> list[dict[str, Any]]:
    """Cases with every fact the rules ask about, each left out as often as *missing* says."""
    pick = random.Random(7)
    return [
        {fact: _value(pick, fact) for fact in rules.facts if pick.random() >= missing}
        for _ in range(count)
    ]


def _value(pick: random.Random, fact: str) -> Any:
    kind = catalogue()[fact]
    if kind.type == "boolean":
        return pick.random() < 0.5
    if kind.type == "choice":
        return pick.choice([value for value in kind.values or () if value is not None])
    high = {"offender.age": 90, "gravity.score": 5}.get(fact, 6)
    return pick.randint(kind.least or 0, high)


def measure(rules: Ruleset, *, missing: float, count: int = 200, times: int = 15) -> Single:
    """Decide each case *times* over by both, in turn; the median of each case's own best."""
    cases = sample(rules, count, missing)
    table = peer_zen.decision(rules, all_rules=True)
    nested = [peer_zen.case(case) for case in cases]
    ours, zen = [], []
    for case, context in zip(cases, nested, strict=True):
        pairs = [
            (_clock(lambda c=case: explained(c, rules)), _clock(lambda c=context: traced(table, c)))
            for _ in range(times)
        ]
        ours.append(min(one for one, _ in pairs))
        zen.append(min(other for _, other in pairs))
    agree = sum(
        int(explained(case, rules)) == _strictest(traced(table, context))
        for case, context in zip(cases, nested, strict=True)
    )
    return Single(statistics.median(ours) * 1e6, statistics.median(zen) * 1e6, agree, count)


def _clock(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def explained(facts: dict[str, Any], rules: Ruleset) -> int:
    """Everything that a document of the decision needs: the answer, findings, reasons and records."""
    decision = decide(facts, rules)
    _ = decision.findings, decision.reasons, decision.owed, decision.unsure_records
    return int(decision.answer)


def traced(table: Any, context: dict[str, Any]) -> Any:
    """What zen-engine answers, with the trace that is its explanation."""
    return table.evaluate(context, {"trace": True})


def _strictest(answer: Any) -> int:
    return max((int(line["allow"]) for line in answer["result"]), default=0)
