"""The outbox: a reference is one message, a try that fails is put off, and giving up is a task for a person."""

import datetime as dt
import random
import threading
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from amends.ledger.models import Entry, Payload
from amends.notices import outbox, tasks
from amends.notices.models import FAILED, GIVEN_UP, QUEUED, SENDING, SENT, Message, Task
from amends.notices.outbox import (
    NoTransaction,
    OtherMessage,
    Pace,
    deliver,
    erase_case,
    queue,
)
from amends.notices.sending import CannotSend, NotSent
from support.record import force as another_force
from support.record import person

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)


class Carrier:
    """A sender that does what the test says: an error to raise, or anything else to go well."""

    def __init__(self, *does):
        self.does, self.taken, self.asked = list(does), [], []
        self.status = None

    def find(self, reference):
        self.asked.append(reference)
        return next(
            (f"id-{one.reference}" for one in self.taken if one.reference == reference), None
        )

    def send(self, parcel):
        does = self.does.pop(0) if self.does else None
        if not isinstance(does, Exception) or getattr(does, "unclear", False):
            self.taken.append(parcel)
        if isinstance(does, BaseException):
            raise does
        return f"id-{parcel.reference}"

    def arrived(self, name):
        if isinstance(self.status, Exception):
            raise self.status
        return self.status

    def follows(self, channel):
        return channel != "folder"


def busy():
    return NotSent("The provider is busy.", unclear=False)


# --- queuing ----------------------------------------------------------------------------------------


def test_the_same_reference_is_the_same_message(queued, now):
    first = queued("told-1")
    assert queued("told-1", at=now + DAY) == first
    assert (first.state, first.tries, first.next_try_at) == (QUEUED, 0, now)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("other", [{"body": "Something else."}, {"address": "bob@example.com"},
                                   {"language": "cy"}, {"version": 2}, {"case": "INV/2"}])  # fmt: skip
def test_the_same_reference_for_something_else_is_an_error(queued, other):
    queued("told-1")
    with pytest.raises(OtherMessage, match=f"differs in: {next(iter(other))}"):
        queued("told-1", **other)
    assert Message.objects.get().body == "It was decided."


def test_the_same_reference_for_another_force_is_an_error(queued):
    queued("told-1")
    with pytest.raises(OtherMessage, match="force"):
        queued("told-1", force=another_force("invented-west"))


def test_nothing_is_queued_outside_a_transaction(transactional_db, draft, now):
    with pytest.raises(NoTransaction):
        queue(draft(), reference="told-1", at=now)


def test_what_is_undone_takes_its_message_with_it(transactional_db, draft, now):
    with pytest.raises(KeyError), transaction.atomic():
        queue(draft(), reference="told-1", at=now)
        raise KeyError
    assert not Message.objects.exists()


@pytest.mark.parametrize("reference", ["", "../x", "a/b", "a b", "é", "x" * 101, ".x", "a\n"])
def test_a_reference_is_the_name_of_a_file_too(queued, reference):
    with pytest.raises(ValueError, match="is no reference"):
        queued(reference or " ")


def test_two_who_queue_the_same_at_once_queue_it_once(transactional_db, draft, now):
    wrong, start, one = [], threading.Barrier(4), draft()

    def run():
        try:
            start.wait()
            with transaction.atomic():
                queue(one, reference="told-1", at=now)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert Message.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"state": "lost"}, {"channel": "owl"}, {"language": "fr"},
                                   {"state": SENT}, {"next_try_at": None}])  # fmt: skip
def test_the_database_refuses_a_message_that_makes_no_sense(queued, wrong):
    message = queued()
    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**wrong)


# --- sending ----------------------------------------------------------------------------------------


def test_a_message_is_sent_and_entered_without_what_it_says(queued, now):
    queued("told-1")
    carrier = Carrier()
    assert deliver(carrier, now) == "told-1"
    assert deliver(carrier, now) is None
    message = Message.objects.get()
    assert (message.state, message.provider_id, message.tries) == (SENT, "id-told-1", 1)
    assert now <= message.sent_at < now + MINUTE
    assert not carrier.asked, "the first try need not ask"
    (parcel,) = carrier.taken
    assert (parcel.channel, parcel.address, parcel.body) == (
        "email",
        "ann@example.com",
        "It was decided.",
    )
    entry = Entry.objects.get()
    assert (entry.kind, entry.case, entry.force) == ("notices.sent", "INV/1", "invented-east")
    held = bytes(Payload.objects.get().payload).decode()
    assert '"template":"victim_told"' in held
    assert "ann@" not in held
    assert "decided" not in held


def test_nothing_is_sent_before_its_time(queued, now):
    queued(at=now + HOUR)
    assert deliver(Carrier(), now) is None
    assert deliver(Carrier(), now + HOUR)


def test_a_try_that_failed_is_put_off_and_the_next_asks_first(queued, now):
    queued("told-1")
    carrier = Carrier(busy(), NotSent("Nobody answered.", unclear=True))
    deliver(carrier, now)
    message = Message.objects.get()
    assert (message.state, message.last_error) == (FAILED, "The provider is busy.")
    assert now + dt.timedelta(seconds=15) <= message.next_try_at <= now + dt.timedelta(seconds=31)
    deliver(carrier, now + MINUTE)
    message.refresh_from_db()
    assert message.next_try_at >= now + MINUTE + Pace().settling, "it may still be under way"
    assert len(carrier.taken) == 1
    deliver(carrier, now + HOUR)
    assert carrier.asked == ["told-1", "told-1"]
    assert len(carrier.taken) == 1, "it was found, and not sent again"
    message.refresh_from_db()
    assert (message.state, message.tries, message.last_error) == (SENT, 3, "")


def test_giving_up_is_a_task_for_a_person_within_four_hours(queued, now):
    queued("told-1")
    carrier, at = Carrier(*[NotSent("Nobody answers.", unclear=True)] * 99), now
    carrier.find = lambda reference: None
    while Message.objects.exclude(state=GIVEN_UP).exists():
        at = Message.objects.get().next_try_at
        assert deliver(carrier, at) == "told-1"
    assert at - now < 4 * HOUR
    message, task = Message.objects.get(), Task.objects.get()
    assert (message.tries, message.next_try_at) == (Pace().tries, None)
    assert (task.message, task.case, task.done_at) == (message, "INV/1", None)
    assert task.what == "Tell the victim in another way: Nobody answers. It may have been sent."
    assert Entry.objects.get().kind == "notices.given_up"
    assert deliver(carrier, at + DAY) is None


def test_what_the_provider_refuses_is_given_up_at_once(queued, now):
    queued()
    deliver(Carrier(CannotSend("No such number.")), now)
    assert Message.objects.get().state == GIVEN_UP
    assert Task.objects.get().what == "Tell the victim in another way: No such number."


@given(st.integers(1, 400), st.booleans(), st.randoms())
def test_the_wait_grows_and_is_never_longer_than_it_may_be(tries, unclear, chance):
    pace = Pace()
    wait = pace.wait(tries, unclear=unclear, chance=chance)
    whole = min(pace.first * 2 ** min(tries - 1, 20), pace.longest)
    assert whole / 2 <= wait <= max(whole, pace.settling)
    assert not unclear or wait >= pace.settling


def test_waits_differ_so_that_workers_do_not_return_together():
    chance = random.Random(1)
    assert len({Pace().wait(3, unclear=False, chance=chance) for _ in range(50)}) == 50


# --- workers that die or stall ----------------------------------------------------------------------


class Killed(BaseException):
    pass


def test_what_a_dead_worker_left_is_asked_after_when_its_time_is_over(queued, now):
    queued("told-1")
    carrier = Carrier(Killed())
    with pytest.raises(Killed):
        deliver(carrier, now)
    assert Message.objects.get().state == SENDING
    assert deliver(carrier, now + Pace().lease - MINUTE) is None
    assert deliver(carrier, now + Pace().lease + MINUTE) == "told-1"
    assert len(carrier.taken) == 1
    assert Message.objects.get().state == SENT


def test_a_message_that_kills_every_worker_is_given_up(queued, now):
    queued("told-1")
    carrier, at = Carrier(*[Killed()] * 99), now
    carrier.find = lambda reference: None
    for _ in range(Pace().tries):
        with pytest.raises(Killed):
            deliver(carrier, at)
        at += HOUR
    deliver(carrier, at)
    assert Message.objects.get().state == GIVEN_UP
    assert "stopped" in Task.objects.get().what


def test_what_the_provider_may_have_forgotten_is_not_sent_again(queued, now):
    queued()
    carrier = Carrier(Killed())
    with pytest.raises(Killed):
        deliver(carrier, now)
    carrier.taken.clear()
    deliver(carrier, now + 8 * DAY)
    assert Message.objects.get().state == GIVEN_UP
    assert not carrier.taken
    assert "forgotten" in Task.objects.get().what


def test_a_worker_that_was_held_up_does_not_begin(queued, now):
    queued("told-1")
    carrier = Carrier(busy())
    deliver(carrier, now)

    def stalled(reference):  # meanwhile it is taken for dead, and another one takes the message
        Message.objects.update(next_try_at=now)
        assert deliver(Carrier(), now) == "told-1"

    carrier.find = stalled
    deliver(carrier, now + HOUR)
    assert not carrier.taken
    assert Message.objects.get().state == SENT, "the other's word stands"


class Overtaken(Carrier):
    """A sender so slow that its worker is taken for dead meanwhile, and *other* takes the message."""

    def __init__(self, now, other, does):
        super().__init__(does)
        self.now, self.other = now, other

    def send(self, parcel):
        Message.objects.update(next_try_at=self.now)
        self.other(self.now)
        return super().send(parcel)


def test_whoever_sent_it_may_say_so_though_taken_for_dead(queued, now):
    queued("told-1")
    deliver(Overtaken(now, lambda at: deliver(Carrier(busy()), at), None), now)
    message = Message.objects.get()
    assert (message.state, message.tries) == (SENT, 2)


@pytest.mark.parametrize("fails", [busy(), CannotSend("No.")])
def test_whoever_was_taken_for_dead_says_nothing_of_what_another_has(queued, now, fails):
    queued("told-1")

    def dies(at):
        with pytest.raises(Killed):
            deliver(Carrier(Killed()), at)

    deliver(Overtaken(now, dies, fails), now)
    assert Message.objects.get().state == SENDING, "the other's claim stands"
    assert not Task.objects.exists()


def test_a_worker_without_time_left_does_not_begin(queued, now):
    queued()
    carrier = Carrier()
    deliver(carrier, now, pace=replace(Pace(), lease=dt.timedelta(0)))
    assert not carrier.taken
    assert Message.objects.get().state == FAILED


def test_many_workers_share_the_messages(transactional_db, queued, now):
    for _ in range(20):
        queued()
    carrier, wrong = Carrier(), []

    def run():
        try:
            while deliver(carrier, now):
                pass
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert sorted(one.reference for one in carrier.taken) == sorted(
        f"ref-{n}" for n in range(1, 21)
    )


def test_a_locked_message_holds_up_no_other(transactional_db, queued, now):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    queued("first")
    queued("second", at=now + dt.timedelta(seconds=1))
    ready, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Message.objects.select_for_update().get(reference="first")
            ready.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    ready.wait(20)
    try:
        assert deliver(Carrier(), now + MINUTE) == "second"
        assert deliver(Carrier(), now + MINUTE) is None
    finally:
        done.set()
        thread.join()


# --- after it was sent, and what a person does ------------------------------------------------------


def test_what_arrived_is_noted_and_asked_after_no_more(queued, now):
    queued("told-1")
    carrier = Carrier()
    deliver(carrier, now)
    assert tasks.follow(carrier, now) is None
    later = now + 6 * MINUTE
    assert tasks.follow(carrier, later) == "told-1"
    assert tasks.follow(carrier, later) is None
    carrier.status = busy()
    assert tasks.follow(carrier, later + HOUR) == "told-1"
    carrier.status = True
    assert tasks.follow(carrier, later + DAY) == "told-1"
    assert Message.objects.get().delivered_at == later + DAY
    assert tasks.follow(carrier, later + 9 * DAY) is None
    assert not Task.objects.exists()


@pytest.mark.parametrize(("status", "after", "said"), [(False, HOUR, "it did not arrive"),
                                                       (None, 6 * DAY, "nobody says whether")])  # fmt: skip
def test_what_did_not_arrive_is_a_task(queued, now, status, after, said):
    queued()
    carrier = Carrier()
    carrier.status = status
    deliver(carrier, now)
    tasks.follow(carrier, now + after)
    assert Message.objects.get().state == GIVEN_UP
    assert said in Task.objects.get().what
    assert tasks.follow(carrier, now + 9 * DAY) is None


def test_a_message_that_waits_four_hours_is_a_task_once_and_sent_it_is_done(queued, now):
    queued()
    assert tasks.remind(now + 3 * HOUR) == 0
    assert tasks.remind(now + 5 * HOUR) == 1
    assert tasks.remind(now + 6 * HOUR) == 0
    assert "not sent yet" in Task.objects.get().what
    deliver(Carrier(CannotSend("No.")), now + 6 * HOUR)
    assert Task.objects.get().what.endswith("No."), "one task, that says more exactly what is wrong"
    Task.objects.all().delete()
    queued("late")
    tasks.remind(now + 5 * HOUR)
    deliver(Carrier(), now + 6 * HOUR)
    task = Task.objects.get()
    assert (task.done_at is not None, task.done_by) == (True, None)


def test_a_task_is_done_once_by_whoever_did_it_first(queued, force, now):
    queued()
    deliver(Carrier(CannotSend("No.")), now)
    (task,) = tasks.to_do(force)
    first, second = person(force), person(force)
    assert tasks.left() == 1
    assert tasks.finish(task, by=first, at=now)
    assert not tasks.finish(task, by=second, at=now)
    task.refresh_from_db()
    assert (task.done_by, tasks.left()) == (first, 0)
    assert not tasks.to_do(force)


def test_what_a_person_must_hand_over_is_a_task_when_it_is_ready(queued, now):
    queued(
        "told-1", channel="folder", address="her sister will come for it", body="<!DOCTYPE html>"
    )
    carrier = Carrier()
    deliver(carrier, now)
    assert Task.objects.get().what.startswith("Print the letter “")
    assert Task.objects.get().what.endswith("and give it to the victim.")
    assert Message.objects.get().next_look_at is None


# --- erasing ----------------------------------------------------------------------------------------


def test_a_case_that_is_erased_leaves_nothing_of_anybody(queued, force, now):
    queued("gone-1", person="victim", address="canary@example.com")
    queued("gone-2", body="canary")
    queued("kept-1", case="INV/2")
    west = another_force("invented-west")
    queued("kept-2", force=west)
    for whose, case in ((force, "INV/1"), (force, "INV/2"), (west, "INV/1")):
        Task.objects.create(force=whose, case=case, what="Ring.", made_at=now)
    deliver(Carrier(CannotSend("canary")), now)
    with transaction.atomic():
        assert sorted(erase_case(force, "INV/1")) == ["gone-1", "gone-2"]
    assert sorted(Message.objects.values_list("reference", flat=True)) == ["kept-1", "kept-2"]
    assert sorted(Task.objects.values_list("force", "case")) == [
        ("invented-east", "INV/2"), ("invented-west", "INV/1"),
    ]  # fmt: skip
    assert outbox.counts() == {"queued": 2}


def test_a_worker_whose_message_was_erased_says_nothing_of_it(queued, force, now):
    queued()

    class Erasing(Carrier):
        def send(self, parcel):
            erase_case(force, "INV/1")
            return super().send(parcel)

    deliver(Erasing(), now)
    queued()
    deliver(Erasing(busy()), now)
    queued()
    deliver(Erasing(CannotSend("No.")), now)
    assert not Message.objects.exists()
    assert not Task.objects.exists()
    assert not Entry.objects.exists()
