"""Whoever asked is named nowhere that others read: not by a part of the name, an address or a slip of the pen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.accounts.refusals import Refused
from amends.openness.register.nobody_named import MADE, TYPED, Asker, check_unnamed, shaped

ZEB = Asker(
    "Dr Zebedee Quillfeather",
    "zeb.quill92@example.org, 14 Acacia Avenue, Leeds, West Yorkshire LS1 4AB, 07700 900123, @zebzeb",
    "West Yorkshire Police",
)
BEFORE = st.sampled_from(["", "Thefts by year, for ", "Line one.\nAsked by ", "A policy that "])
AFTER = st.sampled_from(["", " of each year", ", and more.", ": figures"])
TELLS = st.sampled_from(
    [
        "Quillfeather", "quillfeather", "QUILLFEATHER", "Zebedee", "Quillfether", "Zebedee Quillfeather",
        "Quillfeather's",
        "14 Acacia Avenue", "Acacia Avenue", "LS1 4AB", "ls14ab", "zeb.quill92@example.org", "zebquill92",
        "07700 900 123",
        "Q u i l l f e a t h e r",
    ]
)  # fmt: skip


@given(BEFORE, TELLS, AFTER, st.sampled_from(sorted({*TYPED, *MADE})))
def test_whoever_asked_is_found_wherever_they_are_named(before, tells, after, name):
    with pytest.raises(Refused) as caught:
        check_unnamed(ZEB, {"within": [{name: f"{before}{tells}{after}"}]})
    assert caught.value.code == "REG-NAMED"
    assert "line" in str(caught.value)
    told = str(caught.value).casefold()
    assert "quill" not in told
    assert "acacia" not in told


@pytest.mark.parametrize(
    "text",
    [
        "Thefts in Leeds, by year", "West Yorkshire Police and their policy", "The avenue to a decision",
        "How many community resolutions were there in the last years?", "Feathers and quills, by kind of theft",
        "The letter of 14 March 2024 says under section 40 why.",
    ],
)  # fmt: skip
def test_what_names_nobody_passes(text):
    for name in (*TYPED, *MADE):
        check_unnamed(ZEB, {name: text})


def test_an_ordinary_word_is_a_name_where_it_is_written_as_one_and_never_in_what_the_program_made():
    may = Asker("May White", "may@example.org", "Kent Police")
    for text in ("As White asked", "What did May want?"):
        with pytest.raises(Refused, match="the title, line 1, word"):
            check_unnamed(may, {"title": text})
    check_unnamed(may, {"title": "Who may be given one, by the white paper"})
    made = "Table 1. By ethnicity, as on 31 May 2024\n  Asian  7\n  White  9\n  In Kent Police 16"
    check_unnamed(may, {"figures": made})
    kent = Asker("Clark Kent", "c@example.org", "Kent Police")
    check_unnamed(kent, {"figures": made, "title": "Kent Police and theft"})
    with pytest.raises(Refused, match="the letter with the figures, line 2, word 1"):
        check_unnamed(kent, {"figures": "x\nClark asked"})


def test_it_says_where_it_stands():
    with pytest.raises(Refused, match="the letter, line 3, word 2"):
        check_unnamed(ZEB, {"letter": "Dear all,\n\nAs Quillfeather asked."})


@pytest.mark.parametrize(
    "text", ["Write to j.smith@example.com", "Calls to 07700 900456", "Thefts in LS2 9JT"]
)
def test_the_head_of_the_log_says_where_nobody_is_reached(text):
    assert list(shaped(text))
    for name in ("title", "restated", "subject"):
        with pytest.raises(Refused, match="looks like"):
            check_unnamed(ZEB, {name: text})
    check_unnamed(ZEB, {"letter": text})


@given(st.text(max_size=200), st.text(min_size=1, max_size=40), st.text(max_size=60))
def test_any_text_is_judged_and_none_breaks_it(text, name, contact):
    asker = Asker(name, contact, "Kent Police")
    for made in (True, False):
        assert all(one for one in asker.named(text, made=made))
