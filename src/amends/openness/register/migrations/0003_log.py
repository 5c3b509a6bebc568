"""The disclosure log as a table of its own: the public pages read it, and nothing else of the register."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from amends.openness.register_events import Event
from amends.openness.register_life import follow
from amends.openness.register_log import entry_of, looked_for

SAYS = "this row is never changed: add another"
TEXTS = ("title", "asked", "held", "answer", "refusal", "question", "folder", "digest", "searched")


def guard(apps: Any, schema_editor: Any) -> None:
    """Put the trigger on the table."""
    what = (
        "FOR EACH ROW EXECUTE FUNCTION register_never_changed()"
        if schema_editor.connection.vendor == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    schema_editor.execute(
        f"CREATE TRIGGER register_logentry_kept BEFORE UPDATE ON register_logentry {what}"
    )


def fill(apps: Any, schema_editor: Any) -> None:
    """Add what was published before there was this table."""
    rows, entries = (
        apps.get_model("register", name).objects for name in ("RequestEvent", "LogEntry")
    )
    for published in rows.filter(kind="published").select_related("request"):
        row = published.request
        events = [
            Event(kind=one.kind, on=one.on, by=one.by_id, data=one.data)
            for one in rows.filter(request=row, version__lte=published.version).order_by("version")
        ]
        entry = entry_of(follow(events))
        entries.create(
            request=row, force_id=row.force_id, by_id=published.by_id, name=row.reference, published=published.on,
            searched=looked_for(entry), **entry,
        )  # fmt: skip


class Migration(migrations.Migration):
    """After the guards are there."""

    dependencies = (
        ("register", "0002_never_changed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    )
    operations = (
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("name", models.SlugField(max_length=44)),
                ("published", models.DateField()),
                *((name, models.TextField()) for name in TEXTS),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("force", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.force")),
                ("request", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="logged", to="register.request")),
            ],
            options={
                "indexes": [models.Index(fields=["force", "-published", "-id"], name="log_newest_first")],
                "constraints": [models.UniqueConstraint(fields=("force", "name"), name="log_entry_named_once")],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    )  # fmt: skip
