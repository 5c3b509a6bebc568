"""What is out of the ordinary in an invented case: who may allow it by the policy of today, and why."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from amends.accounts.standing import today


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of case: what differs in its facts, and what was found and written of it.

    `person` is whether the victim is always a person; `before` whether the suspect was dealt with before, which
    takes a Sergeant; `child` whether the suspect is one, with no appropriate adult there; `answered` whether
    the victim has said what they think, or has a link by which to say it.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    rationale: str = "A first offence, admitted at once."
    person: bool = False
    before: bool = False
    child: bool = False
    answered: bool = True

    @property
    def found(self) -> str:
        """What a check of earlier disposals found."""
        return f"Checked: {'one caution, last year' if self.before else 'nothing found'}. Invented."

    def circumstances(self) -> dict[str, Any]:
        """The facts that differ."""
        if not self.before:
            return dict(self.facts)
        last_year = (today() - dt.timedelta(days=400)).isoformat()
        once = {"date": last_year, "kind": "caution", "offence_code": "46", "like_offence": True}
        return {**self.facts, "offender.relevant_history": True, "earlier_disposals": [once]}


ORDINARY: Final = Kind()
BEFORE: Final = Kind(
    before=True, rationale="One caution, last year. Admitted at once, and wants to put it right."
)
PARTNER: Final = Kind(
    person=True, rationale="Admitted at once. They lived together until the spring.",
    facts={"flags.domestic_abuse": True, "flags.relationship": "former_intimate_partner"},
)  # fmt: skip
ALONE: Final = Kind(child=True, rationale="Fifteen years old. No adult could come to the scene.")
UNANSWERED: Final = Kind(person=True, answered=False)
KNOWN: Final = (PARTNER, UNANSWERED, BEFORE, ALONE, UNANSWERED, ORDINARY)
"""The cases of which everything is known, and for which nobody was asked yet, in turn."""


def kind_of(stage: str, round_: int) -> Kind:
    """What kind of case the invented one at that *stage* is: somebody is asked where a Sergeant must be."""
    if stage == "known":
        return KNOWN[round_ % len(KNOWN)]
    return BEFORE if stage == "asked" or round_ % 2 else ORDINARY
