"""Whoever runs the accounts lets somebody in, and whoever doubts a case is answered: in a real browser."""

import datetime as dt

import pytest
from django.core.cache import cache

from amends.accounts import actions
from amends.accounts.models import User
from amends.accounts.standing import standing, today
from amends.cases.models import Case, Conflict
from amends.ledger.looking import gather
from amends.ledger.notes import Signer
from amends.ledger.sequencing import sequence
from support.browser import DESK, PHONE
from support.record import fresh_key, person

PASSWORD = "an invented password 7"


@pytest.fixture
def boss(crew):
    cache.clear()
    made = person(crew.force, "administrator", name="invented.boss")
    made.last_name = "Administrator"
    made.save()
    return made


def sign_in(page, username):
    page.driver.delete_all_cookies()
    page.go("/sign-in/")
    page.write("Username", username)
    page.write("Password", PASSWORD)
    page.tap("Sign in")


def opened(page, boss):
    """The administrator opens an account."""
    page.be(boss)
    page.go("/")
    page.shot("admin-home")
    page.tap("People of the force")
    page.shot("people")
    page.tap("Open an account")
    page.tap("Open the account")
    assert "Enter username" in page.text()
    page.shot("account-open-wrong")
    page.write("Username", "invented.newcomer")
    page.write("Full name", "Nova Inventedson")
    page.shot("account-open")
    page.tap("Open the account")
    assert "The account of Nova Inventedson is open" in page.text()
    assert "Cannot sign in: has no password yet" in page.text()
    page.shot("account-new")


def handed_over(page):
    """The link by which the newcomer chooses a password, as it is shown once."""
    page.tap("Make a link to choose a password")
    page.shot("password-form")
    page.tap("Make the link")
    page.shot("password-link")
    return page.driver.find_element("id", "the-link").text.removeprefix(page.base)


def chosen(page, link):
    """The newcomer opens the link on their own machine, and chooses."""
    page.driver.delete_all_cookies()
    page.go(link)
    page.write("New password again", "something else 88")
    page.write("New password", PASSWORD)
    page.tap("Choose this password")
    assert "The two are not the same" in page.text()
    page.shot("password-wrong")
    boxes = page.driver.find_elements("css selector", "input[type=password]")
    assert [one.get_attribute("value") for one in boxes] == ["", ""]
    for box in boxes:
        box.send_keys(PASSWORD)
    page.tap("Choose this password")
    assert "Your password is chosen" in page.text()
    page.shot("password-chosen")
    page.go(link)
    assert "This link does not open" in page.text()
    page.shot("password-old")


def given_a_role(page, boss, number):
    page.be(boss)
    page.go(f"/people/{number}/")
    page.tap("Give a role")
    page.shot("give-role")
    page.choose("Which role?", "Police officer, PCSO or investigator")
    page.tap("Give the role")
    page.tap("Give a rank")
    page.pick("Which rank?", "Constable")
    page.choose("Do they only act up to it?", "No")
    page.shot("give-rank")
    page.tap("Give the rank")
    assert "What the policy leaves to a rank of constable" in page.text()
    page.shot("account-officer")


@pytest.mark.parametrize(("width", "scripts"), [(PHONE, True), (DESK, False)])
def test_an_administrator_lets_in_an_officer_who_chooses_a_password_and_raises_a_case(
    on, width, scripts, crew, boss
):
    page = on(width, scripts)
    opened(page, boss)
    link = handed_over(page)
    chosen(page, link)
    sign_in(page, "invented.newcomer")
    assert "You are Nova Inventedson" in page.text()
    assert "Raise a case" not in page.text()  # no role yet
    newcomer = User.objects.get(username="invented.newcomer")
    given_a_role(page, boss, newcomer.pk)
    assert standing(newcomer).roles == {"officer"}
    sign_in(page, "invented.newcomer")
    page.tap("Raise a case")
    page.write("Reference", "INV/FIRST")
    page.tap("Raise the case")
    assert Case.objects.get(reference="INV/FIRST").officer == newcomer


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_what_is_given_is_ended_grades_count_and_an_account_is_closed(on, width, crew, boss):
    page = on(width)
    page.be(boss)
    page.go("/people/")
    page.tap("What grades count as")
    page.choose("Which staff grade?", "Police Community Support Officer")
    page.pick("Which rank does it count as?", "Constable")
    page.write("Decision it rests on", "Invented order 7")
    page.tap("Let it count")
    page.shot(f"grades-{width}")
    page.tap("End it")
    page.shot(f"grades-end-{width}")
    page.tap("End it")
    assert "Saved: it ends" in page.text()
    actions.give_rank(boss, crew.officer, "sergeant", today(), key=fresh_key(), acting=True)
    actions.give_role(boss, crew.officer, "facilitator", today() + dt.timedelta(9), key=fresh_key())
    page.go(f"/people/{crew.officer.pk}/")
    page.tap("End it: Officer")
    page.shot(f"end-{width}")
    page.tap("End it")
    page.shot(f"account-{width}")
    page.tap("Close the account")
    page.shot(f"account-close-{width}")
    page.tap("They have left, or must not sign in any more")
    page.tap("Close the account")
    assert "Closed: cannot sign in" in page.text()
    page.go("/people/")
    page.shot(f"people-{width}")
    page.go("/people/?words=nobody+of+that+name")
    assert "Nobody of that name is here" in page.text()
    page.shot(f"people-none-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_community_remedy_document_is_put_in_force(on, width, crew, boss):
    page = on(width)
    page.be(boss)
    page.go("/")
    page.tap("Community remedy")
    page.shot(f"remedies-none-{width}")
    day = today()
    page.date("From which day?", day.day, day.month, day.year)
    page.write("Source", "Invented document of the commissioner")
    page.write("Action 1", "A letter of apology")
    page.tap("Put it in force")
    assert "Select what action 1 is for" in page.text()
    page.shot(f"remedies-wrong-{width}")
    page.pick("What is action 1 for?", "To repair the harm")
    page.tap("Put it in force")
    assert "A letter of apology" in page.text()
    page.shot(f"remedies-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_whoever_doubts_a_case_has_a_receipt_and_sees_who_looked(
    on, width, crew, settings, tmp_path
):
    settings.AMENDS_FOLDER = tmp_path
    key, folder = Signer("invented.example/ledger", bytes(range(32))), tmp_path / "ledger"
    page, case = on(width), crew.shoplifting()
    auditor = person(crew.force, "auditor")
    page.be(crew.sergeant)
    page.go(f"/cases/{case.pk}/?why=Somebody+rang+about+it")
    page.be(auditor)
    page.go(f"/cases/{case.pk}/?why=An+audit")
    page.shot(f"auditor-case-{width}")
    page.tap("A receipt of it")
    page.tap("Ask for a receipt")
    assert "does not cover that yet" in page.text()
    page.shot(f"receipt-asked-{width}")
    sequence(folder, key)
    gather(folder, key)
    page.go(f"/cases/{case.pk}/receipt/")
    assert "Download the receipt" in page.text()
    page.shot(f"receipt-{width}")
    page.go(f"/cases/{case.pk}/looks/")
    assert "Somebody rang about it" in page.text()
    page.shot(f"looks-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_whoever_is_close_to_somebody_in_a_case_sees_it_no_more(on, width, crew):
    page, case = on(width), crew.shoplifting()
    page.be(crew.sergeant)
    page.go(f"/cases/{case.pk}/?why=My+team")
    page.tap("I am part of this case, or close to somebody who is")
    page.shot(f"conflict-{width}")
    page.write("How are you part of it?", "The victim is my neighbour")
    page.tap("I understand that I shall not see this case again")
    page.tap("Say so, and see it no more")
    assert "you see that case no more" in page.text()
    assert Conflict.objects.get().user == crew.sergeant
    page.go(f"/cases/{case.pk}/")
    assert "There is no such case" in page.text()
    page.shot(f"conflict-after-{width}")
