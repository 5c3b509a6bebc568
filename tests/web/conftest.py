"""Somebody signed in, as a browser would be."""

import pytest
from django.test import Client

from support.record import Crew


@pytest.fixture
def crew():
    return Crew()


@pytest.fixture
def sign_in():
    def signed_in(user):
        client = Client()
        client.force_login(user)
        return client

    return signed_in
