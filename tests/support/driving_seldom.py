"""What few cases come to, each led up to so that it is really done: letters offered, refusals, erasure."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import rule

from amends.accounts.standing import today
from amends.cases.actions import agreeing, authorising, ending, raising
from amends.restorative.actions import beginning
from support.driving import Beside

SELDOM = ("letter", "refusal", "not asked", "varied", "breach", "left", "incident", "erased")
seldom = st.sampled_from((*SELDOM, *SELDOM[:-2] * 3))  # the last two end the life of a case


class Seldom(Beside):
    """Rules that lead a case to where it may be done, and do it."""

    state: str

    def everything_known(self) -> None:
        """The straight way to a case that can be decided."""
        raise NotImplementedError

    def decide_breach(self, choice: str, by: str) -> None:
        """What follows when something agreed was not done."""
        raise NotImplementedError

    def contact(self) -> None:
        """The victim was reached, and told how it stands."""
        raise NotImplementedError

    def vary(self) -> None:
        """Another agreement in the place of the last."""
        raise NotImplementedError

    def not_consulted(self, by: str) -> None:
        """Why the victim was not asked."""
        raise NotImplementedError

    def led_to(self, *states: str) -> bool:
        """Whether the case is in one of *states*, led there if it can be."""
        for _ in range(5):
            if self.state in states:
                return True
            self.onwards()
        return self.state in states

    @rule(what=seldom)
    def seldom_done(self, what):
        ways: dict[str, Callable[[], None]] = {
            "letter": self.letter_offered, "refusal": self.authority_refused,
            "not asked": self.not_asked, "varied": self.varied, "breach": self.breach_decided,
            "left": self.one_leaves, "incident": self.found_no_crime,
            "erased": self.erased_after_review,
        }  # fmt: skip
        ways[what]()

    def letter_offered(self) -> None:
        if self.led_to("agreed"):
            self.do("cases.letter", agreeing.write_letter, words="I am sorry.")
            self.do("cases.screen_letter", agreeing.screen_letter, "sergeant", fit=True)
            self.do("cases.offer_letter", agreeing.offer_letter)
            self.do("cases.offer_letter", agreeing.offer_letter, wanted=True)

    def authority_refused(self) -> None:
        if self.led_to("raised"):
            self.everything_known()
            self.do("cases.decide", authorising.decide_case)
            self.do("cases.ask_authority", authorising.ask_authority, of=self.crew.superintendent)
            self.do(
                "cases.refuse_authority", authorising.refuse_authority, "superintendent",
                reasons="Not fit for it.", no_conflict=True,
            )  # fmt: skip

    def not_asked(self) -> None:
        if self.led_to("raised"):
            if self.one("victim") is None:
                self.do(
                    "cases.person",
                    raising.add_person,
                    part="victim",
                    kind="business",
                    name="Invented Shop",
                )
            self.not_consulted("sergeant")

    def varied(self) -> None:
        if self.led_to("agreed"):
            self.contact()
            self.vary()

    def breach_decided(self) -> None:
        if self.led_to("agreed"):
            self.do("cases.breach", agreeing.record_breach, words="Not paid.")
            self.decide_breach("offer_again", "inspector")

    def one_leaves(self) -> None:
        if self.led_to("raised"):
            self.everything_known()
        self.start("immediate_rd")
        for part in ("suspect", "victim"):
            self.add_participant(part)
        if one := self.part_of():
            self.rj("leave", beginning.leave, participant=one)

    def found_no_crime(self) -> None:
        if self.led_to("raised"):
            self.do(
                "cases.offence", raising.record_circumstances, facts={"case.recorded_crime": False}
            )
            self.do("cases.non_crime", ending.no_crime, reasons="A quarrel, and no crime.")

    def erased_after_review(self) -> None:
        if self.led_to("closed", "incident"):
            keeper = self.somebody("records_manager")
            self.do(
                "cases.retention", ending.set_retention, keeper, group="3", review_on=today(),
                reasons="A court has ordered it.", ground="court_order",
            )  # fmt: skip
            self.do("cases.erase", ending.erase, keeper)
