"""An extract of a records system becomes cases, by a mapping file: which column fills which fact, and how."""

import csv
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, Final

import duckdb

from amends.intake.errors import IntakeError
from amends.intake.extract_lists import TYPES, Entry, Listed, fields, gathered, place_of
from amends.intake.filling import KEYS, Fills, filled, unknown_of
from amends.intake.layouts import Column, Layout
from amends.intake.opening import opened
from amends.intake.quoting import quoted_text
from amends.intake.reading import Fault, NotThisLayout, Row, header, rows
from amends.intake.recoding import UTF_8, known
from amends.intake.records import LONGEST
from amends.intake.taking import REFUSED, Read, recoded, told
from amends.policy.afterwards import afterwards
from amends.policy.facts import catalogue

LAYOUT: Final = "records-extract"
_LIST_KEYS: Final = (*KEYS, "number", "separator")
_COUNT: Final = "count_of"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping: which fact each column of the extract fills, which lists several fill, and which are left out."""

    fills: Mapping[str, Fills]
    ignored: tuple[str, ...]
    lists: tuple[Listed, ...] = ()
    encoding: str = ""
    """What the extract is declared to be in; empty where it is UTF-8, or has a byte-order mark."""
    name: str = ""
    """The name it was asked for by."""
    digest: str = ""
    """SHA-256 of what the mapping says but for the encoding, however its file is written."""

    @property
    def way(self) -> str:
        """What tells readings of an extract apart: the mapping, and the encoding that is declared."""
        own = self.encoding if self.encoding != UTF_8 else ""
        return sha256(f"{LAYOUT} {self.digest} {own}".encode()).hexdigest()

    @property
    def layout(self) -> Layout:
        """The extract's columns as a layout."""
        listed = (name for one in self.lists for name in (*one.entries, one.count) if name)
        columns = [Column(name) for name in (*self.fills, *listed)]
        columns += [Column(name, optional=True) for name in self.ignored]
        return Layout(LAYOUT, 1, "a case", tuple(columns), called=f"the mapping {self.name}")


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
    fills: dict[str, Fills] = {}
    entries: dict[str, tuple[str, Entry]] = {}
    counts: dict[str, tuple[str, frozenset[str]]] = {}
    for column, one in columns.items():
        place = f"{name}, {column}"
        if isinstance(one, dict) and _COUNT in one:
            counts[_counted(place, one, counts)] = column, unknown_of(place, one)
        elif isinstance(one, dict) and one.get("fact") in fields():
            entries[column] = _entry(place, one)
        else:
            fills[column] = _fills(place, one)
    found = [one.fact for one in fills.values()]
    if twice := sorted({one for one in found if found.count(one) > 1}):
        raise IntakeError(name, f"fills {twice[0]} twice")
    lists = tuple(gathered(name, entries, counts))
    ignored = tuple(said.get("ignored", ()))
    return Mapped(fills, ignored, lists, _encoding(name, said), name, _digest(said))


def _digest(said: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in said.items() if key != "encoding"}
    return sha256(json.dumps(rest, sort_keys=True, default=str).encode()).hexdigest()


def _encoding(name: str, said: Mapping[str, Any]) -> str:
    if "encoding" not in said:
        return ""
    try:
        return known(str(said["encoding"]))
    except IntakeError as error:
        raise IntakeError(f"{name}, encoding", error.wrong, error.right) from None


def _counted(
    place: str, said: Mapping[str, Any], before: Mapping[str, tuple[str, frozenset[str]]]
) -> str:
    """The list of which a column tells how many records there are."""
    lists = [one.name for one in catalogue().values() if one.type == "list"]
    fact = said[_COUNT]
    if fact not in lists or set(said) - {_COUNT, "not_known"}:
        wrong = (
            f"counts {fact!r}, which is no list" if fact not in lists else "counts, and does more"
        )
        raise IntakeError(place, wrong, f"Lists are: {', '.join(lists)}.")
    if fact in before:
        raise IntakeError(place, f"counts {fact}, as {before[fact][0]} does already")
    return str(fact)


def _entry(place: str, said: Mapping[str, Any]) -> tuple[str, Entry]:
    """The list whose field a column fills, and how."""
    if strange := sorted(set(said) - set(_LIST_KEYS)):
        raise IntakeError(place, f"says {strange[0]!r}", f"Known: {', '.join(_LIST_KEYS)}.")
    number, separator = place_of(place, said)
    fact, _, field = said["fact"].partition(".")
    return fact, Entry(field, filled(place, said, fields()[said["fact"]].type), number, separator)


def _fills(place: str, said: Any) -> Fills:
    if not isinstance(said, dict) or set(said) - set(KEYS) or "fact" not in said:
        raise IntakeError(place, "does not say which fact it fills", f"Known: {', '.join(KEYS)}.")
    kind = _types().get(said["fact"])
    if kind is None:
        raise IntakeError(place, f"{said['fact']} is no fact", _near(said["fact"]))
    return filled(place, said, kind)


def _near(fact: str) -> str:
    """What could be written instead of *fact*: fields, where it is a list."""
    of = fact.partition(".")[0]
    own = [one for one in fields() if one.startswith(f"{of}.")]
    if own:
        return f"Of that list can be filled: {', '.join(own)}; or write {_COUNT}."
    return "`amends facts` tells the names."


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
        facts = [one.fact for one in mapped.fills.values()] + [one.fact for one in mapped.lists]
        held = ", ".join(f"{quoted_text(one)}: 'VARCHAR'" for one in facts)
        chosen = ", ".join(
            [
                f"nullif({one.fact}, '')::{TYPES.get(one.type, 'VARCHAR')} AS {one.fact}"
                for one in mapped.fills.values()
            ]
            + [f"nullif({one.fact}, '')::JSON::{one.type} AS {one.fact}" for one in mapped.lists]
        )
        with duckdb.connect() as duck:
            duck.execute(
                f"COPY (SELECT {chosen} FROM read_csv({quoted_text(plain)}, "
                f"auto_detect=false, header=false, delim=',', quote='\"', escape='\"', nullstr='\\N\\N', "
                f"max_line_size={4 * LONGEST}, new_line='\\n', columns={{{held}}}, parallel=false)) "
                f"TO {quoted_text(part)} (FORMAT parquet)"
            )
    finally:
        plain.unlink(missing_ok=True)
    return found


def _through(path: Path, mapped: Mapped, out: IO[str], found: Read) -> None:
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    with opened(path, mapped.encoding) as file:
        found.faults += recoded(file)
        try:
            columns = header(file, mapped.layout)
        except NotThisLayout as error:
            raise IntakeError(str(path), str(error)) from None
        for one in rows(file, columns):
            found.rows += 1
            values, values_line = _values(one, mapped), one.line
            if isinstance(values, Fault):
                found.refused += 1
                found.faults.append((values.line, REFUSED, values.reason, values.text))
            else:
                found.faults += told(one, mapped.ignored) if isinstance(one, Row) else ()
                writer.writerow(values)
                found.lines.append(values_line)


def _values(one: Row | Fault, mapped: Mapped) -> list[str] | Fault:
    if isinstance(
        one, Fault
    ):  # nobody can tell which of its words are in columns that are left out
        return replace(one, text="")
    found, wrong = [], ""
    for name, fills in mapped.fills.items():
        field = one.fields[name].strip()
        try:
            found.append(fills.read(field) if field else "")
        except ValueError as error:
            wrong = wrong or f"{name}: {error}"
    for each in mapped.lists:
        try:
            found.append(each.read(one.fields))
        except ValueError as error:
            wrong = wrong or str(error)
    return Fault(one.line, wrong, _mapped(one, mapped)) if wrong else found


def _mapped(row: Row, mapped: Mapped) -> str:
    """The text of a *row* as it is told: the columns that are mapped, and never those that are left out."""
    return ",".join(text for name, text in row.fields.items() if name not in mapped.ignored)
