"""What a case answers to whoever doubts it: a part in it that is declared, its receipt, and who looked."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amends.cases.actions import raising
from amends.cases.models import Case, Conflict
from amends.ledger.looking import gather
from amends.ledger.models import Entry
from amends.ledger.notes import Signer
from amends.ledger.sequencing import sequence
from amends.ledger.verifying import NotShown, verify
from amends.web.urls import FOR
from support.record import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path


@pytest.fixture
def signer():
    return Signer("invented.example/ledger", bytes(range(32)))


@pytest.fixture
def publish(tmp_path, signer):
    def published():
        sequence(tmp_path / "ledger", signer)
        gather(tmp_path / "ledger", signer)

    return published


def send(client, page, case, /, **given):
    return client.post(reverse(page, args=[case.pk]), {"key": str(uuid.uuid4()), **given})


def read(client, page, case, **given):
    return client.get(reverse(page, args=[case.pk]), given).content.decode()


# --- a part in it -------------------------------------------------------------------------------------------


def test_whoever_is_part_of_a_case_says_so_and_it_is_not_there_any_more(crew, sign_in):
    case, nowhere = crew.shoplifting(), 10**9
    client = sign_in(crew.sergeant)
    page = read(client, "conflict", case)
    assert "you do not see this case any more" in page
    assert "Invented Suspect" not in page  # to say it, nothing of the case need be read
    assert send(client, "conflict", case, reason="My neighbour").status_code == 422
    assert send(client, "conflict", case, sure="on").status_code == 422
    assert not Conflict.objects.exists()
    answer = send(client, "conflict", case, reason="My neighbour", sure="on")
    assert answer["Location"] == reverse("home")
    assert (Conflict.objects.get().user, Conflict.objects.get().reason) == (
        crew.sergeant,
        "My neighbour",
    )
    assert Entry.objects.filter(kind="cases.conflict", by=crew.sergeant.pseudonym).count() == 1
    assert "you see that case no more" in client.get(reverse("home")).content.decode()
    for name in ("case", "timeline", "conflict", "receipt", "looks", "receipt_text"):
        told = [
            client.get(reverse(name, args=[number]), {"why": "x"}) for number in (case.pk, nowhere)
        ]
        assert [one.status_code for one in told] == [404, 404]
        assert without_token(told[0].content) == without_token(told[1].content)
    assert case.reference not in client.get(reverse("cases")).content.decode()
    found = client.get(reverse("search"), {"words": case.reference, "why": "x"}).content.decode()
    assert "No cases found" in found
    assert sign_in(crew.officer).get(reverse("case", args=[case.pk])).status_code == 200


def without_token(content):
    marker = b'name="csrfmiddlewaretoken" value="'
    head, found, rest = content.partition(marker)
    return head + rest[rest.find(b'"') :] if found else content


# --- a receipt ----------------------------------------------------------------------------------------------


def test_a_receipt_is_asked_for_published_and_holds(crew, sign_in, publish, signer):
    case = crew.shoplifting()
    client = sign_in(crew.sergeant)
    assert "Nobody has asked for a receipt" in read(client, "receipt", case)
    assert client.get(reverse("receipt_text", args=[case.pk])).status_code == 302
    assert send(client, "receipt", case).status_code == 302
    page = read(client, "receipt", case)
    assert "The published ledger does not cover that yet" in page
    assert "Download" not in page
    publish()
    page = read(client, "receipt", case)
    assert "Download the receipt" in page
    assert "does not cover" not in page
    assert "not covered by it" not in page
    assert f"amends verify receipt-{case.reference.replace('/', '-')}.txt --key KEY" in page
    assert signer.verifier.text.replace("+", "&#43;") in page or signer.verifier.text in page
    answer = client.get(reverse("receipt_text", args=[case.pk]))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert 'attachment; filename="receipt-' in answer["Content-Disposition"]
    shown = verify(answer.content.decode(), signer.verifier)
    assert (shown.case, shown.force) == (case.reference, crew.force.pk)
    assert len(shown.events) == Entry.objects.filter(case=case.reference).count()
    with pytest.raises(NotShown):
        verify(answer.content.decode(), Signer("invented.example/ledger", bytes(32)).verifier)


def test_events_that_came_after_are_said_not_to_be_covered(crew, sign_in, publish, signer):
    case = crew.raised()
    client = sign_in(crew.sergeant)
    publish()
    send(client, "receipt", case)
    publish()
    first = client.get(reverse("receipt_text", args=[case.pk])).content
    crew.does(raising.note, case, words="One more.")
    assert "1 newer event is not covered by it" in read(client, "receipt", case)
    publish()
    page = read(client, "receipt", case)
    assert "1 newer event is not covered by it" in page
    assert len(verify(client.get(reverse("receipt_text", args=[case.pk])).content.decode(),
                      signer.verifier).events) == 2  # fmt: skip
    send(client, "receipt", case)
    page = read(client, "receipt", case)
    assert "2 newer events are not covered by it" in page  # the last asking is one of them
    assert "does not cover that yet" in page
    publish()
    later = client.get(reverse("receipt_text", args=[case.pk])).content
    assert len(verify(later.decode(), signer.verifier).events) == 4
    assert later != first


def test_a_form_sent_twice_asks_once(crew, sign_in):
    case = crew.raised()
    client = sign_in(crew.sergeant)
    for _ in range(2):
        client.post(reverse("receipt", args=[case.pk]), {"key": "twice"})
    assert Entry.objects.filter(kind="ledger.receipt").count() == 1


def test_where_the_published_ledger_is_broken_that_is_said(crew, sign_in, publish, tmp_path):
    case = crew.raised()
    client = sign_in(crew.sergeant)
    send(client, "receipt", case)
    publish()
    for tile in (tmp_path / "ledger" / "epoch-1" / "tile").rglob("*"):
        if tile.is_file():
            tile.write_bytes(bytes(tile.stat().st_size))
    for name in ("receipt", "receipt_text"):
        answer = client.get(reverse(name, args=[case.pk]))
        assert answer.status_code == 403
        assert "The published ledger cannot be read" in answer.content.decode()


def test_of_a_case_of_which_the_ledger_holds_nothing_there_is_no_receipt(crew, sign_in):
    case = Case.objects.create(
        force=crew.force,
        reference="BARE/1",
        state="raised",
        raised_by=crew.officer,
        officer=crew.officer,
    )
    answer = send(sign_in(crew.sergeant), "receipt", case)
    assert answer.status_code == 422
    assert "The ledger holds nothing of this case" in answer.content.decode()
    assert not Entry.objects.filter(kind="ledger.receipt").exists()


# --- who looked ---------------------------------------------------------------------------------------------


def test_the_auditor_reads_who_looked_when_and_why_by_name(crew, sign_in, publish):
    case, other = crew.shoplifting(), crew.raised()
    type(crew.officer).objects.filter(pk=crew.officer.pk).update(
        first_name="Ada", last_name="Inventedson"
    )
    assert sign_in(crew.officer).get(reverse("case", args=[case.pk])).status_code == 200
    sergeant = sign_in(crew.sergeant)
    sergeant.get(reverse("case", args=[case.pk]), {"why": "Somebody rang about it"})
    sergeant.get(reverse("case", args=[other.pk]), {"why": "Quite another matter"})
    sergeant.get(reverse("timeline", args=[case.pk]))
    auditor = sign_in(person(crew.force, "auditor"))
    assert "Nobody looked at it, so far as looks were gathered" in read(auditor, "looks", case)
    publish()
    page = read(auditor, "looks", case)
    told = [
        "looked at everything that was done: Somebody rang about it", "looked at the case: Somebody rang about it",
        "looked at the case: works on it",
    ]  # fmt: skip
    places = [page.index(one) for one in told]
    assert places == sorted(places)  # the newest first
    assert "Ada Inventedson" in page
    assert crew.officer.pseudonym not in page
    assert "Quite another matter" not in page
    publish()
    assert "looked at who looked at it" in read(auditor, "looks", case)


def test_whoever_is_no_longer_known_is_shown_by_their_pseudonym(crew, sign_in, publish):
    case = crew.raised()
    sign_in(crew.officer).get(reverse("case", args=[case.pk]))
    publish()
    type(crew.officer).objects.filter(pk=crew.officer.pk).update(pseudonym="u-another")
    assert crew.officer.pseudonym in read(sign_in(person(crew.force, "auditor")), "looks", case)


def test_looks_are_a_page_at_a_time_each_once_and_cost_the_same(crew, sign_in, publish):
    case = crew.raised()
    officer = sign_in(crew.officer)
    auditor = sign_in(person(crew.force, "auditor"))
    officer.get(reverse("case", args=[case.pk]), {"why": "look 0."})
    publish()

    def asked():
        with CaptureQueriesContext(connection) as told:
            read(auditor, "looks", case)
        return len(told.captured_queries)

    few = asked()
    for number in range(1, 60):
        officer.get(reverse("case", args=[case.pk]), {"why": f"look {number}."})
    publish()
    assert asked() == few
    pages, place = [], reverse("looks", args=[case.pk])
    while place:
        html = auditor.get(place).content.decode()
        pages.append(html)
        more = html.split("Earlier ones")[0].split('href="')[-1].split('"')[0]
        place = f"{reverse('looks', args=[case.pk])}{more}" if "Earlier ones" in html else ""
    assert len(pages) == 3
    seen = [number for html in pages for number in range(60) if f": look {number}.<" in html]
    assert sorted(seen) == list(range(60))
    assert auditor.get(reverse("looks", args=[case.pk]), {"after": "zz"}).status_code == 200


def test_what_stands_beside_the_life_of_a_case_has_its_row():
    assert FOR["conflict"] == "cases.conflict"
    assert FOR["receipt"] == FOR["receipt_text"] == "ledger.receipt"
    assert FOR["looks"] == "ledger.looks"
