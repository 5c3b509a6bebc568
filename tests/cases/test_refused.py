"""Bad input to the actions: refused by a stable code and a plain sentence, or kept exactly as it was said."""

import datetime as dt

import pytest
from django.utils import timezone

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases.actions import ending, listening, raising
from amends.cases.models import Admission, Case, Circumstance, Conflict, Person, Step
from amends.ledger.models import Payload
from support.record import Crew, fresh_key, hours_ago, person

pytestmark = pytest.mark.django_db
SAID = {"form": "admits_offence", "words": "I did.", "where": "Shop"}
ODD = "Dim ond y gwir: Ŵyn 👮🏽‍♀️ 𝔸 – “yes”\n\tand so"


@pytest.fixture
def crew():
    return Crew()


def refused(code, crew, case, what, **given):
    before = (Step.objects.count(), Person.objects.count(), Circumstance.objects.count())
    with pytest.raises(Refused) as caught:
        crew.does(what, case, **given)
    assert caught.value.code == code, caught.value
    assert caught.value.sentence[0].isupper()
    assert caught.value.sentence.rstrip()[-1] in ".?"
    after = (Step.objects.count(), Person.objects.count(), Circumstance.objects.count())
    assert after == before
    return caught.value


def somebody(**given):
    return {"part": "suspect", "kind": "person", "name": "Invented One", **given}


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("DAY-FUTURE", somebody(born=dt.date(2999, 1, 1))),
        ("DAY-EARLY", somebody(born=dt.date(1850, 1, 1))),
        ("TXT-EMPTY", somebody(name=" ")), ("TXT-LONG", somebody(name="x" * 121)),
        ("TXT-SIGN", somebody(name="a\0b")), ("TXT-ORDER", somebody(name="a\u202eb")),
        ("PER-PART", somebody(part="bystander")), ("PER-KIND", somebody(kind="ghost")),
        ("PER-KIND", somebody(kind="business")), ("PER-FOR", somebody(part="speaks_for")),
        ("PER-KIND", {"part": "victim", "kind": "business", "name": "Shop", "born": dt.date(2000, 1, 1)}),
    ],
)  # fmt: skip
def test_somebody_who_cannot_be(code, given, crew):
    refused(code, crew, crew.raised(), raising.add_person, **given)


def test_a_victim_is_never_the_person_responsible(crew):
    case = crew.raised()
    crew.does(raising.add_person, case, **somebody(name="Invented Both"))
    refused(
        "PER-BOTH", crew, case, raising.add_person, **somebody(part="victim", name="invented both")
    )
    refused("PER-ONE", crew, case, raising.add_person, **somebody(name="Another"))
    refused("PER-TWICE", crew, case, raising.add_person, **somebody(name="Invented Both"))


def test_nobody_was_born_after_the_offence_whichever_is_recorded_first(crew):
    case = crew.raised()
    crew.does(raising.record_circumstances, case, facts={"offence.date": "2020-05-01"})
    refused("DAY-ORDER", crew, case, raising.add_person, **somebody(born=dt.date(2020, 5, 2)))
    other = crew.raised()
    crew.does(raising.add_person, other, **somebody(born=dt.date(2010, 1, 1)))
    refused(
        "DAY-ORDER", crew, other, raising.record_circumstances, facts={"offence.date": "2009-12-31"}
    )


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("FACT-NONE", {}), ("FACT-NAME", {"flags.hat": True}), ("FACT-NAME", {"offender.age": 12}),
        ("FACT-NAME", {"recorded.rationale": True}), ("FACT-VALUE", {"flags.hate": "perhaps"}),
        ("FACT-VALUE", {"offence.date": "2013-02-30"}), ("FACT-CODE", {"offence.code": "9999"}),
        ("DAY-FUTURE", {"offence.date": "2199-01-01"}), ("FACT-VICTIMS", {"victims": [{"kind": "person"}]}),
    ],
)  # fmt: skip
def test_a_fact_that_cannot_be(code, facts, crew):
    refused(code, crew, crew.raised(), raising.record_circumstances, facts=facts)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("PER-SUSPECT", {}), ("DAY-FUTURE", {"said_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)}),
        ("DAY-ZONE", {"said_at": dt.datetime(2020, 1, 1)}), ("ADM-FORM", {"form": "shrugs"}),
        ("TXT-LONG", {"words": "x" * 5001}), ("TXT-SIGN", {"words": "a\x07b"}),
    ],
)  # fmt: skip
def test_an_admission_that_cannot_be(code, given, crew):
    case = crew.raised()
    if code != "PER-SUSPECT":
        crew.does(raising.add_person, case, **somebody())
    refused(
        code, crew, case, listening.record_admission, **(SAID | {"said_at": hours_ago(1)} | given)
    )


def test_odd_words_are_kept_exactly_and_in_the_ledger_too(crew):
    case = crew.raised()
    crew.does(raising.add_person, case, **somebody())
    crew.does(listening.record_admission, case, **(SAID | {"words": ODD, "said_at": hours_ago(1)}))
    assert Admission.objects.get().words == ODD
    step = Step.objects.get(case=case, command="cases.admission")
    assert "Ŵyn" in bytes(Payload.objects.get(entry=step.entry).payload).decode()


@pytest.mark.parametrize("reference", ["", " ", "x" * 61, "A\0B", "A\u202eB"])
def test_a_reference_that_cannot_be(reference, crew):
    with pytest.raises(Refused) as caught:
        raising.raise_case(crew.officer, key=fresh_key(), reference=reference)
    assert caught.value.code.startswith("TXT-")
    assert not Case.objects.exists()


def test_nothing_is_withdrawn_from_agreed_or_changed_once_it_is_closed(crew):
    case = crew.done()
    crew.does(ending.close, case, outcome="8", reasons="Put right.")
    victim = Person.objects.get(case=case, part="victim")
    refused("CASE-CLOSED", crew, case, listening.withdraw, person=victim)
    refused("CASE-CLOSED", crew, case, ending.close, outcome="8", reasons="Again.")
    refused("CASE-CLOSED", crew, case, raising.record_circumstances, facts={"flags.hate": True})


def test_a_victim_who_was_not_reached_has_no_position_until_somebody_tried(crew):
    case = crew.raised()
    victim = crew.does(raising.add_person, case, **somebody(part="victim", name="Invented Victim"))
    told = {"words": "", "wording": "w-1", "channel": "telephone", "language": "English"}
    refused(
        "VIC-TRIED",
        crew,
        case,
        listening.record_view,
        victim=victim,
        position="not_contactable",
        **told,
    )
    refused("TXT-EMPTY", crew, case, listening.record_view, victim=victim, position="agree", **told)
    refused(
        "VIC-POSITION", crew, case, listening.record_view, victim=victim, position="silent", **told
    )


# --- the day of the offence, moved later ------------------------------------------------------------


def test_the_offence_is_not_moved_after_anything_that_was_recorded_of_it(crew, monkeypatch):
    """What a victim said, or an authority given, was of an offence that had been: so was the case raised."""
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() - dt.timedelta(days=9))
    case = crew.raised()
    monkeypatch.undo()
    raised = timezone.localtime(case.raised_at).date()
    for days, fits in ((1, False), (9, False), (0, True)):
        facts = {"offence.date": (raised + dt.timedelta(days=days)).isoformat()}
        if fits:
            crew.does(raising.record_circumstances, case, facts=facts)
        else:
            told = refused("DAY-ORDER", crew, case, raising.record_circumstances, facts=facts)
            assert "the case was raised" in told.sentence


def test_a_part_in_what_was_erased_is_not_declared(crew):
    case, manager = crew.raised(), person(crew.force, "records_manager")
    crew.does(ending.no_crime, case, reasons="A quarrel.")
    ground = {"review_on": today(), "reasons": "By order.", "ground": "court_order"}
    crew.does(ending.set_retention, case, manager, group="4", **ground)
    crew.does(ending.erase, case, manager)
    given = {"key": fresh_key(), "reason": "My brother."}
    with pytest.raises(Refused) as caught:
        raising.declare_conflict(crew.sergeant, case, **given)
    assert caught.value.code == "CASE-ERASED"
    assert not Conflict.objects.filter(case=case).exists()


def test_a_part_is_declared_once_however_often_the_form_is_sent(crew):
    case = crew.raised()
    given = {"key": fresh_key(), "reason": "My brother."}
    made = raising.declare_conflict(crew.sergeant, case, **given)
    assert raising.declare_conflict(crew.sergeant, case, **given) == made
    with pytest.raises(Refused) as caught:
        raising.declare_conflict(crew.sergeant, case, key=fresh_key(), reason="Again.")
    assert caught.value.code == "ACT-CONFLICT"
