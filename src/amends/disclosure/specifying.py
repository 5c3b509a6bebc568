"""What to protect and how, as a form in TOML says it, and the counts in a CSV file beside it."""

import csv
import secrets
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.published import Axis, Category, Table
from amends.disclosure.shapes import Part
from amends.disclosure.snapshots import Dimension, Snapshot

PROFILES: Final = {"foi": 5, "research": 10}
"""The least count that each publishes; `research` withholds zeros too."""
METHODS: Final = ("suppression", "rounding", "exact")
_KEYS: Final = (
    "id", "snapshot", "unit", "made", "profile", "threshold", "reason", "judged_by", "method",
    "key", "seconds", "codes", "table",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """How to protect: the new release's id and day, the least count published, why, and who judged so.

    `key` decides between equals; nobody who does not have it can foretell which cell is withheld.
    `seconds` is for the method `exact` only.
    """

    id: str
    made: date
    profile: str
    threshold: int
    reason: str
    judged_by: str
    method: str = "suppression"
    key: bytes = b""
    seconds: int = 120

    def __post_init__(self) -> None:
        for name, value in (("reason", self.reason), ("judged_by", self.judged_by)):
            if not value.strip():
                raise DisclosureError(
                    f"release {self.id}",
                    f"{name} is empty",
                    "Withholding is a judgement: say why, and who made it.",
                )
        if self.profile not in PROFILES:
            known = ", ".join(PROFILES)
            raise DisclosureError(
                f"release {self.id}", f"there is no profile {self.profile!r}", f"Known: {known}."
            )
        if self.method not in METHODS:
            known = ", ".join(METHODS)
            raise DisclosureError(
                f"release {self.id}", f"there is no method {self.method!r}", f"Known: {known}."
            )
        if self.threshold < 1:
            raise DisclosureError(f"release {self.id}", "the threshold is below 1")

    @property
    def smallest(self) -> int:
        """The least count that is withheld."""
        return 0 if self.profile == "research" else 1


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a form asks: how, from which snapshot of what, and which tables, without values."""

    spec: Spec
    snapshot: Snapshot
    tables: tuple[Table, ...]


def read_asked(form: Path, counts: Path, known: Sequence[Snapshot] = ()) -> Asked:
    """What the TOML file *form* asks of the CSV file *counts*.

    Where a snapshot of the same id is *known* from an earlier release, the counts must be its own.
    Raises `DisclosureError` with the place of a fault.
    """
    part = _toml(form).only(*_KEYS)
    spec = _spec(part)
    codes = {name: each.texts() for name, each in part.find("codes", {}).items()}
    same = next((one for one in known if one.id == part.get("snapshot").a(str)), None)
    if same is not None:
        codes = {one.name: one.codes for one in same.dimensions} | codes
    snapshot = read_counts(counts, part.get("snapshot").a(str), part.get("unit").a(str), codes)
    if same is not None:
        _check_same(snapshot, same, counts)
        snapshot = same
    forms = list(part.get("table").each())
    if not forms:
        raise part.get("table").refuse("has no table")
    tables = tuple(_table(each, snapshot, form.parent) for each in forms)
    for table, each in zip(tables, forms, strict=True):
        if "totals" in each.a(dict):
            check_totals(form.parent / each.get("totals").a(str), table, snapshot)
    return Asked(spec, snapshot, tables)


def _toml(path: Path) -> Part:
    try:
        return Part(tomllib.loads(path.read_text("utf-8")), str(path))
    except OSError as error:
        raise DisclosureError(str(path), error.strerror or "cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DisclosureError(str(path), f"is not TOML: {error}") from None


def _spec(part: Part) -> Spec:
    made = part.get("made")
    if type(made.value) is not date:
        raise made.refuse(f"is no date: {made.value!r}", "Write it as 2026-03-31, without quotes.")
    profile = part.find("profile", "foi").a(str)
    key = part.find("key", "")
    try:
        secret = bytes.fromhex(key.a(str)) or secrets.token_bytes(32)
    except ValueError:
        raise key.refuse("must be hexadecimal") from None
    return Spec(
        id=part.get("id").a(str),
        made=made.value,
        profile=profile,
        threshold=part.find("threshold", PROFILES.get(profile, 5)).a(int),
        reason=part.get("reason").a(str),
        judged_by=part.get("judged_by").a(str),
        method=part.find("method", "suppression").a(str),
        key=secret,
        seconds=part.find("seconds", 120).a(int),
    )


# ---- counts ----------------------------------------------------------------------------------


def read_counts(path: Path, name: str, unit: str, codes: Mapping[str, Sequence[str]]) -> Snapshot:
    """The snapshot of the CSV file at *path*: a column for each dimension, and one called `count`.

    *codes* gives the codes of a dimension, in order, those that count nobody too; else they are
    those of the file, in order. Raises `DisclosureError` with the line of a fault.
    """
    rows = _rows(path)
    header = next(rows, (0, {}))[1]
    names = [one for one in header if one != "count"]
    if "count" not in header or not names:
        raise DisclosureError(
            f"{path}, line 1", "needs a column `count` and one for each dimension"
        )
    if unknown := codes.keys() - set(names):
        raise DisclosureError(f"{path}, line 1", f"has no column {min(unknown)!r}")
    found: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        combination, place = tuple(row[one] for one in names), f"{path}, line {line}"
        for dimension, code in zip(names, combination, strict=True):
            if dimension in codes and code not in codes[dimension]:
                raise DisclosureError(place, f"{dimension} has no code {code!r}")
        if combination in found:
            raise DisclosureError(place, "counts the same codes as an earlier line")
        found[combination] = _count(row["count"], place)
    dimensions = tuple(
        Dimension(one, tuple(codes[one]) if one in codes else tuple(sorted({c[at] for c in found})))
        for at, one in enumerate(names)
    )
    leaves = {
        tuple(one.places[code] for one, code in zip(dimensions, combination, strict=True)): count
        for combination, count in found.items()
        if count
    }
    return Snapshot(name, unit, dimensions, leaves)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The header of a CSV file, as a row of its own names, then each line with its number."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as held:
            reader = csv.reader(held, strict=True)
            header = next(reader, [])
            if len(set(header)) != len(header):
                raise DisclosureError(f"{path}, line 1", "has two columns of one name")
            yield 1, {name: name for name in header}
            for row in reader:
                if len(row) != len(header):
                    wrong = f"has {len(row)} columns, not {len(header)}"
                    raise DisclosureError(f"{path}, line {reader.line_num}", wrong)
                yield reader.line_num, dict(zip(header, row, strict=True))
    except OSError as error:
        raise DisclosureError(str(path), error.strerror or "cannot be read") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise DisclosureError(str(path), f"is not a CSV file in UTF-8: {error}") from None


def _count(text: str, place: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise DisclosureError(
            place, f"counts {text!r}", "A count is a whole number that is not negative."
        )
    return int(text)


def _check_same(now: Snapshot, before: Snapshot, path: Path) -> None:
    if [one.name for one in now.dimensions] != [one.name for one in before.dimensions]:
        raise DisclosureError(str(path), f"has not the dimensions of the snapshot {before.id}")
    for leaf in sorted(now.counts.keys() | before.counts.keys()):
        counts = now.counts.get(leaf, 0), before.counts.get(leaf, 0)
        if counts[0] != counts[1]:
            codes = [one.codes[at] for one, at in zip(before.dimensions, leaf, strict=True)]
            raise DisclosureError(
                str(path),
                f"counts {counts[0]} of ({', '.join(codes)}), and the snapshot {before.id} counts {counts[1]}",
                "Counts of another day are another snapshot: give it an id of its own.",
            )


def check_totals(path: Path, table: Table, snapshot: Snapshot) -> None:
    """Raise `DisclosureError` where a total in the CSV file at *path* is not what the counts add up to.

    It has a column for each axis, with labels of its categories, and one called `count`.
    """
    rows, true = _rows(path), table.count(snapshot)
    header = next(rows, (0, {}))[1]
    names = [axis.dimension for axis in table.axes]
    if sorted(header) != sorted([*names, "count"]):
        raise DisclosureError(f"{path}, line 1", f"must have the columns {', '.join(names)}, count")
    for line, row in rows:
        cell, place = 0, f"{path}, line {line}"
        for axis in table.axes:
            labels = [category.label for category in axis.categories]
            if row[axis.dimension] not in labels:
                wrong = f"{axis.dimension} has no category {row[axis.dimension]!r}"
                raise DisclosureError(place, wrong)
            cell = cell * len(labels) + labels.index(row[axis.dimension])
        if (count := _count(row["count"], place)) != true[cell]:
            raise DisclosureError(place, f"says {count}, and the counts add up to {true[cell]}")


# ---- tables ----------------------------------------------------------------------------------


def _table(part: Part, snapshot: Snapshot, folder: Path) -> Table:
    part.only("title", "where", "axis", "totals")
    where = {name: frozenset(each.texts()) for name, each in part.find("where", {}).items()}
    for name, codes in where.items():
        _check_codes(part.get("where"), snapshot, name, codes)
    axes = tuple(_axis(each, snapshot, folder, where) for each in part.get("axis").each())
    if len({axis.dimension for axis in axes}) != len(axes):
        raise part.get("axis").refuse("uses one dimension for two axes")
    return Table(part.get("title").a(str), axes, (), where)


def _axis(
    part: Part, snapshot: Snapshot, folder: Path, where: Mapping[str, frozenset[str]]
) -> Axis:
    part.only("dimension", "categories", "hierarchy", "total")
    name = part.get("dimension").a(str)
    _check_codes(part, snapshot, name, frozenset())
    allowed = [code for code in snapshot.by_name[name].codes if code in where.get(name, {code})]
    found = {code: frozenset([code]) for code in allowed}
    if "categories" in part.a(dict):
        found = {label: frozenset(each.texts()) for label, each in part.get("categories").items()}
        for codes in found.values():
            _check_codes(part.get("categories"), snapshot, name, codes)
    elif "hierarchy" in part.a(dict):
        found |= _levels(folder / part.get("hierarchy").a(str), allowed)
    if "total" in part.a(dict):
        label = part.get("total").a(str)
        if label in found:
            raise part.get("total").refuse(f"there is a category {label!r} already")
        found[label] = frozenset(allowed)
    if not found:
        raise part.refuse("has no category")
    return Axis(name, tuple(Category(label, codes) for label, codes in found.items()))


def _levels(path: Path, allowed: Sequence[str]) -> dict[str, frozenset[str]]:
    """The categories of a hierarchy: a CSV file whose first column has codes, and each other one their group."""
    rows = _rows(path)
    header = list(next(rows, (0, {}))[1])
    if len(header) < 2:
        raise DisclosureError(f"{path}, line 1", "needs a column of codes and one of their groups")
    groups: dict[str, dict[str, set[str]]] = {level: {} for level in header[1:]}
    seen: set[str] = set()
    for line, row in rows:
        code = row[header[0]]
        if code in seen:
            raise DisclosureError(f"{path}, line {line}", f"has the code {code!r} a second time")
        seen.add(code)
        for level in header[1:] if code in allowed else ():
            groups[level].setdefault(row[level], set()).add(code)
    if missing := [code for code in allowed if code not in seen]:
        raise DisclosureError(str(path), f"does not have the code {missing[0]!r}")
    return _named(path, groups, allowed)


def _named(
    path: Path, groups: Mapping[str, Mapping[str, set[str]]], allowed: Sequence[str]
) -> dict[str, frozenset[str]]:
    """The categories of every level by their names; an empty name is none."""
    found: dict[str, frozenset[str]] = {}
    for named in groups.values():
        for label, codes in named.items():
            if label in found or label in allowed:
                raise DisclosureError(str(path), f"uses the name {label!r} for two categories")
            if label:
                found[label] = frozenset(codes)
    return found


def _check_codes(part: Part, snapshot: Snapshot, name: str, codes: frozenset[str]) -> None:
    if name not in snapshot.by_name:
        raise part.refuse(
            f"there is no dimension {name!r}", f"Known: {', '.join(snapshot.by_name)}."
        )
    if unknown := sorted(codes - snapshot.by_name[name].places.keys()):
        raise part.refuse(f"{name} has no code {unknown[0]!r}")
