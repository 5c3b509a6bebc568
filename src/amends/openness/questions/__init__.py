"""Questions as data: what is asked of the figures, in plain English and as tables, reviewed once, asked each year."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from amends.disclosure.errors import DisclosureError

PERIODS: Final = ("all", "financial", "calendar", "month")
OFFICIAL: Final = ("home-office-outcomes", "home-office-outcomes-by-offence")
"""The layouts of the Home Office's tables that a question may be asked of."""
OPEN: Final = ("police-uk-outcomes", "police-uk-street", *OFFICIAL)
"""The layouts of open data that a question may be asked of, instead of cases."""
COUNTS: Final = ("", "rows", "crimes", "official")
BREAKDOWNS: Final = {
    "": COUNTS[:3], **dict.fromkeys(("all forces", "force", "data.police.uk", "offence group"), ("official",)),
    "crime type": ("rows", "crimes"), "outcome": ("rows",), "known": ("rows",),
    "whether resolved": ("crimes",),
}  # fmt: skip
"""What open data are told apart by, and of which counts."""
ILLUSTRATIVE: Final = "illustrative"
"""Instead of who reckoned the minutes, where nobody has."""
OFFENCES: Final = ("all", "group", "code")
AGES: Final = ("all", "child")
ATTRIBUTES: Final = "attributes.toml"
_KEYS: Final = (
    "id", "title", "asked", "restated", "source", "unit", "reviewed_by", "reviewed_on", "answer", "caveats",
    "table", "not_held", "minutes", "why_minutes", "minutes_from", "records", "on", "since", "until",
)  # fmt: skip
_TABLE: Final = ("title", "period", "offence", "age", "only_group", "only_age", "attribute")
_OPEN_TABLE: Final = ("title", "period", "count", "by", "only_group")


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that cases are told apart by: its name, what it says in words, and how it is read from a case.

    `sql` gives its label; `needs` names the columns that it reads. Whatever is not known is *not known*.
    No other label than `labels` is ever told; where they are `of_the_force`, each force has its own. Attributes
    that read the same facts are of one `family`: what one tells may follow from another.
    """

    name: str
    says: str
    sql: str
    needs: tuple[str, ...]
    labels: tuple[str, ...]
    of_the_force: bool = False
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A table that a question asks for: what it is broken down by, and what it counts only.

    Of open data, `count` says whether rows, distinct crimes or official counts are told, and `by` what they are told
    apart by.
    """

    title: str
    period: str = "all"
    offence: str = "all"
    age: str = "all"
    only_group: str = ""
    only_age: str = ""
    attribute: str = ""
    count: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A reviewed, saved query: what is asked, restated, of what unit, as which tables, and what it cannot say.

    `answer` are sentences in which `{1: label / label}` stands for a figure of a table. Where the force
    does not hold what is asked, `not_held` says so, with the section, and there are no tables; or there are
    tables of open data, which answer it all the same where a store of them is named. `minutes`
    a record would have to be read for what no field holds. `on` names the layout of open data that it is
    asked of; empty where it is of cases. `minutes_from` says who reckoned the minutes, or that they are
    illustrative, and `records` of how many records the request was, where that is known. `since` and `until`
    are the days that its own words name.
    """

    id: str
    title: str
    asked: str
    restated: str
    source: str
    unit: str
    reviewed_by: str
    reviewed_on: date
    answer: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    tables: tuple[Asked, ...] = ()
    not_held: str = ""
    minutes: int = 0
    why_minutes: str = ""
    minutes_from: str = ""
    records: int = 0
    on: str = ""
    since: date | None = None
    until: date | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    @property
    def illustrative(self) -> bool:
        """Whether nobody has said how long a record of it takes to read."""
        return self.minutes_from == ILLUSTRATIVE

    @property
    def of_cases(self) -> bool:
        """Whether it is answered from cases: it is held, and not asked of open data."""
        return not self.not_held and not self.on


@cache
def questions() -> Mapping[str, Question]:
    """The questions that ship, by id; raises DisclosureError, with the place, where a file is wrong."""
    found: dict[str, Question] = {}
    for name, asked in sets().items():
        for one in asked:
            if one.id in found:
                raise DisclosureError(name, f"has {one.id!r}, which there is already")
            found[one.id] = one
    return found


@cache
def sets() -> Mapping[str, tuple[Question, ...]]:
    """The questions that ship, by the name of the file in which they stand."""
    held = sorted(files(__name__).iterdir(), key=lambda one: one.name)
    return {
        file.name: tuple(read(file.read_text("utf-8"), file.name, attributes()))
        for file in held
        if file.name.endswith(".toml") and file.name != ATTRIBUTES
    }


@cache
def attributes() -> Mapping[str, Attribute]:
    """What cases can be told apart by, by name."""
    said = tomllib.loads((files(__name__) / ATTRIBUTES).read_text("utf-8"))
    return {
        name: Attribute(
            name,
            one["says"],
            one["sql"].strip(),
            tuple(one["needs"]),
            tuple(one["labels"]),
            one.get("of_the_force", False),
            one.get("family", ""),
        )
        for name, one in said.items()
    }


def read(text: str, place: str, known: Mapping[str, Attribute]) -> list[Question]:
    """The questions in a TOML file's *text*; *known* are the attributes that a table may name."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DisclosureError(place, f"is not TOML: {error}") from None
    found = said.get("question")
    if not isinstance(found, list) or not found:
        raise DisclosureError(place, "has no question", "Begin each with [[question]].")
    return [_question(one, f"{place}, question {at}", known) for at, one in enumerate(found, 1)]


def _question(said: dict[str, Any], place: str, known: Mapping[str, Attribute]) -> Question:
    _only(said, _KEYS, place)
    for name in ("id", "title", "asked", "restated", "source", "unit", "reviewed_by"):
        if not isinstance(said.get(name), str) or not said[name].strip():
            raise DisclosureError(place, f"does not say {name}", "Every question says it.")
    _check_cost(said, place)
    if type(said.get("reviewed_on")) is not date:
        raise DisclosureError(
            place, "does not say reviewed_on", "Write 2026-11-28, without quotes."
        )
    if any(type(said.get(name, date.min)) is not date for name in ("since", "until")):
        raise DisclosureError(place, "says since or until, and no day", "Write 2011-04-01.")
    if (on := said.get("on", "")) not in ("", *OPEN):
        raise DisclosureError(place, f"on is {on!r}", f"Known: {', '.join(OPEN)}.")
    tables = tuple(
        _open(one, f"{place}, table {at}", on) if on else _asked(one, f"{place}, table {at}", known)
        for at, one in enumerate(said.pop("table", []), 1)
    )
    _check_order(tables, place)
    if bool(tables) == bool(said.get("not_held")) and not (tables and on):
        raise DisclosureError(
            place, "has neither tables nor not_held, or both",
            "What is held is answered by tables; of what is not, say so.",
        )  # fmt: skip
    lists: dict[str, Any] = {name: tuple(said.pop(name, ())) for name in ("answer", "caveats")}
    used = {one.attribute: known[one.attribute] for one in tables if one.attribute}
    return Question(**said, **lists, tables=tables, attributes=used)


def _check_cost(said: dict[str, Any], place: str) -> None:
    if type(said.get("minutes")) is not int or said["minutes"] < 0:
        raise DisclosureError(
            place, "does not say minutes, what it costs",
            "Write how many a record has to be read for what no field holds; 0 where all is in fields.",
        )  # fmt: skip
    if said["minutes"] and not (said.get("why_minutes") and said.get("minutes_from")):
        raise DisclosureError(
            place, "does not say why_minutes and minutes_from",
            f"Write what no field holds, and who reckoned the minutes, or {ILLUSTRATIVE!r}.",
        )  # fmt: skip


def _asked(said: dict[str, Any], place: str, known: Mapping[str, Attribute]) -> Asked:
    _only(said, _TABLE, place)
    made = Asked(**said)
    for name, allowed in (("period", PERIODS), ("offence", OFFENCES), ("age", AGES)):
        if getattr(made, name) not in allowed:
            raise DisclosureError(
                place, f"{name} is {getattr(made, name)!r}", f"Known: {', '.join(allowed)}."
            )
    if made.attribute and made.attribute not in known:
        raise DisclosureError(
            place, f"there is no attribute {made.attribute!r}", f"Known: {', '.join(known)}."
        )
    return made


def _open(said: dict[str, Any], place: str, on: str) -> Asked:
    """A table of open data, of the layout *on*."""
    _only(said, _OPEN_TABLE, place)
    made = Asked(**said)
    for name, allowed in (("period", PERIODS), ("count", COUNTS[1:]), ("by", BREAKDOWNS)):
        if getattr(made, name) not in allowed:
            raise DisclosureError(
                place,
                f"{name} is {getattr(made, name)!r}",
                f"Known: {', '.join(filter(None, allowed))}.",
            )
    if (on in OFFICIAL) != (made.count == "official"):
        raise DisclosureError(
            place,
            f"counts {made.count} of {on}",
            "Official counts are of the Home Office's tables.",
        )
    if made.count not in BREAKDOWNS[made.by]:
        raise DisclosureError(
            place, f"{made.count} are not told apart by {made.by}",
            f"That is told of {', '.join(BREAKDOWNS[made.by])}.",
        )  # fmt: skip
    return made


def _check_order(tables: tuple[Asked, ...], place: str) -> None:
    """Tables of rows stand before those of crimes, for that is how they are numbered in an answer."""
    counts = [one.count for one in tables]
    if counts != sorted(counts, key=COUNTS.index):
        raise DisclosureError(place, "has a table of crimes before one of rows", "Put rows first.")


def _only(said: dict[str, Any], keys: tuple[str, ...], place: str) -> None:
    if strange := sorted(set(said) - set(keys)):
        raise DisclosureError(
            place, f"says {strange[0]!r}, which is not known", f"Known: {', '.join(keys)}."
        )
