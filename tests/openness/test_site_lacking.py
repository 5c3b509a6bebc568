"""Cases that lack a column: the site tells what it can, says what it cannot, and tells the rest no otherwise."""

import re
from html import unescape
from urllib.parse import urldefrag, urljoin

import duckdb
import pytest

from amends.cli import main
from amends.openness.site.wording import LANGUAGES, Words, slugs

WORDS = (
    "--publisher",
    "Barsetshire",
    "--contact",
    "foi@barsetshire.example",
    "--judged-by",
    "A. Officer",
)
LACKS = ("offender_ethnicity", "victims")


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Invented cases: `whole` with every column, `less` without two of them, `none` without an offence."""
    folder = tmp_path_factory.mktemp("cases")
    assert main(["invent", str(folder / "whole.parquet"), "--rows", "3000"]) == 0
    for name, lacks in (("less", LACKS), ("none", ("offence_code",))):
        duckdb.sql(
            f"COPY (SELECT * EXCLUDE ({', '.join(lacks)}) FROM '{folder / 'whole.parquet'}') "
            f"TO '{folder / name}.parquet' (FORMAT parquet)"
        )
    return folder


def publish(cases, name, to, *more, on="2026-03-31", answers=""):
    answers = answers or f"answers-{name}"
    of = ["--cases", str(cases / f"{name}.parquet"), "--answers", str(cases / answers)]
    days = ["--as-at", on, "--edition", on]
    return main(["publish", *of, *days, "--to", str(to), *WORDS, *more])


@pytest.fixture(scope="module")
def sites(cases):
    for name in ("whole", "less"):
        assert publish(cases, name, cases / f"site-{name}") == 0
    return cases / "site-whole", cases / "site-less"


def text(path):
    return unescape(re.sub(r"<[^>]+>", " ", path.read_text("utf-8")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("page", "column"), [("ethnicity", LACKS[0]), ("victims", LACKS[1])])
def test_the_page_says_that_it_is_not_held_and_tells_no_figure(sites, page, column, language):
    within = "" if language == "en" else "cy/"
    html = (sites[1] / f"{within}{page}.html").read_text("utf-8")
    assert Words(language)("not_held").format(columns=column) in unescape(html)
    assert "<img" not in html
    assert "<table" not in html
    assert not (sites[1] / f"charts/{page}-{language}.svg").exists()


def test_every_other_figure_is_told_as_it_would_be(sites):
    whole, less = sites
    compared = 0
    for slug in slugs():
        if slug in ("ethnicity", "victims", "questions", "open-data"):
            continue
        assert (less / f"{slug}.html").read_bytes() == (whole / f"{slug}.html").read_bytes(), slug
        compared += 1
    tables = sorted(one.relative_to(less) for one in less.rglob("table-*.csv"))
    for one in tables:
        assert (less / one).read_bytes() == (whole / one).read_bytes(), one
    assert (compared, len(tables) > 8) == (12, True)


def test_the_three_questions_say_what_is_not_held_once(sites):
    told = text(sites[1] / "questions.html")
    assert told.count("does not hold what this would be counted from (victims)") == 1
    assert "Did victims agree: This force does not hold" in told
    assert "proven to have offended again" in told


def test_every_link_leads_somewhere(sites):
    less, checked = sites[1], 0
    for page in less.rglob("*.html"):
        name = page.relative_to(less).as_posix()
        for link in re.findall(r'(?:href|src)="([^"]+)"', page.read_text("utf-8")):
            path, fragment = urldefrag(urljoin(f"/{name}", link))
            if link.startswith(("https://", "data:")):
                continue
            target = less / path.lstrip("/")
            assert target.is_file(), (name, link)
            assert not fragment or f'id="{fragment}"' in target.read_text("utf-8"), (name, link)
            checked += 1
    assert checked > 500


def test_the_command_says_what_it_left_out(cases, capsys, tmp_path):
    assert publish(cases, "less", tmp_path / "site", answers="answers-said") == 0
    told = capsys.readouterr().out
    assert "34 pages in English and Welsh, and 10 sets of open data." in told
    assert "Left out: Victims agreed. The cases have no column victims; its page says so." in told


def test_an_edition_that_follows_does_not_begin_with_it_and_says_so(cases, capsys, tmp_path):
    assert publish(cases, "less", tmp_path / "one", answers="answers-two") == 0
    # The memory is of the file's name, and an edition goes on from its own.
    (cases / "less.parquet").rename(cases / "less-was.parquet")
    (cases / "less.parquet").write_bytes((cases / "whole.parquet").read_bytes())
    try:
        more = ("--since", str(tmp_path / "one"))
        two = tmp_path / "two"
        assert publish(cases, "less", two, *more, on="2026-06-30", answers="answers-two") == 0
    finally:
        (cases / "less-was.parquet").replace(cases / "less.parquet")
    assert "Left out: Victims agreed. The edition before had none" in capsys.readouterr().out
    assert "The edition before did not tell this" in text(two / "victims.html")
    assert "<table" not in (two / "victims.html").read_text("utf-8")
    assert "<table" in (two / "completion.html").read_text("utf-8")


def test_without_what_every_answer_needs_nothing_is_made_and_it_says_how_to_fill_it(
    cases, capsys, tmp_path
):
    assert publish(cases, "none", tmp_path / "site") == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "none.parquet: has no column offence_code" in told
    assert "The mapping of an extract fills it, under [columns]." in told
    assert not (tmp_path / "site").exists()


def test_of_a_store_its_own_name_is_told_and_not_that_of_a_file_in_it(cases, capsys, tmp_path):
    store = tmp_path / "store"
    wanted = [
        "import",
        "cases",
        str(cases / "none.parquet"),
        "--to",
        str(store),
        "--as-at",
        "2026-03-31",
    ]
    assert main(wanted) == 0
    capsys.readouterr()
    answers = ["--answers", str(tmp_path / "answers"), "--to", str(tmp_path / "site")]
    assert main(["publish", "--store", str(store), *answers, *WORDS]) == 2
    told = capsys.readouterr().err
    assert "rows.parquet" not in told
    assert f"{store}: has no column offence_code" in " ".join(told.split())
