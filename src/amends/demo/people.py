"""The invented suspects and victims of a chunk of records."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.demo import columns
from amends.demo.drawing import Codes, Draw, Flags, Floats, Whole
from amends.demo.facts import Facts
from amends.demo.offending import Offences, likely, table
from amends.demo.parameters import Parameters

MOST_VICTIMS = columns.LISTS["victims"]


@dataclass(frozen=True, slots=True)
class People:
    """Who was concerned in each row; ages in years on the day of the offence."""

    age: Whole
    child: Flags
    victims: NDArray[np.int8]
    victim_person: Flags  # a row to each place in the list
    domestic: Flags
    partner: Flags  # and the suspect is or was an intimate partner


def invent_people(draw: Draw, given: Parameters, what: Offences, facts: Facts) -> People:
    """Suspects and victims fitting the offences, and the facts about them never planted."""
    age = _ages(draw, given, what)
    facts["offender.age"] = age
    facts["offender.sex"] = draw.choice("offender.sex", given.mix("offender.sex"))
    facts["offender.ethnicity"] = draw.choice("offender.ethnicity", given.mix("offender.ethnicity"))
    kind = _victim_kinds(draw, given, what)
    count = (kind > 0).sum(axis=0).astype(np.int8)
    person = kind == columns.code("victims.kind", "person")
    facts["victims"] = count
    facts["victims.kind"] = kind
    facts["victims.age"] = _victim_ages(draw, given, what, age, person)
    facts.make_absent("victims.age", (kind > 0) & ~person)
    domestic, partner = _relationships(draw, given, what, age, person, facts)
    return People(age, age < 18, count, person, domestic, partner)


def _ages(draw: Draw, given: Parameters, what: Offences) -> Whole:
    days, shares = given.line("offender.youth")
    usual = np.interp(what.decided, days, shares)
    own = table(given).column("youth", np.nan)
    # Where an offence has a share of its own, the others make up for it: the whole is as published.
    special, expected = ~np.isnan(own), likely(given)
    usual = (usual - expected[special] @ own[special]) / (1 - expected[special].sum())
    share = np.where(special[what.offence], own[what.offence], usual)
    child = draw.chance(share.astype(np.float32))
    young = draw.number(given.mix("offender.youth_age"))
    return np.where(child, young, draw.number(given.mix("offender.adult_age")))


def _victim_kinds(draw: Draw, given: Parameters, what: Offences) -> Codes:
    profiles = list(given.tables["victims_of"])
    of_offence = np.array([profiles.index(row["victims"]) for row in table(given).rows])
    profile = of_offence[what.offence]
    kind = np.zeros((MOST_VICTIMS, draw.size), dtype=np.uint8)
    for place, name in enumerate(profiles):
        where = profile == place
        mix = given.mix(f"victims_of.{name}")
        codes = [0 if k == "nobody" else columns.code("victims.kind", k) for k in mix]
        drawn = draw.place(mix.values(), int(where.sum()))
        kind[0, where] = np.array(codes, dtype=np.uint8)[drawn]
    person = columns.code("victims.kind", "person")
    number = draw.number(given.mix("victim.more"))
    for place in range(1, MOST_VICTIMS):
        kind[place] = np.where((kind[0] == person) & (number > place), person, 0)
    return kind


def _victim_ages(draw: Draw, given: Parameters, what: Offences, age: Whole, person: Flags) -> Whole:
    shape = person.shape
    drawn = draw.number(given.mix("victim.age"), shape)
    peer = draw.chance(given.share("victim.peer"), shape) & (age < 18)
    drawn = np.where(peer, np.clip(age + draw.between(-2, 2, shape), 5, None), drawn)
    ranges = [row.get("victim_age", (0, 120)) for row in table(given).rows]
    least, greatest = (np.array(end)[what.offence] for end in zip(*ranges, strict=True))
    within = (least + np.floor(draw.share(shape) * (greatest - least + 1))).astype(np.int32)
    fits = (least <= drawn) & (drawn <= greatest)
    return np.where(person, np.where(fits, drawn, within), 0).astype(np.int32)


def _relationships(
    draw: Draw, given: Parameters, what: Offences, age: Whole, person: Flags, facts: Facts
) -> tuple[Flags, Flags]:
    domestic = draw.chance(_domestic_shares(given)[what.offence]) & person[0] & what.crime
    close = draw.choice("flags.relationship", given.mix("domestic.relationship"))
    family = columns.code("flags.relationship", "other_family")
    young = np.minimum(age, np.where(person[0], facts["victims.age"][0], 120)) < 16
    close = np.where(young, family, close)
    related = draw.chance(given.share("domestic.family_only")) & person[0]
    other = np.where(related, family, columns.code("flags.relationship", "not_related"))
    facts["flags.relationship"] = np.where(domestic, close, other).astype(np.uint8)
    facts["flags.domestic_abuse"] = domestic
    return domestic, domestic & (close != family)


def _domestic_shares(given: Parameters) -> Floats:
    # Scaled so that the share of all rows is the published one, whatever the mix of offences.
    known = table(given)
    weight = known.column("domestic", 0).astype(np.float64)
    people = np.array([_first_is_person(given, row["victims"]) for row in known.rows])
    scale = given.share("domestic.share") / float(likely(given) @ (weight * people))
    return np.minimum(weight * scale, 1).astype(np.float32)


def _first_is_person(given: Parameters, profile: str) -> float:
    mix = given.mix(f"victims_of.{profile}")
    return mix.get("person", 0.0) / sum(mix.values())
