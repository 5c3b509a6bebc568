"""Every published policy says what its own worked examples say it says."""

import pytest

from amends.policy.examples import failures, published_examples, run
from amends.policy.library import published

EXAMPLES = [
    pytest.param(published().find(name), example, id=f"{name}: {example.story}")
    for name, examples in published_examples().items()
    for example in examples
]


@pytest.mark.parametrize(("policy", "example"), EXAMPLES)
def test_worked_example(policy, example):
    assert list(failures(example, run(example, policy, published()))) == []


def test_every_policy_has_its_examples():
    assert set(published_examples()) == set(published().by_id)
