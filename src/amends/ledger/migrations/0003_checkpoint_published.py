"""A head that was signed says whether it was published: those of before this release were."""

from typing import Any

from django.db import migrations, models


def were_published(apps: Any, schema_editor: Any) -> None:
    """Say of every head that is there that it was published."""
    apps.get_model("ledger", "Checkpoint").objects.update(published=True)


class Migration(migrations.Migration):
    """After payloads are checked at once."""

    dependencies = (("ledger", "0002_payload_checked_at_once"),)
    operations = (
        migrations.AddField("checkpoint", "published", models.BooleanField(default=False)),
        migrations.RunPython(were_published, migrations.RunPython.noop),
    )
