"""The demo's public site: served whole, with a policy of its own; what is not there yet says so."""

import pytest
from django.urls import reverse

from amends.openness.site.places import FOLDER, LOG

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    return tmp_path


def ask(client, name):
    return client.get(reverse("published", args=[name]))


def test_it_says_that_it_is_being_made_and_why_it_could_not_be(client, at):
    answer = ask(client, "index.html")
    assert answer.status_code == 503
    assert b"make demo" in answer.content
    (at / LOG).write_text("")
    assert b"They are being made" in ask(client, "index.html").content
    (at / LOG).write_text("amends: no charts <here>\n")
    assert b"no charts &lt;here&gt;" in ask(client, "index.html").content


def test_its_files_and_nothing_else_are_served(client, at):
    for name in ("index.html", "site.css", "data/x/index.html", "charts/a.svg"):
        (at / FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (at / FOLDER / name).write_text(f"file {name}")
    (at / "secret.txt").write_text("no")
    (at / f"{FOLDER}-more").mkdir()
    for name, kind in (("site.css", "text/css"), ("charts/a.svg", "image/svg+xml")):
        answer = ask(client, name)
        assert b"".join(answer.streaming_content).decode() == f"file {name}"
        assert answer["Content-Type"].startswith(kind)
    for name in ("../secret.txt", "nothing.html", "data/"):
        assert client.get(f"/published/{name}").status_code == 404
    assert ask(client, "index.html")["Content-Security-Policy"].count("unsafe-inline") == 0
    assert (
        "style-src 'self' 'unsafe-inline'"
        in ask(client, "data/x/index.html")["Content-Security-Policy"]
    )


def test_a_folders_own_address_gives_its_first_page(client, at):
    for name in ("index.html", "cy/index.html"):
        (at / FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (at / FOLDER / name).write_text(f"file {name}")
    for address, file in (("", "index.html"), ("cy/", "cy/index.html")):
        answer = client.get(f"/published/{address}")
        assert b"".join(answer.streaming_content).decode() == f"file {file}"
        assert answer["Content-Type"].startswith("text/html")
        assert "default-src 'none'" in answer["Content-Security-Policy"]
    moved = client.get("/published/cy")
    assert (moved.status_code, moved["Location"]) == (302, "/published/cy/")
    for address in ("../", "cy/../../", "none/"):
        assert client.get(f"/published/{address}").status_code == 404


def test_the_guide_leads_to_it_and_production_has_none(client, at, settings):
    assert (
        reverse("published", args=["index.html"]) in client.get(reverse("guide")).content.decode()
    )
    settings.AMENDS_PRODUCTION = True
    assert ask(client, "index.html").status_code == 404
