"""A comparison says beforehand what it will look at, and takes away a difference that is only one of people."""

import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.disclosure.errors import DisclosureError

np = pytest.importorskip("numpy")
pytest.importorskip("statsmodels", reason="the extra `stats` is not installed")
from amends.statistics.matching import WARNING, compare, paired  # noqa: E402 - see above
from amends.statistics.specifying import Specification, specified, specify  # noqa: E402 - see above

WHAT = Specification(
    question="Do people given a resolution come back as often as people like them who were charged?",
    treated="resolved",
    outcome="came_back",
    covariates={"priors": "number", "age": "number", "sex": "group"},
)


def people(path: Path, *, effect: float, number: int = 3000, base: float = -1.6) -> Path:
    """People with few priors are more often given a resolution, and come back less often, by nature."""
    draw = np.random.default_rng(5)
    priors = draw.poisson(2.0, number)
    age = draw.integers(18, 60, number)
    female = draw.random(number) < 0.3
    likely = 1 / (1 + np.exp(-(base - 0.6 * (priors - 2) + 0.02 * (age - 35) + 0.3 * female)))
    treated = draw.random(number) < likely
    risk = np.clip(0.15 + 0.12 * priors - 0.003 * (age - 35) + effect * treated, 0.02, 0.98)
    back = draw.random(number) < risk
    rows = [
        (bool(t), bool(b), int(p), int(a), "female" if f else "male")
        for t, b, p, a, f in zip(treated, back, priors, age, female, strict=True)
    ]
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE p (resolved BOOLEAN, came_back BOOLEAN, priors INTEGER, age INTEGER, sex VARCHAR)"
        )
        text = ", ".join(str(row) for row in rows)
        connection.execute(f"INSERT INTO p VALUES {text}, (NULL, true, 1, 30, 'male')")
        connection.execute("UPDATE p SET priors = NULL WHERE age = 44")
        connection.execute(f"COPY p TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.parametrize("effect", [0.0, -0.2])
def test_the_difference_of_people_goes_and_that_of_the_decision_stays(tmp_path, effect):
    data = people(tmp_path / "people.parquet", effect=effect)
    digest = specify(WHAT, tmp_path / "what.json")
    found = compare(tmp_path / "what.json", digest, data)
    for table in found.tables:
        print("\n".join(table.lines()))
    crude = duckdb.sql(
        f"SELECT avg(came_back::INT) FILTER (resolved) - avg(came_back::INT) FILTER (NOT resolved) FROM '{data}'"
    ).fetchone()[0]
    print(f"true {effect:+.2f}; unmatched {crude:+.3f}; matched {found.difference:+.3f}")
    assert crude < effect - 0.05
    assert found.low <= effect <= found.high
    assert found.inconclusive is (effect == 0.0)
    assert abs(found.balance["priors"][0]) > 0.5
    assert all(abs(after) < 0.1 for _, after in found.balance.values())
    assert found.balanced
    assert "1 rows left out" in found.tables[0].note
    assert WARNING in found.tables[0].note
    assert sum(row[-1] for row in found.tables[0].rows) == 2 * found.pairs
    assert "priors not known" in found.balance
    again = compare(tmp_path / "what.json", digest, data)
    assert (again.pairs, again.difference) == (found.pairs, found.difference)


def test_the_specification_cannot_be_changed_afterwards(tmp_path):
    path = tmp_path / "what.json"
    digest = specify(WHAT, path)
    assert specified(path, digest) == WHAT
    with pytest.raises(DisclosureError, match="there already"):
        specify(WHAT, path)
    document = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(document | {"outcome": "other"}), "utf-8")
    with pytest.raises(DisclosureError, match="changed after it was written"):
        compare(path, digest, tmp_path / "never-read.parquet")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"question": " "}, "no question"),
        ({"covariates": {}}, "no covariates"),
        ({"covariates": {"age": "colour"}}, "of another kind"),
        ({"covariates": {"came_back": "group"}}, "names a column twice"),
        ({"caliper": 0.0}, "cannot be"),
    ],
)
def test_a_specification_that_cannot_be_followed_is_refused(tmp_path, change, says):
    fields = {name: getattr(WHAT, name) for name in WHAT.__slots__}
    with pytest.raises(DisclosureError, match=says):
        specify(Specification(**(fields | change)), tmp_path / "what.json")
    assert not (tmp_path / "what.json").exists()


@pytest.mark.parametrize(
    ("change", "number", "says"),
    [
        ({}, 90, "At least 60 are needed"),
        ({"treated": "sex"}, 300, "column sex is VARCHAR"),
        ({"covariates": {"height": "number"}}, 300, "no column height"),
        ({"outcome": "priors", "covariates": {"age": "number"}}, 300, "column priors is INTEGER"),
    ],
)
def test_data_that_do_not_fit_are_refused(tmp_path, change, number, says):
    data = people(tmp_path / "people.parquet", effect=0.0, number=number)
    fields = {name: getattr(WHAT, name) for name in WHAT.__slots__}
    if change.get("treated") == "sex":
        fields["covariates"] = {"age": "number"}
    digest = specify(Specification(**(fields | change)), tmp_path / "what.json")
    with pytest.raises(DisclosureError, match=says):
        compare(tmp_path / "what.json", digest, data)


def test_a_covariate_that_tells_all_is_refused(tmp_path):
    data = tmp_path / "told.parquet"
    duckdb.sql(
        f"COPY (SELECT i % 2 = 0 AS resolved, i % 3 = 0 AS came_back, i % 2 AS told FROM range(200) t(i)) "
        f"TO '{data}' (FORMAT parquet)"
    )
    what = Specification(
        question="?", treated="resolved", outcome="came_back", covariates={"told": "number"}
    )
    digest = specify(what, tmp_path / "what.json")
    with pytest.raises(DisclosureError, match="tell perfectly"):
        compare(tmp_path / "what.json", digest, data)


def test_where_people_cannot_be_made_alike_it_is_said(tmp_path):
    data = people(tmp_path / "people.parquet", effect=0.0, base=-0.3)
    digest = specify(WHAT, tmp_path / "what.json")
    found = compare(tmp_path / "what.json", digest, data)
    print("\n".join(found.tables[1].lines()))
    assert not found.balanced
    assert "still differ by 0.1 or more: priors." in found.tables[0].note


def test_the_paired_difference_with_a_known_answer():
    """Approval of a prime minister, asked twice of 1,600 people: Agresti, Categorical Data Analysis, 10.1."""
    found = paired(86, 150, 1600)
    print(found)
    assert [round(one, 2) for one in found] == [-0.04, -0.06, -0.02]


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_paired_difference_turned_round_is_its_negative(gains, losses, rest):
    pairs = gains + losses + rest + 1
    one, low, high = paired(gains, losses, pairs)
    assert paired(losses, gains, pairs) == pytest.approx((-one, -high, -low))
    assert -1 <= low <= high <= 1
    assert low <= one <= high or abs(one) == 1
