"""The invented history is what it says: its size, its labels, its mix, its gaps and its truth."""

import dataclasses
import datetime as dt
from typing import Any

import duckdb
import pytest

from amends.demo import columns, inventing, offending, parameters, planting, storing
from amends.demo.inventing import CannotInvent, Summary, invent
from amends.policy.afterwards import afterwards as further
from amends.policy.facts import catalogue

GIVEN = parameters.load()

# The sexual offences among the codes, as they are written in the file (domain sheet 3.2 and 3.4).
SEXUAL_NOTIFIABLE = {"19C", "19D", "20A", "20B", "88A", "88E", "17A", "17B", "22B", "21"}
SEXUAL_CLASSES = {"017", "020", "021", "022", "088"}
GROUP_OF_FAMILY = {name: entry["group"] for name, entry in GIVEN.tables["family"].items()}


@dataclasses.dataclass
class History:
    """An invented file, and what its maker says of it."""

    summary: Summary

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of *query*, in which `h` is the file."""
        return duckdb.execute(f"WITH h AS (FROM '{self.summary.out}') {query}").fetchall()

    def one(self, query: str) -> Any:
        return self.ask(query)[0][0]

    def share(self, condition: str, among: str = "true") -> float:
        """The share of the rows *among* which *condition* is true; not known counts as not."""
        return float(
            self.one(f"SELECT avg(coalesce({condition}, false)::int) FROM h WHERE {among}")
        )

    def digest(self) -> str:
        rows = "SELECT hash(h)::VARCHAR AS row, case_reference FROM h"
        return str(
            self.one(f"SELECT md5(string_agg(row, ' ' ORDER BY case_reference)) FROM ({rows})")
        )


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> History:
    """The file that everybody gets who asks for nothing else."""
    return History(invent(tmp_path_factory.mktemp("usual") / "history.parquet"))


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> History:
    """Enough rows that a share is what it is meant to be, within half a percentage point."""
    out = tmp_path_factory.mktemp("large") / "history.parquet"
    return History(invent(out, rows=100_000, seed=5))


@pytest.fixture(scope="module")
def later(tmp_path_factory) -> History:
    """Years in which flags became mandatory and the community remedy came in."""
    out = tmp_path_factory.mktemp("later") / "history.parquet"
    span = {"start": dt.date(2014, 4, 1), "end": dt.date(2024, 3, 31)}
    return History(invent(out, rows=40_000, forces=("kent", "west-midlands"), **span))


@pytest.fixture
def by_thousands(monkeypatch):
    """Many chunks without many rows."""
    tables = {**GIVEN.tables, "chunk": 1_000}
    monkeypatch.setattr(inventing, "load", lambda: parameters.Parameters(tables))


def plain(code: str) -> str:
    """An offence code as the tables spell it: 8/06 and 00806 are 008/06."""
    if "/" in code:
        first, second = code.split("/")
        return f"{int(first):03}/{second}"
    return f"{code[:3]}/{code[3:]}" if len(code) == 5 and code.isdigit() else code


def is_sexual(code: str | None) -> bool:
    """Whether a code as it stands in the file is one of a sexual offence."""
    word = plain(code or "")
    return word in SEXUAL_NOTIFIABLE or ("/" in word and word[:3] in SEXUAL_CLASSES)


# ---- the newspaper's two figures -------------------------------------------------------------


def test_the_usual_file_has_13_219_resolutions_of_which_61_are_sexual(usual):
    codes = [code for (code,) in usual.ask("SELECT offence_code FROM h")]

    assert len(codes) == usual.summary.rows == 13_219
    assert sum(map(is_sexual, codes)) == usual.summary.sexual == 61


@pytest.mark.parametrize("seed", [0, 2, 99])
def test_another_seed_has_the_same_two_figures(tmp_path, seed):
    history = History(invent(tmp_path / "h.parquet", seed=seed))
    codes = [code for (code,) in history.ask("SELECT offence_code FROM h")]

    assert (len(codes), sum(map(is_sexual, codes))) == (13_219, 61)


@pytest.mark.parametrize(("rows", "sexual"), [(1, 0), (109, 1), (1_000, 5), (26_438, 122)])
def test_another_size_has_the_nearest_share_of_sexual_offences(tmp_path, rows, sexual):
    summary = invent(tmp_path / "h.parquet", rows=rows)

    assert (summary.rows, summary.sexual) == (rows, sexual)
    assert History(summary).one("SELECT count(*) FROM h") == rows


def test_decisions_fall_in_the_three_years_about_360_a_month(usual):
    months = usual.ask("SELECT count(*) FROM h GROUP BY date_trunc('month', decision_date)")

    assert usual.ask("SELECT min(decision_date), max(decision_date) FROM h") == [
        (dt.date(2011, 4, 1), dt.date(2014, 3, 31))
    ]
    assert len(months) == 36
    assert all(330 <= count <= 400 for (count,) in months)
    assert usual.one("SELECT count(*) FROM h WHERE offence_date > decision_date") == 0


# ---- that it is invented, it says itself -------------------------------------------------------


def test_every_row_and_the_file_itself_say_that_it_is_invented(usual):
    notes = duckdb.execute(
        "SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [str(usual.summary.out)]
    ).fetchall()
    compressed = "SELECT DISTINCT compression FROM parquet_metadata(?)"

    assert usual.ask("SELECT DISTINCT invented, force FROM h") == [(True, "avon-and-somerset")]
    assert dict(notes) == {"afterwards": "1", "known_until": "2014-06-29"} | {
        "amends": "invented",
        "says": "every person, force record and case in this file is invented",
        "seed": "1",
        "rows": "13219",
        "version": "1",
        "from": "2011-04-01",
        "to": "2014-03-31",
        "forces": "avon-and-somerset",
    }
    assert duckdb.execute(compressed, [str(usual.summary.out)]).fetchall() == [("ZSTD",)]


def test_every_case_has_a_reference_of_its_own(usual):
    assert usual.one("SELECT count(DISTINCT case_reference) FROM h") == 13_219
    assert usual.ask("SELECT min(case_reference), max(case_reference) FROM h") == [
        ("INV-0000001", "INV-0013219")
    ]


# ---- its columns are the facts of the catalogue ------------------------------------------------


def test_there_is_a_column_to_every_fact_a_case_itself_holds(usual):
    held = {name: kind for name, kind, *_ in usual.ask("SELECT * FROM (DESCRIBE FROM h)")}
    expected = {fact.column: columns.TYPES.get(fact.type, "VARCHAR") for fact in columns.scalars()}
    expected |= {f"{f.column}_absent": "BOOLEAN" for f in columns.scalars() if f.absent}
    lists = {owner: columns.list_type(owner) for owner in columns.LISTS}

    assert {name: held[name] for name in expected} == expected
    assert set(held) - set(expected) == {*lists, "planted", "invented", *further()}
    assert all(held[name].replace('"', "") == lists[name].replace('"', "") for name in lists)
    assert "offence_group" not in held, "the group comes from the code, by the offence table"


def test_every_case_can_be_read_as_facts(usual):
    known = {kind.column: kind for kind in catalogue().values()}
    relation = duckdb.sql(f"FROM '{usual.summary.out}' LIMIT 2000")
    for row in relation.fetchall():
        record = dict(zip(relation.columns, row, strict=True))
        facts = {
            known[name].name: [one_of(each) for each in value] if name in columns.LISTS else value
            for name, value in record.items()
            if name in known and value is not None
        }
        facts |= {known[name].name: None for name in known if record.get(f"{name}_absent")}
        catalogue().read(facts)


def one_of(record: dict[str, Any]) -> dict[str, Any]:
    """A record of a list as facts: what is known, and null for what is known to be absent."""
    known = {k: v for k, v in record.items() if v is not None and not k.endswith("_absent")}
    return known | {
        k.removesuffix("_absent"): None
        for k, v in record.items()
        if v is True and k.endswith("_absent")
    }


@pytest.mark.parametrize("name", ["offence_code", "gravity_score", "resolution_last_action_due"])
def test_what_is_known_to_be_absent_has_no_value(large, name):
    assert large.one(f"SELECT count(*) FROM h WHERE {name}_absent AND {name} IS NOT NULL") == 0
    assert large.one(f"SELECT count(*) FROM h WHERE {name}_absent") > 0
    assert large.one(f"SELECT count(*) FROM h WHERE NOT {name}_absent AND {name} IS NULL") > 0


def test_an_incident_that_is_no_crime_has_no_code_and_every_crime_may_have_one(usual):
    assert usual.one("SELECT count(*) FROM h WHERE offence_code_absent = case_recorded_crime") == 0
    assert usual.share("offence_code_absent") == pytest.approx(0.01, abs=0.002)


# ---- its mix ------------------------------------------------------------------------------------


def test_the_mix_of_offences_is_the_published_one(large):
    family = {}
    for row in GIVEN.tables["offences"]["rows"]:
        family |= {row[key]: row["family"] for key in ("code", "ho", "before") if key in row}
    groups: dict[str, int] = {}
    for code, count in large.ask("SELECT offence_code, count(*) FROM h GROUP BY ALL"):
        group = GROUP_OF_FAMILY.get(family.get(plain(code or ""), ""), "none")
        groups[group] = groups.get(group, 0) + count

    share = {group: count / 100_000 for group, count in groups.items()}
    assert share["violence"] == pytest.approx(0.35, abs=0.005)
    assert share["theft"] == pytest.approx(0.34, abs=0.005)
    assert share["weapons"] == pytest.approx(0.011, abs=0.001)
    assert share["sexual"] == pytest.approx(61 / 13_219, abs=0.0001)
    rest = ("damage_and_arson", "public_order", "drugs", "robbery", "miscellaneous")
    assert sum(share[group] for group in rest) == pytest.approx(0.29, abs=0.01)


def test_within_a_group_the_commonest_offences_are_those_of_the_force(large):
    counts = dict(large.ask("SELECT offence_code, count(*) FROM h GROUP BY ALL"))

    assert counts["105A"] > counts["8N"] > counts["8R"] > counts["8L"] > counts["3B"]
    assert counts["46"] == max(counts[code] for code in ("46", "49", "45", "44", "28A"))
    assert "28E" not in counts, "the codes of burglary changed in 2017"


def test_some_codes_are_of_the_court_in_every_spelling_and_some_are_garbage(large):
    codes = dict(large.ask("SELECT offence_code, count(*) FROM h GROUP BY ALL"))
    garbage = set(GIVEN.mix("code.garbage_mix"))

    assert {"046/00", "04600", "46/00", "008/06", "00806", "8/06", "999Z"} <= set(codes)
    found = sum(count for code, count in codes.items() if code in garbage)
    assert found == large.summary.unknown_codes
    assert found / 100_000 == pytest.approx(0.001, abs=0.0004)
    missing = "offence_code IS NULL AND NOT offence_code_absent"
    assert large.one(f"SELECT count(*) FROM h WHERE {missing}") == large.summary.codes_not_given


def test_a_later_history_has_the_later_codes_of_burglary(later):
    query = "SELECT min(decision_date), max(decision_date) FROM h WHERE offence_code = '{}'"

    assert later.ask(query.format("28A"))[0][1] < dt.date(2017, 4, 1)
    assert later.ask(query.format("28E"))[0][0] >= dt.date(2017, 4, 1)


def test_the_youth_share_falls_from_31_to_26_per_cent_and_few_ages_are_missing(large):
    first, last = "decision_date < '2011-07-01'", "decision_date >= '2014-01-01'"

    assert large.share("offender_age < 18", first) == pytest.approx(0.31, abs=0.01)
    assert large.share("offender_age < 18", last) == pytest.approx(0.26, abs=0.01)
    assert 0.004 <= large.share("offender_age IS NULL") <= 0.010
    assert large.one("SELECT min(offender_age) FROM h") == 10


def test_domestic_abuse_has_its_share_and_its_actions(large):
    known = "flags_domestic_abuse IS NOT NULL"
    abuse = "flags_domestic_abuse AND resolution_action IS NOT NULL"

    assert large.share("flags_domestic_abuse", known) == pytest.approx(0.0488, abs=0.004)
    assert large.share("resolution_action = 'apology'", abuse) == pytest.approx(0.43, abs=0.03)
    assert large.share("resolution_action = 'reparation'", abuse) == pytest.approx(0.27, abs=0.03)


def test_a_shop_is_the_victim_of_a_shoplifter_and_nobody_of_drugs(large):
    first = "SELECT DISTINCT victims[1].kind FROM h WHERE offence_code = '46' AND len(victims) > 0"
    drugs = "SELECT DISTINCT len(victims) FROM h WHERE offence_code IN ('92E', '92D', '10D')"

    assert {kind for (kind,) in large.ask(first)} == {"business", "public_body", None}
    assert {count for (count,) in large.ask(drugs)} == {0, None}
    assert large.share("len(victims) > 1") > 0.02


def test_only_a_person_has_an_age(large):
    each = "(SELECT unnest(victims, recursive := true) FROM h)"
    wrong = f"SELECT count(*) FROM {each} WHERE age_absent AND (kind = 'person' OR age IS NOT NULL)"

    assert large.one(wrong) == 0
    assert large.one(f"SELECT count(*) FROM {each} WHERE kind = 'business' AND NOT age_absent") == 0
    assert large.one(f"SELECT count(*) FROM {each} WHERE kind = 'person' AND age IS NULL") > 0


def test_most_sexual_offences_are_between_the_young(large):
    child = "offence_code IN ('22B', '20B', '21', '17B', '88A')"

    assert large.share("offender_age < 18", child) > 0.7
    assert large.one(f"SELECT max(victims[1].age) FROM h WHERE {child}") < 16


# ---- what is not known --------------------------------------------------------------------------


def test_a_list_not_known_is_not_an_empty_list(large):
    for owner, missing in (("victims", 0.02), ("earlier_disposals", 0.10)):
        assert large.share(f"{owner} IS NULL") == pytest.approx(missing, abs=0.004)
        assert large.share(f"len({owner}) = 0") > 0.05


WHERE_HELD = {  # a fact lost further to another, or not a question in those years
    "gravity.score": "gravity_matrix IS NOT NULL AND NOT gravity_score_absent",
    "gravity.aggravating": "gravity_matrix IS NOT NULL",
    "gravity.mitigating": "gravity_matrix IS NOT NULL",
    "gravity.matrix": "decision_date >= DATE '2013-04-08'",
    "resolution.last_action_due": "NOT resolution_last_action_due_absent "
    "AND resolution_delivery = 'deferred'",
}
SINCE_2014 = {"remedy.asked_for_listed_action", "remedy.listed_action_invited"}
SINCE_2014 |= {"recorded.remedy_choice", "recorded.remedy_reason"}


@pytest.mark.parametrize(
    "fact", [n for n in GIVEN.missing() if n.partition(".")[0] not in columns.LISTS]
)
def test_each_fact_is_missing_in_its_own_share_of_rows(large, fact):
    before, _ = GIVEN.missing()[fact]
    column = catalogue()[fact].column
    share = large.share(f"{column} IS NULL", WHERE_HELD.get(fact, "true"))

    assert share == pytest.approx(1.0 if fact in SINCE_2014 else before, abs=0.015)


def test_flags_are_known_once_they_are_mandatory(later):
    for fact in ("flags.domestic_abuse", "flags.hate", "flags.child"):
        before, since = GIVEN.missing()[fact]
        missing = f"{catalogue()[fact].column} IS NULL"
        assert later.share(missing, "decision_date < '2015-04-01'") == pytest.approx(
            before, abs=0.03
        )
        assert later.share(missing, "decision_date >= '2015-04-01'") == pytest.approx(
            since, abs=0.01
        )


def test_what_a_victim_chose_is_a_question_only_since_october_2014(later):
    asked = "remedy_asked_for_listed_action IS NOT NULL"

    assert later.share(asked, "decision_date < '2014-10-20'") == 0
    assert later.share(asked, "decision_date >= '2014-10-20'") == pytest.approx(0.8, abs=0.01)


def test_a_gravity_matrix_is_one_of_its_time_and_age(later):
    wrong = (
        "(gravity_matrix = 'npcc_adult_2019' AND decision_date < '2019-03-01') OR "
        "(gravity_matrix = 'npcc_child_2023' AND decision_date < '2023-10-01') OR "
        "(gravity_matrix LIKE '%adult%' AND offender_age < 18) OR "
        "(gravity_matrix LIKE 'acpo_youth%' AND gravity_score > 4)"
    )

    assert later.share(wrong) == 0
    assert later.one("SELECT count(DISTINCT gravity_matrix) FROM h") == 4


def test_several_forces_share_the_rows(later):
    assert later.share("force = 'kent'") == pytest.approx(0.5, abs=0.02)
    assert later.share("force = 'west-midlands'") == pytest.approx(0.5, abs=0.02)


# ---- what is truly wrong ------------------------------------------------------------------------


def test_between_a_fifth_and_a_third_is_truly_inappropriate(usual):
    counts = dict(usual.ask("SELECT planted, count(*) FROM h WHERE planted IS NOT NULL GROUP BY 1"))

    assert counts == usual.summary.planted
    assert set(counts) == set(planting.CAUSES)
    assert 0.20 <= usual.summary.inappropriate / 13_219 <= 0.34
    assert min(counts.values()) > 100


RANKS = "('inspector', 'chief_inspector', 'superintendent')"
NOT_AGREED = "len(list_filter(victims, v -> v.position != 'agree')) > 0"
SHOWS = {  # how each cause shows in the facts, where they are known
    "no_admission": "admission_form != 'admits_offence'",
    "wrong_rank": f"authority_rank NOT IN {RANKS}",
    "no_rationale": "NOT recorded_rationale",
    "repeat": "len(list_filter(earlier_disposals, e -> e.like_offence)) > 0",
    "victim_not_asked": "len(list_filter(victims, v -> NOT v.contact_made)) > 0",
    "victim_disagrees": "len(list_filter(victims, v -> v.position = 'disagree')) > 0",
    "victim_silent": "len(list_filter(victims, v -> v.position IN ('no_view', 'not_contactable'))) > 0",
    "excluded_offence": "offence_likely_crown_court",
    "intimate_partner": "flags_domestic_abuse AND flags_relationship LIKE '%intimate_partner'",
}
ALSO = {  # causes with which the same sign may go
    "no_rationale": ("excluded_offence", "intimate_partner"),
    "intimate_partner": ("excluded_offence",),
}


@pytest.mark.parametrize("cause", planting.CAUSES)
def test_what_is_planted_shows_and_what_is_not_planted_does_not(large, cause):
    sign, others = SHOWS[cause], [cause, *ALSO.get(cause, ())]
    elsewhere = f"coalesce(planted NOT IN ({', '.join(map(repr, others))}), true)"

    assert large.share(sign, f"planted = '{cause}'") > 0.5
    assert large.share(f"NOT ({sign})", f"planted = '{cause}'") < 0.25
    assert large.share(sign, elsewhere) == 0


def test_what_is_not_normally_allowed_is_wrong_for_want_of_reasons_and_right_with_them(large):
    both = "planted IN ('excluded_offence', 'intimate_partner')"
    good = "planted IS NULL AND offence_code IN ('20A', '22B', '88E', '20B')"

    assert large.share("recorded_rationale", both) == 0
    assert large.share("NOT recorded_full_rationale", good) == 0
    assert large.share("offence_serious_sexual AND NOT recorded_panel_referral", good) == 0


def test_a_repeat_was_within_two_years_and_counted(large):
    first = "earlier_disposals[1]"
    late = f"{first}.like_offence AND offence_date - {first}.date > 730"

    assert large.share(late, "planted = 'repeat'") == 0
    assert large.share("earlier_community_resolutions > 0", "planted = 'repeat'") > 0.6
    assert large.share(f"{first}.offence_code = offence_code", "planted = 'repeat'") > 0.5


# ---- the same again -----------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_rows_and_another_does_not(tmp_path, usual):
    again = History(invent(tmp_path / "again.parquet"))
    other = History(invent(tmp_path / "other.parquet", seed=2))

    assert again.digest() == usual.digest()
    assert dataclasses.replace(again.summary, out=usual.summary.out) == usual.summary
    assert other.digest() != usual.digest()


def test_many_chunks_are_one_file_in_order(tmp_path, by_thousands):
    told: list[tuple[int, int]] = []
    first = History(
        invent(tmp_path / "a.parquet", rows=13_219, progress=lambda *so_far: told.append(so_far))
    )
    second = History(invent(tmp_path / "b.parquet", rows=13_219))
    codes = [code for (code,) in first.ask("SELECT offence_code FROM h")]

    assert first.digest() == second.digest()
    assert sum(map(is_sexual, codes)) == 61
    assert first.ask("SELECT case_reference, decision_date FROM h") == first.ask(
        "SELECT case_reference, decision_date FROM h ORDER BY case_reference, decision_date"
    )
    assert told == sorted(told)
    assert told[-1] == (13_219, 13_219)
    assert len(told) == 15


@pytest.mark.parametrize("rows", [1, 2, 999, 1_000, 1_001, 2_001])
def test_the_last_chunk_may_be_any_size(tmp_path, by_thousands, rows):
    history = History(invent(tmp_path / "h.parquet", rows=rows))

    assert history.one("SELECT count(*) FROM h") == sum(history.summary.groups.values()) == rows


def test_groups_are_counted_up_without_going_back():
    before = [0] * len(GIVEN.tables["group"])
    assert offending.ends(GIVEN, 0) == before
    for rows in range(1, 3_000):
        now = offending.ends(GIVEN, rows)
        assert now == sorted(now)
        assert all(n >= b for n, b in zip(now, before, strict=True))
        assert now[-1] == rows
        before = now


# ---- what cannot be ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"rows": 0}, r"rows is 0: give a whole number from 1 to 100,000,000"),
        ({"rows": 100_000_001}, r"rows is 100000001: give a whole number"),
        ({"seed": -1}, r"seed is -1: give a whole number from 0"),
        ({"start": dt.date(2014, 4, 1)}, r"from 2014-04-01 is after to 2014-03-31"),
        ({"forces": ()}, r"give at least one force by its data.police.uk name"),
        ({"forces": ("Avon & Somerset",)}, r"Avon & Somerset.*for example avon-and-somerset"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(tmp_path, wrong, says):
    with pytest.raises(CannotInvent, match=says):
        invent(tmp_path / "h.parquet", **wrong)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (".", r"is a folder: give a file in it, for example .*history\.parquet"),
        ("missing/h.parquet", r"There is no folder .*missing to put h\.parquet in"),
        ("n\0ul.parquet", r"ul\.parquet' has a null character in it"),
        ("x" * 300, r"cannot be written: .*File name too long"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused(tmp_path, place, says):
    with pytest.raises(CannotInvent, match=says):
        invent(tmp_path / place, rows=10)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stops", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("at", [1, 3])
def test_an_interrupted_file_leaves_nothing(tmp_path, by_thousands, stops, at):
    calls: list[int] = []

    def progress(done: int, _rows: int) -> None:
        calls.append(done)
        if len(calls) == at:
            raise stops

    with pytest.raises(stops):
        invent(tmp_path / "h.parquet", rows=5_000, progress=progress)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (RuntimeError("Query interrupted"), KeyboardInterrupt),
        (RuntimeError("something else"), RuntimeError),
        (duckdb.IOException("No space left"), storing.CannotStore),
    ],
)
def test_what_the_database_says_of_an_interruption_is_understood(tmp_path, said, told):
    class Duck:
        def execute(self, _query: str) -> None:
            raise said

    store = storing.Store(tmp_path, (), ())
    store.duck = Duck()
    with pytest.raises(told):
        store.join({})


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path, monkeypatch):
    out = tmp_path / "h.parquet"
    out.write_bytes(b"older")

    def full(*_args: object) -> None:
        raise storing.CannotStore("No space left on device.")

    with monkeypatch.context() as patched:
        patched.setattr(storing.Store, "join", full)
        with pytest.raises(CannotInvent, match=r"h\.parquet cannot be written: No space left"):
            invent(out, rows=10)
    assert (out.read_bytes(), list(tmp_path.iterdir())) == (b"older", [out])
    assert History(invent(out, rows=10)).one("SELECT count(*) FROM h") == 10


def test_a_quote_in_the_name_does_no_harm(tmp_path):
    folder = tmp_path / 'it\'s; a "folder" ✓'
    folder.mkdir()
    invent(folder / "o'clock.parquet", rows=10)
    assert [path.name for path in folder.iterdir()] == ["o'clock.parquet"]


# ---- the parameters -------------------------------------------------------------------------------


def test_every_parameter_has_its_basis():
    def bare(table: dict[str, Any], path: str) -> list[str]:
        if {"value", "before", "since"} & set(table) and isinstance(table.get("basis"), str):
            return []
        found = []
        for key, value in table.items():
            inner = isinstance(value, dict)
            found += bare(value, f"{path}.{key}") if inner else [f"{path}.{key}"]
        return found

    tables = {k: v for k, v in GIVEN.tables.items() if k not in ("offences", "version", "chunk")}
    offences = GIVEN.tables["offences"]
    used = {column for row in offences["rows"] for column in row}

    assert bare(tables, "") == []
    assert used <= set(offences["basis"])
    assert set(GIVEN.mix("code.ho_spelling")) == set(offending.SPELLINGS)


def test_every_fact_has_a_share_that_is_missing_or_is_always_held():
    always = {"force", "case.reference", "case.recorded_crime", "case.jurisdiction"}
    always |= {"decision.date", "offence.code"}
    facts = {fact.name for fact in columns.scalars()} | set(columns.LISTS)
    for owner in columns.LISTS:
        facts |= {f"{owner}.{fact.name}" for fact in columns.fields(owner)}

    assert set(GIVEN.missing()) == facts - always


def test_a_value_that_the_catalogue_does_not_have_is_our_own_mistake():
    with pytest.raises(ValueError, match=r"'perhaps' is not a value of the fact admission\.form"):
        columns.code("admission.form", "perhaps")
