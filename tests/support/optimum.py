"""A second exact solver: the least that must be withheld, as one compact mixed-integer programme.

The model of Fischetti and Salazar-González (2001, https://doi.org/10.1198/016214501753168253): a choice
for each cell, and for each protected cell and sense a table that agrees with what is left and moves it
far enough.
"""

from collections.abc import Collection

import highspy
import numpy as np

from amends.disclosure.protecting_layout import Layout
from amends.disclosure.protecting_pool import SENSES, Target

SECONDS = 120.0


def least_value(layout: Layout, targets: Collection[Target]) -> int:
    """The least value of all cells withheld, those of *targets* included (insiders not thought of)."""
    members = np.stack([layout.sums(one) for one in np.eye(len(layout.counts), dtype=np.int64)])
    most = int(layout.true.max(initial=0)) * 2 + 100
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    model.setOptionValue("time_limit", SECONDS)
    small = {target.cell for target in targets}
    chosen = [
        model.addVariable(int(cell in small), 1, int(value), highspy.HighsVarType.kInteger)
        for cell, value in enumerate(layout.true)
    ]
    for target in targets:
        for sense in SENSES:
            moved = [model.addVariable(-int(count), most) for count in layout.counts]
            for cell, count in enumerate(layout.true.tolist()):
                by = sum((moved[at] for at in np.flatnonzero(members[:, cell]).tolist()), 0)
                model.addConstr(by >= -count * chosen[cell])
                model.addConstr(by <= (most - count) * chosen[cell])
                if cell == target.cell:
                    model.addConstr(sense * by >= target.need(sense))
    model.minimize()
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(model.getInfo().objective_function_value)
