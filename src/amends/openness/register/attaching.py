"""Attaching figures to a request: looked at whole, made once more from their proofs, and only then taken in."""

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from amends.disclosure.errors import DisclosureError
from amends.openness.answered_folder import ANSWER, FOLDER, proofs, read_answer, wrong_with
from amends.openness.given import held, recall
from amends.openness.publishing.folder import RELEASE, read_held
from amends.openness.publishing.rebuilding import faults
from amends.openness.register import answers
from amends.openness.register.models import Attached, Request


def attach(folder: Path, reference: str, memory: Path, version: str, force: str = "") -> str:
    """Take the figures in *folder* in for the request *reference*; gives the name by which they are drafted from.

    *folder* holds an answer with its letter, or a release alone. *memory* remembers every answer (`amends
    answer --answers`), or holds what was protected: from its proofs the release is made once more by this
    *version*, and every byte compared; an answer must be, file by file, one that it remembers as given.
    *force* tells apart two requests of one reference. Raises `DisclosureError` where anything is not so; then
    nothing is taken in.
    """
    row = _request(reference, force)
    name = f"{reference}-{_proved(folder, memory, version, row.received)}"
    if not answers.NAME.fullmatch(name):
        raise DisclosureError(
            name, "is no name of a folder", "The id of the question must be short."
        )
    with transaction.atomic():  # the copy last: where it fails, nothing is known of it either
        Attached.objects.create(request=row, folder=name, files=held(folder))
        _take_in(folder, answers.place() / name)
    return name


def _request(reference: str, force: str) -> Request:
    rows = Request.objects.filter(reference=reference)
    found = list(rows.filter(force=force) if force else rows)
    if not found:
        raise DisclosureError(
            "--to", f"there is no request {reference!r}", "The page of requests tells them."
        )
    if len(found) > 1:
        names = ", ".join(sorted(one.force_id for one in found))
        raise DisclosureError(
            "--to", f"{reference!r} is a request to each of: {names}", "Name one with --force."
        )
    return found[0]


def _proved(folder: Path, memory: Path, version: str, received: date) -> str:
    """What the figures in *folder* are called, once they are known to be those that were made.

    The letter of an answer must be to a request *received* on this day, or name none.
    """
    if not (folder / ANSWER).is_file() and (folder / RELEASE).is_file():
        name = read_held(folder).about.id
        found = [*faults(folder, version, proofs(folder, memory))]
    else:
        told = read_answer(folder)
        if told.invented and settings.AMENDS_PRODUCTION:
            raise DisclosureError(
                str(folder), "is an invented answer", "Make it from your own cases."
            )
        name = told.question
        found = [*wrong_with(folder, version, proofs(folder / FOLDER, memory))]
        known = recall(folder, memory, name)
        found = found or [*known.differences]
        if not found and known.received not in (None, received):
            raise DisclosureError(
                str(folder), f"has a letter to a request that came on {known.received}, and this came on {received}",
                f"Answer again with --received {received}: the same figures are told.",
            )  # fmt: skip
    if found:
        raise DisclosureError(
            str(folder), f"does not hold: {' '.join(found)}", "Make the answer again."
        )
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
