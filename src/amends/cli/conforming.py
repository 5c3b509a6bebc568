"""Cases of the FEEL conformance kit: a condition, and the value it must have."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from amends.feel import FeelError, compile_text
from amends.feel.values import Value, shown
from amends.policy.facts import FactError

LARGEST_FILE: Final = 50_000_000
"""Bytes in a file of cases, at most."""
COERCED: Final = "0082-feel-coercion"
"""A folder of the kit that judges how a value is turned into the *declared type* of a result. The
file of cases does not carry that type ("1+1" must be null there, "[10]" must be 10), so whatever we
said would be a guess: its cases are counted as refused."""
NO_TYPE: Final = "it depends on a declared type of the result, which the file does not carry"


@dataclass(frozen=True, slots=True)
class Case:
    """One case: where it comes from, the condition, and the value it must have."""

    name: str
    folder: str
    condition: str
    expected: Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a case: `right`, `refused` or `wrong`, and why or with which value."""

    case: Case
    kind: str
    told: str


def read_cases(path: Path) -> list[Case]:
    """The cases in the JSON file *path*: a list of tables with `expression` and `expected`.

    Raises FactError, naming the file and the place, for whatever is not that.
    """
    data = _json(path)
    if not isinstance(data, list):
        raise FactError(path.name, "This is not a list of cases.", "Write [{...}, {...}].")
    return [_case(one, f"{path.name}: case {number}") for number, one in enumerate(data, 1)]


def _json(path: Path) -> Any:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FactError(str(path), f"The file cannot be read: {error.strerror}.") from None
    if len(raw) > LARGEST_FILE:
        raise FactError(path.name, f"The file is larger than {LARGEST_FILE:,} bytes.")
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise FactError(path.name, f"Byte {error.start} is not UTF-8.", "Save as UTF-8.") from None
    except json.JSONDecodeError as error:
        place = f"{path.name}, line {error.lineno}, column {error.colno}"
        raise FactError(place, f"This is not JSON: {error.msg}.") from None
    except RecursionError:
        raise FactError(path.name, "The file is nested too deep.") from None
    except ValueError:  # Python refuses to read a number of thousands of digits
        raise FactError(path.name, "A number in it is far too long.") from None


def _case(data: Any, place: str) -> Case:
    if not isinstance(data, dict):
        raise FactError(
            place, "This is not a table.", 'Write {"expression": "1 + 1", "expected": 2}.'
        )
    for name in ("expression", "expected"):
        if name not in data:
            raise FactError(place, f"It has no {name!r}.")
    if not isinstance(data["expression"], str):
        raise FactError(f"{place}: expression", "This is not text.")
    folder = str(data.get("folder", ""))
    name = " ".join(filter(None, (folder, str(data.get("case", "")))))
    return Case(name or place, folder, data["expression"], data["expected"])


def judge(case: Case) -> Verdict:
    """Whether our value for *case* is the one it must have, or we refuse to give one."""
    if case.folder == COERCED:
        return Verdict(case, "refused", NO_TYPE)
    try:
        value = compile_text(case.condition).value({})
    except FeelError as error:
        return Verdict(case, "refused", error.wrong)
    kind = "right" if same(_plain(value), case.expected) else "wrong"
    return Verdict(case, kind, shown(value))


def _plain(value: Value) -> Any:
    """*value* as the kit's JSON has it: dates and durations as FEEL writes them."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | Decimal | str):
        return value
    return shown(value)


def same(one: Any, two: Any) -> bool:
    """Whether two values of JSON are the same: a boolean is never a number, 1.0 is 1."""
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    return bool(one == two)


def report(verdicts: Iterable[Verdict]) -> str:
    """The count of each kind, also of the cases with a real answer, and every wrong one."""
    found = list(verdicts)
    real = [verdict for verdict in found if verdict.case.expected is not None]
    return "\n".join((*_wrong(found), _counts(found), f"{_counts(real)} whose answer is not null"))


def _wrong(verdicts: list[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        if verdict.kind == "wrong":
            case = verdict.case
            expected = json.dumps(case.expected, default=str, ensure_ascii=False)
            yield f"wrong: {case.name}: {case.condition} is {verdict.told}, and must be {expected}"


def _counts(verdicts: list[Verdict]) -> str:
    kinds = [verdict.kind for verdict in verdicts]
    parts = ", ".join(f"{kind} {kinds.count(kind)}" for kind in ("right", "refused", "wrong"))
    return f"{parts} of {len(kinds)}"
