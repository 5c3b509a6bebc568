"""What every action on a case shares: the life cycle, the step, the entry, and clear refusals."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.utils import timezone

from amends.accounts.acting import action
from amends.accounts.models import User
from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import texts
from amends.cases.lifecycle import OutOfTurn, lifecycle
from amends.cases.models import Case, Circumstance, Person, Step
from amends.ledger import book
from amends.ledger.leaves import LeafError

P = ParamSpec("P")
R = TypeVar("R")
_CODES: Mapping[str, str] = {"closed": "CASE-CLOSED", "stopped": "CASE-STOPPED"}


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what is wrong with a text, a day or the moment into a refusal with its code."""
    try:
        yield
    except texts.BadValue as error:
        field = error.field.replace("_", " ")
        raise Refused(error.code, f"{field[0].upper()}{field[1:]}: {error.sentence}") from None
    except OutOfTurn as error:
        raise Refused(_CODES.get(error.state, "CASE-TURN"), str(error)) from None
    except LeafError as error:
        raise Refused("LEDGER", f"This cannot be kept: {error}") from None


def case_action(
    name: str,
) -> Callable[[Callable[Concatenate[User, Case, P], R]], Any]:
    """The action *name* on a case, refused before its body runs where the case is not at that point."""

    def wrap(body: Callable[Concatenate[User, Case, P], R]) -> Any:
        @wraps(body)
        def checked(by: User, case: Case, *args: P.args, **given: P.kwargs) -> R:
            with refusing():
                if case.state not in lifecycle().commands[name].sources:
                    raise OutOfTurn(name, case.state, lifecycle().commands[name].sources)
                return body(by, case, *args, **given)

        return action(name)(checked)  # type: ignore[arg-type, type-var]

    return wrap


def step(
    by: User,
    case: Case,
    command: str,
    told: Mapping[str, Any],
    *,
    to: str | None = None,
    policy: str = "",
) -> Step:
    """Record that *command* was done, with what was *told*, and move the case on."""
    before = case.state
    case.state = lifecycle().after(command, before, to)
    return _entered(by, case, command, told, before, policy)


def first_step(by: User, case: Case, told: Mapping[str, Any]) -> Step:
    """Record that *case* was raised."""
    return _entered(by, case, "cases.raise", told, case.state, "")


def _entered(
    by: User, case: Case, command: str, told: Mapping[str, Any], before: str, policy: str
) -> Step:
    case.save(update_fields=["state", "outcome", "officer"])
    entry = book.enter(
        force=case.force_id,
        case=case.reference,
        kind=command,
        by=by.pseudonym,
        policy=policy,
        payload={"before": before, "after": case.state, **{k: _plain(v) for k, v in told.items()}},
    )
    version = case.version + (command != "cases.raise")
    return Step.objects.create(
        case=case, by=by, version=version, command=command, before=before, after=case.state,
        entry=entry,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def day(value: dt.date, field: str, after: dt.date | None = None) -> dt.date:
    """*value*, which is neither in the future nor before *after*."""
    return texts.day(value, field, today=today(), after=after)


def person_of(case: Case, person: Person, part: str) -> Person:
    """*person*, who takes that *part* in *case*; refused where they do not."""
    found = Person.objects.filter(pk=person.pk, case=case, part=part).first()
    if found is None:
        raise Refused("PER-NONE", f"There is no such {part.replace('_', ' ')} in this case.")
    return found


def suspect_of(case: Case) -> Person:
    """The suspect, or person responsible, of *case*; refused while there is none."""
    found = Person.objects.filter(case=case, part="suspect").first()
    if found is None:
        raise Refused("PER-SUSPECT", "Record the person responsible first.")
    return found


def moment(case: Case, value: dt.datetime, field: str) -> dt.datetime:
    """*value*, a time with a zone, neither in the future nor before the offence of *case*."""
    if value.tzinfo is None:
        raise texts.BadValue("DAY-ZONE", field, "Give the time with its time zone.")
    told = timezone.localtime(value)
    day(told.date(), field, offence_day(case))
    if told.date() == today() and value > timezone.now():
        raise texts.BadValue("DAY-FUTURE", field, f"{told:%H:%M} today is in the future.")
    return value


def offence_day(case: Case) -> dt.date | None:
    """The day of the offence as last recorded, None where it is not known."""
    row = Circumstance.objects.filter(case=case, name="offence.date").order_by("pk").last()
    return None if row is None or not row.value else dt.date.fromisoformat(row.value)
