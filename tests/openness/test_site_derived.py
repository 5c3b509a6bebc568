"""What the site works out: from told figures alone, by the formula in the paper; not where one is withheld."""

from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.disclosure.tables import MARKER, Raw
from amends.openness.site import comparing
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
