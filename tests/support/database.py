"""The database of a test, for programs that run beside it."""

from pathlib import Path

from django.db import connection


def this_database() -> str:
    """The address of the database that the test uses."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{Path(said['NAME']).absolute()}"
    parts = {"dbname": said["NAME"], "user": said["USER"], "password": said["PASSWORD"],
             "host": said["HOST"], "port": said["PORT"]}  # fmt: skip
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    text = make_conninfo(**{name: value for name, value in parts.items() if value})
    found = conninfo_to_dict(text)
    return f"postgresql://{found.get('user', '')}@/{found['dbname']}?host={found.get('host', '')}"
