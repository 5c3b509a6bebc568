"""How Django knows this part of the record."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who may do what."""

    name = "amends.accounts"
    label = "accounts"
