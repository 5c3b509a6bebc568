"""The people of a case, what they need, and what they said: a change of mind is a new row."""

from typing import Final

from django.db import models
from django.db.models import Q

from amends.cases.models.rows import LANGUAGE, NAME, WORDS, CaseRow, Row, chosen, known

PARTS: Final = ("victim", "suspect", "appropriate_adult", "speaks_for", "witness")
KINDS: Final = ("person", "business", "public_body")
NEEDS: Final = ("interpreter", "access", "safe_contact", "language", "vulnerable")
FORMS: Final = ("admits_offence", "accepts_responsibility", "none")
POSITIONS: Final = ("agree", "disagree", "no_view", "not_contactable")
METHODS: Final = ("in_person", "telephone", "letter", "email", "text_message", "video")
REACHED: Final = ("reached", "no_answer", "message_left", "refused", "unsafe")
CHANNELS: Final = (*METHODS, "link")
REASONS: Final = ("cannot_be_found", "at_risk_if_contacted", "asked_not_to_be", "no_capacity")
SIDES: Final = ("victim", "offender")


class Person(CaseRow):
    """Somebody in a case: a person, a business or a public body.

    A business or public body, and a child, is spoken for by somebody in a row of their own.
    """

    part = chosen(*PARTS)
    kind = chosen(*KINDS)
    name = models.CharField(max_length=NAME)
    born = models.DateField(null=True)
    speaks_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            known(PARTS, "part", "person_part_known"),
            known(KINDS, "kind", "person_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="person") | Q(born__isnull=True), name="only_people_are_born"
            ),
            models.UniqueConstraint(
                fields=("case",), condition=Q(part="suspect"), name="one_suspect_a_case"
            ),
        )

    def __str__(self) -> str:
        return self.name


class NameKey(models.Model):
    """How one word of somebody's name sounds, to find them by."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=16)

    class Meta:
        indexes = (models.Index(fields=("key", "person"), name="name_key"),)


class PersonRow(Row):
    """A row about one person of a case."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Need(PersonRow):
    """Something a person needs, asked once and carried everywhere; a safe contact beats every template."""

    kind = chosen(*NEEDS)
    words = models.CharField(max_length=500)


class Admission(PersonRow):
    """What the suspect said of the offence, in the words used; `none` where it was withdrawn or not made.

    `cautioned` and `advice_offered` are not known where nobody recorded them.
    """

    form = chosen(*FORMS)
    words = models.TextField(max_length=WORDS)
    where = models.CharField(max_length=NAME)
    said_at = models.DateTimeField()
    cautioned = models.BooleanField(null=True)
    advice_offered = models.BooleanField(null=True)


class OffenderSays(PersonRow):
    """Whether the person responsible agrees to take part, and whether an appropriate adult was there."""

    agrees = models.BooleanField()
    words = models.TextField(max_length=WORDS)
    appropriate_adult_there = models.BooleanField(null=True)


class VictimContact(PersonRow):
    """An attempt to reach a victim, and what came of it."""

    method = chosen(*METHODS)
    result = chosen(*REACHED)
    tried_at = models.DateTimeField()


class VictimView(PersonRow):
    """What a victim said of a community resolution. There is no row where they said nothing.

    `informed` says whether they were told what it is and what it is not, in the *wording* kept. `remedy`
    is the listed action they asked for; empty where they asked for none, NULL where nobody asked.
    """

    position = chosen(*POSITIONS)
    informed = models.BooleanField(null=True)
    words = models.TextField(max_length=WORDS)
    remedy = models.CharField(max_length=NAME, null=True)
    wording = models.CharField(max_length=20)
    channel = chosen(*CHANNELS)
    language = models.CharField(max_length=LANGUAGE)
    witness = models.CharField(max_length=NAME, blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (known(POSITIONS, "position", "view_position_known"),)


class NotConsulted(PersonRow):
    """Why a victim was not consulted: coded, and in words, by somebody who may say so."""

    reason = chosen(*REASONS)
    words = models.TextField(max_length=WORDS)


class Told(PersonRow):
    """A letter that was put into the outbox for somebody: of what kind, and in which language."""

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2)

    @property
    def reference(self) -> str:
        """What its message is called in the outbox."""
        return f"{self.person.case.force_id}.{self.pk}.{self.kind}"


class Withdrawal(PersonRow):
    """Somebody withdrew, at what state of the case, and what they said; they owe nobody a reason.

    `said_before` is the number of the last thing they had said, a view or whether they take part, or 0:
    the withdrawal is of it and of all before it, whatever the clock says.
    """

    side = chosen(*SIDES)
    state = models.CharField(max_length=12)
    words = models.TextField(max_length=WORDS, blank=True)
    said_before = models.BigIntegerField(default=0)
