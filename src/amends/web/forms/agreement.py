"""The consequences, the agreement, and what becomes of it."""

from typing import Any

from django import forms

from amends.accounts.permissions import table
from amends.accounts.standing import standing
from amends.cases.actions import agreeing
from amends.web.forms.fields import Day, One, Text, Words, YesNo
from amends.web.forms.steps import StepForm

OBJECTS = (
    ("repair", "To repair the harm"), ("rehabilitate", "To help them not to do it again"),
    ("punish", "To punish"),
)  # fmt: skip
EVENTS = (
    ("done", "It was done"), ("part", "It was done in part"), ("not_done", "It was not done"),
    ("waived", "It is waived"),
)  # fmt: skip
CHOICES = (
    ("offer_again", "Offer it again: the agreement stays"),
    ("vary", "Vary it: another agreement must be made with the person responsible"),
    ("escalate", "Take it further"),
    ("close", "Close it without more: it is then not Outcome 8"),
)
ROWS = 3
WORDING = "plain-1"
CONSEQUENCES = (
    "Read this aloud. A community resolution is not a conviction and not a criminal record. The police keep a "
    "record of it, and take it into account if you offend again. It is not shown on a basic or standard check "
    "by the Disclosure and Barring Service. It may be shown on an enhanced check. You do not have to agree to "
    "it, you can take advice first, and you can change your mind. Then ask the two questions."
)
"""What is explained before anything is agreed. Source: domain.md 1.6 (src 48; the rest general knowledge)."""


class NoticeForm(StepForm):
    """The consequences are explained, and two questions show that they were understood."""

    command = "cases.notice"
    title = "Explain the consequences"
    saved = "The consequences are recorded as explained."
    intro = CONSEQUENCES
    knows_it_is_recorded = YesNo(
        label="Will the police keep a record of it?", hint="What did they answer?", required=True
    )
    knows_it_may_be_disclosed = YesNo(
        label="Might an employer ever learn of it?", hint="What did they answer?", required=True
    )
    language = Text(label="In which language", most=60)

    def prepare(self) -> None:
        """English, unless another is said."""
        self.initial.setdefault("language", "English")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record how they answered."""
        return agreeing.explain(self.user, self.seen.case, wording=WORDING, **told, **given)


class AgreeForm(StepForm):
    """What is agreed, as things to do."""

    command = "cases.agree"
    title = "What is agreed"
    saved = "What is agreed is recorded."
    intro = "Say each thing so that anybody can see whether it was done. Leave what you do not need empty."
    button = "Record the agreement"

    def prepare(self) -> None:
        """Three things at most on one page; the first must be given."""
        for n in range(1, ROWS + 1):
            first = n == 1
            self.fields[f"what_{n}"] = Text(
                label=f"Thing {n}: what will they do?", required=first, most=300
            )
            self.fields[f"object_{n}"] = One(
                OBJECTS, label=f"Thing {n}: what is it for?", required=first
            )
            self.fields[f"due_{n}"] = Day(
                label=f"Thing {n}: by which day?", hint="For example, 27 3 2026", required=first
            )
            self.fields[f"proof_{n}"] = Text(
                label=f"Thing {n}: what will show that it was done?", required=first
            )
            self.fields[f"pounds_{n}"] = forms.DecimalField(
                label=f"Thing {n}: how much money in pounds, if any?", required=False,
                min_value=0, max_digits=8, decimal_places=2, widget=forms.TextInput,
            )  # fmt: skip

    def actions(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        """The things that were filled in."""
        found = []
        for n in range(1, ROWS + 1):
            one = {
                name: given.pop(f"{name}_{n}")
                for name in ("what", "object", "due", "proof", "pounds")
            }
            if not one["what"]:
                continue
            money = one.pop("pounds")
            one["pence"] = int(money * 100) if money else None
            one["object"], one["proof"] = one["object"] or None, one["proof"] or None
            found.append(one)
        return found

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record the agreement."""
        return agreeing.agree(self.user, self.seen.case, actions=self.actions(given), **told)


class VaryForm(AgreeForm):
    """Another agreement in the place of the last."""

    command = "cases.vary"
    title = "Change what is agreed"
    saved = "The change is recorded."
    intro = (
        "The person responsible must agree to the change. What was agreed before stays to be seen."
    )
    button = "Record the change"

    def prepare(self) -> None:
        """The words, and why."""
        super().prepare()
        self.fields["reasons"] = Words(label="Why is it changed?")
        self.fields["words"] = Words(label="What the person responsible said to it")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        actions = self.actions(given)
        return agreeing.vary(self.user, self.seen.case, actions=actions, **told, **given)


class ItemForm(StepForm):
    """What became of one thing."""

    command = "cases.item_done"
    title = "What was done"
    saved = "What was done is recorded."
    action = One((), label="Which thing?")
    kind = One(EVENTS, label="What became of it?")
    proof = Text(label="How is that known?", most=300)

    def prepare(self) -> None:
        """What is still to be done."""
        self.only(
            "action",
            [(str(one.row.pk), one.row.what) for one in self.seen.items if not one.settled],
        )
        # Only whoever supervises may say that something need not be done.
        relations = self.seen.case.relations_of(self.user)
        if not table().may(standing(self.user).roles, "cases.waive", relations):
            field: Any = self.fields["kind"]
            field.choices = [one for one in EVENTS if one[0] != "waived"]

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        row = _row(self, given.pop("action"))
        return agreeing.record_action(self.user, self.seen.case, action=row, **told, **given)


class PaymentForm(StepForm):
    """A payment."""

    command = "cases.payment"
    title = "A payment"
    saved = "The payment is recorded."
    action = One((), label="Towards which sum?")
    pounds = forms.DecimalField(
        label="How many pounds?",
        min_value=0,
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput,
    )
    proof = Text(label="How is that known?", hint="For example a receipt", most=300)

    def prepare(self) -> None:
        """Sums that are not paid in full."""
        left = [one for one in self.seen.items if one.row.pence and not one.settled]
        self.only("action", [(str(one.row.pk), one.row.what) for one in left])

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        row, pence = _row(self, given.pop("action")), int(given.pop("pounds") * 100)
        return agreeing.record_payment(
            self.user, self.seen.case, action=row, pence=pence, **told, **given
        )


def _row(form: StepForm, number: str) -> Any:
    return next(one.row for one in form.seen.items if str(one.row.pk) == number)


class LetterForm(StepForm):
    """A letter of apology was written."""

    command = "cases.letter"
    title = "A letter of apology"
    saved = "The letter is kept. Somebody reads it before it is offered."
    intro = "It is not sent to the victim. It is read first, and offered: the victim says whether they want it."
    words = Words(label="The letter, word for word")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return agreeing.write_letter(self.user, self.seen.case, **told, **given)


class ScreenForm(StepForm):
    """The letter is read before it is offered."""

    command = "cases.screen_letter"
    title = "Read the letter before it is offered"
    saved = "What you found is recorded."
    fit = YesNo(label="Is it fit to be offered to the victim?", required=True)
    words = Words(label="If not: what should be changed", required=False)

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return agreeing.screen_letter(self.user, self.seen.case, **told, **given)


class OfferForm(StepForm):
    """The letter is offered to the victim."""

    command = "cases.offer_letter"
    title = "Offer the letter to the victim"
    saved = "The offer is recorded."
    wanted = One(
        (("offered", "It was offered, and they have not answered"), ("yes", "They wanted it, and have it"),
         ("no", "They did not want it")),
        label="What did the victim say?",
    )  # fmt: skip

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        wanted = {"offered": None, "yes": True, "no": False}[given["wanted"]]
        return agreeing.offer_letter(self.user, self.seen.case, wanted=wanted, **told)


class BreachForm(StepForm):
    """Something was not done."""

    command = "cases.breach"
    title = "Something agreed was not done"
    saved = "It is recorded that it was not done."
    words = Words(label="What was not done?")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return agreeing.record_breach(self.user, self.seen.case, **told, **given)


class BreachDecisionForm(StepForm):
    """What follows."""

    command = "cases.decide_breach"
    title = "Decide what follows the breach"
    saved = "What follows is decided."
    warns = True
    choice = One(CHOICES, label="What follows?")
    reasons = Words(label="Your reasons")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Decide it."""
        return agreeing.decide_breach(self.user, self.seen.case, **told, **given)
