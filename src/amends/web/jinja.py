"""The environment of the pages: GOV.UK macros, and the few words that every page needs."""

import datetime as dt
from typing import Any, Final

from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader

from amends.cases.lifecycle import lifecycle
from amends.notices.letters import template

GOVUK: Final = "govuk_frontend_jinja"


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja backend uses: every value is escaped."""
    own = options.pop("loader")
    made = Environment(
        loader=ChoiceLoader([own, PrefixLoader({GOVUK: PackageLoader(GOVUK)})]),
        extensions=["jinja2.ext.do"],
        **{**options, "undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True},
    )
    made.globals.update(
        static=static, url=_url, get_messages=get_messages, today=timezone.localdate
    )
    made.filters.update(
        day=day,
        last_day=last_day,
        moment=moment,
        words=words,
        state=state,
        pounds=pounds,
        letter=letter,
    )
    return made


def _url(name: str, *parts: Any) -> str:
    return reverse(name, args=parts)


def day(value: dt.date | str | None) -> str:
    """A day as people write it: 1 June 2013; `not known` where there is none."""
    if value is None:
        return "not known"
    found = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{found.day} {found:%B %Y}"


def last_day(first_without: dt.date) -> str:
    """The last day of something, of which *first_without* is the first day without it."""
    return day(first_without - dt.timedelta(days=1))


def moment(value: dt.datetime) -> str:
    """A time as people write it: 1 June 2013, 14:30."""
    local = timezone.localtime(value)
    return f"{day(local.date())}, {local:%H:%M}"


def words(value: str) -> str:
    """A name in code as words."""
    return value.replace("_", " ")


def state(value: str) -> str:
    """A state of a case in words."""
    return lifecycle().states[value]


def pounds(pence: int) -> str:
    """Pence as pounds: £12.50."""
    return f"£{pence / 100:,.2f}"


def letter(value: str) -> str:
    """The title of the letter of that kind."""
    return template(value, "en").title
