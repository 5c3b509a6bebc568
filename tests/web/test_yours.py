"""What is said by a link is of what was seen, is never dropped without a word, and is done once."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from amends.cases.actions import authorising, inviting, listening, raising
from amends.cases.models import Person, ReviewAsked, VictimView, Withdrawal
from amends.web.views.yours import ELSEWHERE
from support.record import Crew

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew():
    return Crew("gwent")


def holding(crew, case, part="victim"):
    """A browser in which the link of somebody in *case* is open."""
    token, digest = inviting.new_token()
    person = Person.objects.filter(case=case, part=part).first()
    crew.does(inviting.invite, case, person=person, digest=digest)
    client = Client()
    client.post(reverse("link", args=[token]))
    return client


def form(client, name):
    """The hidden answers of the form *name* as it is shown now."""
    html = client.get(reverse("your_answer", args=[name])).content.decode()
    return {
        field: html.split(f'name="{field}"')[1].split('value="')[1].split('"')[0]
        for field in ("key", "expected")
    }


def of_a_person(crew):
    case = crew.raised()
    crew.does(raising.add_person, case, part="victim", kind="person", name="Invented Victim")
    return case


def test_a_shop_says_it_by_whoever_speaks_for_it(crew):
    case = crew.shoplifting()
    client, manager = holding(crew, case), Person.objects.get(case=case, part="speaks_for")
    given = {**form(client, "say"), "position": "disagree", "words": "It is the third time."}
    answer = client.post(reverse("your_answer", args=["say"]), given)
    assert answer.status_code == 422
    assert "Who are you?" in answer.content.decode()
    answer = client.post(
        reverse("your_answer", args=["say"]), {**given, "speaker": str(manager.pk)}
    )
    assert answer.status_code == 302
    last = VictimView.objects.filter(person__case=case).order_by("pk").last()
    assert (last.position, last.said_by, last.channel) == ("disagree", manager, "link")


def test_a_shop_for_whom_nobody_speaks_is_told_so_and_not_asked(crew):
    case = crew.raised()
    crew.does(raising.add_person, case, part="victim", kind="business", name="Invented Shop")
    client = holding(crew, case)
    html = client.get(reverse("yours")).content.decode()
    assert "tell the police who speaks for it" in html
    assert reverse("your_answer", args=["say"]) not in html
    assert client.get(reverse("your_answer", args=["say"])).status_code == 302


def test_a_yes_is_of_what_was_seen_and_is_asked_for_again_where_that_changed(crew):
    case = of_a_person(crew)
    client = holding(crew, case)
    given = {**form(client, "say"), "position": "agree", "words": "He is only a boy."}
    crew.does(raising.record_circumstances, case, facts={"offence.code": "8N"})
    answer = client.post(reverse("your_answer", args=["say"]), given)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "not recorded yet" in html
    assert "He is only a boy." in html
    assert not VictimView.objects.filter(person__case=case).exists()
    case.refresh_from_db()
    assert f'value="{case.version}"' in html  # sent again, it is of what she reads now
    again = {**given, "expected": str(case.version)}
    assert client.post(reverse("your_answer", args=["say"]), again).status_code == 302
    assert VictimView.objects.get(person__case=case).position == "agree"


def test_sent_twice_it_is_recorded_once_and_nobody_is_told_that_it_failed(crew):
    case = of_a_person(crew)
    client = holding(crew, case)
    given = {**form(client, "say"), "position": "disagree", "words": "No."}
    for _ in range(3):
        assert client.post(reverse("your_answer", args=["say"]), given).status_code == 302
    assert VictimView.objects.filter(person__case=case).count() == 1
    given = {**form(client, "review"), "words": "Why?"}
    crew.does(raising.note, case, words="Rang her.")
    for _ in range(3):
        assert client.post(reverse("your_answer", args=["review"]), given).status_code == 302
    assert ReviewAsked.objects.filter(person__case=case).count() == 1


def test_a_no_that_comes_too_late_is_answered_and_its_words_are_kept_on_the_page(crew):
    case = crew.shoplifting()
    client, manager = holding(crew, case), Person.objects.get(case=case, part="speaks_for")
    given = {
        **form(client, "say"),
        "position": "disagree",
        "words": "He frightens me.",
        "speaker": str(manager.pk),
    }
    crew.does(authorising.consult_supervisor, case, crew.sergeant, words="Go ahead.")
    crew.does(
        authorising.authorise, case, crew.superintendent, reasons="A minor theft.", no_conflict=True
    )
    crew.does(listening.withdraw, case, person=Person.objects.get(case=case, part="suspect"))
    answer = client.post(reverse("your_answer", args=["say"]), given)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "your answer is not recorded" in html
    assert "He frightens me." in html


def test_to_stop_is_possible_whatever_changed_meanwhile(crew):
    case = of_a_person(crew)
    client = holding(crew, case)
    given = {**form(client, "stop"), "words": "", "sure": "yes"}
    crew.does(raising.note, case, words="Rang her.")
    for _ in range(2):
        assert client.post(reverse("your_answer", args=["stop"]), given).status_code == 302
    assert Withdrawal.objects.filter(person__case=case).count() == 1


def test_the_page_says_which_force_it_is_from(crew):
    case = crew.shoplifting()
    client = holding(crew, case)
    for address in (reverse("yours"), reverse("your_answer", args=["say"])):
        assert f"the police: {crew.force.name}." in plain(client, address)


def plain(client, address):
    """The words of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", client.get(address).content.decode()))


def test_whoever_has_to_leave_at_once_leaves_nothing_to_go_back_to(crew):
    case = crew.shoplifting()
    client = holding(crew, case)
    for address in (reverse("yours"), reverse("your_answer", args=["say"])):
        html = client.get(address).content.decode()
        assert html.index("Leave this page now") < html.index("<main"), "before all that it says"
        assert f'href="{reverse("yours_leave")}"' in html
        assert "no-store" in client.get(address)["Cache-Control"], "the browser keeps no copy"
    gone = client.get(reverse("yours_leave"))
    assert (gone.status_code, gone.url) == (302, ELSEWHERE)
    assert gone["Referrer-Policy"] == "no-referrer"
    for address in (reverse("yours"), reverse("your_answer", args=["say"])):
        after = client.get(address)
        assert after.status_code == 403
        assert "Invented" not in after.content.decode()
        assert "hoplifting" not in after.content.decode()


def test_the_way_out_is_there_for_whoever_holds_no_link_too(client):
    assert client.get(reverse("yours_leave")).url == ELSEWHERE
