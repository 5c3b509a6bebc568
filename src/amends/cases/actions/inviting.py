"""Links for a victim or person responsible, and what they say and ask by them."""

import base64
import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from amends.accounts.models import RoleHeld, User
from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import texts
from amends.cases.actions.listening import own_words
from amends.cases.actions.stepping import case_action, step
from amends.cases.actions.telling import contact_of, queue_letter
from amends.cases.models import (
    Authority,
    BreachDecision,
    Case,
    Closure,
    Feedback,
    Invitation,
    Opened,
    Person,
    ReviewAnswered,
    ReviewAsked,
    Told,
)
from amends.cases.models.invited import FINDINGS, LEAST, MOST
from amends.ledger import book
from amends.notices.outbox import supersede

LASTS: Final = dt.timedelta(days=14)
"""How long a link can be opened: to the end of that day; the limit is ours, and illustrative."""
WHO: Final = {"victim": "The victim", "suspect": "The person responsible"}
"""What an account that acts by a link is called: never by a name."""
ANSWERS: Final = {
    1: "Not at all", 2: "A little", 3: "Partly", 4: "Mostly", 5: "Completely",
}  # fmt: skip
NOT_OPEN: Final = "This link was opened before, or is too old. Ask the police for another."


def new_token(key: str = "") -> tuple[str, str]:
    """A token that nobody can guess, and the digest that is kept of it; for the same *key* the same one.

    So a form that is sent twice makes one link. Only whoever has the service's secret could make it again.
    """
    if not key:
        token = secrets.token_urlsafe(32)
    else:
        made = salted_hmac("amends.link", key, algorithm="sha256").digest()
        token = base64.urlsafe_b64encode(made).decode().rstrip("=")
    return token, digest_of(token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a link is sent: by which channel, where, in which language, and how they can answer otherwise."""

    channel: str
    address: str
    language: str
    contact: str
    url: str


def digest_of(token: str) -> str:
    """SHA-256 of *token*, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


@case_action("cases.invite")
def invite(
    by: User, case: Case, *, person: Person, digest: str, way: Way | None = None
) -> Invitation:
    """Make a link for *person*, of which only the *digest* of the token is kept.

    Earlier ones that were not opened are taken back, as by a safe contact that is recorded later; letters
    that were to bring them do not go any more.

    With a *way* it is put into the outbox; their safe contact goes before it. Without, whoever makes it is
    shown it, to hand it over.
    """
    found = Person.objects.filter(pk=person.pk, case=case, part__in=("victim", "suspect")).first()
    if found is None:
        raise Refused("PER-NONE", "There is no such victim or person responsible in this case.")
    if len(digest) != 64:
        raise Refused("LINK-DIGEST", "The link could not be made. Load the page again.")
    acts = User(
        username=f"link.{secrets.token_hex(12)}", force=case.force, first_name=WHO[found.part],
        last_name="by a link", pseudonym=f"p-{secrets.token_hex(8)}",
    )  # fmt: skip
    acts.set_unusable_password()
    acts.save()
    RoleHeld.objects.create(user=acts, role="party", starts=today())
    earlier = Told.objects.filter(person=found, kind="link").select_related("person__case")
    why = "a newer link took the place of the one in it."
    supersede([one.reference for one in earlier], why=why, at=timezone.now())
    last = timezone.localdate() + LASTS
    made = Invitation.objects.create(
        case=case, by=by, person=found, user=acts, digest=digest, expires_at=_end_of(last)
    )
    if way is not None:
        _send(by, case, found, way, last)
    sent = {"channel": way.channel, "language": way.language} if way else {}
    step(by, case, "cases.invite", {"person": found.pk, "link": acts.pseudonym, **sent})
    return made


def _end_of(day: dt.date) -> dt.datetime:
    """The moment at which *day* is over where the force is."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


def _send(by: User, case: Case, person: Person, way: Way, until: dt.date) -> None:
    made = Told.objects.create(person=person, by=by, kind="link", language=way.language)
    values = {
        "link": way.url, "until": until,
        "contact": texts.text(way.contact, "contact", most=200),
    }  # fmt: skip
    queue_letter(by, case, made, contact_of(person, way.channel, way.address), values)


def open_link(token: str) -> Invitation:
    """Open the link with *token*, once. Raises Refused where it was opened before, is too old, or is none."""
    found = (
        Invitation.objects.select_related("person", "case", "user")
        .filter(digest=digest_of(token))
        .first()
    )
    if found is None or timezone.now() >= found.expires_at or found.taken_back:
        raise Refused("LINK-OLD", NOT_OPEN)
    with transaction.atomic():
        _, new = Opened.objects.get_or_create(invitation=found)
        if not new:
            raise Refused("LINK-OLD", NOT_OPEN)
        book.enter(
            force=found.case.force_id, case=None, kind="cases.link_opened", by=found.user.pseudonym,
            payload={"case": found.case.reference},
        )  # fmt: skip
    return found


@case_action("cases.feedback")
def give_feedback(
    by: User, case: Case, *, person: Person, heard: int, fair: int, put_right: int, words: str = ""
) -> Feedback:
    """Record what *person* says of how it went."""
    own_words(by, person)
    for answer in (heard, fair, put_right):
        if type(answer) is not int or not LEAST <= answer <= MOST:
            raise Refused("FB-ANSWER", "Answer each question from 1 to 5.")
    made = Feedback.objects.create(
        person=_party(case, person), by=by, heard=heard, fair=fair, put_right=put_right,
        words=texts.text(words, "words", needed=False),
    )  # fmt: skip
    told = {
        "person": person.pk,
        "heard": heard,
        "fair": fair,
        "put_right": put_right,
        "words": words,
    }
    step(by, case, "cases.feedback", told)
    return made


@case_action("cases.ask_review")
def ask_review(by: User, case: Case, *, person: Person, words: str) -> ReviewAsked:
    """Record that *person* asks for what was decided to be looked at again."""
    own_words(by, person)
    made = ReviewAsked.objects.create(
        person=_party(case, person), by=by, words=texts.text(words, "words")
    )
    step(by, case, "cases.ask_review", {"person": person.pk, "words": words})
    return made


@case_action("cases.answer_review")
def answer_review(
    by: User, case: Case, *, asked: ReviewAsked, finding: str, words: str
) -> ReviewAnswered:
    """Answer somebody who asked for a review; refused to whoever is in the case or decided in it."""
    found = ReviewAsked.objects.filter(pk=asked.pk, person__case=case, answer=None).first()
    if found is None:
        raise Refused("REV-NONE", "Nobody waits for that answer: it was given before.")
    if finding not in FINDINGS:
        raise Refused("REV-FINDING", "Say whether it was right.")
    if _decided_in(by, case):
        raise Refused(
            "REV-OWN", "Somebody who did not decide anything in this case has to look at it again."
        )
    made = ReviewAnswered.objects.create(
        person=found.person, asked=found, by=by, finding=finding, words=texts.text(words, "words")
    )
    step(by, case, "cases.answer_review", {"asked": found.pk, "finding": finding, "words": words})
    return made


def _decided_in(user: User, case: Case) -> bool:
    decisions = (Authority, BreachDecision, Closure)
    return user.pk in (case.officer_id, case.raised_by_id) or any(
        model._default_manager.filter(case=case, by=user).exists() for model in decisions
    )


def _party(case: Case, person: Person) -> Person:
    found = Person.objects.filter(pk=person.pk, case=case, part__in=("victim", "suspect")).first()
    if found is None:
        raise Refused("PER-NONE", "There is no such victim or person responsible in this case.")
    return found
