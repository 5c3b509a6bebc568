"""Links by which a victim or person responsible acts without an account, and what only they can say."""

from typing import Final

from django.db import models
from django.utils import timezone

from amends.accounts.models import User
from amends.cases.models.people import Need, PersonRow
from amends.cases.models.rows import WORDS, CaseRow, chosen, known

LEAST, MOST = 1, 5


class Invitation(CaseRow):
    """A link made for somebody in the case. Only the SHA-256 of its token is kept.

    `user` acts for whoever opens it: it holds the role `party`, and can never sign in.
    """

    person = models.ForeignKey("cases.Person", on_delete=models.PROTECT, related_name="+")
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    @property
    def open(self) -> bool:
        """Whether it can still be opened: once, until its end, and unless it was taken back."""
        lasts = timezone.now() < self.expires_at and not self.taken_back
        return lasts and not Opened.objects.filter(invitation=self).exists()

    @property
    def taken_back(self) -> bool:
        """Whether another was made since, or a safe contact recorded: this one may lie in other hands."""
        later = Invitation.objects.filter(person=self.person_id, pk__gt=self.pk)
        safe = Need.objects.filter(person=self.person_id, kind="safe_contact", at__gt=self.at)
        return later.exists() or safe.exists()


class Opened(models.Model):
    """A link that was opened: no link is opened twice."""

    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)


class Feedback(PersonRow):
    """What somebody answered afterwards: were they heard, was it fair, did it put things right; 1 to 5."""

    heard = models.PositiveSmallIntegerField()
    fair = models.PositiveSmallIntegerField()
    put_right = models.PositiveSmallIntegerField()
    words = models.TextField(max_length=WORDS, blank=True)

    class Meta:
        constraints = tuple(
            models.CheckConstraint(
                condition=models.Q(**{f"{name}__gte": LEAST, f"{name}__lte": MOST}),
                name=f"feedback_{name}_1_to_5",
            )
            for name in ("heard", "fair", "put_right")
        )


class ReviewAsked(PersonRow):
    """Somebody asked that what was decided be looked at again, by somebody who did not decide it."""

    words = models.TextField(max_length=WORDS)


FINDINGS: Final = ("right", "changed", "not_right")


class ReviewAnswered(PersonRow):
    """Somebody who did not decide it looked at it again: what they found, and why, in words for who asked.

    `right`: it was right; `changed`: something is done otherwise now; `not_right`: it was not, and cannot be
    changed any more.
    """

    asked = models.OneToOneField(ReviewAsked, on_delete=models.PROTECT, related_name="answer")
    finding = chosen(*FINDINGS)
    words = models.TextField(max_length=WORDS)

    class Meta:
        constraints = (known(FINDINGS, "finding", "review_finding_known"),)
