"""The offences offered first to an officer at the scene: a short list as data, which a force may replace.

The file `offences.csv` of the service's own folder (AMENDS_FOLDER), where there is one, is taken for
the one beside this module. Each row is a code that is held, and what is said of it on the screen.
"""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from amends.policy import offences

COLUMNS: Final = ["code", "said"]
OURS: Final = Path(__file__).with_name("offences.csv")
MOST: Final = 20
OTHER: Final = ("other", "Another: its code is below")


def offered() -> list[tuple[str, str]]:
    """Code and words of each, and the choice of another last; read again when the file changes."""
    own = Path(settings.AMENDS_FOLDER) / "offences.csv"
    path = own if own.is_file() else OURS
    return [*_read(path, path.stat().st_mtime_ns), OTHER]


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> tuple[tuple[str, str], ...]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        if next(rows, None) != COLUMNS:
            raise ImproperlyConfigured(f"{path}, line 1: the columns are {','.join(COLUMNS)}.")
        found = tuple(_checked(path, rows.line_num, row) for row in rows if row)
    if not 0 < len(found) <= MOST:
        raise ImproperlyConfigured(f"{path}: {len(found)} offences; give one to {MOST}.")
    return found


def _checked(path: Path, line: int, row: list[str]) -> tuple[str, str]:
    code, said = (*row, "", "")[:2]
    if len(row) != len(COLUMNS) or not said.strip():
        raise ImproperlyConfigured(f"{path}, line {line}: give a code, and what is said of it.")
    if offences.published().find(code) is None:
        raise ImproperlyConfigured(f"{path}, line {line}: no offence has the code {code!r}.")
    return code, said.strip()
