"""The gate: only what was reviewed whole and signed by two people is issued, rebuilt from what stays."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, Never

from amends.disclosure.errors import DisclosureError
from amends.disclosure.redaction.canaries import released_canaries
from amends.disclosure.redaction.folding import visible
from amends.disclosure.redaction.proposing import Proposal, propose
from amends.disclosure.redaction.reviewing import Decision, Review, Tick, person
from amends.disclosure.redaction.spans import KINDS, NUMBERED, Span

SIGNERS: Final = 2
_SHOWN: Final = 20
"""Of what is missing, how much is told."""
_GATE: Final = object()


class NotIssued(DisclosureError):
    """Texts that may not leave yet; `missing` says all that is missing, each in a sentence."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        told = "; ".join(self.missing[:_SHOWN])
        more = f"; and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        super().__init__("the review", f"the texts cannot be issued: {told}{more}.")


class Issued:
    """Texts that may leave: what a panel, a requester or the public may see. Only `issue` makes one.

    It holds nothing of what was hidden, and nothing that could prove a guess of it.
    """

    __slots__ = ("_texts",)
    _texts: tuple[str, ...]

    def __init__(self, texts: Sequence[str], gate: object = None) -> None:
        if gate is not _GATE:
            raise TypeError("Only amends.disclosure.redaction.issue makes what is issued.")
        object.__setattr__(self, "_texts", tuple(texts))

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("What is issued does not change.")

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the pack, in order."""
        return self._texts

    @property
    def text(self) -> str:
        """The text of a pack of one; raises `DisclosureError` where there are several."""
        if len(self._texts) != 1:
            raise DisclosureError("the pack", f"it has {len(self._texts)} texts.", "Use `texts`.")
        return self._texts[0]


def issue(review: Review, texts: Sequence[str] | str | None = None) -> Issued:
    """The texts of *review* with everything hidden that is to be; raises `NotIssued` with all that is missing.

    The proposal is made anew and must be the same, so that no review of other or fewer spans will
    do. *texts*, where given, are those at hand now, and must be those reviewed.
    """
    missing = [*_other_texts(review, texts), *_other_spans(review.proposal), *_ticks(review)]
    missing += [_waits(review, span) for span in review.waiting]
    missing += _signatures(review)
    rebuilt = rebuild(review.proposal.texts, review.hidden)
    for number, text in enumerate(rebuilt, 1):
        if released_canaries(text):
            missing.append(
                f"text {number} would release a planted identifier: look at it all again"
            )
    if missing:
        raise NotIssued(missing)
    return Issued(rebuilt, _GATE)


# ---- what may be missing -------------------------------------------------------------------------


def _other_texts(review: Review, texts: Sequence[str] | str | None) -> list[str]:
    now = (texts,) if isinstance(texts, str) else texts
    if now is None or tuple(now) == review.proposal.texts:
        return []
    return ["the text was changed since it was reviewed"]


def _other_spans(proposal: Proposal) -> list[str]:
    anew = propose(proposal.texts, proposal.parties, proposal.day)
    if anew.spans == proposal.spans:
        return []
    return ["the spans reviewed are not those that are proposed for this text and case"]


def _ticks(review: Review) -> list[str]:
    """Decisions that could not have been made by `Review.tick` or `Review.hide`."""
    return [
        f"the decision on {tick.span.words!r} is not in order"
        for tick in review.ticks
        if not (_is_there(review.proposal, tick.span) and _is_made(review.proposal, tick))
    ]


def _is_there(proposal: Proposal, span: Span) -> bool:
    inside = 0 <= span.text < len(proposal.texts) and 0 <= span.start < span.end
    said = inside and proposal.texts[span.text][span.start : span.end] == span.words
    return said and span.kind in KINDS


def _is_made(proposal: Proposal, tick: Tick) -> bool:
    """Whether somebody decided, and gave the reason that a certain span needs to stay."""
    if not person(tick.by) or tick.decision not in list(Decision):
        return False
    certain = any(each.certain and each.overlaps(tick.span) for each in proposal.spans)
    return tick.decision == Decision.HIDE or bool(tick.because) or not certain


def _waits(review: Review, span: Span) -> str:
    return (
        f"{review.proposal.line(span)}: {span.words!r} {span.reason}, and nobody has decided on it"
    )


def _signatures(review: Review) -> list[str]:
    good = {person(each.by): each.by for each in review.signatures if each.digest == review.digest}
    good.pop("", None)
    stale = [each.by for each in review.signatures if each.digest != review.digest]
    missing = [f"{name} signed before the review was last changed" for name in stale]
    if len(good) < SIGNERS:
        who = f"only {', '.join(good.values())} has signed" if good else "nobody has signed"
        missing.append(f"{who}, and {SIGNERS} different people must")
    return missing


# ---- rebuilding ----------------------------------------------------------------------------------


def rebuild(texts: Sequence[str], hidden: Sequence[Span]) -> tuple[str, ...]:
    """*texts* built anew from the parts that stay, with a marker for each span of *hidden*.

    The same person or thing has the same number throughout, in the order of appearance: [name 1].
    What cannot be seen, in which something could be carried along, is left out.
    """
    marker = _Markers()
    built = []
    for number, text in enumerate(texts):
        parts: list[str] = []
        at = 0
        for start, end, span in _merged([each for each in hidden if each.text == number]):
            parts += (visible(text[at:start]), marker(span))
            at = end
        built.append("".join((*parts, visible(text[at:]))))
    return tuple(built)


def _merged(spans: Sequence[Span]) -> list[tuple[int, int, Span]]:
    """*spans* as places that do not overlap, each with the span that names it: the longest."""
    found: list[tuple[int, int, Span]] = []
    for span in sorted(spans):
        if found and span.start < found[-1][1]:
            start, end, held = found[-1]
            longer = span if span.end - span.start > held.end - held.start else held
            found[-1] = start, max(end, span.end), longer
        else:
            found.append((span.start, span.end, span))
    return found


class _Markers:
    """The markers of a pack, which remember who is number 1."""

    def __init__(self) -> None:
        self.numbers: dict[str, dict[str, int]] = defaultdict(dict)

    def __call__(self, span: Span) -> str:
        if span.kind not in NUMBERED:
            return f"[{span.kind}]"
        known = self.numbers[span.kind]
        numbers = [known.setdefault(one, len(known) + 1) for one in span.about]
        return f"[{span.kind} {' or '.join(map(str, sorted(numbers)))}]"
