"""The guard of 0002, on what people were told too."""

from django.db import migrations

from amends.cases.guarding import kept


class Migration(migrations.Migration):
    """After the tables are there."""

    dependencies = (("cases", "0006_sounding_names"),)
    operations = (kept("told"),)
