"""What the site works out: from told figures alone, by the formula in the paper; not where one is withheld."""

from datetime import date
from decimal import Decimal
from math import exp, log, sqrt

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cli import main
from amends.demo.inventing import invent
from amends.disclosure.errors import DisclosureError
from amends.disclosure.tables import MARKER, Raw
from amends.openness.answering import answer
from amends.openness.counted import Source
from amends.openness.partition import Judged
from amends.openness.questions import attributes, questions
from amends.openness.site import comparing, following_up, weighing
from amends.openness.site.building import edition_of
from amends.openness.site.charts import steps
from amends.openness.site.figures import PROVEN
from amends.openness.site.pages import page
from amends.openness.site.wording import LANGUAGES, Words
from amends.statistics.cases import open_cases
from amends.statistics.harm import WeightSet
from support.safe import safe

DAY = date(2026, 3, 31)
COUNTS = st.integers(5, 5_000)


def by_group(counts):
    """The told rows of a table of groups: for each its cases on the street, and deferred."""
    rows = []
    for name, (street, deferred) in counts.items():
        rows += [(f"{name}, on the street", street), (f"{name}, deferred", deferred)]
    return rows


def compared(counts):
    rows = by_group(counts)
    return {one.name: one for one in comparing.compare(safe(rows), rows)}


@given(a=COUNTS, b=COUNTS, c=COUNTS, d=COUNTS)
def test_the_index_is_the_ratio_of_the_two_rates_with_katzs_interval(a, b, c, d):
    found = compared({"Asian": (a, b), "White": (c, d)})["Asian"]
    if a + b < 60 or c + d < 60:
        assert found.index is None
        return
    ratio = a * (c + d) / (c * (a + b))
    error = sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    assert found.index.ratio == pytest.approx(ratio)
    assert found.index.low == pytest.approx(exp(log(ratio) - 1.96 * error), rel=1e-4)
    assert found.index.high == pytest.approx(exp(log(ratio) + 1.96 * error), rel=1e-4)


@pytest.mark.parametrize("at", range(4))
def test_one_count_withheld_is_no_index_and_says_so(at):
    counts = [200, 100, 900, 800]
    counts[at] = MARKER
    rows = by_group({"Ethnicity not known": tuple(counts[:2]), "White": tuple(counts[2:])})
    found = comparing.compare(safe(rows), rows)[0]
    assert (found.index, found.told) == (None, False)
    for language in LANGUAGES:
        words = Words(language)
        told = "".join(comparing.section(safe(rows), rows, words))
        assert words("untold") in told
        assert f"<td>{words('ratio')}" not in told
        assert "." not in told.split("<tbody>")[1].split("</tbody>")[0]


def test_who_is_not_known_is_a_group_of_its_own_and_the_reference_is_named():
    rows = by_group({"Ethnicity not known": (30, 70), "Other": (10, 20), "White": (600, 400)})
    told = "".join(comparing.section(safe(rows), rows, Words("en")))
    assert "beside White" in told
    assert "<td>30 of 100</td><td>0.50 (0.37 to 0.68)</td>" in told
    assert "<td>10 of 30</td><td>cannot be told: too few</td>" in told
    assert "<td>600 of 1,000</td><td>reference group</td>" in told
    assert "It does not say why" in told


def test_only_figures_of_a_safe_table_are_compared():
    rows = by_group({"Asian": (200, 100), "White": (900, 800)})
    raw = Raw(title="T", unit="cases", columns=("row", "count"), rows=tuple(rows))
    with pytest.raises(TypeError, match="of nothing else"):
        comparing.compare(raw, rows)
    with pytest.raises(TypeError, match="no figure of"):
        comparing.compare(safe(rows), [*rows, ("Black, deferred", 7)])


QUARTERS = st.lists(st.integers(0, 900), min_size=5, max_size=5)


def quarters(counts):
    return list(zip((*PROVEN, following_up.NONE), counts, strict=True))


@given(counts=QUARTERS)
def test_the_curve_is_the_share_left_with_greenwoods_interval(counts):
    rows = quarters(counts)
    found = following_up.curve(safe(rows), rows)
    whole = sum(counts)
    if whole < 60:
        assert found is None
        return
    assert [one.months for one in found] == [3, 6, 9, 12]
    for at, one in enumerate(found, 1):
        share = 1 - sum(counts[:at]) / whole
        error = 1.96 * sqrt(share * (1 - share) / whole)
        assert one.share == pytest.approx(share, abs=1e-9)
        assert one.low == pytest.approx(max(0, share - error), abs=1e-4)
        assert one.high == pytest.approx(min(1, share + error), abs=1e-4)


@pytest.mark.parametrize("at", range(5))
def test_there_is_no_curve_where_a_count_is_withheld(at):
    counts = [40, 30, 20, 10, 900]
    counts[at] = MARKER
    rows = quarters(counts)
    assert following_up.curve(safe(rows), rows) is None
    for language in LANGUAGES:
        told = "".join(following_up.section(safe(rows), rows, Words(language)))
        assert "<img" not in told
        assert "%" not in told


def test_the_curve_names_how_long_people_were_followed_and_starts_at_the_whole():
    rows = quarters([40, 30, 20, 10, 900])
    told = "".join(following_up.section(safe(rows), rows, Words("en")))
    assert "Of 1,000 cases that were followed for 547 days" in told
    assert "<td>40</td><td>96.0 % (94.8 to 97.2 %)</td>" in told
    assert "<td>10</td><td>90.0 % (88.1 to 91.9 %)</td>" in told
    drawn = steps([(3, 0.96, 0.948, 0.972)], "Title & more", "months")
    assert "<title>Title &amp; more</title>" in drawn
    assert ">100%</text>" in drawn
    assert ">0%</text>" in drawn


def test_proven_is_counted_only_of_whoever_was_followed_throughout():
    sql = attributes()["reoffending"].sql
    day = "DATE '2020-01-01'"
    cases = {
        "proven, 1st quarter": (91, 200, 547), "proven, 2nd quarter": (92, 547, 600),
        "proven, 4th quarter": (365, 547, 547), "none proven": (366, 400, 547),
        "not known, or not followed for long enough": (20, 60, 546),
    }  # fmt: skip
    for label, (offence, proof, until) in cases.items():
        ((found,),) = duckdb.sql(
            f"SELECT {sql} FROM (SELECT {day} AS decision_date, {day} + {offence} AS next_offence_on, "
            f"{day} + {proof} AS next_offence_proven_on, {day} + {until} AS followed_until)"
        ).fetchall()
        assert found == label


HEAD = {
    "name": "Illustrative weights", "version": "1", "licence": "None: invented", "source": "Invented for a test",
    "unit": "points", "file": "weights.csv", "offence": "code", "weight": "points",
}  # fmt: skip


def weights(folder, **otherwise):
    """An invented set of weights, illustrative, as its two files."""
    said = {name: text for name, text in (HEAD | otherwise).items() if text is not None}
    (folder / "weights.csv").write_text("code,points\n1A,2\n2B,0.5\n3C,10\n")
    (folder / "set.toml").write_text("".join(f'{name} = "{text}"\n' for name, text in said.items()))
    return folder / "set.toml"


CODES = ("A (1A)", "B (2B)", "C (3C)", "D (4D)")
WEIGHTS = dict(zip(CODES, (Decimal(2), Decimal("0.5"), Decimal(10), None), strict=True))


@given(counts=st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=4, max_size=4))
def test_what_is_withheld_leaves_harm_between_a_least_and_a_most_that_hold_the_true_one(counts):
    held = WeightSet(
        name="I", version="1", licence="none", unit="points", digest="",
        weights={"1A": Decimal(2), "2B": Decimal("0.5"), "3C": Decimal(10)},
    )  # fmt: skip
    rows = [
        (label, MARKER if hidden else n) for label, (n, hidden) in zip(CODES, counts, strict=True)
    ]
    whole = sum(n for n, _ in counts)
    found = weighing.weigh(safe([("all", whole), *rows]), rows, whole, held)
    true = sum(n * (WEIGHTS[label] or 0) for label, (n, _) in zip(CODES, counts, strict=True))
    assert found.harm[0] <= true <= found.harm[1]
    assert found.covered[0] <= whole - counts[3][0] <= found.covered[1]
    if not any(hidden for _, hidden in counts):
        assert found.harm == (true, true)
    # The ends are reached, by whatever can be behind the withheld counts: all of it in one of them.
    left = whole - sum(n for n, hidden in counts if not hidden)
    told = sum(n * (WEIGHTS[label] or 0) for label, n in rows if n != MARKER)
    ends = {told + left * (WEIGHTS[label] or 0) for label, n in rows if n == MARKER} or {told}
    assert found.harm == (min(ends), max(ends))


def test_where_the_whole_is_withheld_no_harm_is_told(tmp_path):
    held = weighing.read_set(weights(tmp_path))
    rows = [("A (1A)", 30), ("B (2B)", MARKER)]
    assert weighing.weigh(safe(rows), rows, MARKER, held.held) is None
    told = "".join(weighing.section(safe(rows), rows, MARKER, held, Words("en")))
    assert "in all" not in told


def test_the_set_is_named_with_version_licence_and_source(tmp_path):
    held = weighing.read_set(weights(tmp_path, version="2 <b>"))
    rows = [("A (1A)", 30), ("B (2B)", 10), ("D (4D)", 7)]
    table = safe([("all", 47), *rows])
    for language in LANGUAGES:
        told = "".join(weighing.section(table, rows, 47, held, Words(language)))
        for said in (
            "Illustrative weights",
            "2 &lt;b&gt;",
            "None: invented",
            "Invented for a test",
        ):
            assert said in told
    told = "".join(weighing.section(table, rows, 47, held, Words("en")))
    assert "65 in all (points)" in told
    assert "covers 40 of 47 cases" in told
    assert "<td>10</td><td>0.5</td><td>5</td>" in told
    assert "D (4D)" not in told


@pytest.mark.parametrize("key", [*HEAD])
def test_a_set_that_lacks_anything_is_refused_and_nothing_is_written(tmp_path, capsys, key):
    path = weights(tmp_path, **{key: None})
    assert main(["publish", "--to", str(tmp_path / "site"), "--weights", str(path)]) == 2
    assert f"does not say {key}" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_a_set_that_cannot_be_read_or_says_more_is_refused(tmp_path):
    with pytest.raises(DisclosureError, match="cannot be read"):
        weighing.read_set(tmp_path / "none.toml")
    with pytest.raises(DisclosureError, match="cannot be read"):
        weighing.read_set(weights(tmp_path, file="none.csv"))
    with pytest.raises(DisclosureError, match="'more', which is not known"):
        weighing.read_set(weights(tmp_path, more="x"))


def test_a_page_with_weights_tells_the_harm_and_no_longer_why_there_is_none(tmp_path):
    invent(tmp_path / "invented.parquet")
    path = weights(tmp_path)
    (tmp_path / "weights.csv").write_text("code,points\n46,2\n105A,10\n13,500\n")
    judged = Judged(5, "Small counts might let somebody be recognised.", "Nobody", DAY)
    with open_cases(tmp_path / "invented.parquet") as cases:
        source = Source("invented", cases, DAY, True, "Invented", "foi@invented.example")
        found = {
            name: answer(
                questions()[name], source, tmp_path / "answers", judged, None, lambda *_: None
            )
            for name in ("site-gravity", weighing.SHOWS.question)
        }
        with_set = edition_of(source, found, DAY, weighing.read_set(path))
        told = page(with_set, "how-serious", "en")
        without = page(edition_of(source, found, DAY), "how-serious", "en")
    assert "<td>3,032</td><td>2</td><td>6,064</td>" in told
    assert "Between " in told
    assert "no weights of harm" not in told
    assert "no weights of harm" in without
    assert "Harm beside the counts" not in without
