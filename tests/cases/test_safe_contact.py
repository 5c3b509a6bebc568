"""A safe contact beats what is under way: nothing goes elsewhere any more, and no link opens that lies elsewhere."""

import datetime as dt

import pytest
from django.utils import timezone

from amends.accounts.refusals import Refused
from amends.cases import hearing
from amends.cases.actions import inviting, raising, telling
from amends.cases.models import Person, Told
from amends.notices.models import GIVEN_UP, Message, Task
from amends.notices.outbox import PACE, deliver
from amends.notices.sending import CannotSend
from support.record import Crew

pytestmark = pytest.mark.django_db
HOME = "home@invented.example"


class Carrier:
    """Keeps what it was given; refuses it for good where that is wanted."""

    def __init__(self, refuses=False):
        self.refuses, self.sent = refuses, []

    def send(self, parcel):
        if self.refuses:
            raise CannotSend("There is no such address.")
        self.sent.append(parcel)
        return "kept"

    def find(self, reference):
        return None

    def follows(self, channel):
        return False


@pytest.fixture
def crew():
    return Crew()


def linked(crew, case, victim, key):
    """A link to *victim* that waits to be sent home."""
    token, digest = inviting.new_token(key)
    way = inviting.Way(
        channel="email", address=HOME, language="en", contact="01632 960001",
        url=f"https://amends.invented/link/{token}/",
    )  # fmt: skip
    crew.does(inviting.invite, case, person=victim, digest=digest, way=way)
    return token


def asked(crew, case, victim):
    crew.does(
        telling.tell_in_writing, case, person=victim, kind="victim_asked", language="en", channel="email",
        address=HOME, contact="01632 960001",
    )  # fmt: skip


def not_home(crew, case, victim):
    crew.does(raising.add_need, case, person=victim, kind="safe_contact", words="Ring her sister.")


def everything_sent(carrier):
    now = timezone.now()
    while deliver(carrier, now, pace=PACE):
        now += dt.timedelta(seconds=1)
    return [parcel.address for parcel in carrier.sent]


def test_what_waits_is_not_sent_home_and_somebody_is_told_of_each(crew):
    case = crew.shoplifting()
    victim = Person.objects.get(case=case, part="victim")
    token = linked(crew, case, victim, "one")
    asked(crew, case, victim)
    not_home(crew, case, victim)
    assert everything_sent(Carrier()) == []
    held = Message.objects.filter(case=case.reference)
    assert {one.state for one in held} == {GIVEN_UP}
    assert not any(token in one.body for one in held)
    told = Task.objects.filter(case=case.reference, done_at__isnull=True)
    assert told.count() == 2
    assert all("safe contact" in one.what for one in told)
    with pytest.raises(Refused, match="too old"):
        inviting.open_link(token)


def test_what_is_written_afterwards_goes_by_the_safe_contact_and_the_new_link_opens(crew):
    case = crew.shoplifting()
    victim = Person.objects.get(case=case, part="victim")
    not_home(crew, case, victim)
    token = linked(crew, case, victim, "two")
    assert everything_sent(Carrier()) == ["Ring her sister."]
    assert inviting.open_link(token).person == victim


def test_a_need_of_another_kind_or_person_takes_nothing_back(crew):
    case = crew.shoplifting()
    victim, suspect = (Person.objects.get(case=case, part=part) for part in ("victim", "suspect"))
    token = linked(crew, case, victim, "three")
    crew.does(raising.add_need, case, person=victim, kind="access", words="A step.")
    not_home(crew, case, suspect)
    assert everything_sent(Carrier()) == [HOME]
    assert inviting.open_link(token).person == victim


def test_a_letter_with_a_link_that_no_longer_opens_is_not_sent_and_leaves_nobody_a_task(crew):
    case = crew.shoplifting()
    victim, suspect = (Person.objects.get(case=case, part=part) for part in ("victim", "suspect"))
    linked(crew, case, suspect, "other")
    first = linked(crew, case, victim, "first")
    asked(crew, case, victim)
    second = linked(crew, case, victim, "second")
    carrier = Carrier()
    everything_sent(carrier)
    bodies = [parcel.body for parcel in carrier.sent]
    assert len(bodies) == 3  # the question, the suspect's link and the victim's second one
    assert sum(second in body for body in bodies) == 1
    assert not any(first in body for body in bodies)
    assert not Task.objects.filter(case=case.reference, done_at=None).exists()


def test_a_letter_to_be_printed_with_an_old_link_is_no_task_any_more(crew):
    case = crew.shoplifting()
    victim = Person.objects.get(case=case, part="victim")
    not_home(crew, case, victim)  # so letters lie ready to be handed over
    linked(crew, case, victim, "first")
    everything_sent(Carrier())
    old = Task.objects.get(case=case.reference, done_at=None)
    linked(crew, case, victim, "second")
    everything_sent(Carrier())
    left = Task.objects.get(case=case.reference, done_at=None)
    assert left.pk != old.pk


def test_a_new_link_takes_the_place_of_one_that_was_not_opened(crew):
    case = crew.shoplifting()
    victim, suspect = (Person.objects.get(case=case, part=part) for part in ("victim", "suspect"))
    first, other = linked(crew, case, victim, "a"), linked(crew, case, suspect, "b")
    second = linked(crew, case, victim, "c")
    with pytest.raises(Refused, match="too old"):
        inviting.open_link(first)
    assert inviting.open_link(second).person == victim
    assert inviting.open_link(other).person == suspect


def test_a_letter_that_is_given_up_keeps_no_link(crew):
    case = crew.shoplifting()
    victim = Person.objects.get(case=case, part="victim")
    token = linked(crew, case, victim, "four")
    everything_sent(Carrier(refuses=True))
    kept = Message.objects.get(case=case.reference)
    assert kept.state == GIVEN_UP
    assert token not in kept.body


def test_a_link_and_an_apology_do_not_tell_of_a_change_and_a_letter_that_does_counts(crew):
    case = crew.agreed()
    victim = Person.objects.get(case=case, part="victim")
    assert hearing.untold(case) == [victim]
    linked(crew, case, victim, "five")
    Told.objects.create(person=victim, by=crew.officer, kind="apology_offered", language="en")
    assert hearing.untold(case) == [victim]
    asked(crew, case, victim)
    assert hearing.untold(case) == []
