"""The folder, GOV.UK Notify as a server of our own plays it, and the command that sends."""

import os
import stat

import pytest
from django.conf import settings

from amends.cli import main
from amends.notices.models import FAILED, SENT, Message, Task
from amends.notices.outbox import Pace, deliver, erase_case
from amends.notices.sending import CannotSend, Folder, Notify, NotSent, Parcel, sender
from support.notify import notify

PAGE = (
    "<!DOCTYPE html>\n<html lang='en'><head><title>x</title></head><body><h1>x</h1></body></html>\n"
)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "outbox")


@pytest.fixture
def server():
    with notify(slow=0.4) as one:
        yield one


@pytest.fixture
def sends(server, folder):
    return Notify(server.account, folder, timeout=0.15)


def parcel(**other):
    return Parcel(**{"reference": "told-1", "channel": "email", "address": "ann@example.com",
                     "subject": "Decided", "body": "It was decided.", **other})  # fmt: skip


# --- a folder ---------------------------------------------------------------------------------------


def test_a_message_is_a_file_that_only_its_owner_reads(folder):
    assert folder.find("told-1") is None
    assert folder.send(parcel()) == "told-1.txt"
    assert folder.find("told-1") == "told-1.txt"
    (path,) = folder.folder.iterdir()
    assert path.read_text("utf-8") == "To: ann@example.com\nDecided\n\nIt was decided.\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.folder.stat().st_mode) == 0o700
    assert folder.send(parcel(channel="letter", reference="told-2", body=PAGE)) == "told-2.html"
    assert (folder.folder / "told-2.html").read_text("utf-8") == PAGE


def test_a_full_disk_leaves_no_half_file_and_what_is_forgotten_is_gone(folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(NotSent, match="No space"):
            folder.send(parcel())
    assert folder.find("told-1") is None
    folder.forget("told-1")
    assert not list(folder.folder.iterdir())
    folder.send(parcel())
    folder.forget("told-1")
    folder.forget("told-1")
    assert not list(folder.folder.iterdir())


def test_no_file_is_named_outside_the_folder(folder):
    for reference in ("../told", "a/b", "", "x\n"):
        with pytest.raises(ValueError, match="is no reference"):
            folder.find(reference)


# --- Notify -----------------------------------------------------------------------------------------


def test_notify_is_given_the_words_the_template_and_the_reference(server, sends):
    name = sends.send(parcel())
    sends.send(parcel(channel="text", address="07700 900000", reference="told-2"))
    email, text = server.taken
    assert email["template_id"] == "email-id"
    assert email["email_address"] == "ann@example.com"
    assert email["personalisation"] == {"subject": "Decided", "body": "It was decided."}
    assert (text["template_id"], text["phone_number"]) == ("text-id", "07700 900000")
    assert text["personalisation"] == {"body": "It was decided."}
    assert sends.find("told-1") == name == email["id"]
    assert sends.find("told-3") is None
    server.next = [(200, {"notifications": [email], "links": {}})]
    assert sends.find("told-3") is None, "what was not asked for is not taken for it"


def test_a_letter_goes_to_notify_as_a_pdf_and_what_a_person_hands_over_to_the_folder(
    server, sends, folder
):
    import base64

    sends.send(parcel(channel="letter", body=PAGE))
    assert base64.b64decode(server.taken[0]["content"]).startswith(b"%PDF-1.7")
    sends.send(parcel(channel="folder", reference="told-2", body=PAGE))
    assert len(server.taken) == 1
    assert folder.find("told-2") == sends.find("told-2") == "told-2.html"
    assert (sends.follows("letter"), sends.follows("folder")) == (True, False)


def test_notify_says_whether_it_arrived(server, sends):
    name = sends.send(parcel())
    for status, means in (
        ("created", None), ("sending", None), ("delivered", True), ("received", True),
        ("permanent-failure", False), ("technical-failure", False), ("returned-letter", False),
    ):  # fmt: skip
        server.statuses[name] = status
        assert sends.arrived(name) is means


@pytest.mark.parametrize(
    ("fault", "unclear"),
    [("error", True), ("error after taking", True), ("cut", True), ("cut after taking", True),
     ("slow", True), ("slow after taking", True), ("busy", False), ((403, {"errors": []}), False),
     ((201, {}), True), ((201, "what?"), True)],
)  # fmt: skip
def test_what_notify_may_have_taken_all_the_same_is_unclear(server, sends, fault, unclear):
    server.next = [fault]
    with pytest.raises(NotSent) as caught:
        sends.send(parcel())
    assert caught.value.unclear is unclear


def test_what_notify_will_never_take(server, sends):
    server.next = [
        (400, {"errors": [{"error": "ValidationError", "message": "Not enough digits"}]})
    ]
    with pytest.raises(CannotSend, match="Not enough digits"):
        sends.send(parcel())


def test_a_server_that_is_not_there(folder):
    with notify() as gone:
        account = gone.account
    with pytest.raises(NotSent) as caught:
        Notify(account, folder, timeout=0.2).send(parcel())
    assert caught.value.unclear


@pytest.mark.parametrize("fault", ["slow", "slow after taking", "cut after taking"])
def test_what_was_under_way_is_waited_for_and_not_sent_again(server, sends, queued, now, fault):
    queued("told-1")
    server.next = [fault]
    deliver(sends, now)
    message = Message.objects.get()
    assert message.state == FAILED
    assert message.next_try_at >= now + Pace().settling
    import time

    time.sleep(0.5)  # what is Pace().settling for the real one
    deliver(sends, message.next_try_at)
    assert server.references() == ["told-1"]
    message.refresh_from_db()
    assert (message.state, message.provider_id) == (SENT, server.taken[0]["id"])


# --- the command ------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "AMENDS_FOLDER", tmp_path)
    return tmp_path


def test_without_an_account_messages_are_laid_into_a_folder(here, queued, now, capsys):
    assert main(["notices", "send", "--once"]) == 0
    assert capsys.readouterr().out == "The outbox: nothing. Left for a person to do: nothing.\n"
    queued("told-1", at=now)
    assert main(["notices", "send", "--once"]) == 0
    assert "The outbox: 1 sent." in capsys.readouterr().out
    assert (here / "outbox" / "told-1.txt").is_file()


def test_a_worker_that_goes_on_says_so_and_what_it_did(here, queued, now, capsys, monkeypatch):
    def stop(seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr("amends.cli.notices.time.sleep", stop)
    queued("told-1", at=now)
    main(["notices", "send"])
    first, then = capsys.readouterr().out.splitlines()
    assert "looking again every 5 s (Ctrl-C stops it)" in first
    assert then == "The outbox: 1 sent. Left for a person to do: nothing."


def test_the_files_of_an_erased_case_are_swept_away(here, queued, force, now):
    queued("gone", at=now)
    queued("kept", case="INV/2", at=now)
    main(["notices", "send", "--once"])
    outbox = here / "outbox"
    (outbox / ".new-half.html").write_text("x")
    (outbox / "README").write_text("not ours")
    erase_case(force, "INV/1")
    main(["notices", "send", "--once"])
    assert {path.name for path in outbox.iterdir()} == {"kept.txt", "README"}


def test_with_an_account_they_go_to_notify_and_what_fails_is_told(
    here, server, queued, now, capsys, monkeypatch
):
    account = server.account
    told = {name: getattr(account, name) for name in type(account).__dataclass_fields__}
    monkeypatch.setattr(settings, "AMENDS_NOTIFY", told)
    assert isinstance(sender(), Notify)
    queued("told-1", at=now)
    server.next = [(400, {"errors": [{"error": "ValidationError", "message": "no"}]})]
    assert main(["notices", "send", "--once"]) == 1
    assert "1 given up. Left for a person to do: 1." in capsys.readouterr().out
    assert Task.objects.count() == 1
