"""Nothing personal gets out: a canary in every personal field of 1,000 cases, and none where it has no business."""

import csv
import datetime as dt
import io
import json
import logging
import os
import random
import re
from pathlib import Path

import pytest
import structlog
from django.conf import settings as configured
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from amends.accounts.models import RoleHeld
from amends.accounts.standing import today
from amends.cases.actions import agreeing, authorising, inviting, listening, raising, telling
from amends.cli import main
from amends.disclosure.redaction.issuing import rebuild
from amends.disclosure.redaction.proposing import propose
from amends.ledger.book import Event, enter_all
from amends.ledger.notes import Signer
from amends.ledger.sequencing import sequence
from amends.notices import letters
from amends.notices.models import Message
from amends.web import urls
from amends.web.steps import STEPS
from support import planted_people, publishing
from support.canary_search import CANARY, found_in, found_under
from support.planted_history import CASES, SAID, plant
from support.planted_people import Planting, canary, ours, personal
from support.record import LONG_AGO, Crew, actions, force, hours_ago, person, plain

pytestmark = pytest.mark.django_db
QUESTION = "article"
REGISTER = ("requests", "request_new")
LOGS = ("disclosure_log", "disclosure_log_csv", "disclosure_log_json")
LOOKED_AT = 4
"""Cases of which every page is visited: each takes the same code, so a few tell what a thousand would."""
LONG = bool(os.environ.get("AMENDS_LONG"))
SAMPLED = CASES if LONG else 50
"""Cases of which those who see none are asked a few pages each, drawn by a seed; all of them under AMENDS_LONG."""
LISTS = ("home", "cases", "search", "find", "people", "remedies", "yours", "guide", *REGISTER)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def planted() -> Planting:
    return Planting(force(), CASES)


@pytest.fixture
def few() -> Planting:
    """As many as a page shows; the same in a fiftieth of the time."""
    return Planting(force(), 20)


@pytest.fixture
def log():
    """What the service would write, as it is set up."""
    made = {k: v for k, v in configured.LOGGING["formatters"]["json"].items() if k != "()"}
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**made))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def said(log) -> set[str]:
    return found_in(log.getvalue().encode())


# ---- the planting itself ----------------------------------------------------------------------


def test_every_personal_field_of_a_thousand_cases_has_a_canary_of_its_own(planted):
    seen: set[str] = set()
    for place, (name, field) in enumerate(personal()):
        values = list(field.model._default_manager.values_list(field.name, flat=True))
        if isinstance(field, models.DateField):
            assert len(set(values)) == CASES, name
            continue
        mine = {one for value in values for one in found_in(json.dumps(value).encode())}
        assert mine == {canary(case, place) for case in range(CASES)}, name
        assert not mine & seen
        seen |= mine
    assert len(seen) == CASES * (len(personal()) - 1), "a birthday is a day, and not a word"


def test_a_new_field_is_personal_until_it_is_listed(few):
    class Meta:
        app_label = "cases"
        managed = False

    body = {"__module__": "amends.cases.models.new", "Meta": Meta}
    new = type("Diary", (models.Model,), {**body, "entry": models.TextField()})
    try:
        assert new in ours()
        assert [name for name, _ in personal() if "Diary" in name] == ["cases.Diary.entry"]
        assert "cases.Diary.entry" not in few.fields, "so the planting above would not have it"
    finally:
        from django.apps import apps

        del apps.all_models["cases"]["diary"]
        apps.clear_cache()


def test_what_is_listed_as_never_personal_is_there():
    there = {f"{one._meta.label}.{f.name}" for one in ours() for f in one._meta.concrete_fields}
    there |= {f"{one._meta.label}.*" for one in ours()}

    assert there >= planted_people.PLAIN
    assert {"cases.Person.name", "cases.Need.words", "notices.Message.address"} <= {
        name for name, _ in personal()
    }


# ---- pages, their errors, and the log ----------------------------------------------------------


def pages(case) -> list[str]:
    """Every address of a case."""
    names = ("case", "timeline", "conflict", "receipt", "receipt_text", "looks")
    found = [reverse(name, args=[case.pk]) for name in names]
    found += [reverse("step", args=[case.pk, step]) for step in STEPS]
    return [*found, reverse("letter", args=[case.pk, 1])]


def visit(client: Client, addresses: list[str], **given: str) -> bytes:
    """All that *client* is answered: pages, headers, and where they lead."""
    told = b""
    for address in addresses:
        for ask in (client.get, client.post):
            answer = ask(address, given)
            told += answer.content + str(answer.headers).encode()
    return told


def test_nobody_who_may_not_see_a_case_is_told_anything_of_it_nor_is_the_log(planted, log):
    wrong = (
        Client(raise_request_exception=False),
        signed_in(Crew("kent").officer),
        signed_in(Crew().officer),
        signed_in(person(planted.force)),
    )
    for client in wrong:
        for case in planted.cases()[:LOOKED_AT]:
            assert found_in(visit(client, pages(case))) == set()
        for name in LISTS:
            assert found_in(visit(client, [reverse(name)])) == set()
        for one in planted.rows[ours_named("Request")][:LOOKED_AT]:
            assert found_in(visit(client, [reverse("request", args=[one.pk])])) == set()
    assert log.getvalue().count("\n") > 100, "refusals are logged"
    assert said(log) == set()


@pytest.mark.parametrize("who", ["nobody", "panel_member", "disclosure_officer", "party"])
def test_no_page_of_the_public_kind_tells_anything_of_a_thousand_cases(planted, log, who):
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client = signed_in(person(planted.force, who))
    drawn = random.Random(f"pages for {who}")
    for n in drawn.sample(range(CASES), SAMPLED):
        case = planted.cases()[n]
        asked = pages(case) if LONG else drawn.sample(pages(case), 4)
        asked = [reverse("case", args=[case.pk]), *asked]
        if who != "disclosure_officer":  # who reads them: tested below
            asked.append(reverse("request", args=[planted.rows[ours_named("Request")][n].pk]))
        asked.append(reverse("link", args=[f"{drawn.getrandbits(128):032x}"]))
        assert found_in(visit(client, asked, words=f"{n}")) == set(), (who, n)
    for name in LISTS:
        if who == "disclosure_officer" and name == "requests":
            continue  # theirs to see
        told = visit(client, [reverse(name)], words="cny", who="cny")
        assert found_in(told) == set(), (who, name)
    assert log.getvalue().count("\n") > SAMPLED, "refusals are logged"
    assert said(log) == set()


def test_a_page_that_told_the_public_would_be_found(planted, monkeypatch):
    tells = planted.rows[ours_named("Person")][5].name
    (address,) = (one for one in urls.urlpatterns if one.name == "guide")
    monkeypatch.setattr(address, "callback", lambda request: HttpResponse(f"<p>{tells}</p>"))
    client = signed_in(person(planted.force, "panel_member"))
    assert found_in(visit(client, [reverse("guide")])) == {tells}


def test_whoever_may_see_a_case_leaves_nothing_of_it_in_the_log(few, log):
    told = b""
    for case, user in list(zip(few.cases(), few.people(), strict=True))[:LOOKED_AT]:
        RoleHeld.objects.create(user=user, role="officer", starts=LONG_AGO)
        client = signed_in(user)
        told += visit(client, pages(case), words=canary(1, 1), who=canary(1, 2))
        told += visit(client, [reverse("search")], words=canary(2, 1), why=canary(2, 2))
        told += visit(client, [reverse("home"), reverse("cases")])
    assert len(found_in(told)) > LOOKED_AT, "they are shown what is theirs"
    assert said(log) == set()


def test_whoever_answers_requests_reads_them_and_nothing_of_them_is_published_or_logged(few, log):
    client = signed_in(person(few.force, "disclosure_officer"))
    asked = [
        reverse("request", args=[one.pk]) for one in few.rows[ours_named("Request")][:LOOKED_AT]
    ]
    told = visit(client, asked, words=canary(4, 4))
    assert len(found_in(told)) >= LOOKED_AT, "they are shown who asked, and what"
    assert found_in(visit(client, [reverse(name, args=[force().pk]) for name in LOGS])) == set()
    assert said(log) == set()


def test_what_breaks_a_page_is_told_to_nobody(few, log, monkeypatch):
    def broken(*_args: object, **_given: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("amends.web.views.cases.in_full", broken, raising=False)
    monkeypatch.setattr("amends.cases.queries.visible", broken)
    RoleHeld.objects.create(user=few.people()[0], role="officer", starts=LONG_AGO)
    client = signed_in(few.people()[0])
    address = reverse("case", args=[few.cases()[0].pk])
    answer = client.post(address, {"words": canary(3, 3)}, QUERY_STRING=f"why={canary(3, 4)}")
    got = client.get(reverse("cases"), {"words": canary(3, 5)})

    assert got.status_code == 500
    assert "broken on purpose" in log.getvalue(), "the log says what broke"
    assert found_in(got.content) | said(log) == set()
    own = {
        canary(0, few.fields.index(f"accounts.User.{name}")) for name in ("first_name", "last_name")
    }
    assert found_in(answer.content) <= own, "the frame says who is signed in"


def test_a_leak_into_the_log_would_be_found(few, log):
    logging.getLogger("django.request").error(
        "A person: %s", few.rows[ours_named("Person")][5].name
    )
    assert said(log) == {canary(5, few.fields.index("cases.Person.name"))}


def test_nginx_is_told_to_log_no_word_that_somebody_gave():
    site = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    word = canary(9, 9)
    for address in (
        f"/link/{word}/", f"/choose-password/MQ/{word}/", f"/search/?words={word}&why={word}",
        f"/cases/7/?why={word}", f"/people/?words={word}",
    ):  # fmt: skip
        assert found_in(nginx_line(site, address, word).encode()) == set()
    leaky = site.replace("$amends_place", "$request_uri").replace("$status", '"$http_referer"')
    assert found_in(nginx_line(leaky, "/", word).encode()) == {word}


def nginx_line(site: str, address: str, word: str) -> str:
    """The line that nginx writes for *address*, its log format and map taken from *site*."""
    uri, _, args = address.partition("?")
    first, place = re.search(r"~(\^\S+)\s+\"(\S+)\";", site).groups()
    matched = re.match(first.replace("?<", "?P<"), uri)
    known = {"amends_place": place.replace("$amends_first", matched[1]) if matched else uri}
    known |= {
        "request_uri": address,
        "args": args,
        "http_referer": f"https://a/link/{word}/",
        "uri": uri,
    }
    known |= {"request": f"GET {address} HTTP/1.1", "query_string": args, "request_body": word}
    known |= dict.fromkeys(("remote_addr", "time_local", "request_method", "status"), "-")
    known |= {"body_bytes_sent": "1", "request_time": "0.1"}
    form = re.search(r"log_format amends '([^']*)'", site)[1]
    assert site.count("access_log ") == len(re.findall(r"access_log \S+ amends;", site))
    assert len(re.findall(r"error_log \S+ crit;", site)) == 2
    return re.sub(r"\$(\w+)", lambda one: known[one[1]], form)


# ---- what is published: the ledger, and the files of the command line -------------------------


def test_the_published_ledger_holds_nothing_of_what_was_entered(planted, tmp_path):
    events = [
        Event(
            force=planted.force.pk, case=case.reference, kind="cases.raise", by="u-0", at=dt.datetime.now(dt.UTC),
            payload={name: canary(n, place) for place, name in enumerate(planted.fields)},
        )
        for n, case in enumerate(planted.cases())
    ]  # fmt: skip
    enter_all(events)
    head = sequence(tmp_path / "ledger", Signer.new("invented.example/ledger"))

    assert head.size >= CASES
    assert list((tmp_path / "ledger").rglob("*")) != []
    assert found_under(tmp_path) == {}


def test_no_file_that_the_command_line_writes_of_a_history_has_them(
    planted, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    plant(tmp_path / "in" / "real.parquet")
    held = found_under(tmp_path / "in")["real.parquet"]
    assert len(held) == CASES * len(planted.fields)

    assert main(["audit", "in/real.parquet", "--out", "audited"]) == 0
    given = ["--cases", "in/real.parquet", "--answers", "answers", *SAID]
    assert main(["answer", QUESTION, *given, "--out", "answered"]) == 0
    assert len(list(Path("answered").rglob("*.csv"))) > 0
    assert (Path("answered") / "letter.txt").exists() or list(Path("answered").rglob("letter*"))
    for folder in ("answered", "answers"):
        assert found_under(tmp_path / folder) == {}
    told = capsys.readouterr()
    assert {one.name for one in Path("audited").iterdir()} >= {"report.txt", "verdicts.parquet"}
    assert found_under(tmp_path / "audited") == {}
    assert found_in((told.out + told.err).encode()) == set()


SPEC = """
id = "first"
snapshot = "2026-03-31"
unit = "cases"
made = 2026-04-02
reason = "few cases in a district of few people"
judged_by = "the data protection officer"
key = "00ff"
[[table]]
title = "Cases by year and offence"
[[table.axis]]
dimension = "year"
total = "All years"
[[table.axis]]
dimension = "offence"
total = "All offences"
"""


def test_no_file_of_a_protected_table_or_a_release_has_the_key_or_a_name(tmp_path, monkeypatch):
    pytest.importorskip("highspy", reason="the extra `protect` is not installed")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    with (tmp_path / "in" / "counts.csv").open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(["year", "offence", "count"])
        write.writerows([[2024 + n % 3, "ABC"[n // 3], 3 + 7 * n] for n in range(9)])
    (tmp_path / "in" / "spec.toml").write_text(
        f"{SPEC}\n# {canary(1, 1)}: a note of whoever wrote it\n"
    )

    assert main(["protect", "in/counts.csv", "--spec", "in/spec.toml", "--out", "out"]) in (0, None)
    assert found_under(tmp_path / "out") == {}
    publishing.put(publishing.proved(), tmp_path / "made")
    assert found_under(tmp_path / "made") == {}


# ---- letters, and packs for a panel -----------------------------------------------------------


def lived(crew: Crew) -> dict[str, str]:
    """A case told through the actions, with a canary in all that anybody said; the words by whose they are."""
    whose = (
        "victim", "victim_words", "suspect", "suspect_words", "admission", "other_victim", "other_words",
        "need", "record", "supervisor", "reasons", "where", "action",
    )  # fmt: skip
    word = {name: canary(1, n) for n, name in enumerate(whose)}
    case = crew.raised("INV/CANARY")
    does = crew.does
    does(raising.record_circumstances, case, facts=plain(today()))
    part = {"kind": "person"}
    suspect = does(
        raising.add_person,
        case,
        part="suspect",
        name=word["suspect"],
        born=dt.date(1990, 5, 1),
        **part,
    )
    does(
        listening.record_admission, case, form="admits_offence", words=word["admission"], where=word["where"],
        said_at=hours_ago(5), cautioned=True, advice_offered=True,
    )  # fmt: skip
    does(listening.record_offender, case, agrees=True, words=word["suspect_words"])
    for name, words in (("victim", "victim_words"), ("other_victim", "other_words")):
        victim = does(
            raising.add_person,
            case,
            part="victim",
            name=word[name],
            born=dt.date(1980, 1, 1),
            **part,
        )
        does(
            listening.record_contact,
            case,
            victim=victim,
            method="in_person",
            result="reached",
            tried_at=hours_ago(4),
        )
        does(
            listening.record_view, case, victim=victim, position="agree", informed=True, words=word[words],
            remedy="", wording="w-1", channel="in_person", language="English", said_by=None,
        )  # fmt: skip
    does(raising.add_need, case, person=suspect, kind="access", words=word["need"])
    does(authorising.record, case, kind="history_check", words=word["record"])
    does(authorising.record, case, kind="full_rationale", words=word["record"])
    does(authorising.consult_supervisor, case, crew.sergeant, words=word["supervisor"])
    does(
        authorising.authorise, case, crew.superintendent, reasons=word["reasons"], no_conflict=True
    )
    does(
        agreeing.explain, case, wording="n-1", knows_it_is_recorded=True, knows_it_may_be_disclosed=True,
        language="English",
    )  # fmt: skip
    does(agreeing.agree, case, actions=[one | {"what": word["action"]} for one in actions()])
    return word


MAY_READ = {  # beside their own name
    "victim_asked": {"action"}, "victim_told": {"reasons"}, "apology_offered": set(),
    "responsible_told": {"action"}, "agreement": {"action"}, "withdrawal_received": set(), "link": set(),
}  # fmt: skip


def test_a_letter_tells_whom_it_goes_to_nothing_of_anybody_else():
    crew = Crew()
    word = lived(crew)
    case = the_case()
    to = {"victim": word["victim"], "suspect": word["suspect"]}
    assert set(MAY_READ) == set(letters.KINDS)
    written = set()
    whom = [(kind, part or "victim") for kind, part in telling.FOR.items()]
    for kind, part in (*whom, ("link", "victim"), ("link", "suspect")):
        for language in letters.LANGUAGES:
            who = ours_named("Person").objects.get(case=case, part=part, name=to[part])
            way = {
                "channel": "email",
                "address": "a@invented.example",
                "language": language,
                "contact": "101",
            }
            if kind == "link":
                token, digest = inviting.new_token()
                sent = inviting.Way(url=f"https://a.invented/link/{token}/", **way)
                crew.does(inviting.invite, case, person=who, digest=digest, way=sent)
            elif kind == "withdrawal_received":
                continue  # tested below: it ends the case for them
            else:
                crew.does(telling.tell_in_writing, case, person=who, kind=kind, **way)
            message = Message.objects.order_by("pk").last()
            told = found_in(f"{message.subject}\n{message.body}\n{message.person}".encode())
            own = {name for name, held in word.items() if held in told}
            assert own <= {part, *MAY_READ[kind]}, (kind, language)
            assert part in own, "and it is theirs"
            written.add(kind)
    who = ours_named("Person").objects.get(case=case, name=to["suspect"])
    crew.does(listening.withdraw, case, person=who, words=canary(2, 2))
    crew.does(
        telling.tell_in_writing, case, person=who, kind="withdrawal_received", channel="email",
        address="a@invented.example", language="en", contact="101",
    )  # fmt: skip
    told = found_in(Message.objects.order_by("pk").last().body.encode())
    assert told == {word["suspect"]}
    assert written | {"withdrawal_received"} == set(letters.KINDS)


def test_a_pack_of_every_field_of_a_case_has_none_once_its_proposal_is_hidden(few):
    lines = "\n".join(f"It was said: {canary(0, place)}." for place in range(len(few.fields)))
    texts = [lines.replace("cny0000", f"cny{case:04}") for case in range(20)]
    assert len(found_in("".join(texts).encode())) == 20 * len(few.fields)
    proposal = propose(texts, ())

    hidden = rebuild(proposal.texts, proposal.spans)
    assert found_in("\n".join(hidden).encode()) == set()
    assert "It was said" in hidden[0], "what is harmless stays"
    assert CANARY.search(rebuild(proposal.texts, proposal.spans[1:])[0].encode()), (
        "one span less, and it is out"
    )


def the_case():
    return ours_named("Case").objects.get(reference="INV/CANARY")


def ours_named(name: str):
    return next(one for one in ours() if one.__name__ == name)


def signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client
