"""The folder of a history, and the folder in which a protected release is put, whole or not at all."""

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from amends.disclosure.certificates import Certificate
from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Release, Table, read_release
from amends.disclosure.snapshots import Snapshot, read_snapshot
from amends.disclosure.tables import MARKER

ROUNDED: Final = "[r]"
"""Stands beside every figure that was rounded."""


def read_releases(folder: Path) -> list[Release]:
    """The releases in *folder*: files release-*.json, and release.json of the folders in it, in order."""
    if not folder.is_dir():
        raise DisclosureError(str(folder), "is no folder", "Name the folder of earlier releases.")
    paths = sorted({*folder.glob("release*.json"), *folder.glob("*/release.json")})
    return [read_release(path) for path in paths]


def read_snapshots(folder: Path) -> list[Snapshot]:
    """The snapshots in *folder*, and in the folders in it; `DisclosureError` where two of one id differ."""
    found: dict[str, Snapshot] = {}
    for path in sorted({*folder.glob("snapshot*.json"), *folder.glob("*/snapshot.json")}):
        one = read_snapshot(path)
        if found.setdefault(one.id, one).digest != one.digest:
            raise DisclosureError(str(path), f"is another snapshot {one.id} than an earlier file")
    return list(found.values())


def shown(table: Table, threshold: int) -> str:
    """*table* as CSV: its labels, the count where it is told, and a marker where not."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow([*(axis.called for axis in table.axes), "count", "marker"])
    for categories, value in zip(table.cells(), table.values, strict=True):
        labels = [category.label for category in categories]
        if value is None:
            writer.writerow([*labels, "", MARKER])
        elif isinstance(value, int):
            writer.writerow([*labels, value, ""])
        else:  # what the interval was made around
            writer.writerow([*labels, value[1] - max(threshold, 2) + 1, ROUNDED])
    return held.getvalue()


def safe_files(
    snapshot: Snapshot, release: Release, certificate: Certificate, report: str
) -> dict[str, str]:
    """The files of a protected release by their names; those of its history are not among them."""
    one = len(release.tables) == 1
    tables = {
        "table.csv" if one else f"table-{number}.csv": shown(table, release.threshold)
        for number, table in enumerate(release.tables, 1)
    }
    return {
        "snapshot.json": snapshot.text(),
        "release.json": release.text(),
        "certificate.json": certificate.text(),
        "report.txt": report,
        **tables,
    }


def check_free(out: Path) -> None:
    """Raise `DisclosureError` where *out* is there already, or cannot be made."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DisclosureError(str(out), "is there already", "Name a folder that is new or empty.")
    if not out.absolute().parent.is_dir():
        raise DisclosureError(str(out.absolute().parent), "is no folder")


def write_folder(out: Path, files: Mapping[str, str]) -> None:
    """Write *files* into the new folder *out*, readable by its owner only: all, or nothing."""
    check_free(out)
    try:
        held = Path(tempfile.mkdtemp(prefix=".amends-", dir=out.absolute().parent))
        try:
            for name, text in files.items():
                (held / name).write_text(text, "utf-8", newline="\n")
            os.replace(held, out)  # noqa: PTH105 - an empty folder may be replaced
        except BaseException:
            shutil.rmtree(held, ignore_errors=True)
            raise
    except OSError as error:
        raise DisclosureError(str(out), f"cannot be written: {error.strerror}") from None


def of_snapshot(releases: Sequence[Release], snapshot: str) -> list[Release]:
    """Those of *releases* that are from the *snapshot* of this id, in order of day and id."""
    return sorted(
        (one for one in releases if one.snapshot == snapshot), key=lambda one: (one.made, one.id)
    )
