"""What was explained, agreed and done, letter and payments among it, and what followed a breach."""

from typing import Final

from django.db import models
from django.db.models import Q

from amends.cases.models.rows import LANGUAGE, NAME, WORDS, CaseRow, Row, chosen

OBJECTS: Final = ("rehabilitate", "repair", "punish")
EVENTS: Final = ("done", "part", "waived", "not_done", "paid")
LETTER: Final = ("written", "screened", "sent_back", "offered", "delivered", "declined")
BREACH: Final = ("escalate", "offer_again", "vary", "close")


class RemedyDocument(Row):
    """The community remedy document of a force's area from one day on: what victims can ask for.

    Source: Anti-social Behaviour, Crime and Policing Act 2014 s101: each local policing body prepares one.
    """

    force = models.ForeignKey("accounts.Force", on_delete=models.PROTECT, related_name="+")
    starts = models.DateField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("force", "starts"), name="remedies_once_a_day"),
        )


class RemedyAction(models.Model):
    """One listed action of a community remedy document, and its object."""

    document = models.ForeignKey(RemedyDocument, on_delete=models.PROTECT, related_name="actions")
    name = models.CharField(max_length=NAME)
    object = chosen(*OBJECTS)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("document", "name"), name="remedy_listed_once"),
        )


class Notice(CaseRow):
    """The consequences were explained in the *wording* kept, and two questions were answered.

    It counts only where both answers show that it was understood.
    """

    wording = models.CharField(max_length=20)
    knows_it_is_recorded = models.BooleanField()
    knows_it_may_be_disclosed = models.BooleanField()
    language = models.CharField(max_length=LANGUAGE)

    @property
    def understood(self) -> bool:
        """Whether both questions were answered rightly."""
        return self.knows_it_is_recorded and self.knows_it_may_be_disclosed


class AsHeard(models.Model):
    """How far the victims had been heard and told: the numbers of the last contact, view and letter in the case.

    Not known (NULL) in rows of before this was kept, and 0 where there was none.
    """

    contacts_before = models.BigIntegerField(null=True)
    views_before = models.BigIntegerField(null=True)
    letters_before = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


class Agreement(CaseRow, AsHeard):
    """What was agreed; a later one takes the place of an earlier, which stays."""

    reasons = models.TextField(max_length=WORDS, blank=True)


class AgreedAction(models.Model):
    """One thing to be done: who does what for which object, by when, and what will prove it.

    Source of the objects: Anti-social Behaviour, Crime and Policing Act 2014 s101(3).
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="actions")
    what = models.CharField(max_length=300)
    object = chosen(*OBJECTS)
    due = models.DateField()
    proof = models.CharField(max_length=NAME)
    pence = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(pence__isnull=True) | Q(pence__gt=0), name="pence_some"
            ),
        )


class ActionEvent(Row):
    """Something that became of an agreed action: done, paid in part, waived or not done."""

    action = models.ForeignKey(AgreedAction, on_delete=models.PROTECT, related_name="events")
    kind = chosen(*EVENTS)
    proof = models.CharField(max_length=300)
    pence = models.PositiveIntegerField(null=True)


class LetterStep(CaseRow):
    """A step of a letter of apology: written, screened, offered, and taken or declined.

    It is never sent to a victim who was not asked and did not say yes.
    """

    step = chosen(*LETTER)
    words = models.TextField(max_length=WORDS, blank=True)


class BreachDecision(CaseRow, AsHeard):
    """What follows a breach, why, and until when a prosecution would still have been possible."""

    choice = chosen(*BREACH)
    reasons = models.TextField(max_length=WORDS)
    last_day = models.DateField(null=True)
