"""The share that is still without proven re-offending, quarter by quarter: from told counts and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from amends.disclosure.tables import Safe
from amends.openness.site.charts import check
from amends.openness.site.figures import PROVEN
from amends.openness.site.wording import Words
from amends.statistics.disproportionality import AT_LEAST, NORMAL_95
from amends.statistics.reoffending import kaplan_meier

NAME: Final = "reoffending-time"
"""The chart's, below `charts`."""
NONE: Final = "none proven"
QUARTER: Final = 3
"""Months; the last day of each quarter is in the attribute's SQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """After *months*: proven in the quarter that ended then; the share (0 to 1) then without, and its interval."""

    months: int
    proven: int
    share: float
    low: float
    high: float


def curve(table: Safe, shown: Sequence[tuple[str, int | str]]) -> list[Left] | None:
    """The Kaplan-Meier estimate at the end of each quarter, from *shown*, the told rows of *table*.

    None where a count was withheld, or fewer than AT_LEAST were followed throughout. Raises TypeError where
    a row is no figure of a `Safe` table.
    """
    check(table, shown)
    said = dict(shown)
    counts = [said.get(label, 0) for label in (*PROVEN, NONE)]
    told = [one for one in counts if isinstance(one, int)]
    if len(told) < len(counts) or sum(told) < AT_LEAST:
        return None
    ends = [float(QUARTER * at) for at in range(1, len(PROVEN) + 1)]
    times = [end for end, many in zip((*ends, ends[-1]), told, strict=True) for _ in range(many)]
    without = told[-1]
    happened = [True] * (len(times) - without) + [False] * without
    found = {one.time: one for one in kaplan_meier(times, happened)}
    left, share, spread = list[Left](), 1.0, 0.0
    for end, proven in zip(ends, told[:-1], strict=True):
        if end in found:
            share, spread = found[end].surviving, NORMAL_95 * found[end].error
        low, high = max(0.0, share - spread), min(1.0, share + spread)
        left.append(Left(months=round(end), proven=proven, share=share, low=low, high=high))
    return left


def section(table: Safe, shown: Sequence[tuple[str, int | str]], words: Words) -> Iterator[str]:
    """The curve as a chart and a table; where there is none, that it cannot be told."""
    title = words("curve")
    yield f'<section class="derived"><h2>{escape(title)}</h2>'
    found = curve(table, shown)
    if found is None:
        yield f"<p>{escape(words('no_curve'))}</p></section>"
        return
    up = "" if words.language == "en" else "../"
    alt = f"{title}. {words('same')}."
    yield f'<p class="chart"><img src="{up}charts/{NAME}-{words.language}.svg" alt="{escape(alt)}"></p>'
    whole = sum(
        value for label, value in shown if label in (*PROVEN, NONE) and isinstance(value, int)
    )
    base = words("curve_base").format(whole=f"{whole:,}")
    yield f"<table>\n<caption><strong>{escape(words('same'))}</strong><span>{escape(base)}</span></caption>"
    heads = "".join(
        f'<th scope="col" class="number">{escape(words(one))}</th>'
        for one in ("proven_in", "still")
    )
    yield f"<thead><tr><td></td>{heads}</tr></thead>\n<tbody>"
    for one in found:
        after = words("months_after").format(months=one.months)
        yield (
            f'<tr><th scope="row">{escape(after)}</th><td>{one.proven:,}</td>'
            f"<td>{escape(_share(one, words))}</td></tr>"
        )
    yield f"</tbody>\n</table>\n<p>{escape(words('curve_means'))}</p></section>"


def _share(one: Left, words: Words) -> str:
    share, low, high = (f"{100 * x:.1f}" for x in (one.share, one.low, one.high))
    return words("share_interval").format(share=share, low=low, high=high)
