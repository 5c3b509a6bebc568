"""Every saved question asked of the invented force: whether it answers as is expected, or what to expect of it."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from amends.demo.inventing import invent
from amends.openness.counted import Source
from amends.openness.expecting import FOLDER, Expected, differences, expected, reckoned, text
from amends.openness.partition import Judged
from amends.openness.questions import Question, sets
from amends.statistics.cases import open_cases

AS_AT: Final = date(2026, 3, 31)
_JUDGED: Final = Judged(5, "Small counts might let somebody be recognised.", "Nobody", AS_AT)


@contextmanager
def invented_force() -> Iterator[Callable[[Question], Expected]]:
    """What a question answers on the invented force, each from a memory of its own."""
    with TemporaryDirectory(prefix="amends-expected-") as name:
        path = Path(name) / "invented.parquet"
        invent(path)
        with open_cases(path) as cases:
            source = Source(
                "invented", cases, AS_AT, True, "Barsetshire Constabulary (invented)", "foi@barsetshire.example",
            )  # fmt: skip
            yield lambda one: reckoned(one, source, Path(name) / one.id, _JUDGED, _quiet)


def check(asked: Iterable[Question]) -> int:
    """Ask each of *asked* anew, and say which answer otherwise than is expected. Exit status 1 where one does."""
    wanted, wrong, known = expected(), 0, [one for one in asked if one.of_cases]
    with invented_force() as answered:
        for number, one in enumerate(known, 1):
            found = list(differences(wanted.get(one.id), answered(one)))
            wrong += bool(found)
            print(f"{number} of {len(known)}  {one.id}: {'differs' if found else 'as expected'}")
            print(*(f"    {line}" for line in found), sep="\n", end="\n" if found else "")
            sys.stdout.flush()
    print(f"{len(known) - wrong} of {len(known)} questions answer as is expected.")
    return 1 if wrong else 0


def write(folder: Path) -> None:
    """Write anew what is expected, into `expected` of the *folder* of the questions."""
    (folder / FOLDER).mkdir(exist_ok=True)
    with invented_force() as answered:
        for name, asked in sets().items():
            found = {one.id: answered(one) for one in asked if one.of_cases}
            if found:
                (folder / FOLDER / name).write_text(text(asked, found), "utf-8")


def _quiet(what: str, done: int, of: int) -> None:
    """Say nothing of the steps within one answer."""
