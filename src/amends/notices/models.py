"""Messages that wait to be sent or were, and tasks for a person where a machine could not tell somebody."""

from typing import Final

from django.db import models
from django.db.models import Q

CHANNELS: Final = ("email", "text", "letter", "folder")
"""`folder`: nobody but a person can hand it over, so it is laid ready and becomes a task."""
LANGUAGES: Final = ("en", "cy")
QUEUED, SENDING, SENT, FAILED, GIVEN_UP = "queued", "sending", "sent", "failed", "given_up"
STATES: Final = (QUEUED, SENDING, SENT, FAILED, GIVEN_UP)
"""`sending`: a worker has it, or died with it. `failed`: a try failed, and there will be another."""
OPEN: Final = (QUEUED, SENDING, FAILED)
LONGEST: Final = {"case": 80, "person": 80, "reference": 100, "subject": 200, "error": 300}


def _one_of(names: tuple[str, ...]) -> "models.CharField[str, str]":
    longest = max(map(len, names))
    return models.CharField(max_length=longest, choices=[(name, name) for name in names])


class Message(models.Model):
    """Something to be told to one person, and how far that has come.

    It holds personal data, so it goes with its case. `person` is a label such as `victim`, never a name.
    `reference` is ours: the same one is the same message, here and at the provider. `next_try_at` is when
    a worker may next take it; for a message being sent, when the worker that has it is taken for dead.
    """

    force = models.ForeignKey("accounts.Force", on_delete=models.PROTECT, related_name="+")
    case = models.CharField(max_length=LONGEST["case"])
    person = models.CharField(max_length=LONGEST["person"])
    channel = _one_of(CHANNELS)
    address = models.TextField(max_length=1_000)
    template = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    language = _one_of(LANGUAGES)
    subject = models.CharField(max_length=LONGEST["subject"])
    body = models.TextField()
    reference = models.CharField(max_length=LONGEST["reference"], unique=True)
    made_at = models.DateTimeField()
    state = _one_of(STATES)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=120, blank=True)
    last_error = models.CharField(max_length=LONGEST["error"], blank=True)

    class Meta:
        """What the database itself keeps."""

        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="message_state_known"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="message_channel_known"),
            models.CheckConstraint(
                condition=Q(language__in=LANGUAGES), name="message_language_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=SENT) | Q(sent_at__isnull=False), name="message_sent_when"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, next_try_at__isnull=False)
                | Q(state__in=(SENT, GIVEN_UP), next_try_at__isnull=True),
                name="message_open_is_tried",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_try_at", "id"), condition=Q(state__in=OPEN), name="message_waiting"
            ),
            models.Index(
                fields=("next_look_at",),
                condition=Q(next_look_at__isnull=False),
                name="message_followed",
            ),
            models.Index(fields=("force", "case"), name="message_of_case"),
        )

    def __str__(self) -> str:
        return self.reference


class Task(models.Model):
    """Something a person is to do, because a message did not arrive or cannot arrive by itself.

    `done_by` is nobody where the message got through after all.
    """

    force = models.ForeignKey("accounts.Force", on_delete=models.PROTECT, related_name="+")
    case = models.CharField(max_length=LONGEST["case"])
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="tasks", null=True)
    what = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        """What the database itself keeps."""

        constraints = (
            models.CheckConstraint(
                condition=Q(done_by__isnull=True) | Q(done_at__isnull=False), name="task_done_when"
            ),
            models.UniqueConstraint(
                fields=("message",), condition=Q(done_at__isnull=True), name="task_open_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("force", "made_at"), condition=Q(done_at__isnull=True), name="task_to_do"
            ),
            models.Index(fields=("force", "case"), name="task_of_case"),
        )

    def __str__(self) -> str:
        return self.what
