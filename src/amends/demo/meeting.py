"""The restorative side of the invented cases: processes begun, prepared, held, and what was said afterwards."""

import datetime as dt
from typing import Any, Final, Protocol

from django.urls import reverse
from django.utils import timezone

from amends.accounts.models import User
from amends.cases.actions import inviting, raising, telling
from amends.cases.models import Case, Person
from amends.demo.crew import People
from amends.restorative.actions import beginning, meeting, preparing

AGREED: Final = "An apology, face to face, and a day's work for the victim. Invented."


class Story(Protocol):
    """What is needed of an invented case."""

    people: People
    case: Case
    officer: User
    number: int
    seed: int

    def does(self, what: Any, by: User | None = None, **given: Any) -> Any:
        """Have *by*, or the officer in the case, do *what*."""


def restore(story: Story, step: int) -> None:
    """Begin a process in *story*, which was allowed; each *step* takes it further, and the fifth is held at once."""
    kind = "immediate_rd" if step == 4 else "vo_conference" if step % 2 else "community_conference"
    process = story.does(beginning.start, kind=kind)
    leads = _leaders(story, process, kind)
    if step == 0:
        return
    there = _people(story, process, kind)
    if step == 1:
        return
    for one in there:
        story.does(
            preparing.prepare,
            leads,
            participant=one,
            willing=True,
            words="Ready, and willing. Invented.",
        )
        for stage in (1, 2):
            story.does(
                preparing.assess, leads, participant=one, stage=stage, fit=True, words="No risk found. Invented."
            )  # fmt: skip
    if step >= 3:
        _meet(story, process, leads, there, held=step == 4)


def _leaders(story: Story, process: Any, kind: str) -> User:
    if kind == "immediate_rd":
        names = [story.officer]
    elif kind == "vo_conference":
        names = [story.people.by_name["facilitator"]]
    else:
        names = [story.people.by_name[one] for one in ("facilitator", "volunteer_facilitator")]
    for one in names:
        if one != story.officer:
            story.does(raising.assign, user=one, task="facilitate")
        story.does(
            beginning.appoint, process=process, user=one, trained=True, training="Three days, 2024. Invented."
        )  # fmt: skip
    return names[0]


def _people(story: Story, process: Any, kind: str) -> list[Any]:
    suspect = Person.objects.get(case=story.case, part="suspect")
    victim = Person.objects.get(case=story.case, part="victim")
    found = [
        story.does(
            beginning.add_participant, process=process, role="person_responsible", person=suspect
        )
    ]
    if kind == "community_conference":
        others = [
            ("affected_resident", "Invented Neighbour"),
            ("community_representative", "Invented Speaker"),
        ]
        return found + [_one(story, process, role, name) for role, name in others]
    return [
        *found, story.does(beginning.add_participant, process=process, role="victim", person=victim),
    ]  # fmt: skip


def _one(story: Story, process: Any, role: str, name: str) -> Any:
    return story.does(
        beginning.add_participant, process=process, role=role, name=name, under_18=False
    )


def _meet(story: Story, process: Any, leads: User, there: list[Any], *, held: bool) -> None:
    on = timezone.now() if held else _next_week()
    story.does(preparing.set_meeting, leads, process=process, on=on, place="Invented Hall")
    if not held:
        return
    for one in there:
        story.does(meeting.record_attendance, leads, participant=one, came=True)
    story.does(
        meeting.record_outcome, leads, process=process, agreed=True, puts_right=True, words=AGREED,
        covered=["what_happened", "impact", "putting_right"],
    )  # fmt: skip


def _next_week() -> dt.datetime:
    day = timezone.localdate() + dt.timedelta(days=7)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(14, 30)))


def afterwards(story: Story, number: int) -> None:
    """The victim of a case that ended is sent a link; some say how it was, and some ask for a review."""
    victim = Person.objects.get(case=story.case, part="victim")
    _, digest = inviting.new_token(f"invented-{story.seed}-{story.number}")
    made = story.does(inviting.invite, person=victim, digest=digest)
    if number % 2:
        story.does(
            inviting.ask_review, made.user, person=victim,
            words="I said that I wanted to hear what he had to say. Nobody rang me. Invented.",
        )  # fmt: skip
    else:
        story.does(
            inviting.give_feedback, made.user, person=victim, heard=4, fair=5, put_right=3,
            words="The apology helped. Invented.",
        )  # fmt: skip


def ask_by_link(story: Story, at: str) -> None:
    """The victim, who has not said what they think, is sent a link by which to say it; the service is *at* there."""
    victim = Person.objects.get(case=story.case, part="victim")
    token, digest = inviting.new_token(f"invented-{story.seed}-{story.number}")
    way = inviting.Way(
        channel="email", address=f"victim.{story.number}@example.org", language="en",
        contact="01632 960001", url=f"{at}{reverse('link', args=[token])}",
    )  # fmt: skip
    story.does(inviting.invite, person=victim, digest=digest, way=way)


def letter(story: Story) -> None:
    """The person responsible is told in a letter that somebody has to hand over."""
    suspect = Person.objects.get(case=story.case, part="suspect")
    story.does(
        telling.tell_in_writing, person=suspect, kind="responsible_told", language="en", channel="folder",
        address="At the front desk", contact="01632 960001",
    )  # fmt: skip
