"""Known answers and rules of the index, the windows and the survival estimate."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.disclosure.errors import DisclosureError
from amends.statistics.disproportionality import Group, relative_rate
from amends.statistics.reoffending import kaplan_meier, proven

START = date(2020, 6, 1)


def test_the_index_with_a_known_answer() -> None:
    index = relative_rate(
        Group(name="a", decided=90, reached=1000), Group(name="b", decided=300, reached=6000)
    )
    print(index)
    assert (round(index.ratio, 4), round(index.low, 4), round(index.high, 4)) == (
        1.8,
        1.4361,
        2.2561,
    )


def test_too_few_people_give_no_rate() -> None:
    few, many = Group(name="a", decided=9, reached=59), Group(name="b", decided=9, reached=60)
    relative_rate(many, many)
    with pytest.raises(DisclosureError, match="At least 60"):
        relative_rate(few, many)


groups = st.integers(60, 9999).flatmap(
    lambda n: st.builds(Group, name=st.just("g"), decided=st.integers(1, n), reached=st.just(n))
)


@given(groups, groups)
def test_the_index_turned_round_is_its_inverse(a: Group, b: Group) -> None:
    one, other = relative_rate(a, b), relative_rate(b, a)
    assert one.ratio * other.ratio == pytest.approx(1)
    assert one.low * other.high == pytest.approx(1)


@pytest.mark.parametrize(
    ("committed", "convicted", "counts"),
    [(0, 10, False), (1, 10, True), (365, 547, True), (366, 547, False), (365, 548, False)],
)
def test_the_windows(committed: int, convicted: int, counts: bool) -> None:
    day = [START + timedelta(days=n) for n in (committed, convicted)]
    assert proven(START, day[0], day[1]) is counts
    assert not proven(START, day[0], None)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_without_censoring_it_is_the_share_left(times: list[int]) -> None:
    for step in kaplan_meier(times, [True] * len(times)):
        assert step.surviving == pytest.approx(sum(t > step.time for t in times) / len(times))


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=60))
def test_it_never_rises(people: list[tuple[int, bool]]) -> None:
    steps = kaplan_meier([t for t, _ in people], [e for _, e in people])
    shares = [1.0, *(step.surviving for step in steps)]
    assert shares == sorted(shares, reverse=True)


def test_rossi() -> None:
    found = sorted(Path("../shared/data/survival").rglob("rossi.csv"))
    if not found:
        pytest.skip("../shared/data/survival/rossi.csv is not here")
    with found[0].open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    steps = kaplan_meier([float(r["week"]) for r in rows], [r["arrest"] == "1" for r in rows])
    print(len(rows), steps[-1])
    assert (steps[-1].time, round(steps[-1].surviving, 6)) == (52, 0.736111)
    assert round(steps[-1].error, 5) == 0.02121


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(DisclosureError, match="before it"):
        proven(START, START + timedelta(days=9), START + timedelta(days=8))
    with pytest.raises(DisclosureError, match="0 or more"):
        kaplan_meier([1, float("nan")], [True, True])
    with pytest.raises(DisclosureError, match="At least 1"):
        relative_rate(*[Group(name="a", decided=0, reached=99)] * 2)
