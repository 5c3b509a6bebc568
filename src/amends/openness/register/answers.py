"""The folders of figures that can go with an answer: found by name, known by a digest, and whole or not taken."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from amends.accounts.refusals import Refused
from amends.disclosure.errors import DisclosureError
from amends.openness.answered_folder import ANSWER, LETTERS, AnswerFolder, read_answer, wrong_with
from amends.openness.given import differences, held
from amends.openness.publishing.folder import RELEASE
from amends.openness.publishing.rebuilding import faults
from amends.openness.register.models import Attached

PLACE: Final = "answers"
"""The folder, inside that of the service, in which the folders of answers lie."""
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
COVER: Final = "The figures that you asked for, how they were counted and what is withheld, follow."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An answer that `amends answer` made, whole and ready to go out: its folder, what it says, and its letter."""

    name: str
    held: AnswerFolder
    letter: str


def place() -> Path:
    """Where the folders of answers lie."""
    return Path(settings.AMENDS_FOLDER) / PLACE


def folders() -> list[str]:
    """The names of the folders of figures there are, in order."""
    if not place().is_dir():
        return []
    return sorted(
        one.name for one in place().iterdir() if NAME.fullmatch(one.name) and _sealed(one)
    )


def _sealed(folder: Path) -> Path | None:
    """The file by whose digest all of *folder* is known: of an answer, or of a release alone."""
    return next((folder / one for one in (ANSWER, RELEASE) if (folder / one).is_file()), None)


def digest(name: str) -> str:
    """SHA-256 of what names every file of the folder *name*; refused where it is not there or not whole."""
    sealed = _sealed(place() / name) if NAME.fullmatch(name) else None
    if sealed is None:
        raise Refused("REG-FOLDER", f"There is no folder of figures {name!r}. Make it first.")
    try:
        found = wrong_with(sealed.parent) if sealed.name == ANSWER else faults(sealed.parent, "")
        wrong = next(iter(found), "") or _invented(sealed)
    except DisclosureError as error:
        wrong = str(error)
    if wrong:
        raise Refused("REG-FOLDER", f"The folder {name!r} is not whole: {wrong}")
    return hashlib.sha256(sealed.read_bytes()).hexdigest()


def _invented(sealed: Path) -> str:
    """What is wrong with an invented answer where the work is in earnest."""
    earnest = settings.AMENDS_PRODUCTION and sealed.name == ANSWER
    return "It is invented." if earnest and read_answer(sealed.parent).invented else ""


def check_same(name: str, wanted: str) -> None:
    """Refuse where the folder *name* is no longer what was drafted and cleared."""
    if digest(name) != wanted:
        told = f"The folder {name!r} has changed since it was cleared. Draft the answer again."
        raise Refused("REG-CHANGED", told)


def check_attached(name: str, force: str) -> None:
    """Refuse where the folder *name* is not, file by file, what `amends attach` took in for the *force*."""
    taken = Attached.objects.filter(folder=name, request__force=force).order_by("-pk").first()
    if taken is None:
        told = f"The folder {name!r} was put there by hand. Take it away, and take it in with: amends attach."
        raise Refused("REG-FOLDER", told)
    found = tuple(differences(taken.files, held(place() / name)))
    if found:
        told = f"The folder {name!r} is not what was taken in. {' '.join(found)}"
        raise Refused("REG-FOLDER", told)


def ready(name: str) -> Ready | None:
    """The answer in the folder *name*, looked at whole; None where it holds figures and no letter."""
    digest(name)
    folder = place() / name
    if not (folder / ANSWER).is_file():
        return None
    letter = (folder / LETTERS[0]).read_text("utf-8")
    return Ready(name=name, held=read_answer(folder), letter=letter)


def made_ready(reference: str) -> Iterator[tuple[str, AnswerFolder]]:
    """The answers there are, those attached to the request *reference* first; none that cannot be read."""
    for name in sorted(folders(), key=lambda one: (not attached(one, reference), one)):
        try:
            yield name, read_answer(place() / name)
        except DisclosureError:
            continue  # a release without a letter, or one of another version


def attached(name: str, reference: str) -> bool:
    """Whether the folder *name* was attached to the request *reference*."""
    return name == reference or name.startswith(f"{reference}-")
