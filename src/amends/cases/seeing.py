"""One case as it is shown to somebody who may see it: what is known, what was done, what they may do next."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from amends.accounts.models import User
from amends.accounts.permissions import NOWHERE, check, table
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing, today
from amends.cases.actions.agreeing import is_settled, paid_of
from amends.cases.deciding import decided
from amends.cases.facts import facts_of
from amends.cases.hearing import agreement_of, stays_withdrawn, view_of
from amends.cases.lifecycle import lifecycle
from amends.cases.models import (
    ActionEvent,
    Admission,
    AgreedAction,
    Agreement,
    Authority,
    BreachDecision,
    Case,
    Closure,
    Feedback,
    LetterStep,
    Need,
    Notice,
    Person,
    Record,
    ReviewAsked,
    Told,
    VictimContact,
    VictimView,
)
from amends.cases.queries import looked
from amends.cases.victims_code import Clock, clocks
from amends.notices import tasks
from amends.policy import offences
from amends.policy.facts import FactError

ALSO = ("cases.timeline", "cases.conflict", "ledger.receipt", "ledger.looks")
"""What can be done about a case at every stage of its life, and is no step of it."""
IN_IT = ("officer_in_case", "asked", "assigned")
"""Relations in which somebody works on a case, and need not say why they look."""


@dataclass(frozen=True)
class Somebody:
    """A person of the case: who, in which part, and the last of what they said."""

    row: Any
    view: Any = None
    agrees: Any = None
    withdrawn: bool = False
    contacts: int = 0
    needs: tuple[Any, ...] = ()
    said: Any = None
    """The last view they gave, also where they withdrew from it since."""


@dataclass(frozen=True)
class Item:
    """One thing agreed: what, by when, and what became of it."""

    row: Any
    settled: bool
    paid: int
    last: str

    @property
    def late(self) -> bool:
        """Whether its day has passed and it is not settled."""
        return not self.settled and self.row.due < today()


@dataclass(frozen=True)
class Seen:
    """Everything that a page about one case shows."""

    case: Any
    state: str
    people: tuple[Somebody, ...]
    facts: Mapping[str, Any]
    may: frozenset[str]
    works: bool
    also: frozenset[str] = frozenset()
    admission: Any = None
    notice: Any = None
    items: tuple[Item, ...] = ()
    letter: Any = None
    authority: Any = None
    breach: Any = None
    closure: Any = None
    records: tuple[Any, ...] = ()
    clocks: tuple[Clock, ...] = ()
    messages: tuple[Any, ...] = ()
    to_pass_on: tuple[Any, ...] = ()
    reviews: tuple[Any, ...] = ()
    feedback: tuple[Any, ...] = ()
    decision: Mapping[str, Any] | None = field(default=None)
    undecided: str = ""

    def of(self, part: str) -> tuple[Somebody, ...]:
        """Those who take that *part*."""
        return tuple(one for one in self.people if one.row.part == part)

    @property
    def offence(self) -> str:
        """What it is about, in words and by its code; empty where nobody has recorded it."""
        code = self.facts.get("offence.code")
        row = offences.published().find(code, today()) if code else None
        return f"{row.name} ({code})" if row else str(code or "")

    @property
    def suspect(self) -> Somebody | None:
        """The person responsible, or suspect."""
        found = self.of("suspect")
        return found[0] if found else None


def find(user: User, number: int) -> tuple[Case, frozenset[str]]:
    """The case of that *number* and how *user* stands to it; refused alike where they may see none."""
    case = Case.objects.select_related("force", "officer").filter(pk=number).first()
    if case is None:
        raise Refused("ACT-NONE", NOWHERE)
    relations = case.relations_of(user)
    check(standing(user).roles, "cases.view", relations)
    return case, relations


def see(user: User, number: int, *, why: str = "") -> Seen:
    """The case of that *number*, for *user*, whose look is kept, with *why* unless they work on it.

    Raises Refused where they may not see it, alike whether it is there or not; with LOOK-WHY where a
    reason is asked for.
    """
    case, relations = find(user, number)
    works = not relations.isdisjoint(IN_IT)
    looked(user, f"case {case.reference}", "works on it" if works and not why else why)
    return _seen(user, case, relations, works)


def _seen(user: User, case: Case, relations: frozenset[str], works: bool) -> Seen:
    facts = _facts(case)
    document, undecided = _decision(case, facts)
    return Seen(
        case=case,
        state=lifecycle().states[case.state],
        people=_people(case),
        facts=facts or {},
        may=possible(user, case, relations),
        works=works,
        also=frozenset(n for n in ALSO if table().may(standing(user).roles, n, relations)),
        admission=_last(Admission, person__case=case),
        notice=_last(Notice, case=case),
        items=_items(case),
        letter=_last(LetterStep, case=case),
        authority=_last(Authority, case=case),
        breach=_last(BreachDecision, case=case),
        closure=_last(Closure, case=case),
        clocks=_clocks(case),
        messages=tuple(
            Told.objects.filter(person__case=case).select_related("person").order_by("pk")
        ),
        to_pass_on=tuple(tasks.of_case(case.force, case.reference).select_related("message")),
        reviews=_said(ReviewAsked, case, "answer__by"),
        feedback=_said(Feedback, case),
        records=tuple(Record.objects.filter(case=case).select_related("by").order_by("pk")),
        decision=document,
        undecided=undecided,
    )


def possible(user: User, case: Case, relations: frozenset[str]) -> frozenset[str]:
    """The commands that *user* may give to *case* now, by the table and by the life of the case."""
    roles = standing(user).roles
    now = lifecycle().possible(case.state)
    return frozenset(name for name in now if table().may(roles, name, relations))


def _facts(case: Case) -> dict[str, Any] | None:
    """The facts of the case; None where one of them can no longer be read."""
    try:
        return facts_of(case, today())
    except FactError:
        return None


def _decision(case: Case, facts: Mapping[str, Any] | None) -> tuple[Mapping[str, Any] | None, str]:
    """What the policy of today says of the case, which is not kept; or why it says nothing."""
    try:
        _, text = decided(case, today(), facts)
    except Refused as refused:
        return None, refused.sentence
    return json.loads(text), ""


def _last(model: Any, **where: Any) -> Any:
    return model._default_manager.filter(**where).select_related("by").order_by("pk").last()


def _said(model: Any, case: Case, *also: str) -> tuple[Any, ...]:
    rows = model._default_manager.filter(person__case=case)
    return tuple(rows.select_related("person", *also).order_by("pk"))


def _people(case: Case) -> tuple[Somebody, ...]:
    needs: dict[int, list[Any]] = {}
    for need in Need.objects.filter(person__case=case).order_by("pk"):
        needs.setdefault(need.person_id, []).append(need)
    found = []
    for row in Person.objects.filter(case=case).order_by("pk"):
        victim, suspect = row.part == "victim", row.part == "suspect"
        found.append(
            Somebody(
                row=row,
                view=view_of(row) if victim else None,
                agrees=agreement_of(row) if suspect else None,
                withdrawn=(victim or suspect) and stays_withdrawn(row),
                contacts=VictimContact.objects.filter(person=row).count() if victim else 0,
                needs=tuple(needs.get(row.pk, ())),
                said=_last(VictimView, person=row) if victim else None,
            )
        )
    return tuple(found)


def _items(case: Case) -> tuple[Item, ...]:
    agreement = Agreement.objects.filter(case=case).order_by("pk").last()
    if agreement is None:
        return ()
    events = Prefetch("events", queryset=ActionEvent.objects.order_by("pk"))
    rows = AgreedAction.objects.filter(agreement=agreement).prefetch_related(events).order_by("pk")
    return tuple(
        Item(row, is_settled(row), paid_of(row), _became(list(row.events.all()))) for row in rows
    )


def _clocks(case: Case) -> tuple[Clock, ...]:
    """By when each victim is to be told of the last thing that was decided."""
    last = Authority.objects.filter(case=case).order_by("pk").last()
    if last is None:
        return ()
    vulnerable = set(
        Need.objects.filter(person__case=case, kind="vulnerable").values_list("person", flat=True)
    )
    victims = (
        Person.objects.filter(case=case, part="victim").order_by("pk").values_list("pk", flat=True)
    )
    told = Told.objects.filter(person__case=case, kind="victim_told", at__gte=last.at)
    decided_on = timezone.localtime(last.at).date()
    return tuple(
        clocks(
            [(pk, pk in vulnerable) for pk in victims],
            decided_on,
            frozenset(told.values_list("person", flat=True)),
        )
    )


def _became(events: list[ActionEvent]) -> str:
    return events[-1].kind.replace("_", " ") if events else ""


def due_first(items: tuple[Item, ...]) -> dt.date | None:
    """The first day on which something that is still to be done is due."""
    return min((one.row.due for one in items if not one.settled), default=None)
