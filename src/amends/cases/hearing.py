"""The last word of each person: what they said holds until they withdraw, or say something else."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from django.db.models import Max

from amends.accounts.standing import remembered
from amends.cases.models import (
    Agreement,
    BreachDecision,
    Case,
    NotConsulted,
    OffenderSays,
    Person,
    Told,
    VictimContact,
    VictimView,
    Withdrawal,
)

S = TypeVar("S", VictimView, OffenderSays)
_SAY_HOW_IT_STANDS: Final = ("victim_asked", "victim_told")
"""The letters that do; a link, or the offer of an apology, says nothing of what was changed."""
_HEARD: Final[Mapping[str, tuple[Any, Mapping[str, Any]]]] = {
    "contacts_before": (VictimContact, {}), "views_before": (VictimView, {}),
    "letters_before": (Told, {"kind__in": _SAY_HOW_IT_STANDS}),
}  # fmt: skip
"""What shows that somebody tried to tell a victim, by the column that keeps how far it had come."""


def view_of(victim: Person) -> VictimView | None:
    """The view of *victim* that holds: None where they gave none, or withdrew after it.

    A withdrawal is not forgotten when the case goes on: they must be asked again.
    """
    return remembered(("view", victim.pk), lambda: _holds(victim, VictimView))


def agreement_of(suspect: Person) -> OffenderSays | None:
    """Whether *suspect* takes part, as last said; None where they never said, or withdrew after it."""
    return remembered(("agreement", suspect.pk), lambda: _holds(suspect, OffenderSays))


def _holds(person: Person, rows: type[S]) -> S | None:
    """The last of *rows* that *person* said, unless they withdrew after it."""
    said = rows._default_manager.filter(person=person).order_by("pk").last()
    return None if said is None or _withdrew(person, said.pk) else said


def last_said(person: Person) -> int:
    """The number of the last thing that *person* said, for a withdrawal to refer to; 0 if nothing."""
    rows = VictimView if person.part == "victim" else OffenderSays
    last = rows._default_manager.filter(person=person).order_by("pk").last()
    return 0 if last is None else last.pk


def as_heard(case: Case) -> dict[str, int]:
    """How far the victims of *case* have been heard and told, for what is agreed or decided now to keep."""
    return {name: _most(rows, person__case=case, **which) for name, (rows, which) in _HEARD.items()}


def untold(case: Case) -> list[Person]:
    """The victims whom nobody has tried to reach since what was last agreed, or decided after a breach.

    One who is not consulted for a coded reason need not be told either.
    """
    last = [
        rows._default_manager.filter(case=case).order_by("pk").last()
        for rows in (Agreement, BreachDecision)
    ]
    heard = {name: max(getattr(one, name, None) or 0 for one in last) for name in _HEARD}
    return [
        one
        for one in Person.objects.filter(case=case, part="victim").order_by("pk")
        if all(
            _most(rows, person=one, **which) <= heard[name]
            for name, (rows, which) in _HEARD.items()
        )
        and not NotConsulted.objects.filter(person=one).exists()
    ]


def _most(rows: Any, **where: Any) -> int:
    """The number of the last of *rows*; 0 if there is none."""
    return int(rows._default_manager.filter(**where).aggregate(last=Max("pk"))["last"] or 0)


def _withdrew(person: Person, said: int) -> bool:
    """Whether *person* withdrew after saying what has the number *said*."""
    return Withdrawal.objects.filter(person=person, said_before__gte=said).exists()


def stays_withdrawn(person: Person) -> bool:
    """Whether the last word of *person* is that they withdrew."""
    withdrew = remembered(
        ("withdrew", person.pk), lambda: Withdrawal.objects.filter(person=person).exists()
    )
    return (
        withdrew and (view_of(person) if person.part == "victim" else agreement_of(person)) is None
    )
