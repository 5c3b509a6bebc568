"""The agreement and what becomes of it: explained, agreed, done or not, paid, varied, breached."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from amends.accounts.models import User
from amends.accounts.permissions import check
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing, today
from amends.cases import texts
from amends.cases.actions.stepping import case_action, step, suspect_of
from amends.cases.facts import facts_of
from amends.cases.hearing import as_heard, untold
from amends.cases.models import (
    ActionEvent,
    AgreedAction,
    Agreement,
    BreachDecision,
    Case,
    LetterStep,
    Notice,
    Record,
)
from amends.cases.models.resolving import BREACH, OBJECTS
from amends.cases.models.rows import LANGUAGE
from amends.cases.time_bar import time_bar
from amends.policy import completing, offences

MOST_ACTIONS = 12
MOST_PENCE = 1_000_000
"""Ten thousand pounds for one thing agreed; the limit is ours, and illustrative."""
LATEST = dt.timedelta(days=366)
"""An agreement longer than a year is no community resolution; the limit is ours, and illustrative."""
_AFTER = {"offer_again": "agreed", "vary": "authorised", "close": "stopped", "escalate": "stopped"}
"""Varied, it must be agreed anew; closed without more, it was not carried out, so never Outcome 8."""
_LETTER = {
    None: {"written"}, "written": {"screened", "sent_back"}, "sent_back": {"written"},
    "screened": {"offered"}, "offered": {"delivered", "declined"}, "delivered": set(),
    "declined": set(),
}  # fmt: skip


@case_action("cases.notice")
def explain(
    by: User, case: Case, *, wording: str, knows_it_is_recorded: bool,
    knows_it_may_be_disclosed: bool, language: str,
) -> Notice:  # fmt: skip
    """Record that the consequences were explained, and how two questions about them were answered."""
    made = Notice.objects.create(
        case=case, by=by, wording=texts.text(wording, "wording", most=20),
        knows_it_is_recorded=knows_it_is_recorded,
        knows_it_may_be_disclosed=knows_it_may_be_disclosed,
        language=texts.text(language, "language", most=LANGUAGE),
    )  # fmt: skip
    step(by, case, "cases.notice", {"wording": wording, "understood": made.understood})
    return made


@case_action("cases.agree")
def agree(by: User, case: Case, *, actions: Sequence[Mapping[str, Any]]) -> Agreement:
    """Record what was agreed; refused until the consequences were understood.

    Where something else was agreed before, somebody has told every victim of the change, or tried to.

    Each action has `what`, `object` (rehabilitate, repair or punish), `due`, `proof`, and `pence` for money.
    """
    notice = Notice.objects.filter(case=case).order_by("pk").last()
    if notice is None or not notice.understood:
        told = "Explain the consequences first, until both questions are answered rightly."
        raise Refused("AGR-NOTICE", told)
    made = _agreement(by, case, actions, "")
    step(by, case, "cases.agree", {"actions": [_shown(one) for one in actions]})
    return made


@case_action("cases.vary")
def vary(
    by: User, case: Case, *, actions: Sequence[Mapping[str, Any]], reasons: str, words: str
) -> Agreement:
    """Put another agreement in the place of the last, which stays to be seen.

    *words* are those in which the person responsible agreed to the change: nobody else can. Somebody
    has told every victim of it, or tried to.
    """
    suspect_of(case)
    told = (
        f"{texts.text(reasons, 'reasons')}\n\nAgreed in these words: {texts.text(words, 'words')}"
    )
    made = _agreement(by, case, actions, texts.text(told, "reasons"))
    told_of = {"actions": [_shown(one) for one in actions], "reasons": reasons, "words": words}
    step(by, case, "cases.vary", told_of)
    return made


def _agreement(
    by: User, case: Case, actions: Sequence[Mapping[str, Any]], reasons: str
) -> Agreement:
    if not 0 < len(actions) <= MOST_ACTIONS:
        raise Refused("AGR-NONE", f"Agree between one and {MOST_ACTIONS} things to do.")
    _check_told(case)
    made = Agreement.objects.create(case=case, by=by, reasons=reasons, **as_heard(case))
    for one in actions:
        AgreedAction.objects.create(agreement=made, **_checked(one))
    return made


def _check_told(case: Case) -> None:
    """Refuse to change what was agreed before every victim was told, as far as they could be.

    Source: Anti-social Behaviour, Crime and Policing Act 2014 s102(3), reasonable efforts to get the
    victim's views before an action is chosen: so of another action too, as we read it.
    """
    left = untold(case) if Agreement.objects.filter(case=case).exists() else []
    if left:
        names = ", ".join(one.name for one in left)
        told = (
            f"Something else was agreed before. Tell these of the change first, or try to: {names}."
        )
        raise Refused("AGR-VICTIM", told)


def _checked(one: Mapping[str, Any]) -> dict[str, Any]:
    missing = [name for name in ("what", "object", "due", "proof") if one.get(name) is None]
    if missing:
        raise Refused("AGR-MISSING", f"Each thing to do needs also: {', '.join(missing)}.")
    if one["object"] not in OBJECTS:
        raise Refused("AGR-OBJECT", "It must rehabilitate, repair or punish: choose one.")
    if not today() <= one["due"] <= today() + LATEST:
        raise Refused(
            "AGR-DUE", f"Between today and a year from now, and not on {one['due']:%-d %B %Y}."
        )
    pence = one.get("pence")
    if pence is not None and not _is_money(pence):
        told = f"An amount is whole pence, more than nothing, and at most {MOST_PENCE // 100:,} pounds."
        raise Refused("AGR-MONEY", told)
    return {
        "what": texts.text(one["what"], "what", most=300), "object": one["object"],
        "due": one["due"], "proof": texts.text(one["proof"], "proof", most=120), "pence": pence,
    }  # fmt: skip


def _is_money(pence: object) -> bool:
    return type(pence) is int and 0 < pence <= MOST_PENCE


def _shown(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "due": one["due"].isoformat()}


def current_actions(case: Case) -> list[AgreedAction]:
    """The actions of the agreement that counts."""
    agreement = Agreement.objects.filter(case=case).order_by("pk").last()
    return [] if agreement is None else list(agreement.actions.order_by("pk"))


def is_settled(one: AgreedAction) -> bool:
    """Whether an agreed action was done or waived, as last recorded, or paid in full."""
    last = one.events.exclude(kind="paid").order_by("pk").last()
    whole = one.pence is not None and paid_of(one) >= one.pence
    return whole or (last is not None and last.kind in ("done", "waived"))


def carried_out(one: AgreedAction) -> bool:
    """Whether anything of an agreed action was done: what was only waived, or turned out undone, was not."""
    last = one.events.exclude(kind__in=("paid", "waived")).order_by("pk").last()
    return paid_of(one) > 0 or (last is not None and last.kind in ("done", "part"))


def is_complete(case: Case) -> bool:
    """Whether nothing agreed is left to be done, and something of it was carried out."""
    found = current_actions(case)
    return all(map(is_settled, found)) and any(map(carried_out, found))


def paid_of(one: AgreedAction) -> int:
    """The pence paid so far towards an agreed sum."""
    return sum(event.pence or 0 for event in one.events.filter(kind="paid"))


@case_action("cases.item_done")
def record_action(
    by: User, case: Case, *, action: AgreedAction, kind: str, proof: str
) -> ActionEvent:
    """Record what became of an agreed action: done, done in part, waived or not done.

    Waiving takes a supervisor: it lets a case end as a community resolution with less than was agreed.
    """
    if kind not in ("done", "part", "waived", "not_done"):
        raise Refused("ACN-KIND", f"This cannot become of it: {kind!r}.")
    if kind == "waived":
        check(standing(by).roles, "cases.waive", case.relations_of(by))
    found = _of_case(case, action)
    made = ActionEvent.objects.create(
        action=found, by=by, kind=kind, proof=texts.text(proof, "proof", most=300)
    )
    step(by, case, "cases.item_done", {"action": found.pk, "kind": kind, "proof": proof})
    return made


@case_action("cases.payment")
def record_payment(
    by: User, case: Case, *, action: AgreedAction, pence: int, proof: str
) -> ActionEvent:
    """Record a payment towards an agreed sum; no more than what is left to pay."""
    found = _of_case(case, action)
    left = 0 if found.pence is None else found.pence - paid_of(found)
    if not _is_money(pence) or pence > left:
        raise Refused("ACN-MONEY", f"There are {left / 100:.2f} pounds left to pay.")
    made = ActionEvent.objects.create(
        action=found, by=by, kind="paid", pence=pence, proof=texts.text(proof, "proof", most=300)
    )
    step(by, case, "cases.payment", {"action": found.pk, "pence": pence, "proof": proof})
    return made


def _of_case(case: Case, action: AgreedAction) -> AgreedAction:
    found = next((one for one in current_actions(case) if one.pk == action.pk), None)
    if found is None:
        raise Refused("ACN-NONE", "That is no part of the agreement that counts now.")
    return found


def _letter(by: User, case: Case, command: str, next_step: str, words: str) -> LetterStep:
    last = LetterStep.objects.filter(case=case).order_by("pk").last()
    if next_step not in _LETTER[last.step if last else None]:
        now = f"it was {last.step.replace('_', ' ')}" if last else "none was written"
        raise Refused("LET-TURN", f"The letter is not at that point: {now}.")
    made = LetterStep.objects.create(case=case, by=by, step=next_step, words=words)
    step(by, case, command, {"letter": next_step, "words": words})
    return made


@case_action("cases.letter")
def write_letter(by: User, case: Case, *, words: str) -> LetterStep:
    """Record a letter of apology that was written; the victim is not sent it."""
    return _letter(by, case, "cases.letter", "written", texts.text(words, "words"))


@case_action("cases.screen_letter")
def screen_letter(by: User, case: Case, *, fit: bool, words: str = "") -> LetterStep:
    """Screen a letter: fit to be offered to the victim, or sent back with what is to be changed."""
    told = texts.text(words, "words", needed=not fit)
    return _letter(by, case, "cases.screen_letter", "screened" if fit else "sent_back", told)


@case_action("cases.offer_letter")
def offer_letter(by: User, case: Case, *, wanted: bool | None = None) -> LetterStep:
    """Offer the letter to the victim; later, whether they wanted it. It is never sent unasked."""
    answer = "offered" if wanted is None else "delivered" if wanted else "declined"
    return _letter(by, case, "cases.offer_letter", answer, "")


@case_action("cases.breach")
def record_breach(by: User, case: Case, *, words: str) -> Record:
    """Record that something agreed was not done."""
    if is_complete(case):
        raise Refused("BRE-NONE", "Everything agreed was done: record it as complete.")
    text = texts.text(words, "words")
    made = Record.objects.create(case=case, by=by, kind="note", words=text)
    step(by, case, "cases.breach", {"words": words})
    return made


@case_action("cases.decide_breach")
def decide_breach(by: User, case: Case, *, choice: str, reasons: str) -> BreachDecision:
    """Decide what follows a breach; until when a prosecution is possible is worked out and kept."""
    if choice not in BREACH:
        raise Refused("BRE-CHOICE", "Take it further, offer it again, vary it, or close it.")
    facts = completing.complete(facts_of(case, today()), offences.published(), today())
    bar = time_bar(facts)
    if choice == "escalate" and bar.last_day is not None and bar.last_day < today():
        raise Refused(
            "BRE-BAR", f"It is too late to prosecute, since {bar.last_day:%-d %B %Y}. {bar.why}"
        )
    made = BreachDecision.objects.create(
        case=case,
        by=by,
        choice=choice,
        reasons=texts.text(reasons, "reasons"),
        last_day=bar.sure_until,
        **as_heard(case),
    )
    told = {
        "choice": choice, "reasons": reasons, "last_day": bar.last_day, "why": bar.why,
        "sure_until": bar.sure_until,
    }  # fmt: skip
    step(by, case, "cases.decide_breach", told, to=_AFTER[choice])
    return made
