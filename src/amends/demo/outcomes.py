"""How an invented case was resolved: the views, who allowed it, what was agreed and recorded."""

import numpy as np

from amends.demo import columns
from amends.demo.drawing import Draw, Flags
from amends.demo.facts import Facts
from amends.demo.offending import Offences
from amends.demo.parameters import Parameters
from amends.demo.people import MOST_VICTIMS, People
from amends.demo.planting import Planted, one_victim


def set_views(draw: Draw, given: Parameters, who: People, done: Planted, facts: Facts) -> None:
    """Every victim was asked and consents, but for the one of whom something else is planted."""
    there = np.arange(MOST_VICTIMS)[:, None] < who.victims
    planted = {
        cause: one_victim(draw, who.victims, MOST_VICTIMS, done.is_(cause))
        for cause in ("victim_not_asked", "victim_disagrees", "victim_silent")
    }
    not_asked = planted["victim_not_asked"]
    position = np.where(there, columns.code("victims.position", "agree"), 0)
    position[not_asked] = 0  # silence is not consent: not known
    position[planted["victim_disagrees"]] = columns.code("victims.position", "disagree")
    silent = draw.choice("victims.position", given.mix("planted.silent"), there.shape)
    position = np.where(planted["victim_silent"], silent, position).astype(np.uint8)
    facts["victims.contact_made"] = ~not_asked
    facts["victims.position"] = position
    facts["victims.informed_consent"] = position == columns.code("victims.position", "agree")


def set_authority(draw: Draw, given: Parameters, done: Planted, facts: Facts) -> None:
    """Who in fact allowed it."""
    high = draw.choice("authority.rank", given.mix("authority.rank"))
    low = draw.choice("authority.rank", given.mix("planted.rank"))
    facts["authority.rank"] = np.where(done.is_("wrong_rank"), low, high).astype(np.uint8)


def set_resolution(
    draw: Draw, given: Parameters, what: Offences, who: People, facts: Facts
) -> None:
    """How it was delivered, what was agreed, and by when."""
    deferred = draw.chance(given.share("resolution.deferred"))
    forms = [columns.code("resolution.delivery", form) for form in ("deferred", "street")]
    facts["resolution.delivery"] = np.where(deferred, *forms).astype(np.uint8)
    process = draw.choice("resolution.restorative_process", given.mix("resolution.process"))
    restorative = process != columns.code("resolution.restorative_process", "none")
    facts["resolution.restorative_process"] = process
    met = draw.chance(given.share("resolution.standards"))
    facts["resolution.restorative_standards_met"] = restorative & met
    facts["resolution.last_action_due"] = what.decided + draw.between(
        *given.between("resolution.due")
    )
    facts.make_absent("resolution.last_action_due", ~deferred)
    usual = draw.choice("resolution.action", given.mix("resolution.action"))
    domestic = draw.choice("resolution.action", given.mix("resolution.action_domestic"))
    facts["resolution.action"] = np.where(who.domestic, domestic, usual)


def set_remedy(draw: Draw, given: Parameters, what: Offences, who: People, facts: Facts) -> None:
    """What the victim chose from the community remedy document, since there is one."""
    too_early = what.decided < given.day("remedy.since")
    asked = draw.chance(given.share("remedy.asked")) & (who.victims > 0)
    invited = asked & draw.chance(given.share("remedy.invited"))
    facts["remedy.asked_for_listed_action"] = asked
    facts["remedy.listed_action_invited"] = invited
    facts["recorded.remedy_choice"] = who.victims > 0
    facts["recorded.remedy_reason"] = asked & ~invited
    for name in ("remedy.asked_for_listed_action", "remedy.listed_action_invited"):
        facts.forget(name, too_early)
    for name in ("recorded.remedy_choice", "recorded.remedy_reason"):
        facts.forget(name, too_early)


def set_records(
    draw: Draw, given: Parameters, what: Offences, who: People, done: Planted, facts: Facts
) -> None:
    """What the file holds: all that the policy of the time asks for, but where that is planted."""
    reasons = ~done.is_("no_rationale", "excluded_offence", "intimate_partner")
    full = what.sexual | draw.chance(given.share("recorded.full_rationale"))
    facts["recorded.admission"] = ~done.is_("no_admission")
    facts["recorded.history_check"] = ~done.is_("repeat")
    facts["recorded.offender_agreement"] = np.ones(draw.size, dtype=np.bool_)
    facts["recorded.appropriate_adult"] = facts["offender.appropriate_adult"].astype(np.bool_)
    facts["recorded.rationale"] = reasons
    facts["recorded.full_rationale"] = full & reasons
    facts["recorded.panel_referral"] = facts["offence.serious_sexual"].astype(np.bool_)
    facts["recorded.supervisor_consulted"] = draw.chance(given.share("recorded.supervisor"))
    street = facts["resolution.delivery"] == columns.code("resolution.delivery", "street")
    proof = given.mix("recorded.completion")
    share = np.where(street, np.float32(proof["street"]), np.float32(proof["deferred"]))
    facts["recorded.completion"] = draw.chance(share)
    _victim_records(who.victims > 0, done, facts)


def _victim_records(some: Flags, done: Planted, facts: Facts) -> None:
    not_asked = done.is_("victim_not_asked")
    refused = done.is_("victim_disagrees", "victim_silent")
    facts["recorded.victim_contact"] = some & ~not_asked
    facts["recorded.victim_views"] = some & ~not_asked
    facts["recorded.victim_consent"] = some & ~not_asked & ~refused
