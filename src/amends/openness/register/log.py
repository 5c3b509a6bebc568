"""The disclosure log as everybody may read it: the newest first, searched by words, a page at a time."""

from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet

from amends.accounts.models import Force
from amends.accounts.permissions import NOWHERE
from amends.accounts.refusals import Refused
from amends.openness.register.models import LogEntry, Withdrawal
from amends.openness.register_log import SAYS

PAGE: Final = 20
MOST_WORDS: Final = 8
COLUMNS: Final = ("reference", "published", *SAYS)


def forces() -> list[Force]:
    """The forces that have published anything."""
    return list(Force.objects.filter(pk__in=LogEntry.objects.values("force")).order_by("name"))


def force(slug: str) -> Force | None:
    """The force of that name; None where there is none."""
    return Force.objects.filter(pk=slug).first()


def entries(of: str, words: str = "") -> QuerySet[LogEntry]:
    """The entries of *of* in which every one of *words* stands, the newest first; none that was taken back."""
    found = LogEntry.objects.filter(force=of, withdrawal=None)
    for word in words.casefold().split()[:MOST_WORDS]:
        found = found.filter(searched__contains=word)
    return found.order_by("-published", "-pk")


def page(of: str, words: str, number: int) -> tuple[list[LogEntry], int, int]:
    """The entries on page *number*, from 1; which page that is, and how many there are."""
    found = entries(of, words)
    pages = max(1, -(-found.count() // PAGE))
    number = min(max(number, 1), pages)
    return list(found[(number - 1) * PAGE : number * PAGE]), number, pages


def every(of: str) -> Iterator[LogEntry]:
    """Every entry of the force *of*."""
    yield from entries(of).iterator(chunk_size=500)


def entry(of: str, name: str) -> LogEntry:
    """The entry at an address; refused where there is none. It may have been taken back: `withdrawal_of` says."""
    found = LogEntry.objects.filter(force=of, name=name).select_related("withdrawal").first()
    if found is None:
        raise Refused("ACT-NONE", NOWHERE)
    return found


def withdrawal_of(one: LogEntry) -> Withdrawal | None:
    """When and why the entry was taken back; None where it was not."""
    return getattr(one, "withdrawal", None)


def withdrawn(of: str) -> list[dict[str, str]]:
    """What is said of each entry of the force *of* that was taken back: never what it said."""
    found = (
        Withdrawal.objects.filter(entry__force=of).select_related("entry").order_by("-on", "-pk")
    )
    return [
        {
            "reference": one.entry.name, "published": one.entry.published.isoformat(),
            "withdrawn": one.on.isoformat(), "reason": one.reason,
        }
        for one in found
    ]  # fmt: skip


def row(one: LogEntry) -> dict[str, str]:
    """What an entry says, by the names in `COLUMNS`."""
    rest = {name: str(getattr(one, name)) for name in SAYS}
    return {"reference": one.name, "published": one.published.isoformat(), **rest}
