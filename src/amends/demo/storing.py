"""Writing the invented records as one Parquet file, which appears whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from amends.demo import columns
from amends.demo.facts import NOTHING, Facts
from amends.policy.afterwards import Column, afterwards
from amends.policy.facts import FactKind

Further = Mapping[str, Any]
"""What came afterwards, by column: codes and days, as `amends.demo.afterwards` makes them."""

MEMORY = "1GB"
"""What DuckDB may use while it joins the parts; beyond that it spills beside the target."""


class CannotStore(OSError):
    """The file cannot be written where it should be: says why."""


class Store:
    """A folder beside the target in which the parts of a file are laid down and joined."""

    def __init__(
        self,
        folder: Path,
        words: tuple[str, ...],
        force: tuple[str, ...],
        districts: tuple[str, ...] = (),
    ) -> None:
        self.folder = folder
        self.words = {
            "district": districts,
            "offence.code": words,
            "earlier_disposals.offence_code": words,
            "force": force,
        }
        self.parts: list[str] = []
        self.duck = duckdb.connect(
            config={"memory_limit": MEMORY, "temp_directory": str(folder / "spill")}
        )
        self.duck.execute("SET enable_progress_bar = false")  # the front door shows its own

    def add(self, facts: Facts, cause: Any, causes: tuple[str, ...], further: Further) -> None:
        """Lay down a chunk of records, with the *cause* planted in each: a code, 0 = none.

        *further* holds what came afterwards, by column.
        """
        part = self.folder / f"{len(self.parts):06}.parquet"
        chunk = dict(_arrays(facts)) | dict(further)
        chunk["planted"] = cause
        select = [
            f"{self._scalar(fact, fact.name, fact.column)} AS {fact.column}"
            for fact in columns.scalars()
        ]
        select += [
            f"{fact.name.replace('.', '_')}_absent" for fact in columns.scalars() if fact.absent
        ]
        select += [f"{self._list(owner)} AS {owner}" for owner in columns.LISTS]
        select += [f"{_word('planted', causes)} AS planted", "true AS invented"]
        select += [f"{self._further(one)} AS {one.name}" for one in afterwards().values()]
        self.duck.register("chunk", chunk)
        try:
            self._copy(f"SELECT {', '.join(select)} FROM chunk", part, "lz4_raw", {})
        finally:
            self.duck.unregister("chunk")
        self.parts.append(str(part))

    def join(self, notes: Mapping[str, str]) -> Path:
        """Join the parts, in order, into one file that carries *notes* as its metadata."""
        whole = self.folder / "whole.parquet"
        parts = ", ".join(map(_quoted, self.parts))
        self._copy(f"SELECT * FROM read_parquet([{parts}])", whole, "zstd", notes)
        return whole

    def _copy(self, query: str, to: Path, how: str, notes: Mapping[str, str]) -> None:
        said = ", ".join(f"{_name(key)}: {_quoted(value)}" for key, value in notes.items())
        kept = f", KV_METADATA {{{said}}}" if said else ""
        form = f"(FORMAT parquet, COMPRESSION {how}{kept})"
        try:
            self.duck.execute(f"COPY ({query}) TO {_quoted(str(to))} {form}")
        except RuntimeError as problem:  # how DuckDB says that Ctrl-C was pressed
            if "interrupted" in str(problem):
                raise KeyboardInterrupt from problem
            raise
        except (duckdb.IOException, duckdb.OutOfMemoryException) as problem:
            raise CannotStore(str(problem).partition("\n")[0]) from problem

    def _further(self, one: Column) -> str:
        if one.type in ("choice", "text"):
            return _word(one.name, self.words.get(one.name) or tuple(one.values))
        return _truth(one.name) if one.type == "boolean" else _date(one.name)

    def _scalar(self, fact: FactKind, name: str, column: str) -> str:
        if name == "case.reference":
            return f"printf('INV-%07d', {column})"
        if fact.type == "boolean":
            return _truth(column)
        if fact.type == "date":
            return _date(column)
        if fact.type in ("choice", "code"):
            return _word(column, self.words.get(name) or fact.values or ())
        return f"nullif({column}, {NOTHING})"

    def _list(self, owner: str) -> str:
        facts = columns.fields(owner)
        items = [self._item(owner, facts, place) for place in range(columns.LISTS[owner])]
        whens = " ".join(f"WHEN {n} THEN [{', '.join(items[:n])}]" for n in range(len(items) + 1))
        return f"CAST(CASE {owner} {whens} END AS {columns.list_type(owner)})"

    def _item(self, owner: str, facts: Sequence[FactKind], place: int) -> str:
        parts = []
        for fact in facts:
            name, column = f"{owner}.{fact.name}", f"{owner}_{place}_{fact.column}"
            parts.append(f"{_quoted(fact.column)}: {self._scalar(fact, name, column)}")
            if fact.absent:
                parts.append(f"{_quoted(fact.column + '_absent')}: {column}_absent")
        return f"{{{', '.join(parts)}}}"


@contextmanager
def storing(
    out: Path, words: tuple[str, ...], forces: tuple[str, ...], districts: tuple[str, ...] = ()
) -> Iterator[Store]:
    """A store beside *out*, which is cleared away whatever happens.

    Raises `CannotStore` where nothing can be written there.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=".inventing-", dir=out.parent))
    except OSError as problem:
        raise CannotStore(f"{problem}.") from problem
    try:
        store = Store(folder, words, forces, districts)
        try:
            yield store
        finally:
            store.duck.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put(whole: Path, out: Path) -> None:
    """Move the finished file to its place in one step; an older file there is replaced.

    Raises `CannotStore` where it may not go there.
    """
    try:
        with whole.open("rb") as file:
            os.fsync(file.fileno())
        whole.replace(out)
    except OSError as problem:
        raise CannotStore(f"{problem}.") from problem


def _arrays(facts: Facts) -> Iterator[tuple[str, Any]]:
    for name in facts:
        values = facts.kept(name)
        owner, _, field = name.partition(".")
        if owner in columns.LISTS and field:
            for place in range(columns.LISTS[owner]):
                yield f"{owner}_{place}_{field}", values[place]
                if name in facts.absent:
                    yield f"{owner}_{place}_{field}_absent", facts.absent[name][place]
            continue
        column = name.replace(".", "_")
        yield column, values
        if name in facts.absent:
            yield f"{column}_absent", facts.absent[name]


def _truth(column: str) -> str:
    return f"(nullif({column}, 0) = 2)"


def _date(column: str) -> str:
    return f"(DATE '1970-01-01' + nullif({column}, {NOTHING}))"


def _word(column: str, words: tuple[str, ...]) -> str:
    # Place 0 of a list is NULL in DuckDB: not known.
    return f"[{', '.join(map(_quoted, words))}][{column}]"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
