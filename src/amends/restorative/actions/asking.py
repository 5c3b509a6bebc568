"""What every action of a restorative process asks first: that it goes on, who takes part, and who leads it."""

from amends.accounts.models import User
from amends.accounts.permissions import NOWHERE
from amends.accounts.refusals import Refused
from amends.cases.models import Case
from amends.restorative import progress
from amends.restorative.models import Participant, Process
from amends.restorative.progress import Progress


def _found(case: Case, number: int) -> Progress:
    row = Process.objects.filter(pk=number, case=case).first()
    if row is None:
        raise Refused("ACT-NONE", NOWHERE)
    now = progress.of(row)
    if now.withdrawn:
        told = "Somebody withdrew, or the admission was: this process is over, and stays so."
        raise Refused("RJ-WITHDRAWN", told)
    if now.stopped:
        raise Refused("RJ-STOPPED", "This process was stopped. Nothing more is done in it.")
    return now


def going(case: Case, number: int) -> Progress:
    """The process of that *number*, which has not come to its outcome and was not stopped."""
    now = _found(case, number)
    if now.outcome is not None:
        raise Refused("RJ-OVER", "What came of this process is recorded. Begin another if need be.")
    return now


def there(case: Case, participant: Participant) -> tuple[Progress, Participant]:
    """The process that *participant* takes part in, as it goes on, and themselves."""
    now = going(case, participant.process_id)
    return now, one_of(now, participant)


def held(case: Case, number: int) -> Progress:
    """The process of that *number*, of which the outcome is recorded."""
    now = _found(case, number)
    if now.outcome is None:
        raise Refused("RJ-NOT-HELD", "Record first what came of the meeting.")
    return now


def one_of(now: Progress, participant: Participant) -> Participant:
    """*participant*, who takes part in it still."""
    found = next((one for one in now.here if one.pk == participant.pk), None)
    if found is None:
        raise Refused("RJ-NOBODY", "They do not take part in this process.")
    return found


def leads(by: User, now: Progress) -> None:
    """Refuse unless *by* is one of those who lead it."""
    if by.pk not in now.facilitators:
        raise Refused(
            "RJ-SIGN", "Only somebody who leads this process signs this. Name them first."
        )
