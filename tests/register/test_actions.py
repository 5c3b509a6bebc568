"""Requests in the register: answered from receipt to the log, refused in sentences, and nobody named anywhere."""

import datetime as dt
import json
import shutil
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from amends.accounts.refusals import Refused, Stale
from amends.accounts.standing import today
from amends.cli.release import version
from amends.disclosure.errors import DisclosureError
from amends.ledger.models import Payload
from amends.openness.publishing.folder import build
from amends.openness.register import actions, queries
from amends.openness.register.attaching import attach
from amends.openness.register.log import entries
from amends.openness.register.models import (
    Attached,
    LogEntry,
    Request,
    Requester,
    RequesterWords,
    RequestEvent,
    Withdrawal,
)
from amends.openness.register_queue import place
from support.publishing import KEY, about, proved, put, source
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db
NAME, CONTACT, WORDS = "Zebedee Invented", "zebedee@example.org", "How many thefts in my street?"
DRAFT = {
    "holding": "held",
    "title": "Thefts by year",
    "restated": "How many thefts were there?",
    "letter": "See the table that goes with this letter.",
    "folder": "",
}
WORK = {"asked": "resolutions", "records": 400, "minutes": 3, "why": "The reason is in the notes."}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def crew():
    made = Crew()
    made.disclosure = person(made.force, "disclosure_officer")
    made.second = person(made.force, "disclosure_officer")
    return made


def received(by, days_ago=5, words=WORDS, subject="Thefts by year"):
    return actions.receive(
        by, key=fresh_key(), received=today() - dt.timedelta(days_ago), channel="email",
        subject=subject, words=words,
        name=NAME, contact=CONTACT,
    )  # fmt: skip


def does(what, by, row, **given):
    row.refresh_from_db()
    on = {} if what is actions.erase_requester else {"on": today()}
    made = what(by, row, key=fresh_key(), expected=row.version, **on, **given)
    row.refresh_from_db()
    return made


def handled(by, row, kind, words="", **data):
    return does(actions.handle, by, row, kind=kind, data=data, words=words)


def published(crew, row, **draft):
    handled(crew.disclosure, row, "drafted", **{**DRAFT, **draft})
    does(actions.clear, crew.disclosure, row)
    does(actions.clear, crew.inspector, row)
    does(actions.send, crew.disclosure, row, how="email")
    does(actions.publish, crew.disclosure, row)


def test_from_receipt_to_the_log(crew):
    row = received(crew.disclosure)
    assert row.reference.startswith("FOI-")
    handled(crew.disclosure, row, "asked", question="Which street is meant?")
    assert queries.find(crew.disclosure, row.pk).life.due is None
    handled(crew.disclosure, row, "clarified", words="The one I live in.")
    handled(crew.disclosure, row, "estimated", work=[{**WORK, "records": 10}])
    published(crew, row)
    (logged,) = queries.log(crew.disclosure)
    assert (logged.title, logged.asked) == (DRAFT["title"], DRAFT["restated"])
    assert queries.find(crew.inspector, row.pk).life.state == "answered and published"


def test_only_what_was_published_is_in_the_log(crew):
    row = received(crew.disclosure)
    handled(crew.disclosure, row, "drafted", **DRAFT)
    does(actions.clear, crew.disclosure, row)
    does(actions.clear, crew.second, row)
    does(actions.send, crew.disclosure, row, how="email")
    assert queries.log(crew.disclosure) == []


def test_who_asked_is_looked_for_once_more_before_the_log_is_written(crew, monkeypatch):
    """As where an answer was drafted and sent by a version that looked for less."""
    row = received(crew.disclosure)
    with monkeypatch.context() as earlier:
        earlier.setattr(actions, "check_unnamed", lambda who, data: None)
        handled(crew.disclosure, row, "drafted", **{**DRAFT, "restated": "Thefts by Zebedee?"})
        does(actions.clear, crew.disclosure, row)
        does(actions.clear, crew.second, row)
        does(actions.send, crew.disclosure, row, how="email")
    with pytest.raises(Refused, match="what was asked, restated, line 1, word 3"):
        does(actions.publish, crew.disclosure, row)
    assert not LogEntry.objects.exists()


def test_a_cost_added_up_with_another_request_is_refused_by_sum(crew):
    first, row = received(crew.disclosure, 9), received(crew.disclosure)
    handled(crew.disclosure, first, "estimated", work=[{**WORK, "records": 200}])
    with pytest.raises(Refused, match="estimate it first"):
        handled(crew.disclosure, row, "claimed", section="12(1)", because="Too long.")
    handled(crew.disclosure, row, "estimated", work=[{**WORK, "records": 200}])
    assert queries.find(crew.disclosure, row.pk).life.estimate["too_much"] is False
    told = [{**WORK, "records": 200}]
    handled(crew.disclosure, row, "estimated", work=told, added=[first.reference])
    estimate = queries.find(crew.disclosure, row.pk).life.estimate
    assert estimate["too_much"] is True
    assert first.reference in estimate["told"][0]
    handled(crew.disclosure, row, "claimed", section="12(1)", because="It would take too long.")
    published(crew, row)


def test_requests_too_far_apart_are_not_added_up(crew):
    first, row = received(crew.disclosure, 150), received(crew.disclosure)
    handled(crew.disclosure, first, "estimated", work=[WORK])
    with pytest.raises(Refused, match="too long before or after"):
        handled(crew.disclosure, row, "estimated", work=[WORK], added=[first.reference])


def test_a_letter_may_name_sections_requests_and_where_to_telephone(crew):
    other, row = received(crew.disclosure), received(crew.disclosure)
    letter = (
        f"This is {row.reference}; see {other.reference}, too. Section 12(1) and section 40(2) apply, as s40(3A)(a) "
        "does. Telephone 01632 960123, or 0300 123 4567."
    )
    handled(crew.disclosure, row, "drafted", **{**DRAFT, "letter": letter})
    assert queries.find(crew.disclosure, row.pk).life.draft.data["letter"] == letter


@pytest.mark.parametrize(
    ("kind", "data", "wanted"),
    [
        ("drafted", {**DRAFT, "letter": "There were 7 of them."}, "says 7, and nothing has shown"),
        ("drafted", {**DRAFT, "letter": "See FOI-2026-9999."}, "says 9999|says 2026"),
        ("drafted", {**DRAFT, "letter": f"Dear {NAME}, see the table."}, "names whoever asked"),
        ("drafted", {**DRAFT, "restated": f"{CONTACT.upper()} asks"}, "names whoever asked"),
        (
            "drafted",
            {**DRAFT, "title": "Thefts, as Zebedee asks"},
            "whoever asked: the title, line 1",
        ),
        ("asked", {"question": "Which street, Zebedee?"}, "names whoever asked: what you ask"),
        ("drafted", {**DRAFT, "folder": "nowhere"}, "no folder of figures"),
        ("drafted", {**DRAFT, "folder": "../x"}, "no folder of figures"),
        ("drafted", {**DRAFT, "holding": "perhaps"}, "whether the information is held"),
        ("claimed", {"section": "31", "because": "Harm."}, "public interest was weighed"),
        ("claimed", {"section": "99", "because": "Harm."}, "No such ground"),
        ("extended", {"exemption": "21", "days": 5}, "asks for no weighing"),
        ("extended", {"exemption": "31", "days": 5}, "Record first why"),
        ("estimated", {"work": []}, "what has to be read"),
        ("estimated", {"work": [{**WORK, "why": ""}]}, "Say what is not in a field"),
        ("scoped", {"question": "nowhere"}, "no saved question"),
        ("estimated", {"work": [{**WORK, "records": 403}]}, "Round the records to 10"),
        ("estimated", {"work": [{**WORK, "why": "It is in 7 files."}]}, "says 7"),
        (
            "claimed",
            {"section": "38", "because": "There were 2.", "public_interest": "x"},
            "says 2",
        ),
        ("fees notice", {"pence": 0}, "how much"),
        ("sent", {}, "not done in this way"),
        ("cleared", {}, "not done in this way"),
    ],
)
def test_what_may_not_be_is_refused_whole(crew, kind, data, wanted):
    row = received(crew.disclosure)
    with pytest.raises(Refused, match=wanted):
        handled(crew.disclosure, row, kind, **data)
    row.refresh_from_db()
    assert row.version == 1
    assert RequestEvent.objects.filter(request=row).count() == 1


def test_who_asked_is_nowhere_but_apart_and_can_be_erased(crew, caplog):
    row = received(crew.disclosure)
    handled(crew.disclosure, row, "asked", question="Which street?")
    handled(crew.disclosure, row, "clarified", words=f"I am {NAME}, and mean mine.")
    with pytest.raises(Refused, match="not over"):
        does(actions.erase_requester, crew.disclosure, row)
    published(crew, row)
    kept = b"".join(bytes(one) for one in Payload.objects.values_list("payload", flat=True))
    held = json.dumps(list(RequestEvent.objects.values_list("data", flat=True)))
    shown = repr([vars(one) for one in entries(crew.force.pk)])
    for told in (NAME, CONTACT, WORDS):
        assert told not in kept.decode() + held + shown + caplog.text
    does(actions.erase_requester, crew.disclosure, row)
    assert not Requester.objects.exists()
    assert not RequesterWords.objects.exists()
    assert queries.find(crew.disclosure, row.pk).asked == ""
    assert len(queries.log(crew.disclosure)) == 1


def test_a_refined_request_is_a_new_one_with_its_own_time(crew):
    row = received(crew.disclosure, 30)
    made = handled(crew.disclosure, row, "refined", words="Only this year, then.")
    assert made.refines == row
    new, old = queries.find(crew.disclosure, made.pk), queries.find(crew.disclosure, row.pk)
    assert new.asked == "Only this year, then."
    assert new.life.due > today()
    assert old.life.state == "replaced by a refined request"


def test_a_form_sent_twice_counts_once_and_an_old_one_is_told(crew):
    row = received(crew.disclosure)
    handled(crew.disclosure, row, "drafted", **DRAFT)
    for _ in range(2):
        actions.clear(crew.disclosure, row, key="same", expected=2, on=today())
    assert RequestEvent.objects.filter(kind="cleared").count() == 1
    with pytest.raises(Stale, match="The draft was cleared"):
        actions.clear(crew.second, row, key=fresh_key(), expected=2, on=today())


def test_another_force_sees_and_does_nothing(crew):
    row = received(crew.disclosure)
    other = person(Crew("kent").force, "disclosure_officer")
    for what in (lambda: queries.find(other, row.pk), lambda: does(actions.clear, other, row)):
        with pytest.raises(Refused) as caught:
            what()
        assert caught.value.code == "ACT-NONE"
    assert queries.queue(other) == []


def test_an_officer_may_neither_see_nor_receive(crew):
    for what in (lambda: queries.queue(crew.officer), lambda: received(crew.officer)):
        with pytest.raises(Refused) as caught:
            what()
        assert caught.value.code == "ACT-MAY-NOT"


def test_a_review_goes_to_somebody_else(crew):
    row = received(crew.disclosure)
    published(crew, row)
    handled(crew.disclosure, row, "review asked", words="I am not content.")
    now = queries.find(crew.disclosure, row.pk)
    assert "review decided" not in queries.offered(crew.inspector, now)
    assert "review decided" in queries.offered(crew.superintendent, now)
    assert "internal review is due" in now.life.why[0]
    told = {"outcome": "not upheld", "reasons": "It was right."}
    with pytest.raises(Refused, match="had a part"):
        does(actions.decide_review, crew.inspector, row, **told)
    does(actions.decide_review, crew.superintendent, row, **told)
    handled(crew.disclosure, row, "complained")
    handled(crew.disclosure, row, "commissioner decided", outcome="not upheld", notice="None.")


def test_a_new_answer_after_a_review_is_published_beside_the_first(crew):
    row = received(crew.disclosure)
    published(crew, row)
    handled(crew.disclosure, row, "review asked", words="I am not content.")
    does(actions.decide_review, crew.superintendent, row, outcome="upheld", reasons="More is held.")
    assert queries.find(crew.disclosure, row.pk).life.why[0].startswith("A new answer")
    published(crew, row, letter="There is more: see the second table.")
    newer, first = queries.log(crew.disclosure)
    assert (first.name, newer.name) == (row.reference, f"{row.reference}-2")
    assert first.answer == DRAFT["letter"]
    assert newer.answer.startswith("There is more")


def test_an_answer_is_taken_back_by_two_and_the_ledger_keeps_both(crew):
    row = received(crew.disclosure)
    published(crew, row)
    wrong = {"entry": row.reference, "reason": f"It named {NAME}."}
    for told, wanted in (
        (wrong, "names whoever asked"), ({**wrong, "reason": "There were 7 of them."}, "says 7"),
        ({**wrong, "entry": "FOI-1999-0001"}, "no answer to this request"), ({**wrong, "reason": ""}, "."),
    ):  # fmt: skip
        with pytest.raises(Refused, match=wanted):
            does(actions.ask_withdrawal, crew.disclosure, row, **told)
    told = {"entry": row.reference, "reason": "It told more than it should."}
    does(actions.ask_withdrawal, crew.disclosure, row, **told)
    now = queries.find(crew.disclosure, row.pk)
    assert now.next == "A second person takes the answer back from the disclosure log."
    assert "withdrawn" not in queries.offered(crew.disclosure, now)
    assert "withdrawn" in queries.offered(crew.inspector, now)
    with pytest.raises(Refused, match="Somebody else must take"):
        does(actions.withdraw, crew.disclosure, row)
    assert len(queries.log(crew.disclosure)) == 1
    does(actions.withdraw, crew.inspector, row)
    assert queries.log(crew.disclosure) == []
    kept = [json.loads(bytes(one)) for one in Payload.objects.values_list("payload", flat=True)]
    whats = [one["what"] for one in kept if one.get("request") == row.reference]
    assert whats[-3:] == ["published", "withdrawal asked", "withdrawn"]
    (gone,) = Withdrawal.objects.all()
    assert (gone.asked_by, gone.by) == (crew.disclosure, crew.inspector)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Withdrawal.objects.update(reason="Other.")
    with pytest.raises(DatabaseError), transaction.atomic():
        Withdrawal.objects.create(
            entry=LogEntry.objects.get(),
            by=crew.second,
            asked_by=crew.second,
            on=today(),
            reason="x",
        )


def test_what_somebody_wants_taken_back_is_first_in_the_queue_and_can_be_left_where_it_is(crew):
    row, other = received(crew.disclosure, 9), received(crew.disclosure)
    published(crew, row)
    told = {"entry": row.reference, "reason": "It told more than it should."}
    assert [one.row for one in queries.queue(crew.inspector)] == [other, row]
    does(actions.ask_withdrawal, crew.disclosure, row, **told)
    assert [one.row for one in queries.queue(crew.inspector)] == [row, other]
    assert [one.row for one in queries.to_do(crew.inspector)[0]] == [row, other]
    now = queries.find(crew.inspector, row.pk)
    assert "withdrawal dropped" not in queries.offered(crew.inspector, now)
    assert "withdrawal dropped" in queries.offered(crew.disclosure, now)
    with pytest.raises(Refused, match="only they can give it up"):
        does(actions.drop_withdrawal, crew.inspector, row)
    does(actions.drop_withdrawal, crew.disclosure, row)
    assert [one.row for one in queries.queue(crew.inspector)] == [other, row]
    with pytest.raises(Refused, match="Nobody has asked"):
        does(actions.withdraw, crew.inspector, row)
    assert [one.name for one in queries.log(crew.disclosure)] == [row.reference]
    kinds = [one.kind for one in queries.find(crew.disclosure, row.pk).rows][-2:]
    assert kinds == ["withdrawal asked", "withdrawal dropped"]
    payloads = [json.loads(bytes(one)) for one in Payload.objects.values_list("payload", flat=True)]
    assert payloads[-1]["what"] == "withdrawal dropped"


def test_the_one_of_two_answers_that_is_named_is_taken_back(crew):
    row = received(crew.disclosure)
    published(crew, row)
    handled(crew.disclosure, row, "review asked", words="I am not content.")
    does(actions.decide_review, crew.superintendent, row, outcome="upheld", reasons="More is held.")
    published(crew, row, letter="There is more: see the second table.")
    does(actions.ask_withdrawal, crew.disclosure, row, entry=row.reference, reason="It was wrong.")
    does(actions.withdraw, crew.second, row)
    assert [one.name for one in queries.log(crew.disclosure)] == [f"{row.reference}-2"]
    now = queries.find(crew.disclosure, row.pk)
    assert now.life.state == "answered and published"
    with pytest.raises(Refused, match="Answer 1 is not in"):
        does(actions.ask_withdrawal, crew.second, row, entry=row.reference, reason="Again.")


def test_what_was_answered_before_is_offered_before_work_starts(crew):
    published(crew, received(crew.disclosure))
    row = received(crew.disclosure, words="Were there many thefts there last year?")
    found = queries.already(crew.disclosure, queries.find(crew.disclosure, row.pk))
    assert [one.title for one in found.logged] == [DRAFT["title"]]
    other = received(crew.disclosure, words="What is the policy on drones?")
    assert queries.already(crew.disclosure, queries.find(crew.disclosure, other.pk)).logged == ()


def test_earlier_answers_to_the_same_saved_question_come_first(crew, monkeypatch):
    one = SimpleNamespace(id="by-year", title="Thefts by year", asked="How many thefts a year?")
    monkeypatch.setattr("amends.openness.register.saved.SOURCES", [lambda: {one.id: one}])
    first, row = received(crew.disclosure), received(crew.disclosure, words="Stealing: statistics?")
    handled(crew.disclosure, first, "scoped", question="by-year")
    published(crew, first)
    find = lambda: queries.already(crew.disclosure, queries.find(crew.disclosure, row.pk))  # noqa: E731
    assert find().logged == ()
    handled(crew.disclosure, row, "scoped", question="by-year")
    assert [one.name for one in find().logged] == [first.reference]
    assert find().same == 1


def attached(folder, row):
    """A release that was proved safe, attached to *row*: its name, and what was published."""
    memory, place = folder / "memory", folder / "release"
    memory.mkdir()
    one = proved()
    (put(one, memory / one[1].id) / "seal.key").write_text(KEY.hex())
    place.mkdir()
    made = build(about(), [source(one)], version())
    for name, held in made.files.items():
        (place / name).write_bytes(held)
    return attach(place, row.reference, memory, version()), made


def test_a_release_that_somebody_copied_by_hand_is_not_drafted_from(crew, folder):
    row = received(crew.disclosure)
    name, _ = attached(folder, row)
    shutil.copytree(folder / "release", folder / "answers" / "by-hand")
    with pytest.raises(Refused, match="was put there by hand"):
        handled(crew.disclosure, row, "drafted", **{**DRAFT, "folder": "by-hand"})
    handled(crew.disclosure, row, "drafted", **{**DRAFT, "folder": name})
    kent = Crew("kent")
    stranger = person(kent.force, "disclosure_officer")
    with pytest.raises(Refused, match="was put there by hand"):
        handled(stranger, received(stranger), "drafted", **{**DRAFT, "folder": name})


def test_of_two_forces_with_one_reference_the_one_that_is_named_gets_it(crew, folder):
    row = received(crew.disclosure)
    theirs = received(person(Crew("kent").force, "disclosure_officer"))
    assert row.reference == theirs.reference
    with pytest.raises(DisclosureError, match="--force"):
        attached(folder, row)
    name = attach(
        folder / "release", row.reference, folder / "memory", version(), force=row.force_id
    )
    assert [one.request for one in Attached.objects.filter(folder=name)] == [row]


def test_figures_go_as_a_folder_by_its_digest_and_a_change_stops_it(crew, folder):
    row = received(crew.disclosure)
    name, made = attached(folder, row)
    assert queries.folders() == [name]
    handled(crew.disclosure, row, "drafted", **{**DRAFT, "folder": name})
    does(actions.clear, crew.disclosure, row)
    does(actions.clear, crew.second, row)
    assert queries.find(crew.disclosure, row.pk).life.draft.data["digest"] == made.digest
    data = next(one for one in (folder / "answers" / name).iterdir() if one.suffix == ".csv")
    kept = data.read_bytes()
    data.write_bytes(kept + b"9")
    with pytest.raises(Refused, match="is not whole"):
        does(actions.send, crew.disclosure, row, how="email")
    data.write_bytes(kept)
    does(actions.send, crew.disclosure, row, how="email")
    does(actions.publish, crew.disclosure, row)
    assert queries.log(crew.disclosure)[0].digest == made.digest


def test_the_database_refuses_to_rewrite(crew):
    row = received(crew.disclosure)
    for change in (
        lambda: RequestEvent.objects.update(kind="sent"),
        lambda: Request.objects.filter(pk=row.pk).update(received=today()),
        lambda: RequesterWords.objects.update(words="other"),
        lambda: Requester.objects.update(name="Other"),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()


def test_the_queue_is_by_what_is_due_a_page_at_a_time_and_says_what_the_events_say(
    crew, monkeypatch
):
    monkeypatch.setattr(queries, "PAGE", 2)
    over, waits, late, soon, later = (received(crew.disclosure, n) for n in (9, 8, 60, 12, 2))
    published(crew, over)
    handled(crew.disclosure, waits, "asked", question="Which street is meant?")
    found = [one for n in (1, 2, 3) for one in queries.queue(crew.disclosure, n)]
    assert [one.row for one in found] == [late, soon, later, waits, over]
    assert queries.pages(crew.disclosure) == 3
    assert queries.queue(crew.disclosure, 4) == []
    for one in found:
        assert (one.row.rank, one.row.due) == place(one.life)
    told, of = queries.to_do(crew.disclosure)
    assert [one.row for one in told] == [late, soon, later, waits]
    assert of == 4
    handled(crew.disclosure, over, "review asked", words="I am not content.")
    assert queries.to_do(crew.disclosure)[1] == 5


def test_more_requests_than_a_page_are_all_found_and_can_be_added_up(crew, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 1)
    first, row = received(crew.disclosure, 9), received(crew.disclosure)
    handled(crew.disclosure, first, "estimated", work=[WORK])
    assert queries.estimated(crew.disclosure, queries.find(crew.disclosure, row.pk)) == [
        (first.reference, "Thefts by year")
    ]


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("", "needed"), ("Thefts, for Zebedee", "the short title, line 1, word 3"), ("All 7 thefts", "says 7"),
        ("Thefts at LS2 9JT", "says 2"), ("Ask j.smith@example.com", "looks like: e-mail"),
        ("x" * 81, "At most 80"),
    ],
)  # fmt: skip
def test_a_short_title_names_nobody_and_is_short(crew, subject, wanted):
    with pytest.raises(Refused, match=wanted):
        received(crew.disclosure, subject=subject)
    assert not Request.objects.exists()
    row = received(crew.disclosure)
    with pytest.raises(Refused, match=wanted):
        handled(crew.disclosure, row, "titled", subject=subject)
    assert queries.find(crew.disclosure, row.pk).life.subject == "Thefts by year"


def test_a_request_is_told_by_its_short_title_which_can_be_changed(crew):
    row = received(crew.disclosure)
    handled(crew.disclosure, row, "titled", subject="  Thefts and\nrobberies by year ")
    (one,) = queries.queue(crew.inspector)
    assert one.life.subject == "Thefts and robberies by year"
    told = [each.data.get("subject") for each in one.rows]
    assert told == ["Thefts by year", "Thefts and robberies by year"]  # added, never changed
    made = handled(crew.disclosure, row, "refined", words="Only this year, then.")
    assert queries.find(crew.disclosure, made.pk).life.subject == one.life.subject
    with pytest.raises(Refused, match="took the place"):
        handled(crew.disclosure, row, "titled", subject="Other")
    published(crew, made)
    handled(crew.disclosure, made, "titled", subject="Thefts")  # over, and told apart all the same
    does(actions.erase_requester, crew.disclosure, made)
    assert queries.find(crew.disclosure, made.pk).life.subject == "Thefts"
