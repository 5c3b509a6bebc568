"""Inventing a history of community resolutions from a seed, calibrated to published figures.

Nobody in it exists. What makes the records plausible stands in `inventing.toml`, each figure with
its basis; what is truly wrong with a record stands in its column `planted`, so that an audit can be
judged against it. What came of each resolution (`afterwards.toml`) is drawn apart, and no audit reads it.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from amends.demo import circumstances, outcomes
from amends.demo.afterwards import STREAM, Chunk, districts, invent_afterwards, known_until
from amends.demo.drawing import Draw
from amends.demo.facts import Facts
from amends.demo.forgetting import forget
from amends.demo.offending import Offences, invent_offences, table
from amends.demo.parameters import EPOCH, Parameters, days, load
from amends.demo.people import invent_people
from amends.demo.planting import CAUSES, Planted, plant
from amends.demo.storing import CannotStore, Store, put, storing

ROWS = 13_219
MOST_ROWS = 100_000_000
START, END = date(2011, 4, 1), date(2014, 3, 31)
FORCES = ("avon-and-somerset",)
SAYS = "every person, force record and case in this file is invented"
JOINING = 0.3
"""The share of the work that is left when every row is made: joining the parts into one file."""

Progress = Callable[[int, int], None]


class CannotInvent(ValueError):
    """What was asked for cannot be invented: what is wrong, where, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was invented, and what is truly in it."""

    out: Path
    rows: int
    seed: int
    start: date
    end: date
    groups: Mapping[str, int] = field(default_factory=dict)
    planted: Mapping[str, int] = field(default_factory=dict)
    unknown_codes: int = 0
    codes_not_given: int = 0

    @property
    def sexual(self) -> int:
        """How many were for a sexual offence, by the offence code."""
        return self.groups.get("sexual", 0)

    @property
    def inappropriate(self) -> int:
        """How many have something planted: the true number that an audit should find."""
        return sum(self.planted.values())


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be invented, already checked."""

    out: Path
    rows: int
    seed: int
    start: date
    end: date
    forces: tuple[str, ...]


def invent(
    out: Path,
    *,
    rows: int = ROWS,
    seed: int = 1,
    progress: Progress | None = None,
    start: date = START,
    end: date = END,
    forces: Sequence[str] = FORCES,
) -> Summary:
    """Write *rows* invented resolutions, decided from *start* to *end*, to the Parquet file *out*.

    The same version, seed and arguments give the same rows. *progress* is told how much is done and of how
    much, in rows. The file appears when it is whole; an older one of that name is replaced.
    Raises `CannotInvent` where the arguments make no sense or nothing can be written there.
    """
    asked = _checked(Request(Path(out), rows, seed, start, end, tuple(forces)))
    given = load()
    counts: Counter[str] = Counter()
    try:
        beside = storing(asked.out, table(given).words, asked.forces, districts(given))
        with beside as store:
            for number, first in enumerate(range(0, rows, given.chunk)):
                size = min(given.chunk, rows - first)
                draws = Draw(seed, number, size), Draw(seed, number, size, STREAM)
                counts.update(_chunk(draws, given, asked, first, store))
                if progress is not None:
                    progress(int((first + size) * (1 - JOINING)), rows)
            put(store.join(_notes(asked, given)), asked.out)
    except CannotStore as problem:
        raise CannotInvent(
            f"{asked.out} cannot be written: {problem} "
            "Give a place where you may create files, with room for them."
        ) from problem
    if progress is not None:
        progress(rows, rows)
    return _summary(asked, given, counts)


def _chunk(
    draws: tuple[Draw, Draw], given: Parameters, asked: Request, first: int, store: Store
) -> Counter[str]:
    draw, apart = draws
    span = days(asked.start), days(asked.end)
    what = invent_offences(draw, given, first, asked.rows, span)
    facts = Facts()
    facts["force"] = draw.between(1, len(asked.forces))
    facts["case.reference"] = np.arange(first + 1, first + draw.size + 1, dtype=np.int32)
    who = invent_people(draw, given, what, facts)
    done = plant(draw, given, what, who)
    circumstances.set_case(what, facts)
    circumstances.set_seriousness(draw, given, what, done, facts)
    circumstances.set_flags(given, what, who, facts)
    circumstances.set_suspect(draw, given, who, done, facts)
    circumstances.set_history(draw, given, what, done, facts)
    circumstances.set_gravity(draw, given, what, who, done, facts)
    outcomes.set_views(draw, given, who, done, facts)
    outcomes.set_authority(draw, given, done, facts)
    outcomes.set_resolution(draw, given, what, who, facts)
    outcomes.set_remedy(draw, given, what, who, facts)
    outcomes.set_records(draw, given, what, who, done, facts)
    forget(draw, given, what, facts)
    rows = Chunk(apart, given, what, who, done, facts, known_until(given, span[1]))
    store.add(facts, done.code, CAUSES, invent_afterwards(rows))
    return _counted(given, what, done)


def _counted(given: Parameters, what: Offences, done: Planted) -> Counter[str]:
    groups = np.bincount(what.group, minlength=len(table(given).groups))
    counts = Counter(
        {f"group.{n}": int(c) for n, c in zip(table(given).groups, groups, strict=True)}
    )
    counts.update({f"planted.{cause}": n for cause, n in done.count().items()})
    counts["unknown_codes"] = int(what.garbage.sum())
    counts["codes_not_given"] = int(what.not_given.sum())
    return counts


def _summary(asked: Request, given: Parameters, counts: Counter[str]) -> Summary:
    return Summary(
        out=asked.out,
        rows=asked.rows,
        seed=asked.seed,
        start=asked.start,
        end=asked.end,
        groups={name: counts[f"group.{name}"] for name in table(given).groups},
        planted={cause: counts[f"planted.{cause}"] for cause in CAUSES},
        unknown_codes=counts["unknown_codes"],
        codes_not_given=counts["codes_not_given"],
    )


def _notes(asked: Request, given: Parameters) -> dict[str, str]:
    return {
        "amends": "invented",
        "says": SAYS,
        "seed": str(asked.seed),
        "rows": str(asked.rows),
        "version": str(given.version),
        "from": asked.start.isoformat(),
        "to": asked.end.isoformat(),
        "forces": " ".join(asked.forces),
        "afterwards": str(given.whole("afterwards.version")),
        "known_until": (EPOCH + timedelta(known_until(given, days(asked.end)))).isoformat(),
    }


def _checked(asked: Request) -> Request:
    if not 1 <= asked.rows <= MOST_ROWS:
        raise CannotInvent(
            f"rows is {asked.rows!r}: give a whole number from 1 to {MOST_ROWS:,}; "
            f"the default is {ROWS:,}."
        )
    if asked.seed < 0:
        raise CannotInvent(f"seed is {asked.seed!r}: give a whole number from 0 upwards.")
    if asked.start > asked.end:
        raise CannotInvent(
            f"from {asked.start} is after to {asked.end}: give the first day of decision, "
            "then the last."
        )
    _check_forces(asked.forces)
    _check_place(asked.out)
    return asked


def _check_forces(forces: tuple[str, ...]) -> None:
    wrong = [force for force in forces if not re.fullmatch(r"[a-z]+(-[a-z]+)*", force)]
    if wrong or not forces:
        raise CannotInvent(
            f"forces is {forces!r}: give at least one force by its data.police.uk name, "
            f"for example {FORCES[0]}."
        )


def _check_place(out: Path) -> None:
    if "\0" in str(out):
        raise CannotInvent(f"{str(out)!r} has a null character in it: give the name of a file.")
    try:
        folder, room = out.is_dir(), out.parent.is_dir()
    except OSError as problem:
        raise CannotInvent(f"{out} cannot be written: {problem.strerror}.") from problem
    if folder:
        raise CannotInvent(
            f"{out} is a folder: give a file in it, for example {out / 'history.parquet'}."
        )
    if not room:
        raise CannotInvent(
            f"There is no folder {out.parent} to put {out.name} in: make it first, or name another."
        )
