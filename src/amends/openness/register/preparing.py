"""What an event of a request holds, checked before it is kept: estimates are reckoned, figures never typed."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from amends.accounts.refusals import Refused
from amends.cases import texts
from amends.disclosure.errors import DisclosureError
from amends.openness import clock, cost
from amends.openness.aggregating import near_enough
from amends.openness.exemptions import NoLaw, ground
from amends.openness.publishing.about import check_typed
from amends.openness.refusing import Holding
from amends.openness.register import answers
from amends.openness.register.models import LogEntry, Request
from amends.openness.register.nobody_named import TYPED
from amends.openness.register.reading import Standing, costed, standings
from amends.openness.register.saved import saved

MOST_RECORDS: Final = 100_000_000
MOST_SUBJECT: Final = 80
"""Letters of a short title: one line of the queue."""
ROUNDED: Final = 10
"""To which the records of an estimate are rounded: it is told, and its counts went through no gate."""
_NO_NUMBERS: Final = (
    "Leave it out: figures go with the answer as a folder. Years, days and sections may be written."
)
_REFERENCE: Final = re.compile(r"\bFOI-\d{4}-\d{4}\b")
Given = Mapping[str, Any]


def prepared(now: Standing, kind: str, on: dt.date, data: Given) -> dict[str, Any]:
    """What is kept of *data*; Refused, in a whole sentence, where something of it is wrong."""
    make = _KINDS.get(kind)
    return {} if make is None else _refusing(lambda: make(now, on, data))


def prepared_subject(data: Given) -> dict[str, str]:
    """The short title of a request that is not there yet; Refused where something is wrong with it."""
    return _refusing(lambda: _titled(None, None, data))


def _refusing(make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return make()
    except texts.BadValue as error:
        raise Refused(error.code, error.sentence) from None
    except (NoLaw, cost.NoEstimate, clock.OutsideCalendar) as error:
        raise Refused("REG-LAW", str(error)) from None
    except DisclosureError as error:
        raise Refused("REG-TYPED", str(error)) from None


def _asked(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    return {"question": texts.text(str(data.get("question", "")), "question")}


def _fees_notice(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    pence = data.get("pence")
    if not isinstance(pence, int) or pence <= 0:
        raise Refused("REG-FEE", "Say how much is asked for, as pounds above nought.")
    return {"pence": pence}


def _extended(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    section = str(data.get("exemption", ""))
    if ground(section, on).kind in ("absolute", "limit"):
        told = f"Section {section} asks for no weighing of the public interest, so it gives no more time."
        raise Refused("REG-EXTEND", told)
    if section not in now.life.claims:
        raise Refused("REG-EXTEND", f"Record first why section {section} applies.")
    return {"days": int(data.get("days", 0)), "exemption": f"section {section}"}


def _claimed(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    section = str(data.get("section", ""))
    ground(section, on)
    return {
        "section": section,
        "because": _going_out(now, data, "because"),
        "public_interest": _going_out(now, data, "public_interest", needed=False),
    }


def _going_out(
    now: Standing | None, data: Given, name: str, *, most: int = 5000, needed: bool = True
) -> str:
    """A text that goes out with the answer: it has no figure that is typed. References of requests are none."""
    told = texts.text(str(data.get(name, "")), name, most=most, needed=needed)
    there = _references(now, told)
    try:
        check_typed(name, _REFERENCE.sub(lambda one: "" if one[0] in there else one[0], told))
    except DisclosureError as error:
        where = f"{TYPED[name].capitalize()}: it " if name in TYPED else ""
        raise Refused("REG-TYPED", f"{where}{error.wrong}. {_NO_NUMBERS}") from None
    return told


def _references(now: Standing | None, told: str) -> set[str]:
    """The references of requests to the force that stand in *told*; none where nothing was received yet."""
    named = _REFERENCE.findall(told) if now else []
    if now is None or not named:
        return set()
    own = Request.objects.filter(force=now.row.force_id, reference__in=named)
    return set(own.values_list("reference", flat=True))


def _scoped(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    chosen = str(data.get("question", ""))
    if chosen not in saved():
        raise Refused("REG-QUESTION", f"There is no saved question {chosen!r}: choose one listed.")
    return {"question": chosen}


def _titled(now: Standing | None, on: dt.date | None, data: Given) -> dict[str, Any]:
    """The short title of a request: what it is about, in one line, without a figure that is typed."""
    told = _going_out(now, data, "subject", most=MOST_SUBJECT)
    return {"subject": " ".join(told.split())}


def _dropped(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    return {"section": str(data.get("section", ""))}


def _drafted(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    held = str(data.get("holding", ""))
    if held not in set(Holding):
        raise Refused("REG-HOLDING", "Say whether the information is held: choose one.")
    made: dict[str, Any] = {"holding": held}
    for name, most in (("title", 120), ("restated", 2000), ("letter", 5000)):
        made[name] = _going_out(now, data, name, most=most)
    folder = str(data.get("folder", ""))
    return made | _with_figures(folder, now.row.force_id) if folder else made


def _with_figures(folder: str, force: str) -> dict[str, Any]:
    """What goes out of a folder: its digest, and the letter of an answer as it stands there, figures and all."""
    made = {"folder": folder, "digest": answers.digest(folder)}
    answers.check_attached(folder, force)
    found = answers.ready(folder)
    return made if found is None else {**made, "figures": found.letter}


def _estimated(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    work = [_work(now, one) for one in data.get("work", ())]
    if not work:
        raise Refused("REG-WORK", "Say what has to be read, and how many records.")
    own = {"work": work}
    others = _others(now.row, data.get("added", ()))
    added = tuple(costed(row, held) for row, held in others)
    asked = costed(now.row, own)
    near = near_enough(asked, added)
    far = [one.reference for one in added if one not in near]
    if far:
        told = f"{', '.join(far)}: received too long before or after to be added up."
        raise Refused("REG-FAR", told)
    made = cost.estimate(asked, near)
    return {
        **own, "added": [one.reference for one in near], "too_much": made.too_much,
        "told": list(made.sentences()),
    }  # fmt: skip


def _work(now: Standing, one: Given) -> dict[str, Any]:
    records, minutes = int(one["records"]), Fraction(str(one["minutes"]))
    if not 0 <= records <= MOST_RECORDS:
        raise Refused("REG-WORK", f"{records}: Records are 0 to {MOST_RECORDS:,}.")
    if records % ROUNDED:
        told = f"{records}: Round the records to {ROUNDED}: the estimate goes out, and an exact count may tell much."
        raise Refused("REG-ROUND", told)
    asked = _going_out(now, one, "asked", most=300)
    why = _going_out(now, one, "why", most=300, needed=False)
    return {"asked": asked, "records": records, "minutes": str(minutes), "why": why}


def _others(row: Request, wanted: Sequence[str]) -> list[tuple[Request, Given]]:
    """The requests by their references, each with its last estimate."""
    rows = Request.objects.filter(force=row.force_id, reference__in=list(wanted))
    found = {one.row.reference: one for one in standings(rows.exclude(pk=row.pk))}
    held = []
    for name in dict.fromkeys(wanted):
        if name not in found:
            raise Refused("REG-ADDED", f"There is no other request {name}.")
        estimate = found[name].life.estimate
        if estimate is None:
            raise Refused("REG-ADDED", f"Estimate {name} first: what it costs is not known.")
        held.append((found[name].row, estimate))
    return held


def _review_asked(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    return {"exceptional": bool(data.get("exceptional", False))}


def _ruled(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    by = data.get("answer_by")
    return {
        "outcome": str(data.get("outcome", "")), "notice": texts.text(str(data.get("notice", "")), "notice"),
        "answer_by": by.isoformat() if isinstance(by, dt.date) else "",
    }  # fmt: skip


def _acknowledged(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    return {"given_to": texts.text(str(data.get("given_to", "")), "given_to", most=120)}


def _withdrawal_asked(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    names = list(
        LogEntry.objects.filter(request=now.row).order_by("pk").values_list("name", flat=True)
    )
    wanted = str(data.get("entry", ""))
    if wanted not in names:
        raise Refused(
            "REG-ENTRY", f"{wanted!r} is no answer to this request in the disclosure log."
        )
    number = names.index(wanted) + 1
    return {"entry": wanted, "number": number, "reason": _going_out(now, data, "reason", most=2000)}


_KINDS: Final[Mapping[str, Callable[[Standing, dt.date, Given], dict[str, Any]]]] = {
    "asked": _asked, "fees notice": _fees_notice, "extended": _extended, "claimed": _claimed,
    "scoped": _scoped, "dropped": _dropped, "drafted": _drafted, "estimated": _estimated, "review asked": _review_asked,
    "commissioner decided": _ruled, "tribunal decided": _ruled, "acknowledged": _acknowledged,
    "withdrawal asked": _withdrawal_asked, "titled": _titled,
}  # fmt: skip
