"""Whether a publication is whole, hides nothing, agrees with itself, and is what its tables make once more."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from amends.disclosure.errors import DisclosureError
from amends.openness.publishing.agreeing import disagreements
from amends.openness.publishing.folder import RELEASE, Held, build, digest_of, read_held
from amends.openness.publishing.sources import Source
from amends.openness.scanning import scan


def faults(folder: Path, version: str, sources: Sequence[Source] = ()) -> Iterator[str]:
    """What is wrong with the publication in *folder*; nothing where all holds.

    Every file must be as `release.json` says, the workbook hide nothing, and the CSV files, workbook and
    page show the same. With *sources*, all is made once more by this *version* of Amends, and every byte
    compared. Raises `DisclosureError` where *folder* has no `release.json` that can be read.
    """
    held = read_held(folder)
    files = _read(folder)
    yield from _digests(held, files)
    yield from _shown(held, files)
    if sources:
        yield from _rebuilt(held, files, version, sources)


def _read(folder: Path) -> dict[str, bytes]:
    try:
        return {
            path.name: path.read_bytes() if path.is_file() else b"" for path in folder.iterdir()
        }
    except OSError as error:
        raise DisclosureError(str(folder), f"cannot be read: {error.strerror}") from None


def _digests(held: Held, files: dict[str, bytes]) -> Iterator[str]:
    for name in sorted({*held.files, *files} - {RELEASE}):
        if name not in files:
            yield f"{name}: It is missing."
        elif name not in held.files:
            yield f"{name}: It is not in {RELEASE}."
        elif digest_of(files[name]) != held.files[name]:
            yield f"{name}: It is not the file that {RELEASE} names."


def _shown(held: Held, files: dict[str, bytes]) -> Iterator[str]:
    name = f"{held.about.id}.ods"
    if name not in files or "index.html" not in files:
        yield f"{name}, index.html: One of them is missing, so they were not compared."
        return
    try:
        for finding in scan(files[name], name, [held.about.publisher]):
            yield f"{name}, {finding.place}: {finding.kind}: {finding.what}"
        page = files["index.html"].decode()
        yield from disagreements(files[name], page, dict(_tables(files)))
    except (
        DisclosureError,
        ValueError,
        IndexError,
        KeyError,
    ) as error:  # whatever was done to them
        yield f"{name}, index.html or a table: They cannot be compared: {error}"


def _tables(files: dict[str, bytes]) -> Iterator[tuple[int, str]]:
    for name in sorted(files):
        if name.startswith("table-") and name.endswith(".csv"):
            yield int(name.removeprefix("table-").removesuffix(".csv")), files[name].decode()


def _rebuilt(
    held: Held, files: dict[str, bytes], version: str, sources: Sequence[Source]
) -> Iterator[str]:
    ids = tuple(source.release.id for source in sources)
    if ids != held.made_from:
        yield f"{RELEASE}: It was made from {', '.join(held.made_from)}, not from {', '.join(ids)}."
        return
    made = build(held.about, sources, version)
    other = [
        name for name in sorted({*made.files, *files}) if made.files.get(name) != files.get(name)
    ]
    if other and held.made_with != f"Amends {version}":
        yield f"{RELEASE}: It was made with {held.made_with}, and this is Amends {version}."
    yield from (f"{name}: Made once more, it is another." for name in other)
