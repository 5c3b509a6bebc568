"""The invented force in the database: people of every role, cases at every stage, a history in the ledger."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from amends.accounts.models import User
from amends.accounts.permissions import table
from amends.accounts.standing import standing, today
from amends.cases.actions import agreeing, inviting
from amends.cases.deciding import decided
from amends.cases.lifecycle import lifecycle
from amends.cases.models import (
    Asked,
    Authority,
    Case,
    Circumstance,
    Closure,
    Person,
    Step,
    VictimView,
)
from amends.cases.queries import timeline
from amends.demo import crew, inventing, living, taking_in
from amends.ledger.models import Entry
from amends.notices import outbox
from amends.notices.models import Message
from amends.notices.sending import Folder
from amends.policy.library import published
from amends.policy.rules import Authority as Level

ANSWERS = {"officer": 4, "sergeant": 10, "nobody": 2, "not_yet_known": 8}
SRC = Path(__file__).parents[2] / "src"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path


@pytest.fixture
def people():
    return crew.invent_people(1)


def test_there_are_people_of_every_role_and_nobody_can_sign_in_yet(people):
    held = {role for user in people.by_name.values() for role in standing(user).roles}
    assert held == set(table().roles) - {"party"}
    assert standing(people.by_name["inspector"]).authority is Level.INSPECTOR
    assert standing(people.by_name["pcso"]).authority is Level.OFFICER
    assert standing(people.by_name["victim_care"]).authority is None
    assert not any(user.has_usable_password() for user in people.by_name.values())
    assert all(user.username.startswith("invented.") for user in people.by_name.values())
    assert people.force.invented
    assert "invented" in people.force.name


def test_there_are_cases_at_every_stage_made_by_the_real_actions(people):
    made = living.live(people, 1, len(living.STAGES) * 2)
    states = Counter(Case.objects.values_list("state", flat=True))
    assert set(states) == set(lifecycle().states) - {"erased"}
    for case in made:
        case.refresh_from_db()
        steps = timeline(people.by_name["auditor"], case, why="To test")
        assert len(steps) == case.version
        assert Entry.objects.filter(case=case.reference).count() == case.version
    assert (
        Person.objects.exclude(
            name__regex=r"(?i)inventedson|madeup|nobody|noname|sample|specimen|invented"
        ).count()
        == 0
    )


def test_the_policy_of_today_gives_its_different_answers_for_them(people):
    made = living.live(people, 1)
    answers = {word: [] for word in ("officer", "sergeant", "nobody", "not_yet_known")}
    for case in made:
        if case.state in ("raised", "asked", "authorised"):
            answers[decided(case, today())[0].answer.word].append(case)
    assert {word: len(cases) for word, cases in answers.items()} == ANSWERS
    asked = list(Asked.objects.filter(case__state="asked"))
    assert len(asked) == 6
    assert {one.case for one in asked} <= set(answers["sergeant"])
    assert {one.user.username for one in asked} == {"invented.sergeant", "invented.inspector"}
    for one in Authority.objects.filter(decision__answer="officer"):
        assert one.by == one.case.officer
    # The tutorial says so. Where this fails, a policy of today asks for more: invent a case that needs it.
    rules = published().in_force(crew.SLUG, today())
    assert max(rule.allow for rule in rules.rules if rule.allow < Level.NOBODY).word == "sergeant"


def test_two_victims_have_a_link_in_the_outbox_that_opens_and_have_not_answered(people, tmp_path):
    living.live(people, 1, at="http://127.0.0.1:8001")
    letters = Message.objects.filter(template="link")
    assert [one.channel for one in letters] == ["email", "email"]
    for letter in letters:
        (token,) = set(re.findall(r"http://127\.0\.0\.1:8001/link/([\w-]+)/", letter.body))
        found = inviting.open_link(token)
        assert found.person.part == "victim"
        assert found.case.reference == letter.case
        assert not VictimView.objects.filter(person=found.person).exists()
    assert outbox.deliver(Folder(tmp_path), timezone.now())


def test_nothing_is_breached_before_its_day_and_nobody_has_the_name_of_a_colleague(people):
    made = living.live(people, 1)
    breached = [case for case in made if case.state == "breached"]
    assert len(breached) == 6
    for case in breached:
        assert all(one.due <= today() for one in agreeing.current_actions(case))
    staff = {str(user) for user in people.by_name.values()}
    lasts = {user.last_name for user in people.by_name.values()}
    for name in Person.objects.filter(kind="person").values_list("name", flat=True):
        assert not any(name.startswith(one) for one in staff)
        assert not lasts & set(name.split())


def told(seed):
    """What a seed tells, and then forget it again."""
    with transaction.atomic():
        people = crew.invent_people(seed)
        living.live(people, seed)
        links = User.objects.filter(username__startswith="link.")  # drawn anew each time
        users = list(
            User.objects.exclude(pk__in=links)
            .order_by("pk")
            .values_list("username", "first_name", "pseudonym")
        )
        said = list(Person.objects.order_by("pk").values_list("name", "born", "part"))
        rows = Step.objects.order_by("pk").values_list("command", "by__username", "after")
        done = [(one, by.partition("link.")[0], after) for one, by, after in rows]
        transaction.set_rollback(True)
    return users, said, done


def test_the_same_seed_tells_the_same_stories():
    assert told(7) == told(7)
    assert told(7) != told(8)


def test_a_history_is_taken_in_whole_with_an_entry_for_each_case(people, tmp_path):
    file = tmp_path / "h.parquet"
    summary = inventing.invent(file, rows=1_500, seed=3)
    before = Entry.objects.count()
    assert taking_in.take_in(people, file) == 1_500
    assert Case.objects.filter(state="closed", outcome="8").count() == 1_500
    assert Entry.objects.count() - before == 1_500 == Closure.objects.count()
    codes = Circumstance.objects.filter(name="offence.group", value="sexual").count()
    assert codes == summary.sexual
    case = Case.objects.order_by("pk").first()
    (step,) = timeline(people.by_name["auditor"], case, why="To test")
    assert (step.command, step.entry.case) == ("cases.take_in", case.reference)
    days = Closure.objects.order_by("on").values_list("on", flat=True)
    assert inventing.START <= days.first() <= days.last() <= inventing.END


# --- the commands -------------------------------------------------------------------------------------


def amends(folder, *words, **env):
    keep = {k: v for k, v in os.environ.items() if not k.startswith("AMENDS_")}
    return subprocess.run(
        [sys.executable, "-m", "amends", *words], cwd=folder, text=True, capture_output=True, check=False,
        env={**keep, "PYTHONPATH": str(SRC), "AMENDS_FOLDER": str(folder / "data"), **env},
    )  # fmt: skip


def test_one_command_fills_a_record_that_then_verifies(tmp_path):
    done = amends(tmp_path, "populate", "--live", "4", "--rows", "50")
    assert done.returncode == 0, done.stderr
    assert "INVENTED: 20 people, 4 cases under way, 50 closed" in done.stdout
    key = tmp_path / "data" / "invented-ledger.key"
    assert key.stat().st_mode & 0o077 == 0
    typed = next(line for line in done.stdout.splitlines() if line.startswith("Verify it: "))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    found = subprocess.run(
        typed.removeprefix("Verify it: "), shell=True, cwd=elsewhere, text=True, capture_output=True,
        check=False, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SRC)},
    )  # fmt: skip
    assert (found.returncode, "0 faults" in found.stdout) == (0, True), found.stdout + found.stderr
    again = amends(tmp_path, "populate")
    assert (again.returncode, again.stdout) == (2, "")
    assert "There is an invented force already" in again.stderr
    on = amends(tmp_path, "populate", "--if-empty")
    assert (on.returncode, on.stderr) == (0, "")
    assert "going on with it. To begin anew, name another folder: AMENDS_FOLDER=" in on.stdout


def test_nobody_is_invented_in_production_and_nothing_unsafe_is_served(tmp_path):
    found = amends(tmp_path, "populate", AMENDS_MODE="production")
    assert found.returncode == 2
    assert found.stderr.startswith("amends: AMENDS_SECRET_KEY: In production")
    safe = {
        "AMENDS_MODE": "production", "AMENDS_SECRET_KEY": "a1B2c3D4e5" * 6, "AMENDS_HOSTS": "x.example",
        "AMENDS_DATABASE_URL": f"sqlite:///{tmp_path}/p.sqlite3",
    }  # fmt: skip
    found = amends(tmp_path, "populate", **safe)
    assert "Invented people have no place in production" in found.stderr
    found = amends(tmp_path, "serve", **safe)
    assert (found.returncode, "Run: amends migrate" in found.stderr) == (2, True), found.stderr
    found = amends(tmp_path, "migrate", **safe)
    assert found.returncode == 0, found.stderr
