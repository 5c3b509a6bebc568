"""The tables of the register: events are added and never changed; whoever asked is kept apart, and can be erased."""

from typing import Any, Final

from django.db import models

from amends.accounts.models import Force, User
from amends.cases.models.rows import NAME, WORDS, Row, chosen, known
from amends.openness.register_words import WORDS as KINDS

CHANNELS: Final = ("email", "letter", "web_form", "social_media", "other")
REFERENCE: Final = 40


class Request(Row):
    """A request for information: its reference, when and how it came, and which it refines."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=REFERENCE)
    received = models.DateField()
    channel = chosen(*CHANNELS)
    refines = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    rank = models.PositiveSmallIntegerField(default=0)
    """Its place in the queue, kept beside the events that it follows from: 0 due, 1 waiting, 2 over."""
    due = models.DateField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("force", "rank", "due", "-id"), name="request_by_what_is_due"),
        )
        constraints = (
            models.UniqueConstraint(fields=("force", "reference"), name="request_reference_once"),
            known(CHANNELS, "channel", "request_channel_known"),
        )

    def __str__(self) -> str:
        return self.reference

    def relations_of(self, user: User) -> frozenset[str]:
        """The relations of the permission table in which *user* stands to it."""
        return frozenset({"same_force" if user.force_id == self.force_id else "other_force"})

    def changes_since(self, version: int) -> list[str]:
        """What was done to it since *version*, in words."""
        rows = RequestEvent.objects.filter(request=self, version__gt=version).select_related("by")
        return [f"{KINDS[row.kind]} ({row.by})" for row in rows.order_by("version")]


class RequestEvent(Row):
    """Something that happened to a request on a day; `data` holds nothing that says who asked."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="events")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    on = models.DateField()
    data: Any = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("request", "version"), name="request_event_once"),
            known(tuple(KINDS), "kind", "request_event_known"),
        )


class Requester(models.Model):
    """Who asked and where they are reached: nowhere else, and erased without touching what was done."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="requester")
    name = models.CharField(max_length=NAME)
    contact = models.CharField(max_length=300)


class RequesterWords(models.Model):
    """What the requester wrote, in their own words, at a version of the request: it goes with the requester."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="words")
    version = models.PositiveIntegerField()
    words = models.TextField(max_length=WORDS)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("request", "version"), name="requester_words_once"),
        )


class Attached(models.Model):
    """A folder of figures that `amends attach` took in for a request, with the SHA-256 of each of its files.

    Of several of one name the last counts.
    """

    at = models.DateTimeField(auto_now_add=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="attached")
    folder = models.CharField(max_length=100)
    files: Any = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=("folder", "-id"), name="folder_attached_last"),)


class LogEntry(Row):
    """An answer in the disclosure log, as it was published: for everybody, and with nothing of who asked.

    `name` is its address in the log of the force; `searched` what a search looks through.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="logged")
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    name = models.SlugField(max_length=REFERENCE + 4)
    published = models.DateField()
    title = models.TextField()
    asked = models.TextField()
    held = models.TextField()
    answer = models.TextField()
    refusal = models.TextField()
    question = models.TextField()
    folder = models.TextField()
    digest = models.TextField()
    searched = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("force", "name"), name="log_entry_named_once"),
        )
        indexes = (models.Index(fields=("force", "-published", "-id"), name="log_newest_first"),)


class Withdrawal(Row):
    """An answer taken back from the log: on which day, why, and who wanted it; `by` is the second person."""

    entry = models.OneToOneField(LogEntry, on_delete=models.PROTECT, related_name="withdrawal")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    reason = models.TextField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(by=models.F("asked_by")), name="withdrawal_by_two"
            ),
        )
