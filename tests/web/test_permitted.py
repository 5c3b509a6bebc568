"""Who may do what, over HTTP: every role, step and way of standing; and nothing is told of another force."""

import os
import random
from collections import Counter

import pytest
from django.urls import URLPattern, get_resolver, reverse

from amends.accounts.permissions import table
from amends.cases.lifecycle import lifecycle
from amends.cases.models import Asked, Assignment, Case, Conflict
from amends.web.forms.yours import YOURS
from amends.web.steps import FIRST, STEPS
from amends.web.urls import FOR, PUBLIC, urlpatterns
from amends.web.urls import OPEN as BY_LINK
from amends.web.views.cases import GROUPS
from amends.web.views.yours import ELSEWHERE
from support.record import Crew, person

pytestmark = pytest.mark.django_db
STANDINGS = ("stranger", "same force", "officer in the case", "asked", "assigned", "conflicted")
OPEN = {
    "guide",
    "published",
    "guide_sign_in",
    "guide_letters",
    "guide_letter",
    "yours",
    "yours_leave",
    "your_answer",
    "link",
    "choose_password",
    *(name for name, action in FOR.items() if action == PUBLIC),
}
BESIDE = {"conflict": "cases.conflict", "receipt": "ledger.receipt", "looks": "ledger.looks"}
GONE = ("stranger", "conflicted")
"""Those to whom a case answers as one that is not there."""
LONG = bool(os.environ.get("AMENDS_LONG"))


def stand(how, user, case, crew):
    rows = {"asked": Asked, "assigned": Assignment, "conflicted": Conflict}
    if how == "officer in the case":
        Case.objects.filter(pk=case.pk).update(officer=user)
    elif how in rows:
        more = {"task": "help"} if how == "assigned" else {}
        more |= {"reason": "Invented."} if how == "conflicted" else {}
        rows[how].objects.create(case=case, by=crew.officer, user=user, **more)
    case.refresh_from_db()


def test_every_address_says_what_it_is_for_and_every_step_is_offered():
    names = {one.name for one in urlpatterns if isinstance(one, URLPattern)}
    assert names == set(FOR)
    assert {FOR[name] for name in FOR} - {None, "*", BY_LINK, PUBLIC} <= set(table().actions)
    commands = {form.command for form in (*STEPS.values(), *YOURS.values())}
    assert commands == set(lifecycle().commands)
    assert commands <= set(table().actions)
    assert {name for _, names in GROUPS for name in names} | {"settle"} == set(STEPS)
    assert set(FIRST) <= set(STEPS)


def test_nobody_sees_anything_who_is_not_signed_in(client, crew):
    case = crew.raised()
    for name in FOR:
        parts = {
            "step": [case.pk, "note"],
            "request_step": [case.pk, "drafted"],
            "link": ["x"],
            "your_answer": ["say"],
            "account_give": [case.officer_id, "role"],
            "account_end": [case.officer_id, "role", 1],
            "choose_password": ["x", "y"],
            "guide_letter": ["x.txt"],
            "published": ["index.html"],
            "letter": [case.pk, 1],
            "disclosure": [case.force_id, "FOI-1999-0001"],
            "disclosure_file": [case.force_id, "FOI-1999-0001", "index.html"],
            "disclosure_log": [case.force_id],
            "disclosure_log_csv": [case.force_id],
            "disclosure_log_json": [case.force_id],
        }.get(name)
        if parts is None:
            numbered = any(one.name == name and "<int:" in str(one.pattern) for one in urlpatterns)
            parts = [case.pk] if numbered else []
        for ask in (client.get, client.post):
            answer = ask(reverse(name, args=parts))
            if name in OPEN:
                away = answer.status_code == 302 and answer.url == ELSEWHERE
                assert away is (name == "yours_leave" and ask == client.get)
                assert away or answer.status_code in (200, 403, 404, 405, 503)
            else:
                assert answer.status_code == 302
                assert answer.url.startswith(reverse("account_login"))
    assert any(one.name == "home" for one in get_resolver().url_patterns[1].url_patterns)


@pytest.mark.parametrize("how", STANDINGS)
def test_every_role_takes_the_steps_that_the_table_allows_and_no_other(how, crew, sign_in):
    told: Counter[bool] = Counter()
    other = Crew("kent").force
    for role in table().roles:
        user = person(other if how == "stranger" else crew.force, role)
        case = crew.raised()
        if how != "stranger":
            stand(how, user, case, crew)
        relations = case.relations_of(user)
        client = sign_in(user)
        sees = table().may({role}, "cases.view", relations)
        for name, form in STEPS.items():
            wanted = sees and table().may({role}, form.command, relations)
            answer = client.post(reverse("step", args=[case.pk, name]), {})
            assert answer.status_code == (422 if wanted else 404 if how in GONE else 403), (
                role, name, how, answer.status_code,
            )  # fmt: skip
            told[wanted] += 1
        answer = client.get(reverse("case", args=[case.pk]), {"why": "a test"})
        assert answer.status_code == (200 if sees else 404 if how in GONE else 403)
        answer = client.get(reverse("timeline", args=[case.pk]), {"why": "a test"})
        may = sees and table().may({role}, "cases.timeline", relations)
        assert answer.status_code == (200 if may else 404 if how in GONE else 403)
        for name, action in BESIDE.items():
            may = sees and table().may({role}, action, relations)
            answer = client.get(reverse(name, args=[case.pk]))
            assert answer.status_code == (200 if may else 404 if how in GONE else 403), (role, name)
            if name != "looks":
                answer = client.post(reverse(name, args=[case.pk]), {})
                assert answer.status_code == (422 if may else 404 if how in GONE else 403), (
                    role,
                    name,
                )
        case.refresh_from_db()
        assert case.version == 1
    assert sum(told.values()) == len(table().roles) * len(STEPS)


def test_what_a_page_offers_can_be_done_and_nothing_else_is_offered(crew, sign_in):
    for make in (crew.raised, crew.shoplifting, crew.authorised, crew.agreed, crew.done):
        case = make()
        for user in (crew.officer, crew.sergeant, crew.inspector):
            client = sign_in(user)
            html = client.get(reverse("case", args=[case.pk]), {"why": "a test"}).content.decode()
            offered = {name for name in STEPS if f'/cases/{case.pk}/{name}/"' in html}
            assert offered
            answer = client.get(reverse("timeline", args=[case.pk]), {"why": "a test"})
            assert (answer.status_code == 200) == (f"/cases/{case.pk}/timeline/" in html)
            for name in BESIDE:
                answer = client.get(reverse(name, args=[case.pk]))
                assert (answer.status_code == 200) == (f"/cases/{case.pk}/{name}/" in html)
            for name in STEPS:
                answer = client.get(reverse("step", args=[case.pk, name]))
                assert (answer.status_code == 200) == (name in offered), (name, user)


def test_nothing_is_told_of_another_force_not_even_by_wording(crew, sign_in):
    """What is asked of a case of another force is answered as of a case that does not exist."""
    stranger = sign_in(
        person(Crew("kent").force, "officer", "supervisor", "auditor", rank="inspector")
    )
    held = [crew.raised().pk, crew.shoplifting().pk, crew.agreed().pk]
    draw = random.Random(7)
    nowhere = max(held) + 1000
    wanted = 100_000 if LONG else 10_000
    answers: Counter[bytes] = Counter()
    beside = [(name, []) for name in (*BESIDE, "receipt_text")]
    routes = [
        ("case", []),
        ("timeline", []),
        ("letter", [1]),
        *beside,
        *(("step", [name]) for name in STEPS),
    ]
    for _ in range(wanted // 2):
        name, parts = draw.choice(routes)
        ask = draw.choice([stranger.get, stranger.post])
        told = [
            ask(reverse(name, args=[n, *parts]))
            for n in (draw.choice(held), nowhere + draw.randrange(10**6))
        ]
        assert told[0].status_code == told[1].status_code
        assert told[0].status_code in (404, 405)
        assert without_token(told[0].content) == without_token(told[1].content)
        answers[without_token(told[0].content)] += 1
    assert len(answers) <= 2  # nowhere to be seen, and a way of asking that is not taken
    for words in ("INV", "Invented Shop", "Suspect"):
        html = stranger.get(reverse("search"), {"words": words, "why": "a test"}).content.decode()
        assert "No cases found" in html
    for state in ("raised", "agreed"):
        html = stranger.get(
            reverse("find"), {"case.state": state, "why": "a test"}
        ).content.decode()
        assert "No cases found" in html
    html = stranger.get(reverse("cases")).content.decode()
    assert "There are no cases here" in html


def without_token(content):
    marker = b'name="csrfmiddlewaretoken" value="'
    head, found, rest = content.partition(marker)
    return head + rest[rest.find(b'"') :] if found else content
