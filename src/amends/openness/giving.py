"""What an answer is given as: one folder with the letter, and the release that rebuilds byte for byte."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.openness.answered_folder import ANSWER, FOLDER, LETTERS, AnswerFolder
from amends.openness.answering import Answered
from amends.openness.attribute_tables import ALL_YEARS
from amends.openness.exemptions import limit
from amends.openness.official_counts import Official
from amends.openness.official_telling import official
from amends.openness.open_completeness import complete
from amends.openness.open_counts import OpenData
from amends.openness.publishing.about import About, put_in
from amends.openness.publishing.describing import written
from amends.openness.publishing.folder import RELEASE, Publication, build, digest_of
from amends.openness.publishing.showing import Shown
from amends.openness.publishing.sources import read_sources
from amends.openness.reply import INVENTED, Letter, page, text

LICENCE: Final = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
COLUMNS: Final = {
    "day": "When the decision was made",
    "offence": "The offence, by its Home Office group or its code, as recorded when it was decided",
    "age": "Age of the person responsible at the offence",
    "month": "The month in which data.police.uk lists it",
    "crime_type": "The crime type, as data.police.uk names it",
    "outcome": "How it ended, by what the labels of data.police.uk mean",
    "resolved": "Whether, and in which months, a crime had a community resolution",
    "force_year": "The force, or all forces together, and the financial year",
    "offence_group": "The offence group of the Home Office",
    "basis": "Whether crimes recorded in the year are counted, those closed in it, or those that data.police.uk lists",
    "row": "Financial year of the decision, and offence group; small groups of a year are counted together",
}
_WITHHELD: Final = "The figure is withheld, so that nobody can be identified; see the tables."
ILLUSTRATIVE: Final = "How long one takes is illustrative: nobody has said it of this request."
_FIGURE: Final = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Given:
    """The files of an answer by their paths below its folder, and the publication among them."""

    files: dict[str, bytes]
    release: Publication
    letter: Letter


def give(answered: Answered, on: date, received: date | None, version: str) -> Given:
    """The files that answer a request, written on the day *on*, to be put in one folder.

    Every figure in them is of a `Safe` table. Raises `DisclosureError` where words and tables do not fit.
    """
    sources = read_sources(answered.folders, answered.history, make_key=True)
    about = _about(answered, answered.question.answer, on)
    tables = build(about_of_nothing(about), sources, version).tables
    told = tuple(_sentences(answered, about, tables))
    about = _about(answered, told, on)
    release = build(about, sources, version)
    words = put_in(about, release.tables)
    letter = Letter(
        answered=answered,
        told=(words.headline, *words.summary)[: len(told)],
        tables=release.tables,
        on=on,
        received=received,
    )
    files = {f"release/{name}": data for name, data in release.files.items()}
    files["letter.txt"] = text(letter).encode()
    files["letter.html"] = page(letter).encode()
    files[ANSWER] = written(_answer(answered, files).document()).encode()
    return Given(files, release, letter)


def _sentences(answered: Answered, about: About, tables: tuple[Shown, ...]) -> Iterator[str]:
    """The sentences of the answer, with their figures as `{1: label / label}`."""
    source = answered.source
    if isinstance(source, Official):
        yield from official(answered, tables)
        return
    asked = answered.question.answer or (answered.question.restated,)
    first, *others = (_sayable(about, tables, _of_one_year(tables, one)) for one in asked)
    yield first
    if isinstance(source, OpenData):
        yield source.told_of(answered.period)
    yield from others
    yield from _spelt(answered, tables)
    yield from _in_words(answered, tables, about.published)
    yield from complete(answered, tables)


def _answer(answered: Answered, made: dict[str, bytes]) -> AnswerFolder:
    """What the folder says of itself, with the digests of what is in it."""
    question, source = answered.question, answered.source
    inside = (*LETTERS, f"{FOLDER}/{RELEASE}")
    return AnswerFolder(
        question=question.id, title=question.title, asked=question.asked, restated=question.restated,
        unit=question.unit, as_at=source.as_at, caveats=tuple(question.caveats), invented=source.invented,
        files={name: digest_of(made[name]) for name in inside},
    )  # fmt: skip


def _spelt(answered: Answered, tables: tuple[Shown, ...]) -> Iterator[str]:
    """For each table by an attribute a sentence that tells its totals, label by label."""
    for table in tables:
        if table.names[0] != "row" or len(table.names) != 2:
            continue
        whole = table.figures[0][0]
        said = [
            f"{labels[1]}, {_told(table.number, labels, figure.count is None)}"
            for labels, figure in table.figures
            if labels[0] == whole[0] and labels[1] != whole[1]
        ]
        about = answered.question.attributes[table.names[1]].says
        yield f"{about}: {'; '.join(said)}."


def _in_words(answered: Answered, tables: tuple[Shown, ...], on: date) -> Iterator[str]:
    """What no field holds and a person would have to read, how long that takes, and what can be had instead."""
    question, (labels, whole) = answered.question, tables[0].figures[0]
    if not question.minutes or not whole.count:
        return
    most = limit(on)
    records = f"{tables[0].number}: {' / '.join(labels)}"
    reading = f"{{{records} read at {question.minutes} minutes within {most.hours} hours}}"
    yield (
        f"Not told here is what no field holds, because {question.why_minutes}. To read {{{records}}} records for it "
        f"would take {reading}.{f' {ILLUSTRATIVE}' if question.illustrative else ''}"
    )
    if whole.count * question.minutes > most.hours * 60:
        yield (
            "Section 12(1) of the Freedom of Information Act 2000 does not oblige us to do that. What can be had "
            "instead (section 16): the figures above, which are all in fields, and the reading of fewer records: ask "
            "for a shorter time, or for fewer kinds of offence."
        )
    else:
        yield "That is within the limit: ask for it, and they are read (section 16)."


def _told(number: int, labels: tuple[str, ...], withheld: bool) -> str:
    return "withheld" if withheld else f"{{{number}: {' / '.join(labels)}}}"


def about_of_nothing(about: About) -> About:
    """*about* without sentences that hold figures, by which the tables can be made and looked at."""
    return About(
        id=about.id, title=about.title, headline="Figures", publisher=about.publisher, contact=about.contact,
        licence=about.licence, published=about.published, summary=("Figures",), columns=about.columns,
    )  # fmt: skip


def _about(answered: Answered, told: tuple[str, ...], on: date) -> About:
    question, source = answered.question, answered.source
    quality = [*question.caveats]
    if isinstance(source, OpenData):
        quality.insert(0, source.gaps(answered.period))
    if source.invented:
        quality.insert(0, INVENTED)
    return About(
        id=question.id, title=question.title, headline=told[0] if told else question.restated,
        publisher=source.publisher, contact=source.contact, licence=LICENCE, published=on,
        summary=told[1:] or (question.restated,), methods=(question.restated,), quality=tuple(quality),
        columns=COLUMNS | {name: one.says for name, one in question.attributes.items()},
    )  # fmt: skip


def _of_one_year(tables: tuple[Shown, ...], sentence: str) -> str:
    """*sentence* with the one year that a table has, where it asks that table for all years."""
    for table in tables:
        years = {labels[0] for labels, _ in table.figures}
        if len(years) == 1:
            sentence = sentence.replace(
                f"{{{table.number}: {ALL_YEARS}", f"{{{table.number}: {min(years)}"
            )
    return sentence


def _sayable(about: About, tables: tuple[Shown, ...], sentence: str) -> str:
    """*sentence*, or that its figure is withheld, where it is."""
    try:
        put_in(replace(about_of_nothing(about), summary=(sentence,)), tables)
    except DisclosureError as error:
        if "which is withheld" not in str(error):
            raise
        return _FIGURE.sub("some", sentence) + f" {_WITHHELD}"
    return sentence


def folder_of(out: Path, files: dict[str, bytes]) -> None:
    """Write *files* into the new folder *out*: all, or nothing."""
    held = Path(tempfile.mkdtemp(prefix=".amends-", dir=out.absolute().parent))
    try:
        held.chmod(0o755)
        for name, data in files.items():
            path = held / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        os.replace(held, out)  # noqa: PTH105 - an empty folder may be replaced
    except OSError as error:
        shutil.rmtree(held, ignore_errors=True)
        raise DisclosureError(str(out), f"cannot be written: {error.strerror}") from None
