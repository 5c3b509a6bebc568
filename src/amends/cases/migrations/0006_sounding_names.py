"""How names sound, to find people by; worked out for everybody who is there."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """Work out the keys of everybody who was recorded before."""
    from amends.cases.sounding import keys  # noqa: PLC0415 (only while tables are made)

    people, made = apps.get_model("cases", "Person"), apps.get_model("cases", "NameKey")
    for number, name in people.objects.values_list("pk", "name").iterator():
        made.objects.bulk_create(made(person_id=number, key=key) for key in sorted(keys(name)))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_told_in_writing"),
    ]

    operations = [
        migrations.CreateModel(
            name="NameKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=16)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.person",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["key", "person"], name="name_key")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
