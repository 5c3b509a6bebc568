"""The files behind an answer in the log: those that were cleared, byte for byte, and nothing else of the service."""

import hashlib
import json

import pytest
from django.test import Client
from django.urls import reverse

from amends.openness.register.log import entries
from amends.openness.register.models import LogEntry, Request
from amends.openness.register.released import kind_of, released
from support.publishing import publication
from support.record import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    return tmp_path


def written(place, files):
    place.mkdir(parents=True)
    for name, data in files.items():
        (place / name).write_bytes(data)


def logged(crew, folder, digest, name="FOI-2026-0001"):
    by = person(crew.force, "disclosure_officer")
    row, _ = Request.objects.get_or_create(
        force=crew.force, by=by, reference=name, received="2026-01-05", channel="email"
    )
    return LogEntry.objects.create(
        request=row, force=crew.force, by=by, name=name, published="2026-02-05", title="Table", asked="Which?",
        held="held", answer="See the table.", folder=folder, digest=digest, searched="table",
    )  # fmt: skip


@pytest.fixture
def made(crew, folder):
    """A release that is published, alone, and what its entry is."""
    found = publication()
    written(folder / "answers" / "figures", found.files)
    return found, logged(crew, "figures", found.digest)


def address(one, file):
    return reverse("disclosure_file", args=[one.force_id, one.name, file])


def test_every_file_is_had_as_it_was_published_with_its_type(made):
    found, one = made
    html = Client().get(reverse("disclosure", args=[one.force_id, one.name])).content.decode()
    for name, data in found.files.items():
        answer = Client().get(address(one, name))
        assert (answer.status_code, answer.content) == (200, data), name
        assert address(one, name) in html
        assert hashlib.sha256(data).hexdigest() in html
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] == kind_of(name)
        assert Client().head(address(one, name)).status_code == 200
    assert Client().get(address(one, "table-1.csv"))["Content-Type"].startswith("text/csv")
    assert Client().get(address(one, "table-1.csv"))["Content-Disposition"].startswith("attachment")
    assert kind_of("table-1.csv-metadata.json") == "application/csvm+json"
    assert Client().post(address(one, "table-1.csv")).status_code == 405


def test_the_page_has_its_own_style_and_runs_nothing(made):
    answer = Client().get(address(made[1], "index.html"))
    policy = answer["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "style-src 'sha256-" in policy
    assert "script-src 'none'" in policy
    assert answer["Content-Disposition"].startswith("inline")
    other = Client().get(address(made[1], "statement.txt"))["Content-Security-Policy"]
    assert "style-src 'none'" in other


def test_nothing_that_is_not_in_the_release_is_had(made, folder, crew):
    _, one = made
    (folder / "secret.txt").write_text("no")
    (folder / "answers" / "figures" / "notes.txt").write_text("no")
    for name in ("notes.txt", "nothing.csv", ".hidden", "..", "x%2Fy.csv", "..%2F..%2Fsecret.txt"):
        place = f"/disclosures/{one.force_id}/{one.name}/files/{name}"
        assert Client().get(place).status_code == 404, name
    for name in ("../../secret.txt", "/etc/passwd", "notes.txt", "a/../notes.txt"):
        assert released(one, name) is None
    nowhere = reverse("disclosure_file", args=[crew.force.pk, "FOI-1999-0001", "index.html"])
    assert Client().get(nowhere).status_code == 404


@pytest.mark.parametrize("spoiled", ["table-1.csv", "release.json"])
def test_what_was_changed_is_not_had_and_the_page_says_so(made, folder, spoiled):
    found, one = made
    place = folder / "answers" / "figures" / spoiled
    place.write_bytes(place.read_bytes() + b" ")
    assert Client().get(address(one, spoiled)).status_code == 404
    whole = Client().get(address(one, "statement.txt")).status_code
    html = Client().get(reverse("disclosure", args=[one.force_id, one.name])).content.decode()
    if spoiled == "release.json":  # nothing says any more which files were published
        assert whole == 404
        assert "are not to be had here now" in html
    else:
        assert whole == 200
    assert found.files[spoiled] != place.read_bytes()


def test_a_folder_that_is_gone_or_out_of_its_place_is_said_not_to_be_there(crew, made, folder):
    found, one = made
    written(folder / "elsewhere", found.files)
    out = logged(crew, "../elsewhere", found.digest, "FOI-2026-0002")
    assert released(out, "index.html") is None
    none = logged(crew, "", "", "FOI-2026-0003")
    html = Client().get(reverse("disclosure", args=[none.force_id, none.name])).content.decode()
    assert "The figures as files" not in html
    (folder / "answers" / "figures").rename(folder / "moved")
    html = Client().get(reverse("disclosure", args=[one.force_id, one.name])).content.decode()
    assert "are not to be had here now" in html
    assert Client().get(address(one, "index.html")).status_code == 404


def test_the_release_within_an_answer_is_known_through_the_answer(crew, folder):
    found = publication()
    place = folder / "answers" / "whole"
    written(place / "release", found.files)
    files = {"letter.txt": "0" * 64, "letter.html": "0" * 64, "release/release.json": found.digest}
    told = {
        "format": "amends-answer-1", "question": "q", "title": "t", "asked": "a", "restated": "r", "unit": "cases",
        "as_at": "2026-03-31", "caveats": [], "invented": True, "files": files,
    }  # fmt: skip
    (place / "answer.json").write_text(json.dumps(told))
    digest = hashlib.sha256((place / "answer.json").read_bytes()).hexdigest()
    one = logged(crew, "whole", digest)
    assert Client().get(address(one, "table-1.csv")).content == found.files["table-1.csv"]
    assert Client().get(address(one, "answer.json")).status_code == 404
    other = logged(
        crew, "whole", found.digest, "FOI-2026-0002"
    )  # not the answer that was published
    assert Client().get(address(other, "table-1.csv")).status_code == 404
    assert entries(crew.force.pk).count() == 2
