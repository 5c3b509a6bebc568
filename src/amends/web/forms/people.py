"""Who is in the case, what they need, and what they said."""

from typing import Any

from amends.cases.actions import listening, raising
from amends.web.forms.fields import Clock, Day, One, Text, Tick, Words, YesNo, at
from amends.web.forms.steps import StepForm

PARTS = (
    ("suspect", "The person responsible (the suspect, until they admit it)"),
    ("victim", "A victim"),
    ("speaks_for", "Somebody who speaks for a victim: a parent, or the contact of a business"),
    ("appropriate_adult", "The appropriate adult"),
    ("witness", "A witness"),
)
KINDS = (("person", "A person"), ("business", "A business"), ("public_body", "A public body"))
NEEDS = (
    ("interpreter", "An interpreter"), ("access", "Access: a place or a form they can use"),
    ("safe_contact", "A safe way to be reached, which goes before any other"),
    ("language", "Another language"), ("vulnerable", "Vulnerable: what must be thought of"),
)  # fmt: skip
FORMS = (
    ("admits_offence", "They admit the offence"),
    ("accepts_responsibility", "They accept responsibility for it"),
    ("none", "Neither"),
)
POSITIONS = (
    ("agree", "They agree"), ("disagree", "They do not agree"), ("no_view", "They have no view"),
    ("not_contactable", "They could not be reached"),
)  # fmt: skip
METHODS = (
    ("in_person", "In person"), ("telephone", "By telephone"), ("letter", "By letter"),
    ("email", "By email"), ("text_message", "By text message"), ("video", "By video"),
)  # fmt: skip
RESULTS = (
    ("reached", "They were reached"), ("no_answer", "No answer"), ("message_left", "A message was left"),
    ("refused", "They did not want to speak"), ("unsafe", "It was not safe to speak"),
)  # fmt: skip
REASONS = (
    ("cannot_be_found", "They cannot be found"), ("at_risk_if_contacted", "Contact would put them at risk"),
    ("asked_not_to_be", "They asked not to be contacted"), ("no_capacity", "They cannot give a view"),
)  # fmt: skip
WORDING = "plain-1"


class PersonForm(StepForm):
    """Somebody in the case."""

    command = "cases.person"
    title = "Add somebody to the case"
    saved = "Somebody is added to the case."
    part = One(PARTS, label="Which part do they take?")
    kind = One(KINDS, label="Are they a person or a body?")
    name = Text(label="Name")
    born = Day(label="Date of birth", hint="Leave it empty if it is not known", required=False)
    speaks_for = One(
        (), label="For whom do they speak?", hint="Only if they speak for a victim", required=False
    )

    def prepare(self) -> None:
        """Whoever is a victim can be spoken for."""
        choices = self.people("victim")
        if choices:
            field: Any = self.fields["speaks_for"]
            field.choices = choices
        else:
            del self.fields["speaks_for"]
        self.initial.setdefault("kind", "person")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Add them."""
        number = given.pop("speaks_for", "") or None
        for_whom = self.person(number) if number and given["part"] == "speaks_for" else None
        return raising.add_person(self.user, self.seen.case, speaks_for=for_whom, **told, **given)


class NeedForm(StepForm):
    """Something that somebody needs."""

    command = "cases.needs"
    title = "What somebody needs"
    saved = "What somebody needs is recorded."
    intro = "Asked once, and carried to every letter and meeting."
    person_ = One((), label="Who needs it?")
    kind = One(NEEDS, label="What do they need?")
    words = Text(label="In words", most=500)

    def prepare(self) -> None:
        """Anybody in the case may need something."""
        self.only("person_", [(str(one.row.pk), one.row.name) for one in self.seen.people])

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        who = self.person(given.pop("person_"))
        return raising.add_need(self.user, self.seen.case, person=who, **told, **given)


class AdmissionForm(StepForm):
    """What the suspect said."""

    command = "cases.admission"
    title = "What the suspect said"
    saved = "What the suspect said is recorded."
    intro = "Write down the words used. Nobody may be asked, led or encouraged to admit an offence."
    form = One(FORMS, label="What did the suspect say of the offence?")
    words = Words(label="In their own words")
    where = Text(label="Where it was said")
    day = Day(label="Day", hint="Leave it empty for now", required=False)
    clock = Clock(label="Time", hint="For example 14:30; empty for now")
    cautioned = YesNo(label="Were they cautioned?")
    advice_offered = YesNo(label="Were they offered legal advice?")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        when = at(given.pop("day"), given.pop("clock"))
        return listening.record_admission(self.user, self.seen.case, said_at=when, **told, **given)


class WithdrawAdmissionForm(StepForm):
    """The suspect no longer admits it."""

    command = "cases.withdraw_admission"
    title = "The suspect no longer admits it"
    saved = "It is recorded that the suspect no longer admits it."
    intro = "There can be no community resolution without an admission: the case stops."
    button = "Record it, and stop the case"
    warns = True
    words = Words(label="In their own words")
    day = Day(label="Day", hint="Leave it empty for now", required=False)
    clock = Clock(label="Time", hint="For example 14:30; empty for now")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        when = at(given.pop("day"), given.pop("clock"))
        return listening.withdraw_admission(
            self.user, self.seen.case, said_at=when, **told, **given
        )


class OffenderForm(StepForm):
    """Whether the person responsible takes part."""

    command = "cases.offender_agrees"
    title = "Whether the person responsible takes part"
    saved = "Whether the person responsible takes part is recorded."
    intro = "A community resolution is voluntary."
    agrees = YesNo(label="Do they agree to take part?", required=True)
    words = Words(label="In their own words")
    appropriate_adult_there = YesNo(
        label="Was an appropriate adult there?", hint="For a child, or somebody vulnerable"
    )

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return listening.record_offender(self.user, self.seen.case, **told, **given)


class VictimForm(StepForm):
    """A step about one victim, who is chosen where there are several."""

    victim = One((), label="Which victim?")

    def prepare(self) -> None:
        """The victims of the case."""
        self.only("victim", self.people("victim"))

    def whom(self, given: dict[str, Any]) -> Any:
        """The victim that was chosen."""
        return self.person(given.pop("victim"))


class ContactForm(VictimForm):
    """An attempt to reach a victim."""

    command = "cases.contact"
    title = "Contact with a victim"
    saved = "A contact with a victim is recorded."
    method = One(METHODS, label="How did you try to reach them?")
    result = One(RESULTS, label="What came of it?")
    day = Day(label="Day", hint="Leave it empty for now", required=False)
    clock = Clock(label="Time", hint="For example 14:30; empty for now")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        when = at(given.pop("day"), given.pop("clock"))
        who = self.whom(given)
        return listening.record_contact(
            self.user, self.seen.case, victim=who, tried_at=when, **told, **given
        )


class ViewForm(VictimForm):
    """What a victim said of it."""

    command = "cases.victim_view"
    title = "What a victim says of it"
    saved = "What a victim says is recorded."
    intro = "Silence is not agreement. A change of mind is kept beside what was said before."
    position = One(POSITIONS, label="What do they say of a community resolution?")
    words = Words(label="In their own words", required=False)
    informed = YesNo(label="Were they told what it is, and what it is not?")
    asked = YesNo(label="Were they asked which action of the list they would like?")
    remedy = Text(
        label="The action they asked for", hint="Empty if they asked for none", required=False
    )
    channel = One(METHODS, label="How were they asked?")
    language = Text(label="In which language", most=60)
    witness = Text(label="Who else was there", required=False)
    said_by = One((), label="Who spoke for them?", required=False)

    def prepare(self) -> None:
        """Those who speak for a victim."""
        super().prepare()
        self.initial.setdefault("language", "English")
        choices = self.people("speaks_for")
        if choices:
            self.only("said_by", choices)
        else:
            del self.fields["said_by"]

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        who, number = self.whom(given), given.pop("said_by", "")
        speaker = self.person(number) if number else None
        if speaker is not None and speaker.speaks_for_id != who.pk:
            speaker = None
        asked, remedy = given.pop("asked"), given.pop("remedy")
        given["remedy"] = remedy or ("" if asked else None)
        return listening.record_view(
            self.user, self.seen.case, victim=who, said_by=speaker, wording=WORDING, **told, **given
        )


class NotConsultedForm(VictimForm):
    """Why a victim was not asked."""

    command = "cases.not_consulted"
    title = "Why a victim was not asked"
    saved = "Why a victim was not asked is recorded."
    intro = "This is counted, and shown to the scrutiny panel."
    reason = One(REASONS, label="Why were they not asked?")
    words = Words(label="In words")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        who = self.whom(given)
        return listening.record_not_consulted(
            self.user, self.seen.case, victim=who, **told, **given
        )


class WithdrawForm(StepForm):
    """Somebody withdraws."""

    command = "cases.withdraw"
    title = "Somebody withdraws"
    saved = "Somebody withdrew, and it is recorded."
    intro = "Either side may withdraw at any time, and owes nobody a reason. The case stops."
    button = "Record it, and stop the case"
    warns = True
    who = One((), label="Who withdraws?")
    words = Words(label="In their own words, if they said any", required=False)
    sure = Tick(label="They have said that they withdraw")

    def prepare(self) -> None:
        """Victims and the person responsible."""
        self.only("who", self.people("victim", "suspect"))

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        person = self.person(given["who"])
        return listening.withdraw(
            self.user, self.seen.case, person=person, words=given["words"], **told
        )
