"""The screens, as Django knows them."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates and static files; there are no tables here."""

    name = "amends.web"
    label = "web"
    verbose_name = "Screens"
