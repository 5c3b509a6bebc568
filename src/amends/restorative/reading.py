"""Reading the kinds of process from files: strictly, so that a bad file is refused whole with what would be right."""

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from amends.policy.facts import catalogue
from amends.policy.rules import CONFIDENCE
from amends.restorative.processes import (
    BEFORE_MEETING,
    ESTABLISHES,
    HOW,
    SIDES,
    STAGES,
    STEPS,
    AgendaItem,
    Asked,
    Facilitators,
    FeedbackRule,
    FollowUpRule,
    Kind,
    MeetingRule,
    Origin,
    Role,
)

LEADERS: Final = ("officer", "supervisor", "facilitator", "volunteer_facilitator")
"""Roles of the permission table that may lead a process."""
PARTS: Final = ("victim", "suspect", "appropriate_adult", "speaks_for", "witness")
QUESTIONS: Final = 3
LARGEST: Final = 100_000
"""Bytes in a file, at most."""
_TRUST: Final = ("source", "confidence")


class BadProcess(ValueError):
    """A file that cannot be used: `place` says where, `wrong` what, and `right` what would be right."""

    def __init__(self, place: str, wrong: str, right: str) -> None:
        self.place, self.wrong, self.right = place, wrong, right
        super().__init__(f"{place}: {wrong} {right}")


@dataclass(frozen=True, slots=True)
class _Part:
    """One table of the file, and where it stands."""

    place: str
    data: Mapping[str, Any]

    def only(self, *names: str) -> "_Part":
        """Itself, if it holds nothing but *names*: a word spelt wrongly is no word left out."""
        for name in self.data:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                right = f"Did you mean {near[0]}?" if near else f"There is: {', '.join(names)}."
                raise BadProcess(f"{self.place}.{name}", "There is no such key.", right)
        return self

    def fault(self, name: str, wrong: str, right: str) -> BadProcess:
        return BadProcess(f"{self.place}.{name}", wrong, right)

    def _of(self, name: str, kind: type, what: str) -> Any:
        if name not in self.data:
            raise self.fault(name, "It is missing.", f"Write {what}.")
        value = self.data[name]
        if type(value) is not kind:
            raise self.fault(name, f"{value!r} is not {what}.", f"Write {what}.")
        return value

    def text(self, name: str) -> str:
        value: str = self._of(name, str, "words in quotes")
        if not value.strip() or len(value) > 300:
            raise self.fault(name, "It is empty or too long.", "Write between 1 and 300 letters.")
        return value

    def name(self, name: str = "id") -> str:
        value = self.text(name)
        if (
            not (value.isascii() and value.isidentifier() and value == value.lower())
            or len(value) > 40
        ):
            raise self.fault(
                name, f"{value!r} is no name.", "Write small letters and _, at most 40."
            )
        return value

    def number(self, name: str, least: int, most: int) -> int:
        value: int = self._of(name, int, "a whole number")
        if not least <= value <= most:
            raise self.fault(name, f"{value} is out of range.", f"Write {least} to {most}.")
        return value

    def yes(self, name: str, default: bool | None = None) -> bool:
        if name not in self.data and default is not None:
            return default
        value: bool = self._of(name, bool, "true or false")
        return value

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        value = self.text(name)
        if value not in allowed:
            raise self.fault(
                name, f"{value!r} is not known.", f"Write one of {', '.join(allowed)}."
            )
        return value

    def texts(self, name: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        values = self._of(name, list, "a list of words")
        parts = [_Part(f"{self.place}.{name}[{n}]", {"it": one}) for n, one in enumerate(values)]
        found = tuple(p.text("it") if allowed is None else p.one_of("it", allowed) for p in parts)
        if not found or len(set(found)) != len(found):
            raise self.fault(name, "It is empty, or says something twice.", "Name each once.")
        return found

    def part(self, name: str) -> "_Part":
        return _Part(f"{self.place}.{name}", self._of(name, dict, f"a table [{name}]"))

    def parts(self, name: str, *, needed: bool = True) -> "list[_Part]":
        if name not in self.data and not needed:
            return []
        rows = self._of(name, list, f"tables [[{name}]]")
        if not rows or not all(isinstance(one, dict) for one in rows):
            raise self.fault(name, "It holds no tables.", f"Write at least one [[{name}]].")
        return [_Part(f"{self.place}.{name}[{n}]", one) for n, one in enumerate(rows)]

    def origin(self) -> Origin:
        return Origin(self.text("source"), self.one_of("confidence", CONFIDENCE))


def parse(text: str | bytes, place: str) -> Kind:
    """The kind of process in *text*, a file known as *place*. Raises BadProcess."""
    raw = text.encode() if isinstance(text, str) else text
    if len(raw) > LARGEST:
        raise BadProcess(place, "It is too large.", f"Write at most {LARGEST:,} bytes.")
    try:
        data = tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadProcess(
            place, f"It is no TOML: {error}.", "See processes/ for examples."
        ) from None
    top = _Part(place, data).only(
        "id", "version", "title", "counts_as", "steps", *_TRUST, "meeting", "facilitators", "roles",
        "preparation", "risk", "agenda", "feedback", "follow_up",
    )  # fmt: skip
    known = [v for v in catalogue()["resolution.restorative_process"].values or () if v != "none"]
    steps = _steps(top)
    return Kind(
        id=top.name(), version=top.number("version", 1, 999), title=top.text("title"),
        counts_as=top.one_of("counts_as", known), steps=steps, meeting=_meeting(top.part("meeting")),
        facilitators=_facilitators(top.part("facilitators")), roles=_roles(top),
        preparation=_asked(top.part("preparation").only("how", "ask", *_TRUST), "how"),
        risk=_risk(top), agenda=_agenda(top), feedback=_feedback(top, steps),
        follow_up=_follow_up(top, steps), origin=top.origin(),
    )  # fmt: skip


def _steps(top: _Part) -> tuple[str, ...]:
    found = top.texts("steps", STEPS)
    if any(one not in found for one in (*BEFORE_MEETING, "meet", "attend", "agree")):
        right = f"Only feedback and follow_up may be left out of: {', '.join(STEPS)}."
        raise top.fault("steps", "A step that keeps people safe is left out.", right)
    where = {name: number for number, name in enumerate(found)}
    late = max(where[one] for one in BEFORE_MEETING) > where["meet"]
    if late or where["risk_1"] > where["risk_2"]:
        right = f"Put these before meet, in this order: {', '.join(BEFORE_MEETING)}."
        raise top.fault("steps", "Somebody could meet before it is known to be safe.", right)
    after = [one for one in STEPS if one in found and one not in BEFORE_MEETING]
    if [one for one in found if one in after] != after:
        raise top.fault("steps", "What follows is out of order.", f"Write {', '.join(after)}.")
    return found


def _meeting(part: _Part) -> MeetingRule:
    part.only("how", "hold_within_days", *_TRUST)
    within = part.number("hold_within_days", 1, 366) if "hold_within_days" in part.data else None
    return MeetingRule(part.one_of("how", HOW), within, part.origin())


def _facilitators(part: _Part) -> Facilitators:
    part.only("least", "roles", "trained", "independent", *_TRUST)
    return Facilitators(
        part.number("least", 1, 4), part.texts("roles", LEADERS), part.yes("trained"),
        part.yes("independent"), part.origin(),
    )  # fmt: skip


def _roles(top: _Part) -> dict[str, Role]:
    found: dict[str, Role] = {}
    for part in top.parts("roles"):
        part.only("id", "title", "side", "parts", "least", "most", "for_child", *_TRUST)
        most = part.number("most", 1, 50) if "most" in part.data else None
        least = part.number("least", 0, most or 50)
        parts = part.texts("parts", PARTS) if "parts" in part.data else ()
        role = Role(
            part.name(), part.text("title"), part.one_of("side", SIDES), parts, least, most,
            part.yes("for_child", default=False), part.origin(),
        )  # fmt: skip
        _once(part, role.id, found)
        found[role.id] = role
    if not any(one.side == "responsible" and one.least for one in found.values()):
        raise top.fault(
            "roles", "Nobody is responsible.", 'One must have side "responsible", least 1.'
        )
    if not any(one.side in ("victim", "affected") and one.least for one in found.values()):
        right = (
            'One must have side "victim" or "affected", and at least 1 (src 9, second standard).'
        )
        raise top.fault("roles", "Nobody who was harmed takes part.", right)
    return found


def _once(part: _Part, name: str, found: Collection[str]) -> None:
    if name in found:
        raise part.fault("id", f"{name} is there already.", "Give each its own id.")


def _asked(part: _Part, title: str) -> Asked:
    return Asked(part.text(title), part.texts("ask"), part.origin())


def _risk(top: _Part) -> dict[int, Asked]:
    found = {}
    for part in top.parts("risk"):
        part.only("stage", "title", "ask", *_TRUST)
        stage = part.number("stage", STAGES[0], STAGES[-1])
        if stage in found:
            raise part.fault(
                "stage", f"Stage {stage} is there already.", "Write 1 and 2, each once."
            )
        found[stage] = _asked(part, "title")
    if set(found) != set(STAGES):
        raise top.fault("risk", "A stage is missing.", "Write stage 1 and stage 2.")
    return found


def _agenda(top: _Part) -> dict[str, AgendaItem]:
    found: dict[str, AgendaItem] = {}
    for part in top.parts("agenda"):
        part.only("id", "title", "establishes", *_TRUST)
        what = part.one_of("establishes", ESTABLISHES) if "establishes" in part.data else ""
        item = AgendaItem(part.name(), part.text("title"), what, part.origin())
        _once(part, item.id, found)
        found[item.id] = item
    lacking = set(ESTABLISHES) - {one.establishes for one in found.values()}
    if lacking:
        right = f"An item must establish: {', '.join(sorted(lacking))} (src 9, third standard)."
        raise top.fault("agenda", "The process would not be restorative.", right)
    return found


def _feedback(top: _Part, steps: Collection[str]) -> FeedbackRule | None:
    if not _paired(top, "feedback", steps):
        return None
    part = top.part("feedback").only("sides", "questions", *_TRUST)
    questions = part.texts("questions")
    if len(questions) != QUESTIONS:
        raise part.fault("questions", f"There are {len(questions)}.", f"Ask {QUESTIONS}.")
    return FeedbackRule(part.texts("sides", SIDES), questions, part.origin())


def _follow_up(top: _Part, steps: Collection[str]) -> tuple[FollowUpRule, ...]:
    if not _paired(top, "follow_up", steps):
        return ()
    found = []
    for part in top.parts("follow_up"):
        part.only("days", "title", *_TRUST)
        found.append(FollowUpRule(part.number("days", 1, 1000), part.text("title"), part.origin()))
    if [one.days for one in found] != sorted({one.days for one in found}):
        raise top.fault(
            "follow_up", "The days do not rise.", "Put the earliest first, each day once."
        )
    return tuple(found)


def _paired(top: _Part, name: str, steps: Collection[str]) -> bool:
    """Whether the step *name* is taken; its table must be there if it is, and not if it is not."""
    if name not in steps and name in top.data:
        raise top.fault(name, "It is no step of this process.", "Add it to steps, or take it out.")
    return name in steps


# --- the shelf ------------------------------------------------------------------------------------------


@cache
def shipped() -> tuple[Kind, ...]:
    """The kinds that come with Amends."""
    place = files("amends.restorative") / "processes"
    return tuple(
        parse(one.read_bytes(), one.name)
        for one in sorted(place.iterdir(), key=lambda one: one.name)
        if one.name.endswith(".toml")
    )


def read(folder: Path | None = None) -> dict[tuple[str, int], Kind]:
    """Every kind by its id and version: those that ship, and a force's own in the *folder*, if it is there.

    Raises BadProcess for a file that is wrong, or says anew what a version already says.
    """
    own = sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else []
    return shelf([*shipped(), *(parse(path.read_bytes(), path.name) for path in own)])


def shelf(kinds: Iterable[Kind]) -> dict[tuple[str, int], Kind]:
    """*kinds* by id and version; raises BadProcess where one is there twice."""
    found: dict[tuple[str, int], Kind] = {}
    for kind in kinds:
        if (kind.id, kind.version) in found:
            wrong = f"Version {kind.version} is there already."
            raise BadProcess(
                kind.id, wrong, "What was used is never edited: give it the next number."
            )
        found[kind.id, kind.version] = kind
    return found


def latest(kinds: Mapping[tuple[str, int], Kind], name: str) -> Kind | None:
    """The newest version of the kind *name*; None where there is none of that name."""
    versions = [version for held, version in kinds if held == name]
    return kinds[name, max(versions)] if versions else None
