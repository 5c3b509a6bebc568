"""A role for whoever acts by a link of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="roleheld",
            name="role_known",
        ),
        migrations.AlterField(
            model_name="roleheld",
            name="role",
            field=models.CharField(
                choices=[
                    ("officer", "Police officer, PCSO or investigator who deals with cases"),
                    (
                        "supervisor",
                        "Sergeant or above, or staff of that standing, who supervises officers",
                    ),
                    ("authoriser", "Officer to whom the force leaves decisions that need a rank"),
                    ("facilitator", "Facilitator of restorative work, on the staff"),
                    ("volunteer_facilitator", "Facilitator of restorative work, a volunteer"),
                    ("victim_care", "Victim-care officer"),
                    ("youth_justice", "Youth justice worker"),
                    ("panel_member", "Member of the scrutiny panel, from outside the police"),
                    (
                        "panel_secretary",
                        "Secretary of the scrutiny panel, who draws its cases and redacts them",
                    ),
                    ("disclosure_officer", "Officer who answers requests for information"),
                    ("records_manager", "Records manager, who reviews how long cases are kept"),
                    ("auditor", "Auditor of the force: may see everything and change nothing"),
                    ("administrator", "Administrator of accounts: sees no case"),
                    (
                        "party",
                        "A victim or person responsible, who acts by a link of their own and never signs in",
                    ),
                ],
                max_length=60,
            ),
        ),
        migrations.AddConstraint(
            model_name="roleheld",
            constraint=models.CheckConstraint(
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
                            "party",
                        ],
                    )
                ),
                name="role_known",
            ),
        ),
    ]
