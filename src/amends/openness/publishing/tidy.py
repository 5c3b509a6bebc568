"""A table as CSV for machines: a row a figure, its marker in a column of its own."""

import csv
import io
from typing import Final

from amends.openness.publishing.showing import Shown

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def plain(text: str) -> str:
    """*text* as it stands in a CSV file: with an apostrophe before what a spreadsheet would take for a formula.

    What has apostrophes before such a thing already gets one more, so that no two texts become the same.
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULAS) else text


def tidy(table: Shown) -> str:
    """*table* as CSV (RFC 4180, but for lines that end with a line feed): its names, `count` and `marker`."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow([*map(plain, table.names), "count", "marker"])
    for labels, figure in table.figures:
        count = "" if figure.count is None else figure.count
        writer.writerow([*map(plain, labels), count, figure.marker])
    return held.getvalue()
