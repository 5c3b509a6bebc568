"""A request has a short title, which can be changed: one more kind of event."""

from typing import Any

from django.db import migrations, models

SAYS = "this row is never changed: add another"
KINDS = (
    "received", "titled", "acknowledged", "asked", "clarified", "fees notice", "paid", "refined", "estimated", "scoped",
    "claimed", "dropped", "extended", "drafted", "cleared", "sent", "published", "review asked", "review decided",
    "complained", "commissioner decided", "appealed", "tribunal decided", "withdrawal asked", "withdrawal dropped",
    "withdrawn",
)  # fmt: skip


def guard(apps: Any, schema_editor: Any) -> None:
    """Guard the table again: changing what it may hold made it anew on SQLite, without its trigger."""
    postgres = schema_editor.connection.vendor == "postgresql"
    on = " ON register_requestevent" if postgres else ""
    what = (
        "FOR EACH ROW EXECUTE FUNCTION register_never_changed()"
        if postgres
        else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    schema_editor.execute(f"DROP TRIGGER IF EXISTS register_requestevent_kept{on}")
    schema_editor.execute(
        f"CREATE TRIGGER register_requestevent_kept BEFORE UPDATE ON register_requestevent {what}"
    )


class Migration(migrations.Migration):
    """After what is left in the log."""

    dependencies = (("register", "0008_left_in_the_log"),)
    operations = (
        migrations.RemoveConstraint("requestevent", "request_event_known"),
        migrations.AddConstraint(
            "requestevent",
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="request_event_known"),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    )
