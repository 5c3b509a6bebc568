"""A review: who decided what of a proposal, and who signed for it."""

import hashlib
import json
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction.echoes import echoes
from amends.disclosure.redaction.folding import lowered
from amends.disclosure.redaction.naming import subject
from amends.disclosure.redaction.proposing import Proposal
from amends.disclosure.redaction.spans import KINDS, NUMBERED, Span

ADDED: Final = "added by a reviewer"


class Decision(StrEnum):
    """What becomes of a span."""

    HIDE = "hide"
    STAY = "may stay"


@dataclass(frozen=True, slots=True)
class Tick:
    """Somebody's decision on a span: what, by whom, for what reason, and as what kind it is hidden."""

    span: Span
    decision: Decision
    by: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody's word that a review, known by its digest, is right."""

    by: str
    digest: str


def person(name: str) -> str:
    """A name as two signatures are compared by it: no case, no spaces, no look-alikes."""
    return "".join(filter(str.isalnum, lowered(name)))


@dataclass(frozen=True)
class Review:
    """A proposal, every decision in the order it was made, and the signatures; it never changes.

    Each step gives a new review. A decision takes off the signatures: nobody has signed for it.
    Whether it is enough to issue the texts is for `issue` alone to say.
    """

    proposal: Proposal
    ticks: tuple[Tick, ...] = ()
    signatures: tuple[Signature, ...] = ()

    def tick(
        self, span: Span, decision: Decision | str, by: str, because: str = "", kind: str = ""
    ) -> "Review":
        """The review in which *by* decided on *span*; *kind* says as what it is hidden, if not as proposed.

        A reason is needed where a span that is certain, or that says what is hidden elsewhere, may
        stay. Raises `DisclosureError` where it is missing, or where the span is not one to decide on.
        """
        if not self._is_ours(span):
            raise DisclosureError(repr(span.words), "is no span of this proposal")
        if decision not in list(Decision):
            right = f"Write {Decision.HIDE.value!r} or {Decision.STAY.value!r}."
            raise DisclosureError(
                self.proposal.line(span), f"{decision!r} is no decision on {span.words!r}.", right
            )
        made = Tick(_called(span, kind), Decision(decision), _somebody(by), because.strip())
        if made.decision is Decision.STAY and span.certain and not made.because:
            raise DisclosureError(
                self.proposal.line(span),
                f"{span.words!r} is hidden ({span.reason}).",
                "To let it stay, give the reason.",
            )
        return replace(self, ticks=(*self.ticks, made), signatures=())

    def hide(self, text: int, start: int, end: int, by: str, kind: str = "passage") -> "Review":
        """The review in which *by* hides a passage that nothing had found, from *start* to before *end*.

        Such as "the only Tongan family in the village". *text* is its number, from 0. Raises
        `DisclosureError` where there is no such passage.
        """
        texts = self.proposal.texts
        if not (0 <= text < len(texts) and 0 <= start < end <= len(texts[text])):
            raise DisclosureError(
                f"text {text + 1}", f"it has no passage from {start} to {end}.", "Count from 0."
            )
        words = texts[text][start:end]
        span = Span(text, start, end, "passage", ADDED, True, (subject(words),), words)
        made = Tick(_called(span, kind), Decision.HIDE, _somebody(by))
        return replace(self, ticks=(*self.ticks, made), signatures=())

    def sign(self, by: str) -> "Review":
        """The review that *by* signed; raises `DisclosureError` where a span still waits."""
        name = _somebody(by)
        if self.waiting:
            first = self.waiting[0]
            raise DisclosureError(
                "the review",
                f"{len(self.waiting)} spans wait for a decision, the first at "
                f"{self.proposal.line(first)}: {first.words!r}.",
                "Decide on them, then sign.",
            )
        if person(name) in {
            person(each.by) for each in self.signatures if each.digest == self.digest
        }:
            raise DisclosureError(
                "the review", f"{name} has signed it already.", "Somebody else must sign as well."
            )
        return replace(self, signatures=(*self.signatures, Signature(name, self.digest)))

    def _is_ours(self, span: Span) -> bool:
        """Whether there is something to decide on *span*; the echoes, which take long, are asked last."""
        return span in self.proposal.spans or _place(span) in self.last or span in self.echoes

    # ---- what follows from the ticks -------------------------------------------------------------

    @cached_property
    def last(self) -> dict[tuple[int, int, int], Tick]:
        """The last decision on each place: text, start and end."""
        return {_place(tick.span): tick for tick in self.ticks}

    @cached_property
    def hidden(self) -> tuple[Span, ...]:
        """Every span that is hidden as things stand, in order: ticked so, or certain and not ticked."""
        found = [tick.span for tick in self.last.values() if tick.decision != Decision.STAY]
        found += [
            span for span in self.proposal.spans if span.certain and _place(span) not in self.last
        ]
        return tuple(sorted(found))

    @cached_property
    def staying(self) -> tuple[Tick, ...]:
        """The decisions by which a span stays."""
        return tuple(tick for tick in self.last.values() if tick.decision == Decision.STAY)

    @cached_property
    def echoes(self) -> tuple[Span, ...]:
        """Places that say what is hidden elsewhere, and that nobody gave a reason to let stay."""
        reasoned = [tick.span for tick in self.staying if tick.because]
        ticked = [tick.span for tick in self.last.values()]
        return tuple(
            one
            for one in echoes(self.proposal.texts, self.hidden)
            if not any(one.overlaps(span) for span in reasoned)
            or any(_place(one) == _place(span) for span in ticked)
        )

    @cached_property
    def waiting(self) -> tuple[Span, ...]:
        """Every span on which somebody must still decide."""
        unticked = [
            span
            for span in self.proposal.spans
            if not span.certain and _place(span) not in self.last
            if not any(one.covers(span) for one in self.hidden)
        ]
        reasoned = {_place(tick.span) for tick in self.staying if tick.because}
        again = [
            one
            for one in self.echoes
            if _place(one) not in reasoned and not any(one.overlaps(span) for span in unticked)
        ]
        return tuple(sorted({*unticked, *again}))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what is signed for: the texts, the spans, and the decision in force on each place."""
        ticks = [
            [*_place(each.span), each.span.kind, str(each.decision), each.by, each.because]
            for _, each in sorted(self.last.items())
        ]
        document = json.dumps([self.proposal.digest, ticks]).encode("utf-8", "surrogatepass")
        return hashlib.sha256(document).hexdigest()


def _place(span: Span) -> tuple[int, int, int]:
    return span.text, span.start, span.end


def _called(span: Span, kind: str) -> Span:
    if kind and kind not in KINDS:
        raise DisclosureError(
            repr(span.words), f"{kind!r} is no kind.", f"Known: {', '.join(KINDS)}."
        )
    if not kind or kind == span.kind:
        return span
    about = span.about or ((subject(span.words),) if kind in NUMBERED else ())
    return replace(span, kind=kind, about=about)


def _somebody(by: str) -> str:
    if not person(by):
        raise DisclosureError("the review", f"{by!r} is nobody's name.", "Say who decides.")
    return by.strip()
