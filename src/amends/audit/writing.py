"""An audit as a folder of files, whole or not at all."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from amends.audit.auditing import Audit
from amends.audit.history import HistoryError, quoted
from amends.audit.report import FAULTS, Report
from amends.disclosure.tables import WARNING


class CannotWrite(OSError):
    """A place that cannot be written to."""


@contextmanager
def folder(out: Path) -> Iterator[Path]:
    """A new folder that becomes *out* only when everything in it has been written.

    Raises CannotWrite where *out* exists and is not an earlier audit of ours, or has no parent folder.
    """
    if not out.parent.is_dir():
        raise CannotWrite(f"{out}: there is no folder {out.parent}. Make it first.")
    if out.exists() and not (out / "summary.json").is_file() and (out.is_file() or any(out.iterdir())):
        raise CannotWrite(f"{out}: it exists and is no earlier audit. Name another folder.")
    made = Path(mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield made
        if out.exists():
            shutil.rmtree(out)
        made.chmod(0o755)
        os.replace(made, out)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def write(audit: Audit, found: Report, out: Path) -> None:
    """Write `report.txt`, `summary.json`, `verdicts.parquet` and `faults.csv` into the folder *out*.

    Every file says that its figures are raw.
    """
    with folder(out) as made:
        text = "\n".join([WARNING, "", *found.lines(), ""])
        (made / "report.txt").write_text(text, "utf-8")
        data = {"warning": WARNING, **found.as_data()}
        (made / "summary.json").write_text(json.dumps(data, indent=2, default=str) + "\n", "utf-8")
        connection = audit.history.connection
        file = quoted(str(made / "verdicts.parquet"))
        connection.execute(
            "COPY (SELECT v.*, h.case_reference FROM verdicts AS v JOIN history AS h USING (n) "
            f"ORDER BY n) TO {file} (FORMAT parquet, COMPRESSION zstd, "
            f"KV_METADATA {{amends: {quoted(WARNING)}}})"
        )
        connection.execute(f"COPY ({_faults()}) TO {quoted(str(made / 'faults.csv'))} (HEADER)")


def _faults() -> str:
    """Every faulty row: its number from 1, its reference, what was wrong, and the code it has."""
    parts = [
        f"SELECT n + 1 AS row, case_reference, {quoted(what)} AS fault, offence_code "
        f"FROM history WHERE {test}"
        for what, test in FAULTS.items()
    ]
    return " UNION ALL ".join(parts) + " ORDER BY row, fault"


def rows_of(audit: Audit, rule: str, finding: str = "raised", most: int = 20) -> Iterator[str]:
    """References of the rows in which *rule* was raised (or unknown), at most *most* of them.

    Raises HistoryError where no part of the audit has such a rule.
    """
    known = []
    for part in audit.plan.parts:
        ids = [r.id for r in part.rules.rules]
        known += ids
        if rule not in ids:
            continue
        found = audit.history.connection.execute(
            "SELECT h.n + 1, h.case_reference, h.decision_date, v.difference FROM verdicts AS v "
            f"JOIN history AS h USING (n) WHERE v.part = {part.number} "
            f"AND (v.{finding} >> {ids.index(rule)}) & 1 = 1 ORDER BY h.n LIMIT {most}"
        )
        for row, reference, day, difference in found.fetchall():
            yield f"row {row:,}  {reference or 'no reference'}  {day}  {difference}"
    if rule not in known:
        raise HistoryError(rule, "No rule of this audit has that id.", f"Known: {', '.join(known)}.")
