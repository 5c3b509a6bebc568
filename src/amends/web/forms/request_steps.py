"""What every step of a request for information asks: on which day, and as the request was last seen."""

import uuid
from typing import Any, ClassVar, Final

from django import forms

from amends.accounts.models import User
from amends.accounts.standing import today
from amends.openness.register import actions
from amends.openness.register.reading import Standing
from amends.web.forms.fields import Choices, Day, Listed

NO_NAME: Final = "Do not name whoever asked: their name is kept apart."


class RequestForm(forms.Form):
    """One thing that happens to a request, on a day; `kind` is that of `register_life`."""

    kind: ClassVar[str]
    title: ClassVar[str]
    intro: ClassVar[str] = ""
    button: ClassVar[str] = "Save"
    warns: ClassVar[bool] = False

    key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, user: User, one: Standing, *args: Any, **more: Any) -> None:
        self.user, self.one = user, one
        more["initial"] = {"key": str(uuid.uuid4()), "expected": one.row.version, "on": today()}
        super().__init__(*args, **more)
        self.fields["on"] = Day(label="On which day?")
        self.prepare()

    def prepare(self) -> None:
        """Fill in what can be chosen."""

    def choices(self, name: str, choices: Choices) -> None:
        """Give the question *name* its *choices*."""
        field: Any = self.fields[name]
        field.choices = [("", "Choose"), *choices] if isinstance(field, Listed) else choices

    def perform(self) -> Any:
        """Have it happen; raises Refused."""
        given = dict(self.cleaned_data)
        told = {str(name): given.pop(name) for name in ("key", "expected", "on") if name in given}
        return self.act(told, given)

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Have it happen with what was *given*; *told* are the key, the version and the day."""
        words = given.pop("words", "")
        return actions.handle(
            self.user, self.one.row, kind=self.kind, data=self.held(given), words=words, **told
        )

    def held(self, given: dict[str, Any]) -> dict[str, Any]:
        """What the event is to hold of what was *given*."""
        return given


class OwnForm(RequestForm):
    """A step that has an action of its own."""

    def act(self, told: dict[str, Any], given: dict[str, Any]) -> Any:
        """Have it happen; a tick only has to be given."""
        given.pop("sure", None)
        return self.do(self.user, self.one.row, **told, **given)

    def do(self, *parts: Any, **given: Any) -> Any:
        """The action."""
        raise NotImplementedError
