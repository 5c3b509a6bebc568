"""A canary in every personal field of the record, by which anything that tells of somebody can be known."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.utils import timezone

from amends.accounts.models import Force, User
from amends.accounts.standing import today
from amends.cases.models import Case

TEXTS: Final = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
NEVER_PERSONAL: Final = {  # every other text, JSON or binary field, and every birthday, gets a canary
    "a name of the program's own, or of the public record": """
        accounts.Force.name accounts.User.password accounts.User.pseudonym accounts.Delegation.source
        cases.Case.reference cases.Case.outcome cases.Step.command cases.Step.before cases.Step.after
        cases.Circumstance.name cases.DecisionDocument.digest cases.DecisionDocument.answer
        cases.Closure.outcome cases.VictimView.wording cases.VictimView.language cases.Told.kind
        cases.Told.language cases.Withdrawal.state cases.Invitation.digest cases.RemedyDocument.source
        cases.RemedyAction.name cases.Notice.wording cases.Notice.language restorative.Process.kind
        restorative.Facilitator.role restorative.Participant.role notices.Message.case
        notices.Message.person notices.Message.template notices.Message.reference
        notices.Message.provider_id notices.Task.case register.Request.reference register.RequestEvent.kind
    """,
    "published for everybody, of what is planted as events of a request": """
        register.LogEntry.* register.Withdrawal.*
    """,
    "digests and numbers of a form that was sent": """
        accounts.Done.key accounts.Done.action accounts.Done.digest accounts.Done.result
    """,
    "the ledger's own: its payloads are planted as events, and looked for in what it publishes": """
        ledger.Entry.* ledger.Payload.* ledger.Epoch.* ledger.Checkpoint.* ledger.Look.*
    """,
}
_ANOTHER: Final = ("other", "asked_by")
"""Fields of somebody else than the row is otherwise of."""
PLAIN: Final = frozenset(name for names in NEVER_PERSONAL.values() for name in names.split())


def ours() -> list[type[models.Model]]:
    """Every model of the record, those first to which others refer."""
    left = [one for one in apps.get_models() if one.__module__.startswith("amends.")]
    found: list[type[models.Model]] = []
    while left:
        ready = [one for one in left if not set(needs(one)) & set(left) - {one}]
        assert ready, f"models that refer to each other in a circle: {left}"
        found += ready
        left = [one for one in left if one not in ready]
    return found


def needs(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """The models to which *model* refers."""
    yield from (one.related_model for one in model._meta.concrete_fields if one.is_relation)


def _to_plant() -> list[type[models.Model]]:
    """The models with a personal field, and those to which they refer; the force is given."""
    wanted = {field.model for _, field in personal()}
    for model in reversed(ours()):
        if model in wanted:
            wanted |= {one for one in needs(model) if one is not Force}
    return [one for one in ours() if one in wanted]


def is_plain(name: str) -> bool:
    """Whether the field *name* (app.Model.field) is listed as never personal."""
    return name in PLAIN or f"{name.rpartition('.')[0]}.*" in PLAIN


def personal(chosen: Iterable[type[models.Model]] | None = None) -> list[tuple[str, models.Field]]:
    """Every field that may hold something of somebody, by its name: all texts but those that are listed."""
    found = []
    for model in ours() if chosen is None else chosen:
        for field in model._meta.concrete_fields:
            text = isinstance(field, TEXTS) and not field.choices and not field.primary_key
            if (text or field.name == "born") and not is_plain(f"{model._meta.label}.{field.name}"):
                found.append((f"{model._meta.label}.{field.name}", field))
    return found


def canary(case: int, field: int) -> str:
    """The canary of the field with that number, in the case with that number."""
    return f"cny{case:04}f{field:03}"


class Planting:
    """*count* cases with a row of every kind for each, and a canary in every personal field of it."""

    def __init__(self, force: Force, count: int) -> None:
        self.force, self.count = force, count
        self.fields = [name for name, _ in personal()]
        self.rows: dict[type[models.Model], list[Any]] = {}
        for model in _to_plant():
            made = [self._row(model, n) for n in range(count)]
            self.rows[model] = model._default_manager.bulk_create(made, batch_size=500)

    def _row(self, model: type[models.Model], n: int) -> Any:
        fields = [
            one for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)
        ]
        return model(**{one.attname: self._value(model, one, n) for one in fields})

    def _value(self, model: type[models.Model], field: models.Field, n: int) -> Any:
        name = f"{model._meta.label}.{field.name}"
        if field.is_relation:
            return self._other(model, field, n)
        if name in self.fields:
            return self._planted(field, canary(n, self.fields.index(name)), n)
        if field.null and name != "notices.Message.next_try_at":  # a letter that waits
            return None
        if known := [value for value, _ in field.choices or ()] or _known(model, field):
            return known[0]
        return self._plain(field, n)

    def _other(self, model: type[models.Model], field: models.Field, n: int) -> Any:
        to = field.related_model
        if field.null and to is not Force:
            return None
        if to is Force:
            return self.force.pk
        place = (n + 1) % self.count if field.name in _ANOTHER else n
        return self.rows[to][place].pk

    def _planted(self, field: models.Field, word: str, n: int) -> Any:
        if isinstance(field, models.DateField):
            return birthday(n)
        if isinstance(field, models.JSONField):
            return {"says": word}
        assert field.max_length is None or field.max_length >= len(word), f"{field}: too short"
        return word

    def _plain(self, field: models.Field, n: int) -> Any:
        if isinstance(field, models.BooleanField):
            return True
        if isinstance(field, models.DateTimeField):
            return timezone.now()
        if isinstance(field, models.DateField):
            return today()
        if isinstance(field, models.IntegerField):
            return n + 1 if field.unique else 1
        if isinstance(field, models.JSONField):
            return {}
        assert isinstance(field, models.CharField | models.TextField), (
            f"{field}: say how to fill it"
        )
        return f"{n:0{min(field.max_length or 8, 8)}}"[: field.max_length]

    def people(self) -> list[User]:
        """The accounts that were planted, one to each case."""
        return self.rows[User]

    def cases(self) -> list[Case]:
        """The cases that were planted."""
        return self.rows[Case]


def _known(model: type[models.Model], field: models.Field) -> list[Any]:
    """The values that the database itself keeps *field* to, where it does."""
    for one in model._meta.constraints:
        if isinstance(one, models.CheckConstraint):
            for name, values in (
                each for each in one.condition.children if isinstance(each, tuple)
            ):
                if name == f"{field.name}__in":
                    return list(values)
    return []


def birthday(case: int) -> Any:
    """A day of birth that nobody else has, of a year that nothing else is of."""
    return dt.date(1871, 1, 1) + dt.timedelta(days=case)
