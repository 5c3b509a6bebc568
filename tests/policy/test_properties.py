"""What holds of every policy and every case, including those nobody has thought of."""

from itertools import product

import pytest

from amends.feel.truth import pair
from amends.policy.classes import classes_of
from amends.policy.deciding import State, decide
from amends.policy.explaining import matters, missing, near_miss
from amends.policy.inputs import raised_node
from amends.policy.rules import Authority, ruleset
from support.generating import Generator, policy_of
from support.policies import rule, rules

SEEDS = range(25)
SCALARS = {
    "flags.hate": (True, False),
    "flags.knife": (True, False),
    "offender.agrees": (True, False),
    "admission.form": ("admits_offence", "accepts_responsibility", "none"),
    "gravity.score": (1, 2, 3, 4, 5, None),
    "offender.age": (9, 10, 17, 18, 21),
}
TESTS = (
    "flags.hate",
    "flags.knife",
    "offender.agrees",
    'admission.form = "none"',
    'admission.form in ("none", "admits_offence")',
    "gravity.score > 3",
    "gravity.score = null",
    "gravity.score < 3",
    "offender.age < 18",
    "offender.age between 10 and 17",
    "offender.age = 21",
)


def condition(pick, depth=2):
    if depth == 0 or pick.random() < 0.3:
        return pick.choice(TESTS)
    kind = pick.choice(("and", "or", "not", "=", "if"))
    one, two = condition(pick, depth - 1), condition(pick, depth - 1)
    if kind == "not":
        return f"not({one})"
    if kind == "if":
        return f"if {one} then {two} else {condition(pick, 0)}"
    return f"({one}) {kind} ({two})"


def small(seed):
    """A small policy over scalar facts, whose every case can be tried."""
    pick = Generator(seed).random
    allow = ("sergeant", "inspector", "superintendent", "nobody")
    count = pick.randint(1, 5)
    return pick, rules(*(rule(f"R-{n}", condition(pick), pick.choice(allow)) for n in range(count)))


def completions(partial):
    ways = [(partial[name],) if name in partial else values for name, values in SCALARS.items()]
    for values in product(*ways):
        yield dict(zip(SCALARS, values, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_answer_is_definite_exactly_where_no_completion_changes_it(seed):
    """Neither rash nor over-cautious, by trying every completion."""
    pick, found = small(seed)
    for _ in range(4):
        partial = {n: pick.choice(v) for n, v in SCALARS.items() if pick.random() < 0.6}
        answers = {decide(case, found).answer for case in completions(partial)}
        assert Authority.NOT_YET_KNOWN not in answers
        wanted = answers.pop() if len(answers) == 1 else Authority.NOT_YET_KNOWN
        assert decide(partial, found).answer is wanted, (
            partial,
            [r.when.text for r in found.rules],
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_learning_more_never_changes_a_definite_answer(seed):
    made = Generator(seed)
    found = made.ruleset(6)
    for _ in range(5):
        case = made.case(0.5)
        answer = decide(case, found).answer
        if answer is Authority.NOT_YET_KNOWN:
            continue
        for name in sorted(set(made.known) - set(case)):
            more = {**case, name: made.value(made.known[name])}
            assert decide(more, found).answer is answer


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_withheld_without_a_reason(seed):
    made = Generator(seed)
    found = made.ruleset(6)
    for case in made.cases(8):
        decision = decide(case, found)
        withheld = decision.answer > found.otherwise
        assert bool(decision.reasons) == withheld
        assert decision.low <= decision.high
        if decision.answer is not Authority.NOT_YET_KNOWN:
            assert decision.low <= decision.answer <= decision.high
        raised = [one for one in decision.findings if one.state is State.RAISED]
        assert decision.low == max((one.rule.allow for one in raised), default=found.otherwise) or (
            decision.low == found.otherwise
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_missing_is_missing_and_could_settle_it(seed):
    made = Generator(seed)
    found = made.ruleset(5)
    for case in made.cases(5):
        decision = decide(case, found)
        groups = missing(decision)
        assert bool(groups) == (decision.answer is Authority.NOT_YET_KNOWN)
        assert [len(group) for group in groups] == sorted(len(group) for group in groups)
        for name in {name for group in groups for name in group}:
            assert name in matters(decision)
            assert name not in case
            assert made.known.find(name) is not None


@pytest.mark.parametrize("seed", SEEDS)
def test_what_would_open_it_opens_it_and_asks_for_no_admission(seed):
    made = Generator(seed)
    found = made.ruleset(5)
    for case in made.cases(5):
        opening = near_miss(decide(case, found))
        if opening is None:
            continue
        assert opening.authority < Authority.NOT_YET_KNOWN
        for change in opening.changes:
            assert change.fact != "admission.form"
            assert made.known.find(change.fact).change == change.whose != "fixed"


@pytest.mark.parametrize("seed", range(40))
def test_classes_say_what_the_rules_say(seed):
    """What each rule finds depends on the case's classes alone."""
    made = Generator(seed)
    found = made.ruleset(6)
    classes = classes_of(found)
    assert len(classes.raised) == len(found.rules)
    for case in made.cases(12):
        states = classes.states(case)
        assert classes.can_be(states)
        decision = decide(case, found)
        wanted = [
            True if one.state is State.RAISED else (None if one.state is State.UNKNOWN else False)
            for one in decision.findings
        ]
        assert classes.findings(states) == wanted
        for rule_, node, one in zip(found.rules, classes.raised, wanted, strict=True):
            assert raised_node(rule_) == node
            assert pair_of(rule_, case) is one
        for one, state in zip(classes.inputs, states, strict=True):
            assert one.completions(state)


def pair_of(one, case):
    applies = True if one.applies is None else pair(one.applies.value(case))[0]
    when = pair(one.when.value(case))[0]
    if False in (applies, when):
        return False
    return None if None in (applies, when) else True


def test_rules_in_another_order_give_the_same_answer():
    for seed in range(12):
        made = Generator(seed)
        some = tuple(made.rule(n) for n in range(5))
        one, two = ruleset(policy_of(some)), ruleset(policy_of(some[::-1]))
        for case in made.cases(5):
            assert decide(case, one).answer is decide(case, two).answer
