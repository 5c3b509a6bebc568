"""What is put in the log: a leaf is canonical metadata, and a commitment to a payload kept elsewhere.

The metadata is JSON with sorted keys and no spaces (RFC 8785 for texts and whole numbers). The
commitment is SHA-256 of a random nonce of 16 bytes and the payload: without the nonce a small
payload could be guessed from its hash, and erasing it would be for show.
"""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any, Final
from uuid import UUID

from amends.ledger.log import leaf_hash

VERSION: Final = 1
NONCE_SIZE: Final = 16
COMMITMENT_SIZE: Final = 32
LONGEST: Final = {"force": 64, "case": 80, "kind": 64, "by": 80, "policy": 200}
"""The most characters that each text of the metadata may have."""
MAY_BE_EMPTY: Final = frozenset({"case", "policy"})


class LeafError(ValueError):
    """Metadata or a payload that cannot be entered: what is wrong, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One event, as the log sees it.

    *case_sequence* counts the events of one case from 1, and *previous* is the leaf hash of the
    event before it in that case: so nobody can hold one back unseen. An event of no case has 0
    and nothing. *by* is a pseudonym. *at* is a UTC time as `moment` writes it.
    """

    force: str
    case: str
    case_sequence: int
    previous: bytes
    kind: str
    by: str
    at: str
    policy: str
    commitment: bytes

    @property
    def data(self) -> bytes:
        """The bytes of the leaf: metadata, then the 32 bytes of the commitment."""
        return leaf_data(
            self.at, self.by, self.case, self.case_sequence, self.force, self.kind, self.policy,
            self.previous, self.commitment,
        )  # fmt: skip

    @property
    def hash(self) -> bytes:
        """The leaf hash of RFC 6962."""
        return leaf_hash(self.data)

    @classmethod
    def read(cls, data: bytes) -> "Leaf":
        """The leaf whose bytes are *data*; refused unless written exactly as we would write it."""
        try:
            fields = json.loads(data[:-COMMITMENT_SIZE])
            version = fields.pop("v")
            fields["previous"] = bytes.fromhex(fields["previous"])
            found = cls(commitment=data[-COMMITMENT_SIZE:], **fields)
            same = version == VERSION and found.data == data
        except (ValueError, TypeError, KeyError, AttributeError):
            same = False
        if not same:
            raise LeafError("The leaf is not canonical metadata followed by a commitment.")
        return found


def leaf_data(  # noqa: PLR0913, PLR0917 - one row of the table, in the order of the keys
    at: str, by: str, case: str, case_sequence: int, force: str, kind: str, policy: str,
    previous: bytes, commitment: bytes,
) -> bytes:  # fmt: skip
    """The bytes of a leaf, written by hand because a full check writes millions of them."""
    quoted = encode_basestring
    return (
        f'{{"at":{quoted(at)},"by":{quoted(by)},"case":{quoted(case)},'
        f'"case_sequence":{case_sequence},"force":{quoted(force)},"kind":{quoted(kind)},'
        f'"policy":{quoted(policy)},"previous":"{previous.hex()}","v":1}}'
    ).encode() + commitment


def commitment(nonce: bytes, payload: bytes) -> bytes:
    """What the log keeps of a *payload*: it binds, and tells nothing once the nonce is gone."""
    if len(nonce) != NONCE_SIZE:
        raise LeafError(f"A nonce has {NONCE_SIZE} bytes, not {len(nonce)}.")
    return hashlib.sha256(nonce + payload).digest()


def new_nonce() -> bytes:
    """A fresh random nonce."""
    return secrets.token_bytes(NONCE_SIZE)


def moment(at: dt.datetime) -> str:
    """The UTC time *at*, to the microsecond, always of one length so that it also sorts."""
    if at.tzinfo is None:
        raise LeafError(f"The time {at} has no time zone; give one in UTC.")
    text = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return text.removesuffix("+00:00") + "Z"


def read_moment(text: str) -> dt.datetime:
    """The time that `moment` wrote."""
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=dt.UTC)


def check_text(name: str, value: str) -> str:
    """The *value* of the metadata field *name*, or a `LeafError`."""
    if not isinstance(value, str):
        raise LeafError(f"{name}: a text is wanted, not {type(value).__name__}.")
    if not value and name not in MAY_BE_EMPTY:
        raise LeafError(f"{name}: it must not be empty.")
    if len(value) > LONGEST[name]:
        raise LeafError(f"{name}: at most {LONGEST[name]} characters, and there are {len(value)}.")
    if not value.isprintable():
        raise LeafError(f"{name}: {value!r} holds a character that cannot be printed.")
    return value


def payload_bytes(payload: Mapping[str, Any]) -> bytes:
    """The *payload* as canonical JSON: what is committed to, and kept beside the nonce.

    Texts are kept exactly, whatever they hold. Dates, times, identifiers and decimals become texts.
    """
    try:
        text = _ENCODER.encode(payload)
        return text.encode()
    except UnicodeEncodeError:
        raise LeafError("The payload holds half a character (a lone surrogate).") from None
    except (TypeError, ValueError) as error:
        raise LeafError(f"The payload cannot be written as JSON: {error}.") from None


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no text, number, list or mapping")


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=_plain
)
