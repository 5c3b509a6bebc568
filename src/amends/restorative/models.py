"""The tables of a restorative process: rows are added and never changed, and the last one counts.

Every row keeps at which version of its case it was added: so what came before what does not hang on a clock.
"""

from typing import Any, Final

from django.db import models
from django.db.models import Q

from amends.accounts.models import User
from amends.cases.models import Case, Person
from amends.cases.models.rows import NAME, WORDS, Row, chosen, known
from amends.restorative.processes import STAGES

NOT_THERE: Final = (
    "ill", "work_or_school", "caring", "travel", "not_told", "unsafe", "chose_not_to", "not_known",
)  # fmt: skip
"""Why somebody did not come. For a victim it is never `chose_not_to`: only a withdrawal says that."""
REARRANGED: Final = (
    "victim_asked", "responsible_asked", "facilitator", "place", "not_held", "somebody_joined",
    "risk", "other",
)  # fmt: skip
STOPPED: Final = ("unsafe", "not_reached", "not_suitable", "not_wanted", "other")
PLACE: Final = 200


class Process(Row):
    """A restorative process of one case: the kind and the version of it that it was begun with."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="processes")
    kind = models.CharField(max_length=40)
    kind_version = models.PositiveIntegerField()
    version = models.PositiveIntegerField()

    class Meta:
        indexes = (models.Index(fields=("case", "id"), name="process_of_case"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.kind_version}"


class ProcessRow(Row):
    """A row of one process, and the version of the case that it made."""

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()

    class Meta:
        abstract = True


class Facilitator(ProcessRow):
    """Somebody who leads the process, in which role, and how they were trained for it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    trained = models.BooleanField()
    training = models.CharField(max_length=NAME, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("process", "user"), name="facilitator_once"),
        )


class Participant(ProcessRow):
    """Somebody who takes part: a person of the case, or somebody who is in it for this alone."""

    role = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=NAME)
    under_18 = models.BooleanField(null=True)

    def __str__(self) -> str:
        return self.name


class Leaving(ProcessRow):
    """Somebody who was to take part no longer does. It says nothing of why; a party withdraws in the case."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="+")


class Preparation(ProcessRow):
    """A participant was prepared apart from the others, signed by whoever added this, and whether they are willing."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    willing = models.BooleanField()
    words = models.TextField(max_length=WORDS)


class RiskAssessment(ProcessRow):
    """One stage of the written risk assessment of one participant, signed by whoever added this."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    stage = models.PositiveSmallIntegerField()
    fit = models.BooleanField()
    words = models.TextField(max_length=WORDS)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="risk_stage_known"),
        )


class Meeting(ProcessRow):
    """A day and a place that were set; set again, with the coded reason, in a later row."""

    on = models.DateTimeField()
    place = models.CharField(max_length=PLACE)
    rearranged = models.CharField(
        max_length=20, choices=[(name, name) for name in REARRANGED], blank=True
    )

    class Meta:
        constraints = (known(("", *REARRANGED), "rearranged", "meeting_rearranged_known"),)
        indexes = (models.Index(fields=("on",), name="meeting_by_day"),)


class Attendance(ProcessRow):
    """Whether a participant came to a meeting, or took part from where they were; and if not, a coded reason."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    came = models.BooleanField()
    reason = models.CharField(
        max_length=20, choices=[(name, name) for name in NOT_THERE], blank=True
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(came=True, reason="") | Q(came=False, reason__in=NOT_THERE),
                name="attendance_reason_if_absent",
            ),
        )


class Outcome(ProcessRow):
    """What came of a meeting: what was gone through, whether they agreed, and whether it puts the harm right.

    What each will do is an agreement of the case, once it may be made.
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="+")
    covered: Any = models.JSONField(default=list)
    agreed = models.BooleanField()
    puts_right = models.BooleanField(null=True)
    words = models.TextField(max_length=WORDS)


class Feedback(ProcessRow):
    """What a participant said afterwards: a number from 1 to 5 for each question, and in words."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+")
    answers: Any = models.JSONField()
    words = models.TextField(max_length=WORDS, blank=True)


class FollowUpDue(ProcessRow):
    """A follow-up that is to be done: which of its kind, and by which day. It is found in the database by it."""

    number = models.PositiveSmallIntegerField()
    due = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("process", "number"), name="follow_up_due_once"),
        )
        indexes = (models.Index(fields=("due",), name="follow_up_by_day"),)


class FollowUp(ProcessRow):
    """A follow-up that was done: which of its kind, the day it was due, and what was found."""

    number = models.PositiveSmallIntegerField()
    due = models.DateField()
    words = models.TextField(max_length=WORDS)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("process", "number"), name="follow_up_once"),
        )


class Stop(ProcessRow):
    """The process was stopped: a coded reason, and in words. What withdrew stops it without this."""

    reason = chosen(*STOPPED)
    words = models.TextField(max_length=WORDS)

    class Meta:
        constraints = (
            known(STOPPED, "reason", "stop_reason_known"),
            models.UniqueConstraint(fields=("process",), name="stopped_once"),
        )


_ERASED: Final[tuple[type[ProcessRow], ...]] = (
    Stop, FollowUp, FollowUpDue, Feedback, Outcome, Attendance, Meeting, RiskAssessment, Preparation, Leaving,
    Participant, Facilitator,
)  # fmt: skip


def erase_rows(case: Any) -> None:
    """Delete every restorative row of *case*, in the order in which one refers to another."""
    for model in _ERASED:
        model._default_manager.filter(process__case=case).delete()
    Process.objects.filter(case=case).delete()
