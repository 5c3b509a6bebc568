"""What a publication is made from, and that it says the same everywhere and each time."""

import csv
import datetime as dt
import hashlib
import io
import json
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from itertools import product
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import Raw, Safe
from amends.openness.publishing.about import Words, check_typed, put_in
from amends.openness.publishing.agreeing import disagreements
from amends.openness.publishing.folder import build, write
from amends.openness.publishing.page import page
from amends.openness.publishing.rebuilding import faults
from amends.openness.publishing.showing import Figure, Shown, show
from amends.openness.publishing.sources import KEY, read_sources, seal
from amends.openness.publishing.statement import Protected
from amends.openness.publishing.tidy import tidy
from amends.openness.publishing.workbook import workbook
from amends.openness.scanning import scan
from support.publishing import about, proved, publication, put, safe, source

# --- only what is safe ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LooksSafe(Safe):
    """Has all that a safe table has, and was made by nobody who may."""

    def __post_init__(self) -> None:
        pass


def forged(kind):
    (true,) = safe(proved())
    said = {name: getattr(true, name) for name in Safe.__dataclass_fields__}
    if kind == "raw":
        return Raw(**{name: said[name] for name in ("title", "unit", "columns", "rows", "note")})
    return SimpleNamespace(**said) if kind == "a duck" else LooksSafe(**said)


@pytest.mark.parametrize("kind", ["raw", "a duck", "a subclass"])
def test_nothing_but_a_safe_table_is_published(kind):
    given_ = replace(source(proved()), tables=(forged(kind),))
    with pytest.raises(TypeError, match=r"Only tables that amends\.disclosure made safe"):
        build(about(), [given_], "1")


def test_a_safe_table_that_was_changed_is_not_published():
    one = source(proved())
    (true,) = one.tables
    other = replace(true, rows=(("r0", "c0", 3), *true.rows[1:]))
    with pytest.raises(DisclosureError, match="not what was proved safe"):
        build(about(), [replace(one, tables=(other,))], "1")


def test_nor_is_one_of_another_release():
    one = source(proved())
    with pytest.raises(DisclosureError, match="not what was proved safe"):
        build(about(), [replace(one, release=replace(one.release, reason="another"))], "1")


def test_a_folder_whose_certificate_proves_nothing_is_refused(tmp_path):
    snapshot, out, certificate = proved()
    folder = put((snapshot, out, replace(certificate, moves=())), tmp_path / "safe")
    with pytest.raises(DisclosureError, match="not proved safe"):
        read_sources([folder], make_key=True)


def test_two_releases_that_know_nothing_of_each_other_are_not_published_together(tmp_path):
    snapshot, out, certificate = proved()
    other = replace(out, id="other")
    claimed = replace(certificate, releases={"other": other.digest})
    folders = [
        put((snapshot, out, certificate), tmp_path / "a"),
        put((snapshot, other, claimed), tmp_path / "b"),
    ]
    with pytest.raises(DisclosureError, match="protected without release old"):
        read_sources(folders, make_key=True)
    both = replace(certificate, releases={"old": out.digest, "other": other.digest})
    (folders[1] / "certificate.json").write_text(both.text(), "utf-8")
    assert [one.earlier for one in read_sources(folders, make_key=True)] == [0, 1]


# --- what it tells, and what not --------------------------------------------------------------------


def test_a_marker_stands_in_a_column_of_its_own():
    rows = list(csv.DictReader(io.StringIO(publication().files["table-1.csv"].decode())))
    assert list(rows[0]) == ["row", "column", "count", "marker"]
    assert [(one["count"], one["marker"]) for one in rows[:3]] == [
        ("", "[c]"),
        ("", "[c]"),
        ("9", ""),
    ]
    assert len(rows) == 16


def test_no_file_tells_a_digest_against_which_a_guess_could_be_tried():
    snapshot, _, certificate = proved()
    for name, data in publication().files.items():
        for secret in (snapshot.digest, certificate.digest):
            assert secret.encode() not in data, name


def test_whoever_tries_every_guess_finds_none_in_what_is_published():
    """The totals leave thirteen sets of the four withheld counts: a plain digest would tell which is true."""
    snapshot, out, certificate = proved()
    every = {}
    for corner in range(13):
        counts = dict(snapshot.counts) | {
            (0, 0): corner, (0, 1): 1903 - corner, (1, 0): 12 - corner, (1, 1): 6 + corner,
        }  # fmt: skip
        guess = replace(snapshot, counts={leaf: count for leaf, count in counts.items() if count})
        assert {True} == {
            value in (None, count)
            for value, count in zip(out.tables[0].values, out.tables[0].count(guess), strict=True)
        }
        proof = replace(certificate, snapshot=guess.digest)
        every[guess.digest] = every[proof.digest] = corner
    assert {every[snapshot.digest], every[certificate.digest]} == {
        3
    }  # the true one, found by trying
    told = b" ".join(publication().files.values()).decode("utf-8", "replace")
    assert not [digest for digest in every if digest in told]


def test_a_seal_shows_what_was_meant_to_whoever_has_the_key_only(tmp_path):
    folder = put(proved(), tmp_path / "safe")
    (one,) = read_sources([folder], make_key=True)
    key = bytes.fromhex((folder / KEY).read_text("ascii"))
    assert one.snapshot_seal == seal(key, proved()[0].digest)
    assert (folder / KEY).stat().st_mode & 0o077 == 0
    (again,) = read_sources([folder])
    assert again == one
    (other,) = read_sources([put(proved(), tmp_path / "other")], make_key=True)
    assert other.snapshot_seal != one.snapshot_seal


def test_without_its_key_nothing_is_made_once_more(tmp_path):
    folder = put(proved(), tmp_path / "safe")
    with pytest.raises(DisclosureError, match="is missing"):
        read_sources([folder])
    (folder / KEY).write_text("ab", "ascii")
    with pytest.raises(DisclosureError, match="is not a key"):
        read_sources([folder])


def test_the_statement_tells_threshold_reason_and_share():
    told = publication().files["statement.txt"].decode()
    assert "Counts of 1 to 4 are not told" in told
    assert "Why: few people live there." in told
    assert "4 of 16 figures (25.0%) are withheld" in told
    assert "0 or 1, and others in which it is 5 or more" in told


def test_one_figure_is_withheld_and_several_are():
    one = Figure(None, "[c]")
    for figures, said in (((one, Figure(9)), "1 of 2 figures (50.0%) is withheld"),
                          ((one, one), "2 of 2 figures (100.0%) are withheld")):  # fmt: skip
        labelled = tuple(((str(at),), figure) for at, figure in enumerate(figures))
        shown = Shown(number=1, title="T", unit="cases", names=("row",), figures=labelled)
        _, out, _ = proved()
        assert any(said in line for line in Protected(release=out, tables=(shown,)).sentences())


def test_people_read_a_heading_in_words_and_files_keep_the_name_of_a_column():
    for name, head in (
        ("month", "Month or year"),
        ("row", "Year and offence group"),
        ("day", "When it was decided"),
        ("why_allowed", "Why allowed"),
    ):
        figures = ((("2019/20", "a"), Figure(7)), (("2019/20", "b"), Figure(8)))
        shown = Shown(number=1, title="T", unit="cases", names=(name, "kind"), figures=figures)
        told = about(columns={name: "What it is", "kind": "Which kind"})
        html = page(told, Words(headline="H", summary=(), methods=(), quality=()), [shown], [])
        assert f'<th scope="col">{head}</th>' in html
        assert "cases, by kind from left to right" in html
        assert f"<dt>{head} ({name} in the files)</dt><dd>What it is</dd>" in html
        assert "<dt>Kind</dt>" in html
        assert tidy(shown).startswith(f"{name},kind,count,marker")


def test_the_headline_has_its_figure_from_the_table():
    html = publication().files["index.html"].decode()
    assert '<p class="headline">1,957 cases were settled.</p>' in html
    assert html.index("headline") < html.index("<table")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"headline": "42 cases were settled."}, "headline: says 42"),
        ({"summary": ["There were 1,900."]}, "says 1,900"),
        ({"title": "The 3 of us"}, "title: says 3"),
        ({"headline": "{1: r0 / c0} cases"}, "which is withheld"),
        ({"headline": "{1: r9 / c0} cases"}, "does not have"),
        ({"headline": "{2: r0 / c0} cases"}, "table 2, which is not there"),
        ({"headline": "{1: r0 / c1 as a share of r0 / c0} of all"}, "which is withheld"),
        ({"headline": "{1: r9 / c1 as a share of r0 / c0} of all"}, "does not have"),
        ({"columns": {"row": "A kind"}}, "does not say what 'column'"),
    ],
)
def test_a_figure_in_words_is_one_that_was_proved(changes, wrong):
    with pytest.raises(DisclosureError, match=re.escape(wrong)):
        publication(**changes)


def test_a_share_in_words_is_of_two_figures_that_were_proved():
    tables = publication().tables
    told = [(labels, one.count) for labels, one in tables[0].figures if one.count]
    (part, many), (whole, all_) = (
        min(told, key=lambda one: one[1]),
        max(told, key=lambda one: one[1]),
    )
    asked = f"{{1: {' / '.join(part)} as a share of {' / '.join(whole)}}} of them."
    (said,) = put_in(about(summary=[asked]), tables).summary
    assert said == f"{100 * many / all_:.1f}% of them."
    zero = replace(tables[0], figures=tuple((labels, Figure(0)) for labels, _ in tables[0].figures))
    with pytest.raises(DisclosureError, match="a share of nothing"):
        put_in(about(headline="None", summary=[asked]), (zero,))


@pytest.mark.parametrize(
    "text",
    [
        "From 2023 to 2025.",
        "On 31 March 2026.",
        "In 2024/25.",
        "Under section 40.",
        "All of r1 and c2.",
        "In 2023, and then in 2025.",
        "Under section 40(2), section 30(1)(a)(ii) and section 40(3A)(a).",
        "Section 12(1) says so, and s40(2), s.31(1)(a) and s. 21 do.",
        "Telephone 01632 960001, 0300 123 4567, 020 7946 0000 or +44 1632 960001.",
    ],
)
def test_years_days_sections_telephones_and_labels_may_be_written(text):
    assert put_in(about(summary=[text]), publication().tables).summary == (text,)


@given(st.integers(0, 10**7), st.integers(1, 60), st.integers(1, 100))
def test_hours_of_reading_are_never_told_too_few_and_the_limit_itself_is_not_passed(
    many, minutes, limit
):
    figures = ((("a",), Figure(many)),)
    table = Shown(number=1, title="T", unit="u", names=("row",), figures=figures)
    asked = f"{{1: a read at {minutes} minutes within {limit} hours}}"
    (said,) = put_in(about(headline="None", summary=[asked]), (table,)).summary
    hours = int(said.split()[0].replace(",", ""))
    assert 60 * (hours - 1) < many * minutes <= 60 * hours
    assert ("no more than the limit" in said) == (many * minutes <= limit * 60)


def test_a_day_may_be_cut_by_the_end_of_a_line_and_a_figure_of_a_table_is_no_day():
    check_typed("letter", "From 1 April 2012 to 31\nMarch 2013, under section\n40(2).")
    with pytest.raises(DisclosureError, match="says 7"):
        check_typed("letter", "  January 2013   7\n  February 2013  9\n")


@given(st.integers(3, 10**7), st.sampled_from(["{}", "{:,}"]), st.data())
def test_no_form_that_may_be_written_carries_a_count(many, form, data):
    said = form.format(many)
    forms = [
        "There were {} of them.", "section 40({}) cases" if many > 99 else "section 40 ({} cases)",
        "section {} of them" if many > 999 else "section 40, {}", "the force's {} cases", "s {}", "thefts {}",
        "FOI-2026-{}", "0{}" if many < 10**7 else "{}", "Of 2,{}", "s40(2) {}", "0117 {}",
    ]  # fmt: skip
    text = data.draw(st.sampled_from(forms)).format(said)
    if said.isdigit() and 1900 <= many <= 2099:
        return  # may be a year
    with pytest.raises(DisclosureError, match="nothing has shown"):
        check_typed("letter", text)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"id": "Big Letters"}, "small letters"),
        ({"published": "30/04/2026"}, "is no date"),
        ({"licence": "OGL"}, "must be the address"),
        ({"language": "English"}, "is no language"),
        ({"summary": []}, "has no summary"),
        ({"contact": " "}, "is empty"),
        ({"title": "A\u202eB"}, "cannot be seen (U+202E)"),
        ({"colour": "red"}, "'colour', which is not known"),
    ],
)
def test_words_that_make_no_sense_are_refused_with_their_place(changes, wrong):
    with pytest.raises(DisclosureError, match=re.escape(wrong)):
        publication(**changes)


# --- the same each time and everywhere --------------------------------------------------------------


def test_it_is_the_same_byte_for_byte_in_another_process_zone_and_year(tmp_path):
    script = "import sys, time; from support.publishing import publication; sys.stdout.write(publication().digest)"
    for zone, seed in (("Pacific/Kiritimati", "1"), ("America/Adak", "2")):
        told = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path,
            env={"PYTHONPATH": ":".join(sys.path), "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C"},
        ).stdout  # fmt: skip
        assert told == publication().digest


def test_no_file_tells_a_time_or_a_path_of_this_machine():
    year = str(dt.date.today().year).encode()  # noqa: DTZ011
    made = publication(published="2031-02-03", methods=["Counted."], quality=[]).files
    for name, data in made.items():
        if (
            name != "release.json"
        ):  # it tells the day of the protected release, which the tables carry
            assert year not in data, name
        assert not [path for path in (b"/home", b"/tmp", b"/work", b"/usr") if path in data], name


def test_release_json_has_the_digest_of_every_file():
    files = dict(publication().files)
    said = json.loads(files.pop("release.json"))
    assert said["files"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())
    }
    assert said["made_with"] == "Amends 1.2.3"


@pytest.fixture
def published(tmp_path):
    folder = put(proved(), tmp_path / "safe")
    sources = read_sources([folder], make_key=True)
    write(tmp_path / "out", build(about(), sources, "1.2.3"))
    return tmp_path / "out", sources


def test_a_publication_holds_and_is_made_once_more(published):
    out, sources = published
    assert list(faults(out, "1.2.3")) == []
    assert list(faults(out, "1.2.3", sources)) == []


def test_nothing_is_written_over(published):
    out, sources = published
    with pytest.raises(DisclosureError, match="is there already"):
        write(out, build(about(), sources, "1.2.3"))


@pytest.mark.parametrize("name", sorted(set(publication().files) - {"release.json"}))
def test_a_byte_changed_in_any_file_is_found(published, name):
    out, _ = published
    data = bytearray((out / name).read_bytes())
    data[len(data) // 2] ^= 1
    (out / name).write_bytes(data)
    assert any(fault.startswith(f"{name}: It is not the file") for fault in faults(out, "1.2.3"))


def test_a_file_more_or_less_is_found(published):
    out, _ = published
    (out / "table-1.csv-metadata.json").unlink()
    (out / "notes.txt").write_text("x", "utf-8")
    told = list(faults(out, "1.2.3"))
    assert told[:2] == [
        "notes.txt: It is not in release.json.",
        "table-1.csv-metadata.json: It is missing.",
    ]


def test_a_forged_release_json_is_found_when_it_is_made_once_more(published):
    out, sources = published
    text = (out / "table-1.csv").read_text("utf-8").replace("r2,c1,9,", "r2,c1,8,")
    (out / "table-1.csv").write_text(text, "utf-8", newline="\n")
    said = json.loads((out / "release.json").read_text("utf-8"))
    said["files"]["table-1.csv"] = hashlib.sha256(text.encode()).hexdigest()
    (out / "release.json").write_text(json.dumps(said), "utf-8")
    told = list(faults(out, "1.2.3", sources))
    assert "table 1, workbook, r2 / c1: It shows 9, and the CSV file 8." in told
    assert "table 1, page, r2 / c1: It shows 9, and the CSV file 8." in told
    assert "table-1.csv: Made once more, it is another." in told
    assert list(faults(out, "1.2.4", sources))[-3].startswith(
        "release.json: It was made with Amends 1.2.3"
    )


# --- cells agree, whatever is in them ---------------------------------------------------------------

letters = st.characters(exclude_categories=("C", "Zl", "Zp"), exclude_characters="{}")
labels = st.one_of(
    st.sampled_from(
        [
            "=1+1",
            "+44",
            "-",
            "@sum",
            "'=1+1",
            "'",
            '"',
            "a  b",
            " a ",
            "<b>",
            "&amp;",
            "a,b",
            "]]>",
            "0",
            "[c]",
        ]
    ),
    st.text(letters, min_size=1, max_size=8),
).filter(str.strip)
figures = st.one_of(
    st.integers(0, 10**7).map(Figure),
    st.just(Figure(None, "[c]")),
    st.integers(0, 500).map(lambda n: Figure(5 * n, "[r]")),
)


@st.composite
def tables(draw):
    names = draw(st.lists(labels, min_size=0, max_size=3, unique=True))
    axes = [draw(st.lists(labels, min_size=1, max_size=3, unique=True)) for _ in names[:-1]]
    axes += [draw(st.lists(labels, min_size=1, max_size=14, unique=True)) for _ in names[-1:]]
    return Shown(
        number=1, title=draw(labels), unit="cases", names=tuple(names),
        figures=tuple((cell, draw(figures)) for cell in product(*axes)),
    )  # fmt: skip


@settings(deadline=None)  # up to 126 figures, three files of each
@given(tables())
def test_csv_workbook_and_page_show_the_same_and_hide_nothing(table):
    said = about(columns=dict.fromkeys(table.names, "A column"))
    words = Words(headline="A", summary=("B",), methods=(), quality=())
    guarded = [Protected(release=proved()[1], tables=(table,))]
    ods = workbook(said, words, [table], guarded)
    html = page(said, words, [table], guarded)
    text = tidy(table)
    assert list(disagreements(ods, html, {1: text})) == []
    assert scan(ods, "it", [said.publisher]) == ()
    for line in csv.reader(io.StringIO(text)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)
    assert "<script" not in html.lower()


@settings(deadline=None)
@given(tables(), st.data())
def test_one_figure_changed_is_found(table, data):
    said = about(columns=dict.fromkeys(table.names, "A column"))
    words = Words(headline="A", summary=("B",), methods=(), quality=())
    at = data.draw(st.integers(0, len(table.figures) - 1))
    cell, figure = table.figures[at]
    other = Figure((figure.count or 0) + 1)
    changed = replace(table, figures=(*table.figures[:at], (cell, other), *table.figures[at + 1 :]))
    html, ods = page(said, words, [table], []), workbook(said, words, [table], [])
    assert len(list(disagreements(ods, html, {1: tidy(changed)}))) == 2


def test_a_rounded_figure_is_shown_as_one():
    _, out, _ = proved()
    (table,) = out.tables
    values = ((0, 4), (1896, 1904), *table.values[2:])
    out = replace(out, tables=(replace(table, values=values),))
    (true,) = safe(proved())
    rows = (("r0", "c0", "0 to 4"), ("r0", "c1", "1896 to 1904"), *true.rows[2:])
    (shown,) = show((replace(true, release=out.digest, rows=rows),), out)
    assert [figure for _, figure in shown.figures[:2]] == [Figure(0, "[r]"), Figure(1900, "[r]")]
    told = list(Protected(release=out, tables=(shown,)).sentences())
    assert (
        "2 of 16 figures are rounded, each to a multiple of 5 that is less than 5 away. Rounded figures still add up."
        in told
    )
    words = put_in(about(headline="{1: r0 / c1}, or {1: r0 / c1}"), (shown,)).headline
    assert words == "About 1,900, or about 1,900"
    odd = replace(out, tables=(replace(table, values=((1, 9), *table.values[1:])),))
    given_ = replace(true, release=odd.digest, rows=(("r0", "c0", "1 to 9"), *true.rows[1:]))
    assert show((given_,), odd)[0].figures[0][1] == Figure(5, "[r]")
    bad = replace(out, tables=(replace(table, values=((2, 9), *table.values[1:])),))
    given_ = replace(true, release=bad.digest, rows=(("r0", "c0", "2 to 9"), *true.rows[1:]))
    with pytest.raises(DisclosureError, match="no figure rounded to 5"):
        show((given_,), bad)
