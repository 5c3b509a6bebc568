"""Links for a victim or person responsible, and what they say and ask by them."""

import datetime as dt
import hashlib
import secrets
from typing import Final

from django.db import transaction
from django.utils import timezone

from amends.accounts.models import RoleHeld, User
from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import texts
from amends.cases.actions.listening import own_words
from amends.cases.actions.stepping import case_action, step
from amends.cases.models import Case, Feedback, Invitation, Opened, Person, ReviewAsked
from amends.cases.models.invited import LEAST, MOST
from amends.ledger import book

LASTS: Final = dt.timedelta(days=14)
"""How long a link can be opened; the limit is ours, and illustrative."""
WHO: Final = {"victim": "The victim", "suspect": "The person responsible"}
"""What an account that acts by a link is called: never by a name."""
ANSWERS: Final = {
    1: "Not at all", 2: "A little", 3: "Partly", 4: "Mostly", 5: "Completely",
}  # fmt: skip
NOT_OPEN: Final = "This link was opened before, or is too old. Ask the police for another."


def new_token() -> tuple[str, str]:
    """A token that nobody can guess, and the digest that is kept of it."""
    token = secrets.token_urlsafe(32)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """SHA-256 of *token*, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


@case_action("cases.invite")
def invite(by: User, case: Case, *, person: Person, digest: str) -> Invitation:
    """Make a link for *person*, of which only the *digest* of the token is kept. Earlier links stay."""
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
    made = Invitation.objects.create(
        case=case, by=by, person=found, user=acts, digest=digest, expires_at=timezone.now() + LASTS
    )
    step(by, case, "cases.invite", {"person": found.pk, "link": acts.pseudonym})
    return made


def open_link(token: str) -> Invitation:
    """Open the link with *token*, once. Raises Refused where it was opened before, is too old, or is none."""
    found = (
        Invitation.objects.select_related("person", "case", "user")
        .filter(digest=digest_of(token))
        .first()
    )
    if found is None or timezone.now() >= found.expires_at:
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


def _party(case: Case, person: Person) -> Person:
    found = Person.objects.filter(pk=person.pk, case=case, part__in=("victim", "suspect")).first()
    if found is None:
        raise Refused("PER-NONE", "There is no such victim or person responsible in this case.")
    return found
