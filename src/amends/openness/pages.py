"""The reference page on the saved questions, written from them: what is asked, of what unit, as which tables."""

from collections.abc import Iterator
from typing import Final

from amends.openness.cost import reading
from amends.openness.questions import Asked, Question, attributes, questions

_HEAD: Final = """# The saved questions

Written from the code by `make pages`. How to answer one: `../how-to/answer-a-request.md`. Where more than one
attribute is asked about, and why that is safe: `../explanation/answers.md`.
"""

_ATTRIBUTES: Final = """## What cases can be told apart by

Counted by financial year and offence group only. What nobody recorded is *not known*. A label that is not listed
here is never told: such cases are counted, with those of which it is not known, as *not known or not listed*. Labels
that are of the force are listed in `labels.toml` of the folder that remembers its answers. Attributes of one
*family* read the same facts, and are protected together.

| attribute | what it says | family | columns read | labels |
|---|---|---|---|---|"""


def reference() -> str:
    """The page, as Markdown."""
    lines = [_HEAD]
    for one in questions().values():
        lines += _question(one)
    return "\n".join((*lines, _ATTRIBUTES, *_attributes())) + "\n"


def _question(one: Question) -> Iterator[str]:
    yield f"## {one.id}\n"
    yield f"**{one.title}.** {one.asked}\n"
    yield f"Source: {one.source}. Reviewed by {one.reviewed_by}, {one.reviewed_on}.\n"
    if one.not_held:
        yield f"Not held. {one.not_held}\n"
    if one.not_held and not one.on:
        return
    if one.not_held:
        yield "Where a store of open data is named, it is answered from that all the same.\n"
    yield f"As it is read: {one.restated} Counted are {one.unit}; {_cost(one)}.\n"
    yield from (f"- {_table(table)}" for table in one.tables)
    yield ""
    if one.caveats:
        yield "What it cannot say:\n"
        yield from (f"- {caveat}" for caveat in one.caveats)
        yield ""


def _cost(one: Question) -> str:
    if one.on:
        return f"it is asked of open data, in a store of `{one.on}`"
    if one.minutes:
        return f"{reading(one.minutes, one.records, one.reviewed_on)}, because {one.why_minutes} ({one.minutes_from})"
    return "it is all in fields, and no file has to be read"


def _table(one: Asked) -> str:
    asked = (
        ("year", one.period), ("offence", one.offence), ("age", one.age), ("attribute", one.attribute),
        ("count of", one.count), ("told apart by", one.by),
        ("only offences", one.only_group), ("only age", one.only_age),
    )  # fmt: skip
    by = ", ".join(f"{name} `{value}`" for name, value in asked if value not in {"", "all"})
    return f"{one.title}: {by or 'one number'}"


def _attributes() -> Iterator[str]:
    for one in attributes().values():
        labels = "those of the force" if one.of_the_force else "; ".join(one.labels)
        needs = ", ".join(f"`{name}`" for name in one.needs)
        yield f"| `{one.name}` | {one.says} | {one.family} | {needs} | {labels} |"
