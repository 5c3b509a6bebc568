"""The questions by which cases are found: some that are often asked, and any other fact of the catalogue."""

import datetime as dt
from typing import Any, Final

from django import forms

from amends.cases import finding
from amends.cases.facts import may_be_typed
from amends.policy.facts import catalogue
from amends.web.forms.facts import question
from amends.web.forms.fields import Day, Listed, Text
from amends.web.wording import choices

FIRST: Final = (
    "offence.code", "offence.group", "case.state", "case.outcome", "case.raised_from", "case.raised_to",
    "victims.position", "authority.rank",
)  # fmt: skip
"""Asked on every search page."""
LABELS: Final = {
    "offence.group": "Offence group", "case.state": "Where does it stand?", "case.outcome": "Outcome",
    "case.raised_from": "Raised on or after", "case.raised_to": "Raised on or before",
    "victims.position": "What does a victim say of it?", "authority.rank": "Who allowed it, by rank",
    "admission.form": "What does the person responsible admit?", "offence.code": "Offence code",
}  # fmt: skip
NOT_KNOWN: Final = (finding.NOT_KNOWN, "Not known: nobody has recorded it")


def more_facts() -> list[tuple[str, str]]:
    """Every other fact that can be asked for: its name, and what it is called."""
    names = [*finding.ALSO, *(name for name in catalogue() if _can_be_asked(name))]
    return sorted(
        ((name, label_of(name)) for name in dict.fromkeys(names) if name not in FIRST),
        key=lambda one: one[1].lower(),
    )


def _can_be_asked(name: str) -> bool:
    return may_be_typed(name) and catalogue()[name].type != "list" and "." in name


def label_of(name: str) -> str:
    """What the fact *name* is called on a page."""
    return LABELS.get(name) or catalogue()[name].question


class FindForm(forms.Form):
    """What is known of the cases that are wanted; what is left empty does not matter."""

    def __init__(self, also: list[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = dict(more_facts())
        self.also = [name for name in dict.fromkeys(also) if name in known]
        for name in (*FIRST, *self.also):
            self.fields[name] = _field(name)
        self.fields["why"] = Text(
            label="Why do you look?", hint="It is kept, and may be asked about", most=200
        )

    def wanted(self) -> dict[str, Any]:
        """What was answered."""
        given = {name: self.cleaned_data.get(name) for name in (*FIRST, *self.also)}
        return {
            name: _value(name, value) for name, value in given.items() if value not in (None, "")
        }


def _field(name: str) -> forms.Field:
    if name in ("case.raised_from", "case.raised_to"):
        return Day(label=label_of(name), hint="For example, 27 3 2026", required=False)
    listed = finding.choices().get(name)
    if listed is not None:
        return Listed(listed, label=label_of(name), required=False)
    kind = catalogue()[name]
    if kind.type == "boolean":
        return Listed(
            (("yes", "Yes"), ("no", "No"), NOT_KNOWN), label=label_of(name), required=False
        )
    if kind.type == "choice":
        values = choices(kind.values or ())
        return Listed([*values, NOT_KNOWN], label=label_of(name), required=False)
    field = question(kind)
    assert field is not None  # lists are not offered
    field.label = label_of(name)
    return field


def _value(name: str, value: Any) -> Any:
    """An answer as the fact's own kind."""
    if isinstance(value, dt.date):
        return value
    if name in catalogue() and catalogue()[name].type == "boolean":
        return {"yes": True, "no": False}.get(value, value)
    return value
