"""The forms of a request for information: registering it, and what is done with it until it is over."""

from typing import Any, Final

from django import forms

from amends.accounts.standing import today
from amends.openness.exemptions import grounds
from amends.openness.refusing import Holding
from amends.openness.register import actions, queries
from amends.openness.register.preparing import MOST_SUBJECT
from amends.web.forms.fields import Day, Listed, One, Several, Text, Tick, Words
from amends.web.forms.raising import Opening
from amends.web.forms.request_afterwards import (
    AppealedForm,
    AskWithdrawalForm,
    CommissionerForm,
    ComplainedForm,
    DecideReviewForm,
    DropWithdrawalForm,
    ReviewAskedForm,
    TribunalForm,
    WithdrawForm,
)  # fmt: skip
from amends.web.forms.request_steps import NO_NAME, OwnForm, RequestForm

HOW: Final = (
    ("email", "By e-mail"), ("letter", "By letter"), ("web_form", "By a form on our site"),
    ("social_media", "By social media"), ("other", "In another way"),
)  # fmt: skip
NO_NAMES: Final = "No names. A few words of your own on what it is about, by which it is told from others in the list"
"""The hint of a short title."""
ROWS: Final = 4
"""Kinds of work that one estimate can list on the page."""


class ReceiveForm(Opening):
    """A request as it came."""

    title = "Register a request"
    intro = (
        "The day on which it came is day 0: the answer is due within 20 working days after it. A working day is any "
        "but a Saturday, a Sunday, Christmas Day, Good Friday and a bank holiday anywhere in the United Kingdom."
    )
    button = "Register it"
    received = Day(label="On which day did it come?", hint="For example, 27 3 2026")
    channel = One(HOW, label="How did it come?")
    words = Words(label="What was asked, in the requester's own words")
    subject = Text(label="Short title", hint=NO_NAMES, most=MOST_SUBJECT)
    name = Text(label="Name of the requester", hint="Kept apart, and erased when it is over")
    contact = Text(label="Where the answer goes", hint="Their e-mail or postal address", most=300)

    def perform(self) -> Any:
        """Register it."""
        return actions.receive(self.user, **self.cleaned_data)


def called(reference: str, subject: str) -> str:
    """What a request is called in a list of them."""
    return f"{reference}: {subject}" if subject else reference


class TitleForm(RequestForm):
    """It is called otherwise."""

    kind, title = "titled", "Change the short title"
    intro = "By it the request is found in the list. The one before stays in the history."
    subject = Text(label="Short title", hint=NO_NAMES, most=MOST_SUBJECT)

    def prepare(self) -> None:
        """It begins as it is."""
        self.initial["subject"] = self.one.life.subject


class AskForm(RequestForm):
    """More is needed to know what is wanted."""

    kind, title = "asked", "Ask what is wanted"
    intro = "Time stops until the requester makes it clear. Then 20 working days begin anew."
    question = Words(label="What do you ask them?", hint=NO_NAME)


class ClarifiedForm(RequestForm):
    """The requester said what is wanted."""

    kind, title = "clarified", "The requester made it clear"
    intro = "20 working days begin anew on the day after this."
    words = Words(label="What did they say, in their own words?")


class FeeForm(RequestForm):
    """A fees notice."""

    kind, title = "fees notice", "Give a fees notice"
    intro = "Time is paused until the fee is paid. It may be paid within three months."
    pounds = forms.DecimalField(label="How many pounds?", min_value=0, decimal_places=2)

    def held(self, given: dict[str, Any]) -> dict[str, Any]:
        """The fee in pence."""
        return {"pence": int(given["pounds"] * 100)}


class PaidForm(RequestForm):
    """The fee was paid."""

    kind, title = "paid", "The fee was paid"


class RefineForm(RequestForm):
    """The requester asks for less."""

    kind, title = "refined", "The requester refined it"
    intro = "What is asked for anew is a new request with a time of its own, linked to this one."
    words = Words(label="What do they ask for now, in their own words?")


class EstimateForm(RequestForm):
    """What it would cost."""

    kind, title = "estimated", "Estimate the cost"
    intro = (
        "Only finding, locating, retrieving and extracting count; redacting and thinking do not. Nought minutes "
        "where a query answers it. The limit for a police force is 18 hours. One row for each kind of work: leave "
        "the others empty."
    )
    added = Several(
        (), label="Add up with",
        hint="Requests about the same, of the same requester or people who act together, within 60 working days",
    )  # fmt: skip

    def prepare(self) -> None:
        """The rows of work, and the requests that may be added."""
        added = self.fields.pop("added")
        for n in range(1, ROWS + 1):
            need = n == 1
            self.fields[f"asked_{n}"] = Text(
                label=f"{n}. What was asked for", required=need, most=300
            )
            self.fields[f"records_{n}"] = forms.IntegerField(
                label=f"{n}. Records to read",
                required=need,
                min_value=0,
                step_size=10,
                help_text="Rounded to 10",
            )
            self.fields[f"minutes_{n}"] = forms.DecimalField(
                label=f"{n}. Minutes for each", required=need, min_value=0, decimal_places=2
            )
            self.fields[f"why_{n}"] = Text(
                label=f"{n}. What is not in a field, so that files must be read", required=False,
                most=300,
            )  # fmt: skip
        found = queries.estimated(self.user, self.one)
        if found:
            self.fields["added"] = added
            self.choices("added", [(name, called(name, subject)) for name, subject in found])

    def clean(self) -> dict[str, Any]:
        """Each row whole, or empty."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(2, ROWS + 1):
            told = [
                given.get(f"{name}_{n}") not in (None, "")
                for name in ("asked", "records", "minutes")
            ]
            if any(told) and not all(told):
                self.add_error(f"asked_{n}", f"Fill in the whole of row {n}, or nothing of it")
        return given

    def held(self, given: dict[str, Any]) -> dict[str, Any]:
        """The rows that are filled in."""
        rows = [
            {name: given[f"{name}_{n}"] for name in ("asked", "records", "minutes", "why")}
            for n in range(1, ROWS + 1)
            if given[f"asked_{n}"]
        ]
        work = [{**row, "minutes": str(row["minutes"])} for row in rows]
        return {"work": work, "added": given.get("added", [])}


class ScopeForm(RequestForm):
    """A saved question answers it."""

    kind, title = "scoped", "Choose the saved question that answers it"
    intro = "Earlier answers to the same question are then shown first, whatever words were used."
    question = Listed((), label="Which saved question?")

    def prepare(self) -> None:
        """Those there are."""
        self.choices("question", queries.questions())


def in_law() -> dict[str, str]:
    """What each section is for, in plain words; of a section that was changed, as it is now."""
    return {one.section: one.name for one in sorted(grounds(), key=lambda one: one.starts)}


def in_words(section: str) -> str:
    """A section with what it is for."""
    return f"Section {section}: {in_law().get(section, 'no longer in the law')}"


class ClaimForm(RequestForm):
    """A reason to refuse, whole or in part."""

    kind, title = "claimed", "Record a reason to refuse"
    intro = f"It is for the whole or a part of what was asked. {NO_NAME}"
    section = Listed((), label="Under which section?")
    because = Words(label="Why does it apply here?")
    public_interest = Words(
        label="How was the public interest weighed?", required=False,
        hint="Needed where the section says so: what weighs for telling, what against, and which is heavier",
    )  # fmt: skip

    def prepare(self) -> None:
        """The sections there are today, and whether each is qualified."""
        weighed = {
            "qualified": "weigh the public interest", "partly": "weigh the public interest for a part of it",
        }  # fmt: skip
        self.choices(
            "section",
            [
                (one.section, f"{one.section}: {one.name} ({weighed.get(one.kind, 'no weighing')})")
                for one in grounds()
                if one.starts <= today() and (one.ends is None or today() < one.ends)
            ],
        )


class DropForm(RequestForm):
    """A reason is taken back."""

    kind, title = "dropped", "Take a reason to refuse back"
    section = One((), label="Which section?")

    def prepare(self) -> None:
        """Those that are claimed."""
        self.choices("section", [(one, in_words(one)) for one in self.one.life.claims])


class ExtendForm(RequestForm):
    """More time."""

    kind, title = "extended", "Take more time"
    intro = "Only to weigh the public interest, once, and before the answer is due."
    exemption = Listed((), label="Under which section is it weighed?")
    days = forms.IntegerField(
        label="How many more working days?", help_text="1 to 20", min_value=1, max_value=20
    )

    def prepare(self) -> None:
        """Those that are claimed."""
        self.choices("exemption", [(one, in_words(one)) for one in self.one.life.claims])
        if not self.one.life.claims:
            self.fields[
                "exemption"
            ].help_text = "None is there yet: record a reason to refuse first"


class DraftForm(RequestForm):
    """The answer, to be cleared."""

    kind, title = "drafted", "Draft the answer"
    intro = (
        "All of it is cleared by two people, and may be published. Figures come from a folder that was proved "
        "safe: a number that is typed is refused, unless it is a year, a day of a month or a section."
    )
    holding = One([(one.value, one.value.capitalize()) for one in Holding], label="Is it held?")
    letter = Words(label="The letter", hint=NO_NAME)
    folder = Listed((), label="Folder of figures, where figures go with it", required=False)
    title_ = Text(label="Title for the disclosure log")
    restated = Words(
        label="What was asked, restated",
        hint="For the disclosure log: without anything that says who asked, or about whom",
        most=2000,
    )  # fmt: skip

    def prepare(self) -> None:
        """The folders there are; one that is asked for fills in what it answers."""
        found = queries.attached(self.one)
        self.choices("folder", [(one, one) for one in found])
        if not found:
            self.fields["folder"].help_text = "None is there yet: amends attach takes one in"
        self.initial["title_"] = self.one.life.subject

    def fill(self, folder: str) -> None:
        """Fill in the answer in *folder*; raises Refused where it is not whole."""
        told = queries.draft_of(folder)
        self.initial.update(told, title_=told.get("title", ""))

    def held(self, given: dict[str, Any]) -> dict[str, Any]:
        """The draft."""
        return {**given, "title": given["title_"]}


class AcknowledgeForm(RequestForm):
    """Somebody deals with it."""

    kind, title = "acknowledged", "Acknowledge it, and say who deals with it"
    intro = (
        "Within three working days. The law sets no day for this; it is what a good office does."
    )
    given_to = Text(label="Who deals with it?", hint="A colleague, never whoever asked")


class ClearForm(OwnForm):
    """Somebody clears the draft."""

    kind, title = "cleared", "Clear the draft"
    intro = "Two different people clear it. Read all that goes out."
    button = "Clear it"
    sure = Tick(label="I have read it. It may be sent, and published in the disclosure log")
    do = staticmethod(actions.clear)


class SendForm(OwnForm):
    """The answer was sent."""

    kind, title = "sent", "The answer was sent"
    how = One(HOW, label="How was it sent?")
    do = staticmethod(actions.send)


class PublishForm(OwnForm):
    """The answer goes in the log."""

    kind, title = "published", "Put it in the disclosure log"
    intro = "What two people have cleared is published: the title, what was asked, and the answer."
    button = "Publish it"
    do = staticmethod(actions.publish)


class EraseForm(OwnForm):
    """Who asked is erased."""

    kind, title = "erase", "Erase who asked"
    intro = "Their name, where they are reached and their own words go. What was done stays."
    button, warns = "Erase it", True
    sure = Tick(label="I understand that this cannot be undone")
    do = staticmethod(actions.erase_requester)

    def prepare(self) -> None:
        """It asks for no day."""
        del self.fields["on"]


FORMS: Final[dict[str, type[RequestForm]]] = {
    form.kind.replace(" ", "-"): form
    for form in (
        AcknowledgeForm,
        ScopeForm, EstimateForm, DraftForm, ClearForm, SendForm, PublishForm, AskForm, ClarifiedForm, FeeForm, PaidForm,
        ClaimForm, DropForm, ExtendForm, RefineForm, ReviewAskedForm, DecideReviewForm, ComplainedForm,
        CommissionerForm, AppealedForm, TribunalForm, WithdrawForm, DropWithdrawalForm, AskWithdrawalForm, TitleForm,
        EraseForm,
    )
}  # fmt: skip
"""Every step of a request by its name in an address, in the order in which they are offered."""
NEEDS: Final = {
    "cleared": "openness.clear", "sent": "openness.send", "published": "openness.publish",
    "review-decided": "openness.review", "withdrawal-asked": "openness.withdraw",
    "withdrawal-dropped": "openness.drop_withdrawal",
    "withdrawn": "openness.confirm_withdrawal", "erase": "openness.erase_requester",
}  # fmt: skip
"""The action of a step, where it is not `openness.handle`."""
