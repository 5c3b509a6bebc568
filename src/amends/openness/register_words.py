"""The words of the register: kinds of event, outcomes, the days of this office, and what is to be done next."""

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, str]] = {
    "received": "The request was received",
    "titled": "Its short title was changed",
    "acknowledged": "The request was acknowledged and given to somebody",
    "asked": "The requester was asked what is wanted",
    "clarified": "The requester made clear what is wanted",
    "fees notice": "A fees notice was given",
    "paid": "The fee was paid",
    "refined": "A refined request took its place",
    "estimated": "The cost was estimated",
    "scoped": "A saved question was chosen that answers it",
    "claimed": "A reason to refuse was recorded",
    "dropped": "A reason to refuse was taken back",
    "extended": "More time was taken for the public interest",
    "drafted": "The answer was drafted",
    "cleared": "The draft was cleared",
    "sent": "The answer was sent",
    "published": "The answer was put in the disclosure log",
    "review asked": "An internal review was asked for",
    "review decided": "The internal review was decided",
    "complained": "The Information Commissioner was asked to decide",
    "commissioner decided": "The Information Commissioner decided",
    "appealed": "The Tribunal was asked to decide",
    "tribunal decided": "The Tribunal decided",
    "withdrawal asked": "Somebody wanted an answer taken back from the disclosure log",
    "withdrawal dropped": "Whoever wanted the answer taken back wants it no more",
    "withdrawn": "The answer was taken back from the disclosure log",
}
"""Every kind of event, in words."""
CLOCK: Final = ("asked", "clarified", "fees notice", "paid", "extended")
"""Those that move the clock."""
COST: Final = ("12(1)", "12(2)")
CLEARERS: Final = 2
"""People who clear a draft before it is sent: two different ones, so that nobody sends what they alone have read."""
OUTCOMES: Final = ("upheld", "partly upheld", "not upheld")
RULINGS: Final = (*OUTCOMES, "settled without a decision")
ACKNOWLEDGE: Final = 3
"""Working days in which a request is acknowledged and given to somebody: a habit of good practice, not the law."""
DRAFT: Final = 10
"""Working days in which an answer is drafted, so that ten are left to check it: likewise."""
TAKE_BACK: Final = "to be taken back from the log"
"""The state of a request of which an answer waits for the second person who takes it back."""
NEXT: Final[Mapping[str, str]] = {
    "to be answered": "Find what was asked for, and draft the answer.",
    "to be cleared": "Two people clear the draft.",
    "to be cleared by a second person": "A second person clears the draft.",
    "to be sent": "Send the answer.",
    "waiting for the requester": "The requester makes clear what is wanted.",
    "waiting for the fee": "The requester pays the fee.",
    "answered": "Put the answer in the disclosure log.",
    TAKE_BACK: "A second person takes the answer back from the disclosure log.",
    "under internal review": "Somebody who had no part in the answer decides the review.",
    "before the Information Commissioner": "Wait for what the Commissioner decides.",
    "before the Tribunal": "Wait for what the Tribunal decides.",
}
"""What is to be done next, by the state of a request."""
