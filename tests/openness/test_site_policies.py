"""The page of the policies: it calls real texts real, says ranks in words, and tells what every source is."""

import csv
import re
from datetime import date
from html import unescape
from importlib.resources import files

import pytest

from amends.openness.site import policies
from amends.openness.site.wording import LANGUAGES, Words
from amends.policy.library import published
from amends.policy.naming import NOT_READ, named_sources
from amends.policy.rules import GRANTED


def told(language="en"):
    return "\n".join(policies.listed(Words(language)))


def text(html):
    return unescape(re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_that_a_rule_names_is_a_link_to_what_it_is(language):
    html = told(language)
    links = set(re.findall(r'href="#(source-[^"]+)"', html))
    places = re.findall(r'<dt id="(source-[^"]+)"', html)
    assert links == set(places)
    assert len(places) == len(set(places))
    named = {
        name
        for policy in published().policies
        for one in (policy, *policy.rules)
        for name in named_sources(one.source)
    } - {NOT_READ}
    assert named <= {place.removeprefix("source-").replace("-", " ") for place in places}
    assert not re.search(r"\bsrc\b", text(html))


def test_a_source_has_its_title_and_its_address():
    html = told()
    table = files("amends.policy") / "published" / "sources.csv"
    for one in csv.DictReader(table.read_text("utf-8").splitlines()):
        if f'id="source-{one["number"].replace(" ", "-")}"' not in html:
            continue
        assert one["name"] in text(html)
        if re.match(r"[\w-]+\.[\w.-]+", one["where"]):
            assert f'<a href="https://{one["where"]}">' in html
    assert '<a href="https://yjlc.uk">yjlc.uk</a>' in html


def test_ranks_and_how_far_to_trust_are_sentences():
    shown = text(told())
    for bare in (*GRANTED, "read", "reported", "illustrative"):
        assert not re.search(rf"[.(] ?{bare}[.)]", shown), bare
    assert "Who may allow it then: an Inspector or above." in shown
    assert "Who may allow it then: nobody." in shown
    assert "We did not read the text itself" in shown


def test_the_last_day_of_a_policy_is_its_last_day():
    policy = published().find("avon-and-somerset-2011")
    assert policy.ends == date(2017, 1, 1)
    assert "(from 1 April 2011 to 31 December 2016)" in told()
    assert "(o 1 Ebrill 2011 i 31 Rhagfyr 2016)" in told("cy")


def test_a_draft_says_that_it_is_one_and_nothing_else_does():
    summaries = re.findall(r"<summary>(.*?)</summary>", told())
    drafts = [one.title for one in published().policies if one.draft]
    assert drafts
    assert sum("a draft" in one for one in summaries) == len(drafts)
    for title in drafts:
        assert any(title in unescape(one) and "a draft" in one for one in summaries)


def test_a_text_with_a_tag_is_shown_and_does_nothing():
    assert policies._linked("<b> src 4, 999 & more") == (
        '&lt;b&gt; <a href="#source-4" lang="en">source 4</a>, 999 &amp; more'
    )
    assert policies._at("package crime-sim") == ". package crime-sim"
