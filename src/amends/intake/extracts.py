"""An extract of a records system becomes cases, by a mapping file: which column fills which fact, and how."""

import csv
import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, Final

import duckdb

from amends.intake.errors import IntakeError
from amends.intake.layouts import Column, Layout
from amends.intake.opening import opened
from amends.intake.reading import LONGEST, Fault, NotThisLayout, Row, header, rows
from amends.intake.taking import REFUSED, Read
from amends.policy.afterwards import afterwards
from amends.policy.facts import FactError, FactKind, catalogue

LAYOUT: Final = "records-extract"
_TYPES: Final = {"boolean": "BOOLEAN", "whole": "INTEGER", "date": "DATE"}
_KEYS: Final = ("fact", "format", "values")


@dataclass(frozen=True, slots=True)
class Fills:
    """How a column fills a fact: the fact's column and type, how days are written, and what stands for what."""

    fact: str
    type: str
    format: str
    values: Mapping[str, Any]

    def read(self, field: str, kinds: Mapping[str, FactKind]) -> str:
        """*field* as the store holds it; raises ValueError, with why, where it is none."""
        value: Any = field
        if self.values:
            if field not in self.values:
                raise ValueError(f"{field!r} is not among the values of the mapping.")
            value = self.values[field]
        elif self.type == "date":
            value = dt.datetime.strptime(field, self.format).date().isoformat()  # noqa: DTZ007
        elif self.type == "whole":
            value = int(field)
        if self.fact in kinds:
            try:
                kinds[self.fact].read(value, self.fact)
            except FactError as error:
                raise ValueError(str(error)) from None
        return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping: by what each column of the extract is filled, and which are left out."""

    fills: Mapping[str, Fills]
    ignored: tuple[str, ...]

    @property
    def layout(self) -> Layout:
        """The extract's columns as a layout."""
        columns = [Column(name) for name in self.fills]
        columns += [Column(name, optional=True) for name in self.ignored]
        return Layout(LAYOUT, 1, "a case", tuple(columns))


def mapping(name: str) -> Mapped:
    """The mapping in the file *name*, or the one of that name that ships; IntakeError, with the place, if wrong."""
    path = Path(name)
    try:
        shipped = files("amends.intake.mappings") / f"{name}.toml"
        text = shipped.read_text("utf-8") if path.suffix != ".toml" else path.read_text("utf-8")
        said = tomllib.loads(text)
    except OSError as error:
        raise IntakeError(
            name, error.strerror or "cannot be read", "Name a TOML file, or niche-like."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise IntakeError(name, f"is not TOML: {error}") from None
    columns = said.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise IntakeError(name, "has no [columns]", 'Write "Column" = { fact = "case_reference" }.')
    fills = {column: _fills(f"{name}, {column}", one) for column, one in columns.items()}
    found = [one.fact for one in fills.values()]
    if twice := sorted({one for one in found if found.count(one) > 1}):
        raise IntakeError(name, f"fills {twice[0]} twice")
    return Mapped(fills, tuple(said.get("ignored", ())))


def _fills(place: str, said: Any) -> Fills:
    if not isinstance(said, dict) or set(said) - set(_KEYS) or "fact" not in said:
        raise IntakeError(place, "does not say which fact it fills", f"Known: {', '.join(_KEYS)}.")
    kind = _types().get(said["fact"])
    if kind is None:
        raise IntakeError(place, f"{said['fact']} is no fact", "`amends facts` tells the names.")
    if kind == "date" and not (said.get("format") or said.get("values")):
        raise IntakeError(place, "is a day, and has no format", 'Write format = "%d/%m/%Y".')
    return Fills(said["fact"], kind, said.get("format", ""), said.get("values", {}))


def _types() -> dict[str, str]:
    """The type of each column of a case that one field can fill."""
    found = {
        one.column: one.type for one in catalogue().values() if one.type != "list" and not one.table
    }
    return found | {name: one.type for name, one in afterwards().items()}


def to_cases(path: Path, mapped: Mapped, part: Path) -> Read:
    """Read the extract at *path* into the Parquet *part*, a row a case; what was refused is told in what is given.

    Raises IntakeError where its columns are not those of the mapping, or it cannot be read.
    """
    found, plain = Read(), part.with_suffix(".csv")
    try:
        with plain.open("w", encoding="utf-8", newline="") as out:
            _through(path, mapped, out, found)
        held = ", ".join(f"'{one.fact}': 'VARCHAR'" for one in mapped.fills.values())
        chosen = ", ".join(
            f"nullif({one.fact}, '')::{_TYPES.get(one.type, 'VARCHAR')} AS {one.fact}"
            for one in mapped.fills.values()
        )
        with duckdb.connect() as duck:
            duck.execute(
                f"COPY (SELECT {chosen} FROM read_csv('{str(plain).replace(chr(39), chr(39) * 2)}', "
                f"auto_detect=false, header=false, delim=',', quote='\"', escape='\"', nullstr='\\N\\N', "
                f"max_line_size={4 * LONGEST}, columns={{{held}}}, parallel=false)) "
                f"TO '{str(part).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)"
            )
    finally:
        plain.unlink(missing_ok=True)
    return found


def _through(path: Path, mapped: Mapped, out: IO[str], found: Read) -> None:
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    kinds = {one.column: one for one in catalogue().values()}
    with opened(path) as file:
        try:
            columns = header(file, mapped.layout)
        except NotThisLayout as error:
            raise IntakeError(str(path), str(error)) from None
        for one in rows(file, columns):
            found.rows += 1
            values, values_line = _values(one, mapped, kinds), one.line
            if isinstance(values, Fault):
                found.refused += 1
                found.faults.append((values.line, REFUSED, values.reason, values.text))
            else:
                writer.writerow(values)
                found.lines.append(values_line)


def _values(one: Row | Fault, mapped: Mapped, kinds: Mapping[str, FactKind]) -> list[str] | Fault:
    if isinstance(one, Fault):
        return one
    found = []
    for name, fills in mapped.fills.items():
        field = one.fields[name].strip()
        try:
            found.append(fills.read(field, kinds) if field else "")
        except ValueError as error:
            return Fault(one.line, f"{name}: {error}", ",".join(one.fields.values()))
    return found
