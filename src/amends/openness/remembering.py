"""The folder that remembers answers: one answer at a time from it, and what was told once stands as it was told."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from amends.disclosure.alone import alone
from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Release, read_release
from amends.openness.counted import said
from amends.openness.partition import Judged


@contextmanager
def remembering(answers: Path) -> Iterator[None]:
    """The folder *answers*, made where it is not there, with nobody else answering from it meanwhile.

    Raises DisclosureError where somebody does: two answers that know nothing of each other may be subtracted.
    """
    answers.mkdir(parents=True, exist_ok=True)
    busy = DisclosureError(
        str(answers), "is being answered from by somebody else", "Wait until that is done."
    )
    with alone(answers, busy):
        yield


def check_again(
    judged: Judged, safe: Path, ledger: Mapping[str, Release], ids: Iterable[str]
) -> None:
    """Raise DisclosureError where *judged* is otherwise than an answer that was given was judged.

    *ids* are those of the releases that answer the question: kept in the folder *safe*, or in the *ledger* alone
    where an answer was cut short. What of *judged* nobody named gives way to what was judged first, unless only a
    part was answered: then one letter would withhold by two measures.
    """
    wanted = list(ids)
    kept = [found for one in wanted if (found := _kept(one, safe, ledger))]
    for one in kept:
        on = said(one.made)
        if one.threshold != judged.threshold and (
            "threshold" in judged.named or len(kept) < len(wanted)
        ):
            what = "this was" if len(kept) == len(wanted) else "a part of this was"
            raise DisclosureError(
                f"--threshold {judged.threshold}", f"{what} answered on {on} with {one.threshold}",
                f"What was told stays told: say --threshold {one.threshold}.",
            )  # fmt: skip
        if "reason" in judged.named and not _same(judged.reason, one.reason):
            raise DisclosureError(
                "--reason", f"is another than that with which this was answered on {on}: {one.reason}",
                "What was told is told again unchanged: leave --reason out.",
            )  # fmt: skip


def _kept(id_: str, safe: Path, ledger: Mapping[str, Release]) -> Release | None:
    path = safe / id_ / "release.json"
    return read_release(path) if path.exists() else ledger.get(id_)


def _same(asked: str, kept: str) -> bool:
    """Whether a release's reason is the one that is *asked*, whoever judged it."""
    return kept == asked or kept.startswith(f"{asked} (judged by ")
