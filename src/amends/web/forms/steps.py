"""What every page about one step of a case shares: whose case, what key, and which version was seen."""

import uuid
from typing import Any, ClassVar

from django import forms

from amends.accounts.models import User
from amends.cases.seeing import Seen, Somebody


class StepForm(forms.Form):
    """The questions of one command; `perform` gives it.

    `key` makes a form that is sent twice do its work once, and `expected` is the version of the case that
    whoever filled it in had seen. `saved` says that it was done. Questions that `folded` names are asked
    only of whoever opens them.
    """

    command: ClassVar[str]
    title: ClassVar[str]
    saved: ClassVar[str]
    intro: ClassVar[str] = ""
    button: ClassVar[str] = "Save and go on"
    warns: ClassVar[bool] = False

    key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, seen: Seen, user: User, *args: Any, **more: Any) -> None:
        self.seen, self.user = seen, user
        self.folded: list[str] = []
        first = {"key": str(uuid.uuid4()), "expected": seen.case.version}
        more["initial"] = {**first, **(more.get("initial") or {})}
        super().__init__(*args, **more)
        self.prepare()

    def prepare(self) -> None:
        """Fill in what can be chosen in this case."""

    def perform(self) -> Any:
        """Give the command; raises Refused."""
        given = dict(self.cleaned_data)
        return self.act({"key": given.pop("key"), "expected": given.pop("expected")}, given)

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Give the command with what was *given*; *told* are the key and the version."""
        raise NotImplementedError

    def people(self, *parts: str) -> list[tuple[str, str]]:
        """The people of the case who take one of *parts*, to choose from."""
        return [(str(one.row.pk), str(one.row.name)) for p in parts for one in self.seen.of(p)]

    def person(self, number: str) -> Any:
        """The person that was chosen."""
        return next(one.row for one in self.seen.people if str(one.row.pk) == number)

    def only(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Give the question *name* its *choices*; where there is one, it is chosen already."""
        field: Any = self.fields[name]
        field.choices = choices
        if len(choices) == 1:
            self.initial.setdefault(name, choices[0][0])


def victims(seen: Seen) -> tuple[Somebody, ...]:
    """The victims of a case."""
    return seen.of("victim")
