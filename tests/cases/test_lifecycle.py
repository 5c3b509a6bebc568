"""The life cycle as a table: every step is legal, every end is reached, and nothing goes in circles unseen."""

from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from amends.accounts.acting import ACTIONS
from amends.accounts.permissions import table
from amends.cases import pages
from amends.cases.actions import (
    agreeing,
    authorising,
    ending,
    inviting,
    listening,
    raising,
    telling,
)
from amends.cases.lifecycle import ENDS, OUTCOME_8_FROM, SAME, START, OutOfTurn, lifecycle
from amends.restorative.actions import beginning, meeting, preparing

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "lifecycle.md"
MODULES = (
    agreeing,
    authorising,
    ending,
    inviting,
    listening,
    raising,
    telling,
    beginning,
    preparing,
    meeting,
)
LIFE = lifecycle()
STEPS = frozenset(LIFE.steps())


def reachable(start, without=()):
    found, left = {start}, [start]
    while left:
        state = left.pop()
        for before, command, after in LIFE.steps():
            if before == state and command not in without and after not in found:
                found.add(after)
                left.append(after)
    return found


def test_every_state_is_reached_and_from_every_state_an_end_is():
    assert reachable(START) == set(LIFE.states)
    for state in LIFE.states:
        assert set(ENDS) & reachable(state), state
    assert reachable("erased") == {"erased"}


def test_outcome_8_is_reached_only_through_authority_and_agreement():
    for command in ("cases.authorise", "cases.agree"):
        assert OUTCOME_8_FROM not in reachable(START, without={command})


def test_from_an_end_only_reopening_leads_on():
    for end, wanted in (("closed", 2), ("incident", 2), ("erased", 0)):
        moves = {command for before, command, after in LIFE.steps() if before == end != after}
        assert moves == set(["cases.reopen", "cases.erase"][:wanted])


def test_after_a_withdrawal_nothing_is_shared_agreed_or_allowed():
    assert not {"cases.share", "cases.agree", "cases.authorise", "cases.complete"} & set(
        LIFE.possible("stopped")
    )


def test_every_command_is_an_action_with_a_line_in_the_permission_table():
    assert all(MODULES)
    made = {name for name in ACTIONS if name.startswith(("cases.", "restorative."))}
    assert made == set(LIFE.commands)
    assert made < set(table().actions)


def test_a_restorative_process_goes_on_beside_the_case_and_stops_with_it():
    for name, command in LIFE.commands.items():
        if name.startswith("restorative."):
            assert command.targets == (SAME,)
            assert "stopped" not in command.sources


def test_a_command_out_of_turn_says_where_the_case_is():
    with pytest.raises(OutOfTurn, match="Now: closed with an outcome"):
        LIFE.after("cases.agree", "closed")
    with pytest.raises(ValueError, match="leads to agreed, authorised, stopped"):
        LIFE.after("cases.decide_breach", "breached")
    with pytest.raises(ValueError, match="and not to closed"):
        LIFE.after("cases.decide_breach", "breached", "closed")
    assert LIFE.after("cases.note", "agreed") == "agreed"


def test_the_page_is_drawn_from_the_table():
    assert PAGE.read_text("utf-8") == pages.life(), "make pages"


class Life(RuleBasedStateMachine):
    """A case given commands at random: it obeys the table, and refuses the rest."""

    @initialize()
    def begin(self):
        self.state, self.seen = START, [START]

    @rule(command=st.sampled_from(sorted(LIFE.commands)), data=st.data())
    def give(self, command, data):
        found = LIFE.commands[command]
        if self.state not in found.sources:
            with pytest.raises(OutOfTurn):
                LIFE.after(command, self.state, found.targets[0])
            return
        to = data.draw(st.sampled_from(found.targets))
        after = LIFE.after(command, self.state, to)
        assert (self.state, command, after) in STEPS
        self.state = after
        self.seen.append(after)

    @invariant()
    def it_was_allowed_before_it_was_done(self):
        if getattr(self, "state", None) == "done":
            assert "authorised" in self.seen
            assert self.seen.index("authorised") < self.seen.index("agreed")


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
