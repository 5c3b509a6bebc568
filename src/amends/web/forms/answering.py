"""Two forms beside the life of a case: that one is part of it, and that a receipt of it is wanted."""

from typing import Any

from amends.accounts.models import User
from amends.cases.actions.raising import declare_conflict
from amends.cases.answering import ask_receipt
from amends.web.forms.fields import Text, Tick
from amends.web.forms.raising import Opening


class ConflictForm(Opening):
    """Somebody is part of the case, or close to somebody who is."""

    title = "I am part of this case, or close to somebody who is"
    intro = "Say it as soon as you see it, so that nobody can say later that you had a hand in it."
    note = (
        "From then on you do not see this case any more, and can do nothing in it. You cannot take it back. "
        "If you hold the case, give it to somebody else first."
    )
    button = "Say so, and see it no more"
    warns = True
    reason = Text(
        label="How are you part of it?", hint="For example: the victim is my neighbour", most=300
    )
    sure = Tick(label="I understand that I shall not see this case again")

    def __init__(self, user: User, case: Any, *args: Any) -> None:
        self.case = case
        super().__init__(user, *args)

    def perform(self) -> Any:
        """Declare it."""
        given = self.cleaned_data
        return declare_conflict(self.user, self.case, key=given["key"], reason=given["reason"])


class ReceiptForm(Opening):
    """A receipt of the case is asked for."""

    def __init__(self, user: User, case: Any, *args: Any) -> None:
        self.case = case
        super().__init__(user, *args)

    def perform(self) -> Any:
        """Ask for it."""
        return ask_receipt(self.user, self.case.pk, key=self.cleaned_data["key"])
