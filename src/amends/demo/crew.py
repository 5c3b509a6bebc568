"""The people of an invented force: every role of the permission table, and names that are nobody's."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from amends.accounts.models import Delegation, Force, GradeHeld, RankHeld, RoleHeld, User
from amends.accounts.permissions import table
from amends.ledger import book

SLUG: Final = "avon-and-somerset"
"""The force whose published policy the invented one goes by, as the invented history does."""
NAME: Final = "Avon and Somerset (invented people and cases)"
SINCE: Final = dt.date(2010, 1, 1)
OFFICERS: Final = 6
FIRST: Final = (
    "Ada", "Bram", "Cerys", "Dev", "Elin", "Femi", "Gwen", "Hari", "Ines", "Jago", "Kofi", "Lowri",
    "Mina", "Noor", "Owain", "Priya", "Quin", "Rhys", "Sena", "Tomos", "Uma", "Vikram", "Wren",
)  # fmt: skip
LAST: Final = ("Inventedperson", "Inventedson", "Inventedton", "Madeup", "Pretend", "Sampleton")
"""Family names that say what they are; victims and suspects have others."""
_RANKED: Final = {
    "sergeant": ("supervisor", "authoriser"),
    "inspector": ("supervisor", "authoriser"),
    "superintendent": ("supervisor", "authoriser"),
}


@dataclass(frozen=True)
class People:
    """The force and its people by what they are: `constable_1`, `sergeant`, `victim_care` and so on."""

    force: Force
    by_name: dict[str, User]

    def officers(self) -> list[User]:
        """The constables, who hold the cases."""
        return [self.by_name[f"constable_{n}"] for n in range(1, OFFICERS + 1)]


def invent_people(seed: int) -> People:
    """Make the invented force and its people, with nobody able to sign in yet. One transaction, in the ledger."""
    draw = random.Random(seed)
    with transaction.atomic():
        force = Force.objects.create(slug=SLUG, name=NAME, invented=True)
        made = {name: _person(force, name, draw) for name in _names()}
        for name, user in made.items():
            _hold(user, name)
        Delegation.objects.create(
            force=force, grade="pcso", rank="constable", starts=SINCE, source="Invented order 1"
        )
        book.enter(
            force=SLUG, case=None, kind="accounts.open", by=made["administrator"].pseudonym,
            payload={"invented": True, "seed": seed, "people": len(made)},
        )  # fmt: skip
    return People(force, made)


def _names() -> list[str]:
    # A party acts by a link, and is nobody who works here.
    others = ("officer", "supervisor", "authoriser", "party")
    roles = [role for role in table().roles if role not in others]
    return [*(f"constable_{n}" for n in range(1, OFFICERS + 1)), "pcso", *_RANKED, *roles]


def _person(force: Force, name: str, draw: random.Random) -> User:
    user = User(
        username=f"invented.{name}", force=force, first_name=draw.choice(FIRST),
        last_name=draw.choice(LAST), pseudonym=f"u-{draw.getrandbits(64):016x}",
    )  # fmt: skip
    user.set_unusable_password()
    user.save()
    return user


def _hold(user: User, name: str) -> None:
    rank = "constable" if name.startswith("constable") else name if name in _RANKED else None
    roles = _RANKED.get(name, ("officer",) if rank or name == "pcso" else (name,))
    for role in roles:
        RoleHeld.objects.create(user=user, role=role, starts=SINCE)
    if rank:
        RankHeld.objects.create(user=user, rank=rank, starts=SINCE)
    if name == "pcso":
        GradeHeld.objects.create(user=user, grade="pcso", starts=SINCE)
