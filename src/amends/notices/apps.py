"""How Django knows this part of the record."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What people are told, by when, and that they were told."""

    name = "amends.notices"
    label = "notices"
