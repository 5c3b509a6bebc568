"""What `amends answer` reads open data by: the store, the force, and who judged that nothing need be withheld."""

import argparse
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.intake.forces import slug
from amends.intake.store import Held, Store, open_store
from amends.openness.counted import named
from amends.openness.official_counts import Official
from amends.openness.open_answering import NOT_WITHHELD, PUBLISHED, TABLED
from amends.openness.open_counts import OpenData, forces
from amends.openness.partition import Judged
from amends.openness.questions import OFFICIAL, Question

PUBLISHER: Final = "Counted from open data of data.police.uk"
HOME_OFFICE: Final = "From open data of the Home Office"
STREET: Final = "police-uk-street"
STREET_COUNTS: Final = "data.police.uk"
"""The layout of the files whose counts stand beside the Home Office's, and what a question calls those."""
CONTACT: Final = "whoever gave you this answer"
_SHOWN: Final = 5


def judge_open(args: argparse.Namespace, question: Question, on: date) -> Judged:
    """Who judges, and why, that nothing is withheld of open data; DisclosureError where it is to be."""
    if args.threshold not in (None, 1):
        raise DisclosureError(f"--threshold {args.threshold}", NOT_WITHHELD, "Leave it out.")
    by = args.judged_by or (getpass.getuser() if args.reason else "")
    published = TABLED if question.on in OFFICIAL else PUBLISHED
    return Judged(1, args.reason or published, by, on, named_of(args))


def named_of(args: argparse.Namespace) -> frozenset[str]:
    """What of the judgement the command line names, and does not leave to us."""
    return frozenset(one for one in ("threshold", "reason") if getattr(args, one) is not None)


@contextmanager
def opened(args: argparse.Namespace, question: Question) -> Iterator[tuple[OpenData, Path]]:
    """The open data that *question* is asked of, and the folder that remembers answers."""
    if args.store is None or args.cases is not None:
        raise DisclosureError(
            f"question {question.id}", f"is asked of open data ({question.on}), and not of cases",
            f"Fill a store with `amends import {question.on}`, and name it with --store.",
        )  # fmt: skip
    if args.as_at is not None:
        raise DisclosureError("--as-at", "goes not with open data", "The store says it.")
    store = _store(args.store, question)
    held = store.sets[question.on]
    with TemporaryDirectory(prefix="amends-answer-") as name:
        answers = args.answers or Path(name) / "answers"
        memory(answers)
        contact = args.contact or CONTACT
        if question.on in OFFICIAL:
            force = _force(held, args.force) if args.force else ""
            publisher = args.publisher or HOME_OFFICE
            asked = any(one.by == STREET_COUNTS for one in question.tables)
            beside = store.sets.get(STREET) if asked else None
            yield Official(named(args.store), held, force, publisher, contact, beside), answers
            return
        publisher = args.publisher or PUBLISHER
        yield (
            OpenData(named(args.store), held, _force(held, args.force), publisher, contact),
            answers,
        )


def memory(folder: Path) -> None:
    """Make the *folder* that remembers answers, where it is not there; DisclosureError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DisclosureError(
            f"--answers {folder}", f"is no folder, and cannot be made one: {error.strerror}"
        ) from None


def _store(path: Path, question: Question) -> Store:
    store = open_store(path)
    if question.on not in store.sets:
        raise DisclosureError(
            str(path),
            f"holds no {question.on}, which question {question.id} is asked of; it holds {', '.join(store.sets)}",
            f"Fill a store with `amends import {question.on}`.",
        )  # fmt: skip
    return store


def _force(held: Held, asked: str | None) -> str:
    """The force that is *asked* about, by the name data.police.uk has for it in addresses; or the only one."""
    found = [one for one in forces(held) if one]
    some = f"{', '.join(found[:_SHOWN])}{' and others' if len(found) > _SHOWN else ''}"
    if asked is None:
        if len(found) != 1:
            raise DisclosureError("--force", "is missing", f"The store holds rows of: {some}.")
        return found[0]
    own = slug(asked)
    if own not in found:
        raise DisclosureError(
            "--force", f"the store holds no row of {asked!r}", f"It holds: {some}."
        )
    return own
