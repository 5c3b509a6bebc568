"""What is truly wrong with an invented resolution, planted so that an audit can be judged by it.

Wrong is what inspectors and panels find wrong in such files (domain sheet 5), in the terms of this
force in the years of the newspaper's figures (1.2, 1.5): the suspect has to admit the offence, every
victim to consent, an Inspector to decide and say why. What is not normally allowed there, or not at
all in national guidance (an offence too serious, abuse of an intimate partner), has no reason on
file, and a repeat of a like offence within two years no check of the history. Otherwise a file has
everything the policies of the time ask for. That every file should have a reason is good practice;
the force's published words ask it of some offences only.

A row has one cause at most: an offence too serious comes before the abuse of a partner, and both
before any other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.demo.drawing import Codes, Draw, Flags
from amends.demo.offending import Offences, table
from amends.demo.parameters import Parameters
from amends.demo.people import People

CAUSES = (
    "excluded_offence",
    "intimate_partner",
    "no_admission",
    "wrong_rank",
    "no_rationale",
    "repeat",
    "victim_not_asked",
    "victim_disagrees",
    "victim_silent",
)
"""The causes by code: 0 is nothing planted, n is the nth."""


@dataclass(frozen=True, slots=True)
class Planted:
    """The cause in each row."""

    code: Codes

    def is_(self, *causes: str) -> Flags:
        """Where one of *causes* was planted."""
        return np.isin(self.code, [CAUSES.index(cause) + 1 for cause in causes])

    def count(self) -> dict[str, int]:
        """How many rows have each cause."""
        counts = np.bincount(self.code, minlength=len(CAUSES) + 1)
        return {cause: int(n) for cause, n in zip(CAUSES, counts[1:], strict=True)}


def plant(draw: Draw, given: Parameters, what: Offences, who: People) -> Planted:
    """Draw a cause for each row among those it could have."""
    known = table(given)
    excluded = known.column("excluded", False)[what.offence] & what.crime
    serious = known.column("serious", False)[what.offence] & what.crime
    anyone = np.ones(draw.size, dtype=np.bool_)
    asked = who.victims > 0
    could = {cause: asked if cause.startswith("victim_") else anyone for cause in CAUSES}
    could["excluded_offence"] = serious
    could["repeat"] = what.crime
    code = np.zeros(draw.size, dtype=np.uint8)
    drawn, upto = draw.share(), np.zeros(draw.size, dtype=np.float32)
    for n, cause in enumerate(CAUSES, start=1):
        if cause == "intimate_partner":
            continue
        start = upto
        upto = start + np.where(could[cause], np.float32(given.share(f"planted.{cause}")), 0)
        code[(start <= drawn) & (drawn < upto)] = n
    # These two lie in the case itself, and come before whatever else was drawn.
    code[who.partner] = CAUSES.index("intimate_partner") + 1
    code[excluded] = CAUSES.index("excluded_offence") + 1
    return Planted(code)


def one_victim(draw: Draw, count: NDArray[np.int8], places: int, where: Flags) -> Flags:
    """One victim of each row *where* it is so: a row to each of the *places* in the list."""
    chosen = np.floor(draw.share() * np.maximum(count, 1))
    one: Flags = (np.arange(places)[:, None] == chosen) & where
    return one
