"""Links by which somebody chooses a password: an administrator makes one, it is shown once and works once.

The token is Django's own (`PasswordResetTokenGenerator`): it holds only while the password, the last
sign-in and the day it was made are what they were, so that choosing a password uses it up. The ledger
keeps its digest and never the link. Source: docs.djangoproject.com/en/5.2/topics/auth/default,
PASSWORD_RESET_TIMEOUT.
"""

import hashlib
import json
from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_decode, urlsafe_base64_encode

from amends.accounts.acting import opening
from amends.accounts.models import User
from amends.accounts.permissions import NOWHERE, check
from amends.accounts.queries import relations
from amends.accounts.refusals import Refused
from amends.accounts.standing import is_party, standing
from amends.ledger import book
from amends.ledger.models import Entry

NAME: Final = "accounts.password"
CHOSEN: Final = "accounts.password_chosen"
OLD: Final = (
    "This link was used before, is too old, or was not copied whole. Ask an administrator of your "
    "force for another."
)
SHOWN: Final = "This link was shown to you once, and was used since. Make another if it is needed."


class Tokens(PasswordResetTokenGenerator):
    """Django's tokens, and the same one again for the moment at which it was made."""

    key_salt = "amends.accounts.passwords"

    def again(self, user: User, since: str) -> str:
        """The token of *user* that was made at the moment *since*, unless they changed after it."""
        return self._make_token_with_timestamp(user, base36_to_int(since), self.secret)


TOKENS: Final = Tokens()


def password_link(by: User, user: User, *, key: str) -> tuple[str, str]:
    """Make a link for *user*: the two parts of its address. Sent twice, the same form shows the same link.

    Never for oneself, and not for somebody whose account is closed.
    """
    check(standing(by).roles, NAME, relations(by, user))

    def body() -> Entry:
        row = User.objects.select_for_update().get(pk=user.pk)
        if row.pk == by.pk:
            raise Refused(
                "ACC-SELF", "You cannot make a link for yourself. Ask another administrator."
            )
        if is_party(row):
            raise Refused("ACT-NONE", NOWHERE)
        if not row.is_active:
            raise Refused("ACC-CLOSED", "This account is closed: it was closed before.")
        return enter_link(by, NAME, row)

    made = opening(by, NAME, key, {"user": user.pk}, body)
    return shown(made)


def enter_link(by: User, kind: str, user: User, **told: Any) -> Entry:
    """Enter in the ledger, as of that *kind*, that *by* made a link for *user* now: its digest alone."""
    token = TOKENS.make_token(user)
    held = {"about": user.pk, "since": token.partition("-")[0], "link": digest_of(token), **told}
    return book.enter(
        force=user.force_id or "", case=None, kind=kind, by=by.pseudonym, payload=held
    )


def shown(made: Entry) -> tuple[str, str]:
    """The two parts of the link that *made* tells of; refused once it was used."""
    held = json.loads(bytes(made.kept.payload))
    user = User.objects.get(pk=held["about"])
    token = TOKENS.again(user, held["since"])
    if digest_of(token) != held["link"]:
        raise Refused("ACC-SHOWN", SHOWN)
    return urlsafe_base64_encode(force_bytes(user.pk)), token


def digest_of(token: str) -> str:
    """SHA-256 of *token*, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def holder(uid: str, token: str) -> User:
    """Whose link it is. Raises Refused, in the same words, where it was used, is too old, or is none."""
    user = User.objects.filter(pk=_number(uid), is_active=True).first()
    if user is None or is_party(user) or not TOKENS.check_token(user, token):
        raise Refused("ACC-LINK", OLD)
    return user


def choose(uid: str, token: str, password: str) -> User:
    """Have whoever holds the link choose *password*: the link is used up, and they are signed out elsewhere.

    A second factor that was set up stays. Raises Refused for a link that is no more, and Django's
    ValidationError for a password that is too weak.
    """
    with transaction.atomic():
        held = holder(uid, token)
        User.objects.select_for_update().get(pk=held.pk)  # of two who use it at once, one waits
        user = holder(uid, token)
        validate_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        book.enter(
            force=user.force_id or "", case=None, kind=CHOSEN, by=user.pseudonym,
            payload={"about": user.pk, "link": digest_of(token)},
        )  # fmt: skip
    return user


def _number(uid: str) -> int:
    try:
        text = urlsafe_base64_decode(uid).decode("ascii")
    except ValueError:
        return 0
    return int(text) if text.isdecimal() and len(text) < 19 else 0
