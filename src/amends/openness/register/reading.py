"""A request read from its rows: its events as `register_life` understands them, and where it stands."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from amends.openness.cost import Request as Costed
from amends.openness.cost import Work
from amends.openness.register.models import Request, RequesterWords, RequestEvent
from amends.openness.register_events import Event, Life
from amends.openness.register_life import follow, next_in_words
from amends.openness.register_log import notice_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A request and where it stands; `rows` are its events in order, `words` the requester's by version."""

    row: Request
    life: Life
    rows: tuple[RequestEvent, ...]
    words: Mapping[int, str]

    @property
    def next(self) -> str:
        """What is to be done next, as a sentence."""
        return next_in_words(self.life)

    @property
    def asked(self) -> str:
        """The request in the requester's words; empty once they are erased."""
        return self.words.get(1, "")

    @property
    def notice(self) -> tuple[str, ...]:
        """What goes out beside the letter where something is refused: the cost, the reasons, where to complain."""
        return notice_of(self.life)

    def notice_of(self, before: Life) -> tuple[str, ...]:
        """The same as it went out with an earlier answer."""
        return notice_of(before)

    def late(self, on: dt.date) -> bool:
        """Whether the last day for it has passed."""
        return self.life.due is not None and self.life.due < on


def event_of(row: RequestEvent) -> Event:
    """The event that *row* tells of."""
    return Event(kind=row.kind, on=row.on, by=row.by_id, data=row.data)


def standings(rows: Iterable[Request]) -> list[Standing]:
    """Where each of *rows* stands, in their order: two questions to the database for all."""
    held = list(rows)
    events: dict[int, list[RequestEvent]] = defaultdict(list)
    words: dict[int, dict[int, str]] = defaultdict(dict)
    found = RequestEvent.objects.filter(request__in=held).select_related("by").order_by("version")
    for event in found:
        events[event.request_id].append(event)
    for said in RequesterWords.objects.filter(request__in=held):
        words[said.request_id][said.version] = said.words
    return [
        Standing(
            row=row, life=follow([event_of(one) for one in events[row.pk]]), rows=tuple(events[row.pk]),
            words=words[row.pk],
        )
        for row in held
    ]  # fmt: skip


def standing_of(row: Request) -> Standing:
    """Where *row* stands."""
    return standings([row])[0]


def costed(row: Request, estimate: Mapping[str, Any]) -> Costed:
    """The work of an estimate that was kept, to be added up with another's."""
    work = tuple(
        Work(
            asked=one["asked"], records=one["records"], minutes=Fraction(one["minutes"]),
            why=one["why"],
        )
        for one in estimate["work"]
    )  # fmt: skip
    return Costed(reference=row.reference, received=row.received, work=work)
