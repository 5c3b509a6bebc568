"""The facts of an invented case as its decision maker met it, from the offence to the flags."""

from datetime import date

import numpy as np

from amends.demo import columns
from amends.demo.drawing import Codes, Draw, Flags, Whole
from amends.demo.facts import Facts
from amends.demo.offending import Offences, Places, table
from amends.demo.parameters import Parameters, days
from amends.demo.people import People
from amends.demo.planting import Planted

MOST_EARLIER = columns.LISTS["earlier_disposals"]
KIND = "earlier_disposals.kind"
TWO_YEARS = 730  # days: how far back earlier community resolutions are counted


def set_case(what: Offences, facts: Facts) -> None:
    """What kind of case it is, its offence and its days."""
    size = len(what.code)
    facts["case.recorded_crime"] = what.crime
    country = columns.code("case.jurisdiction", "england_and_wales")
    facts["case.jurisdiction"] = np.full(size, country, dtype=np.uint8)
    facts["decision.date"] = what.decided
    facts["offence.date"] = what.committed
    facts["offence.code"] = what.code
    facts.make_absent("offence.code", ~what.crime)


def set_seriousness(
    draw: Draw, given: Parameters, what: Offences, done: Planted, facts: Facts
) -> None:
    """How serious the offence was, and what the evidence was."""
    known = table(given)
    excluded = done.is_("excluded_offence")
    rape = (known.column("family", "") == "rape")[what.offence]
    sexual = what.sexual & (rape | draw.chance(given.share("offence_facts.serious_sexual")))
    facts["offence.serious_sexual"] = sexual
    facts["offence.serious"] = excluded | sexual
    facts["offence.likely_crown_court"] = excluded
    low = draw.chance(given.share("offence_facts.low_level"))
    facts["offence.listed_low_level"] = low & ~excluded & ~sexual
    facts["evidence.sufficient"] = np.ones(draw.size, dtype=np.bool_)
    facts["evidence.caution_more_appropriate"] = np.zeros(draw.size, dtype=np.bool_)


def set_flags(given: Parameters, what: Offences, who: People, facts: Facts) -> None:
    """The flags that were true of the case, whether or not anybody ticked them."""
    known = table(given)
    facts["flags.hate"] = known.column("hate", False)[what.offence] & what.crime
    facts["flags.knife"] = known.column("knife", False)[what.offence]
    facts["flags.sexual"] = what.sexual
    minor = (who.victim_person & (facts["victims.age"] < 18)).any(axis=0)
    facts["flags.child"] = minor | known.column("child", False)[what.offence]


def set_suspect(draw: Draw, given: Parameters, who: People, done: Planted, facts: Facts) -> None:
    """What the suspect said, and who was there to help."""
    accepts = draw.chance(given.share("planted.accepts_only"))
    form = np.where(
        accepts,
        columns.code("admission.form", "accepts_responsibility"),
        columns.code("admission.form", "none"),
    )
    admits = columns.code("admission.form", "admits_offence")
    facts["admission.form"] = np.where(done.is_("no_admission"), form, admits).astype(np.uint8)
    vulnerable = draw.chance(given.share("offender.vulnerable"))
    facts["offender.agrees"] = np.ones(draw.size, dtype=np.bool_)
    facts["offender.vulnerable"] = vulnerable
    facts["offender.appropriate_adult"] = who.child | vulnerable
    consulted = draw.chance(given.share("offender.youth_justice"))
    facts["offender.youth_justice_consulted"] = who.child & consulted


def set_history(draw: Draw, given: Parameters, what: Offences, done: Planted, facts: Facts) -> None:
    """Earlier disposals. A planted repeat was for a like offence within two years."""
    repeat = done.is_("repeat")
    some = repeat | draw.chance(given.share("earlier.any"))
    count = np.where(some, draw.number(given.mix("earlier.more")), 0).astype(np.int8)
    there = np.arange(MOST_EARLIER)[:, None] < count
    like = np.zeros_like(there)
    like[0] = repeat
    before = _days_before(draw, given, like)
    day = what.committed - before
    kind = _earlier_kinds(draw, given, like, day)
    facts["earlier_disposals"] = count
    facts["earlier_disposals.date"] = day
    facts["earlier_disposals.kind"] = kind
    facts["earlier_disposals.offence_code"] = _earlier_codes(draw, given, what, like, day)
    facts["earlier_disposals.like_offence"] = like
    resolution = kind == columns.code(KIND, "community_resolution")
    recent = there & resolution & (before <= TWO_YEARS)
    facts["earlier.community_resolutions"] = recent.sum(axis=0).astype(np.int32)
    facts["offender.relevant_history"] = repeat


def set_gravity(
    draw: Draw, given: Parameters, what: Offences, who: People, done: Planted, facts: Facts
) -> None:
    """A score drawn at random: no row of a published matrix could be read, and this is none."""
    matrix = np.zeros(draw.size, dtype=np.uint8)
    for entry in given.raw("gravity.matrix"):
        child, adult = (columns.code("gravity.matrix", entry[at]) for at in ("child", "adult"))
        now = what.decided >= days(date.fromisoformat(entry["since"]))
        matrix = np.where(now, np.where(who.child, child, adult), matrix).astype(np.uint8)
    # The children's matrix of 2013 ends at 4; in that of 2023, 3 is already a youth caution.
    high = draw.number(given.mix("gravity.score_high"))
    high = np.where(matrix == columns.code("gravity.matrix", "acpo_youth_2013"), 4, high)
    usual = draw.number(given.mix("gravity.score"))
    newer = matrix == columns.code("gravity.matrix", "npcc_child_2023")
    usual = np.where(newer, np.minimum(usual, 2), usual)
    facts["gravity.matrix"] = matrix
    facts["gravity.score"] = np.where(done.is_("excluded_offence"), high, usual).astype(np.int32)
    facts["gravity.aggravating"] = draw.number(given.mix("gravity.aggravating"))
    facts["gravity.mitigating"] = draw.number(given.mix("gravity.mitigating"))
    facts.make_absent("gravity.score", ~what.crime | draw.chance(given.share("gravity.no_row")))


def _days_before(draw: Draw, given: Parameters, like: Flags) -> Whole:
    usual = draw.between(*given.between("earlier.days"), like.shape)
    recent = draw.between(*given.between("earlier.repeat_days"), like.shape)
    return np.where(like, recent, usual)


def _earlier_kinds(draw: Draw, given: Parameters, like: Flags, day: Whole) -> Codes:
    repeated = draw.choice(KIND, given.mix("earlier.repeat_kind"), like.shape)
    kind = np.where(like, repeated, draw.choice(KIND, given.mix("earlier.kind"), like.shape))
    diverted = kind == columns.code(KIND, "diversion")
    early = diverted & (day < given.day("earlier.outcome_22"))
    return np.where(early, np.uint8(columns.code(KIND, "community_resolution")), kind)


def _earlier_codes(
    draw: Draw, given: Parameters, what: Offences, like: Flags, day: Whole
) -> Places:
    known = table(given)
    weights = known.shares.sum(axis=0) * ~known.column("excluded", False).astype(np.bool_)
    other = draw.place(weights, like.shape)
    # One of the same offence would be a repeat that nobody planted: take its neighbour.
    other = np.where(other == what.offence, (other + 1) % len(known.rows), other)
    offence = np.where(like, what.offence, other)
    early = day < given.day("code.burglary_since")
    return np.where(early, known.before[offence], known.own[offence])
