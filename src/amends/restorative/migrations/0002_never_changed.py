"""The database too refuses to change a row that is only ever added: a guard against accidents, not proof.

As for the tables of a case: what proves that nothing was changed is the ledger.
"""

from typing import Any

from django.db import migrations

TABLES = (
    "process", "facilitator", "participant", "leaving", "preparation", "riskassessment", "meeting",
    "attendance", "outcome", "feedback", "followup", "stop",
)  # fmt: skip
SAYS = "this row is never changed: add another"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION restorative_never_changed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$
"""


def guard(apps: Any, schema_editor: Any) -> None:
    """Put a trigger on each table."""
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        schema_editor.execute(FUNCTION)
    for name in TABLES:
        what = (
            "FOR EACH ROW EXECUTE FUNCTION restorative_never_changed()"
            if postgres
            else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )
        schema_editor.execute(
            f"CREATE TRIGGER restorative_{name}_kept BEFORE UPDATE ON restorative_{name} {what}"
        )


def unguard(apps: Any, schema_editor: Any) -> None:
    """Take the triggers away."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for name in TABLES:
        on = f" ON restorative_{name}" if postgres else ""
        schema_editor.execute(f"DROP TRIGGER restorative_{name}_kept{on}")
    if postgres:
        schema_editor.execute("DROP FUNCTION restorative_never_changed()")


class Migration(migrations.Migration):
    """After the tables are there."""

    dependencies = (("restorative", "0001_tables"),)
    operations = (migrations.RunPython(guard, unguard),)
