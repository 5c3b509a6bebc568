"""How far processes have come, read from their rows in as many questions to the database as for one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import texts
from amends.cases.models import Conflict, Step
from amends.restorative import processes, reading
from amends.restorative.models import (
    Attendance,
    Facilitator,
    FollowUp,
    Leaving,
    Meeting,
    Outcome,
    Participant,
    Preparation,
    Process,
    ProcessRow,
    RiskAssessment,
    Stop,
)
from amends.restorative.processes import Kind, Missing, Party

WITHDRAWN = ("cases.withdraw", "cases.withdraw_admission")
"""What stops a process without another word: either side withdrew, or the admission is gone."""


def kinds() -> dict[tuple[str, int], Kind]:
    """Every kind of process: those that ship, and the force's own in `processes` of the service's folder.

    Raises Refused with RJ-FILE where a file of its own cannot be used.
    """
    try:
        return reading.read(Path(settings.AMENDS_FOLDER) / "processes")
    except reading.BadProcess as error:
        raise Refused("RJ-FILE", f"A kind of process cannot be read. {error}") from None


@dataclass(frozen=True)
class Progress:
    """One process as it stands: its kind, who takes part, and the last of what was recorded.

    `meeting` is None unless one that was set still stands; `last_meeting` is the last that was ever set.
    """

    process: Process
    kind: Kind
    here: tuple[Participant, ...]
    parties: tuple[Party, ...]
    facilitators: frozenset[int]
    last_meeting: Meeting | None = None
    outcome: Outcome | None = None
    stopped: bool = False
    withdrawn: bool = False
    came: dict[int, bool] = field(default_factory=dict)
    followed_up: frozenset[int] = frozenset()

    @property
    def missing(self) -> list[Missing]:
        """What is still to be done before a meeting can be set."""
        return processes.missing(self.kind, self.parties, len(self.facilitators))

    @property
    def meeting(self) -> Meeting | None:
        """The meeting that stands."""
        last = self.last_meeting
        if last is None or self.missing or not processes.stands(last.version, self.parties):
            return None
        return last

    @property
    def over(self) -> bool:
        """Whether nothing more may be done before the meeting, or there was one and it is recorded."""
        return self.stopped or self.withdrawn or self.outcome is not None

    @property
    def hold_by(self) -> dt.date | None:
        """The day by which it is best held, by its kind; None where that says nothing. It refuses nothing."""
        days = self.kind.meeting.hold_within_days
        return None if days is None else day_of(self.process.at) + dt.timedelta(days=days)

    @property
    def held(self) -> dt.date | None:
        """The day of the meeting of which the outcome is recorded."""
        return None if self.outcome is None else day_of(self.outcome.meeting.on)

    @property
    def due(self) -> list[dt.date]:
        """The day of each follow-up; none before the outcome is recorded."""
        return [] if self.held is None else self.kind.due(self.held)

    def side(self, participant: Participant) -> str:
        """What *participant* is to the harm."""
        return self.kind.roles[participant.role].side


def day_of(when: dt.datetime) -> dt.date:
    """The day of *when* where the force is."""
    return timezone.localtime(when).date()


def read(rows: Iterable[Process]) -> dict[int, Progress]:
    """How far each of *rows* has come, by its number. Raises Refused where a kind is no longer held."""
    held, known = list(rows), kinds()
    found = _Rows(held)
    made = {}
    for process in held:
        kind = known.get((process.kind, process.kind_version))
        if kind is None:
            told = f"The kind {process} is no longer held. Put its file back."
            raise Refused("RJ-FILE", told)
        made[process.pk] = found.progress(process, kind)
    return made


def of(process: Process) -> Progress:
    """How far *process* has come."""
    return read([process])[process.pk]


class _Rows:
    """The rows of several processes, by process."""

    def __init__(self, held: list[Process]) -> None:
        self.ids = [one.pk for one in held]
        self.left = {row.participant_id for rows in self._of(Leaving).values() for row in rows}
        self.people = self._of(Participant, "person")
        self.prepared, self.risks = self._of(Preparation), self._of(RiskAssessment)
        self.meetings, self.attendance = self._of(Meeting), self._of(Attendance)
        self.outcomes, self.stops = self._of(Outcome, "meeting"), self._of(Stop)
        self.leaders, self.followed = self._of(Facilitator, "user"), self._of(FollowUp)
        cases = {one.case_id for one in held}
        conflicts = Conflict.objects.filter(case_id__in=cases)
        self.conflicts = set(conflicts.values_list("case_id", "user_id"))
        self.withdrawals: dict[int, int] = {}
        steps = Step.objects.filter(case_id__in=cases, command__in=WITHDRAWN)
        for step in steps:
            last = self.withdrawals.get(step.case_id, 0)
            self.withdrawals[step.case_id] = max(last, step.version)

    def _of(self, model: type[ProcessRow], *related: str) -> dict[int, list[Any]]:
        rows = model._default_manager.filter(process__in=self.ids).order_by("version", "pk")
        found: dict[int, list[Any]] = defaultdict(list)
        for row in rows.select_related(*related) if related else rows:
            found[row.process_id].append(row)
        return found

    def progress(self, process: Process, kind: Kind) -> Progress:
        number = process.pk
        here = tuple(one for one in self.people[number] if one.pk not in self.left)
        meeting = _last(self.meetings[number])
        came = {
            row.participant_id: row.came
            for row in self.attendance[number]
            if meeting is not None and row.meeting_id == meeting.pk
        }
        return Progress(
            process, kind, here, tuple(self._party(one) for one in here),
            self._leading(process), meeting,
            _last(self.outcomes[number]), bool(self.stops[number]),
            self.withdrawals.get(process.case_id, 0) > process.version, came,
            frozenset(one.number for one in self.followed[number]),
        )  # fmt: skip

    def _leading(self, process: Process) -> frozenset[int]:
        """Who leads it: nobody who has left the service, or is close to somebody in the case."""
        return frozenset(
            row.user_id
            for row in self.leaders[process.pk]
            if row.user.is_active and (process.case_id, row.user_id) not in self.conflicts
        )

    def _party(self, one: Participant) -> Party:
        signed = [row for row in self.prepared[one.process_id] if row.participant_id == one.pk]
        risks = [row for row in self.risks[one.process_id] if row.participant_id == one.pk]
        first = _last([row for row in risks if row.stage == 1])
        # The second look is at what the first one found: it counts only after it.
        second = _last(
            [row for row in risks if row.stage == 2 and first and row.version > first.version]
        )
        return Party(
            number=one.pk,
            role=one.role,
            name=one.name,
            child=is_child(one),
            willing=signed[-1].willing if signed else None,
            risk={1: first and first.fit, 2: second and second.fit},
            joined=one.version,
            unfit=max((row.version for row in risks if not row.fit), default=0),
        )


def _last(rows: list[Any]) -> Any:
    return rows[-1] if rows else None


def is_child(one: Participant) -> bool | None:
    """Whether a participant is under 18 today; None where it is not known."""
    born = one.person.born if one.person is not None else None
    return one.under_18 if born is None else texts.age(born, today()) < processes.ADULT
