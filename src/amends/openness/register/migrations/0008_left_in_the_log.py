"""Whoever wants an answer taken back may want it no more; and what waits for a second person is lifted in the queue."""

from typing import Any

from django.db import migrations, models

from amends.openness.register_events import Event
from amends.openness.register_life import follow
from amends.openness.register_queue import place

SAYS = "this row is never changed: add another"
KINDS = (
    "received", "acknowledged", "asked", "clarified", "fees notice", "paid", "refined", "estimated", "scoped",
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


def lift(apps: Any, schema_editor: Any) -> None:
    """Give each request of which an answer was wanted back its place anew."""
    rows = apps.get_model("register", "RequestEvent").objects
    wanted = rows.filter(kind="withdrawal asked").values("request")
    for row in apps.get_model("register", "Request").objects.filter(pk__in=wanted):
        events = [
            Event(kind=one.kind, on=one.on, by=one.by_id, data=one.data)
            for one in rows.filter(request=row).order_by("version")
        ]
        rank, due = place(follow(events))
        type(row).objects.filter(pk=row.pk).update(rank=rank, due=due)


class Migration(migrations.Migration):
    """After what was attached."""

    dependencies = (("register", "0007_attached"),)
    operations = (
        migrations.RemoveConstraint("requestevent", "request_event_known"),
        migrations.AddConstraint(
            "requestevent",
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="request_event_known"),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.RunPython(lift, migrations.RunPython.noop),
    )
