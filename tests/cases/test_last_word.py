"""The last word counts: of who withdrew, of what was done; and nobody takes two sides of one case."""

import datetime as dt

import pytest
from django.utils import timezone

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import queries, texts
from amends.cases.actions import agreeing, authorising, ending, listening, raising
from amends.cases.facts import facts_of
from amends.cases.hearing import stays_withdrawn
from amends.cases.models import Admission, Circumstance, Person
from amends.cases.overriding import may_be_said
from amends.cases.retention import earliest_review
from support.record import Crew, actions, hours_ago, person, plain

pytestmark = pytest.mark.django_db
FORCES = ["avon-and-somerset", "west-midlands", "northumbria", "lancashire", "kent", "gwent"]
ALLOWED = {"reasons": "Again.", "no_conflict": True}
BORN = dt.date(1990, 1, 1)


@pytest.fixture
def crew():
    return Crew()


def refused(code, what, *args, **given):
    with pytest.raises(Refused) as caught:
        what(*args, **given)
    assert caught.value.code == code, caught.value
    return caught.value


def unheard(case):
    """That a victim was not asked, said where it is so."""
    return {"overrides": [one for one in may_be_said(case, today()) if one == "not_consulted"]}


def went_on(crew, part):
    """A case that one side withdrew from, and that is gone on with as if they had not."""
    case = crew.agreed()
    one = Person.objects.get(case=case, part=part)
    crew.does(listening.withdraw, case, person=one)
    crew.does(raising.record_circumstances, case, facts={"flags.hate": False})
    assert case.state == "raised"
    return case, one


# --- what was not carried out is no Outcome 8; what is changed must be agreed -----------------------


def breached(crew, choice):
    case = crew.agreed()
    crew.does(agreeing.record_breach, case, words="Nothing was paid.")
    crew.does(agreeing.decide_breach, case, crew.sergeant, choice=choice, reasons="As talked over.")
    return case


def told(crew, case):
    """The shop is told of it."""
    shop = Person.objects.get(case=case, part="victim")
    crew.does(
        listening.record_contact, case, victim=shop, method="telephone", result="reached",
        tried_at=hours_ago(1),
    )  # fmt: skip


def test_a_breach_closed_without_more_is_no_community_resolution(crew):
    case = breached(crew, "close")
    assert case.state == "stopped"
    refused("END-TURN", crew.does, ending.close, case, outcome="8", reasons="Done with.")
    refused("CASE-STOPPED", crew.does, ending.complete, case, words="All done.")
    crew.does(ending.close, case, outcome="10", reasons="Nothing further.")
    assert (case.state, case.outcome) == ("closed", "10")


def test_a_breach_that_is_varied_must_be_agreed_anew(crew):
    case = breached(crew, "vary")
    assert case.state == "authorised"
    refused("CASE-TURN", crew.does, ending.complete, case, words="All done.")
    first = [one.pk for one in agreeing.current_actions(case)]
    told(crew, case)
    crew.does(agreeing.agree, case, actions=actions()[:1])
    assert case.state == "agreed"
    (new,) = agreeing.current_actions(case)
    assert new.pk not in first
    crew.does(agreeing.record_action, case, action=new, kind="done", proof="Seen")
    crew.does(ending.complete, case, words="All done.")
    crew.does(ending.close, case, outcome="8", reasons="Put right.")
    assert case.outcome == "8"


def test_an_agreement_is_changed_only_in_the_words_of_whoever_agreed(crew):
    case = crew.agreed()
    change = {"actions": actions()[:1], "reasons": "A longer time."}
    told(crew, case)
    refused("TXT-EMPTY", crew.does, agreeing.vary, case, **change, words=" ")
    made = crew.does(agreeing.vary, case, **change, words="Yes, that suits me.")
    assert made.reasons == "A longer time.\n\nAgreed in these words: Yes, that suits me."
    assert len(agreeing.current_actions(case)) == 1


def test_nobody_is_told_that_it_is_too_late_while_an_exception_might_apply(crew):
    """A common assault, which only a magistrates' court can try, seven months ago."""
    long_ago = today() - dt.timedelta(days=215)
    for domestic, code in ((True, ""), (False, "BRE-BAR")):
        case = crew.agreed()
        crew.does(agreeing.record_breach, case, words="Nothing was paid.")
        rows = {
            "offence.code": "105/01",
            "offence.date": long_ago.isoformat(),
            "flags.domestic_abuse": domestic,
        }
        for name, value in rows.items():
            Circumstance.objects.create(case=case, by=crew.officer, name=name, value=value)
        told = {"choice": "escalate", "reasons": "Refused."}
        if code:
            assert code in str(
                refused(code, crew.does, agreeing.decide_breach, case, crew.sergeant, **told).code
            )
        else:
            made = crew.does(agreeing.decide_breach, case, crew.sergeant, **told)
            assert made.last_day < today()  # until then it is sure


# --- who, when, and how long ------------------------------------------------------------------------


def test_a_part_in_a_case_is_declared_only_by_those_who_may_do_something_in_it(crew):
    case = crew.raised()
    clerk = person(crew.force, "administrator")
    refused("ACT-MAY-NOT", raising.declare_conflict, clerk, case, key="k-1", reason="My brother.")
    other = person(Crew("kent").force, "officer")
    refused("ACT-NONE", raising.declare_conflict, other, case, key="k-2", reason="My brother.")
    made = raising.declare_conflict(crew.sergeant, case, key="k-3", reason="My brother.")
    assert made.user == crew.sergeant


def test_the_day_of_the_offence_is_not_moved_after_what_was_said_of_it(crew):
    case = crew.shoplifting()
    for days, code in ((0, ""), (1, "DAY-FUTURE")):
        on = (today() + dt.timedelta(days=days)).isoformat()
        if code:
            refused(code, crew.does, raising.record_circumstances, case, facts={"offence.date": on})
    Admission.objects.filter(person__case=case)
    early = timezone.now() - dt.timedelta(days=3)
    other = crew.raised()
    long_ago = (today() - dt.timedelta(days=9)).isoformat()
    crew.does(raising.record_circumstances, other, facts={"offence.date": long_ago})
    crew.does(raising.add_person, other, part="suspect", kind="person", name="Invented S")
    crew.does(listening.record_admission, other, form="admits_offence", words="I did.", where="Shop",
              said_at=early)  # fmt: skip
    shop = crew.does(raising.add_person, other, part="victim", kind="person", name="Invented V")
    for days, fits in ((3, True), (2, False), (1, False)):
        facts = {
            "offence.date": (
                timezone.localtime(early).date() + dt.timedelta(days=3 - days)
            ).isoformat()
        }
        if fits:
            crew.does(raising.record_circumstances, other, facts=facts)
        else:
            told = refused("DAY-ORDER", crew.does, raising.record_circumstances, other, facts=facts)
            assert "the suspect spoke of it" in told.sentence
    third = crew.raised()
    crew.does(raising.record_circumstances, third, facts={"offence.date": long_ago})
    shop = crew.does(raising.add_person, third, part="victim", kind="person", name="Invented V")
    crew.does(listening.record_contact, third, victim=shop, method="letter", result="no_answer",
              tried_at=early)  # fmt: skip
    told = refused("DAY-ORDER", crew.does, raising.record_circumstances, third,
                   facts={"offence.date": today().isoformat()})  # fmt: skip
    assert "a victim was called about it" in told.sentence


def test_only_a_victim_is_spoken_for(crew):
    case = crew.shoplifting()
    suspect = Person.objects.get(case=case, part="suspect")
    shop = Person.objects.get(case=case, part="victim")
    told = {"kind": "person", "name": "Invented Friend"}
    refused(
        "PER-FOR",
        crew.does,
        raising.add_person,
        case,
        part="speaks_for",
        speaks_for=suspect,
        **told,
    )
    refused("PER-FOR", crew.does, raising.add_person, case, part="witness", speaks_for=shop, **told)
    refused("PER-FOR", crew.does, raising.add_person, case, part="speaks_for", **told)


@pytest.mark.parametrize("part", ["victim", "suspect"])
def test_a_clock_set_back_revives_no_consent(crew, part, monkeypatch):
    case = crew.agreed()
    one = Person.objects.get(case=case, part=part)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() - dt.timedelta(days=2))
    crew.does(listening.withdraw, case, person=one)
    monkeypatch.undo()
    crew.does(raising.record_circumstances, case, facts={"flags.hate": False})
    assert stays_withdrawn(one)
    found = facts_of(case, today())
    assert (found["offender.agrees"], found["victims"][0].get("position")) == (
        (True, None) if part == "victim" else (False, "agree")
    )


@pytest.mark.parametrize(("group", "years"), [("1", 10), ("2", 10), ("3", 6), ("4", 6)])
def test_a_case_is_kept_as_long_as_its_group_says(crew, group, years):
    assert earliest_review(group, dt.date(2024, 2, 29)) == dt.date(2024 + years, 3, 1)
    case, manager = crew.raised(), person(crew.force, "records_manager")
    crew.does(ending.no_crime, case, reasons="A quarrel.")
    first = earliest_review(group, today())
    assert first.year == today().year + years
    soon = {"group": group, "review_on": first - dt.timedelta(days=1), "reasons": "x"}
    told = refused("RET-SOON", crew.does, ending.set_retention, case, manager, **soon)
    assert f"at least until {first:%-d %B %Y}" in told.sentence
    crew.does(ending.set_retention, case, manager, **{**soon, "review_on": first})
    crew.does(ending.set_retention, case, manager, **soon, ground="recorded_in_error")


# --- who withdrew stays withdrawn -------------------------------------------------------------------


@pytest.mark.parametrize("slug", FORCES)
def test_an_offender_who_withdrew_no_longer_agrees(slug):
    crew = Crew(slug)
    case, _ = went_on(crew, "suspect")
    found = facts_of(case, today())
    assert found["offender.agrees"] is False
    assert "offender.appropriate_adult" not in found
    refused(
        "DEC-NOBODY",
        crew.does,
        authorising.authorise,
        case,
        crew.superintendent,
        **ALLOWED,
        **unheard(case),
    )
    crew.does(listening.record_offender, case, agrees=True, words="I will after all.")
    crew.does(authorising.authorise, case, crew.superintendent, **ALLOWED, **unheard(case))
    assert case.state == "authorised"


@pytest.mark.parametrize("slug", FORCES)
def test_a_victim_who_withdrew_has_not_consented_until_asked_again(slug):
    crew = Crew(slug)
    case, shop = went_on(crew, "victim")
    found = facts_of(case, today())
    (victim,) = found["victims"]
    assert (victim["informed_consent"], "position" in victim) == (False, False)
    assert victim["contact_made"] is True
    for name in ("victim_consent", "victim_views", "remedy_choice"):
        assert found[f"recorded.{name}"] is False
    with pytest.raises(Refused) as caught:
        crew.does(authorising.authorise, case, crew.superintendent, **ALLOWED, **unheard(case))
    assert caught.value.code in ("DEC-UNKNOWN", "DEC-NOBODY", "AUTH-VICTIM")
    crew.does(
        listening.record_view, case, victim=shop, position="agree", informed=True, words="Very well.",
        remedy="", wording="shop-1", channel="telephone", language="English",
        said_by=Person.objects.get(case=case, part="speaks_for"),
    )  # fmt: skip
    crew.does(authorising.authorise, case, crew.superintendent, **ALLOWED, **unheard(case))
    assert case.state == "authorised"


def test_the_other_side_can_withdraw_from_what_is_stopped(crew):
    case = crew.agreed()
    for part in ("suspect", "victim"):
        crew.does(listening.withdraw, case, person=Person.objects.get(case=case, part=part))
    crew.does(raising.record_circumstances, case, facts={"flags.hate": False})
    found = facts_of(case, today())
    assert (found["offender.agrees"], found["victims"][0]["informed_consent"]) == (False, False)


# --- what was done, as last recorded ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "settled"),
    [
        (["done"], True), (["waived"], True), (["part"], False), (["not_done", "done"], True),
        (["done", "not_done"], False), (["waived", "part"], False), ([], False),
    ],
)  # fmt: skip
def test_an_action_is_settled_by_what_was_last_recorded_of_it(crew, kinds, settled):
    case = crew.agreed()
    sorry, _ = agreeing.current_actions(case)
    for kind in kinds:
        told = {"action": sorry, "kind": kind, "proof": "Asked the shop"}
        crew.does(agreeing.record_action, case, crew.sergeant, **told)
    assert agreeing.is_settled(sorry) is settled


@pytest.mark.parametrize("pence", [0, -1, True, 1.5, "12", 1_000_001, 10**12])
def test_money_is_whole_pence_and_not_without_end(crew, pence):
    case = explained(crew)
    told = [actions()[1] | {"pence": pence}]
    refused("AGR-MONEY", crew.does, agreeing.agree, case, actions=told)
    case = crew.agreed()
    _, pay = agreeing.current_actions(case)
    refused(
        "ACN-MONEY", crew.does, agreeing.record_payment, case, action=pay, pence=pence, proof="x"
    )


@pytest.mark.parametrize("name", ["what", "object", "due", "proof"])
def test_what_is_left_out_of_an_action_is_said(crew, name):
    one = {key: value for key, value in actions()[0].items() if key != name}
    told = refused("AGR-MISSING", crew.does, agreeing.agree, explained(crew), actions=[one])
    assert name in told.sentence


def explained(crew, language="English"):
    case = crew.authorised()
    crew.does(
        agreeing.explain, case, wording="notice-1", knows_it_is_recorded=True,
        knows_it_may_be_disclosed=True, language=language,
    )  # fmt: skip
    return case


def test_a_language_may_have_a_long_name(crew):
    assert explained(crew, "British Sign Language").state == "authorised"


def test_lines_as_a_browser_ends_them_are_kept_exactly(crew):
    made = crew.does(raising.note, crew.raised(), words="One.\r\nTwo.")
    assert made.words == "One.\r\nTwo."
    refused("TXT-SIGN", crew.does, raising.note, crew.raised(), words="One.\rTwo.")


# --- nobody on two sides ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("suspect", "victim"), ("victim", "suspect"), ("suspect", "appropriate_adult"),
        ("victim", "appropriate_adult"), ("speaks_for", "suspect"), ("suspect", "speaks_for"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("spelt", ["Zoe\u0308 Ng", "ZO\u00cb  NG", "\uff3a\u006f\u00eb Ng"])
def test_nobody_takes_two_sides_however_the_name_is_spelt(crew, first, second, spelt):
    case = crew.raised()
    other = crew.does(
        raising.add_person, case, part="victim", kind="person", name="Invented V", born=BORN
    )
    for part, name in ((first, "Zo\u00eb Ng"), (second, spelt)):
        given = {"part": part, "kind": "person", "name": name, "born": BORN}
        given |= {"speaks_for": other} if part == "speaks_for" else {}
        if part == second:
            refused("PER-BOTH", crew.does, raising.add_person, case, **given)
        else:
            crew.does(raising.add_person, case, **given)


def test_a_father_and_a_son_of_one_name_are_two_people(crew):
    case = crew.raised()
    for part, year in (("suspect", 1990), ("victim", 1960)):
        crew.does(
            raising.add_person, case, part=part, kind="person", name="John Invented",
            born=dt.date(year, 1, 1),
        )  # fmt: skip
    assert Person.objects.filter(case=case).count() == 2
    assert texts.same_name("John  Invented", "john invented")


def test_who_the_appropriate_adult_was_is_recorded_only_by_who_it_was(crew):
    case = crew.raised()
    crew.does(raising.add_person, case, part="suspect", kind="person", name="Invented Child")
    crew.does(
        listening.record_offender, case, agrees=True, words="Yes.", appropriate_adult_there=True
    )
    assert facts_of(case, today())["recorded.appropriate_adult"] is False
    crew.does(
        raising.add_person, case, part="appropriate_adult", kind="person", name="Invented Aunt"
    )
    assert facts_of(case, today())["recorded.appropriate_adult"] is True


# --- days in their order ----------------------------------------------------------------------------


def admit(crew, case, at):
    crew.does(
        listening.record_admission, case, form="admits_offence", words="I did.", where="Shop",
        said_at=at,
    )  # fmt: skip


def test_nothing_is_said_or_tried_before_the_offence_or_in_the_future(crew):
    case = crew.shoplifting()
    long_ago = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    refused("DAY-ORDER", admit, crew, case, long_ago)
    refused(
        "DAY-ORDER", crew.does, listening.record_contact, case, method="letter", result="reached",
        victim=Person.objects.get(case=case, part="victim"), tried_at=long_ago,
    )  # fmt: skip
    refused("DAY-FUTURE", admit, crew, case, timezone.now() + dt.timedelta(minutes=1))
    far_west = dt.timezone(dt.timedelta(hours=-12))  # where it is still yesterday
    later = (timezone.now() + dt.timedelta(hours=11)).astimezone(far_west)
    refused("DAY-FUTURE", admit, crew, case, later)
    admit(crew, case, timezone.now())


# --- endings ----------------------------------------------------------------------------------------


def test_an_incident_that_is_no_crime_is_never_outcome_8(crew):
    case = crew.done(case__recorded_crime=False)
    refused("END-CRIME", crew.does, ending.close, case, outcome="8", reasons="Settled.")
    crew.does(ending.no_crime, case, reasons="Settled between neighbours.")
    assert (case.state, case.outcome) == ("incident", "")


def test_a_recorded_crime_is_not_ended_as_an_incident(crew):
    case = crew.raised()
    crew.does(raising.record_circumstances, case, facts=plain(today()))
    refused("END-CRIME", crew.does, ending.no_crime, case, reasons="x")


def test_an_erased_case_waits_for_nobody(crew):
    case, manager = crew.raised(), person(crew.force, "records_manager")
    assert case in queries.needs_me(crew.officer)
    crew.does(ending.no_crime, case, reasons="A quarrel.")
    told = {
        "group": "4",
        "review_on": today(),
        "reasons": "Nothing in it.",
        "ground": "court_order",
    }
    crew.does(ending.set_retention, case, manager, **told)
    crew.does(ending.erase, case, manager)
    assert case not in queries.needs_me(crew.officer)


@pytest.mark.parametrize(
    ("kinds", "late"),
    [([], True), (["done"], False), (["done", "not_done"], True), (["part", "done"], False),
     (["waived", "part"], True)],
)  # fmt: skip
def test_the_list_of_what_is_late_takes_the_last_word_too(crew, kinds, late, monkeypatch):
    case = crew.agreed()
    sorry, pay = agreeing.current_actions(case)
    crew.does(agreeing.record_payment, case, action=pay, pence=1200, proof="Receipt")
    for kind in kinds:
        told = {"action": sorry, "kind": kind, "proof": "Asked the shop"}
        crew.does(agreeing.record_action, case, crew.sergeant, **told)
    later = today() + dt.timedelta(days=60)
    monkeypatch.setattr("amends.accounts.standing.timezone.localdate", lambda: later)
    assert (case in queries.late(crew.officer)) is late
    assert agreeing.is_settled(sorry) is not late
