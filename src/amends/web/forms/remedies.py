"""The form that puts a community remedy document in force: from a day, with its source and its actions."""

from typing import Any, Final

from amends.accounts.models import User
from amends.cases import remedies
from amends.web.forms.agreement import OBJECTS
from amends.web.forms.fields import Day, Listed, Text
from amends.web.forms.raising import Opening

ROWS: Final = 12
"""Actions that one document can list on the page."""


class RemedyForm(Opening):
    """A community remedy document."""

    title = "Put a document in force"
    button = "Put it in force"
    starts = Day(label="From which day?", hint="For example, 27 3 2026")
    source = Text(
        label="Source", most=300,
        hint="Where it is published: its title, and the address or the number of the decision",
    )  # fmt: skip

    def __init__(self, user: User, *args: Any, **more: Any) -> None:
        super().__init__(user, *args, **more)
        for n in range(1, ROWS + 1):
            self.fields[f"action_{n}"] = Text(label=f"Action {n}", required=False)
            self.fields[f"object_{n}"] = Listed(
                OBJECTS, label=f"What is action {n} for?", required=False
            )

    def clean(self) -> dict[str, Any]:
        """Each action with its object, each once, and at least one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        seen: dict[str, int] = {}
        for n in range(1, ROWS + 1):
            name, purpose = given.get(f"action_{n}"), given.get(f"object_{n}")
            if name and not purpose and f"object_{n}" not in self.errors:
                self.add_error(f"object_{n}", f"Select what action {n} is for")
            if purpose and not name and f"action_{n}" not in self.errors:
                self.add_error(f"action_{n}", f"Enter action {n}, or choose nothing for it")
            if name and seen.setdefault(name, n) != n:
                self.add_error(f"action_{n}", f"This is the same as action {seen[name]}")
        if not seen and not any(f"action_{n}" in self.errors for n in range(1, ROWS + 1)):
            self.add_error("action_1", "Enter at least one action")
        return given

    def perform(self) -> Any:
        """Put it in force."""
        given = self.cleaned_data
        listed = [
            (given[f"action_{n}"], given[f"object_{n}"])
            for n in range(1, ROWS + 1)
            if given[f"action_{n}"]
        ]
        return remedies.set_remedies(
            self.user,
            key=given["key"],
            starts=given["starts"],
            actions=listed,
            source=given["source"],
        )
