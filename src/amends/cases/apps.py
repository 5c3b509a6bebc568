"""How Django knows this part of the record."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The life of a community resolution, from referral to Outcome 8."""

    name = "amends.cases"
    label = "cases"
