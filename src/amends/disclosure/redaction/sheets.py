"""The review sheet: a proposal as a file to decide on, and a review read back from it."""

import hashlib
import json
from collections.abc import Iterator
from typing import Final

from amends.disclosure.redaction.proposing import Proposal
from amends.disclosure.redaction.reviewing import Decision, Review, Signature, Tick
from amends.disclosure.redaction.spans import Span
from amends.disclosure.shapes import Part

FORMAT: Final = "amends-redaction-review-1"
HOW: Final = (
    "Write your name as `reviewer`. For each span write a `decision`: hide, or may stay. Where one that is certain may "
    "stay, write why in `because`. What nothing found but should be hidden, write under `hide`, as "
    '{"passage": "the only Tongan family in the village"}. Then two people sign, each with --sign.'
)
_AROUND: Final = 40
_Place = tuple[int, int, int]


def sheet(review: Review) -> str:
    """*review* as JSON: every span with its decision, or the place for one, and the signatures."""
    rows = [_row(review, span) for span in _asked(review)]
    document = {
        "format": FORMAT,
        "how": HOW,
        "reviewer": "",
        "texts": [
            {"sha256": _sha256(text), "letters": len(text)} for text in review.proposal.texts
        ],
        "hide": [],
        "spans": rows,
        "signed": [{"by": each.by, "digest": each.digest} for each in review.signatures],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _asked(review: Review) -> list[Span]:
    """The spans of the proposal, and whatever else was decided or must be."""
    ticked = [tick.span for tick in review.last.values()]
    places = {_place(span): span for span in (*review.proposal.spans, *review.waiting, *ticked)}
    return [places[place] for place in sorted(places)]


def _row(review: Review, span: Span) -> dict[str, object]:
    tick = review.last.get(_place(span))
    proposed = next((one for one in review.proposal.spans if _place(one) == _place(span)), span)
    return {
        "at": review.proposal.line(span),
        "says": span.words,
        "reason": proposed.reason,
        "certain": span.certain,
        "decision": tick.decision.value if tick else ("hide" if span.certain else None),
        "by": tick.by if tick else "",
        "because": tick.because if tick else "",
        "kind": span.kind,
        "text": span.text + 1,
        "start": span.start,
        "end": span.end,
    }


def readable(review: Review) -> str:
    """*review* to be read: what is hidden, and what must be decided, each with the words around it."""
    proposal = review.proposal
    waiting = set(map(_place, review.waiting))
    lines = [f"{len(waiting)} to decide on, {len(review.hidden)} hidden.", ""]
    for span in _asked(review):
        text, place = proposal.texts[span.text], _place(span)
        before = text[max(0, span.start - _AROUND) : span.start]
        after = text[span.end : span.end + _AROUND]
        around = " ".join(f"{before}>>{span.words}<<{after}".split())
        mark = "DECIDE" if place in waiting else _mark(review, place)
        lines += [
            f"{mark:8} {proposal.line(span)}: {span.kind}: {span.reason}",
            f"         {around}",
            "",
        ]
    return "\n".join((*lines, HOW, ""))


def _mark(review: Review, place: _Place) -> str:
    tick = review.last.get(place)
    return "stays" if tick and tick.decision == Decision.STAY else "hidden"


# ---- reading it back -----------------------------------------------------------------------------


def read_review(part: Part, proposal: Proposal) -> Review:
    """The review that a sheet says of *proposal*.

    Raises `DisclosureError` where the sheet is of other texts, another case or other spans, or
    where a decision is not in order, with its place.
    """
    part.only("format", "how", "reviewer", "texts", "hide", "spans", "signed")
    if part.get("format").a(str) != FORMAT:
        raise part.get("format").refuse(
            "is not a review that this version can read.", f"Write {FORMAT!r}."
        )
    _check_texts(part.get("texts"), proposal)
    reviewer = part.find("reviewer", "").a(str)
    rows = list(part.get("spans").each())
    _check_spans(rows, part, proposal)
    review = Review(proposal)
    for row in rows:
        review = _decided(review, row, reviewer)
    for row in part.find("hide", []).each():
        review = _passage(review, row, reviewer)
    signed = [
        Signature(each.get("by").a(str), each.get("digest").a(str))
        for each in part.find("signed", []).each()
    ]
    return Review(proposal, review.ticks, tuple(signed))


def _check_texts(part: Part, proposal: Proposal) -> None:
    said = [each.get("sha256").a(str) for each in part.each()]
    if said != [_sha256(text) for text in proposal.texts]:
        raise part.refuse(
            "are not the texts given: one was changed, or is missing.", "Make a new sheet."
        )


def _check_spans(rows: list[Part], part: Part, proposal: Proposal) -> None:
    said = {_place_of(row): row for row in rows}
    if len(said) != len(rows):
        raise part.get("spans").refuse("says one span twice.", "Keep one of them.")
    for span in proposal.spans:
        row = said.get(_place(span))
        if row is None:
            raise part.get("spans").refuse(
                f"leaves out {span.words!r} at {proposal.line(span)}.",
                "Make a new sheet: the case was changed, or a row was removed.",
            )
        if row.get("says").a(str) != span.words or row.get("certain").value is not span.certain:
            raise row.refuse(
                "is not as it was proposed.", "Change only the decision, and its reason."
            )


def _place_of(row: Part) -> _Place:
    return row.get("text").a(int) - 1, row.get("start").a(int), row.get("end").a(int)


def _decided(review: Review, row: Part, reviewer: str) -> Review:
    place = _place_of(row)
    decision = row.get("decision").value
    because, by = row.find("because", "").a(str), row.find("by", "").a(str) or reviewer
    span = next((one for one in review.proposal.spans if _place(one) == place), None)
    if decision is None or (span and _as_proposed(row, span)):
        return review
    if not isinstance(decision, str) or decision not in list(Decision):
        raise row.get("decision").refuse(f"is {decision!r}.", "Write hide, or may stay.")
    if not by:
        raise row.refuse(
            f"does not say who decided on {row.get('says').value!r}.", "Write `reviewer`."
        )
    kind = row.get("kind").a(str)
    if span:
        return review.tick(span, Decision(decision), by, because, kind)
    return _further(review, row, Decision(decision), by, because)


def _as_proposed(row: Part, span: Span) -> bool:
    """Whether a row leaves a certain span hidden as it was proposed, so that nobody decided on it."""
    said = (row.get("decision").value, row.find("by", "").value, row.get("kind").value)
    return span.certain and said == (Decision.HIDE, "", span.kind)


def _further(review: Review, row: Part, decision: Decision, by: str, because: str) -> Review:
    """A row that was not proposed: a passage added, or what says the same as one that is hidden."""
    text, start, end = _place_of(row)
    hidden = review.hide(text, start, end, by, row.get("kind").a(str))
    if decision == Decision.HIDE:
        return hidden
    span = hidden.ticks[-1].span
    made = Tick(span, Decision.STAY, by, because.strip())
    if not made.because:
        raise row.refuse("stays though it says what is hidden elsewhere.", "Give the reason.")
    return Review(review.proposal, (*review.ticks, made))


def _passage(review: Review, row: Part, reviewer: str) -> Review:
    """The review in which a passage is hidden wherever it stands."""
    row.only("passage", "by", "kind")
    passage, by = row.get("passage").a(str), row.find("by", "").a(str) or reviewer
    places = [
        (number, at)
        for number, text in enumerate(review.proposal.texts)
        for at in _places(text, passage)
    ]
    if not places:
        raise row.refuse(f"is in no text: {passage!r}.", "Write it exactly as it stands.")
    for number, at in places:
        kind = row.find("kind", "passage").a(str)
        review = review.hide(number, at, at + len(passage), by, kind)
    return review


def _places(text: str, passage: str) -> Iterator[int]:
    at = text.find(passage) if passage.strip() else -1
    while at >= 0:
        yield at
        at = text.find(passage, at + len(passage))


def _place(span: Span) -> _Place:
    return span.text, span.start, span.end


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
