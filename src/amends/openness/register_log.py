"""What the disclosure log says of a request: what two people cleared, and nothing else."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from amends.openness.refusing import sentences
from amends.openness.register_events import Life
from amends.openness.register_words import COST

SAYS: Final = ("title", "asked", "held", "answer", "refusal", "question", "folder", "digest")


def notice_of(life: Life) -> tuple[str, ...]:
    """What goes out beside the letter where something is refused: the cost, the reasons, where to complain."""
    if life.draft is None or life.holding is None or not life.claims:
        return ()
    cost = (life.estimate or {}).get("told", []) if set(life.claims) & set(COST) else []
    return (*cost, *sentences(life.holding, list(life.claims.values()), life.draft.on))


def entry_of(life: Life) -> dict[str, str]:
    """What the log says, by the names in `SAYS`; ValueError where nothing is drafted."""
    if life.draft is None:
        raise ValueError("Nothing is drafted that the log could say.")
    told = life.draft.data
    parts = (told["letter"], told.get("figures", ""))
    return {
        "title": told["title"], "asked": told["restated"], "held": told["holding"],
        "answer": "\n\n".join(one for one in parts if one), "refusal": "\n".join(notice_of(life)),
        "question": life.question, "folder": told.get("folder", ""), "digest": told.get("digest", ""),
    }  # fmt: skip


def said_of(life: Life) -> list[dict[str, str]]:
    """What people typed of what the log says: the draft, and each reason to refuse."""
    draft = {} if life.draft is None else life.draft.data
    typed = {name: str(draft[name]) for name in ("title", "restated", "letter") if name in draft}
    reasons = [
        {"because": one.because, "public_interest": one.public_interest} for one in life.claims.values()
    ]  # fmt: skip
    return [typed, *reasons]


def seal(entry: Mapping[str, str]) -> str:
    """SHA-256 of what the log says."""
    return hashlib.sha256(json.dumps(dict(entry), sort_keys=True).encode()).hexdigest()


def looked_for(entry: Mapping[str, str]) -> str:
    """All that a search of the log looks through, in small letters."""
    return "\n".join(entry[name] for name in ("title", "asked", "answer", "refusal")).casefold()
