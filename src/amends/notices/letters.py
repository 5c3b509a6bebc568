"""Letters as data: plain words in English and Welsh, told as a page, as plain text, or as a tagged PDF.

A template is a file of `templates`, one for each kind and language. A word in braces stands for something
of the case. What stands in no template, or is left over, is an error: no letter goes out with a hole in it.
"""

import datetime as dt
import html
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

LANGUAGES: Final = ("en", "cy")
KINDS: Final = (
    "victim_asked", "victim_told", "responsible_told", "agreement", "withdrawal_received",
    "apology_offered", "link",
)  # fmt: skip
PLAIN: Final = ("email", "text")
"""Channels that carry plain text."""
_HOLE: Final = re.compile(r"\{([a-z_]+)\}")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+")
_REORDERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST: Final = 2_000

Value = str | dt.date | Sequence[str]
"""What stands in a hole: words, a day, or several things of which each is a line of a list; or the name of
one of the sentences that the template has for this hole."""


class LetterError(ValueError):
    """A letter that cannot be written: which, and what is missing, left over or wrong."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, and what is said under it: paragraphs, of which one may be a hole for a list."""

    heading: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A letter before it is about anybody; `note` says who has not checked it yet, `shown` in its language.

    Its holes are filled with words; with somebody's own sentences (`prose`); with several (`lists`); or with
    one of the sentences it has itself (`choices`).
    """

    kind: str
    version: int
    language: str
    note: str
    shown: str
    title: str
    greeting: str
    parts: tuple[Part, ...]
    ending: str
    text: str
    holes: frozenset[str]
    prose: frozenset[str]
    lists: frozenset[str]
    choices: Mapping[str, Mapping[str, str]]

    @property
    def id(self) -> str:
        """Its name, by which a message says which words it used."""
        return f"{self.kind}.{self.language}"


@dataclass(frozen=True, slots=True)
class Sender:
    """Which force writes, and on which day."""

    force: str
    day: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to one person: the template, what fills it, the language in which that was written, and who writes.

    That the police write stands in it, and never in its subject: others may see that.
    """

    template: Template
    values: Mapping[str, Value]
    words_in: str
    sender: Sender | None = None

    @property
    def subject(self) -> str:
        """Its title, filled."""
        return "".join(text for text, _ in self._pieces(self.template.title))

    def text(self) -> str:
        """The short form, for a telephone: one plain paragraph."""
        return self._plain(self.template.text)

    def plain(self) -> str:
        """The whole of it as plain text, for an e-mail."""
        template = self.template
        blocks = [template.greeting]
        for part in template.parts:
            blocks += [part.heading, *part.says]
        blocks.append(template.ending)
        head, foot = (["\n".join(lines)] if lines else [] for lines in (self._head(), self._foot()))
        notes = filter(None, (template.shown, template.note))
        return "\n\n".join([*head, *map(self._plain, blocks), *foot, *notes])

    def _head(self) -> list[str]:
        """Who writes, and when."""
        if self.sender is None:
            return []
        language = self.template.language
        return [self._from(), _day(self.sender.day, language)]

    def _foot(self) -> list[str]:
        """Who signs."""
        officer = self.values.get("officer")
        return [str(officer), self._from()] if self.sender and officer else []

    def _from(self) -> str:
        force = self.sender.force if self.sender else ""
        return str(_words(self.template.language)["from"]).replace("{force}", force)

    def page(self, address: Sequence[str] = ()) -> str:
        """The whole of it as an HTML page with no style of its own; *address* stands above, line by line."""
        template, words = self.template, _words(self.template.language)
        body = [f"<p>{self._marked(template.greeting)}</p>"]
        for part in template.parts:
            body += ["<section>", f"<h2>{self._marked(part.heading)}</h2>"]
            body += [*map(self._block, part.says), "</section>"]
        body.append(f"<p>{self._marked(template.ending)}</p>")
        if foot := _lines(self._foot()):
            body.append(f"<p>{foot}</p>")
        blocks = (("address", _lines(address)), ("from", _lines(self._head())))
        heads = "".join(f'<p class="{name}">{lines}</p>\n' for name, lines in blocks if lines)
        above = f"<header>\n{heads}</header>\n" if heads else ""
        return (
            f'<!DOCTYPE html>\n<html lang="{template.language}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{html.escape(self.subject)}</title>\n</head>\n<body>\n{above}<main>\n"
            f"<h1>{self._marked(template.title)}</h1>\n{chr(10).join(body)}\n</main>\n<footer>\n"
            f"{self._notes()}<p>{words['letter']}: {template.id}, "
            f"{words['version']} {template.version}</p>\n</footer>\n</body>\n</html>\n"
        )

    def _notes(self) -> str:
        template = self.template
        shown = f"<p>{html.escape(template.shown)}</p>\n" if template.shown else ""
        note = f'<p lang="en">{html.escape(template.note)}</p>\n' if template.note else ""
        return shown + note

    def _block(self, says: str) -> str:
        """A paragraph, or a list where it is nothing but a hole for one."""
        hole = _HOLE.fullmatch(says)
        if hole and hole[1] in self.template.lists:
            lines = "".join(f"<li>{self._words_of(one)}</li>\n" for one in self.values[hole[1]])  # type: ignore[union-attr]
            return f"<ul>\n{lines}</ul>"
        return f"<p>{self._marked(says)}</p>"

    def _plain(self, says: str) -> str:
        hole = _HOLE.fullmatch(says)
        if hole and hole[1] in self.template.lists:
            return "\n".join(f"- {one}" for one in self.values[hole[1]])  # type: ignore[union-attr]
        return "".join(text for text, _ in self._pieces(says))

    def _marked(self, says: str) -> str:
        pieces = self._pieces(says)
        return "".join(self._words_of(text) if ours else _linked(text) for text, ours in pieces)

    def _words_of(self, text: str) -> str:
        """What somebody wrote, in the language they wrote it: a screen reader is told where it differs."""
        safe = html.escape(text)
        return (
            safe
            if self.words_in == self.template.language
            else f'<span lang="{self.words_in}">{safe}</span>'
        )

    def _pieces(self, says: str) -> Iterator[tuple[str, bool]]:
        """*says* with its holes filled, and of each piece whether somebody's own words stand in it."""
        for number, piece in enumerate(_HOLE.split(says)):
            if number % 2 == 0:
                yield piece, False
                continue
            value = self.values[piece]
            if piece in self.template.choices:
                yield self.template.choices[piece][str(value)], False
            elif isinstance(value, dt.date):
                yield _day(value, self.template.language), False
            else:
                yield str(value), piece in self.template.prose


def _lines(lines: Sequence[str]) -> str:
    return "<br>".join(html.escape(line) for line in lines)


def addressed(language: str, body: str, person: str) -> str:
    """How a business or public *body* is greeted: by the *person* who speaks for it, if there is one."""
    words = _words(language)
    text = str(words["speaks" if person else "nobody"])
    return text.replace("{body}", body).replace("{person}", person)


def _linked(text: str) -> str:
    """*text* for a page; an address of the web can be followed."""
    safe = html.escape(text)
    return f'<a href="{safe}">{safe}</a>' if _ADDRESS.fullmatch(text) else safe


# --- templates --------------------------------------------------------------------------------------


@cache
def template(kind: str, language: str) -> Template:
    """The template of *kind* in *language*, as this release has it. Raises LetterError where there is none."""
    if kind not in KINDS or language not in LANGUAGES:
        raise LetterError(f"There is no letter {kind!r} in the language {language!r}.")
    place = files(__package__) / "templates" / f"{kind}.{language}.toml"
    return _read(kind, language, tomllib.loads(place.read_text("utf-8")))


def _read(kind: str, language: str, given: dict[str, Any]) -> Template:
    parts = tuple(Part(one["heading"], tuple(one["says"])) for one in given["part"])
    holes, prose, lists = (frozenset(given.get(one, ())) for one in ("holes", "prose", "lists"))
    found = Template(
        kind=kind, language=language, version=given["version"], note=given.get("note", ""),
        shown=given.get("shown", ""), title=given["title"], greeting=given["greeting"],
        parts=parts, ending=given["ending"], text=given["text"], holes=holes, prose=prose,
        lists=lists,
        choices=given.get("choices", {}),
    )  # fmt: skip
    says = [found.title, found.greeting, found.ending]
    for part in parts:
        says += [part.heading, *part.says]
    used = set(_HOLE.findall("\n".join(says)))
    short = set(_HOLE.findall(found.text))
    strange = (used ^ holes) | (short - holes) | ((prose | lists | set(found.choices)) - holes)
    if strange:
        raise LetterError(
            f"{found.id}: Its holes are not those it names: {', '.join(sorted(strange))}."
        )
    if (given["id"], given["language"]) != (kind, language):
        raise LetterError(f"{found.id}: It calls itself {given['id']}.{given['language']}.")
    if bool(found.note) != bool(found.shown):
        raise LetterError(f"{found.id}: A note is shown in the letter's own language too.")
    return found


def write(
    kind: str, language: str, values: Mapping[str, Value], *, words_in: str = "en",
    sender: Sender | None = None,
) -> Letter:  # fmt: skip
    """The letter of *kind* in *language*, filled with *values*, whose words are in the language *words_in*.

    *sender* stands at its head and foot.

    Raises LetterError for a value that is missing, left over, empty, or of the wrong sort.
    """
    found = template(kind, language)
    if words_in not in LANGUAGES:
        raise LetterError(f"{found.id}: {words_in!r} is no language that is known.")
    for wrong, names in (
        ("missing", found.holes - set(values)),
        ("left over", set(values) - found.holes),
    ):
        if names:
            raise LetterError(f"{found.id}: {wrong}: {', '.join(sorted(names))}.")
    for name, value in values.items():
        known = found.choices.get(name)
        if known is None:
            _check(f"{found.id}: {name}", value, name in found.lists)
        elif value not in known:
            raise LetterError(f"{found.id}: {name}: It is one of {', '.join(known)}.")
    return Letter(template=found, values=dict(values), words_in=words_in, sender=sender)


def _check(where: str, value: Value, a_list: bool) -> None:
    if isinstance(value, dt.datetime):
        raise LetterError(f"{where}: A day is told, and not a time.")
    if isinstance(value, dt.date) and not a_list:
        return
    if isinstance(value, str) is a_list or not isinstance(value, (str, list, tuple)):
        raise LetterError(f"{where}: {'Several lines belong' if a_list else 'Words belong'} here.")
    lines = [value] if isinstance(value, str) else list(value)
    if not lines:
        raise LetterError(f"{where}: There is nothing in the list.")
    for line in lines:
        if not isinstance(line, str) or not line.strip() or len(line) > _LONGEST:
            raise LetterError(f"{where}: From 1 to {_LONGEST:,} letters are needed.")
        if any(one in _REORDERING or unicodedata.category(one) in ("Cc", "Cs") for one in line):
            raise LetterError(f"{where}: It holds a sign that cannot be read.")


@cache
def _words(language: str) -> Mapping[str, Any]:
    place = files(__package__) / "templates" / "words.toml"
    found: Mapping[str, Any] = tomllib.loads(place.read_text("utf-8"))[language]
    return found


def _day(day: dt.date, language: str) -> str:
    return f"{day.day} {_words(language)['months'][day.month - 1]} {day.year}"


# --- paper ------------------------------------------------------------------------------------------


def pdf(page: str) -> bytes:
    """*page*, which `Letter.page` made, as a tagged PDF (PDF/UA-1); the same page gives the same bytes.

    Nothing is fetched for it. Needs the libraries of Pango on the machine.
    """
    import hashlib  # noqa: PLC0415

    from weasyprint import CSS, HTML  # noqa: PLC0415 (a second to load, and only paper needs it)
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    nothing = URLFetcher(allowed_protocols=())

    style = (files(__package__) / "templates" / "letter.css").read_text("utf-8")
    made = HTML(string=page, url_fetcher=nothing).write_pdf(
        stylesheets=[CSS(string=style, url_fetcher=nothing)],
        pdf_variant="pdf/ua-1",
        pdf_identifier=hashlib.sha256(page.encode()).digest()[:16],
    )
    return bytes(made)
