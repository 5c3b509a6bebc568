"""What a person is to do where a message did not arrive, was not sent in time, or must be handed over."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from amends.accounts.models import Force, User
from amends.notices.models import GIVEN_UP, LONGEST, OPEN, SENT, Message, Task
from amends.notices.sending import CannotSend, NotSent, Sender

LATE: Final = dt.timedelta(hours=4)
"""A notice that is not sent by then is a task for a person."""
FIRST_LOOK: Final = dt.timedelta(minutes=5)
LONGEST_LOOK: Final = dt.timedelta(hours=6)
LAST_LOOK: Final = dt.timedelta(days=5)
"""After that nobody asks the provider again: Notify forgets after 7 days."""


def open_task(message: Message, what: str, at: dt.datetime) -> Task:
    """Make a task of *message*, or say more exactly what is to be done where there is one already."""
    said = what[:500]
    found, made = Task.objects.get_or_create(
        message=message,
        done_at=None,
        defaults={"force": message.force, "case": message.case, "what": said, "made_at": at},
    )
    if not made and found.what != said:
        found.what = said
        found.save(update_fields=["what"])
    return found


def to_do(force: Force) -> QuerySet[Task]:
    """The tasks of *force* that nobody has done, the oldest first."""
    return Task.objects.filter(force=force, done_at=None).order_by("made_at", "pk")


def of_case(force: Force, case: str) -> QuerySet[Task]:
    """The tasks of *case* that nobody has done, the oldest first."""
    return to_do(force).filter(case=case)


def left() -> int:
    """How many tasks nobody has done, of every force."""
    return Task.objects.filter(done_at=None).count()


def finish(task: Task, *, by: User, at: dt.datetime) -> bool:
    """Note that *by* did *task*; False where it was done already, and then nothing is changed."""
    changed = Task.objects.filter(pk=task.pk, done_at=None).update(done_at=at, done_by=by)
    return bool(changed)


def close(message: Message, at: dt.datetime) -> None:
    """Nothing is left to do: *message* got through after all."""
    Task.objects.filter(message=message, done_at=None).update(done_at=at)


def close_all(references: Iterable[str], at: dt.datetime) -> None:
    """Nothing is left to do about the messages of these *references*: others took their place."""
    of_these = Task.objects.filter(message__reference__in=list(references), done_at=None)
    of_these.update(done_at=at)


def erase(force: Force, case: str) -> None:
    """Delete the tasks of *case*."""
    Task.objects.filter(force=force, case=case).delete()


def remind(now: dt.datetime) -> int:
    """Make a task of every message that still waits after four hours, as where no worker ran; how many."""
    waiting = Message.objects.filter(state__in=OPEN, made_at__lte=now - LATE, tasks=None)
    late = list(waiting.order_by("pk")[:500])
    for message in late:
        with transaction.atomic():
            open_task(message, f"The {message.person} was to be told: it is not sent yet.", now)
    return len(late)


def follow(sender: Sender, now: dt.datetime) -> str | None:
    """Ask whether one message that was sent arrived; its reference, or None where none is to be asked of.

    One that did not arrive, or of which nothing is known after days, becomes a task.
    """
    message = _to_look_at(now)
    if message is None or message.sent_at is None:
        return None
    try:
        arrived = sender.arrived(message.provider_id)
    except (CannotSend, NotSent):
        arrived = None
    rows = Message.objects.filter(pk=message.pk, state=SENT)
    if arrived:
        rows.update(delivered_at=now, next_look_at=None)
    elif arrived is False or now - message.sent_at >= LAST_LOOK:
        why = "it did not arrive" if arrived is False else "nobody says whether it arrived"
        _not_arrived(rows, message, f"Tell the {message.person} in another way: {why}.", now)
    return message.reference


def _to_look_at(now: dt.datetime) -> Message | None:
    """A message whose time has come, put off so that no other worker asks of it meanwhile."""
    due = Message.objects.filter(next_look_at__lte=now)
    if not due.exists():
        return None
    with transaction.atomic():
        message = due.select_for_update(skip_locked=True).order_by("next_look_at", "pk").first()
        if message is None or message.sent_at is None:
            return None
        waited = max(now - message.sent_at, FIRST_LOOK)
        message.next_look_at = now + min(waited, LONGEST_LOOK)
        message.save(update_fields=["next_look_at"])
    return message


def _not_arrived(rows: QuerySet[Message], message: Message, what: str, now: dt.datetime) -> None:
    with transaction.atomic():
        said = what[: LONGEST["error"]]
        if rows.update(state=GIVEN_UP, next_look_at=None, last_error=said):
            open_task(message, what, now)
