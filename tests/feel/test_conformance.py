"""The OMG's own conformance cases: no answer is wrong, and most inside the profile are given."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from amends.cli.conforming import COERCED, judge, read_cases, report

KIT = Path(__file__).parents[3] / "shared" / "conformance" / "feel" / "literal-expressions.json"


@pytest.fixture(scope="module")
def verdicts():
    if not KIT.is_file():
        pytest.skip(f"the shared conformance cases are not here: {KIT}")
    return [judge(case) for case in read_cases(KIT)]


def test_no_answer_is_wrong(verdicts):
    wrong = [verdict for verdict in verdicts if verdict.kind == "wrong"]
    assert not wrong, report(wrong)


def test_most_real_answers_are_given(verdicts, record_property):
    real = [verdict for verdict in verdicts if verdict.case.expected is not None]
    right = sum(verdict.kind == "right" for verdict in real)
    record_property("right", f"{right} of {len(real)}")
    assert len(real) == 889
    assert right >= 440, report(verdicts)


def test_what_depends_on_a_type_we_cannot_see_is_refused(verdicts):
    kinds = {verdict.kind for verdict in verdicts if verdict.case.folder == COERCED}
    assert kinds == {"refused"}


def test_the_kit_has_what_it_had(verdicts):
    """So that the figures we quote are of the same cases."""
    assert len(verdicts) == 1888
    cases = json.loads(KIT.read_text("utf-8"), parse_float=Decimal)
    assert {tuple(sorted(case)) for case in cases} == {
        ("case", "expected", "expression", "folder", "level")
    }
