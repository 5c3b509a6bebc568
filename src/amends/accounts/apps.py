"""How Django knows this part of the record."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who may do what."""

    name = "amends.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Begin to enter sign-ins in the ledger."""
        import_module("amends.accounts.signin")
