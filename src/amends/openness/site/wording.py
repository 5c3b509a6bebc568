"""The words of the site in English and Welsh, read from one file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Final

LANGUAGES: Final = ("en", "cy")
_MONTHS: Final = (
    "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref",
    "Tachwedd", "Rhagfyr",
)  # fmt: skip


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "texts.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: str

    def __call__(self, name: str) -> str:
        """The words called *name*."""
        return str(_texts()["words"][name][LANGUAGES.index(self.language)])

    def page(self, slug: str, what: str = "title") -> str:
        """The title, lead or more of the page *slug*."""
        return str(_texts()["page"][slug][what][LANGUAGES.index(self.language)])

    def label(self, text: str) -> str:
        """A label of a table in this language; as it is, where nobody has put it into Welsh."""
        return text if self.language == "en" else str(_texts()["labels"].get(text, text))

    def marked(self, text: str) -> str:
        """The same as HTML; what has no Welsh is marked as English, numbers aside."""
        said = escape(self.label(text))
        kept = self.language == "en" or text in _texts()["labels"]
        return said if kept or not any(map(str.isalpha, text)) else f'<span lang="en">{said}</span>'

    def day(self, day: date) -> str:
        """A day in words."""
        if self.language == "en":
            return f"{day.day} {day:%B %Y}"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def slugs() -> tuple[str, ...]:
    """The pages, in order."""
    return tuple(_texts()["page"])
