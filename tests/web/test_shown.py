"""What a page says of a case to whoever must sign it, work on it, or answer for it."""

import pytest
from django.urls import reverse

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases.actions import authorising, ending, inviting, listening, raising
from amends.cases.facts import facts_of
from amends.cases.models import Person
from amends.cases.seeing import see
from amends.web.progress import next_step
from amends.web.steps import STEPS
from support.record import RECORDS, Crew, hours_ago, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew():
    return Crew("gwent")


def html(client, name, *parts):
    return client.get(reverse(name, args=parts)).content.decode()


def asked(crew):
    case = crew.shoplifting()
    crew.does(authorising.consult_supervisor, case, crew.sergeant, words="Go ahead.")
    crew.does(authorising.ask_authority, case, of=crew.inspector)
    return case


def test_whoever_signs_is_told_what_the_offence_is_who_admits_it_and_in_which_words(crew, sign_in):
    case = asked(crew)
    client = sign_in(crew.inspector)
    for page in (
        html(client, "case", case.pk), html(client, "step", case.pk, "authorise"),
        html(client, "step", case.pk, "refuse"),
    ):  # fmt: skip
        assert "(46)" in page
        assert "Shoplifting" in page
        assert "I took it." in page
    for name in ("home", "cases"):
        assert "Shoplifting" in html(client, name)


def test_what_a_victim_said_stays_to_be_seen_when_they_stop(crew, sign_in):
    case = crew.shoplifting()
    crew.does(listening.withdraw, case, person=Person.objects.get(case=case, part="victim"))
    page = html(sign_in(crew.officer), "case", case.pk)
    assert "Withdrew" in page
    assert "That is fine with us." in page


def reviewed(crew, case):
    victim = Person.objects.get(case=case, part="victim")
    made = crew.does(inviting.invite, case, person=victim, digest=inviting.new_token()[1])
    return crew.does(inviting.ask_review, case, made.user, person=victim, words="Nobody rang me.")


def test_a_review_comes_first_and_nothing_is_closed_over_it(crew):
    case = crew.done()
    review = reviewed(crew, case)
    assert next_step(STEPS, see(crew.sergeant, case.pk, why="To look")) == "answer-review"
    with pytest.raises(Refused, match="looked at again"):
        crew.does(ending.close, case, outcome="8", reasons="Both done.")
    crew.does(
        inviting.answer_review,
        case,
        crew.sergeant,
        asked=review,
        finding="right",
        words="We did ring.",
    )
    crew.does(ending.close, case, outcome="8", reasons="Both done.")
    assert case.outcome == "8"


def test_where_there_is_no_victim_nobody_could_have_asked_for_anything(crew):
    case = crew.raised()
    crew.does(raising.record_circumstances, case, facts=plain(today()) | {"victims": []})
    crew.does(raising.add_person, case, part="suspect", kind="person", name="Invented Suspect",
              born=today().replace(year=1990, day=1))  # fmt: skip
    crew.does(
        listening.record_admission, case, form="admits_offence", words="I did.", where="Here",
        said_at=hours_ago(5), cautioned=True, advice_offered=True,
    )  # fmt: skip
    crew.does(listening.record_offender, case, agrees=True, words="Yes.")
    for kind, words in RECORDS.items():
        crew.does(authorising.record, case, kind=kind, words=words)
    assert facts_of(case, today())["remedy.asked_for_listed_action"] is False
    decision = see(crew.officer, case.pk).decision
    assert decision is not None
    assert decision["answer"] != "not_yet_known", decision["matters"]
