"""The letter that answers a request: what was asked, what the figures say, how they were counted, what is withheld."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files
from textwrap import wrap
from typing import Final

from amends.openness.answering import Answered
from amends.openness.clock import due
from amends.openness.counted import Source, said
from amends.openness.official_counts import Official
from amends.openness.publishing.showing import Shown
from amends.openness.questions import Question

WIDE: Final = 88
INVENTED: Final = (
    "INVENTED. This answer is made from invented records, to try Amends out. No person, case or figure "
    "in it is real."
)
_AGAIN: Final = (
    "If you are not content with this answer, write to us at {contact} and say why. Somebody who did not "
    "decide it will look at it again."
)
_COMMISSIONER: Final = (
    "If you are still not content after that, you may ask the Information Commissioner to decide: "
    "ico.org.uk, or Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF."
)
_OPEN: Final = (
    "They are counted from the files of data.police.uk, which anybody can fetch and count again. Contains public "
    "sector information licensed under the Open Government Licence v3.0. Where you find them wrong, write to "
    "{contact}."
)
_OFFICIAL: Final = (
    "They are from the tables of outcomes that the Home Office publishes, and, where it is named, from the street "
    "files of data.police.uk; anybody can fetch both. Contains public sector information licensed under the Open "
    "Government Licence v3.0. Where you find them wrong, write to {contact}."
)
_THE_ACT: Final = "The Act is the Freedom of Information Act 2000."
_INSTEAD: Final = (
    "We do hold records of community resolutions, and can tell how many there were by time, kind of offence and age, "
    "and by what was agreed and recorded of each. Where that helps you, ask for it: write to {contact}, and we help "
    "you to word the request (section 16 of the Act)."
)
_HEADS: Final = {
    "force_year": "force and year",
    "day": "decided", "row": "year and offences", "crime_type": "crime type",
    "month": "month or year", "resolved": "community resolution in",
}  # fmt: skip
"""What the names of columns are called in a letter."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the parts of a letter: its title, who writes, where to write to, when; whether invented."""

    title: str
    publisher: str
    contact: str
    on: date
    invented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHeld:
    """The letter that answers a request for what is not held: says so, and what can be had instead."""

    question: Question
    frame: Frame
    received: date | None = None
    tables: tuple[Shown, ...] = ()

    def parts(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The headings and the paragraphs under each, in order."""
        contact = self.frame.contact
        yield "What you asked", (self.question.asked, *_clock(self.received, self.frame.on))
        yield "Our answer", (self.question.not_held, _THE_ACT)
        yield "What can be had instead", (_INSTEAD.format(contact=contact),)
        yield "If you are not content", (_AGAIN.format(contact=contact), _COMMISSIONER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to a requester: its parts, from which text and page are made. Figures come from `Safe` tables only.

    `told` are the sentences of the answer, with their figures put in; `tables` are shown below them.
    """

    answered: Answered
    told: tuple[str, ...]
    tables: tuple[Shown, ...]
    on: date
    received: date | None = None

    def parts(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The headings and the paragraphs under each, in order, without the tables."""
        question, source = self.answered.question, self.answered.source
        yield "What you asked", (question.asked, *self._clock())
        yield "How we read it", (question.restated, *self._otherwise())
        yield "Our answer", self.told
        counted = tuple(source.says(question.unit, self.answered.period))
        yield "How it was counted", (*counted, *question.caveats)
        yield "What is withheld, and why", tuple(self._withheld())
        if question.on:
            where = _OFFICIAL if isinstance(source, Official) else _OPEN
            yield "Where the figures come from", (where.format(contact=source.contact),)
            return
        yield "If you are not content", (_AGAIN.format(contact=source.contact), _COMMISSIONER)

    @property
    def frame(self) -> Frame:
        """What stands around the parts."""
        question, source = self.answered.question, self.answered.source
        return Frame(question.title, source.publisher, source.contact, self.on, source.invented)

    def _otherwise(self) -> Iterator[str]:
        """Where the figures are of other days than those that the question names: both."""
        question, (first, last) = self.answered.question, self.answered.period
        since, until, source = question.since, question.until, self.answered.source
        ends_at = until or (source.span[1] if isinstance(source, Source) else last)
        if not (since or until) or (since or first, ends_at) == (first, last):
            return
        begins = f" since {said(since)}" if since else ""
        ends = f" until {said(until)}" if until else ""
        what = "the time" if question.on else "decisions"
        yield f"You asked{begins}{ends}; these figures are of {what} from {said(first)} to {said(last)}."

    def _clock(self) -> Iterator[str]:
        return _clock(self.received, self.on)

    def _withheld(self) -> Iterator[str]:
        gone, asked = self.answered.withheld, self.answered.figures
        if not gone:
            yield "Nothing is withheld."
            if self.answered.releases[0].threshold == 1:
                yield f"{self.answered.releases[0].reason}."
            return
        least = self.answered.releases[0].threshold
        are = "is withheld. It is" if gone == 1 else "are withheld. They are"
        yield (
            f"{gone:,} of {asked:,} figures in the tables {are} marked [c]. A count below {least} "
            "might let somebody be recognised, and it could be somebody who was harmed; so might another figure, "
            "from which such a count could be worked out by subtraction. One mark stands for both. This is personal "
            "information of other people (section 40(2) of the Freedom of Information Act 2000)."
        )
        yield (
            "We also looked at every figure that we have published before from these records, so that nobody can "
            "find such a count by setting this answer against another."
        )


def _clock(received: date | None, on: date) -> Iterator[str]:
    if received:
        last = due(received)
        gives = "gives" if on <= last else "gave"
        yield (
            f"We received your request on {said(received)}. The law {gives} us until {said(last)}: the "
            "twentieth working day after it came."
        )


def _head(column: str) -> str:
    """What the column of this name is called in a letter."""
    return _HEADS.get(column, column.replace("_", " "))


def text(letter: Letter | NotHeld) -> str:
    """The letter as plain text, at most 88 letters wide; a table's line may be longer."""
    frame = letter.frame
    lines = [frame.publisher, said(frame.on), ""]
    if frame.invented:
        lines += [*wrap(INVENTED, WIDE), ""]
    lines += [*wrap(f"Your request: {frame.title}", WIDE), ""]
    for heading, paragraphs in letter.parts():
        lines += [heading, "-" * len(heading), ""]
        for one in paragraphs:
            lines += [*wrap(one, WIDE, break_on_hyphens=False), ""]
        if heading == "Our answer":
            for table in letter.tables:
                lines += [*_table_text(table), ""]
    if letter.tables:
        lines.append(
            "The same tables, as files for a spreadsheet and for machines, are in the folder `release`."
        )
    return "\n".join(lines).rstrip("\n") + "\n"


def _table_text(table: Shown) -> Iterator[str]:
    grid = table.grid()
    yield from wrap(f"Table {table.number}. {table.title} ({table.unit})", WIDE)
    rows = [[_head(one) for one in grid.heads]]
    rows += [[*labels, *map(str, figures)] for labels, figures in grid.lines]
    stubs = grid.stubs
    if sum(max(len(row[at]) for row in rows) + 2 for at in range(len(rows[0]))) > WIDE:
        stubs = len(table.names)
        rows = [[*(_head(one) for one in table.names), table.unit]]
        rows += [[*labels, str(figure)] for labels, figure in table.figures]
    yield from _columns(rows, stubs)


def _columns(rows: Sequence[Sequence[str]], stubs: int) -> Iterator[str]:
    """*rows* as text; the first *stubs* columns are labels, the others figures."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(wide) if at < stubs else cell.rjust(wide)
            for at, (cell, wide) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  " + "  ".join(cells).rstrip()


def page(letter: Letter | NotHeld) -> str:
    """The letter as a page: the same words, the tables as tables, and no script."""
    frame = letter.frame
    body = [f"<h1>{escape(frame.title)}</h1>"]
    if frame.invented:
        body.append(f'<p class="headline">{escape(INVENTED)}</p>')
    for heading, paragraphs in letter.parts():
        body.append(f"<h2>{escape(heading)}</h2>")
        first = ' class="headline"' if heading == "Our answer" else ""
        body += [
            f"<p{first if not at else ''}>{escape(one)}</p>" for at, one in enumerate(paragraphs)
        ]
        if heading == "Our answer":
            body += [line for table in letter.tables for line in _table_page(table)]
    if letter.tables:
        body.append(
            '<p>The same tables as files: <a href="release/index.html">the release, with every file</a>.</p>'
        )
    publisher = escape(frame.publisher)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(frame.title)} - {publisher}</title>\n<style>\n{_style()}</style>\n"
        '</head>\n<body>\n<a class="skip" href="#main">Skip to main content</a>\n'
        f'<header><div class="wide"><p>{publisher}</p></div></header>\n'
        f'<main id="main" class="wide" tabindex="-1">\n<p class="quiet">{said(frame.on)}</p>\n'
        + "\n".join(body)
        + f'\n</main>\n<footer><div class="wide"><p>Questions: {escape(frame.contact)}</p></div>'
        "</footer>\n</body>\n</html>\n"
    )


def _table_page(table: Shown) -> Iterator[str]:
    grid, place = table.grid(), f"caption-{table.number}"
    yield f'<div class="scroll" role="region" aria-labelledby="{place}" tabindex="0">'
    yield f'<table>\n<caption id="{place}"><strong>Table {table.number}. {escape(table.title)}</strong>'
    yield f"<span>Counted are {escape(table.unit)}</span></caption>"
    heads = "".join(
        f'<th scope="col">{escape(_head(one))}</th>'
        if at < grid.stubs
        else f'<th scope="col" class="number">{escape(one)}</th>'
        for at, one in enumerate(grid.heads)
    )
    yield f"<thead><tr>{heads}</tr></thead>\n<tbody>"
    for labels, figures in grid.lines:
        yield _row(labels, figures)
    yield "</tbody>\n</table>\n</div>"


def _row(labels: Sequence[str], figures: Sequence[object]) -> str:
    heads = "".join(f'<th scope="row">{escape(one)}</th>' for one in labels)
    cells = "".join(f"<td>{escape(str(one))}</td>" for one in figures)
    return f"<tr>{heads}{cells}</tr>"


@cache
def _style() -> str:
    return (files("amends.openness.publishing") / "page.css").read_text("utf-8")
