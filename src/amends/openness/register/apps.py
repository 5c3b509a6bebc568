"""How Django knows the register of requests."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

from amends.openness.register.saved import SOURCES

QUESTIONS = "amends.openness.questions"


class RegisterConfig(AppConfig):
    """The register of requests for information."""

    name = "amends.openness.register"
    label = "register"

    def ready(self) -> None:
        """Offer the saved questions, where this installation has them."""
        if find_spec(QUESTIONS) is not None:
            SOURCES.append(import_module(QUESTIONS).questions)
