"""A link goes out in a letter, somebody hands it over, and whoever asks for a review reads the answer."""

from urllib.parse import quote

from django.utils import timezone

from amends.cases.actions import raising
from amends.cases.models import Person, ReviewAnswered
from amends.notices import outbox
from amends.notices.models import Message
from amends.notices.sending import Folder
from support.record import Crew


def carried(folder):
    """Everything that waits is carried."""
    while outbox.deliver(Folder(folder), timezone.now()):
        pass


def test_a_link_is_written_handed_over_and_opened_and_a_review_is_answered(on, tmp_path):
    phone = on(360)
    crew = Crew("gwent")
    case = crew.authorised()
    victim = Person.objects.get(case=case, part="victim")
    crew.does(raising.add_need, case, person=victim, kind="safe_contact", words="At work, by hand")
    phone.be(crew.officer)
    phone.go(f"/cases/{case.pk}/")
    phone.tap("Send a link to the victim or person responsible")
    assert "At work, by hand" in phone.text()
    phone.choose("For whom?", "Invented Shop")
    phone.choose("How does it reach them?", "Somebody hands it over")
    phone.shot("link-for")
    phone.tap("Make the link")
    assert "Enter where it goes" in phone.text()
    phone.write("Address", "The shop")
    phone.write("How else can they answer?", "01632 960001")
    phone.tap("Make the link")
    body = Message.objects.get().body
    link = body.partition('href="')[2].partition('"')[0].partition(phone.base)[2]
    carried(tmp_path)
    phone.go("/")
    assert "Letters to hand over" in phone.text()
    phone.shot("home-with-letters")
    phone.tap(case.reference)
    phone.tap("Hand over a letter")
    phone.write("How were they told?", "Handed over at the shop.")
    phone.shot("pass-on")
    phone.tap("Record that they were told")
    phone.go("/")
    assert "Letters to hand over" not in phone.text()

    phone.driver.get("data:text/html;charset=utf-8," + quote(body))
    phone.shot("letter-with-a-link")
    phone.driver.delete_all_cookies()
    phone.go(link)
    phone.tap("Open it now")
    phone.tap("Ask for it to be looked at again")
    phone.write("What do you think is wrong?", "Nobody rang me.")
    phone.tap("Send")
    assert "Somebody who did not decide it will look at it" in phone.text()
    answered(on(1280), crew, case)


def answered(desk, crew, case):
    """An Inspector who decided nothing in it looks again."""
    desk.be(crew.inspector)
    desk.go("/")
    assert "Somebody asks for a review" in desk.text()
    desk.shot("home-of-an-inspector")
    desk.go(f"/cases/{case.pk}/?why=a+review")
    desk.tap("Answer somebody who asked for a review")
    desk.choose("What did you find?", "It was not, and is done otherwise now")
    desk.write("Your answer to them", "You should have been rung. The officer will ring you today.")
    desk.shot("answer-review")
    desk.tap("Give the answer")
    assert "answered" in desk.text()
    assert ReviewAnswered.objects.get().by == crew.inspector
