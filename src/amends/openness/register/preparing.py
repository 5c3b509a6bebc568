"""What an event of a request holds, checked before it is kept: estimates are reckoned, figures never typed."""

import datetime as dt
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
from amends.openness.register.models import Request
from amends.openness.register.reading import Standing, costed, standings

MOST_RECORDS: Final = 100_000_000
Given = Mapping[str, Any]


def prepared(now: Standing, kind: str, on: dt.date, data: Given) -> dict[str, Any]:
    """What is kept of *data*; Refused, in a whole sentence, where something of it is wrong."""
    make = _KINDS.get(kind)
    try:
        return {} if make is None else make(now, on, data)
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
        "because": texts.text(str(data.get("because", "")), "because"),
        "public_interest": texts.text(
            str(data.get("public_interest", "")), "public_interest", needed=False
        ),
    }


def _dropped(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    return {"section": str(data.get("section", ""))}


def _drafted(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    held = str(data.get("holding", ""))
    if held not in set(Holding):
        raise Refused("REG-HOLDING", "Say whether the information is held: choose one.")
    made: dict[str, Any] = {"holding": held}
    for name, most in (("title", 120), ("restated", 2000), ("letter", 5000)):
        made[name] = texts.text(str(data.get(name, "")), name, most=most)
        check_typed(name, made[name])
    folder = str(data.get("folder", ""))
    if folder:
        made |= {"folder": folder, "digest": answers.digest(folder)}
    return made


def _estimated(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    work = [_work(one) for one in data.get("work", ())]
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


def _work(one: Given) -> dict[str, Any]:
    records, minutes = int(one["records"]), Fraction(str(one["minutes"]))
    if not 0 <= records <= MOST_RECORDS:
        raise Refused("REG-WORK", f"{records}: Records are 0 to {MOST_RECORDS:,}.")
    asked = texts.text(str(one["asked"]), "asked", most=300)
    why = texts.text(str(one.get("why", "")), "why", most=300, needed=False)
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


def _commissioner(now: Standing, on: dt.date, data: Given) -> dict[str, Any]:
    return {"notice": texts.text(str(data.get("notice", "")), "notice")}


_KINDS: Final[Mapping[str, Callable[[Standing, dt.date, Given], dict[str, Any]]]] = {
    "asked": _asked, "fees notice": _fees_notice, "extended": _extended, "claimed": _claimed,
    "dropped": _dropped, "drafted": _drafted, "estimated": _estimated, "review asked": _review_asked,
    "commissioner decided": _commissioner,
}  # fmt: skip
