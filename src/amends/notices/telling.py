"""Telling somebody something: the letter is written, addressed where it is safe, and put into the outbox."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from amends.accounts.models import Force
from amends.notices import letters
from amends.notices.letters import Value
from amends.notices.models import CHANNELS, Message
from amends.notices.outbox import Draft, queue

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER: Final = re.compile(r"\+?[0-9 ()-]{7,20}")
_LINES: Final = range(3, 8)
"""Lines of a postal address that GOV.UK Notify prints."""


class BadContact(ValueError):
    """A contact that nobody could be reached by: what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Where somebody is reached: by which channel, and at which address there.

    A postal address has a line for each of its lines, the name first; for `folder` it is whatever whoever
    hands it over has to know. Raises BadContact.
    """

    channel: str
    address: str

    def __post_init__(self) -> None:
        if self.channel not in CHANNELS:
            raise BadContact(f"{self.channel!r} is no channel. There are: {', '.join(CHANNELS)}.")
        if not self._makes_sense():
            raise BadContact(f"The address makes no sense for the channel {self.channel}.")

    @property
    def lines(self) -> list[str]:
        """The lines that are not empty."""
        return [line.strip() for line in self.address.splitlines() if line.strip()]

    def _makes_sense(self) -> bool:
        if self.channel == "email":
            return _EMAIL.fullmatch(self.address) is not None
        if self.channel == "text":
            return _NUMBER.fullmatch(self.address) is not None
        return len(self.lines) in _LINES if self.channel == "letter" else bool(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom to tell: their label in the case (`victim`, never a name), their language, and where.

    `safe_contact` is the need of that name, if they have said it. It beats `contact` whatever the letter is.
    """

    label: str
    language: str
    contact: Contact
    safe_contact: Contact | None = None

    @property
    def reached_by(self) -> Contact:
        """Where they are told: only there."""
        return self.safe_contact or self.contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is told: the kind of letter, what fills it, and the language (`en`, `cy`) that was written in."""

    kind: str
    values: Mapping[str, Value]
    words_in: str = "en"


def tell(
    force: Force, case: str, person: Person, telling: Telling, *, reference: str, at: dt.datetime
) -> Message:
    """Write the letter and queue it, in the caller's transaction. The same *reference* is the same telling.

    Raises LetterError where something is missing or left over, OtherMessage and NoTransaction as `queue`.
    """
    sender = letters.Sender(force.name, timezone.localtime(at).date())
    letter = letters.write(
        telling.kind, person.language, telling.values, words_in=telling.words_in, sender=sender
    )
    contact = person.reached_by
    if contact.channel == "text":
        body = letter.text()
    elif contact.channel == "email":
        body = letter.plain()
    else:
        body = letter.page(contact.lines if contact.channel == "letter" else ())
    draft = Draft(
        force=force, case=case, person=person.label, channel=contact.channel,
        address=contact.address, template=telling.kind, version=letter.template.version,
        language=person.language, subject=letter.subject, body=body,
    )  # fmt: skip
    return queue(draft, reference=reference, at=at)
