"""Every step of a case by its name in an address: which command it gives, and the form that asks for it."""

from typing import Final

from amends.web.forms import (
    agreement,
    authority,
    ending,
    facts,
    letters,
    people,
    raising,
    restorative,
)
from amends.web.forms.steps import StepForm

STEPS: Final[dict[str, type[StepForm]]] = {
    "facts": facts.FactsForm,
    "person": people.PersonForm,
    "need": people.NeedForm,
    "admission": people.AdmissionForm,
    "admission-withdrawn": people.WithdrawAdmissionForm,
    "takes-part": people.OffenderForm,
    "contact": people.ContactForm,
    "victim-view": people.ViewForm,
    "not-consulted": people.NotConsultedForm,
    "tell": letters.TellForm,
    "link-for": letters.InviteForm,
    "pass-on": letters.PassOnForm,
    "answer-review": letters.AnswerReviewForm,
    "withdraw": people.WithdrawForm,
    "record": authority.RecordForm,
    "guidance": authority.SupervisorForm,
    "decide": authority.DecideForm,
    "ask": authority.AskForm,
    "authorise": authority.AuthoriseForm,
    "refuse": authority.RefuseForm,
    "settle": raising.SettleForm,
    "rj-start": restorative.StartForm,
    "rj-lead": restorative.LeadForm,
    "rj-part": restorative.TakePartForm,
    "rj-leave": restorative.LeaveForm,
    "rj-prepare": restorative.PrepareForm,
    "rj-risk": restorative.RiskForm,
    "rj-meet": restorative.MeetForm,
    "rj-came": restorative.CameForm,
    "rj-outcome": restorative.CameOfItForm,
    "rj-after": restorative.AfterForm,
    "rj-follow": restorative.FollowForm,
    "rj-stop": restorative.StopForm,
    "consequences": agreement.NoticeForm,
    "agreement": agreement.AgreeForm,
    "change": agreement.VaryForm,
    "done": agreement.ItemForm,
    "payment": agreement.PaymentForm,
    "letter": agreement.LetterForm,
    "read-letter": agreement.ScreenForm,
    "offer-letter": agreement.OfferForm,
    "breach": agreement.BreachForm,
    "after-breach": agreement.BreachDecisionForm,
    "complete": ending.CompleteForm,
    "close": ending.CloseForm,
    "reopen": ending.ReopenForm,
    "no-crime": ending.NoCrimeForm,
    "retention": ending.RetentionForm,
    "erase": ending.EraseForm,
    "assign": authority.AssignForm,
    "note": authority.NoteForm,
    "share": authority.ShareForm,
    "link": authority.LinkForm,
}
"""A test holds that every command of the life of a case has its step here, and every step its command."""

_OTHERS: Final = {
    "cases.raise": "The case is raised.",
    "cases.take_in": "The case is taken in as it was closed elsewhere.",
    "cases.feedback": "Somebody said how it went.",
    "cases.ask_review": "Somebody asked for what was decided to be looked at again.",
    "cases.conflict": "Somebody said that they are part of the case, or close to somebody who is.",
    "cases.consult_youth_justice": "What the youth justice service says is recorded.",
    "cases.waive": "Something agreed is waived.",
    "cases.transfer": "The case is transferred to another force.",
}
_DID: Final = {**{form.command: form.saved for form in reversed(STEPS.values())}, **_OTHERS}


def did(command: str) -> str | None:
    """What was done by *command*, as a sentence; None where no page and no link gives it."""
    return _DID.get(command)


FIRST: Final = (
    "answer-review", "facts", "person", "admission", "takes-part", "contact", "victim-view", "record", "guidance",
    "ask", "authorise", "consequences", "agreement", "after-breach", "done", "complete", "close",
)  # fmt: skip
"""The steps of an ordinary case, in the order in which they come."""
