"""Writes the pages of docs/reference that are made from the code."""

import os
from pathlib import Path

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"


def main() -> None:
    """Write every such page anew."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amends.config.settings")
    import django  # noqa: PLC0415 (its settings must be named first)

    django.setup()
    from amends.accounts.pages import permissions  # noqa: PLC0415
    from amends.cases.pages import life  # noqa: PLC0415
    from amends.disclosure.redaction.pages import reference  # noqa: PLC0415
    from amends.openness.pages import reference as saved  # noqa: PLC0415
    from amends.policy.afterwards import page as afterwards  # noqa: PLC0415
    from amends.restorative.pages import processes  # noqa: PLC0415

    (REFERENCE / "afterwards.md").write_text(afterwards(), "utf-8")
    (REFERENCE / "permissions.md").write_text(permissions(), "utf-8")
    (REFERENCE / "lifecycle.md").write_text(life(), "utf-8")
    (REFERENCE / "questions.md").write_text(saved(), "utf-8")
    (REFERENCE / "redaction.md").write_text(reference(), "utf-8")
    (REFERENCE / "restorative.md").write_text(processes(), "utf-8")


if __name__ == "__main__":
    main()
