"""Invented forces, people and cases for the tests of the record, made through the actions themselves."""

import datetime as dt
from itertools import count
from typing import Any

from amends.accounts.models import Force, RankHeld, RoleHeld, User
from amends.accounts.standing import today
from amends.cases.actions import agreeing, authorising, ending, listening, raising
from amends.cases.models import Case, Person

_NUMBER = count(1)
LONG_AGO = dt.date(2001, 1, 1)
ROLES_BY_RANK = {"constable": "officer", "sergeant": "supervisor", "inspector": "authoriser"}


def fresh_key() -> str:
    """A key that no request had before."""
    return f"key-{next(_NUMBER)}"


def force(slug: str = "avon-and-somerset") -> Force:
    """The force *slug*, with nobody in it; what is invented is said to be."""
    made, _ = Force.objects.get_or_create(
        slug=slug, defaults={"name": f"{slug} (invented)", "invented": True}
    )
    return made


def person(of: Force | None, *roles: str, rank: str | None = None, name: str = "") -> User:
    """Somebody invented who holds *roles* and a *rank*, since long ago."""
    number = next(_NUMBER)
    made = User.objects.create(
        username=name or f"invented-{number}",
        force=of,
        pseudonym=f"u-{number:016x}",
        first_name="Invented",
    )
    for role in roles:
        RoleHeld.objects.create(user=made, role=role, starts=LONG_AGO)
    if rank:
        RankHeld.objects.create(user=made, rank=rank, starts=LONG_AGO)
    return made


class Crew:
    """The people of one invented force, and what they do in a case."""

    def __init__(self, slug: str = "avon-and-somerset") -> None:
        self.force = force(slug)
        self.officer = person(self.force, "officer", rank="constable")
        self.sergeant = person(self.force, "supervisor", "authoriser", rank="sergeant")
        self.inspector = person(self.force, "supervisor", "authoriser", rank="inspector")
        self.superintendent = person(self.force, "supervisor", "authoriser", rank="superintendent")

    def does(self, what: Any, case: Case, by: User | None = None, **given: Any) -> Any:
        """Have *by*, or the officer, do *what* to the case as it stands now."""
        case.refresh_from_db()
        made = what(by or self.officer, case, key=fresh_key(), expected=case.version, **given)
        case.refresh_from_db()
        return made

    def raised(self, reference: str = "") -> Case:
        """A case that was just raised."""
        return raising.raise_case(
            self.officer, key=fresh_key(), reference=reference or f"INV/{next(_NUMBER)}"
        )

    def shoplifting(self, *, without: tuple[str, ...] = (), **more: Any) -> Case:
        """A case of shoplifting of which everything is known and the shop agrees.

        The records *without* are left out, and *more* facts put in, with __ for a dot.
        """
        case = self.raised()
        extra = {name.replace("__", "."): value for name, value in more.items()}
        self.does(raising.record_circumstances, case, facts=plain(today()) | extra)
        self.does(
            raising.add_person, case, part="suspect", kind="person", name="Invented Suspect",
            born=dt.date(1990, 5, 1),
        )  # fmt: skip
        self.victim(case)
        self.does(
            listening.record_admission, case, form="admits_offence", words="I took it.",
            where="At the shop", said_at=hours_ago(5), cautioned=True, advice_offered=True,
        )  # fmt: skip
        self.does(listening.record_offender, case, agrees=True, words="Yes, I will.")
        for kind, words in RECORDS.items():
            if kind not in without:
                self.does(authorising.record, case, kind=kind, words=words)
        return case

    def victim(self, case: Case, position: str = "agree") -> Person:
        """A shop as victim, whose manager was asked and said *position*."""
        shop = self.does(
            raising.add_person, case, part="victim", kind="business", name="Invented Shop"
        )
        manager = self.does(
            raising.add_person, case, part="speaks_for", kind="person", name="Invented Manager",
            speaks_for=shop,
        )  # fmt: skip
        self.does(
            listening.record_contact, case, victim=shop, method="in_person", result="reached",
            tried_at=hours_ago(4),
        )  # fmt: skip
        self.does(
            listening.record_view, case, victim=shop, position=position, informed=True,
            words="That is fine with us.", remedy="", wording="shop-1", channel="in_person",
            language="English", said_by=manager,
        )  # fmt: skip
        return shop

    def authorised(self, **given: Any) -> Case:
        """A case that the Superintendent has allowed, whatever the policy asks for less."""
        case = self.shoplifting(**given)
        self.does(authorising.consult_supervisor, case, self.sergeant, words="Go ahead.")
        self.does(
            authorising.authorise, case, self.superintendent, reasons="A minor theft, put right.",
            no_conflict=True,
        )  # fmt: skip
        return case

    def agreed(self, **given: Any) -> Case:
        """A case in which something was agreed: an apology, and 12 pounds to be paid."""
        case = self.authorised(**given)
        self.does(
            agreeing.explain, case, wording="notice-1", knows_it_is_recorded=True,
            knows_it_may_be_disclosed=True, language="English",
        )  # fmt: skip
        self.does(agreeing.agree, case, actions=actions())
        return case

    def done(self, **given: Any) -> Case:
        """A case in which everything agreed was done."""
        case = self.agreed(**given)
        say_sorry, pay = agreeing.current_actions(case)
        self.does(
            agreeing.record_action,
            case,
            action=say_sorry,
            kind="done",
            proof="Heard by the officer",
        )
        self.does(agreeing.record_payment, case, action=pay, pence=500, proof="Receipt 1")
        self.does(agreeing.record_payment, case, action=pay, pence=700, proof="Receipt 2")
        self.does(ending.complete, case, words="Both done.")
        return case


RECORDS = {
    "history_check": "Nothing found.",
    "full_rationale": "A first offence, admitted at once.",
    "panel_referral": "Not referred: not sexual.",
    "remedy_reason": "No listed action was asked for.",
}


def plain(day: dt.date) -> dict[str, Any]:
    """What is known of a plain theft from a shop, three days before *day*."""
    return {
        "offence.code": "46", "offence.date": (day - dt.timedelta(days=3)).isoformat(),
        "case.recorded_crime": True, "case.jurisdiction": "england_and_wales",
        "evidence.sufficient": True, "evidence.caution_more_appropriate": False,
        "offence.likely_crown_court": False, "offence.serious": False,
        "offence.serious_sexual": False, "offence.listed_low_level": True,
        "gravity.aggravating": 0, "gravity.mitigating": 0,
        "offender.relevant_history": False, "offender.vulnerable": False,
        "earlier.community_resolutions": 0, "earlier_disposals": [],
        "flags.domestic_abuse": False, "flags.relationship": "not_related", "flags.hate": False,
        "flags.knife": False, "flags.sexual": False, "flags.child": False,
        "remedy.listed_action_invited": False,
        "resolution.delivery": "deferred", "resolution.restorative_process": "none",
    }  # fmt: skip


def actions() -> list[dict[str, Any]]:
    """An apology, and 12 pounds."""
    due = today() + dt.timedelta(days=14)
    return [
        {
            "what": "Apologise to the manager",
            "object": "repair",
            "due": due,
            "proof": "Officer hears it",
        },
        {
            "what": "Pay for the goods",
            "object": "repair",
            "due": due,
            "proof": "Receipt",
            "pence": 1200,
        },
    ]


def hours_ago(hours: int) -> dt.datetime:
    """A time so many hours before noon of yesterday."""
    noon = dt.datetime.combine(today() - dt.timedelta(days=1), dt.time(12), tzinfo=dt.UTC)
    return noon - dt.timedelta(hours=hours)
