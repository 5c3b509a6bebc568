"""Who is told what, where it is safe, and by when: letters that fill themselves from the case."""

import datetime as dt

import pytest
from django.utils import timezone

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases.actions import ending, listening, raising, telling
from amends.cases.models import Case, Person, Told
from amends.cases.seeing import see
from amends.cases.victims_code import clocks
from amends.notices.clock import due
from amends.notices.models import Message
from support.record import Crew, person

pytestmark = pytest.mark.django_db
BY = {"language": "en", "channel": "email", "address": "v@example.org", "contact": "01234 567890"}


@pytest.fixture
def crew():
    return Crew("gwent")


def refused(code, what, *args, **given):
    with pytest.raises(Refused) as caught:
        what(*args, **given)
    assert caught.value.code == code, caught.value


def of(case, part):
    return Person.objects.get(case=case, part=part)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("kind", telling.FOR)
def test_every_letter_fills_itself_from_a_case(crew, kind, language):
    case = crew.agreed()
    part = telling.FOR[kind] or "victim"
    if kind == "withdrawal_received":
        refused(
            "TELL-EARLY",
            crew.does,
            telling.tell_in_writing,
            case,
            person=of(case, part),
            kind=kind,
            **BY,
        )
        crew.does(listening.withdraw, case, person=of(case, part))
    crew.does(
        telling.tell_in_writing,
        case,
        person=of(case, part),
        kind=kind,
        **{**BY, "language": language},
    )
    message = Message.objects.get()
    assert (message.case, message.template, message.language) == (case.reference, kind, language)
    assert (message.channel, message.address) == ("email", "v@example.org")
    assert case.reference in message.body
    assert Told.objects.get().kind == kind


def test_a_safe_contact_goes_before_every_address(crew):
    case = crew.agreed()
    shop = of(case, "victim")
    crew.does(
        raising.add_need, case, person=shop, kind="safe_contact", words="Only at her sister's"
    )
    crew.does(telling.tell_in_writing, case, person=shop, kind="victim_told", **BY)
    message = Message.objects.get()
    assert (message.channel, message.address) == ("folder", "Only at her sister's")


def test_a_letter_that_does_not_fit_is_refused_and_nothing_is_sent(crew):
    case = crew.agreed()
    shop, suspect = of(case, "victim"), of(case, "suspect")
    for code, who, kind, more in (
        ("TELL-WHOM", suspect, "victim_told", {}),
        ("TELL-WHOM", shop, "agreement", {}),
        ("TELL-KIND", shop, "nonsense", {}),
        ("TELL-ADDRESS", shop, "victim_told", {"address": "nowhere"}),
        ("TELL-ADDRESS", shop, "victim_told", {"channel": "pigeon"}),
        ("TXT-EMPTY", shop, "victim_told", {"address": " "}),
        ("TXT-EMPTY", shop, "victim_told", {"contact": ""}),
    ):
        refused(
            code, crew.does, telling.tell_in_writing, case, person=who, kind=kind, **{**BY, **more}
        )
    early = crew.shoplifting()
    for part, kind in (
        ("victim", "victim_told"),
        ("suspect", "agreement"),
        ("suspect", "responsible_told"),
    ):
        refused(
            "TELL-EARLY",
            crew.does,
            telling.tell_in_writing,
            early,
            person=of(early, part),
            kind=kind,
            **BY,
        )
    bare = crew.raised()
    who = crew.does(raising.add_person, bare, part="victim", kind="person", name="Invented V")
    refused(
        "TELL-CRIME",
        crew.does,
        telling.tell_in_writing,
        bare,
        person=who,
        kind="victim_asked",
        **BY,
    )
    assert not Message.objects.exists()
    assert not Told.objects.exists()


@pytest.mark.parametrize(
    ("slug", "day", "regime"),
    [
        ("avon-and-somerset", dt.date(2013, 6, 1), "consent_required"),
        ("gwent", dt.date(2013, 6, 1), "consent_or_override"),
        ("northumbria", dt.date(2022, 6, 1), "consult_only"),
    ],
)
def test_what_a_victims_no_would_mean_is_found_by_asking_the_policy(slug, day, regime, monkeypatch):
    monkeypatch.setattr("amends.accounts.standing.timezone.localdate", lambda: day)
    case = Crew(slug).shoplifting()
    assert telling.regime(case) == regime


def test_the_clock_of_a_victim_runs_from_the_decision_until_they_are_told(crew):
    case = crew.authorised()
    seen = see(crew.officer, case.pk)
    (clock,) = seen.clocks
    assert (clock.due, clock.told) == (due(today(), 5), False)
    crew.does(
        raising.add_need, case, person=of(case, "victim"), kind="vulnerable", words="Afraid of him"
    )
    (clock,) = see(crew.officer, case.pk).clocks
    assert clock.due == due(today(), 1)
    assert clock.late_on(clock.due + dt.timedelta(days=1))
    assert not clock.late_on(clock.due)
    crew.does(telling.tell_in_writing, case, person=of(case, "victim"), kind="victim_told", **BY)
    (clock,) = see(crew.officer, case.pk).clocks
    assert clock.told
    assert not clock.late_on(clock.due + dt.timedelta(days=9))
    assert see(crew.officer, crew.raised().pk).clocks == ()


def test_no_clock_runs_where_no_obligation_held_or_the_calendar_ends():
    assert clocks([(1, False)], dt.date(2019, 1, 1), frozenset()) == []
    assert clocks([(1, False)], None, frozenset()) == []
    (clock,) = clocks([(1, False)], dt.date(2028, 12, 29), frozenset())
    assert clock.due is None
    assert not clock.late_on(dt.date(2030, 1, 1))


def test_what_was_told_is_erased_with_the_case(crew):
    case = crew.done()
    crew.does(telling.tell_in_writing, case, person=of(case, "victim"), kind="victim_told", **BY)
    crew.does(ending.close, case, outcome="8", reasons="Put right.")
    manager = person(crew.force, "records_manager")
    crew.does(
        ending.set_retention,
        case,
        manager,
        group="3",
        review_on=today(),
        reasons="x",
        ground="court_order",
    )
    crew.does(ending.erase, case, manager)
    assert not Message.objects.filter(case=case.reference).exclude(body="").exists()
    assert not Told.objects.exists()
    assert Case.objects.get(pk=case.pk).state == "erased"


def told(crew, case, part, kind, **more):
    way = {**BY, "language": "en", **more}
    crew.does(telling.tell_in_writing, case, person=of(case, part), kind=kind, **way)
    return Message.objects.order_by("pk").last()


def test_a_letter_says_which_force_writes_on_which_day_and_who_signs(crew):
    case = crew.agreed()
    for part, kind in (("victim", "victim_told"), ("suspect", "responsible_told")):
        message = told(crew, case, part, kind)
        first, day, *rest = message.body.splitlines()
        assert first == f"From the police ({crew.force.name})"
        assert day == f"{timezone.localdate().day} {timezone.localdate():%B %Y}"
        assert rest[-2:] == [str(crew.officer), first]
        assert "police" not in message.subject.lower(), "others may see what it is called"
    page = told(crew, case, "victim", "victim_told", channel="letter", address="A\nB Road\nC").body
    assert f'<p class="from">From the police ({crew.force.name})<br>' in page


def test_a_business_is_greeted_by_whoever_speaks_for_it(crew):
    case = crew.agreed()
    for language, hello in (
        ("en", "Hello Invented Manager, for Invented Shop,"),
        ("cy", "Annwyl Invented Manager, ar ran Invented Shop,"),
    ):
        assert hello in told(crew, case, "victim", "victim_told", language=language).body
    early = crew.shoplifting()
    alone = crew.does(
        raising.add_person, early, part="victim", kind="public_body", name="Invented School"
    )
    crew.does(telling.tell_in_writing, early, person=alone, kind="victim_asked", **BY)
    assert "Hello everybody at Invented School," in Message.objects.order_by("pk").last().body


def test_what_is_done_and_closed_threatens_nobody_with_a_court(crew):
    open_case, done = crew.agreed(), crew.done()
    assert "sent to court" in told(crew, open_case, "suspect", "responsible_told").body
    for _ in range(2):
        for language, words in (("en", "court."), ("cy", "llys.")):
            body = told(crew, done, "suspect", "responsible_told", language=language).body
            assert f"sent to {words}" not in body
            assert f"i'r {words}" not in body
        assert (
            "You did what you agreed to do." in told(crew, done, "suspect", "responsible_told").body
        )
        refused("TELL-LATE", told, crew, done, "suspect", "agreement")
        if done.state == "done":
            crew.does(ending.close, done, outcome="8", reasons="All done.")
    assert done.state == "closed"
