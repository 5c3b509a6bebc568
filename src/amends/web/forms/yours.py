"""What a victim or person responsible is asked on the page that their link opened."""

import uuid
from typing import Any, ClassVar

from django import forms

from amends.accounts.refusals import Refused, Stale
from amends.cases.actions import inviting, listening
from amends.cases.invited import Told
from amends.web.forms.fields import One, Tick, Words, YesNo

WORDING = "link-1"
HOW_MUCH = [(str(number), words) for number, words in inviting.ANSWERS.items()]
VIEWS = (
    ("agree", "Yes, I am content for it to be settled like this"),
    ("disagree", "No, I am not"),
    ("no_view", "I would rather not say"),
)
CHANGED = (
    "Something has changed since you opened this page, so your answer is not recorded yet. Read where it stands, "
    "and send your answer again if it is still what you want to say."
)


class YourForm(forms.Form):
    """A form for whoever opened a link."""

    title: ClassVar[str]
    intro: ClassVar[str] = ""
    button: ClassVar[str] = "Send"
    command: ClassVar[str]
    warns: ClassVar[bool] = False
    thanks: ClassVar[str] = "Thank you. The police have your answer."

    key = forms.CharField(widget=forms.HiddenInput, max_length=90)
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    whatever_changed: ClassVar[bool] = False
    """Whether it is said of the case however it stands; else it is of what they saw, and of nothing later."""

    def __init__(self, told: Told, *args: Any, **more: Any) -> None:
        self.told = told
        own = {"key": str(uuid.uuid4()), "expected": told.case.version}
        more["initial"] = {**own, **(more.get("initial") or {})}
        super().__init__(*args, **more)
        self.prepare()

    def prepare(self) -> None:
        """Fill in what can be chosen."""

    def perform(self) -> None:
        """Do it; raises Refused. Sent twice it is done once, and nobody is told that it failed."""
        given = dict(self.cleaned_data)
        told = {"key": given.pop("key"), "expected": given.pop("expected")}
        try:
            self.act(told, dict(given))
        except Stale:
            if not self.whatever_changed:
                raise Refused("ACT-STALE", CHANGED) from None
            self._again({"key": f"{told['key']}.again", "expected": self.told.case.version}, given)

    def _again(self, told: dict[str, Any], given: dict[str, Any]) -> None:
        try:
            self.act(told, given)
        except Refused as refused:
            if refused.code != "ACT-KEY":  # else it was done when it was sent before
                raise

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> None:
        """Do it with what was *given*."""
        raise NotImplementedError


class ViewForm(YourForm):
    """What the victim says of it."""

    command = "cases.victim_view"
    title = "Are you content for it to be settled like this?"
    intro = (
        "It is your choice. You can say no. If you say nothing, nobody will take that for yes. You can change your "
        "mind later: ask for another link."
    )
    speaker = One((), label="Who are you?")
    position = One(VIEWS, label="What would you like to say?")
    remedy = One((), label="Would you like the person to do one of these?", required=False)
    words = Words(
        label="In your own words",
        hint="What happened to you, and what you would like",
        required=False,
    )

    def prepare(self) -> None:
        """The list of the day, where the area has one; who speaks, where they do so for a business."""
        speaks: Any = self.fields["speaker"]
        if self.told.person.kind == "person":
            del self.fields["speaker"]
        else:
            speaks.choices = [(str(one.pk), one.name) for one in self.told.speakers]
        field: Any = self.fields["remedy"]
        if self.told.listed:
            field.choices = [
                *((name, name) for name in self.told.listed),
                ("none", "None of these"),
            ]
        else:
            del self.fields["remedy"]

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> None:
        """Record it."""
        remedy = {"none": "", "": None, None: None}.get(given.get("remedy"), given.get("remedy"))
        words = given["words"] or dict(VIEWS)[given["position"]]
        speaker = {str(one.pk): one for one in self.told.speakers}.get(given.get("speaker", ""))
        listening.record_view(
            self.told.user, self.told.case, victim=self.told.person, position=given["position"], words=words,
            wording=WORDING, channel="link", language="English", informed=True, remedy=remedy,
            said_by=speaker, **told,
        )  # fmt: skip


class PartForm(YourForm):
    """Whether the person responsible takes part."""

    command = "cases.offender_agrees"
    title = "Do you agree to take part?"
    intro = "It is your choice. You can take advice first, and you can change your mind later."
    agrees = YesNo(label="Do you agree to take part?", required=True)
    words = Words(label="In your own words", required=False)

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> None:
        """Record it."""
        words = given["words"] or ("Yes, by the link." if given["agrees"] else "No, by the link.")
        listening.record_offender(
            self.told.user, self.told.case, agrees=given["agrees"], words=words, **told
        )


class OutForm(YourForm):
    """They withdraw."""

    command = "cases.withdraw"
    whatever_changed = True
    title = "Stop taking part"
    intro = "You can stop at any time, and you do not have to say why. The police will then decide what happens next."
    button = "Stop taking part"
    warns = True
    thanks = "You have stopped taking part. The police will tell you what happens next."
    words = Words(label="If you would like to say why", required=False)
    sure = Tick(label="I want to stop taking part")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> None:
        """Record it."""
        listening.withdraw(
            self.told.user, self.told.case, person=self.told.person, words=given["words"], **told
        )


class FeedbackForm(YourForm):
    """How it went."""

    command = "cases.feedback"
    whatever_changed = True
    title = "Tell us how it went"
    heard = One(HOW_MUCH, label="Were you listened to?")
    fair = One(HOW_MUCH, label="Was it fair?")
    put_right = One(HOW_MUCH, label="Did it put things right?")
    words = Words(label="Anything else you would like to say", required=False)

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> None:
        """Record it."""
        numbers = {name: int(given[name]) for name in ("heard", "fair", "put_right")}
        inviting.give_feedback(
            self.told.user,
            self.told.case,
            person=self.told.person,
            words=given["words"],
            **numbers,
            **told,
        )


class ReviewForm(YourForm):
    """They ask for what was decided to be looked at again."""

    command = "cases.ask_review"
    whatever_changed = True
    title = "Ask for it to be looked at again"
    intro = "Somebody who did not decide it will look at it."
    words = Words(label="What do you think is wrong?")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> None:
        """Record it."""
        inviting.ask_review(
            self.told.user, self.told.case, person=self.told.person, words=given["words"], **told
        )


YOURS: dict[str, type[YourForm]] = {
    "say": ViewForm, "take-part": PartForm, "stop": OutForm, "feedback": FeedbackForm, "review": ReviewForm,
}  # fmt: skip
