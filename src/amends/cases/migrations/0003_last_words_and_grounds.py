"""A withdrawal says what it takes back; a review before its time says on what ground."""

from typing import Any

from django.db import migrations, models

SAYS = "this row is never changed: add another"
ALL_SAID = """
UPDATE cases_withdrawal SET said_before = coalesce((
    SELECT max(said.id) FROM {table} AS said
    WHERE said.person_id = cases_withdrawal.person_id AND said.at <= cases_withdrawal.at
), 0) WHERE side = '{side}'
"""


def say_what_was_taken_back(apps: Any, schema_editor: Any) -> None:
    """Work out, by the clock, what the withdrawals of before were of; then guard the table again.

    Adding a column made the table anew on SQLite, without its trigger.
    """
    postgres = schema_editor.connection.vendor == "postgresql"
    on = " ON cases_withdrawal" if postgres else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS cases_withdrawal_kept{on}")
    for side, table in (("victim", "cases_victimview"), ("offender", "cases_offendersays")):
        schema_editor.execute(ALL_SAID.format(side=side, table=table))
    what = (
        "FOR EACH ROW EXECUTE FUNCTION cases_never_changed()"
        if postgres
        else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    schema_editor.execute(
        f"CREATE TRIGGER cases_withdrawal_kept BEFORE UPDATE ON cases_withdrawal {what}"
    )


class Migration(migrations.Migration):
    """After the guards are there."""

    dependencies = (("cases", "0002_never_changed"),)
    operations = (
        migrations.AddField("withdrawal", "said_before", models.BigIntegerField(default=0)),
        migrations.AddField(
            "retention",
            "ground",
            models.CharField(
                blank=True,
                choices=[
                    ("court_order", "court_order"),
                    ("right_to_erasure", "right_to_erasure"),
                    ("recorded_in_error", "recorded_in_error"),
                ],
                default="",
                max_length=20,
            ),
        ),
        migrations.RunPython(say_what_was_taken_back, migrations.RunPython.noop),
    )
