"""Two people at the same case at the same time: never both, never lost, never twice."""

import os
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from amends.accounts.refusals import Refused, Stale
from amends.cases.actions import agreeing, authorising, ending, listening, raising
from amends.cases.models import Case, Person, Record, Step
from amends.ledger.models import Entry
from support.record import Crew, fresh_key, person

LONG = bool(os.environ.get("AMENDS_LONG"))
RACES = 300 if LONG else 8
EDITORS, EDITS = 8, 100 if LONG else 6
DOUBLES = 200 if LONG else 12

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crew():
    return Crew()


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """What each of *jobs* gave, or the refusal it met, all begun at the same moment."""
    found: list[Any] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            start.wait()
            found[number] = job()
        except Exception as error:  # told to the test, whatever it is
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def suspect(case: Case, crew: Crew) -> Person:
    return Person.objects.create(
        case=case, by=crew.officer, part="suspect", kind="person", name="Invented"
    )


def at(crew: Crew, state: str) -> tuple[Case, Person]:
    """A new case that stands at *state*, for a race that needs no more of it."""
    case = crew.raised()
    one = suspect(case, crew)
    Case.objects.filter(pk=case.pk).update(state=state)
    case.refresh_from_db()
    return case, one


def check_one_won(case: Case, found: list[Any], start: int) -> None:
    """Exactly one of two actions was done, and the other was refused with what the first one did."""
    refusals = [one for one in found if isinstance(one, Exception)]
    assert len(refusals) == 1, found
    assert isinstance(refusals[0], Refused), refusals
    assert (isinstance(refusals[0], Stale) and refusals[0].changes) or refusals[
        0
    ].code == "CASE-STOPPED"
    case.refresh_from_db()
    steps = Step.objects.filter(case=case, version__gt=start)
    assert (case.version, steps.count()) == (start + 1, 1)
    assert case.state == steps.get().after
    assert Entry.objects.filter(case=case.reference).count() == case.version


def test_withdrawing_and_closing_never_both_happen(crew):
    for _ in range(RACES):
        case, one = at(crew, "raised")
        seen = case.version
        found = together(
            lambda: listening.withdraw(
                crew.officer, case, key=fresh_key(), expected=seen, person=one
            ),
            lambda: ending.close(
                crew.sergeant, case, key=fresh_key(), expected=seen, outcome="10", reasons="x"
            ),
        )
        check_one_won(case, found, seen)


def test_withdrawing_and_sharing_never_both_happen(crew):
    sharer = person(crew.force, "supervisor")
    for _ in range(RACES):
        case, one = at(crew, "agreed")
        seen = case.version
        found = together(
            lambda: listening.withdraw(
                crew.officer, case, key=fresh_key(), expected=seen, person=one
            ),
            lambda: raising.share(
                sharer, case, key=fresh_key(), expected=seen, with_whom="A provider", reason="x"
            ),
        )
        check_one_won(case, found, seen)


def test_withdrawing_and_authorising_never_both_happen(crew):
    for _ in range(RACES if LONG else 3):
        case = crew.shoplifting()
        one = Person.objects.get(case=case, part="suspect")
        seen = case.version
        found = together(
            lambda: listening.withdraw(
                crew.officer, case, key=fresh_key(), expected=seen, person=one
            ),
            lambda: authorising.authorise(
                crew.superintendent,
                case,
                key=fresh_key(),
                expected=seen,
                reasons="x",
                no_conflict=True,
            ),
        )
        check_one_won(case, found, seen)


def test_authorising_and_changing_the_facts_never_both_happen(crew):
    for _ in range(RACES if LONG else 3):
        case = crew.shoplifting()
        seen = case.version
        found = together(
            lambda: raising.record_circumstances(
                crew.officer, case, key=fresh_key(), expected=seen, facts={"flags.knife": True}
            ),
            lambda: authorising.authorise(
                crew.superintendent,
                case,
                key=fresh_key(),
                expected=seen,
                reasons="x",
                no_conflict=True,
            ),
        )
        check_one_won(case, found, seen)


def test_of_many_edits_at_once_none_is_lost(crew):
    case = crew.raised()
    editors = [person(crew.force, "supervisor") for _ in range(EDITORS)]
    refused: Counter[str] = Counter()

    def edits(editor: Any) -> int:
        done = 0
        while done < EDITS:
            now = Case.objects.get(pk=case.pk)
            try:
                raising.note(
                    editor, now, key=fresh_key(), expected=now.version, words=f"{editor.pk}:{done}"
                )
                done += 1
            except Stale as error:
                refused[error.code] += 1
                assert error.changes
        return done

    found = together(*(lambda e=editor: edits(e) for editor in editors))
    assert found == [EDITS] * EDITORS
    written = set(Record.objects.filter(case=case).values_list("words", flat=True))
    assert written == {f"{e.pk}:{n}" for e in editors for n in range(EDITS)}
    case.refresh_from_db()
    assert case.version == 1 + EDITORS * EDITS


def test_the_same_form_sent_twice_at_once_makes_one_row(crew):
    case = crew.raised()
    for _ in range(DOUBLES):
        case.refresh_from_db()
        key, seen = fresh_key(), case.version
        found = together(
            *[lambda: raising.note(crew.officer, case, key=key, expected=seen, words="Once.")] * 2
        )
        assert [type(one) for one in found] == [Record, Record], found
        assert found[0].pk == found[1].pk
    assert Record.objects.filter(case=case).count() == DOUBLES


def test_a_case_raised_twice_at_once_is_raised_once(crew):
    for number in range(DOUBLES):
        key = fresh_key()
        found = together(
            *[lambda: raising.raise_case(crew.officer, key=key, reference=f"INV/TWICE/{number}")]
            * 2
        )
        assert found[0].pk == found[1].pk, found
        other = together(
            *(
                lambda: raising.raise_case(
                    crew.officer, key=fresh_key(), reference=f"INV/SAME/{number}"
                )
                for _ in range(2)
            )
        )
        codes = [one.code for one in other if isinstance(one, Refused)]
        assert codes == ["CASE-TWICE"], other


def test_what_was_agreed_is_paid_once_however_it_is_sent(crew):
    case = crew.agreed()
    _, pay = agreeing.current_actions(case)
    seen = case.version
    found = together(
        *(
            lambda: agreeing.record_payment(
                crew.officer,
                case,
                key=fresh_key(),
                expected=seen,
                action=pay,
                pence=1200,
                proof="Cash",
            )
            for _ in range(3)
        )
    )
    assert sum(not isinstance(one, Exception) for one in found) == 1, found
    assert agreeing.paid_of(pay) == 1200
