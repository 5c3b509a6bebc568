"""A policy as data: its rules, its dates, its sources, and its reasons word for word."""

import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any, Final

from amends.feel import Condition, FeelError, compile_text
from amends.policy.facts import Catalogue, catalogue

MOST_RULES: Final = 62
"""Rules that one case can be judged by, at most: a bit of a 64-bit whole number for each."""
LARGEST_POLICY: Final = 1_000_000
"""Bytes in a policy file, at most."""


class Authority(IntEnum):
    """Who may allow a community resolution, from freest to strictest."""

    OFFICER = 0
    SERGEANT = 1
    INSPECTOR = 2
    SUPERINTENDENT = 3
    NOT_YET_KNOWN = 8
    NOBODY = 9

    @property
    def word(self) -> str:
        """As it is written in policies and files: `not_yet_known`."""
        return self.name.lower()


GRANTED: Final = {a.word: a for a in Authority if a is not Authority.NOT_YET_KNOWN}
CONFIDENCE: Final = ("read", "reported", "illustrative")
LAYERS: Final = ("statute", "guidance", "force")


class PolicyError(ValueError):
    """A policy that cannot be used: `place` says where, `wrong` what, `right` what would be right."""

    def __init__(self, place: str, wrong: str, right: str = "") -> None:
        self.place, self.wrong, self.right = place, wrong, right
        super().__init__(f"{place}: {wrong}" + (f" {right}" if right else ""))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One sentence of a policy: the circumstance that raises it, and who may allow it then.

    It is raised where `applies` and `when` are both true; `record` names the facts `recorded.*`
    that must then be true; `advise` is said to decisions from `advise_from`. `clause`, `because`,
    `source` and `confidence` say where it comes from.
    """

    id: str
    ask: str
    when: Condition
    allow: Authority
    clause: str
    because: str
    source: str
    confidence: str
    applies: Condition | None = None
    record: tuple[str, ...] = ()
    advise: str = ""
    advise_from: dt.date | None = None
    replaces: tuple[str, ...] = ()
    loosens: Mapping[str, str] | None = None
    policy: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it asks about, each once, in the order asked."""
        first = self.applies.facts if self.applies else ()
        return tuple(dict.fromkeys((*first, *self.when.facts)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """One published text, or one version of it, as data.

    It applies to decisions from `starts` up to, but not including, `ends` (None while in force),
    and was known from `known_from`. `digest` is the SHA-256 of the file it was read from; `sources`
    are texts of its owner's own that its rules may name, beside those that ship with Amends.
    """

    id: str
    series: str
    title: str
    owner: str
    scope: str
    layer: str
    status: str
    starts: dt.date
    ends: dt.date | None
    known_from: dt.date
    dates: str
    otherwise: Authority
    source: str
    confidence: str
    note: str
    rules: tuple[Rule, ...]
    digest: str
    sources: Mapping[str, str] = field(default_factory=dict)

    def in_force_on(self, day: dt.date) -> bool:
        """Whether it applies to a decision of *day*."""
        return self.starts <= day and (self.ends is None or day < self.ends)

    @property
    def draft(self) -> bool:
        """Whether it is a draft, which refuses to decide live."""
        return self.status == "draft"


@dataclass(frozen=True, eq=False)
class Ruleset:
    """The rules that judge one case: those of every policy that applies to it, in order."""

    policies: tuple[Policy, ...]
    rules: tuple[Rule, ...]
    otherwise: Authority = field(default=Authority.OFFICER)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Every fact that any rule asks about, each once; also the records it wants."""
        asked = [name for rule in self.rules for name in rule.facts]
        wanted = [f"recorded.{name}" for rule in self.rules for name in rule.record]
        return tuple(dict.fromkeys(asked + wanted))

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the digests of its policies: the same rules give the same digest."""
        text = "\n".join(f"{p.id} {p.digest}" for p in self.policies)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def name(self) -> str:
        """The ids of its policies, joined with +."""
        return "+".join(policy.id for policy in self.policies)

    @property
    def illustrative(self) -> bool:
        """Whether any part of it is illustrative, which every screen and file must then say."""
        parts: tuple[Policy | Rule, ...] = (*self.policies, *self.rules)
        return any(part.confidence == "illustrative" for part in parts)


def ruleset(*policies: Policy) -> Ruleset:
    """The rules of *policies* together; a rule that another replaces is left out.

    Raises PolicyError where two rules have one id, or there are more than MOST_RULES.
    """
    replaced = {old for policy in policies for rule in policy.rules for old in rule.replaces}
    rules: dict[str, Rule] = {}
    for policy in policies:
        for rule in policy.rules:
            key = rule.id
            if key in replaced and not rule.replaces:
                continue
            if key in rules:
                key = f"{policy.id}/{rule.id}"
            rules[key] = rule
    if len(rules) > MOST_RULES:
        raise PolicyError("+".join(p.id for p in policies), f"More than {MOST_RULES} rules apply.")
    strictest = max((p.otherwise for p in policies), default=Authority.OFFICER)
    return Ruleset(tuple(policies), tuple(rules.values()), strictest)


_HEAD: Final = {
    "id": str,
    "series": str,
    "title": str,
    "owner": str,
    "scope": str,
    "layer": str,
    "status": str,
    "starts": dt.date,
    "known_from": dt.date,
    "otherwise": str,
    "source": str,
    "confidence": str,
}
_HEAD_MAY: Final = {"ends": dt.date, "dates": str, "note": str, "sources": dict, "rule": list}
_RULE: Final = {
    "id": str,
    "ask": str,
    "when": str,
    "allow": str,
    "clause": str,
    "because": str,
    "source": str,
    "confidence": str,
}
_RULE_MAY: Final = {
    "applies": str,
    "record": list,
    "advise": str,
    "advise_from": dt.date,
    "replaces": list,
    "loosens": dict,
}
_NAMES: Final = {
    str: "text",
    list: "a list",
    dict: "a table",
    dt.date: "a date, such as 2013-06-01",
}
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}")


def parse(text: str | bytes, place: str, known: Catalogue | None = None) -> Policy:
    """The policy that the TOML *text* holds; *place* names it in errors.

    Raises PolicyError for a missing or unknown key, a wrong type, an impossible date, a condition
    that is refused (with the text and a caret) and whatever else would not mean anything.
    """
    raw = text.encode() if isinstance(text, str) else text
    data = _toml(raw, place)
    _check_keys(data, _HEAD, _HEAD_MAY, place)
    _one_of(data["layer"], LAYERS, f"{place}: layer")
    _one_of(data["status"], ("published", "draft"), f"{place}: status")
    _one_of(data["confidence"], CONFIDENCE, f"{place}: confidence")
    _one_of(data["otherwise"], GRANTED, f"{place}: otherwise")
    _check_scope(data, place)
    if "ends" in data and data["ends"] <= data["starts"]:
        raise PolicyError(f"{place}: ends", "It ends before it starts.")
    known = known or catalogue()
    declared = known.declarations()
    rules = [
        _rule(one, f"{place}: rule {n}", data["id"], known, declared)
        for n, one in enumerate(data.get("rule", []), 1)
    ]
    if not rules:
        raise PolicyError(place, "It has no rules.", "Write at least one [[rule]].")
    _check_ids(rules, place)
    head = {name: data[name] for name in _HEAD if name != "otherwise"}
    return Policy(
        **head,
        ends=data.get("ends"),
        dates=data.get("dates", ""),
        note=data.get("note", ""),
        sources=_own_sources(data.get("sources", {}), f"{place}: sources"),
        otherwise=GRANTED[data["otherwise"]],
        rules=tuple(rules),
        digest=hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest(),
    )


def _own_sources(data: Mapping[str, Any], place: str) -> Mapping[str, str]:
    for name, value in data.items():
        if not isinstance(value, str) or not value.strip():
            right = 'Write for example P12 = "Kent Police, procedure P12, 3 May 2024".'
            raise PolicyError(f"{place}: {name}", "It does not say what it is.", right)
        if ";" in name or "," in name or not name.strip():
            raise PolicyError(f"{place}: {name}", "A name has no comma or semicolon.")
    return dict(data)


def _toml(raw: bytes, place: str) -> dict[str, Any]:
    if len(raw) > LARGEST_POLICY:
        raise PolicyError(place, f"The file is larger than {LARGEST_POLICY:,} bytes.")
    try:
        return tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise PolicyError(place, f"Byte {error.start} is not UTF-8.", "Save as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(place, f"This is not TOML: {error}.") from None
    except RecursionError:
        raise PolicyError(place, "The file is nested too deep.") from None
    except ValueError:  # Python refuses to read a number of thousands of digits
        raise PolicyError(place, "A number in it is far too long.") from None


def _check_keys(data: Any, must: Mapping[str, type], may: Mapping[str, type], place: str) -> None:
    if not isinstance(data, dict):
        raise PolicyError(place, "This is not a table of names and values.")
    for name in must:
        if name not in data:
            raise PolicyError(
                place, f"It has no {name!r}.", f"Write {name} = {_NAMES[must[name]]}."
            )
    for name, value in data.items():
        if name not in must and name not in may:
            known = ", ".join((*must, *may))
            raise PolicyError(f"{place}: {name}", "There is no such key.", f"Known: {known}.")
        _check_value(value, must.get(name) or may[name], f"{place}: {name}")


def _check_value(value: Any, kind: type, place: str) -> None:
    if not isinstance(value, kind) or isinstance(value, dt.datetime):
        raise PolicyError(place, f"{value!r} is not {_NAMES[kind]}.")
    if isinstance(value, str) and not value.strip() and not place.endswith(("note", "dates")):
        raise PolicyError(place, "It is empty.")


def _one_of(value: str, values: Any, place: str) -> None:
    if value not in values:
        raise PolicyError(place, f"{value!r} is not known.", f"It can be: {', '.join(values)}.")


def _check_scope(data: Mapping[str, Any], place: str) -> None:
    if not _ID.fullmatch(data["id"]):
        raise PolicyError(f"{place}: id", "An id is letters, digits and hyphens, at most 60.")
    if (data["layer"] == "force") == (data["scope"] == "national"):
        raise PolicyError(
            f"{place}: layer",
            f"The layer {data['layer']!r} does not go with the scope {data['scope']!r}.",
            "A force's policy has layer force and its own name as scope; others are national.",
        )


def _rule(
    data: Any, place: str, policy: str, known: Catalogue, declared: Mapping[str, Any]
) -> Rule:
    if isinstance(data, dict) and isinstance(data.get("id"), str):
        place = f"{place} ({data['id']})"
    _check_keys(data, _RULE, _RULE_MAY, place)
    _one_of(data["allow"], GRANTED, f"{place}: allow")
    _one_of(data["confidence"], CONFIDENCE, f"{place}: confidence")
    for key in ("record", "replaces"):
        if not all(isinstance(name, str) for name in data.get(key, [])):
            raise PolicyError(f"{place}: {key}", "It should be a list of names.")
    for name in data.get("record", []):
        if f"recorded.{name}" not in known:
            names = [n.removeprefix("recorded.") for n in known if n.startswith("recorded.")]
            _one_of(name, names, f"{place}: record")
    loosens = data.get("loosens")
    if loosens is not None and set(loosens) != {"reason", "owner"}:
        raise PolicyError(
            f"{place}: loosens",
            "It must say why and who owns it.",
            'Write { reason = "", owner = "" }.',
        )
    applies = data.get("applies")
    words = {
        name: data[name] for name in ("id", "ask", "clause", "because", "source", "confidence")
    }
    return Rule(
        **words,
        when=_condition(data["when"], f"{place}: when", known, declared),
        applies=_condition(applies, f"{place}: applies", known, declared) if applies else None,
        allow=GRANTED[data["allow"]],
        record=tuple(data.get("record", ())),
        advise=data.get("advise", ""),
        advise_from=data.get("advise_from"),
        replaces=tuple(data.get("replaces", ())),
        loosens=loosens,
        policy=policy,
    )


def _condition(text: str, place: str, known: Catalogue, declared: Mapping[str, Any]) -> Condition:
    try:
        return compile_text(text, declared, kind="boolean")
    except FeelError as error:
        kept = [n for n, kind in known.items() if not kind.decides and re.search(rf"\b{n}\b", text)]
        also = f"\n  {kept[0]} is kept to answer questions, never to decide." if kept else ""
        raise PolicyError(place, f"{error}{also}") from None


def _check_ids(rules: list[Rule], place: str) -> None:
    seen: set[str] = set()
    for rule in rules:
        if not _ID.fullmatch(rule.id):
            raise PolicyError(f"{place}: {rule.id!r}", "An id is letters, digits and hyphens.")
        if rule.id in seen:
            raise PolicyError(f"{place}: {rule.id}", "Two rules have this id.")
        seen.add(rule.id)
