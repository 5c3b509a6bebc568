"""The database too refuses to change what is only ever added: a guard against accidents, not proof.

As for the tables of a case: what proves that nothing was changed is the ledger. Of a request only its
version changes. Who asked, and their words, may be erased and not rewritten.
"""

from typing import Any

from django.db import migrations

TABLES = {
    "register_request": "force_id, reference, received, channel, refines_id, by_id",
    "register_requestevent": "",
    "register_requester": "",
    "register_requesterwords": "",
}
SAYS = "this row is never changed: add another"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION register_never_changed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$
"""


def guard(apps: Any, schema_editor: Any) -> None:
    """Put a trigger on each table."""
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        schema_editor.execute(FUNCTION)
    what = (
        "FOR EACH ROW EXECUTE FUNCTION register_never_changed()"
        if postgres
        else f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    for name, columns in TABLES.items():
        of = f" OF {columns}" if columns else ""
        schema_editor.execute(f"CREATE TRIGGER {name}_kept BEFORE UPDATE{of} ON {name} {what}")


def unguard(apps: Any, schema_editor: Any) -> None:
    """Take the triggers away."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for name in TABLES:
        on = f" ON {name}" if postgres else ""
        schema_editor.execute(f"DROP TRIGGER {name}_kept{on}")
    if postgres:
        schema_editor.execute("DROP FUNCTION register_never_changed()")


class Migration(migrations.Migration):
    """After the tables are there."""

    dependencies = (("register", "0001_tables"),)
    operations = (migrations.RunPython(guard, unguard),)
