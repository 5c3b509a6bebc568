"""What people come to do, told as stories, in a real browser, with axe after every step."""

from amends.cases.models import Case
from support.record import Crew

FLAGS = "There is evidence enough to prove it in court. I have asked myself"


def at_the_scene(page, reference="SCENE/1", victim="A business"):
    """An officer tells everything on one page, with the people there."""
    page.tap("Settle something at the scene")
    page.write("Reference", reference)
    page.choose("What is the offence?", "Shoplifting")
    page.tap(FLAGS)
    page.write("Name of the person responsible", "Invented Person")
    page.date("Date of birth of the person responsible", 1, 5, 1990)
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
