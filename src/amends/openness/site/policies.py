"""The page of the policies: who may allow what in words, and every source named and linked."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final

from amends.openness.site.wording import Words
from amends.policy.library import published
from amends.policy.naming import NOT_READ, named_sources
from amends.policy.rules import Authority, Policy

_MAY: Final = {
    Authority.OFFICER: "may_officer", Authority.SERGEANT: "may_sergeant", Authority.INSPECTOR: "may_inspector",
    Authority.SUPERINTENDENT: "may_superintendent", Authority.NOBODY: "may_nobody",
}  # fmt: skip
_SURE: Final = {
    "read": "sure_read",
    "reported": "sure_reported",
    "illustrative": "sure_illustrative",
}
_NAMED: Final = re.compile(r"src (\w+(?:, \w+)*)")
"""Sources as a note names them: `src 4, 10`."""
_CALLED: Final = {"founding article": "the newspaper article"}
_ADDRESS: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/\S*)?")


def listed(words: Words) -> Iterator[str]:
    """Every policy that ships, the oldest first, and then the sources that they name."""
    yield f"<p>{escape(words('policies_real'))}</p><p>{escape(words('policies_read'))}</p>"
    held = sorted(published().policies, key=lambda one: (one.starts, one.id))
    for policy in held:
        yield from _policy(policy, words)
    named = set[str]()
    for policy in held:
        named.update(_named(policy))
    yield f'<h2 id="sources">{escape(words("sources"))}</h2>\n<dl lang="en">'
    for name, (what, where) in sources().items():
        if name in named:
            yield f'<dt id="{_place(name)}">{escape(_called(name))}</dt><dd>{escape(what)}{_at(where)}</dd>'
    yield "</dl>"


@cache
def sources() -> Mapping[str, tuple[str, str]]:
    """The sources that ship: by its number what each is, and where it was found, empty if that was not noted."""
    text = (files("amends.policy") / "published" / "sources.csv").read_text("utf-8")
    return {one["number"]: (one["name"], one["where"]) for one in csv.DictReader(text.splitlines())}


def _named(policy: Policy) -> Iterator[str]:
    """The sources that ship which a policy or its rules name, those in their words too."""
    for one in (policy.source, *(rule.source for rule in policy.rules)):
        yield from (name for name in named_sources(one) if name in sources())
    for said in (policy.note, *(rule.clause for rule in policy.rules)):
        for found in _NAMED.finditer(said):
            yield from (name for name in found[1].split(", ") if name in sources())


def _policy(policy: Policy, words: Words) -> Iterator[str]:
    draft = f" {words('policy_draft')}" if policy.draft else ""
    dates = _dates(policy.starts, policy.ends, words)
    yield f"<details><summary>{_english(escape(policy.title), words)} ({escape(dates)}){escape(draft)}</summary>"
    yield f"<p>{_english(escape(policy.owner), words)}. {_sourced(policy, policy.source, policy.confidence, words)}</p>"
    yield f"<p>{_english(_linked(policy.note), words)}</p>\n<ul>"
    for rule in policy.rules:
        yield (
            f"<li>{_english(escape(rule.because), words)} <strong>{escape(words(_MAY[rule.allow]))}</strong> "
            f'<span class="quiet">{_english(_linked(rule.clause), words)}. '
            f"{_sourced(policy, rule.source, rule.confidence, words)}</span></li>"
        )
    yield "</ul></details>"


def _english(html: str, words: Words) -> str:
    """*html* that is English, marked where the page is not."""
    return html if words.language == "en" else f'<span lang="en">{html}</span>'


def _dates(starts: date, ends: date | None, words: Words) -> str:
    """From when to when, both days included; a policy's `ends` is the first day on which it is over."""
    if ends is None:
        return words("since").format(start=words.day(starts))
    return words("from_to").format(start=words.day(starts), end=words.day(ends - timedelta(days=1)))


def _sourced(policy: Policy, source: str, confidence: str, words: Words) -> str:
    """Where it comes from, each source linked to the list below, and how far it can be trusted."""
    said = [
        f'<span lang="en">{escape(policy.sources[name])}</span>'
        if name in policy.sources
        else _link(name)
        for name in named_sources(source)
        if name != NOT_READ
    ]
    sure = escape(words(_SURE[confidence]))
    return f"{escape(words('from_source'))} {', '.join(said)}. {sure}" if said else sure


def _linked(text: str) -> str:
    """*text* as HTML, each source in it a link."""
    made, at = "", 0
    for found in _NAMED.finditer(text):
        made += escape(text[at : found.start()])
        made += ", ".join(map(_link, found[1].split(", ")))
        at = found.end()
    return made + escape(text[at:])


def _link(name: str) -> str:
    if name not in sources():
        return escape(name)
    return f'<a href="#{_place(name)}" lang="en">{escape(_called(name))}</a>'


def _called(name: str) -> str:
    return f"source {name}" if name[0].isdigit() else _CALLED.get(name, name)


def _place(name: str) -> str:
    return f"source-{name.replace(' ', '-')}"


def _at(where: str) -> str:
    """Where a source was found: a link if that is an address."""
    if not where:
        return ". No address was noted."
    if not _ADDRESS.fullmatch(where):
        return f". {escape(where)}"
    return f'. <a href="https://{escape(where)}">{escape(where)}</a>'
