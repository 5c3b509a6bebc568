"""Raising a case: by its reference alone, or everything at once where it is settled at the scene."""

import datetime as dt
import uuid
from typing import Any, Final

from django import forms
from django.utils import timezone

from amends.accounts.models import User
from amends.accounts.standing import today
from amends.cases.actions import street
from amends.cases.actions.raising import raise_case
from amends.cases.seeing import Seen
from amends.web.forms import offences
from amends.web.forms.agreement import CONSEQUENCES
from amends.web.forms.fields import Day, One, Text, Tick, Words, YesNo
from amends.web.forms.steps import StepForm

NONE: Final = (
    "There is evidence enough to prove it in court. I have asked myself each of these, and none applies: "
    "domestic abuse; a hate crime; a knife or weapon; a sexual element; a child concerned; a serious crime, "
    "or one for the Crown Court; a suspect who is vulnerable; a caution or fixed penalty would be better"
)
SAID: Final = {
    "admits": ("They admit the offence, and agree to take part", "admits_offence", True),
    "accepts": (
        "They accept responsibility for it, and agree to take part",
        "accepts_responsibility",
        True,
    ),
    "unwilling": ("They admit the offence, and do not agree to take part", "admits_offence", False),
    "neither": ("They do not admit it", "none", False),
}
VICTIM: Final = (
    ("person", "A person"), ("business", "A business"), ("public_body", "A public body"),
    ("none", "Nobody: there is no victim"),
)  # fmt: skip
POSITIONS: Final = (
    ("agree", "They agree"),
    ("disagree", "They do not agree"),
    ("no_view", "They have no view"),
)


class Opening(forms.Form):
    """A form before there is a case: with a key, and the moment it was opened."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=90)

    def __init__(self, user: User, *args: Any, **more: Any) -> None:
        self.user = user
        more["initial"] = {"key": str(uuid.uuid4()), **(more.get("initial") or {})}
        super().__init__(*args, **more)


class RaiseForm(Opening):
    """A case by its reference."""

    title = "Raise a case"
    intro = "Use the force's own reference for it. Never put a name in it."
    button = "Raise the case"
    reference = Text(label="Reference", hint="For example the crime reference", most=60)

    def perform(self) -> Any:
        """Raise it."""
        given = self.cleaned_data
        return raise_case(self.user, key=given["key"], reference=given["reference"])


class SceneForm(Opening):
    """Everything of a case that is settled at the scene, on one page."""

    title = "Settle something at the scene"
    intro = (
        "For a less serious offence, admitted, with the people there. What you leave empty stays not known. "
        "Nobody may be asked, led or encouraged to admit an offence."
    )
    button = "Save, and see who may allow it"

    opened = forms.DateTimeField(widget=forms.HiddenInput)
    reference = Text(
        label="Reference", hint="For example the crime reference. Never a name", most=60
    )
    code = One([], label="What is the offence?")
    other_code = Text(
        label="Code, if it is another", hint="A code such as 8N or 008/06", required=False, most=20
    )
    day = Day(label="Day of the offence", hint="Leave it empty for today", required=False)
    none_applies = Tick(label=NONE, required=False)

    name = Text(label="Name of the person responsible")
    born = Day(
        label="Date of birth of the person responsible",
        hint="Empty if it is not known",
        required=False,
    )
    said = One([(name, told[0]) for name, told in SAID.items()], label="What did they say?")
    words = Words(label="What they said, in their own words")
    where = Text(label="Where did they say it?")
    cautioned = YesNo(label="Were they cautioned?")
    clear = Tick(label="I checked for earlier disposals, and found none", required=False)

    victim = One(VICTIM, label="Who is the victim?")
    victim_name = Text(label="Name of the victim", required=False)
    victim_born = Day(
        label="Date of birth of the victim",
        hint="Only of a person; empty if it is not known",
        required=False,
    )
    speaker = Text(label="Who speaks for the business or body?", required=False)
    position = One(
        POSITIONS, label="What does the victim say of a community resolution?", required=False
    )
    victim_words = Words(label="What the victim said, in their own words", required=False)
    remedy = Text(
        label="The action the victim asked for", hint="Empty if they asked for none", required=False
    )

    invited = YesNo(
        label="Was the person responsible invited to do what the victim asked for?",
        hint="Only where they asked for something",
    )

    reasons = Words(label="Why is this the right way to settle it?", required=False)

    def __init__(self, user: User, *args: Any, **more: Any) -> None:
        super().__init__(user, *args, **more)
        code: Any = self.fields["code"]
        code.choices = offences.offered()
        self.initial.setdefault("opened", timezone.now().isoformat())

    def clean(self) -> dict[str, Any]:
        """What goes together."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("code") == "other" and not given.get("other_code"):
            self.add_error("other_code", "Enter the code of the offence")
        kind = given.get("victim")
        if kind and kind != "none":
            if not given.get("victim_name"):
                self.add_error("victim_name", "Enter the name of the victim")
            if not given.get("position"):
                self.add_error(
                    "position",
                    "Select what the victim says; if they were not asked, raise a case instead",
                )
            if given.get("position") in ("agree", "disagree") and not given.get("victim_words"):
                self.add_error("victim_words", "Enter what the victim said")
            if given.get("remedy") and given.get("invited") is None:
                told = "Select whether the person responsible was invited to do what the victim asked for"
                self.add_error("invited", told)
            if kind != "person" and not given.get("speaker"):
                self.add_error("speaker", "Enter who speaks for the business or body")
        return given

    def perform(self) -> Any:
        """Raise the case, and record everything."""
        given = self.cleaned_data
        scene = street.Scene(
            reference=given["reference"], facts=self._facts(given), name=given["name"], born=given["born"],
            form=SAID[given["said"]][1], words=given["words"], where=given["where"], at=given["opened"],
            cautioned=given["cautioned"], agrees=SAID[given["said"]][2], victim=_victim(given),
            history="Checked: nothing found." if given["clear"] else "", reasons=given["reasons"],
        )  # fmt: skip
        return street.tell(self.user, scene, key=given["key"])

    def _facts(self, given: dict[str, Any]) -> dict[str, Any]:
        code = given["other_code"] if given["code"] == "other" else given["code"]
        on: dt.date = given["day"] or today()
        facts: dict[str, Any] = {
            "offence.code": code, "offence.date": on.isoformat(), "case.recorded_crime": True,
            "case.jurisdiction": "england_and_wales", "resolution.delivery": "street",
            "resolution.restorative_process": "none",
        }  # fmt: skip
        if given["none_applies"]:
            facts |= dict.fromkeys(street.NONE_APPLIES, False) | {"evidence.sufficient": True}
        if given["clear"]:
            facts |= street.CLEAR
        if given["victim"] == "none":
            facts["victims"] = []
        elif given["remedy"] and given["invited"] is not None:
            facts["remedy.listed_action_invited"] = given["invited"]
        return facts


def _victim(given: dict[str, Any]) -> street.Victim | None:
    if given["victim"] == "none":
        return None
    person = given["victim"] == "person"
    return street.Victim(
        kind=given["victim"], name=given["victim_name"], born=given["victim_born"] if person else None,
        speaker="" if person else given["speaker"], position=given["position"],
        words=given["victim_words"], remedy=given["remedy"],
    )  # fmt: skip


class SettleForm(StepForm):
    """A case that the officer may allow is settled on the spot."""

    command = "cases.authorise"
    title = "Settle it now"
    saved = "It is settled."
    intro = CONSEQUENCES
    button = "Settle it, and close it as Outcome 8"
    warns = True
    knows_it_is_recorded = Tick(label="They know that the police keep a record of it")
    knows_it_may_be_disclosed = Tick(label="They know that an employer might learn of it")
    what = Text(
        label="What did they do to put it right?",
        hint="For example: apologised, and gave the goods back",
        most=300,
    )
    reasons = Words(label="Your reasons for allowing it")

    def prepare(self) -> None:
        """Reasons that were recorded are not asked again."""
        said = [
            one.words for one in self.seen.records if one.kind in ("full_rationale", "rationale")
        ]
        if said:
            self.initial.setdefault("reasons", said[-1])

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Settle it."""
        return street.settle(self.user, self.seen.case, **told, **given)


def may_settle(seen: Seen) -> bool:
    """Whether the case is one that whoever works on it may allow and settle themselves."""
    answer = seen.decision["answer"] if seen.decision else ""
    return (
        answer == "officer"
        and seen.works
        and "cases.authorise" in seen.may
        and seen.case.state == "raised"
    )
