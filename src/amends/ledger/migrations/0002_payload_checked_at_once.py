"""A payload's entry is checked at once, not at the end of the transaction: entering is cheaper so."""

from typing import Any

from django.db import migrations

FIND = """
    SELECT conname FROM pg_constraint
    WHERE conrelid = 'ledger_payload'::regclass AND contype = 'f' AND condeferrable
"""


def check_at_once(_: Any, editor: Any) -> None:
    """On PostgreSQL, make the reference from payload to entry one that cannot be deferred."""
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute(FIND)
        for (name,) in cursor.fetchall():
            quoted = editor.quote_name(name)
            cursor.execute(f"ALTER TABLE ledger_payload ALTER CONSTRAINT {quoted} NOT DEFERRABLE")


class Migration(migrations.Migration):
    """The reference is there already: Django makes it deferrable."""

    dependencies = [("ledger", "0001_entries")]
    operations = [migrations.RunPython(check_at_once, migrations.RunPython.noop)]
