"""How far the victims had been heard and told when something was agreed, or decided after a breach."""

from typing import Any

from django.db import migrations, models

TABLES = ("told",)
SAYS = "this row is never changed: add another"


def guard(apps: Any, schema_editor: Any) -> None:
    """The guard of 0002, on the table of letters."""
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
    """Empty columns, so that no table is made anew and none loses its guard."""

    dependencies = (("cases", "0006_sounding_names"),)
    operations = (
        *(
            migrations.AddField(table, f"{what}_before", models.BigIntegerField(null=True))
            for table in ("agreement", "breachdecision")
            for what in ("contacts", "views", "letters")
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    )
