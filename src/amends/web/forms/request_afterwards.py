"""The forms of what comes after an answer: a review, the Commissioner, the Tribunal, and taking it back."""

from typing import Any

from amends.openness.register import actions, queries
from amends.web.forms.fields import Day, Listed, One, Tick, Words, YesNo
from amends.web.forms.request_steps import NO_NAME, OwnForm, RequestForm


class ReviewAskedForm(RequestForm):
    """An internal review."""

    kind, title = "review asked", "An internal review was asked for"
    words = Words(label="What are they not content with, in their own words?")
    exceptional = YesNo(label="Is it exceptional, so that it takes 40 working days?")

    def held(self, given: dict[str, Any]) -> dict[str, Any]:
        """Whether it takes longer."""
        return {"exceptional": bool(given["exceptional"])}


class ComplainedForm(RequestForm):
    """The Commissioner is asked."""

    kind, title = "complained", "The Information Commissioner was asked to decide"


class CommissionerForm(RequestForm):
    """The Commissioner decided."""

    kind, title = "commissioner decided", "The Information Commissioner decided"
    outcome = One([(one, one.capitalize()) for one in queries.DECISIONS], label="The complaint is")
    notice = Words(label="What does the decision notice say?", hint=NO_NAME)
    answer_by = Day(
        label="By which day is a new answer to be given?", required=False,
        hint="Leave it empty where none is wanted",
    )  # fmt: skip


class AppealedForm(RequestForm):
    """The Tribunal is asked."""

    kind, title = "appealed", "The Tribunal was asked to decide"
    intro = "By whoever asked, or by the force, against what the Commissioner decided."


class TribunalForm(CommissionerForm):
    """The Tribunal decided."""

    kind, title = "tribunal decided", "The Tribunal decided"


class AskWithdrawalForm(OwnForm):
    """Somebody wants an answer taken back."""

    kind, title = "withdrawal asked", "Take an answer back from the disclosure log"
    intro = "A second person has to do it. Then its address says that it was taken back, on which day, and why."
    button = "Ask for it"
    entry = Listed((), label="Which answer?")
    reason = Words(label="Why?", hint=f"Everybody will read it. {NO_NAME}", most=2000)
    do = staticmethod(actions.ask_withdrawal)

    def prepare(self) -> None:
        """The answers that are in the log."""
        found = queries.in_log(self.one)
        self.choices("entry", [(one.name, f"{one.name}: {one.title}") for one in found])


class DropWithdrawalForm(OwnForm):
    """It stays after all."""

    kind, title = "withdrawal dropped", "Leave the answer in the disclosure log after all"
    intro = (
        "You asked that it be taken back. It stays as it is; that you asked stays in the history."
    )
    button = "Leave it there"
    do = staticmethod(actions.drop_withdrawal)


class WithdrawForm(OwnForm):
    """It is taken back."""

    kind, title = "withdrawn", "Take the answer back, as the second person"
    button, warns = "Take it back", True
    sure = Tick(label="I have read the answer and the reason. It cannot be put back")
    do = staticmethod(actions.withdraw)


class DecideReviewForm(OwnForm):
    """A review is decided."""

    kind, title = "review decided", "Decide the internal review"
    intro = (
        "By somebody who had no part in the answer. Where the complaint is upheld, even in part, the request is open "
        "for a new answer; what was sent stays."
    )
    outcome = One([(one, one.capitalize()) for one in queries.REVIEWS], label="The complaint is")
    reasons = Words(label="Why?", hint=NO_NAME)
    do = staticmethod(actions.decide_review)
