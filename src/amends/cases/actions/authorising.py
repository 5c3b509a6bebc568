"""The decision of the policy, and the authority of somebody who may allow it; never in one's own case."""

from collections.abc import Sequence

from amends.accounts.models import User
from amends.accounts.refusals import Refused
from amends.accounts.standing import standing, today
from amends.cases import texts
from amends.cases.actions.stepping import case_action, step
from amends.cases.deciding import WHO, check_allowed, decided
from amends.cases.models import (
    Asked,
    Authority,
    Case,
    Conflict,
    DecisionDocument,
    Record,
)
from amends.cases.models.case import RECORDS
from amends.cases.models.deciding import OVERRIDES
from amends.cases.overriding import check_overrides
from amends.policy.deciding import Decision
from amends.policy.documents import loads
from amends.policy.rules import Authority as Level

OWN: Level = Level.OFFICER
"""What somebody may decide in a case of their own: what the policy leaves to any officer."""


@case_action("cases.decide")
def decide_case(by: User, case: Case) -> DecisionDocument:
    """Apply the policy of today, and keep what it says, whatever that is."""
    decision, made = _kept(by, case)
    step(by, case, "cases.decide", {"answer": decision.answer.word}, policy=_policy(decision))
    return made


def _kept(by: User, case: Case) -> tuple[Decision, DecisionDocument]:
    decision, text = decided(case, today())
    made = DecisionDocument.objects.create(
        case=case, by=by, document=text, digest=str(loads(text)["digest"]),
        answer=decision.answer.word, on=today(),
    )  # fmt: skip
    return decision, made


def _policy(decision: Decision) -> str:
    return f"{decision.ruleset.name} {decision.ruleset.digest}"[:200]


@case_action("cases.rationale")
def record(by: User, case: Case, *, kind: str, words: str) -> Record:
    """Record the reasons for a decision, a check of earlier disposals, and what else a policy asks for."""
    if kind not in RECORDS or kind in ("note", "supervisor_consulted"):
        raise Refused("REC-KIND", f"No record {kind!r} is made here.")
    made = Record.objects.create(case=case, by=by, kind=kind, words=texts.text(words, "words"))
    step(by, case, "cases.rationale", {"kind": kind, "words": words})
    return made


@case_action("cases.consult_supervisor")
def consult_supervisor(by: User, case: Case, *, words: str) -> Record:
    """Record the guidance of a supervisor, given by a supervisor who is not in the case."""
    _not_own(by, case)
    made = Record.objects.create(
        case=case, by=by, kind="supervisor_consulted", words=texts.text(words, "words")
    )
    step(by, case, "cases.consult_supervisor", {"words": words})
    return made


@case_action("cases.ask_authority")
def ask_authority(by: User, case: Case, *, of: User) -> Asked:
    """Ask somebody to allow it, who can by their rank and has no part in the case."""
    if of.force_id != case.force_id or not of.is_active:
        raise Refused("ACC-NONE", "There is nobody of that name in your force.")
    if Conflict.objects.filter(case=case, user=of).exists():
        raise Refused("ACT-CONFLICT", "They are part of this case, or close to somebody who is.")
    decision, _ = _kept(by, case)
    check_allowed(decision)
    _high_enough(of, decision.answer, "They")
    _not_own(of, case)
    made = Asked.objects.create(case=case, by=by, user=of)
    told = {"of": of.pseudonym, "answer": decision.answer.word}
    step(by, case, "cases.ask_authority", told, policy=_policy(decision))
    return made


@case_action("cases.authorise")
def authorise(
    by: User, case: Case, *, reasons: str, no_conflict: bool, overrides: Sequence[str] = ()
) -> Authority:
    """Allow it, by the policy of today: refused where the policy or one's rank does not, or in one's own case.

    *no_conflict* is their word that they have no part in it. *overrides* are coded where the victim does
    not agree, was not consulted, or the policy leaves it to a higher rank for what the case is.
    """
    _check_word(no_conflict, overrides)
    decision, document = _kept(by, case)
    check_allowed(decision)
    if decision.answer > OWN:
        _not_own(by, case)
    _high_enough(by, decision.answer, "You")
    check_overrides(case, today(), overrides)
    made = _given(by, case, document, given=True, reasons=reasons, overrides=overrides)
    told = {"answer": decision.answer.word, "reasons": reasons, "overrides": list(overrides)}
    step(by, case, "cases.authorise", told, policy=_policy(decision))
    return made


@case_action("cases.refuse_authority")
def refuse_authority(by: User, case: Case, *, reasons: str, no_conflict: bool) -> Authority:
    """Refuse it, with reasons that the officer and the victim can be told."""
    _check_word(no_conflict, ())
    _not_own(by, case)
    document = DecisionDocument.objects.filter(case=case).order_by("pk").last()
    if document is None:
        raise Refused("DEC-NONE", "The policy has not been applied to this case yet.")
    made = _given(by, case, document, given=False, reasons=reasons, overrides=())
    step(by, case, "cases.refuse_authority", {"reasons": reasons})
    return made


def _given(
    by: User, case: Case, document: DecisionDocument, *, given: bool, reasons: str,
    overrides: Sequence[str],
) -> Authority:  # fmt: skip
    now = standing(by)
    return Authority.objects.create(
        case=case, by=by, given=given, decision=document, rank=now.rank or "", acting=now.acting,
        authority=now.authority or Level.OFFICER, reasons=texts.text(reasons, "reasons"),
        overrides=list(overrides), no_conflict=True,
    )  # fmt: skip


def _check_word(no_conflict: bool, overrides: Sequence[str]) -> None:
    if no_conflict is not True:
        raise Refused("AUTH-WORD", "Say that you have no part in this case before you decide it.")
    strange = [one for one in overrides if one not in OVERRIDES]
    if strange:
        raise Refused("AUTH-CODE", f"No reason {strange[0]!r} is coded.")


def _not_own(user: User, case: Case) -> None:
    if user.pk in (case.officer_id, case.raised_by_id):
        raise Refused(
            "AUTH-OWN", "Nobody authorises their own case. Ask somebody who is not in it."
        )


def _high_enough(user: User, answer: Level, who: str) -> None:
    has = standing(user).authority
    if has is None or has < answer:
        raise Refused("AUTH-RANK", f"{who} may not allow this: it takes {WHO[answer]} or above.")
