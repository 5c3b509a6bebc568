"""People are found however their names were spelt, and only by those who may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.cases import queries
from amends.cases.actions import raising
from amends.cases.models import NameKey
from amends.cases.sounding import LONGEST, keys
from support.record import Crew


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Smith", "Smyth"), ("Mohammed", "Muhammad"), ("Stephen", "Steven"), ("Catherine", "Katherine"),
        ("Siân", "Sian"), ("O'Brien", "O Brien"), ("Jon", "John"), ("Philip", "Filip"), ("MACDONALD", "macdonald"),
    ],
)  # fmt: skip
def test_names_that_sound_alike_have_one_key(one, two):
    assert keys(one) == keys(two)
    assert keys(one)


def test_names_that_do_not_sound_alike_have_not():
    assert not keys("Smith") & keys("Jones")
    assert keys("") == keys("123 !") == frozenset()


@given(st.text(max_size=60))
def test_any_text_has_keys_that_fit(name):
    assert all(0 < len(key) <= LONGEST for key in keys(name))


@pytest.mark.django_db
def test_a_person_is_found_by_near_spelling_and_by_every_word():
    crew = Crew("kent")
    case = crew.raised()
    crew.does(raising.add_person, case, part="witness", kind="person", name="Invented Smyth")
    for words in ("smith", "Smyth", "Invented Smith", "INVENTID SMITH", case.reference):
        assert queries.search(crew.officer, words, why="a test") == [case], words
    assert queries.search(crew.officer, "Invented Jones", why="a test") == []
    other = Crew("gwent")
    assert queries.search(other.officer, "Smith", why="a test") == []
    assert NameKey.objects.count() == 2


@pytest.mark.django_db
def test_a_search_asks_as_many_questions_of_many_cases_as_of_one(django_assert_max_num_queries):
    crew = Crew("kent")
    for number in range(12):
        case = crew.raised()
        crew.does(
            raising.add_person, case, part="witness", kind="person", name=f"Invented Smith {number}"
        )
        if number in (0, 11):
            with django_assert_max_num_queries(6):
                found = queries.search(crew.officer, "Smyth", why="a test")
            assert len(found) == number + 1
