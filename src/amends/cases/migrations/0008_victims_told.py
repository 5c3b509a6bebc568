"""How far the victims had been heard and told when something was agreed, or decided after a breach."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty columns, so that no table is made anew and none loses its guard."""

    dependencies = (("cases", "0007_told_is_kept"),)
    operations = tuple(
        migrations.AddField(table, f"{what}_before", models.BigIntegerField(null=True))
        for table in ("agreement", "breachdecision")
        for what in ("contacts", "views", "letters")
    )
