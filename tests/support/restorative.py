"""Invented restorative processes for the tests of the record, made through the actions themselves."""

import datetime as dt
from typing import Any

from django.utils import timezone

from amends.accounts.models import User
from amends.cases.actions import raising
from amends.cases.models import Case, Person
from amends.restorative import progress
from amends.restorative.actions import beginning, meeting, preparing
from amends.restorative.models import Participant, Process
from amends.restorative.progress import Progress
from support.record import Crew, person

TRAINED = {"trained": True, "training": "Three days, 2024. Invented."}


class Circle:
    """A process of one kind in a case of a crew, and what is done in it."""

    def __init__(
        self, kind: str = "vo_conference", crew: Crew | None = None, case: Case | None = None
    ) -> None:
        self.crew = crew or Crew()
        self.case = case or self.crew.shoplifting()
        self.process: Process = self.does(beginning.start, by=self.crew.officer, kind=kind)
        self.rules = self.now.kind
        self.leaders = [self._leader(n) for n in range(self.rules.facilitators.least)]

    @property
    def now(self) -> Progress:
        """How far it has come."""
        return progress.of(self.process)

    @property
    def leader(self) -> User:
        """The first of those who lead it."""
        return self.leaders[0]

    def does(self, what: Any, by: User | None = None, **given: Any) -> Any:
        """Have *by*, or who leads it, do *what*."""
        return self.crew.does(what, self.case, by or self.leader, **given)

    def _leader(self, number: int) -> User:
        """Somebody who may lead it, given the task, but not yet named."""
        if not self.rules.facilitators.independent:
            return self.crew.officer
        role = self.rules.facilitators.roles[number % 2]
        made = person(self.crew.force, role)
        self.does(raising.assign, self.crew.officer, user=made, task="facilitate")
        return made

    def of_case(self, part: str) -> Person:
        """The person of the case in that *part*."""
        return Person.objects.filter(case=self.case, part=part).order_by("-pk")[0]

    def add(self, role: str, **given: Any) -> Participant:
        """Somebody who takes part in that *role*."""
        parts = self.rules.roles[role].parts
        who = {"person": self.of_case(parts[0])} if parts else {"name": f"Invented {role}"}
        made: Participant = self.does(
            beginning.add_participant, process=self.process, role=role, **(who | given)
        )
        return made

    def named(self) -> "Circle":
        """With those who lead it, and everybody who must take part."""
        for one in self.leaders:
            self.does(
                beginning.appoint, self.crew.officer, process=self.process, user=one, **TRAINED
            )
        for role in self.rules.roles.values():
            for _ in range(role.least):
                self.add(role.id)
        return self

    def prepare(self, one: Participant, *, willing: bool = True) -> Any:
        """Sign the preparation of *one*."""
        return self.does(
            preparing.prepare, participant=one, willing=willing, words="Talked it over at home."
        )

    def assess(self, one: Participant, stage: int, *, fit: bool = True) -> Any:
        """Sign a stage of the risk assessment of *one*."""
        return self.does(
            preparing.assess, participant=one, stage=stage, fit=fit, words="Nothing was found."
        )

    def ready(self) -> "Circle":
        """With everybody prepared, and both stages of risk signed."""
        self.named()
        for one in self.now.here:
            self.prepare(one)
            self.assess(one, 1)
            self.assess(one, 2)
        return self

    @property
    def when(self) -> dt.datetime:
        """A time at which it may be held."""
        soon = dt.timedelta(days=0 if self.rules.meeting.how == "at_once" else 7)
        return timezone.now() + soon

    def set(self, **given: Any) -> Any:
        """Set the meeting."""
        told = {"process": self.process, "on": self.when, "place": "Invented Hall"} | given
        return self.does(preparing.set_meeting, **told)

    def came(self, one: Participant, **given: Any) -> Any:
        """Record that *one* came, or did not."""
        told = {"participant": one, "came": True} | given
        return self.does(meeting.record_attendance, **told)

    def outcome(self, **given: Any) -> Any:
        """Record that everything was gone through, and agreed."""
        told = {
            "process": self.process, "covered": list(self.rules.agenda), "agreed": True,
            "puts_right": True, "words": "An apology, and the goods are paid for.",
        } | given  # fmt: skip
        return self.does(meeting.record_outcome, **told)

    def feedback(self, one: Participant, **given: Any) -> Any:
        """Record what *one* said of it."""
        told = {"participant": one, "answers": [5, 4, 3], "words": "It helped."} | given
        return self.does(meeting.give_feedback, **told)

    def follow(self, number: int = 1) -> Any:
        """Record a follow-up."""
        return self.does(
            meeting.follow_up, process=self.process, number=number, words="Both are well."
        )

    def stop(self, **given: Any) -> Any:
        """Stop it."""
        told = {"process": self.process, "reason": "not_suitable", "words": "Not now."} | given
        return self.does(beginning.stop, **told)


def held(circle: Circle, later: Any, **outcome: Any) -> Circle:
    """*circle* with its meeting held, everybody there, and the outcome recorded."""
    circle.ready().set()
    later(8)
    for one in circle.now.here:
        circle.came(one)
    circle.outcome(**outcome)
    return circle
