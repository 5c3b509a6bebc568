"""A page of work says something to everybody, and no menu leads where there can be nothing."""

import re

import pytest
from django.urls import reverse

from amends.accounts.permissions import table
from amends.web.work import NO_ROLE, WORK
from support.record import Crew, person

pytestmark = pytest.mark.django_db
ROLES = sorted(set(table().roles) - {"party"})
MENU = {"cases": "cases.view", "search": "cases.search"}


def shown(client):
    html = client.get(reverse("home")).content.decode()
    return html, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&#39;", "'")


@pytest.mark.parametrize("role", ROLES)
def test_a_page_on_which_nothing_waits_says_what_one_does_here(crew, sign_in, role):
    _, text = shown(sign_in(person(crew.force, role)))
    assert "What you do here" in text
    assert WORK[role] in text
    assert NO_ROLE not in text


def test_every_role_has_its_sentence_and_no_two_the_same():
    assert sorted(WORK) == ROLES
    assert len(set(WORK.values())) == len(WORK)


def test_whoever_holds_no_role_is_told_whom_to_ask(crew, sign_in):
    _, text = shown(sign_in(person(crew.force)))
    assert NO_ROLE in text
    assert "Nothing needs you now" not in text


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_leads_only_where_there_can_be_something(crew, sign_in, role):
    html, _ = shown(sign_in(person(crew.force, role)))
    menu = html.split('<nav aria-label="Main">')[1].split("</nav>")[0]
    sees = {"cases.view": {"officer_in_case", "supervisor_of", "asked", "assigned", "same_force"}}
    for name, action in MENU.items():
        may = table().may([role], action, sees.get(action, {"same_force"}))
        assert (f'href="{reverse(name)}"' in menu) is may, name
    hidden = {"panel_member", "panel_secretary", "disclosure_officer", "administrator"}
    assert (f'href="{reverse("cases")}"' not in menu) is (role in hidden)


def test_where_something_waits_it_stands_there_in_the_sentences_place(sign_in):
    crew = Crew("gwent")
    crew.shoplifting()
    _, text = shown(sign_in(crew.officer))
    assert "Needs me now" in text
    assert "What you do here" not in text
