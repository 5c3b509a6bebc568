"""A browser on the service as it runs, with people of an invented force."""

import pytest

from support.browser import DESK, PHONE, Browser, need
from support.record import Crew


@pytest.fixture(scope="session")
def _browsers():
    need()
    made = {}

    def browser(width=PHONE, scripts=True):
        key = (width, scripts)
        if key not in made:
            made[key] = Browser(width, scripts=scripts)
        return made[key]

    yield browser
    for one in made.values():
        one.close()


@pytest.fixture
def on(_browsers, live_server, transactional_db):
    """A browser of some width, with or without scripts, with no tap counted yet."""

    def ready(width=PHONE, scripts=True):
        one = _browsers(width, scripts)
        one.base, one.taps = live_server.url, 0
        return one

    return ready


@pytest.fixture
def phone(on):
    return on(PHONE)


@pytest.fixture
def desk(on):
    return on(DESK)


@pytest.fixture
def crew(transactional_db):
    return Crew()
