"""An audit as a folder of files, whole or not at all; and the rows behind one rule."""

import difflib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from amends.audit.auditing import Audit
from amends.audit.counting import FAULTS, WHO
from amends.audit.history import HistoryError, quoted
from amends.audit.planning import Plan
from amends.audit.report import Report
from amends.disclosure.tables import WARNING
from amends.policy.rules import Authority

FILES: Final = ("report.txt", "summary.json", "verdicts.parquet", "faults.csv")


class CannotWrite(OSError):
    """A place that cannot be written to."""


def check_place(out: Path) -> None:
    """Refuse to write an audit to *out*, before any work is done.

    Raises CannotWrite where it is a file or a folder that is not wholly an earlier audit of ours, or where
    its parent is missing or not to be written to.
    """
    place = out.resolve()
    try:
        if not place.parent.is_dir():
            raise CannotWrite(f"{out}: There is no folder {place.parent}. Make it first.")
        if place.exists() and not _is_ours(place):
            raise CannotWrite(f"{out}: It exists, and is no earlier audit. Name another folder.")
        Path(mkdtemp(prefix=".amends-", dir=place.parent)).rmdir()
    except CannotWrite:
        raise
    except (OSError, ValueError) as error:
        raise _refusal(out, error) from None


def _is_ours(place: Path) -> bool:
    """Whether *place* is a folder that holds nothing, or an earlier audit and nothing else."""
    if not place.is_dir():
        return False
    names = {path.name for path in place.iterdir()}
    return not names or names == set(FILES)


@contextmanager
def folder(out: Path) -> Iterator[Path]:
    """A new folder that becomes *out* only when everything in it has been written.

    Raises CannotWrite: see `check_place`.
    """
    check_place(out)
    place = out.resolve()
    beside = Path(mkdtemp(prefix=".amends-", dir=place.parent))
    made, old = beside / "new", beside / "old"
    try:
        made.mkdir()
        yield made
        if place.exists():
            place.rename(old)
        made.rename(place)
    except OSError as error:
        raise _refusal(out, error) from None
    finally:
        if old.exists() and not place.exists():
            old.rename(place)
        shutil.rmtree(beside, ignore_errors=True)


def _refusal(out: Path, error: Exception) -> CannotWrite:
    why = getattr(error, "strerror", None) or error
    return CannotWrite(f"{out}: It cannot be written: {why}.")


def write(audit: Audit, found: Report, out: Path) -> None:
    """Write `report.txt`, `summary.json`, `verdicts.parquet` and `faults.csv` into the folder *out*.

    All but the last, which lists rows and no figures, say that they are raw.
    """
    with folder(out) as made:
        text = "\n".join([WARNING, "", *found.lines(), ""])
        (made / "report.txt").write_text(text, "utf-8")
        data = {"warning": WARNING, **found.as_data()}
        (made / "summary.json").write_text(json.dumps(data, indent=2) + "\n", "utf-8")
        connection = audit.history.connection
        connection.execute(
            f"COPY ({_verdicts()}) TO {quoted(str(made / 'verdicts.parquet'))} "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{_notes(audit)}}})"
        )
        connection.execute(f"COPY ({_faults()}) TO {quoted(str(made / 'faults.csv'))} (HEADER)")


def _notes(audit: Audit) -> str:
    notes = {"amends": WARNING}
    if says := audit.history.invented:
        notes["invented"] = says
    return ", ".join(f"{key}: {quoted(value)}" for key, value in notes.items())


def _verdicts() -> str:
    """Every verdict, with the number of its row from 1 as in every message, and authorities in words."""
    words = " ".join(f"WHEN {int(level)} THEN {quoted(level.word)}" for level in WHO)
    return (
        "SELECT v.n + 1 AS row, h.case_reference, v.part, "
        f"CASE v.answer {words} END AS answer, CASE v.given {words} END AS given, v.difference, "
        "v.raised, v.unknown, v.owed, v.unsure, v.blank "
        "FROM verdicts AS v JOIN history AS h USING (n) ORDER BY row"
    )


def _faults() -> str:
    """Every faulty row: its number from 1, its reference, what was wrong, and the code it has."""
    parts = [
        f"SELECT n + 1 AS row, case_reference, {quoted(what)} AS fault, offence_code "
        f"FROM history WHERE {test}"
        for what, test in FAULTS.items()
    ]
    return " UNION ALL ".join(parts) + " ORDER BY row, fault"


# --- the rows behind one rule -----------------------------------------------------


def check_rule(plan: Plan, rule: str) -> None:
    """Raise HistoryError where no part of *plan* has the rule, named by its id or `policy/id`."""
    known = list(dict.fromkeys(name for part in plan.parts for name, _ in _named(part.rules.rules)))
    if rule in known or rule in [name.partition("/")[2] for name in known]:
        return
    ids = list(dict.fromkeys(name.partition("/")[2] for name in known))
    near = difflib.get_close_matches(rule, ids, n=2, cutoff=0.75)
    right = f"Did you mean {' or '.join(near)}?" if near else f"Known: {', '.join(ids) or 'none'}."
    raise HistoryError(rule, "No rule of this audit has that id.", right)


def _named(rules: Any) -> Iterator[tuple[str, int]]:
    """Each rule as `policy/id`, with its bit."""
    for bit, rule in enumerate(rules):
        yield f"{rule.policy}/{rule.id}", bit


def rows_of(audit: Audit, rule: str, finding: str = "raised", most: int = 20) -> Iterator[str]:
    """The rows in which *rule* was raised (or unknown): how many, and references of at most *most*."""
    check_rule(audit.plan, rule)
    tests = []
    for part in audit.plan.parts:
        bits = [
            bit for name, bit in _named(part.rules.rules) if rule in (name, name.partition("/")[2])
        ]
        if bits:
            mask = sum(1 << bit for bit in bits)
            tests.append(f"(v.part = {part.number} AND v.{finding} & {mask} <> 0)")
    where = f"FROM verdicts AS v JOIN history AS h USING (n) WHERE {' OR '.join(tests)}"
    run = audit.history.connection.execute
    count = (run(f"SELECT count(*) {where}").fetchone() or (0,))[0]
    word = "raised" if finding == "raised" else "not known"
    yield f"{rule}: {word} in {count:,} of {audit.history.rows:,} cases"
    shown = run(
        "SELECT h.n + 1, h.case_reference, h.decision_date, v.answer, v.difference "
        f"{where} ORDER BY h.n LIMIT {int(most)}"
    )
    for row, reference, day, answer, difference in shown.fetchall():
        who = WHO[Authority(answer)]
        yield f"  row {row:,}  {reference or 'no reference'}  {day or 'no day'}  {who}; {difference}"
    if count > most:
        yield f"  and {count - most:,} more"
