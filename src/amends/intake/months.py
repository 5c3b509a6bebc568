"""Months of a series: which are missing between the first and the last that are there."""

from collections.abc import Iterable


def missing(months: Iterable[str]) -> list[str]:
    """The months, as `YYYY-MM`, that lie between the first and the last of *months* and are not in it."""
    held = {int(month[:4]) * 12 + int(month[5:]) - 1 for month in months}
    if not held:
        return []
    gaps = sorted(set(range(min(held), max(held))) - held)
    return [f"{gap // 12:04}-{gap % 12 + 1:02}" for gap in gaps]


def spans(months: Iterable[str]) -> list[tuple[str, str]]:
    """The first and the last of each run of *months* that follow each other, in order; of one alone, that twice."""
    found: list[tuple[str, str]] = []
    for month in sorted(months):
        if found and not missing([found[-1][1], month]):
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found


def told(months: Iterable[str]) -> str:
    """*months* as a list says them, those that follow each other as one: `2013-07 to 2017-12, 2019-07`."""
    return ", ".join(" to ".join(dict.fromkeys(ends)) for ends in spans(months))
