"""The database too refuses to change a row that is only ever added: a guard against accidents, not proof.

Whoever owns the tables can take it away. What proves that nothing was changed is the ledger.
"""

from typing import Any

from django.db import migrations

TABLES = (
    "circumstance", "record", "person", "need", "admission", "offendersays", "victimcontact", "victimview",
    "notconsulted", "withdrawal", "authority", "decisiondocument", "step", "notice", "agreement",
    "agreedaction", "actionevent", "letterstep", "breachdecision", "share", "remedydocument", "remedyaction",
)  # fmt: skip
SAYS = "this row is never changed: add another"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION cases_never_changed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$
"""


def guard(apps: Any, schema_editor: Any) -> None:
    """Put a trigger on each table."""
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        schema_editor.execute(FUNCTION)
    for name in TABLES:
        what = (
            "FOR EACH ROW EXECUTE FUNCTION cases_never_changed()"
            if postgres
            else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        )
        schema_editor.execute(
            f"CREATE TRIGGER cases_{name}_kept BEFORE UPDATE ON cases_{name} {what}"
        )


def unguard(apps: Any, schema_editor: Any) -> None:
    """Take the triggers away."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for name in TABLES:
        on = f" ON cases_{name}" if postgres else ""
        schema_editor.execute(f"DROP TRIGGER cases_{name}_kept{on}")
    if postgres:
        schema_editor.execute("DROP FUNCTION cases_never_changed()")


class Migration(migrations.Migration):
    """After the tables are there."""

    dependencies = (("cases", "0001_initial"),)
    operations = (migrations.RunPython(guard, unguard),)
