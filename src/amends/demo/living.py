"""Sixty invented cases that are under way, one after another at every stage, made by the real actions."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any, Final

from amends.accounts.models import User
from amends.accounts.standing import today
from amends.cases.actions import agreeing, authorising, ending, listening, raising
from amends.cases.models import Case, Person
from amends.demo import meeting
from amends.demo.crew import FIRST, People
from amends.demo.kinds import kind_of

CASES: Final = 60
AT: Final = "http://127.0.0.1:8000"
"""Where a demo is, for the links in its letters."""
LAST: Final = ("Nobody", "Noname", "Sample", "Specimen")
"""Family names of victims and suspects that say what they are, and that nobody who works there has."""
STAGES: Final = (
    "raised", "known", "asked", "authorised", "agreed", "breached", "done", "stopped", "closed",
    "incident",
)  # fmt: skip
"""How far an invented case gets, in the order in which they are dealt out."""
_OFFENCES: Final = (
    ("46", "shop", None), ("58D", "resident", "summary_only"), ("105A", "person", "summary_only"),
    ("39", "person", None),
)  # fmt: skip
"""Shoplifting, criminal damage, assault without injury, theft from the person; where the offence table
does not know where an offence can be tried, the officer says."""
_WORDS: Final = ("I did it, and I am sorry.", "Yes, that was me.", "I should not have done that.")


class Story:
    """One invented case, as far as it goes."""

    def __init__(self, people: People, number: int, seed: int) -> None:
        self.people = people
        self.stage, self.round = STAGES[number % len(STAGES)], number // len(STAGES)
        self.kind = kind_of(self.stage, self.round)
        self.draw = random.Random(f"{seed}:{number}")
        self.number, self.seed, self.turn = number, seed, 0
        self.officer = self.draw.choice(people.officers())
        self.case = raising.raise_case(
            self.officer, key=self._key(), reference=f"INVENTED/{seed}/{number:04}"
        )

    def _key(self) -> str:
        self.turn += 1
        return f"invented-{self.seed}-{self.number}-{self.turn}"

    def does(self, what: Callable[..., Any], by: User | None = None, **given: Any) -> Any:
        """Have *by*, or the officer in the case, do *what*."""
        self.case.refresh_from_db()
        who = by or self.officer
        return what(who, self.case, key=self._key(), expected=self.case.version, **given)

    def tell(self) -> Case:
        """Take the case as far as its stage."""
        stage = self.stage
        if stage == "incident":
            self.does(ending.no_crime, reasons="A quarrel in which nobody was hurt. Invented.")
            return self.case
        for one in ("known", "asked", "authorised", "agreed", "done", "closed"):
            if stage == "raised":
                break
            if stage in ("breached", "stopped") and one == "done":
                getattr(self, stage)()
                break
            getattr(self, one)()
            if stage == one:
                break
        return self.case

    # --- the stages -------------------------------------------------------------------------------

    def known(self) -> None:
        """Everything that the policy asks about is recorded."""
        kinds = _OFFENCES[2:] if self.kind.person else _OFFENCES
        code, kind, mode = self.draw.choice(kinds)
        facts = self._facts(code) | ({"offence.mode_of_trial": mode} if mode else {})
        self.does(raising.record_circumstances, facts=facts | self.kind.circumstances())
        year = today().year - 16 if self.kind.child else self.draw.randint(1960, 2006)
        born = dt.date(year, self.draw.randint(1, 12), self.draw.randint(1, 28))
        self.does(raising.add_person, part="suspect", kind="person", name=self._name(), born=born)
        self.does(
            listening.record_admission, form="admits_offence", words=self.draw.choice(_WORDS),
            where="At the scene", said_at=_hours_ago(30), cautioned=True, advice_offered=True,
        )  # fmt: skip
        self.does(
            listening.record_offender, agrees=True, words="I want to put it right.",
            appropriate_adult_there=False if self.kind.child else None,
        )  # fmt: skip
        self._victim(shop=kind == "shop")
        self.does(authorising.record, kind="history_check", words=self.kind.found)
        self.does(authorising.record, kind="full_rationale", words=self.kind.rationale)

    def _facts(self, code: str) -> dict[str, Any]:
        on = today() - dt.timedelta(days=self.draw.randint(2, 40))
        no = (
            "evidence.caution_more_appropriate", "offence.likely_crown_court", "offence.serious",
            "offence.serious_sexual", "offender.relevant_history", "offender.vulnerable",
            "flags.domestic_abuse", "flags.hate", "flags.knife", "flags.sexual", "flags.child",
            "remedy.listed_action_invited",
        )  # fmt: skip
        return {
            **dict.fromkeys(no, False),
            "offence.code": code, "offence.date": on.isoformat(), "case.recorded_crime": True,
            "case.jurisdiction": "england_and_wales", "evidence.sufficient": True,
            "offence.listed_low_level": True, "gravity.aggravating": 0, "gravity.mitigating": 1,
            "earlier.community_resolutions": 0, "earlier_disposals": [],
            "flags.relationship": "not_related", "resolution.delivery": "deferred",
            "resolution.restorative_process": "none",
        }  # fmt: skip

    def _victim(self, *, shop: bool) -> None:
        speaker = None
        if shop:
            victim = self.does(
                raising.add_person, part="victim", kind="business", name="Invented Stores"
            )
            speaker = self.does(
                raising.add_person,
                part="speaks_for",
                kind="person",
                name=self._name(),
                speaks_for=victim,
            )
        else:
            victim = self.does(
                raising.add_person,
                part="victim",
                kind="person",
                name=self._name(),
                born=dt.date(1980, 1, 1),
            )
        self.does(
            listening.record_contact,
            victim=victim,
            method="telephone",
            result="reached",
            tried_at=_hours_ago(26),
        )
        if not self.kind.answered:
            return
        self.does(
            listening.record_view, victim=victim, position="agree", words="I would like an apology.",
            wording="invented-1", channel="telephone", language="English", informed=True, remedy="",
            said_by=speaker,
        )  # fmt: skip

    def asked(self) -> None:
        """Where a Sergeant must allow it, the Sergeant or the Inspector is asked."""
        if not self.kind.before:
            return
        self.does(
            authorising.consult_supervisor,
            self._who("sergeant"),
            words="Suitable. Ask for authority.",
        )
        self.does(authorising.ask_authority, of=self._senior())

    def authorised(self) -> None:
        """Whoever was asked allows it; the officer, where nobody had to be."""
        self.does(
            authorising.authorise, self._senior() if self.kind.before else None,
            reasons="Minor, admitted, and the victim agrees.", no_conflict=True,
        )  # fmt: skip

    def agreed(self) -> None:
        """The consequences are explained, and an apology and a payment agreed."""
        self.does(
            agreeing.explain, wording="invented-1", knows_it_is_recorded=True,
            knows_it_may_be_disclosed=True, language="English",
        )  # fmt: skip
        due = today() + dt.timedelta(days=self.draw.randint(3, 28))
        if self.stage == "breached":
            due = today()
        self.does(
            agreeing.agree,
            actions=[
                {"what": "Apologise in writing", "object": "repair", "due": due, "proof": "Letter"},
                {"what": "Pay for the damage or goods", "object": "repair", "due": due,
                 "proof": "Receipt", "pence": self.draw.randint(5, 90) * 100},
            ],
        )  # fmt: skip

    def done(self) -> None:
        """Both things are done."""
        letter, pay = agreeing.current_actions(self.case)
        self.does(agreeing.record_action, action=letter, kind="done", proof="Letter seen")
        half = (pay.pence or 0) // 2
        self.does(agreeing.record_payment, action=pay, pence=half, proof="Receipt 1")
        self.does(
            agreeing.record_payment, action=pay, pence=(pay.pence or 0) - half, proof="Receipt 2"
        )
        self.does(ending.complete, words="Letter and both receipts seen.")

    def closed(self) -> None:
        """It is closed as Outcome 8."""
        self.does(ending.close, outcome="8", reasons="Everything agreed was done.")

    def breached(self) -> None:
        """The last day agreed has come, and nothing was paid."""
        self.does(
            agreeing.record_breach,
            words="Nothing was paid on the day agreed, nor will be, they say.",
        )

    def stopped(self) -> None:
        """The victim has had enough."""
        victim = Person.objects.get(case=self.case, part="victim")
        self.does(listening.withdraw, person=victim, words="I no longer want this.")

    def _senior(self) -> User:
        return self._who("sergeant" if self.round % 4 == 1 else "inspector")

    def _who(self, name: str) -> User:
        return self.people.by_name[name]

    def _name(self) -> str:
        return f"{self.draw.choice(FIRST)} {self.draw.choice(LAST)} {self.draw.randint(1, 99)}"


def _told(people: People, number: int, seed: int, at: str) -> Case:
    """The invented case of that *number*: as far as its stage, and what came of it besides."""
    story = Story(people, number, seed)
    stage, round_ = story.stage, story.round
    case = story.tell()
    if not story.kind.answered:
        meeting.ask_by_link(story, at)
    elif stage == "authorised":
        meeting.restore(story, round_ % 5)
    elif stage == "agreed" and round_ % 2 == 0:
        meeting.letter(story)
    elif stage in ("closed", "stopped"):
        meeting.afterwards(story, round_)
    case.refresh_from_db()
    return case


def _hours_ago(hours: int) -> dt.datetime:
    noon = dt.datetime.combine(today() - dt.timedelta(days=1), dt.time(12), tzinfo=dt.UTC)
    return noon - dt.timedelta(hours=hours)


def live(
    people: People,
    seed: int,
    count: int = CASES,
    progress: Callable[[int, int], None] | None = None,
    at: str = AT,
) -> list[Case]:
    """Make *count* invented cases that are under way, at every stage in turn; *at* is where the service will be."""
    made = []
    for number in range(count):
        made.append(_told(people, number, seed, at))
        if progress:
            progress(number + 1, count)
    return made
