"""Why a request may be refused, and how much work must be done first, by the law of the day, as data."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

CONFIDENCES: Final = ("read", "reported", "illustrative")
KINDS: Final = ("absolute", "qualified", "partly", "limit")
HOLDS: Final = ("tell", "confirm", "both")


class NoLaw(ValueError):
    """A day, or a section, of which no law is held here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A section under which a request may be refused, from the day `starts` until the day `ends` (None: still).

    `kind` says whether the public interest is weighed, `holds` whether only the information may be refused,
    or also to say whether it is held.
    """

    section: str
    name: str
    kind: Literal["absolute", "qualified", "partly", "limit"]
    holds: Literal["tell", "confirm", "both"]
    starts: dt.date
    ends: dt.date | None
    note: str = ""
    source: str
    confidence: str

    @property
    def needs_public_interest_test(self) -> bool | None:
        """Whether the public interest must be weighed; None where that depends on what `note` says."""
        return None if self.kind == "partly" else self.kind == "qualified"

    @property
    def may_neither_confirm_nor_deny(self) -> bool:
        """Whether it may be refused to say that the information is held."""
        return self.holds in ("confirm", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The appropriate limit of a kind of public body: so many pounds of work, at so many an hour.

    Requests about the same within `aggregation_days` working days may be added up.
    """

    body: str
    pounds: int
    pounds_an_hour: int
    aggregation_days: int
    starts: dt.date
    ends: dt.date | None
    source: str
    confidence: str

    @property
    def hours(self) -> int:
        """Hours of work within the limit."""
        return self.pounds // self.pounds_an_hour


@cache
def grounds() -> tuple[Ground, ...]:
    """Every ground held, of every day."""
    found = tuple(Ground(**_dated(one)) for one in _data()["ground"])
    for one in found:
        if one.kind not in KINDS or one.holds not in HOLDS or one.confidence not in CONFIDENCES:
            raise ValueError(f"exemptions.toml: section {one.section}: a word is not known.")
        if one.kind == "partly" and not one.note:
            raise ValueError(f"exemptions.toml: section {one.section}: say in a note which part.")
    return found


@cache
def limits() -> tuple[Limit, ...]:
    """Every appropriate limit held, of every day."""
    return tuple(Limit(**_dated(one)) for one in _data()["limit"])


def ground(section: str, on: dt.date) -> Ground:
    """The ground of that *section* as it stood *on* a day; raises NoLaw where none is held."""
    for one in grounds():
        if one.section == section and _stands(one, on):
            return one
    raise NoLaw(f"Section {section} on {on.isoformat()}: No such ground is held for that day.")


def limit(on: dt.date, body: str = "police force") -> Limit:
    """The appropriate limit of a kind of *body* as it stood *on* a day; raises NoLaw where none is held."""
    for one in limits():
        if one.body == body and _stands(one, on):
            return one
    raise NoLaw(f"{body} on {on.isoformat()}: No appropriate limit is held for that day.")


def _stands(one: Ground | Limit, on: dt.date) -> bool:
    return one.starts <= on and (one.ends is None or on < one.ends)


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "exemptions.toml").read_text("utf-8"))


def _dated(given: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in given.items() if key not in ("from", "until")}
    return {**rest, "starts": given["from"], "ends": given.get("until")}
