"""A victim chooses from the community remedy document of the day."""

import datetime as dt

import pytest

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import remedies
from amends.cases.actions import authorising, listening
from amends.cases.facts import facts_of
from amends.cases.models import Person
from amends.ledger.models import Entry
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
LIST = [("An apology", "repair"), ("Paying for the damage", "repair"), ("A course", "rehabilitate")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def crew():
    return Crew()


def put(crew, starts, actions=LIST, source="Invented document 1"):
    boss = person(crew.force, "administrator")
    return remedies.set_remedies(
        boss, key=fresh_key(), starts=starts, actions=actions, source=source
    )


def refused(code, what, *args, **given):
    with pytest.raises(Refused) as caught:
        what(*args, **given)
    assert caught.value.code == code, caught.value


def view(crew, case, remedy, position="agree"):
    shop = Person.objects.get(case=case, part="victim")
    manager = Person.objects.get(case=case, part="speaks_for")
    return crew.does(
        listening.record_view, case, victim=shop, position=position, informed=True, words="Please.",
        remedy=remedy, wording="shop-1", channel="telephone", language="English", said_by=manager,
    )  # fmt: skip


def test_the_document_of_the_day_counts_and_earlier_ones_stay(crew):
    assert remedies.listed(crew.force, today()) is None
    put(crew, today() - 10 * DAY)
    put(crew, today(), LIST[:1])
    assert remedies.listed(crew.force, today() - 11 * DAY) is None
    assert remedies.listed(crew.force, today() - DAY) == [name for name, _ in LIST]
    assert remedies.listed(crew.force, today()) == ["An apology"]
    assert remedies.listed(Crew("kent").force, today()) is None
    assert Entry.objects.filter(kind="cases.set_remedies").count() == 2


def test_what_is_no_document_is_refused(crew):
    refused("REM-NONE", put, crew, today(), [])
    refused("REM-NONE", put, crew, today(), [LIST[0], LIST[0]])
    refused("AGR-OBJECT", put, crew, today(), [("A fine", "revenge")])
    refused("TXT-EMPTY", put, crew, today(), LIST, " ")
    put(crew, today())
    refused("REM-TWICE", put, crew, today())
    given = {"key": fresh_key(), "starts": today(), "actions": LIST, "source": "x"}
    refused("ACT-MAY-NOT", remedies.set_remedies, crew.officer, **given)


def test_a_victim_asks_for_what_is_on_the_list_of_today(crew):
    put(crew, today())
    case = crew.shoplifting()
    refused("VIC-REMEDY", view, crew, case, "A flogging")
    view(crew, case, "Paying for the damage")
    assert facts_of(case, today())["remedy.asked_for_listed_action"] is True
    view(crew, case, "")
    assert facts_of(case, today())["remedy.asked_for_listed_action"] is False


def test_it_goes_ahead_against_a_victims_will_only_where_that_is_said(crew, monkeypatch):
    monkeypatch.setattr("amends.accounts.standing.timezone.localdate", lambda: dt.date(2024, 1, 10))
    crew = Crew("lancashire")  # consult only: the victim is heard, and does not decide
    case = crew.shoplifting()
    view(crew, case, "", "disagree")
    told = {"reasons": "Minor; the shop was heard.", "no_conflict": True}
    refused("AUTH-VICTIM", crew.does, authorising.authorise, case, crew.superintendent, **told)
    refused(
        "AUTH-CODE",
        crew.does,
        authorising.authorise,
        case,
        crew.superintendent,
        **told,
        overrides=["because"],
    )
    made = crew.does(
        authorising.authorise, case, crew.superintendent, **told, overrides=["victim_disagrees"]
    )
    assert made.overrides == ["victim_disagrees"]
