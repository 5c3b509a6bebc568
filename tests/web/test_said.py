"""What pages say: what was done, which questions come first, and only reasons that a case bears out."""

import re

import pytest
from django.urls import reverse

from amends.accounts.permissions import table
from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases.actions import authorising, raising
from amends.cases.models.deciding import OVERRIDES
from amends.cases.overriding import may_be_said
from amends.cases.seeing import see
from amends.policy.facts import catalogue
from amends.web.forms.facts import ALWAYS, FactsForm
from amends.web.steps import STEPS, did
from amends.web.wording import called
from support.record import Crew, plain

pytestmark = pytest.mark.django_db
ALLOWS = {"reasons": "It is minor.", "no_conflict": True}


@pytest.fixture
def crew():
    return Crew("gwent")


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_timeline_says_what_was_done_and_not_which_command_was_given(crew, sign_in):
    case = crew.shoplifting()
    shown = text_of(sign_in(crew.officer).get(reverse("timeline", args=[case.pk])))
    assert "The case is raised." in shown
    assert "What the suspect said is recorded." in shown
    assert "Raise a case" not in shown


def test_everything_that_can_be_done_in_a_case_has_its_sentence():
    for name in table().actions:
        if any(form.command == name for form in STEPS.values()):
            assert did(name).endswith("."), name
    assert did("cases.view") is None


def without(name):
    return lambda day: {key: value for key, value in plain(day).items() if key != name}


def test_what_is_missing_is_asked_first_and_the_rest_is_folded(crew, sign_in, monkeypatch):
    monkeypatch.setattr("support.record.plain", without("evidence.sufficient"))
    case = crew.shoplifting()
    seen = see(crew.officer, case.pk)
    missing = seen.decision["missing"][0]
    form = FactsForm(seen, crew.officer)
    asked = [name for name in form.fields if name in catalogue()]
    typed = [name for name in missing if name in asked]
    assert typed
    assert asked[: len(ALWAYS)] == list(ALWAYS)
    assert set(asked[len(ALWAYS) : len({*ALWAYS, *typed})]) == set(typed) - set(ALWAYS)
    assert form.folded == [name for name in asked if name not in {*ALWAYS, *typed}]
    assert form.folded
    page = sign_in(crew.officer).get(reverse("step", args=[case.pk, "facts"])).content.decode()
    closed = page.index('<details class="govuk-details" >')
    assert all(page.index(f'name="{name}') > closed for name in form.folded)
    assert all(page.index(f'name="{name}') < closed for name in typed)


def test_folded_questions_are_open_where_one_of_them_was_answered_wrongly(crew, sign_in):
    case = crew.raised()
    form = FactsForm(see(crew.officer, case.pk), crew.officer)
    whole = next(name for name in form.folded if catalogue()[name].type == "whole")
    data = {"key": "one", "expected": case.version, whole: "many"}
    answer = sign_in(crew.officer).post(reverse("step", args=[case.pk, "facts"]), data)
    assert answer.status_code == 422
    assert '<details class="govuk-details" open>' in answer.content.decode()


def test_no_choice_is_shown_in_the_words_of_code():
    def walk(kinds):
        for kind in kinds:
            yield from kind.values or ()
            yield from walk(kind.fields)

    shown = {called(value) for value in walk(catalogue().values())}
    assert not [one for one in shown if "_" in one or re.search(r"\b(rd|vo|Acpo|Npcc|Pcso)\b", one)]
    assert {"England and Wales", "PCSO", "Victim-offender conference"} <= shown


def test_a_reason_that_the_case_does_not_bear_out_is_neither_offered_nor_taken(crew, sign_in):
    case = crew.shoplifting()
    may = may_be_said(case, today())
    assert may == ("other",)
    address = reverse("step", args=[case.pk, "authorise"])
    page = sign_in(crew.superintendent).get(address, {"why": "to decide"})
    offered = re.findall(r'name="overrides" type="checkbox" value="(\w+)"', page.content.decode())
    assert offered == ["other"]
    for code in set(OVERRIDES) - set(may):
        with pytest.raises(Refused) as refused:
            crew.does(authorising.authorise, case, crew.superintendent, **ALLOWS, overrides=[code])
        assert refused.value.code == "AUTH-UNTRUE", code


def test_what_nobody_knows_may_be_said(crew, monkeypatch):
    monkeypatch.setattr("support.record.plain", without("offence.serious"))
    assert "serious" in may_be_said(crew.shoplifting(), today())


def test_that_a_victim_was_not_asked_may_be_said_until_they_are(crew):
    case = crew.raised()
    crew.does(raising.record_circumstances, case, facts=plain(today()))
    crew.does(raising.add_person, case, part="victim", kind="business", name="Another Shop")
    before = may_be_said(case, today())
    crew.victim(case, "disagree")
    assert ("not_consulted" in before, "victim_disagrees" in before) == (True, False)
    assert {"not_consulted", "victim_disagrees"} <= set(may_be_said(case, today()))
