"""What every row of a case has, and the choices that several kinds of row share."""

from typing import Any, Final

from django.db import models

NAME: Final = 120
LANGUAGE: Final = 60
WORDS: Final = 5_000


def chosen(*names: str) -> Any:
    """A column that holds one of *names*."""
    longest = max(map(len, names))
    return models.CharField(max_length=longest, choices=[(name, name) for name in names])


def known(names: tuple[str, ...], column: str, constraint: str) -> models.CheckConstraint:
    """The database too keeps *column* to *names*."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": names}), name=constraint)


class Row(models.Model):
    """A row that is added and never changed, with who added it and when."""

    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class CaseRow(Row):
    """A row of one case."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
