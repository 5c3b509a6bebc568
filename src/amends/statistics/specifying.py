"""What a comparison will look at, written down with a digest before anybody sees the data."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from amends.disclosure.errors import DisclosureError
from amends.statistics.disproportionality import AT_LEAST

FORMAT: Final = "amends-comparison-1"
NUMBER, GROUP = "number", "group"
CALIPER: Final = 0.2
"""Standard deviations of the logit of the propensity. Source: Austin 2011, doi 10.1002/pst.433."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """What is compared, and how: all that could otherwise be chosen once the result is known.

    `question` in plain English; `treated` and `outcome` are columns of yes and no; `covariates` gives each
    column to be alike in its kind, NUMBER or GROUP; `caliper` says how far apart two who are matched
    may be; no result is given for fewer than `at_least` matched people.
    """

    question: str
    treated: str
    outcome: str
    covariates: dict[str, str]
    caliper: float = CALIPER
    at_least: int = AT_LEAST

    def check(self) -> None:
        """Raise DisclosureError where it cannot be followed."""
        place = "a specification"
        if not self.question.strip():
            raise DisclosureError(place, "has no question", "Say in words what is asked.")
        if not self.covariates or set(self.covariates.values()) - {NUMBER, GROUP}:
            wanted = f"Give each column its kind: {NUMBER} or {GROUP}."
            raise DisclosureError(place, "has no covariates, or one of another kind", wanted)
        names = [self.treated, self.outcome, *self.covariates]
        if len(set(names)) < len(names):
            raise DisclosureError(
                place,
                "names a column twice",
                "What is asked for cannot be what people are alike in.",
            )
        if not 0 < self.caliper <= 1 or self.at_least < 1:
            raise DisclosureError(
                place,
                "has a caliper or a least number that cannot be",
                "Over 0 and up to 1; 1 or more.",
            )


def specify(what: Specification, to: Path) -> str:
    """Write *what* to the file *to*, and give its SHA-256: publish that, before the data are read.

    Raises DisclosureError where *to* is there already, or *what* cannot be followed.
    """
    what.check()
    document = {"format": FORMAT, **asdict(what)}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    try:
        with to.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise DisclosureError(
            str(to), "is there already", "A new question has a new file; the old one stays."
        ) from None
    except OSError as error:
        raise DisclosureError(str(to), f"cannot be written: {error.strerror}") from None
    return hashlib.sha256(text.encode()).hexdigest()


def specified(path: Path, digest: str) -> Specification:
    """The specification in *path*, if it is still the one of that *digest*.

    Raises DisclosureError where it was changed since, or is none.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DisclosureError(str(path), f"cannot be read: {error.strerror}") from None
    if hashlib.sha256(raw).hexdigest() != digest:
        raise DisclosureError(
            str(path),
            "is not the specification of that digest",
            "It was changed after it was written.",
        )
    try:
        document: dict[str, Any] = json.loads(raw)
        if document.pop("format") != FORMAT:
            raise ValueError
        found = Specification(**document)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DisclosureError(
            str(path), "is no specification", f"Its format is {FORMAT}."
        ) from None
    found.check()
    return found
