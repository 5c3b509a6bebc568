"""The case, what was done in it, what is known of it, and who has to do with it."""

from typing import Any, Final

from django.db import models

from amends.accounts.models import Force, User
from amends.accounts.standing import remembered
from amends.cases.lifecycle import START, lifecycle
from amends.cases.models.rows import NAME, WORDS, CaseRow, chosen, known

TASKS: Final = ("facilitate", "victim_care", "youth_justice", "help")
LINKS: Final = ("same_event", "co_offender", "cross_allegation", "series")
RECORDS: Final = (
    "rationale", "full_rationale", "history_check", "panel_referral", "supervisor_consulted",
    "remedy_reason", "completion", "note", "youth_justice",
)  # fmt: skip
STATES: Final = tuple(lifecycle().states)


class Case(models.Model):
    """A crime, or an incident, that may be settled by community resolution with one person responsible.

    Only `state`, `version`, `officer` and `outcome` ever change, by an action that adds a `Step`.
    """

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=60)
    state = chosen(*STATES)
    version = models.PositiveIntegerField(default=1)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cases")
    raised_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=4, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("force", "reference"), name="case_reference_once"),
            known(STATES, "state", "case_state_known"),
        )
        indexes = (
            models.Index(fields=("force", "state", "id"), name="case_by_state"),
            models.Index(fields=("officer", "state", "id"), name="case_by_officer"),
            models.Index(fields=("force", "raised_at"), name="case_by_day"),
        )

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def new(cls, force: Force, reference: str, by: User) -> "Case":
        """A case that has just been raised by *by*, not yet saved."""
        return cls(force=force, reference=reference, state=START, raised_by=by, officer=by)

    def relations_of(self, user: User) -> frozenset[str]:
        """The relations of the permission table in which *user* stands to it."""
        if user.force_id != self.force_id:
            return frozenset({"other_force"})
        return remembered(("relations", self.pk, user.pk), lambda: self._relations_of(user))

    def _relations_of(self, user: User) -> frozenset[str]:
        found = {"same_force"}
        if user.pk in (self.officer_id, self.raised_by_id):
            found.add("officer_in_case")
        else:
            # Nobody supervises themselves, so nobody is their own supervisor in their own case.
            found.add("supervisor_of")
        from amends.cases.models.invited import Invitation  # noqa: PLC0415 (it refers to the case)

        for relation, rows in (
            ("asked", Asked),
            ("invited", Invitation),
            ("assigned", Assignment),
            ("conflicted", Conflict),
        ):
            if rows._default_manager.filter(case=self, user=user).exists():
                found.add(relation)
        return frozenset(found)

    def changes_since(self, version: int) -> list[str]:
        """What was done to it since *version*, in words."""
        steps = Step.objects.filter(case=self, version__gt=version).select_related("by")
        return [f"{step.by} did this: {step.does.lower()}" for step in steps.order_by("version")]


class Step(CaseRow):
    """One thing that was done in a case: the command, and the states before and after it."""

    version = models.PositiveIntegerField()
    command = models.CharField(max_length=60)
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "version"), name="step_once_a_version"),
        )

    @property
    def does(self) -> str:
        """What was done, in words."""
        from amends.accounts.permissions import table  # noqa: PLC0415 (only for people to read)

        return table().actions[self.command].does


class Circumstance(CaseRow):
    """A fact of the case by its name in the catalogue; the latest row counts, earlier ones stay."""

    name = models.CharField(max_length=60)
    value: Any = models.JSONField(null=True)

    class Meta:
        indexes = (models.Index(fields=("case", "name", "id"), name="circumstance_latest"),)


class Record(CaseRow):
    """Something that had to be recorded, in words: a rationale, a check, a note."""

    kind = chosen(*RECORDS)
    words = models.TextField(max_length=WORDS)

    class Meta:
        constraints = (known(RECORDS, "kind", "record_kind_known"),)


class Asked(CaseRow):
    """Somebody who was asked to authorise."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="asked")


class Assignment(CaseRow):
    """Somebody who has a task in the case."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assigned")
    task = chosen(*TASKS)


class Conflict(CaseRow):
    """Somebody who is part of the case, or close to somebody who is."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    reason = models.CharField(max_length=300)


class Link(CaseRow):
    """Another case of the same force that belongs with this one, and how."""

    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = chosen(*LINKS)


class Share(CaseRow):
    """Somebody outside the force with whom the case was shared, and why they may see it."""

    with_whom = models.CharField(max_length=NAME)
    reason = models.CharField(max_length=500)


class Passed(CaseRow):
    """A letter was handed over, or somebody told in another way: which task of the outbox that was, and how."""

    task = models.PositiveBigIntegerField(unique=True)
    words = models.TextField(max_length=WORDS)
