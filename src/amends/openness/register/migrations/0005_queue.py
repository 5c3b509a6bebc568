"""The place of a request in the queue, kept beside the events that it follows from, so that a page of it is quick."""

from typing import Any

from django.db import migrations, models

from amends.openness.register_events import Event
from amends.openness.register_life import follow
from amends.openness.register_queue import place

SAYS = "this row is never changed: add another"
COLUMNS = "force_id, reference, received, channel, refines_id, by_id"


def fill(apps: Any, schema_editor: Any) -> None:
    """Give each request its place."""
    rows = apps.get_model("register", "RequestEvent").objects
    for row in apps.get_model("register", "Request").objects.all():
        events = [
            Event(kind=one.kind, on=one.on, by=one.by_id, data=one.data)
            for one in rows.filter(request=row).order_by("version")
        ]
        rank, due = place(follow(events))
        type(row).objects.filter(pk=row.pk).update(rank=rank, due=due)


def guard(apps: Any, schema_editor: Any) -> None:
    """Guard the table again: a column more made it anew on SQLite, without its trigger."""
    postgres = schema_editor.connection.vendor == "postgresql"
    on = " ON register_request" if postgres else ""
    what = (
        "FOR EACH ROW EXECUTE FUNCTION register_never_changed()"
        if postgres
        else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    schema_editor.execute(f"DROP TRIGGER IF EXISTS register_request_kept{on}")
    schema_editor.execute(
        f"CREATE TRIGGER register_request_kept BEFORE UPDATE OF {COLUMNS} ON register_request {what}"
    )


class Migration(migrations.Migration):
    """After the kinds of event."""

    dependencies = (("register", "0004_tribunal"),)
    operations = (
        migrations.AddField("request", "rank", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("request", "due", models.DateField(null=True)),
        migrations.AddIndex(
            "request",
            models.Index(fields=["force", "rank", "due", "-id"], name="request_by_what_is_due"),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    )
