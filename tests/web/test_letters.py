"""Links go out by the outbox, letters are handed over, and whoever asks for a review is answered."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from amends.accounts.refusals import Refused
from amends.cases.actions import inviting, raising, telling
from amends.cases.models import Assignment, Invitation, Person, ReviewAnswered, ReviewAsked
from amends.notices import outbox
from amends.notices.models import Message, Task
from amends.notices.sending import Folder, folder
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)


def sent(client, crew, case, name, **given):
    """The officer sends a link, by the form."""
    client.force_login(given.pop("by", crew.officer))
    case.refresh_from_db()
    data = {"key": str(uuid.uuid4()), "expected": case.version, "language": "en", **given}
    return client.post(reverse("step", args=[case.pk, name]), data)


def victim_of(case):
    return Person.objects.get(case=case, part="victim")


def link_in(text):
    return re.search(r"/link/[\w-]+/", text)[0]


def test_a_link_is_sent_in_a_letter_and_after_that_only_they_have_it(client, tmp_path):
    crew = Crew("gwent")
    case = crew.shoplifting()
    answer = sent(
        client, crew, case, "link-for", who=victim_of(case).pk, channel="email", language="cy",
        address="shop@invented.example", contact="01632 960001",
    )  # fmt: skip
    assert answer.status_code == 302
    message = Message.objects.get()
    assert (message.template, message.language, message.channel) == ("link", "cy", "email")
    link = link_in(message.body)
    assert link not in client.get(reverse("case", args=[case.pk])).content.decode()

    while outbox.deliver(Folder(tmp_path), NOW):
        pass
    message.refresh_from_db()
    assert "/link/[the link was here]" in message.body
    assert link.split("/")[2] not in message.body
    paper = next(tmp_path.iterdir()).read_text("utf-8")
    assert link_in(paper) == link
    client.logout()
    assert client.post(link).status_code == 302
    assert client.get(reverse("yours")).status_code == 200


def test_a_form_sent_twice_makes_one_link_and_one_letter(client):
    crew = Crew("gwent")
    case = crew.shoplifting()
    given = {
        "who": victim_of(case).pk, "channel": "text", "address": "07700 900123", "contact": "01632 960001",
        "key": str(uuid.uuid4()), "expected": case.version,
    }  # fmt: skip
    for _ in range(2):
        assert sent(client, crew, case, "link-for", **given).status_code == 302
    assert (Invitation.objects.count(), Message.objects.count()) == (1, 1)


def test_a_link_that_is_sent_needs_an_address_and_another_way_to_answer(client):
    crew = Crew("gwent")
    case = crew.shoplifting()
    answer = sent(client, crew, case, "link-for", who=victim_of(case).pk, channel="email")
    assert answer.status_code == 422
    for wrong in ("Enter where it goes", "Enter how else they can answer"):
        assert wrong in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_safe_contact_goes_before_the_address_and_somebody_hands_it_over(
    client, tmp_path, settings
):
    settings.AMENDS_FOLDER = tmp_path
    crew = Crew("gwent")
    case = crew.shoplifting()
    crew.does(
        raising.add_need, case, person=victim_of(case), kind="safe_contact", words="Only at work, by hand"
    )  # fmt: skip
    given = {"channel": "email", "address": "home@invented.example", "contact": "01632 960001"}
    assert sent(client, crew, case, "link-for", who=victim_of(case).pk, **given).status_code == 302
    message = Message.objects.get()
    assert (message.channel, message.address) == ("folder", "Only at work, by hand")
    assert "home@" not in message.body
    while outbox.deliver(folder(), NOW):
        pass
    task = Task.objects.get(done_at=None)

    home = client.get(reverse("home")).content.decode()
    assert "Letters to hand over" in home
    client.force_login(crew.sergeant)
    assert case.reference in client.get(reverse("home")).content.decode()
    other = Crew("kent")
    client.force_login(other.officer)
    assert "Letters to hand over" not in client.get(reverse("home")).content.decode()

    printed = client_of(client, crew.officer).get(reverse("letter", args=[case.pk, task.pk]))
    assert printed.content.startswith(b"%PDF-")
    for user in (other.officer, crew.superintendent):
        refused = client_of(client, user).get(reverse("letter", args=[case.pk, task.pk]))
        assert refused.status_code == (404 if user.force != crew.force else 200)
    wrong = client_of(client, crew.officer).get(reverse("letter", args=[case.pk, task.pk + 1]))
    assert wrong.status_code == 404

    handed = {"task": task.pk, "words": "Handed over at work."}
    assert sent(client, crew, case, "pass-on", **handed).status_code == 302
    task.refresh_from_db()
    assert task.done_by == crew.officer
    assert sent(client, crew, case, "pass-on", **handed).status_code == 422
    assert "Letters to hand over" not in client.get(reverse("home")).content.decode()
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "Hand over a letter" not in page


def test_the_task_of_another_case_cannot_be_done_from_this_one():
    crew = Crew("gwent")
    case, other = crew.shoplifting(), crew.shoplifting()
    task = Task.objects.create(
        force=crew.force, case=other.reference, what="Tell the victim.", made_at=NOW
    )
    with pytest.raises(Refused) as caught:
        crew.does(telling.pass_on, case, task=task.pk, words="Told.")
    assert caught.value.code == "PASS-NONE"
    task.refresh_from_db()
    assert task.done_at is None


def asked_of(crew, case):
    """The victim asks, by a link, for it to be looked at again."""
    _, digest = inviting.new_token()
    made = crew.does(inviting.invite, case, person=victim_of(case), digest=digest)
    return crew.does(
        inviting.ask_review, case, made.user, person=victim_of(case), words="Nobody rang me."
    )


def test_whoever_decided_does_not_review_and_somebody_else_answers(client):
    crew = Crew("gwent")
    case = crew.authorised()
    asked = asked_of(crew, case)
    assert "Somebody asks for a review" in in_home(client, crew.inspector)
    assert "Somebody asks for a review" not in in_home(client, crew.officer)
    given = {"asked": asked.pk, "finding": "right", "words": "We rang twice, and left a message."}
    for by, status in ((crew.officer, 403), (crew.superintendent, 422)):
        assert sent(client, crew, case, "answer-review", by=by, **given).status_code == status
    assert not ReviewAnswered.objects.exists()
    assert sent(client, crew, case, "answer-review", by=crew.inspector, **given).status_code == 302
    assert ReviewAnswered.objects.get().by == crew.inspector
    assert "Somebody asks for a review" not in in_home(client, crew.inspector)
    assert sent(client, crew, case, "answer-review", by=crew.inspector, **given).status_code == 422

    client.logout()
    token, digest = inviting.new_token()
    crew.does(inviting.invite, case, person=victim_of(case), digest=digest)
    client.post(reverse("link", args=[token]))
    page = client.get(reverse("yours")).content.decode()
    assert "We find that it was right" in page
    assert "We rang twice, and left a message." in page
    assert "Invented" not in page.split("You have asked")[1]  # who answered is not said


def client_of(client, user):
    client.force_login(user)
    return client


def in_home(client, user):
    client.force_login(user)
    return client.get(reverse("home")).content.decode()


def test_a_review_needs_a_finding_that_is_known():
    crew = Crew("gwent")
    case = crew.authorised()
    asked = asked_of(crew, case)
    with pytest.raises(Refused) as caught:
        crew.does(
            inviting.answer_review, case, crew.inspector, asked=asked, finding="perhaps", words="x"
        )
    assert caught.value.code == "REV-FINDING"
    stranger = person(crew.force, "panel_member")
    with pytest.raises(Refused):
        crew.does(inviting.answer_review, case, stranger, asked=asked, finding="right", words="x")
    assert ReviewAsked.objects.filter(answer=None).count() == 1


def test_the_same_key_gives_the_same_token_and_another_key_another():
    key = fresh_key()
    assert inviting.new_token(key) == inviting.new_token(key)
    found = {inviting.new_token(key)[0], inviting.new_token(f"{key}+")[0], inviting.new_token()[0]}
    assert len(found) == 3
    assert all(len(token) == 43 for token in found)


def test_two_people_who_send_the_same_form_key_make_a_link_each(client):
    crew = Crew("gwent")
    case = crew.shoplifting()
    given = {
        "who": victim_of(case).pk, "channel": "text", "address": "07700 900123", "contact": "01632 960001",
        "key": str(uuid.uuid4()),
    }  # fmt: skip
    colleague = person(crew.force, "victim_care")
    Assignment.objects.create(case=case, by=crew.officer, user=colleague, task="help")
    for by in (crew.officer, colleague):
        assert sent(client, crew, case, "link-for", by=by, **given).status_code == 302
    digests = set(Invitation.objects.values_list("digest", flat=True))
    assert len(digests) == Invitation.objects.count() == 2


@pytest.mark.parametrize(
    ("made", "last_open", "closed", "day"),
    [  # at noon in winter; in summer, half past midnight, when it is still the day before in UTC
        ("2026-01-05T12:00Z", "2026-01-19T23:59:59Z", "2026-01-20T00:00:00Z", "19 January 2026"),
        ("2026-07-01T23:30Z", "2026-07-16T22:59:59Z", "2026-07-16T23:00:00Z", "16 July 2026"),
        ("2026-03-20T09:00Z", "2026-04-03T22:59:59Z", "2026-04-03T23:00:00Z", "3 April 2026"),
    ],
)
def test_a_link_ends_with_the_day_that_its_letter_names(
    client, monkeypatch, made, last_open, closed, day
):
    crew = Crew("gwent")
    case = crew.shoplifting()
    real = inviting.timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime.fromisoformat(made))
    token, digest = inviting.new_token()
    way = inviting.Way(
        channel="email", address="a@invented.example", language="en", contact="101", url="https://a.example/link/x/",
    )  # fmt: skip
    crew.does(inviting.invite, case, person=victim_of(case), digest=digest, way=way)
    found = Invitation.objects.get()
    assert f"until {day}." in Message.objects.get().body
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime.fromisoformat(closed))
    assert not found.open
    with pytest.raises(Refused, match="too old"):
        inviting.open_link(token)
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime.fromisoformat(last_open))
    assert found.open
    assert inviting.open_link(token) == found
    assert real is not inviting.timezone.now


def test_a_letter_to_hand_over_has_the_day_on_which_it_was_written_here():
    from amends.web.forms.letters import PassOnForm

    late = Task(pk=1, what="A letter", made_at=dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC))
    form = PassOnForm.__new__(PassOnForm)
    form.seen = type("Seen", (), {"to_pass_on": [late]})()
    shown = []
    form.only = lambda name, choices: shown.extend(choices)
    form.prepare()
    assert shown == [("1", "A letter (2 July 2026)")]
