"""Invented requests for information, one in each state that a disclosure officer meets, made by the real actions."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from amends.accounts.models import User
from amends.accounts.standing import today
from amends.demo.crew import People
from amends.openness.clock import OutsideCalendar, calendar, due
from amends.openness.register import actions
from amends.openness.register.models import Request

_DAY: Final = dt.timedelta(1)
_ASKED: Final = {
    "new": "How many community resolutions were there for each kind of offence in each of the last three years?",
    "waiting": "Please send me everything about resolutions in my area.",
    "due tomorrow": "In how many community resolutions was the victim asked for a view, by year?",
    "overdue": "Which ranks allowed community resolutions for sexual offences, by year?",
    "answered": "Please send the policy by which you decide who may be given a community resolution.",
    "under review": "Please send the notes of the scrutiny panel on community resolutions.",
}
"""What each of them asks, by where it stands."""
_CALLED: Final = {
    "new": "resolutions by kind of offence and year", "waiting": "everything about resolutions in an area",
    "due tomorrow": "resolutions in which the victim was asked, by year",
    "overdue": "ranks that allowed resolutions for sexual offences", "answered": "the policy on community resolutions",
    "under review": "notes of the scrutiny panel",
}  # fmt: skip
"""The short title of each."""


class Asked:
    """One invented request: who asked, and what was done with it so far."""

    def __init__(self, people: People, number: int, kind: str, received: dt.date) -> None:
        self.people, self.kind, self.turn = people, kind, 0
        self.officer = people.by_name["disclosure_officer"]
        self.row: Request = actions.receive(
            self.officer, key=f"invented-request-{number}", received=received, channel="email",
            subject=f"INVENTED: {_CALLED[kind]}", words=f"INVENTED. {_ASKED[kind]}", name=f"Nobody Invented {number}",
            contact=f"nobody.{number}@invented.example",
        )  # fmt: skip

    def does(
        self, what: Callable[..., Any], on: dt.date, by: User | None = None, **given: Any
    ) -> Any:
        """Have *by*, or the disclosure officer, do *what* on a day."""
        self.row.refresh_from_db()
        self.turn += 1
        key = f"invented-request-{self.row.pk}-{self.turn}"
        return what(
            by or self.officer, self.row, key=key, expected=self.row.version, on=on, **given
        )

    def handled(self, kind: str, on: dt.date, words: str = "", **data: Any) -> None:
        """Have an event of *kind* happen on a day."""
        self.does(actions.handle, on, kind=kind, data=data, words=words)

    def answered(self, on: dt.date, **draft: str) -> None:
        """Draft, clear twice and send the answer on a day."""
        self.handled("drafted", on, folder="", **draft)
        self.does(actions.clear, on)
        self.does(actions.clear, on, by=self.people.by_name["inspector"])
        self.does(actions.send, on, how="email")


def ask(people: People) -> list[Request]:
    """Register the invented requests, each as far as its state; none where the bank holidays of today are not known."""
    now = today()
    try:
        soon = due(now, 1)
        due(now, 60)
    except OutsideCalendar:
        return []
    made = {
        kind: Asked(people, number, kind, received)
        for number, (kind, received) in enumerate(_received(now, soon).items(), 1)
    }
    made["waiting"].handled(
        "asked", now - 3 * _DAY, question="INVENTED. Which area and which years do you mean?"
    )
    made["answered"].answered(
        now - 40 * _DAY, holding="held", title="INVENTED: the policy on community resolutions",
        restated="INVENTED. The policy by which it is decided who may be given a community resolution.",
        letter="INVENTED. The policy is published on our site, on the page about community resolutions. You can read "
        "there who may allow one for which offence, and what has to be recorded.",
    )  # fmt: skip
    made["answered"].does(actions.publish, now - 39 * _DAY)
    _reviewed(made["under review"], now)
    return [one.row for one in made.values()]


def _reviewed(one: Asked, now: dt.date) -> None:
    """It is refused in part, and the requester is not content."""
    one.handled(
        "claimed", now - 36 * _DAY, section="36",
        because="INVENTED. Members of the panel would speak less freely if every note were published.",
        public_interest="INVENTED. That people can see how decisions are checked weighs for telling; that the panel "
        "can speak freely weighs more, because its findings are published.",
    )  # fmt: skip
    one.answered(
        now - 35 * _DAY, holding="partly held", title="INVENTED: notes of the scrutiny panel",
        restated="INVENTED. The notes of the scrutiny panel on community resolutions.",
        letter="INVENTED. The findings of the panel are published on our site. We withhold the notes.",
    )  # fmt: skip
    one.handled(
        "review asked", now - 4 * _DAY, exceptional=False,
        words="INVENTED. The notes could be sent without the names of the members.",
    )  # fmt: skip


def _received(now: dt.date, soon: dt.date) -> dict[str, dt.date]:
    """When each came: so that one is due on the next working day, and one is past its day by a week."""
    return {
        "under review": now - 50 * _DAY, "answered": now - 48 * _DAY, "overdue": _due_by(now - 7 * _DAY),
        "due tomorrow": _due_by(soon), "waiting": now - 6 * _DAY, "new": now - _DAY,
    }  # fmt: skip


def _due_by(day: dt.date) -> dt.date:
    """The last day of receipt after which an answer is due by *day* at the latest."""
    received = max(day - 20 * _DAY, calendar().first)
    while due(received) > day:
        received -= _DAY
    return received
