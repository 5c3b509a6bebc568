"""An answer goes from `amends answer` to the disclosure log: attached, proved once more, drafted, cleared, sent."""

import datetime as dt
import json
import re
import shutil

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from amends.accounts.refusals import Refused
from amends.accounts.standing import today
from amends.cli import main
from amends.openness.answered_folder import wrong_with
from amends.openness.publishing.folder import digest_of
from amends.openness.register import actions, answers, queries
from amends.openness.register.models import Attached
from support.record import Crew, fresh_key, person

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with two answers from an invented history, and the memory of them."""
    place = tmp_path_factory.mktemp("answered")
    assert main(["invent", str(place / "cases.parquet"), "--rows", "2000"]) == 0
    for name in ("article", "twelve-03-consented"):
        asked = [
            "answer", name, "--cases", str(place / "cases.parquet"), "--answers", str(place / "memory"),
            "--publisher", "Invented Constabulary", "--contact", "foi@invented.example",
            "--as-at", "2026-03-31", "--out", str(place / name),
        ]  # fmt: skip
        assert main(asked) == 0
    return place


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path / "service"
    return tmp_path / "service"


@pytest.fixture
def crew():
    made = Crew()
    made.disclosure = person(made.force, "disclosure_officer")
    return made


@pytest.fixture
def row(crew):
    return actions.receive(
        crew.disclosure, key=fresh_key(), received=today() - dt.timedelta(5), channel="email",
        subject="Thefts by year", words="How many community resolutions?", name="Zebedee Invented",
        contact="z@example.org",
    )  # fmt: skip


def does(what, by, row, **given):
    row.refresh_from_db()
    return what(by, row, key=fresh_key(), expected=row.version, on=today(), **given)


def attach(folder, row, memory):
    return main(["attach", str(folder), "--to", row.reference, "--answers", str(memory)])


@pytest.mark.parametrize("name", ["article", "twelve-03-consented"])
def test_an_answer_goes_from_the_program_to_the_log(crew, row, made, capsys, name):
    assert attach(made / name, row, made / "memory") == 0
    taken = f"{row.reference}-{name}"
    assert f"Taken in as {taken}" in capsys.readouterr().out
    ((offered, held, mine),) = queries.made_ready(queries.find(crew.disclosure, row.pk))
    assert (offered, held.question, mine) == (taken, name, True)
    data = queries.draft_of(taken)
    does(actions.handle, crew.disclosure, row, kind="drafted", data=data)
    does(actions.clear, crew.disclosure, row)
    does(actions.clear, crew.inspector, row)
    does(actions.send, crew.disclosure, row, how="email")
    does(actions.publish, crew.disclosure, row)
    (logged,) = queries.log(crew.disclosure)
    assert (made / name / "letter.txt").read_text("utf-8") in logged.answer
    assert logged.title == held.title
    assert "As the records stood" in logged.answer or "as the records stood" in logged.answer


def sealed(place):
    """Make every digest in the folder right again, as whoever changes it would."""
    told = json.loads((place / "answer.json").read_text("utf-8"))
    told["files"] = {name: digest_of((place / name).read_bytes()) for name in told["files"]}
    (place / "answer.json").write_text(json.dumps(told), "utf-8")


def exchanged(letter):
    """*letter* with two figures of one line of its table in each other's place."""
    for line in letter.splitlines():
        found = [one for one in re.findall(r"(?<= )[\d,]+(?= |$)", line) if len(one) > 1]
        if line.startswith("  ") and len(set(found)) > 1:
            one, other = list(dict.fromkeys(found))[:2]
            swap = {one: other, other: one}
            new = re.sub(r"(?<= )[\d,]+(?= |$)", lambda m: swap.get(m[0], m[0]), line)
            return letter.replace(line, new)
    raise AssertionError("no line has two figures")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("letter.txt", exchanged),
        ("letter.txt", lambda text: text.replace("How it was counted", "How it was reckoned")),
        ("letter.html", lambda text: text.replace("<h2>", "<h2>Read this: ", 1)),
    ],
)
def test_a_letter_with_every_digest_right_that_was_not_given_is_refused(
    crew, row, made, tmp_path, capsys, name, change
):
    bad = tmp_path / "bad"
    shutil.copytree(made / "article", bad)
    (bad / name).write_text(change((bad / name).read_text("utf-8")), "utf-8")
    sealed(bad)
    assert list(wrong_with(bad)) == []
    assert attach(bad, row, made / "memory") == 2
    told = capsys.readouterr().err
    assert f"{name}: It is not the file that was given" in told
    assert queries.folders() == []
    assert attach(made / "article", row, made / "memory") == 0
    taken = f"{row.reference}-article"
    data = queries.draft_of(taken)
    shutil.copytree(made / "article", answers.place() / "by-hand")
    with pytest.raises(Refused, match="was put there by hand"):
        does(
            actions.handle, crew.disclosure, row, kind="drafted", data={**data, "folder": "by-hand"}
        )
    for one in (name, "answer.json"):
        shutil.copy(bad / one, answers.place() / taken / one)
    with pytest.raises(Refused, match=f"is not what was taken in. .*{name}"):
        does(actions.handle, crew.disclosure, row, kind="drafted", data=data)


@pytest.mark.parametrize(("days", "status"), [(5, 0), (6, 2)])
def test_a_letter_to_a_request_of_another_day_is_not_attached(
    row, made, tmp_path, capsys, days, status
):
    """The same question, answered with the day on which a request came: the figures are the same."""
    came = today() - dt.timedelta(days)
    asked = [
        "answer", "article", "--cases", str(made / "cases.parquet"), "--answers", str(made / "memory"),
        "--publisher", "Invented Constabulary", "--contact", "foi@invented.example", "--as-at", "2026-03-31",
        "--received", came.isoformat(), "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    assert main(asked) == 0
    assert f"amends attach {tmp_path / 'out'} --to" in capsys.readouterr().out
    assert attach(tmp_path / "out", row, made / "memory") == status
    if status:
        told = f"came on {came}, and this came on {row.received}"
        assert told in capsys.readouterr().err


def test_what_changes_before_it_is_cleared_is_not_cleared(crew, row, made):
    assert attach(made / "article", row, made / "memory") == 0
    taken = answers.place() / f"{row.reference}-article"
    does(actions.handle, crew.disclosure, row, kind="drafted", data=queries.draft_of(taken.name))
    shutil.rmtree(taken)
    shutil.copytree(made / "article", taken)
    does(actions.clear, crew.disclosure, row)  # the same, byte for byte
    (taken / "release" / "more.txt").write_text("x")
    with pytest.raises(Refused, match=r"more\.txt"):
        does(actions.clear, crew.inspector, row)


def test_an_answer_that_the_memory_does_not_know_is_not_attached(row, made, tmp_path, capsys):
    memory = tmp_path / "memory"
    shutil.copytree(made / "memory", memory)
    shutil.rmtree(memory / "given")
    assert attach(made / "article", row, memory) == 2
    told = capsys.readouterr().err
    assert "does not remember that an answer to 'article' was given" in told


def test_what_was_taken_in_is_never_rewritten(row, made):
    assert attach(made / "article", row, made / "memory") == 0
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Attached.objects.update(files={})


@pytest.mark.parametrize(
    ("name", "period", "said"),
    [
        (
            "article", "2012-04-01..2013-03-31",
            "You asked since 1 April 2011; these figures are of decisions from 1 April 2012 to 31 March 2013.",
        ),
        (
            "northumbria-467-12", "2012-04-01..2014-03-31",
            "hours at 3 minutes each, more than the limit of 18 hours, in which 360 could be read.",
        ),
        ("northumbria-467-12", "2012-04-01..2013-03-31", "community resolutions in all."),
        ("west-midlands-4566-14", "2012-04-01..2014-03-31", "How many community resolutions for people under 18"),
    ],
)  # fmt: skip
def test_a_question_whose_own_words_hold_numbers_is_attached_for_any_period(
    row, made, tmp_path, name, period, said
):
    asked = [
        "answer", name, "--cases", str(made / "cases.parquet"), "--answers", str(made / "memory"),
        "--publisher", "Invented Constabulary", "--contact", "foi@invented.example",
        "--as-at", "2026-03-31", "--out", str(tmp_path / name), "--period", period,
    ]  # fmt: skip
    assert main(asked) == 0
    assert said in " ".join((tmp_path / name / "letter.txt").read_text("utf-8").split())
    assert attach(tmp_path / name, row, made / "memory") == 0


def test_the_page_drafts_from_it(crew, row, made, client):
    assert attach(made / "article", row, made / "memory") == 0
    client.force_login(crew.disclosure)
    step = reverse("request_step", args=[row.pk, "drafted"])
    link = f"{step}?folder={row.reference}-article"
    assert link in client.get(reverse("request", args=[row.pk])).content.decode()
    html = client.get(link).content.decode()
    assert "Community resolutions, and those for sexual offences" in html
    assert answers.COVER in html
    assert client.get(f"{step}?folder=nowhere").status_code == 403


def test_a_letter_that_was_changed_is_neither_attached_nor_sent(crew, row, made, tmp_path, capsys):
    bad = tmp_path / "bad"
    shutil.copytree(made / "article", bad)
    letter = (bad / "letter.txt").read_text("utf-8")
    (bad / "letter.txt").write_text(letter.replace("2,000", "2,001"), "utf-8")
    assert next(wrong_with(bad)) == "letter.txt: It is not the file that answer.json names."
    assert any("says 2,001, and nothing has shown" in one for one in wrong_with(bad))
    assert attach(bad, row, made / "memory") == 2
    assert "does not hold: letter.txt" in capsys.readouterr().err
    assert queries.folders() == []
    assert attach(made / "article", row, made / "memory") == 0
    data = queries.draft_of(f"{row.reference}-article")
    does(actions.handle, crew.disclosure, row, kind="drafted", data=data)
    shutil.copy(bad / "letter.txt", answers.place() / f"{row.reference}-article" / "letter.txt")
    with pytest.raises(Refused, match="is not whole"):
        does(actions.clear, crew.disclosure, row)


@pytest.mark.parametrize(
    ("spoil", "wanted"),
    [
        (lambda place: (place / "release" / "table-1.csv").write_text("x"), "table-1.csv"),
        (lambda place: (place / "answer.json").unlink(), "answer.json"),
        (lambda place: (place / "answer.json").write_text("{}"), "answer.json"),
        (lambda place: (place / "letter.html").unlink(), "cannot be read"),
        (lambda place: (place / "notes.txt").write_text("x"), "notes.txt: It is not in"),
    ],
)
def test_what_is_not_whole_is_not_attached(row, made, tmp_path, capsys, spoil, wanted):
    bad = tmp_path / "bad"
    shutil.copytree(made / "article", bad)
    spoil(bad)
    assert attach(bad, row, made / "memory") == 2
    assert wanted in capsys.readouterr().err
    assert queries.folders() == []


def test_an_answer_that_is_whole_and_was_not_proved_is_not_attached(row, made, tmp_path, capsys):
    """Made by hand from other words, with every digest right: made once more it is another."""
    bad = tmp_path / "bad"
    shutil.copytree(made / "article", bad)
    release = bad / "release" / "release.json"
    told = json.loads(release.read_text("utf-8"))
    text = (bad / "release" / "statement.txt").read_text("utf-8") + "Nothing was withheld.\n"
    (bad / "release" / "statement.txt").write_text(text, "utf-8")
    told["files"]["statement.txt"] = digest_of(text.encode())
    release.write_text(json.dumps(told), "utf-8")
    answer = json.loads((bad / "answer.json").read_text("utf-8"))
    answer["files"]["release/release.json"] = digest_of(release.read_bytes())
    (bad / "answer.json").write_text(json.dumps(answer), "utf-8")
    assert list(wrong_with(bad)) == []
    assert attach(bad, row, made / "memory") == 2
    assert "Made once more, it is another" in capsys.readouterr().err
    (tmp_path / "none").mkdir()
    assert attach(made / "article", row, tmp_path / "none") == 2
    assert "does not remember" in capsys.readouterr().err


def test_it_goes_to_a_request_that_is_there_and_over_nothing(row, made, capsys):
    memory = str(made / "memory")
    wrong = ["attach", str(made / "article"), "--to", "FOI-1999-0001", "--answers", memory]
    assert main(wrong) == 2
    assert "there is no request 'FOI-1999-0001'" in capsys.readouterr().err
    assert attach(made / "article", row, memory) == 0
    assert attach(made / "article", row, memory) == 2
    assert "is there already" in capsys.readouterr().err


def test_nothing_invented_goes_out_in_earnest(row, made, settings, capsys):
    assert attach(made / "article", row, made / "memory") == 0
    settings.AMENDS_PRODUCTION = True
    with pytest.raises(Refused, match="It is invented"):
        answers.digest(f"{row.reference}-article")
    assert attach(made / "article", row, made / "memory") == 2
    assert "is an invented answer" in capsys.readouterr().err
