"""What a workbook hides: everything in it that whoever reads its sheets does not see.

Whatever is not known is told too: only what is understood can be said to hide nothing.
"""

from collections.abc import Collection
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.openness.scanning_findings import Finding
from amends.openness.scanning_ods import MIMETYPE, scan_ods
from amends.openness.scanning_parts import Parts
from amends.openness.scanning_xlsx import scan_xlsx

_BOOK: Final = "xl/workbook.xml"


def scan(data: bytes, place: str, authors: Collection[str] = ()) -> tuple[Finding, ...]:
    """What the workbook *data* (ODS or XLSX) hides, in order; empty where it hides nothing.

    *authors* are those who may be named as its authors, as the force itself. Raises `DisclosureError`
    where *data* is no such workbook, or cannot be read whole.
    """
    parts = Parts.read(data, place)
    if parts.parts.get("mimetype") == MIMETYPE.encode():
        found = scan_ods(parts, frozenset(authors))
    elif _BOOK in parts.parts:
        found = scan_xlsx(parts, frozenset(authors))
    else:
        raise DisclosureError(
            place, "is neither an ODS nor an XLSX workbook", "Nothing is known of it."
        )
    beside = [Finding("beside", "the archive", what) for what in parts.beside]
    return tuple(dict.fromkeys([*beside, *found]))
