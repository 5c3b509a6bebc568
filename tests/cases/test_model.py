"""The whole application driven at random against a small model of a case: they never differ."""

import datetime as dt
import os
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from amends.accounts.models import User
from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cases.actions import agreeing, authorising, ending, listening, raising
from amends.cases.lifecycle import START, lifecycle
from amends.cases.models import Authority, Case, Closure, Person, Step, Withdrawal
from amends.ledger.models import Entry
from support.driving_seldom import Seldom
from support.record import RECORDS, Crew, actions, fresh_key, hours_ago, plain

LONG = bool(os.environ.get("AMENDS_LONG"))
STEPS = 50
AT_LEAST = 200_000 if LONG else 20_000
LIFE = lifecycle()
COUNTED: Counter[str] = Counter()
DRIVEN: set[str] = set()
DONE: set[str] = set()

pytestmark = pytest.mark.django_db
someone = st.sampled_from(["officer", "sergeant", "inspector", "superintendent"])
yes = st.booleans()


def carried_out(became: list[str]) -> bool:
    """Whether a thing agreed, of which *became* was recorded in turn, was done at least in part."""
    done = [kind for kind in became if kind not in ("paid", "waived")]
    return "paid" in became or (bool(done) and done[-1] in ("done", "part"))


class Application(Seldom, RuleBasedStateMachine):
    """One case, given any action by anybody: either it is done as the table says, or nothing has changed."""

    @initialize()
    def begin(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.crew = Crew()
        self.case = self.crew.raised()
        self.state, self.version = START, 1
        self.withdrawn = self.allowed = False
        self.became: list[list[str]] = []
        self.agreed_before = self.excused = False
        self.told = True
        self.do("cases.offence", raising.record_circumstances, facts=plain(today()))

    def teardown(self) -> None:
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def do(
        self, command: str, what: Any, by: str | User = "officer", to: str | None = None,
        **given: Any,
    ) -> Any:  # fmt: skip
        """Do it, and compare with what the table says; what is refused has changed nothing."""
        COUNTED["steps"] += 1
        DRIVEN.add(command)
        user = by if isinstance(by, User) else getattr(self.crew, by)
        legal = self.state in LIFE.commands[command].sources
        try:
            with transaction.atomic():
                made = what(user, self.case, key=fresh_key(), expected=self.version, **given)
        except Refused as error:
            COUNTED[error.code] += 1
            assert error.sentence[0].isupper()
            return None
        assert legal, f"{command} was done in {self.state}"
        COUNTED["done"] += 1
        DONE.add(command)
        self.state = LIFE.after(command, self.state, to)
        self.version += 1
        if command in ("cases.withdraw", "cases.withdraw_admission"):
            self.withdrawn, self.allowed = True, False
        elif command == "cases.authorise":
            self.withdrawn, self.allowed = False, True
        elif self.state == "raised":
            self.allowed = False
        return made

    def one(self, part: str) -> Person | None:
        return Person.objects.filter(case=self.case, part=part).order_by("-pk").first()

    # --- what is known ----------------------------------------------------------------------------

    @rule(
        by=someone,
        name=st.sampled_from(["flags.hate", "flags.knife", "offence.serious"]),
        value=yes,
    )
    def circumstances(self, by, name, value):
        self.do("cases.offence", raising.record_circumstances, by, facts={name: value})

    @rule(known=yes)
    def suspect(self, known):
        born = dt.date(1990, 5, 1) if known else None
        self.do(
            "cases.person",
            raising.add_person,
            part="suspect",
            kind="person",
            name="Invented S",
            born=born,
        )

    @rule()
    def victim(self):
        self.do(
            "cases.person", raising.add_person, part="victim", kind="business", name="Invented Shop"
        )
        shop = self.one("victim")
        if shop is not None:
            self.do("cases.person", raising.add_person, part="speaks_for", kind="person", name="Invented M",
                    speaks_for=shop)  # fmt: skip

    @rule(form=st.sampled_from(["admits_offence", "accepts_responsibility", "none"]))
    def admission(self, form):
        self.do("cases.admission", listening.record_admission, form=form, words="I did.", where="Shop",
                said_at=hours_ago(2))  # fmt: skip

    @rule(agrees=yes)
    def offender(self, agrees):
        self.do("cases.offender_agrees", listening.record_offender, agrees=agrees, words="Well.")

    @rule(
        position=st.sampled_from(["agree", "agree", "disagree", "no_view", "not_contactable"]),
        informed=st.none() | yes,
    )
    def view(self, position, informed):
        shop, manager = self.one("victim"), self.one("speaks_for")
        if shop is not None:
            made = self.do("cases.victim_view", listening.record_view, victim=shop, position=position,
                           informed=informed, words="So.", remedy="", wording="shop-1",
                           channel="telephone", language="English", said_by=manager)  # fmt: skip
            self.told = self.told or made is not None

    @rule()
    def contact(self):
        shop = self.one("victim")
        if shop is not None:
            made = self.do("cases.contact", listening.record_contact, victim=shop, method="telephone",
                           result="reached", tried_at=hours_ago(1))  # fmt: skip
            self.told = self.told or made is not None

    @rule(by=someone)
    def not_consulted(self, by):
        shop = self.one("victim")
        if shop is not None:
            made = self.do("cases.not_consulted", listening.record_not_consulted, by, victim=shop,
                           reason="cannot_be_found", words="Gone.")  # fmt: skip
            self.excused = self.excused or made is not None

    @rule()
    def everything_known(self):
        """The straight way to a case that can be decided, so that later states are often reached."""
        if self.state != "raised":
            return
        if self.one("suspect") is None:
            self.suspect(known=True)
        if self.one("victim") is None:
            self.victim()
        self.circumstances("officer", "flags.hate", value=False)
        self.circumstances("officer", "flags.knife", value=False)
        self.circumstances("officer", "offence.serious", value=False)
        self.admission("admits_offence")
        self.offender(agrees=True)
        self.contact()
        self.view("agree", informed=True)
        for kind, words in RECORDS.items():
            self.do("cases.rationale", authorising.record, kind=kind, words=words)

    # --- decided, agreed, ended -------------------------------------------------------------------

    @rule(by=someone)
    def consult(self, by):
        self.do("cases.consult_supervisor", authorising.consult_supervisor, by, words="Go on.")

    @rule(by=someone)
    def decide(self, by):
        self.do("cases.decide", authorising.decide_case, by)

    @rule(of=someone)
    def ask(self, of):
        self.do("cases.ask_authority", authorising.ask_authority, of=getattr(self.crew, of))

    @rule(by=someone, word=st.sampled_from([True, True, True, False]))
    def authorise(self, by, word):
        self.do("cases.authorise", authorising.authorise, by, reasons="Minor.", no_conflict=word)

    @rule(by=someone)
    def refuse(self, by):
        self.do(
            "cases.refuse_authority",
            authorising.refuse_authority,
            by,
            reasons="No.",
            no_conflict=True,
        )

    @rule(understood=yes)
    def notice(self, understood):
        self.do("cases.notice", agreeing.explain, wording="notice-1", knows_it_is_recorded=True,
                knows_it_may_be_disclosed=understood, language="English")  # fmt: skip

    @rule()
    def agree(self):
        if self.do("cases.agree", agreeing.agree, actions=actions()) is not None:
            self.another([[], []])

    @rule()
    def vary(self):
        made = self.do("cases.vary", agreeing.vary, actions=actions()[:1], reasons="Paid already.",
                       words="Yes, I will.")  # fmt: skip
        if made is not None:
            self.another([[]])

    def another(self, became: list[list[str]]) -> None:
        """Something was agreed: the victim had been told of it, where something else was agreed before."""
        assert self.told or self.excused or not self.agreed_before or self.one("victim") is None
        self.became, self.agreed_before, self.told = became, True, False

    @rule(
        which=st.integers(0, 1),
        kind=st.sampled_from(["done", "part", "waived", "not_done"]),
        by=st.sampled_from(["officer", "sergeant"]),
    )
    def item(self, which, kind, by="officer"):
        found = agreeing.current_actions(self.case)
        if which < len(found):
            made = self.do(
                "cases.item_done",
                agreeing.record_action,
                by,
                action=found[which],
                kind=kind,
                proof="Seen",
            )
            if made is not None:
                assert kind != "waived" or by == "sergeant"
                self.became[which].append(kind)

    @rule(pence=st.sampled_from([1, 600, 1200, 5000]))
    def payment(self, pence):
        found = agreeing.current_actions(self.case)
        if found:
            made = self.do(
                "cases.payment",
                agreeing.record_payment,
                action=found[-1],
                pence=pence,
                proof="Receipt",
            )
            if made is not None:
                self.became[-1].append("paid")

    @rule(command=st.sampled_from(["write", "fit", "unfit", "offer", "wanted", "declined"]))
    def letter(self, command):
        {
            "write": lambda: self.do("cases.letter", agreeing.write_letter, words="Sorry."),
            "fit": lambda: self.do("cases.screen_letter", agreeing.screen_letter, "sergeant", fit=True),
            "unfit": lambda: self.do("cases.screen_letter", agreeing.screen_letter, "sergeant", fit=False, words="No."),
            "offer": lambda: self.do("cases.offer_letter", agreeing.offer_letter),
            "wanted": lambda: self.do("cases.offer_letter", agreeing.offer_letter, wanted=True),
            "declined": lambda: self.do("cases.offer_letter", agreeing.offer_letter, wanted=False),
        }[command]()  # fmt: skip

    @rule()
    def breach(self):
        self.do("cases.breach", agreeing.record_breach, words="Not paid.")

    @rule(choice=st.sampled_from(["escalate", "offer_again", "vary", "close"]), by=someone)
    def decide_breach(self, choice, by):
        to = {
            "escalate": "stopped",
            "offer_again": "agreed",
            "vary": "authorised",
            "close": "stopped",
        }[choice]
        made = self.do(
            "cases.decide_breach", agreeing.decide_breach, by, to=to, choice=choice, reasons="So."
        )
        self.told = self.told and made is None

    @rule()
    def complete(self):
        if self.do("cases.complete", ending.complete, words="All done.") is not None:
            assert any(map(carried_out, self.became)), "complete, and nothing was carried out"

    @rule(part=st.sampled_from(["victim", "suspect"]), really=st.integers(0, 3))
    def withdraw(self, part, really):
        one = self.one(part)
        if one is not None and really == 0:
            self.do("cases.withdraw", listening.withdraw, person=one)

    @rule(really=st.integers(0, 3))
    def withdraw_admission(self, really):
        if self.one("suspect") is not None and really == 0:
            self.do("cases.withdraw_admission", listening.withdraw_admission, words="No.",
                    said_at=hours_ago(1))  # fmt: skip

    @rule(outcome=st.sampled_from(["8", "8", "10", "16", "99"]), really=st.integers(0, 2))
    def close(self, outcome, really):
        if really:
            return
        made = self.do("cases.close", ending.close, outcome=outcome, reasons="So it ends.")
        if made is not None and outcome == "8":
            COUNTED["outcome 8"] += 1
            assert self.allowed, "closed as a community resolution that nobody had allowed"
            assert not self.withdrawn

    @rule()
    def no_crime(self):
        if len(Step.objects.filter(case=self.case)) > 30:  # or most cases would end so
            self.do("cases.non_crime", ending.no_crime, reasons="A quarrel.")

    @rule()
    def onwards(self):
        """What would come next in the life of a case that goes well, so that its whole length is walked."""
        if self.state == "raised":
            self.everything_known()
            self.consult("sergeant")
            self.authorise("superintendent", word=True)
        elif self.state == "authorised":
            self.notice(understood=True)
            self.contact()
            self.agree()
        elif self.state == "agreed":
            for number in range(len(agreeing.current_actions(self.case))):
                self.item(number, "done")
            self.complete()
        elif self.state == "done":
            self.close("8", really=0)
        elif self.state in ("closed", "incident"):
            self.reopen("sergeant")

    # --- what is always so ------------------------------------------------------------------------

    @invariant()
    def the_record_is_what_the_model_says(self):
        if not hasattr(self, "case"):
            return
        found = Case.objects.get(pk=self.case.pk)
        assert (found.state, found.version) == (self.state, self.version)
        assert Step.objects.filter(case=found).count() == found.version
        last = Step.objects.filter(case=found).order_by("version").last()
        assert last.after == found.state
        done = r"^(cases|restorative)\."  # and not what the service enters of its own
        entries = Entry.objects.filter(case=found.reference, kind__regex=done)
        assert entries.count() == found.version
        assert found.state != "erased" or entries.filter(kept__isnull=False).count() == 1
        if found.state not in ("closed", "erased"):
            assert found.outcome == ""
        elif found.outcome == "8" and found.state == "closed":
            assert Authority.objects.filter(case=found, given=True).exists()
            assert Closure.objects.filter(case=found).order_by("pk").last().outcome == "8"

    @invariant()
    def no_withdrawal_is_forgotten(self):
        if hasattr(self, "case") and self.withdrawn and self.state != "erased":
            steps = Step.objects.filter(case=self.case, command="cases.withdraw_admission")
            assert steps.exists() or Withdrawal.objects.filter(person__case=self.case).exists()


def test_the_application_and_the_model_never_differ():
    for burst in range(
        AT_LEAST // 1_000
    ):  # how many steps a burst has depends on more than its seed
        seed(burst)(Application)
        run_state_machine_as_test(
            Application,
            settings=settings(
                max_examples=60, stateful_step_count=STEPS, deadline=None, database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
        if COUNTED["steps"] >= AT_LEAST and DONE == DRIVEN:
            break
    print(f"{burst + 1} bursts", dict(COUNTED))
    assert set(LIFE.commands) == DRIVEN
    assert not DRIVEN - DONE, "only ever refused"
    assert COUNTED["outcome 8"] > 0
    assert COUNTED["steps"] >= AT_LEAST
