"""Which records are of one person: a mapping beside the records, which are never changed.

The link is a likelihood, not a fact: a mapping serves to count people, never to decide a case. To take
it back, leave its file out. The model is that of Fellegi and Sunter 1969 (doi
10.1080/01621459.1969.10501049); `likeness` fits it.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import Raw

KINDS: Final = ("name", "birth", "email", "text")
"""How a field is compared: names by likeness of letters, days of birth by their distance, texts as they are."""
BOTH, MAPPING, LABELS = "in both", "in the mapping alone", "in the labels alone"
_REFERENCE, _PERSON = "case_reference", "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How records are linked.

    `reference` is the column that names a record; `fields` gives each compared column its kind.
    Only records that agree on all columns of one entry of `alike` are compared; those that agree on
    all of one entry of `certain` are taken for one person while the model is fitted. Records that are one
    person with at least the likelihood `threshold` (over 0, under 1) are linked.
    """

    reference: str
    fields: Mapping[str, str]
    alike: tuple[tuple[str, ...], ...]
    certain: tuple[tuple[str, ...], ...]
    threshold: float = 0.9

    def check(self) -> None:
        """Raise DisclosureError where the plan cannot be followed."""
        bad = {kind for kind in self.fields.values() if kind not in KINDS}
        if bad or len(self.fields) < 2:
            wanted = f"Give two fields or more, each of a kind: {', '.join(KINDS)}."
            raise DisclosureError("a plan for linking", "its fields are not all of a kind", wanted)
        if not self.alike or not self.certain or not 0 < self.threshold < 1:
            raise DisclosureError(
                "a plan for linking",
                "lacks columns that are alike or certain, or a threshold between 0 and 1",
            )


def beside_it(mapping: Path) -> Path:
    """Where it is told how *mapping* was made."""
    return mapping.with_name(f"{mapping.name}.how.json")


def write_mapping(to: Path, people: Mapping[str, int], how: Mapping[str, object]) -> None:
    """Write the mapping *people* as the file *to*, and beside it *how* it was made: both, or neither.

    Raises DisclosureError where they cannot be written.
    """
    beside = beside_it(to)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow((_REFERENCE, _PERSON))
    table.writerows(people.items())
    how = {**how, "mapping": hashlib.sha256(text.getvalue().encode()).hexdigest()}
    try:
        for path in (beside, to):
            path.touch(mode=0o600)  # it tells of people: nobody else may read it
        beside.write_text(json.dumps(how, indent=2) + "\n", "utf-8")
        to.write_text(text.getvalue(), "utf-8")
    except OSError as error:
        to.unlink(missing_ok=True)
        beside.unlink(missing_ok=True)
        raise DisclosureError(str(to), f"cannot be written: {error.strerror}") from None


# ---- against labels ------------------------------------------------------------


def read_mapping(path: Path) -> dict[str, str]:
    """The person of each record of a mapping file; raises DisclosureError where it is none."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise DisclosureError(str(path), f"cannot be read: {error}") from None
    if not rows or rows[0] != [_REFERENCE, _PERSON] or any(len(row) != 2 for row in rows):
        raise DisclosureError(
            str(path), "is no mapping", f"Its columns are {_REFERENCE},{_PERSON}."
        )
    return {row[0]: row[1] for row in rows[1:]}


def against_labels(mapping: Mapping[str, str], labels: Mapping[str, str]) -> Raw:
    """Pairs of records of one person: by *mapping* and by *labels*, which both give each record its person.

    Raises DisclosureError where they are not of the same records.
    """
    if mapping.keys() != labels.keys():
        raise DisclosureError("labels", "are of other records than the mapping")
    said, true = _pairs(mapping), _pairs(labels)
    return Raw(
        title="Pairs of records of one person",
        unit="pairs of records",
        columns=("pairs", "count"),
        rows=((BOTH, len(said & true)), (MAPPING, len(said - true)), (LABELS, len(true - said))),
        note="Precision is the share of the mapping's pairs that are in both; recall that of the labels' pairs.",
    )


def _pairs(people: Mapping[str, str]) -> set[tuple[str, str]]:
    groups: dict[str, list[str]] = {}
    for record, person in sorted(people.items()):
        groups.setdefault(person, []).append(record)
    return {pair for group in groups.values() for pair in combinations(group, 2)}


def precision_and_recall(table: Raw) -> tuple[float, float]:
    """Precision and recall, each from 0 to 1, of a table of `against_labels`.

    Raises DisclosureError where either has no pairs at all, or a count was withheld.
    """
    counts = {row[0]: row[-1] for row in table.rows}
    both, alone, lost = counts[BOTH], counts[MAPPING], counts[LABELS]
    if isinstance(both, str) or isinstance(alone, str) or isinstance(lost, str):
        raise DisclosureError(table.title, "a count of it was withheld")
    if not both + alone or not both + lost:
        raise DisclosureError(table.title, "there are no pairs, of which nothing is a share")
    return both / (both + alone), both / (both + lost)
