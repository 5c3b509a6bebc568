"""The shelf: reading policies, and finding those in force on a day, for a force, as then known."""

import csv
import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Final

from amends.policy.rules import Policy, PolicyError, Ruleset, parse, ruleset

EXAMPLES: Final = ".examples.toml"
NATIONAL: Final = "national"


class NoPolicy(PolicyError):
    """No policy covers the force and the day: an error, never a fallback."""


@dataclass(frozen=True, eq=False)
class Shelf:
    """Every policy at hand, of every series and date, and the names of the forces."""

    policies: tuple[Policy, ...]
    forces: Mapping[str, str]

    @cached_property
    def by_id(self) -> dict[str, Policy]:
        """Each policy by its id."""
        return {policy.id: policy for policy in self.policies}

    def find(self, name: str) -> Policy:
        """The policy with the id *name*; raises PolicyError where the shelf has none of that name."""
        if name not in self.by_id:
            near = difflib.get_close_matches(name, self.by_id, n=2)
            right = (
                f"Did you mean {' or '.join(near)}?" if near else "`amends policies` lists them."
            )
            raise PolicyError(name, "There is no such policy on the shelf.", right)
        return self.by_id[name]

    def in_force(
        self, force: str, on: dt.date, known_on: dt.date | None = None, drafts: Iterable[str] = ()
    ) -> Ruleset:
        """The rules for a decision of *force* on the day *on*.

        *known_on* leaves out every text that became known later; *drafts* are ids of drafts to try
        beside the rest, which a live decision never does. Raises NoPolicy, naming the gap, where
        neither guidance nor the force's own policy covers the day.
        """
        drafts = frozenset(drafts)
        self.check_force(force, drafts)
        chosen = []
        for series in dict.fromkeys(p.series for p in self.policies):
            versions = [
                p
                for p in self.policies
                if p.series == series
                and p.scope in (NATIONAL, force)
                and p.in_force_on(on)
                and (not p.draft or p.id in drafts)
                and (known_on is None or p.known_from <= known_on)
            ]
            if versions:
                chosen.append(_latest(versions, on))
        if not any(p.layer in ("guidance", "force") for p in chosen):
            raise NoPolicy(force, self._gap(force, on, known_on), "Load the policy of that time.")
        return _rules_of(tuple(sorted(chosen, key=lambda p: (p.scope != NATIONAL, p.layer, p.id))))

    def check_force(self, force: str, drafts: Iterable[str] = ()) -> None:
        """Raise PolicyError where *force* is no force that is known.

        A name that only a draft has as its scope is none, or national guidance alone would judge the
        cases of a force made up for a template; it is one while that draft, of *drafts*, is tried.
        """
        own = [p for p in self.policies if p.scope == force != NATIONAL]
        if force in self.forces or any(not p.draft or p.id in drafts for p in own):
            return
        if own:
            wrong = (
                f"It is no force: only the scope of a draft ({own[0].id}), which decides nothing."
            )
            right = "Name the force that decided; the draft alone is tried with --only."
            raise PolicyError(force, wrong, right)
        near = difflib.get_close_matches(force, self.forces, n=2)
        right = f"Did you mean {' or '.join(near)}?" if near else "For example avon-and-somerset."
        raise PolicyError(force, "There is no such force in England and Wales.", right)

    def named(self, force: str) -> str:
        """The name of the force that *force* says in any spelling; *force* itself where none is it.

        `Kent`, `kent police` and `Avon & Somerset Constabulary` are kent and avon-and-somerset.
        """
        return self._by_spelling.get(_bare(force), force)

    @cached_property
    def _by_spelling(self) -> dict[str, str]:
        names = {_bare(title): name for name, title in self.forces.items()}
        return names | {_bare(name): name for name in self.forces}

    def not_held(self, force: str, rules: Ruleset) -> str | None:
        """The notice that no policy of *force* itself is among *rules*; None where one is."""
        if force == NATIONAL or any(p.layer == "force" for p in rules.policies):
            return None
        title = self.forces.get(force, force)
        other = [p for p in self.policies if p.scope == force and not p.draft]
        spans = "; ".join(map(_span, other))
        held = f" Held of other days: {spans}." if spans else ""
        return (
            f"No policy of {title} itself is held for this day: this is by national guidance only. "
            f"The force's own policy may ask for more.{held}"
        )

    def _gap(self, force: str, on: dt.date, known_on: dt.date | None) -> str:
        held = [
            p
            for p in self.policies
            if p.scope in (NATIONAL, force) and p.layer in ("guidance", "force") and not p.draft
        ]
        drafts = [p.id for p in self.policies if p.draft and p.scope == force and p.in_force_on(on)]
        spans = "; ".join(map(_span, held))
        known = f" as known on {known_on}" if known_on else ""
        later = [
            f"{p.id} from {p.known_from}"
            for p in held
            if known_on and p.in_force_on(on) and p.known_from > known_on
        ]
        if later:
            return (
                f"No policy that covers a decision of {on} was known on {known_on}. "
                f"Known only later: {', '.join(later)}."
            )
        only = f" Only a draft covers it: {', '.join(drafts)}." if drafts else ""
        return f"No policy covers a decision of {on}{known}.{only} Held: {spans or 'none'}."


def _span(policy: Policy) -> str:
    """Which policy, and from which day to which, its last."""
    last = policy.ends - dt.timedelta(days=1) if policy.ends else "now"
    return f"{policy.id} from {policy.starts} to {last}"


def _bare(force: str) -> str:
    words = re.findall(r"[a-z0-9]+", force.casefold().replace("&", " and "))
    return " ".join(word for word in words if word not in ("police", "constabulary", "service"))


def _latest(versions: list[Policy], on: dt.date) -> Policy:
    versions.sort(key=lambda p: p.known_from)
    last = versions[-1]
    if len(versions) > 1 and versions[-2].known_from == last.known_from:
        raise PolicyError(
            last.series, f"{versions[-2].id} and {last.id} both cover {on}.", "End one of them."
        )
    return last


@cache
def _rules_of(policies: tuple[Policy, ...]) -> Ruleset:
    return ruleset(*policies)


@cache
def published() -> Shelf:
    """The shelf that ships with Amends."""
    place = files("amends.policy") / "published"
    names = sorted(p.name for p in place.iterdir() if p.name.endswith(".toml"))
    policies = [
        parse((place / name).read_bytes(), name) for name in names if not name.endswith(EXAMPLES)
    ]
    rows = csv.DictReader((place / "forces.csv").read_text("utf-8").splitlines())
    return shelf(policies, {row["name"]: row["title"] for row in rows})


def text_of(name: str) -> str:
    """The file of the policy *name* that ships with Amends; raises PolicyError if there is none."""
    published().find(name)
    return (files("amends.policy") / "published" / f"{name}.toml").read_text("utf-8")


def shelf(policies: Iterable[Policy], forces: Mapping[str, str] | None = None) -> Shelf:
    """A shelf of *policies*; raises PolicyError where two have one id."""
    held = tuple(policies)
    seen: set[str] = set()
    for policy in held:
        if policy.id in seen:
            raise PolicyError(policy.id, "Two policies have this id.")
        seen.add(policy.id)
    return Shelf(held, dict(forces or {}))


def read_policy(path: Path) -> Policy:
    """The policy in the file *path*; raises PolicyError, naming the file and the place."""
    try:
        return parse(path.read_bytes(), path.name)
    except OSError as error:
        raise PolicyError(str(path), f"The file cannot be read: {error.strerror}.") from None
