"""A restorative process, step by step: begun, prepared apart, risk signed twice, met, and followed up."""

from typing import Any, Final

from amends.cases import queries as cases
from amends.restorative import queries
from amends.restorative.actions import beginning, meeting, preparing
from amends.web.forms.fields import (
    Clock,
    Day,
    Listed,
    One,
    Several,
    Text,
    Tick,
    Words,
    YesNo,
    at,
)
from amends.web.forms.steps import StepForm

STAGES: Final = (("1", "First: before anything is planned"), ("2", "Second: again before the day"))
MARKS: Final = [
    (str(n), words) for n, words in enumerate(("No", "A little", "Partly", "Mostly", "Yes"), 1)
]


class ProcessForm(StepForm):
    """A step of the process that goes on."""

    def prepare(self) -> None:
        """The process, and what can be chosen in it."""
        self.now: Any = queries.in_case(self.user, self.seen.case)

    def participants(self, name: str = "participant") -> None:
        """Those who take part, to choose from."""
        here = self.now.here if self.now else ()
        self.only(name, [(str(one.pk), f"{one.name}: {self.title_of(one)}") for one in here])

    def title_of(self, participant: Any) -> str:
        """What somebody takes part as."""
        return str(self.now.kind.roles[participant.role].title)

    def one(self, number: str) -> Any:
        """The participant that was chosen."""
        return next(one for one in self.now.here if str(one.pk) == number)


class StartForm(StepForm):
    """A process begins."""

    command = "restorative.start"
    title = "Begin a restorative process"
    saved = "The process has begun."
    intro = "Nobody meets until each of them was prepared apart, and the risk was looked at twice."
    kind = One((), label="Which process?")

    def prepare(self) -> None:
        """Every kind that is held."""
        self.only("kind", queries.kinds())

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Begin it."""
        return beginning.start(self.user, self.seen.case, **told, **given)


class LeadForm(ProcessForm):
    """Somebody leads it."""

    command = "restorative.appoint"
    title = "Say who leads the process"
    saved = "It is recorded who leads the process."
    user_ = Listed((), label="Who?")
    trained = YesNo(label="Are they trained for it?", required=True)
    training = Text(label="In what, and when?", required=False)

    def prepare(self) -> None:
        """Colleagues of the force."""
        super().prepare()
        self.found = {str(one.pk): one for one in cases.colleagues(self.user)}
        self.only("user_", [(n, f"{one} ({one.username})") for n, one in self.found.items()])

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Name them."""
        who = self.found[given.pop("user_")]
        return beginning.appoint(
            self.user, self.seen.case, process=self.now.process, user=who, **told, **given
        )


class TakePartForm(ProcessForm):
    """Somebody takes part."""

    command = "restorative.add_participant"
    title = "Add somebody who takes part"
    saved = "Somebody who takes part is added."
    role = One((), label="As what?")
    person_ = One((), label="Who, of those in the case?", required=False)
    name = Text(label="Or, if they are not in the case: their name", required=False)
    under_18 = YesNo(label="Are they under 18?", hint="Only for somebody who is not in the case")

    def prepare(self) -> None:
        """Roles of the process, and the people of the case."""
        super().prepare()
        roles = self.now.kind.roles if self.now else {}
        self.only("role", [(name, one.title) for name, one in roles.items()])
        field: Any = self.fields["person_"]
        field.choices = [(str(one.row.pk), one.row.name) for one in self.seen.people]

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Add them."""
        number = given.pop("person_")
        who = self.person(number) if number else None
        return beginning.add_participant(
            self.user, self.seen.case, process=self.now.process, person=who, **told, **given
        )


class LeaveForm(ProcessForm):
    """Somebody no longer takes part."""

    command = "restorative.leave"
    title = "Somebody no longer takes part"
    saved = "Somebody no longer takes part."
    warns = True
    participant = One((), label="Who?")

    def prepare(self) -> None:
        """Those who take part."""
        super().prepare()
        self.participants()

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return beginning.leave(
            self.user, self.seen.case, participant=self.one(given["participant"]), **told
        )


class PrepareForm(LeaveForm):
    """Somebody was prepared, apart from the others."""

    command = "restorative.prepare"
    title = "Sign that somebody was prepared"
    saved = "It is signed that somebody was prepared."
    intro = "Each of them is spoken with apart, in person where that can be."
    warns = False
    willing = YesNo(label="Are they willing to take part?", required=True)
    words = Words(label="What was talked over")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Sign it."""
        who = self.one(given.pop("participant"))
        return preparing.prepare(self.user, self.seen.case, participant=who, **told, **given)


class RiskForm(LeaveForm):
    """A stage of the risk assessment."""

    command = "restorative.assess"
    title = "Sign a risk assessment"
    saved = "A risk assessment is signed."
    warns = False
    stage = One(STAGES, label="Which stage?")
    fit = YesNo(label="Can the risk be managed?", required=True)
    words = Words(label="The risks, and how they are managed")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Sign it."""
        who, stage = self.one(given.pop("participant")), int(given.pop("stage"))
        return preparing.assess(
            self.user, self.seen.case, participant=who, stage=stage, **told, **given
        )


class MeetForm(ProcessForm):
    """The day and place."""

    command = "restorative.set_meeting"
    title = "Set the day and the place"
    saved = "The day and the place are set."
    intro = "This is refused until everybody's preparation and both stages of risk are signed."
    day = Day(label="Day", hint="Leave it empty for now, where it is held at once", required=False)
    clock = Clock(label="Time", hint="For example 14:30")
    place = Text(label="Place", most=200)

    def prepare(self) -> None:
        """Why it is another day, where one was set before."""
        super().prepare()
        if self.now and self.now.last_meeting is not None:
            reasons = [(one, one.replace("_", " ").capitalize()) for one in queries.WHY_ANEW]
            self.fields["rearranged"] = One(reasons, label="Why is it set anew?")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Set it."""
        on = at(given.pop("day"), given.pop("clock"))
        return preparing.set_meeting(
            self.user, self.seen.case, process=self.now.process, on=on, **told, **given
        )


class CameForm(LeaveForm):
    """Who came."""

    command = "restorative.record_attendance"
    title = "Record who came"
    saved = "Who came is recorded."
    intro = "A victim who did not come has refused nothing."
    warns = False
    came = YesNo(label="Did they come, or take part from where they were?", required=True)
    reason = One((), label="If not: why?", required=False)

    def prepare(self) -> None:
        """The coded reasons."""
        super().prepare()
        field: Any = self.fields["reason"]
        field.choices = [(one, one.replace("_", " ").capitalize()) for one in queries.WHY_ABSENT]

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        who = self.one(given.pop("participant"))
        return meeting.record_attendance(
            self.user, self.seen.case, participant=who, **told, **given
        )


class CameOfItForm(ProcessForm):
    """What came of it."""

    command = "restorative.record_outcome"
    title = "Record what came of the meeting"
    saved = "What came of the meeting is recorded."
    covered = Several((), label="What was gone through?", required=True)
    agreed = YesNo(label="Was something agreed?", required=True)
    puts_right = YesNo(label="Does what was agreed seek to put right the harm?")
    words = Words(label="In words")

    def prepare(self) -> None:
        """The agenda of the process."""
        super().prepare()
        field: Any = self.fields["covered"]
        field.choices = (
            [(n, one.title) for n, one in self.now.kind.agenda.items()] if self.now else []
        )

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return meeting.record_outcome(
            self.user, self.seen.case, process=self.now.process, **told, **given
        )


class AfterForm(LeaveForm):
    """What somebody said of it afterwards."""

    command = "restorative.give_feedback"
    title = "Record how it was for somebody"
    saved = "How it was for somebody is recorded."
    warns = False

    def prepare(self) -> None:
        """The questions of the process."""
        super().prepare()
        rule = self.now.kind.feedback if self.now else None
        self.questions = list(rule.questions) if rule else []
        for n, asked in enumerate(self.questions):
            self.fields[f"answer_{n}"] = One(MARKS, label=asked)
        self.fields["words"] = Words(label="Anything else they said", required=False)

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        answers = [int(given[f"answer_{n}"]) for n in range(len(self.questions))]
        who = self.one(given["participant"])
        return meeting.give_feedback(
            self.user,
            self.seen.case,
            participant=who,
            answers=answers,
            words=given["words"],
            **told,
        )


class FollowForm(ProcessForm):
    """A follow-up."""

    command = "restorative.follow_up"
    title = "Record a follow-up"
    saved = "The follow-up is recorded."
    number = One((), label="Which one?")
    words = Words(label="What was found")

    def prepare(self) -> None:
        """Those that are not recorded yet."""
        super().prepare()
        due = list(enumerate(self.now.due, 1)) if self.now else []
        left = [(n, day) for n, day in due if n not in self.now.followed_up]
        self.only("number", [(str(n), f"The one of {day.day} {day:%B %Y}") for n, day in left])

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        number = int(given["number"])
        return meeting.follow_up(
            self.user,
            self.seen.case,
            process=self.now.process,
            number=number,
            words=given["words"],
            **told,
        )


class StopForm(ProcessForm):
    """It is stopped."""

    command = "restorative.stop"
    title = "Stop the restorative process"
    saved = "The process is stopped."
    button = "Stop it"
    warns = True
    reason = One((), label="Why?")
    words = Words(label="In words")
    sure = Tick(label="Nothing of it is to be done any more")

    def prepare(self) -> None:
        """The coded reasons."""
        super().prepare()
        self.only(
            "reason", [(one, one.replace("_", " ").capitalize()) for one in queries.WHY_STOPPED]
        )

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Stop it."""
        del given["sure"]
        return beginning.stop(self.user, self.seen.case, process=self.now.process, **told, **given)
