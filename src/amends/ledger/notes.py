"""Signed notes and checkpoints in the formats of C2SP, with Ed25519.

Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint. The text of a key file is that of the Go
project's `note` package (`PRIVATE+KEY+name+id+base64` and `name+id+base64`), which others read too.
"""

import base64
import binascii
import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from amends.ledger.log import HASH_SIZE

ED25519: Final = b"\x01"
MOST_SIGNATURES: Final = 64
MARK: Final = "\N{EM DASH} "
PRIVATE: Final = "PRIVATE+KEY+"


class NoteError(Exception):
    """A note, checkpoint or key that cannot be trusted: what is wrong, and what would be right."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under a name, to check notes with."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return _key_id(self.name, self.public)

    @property
    def text(self) -> str:
        """The line to publish: whoever has it can check what the key signed."""
        return f"{self.name}+{self.key_id.hex()}+{_encoded(ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> "Verifier":
        """The key written as *text*."""
        name, key_id, key = _parts(text.strip(), "a public key reads name+id+base64")
        found = cls(name, key)
        _check_id(found.key_id, key_id)
        return found

    def named(self, name: str) -> "Verifier":
        """The same key under another name."""
        return Verifier(_key_name(name), self.public)

    def accepts(self, text: str, signature: bytes) -> bool:
        """Whether this key made *signature* over *text*."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A secret key under a name, to sign notes with. Its text is a secret."""

    name: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Signer({self.name!r}, …)"

    @classmethod
    def new(cls, name: str) -> "Signer":
        """A fresh key under *name*."""
        key = Ed25519PrivateKey.generate()
        return cls(_key_name(name), key.private_bytes_raw())

    @classmethod
    def read(cls, text: str) -> "Signer":
        """The key written as *text*."""
        wanted = f"a secret key reads {PRIVATE}name+id+base64"
        if not text.startswith(PRIVATE):
            raise NoteError(f"This is not a secret key: {wanted}.")
        name, key_id, key = _parts(text.strip().removeprefix(PRIVATE), wanted)
        found = cls(name, key)
        _check_id(found.verifier.key_id, key_id)
        return found

    @property
    def text(self) -> str:
        """The line to keep secret."""
        key_id = self.verifier.key_id.hex()
        return f"{PRIVATE}{self.name}+{key_id}+{_encoded(ED25519 + self.secret)}"

    @property
    def verifier(self) -> Verifier:
        public = Ed25519PrivateKey.from_private_bytes(self.secret).public_key()
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return Verifier(self.name, raw)

    def named(self, name: str) -> "Signer":
        """The same key under another name."""
        return Signer(_key_name(name), self.secret)

    def line(self, text: str) -> str:
        """The signature line to stand under *text*."""
        signature = Ed25519PrivateKey.from_private_bytes(self.secret).sign(text.encode())
        return f"{MARK}{self.name} {_encoded(self.verifier.key_id + signature)}\n"


def sign(text: str, *signers: Signer) -> str:
    """The note that holds *text*, signed by each of *signers*."""
    _check_text(text)
    if not text.endswith("\n"):
        raise NoteError("The text of a note must end in a newline.")
    return text + "\n" + "".join(signer.line(text) for signer in signers)


def open_note(note: str, verifiers: Iterable[Verifier]) -> tuple[str, tuple[str, ...]]:
    """The text of *note* and the names of the known keys that signed it; at least one did.

    A signature of an unknown key is passed over. One of a known key that does not verify, or none
    of a known key at all, is a `NoteError`.
    """
    _check_text(note)
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise NoteError("A note is a text, an empty line, and signature lines; this is not one.")
    known = {(one.name, one.key_id): one for one in verifiers}
    text += "\n"
    signed: dict[str, None] = {}
    for line in _signature_lines(lines):
        name, key_id, signature = _signature(line)
        verifier = known.get((name, key_id))
        if verifier is None:
            continue
        if not verifier.accepts(text, signature):
            raise NoteError(f"The signature of {name} does not fit the text.")
        signed[name] = None
    if not signed:
        raise NoteError("No key that is trusted here has signed this note.")
    return text, tuple(signed)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: how many leaves it has, and their root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text of the note to sign."""
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """The checkpoint in the *text* of a note."""
        lines = text.split("\n")
        if len(lines) < 4 or not all(lines[:-1]) or lines[-1]:
            raise NoteError("A checkpoint is at least three lines: origin, size, root.")
        origin, size, root = lines[:3]
        if not (size.isascii() and size.isdecimal()) or (size != "0" and size.startswith("0")):
            raise NoteError(f"The size of a checkpoint is a plain number, not {size!r}.")
        decoded = _decoded(root)
        if len(decoded) != HASH_SIZE:
            raise NoteError(f"The root of a checkpoint has {HASH_SIZE} bytes.")
        return cls(origin, int(size), decoded)


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The note of *checkpoint*, signed under the name of its origin, as C2SP recommends."""
    return sign(checkpoint.text, signer.named(checkpoint.origin))


def open_checkpoint(note: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint in *note*, signed by *verifier* for its own log or for an epoch of it.

    The log `example.org/log` has the epochs `example.org/log/1`, `/2` and so on, signed by one key.
    """
    origin = note.partition("\n")[0]
    if origin != verifier.name and not origin.startswith(f"{verifier.name}/"):
        raise NoteError(f"The checkpoint is of the log {origin!r}, not of {verifier.name!r}.")
    text, _ = open_note(note, [verifier.named(origin)])
    return Checkpoint.read(text)


# --- pieces ---------------------------------------------------------------------------------------


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def _check_id(key_id: bytes, written: str) -> None:
    if key_id.hex() != written:
        raise NoteError(f"The key's id should be {key_id.hex()}, and {written} is written.")


def _parts(text: str, wanted: str) -> tuple[str, str, bytes]:
    name, plus, rest = text.partition("+")
    key_id, plus_too, encoded = rest.partition("+")
    if not plus or not plus_too:
        raise NoteError(f"This is not a key: {wanted}.")
    key = _decoded(encoded)
    if key[:1] != ED25519 or len(key) != 1 + HASH_SIZE:
        raise NoteError("Only Ed25519 keys, of 32 bytes after the type byte 1, are read.")
    return _key_name(name), key_id, key[1:]


def _key_name(name: str) -> str:
    if not name or "+" in name or any(char.isspace() or ord(char) < 32 for char in name):
        raise NoteError(f"A key's name has no spaces and no +, and is not empty: {name!r}.")
    return name


def _check_text(text: str) -> None:
    for char in text:
        if (char < " " and char != "\n") or unicodedata.category(char) == "Cs":
            raise NoteError(f"A note must not hold the character {char!r}.")


def _signature_lines(lines: str) -> list[str]:
    found = lines[:-1].split("\n")
    if len(found) > MOST_SIGNATURES:
        raise NoteError(f"A note with more than {MOST_SIGNATURES} signatures is not read.")
    return found


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line.removeprefix(MARK).partition(" ")
    if not line.startswith(MARK) or not space:
        raise NoteError(f"This is not a signature line: {line[:80]!r}.")
    signature = _decoded(encoded)
    if len(signature) < 5:
        raise NoteError(f"The signature of {name} is too short.")
    return _key_name(name), signature[:4], signature[4:]


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"This is not base64: {text[:80]!r}.") from None
    if _encoded(data) != text:  # bits left over: one thing must not be written in two ways
        raise NoteError(f"This is not canonical base64: {text[:80]!r}.")
    return data
