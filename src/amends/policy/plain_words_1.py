"""Format 1 of a decision in plain words, for a constable and an Inspector.

Frozen: no word here changes, or old decisions would read differently. It reads the document only.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

Part = Mapping[str, Any]

WIDTH: Final = 88
MOST_GROUPS: Final = 6

_WHO: Final = {
    "officer": "an officer",
    "sergeant": "a Sergeant",
    "inspector": "an Inspector",
    "superintendent": "a Superintendent",
    "nobody": "nobody",
}
_STRICTNESS: Final = tuple(_WHO)
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
GUARD: Final = (
    "Nobody may be asked, led or encouraged to admit an offence so that this can be allowed. "
    "A victim's view is the victim's own: ask for it, and never press for another."
)
_WHOSE: Final = {
    "do": "Work still to be done, and only if it is truly done",
    "theirs": "A free choice of the person concerned, who must not be pressed",
}


def render(document: Part) -> str:
    """The *document* in plain words: the answer first, then why, and what is still to be done."""
    sections = (
        _opening(document),
        _why(document),
        _missing(document),
        _opens(document),
        _records(document),
        _advice(document),
        _others(document),
        _known(document),
        _policies(document),
        _closing(document),
    )
    return "\n".join(line for section in map(list, sections) if section for line in (*section, ""))


# --- the sections ---------------------------------------------------------------------------------


def _opening(document: Part) -> Iterator[str]:
    yield from _wrapped(_answer(document))
    yield ""
    place = f"Force: {_title(document['force'])}. " if document["force"] else ""
    known = document["known_on"]
    seen = f" Policies as known on {_day(known)}." if known else ""
    yield from _wrapped(f"{place}Day of the decision: {_day(document['on'])}.{seen}")
    if document["trial"]:
        yield from _wrapped(f"TRIAL, NOT A DECISION: {' '.join(document['trial'])}")
    if document["illustrative"]:
        yield from _wrapped(
            f"ILLUSTRATIVE: {_made_up(document)} No source for it was read; do not rely on it."
        )


def _answer(document: Part) -> str:
    if document["answer"] != "not_yet_known":
        who = _WHO[document["answer"]]
        return f"{who[0].upper()}{who[1:]} may allow this."
    questions = " ".join(_question(document, name) for name in document["missing"][0])
    return f"Not yet known. First find out: {questions}"


def _made_up(document: Part) -> str:
    parts = [one["id"] for one in document["policies"] if one["confidence"] == "illustrative"]
    parts += [one["rule"] for one in document["findings"] if one["confidence"] == "illustrative"]
    if document["facts"].get("gravity.matrix") == "illustrative":
        parts.append("the gravity matrix")
    if document["offence"] and document["offence"]["confidence"] == "illustrative":
        parts.append("the place of the offence in the offence table")
    return f"made up, and not published: {', '.join(dict.fromkeys(parts))}."


def _why(document: Part) -> Iterator[str]:
    yield "WHY"
    standing = [one for one in document["findings"] if one["stands"]]
    raised = [one for one in standing if one["state"] == "raised"]
    strictest_first = sorted(raised, key=lambda one: -_STRICTNESS.index(one["allow"]))
    for number, finding in enumerate(strictest_first, 1):
        yield from _reason(f"{number}. ", finding)
    unknown = [one for one in standing if one["state"] == "unknown"]
    if not standing:
        yield from _wrapped(
            f"No rule was found to ask for more than {_WHO[document['otherwise']]}."
        )
    elif unknown and document["answer"] == "not_yet_known":
        low, high = _WHO[document["low"]], _WHO[document["high"]]
        yield from _wrapped(f"It may turn out to be anything from {low} to {high}. "
                            "These could still stand in the way:")  # fmt: skip
    elif unknown:
        yield from _wrapped("Which of these is so is not known, but it comes to the same:")
    for finding in unknown:
        yield from _reason("- ", finding)


def _reason(mark: str, finding: Part) -> Iterator[str]:
    only = "nobody may allow it"
    if finding["allow"] != "nobody":
        only = f"{_WHO[finding['allow']]} may allow it"
    sure = "So" if finding["state"] == "raised" else "If this stands in the way,"
    yield from _wrapped(f"{finding['because']} {sure} {only}.", mark)
    yield from _wrapped(f"Asked: {finding['ask']}", " " * len(mark))
    yield from _wrapped(f"Clause: {_stop(finding['clause'])}", " " * len(mark))
    source = f"{finding['source']} ({finding['confidence']})"
    yield from _wrapped(
        f"{finding['rule']} of {finding['policy']}. Source: {source}.", " " * len(mark)
    )


def _missing(document: Part) -> Iterator[str]:
    groups = document["missing"]
    if not groups:
        return
    yield "WHAT TO FIND OUT"
    yield from _wrapped("Any one of these, by its answer, could settle it; fewest questions first:")
    for number, group in enumerate(groups[:MOST_GROUPS], 1):
        questions = " And: ".join(_question(document, name) for name in group)
        yield from _wrapped(questions, f"{number}. ")
    if len(groups) > MOST_GROUPS:
        yield f"and {len(groups) - MOST_GROUPS} more ways."
    shown = {name for group in groups[:MOST_GROUPS] for name in group}
    others = [name for name in document["matters"] if name not in shown]
    if others:
        yield from _wrapped("These may matter too:")
    for name in others:
        yield from _wrapped(_question(document, name), "- ")
    if any(name.startswith(("admission.", "victims")) for name in document["matters"]):
        yield from _wrapped(GUARD)


def _opens(document: Part) -> Iterator[str]:
    if document["answer"] != "nobody":
        return
    yield "WHAT WOULD OPEN IT"
    found = document["near_miss"]
    if found is None:
        yield from _wrapped("Nothing that anybody may properly change would open it.")
    else:
        yield from _wrapped(f"If all of this were so, {_WHO[found['authority']]} could allow it:")
        for change in found["changes"]:
            wanted = _told(document, change["fact"], change["value"])
            yield from _wrapped(f"{_WHOSE[change['whose']]}. {wanted}", "- ")
    yield from _wrapped(GUARD)


def _records(document: Part) -> Iterator[str]:
    wanted = _wanted(document, "raised")
    owed, unsure = document["owed"], document["unsure_records"]
    made = {name: by for name, by in wanted.items() if name not in owed and name not in unsure}
    unknown = _wanted(document, "unknown")
    later = {name: by for name, by in unknown.items() if name not in wanted}
    if not wanted and not later:
        return
    yield "WHAT MUST BE RECORDED"
    for title, names in (
        ("Still owed:", owed),
        ("Not known whether it is recorded:", unsure),
        ("Recorded:", made),
        ("Perhaps also, by what is not yet known:", later),
    ):
        if names:
            yield title
        for name, by in sorted(names.items()):
            yield from _wrapped(f"{_first(document, f'recorded.{name}')} ({', '.join(by)})", "- ")


def _wanted(document: Part, state: str) -> dict[str, list[str]]:
    """The records that the rules in *state* ask for, and which rules do."""
    found: dict[str, list[str]] = {}
    for finding in document["findings"]:
        if finding["state"] == state:
            for name in finding["record"]:
                found.setdefault(name, []).append(finding["rule"])
    return found


def _advice(document: Part) -> Iterator[str]:
    found = [f for f in document["findings"] if f["state"] == "raised" and f["advise"]]
    if found:
        yield "ADVICE"
    for finding in found:
        yield from _wrapped(f"{finding['advise']} ({finding['rule']})", "- ")


def _others(document: Part) -> Iterator[str]:
    findings = document["findings"]
    met = [one for one in findings if one["state"] == "met"]
    idle = [one for one in findings if one["state"] == "unknown" and not one["stands"]]
    outside = [one for one in findings if one["state"] == "does not apply"]
    if met or idle or outside:
        yield "WHAT ELSE WAS ASKED"
    if met:
        yield "Asked, and nothing stands in the way:"
    for finding in met:
        yield from _wrapped(f"{finding['ask']} ({finding['rule']})", "- ")
    if idle:
        yield "Not known, and the answer does not turn on it:"
    for finding in idle:
        yield from _wrapped(f"{finding['ask']} ({finding['rule']})", "- ")
    if outside:
        rules = "rule does" if len(outside) == 1 else "rules do"
        yield f"{len(outside)} {rules} not apply."


def _known(document: Part) -> Iterator[str]:
    yield "WHAT WAS KNOWN"
    offence = document["offence"]
    for name, value in sorted(document["facts"].items()):
        yield from _fact(document, name, value)
    if offence:
        yield from _wrapped(f"By the offence table, {offence['code']} is: {_stop(offence['name'])}")
    for name, value in sorted(document["derived"].items()):
        yield from _fact(document, name, value)
    if not document["facts"] and not document["derived"]:
        yield "Nothing."


def _fact(document: Part, name: str, value: Any) -> Iterator[str]:
    if not isinstance(value, list):
        yield from _wrapped(_told(document, name, value), "- ")
        return
    yield from _wrapped(f"{_first(document, name).rstrip('.:')}: {len(value) or 'none'}.", "- ")
    for number, record in enumerate(value, 1):
        fields = sorted(record.items())
        words = (f"{field.replace('_', ' ')}: {_value(one)}" for field, one in fields)
        yield from _wrapped(f"{'; '.join(words) or 'nothing is known'}.", f"  {number}. ")


def _policies(document: Part) -> Iterator[str]:
    yield "POLICIES"
    for policy in document["policies"]:
        ends = f" until {_day(policy['ends'])}" if policy["ends"] else ""
        span = f"In force from {_day(policy['starts'])}{ends}; known from"
        marks = f"{policy['confidence']}, {policy['status']}"
        yield from _wrapped(f"{policy['title']}. {_stop(policy['owner'])}", "- ")
        yield from _wrapped(f"{span} {_day(policy['known_from'])}.", "  ")
        yield from _wrapped(f"{policy['id']} ({marks}). Source: {policy['source']}.", "  ")
        yield from _wrapped(f"SHA-256 {policy['digest']}", "  ")


def _closing(document: Part) -> Iterator[str]:
    yield f"Made by {document['made_by']}. The rules together: {document['ruleset']['digest']}"
    yield f"This decision: {document['digest']}"


# --- words ----------------------------------------------------------------------------------------


def _question(document: Part, name: str) -> str:
    """What to ask about the fact *name*, with the answers it can have."""
    meaning = _meaning(document, name)
    values = ", ".join(value.replace("_", " ") for value in meaning["values"])
    return f"{meaning['meaning']} ({values})" if values else str(meaning["meaning"])


def _first(document: Part, name: str) -> str:
    """The first sentence of what the fact *name* means."""
    meaning = _meaning(document, name)["meaning"]
    found = re.match(r".*?[.?](?=\s|$)", meaning)
    return found.group() if found else str(meaning)


def _meaning(document: Part, name: str) -> Part:
    meaning: Part = document["meanings"].get(name, {"meaning": name, "values": [], "unit": ""})
    return meaning


def _told(document: Part, name: str, value: Any) -> str:
    """The fact *name* with its *value*, as a sentence."""
    first, words = _first(document, name), _value(value)
    unit = _meaning(document, name)["unit"]
    if unit and unit != "score" and value is not None:
        words += f" {unit.removesuffix('s') if value == 1 else unit}"
    if first.endswith("?"):
        return f"{first} {words[0].upper()}{words[1:]}."
    return f"{first.rstrip('.')}: {words}."


def _value(value: Any) -> str:
    if value is None:
        return "none (known to be absent)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return _day(value)
    return str(value).replace("_", " ")


def _title(force: str) -> str:
    words = force.split("-")
    return " ".join(word if word in ("and", "of") else word.capitalize() for word in words)


def _day(text: str) -> str:
    day = dt.date.fromisoformat(text)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _stop(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _wrapped(text: str, mark: str = "") -> Iterator[str]:
    """*text* in lines of WIDTH at most, after *mark*; a word that is longer stands alone."""
    line, start = "", mark
    for word in text.split():
        if line and len(start) + len(line) + 1 + len(word) > WIDTH:
            yield start + line
            line, start = word, " " * len(mark)
        else:
            line = f"{line} {word}" if line else word
    yield start + line
