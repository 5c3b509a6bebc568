"""Names and reasons stand in no address: a search is sent, kept, and shown at a number."""

import pytest
from django.urls import reverse

from amends.cases import queries
from amends.web.looked_for import MOST
from support.record import Crew, person

pytestmark = pytest.mark.django_db
SECRET = "Invented Shop"
REASON = "Somebody rang about it"


def sent(client, name, **given):
    """The search as its form sends it, and every address that the browser is led through."""
    return client.post(reverse(name), given, follow=True)


def addresses(answer):
    return " ".join(
        [*(where for where, _ in answer.redirect_chain), answer.request["QUERY_STRING"]]
    )


@pytest.mark.parametrize("name", ["search", "find", "people"])
def test_the_form_of_a_search_is_sent_and_not_put_into_the_address(crew, sign_in, name):
    html = sign_in(person(crew.force, "officer", "supervisor", "administrator")).get(reverse(name))
    main = html.content.decode().partition("<main")[2]
    assert 'method="get"' not in main
    assert '<form method="post"' in main
    assert "csrfmiddlewaretoken" in main


def test_a_name_and_a_reason_are_in_no_address_and_the_case_is_found(crew, sign_in):
    case = crew.shoplifting()
    client = sign_in(crew.officer)
    answer = sent(client, "search", words=SECRET, why=REASON)
    assert case.reference in answer.content.decode()
    assert answer.redirect_chain == [(f"{reverse('search')}?kept=1", 302)]
    assert "Invented" not in addresses(answer)
    assert "rang" not in addresses(answer)
    again = client.get(f"{reverse('search')}?kept=1").content.decode()
    assert case.reference in again, "Back, and loading again, show the same"


def test_somebody_else_sees_nothing_of_a_kept_search_and_it_goes_at_sign_out(crew, sign_in):
    case = crew.shoplifting()
    client = sign_in(crew.officer)
    sent(client, "search", words=SECRET, why=REASON)
    where = f"{reverse('search')}?kept=1"
    other = sign_in(crew.officer).get(where).content.decode()
    client.logout()
    client.force_login(crew.officer)
    later = client.get(where).content.decode()
    for html in (other, later):
        assert case.reference not in html
        assert SECRET not in html
        assert "cases found" not in html


def test_the_latest_few_searches_are_kept(crew, sign_in):
    client = sign_in(crew.officer)
    for number in range(MOST + 3):
        sent(client, "search", words=f"Word{number}", why=REASON)
    for number in range(MOST + 3):
        html = client.get(f"{reverse('search')}?kept={number + 1}").content.decode()
        assert (f"Word{number}" in html) is (number >= 3), number
    assert len(client.session["amends_looked_for"]) == MOST


@pytest.mark.parametrize("wrong", ["0", "99", "x", "", "1' OR 1"])
def test_a_number_that_is_none_asks_anew(crew, sign_in, wrong):
    client = sign_in(crew.officer)
    for name in ("search", "find"):
        answer = client.get(reverse(name), {"kept": wrong})
        assert answer.status_code == 200
        assert "cases found" not in answer.content.decode()


def test_the_next_page_of_what_was_found_names_nothing_either(crew, sign_in):
    cases = [crew.raised() for _ in range(queries.PAGE + 1)]
    client = sign_in(crew.officer)
    answer = sent(client, "find", **{"case.state": "raised", "why": REASON})
    assert "rang" not in addresses(answer)
    first = answer.content.decode()
    older = first.split(">Older cases<")[0].rsplit('href="', 1)[1].split('"')[0]
    assert older.startswith("?kept=1&amp;after=")
    second = client.get(reverse("find") + older.replace("&amp;", "&")).content.decode()
    oldest, newest = f">{cases[0].reference}<", f">{cases[-1].reference}<"
    assert (oldest in first, newest in first) == (False, True)
    assert (oldest in second, newest in second) == (True, False)


def test_why_somebody_looks_at_a_case_is_in_no_address_and_leads_to_the_page_asked_for(
    crew, sign_in
):
    case = crew.shoplifting()
    client = sign_in(crew.sergeant)
    for name in ("case", "timeline"):
        where = reverse(name, args=[case.pk])
        client.session.flush()
        client = sign_in(crew.sergeant)
        asked = client.get(where)
        html = asked.content.decode()
        assert asked.status_code == 403
        assert 'method="get"' not in html.partition("<main")[2]
        assert f'name="next" value="{where}"' in html
        answer = client.post(
            reverse("case", args=[case.pk]), {"why": REASON, "next": where}, follow=True
        )
        assert answer.redirect_chain == [(where, 302)]
        assert answer.status_code == 200
        assert case.reference in answer.content.decode()
    assert client.session["amends_why"] == {str(case.pk): REASON}


def test_a_reason_of_nothing_is_none(crew, sign_in):
    case = crew.shoplifting()
    answer = sign_in(crew.sergeant).post(reverse("case", args=[case.pk]), {"why": " "}, follow=True)
    assert answer.status_code == 403
    assert "Why do you look" in answer.content.decode()


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "/people/", "../../", "?x"]
)
def test_a_reason_leads_nowhere_else(crew, sign_in, there):
    case = crew.shoplifting()
    here = reverse("case", args=[case.pk])
    client = sign_in(crew.sergeant)
    for where in (there, here + "../../people/"):
        answer = client.post(here, {"why": REASON, "next": where})
        assert answer.url.startswith(here)
        assert "evil" not in answer.url


def test_a_case_that_one_may_not_see_takes_no_reason(crew, sign_in):
    case = crew.shoplifting()
    stranger = sign_in(Crew("kent").officer)
    assert stranger.post(reverse("case", args=[case.pk]), {"why": REASON}).status_code == 404
    assert "amends_why" not in stranger.session
