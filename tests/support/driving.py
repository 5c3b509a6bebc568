"""What else is done in a case driven at random: letters, links, reviews, keeping, erasing, restorative work."""

import datetime as dt
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from amends.accounts.models import User
from amends.accounts.standing import today
from amends.cases.actions import ending, inviting, raising, telling
from amends.cases.models import Case, Invitation, Person, ReviewAsked
from amends.notices.models import Task
from amends.restorative import progress
from amends.restorative.actions import beginning, meeting, preparing
from amends.restorative.models import Participant, Process
from support.record import Crew, person

SIDES = st.sampled_from(["victim", "suspect"])
yes = st.booleans()
someone = st.sampled_from(["officer", "sergeant", "inspector", "superintendent"])


class Beside:
    """Rules for a machine that has a `crew`, a `case`, and `do`."""

    crew: Crew
    case: Case

    def do(self, command: str, what: Any, by: str | User = "officer", **given: Any) -> Any:
        """Do it, and compare with the model."""
        raise NotImplementedError

    def one(self, part: str) -> Person | None:
        """Somebody of that part."""
        raise NotImplementedError

    def onwards(self) -> None:
        """What would come next in the life of a case that goes well."""
        raise NotImplementedError

    @rule()
    def and_onwards(self):
        """Again, or few cases would get far among so much else."""
        self.onwards()

    @rule()
    def and_on_and_on(self):
        """And again."""
        self.onwards()
        self.onwards()

    def somebody(self, role: str) -> User:
        """The one person of the force who holds only that *role*."""
        found = User.objects.filter(force=self.crew.force, username=f"{self.crew.force.pk}-{role}")
        return found.first() or person(self.crew.force, role, name=f"{self.crew.force.pk}-{role}")

    # --- people, letters, links ---------------------------------------------------------------------

    @rule(part=SIDES, kind=st.sampled_from(["access", "language", "safe_contact", "no such need"]))
    def need(self, part, kind):
        if one := self.one(part):
            self.do("cases.needs", raising.add_need, person=one, kind=kind, words="So.")

    @rule(
        part=SIDES,
        kind=st.sampled_from(sorted(telling.FOR)),
        language=st.sampled_from(["en", "cy"]),
    )
    def tell(self, part, kind, language):
        if one := self.one(part):
            self.do(
                "cases.tell", telling.tell_in_writing, person=one, kind=kind, language=language,
                channel="folder", address="The front desk", contact="01632 960001",
            )  # fmt: skip

    @rule()
    def pass_on(self):
        task = Task.objects.create(
            force=self.crew.force,
            case=self.case.reference,
            what="Tell them.",
            made_at=timezone.now(),
        )
        self.do("cases.pass_on", telling.pass_on, task=task.pk, words="Told.")
        self.do("cases.pass_on", telling.pass_on, task=task.pk + 1000, words="Told.")

    @rule(part=SIDES, sent=yes)
    def invite(self, part, sent):
        token, digest = inviting.new_token()
        way = inviting.Way(
            channel="text", address="07700 900123", language="en", contact="01632 960001",
            url=f"https://amends.invented/link/{token}/",
        )  # fmt: skip
        if one := self.one(part):
            given = {"person": one, "digest": digest, "way": way if sent else None}
            self.do("cases.invite", inviting.invite, **given)

    def link(self, part: str) -> Invitation | None:
        found = Invitation.objects.filter(case=self.case, person__part=part)
        return found.select_related("user", "person").order_by("pk").last()

    @rule(part=SIDES, heard=st.integers(0, 6))
    def feedback(self, part, heard):
        if link := self.link(part):
            self.do("cases.feedback", inviting.give_feedback, link.user, person=link.person, heard=heard,
                    fair=3, put_right=5)  # fmt: skip

    @rule(part=SIDES)
    def ask_review(self, part):
        if link := self.link(part):
            self.do(
                "cases.ask_review", inviting.ask_review, link.user, person=link.person, words="Why?"
            )

    @rule(by=someone)
    def answer_review(self, by):
        self.invite("victim", False)
        self.ask_review("victim")
        if asked := ReviewAsked.objects.filter(person__case=self.case).order_by("pk").last():
            self.do(
                "cases.answer_review", inviting.answer_review, by, asked=asked, finding="right", words="So."
            )  # fmt: skip

    @rule(task=st.sampled_from(["facilitate", "victim_care", "no such task"]))
    def assign(self, task):
        self.do("cases.assign", raising.assign, user=self.somebody("facilitator"), task=task)

    @rule(kind=st.sampled_from(["co_offender", "series", "no such link"]), itself=yes)
    def join(self, kind, itself):
        other = self.case if itself else self.crew.raised()
        self.do("cases.link", raising.link, other=other, kind=kind)

    @rule(by=someone)
    def share(self, by):
        self.do("cases.share", raising.share, by, with_whom="A provider", reason="To help.")

    @rule(by=someone)
    def note(self, by):
        self.do("cases.note", raising.note, by, words="A note.")

    @rule(by=someone)
    def reopen(self, by):
        self.do("cases.reopen", ending.reopen, by, reasons="Doubt.")

    # --- keeping ------------------------------------------------------------------------------------

    @rule(group=st.sampled_from(["1", "2", "3", "4", "9"]), years=st.integers(0, 12))
    def keep(self, group, years):
        self.do(
            "cases.retention", ending.set_retention, self.somebody("records_manager"), group=group,
            review_on=today() + dt.timedelta(days=365 * years), reasons="The schedule.",
        )  # fmt: skip

    @rule(really=st.integers(0, 3))
    def erase(self, really):
        if really == 0:
            self.do("cases.erase", ending.erase, self.somebody("records_manager"))

    # --- restorative work ---------------------------------------------------------------------------

    @property
    def process(self) -> Process | None:
        return Process.objects.filter(case=self.case).order_by("-pk").first()

    def part_of(self) -> Participant | None:
        return Participant.objects.filter(process=self.process).order_by("-pk").first()

    def rj(self, name: str, what: Any, by: str | User = "officer", **given: Any) -> Any:
        return self.do(f"restorative.{name}", what, by, **given)

    @rule(kind=st.sampled_from(["immediate_rd", "immediate_rd", "vo_conference", "no such kind"]))
    def start(self, kind):
        if self.rj("start", beginning.start, kind=kind) is not None:
            self.rj("appoint", beginning.appoint, process=self.process, user=self.crew.officer, trained=True,
                    training="Three days.")  # fmt: skip

    @rule(part=SIDES)
    def add_participant(self, part):
        role = "victim" if part == "victim" else "person_responsible"
        if self.process and (one := self.one(part)):
            self.rj(
                "add_participant",
                beginning.add_participant,
                process=self.process,
                role=role,
                person=one,
            )

    @rule(held=yes)
    def circle(self, held):
        """What would come next of a process that goes well, so that its whole length is walked."""
        self.start("immediate_rd")
        for part in ("suspect", "victim"):
            self.add_participant(part)
        self.made_ready()
        if held:
            self.set_meeting(0)
            self.attend(True)
            self.come_of_it(True)
            self.how_it_was(5)
            self.follow_up(1)

    @rule(willing=yes)
    def prepare(self, willing):
        if one := self.part_of():
            self.rj("prepare", preparing.prepare, participant=one, willing=willing, words="Apart.")

    @rule(stage=st.integers(1, 3), fit=yes)
    def assess(self, stage, fit):
        if one := self.part_of():
            self.rj(
                "assess", preparing.assess, participant=one, stage=stage, fit=fit, words="None."
            )

    @rule()
    def made_ready(self):
        """Everybody, so that meetings are held too."""
        for one in Participant.objects.filter(process=self.process):
            self.rj("prepare", preparing.prepare, participant=one, willing=True, words="Apart.")
            for stage in (1, 2):
                self.rj(
                    "assess",
                    preparing.assess,
                    participant=one,
                    stage=stage,
                    fit=True,
                    words="None.",
                )

    @rule(days=st.sampled_from([0, 0, 7]))
    def set_meeting(self, days):
        if self.process:
            on = timezone.now() + dt.timedelta(days=days)
            self.rj("set_meeting", preparing.set_meeting, process=self.process, on=on, place="Hall")

    @rule(came=yes)
    def attend(self, came):
        for one in Participant.objects.filter(process=self.process):
            self.rj("record_attendance", meeting.record_attendance, participant=one, came=came,
                    reason="" if came else "ill")  # fmt: skip

    @rule(agreed=yes)
    def come_of_it(self, agreed):
        if self.process:
            agenda = list(progress.of(self.process).kind.agenda)
            self.rj("record_outcome", meeting.record_outcome, process=self.process, covered=agenda,
                    agreed=agreed, puts_right=agreed or None, words="An apology.")  # fmt: skip

    @rule(answer=st.integers(0, 6))
    def how_it_was(self, answer):
        if one := self.part_of():
            self.rj("give_feedback", meeting.give_feedback, participant=one, answers=[answer, 3, 4])

    @rule(number=st.integers(0, 3))
    def follow_up(self, number):
        if self.process:
            self.rj(
                "follow_up", meeting.follow_up, process=self.process, number=number, words="Well."
            )

    @rule(really=st.integers(0, 3))
    def leave(self, really):
        if really == 0 and (one := self.part_of()):
            self.rj("leave", beginning.leave, participant=one)

    @rule(really=st.integers(0, 3))
    def stop(self, really):
        if really == 0 and self.process:
            self.rj(
                "stop", beginning.stop, process=self.process, reason="unsafe", words="Not safe."
            )
