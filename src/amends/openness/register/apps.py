"""How Django knows the register of requests."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The register of requests for information."""

    name = "amends.openness.register"
    label = "register"
