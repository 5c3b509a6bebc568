"""What a publication says of itself, as a form in TOML says it; figures in its words come from its tables."""

import re
import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.shapes import Part
from amends.openness.publishing.showing import Shown, all_labels, check_text

_TEXTS: Final = ("id", "title", "headline", "publisher", "contact", "licence", "language")
_LISTS: Final = ("summary", "methods", "quality")
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2}-[A-Z]{2}")
_FIGURE: Final = re.compile(r"\{\s*(\d+)\s*:\s*([^{}]*)\}")
SHARE: Final = " as a share of "
"""Between two figures of a table, where what the one is of the other is wanted."""
COMPARED: Final = " compared with "
"""Between two figures, where how many more or fewer the one is than the other is wanted."""
MEAN: Final = " shared among "
"""Between a figure and how many it is shared among, where the mean is wanted, to the nearest whole."""
_READ: Final = re.compile(r"(.*) read at (\d+) minutes within (\d+) hours")
"""A figure of records, of which it is wanted how long they take to read, and whether that passes a limit."""
_NUMBER: Final = re.compile(r"\d[\d,.]*\d|\d")
_MONTHS: Final = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_WRAPPED: Final = re.compile(r"\r?\n(?=\S)")
"""Where a paragraph goes on in the next line; the lines of a table are indented, and stand each for itself."""
_OF_AN_ACT: Final = r"\d{1,3}[A-Z]{0,2}(?:\(\d{1,2}[A-Z]?\)|\([a-z]{1,3}\)){0,4}(?![\w(]|[,.]\d)"
_TELEPHONE: Final = (
    r"(?<![\d,.])(?:0|\+44 ?)(?:\d{10}|\d{9}|\d{4} \d{5,6}|\d{2,4} \d{3,4} \d{3,4})(?![,. ]?\d)"
)
_ALLOWED: Final = re.compile(
    rf"\b(?:19|20)\d\d(?:[/-]\d\d)?\b(?!,\d)|\b\d{{1,2}}(?= (?:{_MONTHS})\b)"
    rf"|(?:\b(?:[Ss]ection|[Rr]egulation) |(?<![\w'\u2019])s(?:\. ?)?){_OF_AN_ACT}|{_TELEPHONE}"
)
"""Years, days of a month, sections of an Act as `section 40(2)(a)` or `s40(2)`, and telephone numbers: no counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What was changed in a publication, and when."""

    on: date
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a publication is: who publishes what, when, under which licence, and what is to be known of it.

    `headline`, `summary`, `methods` and `quality` may hold figures as `{1: label / label}`: the figure of
    table 1 with these labels; or `{1: label as a share of label}`: what one figure is of another, in
    percent; `compared with` says how many more or fewer, and `shared among 4` the mean;
    `read at 3 minutes within 18 hours` says how long that many records take to read. `columns` says of each
    column what it tells apart.
    """

    id: str
    title: str
    headline: str
    publisher: str
    contact: str
    licence: str
    published: date
    language: str = "en-GB"
    summary: tuple[str, ...]
    methods: tuple[str, ...] = ()
    quality: tuple[str, ...] = ()
    columns: Mapping[str, str]
    revisions: tuple[Revision, ...] = ()

    def document(self) -> dict[str, object]:
        """The same as `read_document` reads."""
        return {
            **{name: getattr(self, name) for name in _TEXTS},
            "published": self.published.isoformat(),
            **{name: list(getattr(self, name)) for name in _LISTS},
            "columns": dict(self.columns),
            "revisions": [{"on": one.on.isoformat(), "what": one.what} for one in self.revisions],
        }


def read_about(path: Path) -> About:
    """What the TOML file at *path* says; raises `DisclosureError` with the place of a fault."""
    try:
        return read_document(Part(tomllib.loads(path.read_text("utf-8")), str(path)))
    except OSError as error:
        raise DisclosureError(str(path), error.strerror or "cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DisclosureError(str(path), f"is not TOML: {error}") from None


def read_document(part: Part) -> About:
    """What a form says; raises `DisclosureError` with the place of a fault."""
    part.only(*_TEXTS, *_LISTS, "published", "columns", "revisions")
    texts = {
        name: _text(part.get(name) if name != "language" else part.find(name, "en-GB"))
        for name in _TEXTS
    }
    if not _ID.fullmatch(texts["id"]):
        raise part.get("id").refuse("must be small letters and digits, with hyphens between")
    if not _LANGUAGE.fullmatch(texts["language"]):
        raise part.get("language").refuse("is no language", "Write it as en-GB or cy-GB.")
    if not texts["licence"].startswith("https://"):
        raise part.get("licence").refuse(
            "must be the address of a licence, beginning with https://"
        )
    lists = {name: tuple(map(_text, part.find(name, []).each())) for name in _LISTS}
    if not lists["summary"]:
        raise part.refuse("has no summary", "Say what the figures show, and of what.")
    return About(
        id=texts["id"], title=texts["title"], headline=texts["headline"], publisher=texts["publisher"],
        contact=texts["contact"], licence=texts["licence"], language=texts["language"],
        published=_day(part.get("published")), summary=lists["summary"], methods=lists["methods"],
        quality=lists["quality"],
        columns={name: _text(each) for name, each in part.get("columns").items()},
        revisions=tuple(map(_revision, part.find("revisions", []).each())),
    )  # fmt: skip


def _text(part: Part) -> str:
    check_text(part.a(str), part.place)
    return part.a(str)


def _day(part: Part) -> date:
    if type(part.value) is date:
        return part.value
    try:
        return date.fromisoformat(part.a(str))
    except ValueError:
        raise part.refuse(f"is no date: {part.value!r}", "Write it as 2026-03-31.") from None


def _revision(part: Part) -> Revision:
    part.only("on", "what")
    return Revision(on=_day(part.get("on")), what=_text(part.get("what")))


# --- figures in words -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of a publication, with their figures put in."""

    headline: str
    summary: tuple[str, ...]
    methods: tuple[str, ...]
    quality: tuple[str, ...]


def put_in(about: About, tables: tuple[Shown, ...]) -> Words:
    """The words of *about*, with each figure that they ask for.

    Raises `DisclosureError` where a figure is not there or is withheld, where a column is not explained,
    and where a number is written out, because nothing has shown that such a number is safe. A number that
    is a year, the day of a month, a section of an Act, a telephone number, or part of a label, may be written.
    """
    for name in dict.fromkeys(name for table in tables for name in table.names):
        if name not in about.columns:
            raise DisclosureError("columns", f"does not say what {name!r} tells apart")
    known = {found for label in all_labels(tables) for found in _NUMBER.findall(label)}

    def filled(place: str, text: str) -> str:
        _check_numbers(place, text, known)
        return _FIGURE.sub(lambda match: _figure(match, tables, place), text)

    def every(place: str, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(filled(f"{place}, {number}", text) for number, text in enumerate(texts, 1))

    _check_numbers("title", about.title, known)
    for revision in about.revisions:
        _check_numbers("revisions", revision.what, known)
    for name, said in about.columns.items():
        _check_numbers(f"columns: {name}", said, known)
    return Words(
        headline=filled("headline", about.headline),
        summary=every("summary", about.summary),
        methods=every("methods", about.methods),
        quality=every("quality", about.quality),
    )


def _check_numbers(place: str, text: str, known: Container[str]) -> None:
    line = _WRAPPED.sub(" ", _FIGURE.sub("", text))
    for number in _NUMBER.findall(_ALLOWED.sub("", line)):
        if number not in known:
            raise DisclosureError(
                place, f"says {number}, and nothing has shown that it is safe to say",
                "Take figures from a table, as in {1: All years / Theft}.",
            )  # fmt: skip


def _figure(match: re.Match[str], tables: tuple[Shown, ...], place: str) -> str:
    number = int(match[1])
    table = next((one for one in tables if one.number == number), None)
    if table is None:
        raise DisclosureError(place, f"asks for a figure of table {number}, which is not there")
    if cost := _READ.fullmatch(match[2]):
        count, marker = _found(table, cost[1], place)
        return ("about " if marker else "") + _reading(count, int(cost[2]), int(cost[3]))
    wanted, among = match[2], 1
    if MEAN in wanted:
        wanted, _, many = wanted.partition(MEAN)
        among = _among(many, place)
    between = COMPARED if COMPARED in wanted else SHARE
    asked = [_found(table, each, place) for each in wanted.split(between)]
    first, *others = (count for count, _ in asked)
    told = f"{(2 * first + among) // (2 * among):,}"
    if others:
        told = (_percent if between == SHARE else _compared)(first, others[0], place)
    if not any(marker for _, marker in asked):
        return told
    return f"{'about' if match.start() else 'About'} {told}"


def _found(table: Shown, text: str, place: str) -> tuple[int, str]:
    """The count in *table* that the labels in *text* name, and its marker."""
    asked = tuple(label.strip() for label in text.split(" / "))
    figure = dict(table.figures).get(asked)
    if figure is None:
        raise DisclosureError(
            place, f"asks for {' / '.join(asked)!r}, which table {table.number} does not have",
            f"It tells apart {' / '.join(table.names)}.",
        )  # fmt: skip
    if figure.count is None:
        raise DisclosureError(place, f"asks for {' / '.join(asked)!r}, which is withheld")
    return figure.count, figure.marker


def _among(text: str, place: str) -> int:
    if not (text.strip().isascii() and text.strip().isdigit() and int(text)):
        raise DisclosureError(place, f"shares a figure among {text.strip()!r}", "Write a number.")
    return int(text)


def _reading(count: int, minutes: int, limit: int) -> str:
    """How many hours *count* records take at *minutes* each, rounded up, and whether that is above the *limit*."""
    hours = -(-count * minutes // 60)
    told = f"{hours:,} hour{'' if hours == 1 else 's'} at {minutes} minute{'' if minutes == 1 else 's'} each"
    if count * minutes <= limit * 60:
        return f"{told}, no more than the limit of {limit} hours"
    return f"{told}, more than the limit of {limit} hours, in which {limit * 60 // minutes:,} could be read"


def _compared(one: int, other: int, place: str) -> str:
    """How many more or fewer *one* is, up to the word before the other."""
    if one == other:
        return "as many as"
    return f"{abs(one - other):,} {'more' if one > other else 'fewer'} than"


def _percent(part: int, whole: int, place: str) -> str:
    """To one place, halves rounded up."""
    if not whole:
        raise DisclosureError(place, "asks for a share of nothing")
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"


def check_typed(place: str, text: str, known: Container[str] = ()) -> None:
    """Raise `DisclosureError` where *text* has a number written out that nothing has shown to be safe.

    Years, days of a month, sections of an Act and telephone numbers may be written, as in a publication, and what
    is *known*.
    """
    _check_numbers(place, text, known)


def numbers(text: str) -> list[str]:
    """Every number in *text*, as it is written there."""
    return _NUMBER.findall(text)
