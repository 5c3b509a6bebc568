"""The register on the screen: who may see and do what, what is due next, and the log as CSV and JSON."""

import csv
import datetime as dt
import io
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amends.accounts.permissions import table
from amends.accounts.standing import today
from amends.openness.register import actions
from amends.openness.register_words import WORDS
from amends.web.forms.register import FORMS, NEEDS
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
NAME = "Zebedee Invented"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def officer(crew):
    return person(crew.force, "disclosure_officer")


def received(by, days_ago=0, words="How many thefts last year?"):
    return actions.receive(
        by, key=fresh_key(), received=today() - dt.timedelta(days_ago), channel="email",
        subject="Thefts by year", words=words, name=NAME, contact="zebedee@example.org",
    )  # fmt: skip


def send(client, row, name, **given):
    """Send the form of a step as its page shows it."""
    row.refresh_from_db()
    day = today()
    told = {"key": str(uuid.uuid4()), "expected": row.version}
    told |= {"on_day": day.day, "on_month": day.month, "on_year": day.year}
    return client.post(reverse("request_step", args=[row.pk, name]), {**told, **given})


DRAFT = {
    "holding": "held",
    "letter": "=See the table.",
    "title_": "Thefts by year",
    "restated": "Thefts by year?",
}


def answered(client, other, row):
    for who, name, given in (
        (client, "drafted", DRAFT), (client, "cleared", {"sure": "on"}), (other, "cleared", {"sure": "on"}),
        (client, "sent", {"how": "email"}), (client, "published", {}),
    ):  # fmt: skip
        answer = send(who, row, name, **given)
        assert answer.status_code == 302, answer.content.decode()[:4000]


def test_every_kind_of_event_has_its_form():
    assert set(FORMS) == {kind.replace(" ", "-") for kind in WORDS} - {"received"} | {"erase"}
    assert set(NEEDS.values()) <= set(table().actions)


def test_every_role_may_do_what_the_table_allows_and_no_other(crew, officer, sign_in):
    row = received(officer)
    other = Crew("kent").force
    pages = {
        "requests": "openness.view", "request_new": "openness.receive",
    }  # fmt: skip
    for role in table().roles:
        client, stranger = sign_in(person(crew.force, role)), sign_in(person(other, role))
        for name, action in pages.items():
            may = table().may({role}, action, {"same_force"})
            assert client.get(reverse(name)).status_code == (200 if may else 403), (role, name)
        sees = table().may({role}, "openness.view", {"same_force"})
        place = reverse("request", args=[row.pk])
        assert client.get(place).status_code == (200 if sees else 403)
        assert stranger.get(place).status_code == 404
        for name in FORMS:
            may = sees and table().may({role}, NEEDS.get(name, "openness.handle"), {"same_force"})
            step = reverse("request_step", args=[row.pk, name])
            assert client.post(step, {}).status_code == (422 if may else 403), (role, name)
            assert client.get(step).status_code == (200 if may else 403), (role, name)
            assert stranger.post(step, {}).status_code == 404
    row.refresh_from_db()
    assert row.version == 1


def test_what_a_page_offers_is_what_can_come_next(crew, officer, sign_in):
    row = received(officer)
    html = sign_in(officer).get(reverse("request", args=[row.pk])).content.decode()
    offered = {name for name in FORMS if f"/requests/{row.pk}/{name}/" in html}
    assert offered == {
        "acknowledged", "scoped", "estimated", "drafted", "asked", "fees-notice", "claimed", "extended", "refined",
        "titled",
    }  # fmt: skip
    assert "Day 0 is" in html
    assert NAME in html
    seen = sign_in(crew.inspector).get(reverse("request", args=[row.pk])).content.decode()
    assert NAME not in seen


def test_requests_are_told_apart_by_their_short_titles(crew, officer, sign_in):
    row, client = received(officer), sign_in(officer)
    for place in (reverse("requests"), "/", reverse("request", args=[row.pk])):
        assert "Thefts by year" in client.get(place).content.decode()
    assert send(client, row, "titled", subject="Thefts of cars").status_code == 302
    told = "Thefts of cars"
    assert told in sign_in(crew.inspector).get(reverse("requests")).content.decode()
    draft = client.get(reverse("request_step", args=[row.pk, "drafted"])).content.decode()
    assert f'value="{told}"' in draft  # what the log will be called, unless it is written otherwise
    refused = send(client, row, "titled", subject=f"Thefts, for {NAME}")
    assert refused.status_code == 422
    assert "This names whoever asked: the short title, line 1, word 3" in refused.content.decode()
    history = client.get(reverse("request", args=[row.pk])).content.decode()
    assert "The request was received" in history
    assert "Thefts by year" in history


def test_the_next_step_is_a_button_for_whoever_may_take_it_and_for_nobody_else(
    crew, officer, sign_in
):
    row = received(officer)
    client, other = sign_in(officer), sign_in(crew.inspector)
    auditor = sign_in(person(crew.force, "auditor"))
    place = reverse("request", args=[row.pk])

    def button(who):
        html = who.get(place).content.decode()
        return re.findall(
            rf'role="button" draggable="false" href="/requests/{row.pk}/([a-z-]+)/', html
        )

    for who, name, given, second in (
        (client, "acknowledged", {"given_to": "The data team"}, None), (client, "drafted", DRAFT, None),
        (client, "cleared", {"sure": "on"}, other), (other, "cleared", {"sure": "on"}, None),
        (client, "sent", {"how": "email"}, None), (client, "published", {}, None),
    ):  # fmt: skip
        assert button(who) == [name]
        assert button(auditor) == []
        assert (button(second) == [name]) if second else True
        assert send(who, row, name, **given).status_code == 302
    assert button(client) == button(other) == []
    told = {"entry": row.reference, "reason": "It told more than it should."}
    assert send(client, row, "withdrawal-asked", **told).status_code == 302
    assert (button(client), button(other)) == ([], ["withdrawn"])


def test_a_saved_question_is_chosen_from_the_page_and_the_page_says_how_it_is_answered(
    officer, sign_in
):
    row, client = (
        received(officer, words="How many community resolutions by year and offence?"),
        sign_in(officer),
    )
    place = reverse("request", args=[row.pk])
    html = client.get(place).content.decode()
    link = re.search(rf"/requests/{row.pk}/scoped/\?question=([a-z0-9-]+)", html)
    assert link
    step = client.get(link[0]).content.decode()
    assert f'value="{link[1]}" selected' in step
    assert send(client, row, "scoped", question=link[1]).status_code == 302
    html = client.get(place).content.decode()
    assert f"amends answer {link[1]} --received {row.received.isoformat()}" in html
    assert f"--to {row.reference}" in html
    nowhere = client.get(reverse("request_step", args=[row.pk, "scoped"]), {"question": "<x>"})
    assert nowhere.status_code == 200
    assert "<x>" not in nowhere.content.decode()


def test_a_section_is_told_in_plain_words(crew, officer, sign_in):
    row, client = received(officer), sign_in(officer)
    form = client.get(reverse("request_step", args=[row.pk, "claimed"])).content.decode()
    assert (
        "31: Telling it would, or would be likely to, harm law enforcement (weigh the public"
        in form
    )
    told = {
        "section": "31",
        "because": "Tactics would be known.",
        "public_interest": "Harm is heavier.",
    }
    assert send(client, row, "claimed", **told).status_code == 302
    html = client.get(reverse("request", args=[row.pk])).content.decode()
    assert "Section 31 (telling it would, or would be likely to, harm law enforcement)" in html
    for name in ("dropped", "extended"):
        step = client.get(reverse("request_step", args=[row.pk, name])).content.decode()
        assert "Section 31: Telling it would" in step


def test_the_home_page_of_the_officer_says_what_waits(crew, officer, sign_in):
    client = sign_in(officer)
    assert "No request waits to be answered" in client.get("/").content.decode()
    assert "There is no request yet" in client.get(reverse("requests")).content.decode()
    assert (
        "Nothing was published yet"
        in client.get(reverse("disclosure_log", args=[crew.force.pk])).content.decode()
    )
    row = received(officer)
    html = client.get("/").content.decode()
    assert row.reference in html
    assert "Acknowledge it and give it to somebody, by" in html


def test_registering_by_the_form(crew, officer, sign_in):
    client = sign_in(officer)
    day = today()
    given = {
        "key": "k", "received_day": day.day, "received_month": day.month, "received_year": day.year,
        "channel": "email", "subject": "Thefts by year", "words": "How many?", "name": NAME, "contact": "z@example.org",
    }  # fmt: skip
    answer = client.post(reverse("request_new"), given)
    assert answer.status_code == 302
    assert "How many?" in client.get(answer.url).content.decode()
    later = {**given, "key": "another", "received_year": 2999}
    assert client.post(reverse("request_new"), later).status_code == 422


def test_the_log_holds_what_was_cleared_and_no_formula(crew, officer, sign_in):
    public = Client()
    client, other = sign_in(officer), sign_in(crew.inspector)
    row = received(officer)
    answered(client, other, row)
    html = public.get(reverse("disclosure", args=[crew.force.pk, row.reference])).content.decode()
    assert "Thefts by year?" in html
    assert NAME not in html
    (told,) = csv.DictReader(
        io.StringIO(
            client.get(reverse("disclosure_log_csv", args=[crew.force.pk])).content.decode()
        )
    )
    assert told["answer"] == "'=See the table."
    (held,) = client.get(reverse("disclosure_log_json", args=[crew.force.pk])).json()[
        "disclosure_log"
    ]
    assert held["title"] == "Thefts by year"
    assert held["reference"] == row.reference


def test_a_refusal_is_said_on_the_form_and_what_was_typed_stays(crew, officer, sign_in):
    row = received(officer)
    answer = send(sign_in(officer), row, "drafted", **{**DRAFT, "letter": "There were 7."})
    assert answer.status_code == 422
    assert "says 7, and nothing has shown" in answer.content.decode()
    assert "There were 7." in answer.content.decode()
    answer = send(sign_in(officer), row, "sent", how="email")
    assert answer.status_code == 422
    assert "Two different people must clear" in answer.content.decode()


def test_a_refusal_for_cost_goes_out_with_its_sum(crew, officer, sign_in):
    client, other = sign_in(officer), sign_in(crew.inspector)
    first, row = received(officer), received(officer)
    work = {"asked_1": "reasons", "records_1": 200, "minutes_1": 3, "why_1": "It is in the notes"}
    assert send(client, first, "estimated", **work).status_code == 302
    assert send(client, row, "estimated", **work, added=[first.reference]).status_code == 302
    told = {"section": "12(1)", "because": "It would take too long."}
    assert send(client, row, "claimed", **told).status_code == 302
    answered(client, other, row)
    html = client.get(reverse("disclosure", args=[crew.force.pk, row.reference])).content.decode()
    assert "Together that is 20 hours" in html
    assert first.reference in html


def test_the_queue_asks_as_much_of_many_as_of_one(officer, sign_in):

    client = sign_in(officer)

    def asked():
        with CaptureQueriesContext(connection) as told:
            client.get(reverse("requests"))
        return len(told.captured_queries)

    received(officer)
    few = asked()
    for _ in range(10):
        received(officer)
    assert asked() == few


def test_everybody_reads_the_log_and_finds_by_words_without_signing_in(crew, officer, sign_in):
    public, row = Client(), received(officer)
    assert "Nothing was published yet" in public.get("/disclosures/").content.decode()
    answered(sign_in(officer), sign_in(crew.inspector), row)
    hidden = received(officer)
    place = reverse("disclosure_log", args=[crew.force.pk])
    assert public.get("/disclosures/").url == place
    for words, found in (("", True), ("THEFTS see", True), ("thefts drones", False), ("%", False)):
        html = public.get(place, {"words": words}).content.decode()
        assert ("Thefts by year" in html) is found
        assert hidden.reference not in html
        assert "Zebedee" not in html
    one = reverse("disclosure", args=[crew.force.pk, row.reference])
    assert one in public.get(place).content.decode()
    assert public.get(one).status_code == 200
    assert public.post(one).status_code == 405
    for name in (hidden.reference, "FOI-1999-0001"):
        assert public.get(reverse("disclosure", args=[crew.force.pk, name])).status_code == 404
    assert public.get(reverse("disclosure_log", args=["nowhere"])).status_code == 404


def test_an_answer_that_was_taken_back_says_so_at_its_address_and_nothing_more(
    crew, officer, sign_in
):
    client, other, public, row = (
        sign_in(officer),
        sign_in(crew.inspector),
        Client(),
        received(officer),
    )
    answered(client, other, row)
    told = {"entry": row.reference, "reason": "It told more than it should."}
    assert send(client, row, "withdrawal-asked", **told).status_code == 302
    step = reverse("request_step", args=[row.pk, "withdrawn"])
    assert told["reason"] in other.get(step).content.decode()
    refused = send(client, row, "withdrawn", sure="on")
    assert refused.status_code == 422
    assert "Somebody else must take" in refused.content.decode()
    place = reverse("disclosure", args=[crew.force.pk, row.reference])
    assert public.get(place).status_code == 200
    assert send(other, row, "withdrawn", sure="on").status_code == 302
    file = reverse("disclosure_file", args=[crew.force.pk, row.reference, "index.html"])
    for one in (place, file):
        gone = public.get(one)
        html = gone.content.decode()
        assert gone.status_code == 410
        assert told["reason"] in html
        assert "Thefts by year" not in html
        assert NAME not in html
    log = reverse("disclosure_log", args=[crew.force.pk])
    assert row.reference not in public.get(log).content.decode()
    made = reverse("disclosure_log_csv", args=[crew.force.pk])
    assert row.reference not in public.get(made).content.decode()
    held = public.get(reverse("disclosure_log_json", args=[crew.force.pk])).json()
    assert held["disclosure_log"] == []
    assert [one["reason"] for one in held["withdrawn"]] == [told["reason"]]
    assert told["reason"] in client.get(reverse("request", args=[row.pk])).content.decode()


def test_the_log_is_told_a_page_at_a_time(crew, officer, sign_in, monkeypatch):
    monkeypatch.setattr("amends.openness.register.log.PAGE", 1)
    for _ in range(2):
        answered(sign_in(officer), sign_in(crew.inspector), received(officer))
    place = reverse("disclosure_log", args=[crew.force.pk])
    newest, older = (Client().get(place, {"page": n}).content.decode() for n in (1, 2))
    assert "Page 1 of 2" in newest
    assert "Page 2 of 2" in older
    assert "-0002" in newest
    assert "-0001" in older
    for number in ("0", "-1", "999", "x", "9" * 30):
        assert Client().get(place, {"page": number}).status_code == 200


def test_the_queue_is_paged_and_says_what_is_overdue_in_words(crew, officer, sign_in, monkeypatch):
    monkeypatch.setattr("amends.openness.register.queries.PAGE", 1)
    late, new = received(officer, 60), received(officer)
    client = sign_in(officer)
    first, second = (client.get(reverse("requests"), {"page": n}).content.decode() for n in (1, 2))
    assert late.reference in first
    assert "overdue: to be answered" in first
    assert "Was due" in first
    assert "Page 1 of 2" in first
    assert new.reference in second
    assert "overdue" not in second
    assert "Acknowledge" not in first  # too late for that: it is to be answered
    html = client.get(reverse("request", args=[late.pk])).content.decode()
    assert f'role="button" draggable="false" href="/requests/{late.pk}/drafted/' in html
    for number in ("0", "x", "9" * 20):
        assert client.get(reverse("requests"), {"page": number}).status_code == 200
