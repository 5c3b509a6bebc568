"""A decision as a JSON document that holds all it needs to be read again, years later.

Nothing in it is looked up when it is shown: the rules' own words, the questions behind the facts and
the digests of the policies are inside. `rendering` turns it into plain words.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from amends.policy.completing import Told
from amends.policy.deciding import Decision, Finding
from amends.policy.document_shapes import SHAPES, Misshapen, check_shape
from amends.policy.explaining import (
    NearMiss,
    matters,
    missing,
    near_miss,
    not_asked,
    not_known,
)
from amends.policy.facts import Catalogue, FactKind, Facts, catalogue
from amends.policy.rules import Policy

FORMAT: Final = 2
"""The format that is written. An older one is read for ever."""
LARGEST_DOCUMENT: Final = 5_000_000
"""Bytes in a document, at most: most have some thirty thousand."""

Document = dict[str, Any]


class DocumentError(ValueError):
    """A document that cannot be read: `place` says where, `wrong` what, `right` what would be right."""

    def __init__(self, place: str, wrong: str, right: str = "") -> None:
        self.place, self.wrong, self.right = place, wrong, right
        super().__init__(f"{place}: {wrong}" + (f" {right}" if right else ""))


@dataclass(frozen=True, slots=True)
class Caveats:
    """What a reader must know before relying on a decision.

    `trial` says why it is only a trial, and not a decision; it is empty where it is one. `notices`
    are whatever else must stand at its head.
    """

    trial: Sequence[str] = ()
    notices: Sequence[str] = ()


SOUND: Final = Caveats()
"""Nothing that a reader must be told."""


def document(
    decision: Decision,
    *,
    force: str | None,
    on: dt.date,
    known_on: dt.date | None = None,
    made_by: str = "amends",
    told: Told | None = None,
    caveats: Caveats = SOUND,
) -> Document:
    """The *decision* as a document, of *force* (None: of no force) on the day *on*.

    *told* is what the offence table added to the facts of the case. *trial* says why it is only a
    trial, and not a decision; it is empty where it is one.
    """
    table = told or Told()
    head = {
        "format": FORMAT,
        "made_by": made_by,
        "force": force,
        "on": on.isoformat(),
        "known_on": known_on.isoformat() if known_on else None,
        "trial": list(caveats.trial),
        "notices": list(caveats.notices),
        "illustrative": _illustrative(decision, table.row),
    }
    body = {**head, **_judged(decision, on), **_facts(decision.facts, table)}
    body["not_asked"] = list(not_asked(decision, table.names))
    body["meanings"] = _meanings(body, catalogue())
    return {**body, "digest": digest_of(body)}


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of *document* without its `digest`: keys sorted, no blanks, UTF-8."""
    body = {name: value for name, value in document.items() if name != "digest"}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def dumps(document: Mapping[str, Any]) -> str:
    """*document* as text: keys sorted, two blanks of indent, a line end at the end."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, indent=2) + "\n"


def loads(text: str, place: str = "document") -> Document:
    """The document that *text* holds; *place* names it in errors.

    Raises DocumentError where it is not JSON, not a document of a format we know, or not what it
    was when its digest was made.
    """
    found = _json(text, place)
    if not isinstance(found, dict) or "format" not in found:
        right = "`amends decide --json` writes one."
        raise DocumentError(place, "This is not the document of a decision.", right)
    version = found["format"]
    if type(version) is not int or version not in SHAPES:
        known = ", ".join(map(str, SHAPES))
        wrong = f"Its format is {version!r}, which this release does not know."
        raise DocumentError(f"{place}: format", wrong, f"Known: {known}. Use a later release.")
    try:
        check_shape(found, SHAPES[version], place)
    except Misshapen as fault:
        raise DocumentError(fault.place, fault.wrong) from None
    if found["digest"] != digest_of(found):
        wrong = "It has been changed since it was made: it does not agree with its digest."
        raise DocumentError(f"{place}: digest", wrong, "Use the document as it was written.")
    return found


def read_document(path: Path) -> Document:
    """The document in the file *path*; raises DocumentError, naming the file and the place."""
    try:
        if path.stat().st_size > LARGEST_DOCUMENT:
            wrong = f"The file is larger than {LARGEST_DOCUMENT:,} bytes."
            raise DocumentError(path.name, wrong, "A decision's document is far smaller.")
        return loads(path.read_bytes().decode("utf-8-sig"), path.name)
    except OSError as error:
        raise DocumentError(str(path), f"The file cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        wrong = f"Byte {error.start} is not UTF-8."
        raise DocumentError(path.name, wrong, "Use the document as it was written.") from None


def _json(text: str, place: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        where = f"{place}, line {error.lineno}, column {error.colno}"
        raise DocumentError(where, f"This is not JSON: {error.msg}.") from None
    except (RecursionError, ValueError) as error:
        wrong = "It is nested too deep." if isinstance(error, RecursionError) else f"{error}."
        raise DocumentError(place, wrong) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"The name {twice!r} is given twice")
    return found


# --- the parts of a document ----------------------------------------------------------------------


def _judged(decision: Decision, on: dt.date) -> Document:
    rules = decision.ruleset
    return {
        "answer": decision.answer.word,
        "low": decision.low.word,
        "high": decision.high.word,
        "otherwise": rules.otherwise.word,
        "ruleset": {"name": rules.name, "digest": rules.digest},
        "policies": [_policy(policy) for policy in rules.policies],
        "findings": [_finding(finding, decision, on) for finding in decision.findings],
        "missing": [list(group) for group in missing(decision)],
        "matters": list(matters(decision)),
        "near_miss": _near_miss(near_miss(decision)),
        "owed": {name: list(ids) for name, ids in decision.owed.items()},
        "unsure_records": {name: list(ids) for name, ids in decision.unsure_records.items()},
    }


def _facts(facts: Facts, table: Told) -> Document:
    return {
        "facts": {name: _plain(one) for name, one in facts.items() if name not in table.names},
        "derived": {name: _plain(one) for name, one in facts.items() if name in table.names},
        "offence": dict(table.row) if table.row else None,
    }


def _illustrative(decision: Decision, row: Mapping[str, str] | None) -> bool:
    by_row = row is not None and row["confidence"] == "illustrative"
    by_matrix = decision.facts.get("gravity.matrix") == "illustrative"
    return decision.ruleset.illustrative or by_row or by_matrix


def _policy(policy: Policy) -> Document:
    return {
        "id": policy.id,
        "series": policy.series,
        "title": policy.title,
        "owner": policy.owner,
        "scope": policy.scope,
        "layer": policy.layer,
        "status": policy.status,
        "starts": policy.starts.isoformat(),
        "ends": policy.ends.isoformat() if policy.ends else None,
        "known_from": policy.known_from.isoformat(),
        "dates": policy.dates,
        "note": policy.note,
        "source": policy.source,
        "confidence": policy.confidence,
        "sources": dict(policy.sources),
        "digest": policy.digest,
    }


def _finding(finding: Finding, decision: Decision, on: dt.date) -> Document:
    rule = finding.rule
    advises = rule.advise_from is None or rule.advise_from <= on
    return {
        "rule": rule.id,
        "policy": rule.policy,
        "ask": rule.ask,
        "clause": rule.clause,
        "because": rule.because,
        "source": rule.source,
        "confidence": rule.confidence,
        "allow": rule.allow.word,
        "record": list(rule.record),
        "advise": rule.advise if advises else "",
        "state": str(finding.state),
        "stands": finding in decision.reasons,
        "facts": list(finding.facts),
        "unknown": list(not_known(rule, decision.facts)),
    }


def _near_miss(found: NearMiss | None) -> Document | None:
    if found is None:
        return None
    changes = [
        {"fact": change.fact, "value": _plain(change.value), "whose": change.whose}
        for change in found.changes
    ]
    return {"authority": found.authority.word, "changes": changes}


def _plain(value: Any) -> Any:
    """*value* as JSON has it: a date as text, the records of a list as tables."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [{name: _plain(one) for name, one in record.items()} for record in value]
    return value


def _meanings(body: Document, known: Catalogue) -> dict[str, Document]:
    """The question behind every fact that *body* speaks of."""
    names = {*body["facts"], *body["derived"], *body["matters"]}
    names |= {name for group in body["missing"] for name in group}
    names |= {change["fact"] for change in (body["near_miss"] or {"changes": []})["changes"]}
    names |= set(body["not_asked"])
    names |= {name for finding in body["findings"] for name in finding["unknown"]}
    records = [name for finding in body["findings"] for name in finding["record"]]
    names |= {f"recorded.{name}" for name in records}
    kinds = {name: known.find(name) for name in sorted(names)}
    return {name: _meaning(kind) for name, kind in kinds.items() if kind}


def _meaning(kind: FactKind) -> Document:
    return {
        "meaning": kind.meaning,
        "ask": kind.question,
        "from": kind.source,
        "values": list(kind.values or ()),
        "unit": kind.unit or "",
    }
