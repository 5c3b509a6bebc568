"""An invented history taken into the record as closed cases: in bulk, with an entry in the ledger for each.

The same tables and constraints hold as for a case lived through. A chunk of cases is one transaction, so
that none is there without its entry.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from amends.accounts.models import User
from amends.audit.auditing import database
from amends.audit.history import open_history
from amends.audit.planning import Part
from amends.audit.reading import cases
from amends.cases.models import Case, Circumstance, Closure, Step
from amends.cases.outcomes import COMMUNITY_RESOLUTION
from amends.demo.crew import People
from amends.ledger.book import Event, enter_all
from amends.policy.library import published

AT_ONCE: Final = 1_000
KIND: Final = "cases.take_in"
_ROWS: Final = 5_000
Facts = Mapping[str, Any]


def take_in(people: People, file: Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Take every row of the history in *file* in as a closed case of the invented force; how many."""
    done = 0
    with database(file.name) as connection:
        history = open_history(file, connection)
        every = Part(1, published().in_force(people.force.pk, dt.date(2013, 1, 1)), every=True)
        rows = ((n, facts) for n, _, facts in cases(history, every))
        while chunk := list(islice(rows, AT_ONCE)):
            _chunk(people, chunk)
            done += len(chunk)
            if progress:
                progress(done, history.rows)
    return done


def _chunk(people: People, chunk: list[tuple[int, Facts]]) -> None:
    by, officers = people.by_name["records_manager"], people.officers()
    with transaction.atomic():
        made = Case.objects.bulk_create(
            Case(
                force=people.force, reference=f"INVENTED/HISTORY/{n + 1:05}", state="closed",
                raised_by=officers[n % len(officers)], officer=officers[n % len(officers)],
                outcome=COMMUNITY_RESOLUTION,
            )
            for n, _ in chunk
        )  # fmt: skip
        entries = enter_all(_events(people, by, made, chunk))
        Step.objects.bulk_create(
            Step(
                case=case,
                by=by,
                version=1,
                command=KIND,
                before="closed",
                after="closed",
                entry=entry,
            )
            for case, entry in zip(made, entries, strict=True)
        )
        Closure.objects.bulk_create(
            Closure(
                case=case,
                by=by,
                outcome=COMMUNITY_RESOLUTION,
                on=_day(facts),
                reasons="Taken in; invented.",
            )
            for case, (_, facts) in zip(made, chunk, strict=True)
        )
        Circumstance.objects.bulk_create(_circumstances(by, made, chunk), batch_size=_ROWS)


def _events(
    people: People, by: User, made: Iterable[Case], chunk: list[tuple[int, Facts]]
) -> Iterator[Event]:
    for case, (_, facts) in zip(made, chunk, strict=True):
        yield Event(
            force=people.force.pk, case=case.reference, kind=KIND, by=by.pseudonym,
            payload={"invented": True, "facts": {name: _plain(v) for name, v in facts.items()}},
            at=dt.datetime.combine(_day(facts), dt.time(12), tzinfo=dt.UTC),
        )  # fmt: skip


def _circumstances(
    by: User, made: Iterable[Case], chunk: list[tuple[int, Facts]]
) -> Iterator[Circumstance]:
    for case, (_, facts) in zip(made, chunk, strict=True):
        for name, value in facts.items():
            yield Circumstance(case=case, by=by, name=name, value=_plain(value))


def _day(facts: Facts) -> dt.date:
    day: dt.date = facts["decision.date"]
    return day


def _plain(value: Any) -> Any:
    """*value* as JSON holds it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [{name: _plain(one) for name, one in record.items()} for record in value]
    return value
