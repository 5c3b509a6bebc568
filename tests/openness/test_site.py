"""The public site: every figure is of a Safe table, every link leads somewhere, and nobody is shut out."""

import functools
import re
import subprocess
import sys
import threading
from datetime import date
from html import unescape
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from selenium.webdriver.common.by import By

from amends.cli import main
from amends.demo.inventing import invent
from amends.disclosure.tables import MARKER, Raw
from amends.openness.counted import Source, named
from amends.openness.giving import folder_of
from amends.openness.partition import Judged
from amends.openness.site import asking, figures
from amends.openness.site.building import answered, edition_of, files
from amends.openness.site.charts import bars
from amends.openness.site.wording import LANGUAGES, Words, slugs
from amends.statistics.cases import open_cases
from support.browser import DESK, PHONE, Browser, need
from support.safe import safe

DAY = date(2026, 3, 31)
DERIVED = r'(?s)<section class="derived">.*?</section>'
"""What a page works out from its told figures; tests of its own, in test_site_derived.py."""

SMALLEST = """
return Math.min(...[...document.querySelectorAll('.chart img')].map(i => 16 * i.clientWidth / i.naturalWidth), 16)
"""
"""How large the words of the charts are shown, in pixels; they are drawn at 16."""


def silent(what, done, of):
    return None


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    path = folder / "invented.parquet"
    invent(path)
    judged = Judged(
        5, "Small counts might let somebody be recognised.", "The invented officer", DAY
    )
    with open_cases(path) as cases:
        source = Source(
            named(path), cases, DAY, True, "Invented Constabulary", "foi@invented.example"
        )
        yield edition_of(source, answered(source, folder / "answers", judged, silent), DAY)


@pytest.fixture(scope="module")
def made(edition):
    return files(edition, "test", silent)


@pytest.fixture(scope="module")
def site(made, tmp_path_factory):
    """The site in a folder, and served from it."""
    folder = tmp_path_factory.mktemp("served") / "site"
    folder_of(folder, made)
    handler = functools.partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format, *args):  # noqa: A002
        """Say nothing."""


class Links(HTMLParser):
    """What a page leads to and loads, and the places in it."""

    def __init__(self):
        super().__init__()
        self.to, self.ids, self.tags = [], set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("href", "src"):
                self.to.append(value)
            if name == "id":
                self.ids.add(value)


def read(data):
    found = Links()
    found.feed(data.decode())
    return found


def pages(made):
    return {name: data for name, data in made.items() if name.endswith(".html")}


def test_every_page_is_there_in_both_languages(made):
    for slug in ("index", *slugs()):
        assert f"{slug}.html" in made
        assert f"cy/{slug}.html" in made
        assert "Drafft peiriant" in made[f"cy/{slug}.html"].decode()


def test_every_link_and_fragment_leads_somewhere(made):
    known = {name: read(data) for name, data in pages(made).items()}
    checked = 0
    for name, page in known.items():
        for link in page.to:
            if link.startswith(("https://", "data:")):
                continue
            path, fragment = urldefrag(urljoin(f"/{name}", link))
            target = unquote(path.lstrip("/"))
            assert target in made, (name, link)
            if fragment:
                assert fragment in known[target].ids, (name, link)
            checked += 1
    print(f"\n{checked:,} links checked on {len(known)} pages")
    assert checked > 500


def test_no_page_has_a_script_or_a_style_of_its_own(made):
    for name, data in pages(made).items():
        if not name.startswith("data/"):
            assert not read(data).tags & {"script", "style", "iframe", "object", "form"}, name
            assert " style=" not in data.decode()


def test_every_page_says_that_it_is_invented(made):
    for slug in ("index", *slugs()):
        assert "INVENTED" in made[f"{slug}.html"].decode()
        assert "YCHMYGOL" in made[f"cy/{slug}.html"].decode()


def test_real_policies_are_not_called_invented(made):
    for name, real in (("policies.html", "are real"), ("cy/policies.html", "yn real")):
        banner = re.search(r'<p class="banner">(.*?)</p>', made[name].decode())[1]
        assert real in banner
        assert "no person, case or figure here is real" not in banner


def test_every_number_of_a_page_with_figures_is_of_a_safe_table_a_share_or_a_day(made, edition):
    for slug, shows in figures.PAGES.items():
        table = figures.table_of(edition.answers, shows)
        shown = figures.rows(table, shows)
        told = {value for _, value in shown if isinstance(value, int)} | {figures.whole(table)}
        told |= set(figures.share(shown, shows) or ())
        inside = made[f"{slug}.html"].decode().split("</h1>")[1].split("<nav")[0]
        text = unescape(re.sub(r"<[^>]+>", " ", re.sub(DERIVED, "", inside)))
        for label, _ in shown:
            text = text.replace(label, " ")
        text = re.sub(r"95 % interval [\d.]+ to [\d.]+ %|[\d.]+ %", " ", text)
        found = {int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*", text)}
        assert found <= told, (slug, found - told)


def test_every_number_of_the_three_questions_is_of_a_safe_table_a_share_or_a_day(made, edition):
    inside = made["questions.html"].decode().split("</h1>")[1].split("<nav")[0]
    text, told = unescape(re.sub(r"<[^>]+>", " ", inside)), {2014}
    for slug in dict.fromkeys(one.page for says in asking.ASKED.values() for one in says):
        shows = figures.PAGES[slug]
        table = figures.table_of(edition.answers, shows)
        shown = figures.rows(table, shows)
        told |= {value for _, value in shown} | {figures.whole(table)}
        told |= set(figures.share(shown, shows) or ())
        for label, _ in shown:
            text = text.replace(label, " ")
    for day in edition.period:
        text = text.replace(Words("en").day(day), " ")
    text = re.sub(r"95 % interval [\d.]+ to [\d.]+ %|[\d.]+ %", " ", text)
    found = {int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*", text)}
    assert found <= told, found - told
    assert len(found) > 20


def test_labels_stand_in_their_order_and_not_in_that_of_the_alphabet(edition):
    for slug, order in (
        (
            "who-allowed",
            ["below Sergeant", "Sergeant", "Inspector", "above Inspector", "not known"],
        ),
        ("feedback", ["satisfied", "neither", "dissatisfied", "not asked, or no answer"]),
        (
            "reoffending",
            [*figures.PROVEN, "none proven", "not known, or not followed for long enough"],
        ),
    ):
        shows = figures.PAGES[slug]
        shown = figures.rows(figures.table_of(edition.answers, shows), shows)
        assert [label for label, _ in shown] == order


def test_only_safe_tables_are_shown():
    raw = Raw(title="T", unit="cases", columns=("row", "count"), rows=(("a", 3),))
    with pytest.raises(TypeError, match="of nothing else"):
        figures.rows(raw, figures.PAGES["victims"])
    with pytest.raises(TypeError, match="of nothing else"):
        bars(raw, [("a", 3)], "T", "withheld")


def test_a_chart_draws_no_figure_that_its_table_does_not_tell(edition):
    table = figures.table_of(edition.answers, figures.PAGES["where"])
    with pytest.raises(TypeError, match="no figure of"):
        bars(table, [("Ambermoor", 3)], "T", "withheld")


def test_what_is_withheld_has_no_bar_and_says_so(edition):
    for shows in figures.PAGES.values():
        table = figures.table_of(edition.answers, shows)
        if MARKER in {row[-1] for row in table.rows}:
            drawing = bars(table, [("One", MARKER)], "Title & more", "withheld")
            assert ">withheld</text>" in drawing
            assert "<title>Title &amp; more</title>" in drawing
            return
    pytest.fail("nothing is withheld in any table")


def test_charts_fit_a_telephone_as_they_are_drawn_with_words_large_enough(made):
    drawn = {name: data.decode() for name, data in made.items() if name.endswith(".svg")}
    assert len(drawn) == 2 * (len(figures.PAGES) + 1)
    for name, chart in drawn.items():
        assert int(re.search(r'<svg [^>]*width="(\d+)"', chart)[1]) <= PHONE - 32, name
        sizes = {int(one) for one in re.findall(r'font-size="(\d+)px"', chart)}
        assert sizes == {16}, name


def test_every_letter_of_a_long_label_is_in_the_chart():
    label = "Ethnigrwydd ddim yn hysbys, gohiriwyd, ac eto llawer o eiriau"
    rows = [(label, 7), ("B", 10)]
    words = re.findall(r">([^<]+)</text>", bars(safe(rows), rows, "T", "withheld"))
    assert " ".join(one for one in words if one not in ("7", "10", "B")) == label


def test_no_share_is_told_where_a_figure_that_it_needs_is_withheld():
    shows = figures.PAGES["victims"]
    assert figures.share([("agreed", 70), ("one or more disagreed", MARKER)], shows) is None
    assert figures.share(
        [("agreed", 70), ("one or more disagreed", 30), ("no victim", 9)], shows
    ) == (70, 100)


def test_the_site_is_the_same_byte_for_byte(made, edition):
    again = files(edition, "test", silent)
    assert again == made


def test_what_a_page_cannot_tell_it_says_in_both_languages(made):
    assert "no weights of harm" in made["how-serious.html"].decode()
    assert "pwysau niwed" in made["cy/how-serious.html"].decode()
    assert "a comparison group" in made["reoffending.html"].decode()
    assert "grŵp cymharu" in made["cy/reoffending.html"].decode()


def test_what_has_no_welsh_is_marked_as_english(made):
    assert '<th scope="row">Troseddau dwyn</th>' in made["cy/for-what.html"].decode()
    assert '<th scope="row"><span lang="en">Ambermoor</span></th>' in made["cy/where.html"].decode()
    assert '<th scope="row"><span' not in made["where.html"].decode()
    assert Words("cy").marked("2011/12") == "2011/12"
    assert Words("cy").marked("A < B") == '<span lang="en">A &lt; B</span>'


def test_every_word_has_both_languages():
    for slug in slugs():
        for language in LANGUAGES:
            assert Words(language).page(slug)
            assert Words(language).page(slug, "lead")
    assert Words("cy").day(DAY) == "31 Mawrth 2026"


def test_the_three_questions_are_two_clicks_away(made):
    home = read(made["index.html"])
    assert "questions.html" in home.to
    asked = made["questions.html"].decode()
    assert [
        one
        for one in ("How bad were they?", "Did the victims want it?", "Does it work?")
        if one not in asked
    ] == []
    sentences, tables = asked.split("The figures, and what they leave out")
    assert "<table" not in sentences
    assert tables.count("<details>") == tables.count("<table>") == 6
    answers = set(read(made["questions.html"]).to)
    assert {"how-serious.html", "victims.html", "reoffending.html"} <= answers


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_axe_finds_nothing_on_any_page_and_nothing_is_too_wide(site, size):
    need()
    browser = Browser(size)
    try:
        for slug in ("index", *slugs()):
            for folder in ("", "cy/"):
                browser.driver.get(f"{site}{folder}{slug}.html")
                browser.check()
                assert browser.driver.execute_script(SMALLEST) >= 14
            if slug in ("index", "victims", "questions"):
                browser.driver.get(f"{site}{slug}.html")
                browser.shot(f"site-{slug}-{size}")
        assert browser.driver.find_elements(By.TAG_NAME, "main")
    finally:
        browser.close()


def test_the_command_makes_it_whole_or_not_at_all(tmp_path, capsys):
    out = tmp_path / "site"
    assert main(["publish", "--to", str(out), "--edition", "2026-03-31"]) == 0
    assert "34 pages in English and Welsh" in capsys.readouterr().out
    assert (out / "index.html").is_file()
    assert main(["publish", "--to", str(out)]) == 2
    assert (
        main(
            ["publish", "--to", str(tmp_path / "no"), "--cases", str(Path(tmp_path) / "x.parquet")]
        )
        == 2
    )
    assert not (tmp_path / "no").exists()


def test_without_the_extra_it_is_said_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules['altair'] = None\n"
        "from amends.cli import main\n"
        f"sys.exit(main(['publish', '--to', {str(tmp_path / 'site')!r}]))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert found.returncode == 2
    assert "pip install '.[site]'" in found.stderr
    assert "Traceback" not in found.stderr
