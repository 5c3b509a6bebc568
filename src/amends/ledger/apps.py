"""How Django knows this part of the record."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Who did what, in a log that nobody can rewrite."""

    name = "amends.ledger"
    label = "ledger"
