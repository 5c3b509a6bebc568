"""A publication as one folder: the same bytes from the same tables and words, whenever and wherever it is made."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.folders import check_free
from amends.disclosure.shapes import Part, read
from amends.openness.publishing.about import About, put_in, read_document
from amends.openness.publishing.describing import csvw, datapackage, dcat, written
from amends.openness.publishing.page import page
from amends.openness.publishing.showing import Shown, show
from amends.openness.publishing.sources import Source
from amends.openness.publishing.statement import Protected
from amends.openness.publishing.tidy import tidy
from amends.openness.publishing.workbook import workbook

FORMAT: Final = "amends-publication-1"
RELEASE: Final = "release.json"
"""What the folder was made from, and the digest of every other file in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A publication: its files by their names, `release.json` among them, and what is withheld in it."""

    files: Mapping[str, bytes]
    tables: tuple[Shown, ...]
    protected: tuple[Protected, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of `release.json`, by which the whole folder can be known."""
        return digest_of(self.files[RELEASE])


def build(about: About, sources: Sequence[Source], version: str) -> Publication:
    """The publication of the tables of *sources*, as *about* says, made with this *version* of Amends.

    Nothing is read but these: no clock, no machine. Raises TypeError for a table that is not `Safe`, and
    `DisclosureError` where the words and the tables do not fit.
    """
    ids = [source.release.id for source in sources]
    if not ids or len(set(ids)) != len(ids):
        raise DisclosureError(f"publication {about.id}", "needs releases, and each only once")
    protected: list[Protected] = []
    for source in sources:
        first = 1 + sum(len(one.tables) for one in protected)
        tables = show(source.tables, source.release, first)
        protected.append(Protected(release=source.release, tables=tables, earlier=source.earlier))
    tables = tuple(table for each in protected for table in each.tables)
    words = put_in(about, tables)
    files = {f"{table.sheet}.csv": tidy(table).encode() for table in tables}
    files["index.html"] = page(about, words, tables, protected).encode()
    files[f"{about.id}.ods"] = workbook(about, words, tables, protected)
    files["dcat.jsonld"] = dcat(about, words, files).encode()
    files["datapackage.json"] = datapackage(about, words, tables, files).encode()
    files["statement.txt"] = _statement(protected).encode()
    for table in tables:
        files[f"{table.sheet}.csv-metadata.json"] = csvw(about, table).encode()
    files[RELEASE] = _release(about, sources, protected, version, files).encode()
    return Publication(files=files, tables=tables, protected=tuple(protected))


def _statement(protected: Sequence[Protected]) -> str:
    return "\n\n".join("\n".join(each.sentences()) for each in protected) + "\n"


def _release(
    about: About,
    sources: Sequence[Source],
    protected: Sequence[Protected],
    version: str,
    files: Mapping[str, bytes],
) -> str:
    made_from = [
        {
            "release": source.release.id,
            "made": source.release.made.isoformat(),
            "release_digest": source.release.digest,
            "snapshot_seal": source.snapshot_seal,
            "certificate_seal": source.certificate_seal,
            **each.document(),
        }
        for source, each in zip(sources, protected, strict=True)
    ]
    return written(
        {
            "format": FORMAT,
            "made_with": f"Amends {version}",
            "about": about.document(),
            "made_from": made_from,
            "files": {name: digest_of(data) for name, data in sorted(files.items())},
        }
    )


def digest_of(data: bytes) -> str:
    """SHA-256 of *data*."""
    return hashlib.sha256(data).hexdigest()


def write(out: Path, publication: Publication) -> None:
    """Write the files of *publication* into the new folder *out*: all, or nothing."""
    check_free(out)
    try:
        held = Path(tempfile.mkdtemp(prefix=".amends-", dir=out.absolute().parent))
        try:
            for name, data in publication.files.items():
                (held / name).write_bytes(data)
                (held / name).chmod(0o644)
            held.chmod(0o755)  # for the public
            os.replace(held, out)  # noqa: PTH105 - an empty folder may be replaced
        except BaseException:
            shutil.rmtree(held, ignore_errors=True)
            raise
    except OSError as error:
        raise DisclosureError(str(out), f"cannot be written: {error.strerror}") from None


# --- reading one ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the `release.json` of a folder says: its words, what it was made from and with, and its files."""

    about: About
    made_with: str
    made_from: tuple[str, ...]
    files: Mapping[str, str]


def read_held(folder: Path) -> Held:
    """What `release.json` in *folder* says; raises `DisclosureError` with the place of a fault."""
    part = read(folder / RELEASE).only("format", "made_with", "about", "made_from", "files")
    if part.get("format").a(str) != FORMAT:
        raise part.get("format").refuse("is no publication that this version can read", FORMAT)
    return Held(
        about=read_document(part.get("about")),
        made_with=part.get("made_with").a(str),
        made_from=tuple(each.get("release").a(str) for each in part.get("made_from").each()),
        files={name: _digest(each) for name, each in part.get("files").items()},
    )


def _digest(part: Part) -> str:
    text = part.a(str)
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise part.refuse("is no SHA-256 digest")
    return text
