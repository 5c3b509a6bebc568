"""The sentences of the site: a verb in each, what is withheld said to be, nothing told that no table tells."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.disclosure.tables import MARKER
from amends.openness.counted import NOT_LISTED
from amends.openness.site import asking, figures
from amends.openness.site.sentences import headline
from amends.openness.site.wording import LANGUAGES, Words
from support.safe import safe

PERIOD = (date(2011, 4, 1), date(2014, 3, 31))
SHARES = [slug for slug, shows in figures.PAGES.items() if shows.part]
VICTIMS = {
    "agreed": 700, "no victim": 50, "no view, or not reached": 30, "one or more disagreed": 20, "not known": 90,
}  # fmt: skip


def of_labels(counts):
    """The answer to a question, of a table with one row of labels for all years."""
    rows = [("All", sum(n for n in counts.values() if n != MARKER) + 7), *counts.items()]
    table = safe([("All years", *row) for row in rows], columns=("row", "label", "count"))
    return SimpleNamespace(tables=(table,))


def said(words, page="victims", counts=VICTIMS, language="en"):
    found = {figures.PAGES[page].question: of_labels(counts)}
    (one,) = [one for says in asking.ASKED.values() for one in says if one.words == words]
    return asking.sentence(one, found, PERIOD, Words(language))


@pytest.mark.parametrize("slug", SHARES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_share_is_a_sentence_with_its_part_its_base_and_its_share(slug, language):
    shows = figures.PAGES[slug]
    shown = [(shows.part[0], 750), ("something else", 250)]
    told, chance = headline(slug, shown, shows, Words(language))
    assert "75.0 %" in told
    assert "750" in told
    assert "1,000" in told
    assert told[0].isupper()
    assert told.endswith(".")
    assert ("72.2" in chance and "77.6" in chance) != shows.of_records


def test_a_share_speaks_in_a_sentence():
    told, _ = headline(
        "feedback",
        [("satisfied", 80), ("dissatisfied", 20)],
        figures.PAGES["feedback"],
        Words("en"),
    )
    assert told == (
        "Victims were satisfied in 80 of the 100 cases in which they were asked afterwards and answered: 80.0 %."
    )


@pytest.mark.parametrize("slug", SHARES)
def test_no_sentence_where_a_figure_is_withheld_or_too_few_are_counted(slug):
    shows = figures.PAGES[slug]
    for shown in ([(shows.part[0], 750), ("else", MARKER)], [(shows.part[0], 20), ("else", 20)]):
        assert headline(slug, shown, shows, Words("en")) == ("", "")


def test_the_answer_to_whether_victims_wanted_it_counts_those_who_said_no():
    assert said("wanted_not") == (
        "In 20 cases one or more victims said no, and it was settled this way all the same. "
        "In 30 they gave no view or were not reached. In 90 what they said is not on record."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_that_is_withheld_says_so_within_the_sentence(language):
    told = said("wanted_not", counts=VICTIMS | {"one or more disagreed": MARKER}, language=language)
    assert Words(language)("untold_number") in told
    assert MARKER not in told
    assert "30" in told


@given(counts=st.fixed_dictionaries({name: st.integers(5, 9_000) for name in VICTIMS}))
def test_what_is_in_no_row_is_of_no_case_and_what_is_not_listed_is_not_known(counts):
    known = {
        name: n for name, n in counts.items() if name not in ("not known", "one or more disagreed")
    }
    told = said("wanted_not", counts=known | {NOT_LISTED: counts["not known"]})
    assert told.startswith("In 0 cases")
    assert told.endswith(f"In {counts['not known']:,} what they said is not on record.")


def test_what_is_not_listed_is_outside_a_share_as_what_is_not_known_is():
    shows = figures.PAGES["victims"]
    assert figures.share([("agreed", 70), ("else", 30), (NOT_LISTED, 9)], shows) == (70, 100)


def test_whether_it_works_begins_with_what_cannot_be_said():
    first = asking.ASKED["works"][0]
    assert "cannot say whether community resolutions work" in Words("en")(first.words)
