"""Format 2 of a decision in plain words: what must be known first stands first, and nothing is left out.

Frozen, like format 1, whose own words it uses where they are the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from amends.policy import plain_words_1 as one

Part = Mapping[str, Any]

MOST_GROUPS: Final = one.MOST_GROUPS
NO_MORE_THAN: Final = "No rule was found to ask for more than {}."


def render(document: Part) -> str:
    """The *document* in plain words: the answer, what to be wary of, what to find out, and why."""
    sections = (
        _opening(document),
        _missing(document),
        _why(document),
        one._opens(document),
        _records(document),
        one._advice(document),
        one._others(document),
        one._known(document),
        _not_asked(document),
        _policies(document),
        one._closing(document),
    )
    return "\n".join(line for section in map(list, sections) if section for line in (*section, ""))


# --- the sections ---------------------------------------------------------------------------------


def _opening(document: Part) -> Iterator[str]:
    if document["answer"] == "not_yet_known":
        low, high = one._WHO[document["low"]], one._WHO[document["high"]]
        yield from one._wrapped(
            f"Not yet known who may allow this: it may be anything from {low} to {high}."
        )
        yield from _asking(document, document["missing"][0], "First find out: ")
    else:
        yield from one._wrapped(one._answer(document))
    yield ""
    for notice in document["notices"]:
        yield from one._wrapped(f"NOTE: {notice}")
    _, _, *rest = one._opening({**document, "answer": "nobody"})
    yield from rest


def _asking(document: Part, names: list[str], mark: str) -> Iterator[str]:
    """The questions about the facts *names*, each with the place where its answer may stand."""
    for name in names:
        yield from one._wrapped(_question(document, name), mark)
        mark = " " * len(mark)


def _question(document: Part, name: str) -> str:
    meaning = _meaning(document, name)
    values = ", ".join(value.replace("_", " ") for value in meaning["values"])
    answers = f" One of: {values}." if values else ""
    look = f" Look in: {meaning['from']}." if meaning["from"] else ""
    return f"{meaning['ask']}{answers}{look}"


def _meaning(document: Part, name: str) -> Part:
    blank = {"meaning": name, "ask": f"{name}?", "from": "", "values": [], "unit": ""}
    found: Part = document["meanings"].get(name, blank)
    return found


def _missing(document: Part) -> Iterator[str]:
    groups = document["missing"]
    if not groups:
        return
    yield "WHAT TO FIND OUT"
    yield from one._wrapped(
        "Any one of these, by its answer, could settle it; fewest questions first:"
    )
    for number, group in enumerate(groups[:MOST_GROUPS], 1):
        yield from _asking(document, group, f"{number}. ")
    if more := len(groups) - MOST_GROUPS:
        yield from [f"and {more} more {'way' if more == 1 else 'ways'}."] if more > 0 else []
    shown = {name for group in groups[:MOST_GROUPS] for name in group}
    others = [name for name in document["matters"] if name not in shown]
    if others:
        yield from one._wrapped("These may matter too:")
    for name in others:
        yield from one._wrapped(_question(document, name), "- ")
    if any(name.startswith(("admission.", "victims")) for name in document["matters"]):
        yield from one._wrapped(one.GUARD)


def _why(document: Part) -> Iterator[str]:
    yield "WHY"
    standing = [found for found in document["findings"] if found["stands"]]
    raised = [found for found in standing if found["state"] == "raised"]
    strictest_first = sorted(raised, key=lambda found: -one._STRICTNESS.index(found["allow"]))
    for number, finding in enumerate(strictest_first, 1):
        yield from _reason(document, f"{number}. ", finding)
    unknown = [found for found in standing if found["state"] == "unknown"]
    if not standing:
        yield from one._wrapped(NO_MORE_THAN.format(one._WHO[document["otherwise"]]))
    elif unknown and document["answer"] == "not_yet_known":
        yield from one._wrapped("These could still stand in the way:")
    elif unknown:
        yield from one._wrapped("Which of these is so is not known, but it comes to the same:")
    for finding in unknown:
        yield from _reason(document, "- ", finding)


def _reason(document: Part, mark: str, finding: Part) -> Iterator[str]:
    indent = " " * len(mark)
    who = one._WHO[finding["allow"]]
    if finding["state"] == "raised":
        yield from one._wrapped(
            f"{finding['because']} By this rule alone, {who} may allow it.", mark
        )
        yield from one._wrapped(f"Asked: {finding['ask']}", indent)
    else:
        # What is not known is asked, and never said as if it were so.
        yield from one._wrapped(
            f"{finding['ask']} Not known. If it stands in the way, {who} may allow it.", mark
        )
        yield from one._wrapped(f"Why it is asked: {finding['because']}", indent)
        if finding["unknown"]:
            names = " ".join(_meaning(document, name)["ask"] for name in finding["unknown"])
            yield from one._wrapped(f"What is not known: {names}", indent)
    yield from one._wrapped(f"Clause: {one._stop(finding['clause'])}", indent)
    source = f"{finding['source']} ({finding['confidence']})"
    yield from one._wrapped(f"{finding['rule']} of {finding['policy']}. Source: {source}.", indent)


def _records(document: Part) -> Iterator[str]:
    """What must be recorded; of a case that nobody may allow, only if it could still be opened."""
    lines = list(one._records(document))
    if document["answer"] != "nobody":
        yield from lines
    elif lines and document["near_miss"] is not None:
        yield "WHAT WOULD HAVE TO BE RECORDED, IF IT WERE OPENED"
        yield from lines[1:]


def _not_asked(document: Part) -> Iterator[str]:
    if not document["not_asked"]:
        return
    yield "GIVEN, BUT NO POLICY HELD ASKS ABOUT IT"
    yield from one._wrapped("None of this had any part in the answer:")
    for name in document["not_asked"]:
        yield from one._wrapped(f"{_meaning(document, name)['ask']} ({name})", "- ")


def _policies(document: Part) -> Iterator[str]:
    yield from one._policies(document)
    own = {
        name: text for policy in document["policies"] for name, text in policy["sources"].items()
    }
    for name, text in own.items():
        yield from one._wrapped(f"Source {name}: {one._stop(text)}", "- ")
