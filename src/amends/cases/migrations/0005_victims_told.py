"""How far the victims had been heard when something was agreed, or decided after a breach."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_links_and_feedback"),
    ]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="contacts_before",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="agreement",
            name="views_before",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="breachdecision",
            name="contacts_before",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="breachdecision",
            name="views_before",
            field=models.BigIntegerField(null=True),
        ),
    ]
