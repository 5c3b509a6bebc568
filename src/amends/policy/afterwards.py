"""Further columns of a history: what came of a resolution, which no policy asks and no audit judges by."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Column:
    """One further column: its type ("text", "boolean", "choice" or "date") and what it means.

    `only` says where the question arises at all, and is empty where it always does; `values` are those
    of a choice, each in words. NULL is *not known*, or that the question does not arise.
    """

    name: str
    type: str
    means: str
    only: str
    values: Mapping[str, str]

    def code(self, value: str) -> int:
        """The place of *value* among its values, counted from 1. Raises `ValueError` where it is none."""
        return list(self.values).index(value) + 1


@cache
def afterwards() -> Mapping[str, Column]:
    """Every further column, by name."""
    text = (files("amends.policy") / "afterwards.toml").read_text("utf-8")
    return {
        name: Column(name, one["type"], one["means"], one.get("only", ""), one.get("values", {}))
        for name, one in tomllib.loads(text)["columns"].items()
    }


def page() -> str:
    """The page of docs/reference that tells every further column."""
    return "\n".join([*_HEAD, *(_row(one) for one in afterwards().values()), ""])


_HEAD = (
    "# What came afterwards",
    "",
    "Made from `amends/policy/afterwards.toml` by `make pages`.",
    "",
    "A history, a Parquet file with a row a case, holds the facts that a policy asks (`amends facts`). It may",
    "have these further columns too: what is kept beside them, above all what came after the decision. No",
    "policy asks them, and `amends audit` passes over them. Empty is *not known*, or that the question does",
    "not arise.",
    "",
    "`amends invent` fills them. There they are **invented**: the shares, in `amends/demo/afterwards.toml`,",
    "were measured of nobody, and prove nothing of any force, person or process. They are drawn apart from the",
    "facts, and agree with what the file shows of each case. Its notes say until which day its records reach",
    "(`known_until`: 90 days after the last day of decision). `amends populate` takes the facts into the",
    "record and leaves these columns out: the record says what came of a case by its own steps.",
    "",
    "| column | type | what it means | where the question arises |",
    "| --- | --- | --- | --- |",
)


def _row(one: Column) -> str:
    values = "; ".join(f"`{value}` {words}" for value, words in one.values.items())
    return f"| `{one.name}` | {one.type} | {f'{one.means} {values}'.strip()} | {one.only or 'always'} |"
