"""The first tables: forces, people, what they hold and from when, and what was done once."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Force",
            fields=[
                ("slug", models.SlugField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, unique=True)),
                ("invented", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                ("pseudonym", models.CharField(max_length=60, unique=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "force",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="users",
                        to="accounts.force",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Done",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=100)),
                ("action", models.CharField(max_length=60)),
                ("digest", models.CharField(max_length=64)),
                ("result", models.CharField(max_length=200)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("by", "key"), name="done_once")],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts", models.DateField()),
                ("ends", models.DateField(blank=True, null=True)),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("pcso", "Police Community Support Officer"),
                            ("psi", "Police Staff Investigator"),
                            ("dedicated_decision_maker", "Dedicated decision maker"),
                        ],
                        max_length=60,
                    ),
                ),
                (
                    "rank",
                    models.CharField(
                        choices=[
                            ("constable", "Constable"),
                            ("sergeant", "Sergeant"),
                            ("inspector", "Inspector"),
                            ("chief_inspector", "Chief Inspector"),
                            ("superintendent", "Superintendent"),
                            ("chief_superintendent", "Chief Superintendent"),
                            ("assistant_chief_constable", "Assistant Chief Constable"),
                            ("deputy_chief_constable", "Deputy Chief Constable"),
                            ("chief_constable", "Chief Constable"),
                        ],
                        max_length=60,
                    ),
                ),
                ("source", models.CharField(max_length=300)),
                (
                    "force",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="accounts.force",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends__isnull", True),
                            ("ends__gt", models.F("starts")),
                            _connector="OR",
                        ),
                        name="delegation_not_backwards",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeHeld",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts", models.DateField()),
                ("ends", models.DateField(blank=True, null=True)),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("pcso", "Police Community Support Officer"),
                            ("psi", "Police Staff Investigator"),
                            ("dedicated_decision_maker", "Dedicated decision maker"),
                        ],
                        max_length=60,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grades",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends__isnull", True),
                            ("ends__gt", models.F("starts")),
                            _connector="OR",
                        ),
                        name="grade_not_backwards",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade__in", ["pcso", "psi", "dedicated_decision_maker"])
                        ),
                        name="grade_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RankHeld",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts", models.DateField()),
                ("ends", models.DateField(blank=True, null=True)),
                (
                    "rank",
                    models.CharField(
                        choices=[
                            ("constable", "Constable"),
                            ("sergeant", "Sergeant"),
                            ("inspector", "Inspector"),
                            ("chief_inspector", "Chief Inspector"),
                            ("superintendent", "Superintendent"),
                            ("chief_superintendent", "Chief Superintendent"),
                            ("assistant_chief_constable", "Assistant Chief Constable"),
                            ("deputy_chief_constable", "Deputy Chief Constable"),
                            ("chief_constable", "Chief Constable"),
                        ],
                        max_length=60,
                    ),
                ),
                ("acting", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ranks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends__isnull", True),
                            ("ends__gt", models.F("starts")),
                            _connector="OR",
                        ),
                        name="rank_not_backwards",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rank__in",
                                [
                                    "constable",
                                    "sergeant",
                                    "inspector",
                                    "chief_inspector",
                                    "superintendent",
                                    "chief_superintendent",
                                    "assistant_chief_constable",
                                    "deputy_chief_constable",
                                    "chief_constable",
                                ],
                            )
                        ),
                        name="rank_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleHeld",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts", models.DateField()),
                ("ends", models.DateField(blank=True, null=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            (
                                "officer",
                                "Police officer, PCSO or investigator who deals with cases",
                            ),
                            (
                                "supervisor",
                                "Sergeant or above, or staff of that standing, who supervises officers",
                            ),
                            (
                                "authoriser",
                                "Officer to whom the force leaves decisions that need a rank",
                            ),
                            ("facilitator", "Facilitator of restorative work, on the staff"),
                            (
                                "volunteer_facilitator",
                                "Facilitator of restorative work, a volunteer",
                            ),
                            ("victim_care", "Victim-care officer"),
                            ("youth_justice", "Youth justice worker"),
                            (
                                "panel_member",
                                "Member of the scrutiny panel, from outside the police",
                            ),
                            (
                                "panel_secretary",
                                "Secretary of the scrutiny panel, who draws its cases and redacts them",
                            ),
                            ("disclosure_officer", "Officer who answers requests for information"),
                            (
                                "records_manager",
                                "Records manager, who reviews how long cases are kept",
                            ),
                            (
                                "auditor",
                                "Auditor of the force: may see everything and change nothing",
                            ),
                            ("administrator", "Administrator of accounts: sees no case"),
                        ],
                        max_length=60,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends__isnull", True),
                            ("ends__gt", models.F("starts")),
                            _connector="OR",
                        ),
                        name="role_not_backwards",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "officer",
                                    "supervisor",
                                    "authoriser",
                                    "facilitator",
                                    "volunteer_facilitator",
                                    "victim_care",
                                    "youth_justice",
                                    "panel_member",
                                    "panel_secretary",
                                    "disclosure_officer",
                                    "records_manager",
                                    "auditor",
                                    "administrator",
                                ],
                            )
                        ),
                        name="role_known",
                    ),
                ],
            },
        ),
    ]
