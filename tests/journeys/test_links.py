"""A victim and a person responsible act for themselves, by a link, without an account."""

import datetime as dt
import time

import pytest
from django.urls import reverse

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases import remedies
from amends.cases.actions import inviting, raising
from amends.cases.models import Feedback, Person, VictimView, Withdrawal
from support.record import Crew, fresh_key, person


def made_link(page, crew, case, name):
    """The officer makes a link for somebody, and gives it to them."""
    page.be(crew.officer)
    page.go(f"/cases/{case.pk}/link-for/")
    page.choose("For whom?", name)
    page.choose("How does it reach them?", "Show it to me now")
    page.tap("Make the link")
    page.shot("link-made")
    link = page.driver.find_element("id", "the-link").text
    page.driver.delete_all_cookies()
    return link.removeprefix(page.base)


def test_a_victim_reads_it_chooses_and_says_yes_and_later_withdraws(phone):
    crew = Crew("gwent")
    clerk = person(crew.force, "administrator")
    remedies.set_remedies(
        clerk, key=fresh_key(), starts=today() - dt.timedelta(days=9), source="Invented",
        actions=[("A letter of apology", "repair"), ("Tidying a park", "rehabilitate")],
    )  # fmt: skip
    case = crew.raised()
    facts = {"offence.code": "46", "offence.date": (today() - dt.timedelta(days=3)).isoformat()}
    crew.does(raising.record_circumstances, case, facts=facts)
    victim = crew.does(
        raising.add_person, case, part="victim", kind="person", name="Invented Victim"
    )
    crew.does(
        raising.add_need, case, person=victim, kind="safe_contact", words="Her work phone only"
    )
    link = made_link(phone, crew, case, "Invented Victim")

    phone.go(link)
    assert "opens once" in phone.text()
    assert "Invented" not in phone.text()
    phone.shot("link")
    phone.tap("Open it now")
    assert "Shoplifting" in phone.text()
    assert "You have not said anything yet. Nobody takes that for yes." in phone.text()
    phone.shot("yours")
    phone.tap("Are you content for it to be settled like this?")
    phone.choose("What would you like to say?", "Yes, I am content")
    phone.choose("Would you like the person to do one of these?", "A letter of apology")
    phone.write("In your own words", "I was frightened. I would like him to know.")
    phone.shot("your-answer")
    phone.tap("Send")
    assert "The police have your answer" in phone.text()
    said = VictimView.objects.get(person=victim)
    assert (said.position, said.channel, said.informed, said.remedy) == (
        "agree", "link", True, "A letter of apology",
    )  # fmt: skip
    assert said.by.username.startswith("link.")

    whoever_finds_it_afterwards(phone, link)
    phone.go(made_link(phone, crew, case, "Invented Victim"))
    she_stops(phone)
    assert Withdrawal.objects.filter(person=victim).count() == 1
    case.refresh_from_db()
    assert case.state == "stopped"


def whoever_finds_it_afterwards(phone, link):
    phone.driver.delete_all_cookies()
    phone.go(link)
    phone.tap("Open it now")
    assert "was opened before" in phone.text()  # by whoever found it afterwards
    phone.shot("link-old")


def she_stops(phone):
    phone.tap("Open it now")
    assert "You said: yes" in phone.text()
    phone.tap("Stop taking part")
    phone.tap("I want to stop taking part")
    phone.tap("Stop taking part")
    assert "You have stopped taking part" in phone.text()
    phone.tap("Ask for it to be looked at again")
    phone.write("What do you think is wrong?", "Nobody rang me.")
    phone.tap("Send")
    assert "You have asked for it to be looked at again" in phone.text()


def test_the_person_responsible_sees_what_was_agreed_and_says_how_it_went(phone):
    crew = Crew("gwent")
    case = crew.agreed()
    phone.go(made_link(phone, crew, case, "Invented Suspect"))
    phone.tap("Open it now")
    assert "Apologise to the manager" in phone.text()
    assert "Invented Shop" not in phone.text()  # nobody else's name
    phone.shot("yours-responsible")
    phone.tap("Tell us how it went")
    for question in ("Were you listened to?", "Was it fair?", "Did it put things right?"):
        phone.choose(question, "Mostly")
    phone.tap("Send")
    assert Feedback.objects.get().heard == 4
    assert "Tell us how it went" not in phone.text()


@pytest.mark.django_db
def test_a_link_speaks_for_one_person_and_signs_nobody_in(client):
    crew = Crew("gwent")
    case = crew.shoplifting()
    shop, suspect = (Person.objects.get(case=case, part=part) for part in ("victim", "suspect"))
    token, digest = inviting.new_token()
    made = crew.does(inviting.invite, case, person=shop, digest=digest)
    assert token not in str(vars(made))
    with pytest.raises(Refused) as caught:
        crew.does(inviting.ask_review, case, made.user, person=suspect, words="x")
    assert caught.value.code == "LINK-OTHER"
    assert not made.user.has_usable_password()
    assert client.get(reverse("yours")).status_code == 403
    assert client.post(reverse("link", args=["wrong"])).status_code == 404
    client.post(reverse("link", args=[token]))
    assert client.get(reverse("yours")).status_code == 200
    for name in ("home", "cases", "search"):
        assert client.get(reverse(name)).status_code == 302
    assert client.get(reverse("case", args=[case.pk])).status_code == 302
    client.force_login(made.user)
    assert client.get(reverse("case", args=[case.pk]), {"why": "x"}).status_code == 403
    assert case.reference not in client.get(reverse("cases")).content.decode()


@pytest.mark.django_db
def test_a_link_closes_after_half_an_hour_and_opens_no_more_after_a_fortnight(client, monkeypatch):
    crew = Crew("gwent")
    case = crew.shoplifting()
    token, digest = inviting.new_token()
    crew.does(
        inviting.invite, case, person=Person.objects.get(case=case, part="victim"), digest=digest
    )
    other, digest = inviting.new_token()
    crew.does(
        inviting.invite, case, person=Person.objects.get(case=case, part="suspect"), digest=digest
    )
    client.post(reverse("link", args=[token]))
    assert client.get(reverse("yours")).status_code == 200
    real = time.time
    monkeypatch.setattr("amends.web.views.yours.time.time", lambda: real() + 31 * 60)
    assert client.get(reverse("yours")).status_code == 403
    monkeypatch.undo()
    later = inviting.timezone.now() + dt.timedelta(days=15)
    monkeypatch.setattr("amends.cases.actions.inviting.timezone.now", lambda: later)
    assert client.post(reverse("link", args=[other])).status_code == 404
