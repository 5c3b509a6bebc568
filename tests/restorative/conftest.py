"""A clock that tests of the record can move on, and a folder of their own."""

import datetime as dt

import pytest
from django.utils import timezone


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A force's own folder, in which its own kinds of process are."""
    settings.AMENDS_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def later(monkeypatch):
    """Lets a test go on some days later."""
    real, moved = timezone.now, [dt.timedelta(0)]

    def on(days: float) -> None:
        moved[0] += dt.timedelta(days=days)

    monkeypatch.setattr("django.utils.timezone.now", lambda: real() + moved[0])
    return on
