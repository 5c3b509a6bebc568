"""Whether a number is what it looks like: check digits, and what else a pattern cannot say."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from amends.disclosure.redaction.words import allowed, is_ordinary


def _digits(text: str) -> list[int]:
    return [int(one) for one in text if one.isdigit()]


def _letters_and_digits(text: str) -> str:
    return "".join(filter(str.isalnum, text)).upper()


def nhs(text: str) -> bool:
    """Modulus 11 of a ten-digit NHS number: NHS Data Dictionary, attribute NHS NUMBER."""
    digits = _digits(text)
    if len(digits) != 10:
        return False
    check = 11 - sum(n * weight for n, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == digits[9] and check != 10


def luhn(text: str) -> bool:
    """Luhn's check of a card or a device: ISO/IEC 7812-1, annex B; US patent 2950048."""
    total = 0
    for at, digit in enumerate(reversed(_digits(text))):
        twice = digit * 2 if at % 2 else digit
        total += twice - 9 if twice > 9 else twice
    return total % 10 == 0


def iban(text: str) -> bool:
    """Modulus 97 of an international bank account number: ISO 13616."""
    plain = _letters_and_digits(text)
    if len(plain) < 15 or not plain.isascii():
        return False
    return int("".join(str(int(one, 36)) for one in plain[4:] + plain[:4])) % 97 == 1


def pnc(text: str) -> bool:
    """Modulus 23 of a PNC identifier, two digits of the year and a serial number of seven.

    As the Ministry of Justice's person record service checks it: github.com/ministryofjustice/hmpps-person-record.
    """
    year, _, rest = text.partition("/")
    serial = "".join(filter(str.isdigit, rest)).zfill(7)
    return "ZABCDEFGHJKLMNPQRTUVWXY"[int(year[-2:] + serial) % 23] == rest[-1:].upper()


def licence(text: str) -> bool:
    """A month from 01 to 12 in the driver number, to which 50 is added for a woman."""
    digits = "".join(map(str, _digits(_letters_and_digits(text)[5:11])))
    return len(digits) == 6 and 1 <= int(digits[1:3]) % 50 <= 12


def phone(text: str) -> bool:
    """As many digits as a telephone number has: ten or eleven with a 0, up to fifteen from abroad (ITU-T E.164)."""
    digits = "".join(map(str, _digits(text)))
    if digits.startswith("00") or text.lstrip("( ").startswith("+"):
        return 8 <= len(digits.removeprefix("00")) <= 16
    return len(digits) in (10, 11)


def halves(text: str) -> bool:
    """As many figures to the east as to the north, as a grid reference has."""
    return len(_digits(text)) in (4, 6, 8, 10)


def no_word(text: str) -> bool:
    """No run of letters in it that is an ordinary word: M4 and, at 10 the."""
    return not any(is_ordinary(run) for run in _runs(text) if len(run) > 2)


def no_word_at_all(text: str) -> bool:
    """No run of letters in it that is an ordinary word or a rank, however short: PC 4821."""
    return not any(map(is_ordinary, _runs(text)))


def _runs(text: str) -> list[str]:
    return "".join(one.lower() if one.isalpha() else " " for one in text).split()


def place_name(text: str) -> bool:
    """A word before Street or Road that could be its name: Acacia, and neither `the` nor `main`."""
    words = text.lower().replace("-", " ").split()
    return words[-2] not in allowed("function") and words[-2] not in (
        "main",
        "same",
        "side",
        "front",
        "back",
    )


CHECKS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            nhs,
            luhn,
            iban,
            pnc,
            licence,
            phone,
            halves,
            no_word,
            no_word_at_all,
            place_name,
        )
    }
)
"""The checks that `identifiers.toml` may name."""
