"""Questions as GOV.UK asks them, and how a page shows each with its error beside it."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils import timezone

Choices = Sequence[tuple[str, str]]
YES_NO: Final = (("yes", "Yes"), ("no", "No"))
_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")


class DayParts(forms.MultiWidget):
    """Day, month and year in three boxes."""

    def __init__(self) -> None:
        super().__init__(
            {"day": forms.TextInput(), "month": forms.TextInput(), "year": forms.TextInput()}
        )

    def decompress(self, value: Any) -> list[Any]:
        """The parts of a day."""
        return [value.day, value.month, value.year] if value else [None, None, None]


class Day(forms.MultiValueField):
    """A day, given in three boxes; None where all are empty and it need not be given."""

    widget = DayParts

    def __init__(self, *, label: str, hint: str = "", required: bool = True) -> None:
        parts = [forms.CharField(required=False, max_length=4) for _ in range(3)]
        super().__init__(
            parts, label=label, help_text=hint, required=required, require_all_fields=False,
            error_messages=_wrong("Enter", label),
        )  # fmt: skip

    def compress(self, parts: list[Any]) -> dt.date | None:
        """The day of which *parts* are day, month and year."""
        if not any(parts):
            return None
        try:
            day, month, year = (int(part) for part in parts)
            return dt.date(year, month, day)
        except (TypeError, ValueError):
            wrong = f"{self.label} must be a real date, for example 27 3 2025"
            raise forms.ValidationError(wrong) from None


class Clock(forms.CharField):
    """A time of day as hours and minutes; empty means now."""

    def __init__(self, *, label: str, hint: str = "") -> None:
        super().__init__(label=label, help_text=hint, required=False, max_length=5)

    def clean(self, value: Any) -> dt.time | None:
        """The time that *value* says."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        if found is None:
            raise forms.ValidationError(f"{self.label} must be a time, for example 14:30")
        return dt.time(int(found[1]), int(found[2]))


class Text(forms.CharField):
    """A line of text."""

    def __init__(
        self, *, label: str, hint: str = "", required: bool = True, most: int = 120, **more: Any
    ) -> None:
        super().__init__(
            label=label, help_text=hint, required=required, max_length=most, strip=True,
            error_messages=_wrong("Enter", label), **more,
        )  # fmt: skip


class Words(Text):
    """Several lines of text."""

    def __init__(
        self, *, label: str, hint: str = "", required: bool = True, most: int = 5000
    ) -> None:
        super().__init__(
            label=label, hint=hint, required=required, most=most, widget=forms.Textarea
        )


class Secret(forms.CharField):
    """A new password: kept as it was typed, and never put back on the page."""

    def __init__(self, *, label: str) -> None:
        super().__init__(
            label=label, max_length=200, strip=False, widget=forms.PasswordInput,
            error_messages=_wrong("Enter", label),
        )  # fmt: skip


class One(forms.ChoiceField):
    """One of a few choices."""

    def __init__(
        self, choices: Choices, *, label: str, hint: str = "", required: bool = True, **more: Any
    ) -> None:
        super().__init__(
            choices=choices, label=label, help_text=hint, required=required, widget=forms.RadioSelect,
            error_messages=_wrong("Select", label), **more,
        )  # fmt: skip


class Listed(One):
    """One of many choices, in a list that opens."""

    def __init__(
        self, choices: Choices, *, label: str, hint: str = "", required: bool = True
    ) -> None:
        super().__init__([("", "Choose"), *choices], label=label, hint=hint, required=required)
        self.widget = forms.Select()
        self.widget.choices = self.choices


class YesNo(One):
    """Yes or no; None where nothing was chosen, which is not known and never no."""

    def __init__(self, *, label: str, hint: str = "", required: bool = False) -> None:
        super().__init__(YES_NO, label=label, hint=hint, required=required)

    def clean(self, value: Any) -> bool | None:
        """True, False, or None."""
        return {"yes": True, "no": False}.get(super().clean(value))


class Several(forms.MultipleChoiceField):
    """Any of some choices."""

    def __init__(
        self, choices: Choices, *, label: str, hint: str = "", required: bool = False
    ) -> None:
        super().__init__(
            choices=choices, label=label, help_text=hint, required=required,
            widget=forms.CheckboxSelectMultiple,
            error_messages=_wrong("Select", label),
        )  # fmt: skip


class Tick(forms.BooleanField):
    """One statement to be ticked."""

    def __init__(self, *, label: str, hint: str = "", required: bool = True) -> None:
        super().__init__(
            label=label, help_text=hint, required=required,
            error_messages={"required": f"Tick to say: {label}"},
        )  # fmt: skip


def _wrong(verb: str, label: str) -> dict[str, str]:
    """What is said where a field is left empty, or holds what was not offered, or is too long."""
    named = label if label[:2] == "I " else label[:1].lower() + label[1:]
    return {
        "required": f"Answer this: {label}" if label.endswith("?") else f"{verb} {named}",
        "invalid_choice": f"Choose one that is listed: {label}",
        "max_length": f"{label.rstrip('?')}: this has %(show_value)d letters, and at most %(limit_value)d are kept",
    }


def at(day: dt.date | None, clock: dt.time | None) -> dt.datetime:
    """The moment that was said: now, where neither a *day* nor a time was; noon, where only a day was."""
    if day is None and clock is None:
        return timezone.now()
    on = day or timezone.localdate()
    return timezone.make_aware(dt.datetime.combine(on, clock or dt.time(12)))


# --- how a page shows them --------------------------------------------------------------------------


def shown(
    form: forms.Form, names: Collection[str] | None = None
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each visible question of *form*, or those of *names*, as the name of a GOV.UK macro and its parameters."""
    for bound in form.visible_fields():
        if names is not None and bound.name not in names:
            continue
        field = bound.field
        common = {
            "idPrefix": bound.auto_id, "id": bound.auto_id, "name": bound.html_name,
            "hint": {"text": field.help_text} if field.help_text else None,
            "errorMessage": {"text": str(bound.errors[0])} if bound.errors else None,
        }  # fmt: skip
        yield _kind(field), {k: v for k, v in {**common, **_parts(bound)}.items() if v is not None}


def _kind(field: forms.Field) -> str:
    match field:
        case Day():
            return "date"
        case Tick() | Several():
            return "checkboxes"
        case Listed():
            return "select"
        case One():
            return "radios"
        case Words():
            return "textarea"
    return "input"


def _parts(bound: Any) -> dict[str, Any]:
    field, value = bound.field, bound.value()
    label = str(bound.label)
    if isinstance(field, Day):
        return _day_parts(bound, label)
    if isinstance(field, Tick):
        one = {"value": "on", "text": label, "checked": bool(value)}
        return {"items": [one]}
    if isinstance(field, Several | One):
        chosen = value if isinstance(value, list | tuple) else [value]
        told = [str(one) for one in chosen if one is not None]
        mark = "selected" if isinstance(field, Listed) else "checked"
        items = [
            {"value": k, "text": t, mark: str(k) in told} for k, t in bound.field.widget.choices
        ]
        if isinstance(field, Listed):
            return {"label": {"text": label, "classes": "govuk-label--s"}, "items": items}
        short = not isinstance(field, Several) and len(items) == 2
        return {
            "fieldset": {"legend": {"text": label, "classes": "govuk-fieldset__legend--s"}},
            "items": items, "classes": "govuk-radios--inline" if short else None,
        }  # fmt: skip
    more: dict[str, Any] = {
        "label": {"text": label, "classes": "govuk-label--s"},
        "value": value or "",
    }
    return more | _box(field)


def _box(field: forms.Field) -> dict[str, Any]:
    """How the box to type in differs from a line of text."""
    match field:
        case Secret():
            return {
                "value": "", "type": "password", "autocomplete": "new-password", "spellcheck": False,
            }  # fmt: skip
        case Words():
            return {"rows": 3}
        case Clock():
            return {"classes": "govuk-input--width-5"}
        case forms.IntegerField():
            return {"inputmode": "numeric", "classes": "govuk-input--width-5"}
    return {}


def _day_parts(bound: Any, label: str) -> dict[str, Any]:
    value = bound.value()
    values = (
        bound.field.widget.decompress(value) if isinstance(value, dt.date) else value or [None] * 3
    )
    wrong = " govuk-input--error" if bound.errors else ""
    items = [
        {
            "name": f"{bound.html_name}_{part}", "id": f"{bound.auto_id}_{part}", "label": part.capitalize(),
            "value": "" if one is None else str(one), "classes": f"govuk-input--width-{width}{wrong}",
        }
        for part, one, width in zip(("day", "month", "year"), values, (2, 2, 4), strict=True)
    ]  # fmt: skip
    legend = {"text": label, "classes": "govuk-fieldset__legend--s"}
    return {"fieldset": {"legend": legend}, "items": items}


def errors(form: forms.Form) -> list[dict[str, str]]:
    """What is wrong, for the summary at the top: each with a link to its question."""
    found = [{"text": str(one), "href": "#answers"} for one in form.non_field_errors()]
    for bound in form.visible_fields():
        place = f"{bound.auto_id}_day" if isinstance(bound.field, Day) else bound.auto_id
        found += [{"text": str(one), "href": f"#{place}"} for one in bound.errors]
    return found
