"""The last word of each person: what they said holds until they withdraw, or say something else."""

from amends.cases.models import OffenderSays, Person, VictimView, Withdrawal


def view_of(victim: Person) -> VictimView | None:
    """The view of *victim* that holds: None where they gave none, or withdrew after it.

    A withdrawal is not forgotten when the case goes on: they must be asked again.
    """
    view = VictimView.objects.filter(person=victim).order_by("pk").last()
    return None if view is None or _withdrew(victim, view.pk) else view


def agreement_of(suspect: Person) -> OffenderSays | None:
    """Whether *suspect* takes part, as last said; None where they never said, or withdrew after it."""
    said = OffenderSays.objects.filter(person=suspect).order_by("pk").last()
    return None if said is None or _withdrew(suspect, said.pk) else said


def last_said(person: Person) -> int:
    """The number of the last thing that *person* said, for a withdrawal to refer to; 0 if nothing."""
    rows = VictimView if person.part == "victim" else OffenderSays
    last = rows._default_manager.filter(person=person).order_by("pk").last()
    return 0 if last is None else last.pk


def _withdrew(person: Person, said: int) -> bool:
    """Whether *person* withdrew after saying what has the number *said*."""
    return Withdrawal.objects.filter(person=person, said_before__gte=said).exists()


def stays_withdrawn(person: Person) -> bool:
    """Whether the last word of *person* is that they withdrew."""
    if not Withdrawal.objects.filter(person=person).exists():
        return False
    return (view_of(person) if person.part == "victim" else agreement_of(person)) is None
