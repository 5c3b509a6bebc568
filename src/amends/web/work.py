"""What somebody of each role does here: a sentence for a page of work on which nothing waits."""

from typing import Final

WORK: Final = {
    "officer": "Raise a case, or settle something at the scene. What is asked of you, or late, will stand here.",
    "supervisor": "Officers' questions, breaches to decide on and reviews to answer will stand here.",
    "authoriser": "Cases that you are asked to allow will stand here. Nobody waits for you now.",
    "facilitator": "Cases in which you are given a task will stand here: an officer gives it to you by name.",
    "volunteer_facilitator": (
        "Only cases in which you are given a task will stand here: an officer gives it to you by name."
    ),
    "victim_care": "Find a victim's case by its reference, or by a name. Tasks that you are given will stand here.",
    "youth_justice": "Cases of children in which you are asked for your view will stand here: you see no others.",
    "panel_member": "You see no case here. What your panel reads is drawn and redacted first, and brought to you.",
    "panel_secretary": (
        "A case is shown to you once it is drawn for your panel. To redact what the panel reads, use the program: "
        "amends redact. It asks about every word that it does not know to be harmless."
    ),
    "disclosure_officer": (
        "Requests for information that are due will stand here, the nearest day first. "
        "A case is shown to you only under a request. To answer with figures, use the program: amends answer "
        "makes the letter with its tables, and withholds what would point to somebody; amends attach brings it to a "
        "request. "
        "To hide names in texts: amends redact."
    ),
    "records_manager": "Closed cases whose time has come, and those for which no time is set, will stand here.",
    "auditor": "You may read every case, and change nothing. Begin with Cases or Search; you are asked why you look.",
    "administrator": "You see no case. Open accounts, and give roles and ranks, on the page of people.",
}
"""By role; whoever acts by a link has no such page."""
NO_ROLE: Final = (
    "You hold no role yet, so there is nothing here for you to see. Ask whoever runs the accounts of your force to "
    "give you one."
)


def work_of(roles: list[str]) -> list[str]:
    """What somebody with these *roles* does here, a sentence for each."""
    return [WORK[role] for role in roles if role in WORK] or [NO_ROLE]
