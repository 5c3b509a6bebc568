"""Follow-ups still to be done are rows with their day: those of meetings already held are worked out once."""

import datetime as dt
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

SAYS = "this row is never changed: add another"
DAYS = {
    "immediate_rd": (14,),
    "vo_conference": (7, 120),
    "community_conference": (7, 120, 150),
    "indirect": (7, 120),
}
"""The follow-ups of the first version of each kind that ships, as they were when this was written."""


def guard(apps: Any, schema_editor: Any) -> None:
    """Keep the table as the others are kept, while it is empty: PostgreSQL makes no trigger while checks wait."""
    what = (
        "FOR EACH ROW EXECUTE FUNCTION restorative_never_changed()"
        if schema_editor.connection.vendor == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    schema_editor.execute(
        f"CREATE TRIGGER restorative_followupdue_kept BEFORE UPDATE ON restorative_followupdue {what}"
    )


def fill(apps: Any, schema_editor: Any) -> None:
    """Add the days of meetings that were held before there was this table."""
    due = apps.get_model("restorative", "FollowUpDue")
    outcomes = apps.get_model("restorative", "Outcome").objects
    first = outcomes.filter(process__kind_version=1).select_related("process", "meeting")
    for outcome in first:
        held = timezone.localtime(outcome.meeting.on).date()
        for number, days in enumerate(DAYS.get(outcome.process.kind, ()), start=1):
            due.objects.create(
                process_id=outcome.process_id, by_id=outcome.by_id, version=outcome.version,
                number=number, due=held + dt.timedelta(days=days),
            )  # fmt: skip


class Migration(migrations.Migration):
    """After the guards are there."""

    dependencies = (
        ("restorative", "0002_never_changed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.CreateModel(
            name="FollowUpDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("version", models.PositiveIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("due", models.DateField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("process", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="restorative.process")),
            ],
            options={
                "indexes": [models.Index(fields=["due"], name="follow_up_by_day")],
                "constraints": [models.UniqueConstraint(fields=("process", "number"), name="follow_up_due_once")],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    )  # fmt: skip
