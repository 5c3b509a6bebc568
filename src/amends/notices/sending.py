"""Those who carry a message: a folder of files on this machine, and GOV.UK Notify."""

import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, cast

REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""What a reference may be: it is the name of a file, too."""
_NEW: Final = ".new-"
DELIVERED: Final = frozenset({"delivered", "received", "sent"})
NOT_DELIVERED: Final = frozenset({
    "permanent-failure", "temporary-failure", "technical-failure", "failed", "cancelled",
    "virus-scan-failed", "validation-failed", "returned-letter",
})  # fmt: skip
"""What Notify says once it is over. Source: GOV.UK Notify, REST API documentation, status descriptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a sender needs of a message. *body* is plain text for `email` and `text`, else a whole HTML page."""

    reference: str
    channel: str
    address: str
    subject: str
    body: str


class CannotSend(Exception):
    """The provider will never take this message as it is: why, in its words."""


class NotSent(Exception):
    """It was not sent this time. `unclear`: the provider may have taken it all the same."""

    def __init__(self, why: str, *, unclear: bool) -> None:
        self.unclear = unclear
        super().__init__(why)


class Sender(Protocol):
    """Somebody who carries messages, and remembers each for days by our reference."""

    def find(self, reference: str) -> str | None:
        """The sender's own name of the message it took under *reference*, if it did. Raises NotSent."""

    def send(self, parcel: Parcel) -> str:
        """Take *parcel*; the sender's own name of it. Raises CannotSend or NotSent."""

    def arrived(self, name: str) -> bool | None:
        """Whether the message of that *name* arrived; None while that is not known. Raises NotSent."""

    def follows(self, channel: str) -> bool:
        """Whether this sender learns if a message sent by *channel* arrived."""


# --- a folder ---------------------------------------------------------------------------------------


class Folder:
    """A sender that writes each message whole into a file of its own, named after the reference.

    The files hold personal data: those of a case that was erased are to be forgotten (`outbox.sweep`).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, reference: str) -> str | None:
        """The file of that *reference*, if it is there."""
        return next((path.name for path in self._places(reference) if path.is_file()), None)

    def send(self, parcel: Parcel) -> str:
        """Write *parcel*, wholly or not at all. Raises NotSent where the disk does not take it."""
        page = parcel.body.lstrip().startswith("<!DOCTYPE")
        place = self._places(parcel.reference)[0 if page else 1]
        text = parcel.body if page else f"To: {parcel.address}\n{parcel.subject}\n\n{parcel.body}\n"
        try:
            self._write(place, text)
        except OSError as error:
            wrong = f"The folder cannot be written: {error.strerror}."
            raise NotSent(wrong, unclear=True) from None
        return place.name

    def arrived(self, name: str) -> bool | None:
        """Nobody says."""
        return None

    def follows(self, channel: str) -> bool:
        """Never."""
        return False

    def forget(self, reference: str) -> None:
        """Delete whatever was written under *reference*."""
        for place in self._places(reference):
            place.unlink(missing_ok=True)
            self._unfinished(place).unlink(missing_ok=True)

    def references(self) -> set[str]:
        """The references under which anything was written, wholly or not."""
        found = self.folder.glob("*") if self.folder.is_dir() else ()
        names = (path.name.removeprefix(_NEW) for path in found)
        return {
            name.rpartition(".")[0]
            for name in names
            if name.endswith((".html", ".txt")) and REFERENCE.fullmatch(name.rpartition(".")[0])
        }

    def _places(self, reference: str) -> tuple[Path, Path]:
        if not REFERENCE.fullmatch(reference):
            raise ValueError(f"{reference!r} is no reference.")
        return self.folder / f"{reference}.html", self.folder / f"{reference}.txt"

    @staticmethod
    def _unfinished(place: Path) -> Path:
        return place.with_name(f"{_NEW}{place.name}")

    def _write(self, place: Path, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._unfinished(place)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        new.replace(place)
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# --- GOV.UK Notify ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A force's account with Notify: its key, its address, and the two templates it was given there.

    Each template holds ((body)), and that for e-mail ((subject)) too; so one serves both languages.
    """

    key: str
    url: str
    email_template: str
    text_template: str


class Notify:
    """A sender that hands e-mails, texts and letters to GOV.UK Notify; what a person hands over goes to *folder*.

    Notify takes the same reference twice, so it must be asked first; it remembers for seven days.
    """

    def __init__(self, account: Account, folder: Folder, timeout: float = 10) -> None:
        from notifications_python_client.notifications import (  # noqa: PLC0415 (slow to load)
            NotificationsAPIClient,
        )

        self.account, self.folder = account, folder
        client = cast(Any, NotificationsAPIClient)  # it says nothing of its types
        self._client = client(account.key, base_url=account.url, timeout=timeout)

    def find(self, reference: str) -> str | None:
        """The id of the notification that Notify took under *reference*, or the file in the folder."""
        if name := self.folder.find(reference):
            return name
        found = _asked(lambda: self._client.get_all_notifications(reference=reference))
        taken = (one for one in found.get("notifications", ()) if one.get("reference") == reference)
        return next((str(one["id"]) for one in taken), None)

    def send(self, parcel: Parcel) -> str:
        """Hand over *parcel*; the id that Notify gives it."""
        if parcel.channel == "folder":
            return self.folder.send(parcel)
        answer = _asked(lambda: self._post(parcel))
        if not answer.get("id"):
            raise NotSent("Notify's answer holds no id.", unclear=True)
        return str(answer["id"])

    def arrived(self, name: str) -> bool | None:
        """What Notify says of the notification with the id *name*."""
        status = _asked(lambda: self._client.get_notification_by_id(name)).get("status")
        return True if status in DELIVERED else False if status in NOT_DELIVERED else None

    def follows(self, channel: str) -> bool:
        """All but what a person hands over."""
        return channel != "folder"

    def _post(self, parcel: Parcel) -> Any:
        given = {"subject": parcel.subject, "body": parcel.body}
        if parcel.channel == "email":
            return self._client.send_email_notification(
                parcel.address, self.account.email_template, given, parcel.reference
            )
        if parcel.channel == "text":
            return self._client.send_sms_notification(
                parcel.address, self.account.text_template, {"body": parcel.body}, parcel.reference
            )
        from amends.notices.letters import pdf  # noqa: PLC0415 (loads a typesetter)

        page = io.BytesIO(pdf(parcel.body))
        return self._client.send_precompiled_letter_notification(parcel.reference, page)


def _asked(ask: Callable[[], Any]) -> dict[str, Any]:
    """What Notify answers. Raises CannotSend where it says no for good, else NotSent."""
    from notifications_python_client.errors import APIError  # noqa: PLC0415 (slow to load)
    from requests import RequestException  # noqa: PLC0415

    try:
        answer = ask()
    except APIError as error:
        answered = error.response is not None
        # It says no to what is asked, not to who asks or how often.
        if answered and error.status_code in (400, 404, 413, 422):
            raise CannotSend(f"Notify says no: {error}") from None
        unclear = not answered or not 400 <= error.status_code < 500
        raise NotSent(f"Notify did not do it: {error}", unclear=unclear) from None
    except RequestException as error:  # an answer that breaks off
        raise NotSent(f"Notify broke off: {type(error).__name__}.", unclear=True) from None
    if not isinstance(answer, dict):
        raise NotSent("Notify's answer makes no sense.", unclear=True)
    return answer


def folder() -> Folder:
    """The folder `outbox`, where the settings keep files."""
    from django.conf import settings  # noqa: PLC0415 (the senders themselves need no settings)

    return Folder(settings.AMENDS_FOLDER / "outbox")


def sender() -> Notify | Folder:
    """The sender that the settings name: Notify where there is an account, else the folder."""
    from django.conf import settings  # noqa: PLC0415

    given: dict[str, str] = settings.AMENDS_NOTIFY
    return Notify(Account(**given), folder()) if given else folder()
