"""The worked examples of a policy: cases in words, and what its owner says must come of each.

They stand beside the policy, in NAME.examples.toml; `docs/reference/policy-format.md` gives the form.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from amends.policy import offences
from amends.policy.completing import Known, complete
from amends.policy.deciding import Decision, decide
from amends.policy.facts import Catalogue, FactError, catalogue
from amends.policy.library import EXAMPLES, NATIONAL, Shelf, published
from amends.policy.rules import Authority, Policy, PolicyError, Ruleset, ruleset

_KEYS: Final = {
    "story": str,
    "given": dict,
    "absent": list,
    "on": dt.date,
    "answer": str,
    "because": list,
    "owed": list,
    "alone": bool,
}
_KINDS: Final = {
    str: "text",
    dict: "a table",
    list: "a list",
    dt.date: "a date, such as 2013-06-01",
    bool: "true or false",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One worked example; `place` says where it stands.

    `because` are the rules that stand in the way, and `owed` the records still to be made; None
    where the example does not say. `alone` judges it by its own policy and no other.
    """

    place: str
    story: str
    facts: Mapping[str, Any]
    on: dt.date
    answer: Authority
    because: frozenset[str]
    owed: frozenset[str] | None
    alone: bool


def read_examples(
    raw: bytes,
    place: str,
    policy: Policy,
    table: Known | None = None,
    known: Catalogue | None = None,
) -> tuple[Example, ...]:
    """The worked examples of *policy* in the TOML bytes *raw*; *place* names the file in errors.

    Raises PolicyError or FactError, with the number and story of the example, for whatever cannot
    be taken.
    """
    data = _toml(raw, place)
    strange = [name for name in data if name != "example"]
    if strange or not isinstance(data.get("example"), list):
        where = f"{place}: {strange[0]}" if strange else place
        raise PolicyError(where, "There is no such key." if strange else "It holds no examples.",
                          "Write [[example]] before each.")  # fmt: skip
    reader = _Reader(policy, table or offences.published(), known or catalogue())
    return tuple(
        reader.example(one, f"{place}: example {number}")
        for number, one in enumerate(data["example"], 1)
    )


def _toml(raw: bytes, place: str) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise PolicyError(place, f"Byte {error.start} is not UTF-8.", "Save as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(place, f"This is not TOML: {error}.") from None
    except RecursionError:
        raise PolicyError(place, "The file is nested too deep.") from None


@dataclass(frozen=True, slots=True)
class _Reader:
    policy: Policy
    table: Known
    known: Catalogue

    def example(self, data: Any, place: str) -> Example:
        if not isinstance(data, dict):
            raise PolicyError(place, "This is not a table of names and values.")
        if isinstance(data.get("story"), str):
            place = f"{place} ({data['story']})"
        self._check_keys(data, place)
        on = data.get("on", self.policy.starts)
        return Example(
            place=place,
            story=data["story"],
            facts=self._facts(data, on, place),
            on=on,
            answer=Authority[data["answer"].upper()],
            because=frozenset(data.get("because", ())),
            owed=frozenset(data["owed"]) if "owed" in data else None,
            alone=data.get("alone", False),
        )

    def _check_keys(self, data: Mapping[str, Any], place: str) -> None:
        lists = [name for name, kind in self.known.items() if kind.type == "list"]
        for name, value in data.items():
            if name not in _KEYS and name not in lists:
                known = f"Known: {', '.join((*_KEYS, *lists))}."
                raise PolicyError(f"{place}: {name}", "There is no such key.", known)
            kind = _KEYS.get(name, list)
            if not isinstance(value, kind) or isinstance(value, dt.datetime):
                raise PolicyError(f"{place}: {name}", f"{value!r} is not {_KINDS[kind]}.")
        for name in ("story", "answer"):
            if name not in data:
                raise PolicyError(place, f"It has no {name!r}.")
        words = [authority.word for authority in Authority]
        if data["answer"] not in words:
            wrong = f"{data['answer']!r} is not an answer."
            raise PolicyError(f"{place}: answer", wrong, f"It can be: {', '.join(words)}.")

    def _facts(self, data: Mapping[str, Any], on: dt.date, place: str) -> dict[str, Any]:
        rest = {name: value for name, value in data.items() if name not in _KEYS}
        absent = dict.fromkeys(data.get("absent", ()))
        given = data.get("given", {})
        for name in (*rest, *absent):
            if name in given:
                raise FactError(f"{place}: {name}", "The fact is given twice.")
        facts = self.known.read({**given, **rest, **absent}, place)
        facts.setdefault("decision.date", on)
        return complete(facts, self.table, on, known=self.known, place=place)


def rules_for(example: Example, policy: Policy, shelf: Shelf) -> Ruleset:
    """The rules that judge an *example* of *policy*: its own, or those on the *shelf* of its day.

    An example of a national policy is judged by the national policies, whatever a force adds.
    Raises PolicyError where the policy is not in force on the day of the example.
    """
    if example.alone:
        return ruleset(policy)
    others = [
        p for p in shelf.policies if p.id != policy.id and p.scope in (NATIONAL, policy.scope)
    ]
    force = "any force" if policy.scope == NATIONAL else policy.scope
    here = Shelf((*others, policy), {force: force})
    rules = here.in_force(force, example.on, drafts=[policy.id])
    if policy not in rules.policies:
        wrong = f"{policy.id} is not in force on {example.on}."
        raise PolicyError(f"{example.place}: on", wrong, "Choose a day on which it is.")
    return rules


def run(example: Example, policy: Policy, shelf: Shelf) -> Decision:
    """The decision of the *example*; raises PolicyError as `rules_for` does."""
    return decide(example.facts, rules_for(example, policy, shelf))


def failures(example: Example, decision: Decision) -> Iterator[str]:
    """What the *decision* says that the *example* does not, and the other way round."""
    if decision.answer is not example.answer:
        yield f"The answer is {decision.answer.word}, and should be {example.answer.word}."
    yield from _differ(
        "Standing in the way", {f.rule.id for f in decision.reasons}, example.because
    )
    if example.owed is not None:
        yield from _differ("Records owed", set(decision.owed), example.owed)


def _differ(what: str, found: set[str], wanted: Iterable[str]) -> Iterator[str]:
    if found != set(wanted):
        yield f"{what}: {_names(found)}; it should be {_names(wanted)}."


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


@cache
def published_examples() -> Mapping[str, tuple[Example, ...]]:
    """The worked examples that ship with Amends, by the id of their policy."""
    place = files("amends.policy") / "published"
    names = sorted(p.name for p in place.iterdir() if p.name.endswith(EXAMPLES))
    found = {}
    for name in names:
        policy = published().find(name.removesuffix(EXAMPLES))
        found[policy.id] = read_examples((place / name).read_bytes(), name, policy)
    return found


def examples_beside(path: Path, policy: Policy) -> tuple[Example, ...] | None:
    """The examples beside the policy file *path*, or None where there is no such file.

    Raises PolicyError or FactError as `read_examples` does.
    """
    beside = path.with_name(f"{path.name.removesuffix('.toml')}{EXAMPLES}")
    if not beside.exists():
        return None
    try:
        return read_examples(beside.read_bytes(), beside.name, policy)
    except OSError as error:
        raise PolicyError(str(beside), f"The file cannot be read: {error.strerror}.") from None
