"""The folders of figures that can go with an answer: found by name, and known by the digest of `release.json`."""

import hashlib
import re
from pathlib import Path
from typing import Final

from django.conf import settings

from amends.accounts.refusals import Refused
from amends.disclosure.errors import DisclosureError
from amends.openness.publishing.folder import RELEASE
from amends.openness.publishing.rebuilding import faults

PLACE: Final = "answers"
"""The folder, inside that of the service, in which the folders of answers lie."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def folders() -> list[str]:
    """The names of the folders of figures there are, in order."""
    place = Path(settings.AMENDS_FOLDER) / PLACE
    if not place.is_dir():
        return []
    return sorted(
        one.name
        for one in place.iterdir()
        if _NAME.fullmatch(one.name) and (one / RELEASE).is_file()
    )


def digest(name: str) -> str:
    """SHA-256 of the `release.json` of the folder *name*; refused where it is not there or not whole."""
    place = Path(settings.AMENDS_FOLDER) / PLACE / name
    if not _NAME.fullmatch(name) or not (place / RELEASE).is_file():
        raise Refused("REG-FOLDER", f"There is no folder of figures {name!r}. Make it first.")
    try:
        wrong = next(faults(place, ""), "")
    except DisclosureError as error:
        wrong = str(error)
    if wrong:
        raise Refused("REG-FOLDER", f"The folder {name!r} is not whole: {wrong}")
    return hashlib.sha256((place / RELEASE).read_bytes()).hexdigest()


def check_same(name: str, wanted: str) -> None:
    """Refuse where the folder *name* is no longer what was drafted and cleared."""
    if digest(name) != wanted:
        told = f"The folder {name!r} has changed since it was cleared. Draft the answer again."
        raise Refused("REG-CHANGED", told)
