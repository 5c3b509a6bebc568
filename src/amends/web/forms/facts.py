"""The facts that the policy of the case asks about, as questions: whatever the policy, there is no code for it."""

from typing import Any, Final

from django import forms

from amends.cases.actions.raising import record_circumstances
from amends.cases.facts import may_be_typed
from amends.policy.facts import FactKind, catalogue
from amends.policy.rendering import facts_asked
from amends.web.forms.fields import Day, Listed, One, Text, YesNo
from amends.web.forms.steps import StepForm
from amends.web.wording import choices

ALWAYS: Final = ("offence.code", "offence.date", "case.recorded_crime")
"""Asked first, whatever the policy asks."""
_FEW: Final = 4


class FactsForm(StepForm):
    """Everything that the policy asks about this case; what is left empty stays not known."""

    command = "cases.offence"
    title = "What is known of the offence"
    saved = "What is known of the offence is recorded."
    intro = (
        "Answer what you know. What you leave empty stays not known, and is never taken for no. "
        "Anything you change here means that the case must be decided anew."
    )

    def prepare(self) -> None:
        """One question for each fact: first what the offence was, and what is missing to say who may allow it."""
        for name in self._names():
            kind = catalogue()[name]
            field = question(kind)
            if field is not None:
                self.fields[name] = field
                self.initial.setdefault(name, _shown(self.seen.facts.get(name)))

        first = {*ALWAYS, *self._missing()}
        self.folded = [name for name in self.fields if name in catalogue() and name not in first]

    def _names(self) -> list[str]:
        asked = facts_asked(self.seen.decision) if self.seen.decision else ()
        known = [name for name in self.seen.facts if name in catalogue()]
        names = dict.fromkeys([*ALWAYS, *self._missing(), *asked, *known])
        return [name for name in names if may_be_typed(name)]

    def _missing(self) -> list[str]:
        """The fewest facts by which it would be known who may allow it; none where it is."""
        missing = self.seen.decision["missing"] if self.seen.decision else ()
        return [name for name in missing[0] if name in catalogue()] if missing else []

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record what was answered and was not so recorded before."""
        facts = {}
        for name, value in given.items():
            if value in (None, "") or value == self.seen.facts.get(name):
                continue
            facts[name] = value.isoformat() if hasattr(value, "isoformat") else value
        return record_circumstances(self.user, self.seen.case, facts=facts, **told)


def question(kind: FactKind) -> forms.Field | None:
    """The question about a fact of that *kind*; None where it is asked elsewhere."""
    label = kind.question
    match kind.type:
        case "boolean":
            return YesNo(label=label)
        case "choice":
            offered = choices(kind.values or ())
            made = One if len(offered) <= _FEW else Listed
            return made(offered, label=label, required=False)
        case "date":
            return Day(label=label, hint="For example, 27 3 2026", required=False)
        case "whole":
            return forms.IntegerField(
                label=label, required=False, min_value=kind.least, max_value=kind.greatest,
                widget=forms.TextInput,
            )  # fmt: skip
        case "code":
            hint = "A code such as 8N or 008/06" if kind.name == "offence.code" else ""
            return Text(label=label, hint=hint, required=False, most=40)
    return None


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
