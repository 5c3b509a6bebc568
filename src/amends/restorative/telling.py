"""What a policy is told of the restorative process of a case: which it was, and whether it may be called so.

A process counts as restorative only where all four minimum standards hold (src 8, 9). Rows decide; a fact
that was typed in, or taken in with an old case, stands only where there are none.
"""

from collections.abc import Mapping
from typing import Any, Final

from amends.cases.models import Case
from amends.restorative import processes, progress
from amends.restorative.models import Process
from amends.restorative.progress import Progress

PROCESS: Final = "resolution.restorative_process"
MET: Final = "resolution.restorative_standards_met"
ADMITS: Final[Mapping[Any, bool]] = {
    "admits_offence": True, "accepts_responsibility": True, "none": False,
}  # fmt: skip


def tell(case: Case, found: Mapping[str, Any]) -> dict[str, Any]:
    """The facts *found* of *case*, with what its processes say in the place of what was typed in.

    A process that was stopped, or from which somebody withdrew, was not used. What is not recorded of
    one that was is not known.
    """
    rows = list(Process.objects.filter(case=case).order_by("pk"))
    if not rows:
        return dict(found)
    told = {name: value for name, value in found.items() if name not in (PROCESS, MET)}
    used = [one for one in progress.read(rows).values() if not (one.stopped or one.withdrawn)]
    if not used:
        return told | {PROCESS: "none"}
    standing = [(one, processes.all_of(standards(one, told).values())) for one in used]
    one, met = next(((o, m) for o, m in standing if m is True), standing[-1])
    return told | {PROCESS: one.kind.counts_as} | ({} if met is None else {MET: met})


def standards(one: Progress, found: Mapping[str, Any]) -> dict[str, bool | None]:
    """Which of the four minimum standards the process *one* meets; *found* is what is known of the case."""
    outcome = one.outcome
    harmed = [p for p in one.here if one.side(p) in processes.HARMED]
    came = [one.came.get(p.pk) for p in harmed]
    if outcome is None:
        # Somebody who did not come may come on another day: that they will not is not known.
        came = [there or None for there in came]
    return processes.standards(
        one.kind,
        admits=ADMITS.get(found.get("admission.form")),
        harmed_came=came,
        covered=None if outcome is None else outcome.covered,
        puts_right=_puts_right(one),
    )


def _puts_right(one: Progress) -> bool | None:
    if one.outcome is None:
        return None
    return processes.all_of((one.outcome.agreed, one.outcome.puts_right))
