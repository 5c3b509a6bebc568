"""What every question answers on the invented force: kept beside the questions, and set against what it answers now."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.releases import KEY, read_ledger, record
from amends.openness.answering import Answered, answer
from amends.openness.counted import Source
from amends.openness.giving import give
from amends.openness.partition import Judged, Step
from amends.openness.questions import Question, sets

FOLDER: Final = "expected"
"""Beside the questions; a file of the same name as each set of them."""
_HEAD: Final = (
    "# What each question answers on the invented force, from a memory in which nothing was answered before: the\n"
    "# sentences of the letter, how many figures its tables have and withhold, and a digest of the tables (SHA-256).\n"
    "# Written by `make expected`, never by hand: read what changed, and why.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a question answers: the sentences told, the figures asked for and withheld, and the tables' digest."""

    told: tuple[str, ...]
    figures: int
    withheld: int
    tables: str


def expected() -> Mapping[str, Expected]:
    """What each question that is held is expected to answer, by its id."""
    folder = files("amends.openness.questions") / FOLDER
    found: dict[str, Expected] = {}
    for name in sets():
        path = folder / name
        if path.is_file():
            said = tomllib.loads(path.read_text("utf-8"))
            found |= {id_: _read(one, f"{FOLDER}/{name}, {id_}") for id_, one in said.items()}
    return found


def _read(said: Mapping[str, object], place: str) -> Expected:
    told, figures, withheld, tables = (said.get(one) for one in Expected.__slots__)
    if (
        isinstance(told, list) and isinstance(figures, int) and isinstance(withheld, int)
        and isinstance(tables, str)
    ):  # fmt: skip
        return Expected(
            told=tuple(map(str, told)), figures=figures, withheld=withheld, tables=tables
        )
    raise DisclosureError(place, "is not an expected answer", "Write it anew: make expected.")


def reckoned(
    question: Question, source: Source, answers: Path, judged: Judged, tell: Step
) -> Expected:
    """What *question* answers now from *source*; *answers* is a new folder, in which it is remembered.

    Equals are told apart by a key that is the same each time, not by a secret one: for invented cases only.
    """
    if not source.invented:
        raise DisclosureError(
            source.cases.title, "is not all invented", "What is expected is of invented cases."
        )
    base = answers / source.id
    (base / "safe").mkdir(parents=True, mode=0o700)
    record(read_ledger(base), source.base)
    (base / KEY).write_text(bytes(32).hex(), "ascii")
    return of(answer(question, source, answers, judged, None, tell))


def of(found: Answered) -> Expected:
    """What an answer that was *found* tells."""
    letter = give(found, found.source.as_at, None, "").letter
    rows = [[table.title, *([*row] for row in table.rows)] for table in found.tables]
    digest = hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
    return Expected(told=letter.told, figures=found.figures, withheld=found.withheld, tables=digest)


def differences(wanted: Expected | None, got: Expected) -> Iterator[str]:
    """In what *got* differs from what was *wanted*, a line each."""
    if wanted is None:
        yield "No answer is expected of it yet."
        return
    gone = [one for one in wanted.told if one not in got.told]
    new = [one for one in got.told if one not in wanted.told]
    yield from (f"Expected: {one}" for one in gone)
    yield from (f"Answered: {one}" for one in new)
    for name in ("figures", "withheld"):
        was, now = getattr(wanted, name), getattr(got, name)
        if was != now:
            yield f"Expected {was:,} {name}, and there are {now:,}."
    if wanted.tables != got.tables:
        yield "The tables differ."


def text(questions: Sequence[Question], found: Mapping[str, Expected]) -> str:
    """The file that keeps what is *found* of the *questions* of a set."""
    lines = [_HEAD]
    for id_ in (one.id for one in questions if one.id in found):
        one = found[id_]
        lines += [f"[{id_}]", "told = ["]
        lines += [f"    {json.dumps(sentence, ensure_ascii=False)}," for sentence in one.told]
        lines += ["]", f"figures = {one.figures}", f"withheld = {one.withheld}"]
        lines += [f'tables = "{one.tables}"', ""]
    return "\n".join(lines)
