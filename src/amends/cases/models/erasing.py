"""What goes when a case is erased, in the order in which one row refers to another."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Model

from amends.cases.models import case as known
from amends.cases.models import deciding, invited, people, resolving

_BY: Final[tuple[tuple[type[Model], str], ...]] = (
    (resolving.ActionEvent, "action__agreement__case"),
    (resolving.AgreedAction, "agreement__case"),
    (resolving.Agreement, "case"),
    (resolving.Notice, "case"),
    (resolving.LetterStep, "case"),
    (resolving.BreachDecision, "case"),
    (invited.Opened, "invitation__case"),
    (invited.Invitation, "case"),
    (invited.Feedback, "person__case"),
    (invited.ReviewAnswered, "person__case"),
    (invited.ReviewAsked, "person__case"),
    (people.NameKey, "person__case"),
    (people.Told, "person__case"),
    (people.Need, "person__case"),
    (people.Admission, "person__case"),
    (people.OffenderSays, "person__case"),
    (people.VictimContact, "person__case"),
    (people.VictimView, "person__case"),
    (people.NotConsulted, "person__case"),
    (people.Withdrawal, "person__case"),
    (deciding.Authority, "case"),
    (deciding.DecisionDocument, "case"),
    (known.Circumstance, "case"),
    (known.Record, "case"),
    (known.Conflict, "case"),
    (known.Link, "case"),
    (known.Link, "other"),
    (known.Share, "case"),
    (known.Passed, "case"),
)
ALSO: Final[list[Callable[[Any], None]]] = []
"""What erases the rows that other parts of the record keep of a case: they add themselves, and it goes first."""


def erase_rows(case: Any) -> None:
    """Delete every row of *case* that says anything of anybody.

    Its reference, its steps, its outcome and how long it was to be kept stay: without them nobody could
    count it, or see that it was erased by the rules. So do the tasks that officers had in it.
    """
    for erase in ALSO:
        erase(case)
    for model, path in _BY:
        model._default_manager.filter(**{path: case}).delete()
    spoken = people.Person.objects.filter(case=case)
    spoken.filter(speaks_for__isnull=False).delete()
    spoken.delete()
    deciding.Closure.objects.filter(case=case).update(reasons="")
    deciding.Retention.objects.filter(case=case).update(reasons="")
