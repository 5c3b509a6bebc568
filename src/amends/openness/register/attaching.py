"""Attaching an answer to a request: looked at whole, made once more from its proofs, and only then taken in."""

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from amends.disclosure.errors import DisclosureError
from amends.openness.answered_folder import proofs, read_answer, wrong_with
from amends.openness.register import answers
from amends.openness.register.models import Request


def attach(folder: Path, reference: str, memory: Path, version: str) -> str:
    """Take the answer in *folder* in for the request *reference*; gives the name by which it can be drafted from.

    *memory* remembers every answer (`amends answer --answers`): from its proofs the release is made once
    more by this *version*, and every byte compared. Raises `DisclosureError` where anything is not so; then
    nothing is taken in.
    """
    if not Request.objects.filter(reference=reference).exists():
        raise DisclosureError(
            "--to", f"there is no request {reference!r}", "The page of requests tells them."
        )
    held = read_answer(folder)
    if held.invented and settings.AMENDS_PRODUCTION:
        raise DisclosureError(str(folder), "is an invented answer", "Make it from your own cases.")
    wrong = next(wrong_with(folder, version, proofs(folder, memory)), "")
    if wrong:
        raise DisclosureError(str(folder), f"does not hold: {wrong}", "Make the answer again.")
    name = f"{reference}-{held.question}"
    if not answers.NAME.fullmatch(name):
        raise DisclosureError(
            name, "is no name of a folder", "The id of the question must be short."
        )
    _take_in(folder, answers.place() / name)
    return name


def _take_in(folder: Path, to: Path) -> None:
    """Copy *folder* to the new folder *to*: all, or nothing."""
    if to.exists():
        raise DisclosureError(
            str(to), "is there already",
            "It may be cleared, so nothing is written over it. Take it away first, if it is not.",
        )  # fmt: skip
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        held = Path(tempfile.mkdtemp(prefix=".amends-", dir=to.parent))
        try:
            shutil.copytree(folder, held, dirs_exist_ok=True)
            os.replace(held, to)  # noqa: PTH105 - as one step
        except BaseException:
            shutil.rmtree(held, ignore_errors=True)
            raise
    except (OSError, shutil.Error) as error:
        raise DisclosureError(str(to), f"cannot be written: {error}") from None
