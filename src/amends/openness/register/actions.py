"""What people do with a request for information: each allowed, done once, and entered without who asked."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from amends.accounts.acting import action, opening
from amends.accounts.models import Force, User
from amends.accounts.permissions import check
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing, today
from amends.cases import texts
from amends.ledger import book
from amends.openness.register import answers
from amends.openness.register.models import (
    CHANNELS,
    LogEntry,
    Request,
    Requester,
    RequesterWords,
    RequestEvent,
    Withdrawal,
)
from amends.openness.register.nobody_named import Asker, check_unnamed
from amends.openness.register.preparing import prepared, prepared_subject
from amends.openness.register.reading import Standing, standing_of
from amends.openness.register_events import Event, OutOfTurn
from amends.openness.register_life import after, follow
from amends.openness.register_log import entry_of, looked_for, said_of, seal
from amends.openness.register_queue import place

RECEIVE: Final = "openness.receive"
HANDLED: Final = (
    "asked", "clarified", "fees notice", "paid", "refined", "scoped", "estimated", "claimed", "dropped", "extended",
    "drafted", "review asked", "complained", "commissioner decided",
    "appealed", "tribunal decided", "acknowledged", "titled",
)  # fmt: skip
SAID: Final = ("clarified", "refined", "review asked")
"""Those in which the requester's own words are kept, apart."""


def receive(  # noqa: PLR0913 - as many fields as its form, all by name
    by: User, *, key: str, received: dt.date, channel: str, subject: str, words: str, name: str, contact: str
) -> Request:  # fmt: skip
    """Register a request received on a day, in the requester's *words*; its reference is given here.

    *subject* is a short title that names nobody, by which the request is told from others.
    """
    check(standing(by).roles, RECEIVE, {"same_force"} if by.force_id else {"other_force"})
    force = by.force
    assert force is not None
    given = {
        "received": received, "channel": channel, "subject": subject, "words": words, "name": name,
        "contact": contact,
    }  # fmt: skip

    def body() -> Request:
        _check_asked(received, channel, words, name, contact)
        titled = prepared_subject({"subject": subject})
        check_unnamed(Asker(name, contact, force.name), titled)
        event = Event(kind="received", on=received, data=titled)
        return _opened(by, force, event, channel, words, (name, contact), None)

    return opening(by, RECEIVE, key, given, body)


def _check_asked(received: dt.date, channel: str, words: str, name: str, contact: str) -> None:
    if channel not in CHANNELS:
        raise Refused("REG-CHANNEL", "Say how it came: choose one that is listed.")
    try:
        texts.day(received, "received", today=today())
        texts.text(words, "words")
        texts.text(name, "name", most=120)
        texts.text(contact, "contact", most=300)
        follow([Event(kind="received", on=received)])
    except texts.BadValue as error:
        raise Refused(error.code, error.sentence) from None
    except OutOfTurn as error:
        raise Refused("REG-DAY", str(error)) from None


def _opened(
    by: User, force: Force, event: Event, channel: str, words: str, who: tuple[str, str],
    refines: Request | None,
) -> Request:  # fmt: skip
    on = event.on
    number = Request.objects.filter(force=force, received__year=on.year).count() + 1
    rank, due = place(follow([event]))
    made = Request.objects.create(
        force=force, by=by, reference=f"FOI-{on.year}-{number:04}", received=on, channel=channel,
        refines=refines, rank=rank, due=due,
    )  # fmt: skip
    Requester.objects.create(request=made, name=who[0], contact=who[1])
    RequesterWords.objects.create(request=made, version=1, words=words)
    RequestEvent.objects.create(
        request=made, by=by, version=1, kind="received", on=on, data=dict(event.data)
    )
    _enter(by, made, RECEIVE, event)
    return made


def _enter(by: User, row: Request, name: str, event: Event) -> None:
    """Enter the event in the ledger: its kind, day and the digest of what it holds; never who asked."""
    held = hashlib.sha256(json.dumps(dict(event.data), sort_keys=True).encode()).hexdigest()
    payload = {
        "request": row.reference,
        "what": event.kind,
        "on": event.on.isoformat(),
        "held": held,
    }
    book.enter(force=row.force_id, case=None, kind=name, by=by.pseudonym, payload=payload)


def _happened(
    by: User, row: Request, name: str, kind: str, on: dt.date, data: Mapping[str, Any]
) -> RequestEvent:
    """Add the event, unless it cannot happen as the request stands or names whoever asked."""
    now = standing_of(row)
    _check_nobody_named(row, data)
    event = Event(kind=kind, on=on, by=by.pk, data=data)
    try:
        texts.day(on, "on", today=today())
        rank, due = place(after(now.life, event))
    except texts.BadValue as error:
        raise Refused(error.code, error.sentence) from None
    except OutOfTurn as error:
        raise Refused("REG-TURN", str(error)) from None
    made = RequestEvent.objects.create(
        request=row, by=by, version=row.version + 1, kind=kind, on=on, data=dict(data)
    )
    Request.objects.filter(pk=row.pk).update(rank=rank, due=due)
    _enter(by, row, name, event)
    return made


def _check_nobody_named(row: Request, data: Mapping[str, Any]) -> None:
    """Refuse what names whoever asked, with where it stands and never what it says: not all may read the name."""
    who = Requester.objects.filter(request=row).first()
    if who is not None:
        check_unnamed(Asker(who.name, who.contact, row.force.name), data)


@action("openness.handle")
def handle(
    by: User, row: Request, *, kind: str, on: dt.date, data: Mapping[str, Any], words: str = ""
) -> RequestEvent | Request:
    """Have something of *kind* happen on a day; *words* are the requester's own, where there are any.

    A refined request is a new one: it is what is given back.
    """
    if kind not in HANDLED:
        raise Refused("REG-KIND", f"{kind!r} is not done in this way.")
    now = standing_of(row)
    held = prepared(now, kind, on, data)
    made = _happened(by, row, "openness.handle", kind, on, held)
    if kind in SAID:
        _keep_words(row, words)
    return _refined(by, now, on, words) if kind == "refined" else made


def _keep_words(row: Request, words: str) -> None:
    try:
        texts.text(words, "words")
    except texts.BadValue as error:
        raise Refused(error.code, error.sentence) from None
    RequesterWords.objects.create(request=row, version=row.version + 1, words=words)


def _refined(by: User, now: Standing, on: dt.date, words: str) -> Request:
    who = Requester.objects.filter(request=now.row).first()
    if who is None:
        raise Refused("REG-ERASED", "Whoever asked was erased. Register the request as a new one.")
    row = now.row
    titled = {"subject": now.life.subject} if now.life.subject else {}
    event = Event(kind="received", on=on, data=titled)
    return _opened(by, row.force, event, row.channel, words, (who.name, who.contact), row)


@action("openness.clear")
def clear(by: User, row: Request, *, on: dt.date) -> RequestEvent:
    """Clear the draft as it was seen: two different people must, before it is sent."""
    now = standing_of(row)
    _check_figures(now)
    if now.life.draft is not None and now.life.draft.data.get("folder"):
        answers.check_attached(now.life.draft.data["folder"], row.force_id)
    return _happened(by, row, "openness.clear", "cleared", on, {})


@action("openness.send")
def send(by: User, row: Request, *, on: dt.date, how: str) -> RequestEvent:
    """Say that the answer was sent, and *how*: only what two people have cleared."""
    _check_figures(standing_of(row))
    if how not in CHANNELS:
        raise Refused("REG-CHANNEL", "Say how it was sent: choose one that is listed.")
    return _happened(by, row, "openness.send", "sent", on, {"how": how})


@action("openness.publish")
def publish(by: User, row: Request, *, on: dt.date) -> RequestEvent:
    """Put the answer that was cleared and sent in the disclosure log, where everybody may read it."""
    now = standing_of(row)
    _check_figures(now)
    entry = entry_of(now.life) if now.life.draft else {}
    _check_nobody_named(row, {"drafted": said_of(now.life), **entry})
    made = _happened(by, row, "openness.publish", "published", on, {"entry": seal(entry)})
    before = LogEntry.objects.filter(request=row).count()
    name = f"{row.reference}-{before + 1}" if before else row.reference
    LogEntry.objects.create(
        request=row,
        force=row.force,
        by=by,
        name=name,
        published=on,
        searched=looked_for(entry),
        **entry,
    )
    return made


@action("openness.withdraw")
def ask_withdrawal(by: User, row: Request, *, on: dt.date, entry: str, reason: str) -> RequestEvent:
    """Ask that the *entry* of the disclosure log be taken back, for a *reason* that everybody will read."""
    data = {"entry": entry, "reason": reason}
    held = prepared(standing_of(row), "withdrawal asked", on, data)
    return _happened(by, row, "openness.withdraw", "withdrawal asked", on, held)


@action("openness.drop_withdrawal")
def drop_withdrawal(by: User, row: Request, *, on: dt.date) -> RequestEvent:
    """Say that one no longer wants the answer taken back that one wanted taken back: it stays in the log."""
    return _happened(by, row, "openness.drop_withdrawal", "withdrawal dropped", on, {})


@action("openness.confirm_withdrawal")
def withdraw(by: User, row: Request, *, on: dt.date) -> RequestEvent:
    """Take back the answer that somebody else wanted taken back: its address says so, and why, from now on."""
    asked = standing_of(row).life.withdrawal
    made = _happened(by, row, "openness.confirm_withdrawal", "withdrawn", on, {})
    assert asked is not None  # else it would have been refused
    entry = LogEntry.objects.get(request=row, name=asked.data["entry"])
    Withdrawal.objects.create(
        entry=entry, by=by, asked_by_id=asked.by, on=on, reason=asked.data["reason"]
    )
    return made


@action("openness.review")
def decide_review(
    by: User, row: Request, *, on: dt.date, outcome: str, reasons: str
) -> RequestEvent:
    """Decide an internal review, with reasons: nobody who had a part in the first decision may."""
    try:
        texts.text(reasons, "reasons")
    except texts.BadValue as error:
        raise Refused(error.code, error.sentence) from None
    data = {"outcome": outcome, "reasons": reasons}
    return _happened(by, row, "openness.review", "review decided", on, data)


def _check_figures(now: Standing) -> None:
    draft = now.life.draft
    if draft is not None and draft.data.get("folder"):
        answers.check_same(draft.data["folder"], draft.data["digest"])


@action("openness.erase_requester")
def erase_requester(by: User, row: Request) -> Request:
    """Erase who asked, where they are reached and their own words; what was done about it stays."""
    now = standing_of(row)
    if not now.life.over or now.life.due is not None or _judged_elsewhere(now):
        raise Refused("REG-OPEN", "The request is not over. Whoever asked is still to be answered.")
    found = Requester.objects.filter(request=row)
    if not found.exists():
        raise Refused("REG-ERASED", "Whoever asked was erased already.")
    RequesterWords.objects.filter(request=row).delete()
    found.delete()
    payload = {"request": row.reference}
    name = "openness.erase_requester"
    book.enter(force=row.force_id, case=None, kind=name, by=by.pseudonym, payload=payload)
    return row


def _judged_elsewhere(now: Standing) -> bool:
    """Whether it is before the Commissioner or the Tribunal."""
    life = now.life
    asked = life.complained is not None and life.commissioner is None
    return asked or (life.appealed is not None and life.tribunal is None)
