"""Letters that were handed over, and reviews that were answered; neither row is ever changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from amends.cases.guarding import kept


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_victims_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Passed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("task", models.PositiveBigIntegerField(unique=True)),
                ("words", models.TextField(max_length=5000)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReviewAnswered",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("right", "right"),
                            ("changed", "changed"),
                            ("not_right", "not_right"),
                        ],
                        max_length=9,
                    ),
                ),
                ("words", models.TextField(max_length=5000)),
                (
                    "asked",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="cases.reviewasked",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("finding__in", ("right", "changed", "not_right"))),
                        name="review_finding_known",
                    )
                ],
            },
        ),
        kept("passed", "reviewanswered"),
    ]
