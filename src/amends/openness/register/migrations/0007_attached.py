"""What `amends attach` took in, file by file, so that nothing else is drafted from or cleared."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

SAYS = "this row is never changed: add another"


def guard(apps: Any, schema_editor: Any) -> None:
    """Guard the table."""
    postgres = schema_editor.connection.vendor == "postgresql"
    what = (
        "FOR EACH ROW EXECUTE FUNCTION register_never_changed()"
        if postgres
        else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    schema_editor.execute(
        f"CREATE TRIGGER register_attached_kept BEFORE UPDATE ON register_attached {what}"
    )


class Migration(migrations.Migration):
    """After the answers that are taken back."""

    dependencies = (("register", "0006_withdrawal"),)
    operations = (
        migrations.CreateModel(
            name="Attached",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("folder", models.CharField(max_length=100)),
                ("files", models.JSONField()),
                ("request", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attached", to="register.request")),
            ],
            options={"indexes": [models.Index(fields=["folder", "-id"], name="folder_attached_last")]},
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    )  # fmt: skip
