"""The offences offered first at the scene: our list, a force's own, and what is wrong with one."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from amends.policy.offences import published
from amends.web.forms import offences


def test_every_offence_offered_is_one_that_is_held(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    *found, other = offences.offered()
    assert len(found) > 5
    assert all(published().find(code) for code, _ in found)
    assert other == offences.OTHER


def test_a_force_has_a_list_of_its_own_and_changes_it_without_a_restart(settings, tmp_path):
    settings.AMENDS_FOLDER = tmp_path
    own = tmp_path / "offences.csv"
    own.write_text("code,said\n46,Theft from a shop\n")
    assert offences.offered() == [("46", "Theft from a shop"), offences.OTHER]
    own.write_text("code,said\n49,Other theft, of a longer name\n".replace("theft,", "theft"))
    assert offences.offered()[0] == ("49", "Other theft of a longer name")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: the columns are code,said"),
        ("code\n46\n", "line 1"),
        ("code,said\n46\n", "line 2: give a code"),
        ("code,said\n46,Theft\n999Z,Nothing\n", "line 3: no offence has the code '999Z'"),
        ("code,said\n", "0 offences"),
        ("code,said\n" + "46,Theft\n" * 21, "21 offences"),
    ],
)
def test_a_list_that_is_wrong_is_refused_with_its_place(settings, tmp_path, text, told):
    settings.AMENDS_FOLDER = tmp_path
    (tmp_path / "offences.csv").write_text(text)
    with pytest.raises(ImproperlyConfigured, match=told):
        offences.offered()
