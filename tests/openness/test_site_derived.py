"""What the site works out: from told figures alone, by the formula in the paper; not where one is withheld."""

from math import exp, log, sqrt

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.disclosure.tables import MARKER, Raw
from amends.openness.questions import attributes
from amends.openness.site import comparing, following_up
from amends.openness.site.charts import steps
from amends.openness.site.figures import PROVEN
from amends.openness.site.wording import LANGUAGES, Words
from support.safe import safe

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
