"""The offence tables say what their sources say, agree with one another, and refuse what is wrong."""

import csv
import re
import tomllib
from collections import defaultdict
from datetime import date
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amends.policy import gravity as grave
from amends.policy import offences
from amends.policy.code_tables import BadTable
from amends.policy.gravity import gravity, harm
from amends.policy.offences import normalise, published

SHELF = files("amends.policy") / "published"
DATA = Path(__file__).parents[2].parent / "shared" / "data" / "offence_codes"
SPLIT = date(2017, 4, 1)  # burglary was counted anew from this day

GROUPS = {
    "Criminal damage and arson": "damage_and_arson",
    "Drug offences": "drugs",
    "Fraud offences": "fraud",
    "Miscellaneous crimes": "miscellaneous",
    "Possession of weapons offences": "weapons",
    "Public order offences": "public_order",
    "Robbery": "robbery",
    "Sexual offences": "sexual",
    "Theft offences": "theft",
    "Violence against the person": "violence",
}
SUBGROUPS = {
    "Arson": "arson",
    "Bicycle theft": "bicycle_theft",
    "Criminal damage": "criminal_damage",
    "Domestic burglary": "residential_burglary",
    "Fraud: CIFAS": "fraud",
    "Fraud: Financial Fraud Action UK": "fraud",
    "Fraud: UK Finance": "fraud",
    "Fraud: action fraud": "fraud",
    "Homicide": "homicide",
    "Miscellaneous crimes": "miscellaneous",
    "Non-domestic burglary": "business_burglary",
    "Other sexual offences": "other_sexual",
    "Other theft offences": "other_theft",
    "Possession of drugs": "drug_possession",
    "Possession of weapons offences": "weapons",
    "Public order offences": "public_order",
    "Rape offences": "rape",
    "Robbery of business property": "robbery_of_business",
    "Robbery of personal property": "robbery_of_person",
    "Shoplifting": "shoplifting",
    "Stalking and harassment": "stalking_and_harassment",
    "Theft from a vehicle": "vehicle_offences",
    "Theft from the person": "theft_from_person",
    "Theft of a motor vehicle": "vehicle_offences",
    "Trafficking of drugs": "drug_trafficking",
    "Vehicle interference": "vehicle_offences",
    "Violence with injury": "violence_with_injury",
    "Violence without injury": "violence_without_injury",
}
# Parent groups of the court's list that are one of our groups, and no other.
PARENTS = {
    "Burglary": "theft",
    "Criminal damage": "damage_and_arson",
    "Drug offences": "drugs",
    "Robbery": "robbery",
    "Sexual offences": "sexual",
}
# The court's list puts threats to damage with damage; recorded crime counts them as miscellaneous.
PLACED_APART = {"059/11", "059/13"}


def of(system):
    return [offence for offence in published() if offence.system == system]


def codes(system):
    return {offence.code for offence in of(system)}


# ---- what we hold ----------------------------------------------------------------------------


def test_all_132_notifiable_codes_are_held_once():
    assert len(of("prc")) == len(codes("prc")) == 132


def test_no_spelling_belongs_to_both_systems():
    assert not codes("prc") & codes("ho")
    assert all(re.fullmatch(r"\d{3}/\d{2}", code) for code in codes("ho"))


@pytest.mark.parametrize("name", ["group", "subgroup", "police_uk_category", "mode_of_trial"])
def test_every_value_is_one_the_catalogue_declares(name):
    catalogue = tomllib.loads((files("amends.policy") / "catalogue.toml").read_text("utf-8"))
    held = {getattr(offence, name) for offence in published()} - {None}
    assert held <= set(catalogue[f"offence.{name}"]["values"])


def test_every_subgroup_has_one_group_and_one_police_uk_category():
    parents = defaultdict(set)
    for offence in published():
        if offence.subgroup:
            parents[offence.subgroup].add((offence.group, offence.police_uk_category))
    assert {name: found for name, found in parents.items() if len(found) > 1} == {}


def test_what_is_not_notifiable_has_no_police_uk_category():
    for offence in published():
        apart = "not_notifiable" in (offence.group, offence.subgroup)
        assert apart is (offence.group == offence.subgroup == "not_notifiable"), offence.code
        assert not (apart and offence.police_uk_category), offence.code


def test_a_notifiable_code_is_never_without_its_classification():
    for offence in of("prc"):
        assert None not in (offence.group, offence.subgroup, offence.police_uk_category), offence


def test_every_row_says_where_it_comes_from():
    for offence in published():
        assert re.match(r"src (58|65|58, 65)(;|$)", offence.source), offence
        if offence.mode_of_trial:
            assert re.search(r" Act \d{4}|common law", offence.source), offence


def test_a_placing_of_our_own_is_never_shown_as_read():
    for offence in published():
        ours = "our placing" in offence.source or "not among the codes" in offence.source
        assert ours is (offence.confidence == "illustrative"), offence
        assert ("second-hand" in offence.source or "as quoted" in offence.source) >= (
            offence.confidence == "reported"
        ), offence


# ---- the sources ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded_crime():
    path = DATA / "CrimeCatMappings.csv"
    if not path.exists():
        pytest.skip(f"the 132 notifiable codes are not here to compare with: no {path}")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def court_list():
    """Parent group by code, from the Ministry of Justice's list of 3,039 codes."""
    path = DATA / "V73__seed_risk_actuarial_ho_code_table.sql"
    if not path.exists():
        pytest.skip(f"the list of classes and subclasses is not here to compare with: no {path}")
    found = re.findall(r"VALUES \((\d+), (\d+), '([^']*)'", path.read_text("utf-8"))
    assert len(found) == 3039
    return {f"{int(number):03d}/{int(part):02d}": parent for number, part, parent in found}


def test_the_notifiable_codes_are_those_of_the_source(recorded_crime):
    assert codes("prc") == {row["Offence_Code"] for row in recorded_crime}


def test_the_classification_is_that_of_the_source(recorded_crime):
    for row in recorded_crime:
        offence = published().find(row["Offence_Code"])
        assert offence.group == GROUPS[row["Offence_Group"]], offence
        assert offence.subgroup == SUBGROUPS[row["Offence_Subgroup"]], offence
        category = row["Police.uk_Cat"].lower().replace(" ", "_")
        assert offence.police_uk_category == category, offence


def test_what_is_for_outcomes_only_ended_when_burglary_was_counted_anew(recorded_crime):
    over = {
        row["Offence_Code"]
        for row in recorded_crime
        if "outcome only" in row["Offence_Description"]
    }
    assert over == {offence.code for offence in of("prc") if offence.ends == SPLIT}


def test_every_class_and_subclass_is_in_the_courts_list(court_list):
    assert codes("ho") - set(court_list) == set()


def test_sexual_offences_are_the_same_in_the_courts_list(court_list):
    for offence in of("ho"):
        sexual = court_list[offence.code] == "Sexual offences"
        assert (offence.group == "sexual") is sexual, offence


def test_other_groups_agree_with_the_courts_list(court_list):
    for offence in of("ho"):
        wanted = PARENTS.get(court_list[offence.code])
        if wanted and offence.code not in PLACED_APART:
            assert offence.group == wanted, offence


# ---- finding ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("8N", "8N"),
        (" 8n ", "8N"),
        ("8\u00a0N", "8N"),
        ("37.1", "37.1"),
        ("105a", "105A"),
        ("1/4.1/4.10/4.2", "1/4.1/4.10/4.2"),
        ("af", "AF"),
        ("uk  finance", "UK Finance"),
        ("008/06", "008/06"),
        ("8/06", "008/06"),
        ("8/6", "008/06"),
        ("00806", "008/06"),
        ("08805", "088/05"),
        ("104", "104"),
        ("104/23", "104/23"),
        ("802", "802"),
        ("", None),
        ("   ", None),
        ("0806", None),
        ("008/006", None),
        ("1234/05", None),
        ("8\u017f", None),
        ("\u0668N", None),
        ("Shoplifting", None),
        ("-", None),
    ],
)
def test_a_code_is_known_however_it_is_written(written, code):
    assert normalise(written) == code
    assert published().normalise(written) == code


@given(st.text(alphabet="0123456789/. ABNSUKabnsfi", max_size=14) | st.text(max_size=8))
@example("uk finance")
def test_a_spelling_of_ours_is_its_own_spelling(written):
    code = normalise(written)
    assert code is None or normalise(code) == code
    assert code is None or normalise(f" {code.lower()} ") == code


@given(st.integers(0, 999), st.integers(0, 99))
def test_every_way_to_write_a_class_and_subclass_is_one_code(number, part):
    code = f"{number:03d}/{part:02d}"
    assert normalise(code) == code
    assert normalise(f"{number}/{part}") == code
    assert normalise(f"{number:03d}{part:02d}") == code


@given(st.data())
def test_every_code_held_is_found_by_its_own_spelling(data):
    offence = data.draw(st.sampled_from(list(published())))
    found = published().find(offence.code, offence.starts or date(2000, 1, 1))
    assert found == offence


def test_burglary_before_and_after_it_was_counted_anew():
    before, after = date(2017, 3, 31), SPLIT
    assert published().find("28A", before).subgroup == "residential_burglary"
    assert published().find("28A", after) is None
    assert published().find("28E", before) is None
    assert published().find("28E", after).subgroup == "residential_burglary"
    assert published().find("28A") is not None, "without a day, as last known"


def test_malicious_communications_became_triable_either_way():
    def mode(day):
        return published().facts("195/41", day)["offence.mode_of_trial"]

    assert mode(date(2015, 4, 12)) == "summary_only"
    assert mode(date(2015, 4, 13)) == "either_way"
    assert published().find("195/41").mode_of_trial == "either_way"


def test_a_code_tells_its_facts():
    assert published().facts("00806", date(2020, 1, 1)) == {
        "offence.group": "violence",
        "offence.subgroup": "violence_with_injury",
        "offence.police_uk_category": "violence_and_sexual_offences",
        "offence.mode_of_trial": "either_way",
    }


def test_what_is_not_known_is_left_out():
    assert "offence.mode_of_trial" not in published().facts("8N"), "it covers different modes"
    assert published().facts("141/01") == {
        "offence.group": "not_notifiable",
        "offence.subgroup": "not_notifiable",
        "offence.mode_of_trial": "summary_only",
    }
    assert published().facts("999/99") == {}
    assert published().facts("nonsense") == {}


@pytest.mark.parametrize(
    ("code", "mode"),
    [
        ("001/00", "indictable_only"),
        ("008/06", "either_way"),
        ("105/01", "summary_only"),
        ("019/07", "indictable_only"),
        ("022/06", "indictable_only"),
        ("022/18", "either_way"),
        ("028/02", "indictable_only"),
        ("028/03", "either_way"),
        ("046/00", "either_way"),
        ("149/00", "summary_only"),
        ("058/00", "either_way"),
        ("125/12", "summary_only"),
        ("008/49", "either_way"),
        ("092/61", "either_way"),
        ("34B", "indictable_only"),
        ("088/15", None),
        ("58D", None),
        ("9B", None),
    ],
)
def test_where_an_offence_may_be_tried(code, mode):
    assert published().find(code).mode_of_trial == mode


# ---- the crosswalk -------------------------------------------------------------------------


def crossings():
    return [
        (crossing, published().find(crossing.ho_code), published().find(crossing.prc_code))
        for crossing in grave.published_crosswalk()
    ]


def test_the_crosswalk_leads_from_a_code_we_hold_to_a_code_we_hold():
    for crossing, ho, prc in crossings():
        assert None not in (ho, prc), crossing


def test_both_ends_of_a_crossing_are_classed_alike():
    for crossing, ho, prc in crossings():
        assert (ho.group, ho.subgroup) == (prc.group, prc.subgroup), crossing


def test_a_notifiable_code_with_a_mode_of_trial_has_no_class_of_another():
    for crossing, ho, prc in crossings():
        if prc.mode_of_trial:
            assert ho.mode_of_trial == prc.mode_of_trial, crossing


@pytest.mark.parametrize(
    ("ho_code", "day", "prc_code"),
    [
        ("008/06", None, "8N"),
        ("105/01", None, "105A"),
        ("046/00", None, "46"),
        ("053/25", None, "49A"),
        ("029/00", date(2016, 1, 1), "29"),
        ("029/00", date(2018, 1, 1), "29A"),
        ("031/00", date(2018, 1, 1), None),
        ("028/03", None, None),
    ],
)
def test_crossing(ho_code, day, prc_code):
    crossing = grave.published_crosswalk().find(ho_code, day)
    assert (crossing and crossing.prc_code) == prc_code


# ---- gravity and harm ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "youth", "adult"),
    [
        ("008/06", (3, 3), (3, 3)),
        ("00806", (3, 3), (3, 3)),
        ("008/73", (3, 3), (3, 4)),
        ("008/77", None, (4, 4)),
        ("022/12", (3, 3), None),
        ("008/46", (4, 4), (5, 5)),
        ("008/47", (4, 4), (4, 4)),
        ("008/50", (3, 4), (4, 4)),
        ("092/39", (4, 4), (5, 5)),
        ("092/37", None, None),
        ("092/61", (1, 2), (1, 2)),
        ("046/00", (2, 2), (2, 2)),
        ("46", (2, 2), (2, 2)),
        ("8N", None, None),
        ("141/01", (1, 1), (1, 1)),
        ("nonsense", None, None),
    ],
)
def test_gravity_before_any_factor(code, youth, adult):
    assert gravity(code, "illustrative_youth") == youth
    assert gravity(code, "illustrative_adult") == adult
    assert gravity(code, "npcc_child_2023") is None, "no published matrix could be read"


def test_every_gravity_score_is_illustrative_and_on_its_scale():
    top = {"illustrative_youth": 4, "illustrative_adult": 5}
    for score in grave.published_scores():
        assert score.confidence == "illustrative"
        assert 1 <= score.least <= score.greatest <= top[score.matrix], score
        assert published().find(score.code), score


def test_a_notifiable_code_is_scored_as_every_class_counted_under_it():
    classes = defaultdict(set)
    for crossing in grave.published_crosswalk():
        classes[crossing.prc_code].add(crossing.ho_code)
    for score in grave.published_scores():
        if score.system == "prc":
            for ho_code in classes[score.code]:
                assert gravity(ho_code, score.matrix) == (score.least, score.greatest), score


def test_a_harm_weight_is_that_of_the_code_or_of_the_one_it_is_counted_under():
    for code in ("8N", "008/06", "008/01"):
        weight = harm(code, "ons_crime_severity_score")
        assert (weight.code, weight.days) == ("8N", Decimal(184))
    assert harm("092/61", "ons_crime_severity_score").days == 3
    assert harm("1/4.1/4.10/4.2", "ons_crime_severity_score").days == 7979


def test_harm_not_known_is_not_nought():
    assert harm("105A", "ons_crime_severity_score") is None
    assert harm("105/01", "ons_crime_severity_score") is None
    assert harm("nonsense", "ons_crime_severity_score") is None


def test_every_harm_weight_was_seen_at_second_hand_and_says_its_licence():
    weights = list(grave.published_weights())
    assert {weight.weight_set for weight in weights} == {"ons_crime_severity_score"}
    assert {weight.confidence for weight in weights} == {"reported"}
    assert all("unofficial copy" in weight.licence for weight in weights)


# ---- a force's own table ---------------------------------------------------------------------

HEAD = ",".join(offences.COLUMNS)
SHOP = "prc,46,Shoplifting,theft,shoplifting,shoplifting,either_way,,,force list,read"


def table(*rows):
    return "\n".join((HEAD, *rows)) + "\n"


def test_a_force_may_bring_its_own_table(tmp_path):
    path = tmp_path / "ours.csv"
    path.write_bytes("\ufeff".encode() + table(SHOP).replace("\n", "\r\n").encode() + b",,,\r\n")
    ours = offences.read(path)
    assert len(ours) == 1
    assert ours.find("46").source == "force list"
    assert ours.find("8N") is None


def test_columns_may_stand_in_any_order_and_have_others_among_them():
    head, row = HEAD.split(","), SHOP.split(",")
    text = ",".join([*reversed(head), "remarks"]) + "\n" + ",".join([*reversed(row), "seen"])
    assert list(offences.read(text)) == list(offences.read(table(SHOP)))


def test_the_digest_is_that_of_the_text():
    raw = (SHELF / "offences.csv").read_bytes()
    assert published().digest() == sha256(raw).hexdigest()
    assert offences.read(table(SHOP)).digest() != published().digest()
    assert offences.read(raw).digest() == offences.read(raw.decode()).digest()


BAD = {
    "an unknown group": (SHOP.replace("theft", "thieving"), "group", "table-value", "'thieving'"),
    "an unknown system": (SHOP.replace("prc", "cjs"), "system", "table-value", "'cjs'"),
    "no system": (SHOP.removeprefix("prc"), "system", "table-value", "empty"),
    "no source": (SHOP.replace("force list", ""), "source", "table-value", "empty"),
    "an unknown confidence": (
        SHOP.replace(",read", ",sure"),
        "confidence",
        "table-value",
        "'sure'",
    ),
    "a bad date": (SHOP.replace(",,,f", ",1/4/2017,,f"), "starts", "table-date", "2017-04-01"),
    "a day there never was": (SHOP.replace(",,,f", ",2017-02-30,,f"), "starts", "table-date", "30"),
    "a date without dashes": (SHOP.replace(",,,f", ",20170401,,f"), "starts", "table-date", "dat"),
    "an end before its start": (
        SHOP.replace(",,,f", ",2017-04-01,2017-04-01,f"),
        "ends",
        "table-date",
        "first day the row no longer holds",
    ),
    "no code": (SHOP.replace("46", "theft of a cow"), "code", "table-code", "Write it as 8N"),
    "a loose spelling": (SHOP.replace("46", "46a"), "code", "table-code", "Write 46A"),
    "the wrong system": (SHOP.replace("46", "046/00"), "code", "table-code", "system is ho"),
    "a cell too many": (SHOP + ",x", "confidence", "table-row", "quotes"),
    "a cell too few": (SHOP.removesuffix(",read"), "confidence", "table-row", "10 cells"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_row_is_refused_and_says_why(fault):
    row, column, code, words = BAD[fault]
    other = SHOP.replace("46", "8N")
    with pytest.raises(BadTable) as raised:
        offences.read(table(other, row), "ours.csv")
    error = raised.value
    assert (error.file, error.line, error.column, error.code) == ("ours.csv", 3, column, code)
    assert words in str(error)
    assert str(error).startswith(f"ours.csv, line 3, column {column}: ")
    assert isinstance(error, ValueError)


def test_one_code_may_not_mean_two_things_on_one_day():
    until = SHOP.replace(",,,f", ",,2020-01-01,f")
    since = SHOP.replace(",,,f", ",2020-01-01,,f")
    early = SHOP.replace(",,,f", ",2019-12-31,,f")
    assert len(offences.read(table(since, until))) == 2
    for second in (SHOP, early, until):
        with pytest.raises(BadTable, match=r"line 3, column code: 46 is given already on line 2"):
            offences.read(table(until, second))


def test_a_table_must_have_its_columns():
    with pytest.raises(BadTable, match=r"line 1, column subgroup: The column is missing"):
        offences.read(table(SHOP).replace("subgroup", "sub-group"))
    with pytest.raises(BadTable, match=r"line 1, column name: The column is there twice"):
        offences.read(table(SHOP).replace("subgroup", "name"))
    with pytest.raises(BadTable, match=r"line 1, column system: The column is missing"):
        offences.read("")


def test_a_table_must_be_utf_8(tmp_path):
    path = tmp_path / "ours.csv"
    path.write_bytes(table(SHOP, SHOP.replace("Shoplifting", "Caf\u00e9")).encode("latin-1"))
    with pytest.raises(BadTable, match=r"ours.csv, line 3, .*not UTF-8"):
        offences.read(path)


def test_a_quotation_mark_must_be_closed():
    with pytest.raises(BadTable, match="quotation mark"):
        offences.read(table(SHOP.replace("Shop", '"Shop')))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("ours,prc,46,0,2,force,read", "column least: '0'"),
        ("ours,prc,46,1,6,force,read", "column greatest: '6'"),
        ("ours,prc,46,3,2,force,read", "column greatest: The greatest score is 2"),
        ("ours,prc,46,two,2,force,read", "column least: 'two'"),
        ("ours,ho,46,2,2,force,read", "column code: '46'"),
        (",prc,46,2,2,force,read", "column matrix: The cell is empty"),
    ],
)
def test_a_bad_gravity_row_is_refused(row, words):
    with pytest.raises(BadTable, match=re.escape(words)):
        grave.read_scores("\n".join((",".join(grave.SCORES), row)))


def test_a_force_may_bring_its_own_gravity_matrix(tmp_path):
    path = tmp_path / "matrix.csv"
    rows = ["force_own,prc,46,2,3,force matrix,read", "other,prc,46,1,1,force matrix,read"]
    path.write_text("\n".join((",".join(grave.SCORES), *rows)), "utf-8")
    scores = grave.read_scores(path)
    assert (scores.find("46", "force_own").least, scores.find("46", "force_own").greatest) == (2, 3)
    with pytest.raises(BadTable, match="46 in other is given already on line 3"):
        grave.read_scores("\n".join((",".join(grave.SCORES), *rows, rows[1])))


@pytest.mark.parametrize("days", ["", "-1", "NaN", "Infinity", "many"])
def test_a_bad_harm_weight_is_refused(days):
    row = f"ours,1,prc,46,{days},force,read,MIT"
    with pytest.raises(BadTable, match="column days"):
        grave.read_weights("\n".join((",".join(grave.WEIGHTS), row)))


def test_a_class_may_not_cross_to_two_codes_on_one_day():
    rows = ["046/00,46,,,force,read", "046/00,49,2020-01-01,,force,read"]
    with pytest.raises(BadTable, match="046/00 is given already on line 2"):
        grave.read_crosswalk("\n".join((",".join(grave.CROSSINGS), *rows)))
