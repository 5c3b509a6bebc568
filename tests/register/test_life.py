"""The life of a request: its order, its two clearers, its clock; any walk through it keeps what is promised."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from amends.openness.clock import calendar, due
from amends.openness.register_events import Event, OutOfTurn
from amends.openness.register_life import (
    after,
    deciders,
    follow,
    next_in_words,
    possible,
)
from amends.openness.register_queue import DUE, OVER, place
from amends.openness.register_words import OUTCOMES, WORDS

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
    told = {"outcome": "not upheld"}
    for by in (1, 2):
        with pytest.raises(OutOfTurn, match="had a part"):
            after(life, Event(kind="review decided", on=life.events[-1].on, by=by, data=told))
    done = after(life, Event(kind="review decided", on=life.events[-1].on, by=3, data=told))
    assert done.state == "answered"
    assert done.due is None


@pytest.mark.parametrize("outcome", ["upheld", "partly upheld"])
def test_an_upheld_review_opens_it_for_a_new_answer_and_the_first_stays(outcome):
    asked, decided = DAY + dt.timedelta(30), DAY + dt.timedelta(33)
    life = follow(
        events(
            DRAFTED, *CLEARED, SENT, ("published", 4, 1, {}), ("review asked", 30, 1, {}),
            ("review decided", 33, 3, {"outcome": outcome}),
        )
    )  # fmt: skip
    assert life.state == "to be answered"
    assert life.due == min(due(decided), due(asked, 40)) == due(decided)
    assert [one.sent.on for one in life.earlier] == [DAY + dt.timedelta(3)]
    for kind in ("asked", "fees notice", "extended", "refined", "review asked", "published"):
        assert kind not in possible(life)
    for kind in ("drafted", "cleared", "cleared", "sent", "published"):
        by = 4 if kind == "cleared" and life.cleared else 3
        data = {**DRAFT, "letter": "New"} if kind == "drafted" else {}
        life = after(life, Event(kind=kind, on=decided, by=by, data=data))
    assert life.state == "answered and published"
    assert life.earlier[0].draft.data["letter"] == "L"
    assert life.draft.data["letter"] == "New"


def test_a_review_decided_late_leaves_no_more_than_forty_days_in_all():
    asked = DAY + dt.timedelta(30)
    told = ("review decided", 80, 3, {"outcome": "upheld"})
    life = follow(events(DRAFTED, *CLEARED, SENT, ("review asked", 30, 1, {}), told))
    assert life.due == due(asked, 40) < due(DAY + dt.timedelta(80))


def test_the_commissioner_and_the_tribunal_decide_and_may_want_a_new_answer():
    told = [DRAFTED, *CLEARED, SENT, ("complained", 40, 1, {})]
    assert follow(events(*told)).state == "before the Information Commissioner"
    told.append(("commissioner decided", 90, 1, {"outcome": "not upheld"}))
    assert follow(events(*told)).state == "answered"
    told.append(("appealed", 100, 1, {}))
    assert follow(events(*told)).state == "before the Tribunal"
    by = DAY + dt.timedelta(240)
    told.append(("tribunal decided", 200, 1, {"outcome": "upheld", "answer_by": by.isoformat()}))
    life = follow(events(*told))
    assert (life.state, life.due) == ("to be answered", by)
    with pytest.raises(OutOfTurn, match="before the day of the decision"):
        follow(
            events(*told[:-1], (*told[-1][:3], {"outcome": "upheld", "answer_by": "2025-01-01"}))
        )
    with pytest.raises(OutOfTurn, match="ends in one of"):
        follow(events(*told[:-1], ("tribunal decided", 200, 1, {"outcome": "perhaps"})))
    with pytest.raises(OutOfTurn, match="Commissioner decides first"):
        follow(events(DRAFTED, *CLEARED, SENT, ("appealed", 5, 1, {})))


def test_an_answer_is_taken_back_by_somebody_else_than_who_wanted_it():
    told = [DRAFTED, *CLEARED, SENT]
    wanted = ("withdrawal asked", 9, 1, {"number": 1})
    with pytest.raises(OutOfTurn, match="No answer to it is in"):
        follow(events(*told, wanted))
    told.append(("published", 4, 1, {}))
    with pytest.raises(OutOfTurn, match="Nobody has asked"):
        follow(events(*told, ("withdrawn", 9, 2, {})))
    with pytest.raises(OutOfTurn, match="Answer 2 is not in"):
        follow(events(*told, (*wanted[:3], {"number": 2})))
    assert follow(events(*told, wanted)).state == "to be taken back from the log"
    with pytest.raises(OutOfTurn, match="Somebody else must take"):
        follow(events(*told, wanted, ("withdrawn", 9, 1, {})))
    life = follow(events(*told, wanted, ("withdrawn", 9, 2, {})))
    assert (life.state, life.withdrawn) == ("answered and taken back", (1,))
    assert next_in_words(life) == "Nothing more is due."
    assert not {"published", "withdrawal asked", "withdrawn"} & set(possible(life))


def test_whoever_wanted_an_answer_taken_back_may_want_it_no_more_and_nobody_for_them():
    told = [DRAFTED, *CLEARED, SENT, ("published", 4, 1, {})]
    wanted = ("withdrawal asked", 9, 1, {"number": 1})
    with pytest.raises(OutOfTurn, match="Nobody has asked"):
        follow(events(*told, ("withdrawal dropped", 9, 1, {})))
    with pytest.raises(OutOfTurn, match="only they can give it up"):
        follow(events(*told, wanted, ("withdrawal dropped", 9, 2, {})))
    life = follow(events(*told, wanted, ("withdrawal dropped", 10, 1, {})))
    assert (life.state, life.withdrawal, life.withdrawn) == ("answered and published", None, ())
    assert place(life) == (OVER, None)
    with pytest.raises(OutOfTurn, match="Nobody has asked"):
        after(life, Event(kind="withdrawn", on=life.events[-1].on, by=2))
    again = after(life, Event(kind="withdrawal asked", on=life.events[-1].on, by=2, data=wanted[3]))
    assert again.withdrawal.by == 2


def test_what_waits_for_a_second_person_comes_first_and_is_said_whatever_else_is_open():
    told = [DRAFTED, *CLEARED, SENT, ("published", 4, 1, {})]
    wanted = ("withdrawal asked", 40, 1, {"number": 1})
    assert place(follow(events(*told, wanted))) == (DUE, DAY + dt.timedelta(40))
    life = follow(events(*told, ("review asked", 30, 1, {}), wanted))
    assert life.state == "under internal review"
    assert life.due == due(DAY + dt.timedelta(30))
    assert place(life) == (DUE, DAY + dt.timedelta(40))
    first, second = next_in_words(life).split(". ")
    assert first == "A second person takes the answer back from the disclosure log"
    assert second == "Somebody who had no part in the answer decides the review."


def test_this_office_wants_it_acknowledged_and_drafted_before_the_law_does():
    assert follow(events()).internal[1] == due(DAY, 3)
    known = ("acknowledged", 1, 1, {})
    assert follow(events(known)).internal[1] == due(DAY, 10)
    assert follow(events(known, DRAFTED)).internal is None
    assert follow(events(("asked", 2, 1, {}))).internal is None
    again = follow(events(known, ("asked", 2, 1, {}), ("clarified", 9, 1, {})))
    assert again.internal[1] == due(DAY + dt.timedelta(9), 10)


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
        late = self.life.events[-1].on + dt.timedelta(30)
        answer_by = given.draw(st.sampled_from(["", late.isoformat()]))
        extra = given.draw(st.integers(0, 21))
        data = {
            "drafted": {**DRAFT, "holding": holding}, "claimed": {**QUALIFIED, "section": section},
            "dropped": {"section": section}, "scoped": {"question": "saved"}, "estimated": {"too_much": much},
            "review decided": {"outcome": outcome},
            "commissioner decided": {"outcome": outcome, "answer_by": answer_by},
            "tribunal decided": {"outcome": outcome, "answer_by": answer_by},
            "titled": {"subject": "S"},
            "withdrawal asked": {"number": given.draw(st.integers(0, 3))},
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
            at = life.events.index(life.review_decided)
            assert life.review_decided.by not in deciders(follow(life.events[:at]))
        assert len(set(life.withdrawn)) == len(life.withdrawn) <= life.logged
        assert set(life.withdrawn) <= set(range(1, life.logged + 1))
        asked = 0
        for one in life.events:
            asked = one.by if one.kind == "withdrawal asked" else asked
            assert one.kind != "withdrawn" or one.by != asked
            assert one.kind != "withdrawal dropped" or one.by == asked
        if life.withdrawal is not None:
            rank, day = place(life)
            assert rank == DUE
            assert day <= life.withdrawal.on
        for before in life.earlier:
            assert before.sent in life.events
            assert len(before.cleared) == 2
        if life.due is not None:
            assert life.due in calendar().working or life.due == life.anew
            assert life.why
        assert bool(life.due) or life.over or life.clock.state != "running"


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
