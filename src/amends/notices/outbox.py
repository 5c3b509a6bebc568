"""The outbox: a message is queued with what it tells of, and carried by workers that may die at any moment.

A worker claims one message, asks the provider whether an earlier try arrived after all, sends, and notes it.
Nothing is lost, because only an answer closes a message; nothing is sent twice, because every try but the
first asks first, and asks only when what was under way has arrived or never will (`Pace.settling`, `lease`).
That rests on the provider: it must know a reference from the moment it takes a message.
"""

import datetime as dt
import random
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet

from amends.accounts.models import Force
from amends.ledger import book
from amends.notices import tasks
from amends.notices.models import FAILED, GIVEN_UP, LONGEST, OPEN, QUEUED, SENDING, SENT, Message
from amends.notices.sending import REFERENCE, CannotSend, Folder, NotSent, Parcel, Sender

BY: Final = "amends"
"""Who does it, in the ledger: the service itself."""


class OtherMessage(ValueError):
    """A reference under which something else was queued before: nothing was changed."""


class NoTransaction(RuntimeError):
    """A message may be queued only together with what it tells of: inside a transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be told: of which case, to whom, where, and in which words of which template.

    *person* is a label such as `victim`; *body* is plain text for `email` and `text`, else an HTML page.
    """

    force: Force
    case: str
    person: str
    channel: str
    address: str
    template: str
    version: int
    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patient the workers are. A message is given up within four hours, and a person is told then.

    Source of the four hours: GOV.UK Notify's own patience with its providers, 48 tries in 4 hours.
    """

    first: dt.timedelta = dt.timedelta(seconds=30)
    longest: dt.timedelta = dt.timedelta(minutes=30)
    tries: int = 13
    settling: dt.timedelta = dt.timedelta(minutes=2)
    """After an unclear answer, how long what is under way may still take to arrive."""
    lease: dt.timedelta = dt.timedelta(minutes=10)
    """How long a worker may have a message before it is taken for dead; it begins to send in the first half."""
    remembered: dt.timedelta = dt.timedelta(days=6)
    """How long the provider can surely be asked. Notify forgets after 7 days."""

    def wait(self, tries: int, *, unclear: bool, chance: random.Random) -> dt.timedelta:
        """How long to wait after that many tries: twice as long each time, less up to half by chance."""
        whole = min(self.first * (1 << min(tries - 1, 30)), self.longest)
        waited = whole * chance.uniform(0.5, 1)
        return max(waited, self.settling) if unclear else waited


PACE: Final = Pace()
_CHANCE: Final = random.Random()
_TOKEN: Final = re.compile(r"(/link/)[\w-]{20,}/?")
"""The part of a link that opens it."""
_AT_ONCE: Final = 500
"""References that a database is asked about at once."""


def queue(draft: Draft, *, reference: str, at: dt.datetime) -> Message:
    """Put *draft* into the outbox, in the caller's transaction; queued again, it is the same message.

    *reference* is the caller's name for this telling: letters, digits, `.`, `_` and `-`. Raises
    OtherMessage where it names another message, NoTransaction outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NoTransaction("Queue a message inside the transaction of what it tells of.")
    if not REFERENCE.fullmatch(reference):
        raise ValueError(
            f"{reference!r} is no reference: letters, digits, '.', '_', '-', up to 100."
        )
    given = {field.name: getattr(draft, field.name) for field in fields(draft)}
    found = Message.objects.filter(reference=reference).first()
    if found is None:
        try:
            with transaction.atomic():
                return Message.objects.create(
                    **given, reference=reference, made_at=at, state=QUEUED, next_try_at=at
                )
        except IntegrityError:
            found = Message.objects.filter(reference=reference).first()
            if found is None:  # it is there, but this transaction began before: begin again
                raise
    other = [name for name, value in given.items() if getattr(found, name) != value]
    if other:
        raise OtherMessage(
            f"{reference}: Another message has this reference. It differs in: {', '.join(other)}."
        )
    return found


def without_links(body: str) -> str:
    """*body* without what opens somebody's page: once it is sent, only they have it."""
    return _TOKEN.sub(r"\1[the link was here]", body)


def take_back(references: Iterable[str], *, why: str, at: dt.datetime) -> int:
    """Give up what waits under *references*, in the caller's transaction; how many. A person is told of each.

    A worker that has one and has not begun to send it does not begin any more.
    """
    waiting = _waiting(references)
    for message in waiting:
        doubt = " It may have been sent just before." if message.state != QUEUED else ""
        told = f"Tell the {message.person} in another way, not as this was to go: {why}{doubt}"
        _stop(message, why, at)
        tasks.open_task(message, told, at)
    return len(waiting)


def supersede(references: Iterable[str], *, why: str, at: dt.datetime) -> int:
    """Give up what waits under *references*, because another message takes its place; how many.

    Nobody is told: what was still to be done about them, such as a letter to be printed, is done with.
    """
    held = list(references)
    waiting = _waiting(held)
    for message in waiting:
        _stop(message, why, at)
    tasks.close_all(held, at)
    return len(waiting)


def _waiting(references: Iterable[str]) -> list[Message]:
    waiting = Message.objects.select_for_update().filter(
        reference__in=list(references), state__in=OPEN
    )
    return list(waiting.order_by("pk"))


def _stop(message: Message, why: str, at: dt.datetime) -> None:
    message.state = GIVEN_UP
    message.next_try_at, message.last_error = None, why[: LONGEST["error"]]
    message.body = without_links(message.body)
    message.save(update_fields=["state", "next_try_at", "last_error", "body"])
    _enter(message, "notices.given_up", at)


def erase_case(force: Force, case: str) -> list[str]:
    """Delete every message and task of *case* of *force*; the references, for `Folder.forget`.

    To be called in the transaction that erases the case. What lies in the folder goes with the next `sweep`.
    """
    messages = Message.objects.filter(force=force, case=case)
    references = list(messages.values_list("reference", flat=True))
    tasks.erase(force, case)
    messages.delete()
    return references


def sweep(folder: Folder) -> int:
    """Delete the files of *folder* whose message was erased; how many references they had.

    A message is there before its file, so a file without one is of a case that was erased, also where the
    erasing was cut short or a worker was just then writing.
    """
    held, erased = sorted(folder.references()), 0
    for start in range(0, len(held), _AT_ONCE):
        some = held[start : start + _AT_ONCE]
        known = Message.objects.filter(reference__in=some).values_list("reference", flat=True)
        for reference in set(some) - set(known):
            folder.forget(reference)
            erased += 1
    return erased


# --- the worker -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Claim:
    """A message that this worker has, with whether it was tried before, and when it was taken."""

    message: Message
    forgotten: bool
    now: dt.datetime
    began: float
    pace: Pace

    def time(self) -> dt.datetime:
        """Now, as far as it went on since the step began."""
        return self.now + dt.timedelta(seconds=time.monotonic() - self.began)

    def may_send(self) -> bool:
        """Whether it is still this worker's, and surely stays so until the answer."""
        return _mine(self).exists() and self.time() < self.now + self.pace.lease / 2


def deliver(
    sender: Sender, now: dt.datetime, *, pace: Pace = PACE, chance: random.Random = _CHANCE
) -> str | None:
    """One step of a worker: try to send one message that is due; its reference, or None where none is.

    Any number of workers may do this at once, and die doing it.
    """
    claim = _claimed(now, pace)
    if claim is None:
        return None
    message = claim.message
    try:
        name = _found(sender, claim) or _send(sender, claim)
    except CannotSend as error:
        _give_up(claim, str(error))
    except NotSent as error:
        if message.tries >= pace.tries:
            _give_up(claim, f"{error} It may have been sent." if error.unclear else str(error))
        else:
            _try_later(claim, error, chance)
    else:
        _note_sent(claim, name, sender.follows(message.channel))
    return message.reference


def _claimed(now: dt.datetime, pace: Pace) -> _Claim | None:
    waiting = Message.objects.filter(state__in=OPEN, next_try_at__lte=now)
    if not waiting.exists():  # reads alone: an idle worker holds up nobody
        return None
    began = time.monotonic()
    with transaction.atomic():  # on SQLite this waits for the one lock there is; see settings
        due = waiting.select_for_update(skip_locked=True).order_by("next_try_at", "pk")
        message = due.first()
        if message is None or message.next_try_at is None:
            return None
        forgotten = message.tries > 0 and now - message.next_try_at > pace.remembered
        message.tries += 1
        message.state, message.next_try_at = SENDING, now + pace.lease
        message.save(update_fields=["tries", "state", "next_try_at"])
    return _Claim(message, forgotten, now, began, pace)


def _found(sender: Sender, claim: _Claim) -> str | None:
    """The provider's name of what an earlier try sent, if one did."""
    if claim.message.tries == 1:
        return None
    found = sender.find(claim.message.reference)
    if found is None and claim.forgotten:
        raise CannotSend("The last try was so long ago that the provider may have forgotten it.")
    if found is None and claim.message.tries > claim.pace.tries:
        raise CannotSend("Every worker that tried to send it stopped.")
    return found


def _send(sender: Sender, claim: _Claim) -> str:
    message = claim.message
    if not claim.may_send():
        raise NotSent("The worker was held up, and did not begin.", unclear=False)
    return sender.send(
        Parcel(
            reference=message.reference, channel=message.channel, address=message.address,
            subject=message.subject, body=message.body,
        )
    )  # fmt: skip


def _note_sent(claim: _Claim, name: str, follows: bool) -> None:
    message, now = claim.message, claim.time()
    with transaction.atomic():
        # Whoever sent it may note it, even one that was taken for dead.
        changed = Message.objects.filter(pk=message.pk, state__in=OPEN).update(
            state=SENT, sent_at=now, provider_id=name[:120], last_error="", next_try_at=None,
            body=without_links(message.body),
            next_look_at=now + tasks.FIRST_LOOK if follows else None,
        )  # fmt: skip
        if not changed:
            return
        tasks.close(message, now)
        if message.channel == "folder":
            told = f"Print the letter “{message.subject}”, and give it to the {message.person}."
            tasks.open_task(message, told, now)
        _enter(message, "notices.sent", now)


def _try_later(claim: _Claim, error: NotSent, chance: random.Random) -> None:
    wait = claim.pace.wait(claim.message.tries, unclear=error.unclear, chance=chance)
    _mine(claim).update(
        state=FAILED, next_try_at=claim.time() + wait, last_error=str(error)[: LONGEST["error"]]
    )


def _give_up(claim: _Claim, why: str) -> None:
    message, now = claim.message, claim.time()
    with transaction.atomic():
        if not _mine(claim).update(
            state=GIVEN_UP,
            next_try_at=None,
            last_error=why[: LONGEST["error"]],
            body=without_links(message.body),
        ):
            return
        tasks.open_task(message, f"Tell the {message.person} in another way: {why}", now)
        _enter(message, "notices.given_up", now)


def _mine(claim: _Claim) -> QuerySet[Message]:
    """The message, if nobody else has taken it since: each claim counts a try."""
    return Message.objects.filter(pk=claim.message.pk, state=SENDING, tries=claim.message.tries)


def _enter(message: Message, kind: str, at: dt.datetime) -> None:
    """Say in the ledger what was told to whom by which text; never the text, nor where it went."""
    book.enter(
        force=message.force_id, case=message.case, kind=kind, by=BY, at=at,
        payload={
            "reference": message.reference, "person": message.person, "channel": message.channel,
            "template": message.template, "version": message.version, "language": message.language,
        },
    )  # fmt: skip


def counts() -> dict[str, int]:
    """How many messages there are in each state; states in which there are none are left out."""
    found = Message.objects.values_list("state").annotate(count=Count("pk")).order_by("state")
    return dict(found)
