"""Indexes for what is looked for by its day: when a case was raised, and whose review has come."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_party"),
        ("cases", "0009_passed_on_and_reviewed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["force", "raised_at"], name="case_by_day"),
        ),
        migrations.AddIndex(
            model_name="retention",
            index=models.Index(fields=["review_on", "case"], name="retention_by_review"),
        ),
    ]
