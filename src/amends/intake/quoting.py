"""Values and names as SQL writes them: whatever a file or a column is called, it is only a word there."""

from pathlib import Path


def quoted_text(value: str | Path) -> str:
    """*value* as a text in SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def quoted_name(column: str) -> str:
    """*column* as a name in SQL."""
    return '"' + column.replace('"', '""') + '"'
