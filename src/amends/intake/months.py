"""Months of a series: which are missing between the first and the last that are there."""

from collections.abc import Iterable


def missing(months: Iterable[str]) -> list[str]:
    """The months, as `YYYY-MM`, that lie between the first and the last of *months* and are not in it."""
    held = {int(month[:4]) * 12 + int(month[5:]) - 1 for month in months}
    if not held:
        return []
    gaps = sorted(set(range(min(held), max(held))) - held)
    return [f"{gap // 12:04}-{gap % 12 + 1:02}" for gap in gaps]


def spans(months: Iterable[str]) -> list[str]:
    """*months* in order as they are said: those that follow each other as one span, `2013-07 to 2017-12`."""
    found: list[list[str]] = []
    for month in sorted(months):
        if found and not missing([found[-1][-1], month]):
            found[-1].append(month)
        else:
            found.append([month])
    return [one[0] if len(one) == 1 else f"{one[0]} to {one[-1]}" for one in found]
