"""Fits how likely two records are of one person, with Splink, and links them (the extra `linking`)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_library as library
from splink.internals.exceptions import SplinkException

from amends.disclosure.errors import DisclosureError
from amends.statistics.cases import name
from amends.statistics.linking import Plan, beside_it, write_mapping

FORMAT: Final = "amends-linking-1"
_WEAKEST: Final = 0.01  # pairs less likely are not looked at again
_PAIRS: Final = 1_000_000
_SEED: Final = 1
_FOUND: Final = 0.7  # of the true pairs, the share that the certain rules are taken to find


def link(records: Path, plan: Plan, to: Path) -> int:
    """Link the *records* (CSV, all text) by *plan*; write the mapping *to*, and how it was made beside it.

    The mapping has the columns case_reference and person; beside it `*.how.json` names the records by
    their SHA-256. Gives the number of people. Raises DisclosureError where a file is there already,
    the plan cannot be followed, or a record has no reference of its own.
    """
    plan.check()
    for path in (to, beside_it(to)):
        if path.exists():
            raise DisclosureError(str(path), "is there already", "Name a file that is not.")
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")  # the same records then give the same people
        columns = _load(connection, records, plan)
        people = _people(connection, plan, columns)
    number = len(set(people.values()))
    how = {
        "format": FORMAT,
        "records": hashlib.sha256(records.read_bytes()).hexdigest(),
        "plan": asdict(plan),
        "splink": version("splink"),
        "people": number,
    }
    write_mapping(to, people, how)
    return number


def _load(connection: duckdb.DuckDBPyConnection, records: Path, plan: Plan) -> dict[str, str]:
    """Make the table `records`, and give the name that each column has in it.

    A column may be called anything in the file, so that it gets a plain name here.
    """
    try:
        found = connection.read_csv(str(records), header=True, all_varchar=True)
    except duckdb.Error as error:
        first = str(error).partition("\n")[0]
        raise DisclosureError(
            str(records), f"cannot be read: {first}", "Name a CSV file."
        ) from None
    rules = (*plan.alike, *plan.certain)
    asked = dict.fromkeys([plan.reference, *plan.fields, *(one for rule in rules for one in rule)])
    if lacking := [column for column in asked if column not in found.columns]:
        raise DisclosureError(records.name, f"has no column {', '.join(lacking)}")
    columns = {column: f"c{number}" for number, column in enumerate(asked)}
    found.project(", ".join(f"{name(old)} AS {new}" for old, new in columns.items())).create(
        "records"
    )
    row = connection.execute(
        "SELECT count(*) - count(DISTINCT c0), count(*) FROM records"
    ).fetchone()
    twice, every = row or (0, 0)
    if twice:
        wrong = f"{twice} records have no {plan.reference} of their own"
        raise DisclosureError(records.name, wrong, "Give each its own.")
    if not every:
        raise DisclosureError(records.name, "holds no record")
    return columns


def _people(
    connection: duckdb.DuckDBPyConnection, plan: Plan, columns: Mapping[str, str]
) -> dict[str, int]:
    """The number of the person of each record, from 1, in the order of the records' references."""
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=columns[plan.reference],
        comparisons=[_comparison(columns[column], kind) for column, kind in plan.fields.items()],
        blocking_rules_to_generate_predictions=[_block(rule, columns) for rule in plan.alike],
    )
    linker = Linker(DuckDBAPI(connection).register("records"), settings, log_level="ERROR")
    _fit(linker, [_block(rule, columns) for rule in plan.certain])
    pairs = linker.inference.predict(threshold_match_probability=_WEAKEST)
    groups = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, plan.threshold)
    rows = connection.execute(f"SELECT c0, cluster_id FROM {groups.physical_name} ORDER BY c0")
    numbers: dict[str, int] = {}
    return {
        record: numbers.setdefault(group, len(numbers) + 1) for record, group in rows.fetchall()
    }


def _fit(linker: Linker, certain: list[Any]) -> None:
    """Fit the model; raises DisclosureError where the records are too few, or too like, to tell."""
    fit = linker.training
    try:
        fit.estimate_probability_two_random_records_match(certain, recall=_FOUND)
        fit.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=_SEED)
        for rule in certain:
            fit.estimate_parameters_using_expectation_maximisation(rule)
    except (SplinkException, ValueError, ZeroDivisionError):
        raise DisclosureError(
            "records",
            "too few of them are alike, or too many, to learn how alike those of one person are",
            "Link more records, or name other columns as certain.",
        ) from None


def _comparison(column: str, kind: str) -> Any:
    """How two values of *column* are compared, by the *kind* of field (`linking.KINDS`)."""
    if kind == "birth":
        return library.DateOfBirthComparison(column, input_is_string=True)
    if kind == "email":
        return library.EmailComparison(column)
    if kind == "name":
        likeness = library.JaroWinklerAtThresholds(column, [0.9, 0.7])
        return likeness.configure(term_frequency_adjustments=True)
    return library.ExactMatch(column).configure(term_frequency_adjustments=True)


def _block(rule: Sequence[str], columns: Mapping[str, str]) -> Any:
    return block_on(*(columns[column] for column in rule))
