"""Forms for whoever runs the accounts of a force: opening, giving, ending, closing, and what a grade counts as."""

from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)

from amends.accounts import actions, passwords
from amends.accounts.models import User
from amends.accounts.permissions import table
from amends.accounts.queries import Holding
from amends.accounts.ranks import GRADES, RANKS
from amends.accounts.standing import PARTY, today
from amends.web.forms.fields import Day, Listed, One, Secret, Text, Tick, YesNo
from amends.web.forms.raising import Opening

FROM: Final = "From which day?"
FROM_HINT: Final = "For example, 27 3 2026. Leave it empty for today"


class OpenForm(Opening):
    """An account for somebody new."""

    title = "Open an account"
    intro = (
        "For somebody of your force, or of its panel. It holds nothing until you give it a role, and nobody "
        "signs in to it without a password or the force's directory."
    )
    button = "Open the account"
    username = Text(
        label="Username", most=150,
        hint="With it they sign in: letters, digits and @ . + - _. As in the force's directory, if you have one",
    )  # fmt: skip
    name = Text(label="Full name", most=200)
    email = forms.EmailField(
        label="Email address", required=False, max_length=200, help_text="You may leave it empty"
    )

    def perform(self) -> User:
        """Open it."""
        return actions.open_account(self.user, **self.cleaned_data)


class AboutForm(Opening):
    """A form about the account of somebody."""

    title = ""
    intro = ""
    button = "Save and go on"
    warns = False
    saved = "Saved."

    def __init__(self, user: User, about: User, *args: Any, **more: Any) -> None:
        self.about = about
        super().__init__(user, *args, **more)

    def perform(self) -> Any:
        """Do it; raises Refused."""
        given = dict(self.cleaned_data)
        return self.act(given.pop("key"), given)

    def act(self, key: str, given: dict[str, Any]) -> Any:
        """Do it with what was *given*."""
        raise NotImplementedError


class RoleForm(AboutForm):
    """A role."""

    title = "Give a role"
    intro = "A role says what somebody may do. They are signed out, and have it when they sign in again."
    button = "Give the role"
    saved = "Saved: they are given the role."
    role = One(
        [(name, told) for name, told in table().roles.items() if name != PARTY], label="Which role?"
    )
    starts = Day(label=FROM, hint=FROM_HINT, required=False)

    def act(self, key: str, given: dict[str, Any]) -> Any:
        """Give it."""
        on = given["starts"] or today()
        return actions.give_role(self.user, self.about, given["role"], on, key=key)


class RankForm(AboutForm):
    """A rank, their own or one they act up to."""

    title = "Give a rank"
    intro = (
        "A rank says what somebody may allow. The highest they hold counts: on promotion end the earlier one, "
        "so that nobody wonders."
    )
    button = "Give the rank"
    saved = "Saved: they are given the rank."
    rank = Listed(list(RANKS.items()), label="Which rank?")
    acting = YesNo(label="Do they only act up to it?", required=True)
    starts = Day(label=FROM, hint=FROM_HINT, required=False)

    def act(self, key: str, given: dict[str, Any]) -> Any:
        """Give it."""
        on = given["starts"] or today()
        return actions.give_rank(
            self.user, self.about, given["rank"], on, key=key, acting=bool(given["acting"])
        )


class GradeForm(AboutForm):
    """A staff grade."""

    title = "Give a staff grade"
    intro = "A grade is no rank, and allows nothing until your force says which rank it counts as."
    button = "Give the grade"
    saved = "Saved: they are given the grade."
    grade = One(list(GRADES.items()), label="Which grade?")
    starts = Day(label=FROM, hint=FROM_HINT, required=False)

    def act(self, key: str, given: dict[str, Any]) -> Any:
        """Give it."""
        on = given["starts"] or today()
        return actions.give_grade(self.user, self.about, given["grade"], on, key=key)


GIVES: Final[dict[str, type[AboutForm]]] = {"role": RoleForm, "rank": RankForm, "grade": GradeForm}
"""What can be given to somebody, by its name in an address."""


class EndForm(AboutForm):
    """Something that somebody holds is ended."""

    button = "End it"
    warns = True
    ends = Day(
        label="Which is the first day without it?", required=False,
        hint="For example, 27 3 2026. Leave it empty for today, or for tomorrow if it began today",
    )  # fmt: skip

    def __init__(self, user: User, about: User, row: Any, one: Holding, *args: Any) -> None:
        self.row = row
        self.title, self.saved = f"End: {one.name}", f"Saved: an end was set to this: {one.name}."
        self.intro = f"{about} has held it since {one.starts:%-d %B %Y}. An end is never moved."
        super().__init__(user, about, *args)

    def act(self, key: str, given: dict[str, Any]) -> Any:
        """End it."""
        return actions.end(self.user, self.row, given["ends"] or _soonest(self.row), key=key)


class CloseAccountForm(AboutForm):
    """An account is closed for good."""

    title = "Close the account"
    intro = (
        "They are signed out at once, and cannot sign in again. What they did stays theirs, under their name. "
        "A closed account is not opened again."
    )
    button = "Close the account"
    saved = "Saved: the account is closed."
    warns = True
    sure = Tick(label="They have left, or must not sign in any more")

    def act(self, key: str, given: dict[str, Any]) -> Any:
        """Close it."""
        return actions.close_account(self.user, self.about, key=key)


class PasswordLinkForm(AboutForm):
    """A link by which somebody chooses a password."""

    title = "Make a link to choose a password"
    intro = (
        "The link is shown to you once. Hand it to them, and to nobody else: whoever has it can choose their "
        "password. It works once, within 24 hours. That you made it is in the ledger."
    )
    button = "Make the link"
    link: tuple[str, str] = ("", "")

    def act(self, key: str, given: dict[str, Any]) -> Any:
        """Make it."""
        self.link = passwords.password_link(self.user, self.about, key=key)
        return self.link


class DelegateForm(Opening):
    """A grade counts as a rank."""

    title = "Say which grade counts as which rank"
    button = "Let it count"
    grade = One(list(GRADES.items()), label="Which staff grade?")
    rank = Listed(list(RANKS.items()), label="Which rank does it count as?")
    starts = Day(label=FROM, hint=FROM_HINT, required=False)
    source = Text(
        label="Decision it rests on", hint="For example the force order and its number", most=300
    )

    def perform(self) -> Any:
        """Say so."""
        given = dict(self.cleaned_data)
        given["starts"] = given["starts"] or today()
        return actions.delegate(self.user, **given)


class EndDelegationForm(Opening):
    """A grade no longer counts as a rank."""

    button = "End it"
    warns = True
    ends = Day(
        label="On which day does it count no longer?", required=False,
        hint="For example, 27 3 2026. Leave it empty for today, or for tomorrow if it began today",
    )  # fmt: skip

    def __init__(self, user: User, row: Any, *args: Any) -> None:
        self.row = row
        self.title = f"End: {GRADES[row.grade]} counts as {RANKS[row.rank]}"
        self.intro = f"So since {row.starts:%-d %B %Y}, by {row.source}. An end is never moved."
        super().__init__(user, *args)

    def perform(self) -> Any:
        """End it."""
        given = self.cleaned_data
        ends = given["ends"] or _soonest(self.row)
        return actions.end_delegation(self.user, self.row, ends, key=given["key"])


class ChooseForm(forms.Form):
    """A new password, twice."""

    first = Secret(label="New password")
    again = Secret(label="New password again")

    def __init__(self, user: User, *args: Any) -> None:
        self.user = user
        super().__init__(*args)
        self.fields["first"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """The same twice, and hard enough to guess."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, again = given.get("first"), given.get("again")
        if first and again and first != again:
            self.add_error("again", "The two are not the same: type both again")
        elif first:
            try:
                validate_password(first, self.user)
            except forms.ValidationError as weak:
                self.add_error("first", weak)
        return given


def _soonest(row: Any) -> Any:
    """The first day on which *row* may end: today, or the day after it began."""
    return max(today(), row.starts + actions.ONE_DAY)
