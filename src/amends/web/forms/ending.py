"""How a case ends, and what comes after."""

from typing import Any

from amends.accounts.standing import today
from amends.cases.actions import ending
from amends.cases.outcomes import COMMUNITY_RESOLUTION, outcomes
from amends.web.forms.fields import Day, Listed, One, Text, Words
from amends.web.forms.steps import StepForm

GROUPS = (
    ("1", "1: public protection"), ("2", "2: other sexual, violent or serious"), ("3", "3: all other"),
    ("4", "4: undetected and other"),
)  # fmt: skip
GROUNDS = (
    ("court_order", "A court has ordered it"), ("right_to_erasure", "A right to erasure was upheld"),
    ("recorded_in_error", "It was recorded in error"),
)  # fmt: skip


class CompleteForm(StepForm):
    """Everything was done."""

    command = "cases.complete"
    title = "Everything agreed was done"
    saved = "Everything is recorded as done."
    words = Words(label="How is that known?")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return ending.complete(self.user, self.seen.case, **told, **given)


class CloseForm(StepForm):
    """The case is closed."""

    command = "cases.close"
    title = "Close the case"
    saved = "The case is closed."
    button = "Close the case"
    warns = True
    outcome = Listed((), label="With which outcome?")
    reasons = Words(label="Your reasons")

    def prepare(self) -> None:
        """The outcome types of today; of a resolution that was carried out, Outcome 8."""
        now = [one for one in outcomes().values() if one.holds_on(today())]
        choices = [(one.code, f"{one.code}: {one.name}") for one in now]
        field: Any = self.fields["outcome"]
        field.choices = [("", "Choose"), *choices]
        if self.seen.case.state == "done":
            self.initial.setdefault("outcome", COMMUNITY_RESOLUTION)

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Close it."""
        return ending.close(self.user, self.seen.case, **told, **given)


class ReopenForm(StepForm):
    """A closed case is reopened."""

    command = "cases.reopen"
    title = "Reopen the case"
    saved = "The case is open again."
    intro = "What was decided stays to be seen. The case must be decided anew."
    warns = True
    reasons = Words(label="Your reasons")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Reopen it."""
        return ending.reopen(self.user, self.seen.case, **told, **given)


class NoCrimeForm(StepForm):
    """It was no crime."""

    command = "cases.non_crime"
    title = "It was an incident, and no crime"
    saved = "It is recorded as an incident and no crime."
    intro = "It is counted apart, and has no outcome type."
    warns = True
    reasons = Words(label="Your reasons")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return ending.no_crime(self.user, self.seen.case, **told, **given)


class RetentionForm(StepForm):
    """How long it is kept."""

    command = "cases.retention"
    title = "How long the case is kept"
    saved = "How long it is kept is recorded."
    group = One(GROUPS, label="In which group?")
    review_on = Day(label="When is it reviewed?", hint="For example, 27 3 2032")
    ground = One(
        GROUNDS,
        label="If that is before the group's period is over: on what ground?",
        required=False,
    )
    reasons = Words(label="Your reasons")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Set it."""
        return ending.set_retention(self.user, self.seen.case, **told, **given)


class EraseForm(StepForm):
    """Everything it holds is erased."""

    command = "cases.erase"
    title = "Erase everything the case holds"
    saved = "What the case held is erased."
    intro = "Only that the case was, and when, is left. Nothing leads back."
    button = "Erase it"
    warns = True
    sure = Text(label="To go on, write the reference of the case", most=60)

    def clean_sure(self) -> str:
        """The reference, as it is."""
        said: str = self.cleaned_data["sure"]
        if said != self.seen.case.reference:
            self.add_error("sure", "That is not the reference of this case")
        return said

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Erase it."""
        return ending.erase(self.user, self.seen.case, **told)
