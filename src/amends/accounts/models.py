"""Forces, the people who work with Amends, and from when until when they were what."""

from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from amends.accounts.permissions import table
from amends.accounts.ranks import GRADES, RANKS

LONGEST_NAME: Final = 60
NOT_BACKWARDS: Final = Q(ends__isnull=True) | Q(ends__gt=F("starts"))
"""A holding ends on a later day than it starts, or is open."""


class Force(models.Model):
    """A police force, by the name that policies and histories call it."""

    slug = models.SlugField(primary_key=True, max_length=LONGEST_NAME)
    name = models.CharField(max_length=120, unique=True)
    invented = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in: an officer, a member of staff, a volunteer or a panel member.

    What they may do comes from the roles, ranks and grades they hold on the day, never from this row.
    """

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="users", null=True)
    pseudonym = models.CharField(max_length=LONGEST_NAME, unique=True)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Held(models.Model):
    """Something that somebody is from one day until another; open where it has no end.

    Rows are never changed but to be ended, and an end is never moved.
    """

    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


def _named(choices: dict[str, str]) -> Any:
    return models.CharField(max_length=LONGEST_NAME, choices=list(choices.items()))


class RankHeld(Held):
    """A rank of a police officer, their own or one they act up to."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="ranks")
    rank = _named(RANKS)
    acting = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=NOT_BACKWARDS, name="rank_not_backwards"),
            models.CheckConstraint(condition=Q(rank__in=list(RANKS)), name="rank_known"),
        )


class GradeHeld(Held):
    """A grade of police staff, which is no rank."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grades")
    grade = _named(GRADES)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=NOT_BACKWARDS, name="grade_not_backwards"),
            models.CheckConstraint(condition=Q(grade__in=list(GRADES)), name="grade_known"),
        )


class RoleHeld(Held):
    """A role of the permission table."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    role = _named(dict(table().roles))

    class Meta:
        constraints = (
            models.CheckConstraint(condition=NOT_BACKWARDS, name="role_not_backwards"),
            models.CheckConstraint(condition=Q(role__in=list(table().roles)), name="role_known"),
        )


class Delegation(Held):
    """A force's word that a staff grade counts as a rank, and where it says so."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="delegations")
    grade = _named(GRADES)
    rank = _named(RANKS)
    source = models.CharField(max_length=300)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=NOT_BACKWARDS, name="delegation_not_backwards"),
        )


class Done(models.Model):
    """An action that was done, by the key of the request that asked for it: asked again, it is not redone."""

    key = models.CharField(max_length=100)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=LONGEST_NAME)
    digest = models.CharField(max_length=64)
    result = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("by", "key"), name="done_once"),)
