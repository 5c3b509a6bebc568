"""Lists, searches and counts hold what somebody may see, and nothing of another force."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amends.accounts.models import User
from amends.accounts.permissions import check, table
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing, today
from amends.cases import queries
from amends.cases.actions import agreeing, authorising, ending, listening, raising
from amends.cases.models import Case, Person
from amends.ledger import looking
from amends.ledger.models import Look
from amends.ledger.notes import Signer
from amends.ledger.sequencing import sequence
from amends.notices.models import Task
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
WHY = "Reviewing an invented case"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    return tmp_path


def finding(user, words):
    """What a search gives, or nothing where somebody may not search."""
    return queries.search(user, words, why=WHY)


@pytest.fixture
def crews():
    """Two forces with cases of the same references, and tasks, questions and conflicts among their people."""
    made = [Crew("avon-and-somerset"), Crew("kent")]
    for crew in made:
        crew.helper = person(crew.force, "volunteer_facilitator")
        crew.auditor = person(crew.force, "auditor")
        crew.administrator = person(crew.force, "administrator")
        crew.cases = [crew.raised(f"INV/{n}") for n in range(4)]
        crew.does(raising.assign, crew.cases[0], user=crew.helper, task="facilitate")
        raising.declare_conflict(
            crew.inspector, crew.cases[1], key=fresh_key(), reason="My neighbour."
        )
        raising.declare_conflict(
            crew.auditor, crew.cases[2], key=fresh_key(), reason="My neighbour."
        )
    return made


def people(crew):
    return [
        crew.officer,
        crew.sergeant,
        crew.inspector,
        crew.helper,
        crew.auditor,
        crew.administrator,
    ]


def test_every_list_is_what_asking_for_each_case_would_give(crews):
    """Both ways: every person, every action and every case, one by one, and as a filter in the database."""
    actions = [name for name in table().actions if name.startswith(("cases.", "ledger."))]
    for user in [one for crew in crews for one in people(crew)]:
        roles = standing(user).roles
        for action in actions:
            wanted = set()
            for case in Case.objects.all():
                try:
                    check(roles, action, case.relations_of(user))
                    wanted.add(case.pk)
                except Refused:
                    pass
            found = set(queries.visible(user, action).values_list("pk", flat=True))
            assert found == wanted, (user.username, roles, action)


def test_relations_are_the_same_asked_of_one_case_and_of_all(crews):
    for user in [one for crew in crews for one in people(crew)]:
        related = queries.related(user)
        for case in Case.objects.all():
            by_filter = {name for name, q in related.items() if Case.objects.filter(q, pk=case.pk)}
            one_by_one = case.relations_of(user)
            assert by_filter == one_by_one, (user.username, case.reference)


def test_nothing_of_another_force_is_found_listed_counted_or_told(crews):
    ours, theirs = crews
    raised = theirs.raised("SECRET/1")
    theirs.does(raising.add_person, raised, part="victim", kind="person", name="Zebedee Invented")
    for user in people(ours):
        assert all(case.force_id == user.force_id for case in queries.page(user))
        assert finding(user, "Zebedee") == finding(user, "SECRET") == []
        assert not queries.visible(user).filter(pk=raised.pk).exists()
        with pytest.raises(Refused) as theirs_told:
            queries.find(user, "SECRET/1", why=WHY)
        with pytest.raises(Refused) as nothing_told:
            queries.find(user, "NO SUCH CASE", why=WHY)
        assert str(theirs_told.value) == str(nothing_told.value)
        with pytest.raises(Refused, match="no such case"):
            queries.timeline(user, raised, why=WHY)


def test_a_case_is_found_by_its_reference_and_by_a_name(crews):
    crew = crews[0]
    crew.does(raising.add_person, crew.cases[0], part="victim", kind="person", name="Zoë Invented")
    assert queries.find(crew.officer, "INV/0", why=WHY).pk == crew.cases[0].pk
    assert [one.pk for one in queries.search(crew.officer, "zoë inv", why=WHY)] == [
        crew.cases[0].pk
    ]
    assert len(queries.search(crew.officer, "INV/", why=WHY)) == 4
    with pytest.raises(Refused, match="at least two letters"):
        queries.search(crew.officer, " a ", why=WHY)


def test_pages_follow_on_from_each_other_and_leave_nothing_out(crews):
    crew = crews[0]
    more = [crew.raised() for _ in range(7)]
    found, after = [], None
    while some := queries.page(crew.officer, after=after, size=3):
        found += [one.pk for one in some]
        after = found[-1]
    assert found == sorted((one.pk for one in [*crew.cases, *more]), reverse=True)
    assert queries.page(crew.officer, state="closed") == []


def test_a_list_asks_the_database_as_often_for_many_cases_as_for_one(crews):
    crew = crews[0]

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as found:
            for case in queries.page(crew.officer, size=100):
                assert case.officer.username
                assert case.force.name
        return len(found)

    before = asked()
    for _ in range(20):
        crew.raised()
    assert asked() == before


def test_what_waits_for_somebody_is_told_to_them_alone(crews):
    crew = crews[1]
    case = crew.shoplifting()
    assert case in queries.needs_me(crew.officer)
    assert queries.needs_me(crew.superintendent) == []
    crew.does(authorising.ask_authority, case, of=crew.superintendent)
    assert queries.needs_me(crew.superintendent) == [case]
    assert case not in queries.needs_me(crew.officer)
    assert queries.needs_me(crew.inspector) == []


def test_the_timeline_tells_everything_in_order(crews):
    crew = crews[0]
    steps = queries.timeline(crew.officer, crew.cases[0], why=WHY)
    assert [one.does for one in steps] == [
        "Raise a case",
        "Give a case, or a task in it, to somebody",
    ]
    with pytest.raises(Refused, match="You may not"):
        queries.timeline(crew.helper, crew.cases[0], why=WHY)


def test_who_looked_at_what_and_why_is_kept_and_nobody_looks_without_saying_why(crews, folder):
    crew = crews[0]
    queries.find(crew.officer, "INV/0", why="The victim telephoned")
    queries.timeline(crew.officer, crew.cases[0], why="To answer a complaint")
    queries.search(crew.officer, "INV/", why="A victim who forgot the reference")
    for look in (
        lambda: queries.find(crew.officer, "INV/0", why=" "),
        lambda: queries.timeline(crew.officer, crew.cases[0], why=""),
        lambda: queries.search(crew.officer, "INV", why=""),
    ):
        with pytest.raises(Refused, match="Say why you look"):
            look()
    signer = Signer.new("invented.example/ledger")
    sequence(folder / "ledger", signer)
    assert looking.gather(folder / "ledger", signer) == 3
    kept = list(Look.objects.order_by("pk").values_list("by", "what", "why"))
    assert kept == [
        (crew.officer.pseudonym, "case INV/0", "The victim telephoned"),
        (crew.officer.pseudonym, "timeline INV/0", "To answer a complaint"),
        (crew.officer.pseudonym, "search of 4 letters", "A victim who forgot the reference"),
    ]


def test_whoever_may_not_see_a_case_does_not_find_it_by_its_reference(crews):
    crew = crews[0]
    for user, reference in (
        (crew.administrator, "INV/3"),
        (crew.helper, "INV/3"),
        (crew.inspector, "INV/1"),
    ):
        with pytest.raises(Refused, match="You"):
            queries.find(user, reference, why=WHY)
    assert queries.find(crew.helper, "INV/0", why=WHY).pk == crew.cases[0].pk


def test_whoever_may_not_raise_a_case_does_not(crews):
    crew = crews[0]
    for user in (crew.helper, crew.auditor, crew.administrator, person(None, "officer")):
        with pytest.raises(Refused) as caught:
            raising.raise_case(user, key=fresh_key(), reference="INV/NEW")
        assert caught.value.code in ("ACT-MAY-NOT", "ACT-NONE")
    assert not Case.objects.filter(reference="INV/NEW").exists()


# --- the page of one's work -----------------------------------------------------------------------


def test_what_is_late_waits_or_needs_somebody_is_each_in_its_list(monkeypatch):
    crew = Crew("kent")
    asked, agreed, raised = crew.shoplifting(), crew.agreed(), crew.raised()
    crew.does(authorising.ask_authority, asked, of=crew.sergeant)
    assert queries.waiting(crew.officer) == [asked, agreed]
    assert queries.late(crew.officer) == []
    assert queries.needs_me(crew.sergeant) == [asked]
    assert raised in queries.needs_me(crew.officer)
    day = today() + dt.timedelta(days=15)
    monkeypatch.setattr("amends.accounts.standing.timezone.localdate", lambda: day)
    assert queries.late(crew.officer) == [agreed]
    assert queries.late(crew.sergeant) == []
    say_sorry, pay = agreeing.current_actions(agreed)
    crew.does(agreeing.record_action, agreed, action=say_sorry, kind="done", proof="Heard")
    crew.does(agreeing.record_payment, agreed, action=pay, pence=700, proof="Receipt")
    assert queries.late(crew.officer) == [agreed]  # 5 pounds are left
    crew.does(agreeing.record_payment, agreed, action=pay, pence=500, proof="Receipt")
    assert queries.late(crew.officer) == []


def test_only_whoever_could_allow_it_is_offered_to_be_asked():
    crew = Crew("kent")
    case = crew.raised()
    found = queries.authorisers(crew.officer, case)
    assert set(found) == {crew.sergeant, crew.inspector, crew.superintendent}
    other = person(Crew("gwent").force, "authoriser", rank="inspector")
    assert other not in found
    assert other not in queries.colleagues(crew.officer)


def test_whoever_has_a_task_sees_the_case_until_it_ends(crews):
    crew = crews[0]
    helper = person(crew.force, "facilitator")
    case = crew.agreed()
    assert queries.given(helper) == []
    crew.does(raising.assign, case, user=helper, task="facilitate")
    assert [one.pk for one in queries.given(helper)] == [case.pk]
    assert queries.given(crew.officer) == []
    assert queries.given(crew.sergeant) == []
    crew.does(listening.withdraw, case, person=Person.objects.get(case=case, part="victim"))
    crew.does(ending.close, case, outcome="10", reasons="They withdrew.")
    assert queries.given(helper) == []


def test_a_breach_is_before_whoever_may_decide_what_follows_and_not_the_officer(crews):
    crew = crews[0]
    case = crew.agreed()
    assert queries.breached(crew.sergeant) == []
    crew.does(agreeing.record_breach, case, words="Nothing was paid.")
    assert [one.pk for one in queries.breached(crew.sergeant)] == [case.pk]
    assert queries.breached(crew.officer) == []
    assert queries.breached(crews[1].sergeant) == []


def test_what_ended_is_before_whoever_says_how_long_it_is_kept_and_again_when_its_review_comes(
    crews, monkeypatch
):
    crew = crews[0]
    keeper = person(crew.force, "records_manager")
    case, plain = crew.done(), crew.raised()
    assert queries.not_yet_kept(keeper) == []
    crew.does(ending.close, case, outcome="8", reasons="Both done.")
    assert [one.pk for one in queries.not_yet_kept(keeper)] == [case.pk]
    assert queries.not_yet_kept(crew.officer) == []
    assert queries.not_yet_kept(person(crews[1].force, "records_manager")) == []
    review = today() + dt.timedelta(days=7 * 366)
    given = {"group": "4", "review_on": review, "reasons": "A minor theft."}
    crew.does(ending.set_retention, case, keeper, **given)
    assert queries.not_yet_kept(keeper) == []
    assert queries.kept_long_enough(keeper) == []
    monkeypatch.setattr("amends.accounts.standing.timezone.localdate", lambda: review)
    assert [one.pk for one in queries.kept_long_enough(keeper)] == [case.pk]
    assert queries.kept_long_enough(crew.officer) == []
    given["review_on"] = review + dt.timedelta(days=9)
    crew.does(ending.set_retention, case, keeper, **given)
    assert queries.kept_long_enough(keeper) == []
    assert plain.state == "raised"


def test_the_one_letter_that_waits_for_somebody_is_found_behind_a_thousand_of_others(crews):
    crew = crews[0]
    other = person(crew.force, "officer", rank="constable")
    theirs = raising.raise_case(other, key=fresh_key(), reference="INV/THEIRS")
    mine = crew.raised()
    for case, many in ((theirs, 1_001), (mine, 1)):
        Task.objects.bulk_create(
            Task(force=crew.force, case=case.reference, what="Tell them.", made_at=timezone.now())
            for _ in range(many)
        )
    assert mine in queries.to_pass_on(crew.officer)
    assert theirs not in queries.to_pass_on(crew.officer)


def test_the_longest_due_comes_first_and_whoever_keeps_nothing_asks_the_database_nothing(
    crews, monkeypatch
):
    crew = crews[0]
    keeper, ended = person(crew.force, "records_manager"), []
    for days in (7 * 366 + 5, 7 * 366 + 1):
        case = crew.done()
        crew.does(ending.close, case, outcome="8", reasons="Both done.")
        review = today() + dt.timedelta(days=days)
        crew.does(
            ending.set_retention,
            case,
            keeper,
            group="4",
            review_on=review,
            reasons="A minor theft.",
        )
        ended.append(case.pk)
    later = today() + dt.timedelta(days=8 * 366)
    monkeypatch.setattr("amends.accounts.standing.timezone.localdate", lambda: later)
    assert [one.pk for one in queries.kept_long_enough(keeper)] == ended[::-1]
    assert [one.pk for one in queries.kept_long_enough(keeper, size=1)] == ended[1:]
    with CaptureQueriesContext(connection) as asked:
        assert queries.kept_long_enough(crew.officer) == []
    assert not any("retention" in one["sql"] for one in asked)


def test_everybody_of_a_large_force_can_be_asked_or_given_a_task(crews):
    crew = crews[0]
    case = crew.raised()
    for number in range(101):
        person(crew.force, "authoriser", rank="inspector", name=f"brown-{number}")
    User.objects.filter(username__startswith="brown-").update(last_name="Brown")
    last = person(crew.force, "authoriser", rank="inspector", name="smith")
    User.objects.filter(pk=last.pk).update(last_name="Smith")
    assert last in queries.authorisers(crew.officer, case)
    assert last in queries.colleagues(crew.officer)
    raising.declare_conflict(last, case, key=fresh_key(), reason="A cousin of the victim.")
    assert last not in queries.authorisers(crew.officer, case)
    assert person(crew.force) not in queries.colleagues(crew.officer)


@pytest.mark.parametrize("words", ["\0ab", "ab\0", "Smi\x07th", "\u202eabc"])
def test_words_with_signs_that_cannot_be_read_find_nothing_and_say_why(crews, words):
    for asked in ({"words": words, "why": WHY}, {"words": "INV", "why": words}):
        with pytest.raises(Refused, match="This holds a"):
            queries.search(crews[0].officer, asked["words"], why=asked["why"])
