"""The tables of the ledger: entries, their payloads, epochs, checkpoints, and who looked at what."""

import datetime as dt
from typing import Final

from django.db import models
from django.db.models import F, Q

from amends.ledger.leaves import LONGEST, Leaf, read_moment

MOMENT: Final = 27
"""Characters of a time as `leaves.moment` writes it; what is hashed is what is kept."""


class Entry(models.Model):
    """One event. Once the sequencer has given it an index, nothing of it ever changes.

    Until then *index*, *case_sequence*, *previous* and *leaf* are all unknown.
    """

    force = models.CharField(max_length=LONGEST["force"])
    case = models.CharField(max_length=LONGEST["case"], blank=True, default="")
    kind = models.CharField(max_length=LONGEST["kind"])
    by = models.CharField(max_length=LONGEST["by"])
    at = models.CharField(max_length=MOMENT)
    policy = models.CharField(max_length=LONGEST["policy"], blank=True, default="")
    commitment = models.BinaryField(max_length=32)
    index = models.BigIntegerField(null=True, default=None)
    case_sequence = models.IntegerField(null=True, default=None)
    previous = models.BinaryField(max_length=32, null=True, default=None)
    leaf = models.BinaryField(max_length=32, null=True, default=None)

    class Meta:
        """What the database itself keeps."""

        constraints = (
            # Only entries that have a place are in these indexes: entering one touches neither.
            models.UniqueConstraint(
                fields=("index",), condition=Q(index__isnull=False), name="ledger_entry_index"
            ),
            models.CheckConstraint(
                name="ledger_entry_sequenced_whole_or_not",
                condition=Q(index=None, case_sequence=None, previous=None, leaf=None)
                | Q(
                    index__isnull=False,  # said outright: a check that is unknown passes
                    index__gte=0,
                    case_sequence__isnull=False,
                    case_sequence__gte=0,
                    previous__isnull=False,
                    leaf__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                fields=("force", "case", "case_sequence"),
                condition=Q(case_sequence__gt=0),
                name="ledger_entry_case_sequence",
            ),
        )
        indexes = (
            models.Index(fields=("id",), condition=Q(index=None), name="ledger_entry_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.case} ({'waiting' if self.index is None else self.index})"

    @property
    def time(self) -> dt.datetime:
        """When it happened."""
        return read_moment(self.at)

    def as_leaf(self) -> Leaf:
        """The leaf made anew from the columns; only of an entry that has been sequenced."""
        if self.case_sequence is None or self.previous is None:
            raise ValueError(f"The entry {self.pk} has not been sequenced yet.")
        return Leaf(
            force=self.force, case=self.case, case_sequence=self.case_sequence,
            previous=bytes(self.previous), kind=self.kind, by=self.by, at=self.at,
            policy=self.policy, commitment=bytes(self.commitment),
        )  # fmt: skip


class Payload(models.Model):
    """What an entry holds, and the nonce of its commitment: the part that can lawfully be erased."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="kept")
    nonce = models.BinaryField(max_length=16)
    payload = models.BinaryField()

    def __str__(self) -> str:
        return f"payload of entry {self.pk}"


class Epoch(models.Model):
    """A stretch of the log under one origin; a new one is opened only when a past head was lost.

    The entries *kept* to *lost* (first to one past the last) of the epoch before are the gap.
    """

    number = models.PositiveIntegerField(unique=True)
    origin = models.CharField(max_length=200, unique=True)
    at = models.CharField(max_length=MOMENT)
    reason = models.CharField(max_length=500)
    kept = models.BigIntegerField(default=0)
    lost = models.BigIntegerField(default=0)
    last_note = models.TextField(blank=True, default="")

    class Meta:
        """What the database itself keeps."""

        constraints = (
            models.CheckConstraint(name="ledger_epoch_gap", condition=Q(lost__gte=F("kept"))),
        )

    def __str__(self) -> str:
        return self.origin


class Checkpoint(models.Model):
    """A head that was signed; `published` once its note was put where others can see it."""

    epoch = models.ForeignKey(Epoch, models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    at = models.CharField(max_length=MOMENT)
    note = models.TextField()
    published = models.BooleanField(default=False)

    class Meta:
        """What the database itself keeps."""

        constraints = (
            models.UniqueConstraint(fields=("epoch", "size"), name="ledger_checkpoint_size"),
        )

    def __str__(self) -> str:
        return f"{self.epoch} at {self.size}"


class Look(models.Model):
    """Somebody looked at something, and why (Data Protection Act 2018 s62); one tree for a month."""

    mark = models.UUIDField(unique=True)
    month = models.CharField(max_length=7)
    at = models.CharField(max_length=MOMENT)
    force = models.CharField(max_length=LONGEST["force"])
    by = models.CharField(max_length=LONGEST["by"])
    what = models.CharField(max_length=200)
    why = models.CharField(max_length=200)
    nonce = models.BinaryField(max_length=16)
    index = models.BigIntegerField(null=True, default=None)

    class Meta:
        """What the database itself keeps."""

        constraints = (
            models.UniqueConstraint(fields=("month", "index"), name="ledger_look_index"),
        )
        indexes = (
            models.Index(fields=("force", "by", "at"), name="ledger_look_by"),
            models.Index(fields=("force", "what", "at"), name="ledger_look_what"),
        )

    def __str__(self) -> str:
        return f"{self.by} looked at {self.what}"

    @property
    def time(self) -> dt.datetime:
        """When it was."""
        return read_moment(self.at)
