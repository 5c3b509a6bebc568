"""What people come to do, told as stories, in a real browser, with axe after every step."""

import datetime as dt
from urllib.parse import quote

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from amends.accounts.standing import today
from amends.cases.actions import raising
from amends.cases.models import Case, Person, Step
from amends.notices.models import Message
from support.record import Crew
from support.stories import allow, carry_out, gather, next_is

FLAGS = "There is evidence enough to prove it in court. I have asked myself"


def at_the_scene(page, reference="SCENE/1", victim="A business", born=(1, 5, 1990)):
    """An officer tells everything on one page, with the people there."""
    page.tap("Settle something at the scene")
    page.write("Reference", reference)
    page.choose("What is the offence?", "Shoplifting")
    page.tap(FLAGS)
    page.write("Name of the person responsible", "Invented Person")
    page.date("Date of birth of the person responsible", *born)
    page.choose("What did they say?", "They admit the offence, and agree")
    page.write("What they said, in their own words", "I took it. I am sorry.")
    page.write("Where did they say it?", "At the shop")
    page.tap("I checked for earlier disposals")
    page.choose("Who is the victim?", victim)
    page.write("Name of the victim", "Invented Stores")
    page.write("Who speaks for the business", "Invented Manager")
    page.choose("What does the victim say", "They agree")
    page.write("What the victim said", "An apology will do.")
    page.write("Why is this the right way", "A first offence, admitted at once, and put right.")
    page.shot(f"scene-{reference[-1]}")
    page.tap("Save, and see who may allow it")


def test_a_plain_shoplifting_is_settled_on_a_phone_in_at_most_twelve_taps(phone):
    """The constable in the rain: national guidance lets an officer allow it, and it is Outcome 8 in a minute."""
    crew = Crew("gwent")
    phone.be(crew.officer)
    phone.go("/")
    phone.shot("home-phone")
    phone.taps = 0
    at_the_scene(phone)
    assert "An officer may allow this" in phone.text(), phone.text()
    phone.shot("decided-phone")
    phone.tap("Next: settle it now")
    phone.tap("They know that the police keep a record of it")
    phone.tap("They know that an employer might learn of it")
    phone.write("What did they do to put it right?", "Apologised, and gave the goods back")
    phone.shot("settle-phone")
    phone.tap("Settle it, and close it as Outcome 8")
    assert "Outcome 8" in phone.text()
    phone.shot("closed-phone")
    case = Case.objects.get(reference="SCENE/1")
    assert (case.state, case.outcome) == ("closed", "8")
    print(f"a no-frills resolution: {phone.taps} taps")
    assert phone.taps <= 12


def test_a_case_is_taken_step_by_step_to_outcome_8(desk):
    """Kent: an officer gathers what is known, a sergeant allows it, and everything agreed is done."""
    crew = Crew("kent")
    gather(desk, crew, "KENT/7")
    allow(desk, crew, "KENT/7")
    carry_out(desk, crew, "KENT/7")
    desk.tap("Everything that was done")
    assert (
        desk.text().count(" the ledger.") == Step.objects.filter(case__reference="KENT/7").count()
    )
    desk.shot("timeline")


@pytest.fixture
def on_a_day(monkeypatch):
    def move(day):
        monkeypatch.setattr("amends.accounts.standing.timezone.localdate", lambda: day)

    return move


def test_only_an_inspector_may_allow_a_sexual_offence_and_says_why(desk, on_a_day):
    """Avon and Somerset in 2013, as published: a sergeant cannot be asked, an Inspector may."""
    on_a_day(dt.date(2013, 6, 1))
    crew = Crew("avon-and-somerset")
    case = crew.shoplifting(offence__code="88E", flags__sexual=True)
    desk.be(crew.officer)
    desk.go(f"/cases/{case.pk}/")
    assert "An Inspector may allow this" in desk.text()
    desk.tap("Why:")
    assert "sexual offence" in desk.text()
    desk.shot("sexual-offence")
    next_is(desk, "ask somebody to allow it")
    desk.pick_with("Whom do you ask?", crew.sergeant.username)
    desk.tap("Ask them")
    assert "it takes an Inspector or above" in desk.text()
    assert "AUTH-RANK" in desk.text()
    desk.shot("refused-to-a-sergeant")
    desk.pick_with("Whom do you ask?", crew.inspector.username)
    desk.tap("Ask them")
    desk.be(crew.sergeant)
    desk.go(f"/cases/{case.pk}/?why=supervising")
    assert "Allow it" not in desk.text() or try_to_allow(desk) == "AUTH-RANK"
    desk.be(crew.inspector)
    desk.go("/")
    desk.tap(case.reference)
    next_is(desk, "allow it")
    desk.write(
        "Your reasons",
        "The victim asked for it, and was heard alone. A full rationale is recorded.",
    )
    desk.tap("It is a sexual offence")
    desk.tap("I have no part in this case")
    desk.tap("Allow it")
    assert "It may go ahead" in desk.text()
    assert "The victim asked for it" in desk.text()


def try_to_allow(page):
    """Whether somebody of too low a rank is told so."""
    page.tap("Allow it")
    page.write("Your reasons", "I think so.")
    page.tap("I have no part in this case")
    page.tap("Allow it")
    return "AUTH-RANK" if "AUTH-RANK" in page.text() else page.text()


def test_a_child_may_be_asked_only_with_an_appropriate_adult_there(phone):
    crew = Crew("gwent")
    phone.be(crew.officer)
    phone.go("/")
    at_the_scene(phone, "SCENE/2", born=(1, 5, today().year - 15))
    assert "Nobody may allow this" in phone.text() or "Not yet known" in phone.text()
    phone.shot("child-without-adult")
    phone.tap("Add somebody to the case")
    phone.choose("Which part do they take?", "The appropriate adult")
    phone.write("Name", "Invented Aunt")
    phone.tap("Save and go on")
    phone.tap("Whether the person responsible takes part")
    phone.choose("Do they agree to take part?", "Yes")
    phone.write("In their own words", "Yes, I am sorry.")
    phone.choose("Was an appropriate adult there?", "Yes")
    phone.tap("Save and go on")
    assert "An officer may allow this" in phone.text(), phone.text()
    assert "with an appropriate adult there" in phone.text()
    phone.shot("child-with-adult")


def test_a_breach_is_recorded_and_decided_on(desk):
    crew = Crew("kent")
    case = crew.agreed()
    desk.be(crew.officer)
    desk.go(f"/cases/{case.pk}/")
    desk.tap("Something agreed was not done")
    desk.write("What was not done?", "Nothing was paid.")
    desk.tap("Save and go on")
    assert "Something agreed was not done" in desk.text()
    desk.be(crew.sergeant)
    desk.go(f"/cases/{case.pk}/?why=supervising")
    desk.tap("Decide what follows the breach")
    desk.shot("after-breach")
    desk.choose("What follows?", "Close it without more")
    desk.write("Your reasons", "He has moved away.")
    desk.tap("Save and go on")
    desk.be(crew.officer)
    desk.go(f"/cases/{case.pk}/")
    desk.tap("Close the case")
    desk.pick("With which outcome?", "8: Community resolution")
    desk.write("Your reasons", "Done with.")
    desk.tap("Close the case")
    assert "END-TURN" in desk.text()  # what was not carried out is no Outcome 8
    desk.pick_with("With which outcome?", "10: ")
    desk.tap("Close the case")
    assert "Outcome 10" in desk.text()


def test_a_victim_withdraws_and_everything_stops(phone):
    crew = Crew("kent")
    case = crew.agreed()
    phone.be(crew.officer)
    phone.go(f"/cases/{case.pk}/")
    phone.tap("Somebody withdraws")
    phone.choose("Who withdraws?", "Invented Shop")
    phone.tap("They have said that they withdraw")
    phone.shot("withdraw")
    phone.tap("Record it, and stop the case")
    assert "Stopped: what follows is to be decided" in phone.text()
    assert "Withdrew" in phone.text()
    phone.go(f"/cases/{case.pk}/agreement/")
    assert "What you can do" in phone.text()  # back at the case: nothing can be agreed now


def test_a_victim_is_told_in_welsh_where_it_is_safe(desk):
    crew = Crew("gwent")
    case = crew.authorised()
    crew.does(
        raising.add_need,
        case,
        person=victim_of(case),
        kind="safe_contact",
        words="Her sister's only",
    )
    desk.be(crew.officer)
    desk.go(f"/cases/{case.pk}/")
    assert "to be told" in desk.text()
    desk.tap("Tell somebody in writing")
    assert "is reached safely so, and the letter goes there: Her sister's only" in desk.text()
    desk.choose("Whom?", "Invented Shop")
    desk.choose("What do you tell them?", "A victim: what was decided")
    desk.choose("In which language?", "Welsh")
    desk.choose("How?", "By email")
    desk.write("Address", "v@example.org")
    desk.write("How can they answer?", "01234 567890")
    desk.shot("welsh-letter")
    desk.tap("Write it, and put it in the outbox")
    assert "in Welsh" in desk.text()
    message = Message.objects.get()
    assert (message.language, message.channel, message.address) == (
        "cy",
        "folder",
        "Her sister's only",
    )
    desk.driver.get("data:text/html;charset=utf-8," + quote(message.body))
    assert "Helo" in desk.text() or "Annwyl" in desk.text() or "heddlu" in desk.text()
    desk.shot("letter-in-welsh")


def victim_of(case):
    return Person.objects.get(case=case, part="victim")


def test_without_scripts_everything_works_too(on):
    """The same settlement at the scene, with the scripts of the browser turned off."""
    plain = on(360, scripts=False)
    crew = Crew("gwent")
    plain.be(crew.officer)
    plain.go("/")
    at_the_scene(plain, "SCENE/3")
    plain.tap("Next: settle it now")
    plain.write("What did they do to put it right?", "Apologised")
    plain.tap("Settle it, and close it as Outcome 8")
    assert "There is a problem" in plain.text()
    assert "They know that the police keep a record of it" in plain.text()
    plain.tap("They know that the police keep a record of it")
    plain.tap("They know that an employer might learn of it")
    plain.tap("Settle it, and close it as Outcome 8")
    case = Case.objects.get(reference="SCENE/3")
    assert (case.state, case.outcome) == ("closed", "8")


def test_no_answer_is_lost_when_the_connection_drops(phone):
    crew = Crew("gwent")
    phone.be(crew.officer)
    phone.go("/cases/new/")
    phone.write("Reference", "LOST/1")
    phone.offline(True)
    phone.find("Raise the case").click()
    told = "Your answers are still here"
    wait_for(phone, lambda: told in phone.text())
    assert phone.field("Reference").get_attribute("value") == "LOST/1"
    assert not Case.objects.filter(reference="LOST/1").exists()
    phone.shot("lost-connection")
    phone.offline(False)
    phone.driver.get_log("browser")
    phone.tap("Raise the case")
    assert Case.objects.filter(reference="LOST/1").count() == 1
    assert "LOST/1" in phone.text()


def test_no_answer_is_lost_when_somebody_is_signed_out_meanwhile(phone):
    crew = Crew("gwent")
    phone.be(crew.officer)
    phone.go("/cases/new/")
    phone.write("Reference", "OUT/1")
    phone.driver.delete_cookie("sessionid")
    phone.find("Raise the case").click()
    wait_for(phone, lambda: "You were signed out. Your answers are still here" in phone.text())
    phone.driver.get_log("browser")
    phone.again(crew.officer)
    phone.tap("Raise the case")
    assert Case.objects.filter(reference="OUT/1").count() == 1
    assert "OUT/1" in phone.text()


def test_a_form_sent_twice_does_its_work_once(phone):
    crew = Crew("gwent")
    case = crew.raised()
    phone.be(crew.officer)
    phone.go(f"/cases/{case.pk}/note/")
    phone.write("The note", "Once.")
    key = phone.driver.find_element("name", "key").get_attribute("value")
    phone.tap("Save and go on")
    phone.go(f"/cases/{case.pk}/note/")
    phone.write("The note", "Once.")
    phone.driver.execute_script(f"document.getElementsByName('key')[0].value = '{key}'")
    phone.driver.execute_script("document.getElementsByName('expected')[0].value = '1'")
    phone.tap("Save and go on")
    assert Step.objects.filter(case=case, command="cases.note").count() == 1


def test_a_stale_form_says_what_the_other_did_and_keeps_what_was_typed(desk):
    crew = Crew("kent")
    case = crew.shoplifting()
    desk.be(crew.officer)
    desk.go(f"/cases/{case.pk}/note/")
    crew.does(raising.add_need, case, person=case_suspect(case), kind="access", words="A ramp")
    desk.write("The note", "My own words, not to be lost.")
    desk.tap("Save and go on")
    assert "This has changed since you opened it" in desk.text()
    assert desk.field("The note").get_attribute("value") == "My own words, not to be lost."
    desk.shot("stale")
    desk.tap("Save and go on")
    assert "My own words, not to be lost." in desk.text()


def case_suspect(case):
    return Person.objects.get(case=case, part="suspect")


def wait_for(page, what):
    WebDriverWait(page.driver, 20).until(lambda _: what())


def test_pages_for_everybody_look_right_on_a_phone_and_at_a_desk(on):
    """Pages that no story comes by: search, list, why, guide, sign-in."""
    crew = Crew("kent")
    case = crew.shoplifting()
    for width in (360, 1280):
        page = on(width)
        page.be(crew.officer)
        for path, name in (
            ("/cases/", "cases"),
            ("/search/", "search"),
            ("/search/facts/", "find"),
            (f"/cases/{case.pk}/facts/", "facts"),
        ):
            page.go(path)
            page.shot(f"{name}-{width}")
        page.go("/search/?words=Invented+Shop&why=a+test")
        assert "1 case found" in page.text()
        page.go("/search/facts/")
        page.write("Offence code", "46")
        page.write("Why do you look?", "a test")
        page.tap("Find cases")
        assert "1 case found" in page.text()
        page.shot(f"found-{width}")
        page.go("/search/?words=I&why=a+test")
        assert "Give at least two letters" in page.text()
        page.be(crew.inspector)
        page.go(f"/cases/{case.pk}/")
        assert "Why do you look at this case?" in page.text()
        page.shot(f"why-{width}")
        page.write("Your reason", "The sergeant asked me to.")
        page.tap("Go on")
        assert case.reference in page.text()
        page.driver.delete_all_cookies()
        page.go("/sign-in/")
        page.shot(f"sign-in-{width}")
        page.go("/guide/")
