"""From the guide of a demo to what its public would see, without a script."""

from amends.cli import main
from amends.demo import crew
from amends.openness.site.places import FOLDER, LOG


def test_the_guide_leads_to_the_published_figures(on, settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    crew.invent_people(1)
    (tmp_path / LOG).write_text("")
    page = on(360, scripts=False)
    page.go("/guide/")
    page.tap("Published figures")
    assert "They are being made" in page.text()

    assert main(["publish", "--to", str(tmp_path / FOLDER), "--edition", "2026-03-31"]) == 0
    page.tap("Look again")
    assert "cases were settled by community resolution" in page.text()
    page.tap("Three questions")
    assert "How bad were they?" in page.text()
    page.tap("Open data")
    assert "Edition 1: 31 March 2026" in page.text()
    page.tap("Community resolutions, and those for sexual offences")
    assert "Criminal damage and arson" in page.text()
