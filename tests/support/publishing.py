"""A small release that is proved safe, and the words that it is published with."""

from dataclasses import replace
from pathlib import Path

from amends.disclosure.certificates import Certificate
from amends.disclosure.issuing import issue
from amends.disclosure.published import Category, Release
from amends.disclosure.shapes import Part
from amends.disclosure.snapshots import Snapshot
from amends.disclosure.tables import Safe
from amends.openness.publishing.about import About, read_document
from amends.openness.publishing.folder import Publication, build
from amends.openness.publishing.sources import Source, seal
from support.disclosing import filled, grid, release

ROWS = [[3, 1900, 9], [9, 9, 9], [0, 9, 9]]
SQUARE = ((0, 1), (1, -1), (3, -1), (4, 1))
"""One more in two corners, one less in the others: no total notices it."""
KEY = bytes(range(32))

Proved = tuple[Snapshot, Release, Certificate]


def proved(labels: tuple[str, ...] = ("r0", "r1", "r2"), title: str = "Table") -> Proved:
    """A table of three rows and three columns, its small count and three more withheld, and the proof."""
    snapshot, table = grid(ROWS)
    shown = filled(snapshot, table, [0, 1, 4, 5])
    rows, columns = shown.axes
    named = tuple(
        Category(label, one.codes)
        for label, one in zip((*labels, "All"), rows.categories, strict=True)
    )
    shown = replace(shown, title=title, axes=(replace(rows, categories=named), columns))
    out = release(snapshot, shown)
    classes = {"row": (0, 1, 2), "column": (0, 1, 2)}
    return snapshot, out, Certificate(snapshot.digest, {out.id: out.digest}, classes, (SQUARE,))


def safe(one: Proved) -> tuple[Safe, ...]:
    """Its safe tables."""
    snapshot, out, certificate = one
    return issue(snapshot, [out], certificate)


def source(one: Proved) -> Source:
    """It as a source of a publication."""
    snapshot, out, certificate = one
    seals = [seal(KEY, each.digest) for each in (snapshot, certificate)]
    return Source(
        release=out, tables=safe(one), earlier=0, snapshot_seal=seals[0], certificate_seal=seals[1]
    )


def put(one: Proved, folder: Path) -> Path:
    """It as `amends protect` writes it, in a new folder."""
    folder.mkdir()
    for name, thing in zip(("snapshot", "release", "certificate"), one, strict=True):
        (folder / f"{name}.json").write_text(thing.text(), "utf-8")
    return folder


WORDS = {
    "id": "resolutions-2025", "title": "Community resolutions, 2025",
    "headline": "{1: All / All} cases were settled.", "publisher": "Barsetshire Constabulary",
    "contact": "foi@barsetshire.example", "licence": "https://licence.example/open", "published": "2026-04-30",
    "summary": ["Of these, {1: r2 / c1} were of a rare kind."],
    "quality": ["Nothing is known to be wrong."], "columns": {"row": "A kind", "column": "A place"},
}  # fmt: skip

FORM = """
id = "resolutions-2025"
title = "Community resolutions, 2025"
headline = "{1: All / All} cases were settled."
publisher = "Barsetshire Constabulary"
contact = "foi@barsetshire.example"
licence = "https://licence.example/open"
published = 2026-04-30
summary = ["Of these, {1: r2 / c1} were of a rare kind."]
[columns]
row = "A kind"
column = "A place"
"""


def about(**changes: object) -> About:
    """The words, some of them changed."""
    return read_document(Part({**WORDS, **changes}, "about"))


def publication(**changes: object) -> Publication:
    """The proved table as a publication."""
    return build(about(**changes), [source(proved())], "1.2.3")
