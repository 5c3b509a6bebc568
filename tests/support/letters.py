"""What fills a letter to invented people."""

import datetime as dt

from amends.notices.letters import template

DAY = dt.date(2026, 3, 2)
WORDS = {
    "name": "Ann Invented", "case": "INV/1", "crime": "your gate was broken", "officer": "Sam Invented",
    "contact": "01234 567890", "offence": "a broken gate", "reasons": "You asked for it.",
    "proposed": ["mend the gate", "say sorry"], "actions": ["mend the gate", "say sorry"],
    "link": "https://amends.invented/link/kZ0-invented_invented_invented/", "until": DAY,
    "reply_by": DAY, "finish_by": DAY, "agreed_on": DAY, "said_on": DAY,
}  # fmt: skip


def filled(kind, **other):
    """Something in every hole of the letter *kind*; *other* in its place or beside it."""
    found = template(kind, "en")
    values = {name: WORDS[name] for name in found.holes - set(found.choices)}
    return {**values, **{name: next(iter(of)) for name, of in found.choices.items()}, **other}
