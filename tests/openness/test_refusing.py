"""A refusal says all that it must, or is not sent."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.openness.exemptions import NoLaw, ground, grounds
from amends.openness.refusing import Holding, Refusal, faults, sentences

DAY = dt.date(2026, 3, 2)
WHOLE = Refusal(
    section="31",
    because="it would tell how patrols are placed.",
    public_interest="safety weighs more.",
)
every = st.sampled_from([one.section for one in grounds() if one.ends is None])


def test_a_complete_refusal_may_be_sent_and_says_where_to_complain():
    assert faults(Holding.HELD, [WHOLE], DAY) == ()
    told = sentences(Holding.HELD, [WHOLE], DAY)
    assert told[0] == "We hold the information."
    assert told[1].startswith("Section 31 of the Freedom of Information Act 2000 (Telling it would")
    assert told[2] == "The public interest: safety weighs more."
    assert "section 50" in told[-1]


@pytest.mark.parametrize(
    ("holding", "refusals", "wrong"),
    [
        (Holding.HELD, [Refusal(section="31", because="it would harm.")], "It is qualified"),
        (Holding.HELD, [Refusal(section="41", because=" ")], "Say why it applies"),
        (
            Holding.HELD,
            [Refusal(section="40(2)", because="it names people.")],
            "Say which it is here",
        ),
        (
            Holding.HELD,
            [Refusal(section="12(2)", because="it would take 20 hours.")],
            "and that is said",
        ),
        (
            Holding.NEITHER,
            [Refusal(section="21", because="it is on our site.")],
            "must be said whether",
        ),
        (Holding.NEITHER, [], "under which section"),
        (Holding.NOT_HELD, [WHOLE], "not refused"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_sent(holding, refusals, wrong):
    (fault,) = faults(holding, refusals, DAY)
    assert wrong in fault
    with pytest.raises(ValueError, match=re.escape(fault)):
        sentences(holding, refusals, DAY)


def test_what_is_not_held_is_only_said_so():
    told = sentences(Holding.NOT_HELD, [], DAY)
    assert told[0] == "We do not hold the information."
    assert len(told) == 2


def test_a_section_that_was_not_yet_law_is_refused():
    with pytest.raises(NoLaw, match="22A on 2010"):
        faults(Holding.HELD, [Refusal(section="22A", because="research.")], dt.date(2010, 1, 1))


@given(every, st.sampled_from([Holding.HELD, Holding.PARTLY, Holding.NEITHER]), st.booleans())
def test_the_public_interest_is_asked_for_unless_the_section_is_absolute(section, holding, weighed):
    one = Refusal(
        section=section, because="it applies.", public_interest="weighed." if weighed else ""
    )
    by = ground(section, DAY)
    found = " ".join(faults(holding, [one], DAY))
    assert ("public interest" in found) is (not weighed and by.kind in ("qualified", "partly"))
    if holding is Holding.NEITHER:
        assert ("must be said" in found) is (by.holds == "tell")
