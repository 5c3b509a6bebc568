"""The page about the processes is made from the files that the service uses."""

from pathlib import Path

from amends.restorative import pages
from amends.restorative.reading import shipped

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "restorative.md"


def test_the_page_is_made_from_the_files():
    assert PAGE.read_text("utf-8") == pages.processes(), "make pages"


def test_it_says_where_every_part_comes_from():
    text = pages.processes()
    for kind in shipped():
        for part in (kind, kind.meeting, kind.facilitators, kind.preparation, *kind.roles.values()):
            assert f"*({part.origin.confidence}: {part.origin.source})*" in text
