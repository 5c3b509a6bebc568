"""How Django knows this part of the record, and what it adds to a case without a case knowing of it."""

from django.apps import AppConfig


class RestorativeConfig(AppConfig):
    """The restorative processes of a case."""

    name = "amends.restorative"
    label = "restorative"

    def ready(self) -> None:
        """Have the rows go when a case is erased, and policies be told of the process."""
        from amends.cases.facts import TOLD_BY  # noqa: PLC0415 (models are there only now)
        from amends.cases.models.erasing import ALSO  # noqa: PLC0415
        from amends.restorative.models import erase_rows  # noqa: PLC0415
        from amends.restorative.telling import tell  # noqa: PLC0415

        ALSO.append(erase_rows)
        TOLD_BY.append(tell)
