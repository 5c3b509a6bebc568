"""What came of each invented resolution: the further columns of a history, drawn apart from its facts.

They come from a generator of their own, so that no fact changes by them, and they agree with what the
file shows: where a fact was forgotten, nothing here gives it away or contradicts it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.demo import columns
from amends.demo.drawing import Codes, Draw, Flags, Floats, Whole
from amends.demo.facts import NOTHING, Facts
from amends.demo.offending import Offences, table
from amends.demo.parameters import Parameters
from amends.demo.people import MOST_VICTIMS, People
from amends.demo.planting import Planted
from amends.policy.afterwards import afterwards

STREAM = 2
"""Sets the draws of these columns apart from those of the facts, for the same seed and chunk."""
A_YEAR = 365
Further = dict[str, NDArray[np.integer]]
"""Values by column, as `Facts.kept` hands them on: 0 or `NOTHING` is NULL, 1 false, 2 true."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows as they were made and as the file shows them; `until` is the last day of the records."""

    draw: Draw
    given: Parameters
    what: Offences
    who: People
    done: Planted
    facts: Facts
    until: int

    def known(self, name: str) -> Flags:
        """Where the file holds the fact *name*."""
        flags: Flags = self.facts.kept(name) != (NOTHING if self._whole(name) else 0)
        return flags

    def _whole(self, name: str) -> bool:
        return self.facts[name].dtype == np.int32

    def shows(self, name: str) -> Flags:
        """Where the file says that *name* is true."""
        return self.known(name) & self.facts[name].astype(np.bool_)

    def is_(self, name: str, value: str) -> Flags:
        """Where *value* was true of the choice *name*, whether or not the file holds it."""
        return np.equal(self.facts[name], columns.code(name, value))

    def keeps(self, column: str) -> Flags:
        """Where *column* is not lost."""
        return ~self.draw.chance(self.given.share(f"lost.{column}"))

    @property
    def restorative(self) -> Flags:
        """Where a restorative process took place."""
        return ~self.is_("resolution.restorative_process", "none")

    @property
    def earlier(self) -> Flags:
        """Where the file has an earlier disposal."""
        return np.greater(self.facts["earlier_disposals"], 0)

    @property
    def unheard(self) -> Flags:
        """Where a victim was not asked, said no, or could not be reached."""
        return self.done.is_("victim_not_asked", "victim_disagrees", "victim_silent")

    @property
    def doubtful(self) -> Flags:
        """Where something is planted."""
        return self.done.code > 0


def districts(given: Parameters) -> tuple[str, ...]:
    """The names of the invented districts, by code."""
    return tuple(given.mix("district.mix"))


def known_until(given: Parameters, end: int) -> int:
    """The day on which the records were read (days from 1970-01-01), the last decision being of day *end*."""
    return end + given.whole("known_until.days")


def invent_afterwards(rows: Chunk) -> Further:
    """Every further column of *rows*, each in the order in which it has to be drawn."""
    mix = rows.given.mix("district.mix")
    place = (rows.draw.place(mix.values()) + 1).astype(np.uint8)
    found: Further = {"district": np.where(rows.keeps("district"), place, 0).astype(np.uint8)}
    _set_authority(rows, found)
    _set_restorative(rows, found)
    not_done = _set_completion(rows, found)
    _set_feedback(rows, not_done, found)
    _set_next_offence(rows, not_done, found)
    _set_panel(rows, found)
    return found


# --- who agreed, and why ---------------------------------------------------------------------------


def _set_authority(rows: Chunk, found: Further) -> None:
    draw, given, facts = rows.draw, rows.given, rows.facts
    there = np.arange(MOST_VICTIMS)[:, None] < facts["victims"]
    contact = "victims.contact_made"
    not_asked = (there & rows.known(contact) & ~facts[contact].astype(np.bool_)).any(axis=0)
    position = facts.kept("victims.position")
    away = (there & (position == columns.code("victims.position", "not_contactable"))).any(axis=0)
    reason = "victim_not_consulted_reason"
    drawn = _choice(rows, reason, given.mix("not_consulted.reason"))
    drawn = np.where(not_asked, drawn, afterwards()[reason].code("could_not_be_reached"))
    found[reason] = _where(rows.keeps(reason) & (not_asked | away), drawn)

    agreed = draw.chance(_either(rows.doubtful, given, "supervisor_agreed", "doubtful", "usual"))
    consulted = rows.shows("recorded.supervisor_consulted")
    found["supervisor_agreed"] = _truth(agreed, consulted & rows.keeps("supervisor_agreed"))

    agrees = (there & (position == columns.code("victims.position", "agree"))).any(axis=0)
    could = {
        "victims_wish": agrees,
        "first_offence": np.equal(facts["earlier_disposals"], 0),
        "young_person": rows.who.child,
        "restorative_benefit": rows.restorative,
    }
    why = "authority_reason"
    drawn = _choice(rows, why, given.mix(f"{why}.mix"), could)
    found[why] = _where(rows.shows("recorded.rationale") & rows.keeps(why), drawn)


def _set_restorative(rows: Chunk, found: Further) -> None:
    took, some = rows.restorative, rows.who.victim_person.any(axis=0)
    share = _by(some, rows.given.mix("restorative.offered"), "victim", "nobody")
    offered = took | rows.draw.chance(share)
    known = rows.keeps("restorative_offered")
    declined = rows.draw.chance(rows.given.share("restorative.declined")) & ~took
    found["restorative_offered"] = _truth(offered, known)
    kept = known & offered & rows.keeps("restorative_declined")
    found["restorative_declined"] = _truth(declined, kept)


# --- what was done, and what the victim said of it -------------------------------------------------


def _set_completion(rows: Chunk, found: Further) -> Flags:
    """Add whether it was done, and when; where it was not."""
    draw, given, facts = rows.draw, rows.given, rows.facts
    street = rows.is_("resolution.delivery", "street")
    share = {
        name: _by(street, given.mix(f"completion.{name}"), "street", "deferred")
        for name in ("not_done", "changed", "left_open")
    }
    likelier = given.mix("completion.likelier")
    compensation = rows.is_("resolution.action", "compensation")
    share["not_done"] = share["not_done"] * _times(
        likelier, compensation=compensation, earlier=rows.earlier, restorative=rows.restorative
    )
    drawn = draw.share()
    not_done = drawn < share["not_done"]
    left = (drawn < share["not_done"] + share["left_open"]) & ~not_done
    changed = (drawn > 1 - share["changed"]) & ~not_done & ~left
    due = np.where(street, rows.what.decided + given.between("completion.street_days")[1], 0)
    due = np.where(street, due, facts["resolution.last_action_due"])
    day = _days_done(rows, due, changed)
    running = left | (np.where(not_done, due, day) > rows.until)
    not_done &= ~running
    code = afterwards()["completion"].code
    state = np.where(changed, code("completed_after_change"), code("completed"))
    state = np.where(not_done, code("not_completed"), state)
    state = np.where(running, code("still_running"), state)
    proof = rows.shows("recorded.completion") | ~rows.known("recorded.completion")
    known = rows.keeps("completion")
    known &= proof | ~draw.chance(given.share("completion.unproven"))
    found["completion"] = _where(known, state)
    dated = known & ~running & ~not_done & rows.keeps("completed_on")
    found["completed_on"] = _day(day, dated)
    return not_done


def _days_done(rows: Chunk, due: Whole, changed: Flags) -> Whole:
    """When it was done: from the day after the decision to that on which it was *due*, or after a change."""
    decided = rows.what.decided
    # The nearer the last day, the likelier: most people do it when they have to.
    through = np.sqrt(rows.draw.share()) * (due - decided)
    on_time = decided + 1 + np.minimum(np.floor(through), due - decided - 1).astype(np.int32)
    late = due + rows.draw.between(*rows.given.between("completion.late_days"))
    return np.where(changed, late, on_time).astype(np.int32)


def _set_feedback(rows: Chunk, not_done: Flags, found: Further) -> None:
    draw, given = rows.draw, rows.given
    share = _by(rows.restorative, given.mix("feedback.asked"), "restorative", "usual")
    asked = draw.chance(share)
    known = (rows.who.victims > 0) & rows.keeps("feedback_asked")
    found["feedback_asked"] = _truth(asked, known)
    crosser = _times(
        given.mix("feedback.crosser"),
        not_consulted=rows.unheard,
        restorative=rows.restorative,
        not_done=not_done,
    )
    said = _choice(rows, "feedback", given.mix("feedback.mix"), {"dissatisfied": crosser})
    answered = draw.chance(given.share("feedback.answered")) & rows.keeps("feedback")
    found["feedback"] = _where(known & asked & answered, said)


# --- the next offence, and the panel ---------------------------------------------------------------


def _set_next_offence(rows: Chunk, not_done: Flags, found: Further) -> None:
    draw, given, decided = rows.draw, rows.given, rows.what.decided
    groups = list(table(given).groups)
    violence = rows.what.group == groups.index("violence")
    rate = given.share("next_offence.a_year") * _times(
        given.mix("next_offence.likelier"),
        child=rows.who.child,
        earlier=rows.earlier,
        sexual=rows.what.sexual,
        theft=rows.what.group == groups.index("theft"),
        restorative_violence=rows.restorative & violence,
        not_done=not_done,
    )
    until = np.minimum(rows.until, decided + given.whole("next_offence.followed"))
    left = decided + draw.between(*given.between("next_offence.moved_days"))
    moved = draw.chance(given.share("next_offence.moved"))
    until = np.where(moved, np.minimum(until, left), until).astype(np.int32)
    following = rows.keeps("followed_until")
    day = decided + 1 + _waiting(draw, A_YEAR / rate)
    known = following & (day <= until)
    proven = day + 1 + _waiting(draw, np.full(draw.size, given.share("next_offence.proven_days")))
    shown = draw.chance(given.share("next_offence.proven")) & (proven <= until)
    shown &= rows.keeps("next_offence_proven_on")
    found["next_offence_on"] = _day(day, known)
    found["next_offence_proven_on"] = _day(proven, known & shown)
    found["followed_until"] = _day(until, following)


def _set_panel(rows: Chunk, found: Further) -> None:
    draw, given, facts = rows.draw, rows.given, rows.facts
    shares = given.mix("panel.seen")
    applies = {
        "knife": facts["flags.knife"],
        "hate": facts["flags.hate"],
        "domestic_abuse": facts["flags.domestic_abuse"],
        "excluded_offence": rows.done.is_("excluded_offence"),
        "sexual": rows.what.sexual,
        "referred": facts["recorded.panel_referral"],
    }
    share = np.full(draw.size, shares["usual"], dtype=np.float32)
    for name, where in applies.items():
        share = np.maximum(share, np.where(where, np.float32(shares[name]), 0))
    seen, known = draw.chance(share), rows.keeps("panel_seen")
    found["panel_seen"] = _truth(seen, known)
    usual = _choice(rows, "panel_finding", given.mix("panel.finding"))
    doubtful = _choice(rows, "panel_finding", given.mix("panel.doubtful"))
    finding = np.where(rows.doubtful, doubtful, usual)
    found["panel_finding"] = _where(known & seen & rows.keeps("panel_finding"), finding)


# --- drawing by row --------------------------------------------------------------------------------


def _choice(
    rows: Chunk,
    column: str,
    mix: Mapping[str, float],
    times: Mapping[str, Flags | Floats] | None = None,
) -> Codes:
    """Codes of the values of *column*, as likely as *mix* says, each weight multiplied row by row."""
    weights = [
        np.broadcast_to(mix[name] * (times or {}).get(name, 1.0), rows.draw.size) for name in mix
    ]
    upto = np.cumsum(weights, axis=0)
    place = (rows.draw.share() * upto[-1] >= upto[:-1]).sum(axis=0)
    codes = np.array([afterwards()[column].code(name) for name in mix], dtype=np.uint8)
    drawn: Codes = codes[place]
    return drawn


def _times(factors: Mapping[str, float], **where: Flags) -> Floats:
    """The product, row by row, of those *factors* that apply there."""
    applied = [np.where(flags, np.float32(factors[name]), 1) for name, flags in where.items()]
    product: Floats = np.prod(applied, axis=0, dtype=np.float32)
    return product


def _by(where: Flags | np.bool_, shares: Mapping[str, float], yes: str, no: str) -> Floats:
    return np.where(where, np.float32(shares[yes]), np.float32(shares[no]))


def _either(where: Flags, given: Parameters, name: str, yes: str, no: str) -> Floats:
    return _by(where, {one: given.share(f"{name}.{one}") for one in (yes, no)}, yes, no)


def _waiting(draw: Draw, mean: NDArray[np.floating]) -> Whole:
    """Whole days to wait, *mean* on average, and never longer than a life."""
    return np.minimum(np.floor(draw.generator.exponential(mean)), 40_000).astype(np.int32)


def _truth(flags: Flags, known: Flags) -> Codes:
    return np.where(known, flags + np.uint8(1), 0).astype(np.uint8)


def _where(known: Flags, codes: NDArray[np.integer]) -> Codes:
    return np.where(known, codes, 0).astype(np.uint8)


def _day(days: Whole, known: Flags) -> Whole:
    return np.where(known, days, NOTHING).astype(np.int32)
