"""Letters and links to a victim or person responsible, and reviews that they ask for."""

from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from amends.cases.actions import inviting, telling
from amends.web.forms.fields import One, Text, Words
from amends.web.forms.steps import StepForm
from amends.web.jinja import day

LETTERS = (
    ("victim_asked", "A victim: what could happen, and what do they think?"),
    ("victim_told", "A victim: what was decided, and why"),
    ("apology_offered", "A victim: there is a letter of apology, if they want it"),
    ("responsible_told", "The person responsible: what they agreed to, and what it means"),
    ("agreement", "The person responsible: the agreement"),
    ("withdrawal_received", "Either: we have heard that you withdraw"),
)
CHANNELS = (
    ("email", "By email"), ("text", "By text message"), ("letter", "By post"),
    ("folder", "Somebody hands it over"),
)  # fmt: skip
LANGUAGES = (("en", "English"), ("cy", "Welsh (a machine draft, not yet checked)"))
SHOW: Final = "show"
FINDINGS = (
    ("right", "It was right"), ("changed", "It was not, and is done otherwise now"),
    ("not_right", "It was not, and cannot be changed any more"),
)  # fmt: skip


def say_what_is_safe(form: StepForm) -> None:
    """Say beside the question for an address how somebody is reached safely, where they have said so."""
    safe = [
        f"{one.row.name} is reached safely so, and the letter goes there: {need.words}"
        for one in form.seen.people
        for need in one.needs
        if need.kind == "safe_contact"
    ]
    if safe:
        form.fields["address"].help_text = " ".join(safe)


class InviteForm(StepForm):
    """A link for somebody."""

    command = "cases.invite"
    title = "Send a link to the victim or person responsible"
    saved = "A link is made, and waits to be sent."
    intro = (
        "By it they read where it stands in plain words, and say for themselves what they think, without an account. "
        "It opens once, within 14 days. If they have a safe way to be reached, it goes there and nowhere else."
    )
    button = "Make the link"
    who = One((), label="For whom?")
    channel = One(
        (*CHANNELS, (SHOW, "Show it to me now: I give it to them myself")),
        label="How does it reach them?",
    )
    address = Words(
        label="Address", hint="An email address, a number, or the lines of a postal address", most=300,
        required=False,
    )  # fmt: skip
    language = One(LANGUAGES, label="In which language?")
    contact = Text(
        label="How else can they answer?", hint="For example your direct number", most=200, required=False
    )  # fmt: skip

    def prepare(self) -> None:
        """Victims and the person responsible."""
        self.only("who", self.people("victim", "suspect"))
        self.initial.setdefault("language", "en")
        self.token = ""
        self.origin = ""
        say_what_is_safe(self)

    @property
    def link(self) -> str:
        """The link that was made."""
        return f"{self.origin}{reverse('link', args=[self.token])}"

    def clean(self) -> dict[str, Any]:
        """A link that is sent needs an address, and another way to answer."""
        given = dict(super().clean() or {})
        if given.get("channel") not in (SHOW, None):
            for name, wrong in (
                ("address", "Enter where it goes"),
                ("contact", "Enter how else they can answer"),
            ):
                if not given.get(name):
                    self.add_error(name, wrong)
        return given

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Make it; the token is kept nowhere but in the letter until that is sent, or on the page that shows it."""
        # Each person's own: the same key by two people makes two links, not one that is refused.
        own = f"{self.user.pk}:{self.seen.case.pk}:{told['key']}"
        self.token, digest = inviting.new_token(own)
        who = given.pop("who")
        way = None if given["channel"] == SHOW else inviting.Way(url=self.link, **given)
        return inviting.invite(
            self.user, self.seen.case, person=self.person(who), digest=digest, way=way, **told
        )


class TellForm(StepForm):
    """A letter to somebody."""

    command = "cases.tell"
    title = "Tell somebody in writing"
    saved = "A letter is written, and waits to be sent."
    intro = (
        "The letter fills itself from the case, in plain words. If they have a safe way to be reached, it goes "
        "there and nowhere else: whoever hands it over is told how."
    )
    button = "Write it, and put it in the outbox"
    who = One((), label="Whom?")
    kind = One(LETTERS, label="What do you tell them?")
    language = One(LANGUAGES, label="In which language?")
    channel = One(CHANNELS, label="How?")
    address = Words(
        label="Address",
        hint="An email address, a number, or the lines of a postal address",
        most=300,
    )
    contact = Text(label="How can they answer?", hint="For example your direct number", most=200)

    def prepare(self) -> None:
        """Victims and the person responsible; somebody's safe contact is shown."""
        self.only("who", self.people("victim", "suspect"))
        self.initial.setdefault("language", "en")
        say_what_is_safe(self)

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Write it."""
        who = self.person(given.pop("who"))
        return telling.tell_in_writing(self.user, self.seen.case, person=who, **told, **given)


class PassOnForm(StepForm):
    """What lay ready was handed over."""

    command = "cases.pass_on"
    title = "Hand over a letter, or tell them in another way"
    saved = "A letter was handed over, or somebody told in another way."
    intro = "Letters that nobody could send by themselves, or that did not arrive. Say it here once they were told."
    button = "Record that they were told"
    task = One((), label="Which?")
    words = Words(label="How were they told?", hint="For example: handed over at her work, 14:30")

    def prepare(self) -> None:
        """What is still to be done."""
        self.only(
            "task",
            [
                (str(one.pk), f"{one.what} ({day(timezone.localtime(one.made_at).date())})")
                for one in self.seen.to_pass_on
            ],
        )

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return telling.pass_on(
            self.user, self.seen.case, task=int(given["task"]), words=given["words"], **told
        )


class AnswerReviewForm(StepForm):
    """Somebody who asked for a review is answered."""

    command = "cases.answer_review"
    title = "Answer somebody who asked for a review"
    saved = "Whoever asked for a review is answered."
    intro = "They read your answer on their own page. Whoever decided in this case cannot answer."
    button = "Give the answer"
    asked = One((), label="Whom do you answer?")
    finding = One(FINDINGS, label="What did you find?")
    words = Words(
        label="Your answer to them", hint="In plain words: what you looked at, and why you find so"
    )

    def prepare(self) -> None:
        """Those who wait for an answer."""
        self.waiting = {str(one.pk): one for one in self.seen.reviews if not hasattr(one, "answer")}
        self.only(
            "asked", [(pk, f"{one.person.name}: {one.words}") for pk, one in self.waiting.items()]
        )

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Answer them."""
        given["asked"] = self.waiting[given["asked"]]
        return inviting.answer_review(self.user, self.seen.case, **told, **given)
