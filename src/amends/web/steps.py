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

FIRST: Final = (
    "answer-review", "facts", "person", "admission", "takes-part", "contact", "victim-view", "record", "guidance",
    "ask", "authorise", "consequences", "agreement", "after-breach", "done", "complete", "close",
)  # fmt: skip
"""The steps of an ordinary case, in the order in which they come."""
