"""The page of a demo that says what to try, and the tutorial, which leads through the pages as they are."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from amends.demo import crew

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "amends" / "web"
pytestmark = pytest.mark.django_db


def test_everybody_is_called_what_they_are(client):
    crew.invent_people(1)
    text = client.get(reverse("guide")).content.decode()
    for button in ("Be constable 1", "Be the sergeant", "Be the PCSO", "Be the victim care worker"):
        assert f">{button}</button>" in text
    assert "PCSO <span" in text
    assert "two are to victims, who have not said yet what they think" in text


def test_what_the_tutorial_tells_one_to_choose_is_on_a_page():
    text = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    named = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", text)) - {"Be constable 1"}
    assert len(named) > 15
    files = [path for path in WEB.rglob("*") if path.suffix in (".py", ".html")]
    pages = " ".join(path.read_text("utf-8") for path in files).replace("&nbsp;", " ")
    assert not [name for name in named if name.rstrip(".") not in pages]
