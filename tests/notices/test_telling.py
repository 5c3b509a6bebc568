"""Telling somebody: the letter is queued whole, and goes only where it is safe."""

from dataclasses import replace

import pytest
from django.db import transaction

from amends.notices.letters import LetterError
from amends.notices.models import Message
from amends.notices.telling import BadContact, Contact, Person, Telling, tell
from support.letters import filled

HOME = Contact("letter", "Ann Invented\n1 Road\nAB1 2CD")
VICTIM = Person(label="victim", language="en", contact=HOME)


@pytest.fixture
def told(force, now):
    def telling(who, reference="told-1", kind="victim_asked", **other):
        with transaction.atomic():
            return tell(force, "INV/1", who, Telling(kind=kind, values=filled(kind, **other)),
                        reference=reference, at=now)  # fmt: skip

    return telling


def test_a_letter_is_queued_with_its_words_and_their_version(told):
    message = told(VICTIM)
    assert (message.template, message.version, message.language) == ("victim_asked", 1, "en")
    assert (message.channel, message.person) == ("letter", "victim")
    assert "1 Road<br>AB1 2CD" in message.body
    assert told(VICTIM).pk == message.pk


def test_a_safe_contact_beats_the_address(told):
    safe = replace(VICTIM, safe_contact=Contact("text", "07700 900000"))
    message = told(safe)
    assert (message.channel, message.address) == ("text", "07700 900000")
    assert "Road" not in message.body + message.address
    by_hand = told(
        replace(VICTIM, safe_contact=Contact("folder", "Give it to her sister.")), "told-2"
    )
    assert by_hand.channel == "folder"
    assert "sister" not in by_hand.body
    assert "Road" not in by_hand.body


def test_each_channel_is_told_in_its_own_way_and_in_their_language(told, force):
    welsh = replace(VICTIM, language="cy", contact=Contact("email", "ann@example.com"))
    message = told(welsh)
    assert message.subject == "Beth yw eich barn chi?"
    head, day = f"Oddi wrth yr heddlu ({force.name})", "2 Mawrth 2026"
    assert message.body.startswith(f"{head}\n{day}\n\nAnnwyl Ann Invented,\n\nBeth ddigwyddodd\n\n")
    assert f"\n\nSam Invented\n{head}\n\n" in message.body
    assert "<" not in message.body


def test_nothing_is_queued_where_the_letter_has_a_hole(told):
    with pytest.raises(LetterError):
        told(VICTIM, nickname="x")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("channel", "address"),
    [("owl", "12 Road"), ("email", "ann.example.com"), ("email", "a b@example.com"), ("email", ""),
     ("text", "ring her"), ("text", "12"), ("letter", "1 Road"), ("letter", "1 Road\n" * 9), ("folder", " ")],
)  # fmt: skip
def test_a_contact_that_reaches_nobody(channel, address):
    with pytest.raises(BadContact) as caught:
        Contact(channel, address)
    assert not address.strip() or address.split("\n")[0] not in str(caught.value), (
        "an address is never in an error"
    )
