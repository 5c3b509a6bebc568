"""The harm of offences beside their counts, by weights that the user gives: from told counts and nothing else."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import MARKER, Safe
from amends.openness.counted import spelt
from amends.openness.site.charts import check
from amends.openness.site.figures import Shows
from amends.openness.site.wording import Words
from amends.statistics.harm import WeightSet, read_weights

SHOWS: Final = Shows(question="site-codes")
"""The question whose counts are weighted; asked only where there are weights."""
_KEYS: Final = ("name", "version", "licence", "source", "unit", "file", "offence", "weight")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A set of weights by offence code, and where it is from."""

    held: WeightSet
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Least and most harm, in the unit of the weights, and least and most cases that it covers, of `whole`."""

    harm: tuple[Decimal, Decimal]
    covered: tuple[int, int]
    whole: int


def read_set(path: Path) -> Weights:
    """The weights that the TOML file *path* describes; the CSV file that it names lies beside it.

    Raises DisclosureError, with the place, where a key of _KEYS is missing or empty, or as `read_weights` does.
    """
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DisclosureError(str(path), f"cannot be read: {error}") from None
    for key in _KEYS:
        if not isinstance(said.get(key), str) or not said[key].strip():
            raise DisclosureError(
                str(path), f"does not say {key}", f"It says, each as text: {', '.join(_KEYS)}."
            )
    if strange := sorted(set(said) - set(_KEYS)):
        raise DisclosureError(str(path), f"says {strange[0]!r}, which is not known")
    held = read_weights(
        path.parent / said["file"], name=said["name"], version=said["version"],
        licence=said["licence"], unit=said["unit"], key=said["offence"], weight=said["weight"],
    )  # fmt: skip
    codes = {spelt(code): weight for code, weight in held.weights.items()}
    if differ := [code for code, weight in held.weights.items() if codes[spelt(code)] != weight]:
        raise DisclosureError(
            said["file"],
            f"gives the offence {spelt(differ[0])} two weights, in two spellings",
            "Keep one.",
        )
    return Weights(held=replace(held, weights=codes), source=said["source"])


def weigh(
    table: Safe, shown: Sequence[tuple[str, int | str]], whole: int | str, held: WeightSet
) -> Weighed | None:
    """The harm of all of *shown*, the told rows of *table* by offence; *whole* is what they count together.

    What is withheld is, of the rows together, what the told ones leave of *whole*; in which of them it is,
    is open. None where *whole* is withheld. Raises TypeError for a row that is no figure of a `Safe` table.
    """
    check(table, [*shown, ("all", whole)])
    if not isinstance(whole, int):
        return None
    harm, covered, left = Decimal(0), 0, whole
    for label, count in shown:
        weight = held.weights.get(code_of(label))
        if isinstance(count, int):
            left -= count
            harm += (weight or 0) * count
            covered += count if weight is not None else 0
    open_ = [held.weights.get(code_of(label)) for label, count in shown if count == MARKER]
    known = [one for one in open_ if one is not None]
    least = Decimal(0) if len(known) < len(open_) else min(known, default=Decimal(0))
    most = max(known, default=Decimal(0))
    surely = left if open_ and len(known) == len(open_) else 0
    return Weighed(
        harm=(harm + left * least, harm + left * most),
        covered=(covered + surely, covered + (left if known else 0)), whole=whole,
    )  # fmt: skip


def code_of(label: str) -> str:
    """The offence code in a *label*, which ends in it, in brackets; empty where it has none."""
    return label.rpartition("(")[2].removesuffix(")") if label.endswith(")") else ""


def section(
    table: Safe, shown: Sequence[tuple[str, int | str]], whole: int | str, weights: Weights, words: Words
) -> Iterator[str]:  # fmt: skip
    """The harm of all cases, the offences that have a weight, and which set of weights it is."""
    held, found = weights.held, weigh(table, shown, whole, weights.held)
    yield f'<section class="derived"><h2>{escape(words("harm"))}</h2>'
    if found is None:
        yield f"<p>{escape(words('untold'))}</p>"
    else:
        least, most = (_number(one) for one in found.harm)
        name = "harm_exact" if least == most else "harm_between"
        told = words(name).format(least=least, most=most, unit=held.unit)
        covered = words("harm_covers").format(
            covered=_between(found.covered), whole=f"{found.whole:,}"
        )
        yield f'<p class="headline">{escape(told)}</p><p>{escape(covered)}</p>'
    of_set = words("harm_set").format(
        name=held.name, version=held.version, licence=held.licence, source=weights.source
    )
    yield f"<p>{escape(of_set)}</p><p>{escape(words('harm_means'))}</p>"
    yield f"<details><summary>{escape(words('harm_each'))}</summary><table><thead><tr><td></td>"
    for name in (words("count"), words("weight"), held.unit):
        yield f'<th scope="col" class="number">{escape(name)}</th>'
    yield "</tr></thead>\n<tbody>"
    for label, count in shown:
        if (weight := held.weights.get(code_of(label))) is not None:
            cells = (*_counted(count, weight),)
            row = "".join(f"<td>{escape(one)}</td>" for one in cells)
            yield f'<tr><th scope="row">{words.marked(label)}</th>{row}</tr>'
    yield f'</tbody></table><p class="quiet">{escape(words("marker"))}</p></details></section>'


def _counted(count: int | str, weight: Decimal) -> tuple[str, str, str]:
    """A row's count, weight and harm; a withheld count gives no harm."""
    if isinstance(count, str):
        return count, _number(weight), count
    return f"{count:,}", _number(weight), _number(weight * count)


def _number(one: Decimal) -> str:
    return f"{one.normalize():,f}"


def _between(two: tuple[int, int]) -> str:
    return f"{two[0]:,}" if two[0] == two[1] else f"{two[0]:,}-{two[1]:,}"
