"""Cases lived through from the first step to each of their ends, through the real actions."""

import datetime as dt

import pytest
from django.apps import apps

from amends.accounts.refusals import Refused, Stale
from amends.accounts.standing import today
from amends.cases.actions import agreeing, authorising, ending, listening, raising
from amends.cases.deciding import decided
from amends.cases.facts import facts_of
from amends.cases.models import Case, DecisionDocument, Person, Step
from amends.ledger.inspecting import inspect
from amends.ledger.models import Entry, Payload
from amends.ledger.notes import Signer, open_checkpoint
from amends.ledger.sequencing import published as published_log
from amends.ledger.sequencing import sequence
from amends.policy.documents import loads
from amends.policy.library import published
from support.record import Crew, actions, fresh_key, hours_ago, person

pytestmark = pytest.mark.django_db
IN_2013 = dt.date(2013, 6, 1)
FORCES = sorted({p.scope for p in published().policies if not p.draft and p.scope != "national"})


@pytest.fixture
def crew():
    return Crew()


@pytest.fixture(params=[*FORCES, "gwent"])
def any_crew(request):
    """Of every force with a policy of its own, and of one that has national guidance alone."""
    return Crew(request.param)


@pytest.fixture
def on_a_day(monkeypatch):
    """Lets a test act on another day, when another policy was in force."""

    def move(day: dt.date) -> None:
        monkeypatch.setattr("amends.accounts.standing.timezone.localdate", lambda: day)

    return move


def refused(code, what, *args, **given):
    with pytest.raises(Refused) as caught:
        what(*args, **given)
    assert caught.value.code == code, caught.value
    assert caught.value.sentence[0].isupper()
    return caught.value


# --- Outcome 8 --------------------------------------------------------------------------------------


def test_a_case_is_lived_through_to_outcome_8_under_the_policy_of_today(any_crew):
    crew = any_crew
    case = crew.done()
    crew.does(ending.close, case, outcome="8", reasons="Put right.")
    assert (case.state, case.outcome) == ("closed", "8")
    steps = list(Step.objects.filter(case=case).order_by("version"))
    assert [one.version for one in steps] == list(range(1, case.version + 1))
    assert [one.command for one in steps][:2] == ["cases.raise", "cases.offence"]
    assert all(one.entry.case == case.reference for one in steps)


POLICIES = {
    "acpo-2012": ("gwent", dt.date(2013, 6, 1)),
    "asb-act-2014": ("gwent", dt.date(2016, 6, 1)),
    "avon-and-somerset-2011": ("avon-and-somerset", dt.date(2013, 6, 1)),
    "west-midlands": ("west-midlands", dt.date(2018, 6, 1)),
    "npcc-2022": ("gwent", dt.date(2023, 1, 10)),
    "northumbria": ("northumbria", dt.date(2024, 1, 10)),
    "lancashire": ("lancashire", dt.date(2024, 1, 10)),
    "kent-2023": ("kent", dt.date(2024, 1, 10)),
}


def test_every_published_policy_is_lived_through():
    assert set(POLICIES) == {p.id for p in published().policies if not p.draft}


@pytest.mark.parametrize("name", POLICIES)
def test_a_case_is_lived_through_to_outcome_8_under(name, on_a_day):
    slug, day = POLICIES[name]
    on_a_day(day)
    crew = Crew(slug)
    case = crew.done()
    crew.does(ending.close, case, outcome="8", reasons="Put right.")
    assert (case.state, case.outcome) == ("closed", "8")
    kept = loads(DecisionDocument.objects.filter(case=case).latest("pk").document)
    assert name in [one["id"] for one in kept["policies"]]
    assert kept["on"] == day.isoformat()


def test_a_kept_decision_reads_the_same_for_ever(crew):
    case = crew.authorised()
    kept = DecisionDocument.objects.filter(case=case).latest("pk")
    assert loads(kept.document)["digest"] == kept.digest
    entry = Step.objects.get(case=case, command="cases.authorise").entry
    assert entry.policy.startswith("npcc-2022") or "+" in entry.policy
    assert kept.answer in bytes(Payload.objects.get(entry=entry).payload).decode()


# --- other endings ------------------------------------------------------------------------------------


@pytest.fixture(params=POLICIES)
def crew_of(request, on_a_day):
    """A force on a day when that published policy was in force."""
    slug, day = POLICIES[request.param]
    on_a_day(day)
    return Crew(slug)


def test_every_other_ending_is_reached_under_every_published_policy(crew_of):
    crew = crew_of
    ended = []
    since_2014 = today() >= dt.date(2014, 4, 1)  # before, there were fewer outcome types
    codes = ("10", "16", "15", "1") if since_2014 else ("6", "6", "6", "1")
    case = crew.raised()
    crew.does(ending.no_crime, case, reasons="A quarrel.")
    ended.append((case.state, case.outcome))
    case = crew.shoplifting()
    crew.does(authorising.ask_authority, case, of=crew.superintendent)
    crew.does(
        authorising.refuse_authority, case, crew.superintendent, reasons="No.", no_conflict=True
    )
    crew.does(ending.close, case, outcome=codes[0], reasons="Not suitable.")
    ended.append((case.state, case.outcome))
    for part, outcome in (("victim", codes[1]), ("suspect", codes[2])):
        case = crew.agreed()
        crew.does(listening.withdraw, case, person=Person.objects.get(case=case, part=part))
        crew.does(ending.close, case, outcome=outcome, reasons="Withdrawn.")
        ended.append((case.state, case.outcome))
    case = crew.agreed()
    crew.does(agreeing.record_breach, case, words="Not paid.")
    crew.does(agreeing.decide_breach, case, crew.sergeant, choice="escalate", reasons="Refused.")
    crew.does(ending.close, case, outcome="1", reasons="Charged.")
    ended.append((case.state, case.outcome))
    assert ended == [("incident", ""), *(("closed", code) for code in codes)]


def test_a_case_is_erased_after_its_review_and_nothing_of_anybody_stays(crew, on_a_day, tmp_path):
    canary = "Zaphod Canary"
    manager = person(crew.force, "records_manager")
    case = crew.done()
    crew.does(
        raising.add_need,
        case,
        person=Person.objects.get(case=case, part="suspect"),
        kind="access",
        words=canary,
    )
    crew.does(ending.close, case, outcome="8", reasons=f"Put right by {canary}.")
    refused("RET-NONE", crew.does, ending.erase, case, manager)
    later = today() + dt.timedelta(days=365)
    told = {"group": "3", "review_on": later, "reasons": canary}
    refused("RET-SOON", crew.does, ending.set_retention, case, manager, **told)
    refused("RET-GROUND", crew.does, ending.set_retention, case, manager, **told, ground="asked")
    made = crew.does(ending.set_retention, case, manager, **told, ground="right_to_erasure")
    assert made.ground == "right_to_erasure"
    refused("RET-EARLY", crew.does, ending.erase, case, manager)
    signer = Signer.new("invented.example/ledger")
    sequence(tmp_path, signer)
    on_a_day(later)
    crew.does(ending.erase, case, manager)
    assert (case.state, case.outcome) == ("erased", "8")
    for model in apps.get_models():
        for row in model.objects.all().values():
            if (
                model in (Person, Payload, Case, Step)
                or "case_id" in row
                or model.__name__ == "User"
            ):
                assert canary not in str(row).replace("\\x", ""), model
    assert not Person.objects.filter(case=case).exists()
    kept = Payload.objects.filter(entry__case=case.reference).exclude(
        entry__kind__startswith="ledger."
    )
    assert {one.entry.kind for one in kept} == {"cases.erase"}
    head = sequence(tmp_path, signer)
    found = inspect(
        published_log(tmp_path, head.epoch.number), open_checkpoint(head.note, signer.verifier)
    )
    assert (found.sound, found.faults) == (True, [])
    assert found.erased == case.version - 1
    for what, rest in ((ending.reopen, {"reasons": "x"}), (raising.note, {"words": "x"})):
        refused("CASE-TURN", crew.does, what, case, crew.sergeant, **rest)


def test_it_was_no_crime(any_crew):
    case = any_crew.raised()
    any_crew.does(ending.no_crime, case, reasons="A quarrel, and nobody was hurt.")
    assert (case.state, case.outcome) == ("incident", "")


@pytest.mark.parametrize("part", ["victim", "suspect"])
@pytest.mark.parametrize("stage", ["shoplifting", "authorised", "agreed", "done"])
def test_either_side_withdraws_and_it_is_closed_otherwise(any_crew, part, stage):
    crew = any_crew
    case = getattr(crew, stage)()
    one = Person.objects.get(case=case, part=part)
    crew.does(listening.withdraw, case, person=one)
    assert case.state == "stopped"
    refused("END-TURN", crew.does, ending.close, case, outcome="8", reasons="No.")
    crew.does(ending.close, case, outcome="16" if part == "victim" else "15", reasons="Withdrawn.")
    assert case.state == "closed"


def test_the_admission_is_withdrawn(crew):
    case = crew.agreed()
    crew.does(listening.withdraw_admission, case, words="It was not me.", said_at=hours_ago(1))
    assert facts_of(case, today())["admission.form"] == "none"
    assert decided(case, today())[0].answer.word == "nobody"
    crew.does(ending.close, case, outcome="15", reasons="No admission.")
    assert case.state == "closed"


def test_authority_is_refused(crew):
    case = crew.shoplifting()
    crew.does(authorising.ask_authority, case, of=crew.inspector)
    crew.does(
        authorising.refuse_authority,
        case,
        crew.inspector,
        reasons="Not this time.",
        no_conflict=True,
    )
    assert case.state == "stopped"


@pytest.mark.parametrize(
    ("choice", "state"),
    [
        ("escalate", "stopped"),
        ("offer_again", "agreed"),
        ("vary", "authorised"),
        ("close", "stopped"),
    ],
)
def test_what_follows_a_breach(crew, choice, state):
    case = crew.agreed()
    crew.does(agreeing.record_breach, case, words="Nothing was paid.")
    made = crew.does(
        agreeing.decide_breach, case, crew.sergeant, choice=choice, reasons="As talked over."
    )
    assert case.state == state
    assert made.last_day is None  # theft can be tried in either court


def test_a_closed_case_is_reopened_and_its_first_decision_stays(crew):
    case = crew.done()
    crew.does(ending.close, case, outcome="8", reasons="Put right.")
    before = list(DecisionDocument.objects.filter(case=case).values_list("digest", flat=True))
    crew.does(ending.reopen, case, crew.sergeant, reasons="The shop says that nothing was paid.")
    assert (case.state, case.outcome) == ("raised", "")
    assert (
        list(DecisionDocument.objects.filter(case=case).values_list("digest", flat=True)) == before
    )


# --- rules --------------------------------------------------------------------------------------------


def test_nobody_authorises_their_own_case(on_a_day):
    on_a_day(IN_2013)
    crew = Crew()  # Avon and Somerset asked an Inspector for every one
    crew.officer.ranks.update(rank="superintendent")
    case = crew.shoplifting()
    told = {"reasons": "Mine.", "no_conflict": True}
    refused("AUTH-OWN", crew.does, authorising.authorise, case, **told)
    refused("AUTH-OWN", crew.does, authorising.ask_authority, case, of=crew.officer)
    crew.does(authorising.authorise, case, crew.inspector, **told)


def test_what_the_policy_leaves_to_the_officer_the_officer_decides(on_a_day):
    on_a_day(IN_2013)
    crew = Crew("gwent")
    case = crew.shoplifting()
    crew.does(authorising.authorise, case, reasons="Minor, and put right.", no_conflict=True)
    assert case.state == "authorised"


def test_a_rank_too_low_may_not(on_a_day):
    on_a_day(IN_2013)
    crew = Crew()  # Avon and Somerset asked an Inspector for every one
    case = crew.shoplifting()
    told = {"reasons": "Fine.", "no_conflict": True}
    refused("AUTH-RANK", crew.does, authorising.authorise, case, crew.sergeant, **told)
    refused("AUTH-RANK", crew.does, authorising.ask_authority, case, of=crew.sergeant)
    crew.does(authorising.ask_authority, case, of=crew.inspector)
    crew.does(authorising.authorise, case, crew.inspector, **told)
    assert case.state == "authorised"


def test_silence_is_no_consent(crew):
    case = crew.raised()
    crew.does(raising.record_circumstances, case, facts={"offence.code": "46"})
    crew.does(raising.add_person, case, part="victim", kind="person", name="Invented Victim")
    (victim,) = facts_of(case, today())["victims"]
    assert victim == {"kind": "person"}
    refused("DEC-UNKNOWN", crew.does, authorising.authorise, case, reasons="x", no_conflict=True)


def test_a_change_of_mind_is_a_new_row_and_is_decided_anew(crew):
    case = crew.authorised()
    shop = Person.objects.get(case=case, part="victim")
    manager = Person.objects.get(case=case, part="speaks_for")
    crew.does(
        listening.record_view, case, victim=shop, position="disagree", words="No longer.",
        informed=True, remedy="", wording="shop-1", channel="telephone", language="English",
        said_by=manager,
    )  # fmt: skip
    assert case.state == "raised"
    assert facts_of(case, today())["victims"][0]["position"] == "disagree"
    assert listening.VictimView.objects.filter(person=shop).count() == 2


def test_outcome_8_waits_for_what_the_policy_wants_recorded(on_a_day):
    on_a_day(IN_2013)
    crew = Crew()
    sexual = {"offence__code": "17A", "flags__sexual": True, "offence__likely_crown_court": False}
    case = crew.done(without=("full_rationale",), **sexual)
    told = refused("DEC-RECORD", crew.does, ending.close, case, outcome="8", reasons="x")
    assert "full rationale" in told.sentence
    crew.does(authorising.record, case, crew.inspector, kind="full_rationale", words="At length.")
    crew.does(ending.close, case, outcome="8", reasons="x")
    assert case.outcome == "8"


def test_nothing_is_agreed_before_it_is_understood(crew):
    case = crew.authorised()
    refused("AGR-NOTICE", crew.does, agreeing.agree, case, actions=actions())
    crew.does(
        agreeing.explain, case, wording="notice-1", knows_it_is_recorded=True,
        knows_it_may_be_disclosed=False, language="English",
    )  # fmt: skip
    refused("AGR-NOTICE", crew.does, agreeing.agree, case, actions=actions())


def test_a_letter_is_never_sent_unasked(crew):
    case = crew.agreed()
    refused("LET-TURN", crew.does, agreeing.offer_letter, case)
    crew.does(agreeing.write_letter, case, words="I am sorry.")
    refused("LET-TURN", crew.does, agreeing.offer_letter, case)
    crew.does(agreeing.screen_letter, case, crew.sergeant, fit=False, words="Leave out the excuse.")
    crew.does(agreeing.write_letter, case, words="I am sorry for what I did.")
    crew.does(agreeing.screen_letter, case, crew.sergeant, fit=True)
    refused("LET-TURN", crew.does, agreeing.offer_letter, case, wanted=True)
    crew.does(agreeing.offer_letter, case)
    crew.does(agreeing.offer_letter, case, wanted=False)
    refused("LET-TURN", crew.does, agreeing.offer_letter, case, wanted=True)


def test_money_is_paid_in_parts_and_never_too_much(crew):
    case = crew.agreed()
    _, pay = agreeing.current_actions(case)
    crew.does(agreeing.record_payment, case, action=pay, pence=1000, proof="Receipt")
    told = refused(
        "ACN-MONEY", crew.does, agreeing.record_payment, case, action=pay, pence=300, proof="x"
    )
    assert "2.00 pounds" in told.sentence
    refused("END-LEFT", crew.does, ending.complete, case, words="All done.")


# --- what every action keeps ----------------------------------------------------------------------------


def test_a_stale_edit_is_refused_and_shows_what_the_other_did(crew):
    case = crew.shoplifting()
    seen = case.version
    crew.does(raising.note, case, crew.sergeant, words="Looked at it.")
    with pytest.raises(Stale) as caught:
        raising.note(crew.officer, case, key=fresh_key(), expected=seen, words="Mine.")
    assert caught.value.code == "ACT-STALE"
    assert "write a note" in caught.value.sentence


def test_the_same_form_sent_twice_is_done_once(crew):
    case = crew.shoplifting()
    key, seen = fresh_key(), case.version
    made = [
        raising.note(crew.officer, case, key=key, expected=seen, words="Once.") for _ in range(3)
    ]
    assert len({one.pk for one in made}) == 1
    case.refresh_from_db()
    assert case.version == seen + 1
    refused("ACT-KEY", raising.note, crew.officer, case, key=key, expected=seen, words="Other.")
    refused("ACT-KEY", raising.note, crew.officer, case, key="", expected=case.version, words="x")


def test_a_case_is_raised_once(crew):
    key = fresh_key()
    one = raising.raise_case(crew.officer, key=key, reference="INV/ONCE")
    assert raising.raise_case(crew.officer, key=key, reference="INV/ONCE").pk == one.pk
    refused("CASE-TWICE", raising.raise_case, crew.officer, key=fresh_key(), reference="INV/ONCE")
    other = Crew("kent")
    assert raising.raise_case(other.officer, key=key, reference="INV/ONCE").pk != one.pk


def test_another_force_is_told_nothing(crew):
    case, stranger = crew.shoplifting(), Crew("kent")
    told = refused("ACT-NONE", crew.does, raising.note, case, stranger.inspector, words="x")
    gone = Case(pk=10**9, force=stranger.force, reference="none", version=1)
    none = refused(
        "ACT-NONE", raising.note, stranger.inspector, gone, key=fresh_key(), expected=1, words="x"
    )
    assert str(told) == str(none)


def test_whoever_is_part_of_a_case_may_do_nothing_in_it(crew):
    case = crew.shoplifting()
    raising.declare_conflict(
        crew.inspector, case, key=fresh_key(), reason="The suspect is my nephew."
    )
    told = {"reasons": "Fine.", "no_conflict": True}
    refused("ACT-CONFLICT", crew.does, authorising.authorise, case, crew.inspector, **told)
    refused("ACT-CONFLICT", crew.does, authorising.ask_authority, case, of=crew.inspector)


def test_nothing_is_half_written_when_an_action_is_refused(crew):
    case = crew.agreed()
    shop = Person.objects.get(case=case, part="victim")
    crew.does(listening.record_contact, case, victim=shop, method="email", result="reached",
              tried_at=hours_ago(1))  # fmt: skip
    before = (Entry.objects.count(), Step.objects.count(), case.version, Person.objects.count())
    refused("PER-NONE", crew.does, listening.withdraw, case, person=Person(pk=10**9))
    refused("AGR-DUE", crew.does, agreeing.vary, case, reasons="x", words="Yes.",
            actions=[actions()[0], actions()[0] | {"due": dt.date(2000, 1, 1)}])  # fmt: skip
    assert before == (
        Entry.objects.count(),
        Step.objects.count(),
        case.version,
        Person.objects.count(),
    )


def test_whoever_has_left_may_do_nothing(crew):
    case = crew.shoplifting()
    crew.officer.is_active = False
    crew.officer.save()
    refused("ACT-MAY-NOT", crew.does, raising.note, case, words="x")


def test_a_volunteer_of_the_force_may_not_see_or_do(crew):
    case = crew.shoplifting()
    volunteer = person(crew.force, "volunteer_facilitator")
    refused("ACT-MAY-NOT", crew.does, raising.note, case, volunteer, words="x")
    crew.does(raising.assign, case, user=volunteer, task="facilitate")
    crew.does(raising.note, case, volunteer, words="Met the manager.")
