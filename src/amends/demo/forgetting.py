"""What the invented records do not hold although it was true of the case."""

import numpy as np

from amends.demo import columns
from amends.demo.drawing import Draw
from amends.demo.facts import Facts
from amends.demo.offending import Offences
from amends.demo.parameters import Parameters

WITH_MATRIX = ("gravity.score", "gravity.aggravating", "gravity.mitigating")
"""Facts that are read off a gravity matrix, and so go with it."""


def forget(draw: Draw, given: Parameters, what: Offences, facts: Facts) -> None:
    """Lose each fact in its own share of the rows; a list fact is lost as a whole."""
    flagged = what.decided >= given.day("missing.flags_since")
    for name, (before, since) in given.missing().items():
        share = np.where(flagged, np.float32(since), np.float32(before))
        lost = draw.chance(share, facts[name].shape)
        if name == "victims.age":
            lost &= ~facts.absent[name]  # that a shop has no age is known from what it is
        if name in columns.LISTS:
            facts[name] = np.where(lost, -1, facts[name]).astype(np.int8)
        else:
            facts.forget(name, lost)
    no_matrix = facts.unknown["gravity.matrix"] | (facts["gravity.matrix"] == 0)
    for name in WITH_MATRIX:
        facts.forget(name, no_matrix)
    facts.forget("offence.code", what.not_given)
