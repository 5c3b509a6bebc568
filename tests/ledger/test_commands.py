"""The commands of the ledger, and a receipt checked where there is no database and no Django."""

import os
import subprocess
import sys

import pytest
from django.db import OperationalError, connections

from amends.cli import ledger as commands
from amends.cli import main
from amends.ledger.models import Entry
from amends.ledger.notes import Signer, Verifier
from support.record import force, person

BARE = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in sys.stdlib_module_names | {"amends", "cryptography", "cffi", "_cffi_backend"}:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Refuse())
from amends.cli import main
raise SystemExit(main(sys.argv[1:]))
"""


@pytest.fixture
def secret(tmp_path, key):
    path = tmp_path / "secret"
    path.write_text(f"{key.text}\n")
    return path


def ledger(folder, *words):
    return main(["ledger", "--folder", str(folder), *map(str, words)])


def test_a_key_is_made_once_kept_private_and_told_in_public(tmp_path, capsys):
    path = tmp_path / "secret"
    assert main(["ledger", "key", "invented.example/ledger", str(path)]) == 0
    made = Signer.read(path.read_text())
    assert Verifier.read(capsys.readouterr().out) == made.verifier
    assert path.stat().st_mode & 0o777 == 0o600
    assert main(["ledger", "key", "invented.example/ledger", str(path)]) == 2
    assert "never overwritten" in capsys.readouterr().err
    assert Signer.read(path.read_text()) == made


def test_sequence_checkpoint_and_verify(fill, folder, key, secret, tmp_path, capsys):
    assert ledger(folder, "checkpoint") == 2
    said = capsys.readouterr().err
    assert f"Nothing was published in {folder.absolute()}. If the record is elsewhere" in said
    fill(50)
    assert ledger(folder, "sequence", "--key", secret) == 0
    assert "50 entries" in capsys.readouterr().out
    assert ledger(folder, "checkpoint") == 0
    kept = tmp_path / "kept"
    kept.write_text(capsys.readouterr().out)
    fill(50, seed=2)
    public = key.verifier.text
    assert ledger(folder, "verify", "--key", public) == 0
    assert "100 entries checked, 0 faults" in capsys.readouterr().out
    Entry.objects.filter(index=30).update(by="p-changed")
    for against in ((), ("--against", kept)):
        assert ledger(folder, "verify", "--key", public, *against) == 1
        assert "entry 30: " in capsys.readouterr().out


def test_on_a_clock_a_database_that_is_held_up_is_waited_for(
    fill, folder, secret, monkeypatch, capsys
):
    fill(10)
    real, rounds = commands._sequenced, []

    def held_up(*words):
        rounds.append(words)
        if len(rounds) == 1:
            raise OperationalError("database is locked")
        real(*words)

    monkeypatch.setattr(commands, "_sequenced", held_up)
    closed = []  # in earnest the next round opens another connection; here the test is in it
    monkeypatch.setattr(connections["default"], "close", lambda: closed.append(1))
    monkeypatch.setattr(commands.os, "getppid", lambda: 7 if len(rounds) < 3 else 1)
    monkeypatch.setattr(commands.time, "sleep", lambda seconds: None)
    assert ledger(folder, "sequence", "--key", secret, "--every", 1, "--beside", 7) == 0
    told = capsys.readouterr()
    assert "database is locked" in told.err
    assert closed == [1]
    assert told.out.count("10 entries") == 2
    rounds.clear()
    with pytest.raises(OperationalError):
        ledger(folder, "sequence", "--key", secret)


def test_a_command_that_may_not_sign_says_why(fill, folder, secret, capsys):
    fill(50)
    assert ledger(folder, "epoch", "--key", secret, "--by", "p-1", "--reason", "Because.") == 1
    assert "sequence it as before" in capsys.readouterr().err
    person(force("x"), name="jo")
    assert ledger(folder, "receipt", "NONE", "--force", "x", "--key", secret, "--by", "jo") == 2
    assert "nothing of the case" in capsys.readouterr().err


def test_a_receipt_is_verified_with_nothing_but_python_and_cryptography(
    fill, folder, key, secret, tmp_path
):
    fill(100)
    file = tmp_path / "case.receipt"
    person(force("invented-east"), name="panel")
    words = ("receipt", "INV/3", "--force", "invented-east", "--by", "panel", "--key", secret)
    assert ledger(folder, *words, "--out", file) == 0

    def bare(text):
        file.write_text(text)
        return subprocess.run(
            [sys.executable, "-c", BARE, "verify", file, "--key", key.verifier.text],
            capture_output=True, text=True, check=False, cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
        )  # fmt: skip

    text = file.read_text()
    told = bare(text)
    assert told.returncode == 0, told.stderr
    assert "none was held back" in told.stdout
    blocks = text.split("\n\n")
    told = bare("\n\n".join(blocks[:2] + blocks[3:]))
    assert (told.returncode, told.stderr) == (1, "")
    assert "held back" in told.stdout
    told = bare("no receipt")
    assert told.returncode == 2
    assert "Traceback" not in told.stderr


def test_a_receipt_is_asked_for_by_somebody_of_the_force(fill, folder, secret, tmp_path, capsys):
    fill(100)
    jo = person(force("invented-east"), name="jo")
    person(force("invented-west"), name="sam")
    before = Entry.objects.count()
    words = ("receipt", "INV/3", "--force", "invented-east", "--key", secret)
    for said in ("PSEUDONYM", "sam"):
        assert ledger(folder, *words, "--by", said) == 2
        assert (
            f"nobody of the force 'invented-east' signs in by {said!r}" in capsys.readouterr().err
        )
    assert Entry.objects.count() == before
    for said in ("jo", jo.pseudonym):
        assert ledger(folder, *words, "--by", said, "--out", tmp_path / "r") == 0
        assert capsys.readouterr().out.startswith(f"Written to {tmp_path / 'r'}. Check it: ")
        assert Entry.objects.order_by("pk").last().by == jo.pseudonym


def test_a_secret_key_or_a_checkpoint_that_is_not_there_is_said_so(
    fill, folder, key, secret, tmp_path, capsys
):
    fill(10)
    for words in (["sequence"], ["epoch", "--by", "p-1", "--reason", "Because."]):
        assert ledger(folder, *words, "--key", "no.key") == 2
        told = (
            "amends: --key no.key: No such file or directory. Make one: amends ledger key NAME FILE"
        )
        assert capsys.readouterr().err.strip() == told
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    assert ledger(folder, "sequence", "--key", tmp_path / "bytes") == 2
    assert "It is not text." in capsys.readouterr().err
    assert ledger(folder, "sequence", "--key", secret) == 0
    assert ledger(folder, "verify", "--key", key.verifier.text, "--against", "no.note") == 2
    assert "--against no.note: No such file or directory. Name a" in capsys.readouterr().err


def test_a_receipt_or_a_key_that_is_not_there_is_said_so(capsys, tmp_path):
    (tmp_path / "receipt").write_text("nothing")
    for words, told in (
        (["verify", str(tmp_path / "no"), "--key", "a+b+c"], "Name the file of a receipt"),
        (["verify", str(tmp_path / "receipt"), "--key", "no.key"], "there is no file 'no.key'"),
    ):
        assert main(words) == 2
        assert told in capsys.readouterr().err
