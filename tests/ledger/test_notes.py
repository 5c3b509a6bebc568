"""Signed notes and checkpoints: the published example, and notes that must be refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.ledger.log import EMPTY_ROOT
from amends.ledger.notes import (
    Checkpoint,
    NoteError,
    Signer,
    Verifier,
    open_checkpoint,
    open_note,
    sign,
    sign_checkpoint,
)

# The worked example of the Go project's package golang.org/x/mod/sumdb/note, whose format C2SP took.
EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
SIGNER = Signer("invented.example/log", bytes(range(32)))
OTHER = Signer.new("invented.example/log")
HEAD = Checkpoint("invented.example/log/1", 3, EMPTY_ROOT)
NOTE = sign_checkpoint(HEAD, SIGNER)


def test_the_published_example_opens_and_a_changed_letter_does_not():
    verifier = Verifier.read(EXAMPLE_KEY)
    text, signed = open_note(EXAMPLE, [verifier])
    assert text.startswith("If you think")
    assert signed == ("PeterNeumann",)
    assert verifier.text == EXAMPLE_KEY
    with pytest.raises(NoteError, match="does not fit"):
        open_note(EXAMPLE.replace("think", "thing"), [verifier])


def test_a_checkpoint_comes_back_as_it_was_signed():
    assert open_checkpoint(NOTE, SIGNER.verifier) == HEAD
    assert sign_checkpoint(HEAD, SIGNER) == NOTE, "Ed25519 gives one signature for one text"


def test_keys_come_back_from_their_text():
    assert Signer.read(SIGNER.text) == SIGNER
    assert Verifier.read(SIGNER.verifier.text) == SIGNER.verifier
    assert SIGNER.secret.hex() not in repr(SIGNER)


def test_a_note_of_an_unknown_key_or_another_log_is_refused():
    with pytest.raises(NoteError, match="No key that is trusted"):
        open_checkpoint(NOTE, OTHER.verifier)
    with pytest.raises(NoteError, match="is of the log"):
        open_checkpoint(NOTE, SIGNER.verifier.named("invented.example/lo"))


def test_signatures_of_unknown_keys_are_passed_over():
    witness = Signer.new("witness.example")
    both = NOTE + witness.line(HEAD.text)
    assert open_checkpoint(both, SIGNER.verifier) == HEAD
    verifiers = [SIGNER.verifier.named(HEAD.origin), witness.verifier]
    assert open_note(both, verifiers)[1] == (HEAD.origin, "witness.example")
    bad = NOTE + witness.line("another text\n")
    with pytest.raises(NoteError, match="does not fit"):
        open_note(bad, verifiers)


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_a_note_changed_in_one_place_is_refused(place, char):
    changed = NOTE[:place] + char + NOTE[place + 1 :]
    if changed != NOTE:
        with pytest.raises(NoteError):
            open_checkpoint(changed, SIGNER.verifier)


@given(st.text())
def test_any_text_is_a_note_error_and_nothing_else(text):
    for read in (Verifier.read, Signer.read, Checkpoint.read):
        with pytest.raises(NoteError):
            read(text)
    with pytest.raises(NoteError):
        open_note(text, [SIGNER.verifier])


@pytest.mark.parametrize("size", ["01", "-1", "+1", "1 ", "", "1e3", "\N{ARABIC-INDIC DIGIT ONE}"])
def test_a_size_that_is_no_plain_number_is_refused(size):
    with pytest.raises(NoteError):
        Checkpoint.read(HEAD.text.replace("\n3\n", f"\n{size}\n"))


def test_a_text_that_cannot_be_a_note_is_not_signed():
    for text in ("no newline", "a\ttab\n", "\ud800\n", "a\0\n"):
        with pytest.raises(NoteError):
            sign(text, SIGNER)
    with pytest.raises(NoteError):
        Signer.new("a name")


def test_a_key_with_another_id_or_of_another_kind_is_refused():
    text = SIGNER.verifier.text
    key_id = SIGNER.verifier.key_id.hex()
    for wrong in (text.replace(key_id, "00000000"), text.replace("+AQ", "+Ag"), text[:-4]):
        with pytest.raises(NoteError):
            Verifier.read(wrong)


def test_one_root_is_not_written_in_two_ways():
    line = HEAD.text.split("\n")[2]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = line[:-2] + letters[letters.index(line[-2]) ^ 1] + "="
    with pytest.raises(NoteError, match="canonical"):
        Checkpoint.read(HEAD.text.replace(line, other))
