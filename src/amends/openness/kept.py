"""What is kept of the answers from one source: what each was made with, its proof, and what is known beside it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.certificates import Certificate, read_certificate
from amends.disclosure.checking import check
from amends.disclosure.errors import DisclosureError
from amends.disclosure.explaining import report
from amends.disclosure.folders import safe_files, write_folder
from amends.disclosure.issuing import issue
from amends.disclosure.published import Release, read_release
from amends.disclosure.releases import KEY, read_ledger, record
from amends.disclosure.snapshots import Snapshot, read_snapshot
from amends.disclosure.specifying import Spec
from amends.disclosure.tables import Safe
from amends.openness.counted import Source
from amends.openness.joint_counts import SINCE, THEN
from amends.openness.partition import Judged, Step
from amends.openness.questions import Question

BETWEEN: Final = "between-"
"""Begins the id of what two attributes of a family tell together, of which nothing is told."""
TOGETHER: Final = "family-"
"""Begins the id of the tables of all attributes of a family, as they were protected together."""
NO_ANSWER: Final = ("rows-", BETWEEN, SINCE, THEN)
"""How the ids of releases begin that no answer is made of."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every table of an answer is made with."""

    question: Question
    source: Source
    base: Path
    judged: Judged
    span: tuple[date, date]
    tell: Step

    def spec(self, id: str) -> Spec:  # noqa: A002
        """How a release of this *id* is to be protected."""
        judged = self.judged
        return Spec(
            id=id, made=judged.made, profile="foi", threshold=judged.threshold, reason=judged.reason,
            judged_by=judged.judged_by, key=_key(self.base),
        )  # fmt: skip


def ready(snapshot: Snapshot, base: Path, history: Sequence[Release] = ()) -> None:
    """Make the folder *base* of a source: its ledger, with the frozen counts of *snapshot* in it.

    *history* is what was told of them before, by an earlier edition. Raises DisclosureError where the
    folder holds other counts under the same id.
    """
    (base / "safe").mkdir(parents=True, exist_ok=True, mode=0o700)
    ledger = read_ledger(base)
    held = ledger.snapshots.get(snapshot.id)
    if held is None:
        record(ledger, snapshot)
        for one in history:
            record(read_ledger(base), one)
    elif held.digest != snapshot.digest:
        raise DisclosureError(
            f"source {snapshot.id}", "counts otherwise than when answers were first made from it",
            "Name another day with --as-at: the same day has the same counts.",
        )  # fmt: skip


def remember(base: Path, releases: Sequence[Release]) -> None:
    """Keep those of *releases* beside what was proved that no answer is made of, as its history."""
    for one in releases:
        if not (base / "safe" / one.id).exists() and one.id.startswith(NO_ANSWER):
            write_folder(base / "safe" / one.id, {"release.json": one.text()})


def as_told(base: Path, release: Release) -> Release:
    """*release* as it is kept already: the day and the judge of the first answer stand, whoever asks later.

    Raises DisclosureError where other figures are kept under its id.
    """
    path = base / "safe" / release.id / "release.json"
    if not path.exists():
        return release
    kept = read_release(path)
    if (kept.snapshot, kept.tables) != (release.snapshot, release.tables):
        raise DisclosureError(
            str(base.parent), f"tells other totals in {path.relative_to(base.parent)} than it told",
            "Put it back, from a copy.",
        )  # fmt: skip
    return kept


def earlier_of(safe: Path, snapshot: str, before: Sequence[Release]) -> list[Release]:
    """What was answered from the *snapshot*, and asked of changes in it, in order; without what comes *before*."""
    known = {one.id for one in before}
    found = [read_release(path) for path in sorted(safe.glob("*/release.json"))]
    own = [one for one in found if one.snapshot == snapshot and one.id not in known]
    return sorted(own, key=lambda one: (not one.id.startswith(SINCE), one.made, one.id))


def _key(base: Path) -> bytes:
    """The secret by which equals are told apart: that of the ledger."""
    path = base / KEY
    return bytes.fromhex(path.read_text("ascii")) if path.exists() else secrets.token_bytes(32)


def write(
    folder: Path, snapshot: Snapshot, releases: Sequence[Release], certificate: Certificate
) -> None:
    """Keep what was proved, once the checker has said so."""
    verdict = check(snapshot, releases, certificate)
    if not verdict.holds:
        raise DisclosureError(
            f"release {releases[-1].id}",
            f"is not proved safe: {verdict.faults[0]}",
            "Nothing leaves.",
        )
    told = "\n".join(report(snapshot, releases, {}, 1).lines(releases))
    write_folder(folder, safe_files(snapshot, releases[-1], certificate, f"{told}\n"))


def safe_tables(folder: Path, history: Path) -> tuple[Safe, ...]:
    """The tables of a release that was kept, proved once more."""
    release = read_release(folder / "release.json")
    certificate = read_certificate(folder / "certificate.json")
    snapshot = read_snapshot(folder / "snapshot.json")
    named = {one.parent.name: one for one in history.glob("*/release.json")}
    missing = [one for one in certificate.releases if one != release.id and one not in named]
    if missing:
        raise DisclosureError(f"release {missing[0]}", "is missing", "Put it back, from a copy.")
    earlier = [read_release(named[one]) for one in certificate.releases if one != release.id]
    return issue(snapshot, [*earlier, release], certificate)
