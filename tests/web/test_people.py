"""The people of a force: who may see them and change what they are, and what is told of nobody."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amends.accounts import actions
from amends.accounts.models import Delegation, GradeHeld, RankHeld, RoleHeld, User
from amends.accounts.permissions import table
from amends.accounts.standing import standing, today
from amends.cases.actions import inviting
from amends.cases.models import Person
from amends.web.urls import FOR
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def boss(crew):
    return person(crew.force, "administrator", name="the.boss")


def send(client, page, /, *parts, **given):
    return client.post(reverse(page, args=parts), {"key": str(uuid.uuid4()), **given})


def on(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def pages(about, row, delegation):
    """Every page of the accounts: its parts, and whether it is about somebody and takes a form."""
    return {
        "people": ([], False, False), "account_open": ([], False, True), "delegations": ([], False, True),
        "delegation_end": ([delegation.pk], False, True), "account": ([about.pk], True, False),
        "account_give": ([about.pk, "role"], True, True), "account_end": ([about.pk, "role", row.pk], True, True),
        "account_close": ([about.pk], True, True), "account_password": ([about.pk], True, True),
        "remedies": ([], False, True),
    }  # fmt: skip


# --- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whose", ["a colleague", "oneself", "another force"])
def test_every_role_sees_and_does_what_the_table_allows_and_nothing_else(whose, crew, sign_in):
    other = Crew("kent")
    told = {True: 0, False: 0}
    for role in table().roles:
        user = person(crew.force, role)
        about = {"a colleague": crew.officer, "oneself": user, "another force": other.officer}[
            whose
        ]
        force = other.force if whose == "another force" else crew.force
        order = Delegation.objects.create(
            force=force, grade="pcso", rank="constable", starts=today(), source="Order 1"
        )
        client = sign_in(user)
        found = pages(about, about.roles.get(), order)
        assert {
            n for n in FOR if n.startswith(("account", "people", "delegation", "remedies"))
        } == set(found)
        for name, (parts, somebody, form) in found.items():
            relations = (
                {"same_force", "oneself"}
                if whose == "oneself" or name == "people"
                else {"same_force"}
            )
            may = table().may([role], FOR[name], relations)
            there = whose != "another force" or not (somebody or name == "delegation_end")
            if somebody:
                may = may and table().may([role], "accounts.view", relations)
            if role == "party" and whose == "oneself" and somebody:
                there = False
            # of a delegation somebody who may not is told so before it is looked for
            nowhere = 404 if somebody or may else 403
            answer = client.get(reverse(name, args=parts))
            wanted = (200 if may else 403) if there else nowhere
            assert answer.status_code == wanted, (role, name, whose, answer.status_code)
            if form:
                answer = client.post(reverse(name, args=parts), {})
                wanted = (422 if may else 403) if there else nowhere
                assert answer.status_code == wanted, (role, name, whose, answer.status_code)
            told[may and there] += 1
    assert min(told.values()) > 5


def test_another_force_and_whoever_acts_by_a_link_are_not_there_word_for_word(crew, boss, sign_in):
    case = crew.shoplifting()
    victim = Person.objects.get(case=case, part="victim")
    _, digest = inviting.new_token()
    party = crew.does(inviting.invite, case, person=victim, digest=digest).user
    stranger = Crew("kent").officer
    client = sign_in(boss)
    told = set()
    for number in (stranger.pk, party.pk, 10**9):
        for name, parts in (
            ("account", []), ("account_give", ["rank"]), ("account_close", []), ("account_password", []),
            ("account_end", ["role", RoleHeld.objects.get(user=stranger).pk]),
        ):  # fmt: skip
            for ask in (client.get, client.post):
                answer = ask(reverse(name, args=[number, *parts]))
                assert answer.status_code == (
                    405 if name == "account" and ask == client.post else 404
                )
                told.add(without_token(answer.content))
    assert len(told) == 2  # not there, and a way of asking that is not taken
    html = client.get(reverse("people")).content.decode()
    assert crew.officer.username not in html  # a name is shown, and the username on their own page
    assert f"/people/{crew.officer.pk}/" in html
    for hidden in (stranger, party):
        assert f"/people/{hidden.pk}/" not in html
        found = client.get(reverse("people"), {"words": hidden.username}).content.decode()
        assert "Nobody of that name is here" in found
    officer = sign_in(crew.officer)
    assert str(party) not in officer.get(reverse("step", args=[case.pk, "assign"])).content.decode()


def without_token(content):
    marker = b'name="csrfmiddlewaretoken" value="'
    head, found, rest = content.partition(marker)
    return head + rest[rest.find(b'"') :] if found else content


def test_an_officer_sees_their_own_account_and_nobody_elses(crew, sign_in):
    client = sign_in(crew.officer)
    html = client.get(reverse("people")).content.decode()
    assert f"/people/{crew.officer.pk}/" in html
    assert f"/people/{crew.sergeant.pk}/" not in html
    html = client.get(reverse("account", args=[crew.officer.pk])).content.decode()
    assert "Constable" in html
    assert "/give/" not in html
    assert "/end/" not in html
    assert 'href="/people/"' not in html


def test_links_are_shown_to_those_who_may(crew, boss, sign_in):
    for user, people, remedies in (
        (boss, True, True), (crew.sergeant, True, False), (crew.officer, False, False),
        (person(crew.force, "auditor"), True, False), (person(crew.force, "disclosure_officer"), False, True),
    ):  # fmt: skip
        html = sign_in(user).get(reverse("home")).content.decode()
        assert ('href="/people/"' in html) == people
        assert ('href="/remedies/"' in html) == remedies
        assert f'href="/people/{user.pk}/"' in html


def test_what_is_strong_asks_for_a_second_factor_in_production(crew, boss, sign_in, settings):
    settings.AMENDS_PRODUCTION, settings.SECURE_SSL_REDIRECT = True, False
    client = sign_in(boss)
    order = Delegation.objects.create(
        force=crew.force, grade="pcso", rank="constable", starts=today(), source="Order 1"
    )
    row = crew.officer.roles.get()
    for name, (parts, _, form) in pages(crew.officer, row, order).items():
        strong = table().actions[FOR[name]].strong
        for ask in (client.get, client.post) if form else (client.get,):
            answer = ask(reverse(name, args=parts))
            assert (answer.status_code == 302) == strong, name
            if strong:
                assert answer["Location"] == reverse("mfa_index")
    crew.officer.refresh_from_db()
    assert crew.officer.is_active


# --- doing it -----------------------------------------------------------------------------------------------


def test_an_account_is_opened_given_things_ended_and_closed(crew, boss, sign_in):
    client = sign_in(boss)
    answer = send(client, "account_open", username="new.one", name="Nova Invented", email="")
    made = User.objects.get(username="new.one")
    assert answer["Location"] == reverse("account", args=[made.pk])
    html = client.get(answer["Location"]).content.decode()
    assert "Cannot sign in: has no password yet" in html
    assert "They hold no role, and never did" in html
    assert send(client, "account_give", made.pk, "role", role="officer").status_code == 302
    assert (
        send(client, "account_give", made.pk, "rank", rank="sergeant", acting="yes").status_code
        == 302
    )
    later = today() + 30 * DAY
    assert (
        send(
            client, "account_give", made.pk, "grade", grade="pcso", **on("starts", later)
        ).status_code
        == 302
    )
    now = standing(made)
    assert (now.roles, now.rank, now.acting) == ({"officer"}, "sergeant", True)
    html = client.get(reverse("account", args=[made.pk])).content.decode()
    for words in (
        "Officer",
        "Acting Sergeant",
        "Police Community Support Officer",
        "later",
        "a rank of sergeant",
    ):
        assert words in html

    row = made.roles.get()
    assert send(client, "account_end", made.pk, "role", row.pk).status_code == 302
    row.refresh_from_db()
    assert row.ends == today() + DAY
    rank = made.ranks.get()
    RankHeld.objects.filter(pk=rank.pk).update(starts=today() - 9 * DAY)
    assert send(client, "account_end", made.pk, "rank", rank.pk).status_code == 302
    html = client.get(reverse("account", args=[made.pk])).content.decode()
    assert "ended" in html
    assert "Nothing that needs a rank" in html

    assert send(client, "account_close", made.pk).status_code == 422  # it was not confirmed
    assert send(client, "account_close", made.pk, sure="on").status_code == 302
    made.refresh_from_db()
    assert not made.is_active
    html = client.get(reverse("account", args=[made.pk])).content.decode()
    assert "Closed: cannot sign in" in html
    assert "What you can do" not in html
    assert "Closed" in client.get(reverse("people")).content.decode()


def test_a_form_sent_twice_opens_one_account_and_gives_one_role(crew, boss, sign_in):
    client = sign_in(boss)
    given = {"key": "twice", "username": "once.only", "name": "Ada Invented"}
    answers = [client.post(reverse("account_open"), given) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    made = User.objects.get(username="once.only")
    for _ in range(2):
        answer = client.post(
            reverse("account_give", args=[made.pk, "role"]), {"key": "again", "role": "officer"}
        )
        assert answer.status_code == 302
    assert RoleHeld.objects.filter(user=made).count() == 1


@pytest.mark.parametrize(
    ("name", "parts", "given", "told"),
    [
        ("account_open", [], {"username": "", "name": ""}, "Enter username"),
        ("account_open", [], {"username": "x", "name": "X Y", "email": "no"}, "valid email"),
        ("account_open", [], {"username": "the.boss", "name": "X Y"}, "There is already an account of that name"),
        ("account_open", [], {"username": "with blanks", "name": "X Y"}, "A username has letters"),
        ("account_give", ["role"], {}, "Answer this: Which role?"),
        ("account_give", ["role"], {"role": "party"}, "Choose one that is listed"),
        ("account_give", ["role"], {"role": "officer"}, "They hold this role on that day already"),
        ("account_give", ["role"], {"role": "panel_member"}, "Nobody may be officer and panel_member at once"),
        ("account_give", ["rank"], {"rank": "sergeant"}, "Answer this: Do they only act up to it?"),
        ("account_give", ["grade"], {"grade": "pcso", "starts_day": "40"}, "must be a real date"),
        ("account_close", [], {}, "Tick to say"),
        ("delegations", [], {"grade": "pcso", "rank": "constable"}, "Enter decision it rests on"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_question_and_on_top(
    crew, boss, sign_in, name, parts, given, told
):
    about = [crew.officer.pk] if name in ("account_give", "account_close") else []
    answer = send(sign_in(boss), name, *about, *parts, **given)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in html
    assert told in html
    assert "<title>Error: " in html


def test_what_somebody_else_holds_is_not_ended_by_way_of_another(crew, boss, sign_in):
    client = sign_in(boss)
    rank = crew.sergeant.ranks.get()
    for what, number in (("rank", rank.pk), ("crown", rank.pk), ("role", 10**9)):
        answer = send(client, "account_end", crew.officer.pk, what, number)
        assert answer.status_code == 404
    assert client.get(reverse("account_give", args=[crew.officer.pk, "crown"])).status_code == 404
    rank.refresh_from_db()
    assert rank.ends is None


def test_a_grade_counts_as_a_rank_from_a_day_until_another(crew, boss, sign_in):
    client = sign_in(boss)
    assert "No grade counts as a rank yet" in client.get(reverse("delegations")).content.decode()
    pcso = person(crew.force, "officer")
    GradeHeld.objects.create(user=pcso, grade="pcso", starts=today() - 9 * DAY)
    given = {
        "grade": "pcso",
        "rank": "constable",
        "source": "Invented order 7",
        **on("starts", today() - DAY),
    }
    assert send(client, "delegations", **given).status_code == 302
    html = client.get(reverse("delegations")).content.decode()
    assert "Invented order 7" in html
    assert "a rank of constable" in client.get(reverse("account", args=[pcso.pk])).content.decode()
    row = Delegation.objects.get()
    assert send(client, "delegation_end", row.pk).status_code == 302
    assert "ended" in client.get(reverse("delegations")).content.decode()
    assert standing(pcso).authority is None


# --- a password ---------------------------------------------------------------------------------------------


def test_a_link_is_shown_once_and_opens_the_page(crew, boss, sign_in, client):
    answer = send(sign_in(boss), "account_password", crew.officer.pk)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    html = answer.content.decode()
    link = html.split('id="the-link">')[1].split("<")[0]
    assert link.startswith("http://testserver/choose-password/")
    assert crew.officer.username in html
    assert client.get(link.removeprefix("http://testserver")).status_code == 200


def test_nobody_makes_a_link_for_themselves(boss, sign_in):
    answer = send(sign_in(boss), "account_password", boss.pk)
    assert answer.status_code == 422
    assert "You cannot make a link for yourself" in answer.content.decode()


def test_people_of_a_force_with_a_directory_need_none_and_that_is_said(
    crew, boss, sign_in, settings
):
    client = sign_in(boss)
    words = "sign in by its directory, and need no password"
    place = reverse("account_password", args=[crew.officer.pk])
    assert words not in client.get(place).content.decode()
    settings.AMENDS_OIDC_FORCE = crew.force.pk
    assert words in client.get(place).content.decode()
    html = client.get(reverse("account", args=[crew.officer.pk])).content.decode()
    assert "Signs in by the force&#39;s directory" in html
    settings.AMENDS_OIDC_FORCE = "kent"
    assert words not in client.get(place).content.decode()


# --- a page at a time ---------------------------------------------------------------------------------------


def many(force, count):
    for number in range(count):
        made = person(force, "officer", rank="constable")
        made.last_name = f"Sample {'ABCDEFG'[number % 7]}"
        made.save()


def test_people_are_shown_by_name_a_page_at_a_time_each_once(crew, boss, sign_in):
    many(crew.force, 60)
    many(Crew("kent").force, 30)
    client, seen, place = sign_in(boss), [], reverse("people")
    while place:
        html = client.get(place).content.decode()
        seen += [
            int(part.split("/")[0])
            for part in html.split('govuk-!-font-weight-bold" href="/people/')[1:]
        ]
        more = html.split("More people")[0].split('href="')[-1].split('"')[0].replace("&amp;", "&")
        place = f"{reverse('people')}{more}" if "More people" in html else ""
    wanted = User.objects.filter(force=crew.force).order_by("last_name", "first_name", "pk")
    assert seen == list(wanted.values_list("pk", flat=True))
    assert len(seen) == 65
    html = client.get(reverse("people"), {"words": "invented sample c"}).content.decode()
    assert html.count('class="amends-list__one"') == len([n for n in range(60) if n % 7 == 2])
    html = client.get(reverse("people"), {"words": "\0a"}).content.decode()
    assert 'class="amends-list__one"' not in html
    assert client.get(reverse("people"), {"after": "x" * 30}).status_code == 200
    assert client.get(reverse("people"), {"after": str(10**9)}).status_code == 200


def test_pages_ask_as_much_of_a_hundred_people_as_of_one(crew, boss, sign_in):
    client = sign_in(boss)

    def asked(name, *parts, **given):
        with CaptureQueriesContext(connection) as told:
            assert client.get(reverse(name, args=parts), given).status_code == 200
        return len(told.captured_queries)

    def counts():
        return (
            asked("people"), asked("people", words="Invented"), asked("account", crew.officer.pk),
            asked("delegations"), asked("account_give", crew.officer.pk, "role"),
        )  # fmt: skip

    few = counts()
    many(crew.force, 100)
    for number in range(50):
        row = actions.delegate(
            boss, "pcso", "constable", today(), f"Order {number}", key=fresh_key()
        )
        Delegation.objects.filter(pk=row.pk).update(ends=today() + DAY)
        RoleHeld.objects.create(
            user=crew.officer, role="facilitator", starts=today() - DAY, ends=today()
        )
    assert counts() == few
