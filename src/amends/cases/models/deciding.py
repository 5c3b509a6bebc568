"""What the policy of the day said, who allowed it and why, how it ended, and how long it is kept."""

from typing import Any, Final

from django.db import models

from amends.accounts.ranks import RANKS
from amends.cases.models.rows import WORDS, CaseRow, chosen

OVERRIDES: Final = (
    "victim_disagrees", "not_consulted", "serious", "sexual", "domestic_abuse", "history", "other",
)  # fmt: skip
GROUPS: Final = ("1", "2", "3", "4")
GROUNDS: Final = ("court_order", "right_to_erasure", "recorded_in_error")
"""Why a case may be reviewed before its group's period is over."""


class DecisionDocument(CaseRow):
    """The decision of the policy as a document that can be shown again, byte for byte."""

    document = models.TextField()
    digest = models.CharField(max_length=64)
    answer = models.CharField(max_length=20)
    on = models.DateField()


class Authority(CaseRow):
    """Somebody allowed or refused it, with the rank or delegation they did it by, and their reasons."""

    given = models.BooleanField()
    decision = models.ForeignKey(DecisionDocument, on_delete=models.PROTECT, related_name="+")
    rank = models.CharField(max_length=60, choices=list(RANKS.items()), blank=True)
    acting = models.BooleanField(default=False)
    authority = models.PositiveSmallIntegerField()
    reasons = models.TextField(max_length=WORDS)
    overrides: Any = models.JSONField(default=list)
    no_conflict = models.BooleanField()


class Closure(CaseRow):
    """How a case ended: an outcome type of the day, or an incident that was no crime."""

    outcome = models.CharField(max_length=4, blank=True)
    on = models.DateField()
    reasons = models.TextField(max_length=WORDS)


class Retention(CaseRow):
    """How long a case is kept. Source: domain.md 9, groups 1 to 4 and the clear period.

    `ground` is the coded reason for a review before the period of its group is over; empty otherwise.
    """

    group = chosen(*GROUPS)
    review_on = models.DateField()
    ground = models.CharField(
        max_length=20, choices=[(name, name) for name in GROUNDS], blank=True, default=""
    )
    reasons = models.TextField(max_length=WORDS)

    class Meta:
        """What is looked for every day: whose review has come."""

        indexes = (models.Index(fields=("review_on", "case"), name="retention_by_review"),)
