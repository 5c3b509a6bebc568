"""The guard of 0002, on what people were told too."""

from typing import Any

from django.db import migrations

TABLES = ("told",)
SAYS = "this row is never changed: add another"


def guard(apps: Any, schema_editor: Any) -> None:
    """Put a trigger on each table."""
    what = (
        "FOR EACH ROW EXECUTE FUNCTION cases_never_changed()"
        if schema_editor.connection.vendor == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    for name in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER cases_{name}_kept BEFORE UPDATE ON cases_{name} {what}"
        )


class Migration(migrations.Migration):
    """After the tables are there."""

    dependencies = (("cases", "0006_sounding_names"),)
    operations = (migrations.RunPython(guard, migrations.RunPython.noop),)
