"""What a force's own server would run is safe by Django's own check, and lets no page do what it should not."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_settings_of_production_pass_the_check_for_deploying(tmp_path):
    env = {
        **os.environ,
        "AMENDS_MODE": "production",
        "AMENDS_SECRET_KEY": secrets.token_urlsafe(60),
        "AMENDS_HOSTS": "amends.example.police.uk",
        "AMENDS_DATABASE_URL": f"sqlite://{tmp_path}/x.sqlite3",
        "AMENDS_FOLDER": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "amends.config.settings",
    }
    words = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/sign-in/", "/guide/", "/link/x/", "/nowhere/", "/yours/", "/choose-password/x/y/"]
)
def test_no_page_may_run_or_load_what_is_not_its_own(client, path):
    answer = client.get(path)
    told = answer["Content-Security-Policy"]
    assert "default-src 'none'" in told
    assert "unsafe" not in told
    assert "script-src 'self'" in told
    assert answer["X-Frame-Options"] == "DENY"
    html = answer.content.decode()
    assert not re.search(
        r"<script(?![^>]*src=)|\son[a-z]+=|style=|https?://(?!www\.w3\.org)", html
    ), path


def test_no_secret_is_kept_in_the_repository():
    words = [
        "git",
        "grep",
        "-nIE",
        r"BEGIN [A-Z ]*PRIVATE KEY|AMENDS_SECRET_KEY=['\"]?[A-Za-z0-9_-]{30}",
    ]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 128:
        pytest.skip("this is no clone")
    held = [
        line
        for line in done.stdout.splitlines()
        if not line.startswith("tests/config/test_deploying")
    ]
    assert held == []


@pytest.mark.django_db
def test_production_has_no_way_in_by_one_click(client, settings):
    settings.AMENDS_PRODUCTION = True
    assert client.get("/guide/").status_code == 404
    assert client.post("/guide/sign-in/", {"as": "invented.inspector"}).status_code == 404
