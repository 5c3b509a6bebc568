"""The decision, what must be recorded for it, and whoever may allow it."""

from typing import Any

from amends.accounts.standing import today
from amends.cases import queries
from amends.cases.actions import authorising, raising
from amends.cases.overriding import may_be_said
from amends.web.forms.fields import Listed, One, Several, Text, Tick, Words
from amends.web.forms.steps import StepForm

RECORDS = (
    ("history_check", "Earlier disposals were checked, and what was found"),
    ("rationale", "The reasons for the decision"),
    ("full_rationale", "A full rationale"),
    ("remedy_reason", "Why the action the victim asked for was not invited"),
    ("panel_referral", "That the case goes to the scrutiny panel"),
    ("youth_justice", "What the youth justice service said"),
)
OVERRIDES = (
    ("victim_disagrees", "A victim does not agree"),
    ("not_consulted", "A victim was not asked"),
    ("serious", "The offence is serious"),
    ("sexual", "It is a sexual offence"),
    ("domestic_abuse", "It is domestic abuse"),
    ("history", "There are earlier disposals"),
    ("other", "Another reason, given above"),
)
TASKS = (
    ("facilitate", "Facilitate a restorative process"), ("victim_care", "Look after a victim"),
    ("youth_justice", "Advise on a child"), ("help", "Help with the case"),
)  # fmt: skip


class RecordForm(StepForm):
    """Something the policy wants recorded."""

    command = "cases.rationale"
    title = "Record reasons and checks"
    saved = "Reasons or checks are recorded."
    kind = One(RECORDS, label="What do you record?")
    words = Words(label="In words")

    def prepare(self) -> None:
        """What is still owed is chosen first."""
        owed = [*self.seen.decision["owed"]] if self.seen.decision else []
        kinds = [name for name, _ in RECORDS if name in owed]
        if kinds:
            self.initial.setdefault("kind", kinds[0])

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return authorising.record(self.user, self.seen.case, **told, **given)


class SupervisorForm(StepForm):
    """A supervisor's guidance."""

    command = "cases.consult_supervisor"
    title = "Your guidance as a supervisor"
    saved = "A supervisor\u2019s guidance is recorded."
    words = Words(label="Your guidance")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Record it."""
        return authorising.consult_supervisor(self.user, self.seen.case, **told, **given)


class DecideForm(StepForm):
    """The policy of today is applied, and what it says is kept."""

    command = "cases.decide"
    title = "Keep what the policy says"
    saved = "What the policy says is kept."
    intro = "What the policy says of this case today is kept word for word, with every reason."
    button = "Keep the decision"

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Keep it."""
        return authorising.decide_case(self.user, self.seen.case, **told)


class AskForm(StepForm):
    """Somebody is asked to allow it."""

    command = "cases.ask_authority"
    title = "Ask somebody to allow it"
    saved = "Somebody is asked to allow it."
    button = "Ask them"
    of = Listed((), label="Whom do you ask?")

    def prepare(self) -> None:
        """Whoever holds the role and is not in the case."""
        self.found = {str(one.pk): one for one in queries.authorisers(self.user, self.seen.case)}
        self.only("of", [(number, _rank(one)) for number, one in self.found.items()])

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Ask."""
        return authorising.ask_authority(
            self.user, self.seen.case, of=self.found[given["of"]], **told
        )


def _rank(one: Any) -> str:
    return f"{one} ({one.username})"


class AuthoriseForm(StepForm):
    """It is allowed."""

    command = "cases.authorise"
    title = "Allow it"
    saved = "It is allowed."
    intro = "Read the reasons and the victim's words first. Nobody allows their own case beyond their own authority."
    button = "Allow it"
    reasons = Words(
        label="Your reasons", hint="The officer, the victim and the panel may read them"
    )
    overrides = Several(OVERRIDES, label="Does it go ahead all the same, although ...")
    no_conflict = Tick(label="I have no part in this case, and am close to nobody who has")

    def prepare(self) -> None:
        """Only those reasons that this case bears out."""
        may = may_be_said(self.seen.case, today())
        field: Any = self.fields["overrides"]
        field.choices = [(code, said) for code, said in OVERRIDES if code in may]

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Allow it."""
        return authorising.authorise(self.user, self.seen.case, **told, **given)


class RefuseForm(StepForm):
    """It is refused."""

    command = "cases.refuse_authority"
    title = "Refuse it"
    saved = "It is refused."
    button = "Refuse it"
    warns = True
    reasons = Words(label="Your reasons", hint="The officer and the victim can be told them")
    no_conflict = Tick(label="I have no part in this case, and am close to nobody who has")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Refuse it."""
        return authorising.refuse_authority(self.user, self.seen.case, **told, **given)


class AssignForm(StepForm):
    """Somebody is given a task."""

    command = "cases.assign"
    title = "Give somebody a task in the case"
    saved = "Somebody has a task in the case."
    user_ = Listed((), label="Who?")
    task = One(TASKS, label="Which task?")

    def prepare(self) -> None:
        """Colleagues of the force."""
        self.found = {str(one.pk): one for one in queries.colleagues(self.user)}
        self.only("user_", [(number, _rank(one)) for number, one in self.found.items()])

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Give it."""
        who = self.found[given["user_"]]
        return raising.assign(self.user, self.seen.case, user=who, task=given["task"], **told)


class NoteForm(StepForm):
    """A note."""

    command = "cases.note"
    title = "Write a note"
    saved = "The note is kept."
    words = Words(label="The note")

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Write it."""
        return raising.note(self.user, self.seen.case, **told, **given)


class ShareForm(StepForm):
    """The case is shared with somebody outside."""

    command = "cases.share"
    title = "Share the case with somebody outside the force"
    saved = "The case is shared with somebody outside the force."
    warns = True
    with_whom = Text(label="With whom?")
    reason = Text(label="Why may they see it?", most=500)

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Share it."""
        return raising.share(self.user, self.seen.case, **told, **given)


class LinkForm(StepForm):
    """Another case that belongs with it."""

    command = "cases.link"
    title = "Link it to another case"
    saved = "The cases are linked."
    other = Text(label="Reference of the other case", most=60)
    kind = One(
        (
            ("same_event", "The same event"), ("co_offender", "Somebody else responsible for it"),
            ("cross_allegation", "An allegation the other way"), ("series", "One of a series"),
        ),
        label="How do they belong together?",
    )  # fmt: skip

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Link them."""
        other = queries.find(self.user, given["other"], why="to link it to another case")
        return raising.link(self.user, self.seen.case, other=other, kind=given["kind"], **told)
