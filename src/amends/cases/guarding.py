"""The guard that migrations put on tables whose rows are only ever added; see `0002_never_changed`."""

from typing import Any, Final

from django.db import migrations

SAYS: Final = "this row is never changed: add another"


def kept(*names: str) -> migrations.RunPython:
    """The operation that puts the guard on the tables of cases called *names*, which exist by then."""

    def guard(apps: Any, schema_editor: Any) -> None:
        what = (
            "FOR EACH ROW EXECUTE FUNCTION cases_never_changed()"
            if schema_editor.connection.vendor == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )
        for name in names:
            schema_editor.execute(
                f"CREATE TRIGGER cases_{name}_kept BEFORE UPDATE ON cases_{name} {what}"
            )

    return migrations.RunPython(guard, migrations.RunPython.noop)
