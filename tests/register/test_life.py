"""The life of a request: its order, its two clearers, its clock; any walk through it keeps what is promised."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from amends.openness.clock import calendar, due
from amends.openness.register_life import (
    OUTCOMES,
    WORDS,
    Event,
    OutOfTurn,
    after,
    deciders,
    follow,
    next_in_words,
    possible,
)

DAY = dt.date(2025, 3, 3)
DRAFT = {"holding": "held", "title": "T", "restated": "R", "letter": "L"}
QUALIFIED = {"section": "31", "because": "Why", "public_interest": "Weighed"}


def events(*told):
    """Events from (kind, days after receipt, by, data), the receipt before them."""
    rest = [
        Event(kind=kind, on=DAY + dt.timedelta(days), by=by, data=data)
        for kind, days, by, data in told
    ]
    return [Event(kind="received", on=DAY, by=1), *rest]


DRAFTED = ("drafted", 1, 1, DRAFT)
CLEARED = (("cleared", 2, 1, {}), ("cleared", 2, 2, {}))
SENT = ("sent", 3, 1, {})


def test_a_request_is_due_and_says_why():
    life = follow(events())
    assert life.due == due(DAY)
    assert any("20" in one for one in life.why)
    assert next_in_words(life) == "Find what was asked for, and draft the answer."


def test_clarification_starts_the_time_anew_and_a_fee_only_pauses_it():
    asked = follow(events(("asked", 2, 1, {})))
    assert asked.due is None
    assert "cleared" not in possible(asked)
    clear = follow(events(("asked", 2, 1, {}), ("clarified", 9, 1, {})))
    assert clear.due == due(DAY + dt.timedelta(9))
    paid = follow(events(("fees notice", 2, 1, {}), ("paid", 4, 1, {})))
    assert due(DAY) < paid.due < due(DAY + dt.timedelta(4))


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ((SENT,), "Two different people must clear"),
        ((DRAFTED, CLEARED[0], SENT), "Two different people must clear"),
        ((DRAFTED, CLEARED[0], ("cleared", 2, 1, {})), "Somebody else must clear"),
        ((("cleared", 1, 1, {}),), "Draft the answer first"),
        ((("asked", 1, 1, {}), ("drafted", 2, 1, DRAFT)), "waiting for the requester"),
        ((("claimed", 1, 1, {"section": "31", "because": "Why"}),), "public interest was weighed"),
        ((("claimed", 1, 1, {"section": "12(1)", "because": "Long"}),), "estimate it first"),
        ((("published", 1, 1, {}),), "Send the answer first"),
        ((DRAFTED, *CLEARED, SENT, DRAFTED), "before"),
        ((DRAFTED, *CLEARED, SENT, ("drafted", 4, 1, DRAFT)), "is over"),
        ((("refined", 1, 1, {}), ("drafted", 2, 1, DRAFT)), "took the place"),
        ((("extended", 1, 1, {"days": 21, "exemption": "section 31"}),), "1 to 20"),
        ((("extended", 1, 1, {"days": 5, "exemption": ""}),), "under which exemption"),
        ((("invented", 1, 1, {}),), "Nothing of that name"),
    ],
)
def test_what_cannot_happen_is_said_in_a_sentence(told, wanted):
    with pytest.raises(OutOfTurn, match=wanted):
        follow(events(*told))


def test_a_new_reason_or_draft_undoes_what_was_cleared():
    for more in (("claimed", 3, 1, QUALIFIED), ("drafted", 3, 1, DRAFT), ("estimated", 3, 1, {})):
        life = follow(events(DRAFTED, *CLEARED, more))
        assert life.cleared == ()
        assert "sent" not in possible(life)


def test_more_time_leaves_the_draft_and_adds_days():
    more = {"days": 20, "exemption": "section 31"}
    life = follow(events(("claimed", 1, 1, QUALIFIED), DRAFTED, ("extended", 2, 1, more)))
    assert life.draft is not None
    assert life.due == due(DAY, 40)


def test_a_review_is_decided_by_somebody_else():
    asked = events(DRAFTED, *CLEARED, SENT, ("review asked", 30, 1, {}))
    life = follow(asked)
    assert life.due == due(DAY + dt.timedelta(30))
    told = {"outcome": "upheld"}
    for by in (1, 2):
        with pytest.raises(OutOfTurn, match="had a part"):
            after(life, Event(kind="review decided", on=life.events[-1].on, by=by, data=told))
    done = after(life, Event(kind="review decided", on=life.events[-1].on, by=3, data=told))
    assert done.state == "answered"
    assert done.due is None


class Walk(RuleBasedStateMachine):
    """Anybody tries anything on any day: what is taken keeps the promises, and the rest is refused whole."""

    @initialize(start=st.integers(0, 400))
    def begun(self, start):
        self.life = follow([Event(kind="received", on=DAY + dt.timedelta(start), by=1)])

    @rule(given=st.data())
    def tried(self, given):
        every = sorted(set(WORDS) - {"received"})
        kind = given.draw(st.sampled_from([*possible(self.life), *possible(self.life), *every]))
        days = given.draw(st.integers(-1, 12))
        by = given.draw(st.integers(1, 4))
        holding = given.draw(st.sampled_from(["held", "not held", "partly held"]))
        section = given.draw(st.sampled_from(["31", "12(1)", "21"]))
        much = given.draw(st.booleans())
        outcome = given.draw(st.sampled_from(OUTCOMES))
        extra = given.draw(st.integers(0, 21))
        data = {
            "drafted": {**DRAFT, "holding": holding}, "claimed": {**QUALIFIED, "section": section},
            "dropped": {"section": section}, "estimated": {"too_much": much},
            "review decided": {"outcome": outcome},
            "extended": {"days": extra, "exemption": "section 31"},
        }.get(kind, {})  # fmt: skip
        event = Event(kind=kind, on=self.life.events[-1].on + dt.timedelta(days), by=by, data=data)
        before = self.life
        try:
            self.life = after(before, event)
        except OutOfTurn as error:
            assert str(error).endswith(".")
            return
        assert kind in possible(before)
        assert self.life.events == (*before.events, event)

    @invariant()
    def keeps_what_is_promised(self):
        life = self.life
        assert follow(life.events) == life
        assert all(one.on <= other.on for one, other in pairwise(life.events))
        assert len(set(life.cleared)) == len(life.cleared) <= 2
        if life.sent is not None:
            assert len(life.cleared) == 2
            assert life.draft is not None
        if life.published is not None:
            assert life.sent is not None
        if life.review_decided is not None:
            assert life.review_decided.by not in deciders(life)
        if life.due is not None:
            assert life.due in calendar().working
            assert life.why
        assert bool(life.due) or life.over or life.clock.state != "running"


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
