"""The last word of each person: what they said holds until they withdraw, or say something else."""

import datetime as dt

from amends.cases.models import OffenderSays, Person, VictimView, Withdrawal


def view_of(victim: Person) -> VictimView | None:
    """The view of *victim* that holds: None where they gave none, or withdrew after it.

    A withdrawal is not forgotten when the case goes on: they must be asked again.
    """
    view = VictimView.objects.filter(person=victim).order_by("pk").last()
    return None if view is None or withdrew(victim, view.at) else view


def agreement_of(suspect: Person) -> OffenderSays | None:
    """Whether *suspect* takes part, as last said; None where they never said, or withdrew after it."""
    said = OffenderSays.objects.filter(person=suspect).order_by("pk").last()
    return None if said is None or withdrew(suspect, said.at) else said


def withdrew(person: Person, since: dt.datetime) -> bool:
    """Whether *person* withdrew after *since*; in a doubt of the clock, that they did."""
    return Withdrawal.objects.filter(person=person, at__gte=since).exists()


def stays_withdrawn(person: Person) -> bool:
    """Whether the last word of *person* is that they withdrew."""
    if not Withdrawal.objects.filter(person=person).exists():
        return False
    return (view_of(person) if person.part == "victim" else agreement_of(person)) is None
