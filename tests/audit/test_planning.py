"""Each case is judged by the policy of its own day and force, and by no other."""

import datetime as dt
from dataclasses import replace

import pytest

from amends.audit.report import report
from amends.policy.accepting import with_policies
from amends.policy.library import published, read_policy
from amends.policy.rules import PolicyError
from support.histories import asked, audited, copied, written

AVON, ACPO, NPCC = "avon-and-somerset-2011", "acpo-2012", "npcc-2022"
ASB, KENT = "asb-act-2014", "kent-2023"


def case(day: str | None, force: str | None = "avon-and-somerset") -> dict[str, str]:
    return {
        "force": f"'{force}'" if force else "NULL::VARCHAR",
        "decision_date": f"DATE '{day}'" if day else "NULL::DATE",
    }


def judged_by(path, shelf=None) -> list[list[str] | None]:
    """The ids of the policies that judged each case, in order; None where nothing did."""
    with audited(path, shelf=shelf) as found:
        ids = {part.number: [p.id for p in part.rules.policies] for part in found.plan.parts}
        rows = asked(
            found, "SELECT v.part FROM history AS h LEFT JOIN verdicts AS v USING (n) ORDER BY n"
        )
        return [ids.get(part) for (part,) in rows]


@pytest.mark.parametrize(
    ("day", "force", "ids"),
    [
        ("2011-03-31", "avon-and-somerset", None),
        ("2011-04-01", "avon-and-somerset", [AVON]),
        ("2012-07-31", "avon-and-somerset", [AVON]),
        ("2012-08-01", "avon-and-somerset", [ACPO, AVON]),
        ("2014-10-19", "avon-and-somerset", [ACPO, AVON]),
        ("2014-10-20", "avon-and-somerset", [ACPO, ASB, AVON]),
        ("2016-12-31", "avon-and-somerset", [ACPO, ASB, AVON]),
        ("2017-01-01", "avon-and-somerset", [ACPO, ASB]),
        ("2021-12-31", "kent", [ACPO, ASB]),
        ("2022-01-01", "kent", [NPCC, ASB]),
        ("2023-06-30", "kent", [NPCC, ASB]),
        ("2023-07-01", "kent", [NPCC, ASB, KENT]),
        ("2012-07-31", "surrey", None),
        ("2012-08-01", "surrey", [ACPO]),
        ("2016-01-01", "west-midlands", [ACPO, ASB, "west-midlands"]),
        ("2013-06-01", "westmidlands", None),
        ("2013-06-01", "Kent", None),
        ("2199-12-31", "kent", [NPCC, ASB, KENT]),
        ("2013-06-01", "illustrative", None),  # the scope of a draft, and no force
        ("1900-01-01", "kent", None),
        (None, "kent", None),
        ("2013-06-01", None, None),
    ],
)
def test_a_case_is_judged_by_the_policy_of_its_own_day_and_force(tmp_path, day, force, ids):
    path = written(tmp_path / "h.parquet", case(day, force))
    (found,) = judged_by(path)
    assert (found and sorted(found)) == (ids and sorted(ids))


def test_cases_of_every_day_and_force_are_judged_together_as_they_are_alone(tmp_path):
    days = ("2011-03-31", "2012-07-31", "2012-08-01", "2014-10-20", "2016-12-31", "2017-01-01",
            "2021-12-31", "2022-01-01", "2023-07-01", None)  # fmt: skip
    forces = ("avon-and-somerset", "kent", "west-midlands", "surrey", "atlantis", None)
    cases = [(day, force) for day in days for force in forces]
    path = written(tmp_path / "h.parquet", *(case(day, force) for day, force in cases))
    shelf = published()
    for (day, force), ids in zip(cases, judged_by(path), strict=True):
        try:
            shelf.check_force(str(force))
            rules = shelf.in_force(str(force), dt.date.fromisoformat(day or "0001-01-01"))
            assert ids == [policy.id for policy in rules.policies], (day, force)
        except PolicyError:
            assert ids is None, (day, force)


def test_every_force_over_ten_years_needs_few_sets_of_rules(tmp_path):
    forces = ", ".join(f"'{name}'" for name in published().forces)
    select = (
        f"SELECT unnest([{forces}]) AS force, DATE '2012-01-01' + (i * 40)::INTEGER AS decision_date "
        "FROM range(100) AS t(i)"
    )
    path = copied(tmp_path / "h.parquet", select)
    with audited(path) as found:
        assert len(found.plan.parts) < 20
        judged = asked(found, "SELECT count(*), count(DISTINCT n) FROM verdicts")
        days = asked(
            found, "SELECT force, decision_date, n IN (SELECT n FROM verdicts) FROM history"
        )
        assert all((found.plan.find(force, day) is not None) == done for force, day, done in days)
    assert judged[0][0] == judged[0][1] == sum(done for *_, done in days)
    assert (
        len(days) - judged[0][0] == 6 * 43
    )  # six days before 1 August 2012, in every force but one


def test_blanks_around_the_name_of_a_force_do_not_matter(tmp_path):
    path = written(tmp_path / "h.parquet", case("2013-06-01", " kent "))
    assert judged_by(path) == [[ACPO]]


def test_a_draft_judges_nothing(tmp_path):
    draft = tmp_path / "draft.toml"
    text = (published_file(KENT)).replace('status     = "published"', 'status = "draft"')
    draft.write_text(text.replace('"kent-2023"', '"kent-new"').replace('"kent"', '"surrey"'))
    policy = read_policy(draft)
    assert policy.draft
    path = written(tmp_path / "h.parquet", case("2024-01-01", "surrey"))
    (found,) = judged_by(path, with_policies(published(), [draft]))
    assert found is not None
    assert "kent-new" not in found


def test_where_only_a_draft_covers_the_days_the_report_says_so(tmp_path):
    shelf = published()
    drafts = [replace(p, status="draft") if p.id == AVON else p for p in shelf.policies]
    path = written(tmp_path / "h.parquet", case("2011-06-01"))
    with audited(path, shelf=replace(shelf, policies=tuple(drafts))) as found:
        told = "\n".join(report(found).lines(200))
    assert "No policy covers these days. Only a draft does, which judges nothing: " + AVON in told


def test_days_and_forces_that_nothing_covers_are_named_with_how_many_cases(tmp_path):
    path = written(
        tmp_path / "h.parquet",
        *[case("2011-01-05"), case("2011-03-31"), case("2011-04-01")],
        *[case("2013-06-01", "kentt"), case("2014-12-01", "kentt")],
        *[case("2012-06-01", "kent"), case(None, "kent"), case("2013-06-01", None)],
    )
    with audited(path) as found:
        figures = report(found)
        told = "\n".join(figures.lines())
        gaps = [
            (gap["force"], gap["from"], gap["to"], gap["cases"])
            for gap in figures.as_data()["not_judged"]
        ]
    assert gaps == [
        ("avon-and-somerset", "2011-01-05", "2011-03-31", 2),
        ("kentt", "2013-06-01", "2014-12-01", 2),
        ("kent", "2012-06-01", "2012-06-01", 1),
    ]
    assert "Not judged: kentt, 2013-06-01 to 2014-12-01, 2 cases. There is no such force" in told
    assert "Did you mean kent or gwent?" in told
    assert "Not judged: kent, 2012-06-01, 1 case. No policy covers these days." in told
    assert "         7  not judged: no policy for the force and day" in told
    assert "         1  no force" in told
    assert "         1  no day of decision" in told


def test_two_policies_that_contradict_each_other_are_refused(tmp_path):
    twin = tmp_path / "twin.toml"
    twin.write_text(published_file(KENT).replace('"kent-2023"', '"kent-twin"'))
    path = written(tmp_path / "h.parquet", case("2024-01-01", "kent"))
    with pytest.raises(
        PolicyError, match=r"^twin\.toml: kent: kent-2023 and kent-twin cover the same days"
    ):
        judged_by(path, with_policies(published(), [twin]))


def test_one_policy_alone_judges_every_case_whatever_its_day_and_force(tmp_path):
    path = written(
        tmp_path / "h.parquet", case(None), case("1950-01-01", None), case("2013-06-01", "atlantis")
    )
    rules = published().in_force("surrey", dt.date(2013, 6, 1))
    for engine in ("duckdb", "plain"):
        with audited(path, engine, only=rules) as found:
            assert asked(found, "SELECT n, part FROM verdicts ORDER BY n") == [
                (0, 1),
                (1, 1),
                (2, 1),
            ]
            told = "\n".join(report(found).lines())
        assert "TRIAL: every case is judged by acpo-2012, whatever its day and force." in told


def test_the_report_names_each_text_once_with_the_days_and_forces_it_judged(tmp_path):
    path = written(
        tmp_path / "h.parquet",
        *[case("2012-06-01"), case("2012-09-01"), case("2013-09-01")],
        *[case("2012-09-01", force) for force in ("kent", "surrey", "essex", "dorset", "durham")],
    )
    with audited(path) as found:
        told = list(report(found).lines(200))
    assert sum(line.startswith(f"  {AVON}: ") for line in told) == 1
    assert sum(line.startswith(f"  {ACPO}: ") for line in told) == 1
    parts = [line for line in told if line.startswith("  part ")]
    assert parts == [
        f"  part 1: {AVON}; 2012-06-01 to 2012-07-31, avon-and-somerset; 1 case",
        f"  part 2: {ACPO} + {AVON}; 2012-08-01 to 2013-09-01, avon-and-somerset; 2 cases",
        f"  part 3: {ACPO}; 2012-09-01, 5 forces; 5 cases. "
        "No policy of these forces is held: national guidance only",
    ]


def published_file(name: str) -> str:
    from importlib.resources import files

    return (files("amends.policy") / "published" / f"{name}.toml").read_text("utf-8")
