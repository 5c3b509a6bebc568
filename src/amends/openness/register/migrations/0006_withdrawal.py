"""An answer can be taken back from the log: two more kinds of event, and a table of what was taken back."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SAYS = "this row is never changed: add another"
KINDS = (
    "received", "acknowledged", "asked", "clarified", "fees notice", "paid", "refined", "estimated", "scoped",
    "claimed", "dropped", "extended", "drafted", "cleared", "sent", "published", "review asked", "review decided",
    "complained", "commissioner decided", "appealed", "tribunal decided", "withdrawal asked", "withdrawn",
)  # fmt: skip
TABLES = ("register_requestevent", "register_withdrawal")


def guard(apps: Any, schema_editor: Any) -> None:
    """Guard both tables: on SQLite that of the events was made anew, without its trigger."""
    postgres = schema_editor.connection.vendor == "postgresql"
    what = (
        "FOR EACH ROW EXECUTE FUNCTION register_never_changed()"
        if postgres
        else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    for name in TABLES:
        on = f" ON {name}" if postgres else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}_kept{on}")
        schema_editor.execute(f"CREATE TRIGGER {name}_kept BEFORE UPDATE ON {name} {what}")


class Migration(migrations.Migration):
    """After the queue."""

    dependencies = (
        ("register", "0005_queue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.RemoveConstraint("requestevent", "request_event_known"),
        migrations.AddConstraint(
            "requestevent",
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="request_event_known"),
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("on", models.DateField()),
                ("reason", models.TextField()),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="register.logentry")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=~models.Q(by=models.F("asked_by")), name="withdrawal_by_two")],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    )  # fmt: skip
