"""Redaction: what a panel, a requester or the public may see of a text, and who answered for it."""

from amends.disclosure.redaction.canaries import Canary, canaries, plant, released_canaries
from amends.disclosure.redaction.issuing import Issued, NotIssued, issue
from amends.disclosure.redaction.parties import Case, Party, read_case
from amends.disclosure.redaction.proposing import Proposal, propose
from amends.disclosure.redaction.rare import Rare, rare_combinations
from amends.disclosure.redaction.reviewing import Decision, Review, Signature, Tick
from amends.disclosure.redaction.spans import Span

__all__ = [
    "Canary",
    "Case",
    "Decision",
    "Issued",
    "NotIssued",
    "Party",
    "Proposal",
    "Rare",
    "Review",
    "Signature",
    "Span",
    "Tick",
    "canaries",
    "issue",
    "plant",
    "propose",
    "rare_combinations",
    "read_case",
    "released_canaries",
]
